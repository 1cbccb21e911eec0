"""A matrix of links between sectors, ordered so that spaces stand as blocks on the diagonal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from observatory.figures import palette, sheet, words

if TYPE_CHECKING:
    import altair as alt

#: Side of a cell in pixels: the largest, the least, and the side that the whole should not exceed.
CELL, LEAST, WHOLE = 24, 8, 640


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
    """Draw the weight of every pair as a shade.

    Parameters
    ----------
    links
        ``source``, ``target``, ``weight`` (the unit is ``value_name``); each pair is drawn on both sides.
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
    cells = _cells(links, {node["node"]: node for node in nodes})
    blocks = _blocks(nodes, side)
    whole = side * len(nodes)
    layers = [_shades(side, value_name), _stripes(blocks), _frames(), *_labels(whole)]
    return sheet.lay(
        alt.layer(*layers).properties(width=whole, height=whole),
        title=title,
        subtitle=subtitle,
        source=source,
        alt_text=_words(title, links, groups, labels),
        data=links[["source", "target", "weight"]].sort_values("weight", ascending=False, kind="stable"),
        width=max(480, whole + 160),
        drawn={"cells": cells, "nodes": nodes, "blocks": blocks},
    )


def _words(title: str, links: pd.DataFrame, groups: Mapping[str, int | None], labels: Mapping[str, str]) -> str:
    ends = links[["source", "target", "weight"]].itertuples(index=False)
    inside = sum(weight for a, b, weight in ends if groups.get(a) is not None and groups.get(a) == groups.get(b))
    share = inside / links["weight"].sum() if len(links) else 0.0
    said = f"{len(links)} linked pairs of {len(groups)} nodes; {share:.0%} of the weight lies within spaces."
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

    return [
        {
            "node": node,
            "label": words.shorten(labels.get(node, node), 30),
            "space": palette.space_name(groups.get(node), names),
            "colour": palette.hue(groups.get(node)),
            "at": number * side,
            "middle": (number + 0.5) * side,
        }
        for number, node in enumerate(sorted(order, key=rank))
    ]


def _cells(links: pd.DataFrame, nodes: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    pairs = links[["source", "target", "weight"]].itertuples(index=False)
    both = [(a, b, float(w)) for one, other, w in pairs for a, b in {(one, other), (other, one)}]
    return [
        {
            "link": f"{nodes[a]['label']} - {nodes[b]['label']}",
            "weight": w,
            "x": nodes[a]["at"],
            "y": nodes[b]["at"],
            "source": a,
            "target": b,
        }
        for a, b, w in sorted(both)
    ]


def _blocks(nodes: Sequence[Mapping[str, Any]], side: int) -> list[dict[str, Any]]:
    """Where each space begins and ends."""
    ends: dict[str, dict[str, Any]] = {}
    for node in nodes:
        block = ends.setdefault(node["space"], {"space": node["space"], "colour": node["colour"], "from": node["at"]})
        block["to"] = node["at"] + side
    return list(ends.values())


def _shades(side: int, value_name: str) -> Any:
    import altair as alt

    legend = alt.Legend(title=f"Link ({value_name})", format=",.0f", gradientLength=140, tickCount=4)
    return (
        alt.Chart(alt.NamedData("cells"))
        .transform_calculate(right=f"datum.x + {side} - 0.7", bottom=f"datum.y + {side} - 0.7")
        .mark_rect()
        .encode(
            x=alt.X("x:Q", scale=None, axis=None),
            y=alt.Y("y:Q", scale=None, axis=None),
            x2="right:Q",
            y2="bottom:Q",
            color=alt.Color(
                "weight:Q", scale=alt.Scale(range=["#F2F2F2", "#111111"], type="sqrt", domainMin=0), legend=legend
            ),
            tooltip=[
                alt.Tooltip("link:N", title="Link"),
                alt.Tooltip("weight:Q", title=value_name.capitalize(), format=",.0f"),
            ],
        )
    )


def _stripes(blocks: Sequence[Mapping[str, Any]]) -> Any:
    """A stripe of each space's colour beside its rows; it carries the legend."""
    import altair as alt

    scale = alt.Scale(domain=[b["space"] for b in blocks], range=[b["colour"] for b in blocks])
    return (
        alt.Chart(alt.NamedData("blocks"))
        .mark_rect()
        .encode(
            x=alt.value(-7),
            x2=alt.value(-2),
            y=alt.Y("from:Q", scale=None, axis=None),
            y2="to:Q",
            fill=alt.Fill("space:N", scale=scale, legend=alt.Legend(title="Space", symbolType="square")),
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


def _labels(whole: int) -> list[Any]:
    import altair as alt

    base = alt.Chart(alt.NamedData("nodes")).encode(text="label:N")
    style: dict[str, Any] = {"fontSize": 10, "color": palette.INK, "baseline": "middle"}
    beside = base.mark_text(align="right", **style).encode(x=alt.value(-11), y=alt.Y("middle:Q", scale=None, axis=None))
    below = base.mark_text(align="right", angle=315, **style).encode(
        x=alt.X("middle:Q", scale=None, axis=None), y=alt.value(whole + 8)
    )
    return [beside, below]
