"""A table as a sheet that JSON can hold: cells as text, numbers or nothing, a number format a column."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

#: Rows of a sheet, heading and last word aside, and characters that a cell can hold; the sheet says what is over.
ROWS, CHARACTERS = 50_001, 32_767
#: Tables of every link by kind of event are read from the top: so many rows of them, the whole in the run folder.
DETAIL = 5_000
DETAILED = ("composition", "trend", "geography", "region_change", "series_links", "fig_")
#: Columns that hold years, not amounts.
YEARS = frozenset({"year", "first", "last", "since_year"})
#: A sheet of the workbook as JSON holds it; see :func:`sheet_of`.
Sheet = dict[str, Any]


def sheet_of(name: str, table: pd.DataFrame) -> Sheet:
    """Turn a table into a sheet that JSON can hold.

    Returns
    -------
    dict
        ``name``, ``columns`` (``name`` and number ``format`` of each), ``rows`` of text, numbers and None, at most as
        many as a sheet of the workbook holds, and ``more``, how many are over.

    Examples
    --------
    >>> sheet_of("deals", pd.DataFrame({"code": ["01"], "year": [2007], "events": [1200], "share": [0.25]}))["columns"]
    [{'name': 'code', 'format': '@'}, {'name': 'year', 'format': '0'}, {'name': 'events', 'format': '#,##0'}, \
{'name': 'share', 'format': '0.0000'}]
    """
    detailed = name.startswith(DETAILED)
    rows = _foremost(table, DETAIL if detailed else ROWS - 1, ordered=detailed)
    cells = [_cells(rows.iloc[:, place]) for place in range(len(rows.columns))]
    columns = [{"name": str(column), "format": format_of(str(column), column_cells)}
               for column, column_cells in zip(table.columns, cells, strict=True)]  # fmt: skip
    return {
        "name": name,
        "columns": columns,
        "rows": [list(row) for row in zip(*cells, strict=True)],
        "more": len(table) - len(rows),
    }


def _foremost(table: pd.DataFrame, limit: int, *, ordered: bool = False) -> pd.DataFrame:
    """Keep so many rows: of a table with ranks those ranked first in every part of it, else those of most events.

    Of a table that is ordered as it should be read, its first rows.

    Examples
    --------
    >>> table = pd.DataFrame({"of": ["a", "a", "b", "b"], "rank": [1, 2, 1, 2]})
    >>> _foremost(table, 3).values.tolist()
    [['a', 1], ['b', 1]]
    >>> table = pd.DataFrame({"of": ["a", "b", "c", "d"], "events": [1, 7, 2, 7]})
    >>> _foremost(table, 3).values.tolist()
    [['b', 7], ['c', 2], ['d', 7]]
    """
    if len(table) <= limit:
        return table
    if "rank" in table:
        until = table["rank"].value_counts().sort_index().cumsum()
        kept = until[until <= limit]
        return table[table["rank"] <= kept.index.max()] if len(kept) else table.head(limit)
    if "events" in table and not ordered:
        most = np.argsort(-table["events"].to_numpy(), kind="stable")[:limit]
        return table.iloc[np.sort(most)]
    return table.head(limit)


def _cells(column: pd.Series[Any]) -> list[Any]:
    """Turn a column into cells; whole columns of finite numbers at once."""
    if isinstance(column.dtype, np.dtype) and column.dtype.kind in "iuf" and np.isfinite(column.to_numpy()).all():
        return column.tolist()
    return [cell_of(value) for value in column.tolist()]


def format_of(column: str, cells: Iterable[Any]) -> str:
    """Choose a number format by what a column holds: years without thousands, shares with their digits.

    Examples
    --------
    >>> format_of("events", [3, None]), format_of("first", [2001]), format_of("weight", [0.5, 1200.0])
    ('#,##0', '0', '#,##0.00')
    """
    numbers = [cell for cell in cells if not isinstance(cell, str) and cell is not None]
    if not numbers:
        return "@"
    if column in YEARS:
        return "0"
    if all(isinstance(cell, int) for cell in numbers):
        return "#,##0"
    return "#,##0.00" if max(map(abs, numbers)) >= 10 else "0.0000"


def cell_of(value: Any) -> str | float | int | None:
    """Turn a value into what a cell holds: text, a number, or nothing.

    Examples
    --------
    >>> cell_of("0325"), cell_of(2.5), cell_of(float("inf")), cell_of(None), cell_of(True)
    ('0325', 2.5, 'inf', None, 'yes')
    """
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if hasattr(value, "item") and not isinstance(value, str):
        value = value.item()
    if isinstance(value, int) or (isinstance(value, float) and math.isfinite(value)):
        return value
    return str(value)[:CHARACTERS]
