"""Columns in which the same texts stand again and again: each different text is kept, and looked at, once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import pyarrow as pa

#: A column is folded where at most one row in so many has a text that stands in no row above.
OFTEN = 4
#: In fewer rows nothing is gained.
FEW_ROWS = 2000


@dataclass
class Folding:
    """Folds the columns of a table's slices, and remembers which it has seen and which are not worth it."""

    seen: set[str] = field(default_factory=set)
    varied: set[str] = field(default_factory=set)

    def folded(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Turn columns with few different texts into these and which of them each row has.

        Examples
        --------
        >>> import pyarrow as pa
        >>> batch = pa.RecordBatch.from_pydict({"a": ["x", "y"] * 2000, "b": [str(n) for n in range(4000)]})
        >>> [pa.types.is_dictionary(column.type) for column in Folding().folded(batch).columns]
        [True, False]
        """
        import pyarrow as pa

        if batch.num_rows < FEW_ROWS:
            return batch
        return pa.RecordBatch.from_arrays(
            [self._column(name, batch.column(name)) for name in batch.schema.names], batch.schema.names
        )

    def _column(self, name: str, column: pa.StringArray) -> pa.Array:
        if name in self.varied or (name not in self.seen and _varied(column)):
            self.varied.add(name)
            return column
        self.seen.add(name)
        found = column.dictionary_encode()
        if len(found.dictionary) * OFTEN > len(column):
            self.varied.add(name)
            return column
        return found


def _varied(column: pa.StringArray) -> bool:
    """Tell from its first rows that a column repeats nothing."""
    first = column.slice(0, FEW_ROWS)
    return len(first.unique()) == len(first)


def parts(column: pa.Array) -> tuple[pa.StringArray, pa.Int32Array | None]:
    """Give the different texts of a folded column and which of them each row has; of another its own texts.

    Examples
    --------
    >>> import pyarrow as pa
    >>> texts, places = parts(pa.array(["x", "y", "x"]).dictionary_encode())
    >>> texts.to_pylist(), places.to_pylist(), parts(texts)[1]
    (['x', 'y'], [0, 1, 0], None)
    """
    import pyarrow as pa

    return (column.dictionary, column.indices) if pa.types.is_dictionary(column.type) else (column, None)


def joined(texts: pa.StringArray, places: pa.Int32Array | None) -> pa.Array:
    """Fold a column again after its texts were changed: some may be the same now, or nothing.

    Examples
    --------
    >>> import pyarrow as pa
    >>> joined(pa.array(["x", None, "x"]), pa.array([0, 1, 2], pa.int32())).to_pylist()
    ['x', None, 'x']
    """
    import pyarrow as pa

    if places is None:
        return texts
    found = texts.dictionary_encode()
    return pa.DictionaryArray.from_arrays(found.indices.take(places), found.dictionary)


def for_rows(answers: pa.Array, places: pa.Int32Array | None) -> npt.NDArray[np.bool_]:
    """Give each row the answer that its text was given.

    Examples
    --------
    >>> import pyarrow as pa
    >>> for_rows(pa.array([True, False]), pa.array([0, 1, 0], pa.int32())).tolist()
    [True, False, True]
    """
    each = answers if places is None else answers.take(places)
    return np.asarray(each.to_numpy(zero_copy_only=False), dtype=bool)


def size_of(column: pa.StringArray) -> npt.NDArray[np.int64]:
    """Give the number of bytes of each text.

    Examples
    --------
    >>> import pyarrow as pa
    >>> size_of(pa.array(["", "Ulm", "ä"])).tolist()
    [0, 3, 2]
    """
    _, bounds, _ = column.buffers()
    if bounds is None:
        return np.zeros(len(column), np.int64)
    here = np.frombuffer(bounds, np.int32)[column.offset : column.offset + len(column) + 1]
    return np.asarray(here[1:] - here[:-1], dtype=np.int64)


def bytes_of(column: pa.StringArray) -> npt.NDArray[np.uint8]:
    """Give the bytes of all texts, one after the other.

    Examples
    --------
    >>> import pyarrow as pa
    >>> bytes_of(pa.array(["1", "23"]).slice(1)).tolist()
    [50, 51]
    """
    _, bounds, text = column.buffers()
    if text is None or bounds is None:
        return np.zeros(0, np.uint8)
    here = np.frombuffer(bounds, np.int32)
    return np.frombuffer(text, np.uint8)[here[column.offset] : here[column.offset + len(column)]]


def only_digits(column: pa.StringArray) -> bool:
    """Tell a column that holds nothing but digits, empty cells apart.

    Examples
    --------
    >>> import pyarrow as pa
    >>> only_digits(pa.array(["12", ""])), only_digits(pa.array(["12", "1.5"]))
    (True, False)
    """
    return bool((bytes_of(column) - np.uint8(48) <= 9).all())
