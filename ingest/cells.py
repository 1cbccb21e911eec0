"""The cells of a table, read slice by slice so that a large file never stands in memory whole."""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ingest import decode
from ingest.faults import BadInput, Fault
from ingest.folded import for_rows, joined, only_digits, parts, size_of
from ingest.headings import Heading
from ingest.mended import Unreadable, mended_rows, swallowed_rows
from ingest.unhurried import Unhurried

if TYPE_CHECKING:
    import pyarrow as pa

#: What stands for nothing in a vendor's cell. Not NA: that is Namibia.
NOTHING = ("", "-", "n.a.", "N.A.", "np", ":")
_LONGEST_NOTHING = max(map(len, NOTHING))
#: A sheet's cell holds 32,767 characters at most; what is much longer is a table that lost its quotation marks.
LONGEST = 100_000
_SPOILT = r"^#(NOT CALCULATED!|REF!|N/A|VALUE!|DIV/0!|NAME\?|NUM!|NULL!)$"
_SHOWN = 300  # letters of a cell or line that are repeated
_SLICE = 1 << 24  # bytes of text
_SHEET_SLICE = 50_000  # rows of a sheet
Lines = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Cells:
    """A slice of a table: one text column a heading, and the line of each row."""

    batch: pa.RecordBatch
    lines: Lines


def cells_of_rows(rows: Sequence[Sequence[str]], heading: Heading) -> Iterator[Cells]:
    """Cut the rows of a sheet below its headings into slices."""
    for start in range(heading.end - 1, len(rows), _SHEET_SLICE):
        part = rows[start : start + _SHEET_SLICE]
        yield Cells(_batch(part, len(heading.headings)), np.arange(start + 1, start + 1 + len(part)))


def _batch(rows: Sequence[Sequence[str]], width: int) -> pa.RecordBatch:
    """Turn rows into columns."""
    import pyarrow as pa

    columns = list(zip(*rows, strict=True)) or [()] * width
    return pa.RecordBatch.from_arrays([pa.array(c, pa.string()) for c in columns], _names(width))


def _names(width: int) -> list[str]:
    """Name columns by their place: a vendor's headings may repeat."""
    return [f"c{place}" for place in range(width)]


@dataclass
class _Count:
    """Keeps the line of each row, while ragged rows drop out and cells hold line breaks."""

    start: int
    rows: int = 0
    ragged: list[tuple[int, str]] = field(default_factory=list)  # number of the row from 1, its text
    breaks: list[tuple[int, int]] = field(default_factory=list)  # place among whole rows, line breaks in it

    def whole(self, batch: pa.RecordBatch, quoted: bool) -> Lines:
        """Return the lines of the next whole rows."""
        own = _line_breaks(batch) if quoted else None
        places = np.arange(self.rows, self.rows + batch.num_rows)
        if own is not None:
            self.breaks += [(self.rows + int(i), int(own[i])) for i in np.flatnonzero(own)]
        self.rows += batch.num_rows
        return self._lines(places)

    def broken(self) -> list[tuple[int, str]]:
        """Return line and text of each ragged row, once all whole rows are counted."""
        before = np.array([number - 1 - i for i, (number, _) in enumerate(self.ragged)], dtype=np.int64)
        lines = self._lines(before, strictly=True)
        return [(int(line), text) for line, (_, text) in zip(lines, self.ragged, strict=True)]

    def next_line(self) -> int:
        """Return the line after the rows counted."""
        return int(self._lines(np.array([self.rows]))[0])

    def _lines(self, places: Lines, strictly: bool = False) -> Lines:
        """Turn places among the whole rows into lines of the file."""
        before = np.array([number - 1 - i for i, (number, _) in enumerate(self.ragged)], dtype=np.int64)
        # A ragged row with as many whole rows before it as this one has stands before this one.
        passed = np.arange(len(before)) if strictly else np.searchsorted(before, places, side="right")
        lost = _sums([text.count("\n") for _, text in self.ragged])
        kept = _sums([count for _, count in self.breaks])
        at = np.array([place for place, _ in self.breaks], dtype=np.int64)
        lines: Lines = self.start + places + passed + lost[passed] + kept[np.searchsorted(at, places)]
        return lines


def _sums(counts: Sequence[int]) -> Lines:
    """Return 0 and the running sums."""
    return np.concatenate([[0], np.cumsum(np.array(counts, dtype=np.int64))])


def _line_breaks(batch: pa.RecordBatch) -> Lines | None:
    """Count the line breaks within each row's cells; None where there are none."""
    import pyarrow.compute as pc

    counts = [
        pc.count_substring(column, "\n").to_numpy(zero_copy_only=False)
        for column in batch.columns
        if holds(column, b"\n")
    ]
    return np.sum(counts, axis=0, dtype=np.int64) if counts else None


def holds(column: pa.Array, needle: bytes) -> bool:
    """Tell quickly whether a sign occurs anywhere in a column."""
    text = parts(column)[0].buffers()[2]
    return text is not None and re.search(re.escape(needle), text) is not None


