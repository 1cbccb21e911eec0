"""Where a table's headings stand: below a title, on one line or several, between which signs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from ingest.columns import Layout, fold, meanings
from ingest.faults import BadInput, Fault

DELIMITERS = (",", ";", "\t", "|")
#: As many columns as a sheet of Excel can have.
MOST = 16_384
_NAMES = {"tab": "\t", "\\t": "\t"}
_WITHIN = 50  # rows among which the headings are looked for
_TOP = 4_000  # letters in which a sign that no table should be cut by is looked for
_SPAN = 3  # lines that headings may be spread over


@dataclass(frozen=True)
class Row:
    """A row at the top of a table: its cells, its first line and the line after its last."""

    cells: tuple[str, ...]
    line: int
    end: int


@dataclass(frozen=True)
class Heading:
    """The headings that were found.

    Attributes
    ----------
    headings
        One text a column.
    line, end
        The line of the headings, and the line where the data begin.
    delimiter
        The sign between cells; empty in a workbook.
    known
        How many of our columns are among the headings.
    """

    headings: tuple[str, ...]
    line: int
    end: int
    delimiter: str
    known: int


def quoting_of(quoted: bool) -> Literal[0, 3]:
    """Return what the csv module calls it when a quotation mark is a bracket, or when it is text."""
    return csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE


def rows_of(text: str, delimiter: str, quoted: bool) -> list[Row]:
    r"""Cut the top of a text into rows and cells.

    Examples
    --------
    >>> [row.cells for row in rows_of('a,"b\nc"\n1,2\n', ",", quoted=True)]
    [('a', 'b\nc'), ('1', '2')]
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quoting=quoting_of(quoted))
    rows: list[Row] = []
    line = 1
    try:
        for cells in reader:
            rows.append(Row(tuple(cells[: MOST + 1]), line, reader.line_num + 1))
            line = reader.line_num + 1
            if len(rows) >= _WITHIN + _SPAN:
                break
    except csv.Error:  # a quotation mark that is never closed; what stands above it still serves
        pass
    return rows


def find_in_text(text: str, layout: Layout, columns: Mapping[str, str], *, delimiter: str | None, file: str) -> Heading:
    r"""Find the headings of a text and the sign between its cells.

    Raises
    ------
    BadInput
        The delimiter that was set is no single sign, or finds less than another does: the other is named.

    Examples
    --------
    >>> layout = Layout("deals", {"event": ("Deal Number",), "city": ("Target City",)})
    >>> text = "A title\n;Target\nDeal Number;City\n1;Ulm\n"
    >>> found = find_in_text(text, layout, {}, delimiter=None, file="deals.csv")
    >>> found.delimiter, found.headings, found.end
    (';', ('Deal Number', 'Target City'), 4)
    """
    fixed = _NAMES.get(delimiter or "", delimiter) or layout.delimiter
    if fixed is not None and len(fixed) != 1:
        raise BadInput(Fault("study.toml", None, f"delimiter = {fixed!r}", "one sign", 'write delimiter = ";"'))
    candidates = [_best(text, sign, layout, columns) for sign in dict.fromkeys((fixed or ",", *DELIMITERS))]
    most = max(candidates, key=lambda found: (found.known, found.delimiter == ","))
    if not most.known:
        widest = max(candidates, key=lambda found: len(found.headings)) if fixed is None else candidates[0]
        return _unheard_of(text, layout, columns, file, widest)
    if fixed is None:
        return most
    if most.known > candidates[0].known:
        raise BadInput(_wrong_delimiter(file, candidates[0], most))
    return candidates[0]


def _unheard_of(text: str, layout: Layout, columns: Mapping[str, str], file: str, found: Heading) -> Heading:
    """Look for headings between signs that tables are seldom cut by; refuse the file where one finds them."""
    signs = sorted({sign for sign in text[:_TOP] if not sign.isalnum()} - {*DELIMITERS, *"\r\n\"'_ "})
    others = [_best(text[:_TOP], sign, layout, columns) for sign in signs]
    right = max(others, key=lambda other: other.known, default=found)
    if right.known > 1:
        raise BadInput(_wrong_delimiter(file, found, right))
    return found


def _best(text: str, delimiter: str, layout: Layout, columns: Mapping[str, str]) -> Heading:
    """Find the headings that one delimiter gives."""
    return find(rows_of(text, delimiter, layout.quoted), layout, columns, delimiter)


def _wrong_delimiter(file: str, wrong: Heading, right: Heading) -> Fault:
    """Say which delimiter was found to fit."""
    name = {"\t": "\\t"}.get(right.delimiter, right.delimiter)
    return Fault(
        file,
        right.line,
        wrong.delimiter,
        f"the delimiter {right.delimiter!r}, which finds {right.known} columns where {wrong.delimiter!r} "
        f"finds {wrong.known}",
        f'set delimiter = "{name}" in the source, or leave it out',
    )


def find(rows: Sequence[Row], layout: Layout, columns: Mapping[str, str], delimiter: str = "") -> Heading:
    """Find among the top rows those that hold the most known headings, joined over lines if need be.

    Where no heading is known, the first row that has the most cells is taken for the headings. Of two tables one below
    the other the headings of the first count, so that no row above others is passed over.

    Examples
    --------
    >>> layout = Layout("deals", {"event": ("Deal Number",), "city": ("Target City",)})
    >>> find([Row(("Deal", "Target"), 1, 2), Row(("Number", "City"), 2, 3)], layout, {}).headings
    ('Deal Number', 'Target City')
    """
    best, meant = _widest(rows, delimiter), meanings(layout, columns)
    whole: list[Heading] = []
    for start in range(min(len(rows), _WITHIN)):
        for span in range(1, min(_SPAN, len(rows) - start) + 1):
            block = rows[start : start + span]
            for headings in _joined([row.cells for row in block]):
                known = {ours for heading in headings for ours in meant.get(fold(heading), ())}
                found = Heading(headings, block[0].line, block[-1].end, delimiter, len(known))
                if found.known > best.known:
                    best = found
                if layout.required and layout.required | set(columns) <= known:
                    whole.append(found)
    # Headings of which the best has less than twice as many are those of a table, too, where rows stand between.
    above = [one for one in whole if one.end < best.line and 2 * one.known > best.known]
    return max(above, key=lambda one: (-one.line, one.known), default=best)


def _widest(rows: Sequence[Row], delimiter: str) -> Heading:
    """Return the first row with the most filled cells."""
    if not rows:
        return Heading((), 1, 2, delimiter, 0)
    row = max(rows, key=lambda row: sum(bool(cell.strip()) for cell in row.cells))
    return Heading(row.cells, row.line, row.end, delimiter, 0)


def _joined(lines: Sequence[Sequence[str]]) -> Iterable[tuple[str, ...]]:
    """Join headings spread over lines, as they stand and with a word above several columns carried on."""
    width = max(map(len, lines), default=0)
    if not width:
        return
    full = [[*line, *[""] * (width - len(line))] for line in lines]
    yield tuple(" ".join(" ".join(words).split()) for words in zip(*full, strict=True))
    if len(lines) > 1:
        carried = [*map(_carry, full[:-1]), full[-1]]
        yield tuple(" ".join(" ".join(words).split()) for words in zip(*carried, strict=True))


def _carry(line: Sequence[str]) -> list[str]:
    """Write a word that stands above several columns over each of them."""
    carried: list[str] = []
    for word in line:
        carried.append(word if word.strip() or not carried else carried[-1])
    return carried
