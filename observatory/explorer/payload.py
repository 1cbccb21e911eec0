"""A resource of the explorer: what it is about, its fields and tables, and the bytes that carry them."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
import pandas as pd

from observatory.explorer.columns import Column, column, leading
from observatory.store import plain

#: Version of the layout of every payload; fields are only added within it.
SCHEMA = 1
#: Digits of a number in JSON; CSV and Parquet hold it whole.
DIGITS = 7
#: Rows of a table in JSON; CSV and Parquet hold them all.
MOST = 50_000


@dataclass(frozen=True)
class Payload:
    """One resource.

    Attributes
    ----------
    what
        A sentence: what it holds.
    method
        How its numbers are made.
    unit
        Of its main numbers; empty where it has several.
    source
        Of which study and files.
    fields
        What is no table: texts, numbers, lists, mappings of them.
    tables
        Its tables by name; the first is the one that ``.csv`` and ``.parquet`` hold.
    most
        Rows of each table that JSON holds, the first ones.
    ends
        Folder of the resources that the ends of links lead to.
    """

    what: str
    method: str
    unit: str = ""
    source: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    most: int = MOST
    ends: str | None = None
    heads: Mapping[str, Mapping[str, Column]] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Give what its JSON holds.

        Examples
        --------
        >>> links = pd.DataFrame({"a": ["325"], "events": [3]})
        >>> one = Payload("Links.", "Counted.", tables={"links": links}).to_dict()
        >>> one["links"]["rows"], one["links"]["columns"][1]["unit"], one["tables"]
        ([['325', 3]], 'events', ['links'])
        """
        about = {"what": self.what, "unit": self.unit, "source": self.source, "method": self.method}
        tables = {
            name: _table(name, frame, self.most, self.ends, self.heads.get(name, {}))
            for name, frame in self.tables.items()
        }
        return {"schema": SCHEMA, "about": about, "tables": [*self.tables], **plain(dict(self.fields)), **tables}

    def json(self) -> bytes:
        """Give its JSON; the same payload gives the same bytes."""
        return msgspec.json.encode(self.to_dict())

    def csv(self, name: str | None = None) -> bytes:
        """Give one of its tables, the first by default, as CSV: UTF-8, LF, numbers whole.

        A text that a spreadsheet could take for a formula is quoted and gets a blank in front (see
        :func:`harmless`); codes and numbers stay as they are.
        """
        frame = self._chosen(name)
        told = {label: harmless(cells) if _wordy(cells) else cells for label, cells in frame.items()}
        text = pd.DataFrame(told, index=frame.index, columns=frame.columns).to_csv(index=False, lineterminator="\n")
        return str(text).encode("utf-8", "replace")

    def parquet(self, name: str | None = None) -> bytes:
        """Give one of its tables, the first by default, as Parquet."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        table = pa.Table.from_pandas(self._chosen(name), preserve_index=False).replace_schema_metadata(None)
        buffer = io.BytesIO()
        pq.write_table(table, buffer, compression="zstd")
        return buffer.getvalue()

    def _chosen(self, name: str | None) -> pd.DataFrame:
        return self.tables[name if name is not None else next(iter(self.tables))]


def harmless(cells: pd.Series[Any]) -> pd.Series[Any]:
    """Put a blank before each text that a spreadsheet could take for a formula.

    Those that begin with ``=``, ``+``, ``-``, ``@``, a tab or a line end do; texts that are numbers do not. A
    blank is what any reader strips, where an apostrophe would become part of the text.

    Examples
    --------
    >>> harmless(pd.Series(["=cmd()", "-3.5", "Food"])).to_list()
    [' =cmd()', '-3.5', 'Food']
    """
    texts = cells.astype(object)
    risky = texts.map(lambda cell: isinstance(cell, str) and cell[:1] in tuple("=+-@\t\r\n") and not _numeric(cell))
    return texts.mask(risky.astype(bool), " " + texts.astype(str))


def _numeric(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return "_" not in text and not text[:1].isspace()


def _wordy(cells: pd.Series[Any]) -> bool:
    return not (pd.api.types.is_numeric_dtype(cells) or pd.api.types.is_bool_dtype(cells))


def _table(name: str, frame: pd.DataFrame, most: int, ends: str | None, heads: Mapping[str, Column]) -> dict[str, Any]:
    """Lay a table out for JSON: columns with what they hold, the first rows, and how many there are."""
    few = frame.head(most)
    about = [{"name": key, **(heads.get(key) or column(name, key))._asdict()} for key in map(str, few.columns)]
    cells = [_cells(few[key]) for key in few.columns]
    rows = [list(row) for row in zip(*cells, strict=True)]
    return {"columns": about, "links": leading([*map(str, few.columns)], ends), "rows": rows, "rows_in_all": len(frame)}


def _cells(cells: pd.Series[Any]) -> list[Any]:
    """Give a column as what JSON holds, floats with as many digits as carry meaning."""
    if pd.api.types.is_float_dtype(cells):
        return [None if cell != cell or abs(cell) == float("inf") else _short(cell) for cell in cells.tolist()]
    absent = cells.isna().to_numpy()
    values = cells.tolist() if isinstance(cells.dtype, pd.StringDtype) else [plain(cell) for cell in cells.tolist()]
    return [None if no else cell for cell, no in zip(values, absent, strict=True)]


def _short(value: float) -> float | int:
    """Cut a number to its first digits; whole ones need no point.

    Examples
    --------
    >>> _short(14.923076923076923), _short(12.0)
    (14.92308, 12)
    """
    return int(value) if value.is_integer() and abs(value) < 1e15 else float(f"{value:.{DIGITS}g}")