def cells_of_text(
    piece: decode.Piece, encoding: str, heading: Heading, quoted: bool, unreadable: list[Unreadable]
) -> Iterator[Cells]:
    """Read the rows of a text below its headings in slices; what is no row is put into ``unreadable``.

    Raises
    ------
    BadInput
        A quotation mark is opened and never closed, so that the rest of the file would be one cell.
    """
    import pyarrow as pa

    count = _Count(heading.end)
    last: Cells | None = None
    try:
        with decode.as_utf8(piece, encoding) as stream, contextlib.closing(Unhurried(stream)) as calm:
            stream.read(_above(decode.head(piece, encoding), heading.end))
            for batch in _read_csv(calm, heading, quoted, count):
                calm.done()
                known = len(count.breaks)
                cells = Cells(batch, count.whole(batch, quoted))
                broken = [place - count.rows + batch.num_rows for place, _ in count.breaks[known:]]
                cells = _without_swallowed(cells, broken, heading)
                last = cells if batch.num_rows else last
                yield cells
    except pa.ArrowInvalid as error:
        if "Empty CSV" in str(error):
            return
        raise BadInput(_unclosed(piece.file, count.next_line())) from error
    if quoted and last is not None and _left_open(piece, encoding, last):
        raise BadInput(_unclosed(piece.file, int(last.lines[-1])))
    saved = mended_rows(count.broken(), heading, quoted, unreadable)
    if saved:
        yield _cells(saved, len(heading.headings))


def _without_swallowed(cells: Cells, places: Sequence[int], heading: Heading) -> Cells:
    """Put in the place of each row that a stray quotation mark made of several those that it was."""
    import pyarrow as pa

    own: list[tuple[int, list[str]]] = []
    whole = np.ones(cells.batch.num_rows, dtype=bool)
    for place in places:
        row = [str(column[place]) for column in cells.batch.columns]
        if rows := swallowed_rows(int(cells.lines[place]), row, heading.delimiter):
            own += rows
            whole[place] = False
    if not own:
        return cells
    rest, found = cells.batch.filter(pa.array(whole)), _cells(own, len(heading.headings))
    batch = pa.Table.from_batches([rest, found.batch]).combine_chunks().to_batches()[0]
    return Cells(batch, np.concatenate([cells.lines[whole], found.lines]))


def _cells(rows: Sequence[tuple[int, list[str]]], width: int) -> Cells:
    """Turn rows and their lines into a slice."""
    return Cells(_batch([row for _, row in rows], width), np.array([line for line, _ in rows], dtype=np.int64))


def _above(text: str, end: int) -> int:
    """Return the number of bytes above the first row of data."""
    lines = io.StringIO(text, newline="")
    return sum(len(line.encode("utf-8")) for line, _ in zip(lines, range(end - 1), strict=False))


def _read_csv(stream: Any, heading: Heading, quoted: bool, count: _Count) -> Iterator[pa.RecordBatch]:
    """Let Arrow cut the text into cells; rows with more or fewer cells than headings are kept apart."""
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    def ragged(row: arrow_csv.InvalidRow) -> str:
        count.ragged.append((row.number, row.text))
        return "skip"

    names = _names(len(heading.headings))
    return arrow_csv.open_csv(  # type: ignore[no-any-return]
        stream,
        read_options=arrow_csv.ReadOptions(use_threads=False, column_names=names, block_size=_SLICE),
        parse_options=arrow_csv.ParseOptions(
            delimiter=heading.delimiter,
            quote_char='"' if quoted else False,
            newlines_in_values=quoted,
            ignore_empty_lines=False,
            invalid_row_handler=ragged,
        ),
        convert_options=arrow_csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string())),
    )


def _left_open(piece: decode.Piece, encoding: str, last: Cells) -> bool:
    """Tell whether a quotation mark is still open where the file ends: Arrow lets that pass."""
    if "\n" not in str(last.batch.columns[-1][-1]):
        return False
    end = b""
    with decode.as_utf8(piece, encoding) as stream:
        while block := stream.read(_SLICE):
            end = (end + block)[-64:]
    return not end.rstrip().endswith(b'"')


def _unclosed(file: str, line: int) -> Fault:
    """Say in which row a quotation mark was opened."""
    return Fault(file, line, '"', "a quotation mark that is closed, in this row or below", "close or remove it")


def without_blank(cells: Cells) -> Cells:
    """Leave out rows without a filled cell."""
    import pyarrow as pa
    import pyarrow.compute as pc

    blank = np.ones(cells.batch.num_rows, dtype=bool)
    for column in cells.batch.columns:
        texts, places = parts(column)
        if only_digits(texts):
            blank &= for_rows(pa.array(size_of(texts) == 0), places)
        else:
            blank &= for_rows(pc.equal(pc.utf8_trim_whitespace(texts), ""), places)
        if not blank.any():
            return cells
    return Cells(cells.batch.filter(pa.array(~blank)), cells.lines[~blank])


def without_undecodable(cells: Cells, unreadable: list[Unreadable]) -> Cells:
    """Set aside rows with bytes that are no UTF-8, or zero."""
    return _without(_without(cells, decode.MARK, "not UTF-8", unreadable), "\0", "zero bytes", unreadable)


