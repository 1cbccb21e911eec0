"""The sheet that a figure stands on: title, unit, source, words for those who cannot see it, and its data."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from observatory.figures.palette import FAINT, INK

if TYPE_CHECKING:
    import altair as alt

#: Typeface of every figure; the first one present is taken.
FONT = "Arial, Liberation Sans, Helvetica, sans-serif"


def need(frame: pd.DataFrame, columns: tuple[str, ...], name: str) -> pd.DataFrame:
    """Return the table, or say which columns it lacks.

    Raises
    ------
    ValueError
        Names the table, the columns that are missing and those given.

    Examples
    --------
    >>> need(pd.DataFrame({"x": [1]}), ("x", "y"), "positions")
    Traceback (most recent call last):
    ...
    ValueError: table positions lacks y; it has x
    """
    missing = [column for column in columns if column not in frame]
    if missing:
        raise ValueError(f"table {name} lacks {', '.join(missing)}; it has {', '.join(map(str, frame))}")
    return frame


def space_of(value: Any) -> int | None:
    """Return a cell of a ``group`` column as a space's position, or None where it is empty.

    Examples
    --------
    >>> space_of(2.0), space_of(float("nan")), space_of(pd.NA)
    (2, None, None)
    """
    return None if pd.isna(value) else int(value)


def on_one_line(name: str) -> str:
    """Return a name of a legend as a table has it: one blank where the legend has two.

    Examples
    --------
    >>> on_one_line("A  Chemical + Food")
    'A Chemical + Food'
    """
    return " ".join(name.split())


def spaces_of(values: pd.Series[Any]) -> list[int | None]:
    """Return a ``group`` column as positions of spaces, None where there is none."""
    return [space_of(value) for value in values]


def lay(
    chart: Any,
    *,
    title: str,
    subtitle: str,
    source: str,
    alt_text: str,
    data: pd.DataFrame,
    width: int = 720,
    drawn: Mapping[str, list[dict[str, Any]]] | None = None,
    units: Mapping[str, str] | None = None,
) -> alt.VConcatChart:
    """Lay a chart on its sheet.

    Parameters
    ----------
    chart
        Any Altair chart.
    title, subtitle
        What is seen; its unit and period.
    source
        Whose data, under which terms; becomes the line below the figure.
    alt_text
        The figure in words, for those who cannot see it.
    data
        The figure's table; see :func:`table`.
    width
        Characters to a line follow from it (pixels).
    drawn
        What the chart draws, by the name it gives its data; kept once, however many layers draw it.
    units
        Unit of each column of ``data`` that has one; see :func:`headed`.
    """
    import altair as alt

    lines = max(40, int(width / 5.2))
    heading = alt.TitleParams(
        text=textwrap.wrap(title, max(30, width // 10)),
        subtitle=textwrap.wrap(subtitle, lines),
        anchor="start",
        frame="bounds",
        offset=14,
    )
    below = alt.TitleParams(
        text=textwrap.wrap(source, lines),
        orient="bottom",
        anchor="start",
        frame="bounds",
        offset=10,
        fontSize=10,
        fontWeight="normal",
        color=FAINT,
    )
    about = {"alt": alt_text, "title": title, "source": source, "table": _kept(data), "units": dict(units or {})}
    sheet = alt.vconcat(chart.properties(title=below)).properties(
        title=heading, description=alt_text, background="white", padding=12
    )
    dressed: alt.VConcatChart = _dress(sheet)
    # Last, because every step before copies what the chart holds.
    dressed.usermeta = about
    if drawn:
        dressed.datasets = dict(drawn)
    return dressed


def table(chart: Any) -> pd.DataFrame:
    """Return the table that a figure was drawn from.

    Examples
    --------
    >>> from observatory.figures.funnel import funnel
    >>> ledger = pd.DataFrame({"source": ["deals"], "reason": ["read"], "rows": [3]})
    >>> table(funnel(ledger, title="Rows", subtitle="rows", source="invented"))
      source reason  rows
    0  deals   read     3
    """
    kept = chart.usermeta["table"]
    return pd.DataFrame(kept["rows"], columns=kept["columns"])


def headed(chart: Any) -> pd.DataFrame:
    """Return the table that a figure was drawn from, the unit of each column in its heading.

    Examples
    --------
    >>> from observatory.figures.funnel import funnel
    >>> ledger = pd.DataFrame({"source": ["deals"], "reason": ["read"], "rows": [3]})
    >>> list(headed(funnel(ledger, title="Rows", subtitle="rows", source="invented")))
    ['source', 'reason', 'rows (number)']
    """
    units = chart.usermeta["units"]
    return table(chart).rename(columns=lambda name: f"{name} ({units[name]})" if name in units else name)


def _kept(data: pd.DataFrame) -> dict[str, Any]:
    rows = data.astype(object).where(data.notna(), None)
    return {
        "columns": [str(column) for column in data],
        "rows": [list(map(_plain, row)) for row in rows.values],
    }


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value


def _dress(sheet: Any) -> Any:
    """Give the sheet its typefaces and sizes at once: each step of configuring would copy the whole chart."""
    import altair as alt

    words: dict[str, Any] = {
        "labelFont": FONT,
        "titleFont": FONT,
        "labelColor": INK,
        "titleColor": INK,
        "labelFontSize": 11,
        "titleFontSize": 11,
    }
    dressed = sheet.copy(deep=False)
    dressed.config = alt.Config(
        view=alt.ViewConfig(stroke=None),
        axis=alt.AxisConfig(**words, titleFontWeight="normal", grid=False),
        legend=alt.LegendConfig(**words, labelLimit=330, titleLimit=330),
        title=alt.TitleConfig(
            font=FONT, subtitleFont=FONT, fontSize=17, subtitleFontSize=12, subtitleColor="#595959", color=INK
        ),
        header=alt.HeaderConfig(labelFont=FONT, titleFont=FONT, labelFontSize=13, labelColor=INK),
        text=alt.MarkConfig(font=FONT),
    )
    return dressed
