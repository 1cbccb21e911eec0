"""Words from data made fit for formats that cannot hold every letter."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from observatory.figures.words import for_xml

__all__ = ["for_xml", "known", "number", "on_one_line"]

_CONTROL = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029]+")


def on_one_line(text: str) -> str:
    r"""Put a text on one line, between double quotes if need be: line ends and control signs are blanks.

    Examples
    --------
    >>> on_one_line('a\n "b"')
    "a 'b'"
    """
    return re.sub(" +", " ", _CONTROL.sub(" ", text)).replace('"', "'").strip()


def known(value: Any) -> bool:
    """Tell whether a cell holds something."""
    return value is not None and not bool(pd.isna(value)) and value != ""


def number(value: float) -> str:
    """Write a number as short as it can be read back the same, whole ones without a point.

    Examples
    --------
    >>> number(3.0), number(0.1)
    ('3', '0.1')
    """
    value = float(value)
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
