"""Industries by tier: the part of their employment in clusters, and what each tier pays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from observatory.figures import palette, sheet, words

if TYPE_CHECKING:
    import altair as alt

#: Colours from the strongest tier to none; the report's tables have the same.
COLOURS = ("#0B4F79", "#7FB6D8", "#C9DFEE", "#DADADA")
#: Height of a bar and its gap, width of the two halves, in pixels; industries at most.
STEP, BARS, DOTS, MOST = 18, 330, 250, 60


def tier_bars(tiers: pd.DataFrame, order: Sequence[str], *, title: str, subtitle: str, source: str) -> alt.VConcatChart:
    """Draw each industry's employment by tier as a bar, and the average wage of each tier as dots beside it.

    Parameters
    ----------
    tiers
        ``industry, tier, employment`` (FTE), ``employment_share`` (%), ``wage_index`` (average = 100).
    order
        Tiers from the strongest to none.
    title, subtitle, source
        What is seen; unit and period; whose data and under which terms.

    Raises
    ------
    ValueError
        A column is missing, or a tier is not in ``order``.

    Examples
    --------
    >>> tiers = pd.DataFrame({"industry": ["Plastics"] * 2, "tier": ["high", "none"], "employment": [60.0, 40.0],
    ...                       "employment_share": [60.0, 40.0], "wage_index": [150.0, 90.0]})
    >>> order = ["high", "medium", "basic", "none"]
    >>> tier_bars(tiers, order, title="Tiers", subtitle="%", source="invented").usermeta["alt"]
    'Bars. Tiers. 1 industry; most in clusters: Plastics 60 %, least: Plastics 60 %.'
    """
    import altair as alt

    sheet.need(tiers, ("industry", "tier", "employment", "employment_share", "wage_index"), "tiers")
    if strange := sorted(set(tiers["tier"]) - set(order)):
        raise ValueError(f"tiers {strange}; expected {', '.join(order)}")
    shares = _in_clusters(tiers, order[-1])
    names = list(shares.index[:MOST])
    data = tiers[tiers["industry"].isin(names)].dropna(subset=["employment_share"])
    rows = _rows(data, order, shares)
    ranked = [_label(name) for name in names]
    axis = alt.Y("label:N", sort=ranked, title=None, axis=alt.Axis(**_axis()))
    scale = alt.Scale(domain=list(order), range=list(COLOURS[-len(order) :]))
    colour = alt.Color("tier:N", scale=scale, legend=alt.Legend(title="Tier", orient="top", symbolType="square"))
    height = STEP * max(1, len(names))
    left = alt.layer(_bars(axis, colour), _said(axis)).properties(width=BARS, height=height)
    right = alt.layer(_average(), _marks(ranked, colour, rows)).properties(width=DOTS, height=height)
    drawn = {
        "rows": rows,
        "shares": [{"label": _label(n), "said": f"{shares[n]:.0f} %", "at": 100.0} for n in names],
        "average": [{"index": 100.0}],
    }
    cut = f" The {MOST} industries with most in clusters of {len(shares)}." if len(shares) > MOST else ""
    return sheet.lay(
        alt.hconcat(left, right, spacing=46),
        title=title,
        subtitle=subtitle + cut,
        source=source,
        alt_text=_words(title, shares),
        data=tiers,
        units={"regions": "number", "employment": "FTE", "employment_share": "%", "wage_index": "average = 100"},
        width=BARS + DOTS + 220,
        drawn=drawn,
    )


def _in_clusters(tiers: pd.DataFrame, none: str) -> pd.Series[Any]:
    """Per cent of each industry's employment in clusters of any tier, the most first."""
    known = tiers.dropna(subset=["employment_share"])
    inside = known["employment_share"].where(known["tier"] != none, 0.0)
    summed = inside.groupby(known["industry"]).sum().reset_index()
    ordered = summed.sort_values(["employment_share", "industry"], ascending=[False, True])
    return ordered.set_index("industry")["employment_share"]


def _label(name: str) -> str:
    return words.shorten(name, 38)


