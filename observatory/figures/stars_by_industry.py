"""Stars by industry: in how many regions an industry has which tier."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from observatory.figures import palette, sheet, words
from observatory.figures.tier_bars import COLOURS

if TYPE_CHECKING:
    import altair as alt

#: Tiers from the strongest; what has none is not drawn.
TIERS = ("high", "medium", "basic")
#: Height of a bar and its gap, and width of the bars, in pixels; industries at most.
STEP, BARS, MOST = 18, 480, 60


def stars_by_industry(counts: pd.DataFrame, *, title: str, subtitle: str, source: str) -> alt.VConcatChart:
    """Draw, for each industry, the number of regions with each tier.

    Parameters
    ----------
    counts
        ``industry, tier, regions`` (number): tiers of :data:`TIERS`.
    title, subtitle, source
        What is seen; unit and period; whose data and under which terms.

    Raises
    ------
    ValueError
        A column is missing, or a tier has another name.

    Examples
    --------
    >>> counts = pd.DataFrame({"industry": ["Plastics"] * 2, "tier": ["high", "basic"], "regions": [3, 4]})
    >>> stars_by_industry(counts, title="Stars", subtitle="regions", source="invented").usermeta["alt"]
    'Bars. Stars. 1 industry; most regions of high tier: Plastics 3.'
    """
    import altair as alt

    data = sheet.need(counts, ("industry", "tier", "regions"), "counts")
    if strange := sorted(set(data["tier"]) - set(TIERS)):
        raise ValueError(f"tiers {strange}; expected {', '.join(TIERS)}")
    wide = data.pivot_table(index="industry", columns="tier", values="regions", aggfunc="sum", fill_value=0)
    wide = wide.reindex(columns=list(TIERS), fill_value=0).reset_index()
    ordered = wide.sort_values([*TIERS, "industry"], ascending=[False, False, False, True])
    shown = ordered.head(MOST)
    rows = _rows(shown)
    ranked = [_label(str(name)) for name in shown["industry"]]
    most = max([1, *(int(row["to"]) for row in rows)])
    axis = alt.Y(
        "label:N",
        sort=ranked,
        title=None,
        axis=alt.Axis(domain=False, ticks=False, labelLimit=260, labelPadding=6),
    )
    # A tier that nothing has is no entry of the legend: published tables do not name the basic.
    present = [tier for tier in TIERS if int(wide[tier].sum())]
    colours = [COLOURS[TIERS.index(tier)] for tier in present]
    colour = alt.Color(
        "tier:N",
        scale=alt.Scale(domain=present, range=colours),
        legend=alt.Legend(title="Tier", orient="top", symbolType="square"),
    )
    across = alt.X("from:Q", axis=None, scale=alt.Scale(domain=[0, most * 1.06], nice=False))
    bars = (
        alt.Chart(alt.NamedData("rows"))
        .mark_bar(height=STEP - 5)
        .encode(
            x=across,
            x2="to:Q",
            y=axis,
            color=colour,
            tooltip=[
                alt.Tooltip("industry:N", title="Industry"),
                alt.Tooltip("tier:N", title="Tier"),
                alt.Tooltip("regions:Q", title="Regions"),
            ],
        )
    )
    said = (
        alt.Chart(alt.NamedData("ends"))
        .mark_text(align="left", dx=4, fontSize=10, color=palette.INK)
        .encode(x=alt.X("at:Q", axis=None), y=axis, text="said:N")
    )
    cut = f" The {MOST} industries with most of high tier, of {len(ordered)}." if len(ordered) > MOST else ""
    return sheet.lay(
        alt.layer(bars, said).properties(width=BARS, height=STEP * max(1, len(shown))),
        title=title,
        subtitle=subtitle + cut,
        source=source,
        alt_text=_words(title, ordered),
        data=ordered,
        units=dict.fromkeys(TIERS, "regions"),
        width=BARS + 220,
        drawn={"rows": rows, "ends": _ends(shown)},
    )


def _label(name: str) -> str:
    return words.shorten(name, 38)


def _rows(shown: pd.DataFrame) -> list[dict[str, Any]]:
    """One row a bar's part, with where it begins; the strongest tier stands at the left."""
    rows = []
    for one in _records(shown):
        begun = 0
        for tier in TIERS:
            number = int(one[tier])
            if number:
                part = {"industry": one["industry"], "label": _label(str(one["industry"])), "tier": tier}
                rows.append({**part, "regions": number, "from": begun, "to": begun + number})
            begun += number
    return rows


def _ends(shown: pd.DataFrame) -> list[dict[str, Any]]:
    """The number of each tier at the end of the bar, for example 3 / 12 / 20."""
    present = [tier for tier in TIERS if int(shown[tier].sum())]
    return [
        {
            "label": _label(str(one["industry"])),
            "at": sum(int(one[tier]) for tier in TIERS),
            "said": " / ".join(str(int(one[tier])) for tier in present),
        }
        for one in _records(shown)
    ]


def _records(table: pd.DataFrame) -> Sequence[Mapping[Any, Any]]:
    return table.to_dict("records")


def _words(title: str, ordered: pd.DataFrame) -> str:
    noun = "industry" if len(ordered) == 1 else "industries"
    if ordered.empty:
        return f"Bars. {title}. No industry."
    first = ordered.iloc[0]
    return f"Bars. {title}. {len(ordered)} {noun}; most regions of high tier: {first['industry']} {int(first['high'])}."
