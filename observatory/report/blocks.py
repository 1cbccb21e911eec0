"""What a report is made of: blocks of words, tables and figures, plain enough for JSON and for every format."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from observatory.report.pictures import ROWS, Picture

#: One block: its ``kind`` and what that kind holds; see ``docs/report.md``.
Block = dict[str, Any]
#: What the pages of every format know how to show.
KINDS = (
    "text", "note", "heading", "items", "table", "figure", "fold", "columns", "findings", "space", "grid", "quote",
)  # fmt: skip


def text(words: str, lead: str = "") -> Block:
    """Write a paragraph; `lead` stands before it in bold.

    Examples
    --------
    >>> text("Nothing was lost.")
    {'kind': 'text', 'text': 'Nothing was lost.', 'lead': ''}
    """
    return {"kind": "text", "text": clean(words), "lead": clean(lead)}


def note(words: str) -> Block:
    """Write a paragraph in small print."""
    return {"kind": "note", "text": clean(words)}


def quote(words: Sequence[str]) -> Block:
    """Write paragraphs that stand alone, to be copied into a paper."""
    return {"kind": "quote", "paragraphs": [clean(one) for one in words]}


def heading(words: str) -> Block:
    """Write a heading within a section."""
    return {"kind": "heading", "text": clean(words)}


def items(rows: Iterable[str | tuple[str, str, str]], *, small: bool = False) -> Block:
    """List things; a thing may bring a lead in bold and an address to follow.

    Examples
    --------
    >>> items(["one", ("Two 2002", "a paper", "https://doi.org/1")])["items"][1]["link"]
    'https://doi.org/1'
    """
    told = [("", row, "") if isinstance(row, str) else row for row in rows]
    cells = [{"lead": clean(lead), "text": clean(words), "link": link} for lead, words, link in told]
    return {"kind": "items", "items": cells, "small": small}


def table(
    headings: Sequence[str],
    rows: Iterable[Sequence[str]],
    numbers: Iterable[int] = (),
    caption: str = "",
    codes: Iterable[int] = (),
) -> Block:
    """Lay out a table of words.

    Parameters
    ----------
    headings
        One for each column.
    rows
        Cells as they are shown.
    numbers, codes
        Columns that hold numbers, which stand to the right, and codes, which are not broken.
    caption
        What the table holds.

    Raises
    ------
    ValueError
        A row with more or fewer cells than there are headings.
    """
    cells = [[clean(cell) for cell in row] for row in rows]
    if wrong := [row for row in cells if len(row) != len(headings)]:
        raise ValueError(f"a row of {len(wrong[0])} cells under {len(headings)} headings: {wrong[0]}")
    return {
        "kind": "table",
        "caption": clean(caption),
        "headings": [clean(one) for one in headings],
        "rows": cells,
        "numbers": sorted(set(numbers)),
        "codes": sorted(set(codes)),
    }


def figure(one: Picture) -> Block:
    """Put a figure with the first rows of its data; the rest is in the workbook."""
    data = table([str(column) for column in one.data], one.cells())
    from observatory.report.sheets import DETAIL

    there = "all are" if len(one.data) <= DETAIL else f"the first {DETAIL:,} are"
    more = f"The first {ROWS} of {len(one.data):,} rows; {there} in tables.xlsx, sheet {one.sheet}."
    return {
        "kind": "figure",
        "name": one.name,
        "file": one.file,
        "alt": clean(one.alt),
        "sheet": one.sheet,
        "data": data,
        "more": more if len(one.data) > ROWS else "",
    }


def fold(summary: str, blocks: Sequence[Block], *, opened: bool = False, lead: str = "") -> Block:
    """Put blocks under a line that unfolds them on the page; in print they stand under it."""
    return {"kind": "fold", "summary": clean(summary), "lead": clean(lead), "open": opened, "blocks": list(blocks)}


def columns(*parts: Sequence[Block]) -> Block:
    """Put blocks side by side, where there is room."""
    return {"kind": "columns", "columns": [list(part) for part in parts]}


def clean(words: Any) -> str:
    r"""Take what no document can hold, control characters, out of a text; lines and runs of blanks become one blank.

    Examples
    --------
    >>> clean("a\x00b\nc  d")
    'ab c d'
    """
    return re.sub(r"[ \t\r\n]+", " ", re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "", str(words)))
