"""Where strong linkages meet strong clusters: a space's industries in its regions, by star tier."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from observatory.figures import palette, sheet, words
from observatory.stars.quadrants import QUADRANTS

if TYPE_CHECKING:
    import altair as alt

#: Tiers from the left to the right; what has no tier is said as such.
TIERS = ("none", "basic", "medium", "high")
HEADS = {"none": "no tier", "basic": "basic", "medium": "medium", "high": "high"}
#: Size of the plot and of the labels in pixels; how many of the strongest of a tier are labelled;
#: how far the scale goes beyond the strongest, to leave room for the corners' words.
COLUMN, HEIGHT, TYPE, LABELS, ROOM = 200, 460, 10, 5, 1.25
#: Words of the four corners: linkages above or below the middle, a tier of medium or high or not.
QUARTERS = QUADRANTS


def spaces_and_stars(
    points: pd.DataFrame,
    *,
    title: str,
    subtitle: str,
    source: str,
    names: Mapping[int, str] | None = None,
    value_name: str = "linkages",
    middle: float | None = None,
    no_tier: str = HEADS["none"],
) -> alt.VConcatChart:
    """Draw each industry in each region: how strongly it is linked, against its star tier.

    Parameters
    ----------
    points
        ``space`` (position), ``industry``, ``region``, ``linkage`` (the unit is ``value_name``), ``tier``
        (``high``, ``medium``, ``basic``, ``none`` or empty).
    title, subtitle, source
        What is seen; unit and period; whose data and under which terms.
    names
        Names of the spaces by position.
    middle
        Above which a point counts as linked, where the dashed line is; the median of the points when None.
    no_tier
        What stands above the points without a tier: a published table does not say what they have.

    Raises
    ------
    ValueError
        A column is missing, or a tier has another name.

    Examples
    --------
    >>> points = pd.DataFrame({"space": [0], "industry": ["Biopharmaceuticals"], "region": ["DK01"],
    ...                        "linkage": [12.0], "tier": ["high"]})
    >>> chart = spaces_and_stars(points, title="Stars", subtitle="deals", source="invented")
    >>> sheet.table(chart)["tier"].to_list()
    ['high']
    """
    import altair as alt

    sheet.need(points, ("space", "industry", "region", "linkage", "tier"), "points")
    data = points.assign(tier=points["tier"].astype(object).where(points["tier"].notna(), "none"))
    if strange := sorted(set(data["tier"]) - set(TIERS)):
        raise ValueError(f"tiers {strange}; expected {', '.join(TIERS)}")
    data = data.sort_values(["linkage", "region", "industry"], ascending=[False, True, True], kind="stable")
    top = max([1.0, *data["linkage"]])
    if middle is None:
        middle = float(data["linkage"].median()) if len(data) else 0.0
        dashed = f"median of the {value_name} ({middle:,.0f})"
    else:
        dashed = f"linked is more than {middle:,.5g}"
    heads = {**HEADS, "none": no_tier}
    # Where the basic are among those without a printed tier, a column of their own would stand empty.
    tiers = tuple(tier for tier in TIERS if tier != "basic" or tier not in no_tier or (data["tier"] == tier).any())
    dots = _dots(data, top, names, heads, tiers)
    domain, colours = palette.legend(sheet.spaces_of(data["space"]), names)
    tables = {
        "dots": dots,
        "labels": _labels(dots, heads, tiers),
        "corners": _corners(tiers),
        "heads": _heads(heads, tiers),
    }
    whole = COLUMN * len(tiers)
    layers = [
        *_grounds(_height(middle, top), tiers),
        _marks(top, value_name, alt.Scale(domain=list(domain), range=list(colours)), whole),
        *_texts(whole),
    ]
    return sheet.lay(
        alt.layer(*layers).properties(width=whole, height=HEIGHT),
        title=title,
        subtitle=f"{subtitle}. Dashed line: {dashed}",
        source=source,
        alt_text=_words(title, data, heads),
        data=data.assign(
            tier=data["tier"].replace({"none": no_tier}),
            space=[sheet.on_one_line(palette.space_name(one, names)) for one in sheet.spaces_of(data["space"])],
        )[["space", "industry", "region", "linkage", "tier"]],
        units={"linkage": value_name},
        width=whole,
        drawn=tables,
    )


def _words(title: str, data: pd.DataFrame, heads: Mapping[str, str]) -> str:
    count = data["tier"].value_counts()
    said = ", ".join(f"{heads[tier]} {count[tier]}" for tier in reversed(TIERS) if tier in count)
    return f"Dots. {title}. {len(data)} industries in regions by tier: {said}."


def _height(linkage: Any, top: float) -> Any:
    """Pixels from above; roots, because a few are far stronger than the rest."""
    return HEIGHT * (1 - np.sqrt(np.maximum(linkage, 0) / (top * ROOM)))


def _dots(
    data: pd.DataFrame,
    top: float,
    names: Mapping[int, str] | None,
    heads: Mapping[str, str],
    tiers: Sequence[str],
) -> list[dict[str, Any]]:
    """Dots of one tier beside each other in the order of their linkages, so that none hides another."""
    rank = data.groupby("tier").cumcount()
    across = 0.07 + 0.36 * ((rank * 0.381966) % 1)
    column = data["tier"].map({tier: number for number, tier in enumerate(tiers)})
    return [
        {
            "industry": industry, "region": region, "tier": heads[tier], "linkage": float(linkage),
            "space": palette.space_name(sheet.space_of(space), names),
            "x": round(float((number + aside) * COLUMN), 1), "y": round(float(_height(linkage, top)), 1),
        }
        for space, industry, region, linkage, tier, number, aside in zip(
            data["space"], data["industry"], data["region"], data["linkage"], data["tier"], column, across,
            strict=True,
        )
    ]  # fmt: skip


def _labels(dots: list[dict[str, Any]], heads: Mapping[str, str], tiers: Sequence[str]) -> list[dict[str, Any]]:
    """Labels of the strongest of each tier, kept within the tier's column."""
    labels = []
    for number, tier in enumerate(tiers):
        column = [dot for dot in dots if dot["tier"] == heads[tier]]
        spots = [(dot["region"], dot["x"] - number * COLUMN, dot["y"], 5.0) for dot in column]
        said = [f"{words.shorten(dot['industry'], 22)}, {dot['region']}" for dot in column]
        wanted = [text if rank < LABELS else None for rank, text in enumerate(said)]
        for label in words.place(spots, wanted, (COLUMN, HEIGHT), TYPE, 0.02):
            x = round(label.x + number * COLUMN, 1)
            labels.append({"text": label.text, "x": x, "y": round(label.y, 1), "align": label.align})
    return labels


