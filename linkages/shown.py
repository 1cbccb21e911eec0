"""A small tidy table in HTML, as a notebook shows networks, communities, spaces and stars."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from html import escape

#: Rows that a notebook shows of itself; the tables hold all.
SHOWN = 10


def cell(value: object) -> str:
    """Write a value as a person reads it; nothing for what is missing.

    Examples
    --------
    >>> [cell(value) for value in (None, float("nan"), True, 1234, 2.0, 0.123456, 3.5e-9, "<b>")]
    ['', '', 'yes', '1,234', '2', '0.123', '3.5e-09', '&lt;b&gt;']
    """
    if hasattr(value, "item") and not isinstance(value, str):
        value = value.item()
    if value is None or str(value) in ("<NA>", "NaT"):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        if math.isnan(value):
            return ""
        return f"{value:,.0f}" if value.is_integer() and abs(value) < 1e15 else f"{value:.3g}"
    return escape(str(value))


def table_html(
    headings: Sequence[str], rows: Iterable[Sequence[object]], caption: str, total: int | None = None
) -> str:
    """Write a table with its caption; text from data is escaped, numbers stand to the right.

    Parameters
    ----------
    headings
        What each column is, with its unit.
    rows
        The cells, as many a row as there are headings.
    caption
        What the table is.
    total
        How many rows there are where these are only the first.

    Examples
    --------
    >>> table_html(["name", "weight (events)"], [["<b>", 2.5]], "Links", 7)
    '<table><caption style="text-align:left">Links (1 of 7)</caption><thead><tr><th scope="col">name</th>\
<th scope="col">weight (events)</th></tr></thead><tbody><tr><td style="text-align:left">&lt;b&gt;</td>\
<td style="text-align:right">2.5</td></tr></tbody></table>'
    """
    body, number = [], 0
    for row in rows:
        cells = (f'<td style="text-align:{"left" if _words(value) else "right"}">{cell(value)}</td>' for value in row)
        body.append(f"<tr>{''.join(cells)}</tr>")
        number += 1
    of = f" ({number:,} of {total:,})" if total is not None and total > number else ""
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in headings)
    return (
        f'<table><caption style="text-align:left">{escape(caption)}{of}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table>"
    )


def _words(value: object) -> bool:
    return isinstance(value, str) or value is None


def paragraph(text: str) -> str:
    """Write a sentence in small letters.

    Examples
    --------
    >>> paragraph("a < b")
    '<p><small>a &lt; b</small></p>'
    """
    return f"<p><small>{escape(text)}</small></p>"
