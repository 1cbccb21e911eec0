"""A matrix of links between sectors, ordered so that spaces stand as blocks on the diagonal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from observatory.figures import palette, sheet, words

if TYPE_CHECKING:
    import altair as alt

#: Side of a cell in pixels: the largest, the least, and the side that the whole should not exceed; the least side
#: under which names stand aslant below the columns, and the size of type, which a row may not be lower than.
CELL, LEAST, WHOLE, ASLANT, TYPE = 24, 10, 640, 16, 10
#: Letters of a code that has room under a column; rows of longer ones are numbered.
CODE = 8
#: Shades of links as often as expected, a quarter as often or less, and eight times as often or more.
AGAINST, SHADES = (0.25, 1.0, 8.0), ("#FAFAFA", "#DCDCDC", "#111111")


def matrix(
    links: pd.DataFrame,
    order: Sequence[str],
    groups: Mapping[str, int | None],
    labels: Mapping[str, str],
    *,
    title: str,
    subtitle: str,
    source: str,
    names: Mapping[int, str] | None = None,
    value_name: str = "linkages",
) -> alt.VConcatChart:
    """Draw every pair as a shade: how much more it is linked than expected where that is known, else its weight.

    Where sectors are too many for names below the columns, these carry the code, or the number, that the row's name
    begins with.

    Parameters
    ----------
    links
        ``source``, ``target``, ``weight`` (the unit is ``value_name``); each pair is drawn on both sides.
        ``association`` (weight over expected weight) where known.
    order
        Nodes in the order in which they shall stand within their space.
    groups
        Position of each node's space, 0 = largest; None for none.
    labels
        Each node's label.
    title, subtitle, source
        What is seen; unit and period; whose data and under which terms.
    names
        Names of the spaces by position.

    Raises
    ------
    ValueError
        A column is missing, or links to nodes that ``order`` does not hold.

    Examples
    --------
    >>> links = pd.DataFrame({"source": ["a"], "target": ["b"], "weight": [3.0]})
    >>> chart = matrix(links, ["a", "b"], {"a": 0}, {}, title="Pairs", subtitle="deals", source="invented")
    >>> sheet.table(chart)["weight"].to_list()
    [3.0]
    """
    import altair as alt

    sheet.need(links, ("source", "target", "weight"), "links")
    if strange := sorted({*links["source"], *links["target"]} - set(order)):
        raise ValueError(f"links to nodes without a place in the order: {', '.join(map(str, strange))}")
    side = max(LEAST, min(CELL, WHOLE // max(1, len(order))))
    nodes = _nodes(order, groups, labels, names, side)
    crowded, against = side < ASLANT, "association" in links
    cells = _cells(links, {node["node"]: node for node in nodes})
    blocks = _blocks(nodes, side)
    whole = side * len(nodes)
    layers = [_shades(side, value_name, against, crowded), _stripes(blocks, crowded), _frames(), *_labels(whole, side)]
    columns = ["source", "target", "weight", *(["association"] if against else [])]
    data = links[columns].sort_values(["weight", "source", "target"], ascending=[False, True, True])
    for place, end in ((1, "source"), (3, "target")):
        data.insert(place, f"{end}_label", [labels.get(node, node) for node in data[end]])
    return sheet.lay(
        alt.layer(*layers).properties(width=whole, height=whole),
        title=title,
        subtitle=subtitle,
        source=source,
        alt_text=_words(title, links, groups, labels),
        data=data.reset_index(drop=True),
        units={"weight": value_name, "association": "weight over expected weight"},
        width=max(480, whole + 160),
        drawn={"cells": cells, "nodes": nodes, "blocks": blocks},
    )


def _words(title: str, links: pd.DataFrame, groups: Mapping[str, int | None], labels: Mapping[str, str]) -> str:
    ends = links[["source", "target", "weight"]].itertuples(index=False)
    inside = sum(weight for a, b, weight in ends if groups.get(a) is not None and groups.get(a) == groups.get(b))
    share = inside / links["weight"].sum() if len(links) else 0.0
    said = f"{len(links)} linked pairs of {len(groups)} nodes; {100 * share:.0f} % of the weight lies within spaces."
    strongest = links.sort_values(["weight", "source", "target"], ascending=[False, True, True]).head(1)
    pairs = strongest[["source", "target", "weight"]].itertuples(index=False)
    first = [f" The strongest: {labels.get(a, a)} - {labels.get(b, b)} {w:,.0f}." for a, b, w in pairs]
    return " ".join(["Matrix.", f"{title}.", said]) + "".join(first)


def _nodes(
    order: Sequence[str],
    groups: Mapping[str, int | None],
    labels: Mapping[str, str],
    names: Mapping[int, str] | None,
    side: int,
) -> list[dict[str, Any]]:
    """Nodes space by space; those in none come last."""

    def rank(node: str) -> tuple[bool, int, int]:
        space = groups.get(node)
        return space is None, space or 0, list(order).index(node)

    ranked, crowded = sorted(order, key=rank), side < ASLANT
    codes = all(len(str(node)) <= CODE for node in order)
    return [
        {
            "node": node,
            "label": words.shorten(labels.get(node, node), 30),
            "space": palette.space_name(groups.get(node), names),
            "colour": palette.hue(groups.get(node)),
            "at": number * side,
            "middle": (number + 0.5) * side,
            **(_marked(str(node) if codes else str(number + 1), labels.get(node, node)) if crowded else {}),
        }
        for number, node in enumerate(ranked)
    ]


def _marked(mark: str, label: str) -> dict[str, str]:
    """A row's code and name, and what stands below its column."""
    return {"row": words.shorten(label if label == mark else f"{mark} {label}", 30), "mark": mark}


