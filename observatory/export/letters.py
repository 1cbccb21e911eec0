"""Words from data made fit for formats that cannot hold every letter."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

#: What XML 1.0 cannot hold, however it is written (its section 2.2).
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029]+")


def for_xml(text: str) -> str:
    r"""Replace what XML cannot hold by the sign for a letter not known; markup is the writer's to escape.

    Examples
    --------
    >>> for_xml("a\x00<b>") == "a\ufffd<b>"
    True
    """
    return _NOT_XML.sub("\ufffd", text)


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
