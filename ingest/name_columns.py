"""Names of organisations taken apart and kept in columns: a million as objects would fill two gigabytes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.apply import Apply, one_by_one
from ingest.names import Name, taken_apart

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    import pyarrow as pa

#: What of a name is kept as text; its words are those of ``core``.
TEXTS = ("whole", "together", "initials", "core")
#: The legal forms in a name, and their families.
Forms = tuple[tuple[str, ...], frozenset[str]]
_AT_ONCE = 50_000


@dataclass(frozen=True)
class NameColumns:
    """Names taken apart, row by row.

    Attributes
    ----------
    texts
        The columns of :data:`TEXTS`, see :class:`ingest.names.Name`.
    legal
        ndarray of int32: which of `forms` a name has.
    forms
        Those that are different.
    """

    texts: pa.Table
    legal: np.ndarray
    forms: tuple[Forms, ...]

    def names(self, places: np.ndarray) -> list[Name]:
        """Put some names together again, in the order of `places`.

        Examples
        --------
        >>> import numpy as np
        >>> import pandas as pd
        >>> in_columns(pd.Series(["Siemens AG", "Voith GmbH"])).names(np.array([1]))[0].words
        ('voith',)
        """
        asked = self.some(places)
        texts = (column.to_pylist() for column in asked.texts.columns)
        legal = (asked.forms[number] for number in asked.legal.tolist())
        return [
            Name(whole, tuple(core.split()), together, initials, forms, families, core)
            for whole, together, initials, core, (forms, families) in zip(*texts, legal, strict=True)
        ]

    def some(self, places: np.ndarray) -> NameColumns:
        """Keep the names at `places` alone, in that order."""
        return NameColumns(self.texts.take(places).combine_chunks(), self.legal[places], self.forms)


def in_columns(texts: pd.Series[str], apply: Apply = one_by_one) -> NameColumns:
    """Take names apart, each different one once, and keep them in columns.

    Parameters
    ----------
    texts
        Names as written.
    apply
        How it is done: some thousand names a piece.

    Examples
    --------
    >>> import pandas as pd
    >>> in_columns(pd.Series(["Siemens AG", "Voith GmbH & Co. KG"])).texts["core"].to_pylist()
    ['siemens', 'voith']
    """
    import numpy as np
    import pandas as pd
    import pyarrow as pa

    code, different = pd.factorize(texts)
    pieces = ((different[start : start + _AT_ONCE],) for start in range(0, len(different), _AT_ONCE))
    numbers: dict[Forms, int] = {}
    tables, legal = [_schema().empty_table()], [np.empty(0, dtype="int32")]
    for table, forms in (apply if len(different) > _AT_ONCE else one_by_one)(_taken_apart, pieces):
        tables.append(table)
        legal.append(np.array([numbers.setdefault(one, len(numbers)) for one in forms], dtype="int32"))
    together = pa.concat_tables(tables).combine_chunks()
    return NameColumns(together.take(code).combine_chunks(), np.concatenate(legal)[code], tuple(numbers))


def _taken_apart(texts: pd.Index[str]) -> tuple[pa.Table, list[Forms]]:
    """Take some names apart: their texts, and the forms of each."""
    import pyarrow as pa

    names = [taken_apart(text) for text in texts]
    table = pa.table([[getattr(name, text) for name in names] for text in TEXTS], schema=_schema())
    return table, [(one.forms, one.families) for one in names]


def _schema() -> pa.Schema:
    import pyarrow as pa

    return pa.schema([(text, pa.large_string()) for text in TEXTS])
