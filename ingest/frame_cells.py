"""Cells of pandas frames, whatever type they have: as texts and as numbers."""

from __future__ import annotations

import datetime
import math
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

_NUMBERS = (str, int, float, np.number, Decimal)
_MOMENTS = (datetime.date, datetime.timedelta, np.datetime64, np.timedelta64, pd.Period)


def texts(column: pd.Series[Any]) -> pd.Series[Any]:
    """Write cells as texts: whole numbers without a point, days as ISO 8601 has them, None where a cell is blank.

    Ids are joined as texts, so that 1 and 1.0 are one event whatever the types of their columns.

    Examples
    --------
    >>> texts(pd.Series([1, 2.0, "2.0", 2.5, None, " ", pd.Timestamp(2003, 5, 1)])).to_list()
    ['1', '2', '2.0', '2.5', None, None, '2003-05-01']
    """
    return pd.Series([_text(cell) for cell in column.astype(object)], index=column.index, dtype=object)


def _text(cell: object) -> str | None:
    if isinstance(cell, str):
        return str(cell) if cell.strip() else None
    if _blank(cell):
        return None
    if isinstance(cell, (float, np.floating, Decimal)) and math.isfinite(cell) and cell == int(cell):
        return str(int(cell))
    if isinstance(cell, datetime.datetime) and cell.time() == datetime.time():
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, datetime.datetime) else str(cell)


def _blank(cell: Any) -> bool:
    """Tell None, NaN, NaT and pandas' NA; a list in a cell is not blank."""
    return bool(pd.api.types.is_scalar(cell) and pd.isna(cell))


def numbers(column: pd.Series[Any]) -> tuple[pd.Series[float], pd.Series[bool]]:
    """Read cells as numbers, NaN where there is none, and tell which hold something that is no number.

    Examples
    --------
    >>> found, wrong = numbers(pd.Series([7, "7.5", "7,5", None, pd.Timestamp(2003, 5, 1)]))
    >>> found.to_list(), wrong.to_list()
    ([7.0, 7.5, nan, nan, nan], [False, False, True, False, True])
    """
    if pd.api.types.is_numeric_dtype(column.dtype):
        found = pd.Series(column.to_numpy("float64", na_value=np.nan), index=column.index)
        return found, pd.Series(False, index=column.index)
    cells = column.astype(object)
    held = texts(cells).notna()
    read = cells.where(held & cells.map(lambda cell: isinstance(cell, _NUMBERS)), np.nan)
    found = pd.to_numeric(read, errors="coerce").astype("float64")
    return found, held & found.isna()


def moments(column: pd.Series[Any]) -> pd.Series[bool]:
    """Tell cells that are days or times.

    Examples
    --------
    >>> moments(pd.Series(pd.to_datetime(["2003-05-01"]))).to_list(), moments(pd.Series([2003])).to_list()
    ([True], [False])
    """
    if pd.api.types.is_numeric_dtype(column.dtype):
        return pd.Series(False, index=column.index)
    return pd.Series([isinstance(cell, _MOMENTS) for cell in column.astype(object)], index=column.index, dtype=bool)
