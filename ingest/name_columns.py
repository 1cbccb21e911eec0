"""Names of organisations taken apart and kept in columns: a million as objects would fill two gigabytes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.names import Name, taken_apart

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    import pyarrow as pa

#: What of a name is kept as text; its words are those of ``core``.
TEXTS = ("whole", "together", "initials", "core")
_AT_ONCE = 20_000


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
        Different legal forms together with their families.
    """

    texts: pa.Table
    legal: np.ndarray
    forms: tuple[tuple[tuple[str, ...], frozenset[str]], ...]

    def names(self, places: np.ndarray) -> list[Name]:
        """Put some names together again, in the order of `places`.

        Examples
        --------
        >>> import numpy as np
        >>> import pandas as pd
        >>> in_columns(pd.Series(["Siemens AG", "Voith GmbH"])).names(np.array([1]))[0].words
        ('voith',)
        """
        texts = (column.to_pylist() for column in self.texts.take(places).columns)
        legal = (self.forms[number] for number in self.legal[places].tolist())
        return [
            Name(whole, tuple(core.split()), together, initials, forms, families, core)
            for whole, together, initials, core, (forms, families) in zip(*texts, legal, strict=True)
        ]


def in_columns(texts: pd.Series[str]) -> NameColumns:
    """Take names apart, each different one once, and keep them in columns.

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
    forms: dict[tuple[tuple[str, ...], frozenset[str]], int] = {}
    schema = pa.schema([(text, pa.large_string()) for text in TEXTS])
    tables, legal = [schema.empty_table()], [np.empty(0, dtype="int32")]
    for start in range(0, len(different), _AT_ONCE):
        names = [taken_apart(text) for text in different[start : start + _AT_ONCE]]
        tables.append(pa.table([[getattr(name, text) for name in names] for text in TEXTS], schema=schema))
        legal.append(np.array([forms.setdefault((one.forms, one.families), len(forms)) for one in names], "int32"))
    together = pa.concat_tables(tables).combine_chunks()
    return NameColumns(together.take(code).combine_chunks(), np.concatenate(legal)[code], tuple(forms))