def _without(cells: Cells, sign: str, reason: str, unreadable: list[Unreadable]) -> Cells:
    """Set aside rows of which a cell holds a sign that no honest cell holds."""
    import pyarrow as pa
    import pyarrow.compute as pc

    bad = np.zeros(cells.batch.num_rows, dtype=bool)
    for column in cells.batch.columns:
        if holds(column, sign.encode()):
            texts, which = parts(column)
            bad |= for_rows(pc.match_substring(texts, sign), which)
    if not bad.any():
        return cells
    for place in np.flatnonzero(bad):
        row = [str(column[int(place)]) for column in cells.batch.columns]
        text = " ".join(row).replace(sign, "\N{REPLACEMENT CHARACTER}")
        wrong = next(cell for cell in row if sign in cell).replace(sign, "\N{REPLACEMENT CHARACTER}")
        unreadable.append(Unreadable(int(cells.lines[place]), _shortened(text), reason, value=_shortened(wrong)))
    return Cells(cells.batch.filter(pa.array(~bad)), cells.lines[~bad])


def _shortened(text: str) -> str:
    """Give the beginning of a text, which is enough to know it by."""
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def without_endless(cells: Cells, places: Iterable[int], unreadable: list[Unreadable]) -> Cells:
    """Set aside rows with a cell of more than :data:`LONGEST` characters among the columns that are read."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if cells.batch.nbytes <= LONGEST:
        return cells
    bad = np.zeros(cells.batch.num_rows, dtype=bool)
    for place in places:
        column = cells.batch.column(place)
        texts, which = parts(column)
        if size_of(texts).max(initial=0) > LONGEST:
            long = for_rows(pc.greater(pc.utf8_length(texts), LONGEST), which)
            for row in np.flatnonzero(long & ~bad):
                cell = str(column[int(row)])
                line, reason = int(cells.lines[row]), f"a cell of more than {LONGEST:,} characters"
                unreadable.append(Unreadable(line, _shortened(cell), reason, value=_shortened(cell)))
            bad |= long
    return Cells(cells.batch.filter(pa.array(~bad)), cells.lines[~bad]) if bad.any() else cells


def tidy(column: pa.Array, quoted: bool) -> pa.Array:
    """Strip cells, quotation marks too where they are text; what stands for nothing becomes null.

    Line breaks within cells are written in one way.
    """
    texts, places = parts(column)
    return joined(_tidied(texts, quoted), places)


def _tidied(texts: pa.StringArray, quoted: bool) -> pa.StringArray:
    """Tidy texts; those that are tidy already, as most columns' are, are not written again."""
    import pyarrow as pa
    import pyarrow.compute as pc

    stripped = texts
    if not only_digits(texts):
        if _ends_open(texts):
            stripped = pc.utf8_trim_whitespace(texts)
        if holds(texts, b"\xe2\x80\x8b") or holds(texts, b"\xef\xbb\xbf"):  # signs of no width, of a web page
            stripped = pc.utf8_trim_whitespace(pc.utf8_trim(stripped, "\u200b\ufeff"))
        if not quoted and holds(texts, b'"'):
            stripped = pc.utf8_trim_whitespace(pc.utf8_trim(stripped, '"'))
        if holds(stripped, b"\r"):
            stripped = pc.replace_substring(pc.replace_substring(stripped, "\r\n", "\n"), "\r", "\n")
    if size_of(stripped).min(initial=LONGEST) > _LONGEST_NOTHING:
        return stripped
    nothing = pc.is_in(stripped, pa.array(NOTHING))
    return pc.if_else(nothing, pa.scalar(None, pa.string()), stripped) if pc.any(nothing).as_py() else stripped


def _ends_open(texts: pa.StringArray) -> bool:
    """Tell whether a text may begin or end with a blank: with a byte that is neither a letter nor a sign of ASCII."""
    _, bounds, text = texts.buffers()
    if text is None:
        return False
    size = size_of(texts)
    ends = np.frombuffer(bounds, np.int32)[texts.offset : texts.offset + len(texts) + 1]
    letters, filled = np.frombuffer(text, np.uint8), size > 0
    edge = np.concatenate([letters[ends[:-1][filled]], letters[ends[1:][filled] - 1]])
    # Space is 32; from 127 on letters of two bytes or more begin, of which some are blanks.
    return bool((edge - np.uint8(33) >= 94).any())


def spoilt(name: str, column: pa.Array, cells: Cells, unusable: list[Unreadable]) -> pa.Array:
    """Blank what a spreadsheet's error left (``#REF!``), and say so."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not holds(column, b"#"):
        return column
    texts, places = parts(column)
    errors = pc.fill_null(pc.match_substring_regex(texts, _SPOILT), False)
    for place in np.flatnonzero(for_rows(errors, places)):
        row = " ".join(str(c[int(place)]) for c in cells.batch.columns)
        line = int(cells.lines[place])
        unusable.append(Unreadable(line, row, "spreadsheet error", name, str(column[int(place)])))
    return joined(pc.if_else(errors, pa.scalar(None, pa.string()), texts), places)