def _words(title: str, shares: pd.Series[Any]) -> str:
    if shares.empty:
        return f"Bars. {title}. No industry."
    most, least, noun = shares.index[0], shares.index[-1], "industry" if len(shares) == 1 else "industries"
    return (
        f"Bars. {title}. {len(shares)} {noun}; most in clusters: {most} {shares[most]:.0f} %, "
        f"least: {least} {shares[least]:.0f} %."
    )


def _rows(data: pd.DataFrame, order: Sequence[str], shares: pd.Series[Any]) -> list[dict[str, Any]]:
    """One row a bar's part, with where it begins; the strongest tier stands at the left."""
    rank = {tier: number for number, tier in enumerate(order)}
    rows, begun = [], dict.fromkeys(shares.index, 0.0)
    ordered = data.assign(rank=data["tier"].map(rank)).sort_values(["industry", "rank"])
    for industry, tier, share, index in ordered[["industry", "tier", "employment_share", "wage_index"]].itertuples(
        index=False
    ):
        first = begun[industry]
        begun[industry] = first + float(share)
        rows.append(
            {
                "industry": industry, "label": _label(industry), "tier": tier, "share": round(float(share), 2),
                "from": round(first, 3), "to": round(begun[industry], 3),
                "index": None if pd.isna(index) else round(float(index), 1),
            }
        )  # fmt: skip
    return rows


def _axis() -> dict[str, Any]:
    return {"domain": False, "ticks": False, "labelLimit": 260, "labelPadding": 6}


def _tooltip() -> list[alt.Tooltip]:
    import altair as alt

    return [
        alt.Tooltip("industry:N", title="Industry"),
        alt.Tooltip("tier:N", title="Tier"),
        alt.Tooltip("share:Q", title="Share of its employment (%)", format=".1f"),
        alt.Tooltip("index:Q", title="Average wage (index)", format=".0f"),
    ]


def _bars(axis: alt.Y, colour: alt.Color) -> alt.Chart:
    import altair as alt

    title = "share of the industry's employment (%); number: in clusters"
    x = alt.X("from:Q", title=title, scale=alt.Scale(domain=[0, 110], nice=False), axis=_percent())
    chart: alt.Chart = alt.Chart(alt.NamedData("rows")).mark_bar(height=STEP - 5)
    return chart.encode(x=x, x2="to:Q", y=axis, color=colour, tooltip=_tooltip())


def _percent() -> alt.Axis:
    import altair as alt

    return alt.Axis(values=[0, 25, 50, 75, 100], domain=False, tickColor="#BBBBBB")


def _said(axis: alt.Y) -> alt.Chart:
    import altair as alt

    chart: alt.Chart = alt.Chart(alt.NamedData("shares")).mark_text(align="left", dx=4, fontSize=10, color=palette.INK)
    return chart.encode(x="at:Q", y=axis, text="said:N")


def _average() -> alt.Chart:
    import altair as alt

    chart: alt.Chart = alt.Chart(alt.NamedData("average")).mark_rule(color=palette.FAINT, strokeDash=[4, 3])
    return chart.encode(x="index:Q")


def _marks(ranked: list[str], colour: alt.Color, rows: list[dict[str, Any]]) -> alt.Chart:
    import altair as alt

    most = max([150.0, *(row["index"] for row in rows if row["index"] is not None)])
    lines = alt.Axis(labels=False, ticks=False, domain=False, grid=True, gridColor="#EEEEEE")
    bare = alt.Y("label:N", sort=ranked, title=None, axis=lines)
    x = alt.X(
        "index:Q",
        title="average wage (all exporting industries = 100)",
        scale=alt.Scale(domain=[0, most * 1.04], nice=False),
        axis=alt.Axis(domain=False, tickColor="#BBBBBB", tickCount=5),
    )
    chart: alt.Chart = alt.Chart(alt.NamedData("rows")).mark_circle(
        size=70, opacity=1, stroke=palette.FAINT, strokeWidth=0.6
    )
    return chart.transform_filter("datum.index !== null").encode(x=x, y=bare, color=colour, tooltip=_tooltip())
