"""Ids that are digits alone, as whole numbers in the order of their texts: an engine joins numbers faster.

The number of an id is 10^17, plus its digits filled up with zeros on the right to fifteen, plus in the last two places
how many they are: ``"42"`` is 1 420000000000000 02. So two ids are equal, or one before the other in the alphabet,
where their numbers are, and the text can be read off the number, leading zeros and all.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np

from ingest.folded import only_digits, size_of
from ingest.records import added

if TYPE_CHECKING:
    import pyarrow as pa

    from ingest.staged import Staged

Frame = nw.LazyFrame[Any]
#: Ids of more digits stay text.
LONGEST = 15
_ONE = 10**17
_TIMES = np.array([10 ** (LONGEST + 2 - size) for size in range(LONGEST + 1)], dtype=np.int64)


def numbers_of(ids: pa.StringArray) -> tuple[pa.Int64Array, frozenset[int]] | None:
    """Turn ids into numbers, and say how many digits they have; None where one of them is no id of digits.

    Examples
    --------
    >>> import pyarrow as pa
    >>> numbers, lengths = numbers_of(pa.array(["42", "042", None, "5"]))
    >>> numbers.to_pylist(), sorted(lengths)
    ([142000000000000002, 104200000000000003, None, 150000000000000001], [1, 2, 3])
    >>> numbers_of(pa.array(["A1"])) is None
    True
    """
    import pyarrow as pa

    size = size_of(ids)
    if size.max(initial=0) > LONGEST or not only_digits(ids):
        return None
    absent = np.asarray(ids.is_null().to_numpy(zero_copy_only=False)) | (size == 0)
    if absent.any():
        import pyarrow.compute as pc

        ids, size = pc.if_else(pa.array(absent), "0", ids), np.where(absent, 0, size)
    digits = ids.cast(pa.int64()).to_numpy(zero_copy_only=False)
    numbers = _ONE + digits * _TIMES[size] + size
    lengths = frozenset(int(one) for one in np.flatnonzero(np.bincount(size[~absent])))
    return pa.array(numbers, pa.int64(), mask=absent if absent.any() else None), lengths


def told_apart(staged: Mapping[str, Staged], ids: Sequence[str]) -> tuple[dict[str, Ids], dict[str, Frame]]:
    """Choose between numbers and texts for ids that join several tables: numbers where all tables have them.

    Parameters
    ----------
    staged
        Name → table; one that lacks a column of ids, as Parquet of no rows does, has it as text.
    ids
        The columns.

    Returns
    -------
    tuple
        Column → how its ids are kept, and name → the table's frame.
    """
    lengths: dict[str, frozenset[int]] = {}
    plain = True
    for one in staged.values():
        for column in ids:
            if column in one.frame.collect_schema().names():
                plain &= column in one.lengths
                lengths[column] = lengths.get(column, frozenset()) | one.lengths.get(column, frozenset())
    if plain:
        return {column: Ids(lengths[column]) for column in ids}, {name: one.frame for name, one in staged.items()}
    return dict.fromkeys(ids, Ids()), {name: as_text(one) for name, one in staged.items()}


def as_text(staged: Staged) -> Frame:
    """Write the ids of a table again."""
    return added(staged.frame, {column: text_of(nw.col(column), sizes) for column, sizes in staged.lengths.items()})


@dataclass(frozen=True)
class Ids:
    """How a column of ids is kept: as numbers, of so many digits each, or as text where that is None."""

    lengths: frozenset[int] | None = None

    def text(self, id_: nw.Expr) -> nw.Expr:
        """Write an id."""
        return id_ if self.lengths is None else text_of(id_, self.lengths)

    def literal(self, text: str) -> nw.Expr:
        """Write an id of digits as the column has it.

        Examples
        --------
        >>> import pandas as pd
        >>> from ingest.engine import DuckDB
        >>> rows = DuckDB().table(pd.DataFrame({"id": [142000000000000002, 100000000000000001]}))
        >>> rows.filter(nw.col("id") == Ids(frozenset({1, 2})).literal("0")).collect("pyarrow").shape
        (1, 1)
        """
        if self.lengths is None:
            return nw.lit(text)
        return nw.lit(_ONE + int(text) * 10 ** (LONGEST + 2 - len(text)) + len(text))

    def counted(self, year: nw.Expr, id_: nw.Expr) -> nw.Expr:
        """Put a year before an id, so that of one year 9 comes before 10, whatever the number of digits.

        Examples
        --------
        >>> import pandas as pd
        >>> from ingest.engine import DuckDB
        >>> rows = DuckDB().table(pd.DataFrame({"year": [2003, 2003], "id": [142000000000000002, 150000000000000001]}))
        >>> order = Ids(frozenset({1, 2})).counted(nw.col("year"), nw.col("id"))
        >>> rows.select(order=order).collect("pyarrow")["order"].to_list()
        [2003000000000000042, 2003000000000000005]
        """
        if self.lengths is None:
            return nw.concat_str(year.cast(nw.String()), id_.str.zfill(20))
        digits = [nw.when(id_ % 100 == size).then(_digits(id_, size)) for size in sorted(self.lengths)]
        order: nw.Expr = year * 10**LONGEST + nw.coalesce(*digits, nw.lit(0))
        return order


def _digits(number: nw.Expr, size: int) -> nw.Expr:
    """Read the digits of an id as a number."""
    unit = 10 ** (LONGEST + 2 - size)
    # What is divided is a multiple of the unit; with half a unit more an engine that divides as floats is right too.
    digits: nw.Expr = (number - (_ONE + size) + unit // 2) // unit
    return digits


def text_of(number: nw.Expr, lengths: Collection[int]) -> nw.Expr:
    """Write an id again.

    Parameters
    ----------
    number
        What :func:`numbers_of` made of it.
    lengths
        Of how many digits there are ids.

    Examples
    --------
    >>> import pandas as pd
    >>> from ingest.engine import DuckDB
    >>> rows = DuckDB().table(pd.DataFrame({"id": [142000000000000002, 104200000000000003]}))
    >>> rows.select(text_of(nw.col("id"), {2, 3})).collect("pyarrow")["id"].to_list()
    ['42', '042']
    """
    written = number.cast(nw.String())
    if len(lengths) <= 1:
        return written.str.slice(1, next(iter(lengths), LONGEST))
    return nw.coalesce(*(nw.when(number % 100 == size).then(written.str.slice(1, size)) for size in sorted(lengths)))
