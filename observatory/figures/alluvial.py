"""Where the members of the first period's spaces are in the second."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from observatory.figures import palette, sheet, words

if TYPE_CHECKING:
    import altair as alt

#: Size in pixels: left and right bar, their width, the gap between bands, the least height for a label.
LEFT, RIGHT, BAR, GAP, READABLE = 190, 530, 14, 12, 13
WIDTH, HEIGHT = 720, 460
#: How dense a band is; one of members that may be elsewhere is pale.
DENSE, PALE = 0.5, 0.18
#: Bands for nodes that one of the periods lacks.
BORN, GONE = "new", "gone"


def alluvial(
    first: pd.Series[Any],
    second: pd.Series[Any],
    labels: Mapping[str, str],
    *,
    title: str,
    subtitle: str,
    source: str,
    periods: tuple[str, str] = ("first period", "second period"),
    names: tuple[Mapping[int, str] | None, Mapping[int, str] | None] = (None, None),
    hues: Mapping[int, int] | None = None,
    unsure: Collection[str] | None = None,
) -> alt.VConcatChart:
    """Draw the flow of members between the spaces of two periods.

    Parameters
    ----------
    first, second
        Node → position of its space; empty where it is in none. Nodes of one period only are new or gone.
    labels
        Each node's label.
    title, subtitle, source
        What is seen; unit (members); whose data and under which terms.
    periods
        Names of the periods.
    names
        Names of the spaces of each period, by position.
    hues
        Position of the first period's space whose colour a space of the second takes; its own when None.
    unsure
        Nodes that do not stay with their space in resamplings: they are drawn apart and pale. None: not tested.

    Examples
    --------
    >>> before, after = pd.Series({"a": 0, "b": 1}), pd.Series({"a": 0, "c": 1})
    >>> chart = alluvial(before, after, {}, title="Members", subtitle="sectors", source="invented")
    >>> sheet.table(chart)[["from", "to", "members"]].values.tolist()
    [['Space 1', 'Space 1', 1], ['Space 2', 'gone', 1], ['new', 'Space 2', 1]]
    """
    import altair as alt

    flows = _flows(first, second, labels, names, hues or {}, frozenset(unsure or ()))
    bars = [_stacked(flows, side) for side in ("from", "to")]
    table = {
        "bands": [band for flow in _bands(flows, bars) for band in flow],
        "bars": [bar for side in bars for bar in side.values()],
        "heads": [{"text": name, "x": x} for name, x in zip(periods, (LEFT, RIGHT), strict=True)],
    }
    layers = [_ribbons(), _blocks(), *_texts()]
    columns = ["from", "to", "members", "which", *(["stable"] if unsure is not None else [])]
    return sheet.lay(
        alt.layer(*layers).properties(width=WIDTH, height=HEIGHT),
        title=title,
        subtitle=subtitle,
        source=source,
        alt_text=f"Flows. {title}. " + "; ".join(_words(flow) for flow in flows) + ".",
        data=pd.DataFrame([_row(flow, columns) for flow in flows], columns=columns),
        units={"members": "number"},
        drawn=table,
    )


def _row(flow: Mapping[str, Any], columns: list[str]) -> dict[str, Any]:
    return {key: sheet.on_one_line(flow[key]) if key in ("from", "to") else flow[key] for key in columns}


def _words(flow: Mapping[str, Any]) -> str:
    pale = "" if flow["stable"] == "yes" else ", not stable"
    return f"{flow['members']} from {flow['from']} to {flow['to']}{pale}"


def _flows(
    first: pd.Series[Any],
    second: pd.Series[Any],
    labels: Mapping[str, str],
    names: tuple[Mapping[int, str] | None, Mapping[int, str] | None],
    hues: Mapping[int, int],
    unsure: Collection[str],
) -> list[dict[str, Any]]:
    """Members by where they come from and where they go, in the order of the spaces, the stable before the others."""
    before, after = _by_node(first), _by_node(second)
    found: dict[tuple[Any, Any, bool], list[str]] = {}
    for node in sorted({*before, *after}):
        found.setdefault((before.get(node, BORN), after.get(node, GONE), node in unsure), []).append(node)
    return [
        {
            "from": _name(start, names[0]),
            "to": _name(end, names[1]),
            "from_rank": _rank(start),
            "to_rank": _rank(end),
            "from_colour": _colour(start, {}),
            "to_colour": _colour(end, hues),
            "members": len(nodes),
            "which": ", ".join(labels.get(node, node) for node in nodes),
            "stable": "no" if pale else "yes",
        }
        for (start, end, pale), nodes in sorted(found.items(), key=_place)
    ]


def _place(item: tuple[tuple[Any, Any, bool], list[str]]) -> tuple[int, int, bool]:
    start, end, pale = item[0]
    return _rank(start), _rank(end), pale


def _by_node(spaces: pd.Series[Any]) -> dict[str, int | None]:
    return {str(node): sheet.space_of(space) for node, space in spaces.items()}


def _rank(space: Hashable) -> int:
    """Spaces by position, then members of none, then the new and the gone."""
    return space if isinstance(space, int) else 10_000 if space is None else 10_001


def _name(space: Any, names: Mapping[int, str] | None) -> str:
    return space if isinstance(space, str) else palette.space_name(space, names)


def _colour(space: Any, hues: Mapping[int, int]) -> str:
    return palette.FAINT if isinstance(space, str) else palette.hue(hues.get(space, space))


def _stacked(flows: list[dict[str, Any]], side: str) -> dict[str, dict[str, Any]]:
    """Bars of one period from top to bottom, as high as they have members."""
    members: dict[str, int] = {}
    ordered = sorted(flows, key=lambda flow: flow[f"{side}_rank"])
    for flow in ordered:
        members[flow[side]] = members.get(flow[side], 0) + flow["members"]
    colour = {flow[side]: flow[f"{side}_colour"] for flow in flows}
    scale = _scale(flows)
    bars, top = {}, 26.0
    for name, count in members.items():
        bars[name] = _bar(name, count, side, top, count * scale, colour[name])
        top += count * scale + GAP
    return bars


def _scale(flows: list[dict[str, Any]]) -> float:
    """Pixels a member, the same on both sides."""
    most = max([len({flow[side] for flow in flows}) for side in ("from", "to")], default=0)
    members: int = sum(flow["members"] for flow in flows)
    return (HEIGHT - 26 - GAP * most) / max(1, members)


def _bar(name: str, count: int, side: str, top: float, height: float, colour: str) -> dict[str, Any]:
    left = LEFT if side == "from" else RIGHT
    return {
        "name": name,
        "text": f"{words.shorten(name, 28)} ({count})",
        "members": count,
        "colour": colour,
        "side": side,
        "x": left,
        "x2": left + BAR,
        "y": round(top, 1),
        "y2": round(top + height, 1),
        "middle": round(top + height / 2, 1),
        "beside": left - 6 if side == "from" else left + BAR + 6,
        "align": "right" if side == "from" else "left",
    }


def _bands(flows: list[dict[str, Any]], bars: list[dict[str, dict[str, Any]]]) -> list[list[dict[str, Any]]]:
    """Each flow as a band, edge by edge along a smooth step."""
    steps = np.linspace(0, 1, 25)
    bend = steps**2 * (3 - 2 * steps)
    scale = _scale(flows)
    used = [{name: bar["y"] for name, bar in side.items()} for side in bars]
    answer = []
    for number, flow in enumerate(flows):
        start, end = used[0][flow["from"]], used[1][flow["to"]]
        height = flow["members"] * scale
        used[0][flow["from"]] += height
        used[1][flow["to"]] += height
        answer.append([_edge(number, flow, step, start + (end - start) * part, height)
                       for step, part in zip(steps, bend, strict=True)])  # fmt: skip
    return answer


def _edge(number: int, flow: Mapping[str, Any], step: float, top: float, height: float) -> dict[str, Any]:
    colour = flow["from_colour"] if flow["from"] != BORN else flow["to_colour"]
    return {
        "band": number,
        "said": _words(flow),
        "which": flow["which"],
        "colour": colour,
        "opacity": DENSE if flow["stable"] == "yes" else PALE,
        "x": round(LEFT + BAR + step * (RIGHT - LEFT - BAR), 1),
        "y": round(float(top), 1),
        "y2": round(float(top + height), 1),
    }


def _ribbons() -> Any:
    import altair as alt

    return (
        alt.Chart(alt.NamedData("bands"))
        .mark_area()
        .encode(
            x=alt.X("x:Q", scale=None, axis=None),
            y=alt.Y("y:Q", scale=None, axis=None),
            y2="y2:Q",
            detail="band:N",
            fill=alt.Fill("colour:N", scale=None),
            fillOpacity=alt.FillOpacity("opacity:Q", scale=None),
            tooltip=[alt.Tooltip("said:N", title="Members"), alt.Tooltip("which:N", title="Which")],
        )
    )


def _blocks() -> Any:
    import altair as alt

    return (
        alt.Chart(alt.NamedData("bars"))
        .mark_rect()
        .encode(
            x=alt.X("x:Q", scale=None, axis=None),
            x2="x2:Q",
            y=alt.Y("y:Q", scale=None, axis=None),
            y2="y2:Q",
            fill=alt.Fill("colour:N", scale=None),
            tooltip=[alt.Tooltip("name:N", title="Space"), alt.Tooltip("members:Q", title="Members")],
        )
    )


def _texts() -> list[Any]:
    import altair as alt

    names = (
        alt.Chart(alt.NamedData("bars"))
        .mark_text(align=alt.expr("datum.align"), baseline="middle", fontSize=12, color=palette.INK)
        .encode(
            x=alt.X("beside:Q", scale=None, axis=None),
            y=alt.Y("middle:Q", scale=None, axis=None),
            text="text:N",
        )
    )
    heads = (
        alt.Chart(alt.NamedData("heads"))
        .mark_text(align="center", baseline="top", fontSize=13, fontWeight="bold", dx=BAR / 2, color=palette.INK)
        .encode(x=alt.X("x:Q", scale=None, axis=None), y=alt.value(0), text="text:N")
    )
    return [names, heads]
