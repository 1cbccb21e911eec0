"""What is wrong with an input, said so that a person can mend it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Fault:
    """One thing wrong: where, what stands there, what was expected, how to mend it.

    Examples
    --------
    >>> print(Fault("deals.csv", 12, "3201-05-04", "a year between 1900 and 2100", "correct the date"))
    deals.csv, line 12: '3201-05-04'; expected a year between 1900 and 2100. To mend: correct the date
    """

    file: str
    line: int | None
    value: str
    expected: str
    mend: str

    def __str__(self) -> str:
        """One line: file, line, value, expectation, mend."""
        where = self.file if self.line is None else f"{self.file}, line {self.line}"
        return f"{where}: {self.value!r}; expected {self.expected}. To mend: {self.mend}"


class BadInput(ValueError):
    """Input that cannot be used; carries every fault found, not only the first.

    Examples
    --------
    >>> raise BadInput([Fault("a.csv", 1, "", "a heading", "add one")])
    Traceback (most recent call last):
    ...
    ingest.faults.BadInput: a.csv, line 1: ''; expected a heading. To mend: add one
    """

    def __init__(self, faults: Fault | Iterable[Fault]) -> None:
        self.faults: Sequence[Fault] = (faults,) if isinstance(faults, Fault) else tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class MissingExtraError(RuntimeError):
    """Something that an optional part of the program would do, or a program beside it."""