def _cells(links: pd.DataFrame, nodes: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    against = links["association"] if "association" in links else [None] * len(links)
    pairs = zip(links["source"], links["target"], links["weight"], against, strict=True)
    both = [(a, b, float(w), more) for one, other, w, more in pairs for a, b in {(one, other), (other, one)}]
    return [
        {
            "link": f"{nodes[a]['label']} - {nodes[b]['label']}",
            "weight": w,
            "x": nodes[a]["at"],
            "y": nodes[b]["at"],
            "source": a,
            "target": b,
            **({} if more is None else {"association": float(more)}),
        }
        for a, b, w, more in sorted(both)
    ]


def _blocks(nodes: Sequence[Mapping[str, Any]], side: int) -> list[dict[str, Any]]:
    """Where each space begins and ends."""
    ends: dict[str, dict[str, Any]] = {}
    for node in nodes:
        block = ends.setdefault(node["space"], {"space": node["space"], "colour": node["colour"], "from": node["at"]})
        block["to"] = node["at"] + side
    return list(ends.values())


#: The ends of the scale stand for all that lies beyond them.
_ENDS = "datum.value < 0.3 ? '≤ ¼' : datum.value < 0.6 ? '½' : datum.value > 7 ? '≥ 8' : format(datum.value, 'd')"


def _shades(side: int, value_name: str, against: bool, crowded: bool) -> Any:
    import altair as alt

    long: dict[str, Any] = {"gradientLength": 140, "orient": "top" if crowded else "right"}
    if against:
        legend = alt.Legend(title="Link, times expected", values=[0.25, 0.5, 1, 2, 4, 8], labelExpr=_ENDS, **long)
        scale = alt.Scale(type="log", domain=list(AGAINST), range=list(SHADES), clamp=True)
        colour = alt.Color("association:Q", scale=scale, legend=legend)
    else:
        legend = alt.Legend(title=f"Link ({value_name})", format=",.0f", tickCount=4, **long)
        scale = alt.Scale(range=["#F2F2F2", "#111111"], type="sqrt", domainMin=0)
        colour = alt.Color("weight:Q", scale=scale, legend=legend)
    more = [alt.Tooltip("association:Q", title="Times expected", format=",.2f")] if against else []
    return (
        alt.Chart(alt.NamedData("cells"))
        .transform_calculate(right=f"datum.x + {side} - 0.7", bottom=f"datum.y + {side} - 0.7")
        .mark_rect()
        .encode(
            x=alt.X("x:Q", scale=None, axis=None),
            y=alt.Y("y:Q", scale=None, axis=None),
            x2="right:Q",
            y2="bottom:Q",
            color=colour,
            tooltip=[
                alt.Tooltip("link:N", title="Link"),
                alt.Tooltip("weight:Q", title=value_name.capitalize(), format=",.0f"),
                *more,
            ],
        )
    )


def _stripes(blocks: Sequence[Mapping[str, Any]], crowded: bool) -> Any:
    """A stripe of each space's colour beside its rows; it carries the legend."""
    import altair as alt

    scale = alt.Scale(domain=[b["space"] for b in blocks], range=[b["colour"] for b in blocks])
    # Above, where the matrix itself is as wide as a page.
    beside: dict[str, Any] = {"orient": "top", "columns": 3} if crowded else {"orient": "right"}
    return (
        alt.Chart(alt.NamedData("blocks"))
        .mark_rect()
        .encode(
            x=alt.value(-7),
            x2=alt.value(-2),
            y=alt.Y("from:Q", scale=None, axis=None),
            y2="to:Q",
            fill=alt.Fill("space:N", scale=scale, legend=alt.Legend(title="Space", symbolType="square", **beside)),
        )
    )


def _frames() -> Any:
    import altair as alt

    return (
        alt.Chart(alt.NamedData("blocks"))
        .transform_filter(alt.datum.space != palette.NO_SPACE)
        .mark_rect(fillOpacity=0, strokeWidth=2.2)
        .encode(
            x=alt.X("from:Q", scale=None, axis=None),
            x2="to:Q",
            y=alt.Y("from:Q", scale=None, axis=None),
            y2="to:Q",
            stroke=alt.Stroke("colour:N", scale=None),
        )
    )


def _labels(whole: int, side: int) -> list[Any]:
    """Names beside the rows and below the columns; codes upright below columns that are too narrow for names."""
    import altair as alt

    crowded = side < ASLANT
    style: dict[str, Any] = {"fontSize": min(TYPE, side - 1), "color": palette.INK, "baseline": "middle"}
    base = alt.Chart(alt.NamedData("nodes"))
    beside = base.mark_text(align="right", **style).encode(
        x=alt.value(-11), y=alt.Y("middle:Q", scale=None, axis=None), text="row:N" if crowded else "label:N"
    )
    below = base.mark_text(align="right", angle=270 if crowded else 315, **style).encode(
        x=alt.X("middle:Q", scale=None, axis=None), y=alt.value(whole + 8), text="mark:N" if crowded else "label:N"
    )
    return [beside, below]
