"""What a file held, as one number that the order of its rows and columns does not change."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ingest.cells import Cells
from ingest.folded import parts

if TYPE_CHECKING:
    import pyarrow as pa

Numbers = npt.NDArray[np.uint64]
#: Odd numbers whose bits look drawn at random: the golden ratio's and those of two published mixers.
_STEP = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xD6E8FEB86659FD93)
_OTHER = np.uint64(0xBF58476D1CE4E5B9)
#: Cells of more bytes are digested whole.
_LONG = 1 << 14
_HALF = np.uint64(32)
_BLOCK = 1 << 23
#: Rows that are reckoned at a time.
_ROWS = 1 << 15
_BYTES = np.array([(1 << 8 * size) - 1 for size in range(9)], dtype=np.uint64)


@dataclass
class Digest:
    """A digest of rows that does not depend on their order, nor on that of the columns.

    It tells files apart that differ by accident; it is no proof against someone who builds two files to match.
    """

    headings: Sequence[str]
    rows: int = 0
    low: int = 0
    high: int = 0

    def __post_init__(self) -> None:
        self._order = sorted(range(len(self.headings)), key=lambda place: (self.headings[place], place))

    def add(self, cells: Cells) -> None:
        """Add whole rows."""
        if cells.batch.num_rows:
            numbers = row_numbers([cells.batch.column(place) for place in self._order])
            other = _mixed(numbers * _OTHER)
            self._sum(cells.batch.num_rows, int(numbers.sum(dtype=np.uint64)), int(other.sum(dtype=np.uint64)))

    def add_text(self, text: str) -> None:
        """Add a line that could not be read as a row."""
        number = hashlib.md5(text.encode("utf-8"), usedforsecurity=False).digest()
        self._sum(1, int.from_bytes(number[:8], "little"), int.from_bytes(number[8:], "little"))

    def add_lines(self, stream: IO[bytes]) -> None:
        """Add the lines of a text, its heading among them, whatever their order and their ends."""
        import pyarrow as pa

        rest = b""
        while block := stream.read(_BLOCK):
            *lines, rest = (rest + block).split(b"\n")
            self._add_lines(pa.array([line.rstrip(b"\r") for line in lines], pa.binary()))
        if rest:
            self._add_lines(pa.array([rest.rstrip(b"\r")], pa.binary()))

    def _add_lines(self, lines: pa.BinaryArray) -> None:
        if len(lines):
            numbers = row_numbers([lines])
            other = _mixed(numbers * _OTHER)
            self._sum(len(lines), int(numbers.sum(dtype=np.uint64)), int(other.sum(dtype=np.uint64)))

    def _sum(self, rows: int, low: int, high: int) -> None:
        """Add to the running sums, which are kept to 64 bits."""
        self.rows += rows
        self.low, self.high = (self.low + low) % 2**64, (self.high + high) % 2**64

    def sha256(self) -> str:
        """Close the digest."""
        sums = [*sorted(self.headings), str(self.rows), str(self.low), str(self.high)]
        return hashlib.sha256("\x1f".join(sums).encode("utf-8")).hexdigest()


def row_numbers(columns: Sequence[pa.Array]) -> Numbers:
    """Give each row a number of 64 bits that its cells and their order decide; a null counts as an empty cell.

    Parameters
    ----------
    columns
        Texts or bytes, folded (:mod:`ingest.folded`) or not, which makes no difference.

    Examples
    --------
    >>> import pyarrow as pa
    >>> one, two = row_numbers([pa.array(["Ulm", "Ulm"]), pa.array(["89073", "89075"])])
    >>> bool(one == two), bool(one == row_numbers([pa.array(["Ulm"]), pa.array(["89073"])])[0])
    (False, True)
    """
    rows = len(columns[0])
    numbers = np.zeros(rows, dtype=np.uint64)
    folded = [_folded_numbers(column) for column in columns]
    for start in range(0, rows, _ROWS):  # so few at a time that they stay near the processor
        some, size = numbers[start : start + _ROWS], min(_ROWS, rows - start)
        for column, known in zip(columns, folded, strict=True):
            part = column.slice(start, size)
            cells = _cell_numbers(part) if known is None else known[0][known[1][start : start + size]]
            some ^= cells
            _mix(some)
    return numbers


def _folded_numbers(column: pa.Array) -> tuple[Numbers, npt.NDArray[np.int32]] | None:
    """Give each different text of a folded column its number, and each row the place of its own."""
    texts, places = parts(column)
    if places is None:
        return None
    if places.null_count:
        import pyarrow as pa

        texts = pa.concat_arrays([texts, pa.array([""], texts.type)])
        places = places.fill_null(len(texts) - 1)
    return _cell_numbers(texts), places.to_numpy()


def _mix(numbers: Numbers) -> None:
    """Multiply numbers by :data:`_STEP` and mix them, in place."""
    numbers *= _STEP
    numbers ^= numbers >> _HALF
    numbers *= _MIX
    numbers ^= numbers >> _HALF


def _cell_numbers(column: pa.StringArray | pa.BinaryArray) -> Numbers:
    """Give each cell a number, eight bytes at a step over the whole column."""
    _, offsets, text = column.buffers()
    bounds = np.frombuffer(offsets, np.int32)[column.offset : column.offset + len(column) + 1].astype(np.int64)
    first = int(bounds[0]) if len(bounds) else 0
    bounds -= first
    padded = np.zeros((0 if text is None else int(bounds[-1])) + 8, np.uint8)
    if text is not None:
        padded[:-8] = np.frombuffer(text, np.uint8)[first : first + int(bounds[-1])]
    # The eight bytes that begin at each byte; below, those beyond the cell's end are blanked.
    eights = np.ndarray((len(padded) - 7,), "<u8", padded, strides=(1,))
    start, size = bounds[:-1], np.diff(bounds)
    numbers = size.astype(np.uint64)
    numbers ^= eights[start] & _BYTES[np.minimum(size, 8)]
    _mix(numbers)
    done, rows = 8, np.flatnonzero(size > 8)
    for row in rows[size[rows] > _LONG]:  # a few endless cells: step by step they would take minutes
        cell = padded[int(start[row]) : int(start[row] + size[row])].tobytes()
        numbers[row] = np.frombuffer(hashlib.md5(cell, usedforsecurity=False).digest()[:8], "<u8")[0]
    rows = rows[size[rows] <= _LONG]
    while rows.size:
        part = numbers[rows] ^ (eights[start[rows] + done] & _BYTES[np.minimum(size[rows] - done, 8)])
        _mix(part)
        numbers[rows] = part
        done += 8
        rows = rows[size[rows] > done]
    return numbers


def _mixed(numbers: Numbers) -> Numbers:
    """Spread each bit over the whole number."""
    numbers = (numbers ^ (numbers >> _HALF)) * _MIX
    return numbers ^ (numbers >> _HALF)
