"""Linkages year by year: a line for each source."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from observatory.figures import palette, sheet

if TYPE_CHECKING:
    import altair as alt

#: Width and height of the drawing, in pixels.
FRAME = (640, 250)


def years(
    series: pd.DataFrame,
    *,
    title: str,
    subtitle: str,
    source: str,
    names: dict[str, str] | None = None,
    periods: Sequence[tuple[int, int]] = (),
) -> alt.VConcatChart:
    """Draw the cross-sectoral events of each year, a line a source.

    Parameters
    ----------
    series
        ``of`` (the source), ``year``, ``events`` (count); a year without a row has none.
    title, subtitle, source
        What is seen; unit; whose data and terms.
    names
        Names of the sources.
    periods
        First and last year of the study's periods; a rule stands where one begins.

    Raises
    ------
    ValueError
        A column is missing.

    Examples
    --------
    >>> series = pd.DataFrame({"of": "deal", "year": [2001, 2003], "events": [4, 2]})
    >>> years(series, title="Years", subtitle="events", source="invented").usermeta["alt"]
    'Lines. Years. deal: 4 in 2001, most 4 in 2001, 2 in 2003.'
    """
    import altair as alt

    data = sheet.need(series, ("of", "year", "events"), "series")[["of", "year", "events"]]
    data = _whole(data.assign(of=[(names or {}).get(str(of), str(of)) for of in data["of"]]))
    order = list(dict.fromkeys(data["of"]))
    rows = [{"of": of, "year": int(year), "events": float(n)} for of, year, n in data.itertuples(index=False)]
    scale = alt.Scale(domain=order, range=[palette.HUES[n % len(palette.HUES)] for n in range(len(order))])
    first, last = (int(data["year"].min()), int(data["year"].max())) if len(data) else (0, 1)
    across = alt.X(
        "year:Q", title=None, scale=alt.Scale(domain=[first, last], nice=False, zero=False), axis=_years(first, last)
    )
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        x=across,
        y=alt.Y("events:Q", title=None, scale=alt.Scale(domainMin=0), axis=alt.Axis(tickCount=5, grid=True)),
        color=alt.Color("of:N", scale=scale, legend=alt.Legend(title=None, orient="top", direction="horizontal")),
    )
    told = [
        alt.Tooltip("of:N", title="Source"),
        alt.Tooltip("year:Q", title="Year"),
        alt.Tooltip("events:Q", title="Events"),
    ]
    lines = base.mark_line(strokeWidth=2)
    dots = base.mark_circle(size=26, opacity=1).encode(tooltip=told)
    begins = [{"year": one} for one, _ in periods if first < one <= last]
    rules = alt.Chart(alt.InlineData(values=begins)).mark_rule(color=palette.FAINT, strokeDash=[4, 4]).encode(x=across)
    return sheet.lay(
        alt.layer(rules, lines, dots).properties(width=FRAME[0], height=FRAME[1]),
        title=title,
        subtitle=subtitle,
        source=source,
        alt_text=f"Lines. {title}. " + " ".join(_words(of, part) for of, part in data.groupby("of", sort=False)),
        data=data.reset_index(drop=True),
        units={"events": "number"},
    )


def _whole(data: pd.DataFrame) -> pd.DataFrame:
    """Fill the years of a source that have no event, between the first and the last of all."""
    if data.empty:
        return data
    span = range(int(data["year"].min()), int(data["year"].max()) + 1)
    rows = {(of, int(year)): n for of, year, n in data.itertuples(index=False)}
    every = [(of, year, rows.get((of, year), 0)) for of in dict.fromkeys(data["of"]) for year in span]
    return pd.DataFrame(every, columns=["of", "year", "events"])


def _years(first: int, last: int) -> Any:
    import altair as alt

    step = max(1, -(-(last - first) // 15))
    return alt.Axis(format="d", values=list(range(first, last + 1, step)), labelOverlap=True)


def _words(of: Any, part: pd.DataFrame) -> str:
    """Say a line: its first year, its highest, its last."""
    here = part[part["events"] > 0]
    if here.empty:
        return f"{of}: none."
    most = here.sort_values(["events", "year"], ascending=[False, True]).iloc[0]
    one, two = here.iloc[0], here.iloc[-1]
    return (
        f"{of}: {one['events']:,.0f} in {one['year']}, most {most['events']:,.0f} in {most['year']}, "
        f"{two['events']:,.0f} in {two['year']}."
    )
