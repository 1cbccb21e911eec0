"""What a file held, as one number that the order of its rows and columns does not change."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ingest.cells import Cells

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


def row_numbers(columns: Sequence[pa.StringArray | pa.BinaryArray]) -> Numbers:
    """Give each row a number of 64 bits that its cells and their order decide; a null counts as an empty cell.

    Examples
    --------
    >>> import pyarrow as pa
    >>> one, two = row_numbers([pa.array(["Ulm", "Ulm"]), pa.array(["89073", "89075"])])
    >>> bool(one == two), bool(one == row_numbers([pa.array(["Ulm"]), pa.array(["89073"])])[0])
    (False, True)
    """
    numbers = np.zeros(len(columns[0]), dtype=np.uint64)
    for column in columns:
        numbers = _mixed((numbers ^ _cell_numbers(column)) * _STEP)
    return numbers


def _cell_numbers(column: pa.StringArray | pa.BinaryArray) -> Numbers:
    """Give each cell a number, eight bytes at a step over the whole column."""
    _, offsets, text = column.buffers()
    bounds = np.frombuffer(offsets, np.int32)[column.offset : column.offset + len(column) + 1].astype(np.int64)
    padded = np.zeros((0 if text is None else len(text)) + 8, np.uint8)
    if text is not None:
        padded[:-8] = np.frombuffer(text, np.uint8)
    # The eight bytes that begin at each byte; below, those beyond the cell's end are blanked.
    eights = np.ndarray((len(padded) - 7,), "<u8", padded, strides=(1,))
    start, size = bounds[:-1], np.diff(bounds)
    numbers = _mixed((size.astype(np.uint64) ^ (eights[start] & _BYTES[np.minimum(size, 8)])) * _STEP)
    done, rows = 8, np.flatnonzero(size > 8)
    for row in np.flatnonzero(size > _LONG):  # a few endless cells: step by step they would take minutes
        cell = bytes(memoryview(text)[int(start[row]) : int(start[row] + size[row])])
        numbers[row] = np.frombuffer(hashlib.md5(cell, usedforsecurity=False).digest()[:8], "<u8")[0]
    rows = rows[size[rows] <= _LONG]
    while rows.size:
        part = eights[start[rows] + done] & _BYTES[np.minimum(size[rows] - done, 8)]
        numbers[rows] = _mixed((numbers[rows] ^ part) * _STEP)
        done += 8
        rows = rows[size[rows] > done]
    return numbers


def _mixed(numbers: Numbers) -> Numbers:
    """Spread each bit over the whole number."""
    numbers = (numbers ^ (numbers >> _HALF)) * _MIX
    return numbers ^ (numbers >> _HALF)
