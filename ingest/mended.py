"""Rows that stray quotation marks or cells too many have spoilt: what of them can be saved, and what is no row."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.headings import Heading, quoting_of

#: Columns of a table of which a text in a cell is not taken for rows: in a narrower one its commas may be as many.
_NARROW = 5


@dataclass(frozen=True)
class Unreadable:
    """A line that is no row of the table, or a cell of it that cannot be used."""

    line: int
    text: str
    reason: str
    column: str = ""
    value: str = ""


def swallowed_rows(line: int, row: Sequence[str], delimiter: str) -> list[tuple[int, list[str]]]:
    r"""Cut a row anew by its lines, where a cell holds the rows up to the next quotation mark of its column.

    Such a row has as many cells as there are headings, so that nothing else tells of it. A text of several lines is
    left as it is: all of its lines would have to be rows.

    Returns
    -------
    list
        Line and cells of each row; empty where the row is one.

    Examples
    --------
    >>> row = ["1", "2003", "FR", "Bad;DE;x\n2;2003;FR;Ulm;DE;y\n3;2003;FR;Beta", "DE", "z"]
    >>> [(at, cells[3]) for at, cells in swallowed_rows(7, row, ";")]
    [(7, 'Bad'), (8, 'Ulm'), (9, 'Beta')]
    """
    width = len(row)
    if width <= _NARROW or not any(cell.count(delimiter) == cell.count("\n") * (width - 1) > 0 for cell in row):
        return []
    lines = delimiter.join(row).replace("\r\n", "\n").split("\n")
    cut = [(line + i, _cut(text, delimiter, quoted=True)) for i, text in enumerate(lines)]
    return cut if all(len(cells) == width for _, cells in cut) else []


def mended_rows(
    broken: Sequence[tuple[int, str]], heading: Heading, quoted: bool, unreadable: list[Unreadable]
) -> list[tuple[int, list[str]]]:
    """Save the ragged rows that have only blank cells too many, or whose lines are rows by themselves."""
    width = len(heading.headings)
    mended: list[tuple[int, list[str]]] = []
    for line, text in broken:
        cells = _cut(text, heading.delimiter, quoted)
        parts = [(line + i, part) for i, part in enumerate(text.splitlines())]
        alone = [(at, _cut(part, heading.delimiter, quoted)) for at, part in parts]
        if not any(cell.strip() for cell in cells):
            continue
        if _fits(cells, width):
            mended.append((line, cells[:width]))
        elif (
            len(parts) > 1 and not _well_quoted(text, heading.delimiter) and any(_fits(row, width) for _, row in alone)
        ):
            # A stray quotation mark swallowed the lines below it: most of them are rows.
            for (at, row), (_, part) in zip(alone, parts, strict=True):
                if _fits(row, width):
                    mended.append((at, row[:width]))
                else:
                    unreadable.append(_ragged(at, part, len(row), width))
        else:
            unreadable.append(_ragged(line, text, len(cells), width))
    return mended


def _cut(text: str, delimiter: str, quoted: bool) -> list[str]:
    """Cut one row into cells."""
    try:
        return next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quoting=quoting_of(quoted)), [])
    except csv.Error:  # a cell of more than 131,072 characters
        return [text]


def _well_quoted(text: str, delimiter: str) -> bool:
    """Tell a row whose line breaks stand within quotation marks from one that a stray mark has made of several."""
    cell = rf'(?:"(?:[^"]|"")*"|[^"\n{re.escape(delimiter)}]*)'
    return re.fullmatch(f"{cell}(?:{re.escape(delimiter)}{cell})*\\s*", text) is not None


def _fits(cells: Sequence[str], width: int) -> bool:
    """Tell whether cells are a row: as many as headings, with nothing in those too many."""
    return len(cells) >= width and not any(cell.strip() for cell in cells[width:])


def _ragged(line: int, text: str, cells: int, width: int) -> Unreadable:
    """Describe a line with more or fewer cells than headings."""
    return Unreadable(line, text, "wrong number of cells", value=f"{cells} cells where {width} were expected")
