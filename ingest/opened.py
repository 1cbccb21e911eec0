"""Files of deals, alliances and projects, opened: with options checked and only the columns that say anything."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import narwhals as nw

from ingest.columns import Layout
from ingest.engine import Engine
from ingest.faults import BadInput, Fault
from ingest.files import stage
from ingest.staged import Staged

#: The options that every one of these sources has.
OPENING: Mapping[str, str] = {
    "encoding": "The files' encoding; found out by default.",
    "delimiter": "The sign between cells; found out by default.",
}
#: Options that are texts wherever they stand.
TEXTS = (*OPENING, "split", "currency")


def check_options(
    options: Mapping[str, object], known: Mapping[str, str], choices: Mapping[str, Sequence[object]]
) -> None:
    """Refuse options that a source does not have, and values that an option does not take.

    Raises
    ------
    BadInput
        Names every option and value refused.

    Examples
    --------
    >>> known = {"date": "Which date counts."}
    >>> check_options({"date": "signed"}, known, {"date": ("announced", "effective")})
    Traceback (most recent call last):
    ...
    ingest.faults.BadInput: study.toml: "date = 'signed'"; expected announced or effective. To mend: write \
date = "announced"
    """
    faults = [
        Fault("study.toml", None, name, f"an option among {', '.join(known)}", "remove or correct the option")
        for name in options
        if name not in known
    ]
    faults += [
        Fault("study.toml", None, f"{name} = {options[name]!r}", "a text, not empty", f'write {name} = "..."')
        for name in TEXTS
        if name in options and not (isinstance(options[name], str) and options[name])
    ]
    faults += [
        Fault(
            "study.toml",
            None,
            f"{name} = {options[name]!r}",
            " or ".join(_written(value) for value in allowed),
            f"write {name} = {json.dumps(allowed[0])}",
        )
        for name, allowed in choices.items()
        if name in options and options[name] not in allowed
    ]
    if faults:
        raise BadInput(faults)


def _written(value: object) -> str:
    """Write a value as a study file does, a text without its quotation marks."""
    return value if isinstance(value, str) else json.dumps(value)


@dataclass(frozen=True)
class Opened:
    """Staged files, with only the columns that a source works on.

    Attributes
    ----------
    staged
        The files as they were staged.
    cells
        `file`, `line`, the columns named, and of the others those that hold anything; read from the staged
        file, which goes with the engine.
    filled
        The columns that hold anything.
    """

    staged: Staged
    cells: nw.LazyFrame[Any]
    filled: frozenset[str]

    def only(self, columns: Iterable[str]) -> list[str]:
        """Keep of some columns those that hold anything, in the order given."""
        return [column for column in columns if column in self.filled]


def opened(
    engine: Engine,
    files: Sequence[Path],
    layout: Layout,
    always: Sequence[str],
    *,
    columns: Mapping[str, str],
    options: Mapping[str, object],
    root: Path | None,
) -> Opened:
    """Stage files, with the encoding and the delimiter that the options set."""
    set_by_hand = {name: str(options[name]) for name in OPENING if name in options}
    staged = stage(engine, files, layout, columns=columns, root=root, **set_by_hand)
    ours = list(layout.spellings)
    asked = [column for column in ours if column not in staged.filled]
    counts = staged.frame.select(nw.len().alias("line"), *(nw.col(column).count() for column in asked))
    held = counts.collect("pyarrow").rows(named=True)[0]
    filled = frozenset(column for column in ours if held.get(column, 1))
    wanted = [column for column in ours if column in filled or column in always]
    return Opened(staged, staged.frame.select("file", "line", *wanted), filled)
