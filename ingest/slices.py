"""Slices of a table on their way to the engine: one is tidied and digested while the next is cut into cells."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar

from ingest.folded import FEW_ROWS, parts
from ingest.ids import numbers_of

if TYPE_CHECKING:
    import pyarrow as pa
    from pyarrow import parquet

S = TypeVar("S")
T = TypeVar("T")
#: How many slices wait at most: more would only fill the memory.
_WAITING = 2


class NotDigitsError(Exception):
    """A column that was to hold ids of digits alone holds another."""


def ahead(slices: Iterable[S], work: Callable[[S], T]) -> Iterator[T]:
    """Do the work on each slice, in order, in a thread of its own while the next slices are fetched.

    Examples
    --------
    >>> list(ahead([1, 2, 3, 4], lambda one: one * 2))
    [2, 4, 6, 8]
    """
    with ThreadPoolExecutor(1) as pool:
        waiting: deque[Future[T]] = deque()
        for one in slices:
            waiting.append(pool.submit(work, one))
            if len(waiting) > _WAITING:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


@dataclass
class Sink:
    """A Parquet file that slices are written to; folded columns stay folded.

    Attributes
    ----------
    target
        The file.
    columns
        Its columns, all text but those of `whole`.
    whole
        Columns of whole numbers.
    lengths
        Column of ids → of how many digits its ids are: those of :meth:`numbered`.
    blank
        The columns of which a cell holds nothing.
    texts
        Folded column → its different texts, blanks apart; a column that is not folded in all slices is missing.
    """

    target: Path
    columns: Sequence[str]
    whole: Collection[str] = ()
    lengths: dict[str, frozenset[int]] = field(default_factory=dict)
    blank: set[str] = field(default_factory=set)
    texts: dict[str, set[str]] = field(default_factory=dict)
    _writer: parquet.ParquetWriter | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._writer is None and kind is None:
            import pyarrow as pa

            empty = {name: pa.array([], pa.int64() if name in self.whole else pa.string()) for name in self.columns}
            self.write(pa.RecordBatch.from_pydict(empty))
        if self._writer is not None:
            self._writer.close()

    def numbered(self, column: str, ids: pa.Array) -> pa.Int64Array:
        """Turn a column of ids into numbers (:mod:`ingest.ids`).

        Raises
        ------
        NotDigitsError
            When one of them is no id of digits.
        """
        texts, places = parts(ids)
        found = numbers_of(texts)
        if found is None:
            raise NotDigitsError(column)
        numbers, lengths = found
        self.lengths[column] = self.lengths.get(column, frozenset()) | lengths
        return numbers if places is None else numbers.take(places)

    def write(self, batch: pa.RecordBatch) -> None:
        """Write a slice; which columns are folded in the file is as in the first."""
        import pyarrow as pa
        from pyarrow import parquet

        if self._writer is None:
            folded = [one.name for one in batch.schema if pa.types.is_dictionary(one.type)]
            self.texts = {name: set() for name in folded}
            # Written once and read a few times, to be thrown away: packing would take longer than it saves.
            rising = dict.fromkeys(self.whole, "DELTA_BINARY_PACKED")
            options = {"use_dictionary": folded, "compression": "none", "column_encoding": rising}
            self._writer = parquet.ParquetWriter(
                self.target, batch.schema, write_statistics=False, store_schema=False, **options
            )
        schema = self._writer.schema
        for name, column in zip(schema.names, batch.columns, strict=True):
            self._see(name, column)
        columns = [_as(column, one.type) for column, one in zip(batch.columns, schema, strict=True)]
        self.blank |= {name for name, column in zip(schema.names, columns, strict=True) if column.null_count}
        self._writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=schema))

    def _see(self, name: str, column: pa.Array) -> None:
        """Remember the different texts of a folded column."""
        import pyarrow as pa

        if name not in self.texts:
            return
        if pa.types.is_dictionary(column.type):
            column = column.dictionary
        elif len(column) >= FEW_ROWS:
            del self.texts[name]
            return
        self.texts[name].update(text for text in column.to_pylist() if text is not None)


def _as(column: pa.Array, kind: pa.DataType) -> pa.Array:
    """Fold a column, or unfold it, to be as in the file."""
    import pyarrow as pa

    if column.type == kind:
        return column
    return column.dictionary_encode() if pa.types.is_dictionary(kind) else column.dictionary_decode()
