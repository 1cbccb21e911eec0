"""In which line of study.toml a fault stands that was found after the file was read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from ingest.faults import BadInput, Fault
from observatory.misset import line_of, tables_of

if TYPE_CHECKING:
    from observatory.study import Study

FILE = "study.toml"
#: A setting by its name, alone or with what it is set to.
_SETTING = re.compile(r"([\w-]+(?:\.[\w-]+)*)(?: = .*)?", re.DOTALL)
_TABLE = re.compile(re.escape(FILE) + r", \[([\w.-]+)\]")


@contextmanager
def with_lines(study: Study, *table: str) -> Iterator[None]:
    """Add to what is found wrong with a table of a study the line on which it stands.

    Parameters
    ----------
    study
        What :func:`observatory.open_study` returns.
    table
        The table's name, part by part; nothing for the top of the file. A fault that names its own is looked for
        there.

    Raises
    ------
    BadInput
        The faults that were raised within, those of study.toml with their lines.
    """
    try:
        yield
    except BadInput as error:
        raise BadInput([lined(fault, study.text, table) for fault in error.faults]) from error.__cause__


def lined(fault: Fault, text: str, table: tuple[str, ...] = ()) -> Fault:
    r"""Find the line of a fault: of the setting that it names, else of its value in quotes, else of the table.

    Examples
    --------
    >>> text = 'title = "x"\n[groups.sectors]\nLife = ["325",\n  "9999"]\n'
    >>> lined(Fault("study.toml, [groups.sectors]", None, "9999", "a code", "correct it"), text).line
    4
    >>> lined(Fault("deals.csv", None, "title", "a column", "add it"), text).line is None
    True
    """
    if fault.file == "labels" and text:  # as the reading of a file calls what a study's [labels] say
        fault = replace(fault, file=f"{FILE}, [labels]")
    named = _TABLE.match(fault.file)
    if fault.line is not None or not text or not (named or fault.file == FILE):
        return fault
    path = tuple(named[1].split(".")) if named else table
    return replace(fault, line=_of_setting(fault.value, text, path) or _of_value(fault.value, text, path))


def _of_setting(value: str, text: str, path: tuple[str, ...]) -> int | None:
    if not (setting := _SETTING.fullmatch(value)):
        return None
    *within, key = setting[1].split(".")
    line = line_of(text, key, (*path, *within))
    # A table in braces holds every key that it might hold: its line is no better than the table's.
    return line if line != _of_table(text, path) else None


def _of_value(value: str, text: str, path: tuple[str, ...]) -> int | None:
    written = (f'"{value}"', f"'{value}'")
    lines = zip(tables_of(text), text.splitlines(), strict=True)
    for number, (table, line) in enumerate(lines, start=1):
        if table == path and any(one in line for one in written):
            return number
    return _of_table(text, path)


def _of_table(text: str, path: tuple[str, ...]) -> int | None:
    return line_of(text, path[-1], path[:-1]) if path else None
