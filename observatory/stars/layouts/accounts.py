"""What becomes of every cell: used, set aside for a reason, flagged; read is the sum of the others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import pandas as pd

from ingest.faults import Fault
from observatory.stars.layouts.cells import ASIDE, COLUMNS, Cells, aside_of, aside_rows
from observatory.stars.layouts.flags import SUPPRESSED, meaning

FLAGS = ("region", "industry", "year", "measure", "value", "unit", "flag", "meaning", "estimated", "file", "line")


@dataclass
class SetAside:
    """What was set aside so far: tables ``file, reason, cells``."""

    parts: list[pd.DataFrame] = field(default_factory=list)

    def add(self, aside: Iterable[tuple[str, pd.DataFrame]]) -> None:
        """Count cells by the reason for which they are set aside."""
        self.parts += [aside_rows(rows, reason) for reason, rows in aside if len(rows)]

    def table(self) -> pd.DataFrame:
        """Return each reason of each file once."""
        whole = pd.concat([aside_of("", {}), *self.parts], ignore_index=True)
        counted: pd.DataFrame = whole.groupby(["file", "reason"], as_index=False).sum()
        return counted


def ledger_of(parts: Sequence[Cells], aside: pd.DataFrame) -> pd.DataFrame:
    """Draw up the ledger: for each file ``read``, ``used`` and every reason; read is the sum of the others.

    Raises
    ------
    RuntimeError
        When a layout has lost a cell, which is a mistake of ours.

    Examples
    --------
    >>> from observatory.stars.layouts.cells import cells_of
    >>> part = Cells(cells_of(pd.DataFrame({"file": ["a"] * 3})), aside_of("a", {"not annual": 2}), 5, "nace")
    >>> ledger_of([part], part.aside)[["reason", "cells"]].values.tolist()
    [['read', 5], ['used', 3], ['not annual', 2]]
    """
    for part in parts:
        if part.read != len(part.frame) + int(part.aside["cells"].sum()):
            raise RuntimeError(f"cells of {sorted(set(part.frame['file'].unique()))} are lost between file and table")
    counts = pd.concat([part.frame.groupby("file").size() for part in parts])
    counts = pd.concat([counts, *(part.aside.groupby("file")["cells"].sum() for part in parts)])
    rows: list[tuple[str, str, int]] = []
    for name, read in counts.groupby(level=0).sum().sort_index().items():
        here = aside[aside["file"] == name].sort_values(["cells", "reason"], ascending=[False, True])
        rows += [(str(name), "read", int(read)), (str(name), "used", int(read) - int(here["cells"].sum()))]
        rows += [(str(name), str(row.reason), int(row.cells)) for row in here.itertuples()]
    return pd.DataFrame(rows, columns=list(ASIDE))


def said_of_ledger(ledger: pd.DataFrame) -> list[str]:
    """Say of each file how many cells were read, used and set aside, and why; nothing where all are used.

    Examples
    --------
    >>> rows = [("a.tsv", "read", 5), ("a.tsv", "used", 3), ("a.tsv", "not annual", 2)]
    >>> said_of_ledger(pd.DataFrame(rows, columns=list(ASIDE)))
    ['a.tsv: 5 cells read, 3 used; set aside: 2 not annual.']
    """
    said = []
    for name, part in ledger.groupby("file", sort=True):
        counts = list(zip(part["reason"], part["cells"], strict=True))
        (_, read), (_, used), *rest = counts
        if rest:
            reasons = "; ".join(f"{cells:,} {reason}" for reason, cells in rest)
            said.append(f"{name}: {read:,} cells read, {used:,} used; set aside: {reasons}.")
    return said


def unused(ledger: pd.DataFrame) -> list[Fault]:
    """Say of files of which nothing can be used what became of their cells."""
    mend = "give figures that are not set aside, or keep these with --digits or without --nuts"
    return [
        Fault(line.partition(": ")[0], None, line.partition(": ")[2], "at least one figure that can be used", mend)
        for line in said_of_ledger(ledger)
    ]


def blank_cells(cells: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """Cells without a figure, by the reason that their flag gives."""
    none = cells[cells["value"].isna()]
    withheld = (
        none["flag"].map({flag: bool(set(flag) & SUPPRESSED) for flag in set(none["flag"].unique())}).astype("bool")
    )
    return [
        ("no figure: confidential or withheld", none[withheld]),
        ("no figure: not available", none[~withheld & ~(none["flag"] == "z")]),
        ("no figure: not applicable", none[~withheld & (none["flag"] == "z")]),
    ]


def flags_of(delivered: pd.DataFrame, cells: pd.DataFrame) -> pd.DataFrame:
    """Cells with a flag, as delivered, and cells that were filled."""
    done = cells[cells["estimated"] != ""]
    places = ["file", "line", "year", "measure", "region", "industry"]
    left = delivered[delivered["flag"] != ""]
    if len(done):
        here = pd.MultiIndex.from_frame(left[places]).isin(pd.MultiIndex.from_frame(done[places]))
        left = left[~here]
    table = pd.concat([left, done])[list(COLUMNS)]
    words = {flag: meaning(flag) for flag in set(table["flag"].unique())}
    table = table.assign(meaning=table["flag"].map(words).astype("str"))
    return table[list(FLAGS)].sort_values(["file", "line", "year", "measure", "region"], ignore_index=True)


def said_of_flags(flags: pd.DataFrame) -> list[str]:
    """Say how many cells carry which flag."""
    counts = flags.loc[flags["flag"] != "", "flag"].str.cat(sep="")
    letters = sorted(set(counts), key=lambda letter: (-counts.count(letter), letter))
    if not letters:
        return []
    said = ", ".join(f"{counts.count(letter):,} {letter} ({meaning(letter)})" for letter in letters)
    return [f"{int((flags['flag'] != '').sum()):,} cells carry a flag of their publisher: {said}."]
