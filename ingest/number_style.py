"""Numbers of a column, read as the column as a whole is written: 850.000 beside 1.250.000 is no 850."""

from __future__ import annotations

import re
from typing import Any

import narwhals as nw

from ingest.engine import Engine
from ingest.values import lookup, parse_number

#: What only who writes a decimal comma writes, and what only who writes a decimal point does.
_COMMA = r"\d\.\d{3}([.,]\d)|^\D*\d+,(\d{1,2}|\d{4,})\D*$"
_POINT = r"\d,\d{3}([.,]\d)|^\D*\d*\.(\d{1,2}|\d{4,})\D*$"
#: What either may have written: three digits after the only sign.
_EITHER = r"^\D*\d{1,3}[.,]\d{3}\D*$"
_GROUPED = re.compile(r"\d{1,3}(\.\d{3})+(,\d+)?|\d+,\d+")


def parse_continental(text: str) -> float | None:
    """Read a number with a decimal comma and points between thousands; any other as it is read elsewhere.

    Examples
    --------
    >>> [parse_continental(text) for text in ("850.000", "1.250.000,5", "3,125", "-1.234 EUR", "1 234", "many")]
    [850000.0, 1250000.5, 3.125, None, 1234.0, None]
    """
    whole = "".join(text.split())
    if _GROUPED.fullmatch(whole.lstrip("+-")):
        return parse_number(whole.replace(".", "").replace(",", ".")) if whole.count(",") < 2 else None
    return parse_number(text)


def read_numbers(engine: Engine, frame: nw.LazyFrame[Any], column: str, into: str) -> nw.LazyFrame[Any]:
    """Add a column with the numbers that texts are, null where they are none.

    Three digits after a single point are thousands where other cells of the column show points between thousands or a
    decimal comma, and none shows a decimal point; else each cell is read by itself
    (:func:`ingest.values.parse_number`).

    Examples
    --------
    >>> import pandas as pd
    >>> from ingest.engine import DuckDB, collect
    >>> engine = DuckDB()
    >>> def numbers(*texts):
    ...     table = read_numbers(engine, engine.table(pd.DataFrame({"value": texts})), "value", "number")
    ...     return sorted(collect(table)["number"])
    >>> numbers("850.000", "1.250.000", "12.500,5"), numbers("850.000", "1.5")
    ([12500.5, 850000.0, 1250000.0], [1.5, 850.0])
    """
    continental = _any(frame, column, _EITHER) and _any(frame, column, _COMMA) and not _any(frame, column, _POINT)
    return lookup(engine, frame, column, parse_continental if continental else parse_number, into, nw.Float64())


def _any(frame: nw.LazyFrame[Any], column: str, sign: str) -> bool:
    """Tell whether any text of a column holds a sign."""
    found = frame.select(nw.col(column).str.contains(sign).any().alias("found")).collect("pyarrow")
    return bool(found["found"].to_list()[0])