def _corners(tiers: Sequence[str]) -> list[dict[str, Any]]:
    return [
        {"text": text, "x": COLUMN * tiers.index("medium") * strong + 6, "y": 12 if linked else HEIGHT + 42}
        for (linked, strong), text in QUARTERS.items()
    ]


def _heads(heads: Mapping[str, str], tiers: Sequence[str]) -> list[dict[str, Any]]:
    return [{"text": heads[tier], "x": (number + 0.5) * COLUMN} for number, tier in enumerate(tiers)]


def _grounds(middle: float, tiers: Sequence[str]) -> list[Any]:
    """The strong half shaded, the columns parted, the median of linkages dashed."""
    import altair as alt

    whole = COLUMN * len(tiers)
    one = alt.InlineData(values=[{}])
    strong = alt.Chart(one).mark_rect(color="#F3F6F8").encode(
        x=alt.value(COLUMN * tiers.index("medium")), x2=alt.value(whole), y=alt.value(0), y2=alt.value(HEIGHT)
    )  # fmt: skip
    level = alt.Chart(one).mark_rule(strokeDash=[5, 4], color=palette.FAINT).encode(
        x=alt.value(0), x2=alt.value(whole), y=alt.value(round(float(middle), 1))
    )  # fmt: skip
    parts = [
        alt.Chart(one)
        .mark_rule(color="#DDDDDD")
        .encode(x=alt.value(COLUMN * number), y=alt.value(0), y2=alt.value(HEIGHT))
        for number in range(len(tiers) + 1)
    ]
    return [strong, *parts, level]


def _marks(top: float, value_name: str, scale: Any, whole: int) -> Any:
    import altair as alt

    axis = alt.Axis(title=f"Linkages ({value_name}), root scale", format=",.0f", tickCount=6, grid=False)
    height = alt.Scale(type="sqrt", domain=[0, top * ROOM], nice=False)
    return (
        alt.Chart(alt.NamedData("dots"))
        .mark_circle(size=70, opacity=0.9, stroke="white", strokeWidth=0.8)
        .encode(
            x=alt.X("x:Q", scale=alt.Scale(domain=[0, whole], nice=False), axis=None),
            y=alt.Y("linkage:Q", scale=height, axis=axis),
            fill=alt.Fill("space:N", scale=scale, legend=alt.Legend(title="Space", symbolType="circle")),
            tooltip=[
                alt.Tooltip("industry:N", title="Industry"),
                alt.Tooltip("region:N", title="Region"),
                alt.Tooltip("space:N", title="Space"),
                alt.Tooltip("tier:N", title="Tier"),
                alt.Tooltip("linkage:Q", title=value_name.capitalize(), format=",.0f"),
            ],
        )
    )


def _texts(whole: int) -> list[Any]:
    """Labels, the corners' words and the tiers' names; in pixels, apart from the scale of the dots."""
    import altair as alt

    def text(name: str, down: Any, **style: Any) -> Any:
        across = alt.X("x:Q", scale=alt.Scale(domain=[0, whole], nice=False), axis=None)
        chart = alt.Chart(alt.NamedData(name)).mark_text(y=down, **style)
        return chart.encode(x=across, text="text:N")

    pixel = alt.expr("datum.y")
    halo: dict[str, Any] = {"align": alt.expr("datum.align"), "baseline": "middle", "fontSize": TYPE}
    return [
        text("labels", pixel, **halo, stroke="white", strokeWidth=3, strokeJoin="round", opacity=0.85),
        text("labels", pixel, **halo, color=palette.INK),
        text("corners", pixel, align="left", baseline="middle", fontSize=11, fontStyle="italic", color=palette.FAINT),
        text("heads", HEIGHT + 16, align="center", fontSize=12, fontWeight="bold", color=palette.INK),
    ]
