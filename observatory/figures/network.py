"""Networks of sectors or regions: nodes coloured by space, links as wide as they are strong."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from observatory.figures import palette, sheet, words

if TYPE_CHECKING:
    import altair as alt

#: How many of the strongest links are drawn, and how many of the strongest nodes are labelled.
LINKS, LABELS = 150, 30
#: How many periods stand beside each other before the next row.
COLUMNS = 2
#: Sides of a network alone, and of one of two, in pixels; margins aside and above.
ALONE, BESIDE, MARGIN = (760, 560), (580, 520), (76, 18)
#: Size of the labels and width of the strongest link in pixels; from how many nodes on circles shrink and links pale.
TYPE, WIDTH, CROWD = 11, 8, 70


def network(
    nodes: pd.DataFrame,
    links: pd.DataFrame,
    positions: pd.DataFrame,
    *,
    title: str,
    subtitle: str,
    source: str,
    names: Mapping[int, str] | None = None,
    value_name: str = "linkages",
    kind: str = "space",
) -> alt.VConcatChart:
    """Draw one network.

    Parameters
    ----------
    nodes
        ``node``, ``label``, ``group`` (position of the space, empty for none), ``size`` (strength).
    links
        ``source``, ``target``, ``weight`` (the unit is ``value_name``); the 150 strongest are drawn.
    positions
        ``node``, ``x``, ``y`` between 0 and 1, as :func:`observatory.figures.layout.layout` gives them.
    title, subtitle, source
        What is seen; unit and period (how many links are drawn is added); whose data and terms.
    names
        Names of the spaces by position.
    kind
        What the groups are called.

    Raises
    ------
    ValueError
        A column is missing, or nodes without a position.

    Examples
    --------
    >>> nodes = pd.DataFrame({"node": ["a", "b"], "label": ["A", "B"], "group": [0, 1], "size": [1, 1]})
    >>> links = pd.DataFrame({"source": ["a"], "target": ["b"], "weight": [3]})
    >>> where = pd.DataFrame({"node": ["a", "b"], "x": [0, 1], "y": [0, 1]})
    >>> chart = network(nodes, links, where, title="Sectors", subtitle="deals", source="invented")
    >>> chart.usermeta["alt"]
    'Network. Sectors. 2 nodes, 1 links; the strongest: A - B 3.'
    """
    nothing = f"in no {kind}"
    scale = _scale(nodes, names, nothing)
    drawing, tables = _drawing(
        nodes, links, positions, ALONE, names, value_name, _widest([links]), scale, "", "right", kind, nothing
    )
    return sheet.lay(
        drawing,
        title=title,
        subtitle=f"{subtitle}. {_drawn(links)}",
        source=source,
        alt_text=f"Network. {title}. {_spoken(nodes, links)}",
        data=_listed(nodes, links),
        units={"weight": value_name},
        drawn=tables,
    )


def networks_side_by_side(
    periods: Mapping[str, tuple[pd.DataFrame, pd.DataFrame]],
    positions: pd.DataFrame,
    *,
    title: str,
    subtitle: str,
    source: str,
    names: Mapping[str, Mapping[int, str]] | None = None,
    value_name: str = "linkages",
    kind: str = "space",
    unclear: Collection[str] = (),
) -> alt.VConcatChart:
    """Draw the networks of several periods beside each other, each node at the same spot in all.

    Parameters
    ----------
    periods
        For each period's name its ``nodes`` and ``links``, as :func:`network` takes them.
    positions, title, subtitle, source, value_name, kind
        As for :func:`network`. Sizes and widths are to one scale in all periods.
    names
        For each period's name the names of its spaces by position: each period has a legend of its own.
    unclear
        Periods in which chance alone gives groups as clear: they are drawn without any.

    Raises
    ------
    ValueError
        A column is missing, or nodes without a position.
    """
    import altair as alt

    widest = _widest([links for _, links in periods.values()])
    drawings: list[Any] = []
    tables: dict[str, list[dict[str, Any]]] = {}
    for number, (period, (nodes, links)) in enumerate(periods.items()):
        called, nothing = (names or {}).get(period), f"in no {kind}"
        if period in unclear:
            nodes, nothing = nodes.assign(group=None), f"no {kind}s are claimed"
        scale = _scale(nodes, called, nothing, palette.FAINT if period in unclear else palette.NONE)
        drawing, drawn = _drawing(
            nodes, links, positions, BESIDE, called, value_name, widest, scale, str(number), "bottom", kind, nothing
        )
        drawings.append(drawing.properties(title=alt.TitleParams(period, anchor="start", fontSize=13)))
        tables |= drawn
    whole = alt.concat(*drawings, columns=COLUMNS, spacing=20).resolve_scale(fill="independent")
    said = " ".join(f"{period}: {_spoken(nodes, links)}" for period, (nodes, links) in periods.items())
    counts = "; ".join(f"{period}: {_drawn(links).lower()}" for period, (_, links) in periods.items())
    return sheet.lay(
        whole,
        title=title,
        subtitle=f"{subtitle}. {counts}{_not_claimed(periods, unclear, kind)}",
        source=source,
        alt_text=f"Networks beside each other. {title}. {said}",
        data=pd.concat([_listed(n, k).assign(period=period) for period, (n, k) in periods.items()], ignore_index=True),
        units={"weight": value_name},
        width=BESIDE[0] * min(COLUMNS, len(periods)),
        drawn=tables,
    )


def _not_claimed(periods: Iterable[str], unclear: Collection[str], kind: str) -> str:
    """Say in which periods there is no more structure than chance makes."""
    which = [period for period in periods if period in unclear]
    return f". {' and '.join(which)}: chance alone gives {kind}s as clear, so no structure is claimed" if which else ""


def _scale(nodes: pd.DataFrame, names: Mapping[int, str] | None, nothing: str, grey: str = palette.NONE) -> Any:
    """Colours of all spaces present."""
    import altair as alt

    present = sheet.spaces_of(sheet.need(nodes, ("group",), "nodes")["group"])
    domain, colours = palette.legend(present, names)
    return alt.Scale(
        domain=[_none(name, nothing) for name in domain],
        range=[grey if colour == palette.NONE else colour for colour in colours],
    )


def _none(name: str, nothing: str) -> str:
    return nothing if name == palette.NO_SPACE else name


def _strongest(links: pd.DataFrame) -> pd.DataFrame:
    sheet.need(links, ("source", "target", "weight"), "links")
    ordered = links.sort_values(["weight", "source", "target"], ascending=[False, True, True])
    return ordered.head(LINKS)


def _drawn(links: pd.DataFrame) -> str:
    if len(links) <= LINKS:
        return f"All {len(links)} links are drawn"
    share = _strongest(links)["weight"].sum() / links["weight"].sum()
    return f"The {LINKS} strongest of {len(links):,} links are drawn ({100 * share:.0f} % of the weight)"


def _widest(all_links: Sequence[pd.DataFrame]) -> float:
    return max([float(links["weight"].max()) for links in all_links if len(links)], default=1.0)


def _spoken(nodes: pd.DataFrame, links: pd.DataFrame) -> str:
    label = dict(zip(nodes["node"], nodes["label"], strict=True))
    first = _strongest(links).head(3)[["source", "target", "weight"]].itertuples(index=False)
    said = ", ".join(f"{label.get(a, a)} - {label.get(b, b)} {weight:,.0f}" for a, b, weight in first)
    return f"{len(nodes)} nodes, {len(links)} links; the strongest: {said}." if said else f"{len(nodes)} nodes."


def _listed(nodes: pd.DataFrame, links: pd.DataFrame) -> pd.DataFrame:
    """The links drawn with both ends' labels, for the figure's table."""
    label = dict(zip(nodes["node"], nodes["label"], strict=True))
    listed = _strongest(links)[["source", "target", "weight"]].reset_index(drop=True)
    listed.insert(1, "source_label", listed["source"].map(label))
    listed.insert(3, "target_label", listed["target"].map(label))
    return listed


def _placed(nodes: pd.DataFrame, positions: pd.DataFrame, frame: tuple[int, int]) -> list[dict[str, Any]]:
    """Nodes in pixels, the strongest first."""
    sheet.need(nodes, ("node", "label", "group", "size"), "nodes")
    spot = {node: (x, y) for node, x, y in sheet.need(positions, ("node", "x", "y"), "positions")[
        ["node", "x", "y"]].itertuples(index=False)}  # fmt: skip
    if missing := sorted(set(nodes["node"]) - set(spot)):
        raise ValueError(f"nodes without a position: {', '.join(map(str, missing))}")
    ordered = nodes.sort_values(["size", "node"], ascending=[False, True])
    return [
        {
            "node": node,
            "label": label,
            "space": sheet.space_of(group),
            "size": float(size),
            "x": round(MARGIN[0] + spot[node][0] * (frame[0] - 2 * MARGIN[0]), 1),
            "y": round(MARGIN[1] + spot[node][1] * (frame[1] - 2 * MARGIN[1]), 1),
        }
        for node, label, group, size in ordered[["node", "label", "group", "size"]].itertuples(index=False)
    ]


def _drawing(
    nodes: pd.DataFrame,
    links: pd.DataFrame,
    positions: pd.DataFrame,
    frame: tuple[int, int],
    names: Mapping[int, str] | None,
    value_name: str,
    widest: float,
    scale: Any,
    mark: str,
    legends: str,
    kind: str,
    nothing: str,
) -> tuple[Any, dict[str, list[dict[str, Any]]]]:
    """One network's chart, and what it draws by name; ``mark`` tells two networks' names apart."""
    import altair as alt

    placed = _placed(nodes, positions, frame)
    crowded = min(1.0, (CROWD / max(1, len(placed))) ** 0.5)
    largest = max([node["size"] for node in placed], default=1.0) or 1.0
    for node in placed:
        node["radius"] = round((4 + 9 * (node["size"] / largest) ** 0.5) * crowded, 1)
        node["area"] = round(3.14159 * node["radius"] ** 2, 1)
    for node in placed:
        node["space"] = _none(palette.space_name(node["space"], names), nothing)
    tables = {
        f"links{mark}": _lines(placed, links),
        f"nodes{mark}": placed,
        f"labels{mark}": _labels(placed, frame),
    }
    layers = [
        _link_marks(f"links{mark}", value_name, widest, legends, crowded),
        _node_marks(f"nodes{mark}", value_name, scale, legends, kind),
        _label_marks(f"labels{mark}"),
    ]
    return alt.layer(*layers).properties(width=frame[0], height=frame[1]), tables


def _lines(placed: Sequence[Mapping[str, Any]], links: pd.DataFrame) -> list[dict[str, Any]]:
    """Links drawn, the weakest first, so that the strong ones lie on top."""
    spot = {node["node"]: node for node in placed}
    ends = _strongest(links)[::-1][["source", "target", "weight"]].itertuples(index=False)
    return [
        {
            "link": f"{spot[a]['label']} - {spot[b]['label']}",
            "source": a, "target": b,
            "weight": float(weight),
            "x": spot[a]["x"], "y": spot[a]["y"], "x2": spot[b]["x"], "y2": spot[b]["y"],
        }
        for a, b, weight in ends
        if a in spot and b in spot
    ]  # fmt: skip


def _labels(placed: Sequence[Mapping[str, Any]], frame: tuple[int, int]) -> list[dict[str, Any]]:
    spots = [(node["node"], node["x"], node["y"], node["radius"]) for node in placed]
    wanted = [words.shorten(node["label"]) if n < LABELS else None for n, node in enumerate(placed)]
    return [
        {"text": label.text, "x": round(label.x, 1), "y": round(label.y, 1), "align": label.align}
        for label in words.place(spots, wanted, frame, TYPE)
    ]


def _pixels(channel: Any, field: str) -> Any:
    return channel(f"{field}:Q", scale=None, axis=None)


#: Where the legend of links stands by where that of spaces does: one for all periods is above them.
_ABOVE: dict[str, Any] = {"bottom": "top", "right": "right"}


def _link_marks(name: str, value_name: str, widest: float, legends: Any, crowded: float) -> Any:
    import altair as alt

    width = alt.StrokeWidth(
        "weight:Q",
        scale=alt.Scale(domain=[0, widest], range=[0.3, WIDTH]),
        legend=alt.Legend(
            title=f"Link ({value_name})",
            format=",~r",
            values=_steps(widest),
            symbolType="stroke",
            orient=_ABOVE[legends],
        ),
    )
    return (
        alt.Chart(alt.NamedData(name))
        .mark_rule(color="#9A9A9A", opacity=round(0.5 * crowded, 2))
        .encode(
            x=_pixels(alt.X, "x"),
            y=_pixels(alt.Y, "y"),
            x2="x2:Q",
            y2="y2:Q",
            strokeWidth=width,
            tooltip=[
                alt.Tooltip("link:N", title="Link"),
                alt.Tooltip("weight:Q", title=value_name.capitalize(), format=",.0f"),
            ],
        )
    )


def _steps(widest: float) -> list[float]:
    """Three round widths for the legend: about an eighth, a half and nearly all of the widest."""
    return sorted({float(f"{widest * share:.1g}") for share in (0.12, 0.45, 0.9)})


def _node_marks(name: str, value_name: str, scale: Any, legends: Any, kind: str) -> Any:
    import altair as alt

    return (
        alt.Chart(alt.NamedData(name))
        .mark_circle(opacity=1, stroke="white", strokeWidth=1)
        .encode(
            x=_pixels(alt.X, "x"),
            y=_pixels(alt.Y, "y"),
            size=alt.Size("area:Q", scale=None, legend=None),
            fill=alt.Fill("space:N", scale=scale, legend=_legend(legends, kind)),
            tooltip=[
                alt.Tooltip("label:N", title="Node"),
                alt.Tooltip("space:N", title=kind.capitalize()),
                alt.Tooltip("size:Q", title=f"Strength ({value_name})", format=",.0f"),
            ],
        )
    )


def _legend(orient: Any, kind: str) -> Any:
    """The legend of spaces; below a network of several in rows of two, which its width has room for."""
    import altair as alt

    columns = 2 if orient == "bottom" else 1
    return alt.Legend(title=kind.capitalize(), symbolType="circle", orient=orient, columns=columns)


def _label_marks(name: str) -> Any:
    import altair as alt

    base = alt.Chart(alt.NamedData(name)).encode(x=_pixels(alt.X, "x"), y=_pixels(alt.Y, "y"), text="text:N")
    style: dict[str, Any] = {"align": alt.expr("datum.align"), "baseline": "middle", "fontSize": TYPE}
    halo = base.mark_text(**style, stroke="white", strokeWidth=3, strokeJoin="round", opacity=0.85)
    return alt.layer(halo, base.mark_text(**style, color=palette.INK))
