"""A map of NUTS2 regions coloured by space."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ingest.nuts import region_name
from observatory.figures import palette, sheet
from observatory.figures.shapes import HEIGHT, WIDTH, Ground, ground

if TYPE_CHECKING:
    import altair as alt

#: A region that stays with its space in fewer replicates than this is drawn paler.
UNSURE = 0.5


def nuts_map(
    regions: pd.DataFrame,
    *,
    title: str,
    subtitle: str,
    source: str,
    names: Mapping[int, str] | None = None,
    value_name: str = "linkages",
    arcs: pd.DataFrame | None = None,
    shapes: str | Path | None = None,
    kind: str = "space",
    nothing: str | None = None,
    value_format: str = ",.0f",
    colours: Mapping[int, str] | None = None,
) -> alt.VConcatChart:
    """Colour regions by their space; draw the strongest links between them where asked.

    Parameters
    ----------
    regions
        ``region`` (NUTS2 code), ``group`` (position of the space, 0 = largest; empty for none), ``label``
        (the region's name), ``value`` (the unit is ``value_name``); ``stability`` (0-1) where known.
    title, subtitle, source
        What is seen; unit and period; whose data and under which terms.
    names
        Names of the spaces by position.
    arcs
        ``source``, ``target`` (regions), ``weight``: links to be drawn.
    shapes
        A GeoJSON file of official shapes; the approximate ones that come with the install when None.
    kind
        What the groups are called.
    nothing
        What stands for regions in no group.
    value_format
        How the value is written, in D3's words.
    colours
        Colours of groups that are no spaces, by position.

    Raises
    ------
    ValueError
        A column is missing.
    BadInput
        The file of shapes cannot be used.

    Examples
    --------
    >>> table = pd.DataFrame({"region": ["DK01"], "group": [0], "label": ["Hovedstaden"], "value": [12.0]})
    >>> chart = nuts_map(table, title="Spaces", subtitle="linkages, 2000-2007", source="invented")
    >>> "approximate" in chart.usermeta["source"]
    True
    """
    import altair as alt

    sheet.need(regions, ("region", "group", "label", "value"), "regions")
    land, nothing = ground(shapes), nothing or f"in no {kind}"
    data = regions.sort_values("region", kind="stable")
    drawn = {
        "neighbours": [_shape(geometry) for geometry in land.neighbours.values()],
        "boxes": [_shape(_rectangle(box), name=box["name"]) for box in land.boxes],
        "names": [{"name": box["name"], "x": box["x"] + 4, "y": box["y"] + 4} for box in land.boxes],
        "regions": [_shape(geometry, code=code) for code, geometry in land.regions.items()],
        "table": _told_all(land, data, names, nothing),
        "links": _arcs(land, arcs),
    }
    drawn["ends"] = _ends(land, drawn["links"])
    layers = [*_ground(), _regions(drawn["table"], data, names, value_name, kind, nothing, value_format, colours or {})]
    layers += _links(value_name) if drawn["links"] else []
    chart = alt.layer(*layers, view=alt.ViewConfig(fill=palette.SEA)).properties(width=WIDTH, height=HEIGHT)
    return sheet.lay(
        chart,
        title=title,
        subtitle=subtitle,
        source=" ".join([source, land.note, *_unseen(land, data, arcs)]),
        alt_text=_words(title, data, names, kind, nothing),
        data=_kept(data, names, kind, nothing),
        units={"value": value_name, "share": "0 to 1", "stability": "0 to 1"},
        width=WIDTH,
        drawn=drawn,
    )


def _named(space: int | None, names: Mapping[int, str] | None, nothing: str) -> str:
    return nothing if space is None else palette.space_name(space, names)


def _kept(data: pd.DataFrame, names: Mapping[int, str] | None, kind: str, nothing: str) -> pd.DataFrame:
    """The table with the legend's words for the number of a group."""
    said = [sheet.on_one_line(_named(space, names, nothing)) for space in sheet.spaces_of(data["group"])]
    return data.assign(group=said).rename(columns={"group": kind})


def _words(title: str, data: pd.DataFrame, names: Mapping[int, str] | None, kind: str, nothing: str) -> str:
    count: dict[str, int] = {}
    for space in sorted(sheet.spaces_of(data["group"]), key=lambda space: (space is None, space)):
        name = _named(space, names, nothing)
        count[name] = count.get(name, 0) + 1
    return f"Map. {title}. Regions by {kind}: " + ", ".join(f"{name} {n}" for name, n in count.items()) + "."


def _unseen(land: Ground, data: pd.DataFrame, arcs: pd.DataFrame | None) -> list[str]:
    """Say which rows of the table are not on the map."""
    missing = sorted({str(region) for region in data["region"]} - set(land.regions))
    more = f" and {len(missing) - 12} more" if len(missing) > 12 else ""
    said = [f"Not on the map, for want of a shape: {', '.join(missing[:12])}{more}."] if missing else []
    if arcs is not None and (lost := len(arcs) - len(_arcs(land, arcs))):
        said.append(f"{lost} links to places without a shape are not drawn.")
    return said


def _shape(geometry: dict[str, Any], **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _layer(name: str, **mark: Any) -> alt.Chart:
    import altair as alt

    chart: alt.Chart = alt.Chart(alt.NamedData(name)).mark_geoshape(clip=True, **mark)
    return chart.project(type="identity", scale=1, translate=[0, 0])


def _ground() -> list[alt.Chart]:
    import altair as alt

    words = (
        alt.Chart(alt.NamedData("names"))
        .mark_text(align="left", baseline="top", fontSize=9, color=palette.INK)
        .encode(text="name:N", longitude="x:Q", latitude="y:Q")
        .project(type="identity", scale=1, translate=[0, 0])
    )
    land = _layer("neighbours", fill=palette.NEIGHBOUR, stroke="#C9C5BA", strokeWidth=0.4)
    return [land, _layer("boxes", fill=palette.SEA, stroke="#B5BFC7", strokeWidth=0.8), words]


def _rectangle(box: Mapping[str, Any]) -> dict[str, Any]:
    left, top, right, bottom = box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"]
    corners = [[left, top], [right, top], [right, bottom], [left, bottom], [left, top]]
    return {"type": "Polygon", "coordinates": [corners]}


def _told_all(land: Ground, data: pd.DataFrame, names: Mapping[int, str] | None, nothing: str) -> list[dict[str, Any]]:
    """What is to be said of each region; apart from its shape, which all maps on a page can then share."""
    known: dict[str, dict[Any, Any]] = {row["region"]: row for row in data.to_dict("records")}
    return [_told(code, known.get(code, {"group": None}), names, nothing) for code in land.regions]


def _regions(
    drawn: list[dict[str, Any]],
    data: pd.DataFrame,
    names: Mapping[int, str] | None,
    value_name: str,
    kind: str,
    nothing: str,
    value_format: str,
    own: Mapping[int, str],
) -> alt.Chart:
    import altair as alt

    present = [*sheet.spaces_of(data["group"]), None]
    domain, colours = palette.legend(present, names)
    ordered = sorted({space for space in present if space is not None})
    colours = [*(own.get(space, palette.hue(space)) for space in ordered), colours[-1]]
    domain = [*domain[:-1], nothing]
    unsure = any(row["unsure"] for row in drawn)
    title = kind.capitalize() + (f" (paler: stability under {UNSURE})" if unsure else "")
    told = alt.LookupData(alt.NamedData("table"), "region", ["region", "label", "space", "value", "unsure"])
    shapes = _layer("regions", stroke="white", strokeWidth=0.5).transform_lookup("properties.code", told)
    none = json.dumps(f"no {value_name} in these data")
    shapes = shapes.transform_calculate(
        said=f"isValid(datum.value) ? format(datum.value, {json.dumps(value_format)}) : {none}"
    )
    return shapes.encode(
        fill=alt.Fill(
            "space:N",
            scale=alt.Scale(domain=list(domain), range=list(colours)),
            legend=alt.Legend(title=title, orient="right", symbolStrokeWidth=0, symbolType="square"),
        ),
        fillOpacity=alt.condition("datum.unsure", alt.value(0.45), alt.value(1)),
        tooltip=[
            alt.Tooltip("region:N", title="Region"),
            alt.Tooltip("label:N", title="Name"),
            alt.Tooltip("space:N", title=kind.capitalize()),
            alt.Tooltip("said:N", title=value_name[:1].upper() + value_name[1:]),
        ],
    )


def _told(code: str, row: Mapping[Any, Any], names: Mapping[int, str] | None, nothing: str) -> dict[str, Any]:
    space = sheet.space_of(row["group"])
    stability, value = row.get("stability"), row.get("value")
    sure = space is None or stability is None or bool(pd.isna(stability)) or float(stability) >= UNSURE
    return {
        "region": code,
        # A region that the table lacks is drawn as well, and has a name.
        "label": row.get("label") or region_name(code),
        "space": _named(space, names, nothing),
        "value": None if value is None or pd.isna(value) else float(value),
        "unsure": not sure,
    }


def _arcs(land: Ground, arcs: pd.DataFrame | None) -> list[dict[str, Any]]:
    if arcs is None:
        return []
    sheet.need(arcs, ("source", "target", "weight"), "arcs")
    ordered = arcs.sort_values(["weight", "source", "target"], kind="stable")
    return [
        _shape(
            {"type": "LineString", "coordinates": _bow(land.points[a], land.points[b])},
            ends=[a, b],
            weight=float(weight),
        )
        for a, b, weight in ordered[["source", "target", "weight"]].itertuples(index=False)
        if a in land.points and b in land.points
    ]


def _ends(land: Ground, links: list[dict[str, Any]]) -> list[dict[str, Any]]:
    codes = sorted({code for link in links for code in link["properties"]["ends"]})
    return [{"region": code, "x": land.points[code][0], "y": land.points[code][1]} for code in codes]


def _bow(start: tuple[float, float], end: tuple[float, float]) -> list[list[float]]:
    """A curve that leaves the straight line by an eighth of its length, drawn west to east."""
    a, b = sorted([np.array(start), np.array(end)], key=lambda spot: tuple(spot))
    top = (a + b) / 2 + np.array([b[1] - a[1], a[0] - b[0]]) / 4
    steps = np.linspace(0, 1, 13)[:, None]
    curve: list[list[float]] = ((1 - steps) ** 2 * a + 2 * steps * (1 - steps) * top + steps**2 * b).round(1).tolist()
    return curve


def _links(value_name: str) -> list[alt.Chart]:
    import altair as alt

    legend = alt.Legend(title=f"Links drawn ({value_name})", format=",.0f", tickCount=3, symbolType="stroke")
    lines = _layer("links", filled=False, stroke=palette.INK, strokeOpacity=0.55).encode(
        strokeWidth=alt.StrokeWidth("properties.weight:Q", scale=alt.Scale(range=[0.6, 5]), legend=legend),
        tooltip=[
            alt.Tooltip("properties.ends:N", title="Link"),
            alt.Tooltip("properties.weight:Q", title=value_name.capitalize(), format=",.0f"),
        ],
    )
    dots = (
        alt.Chart(alt.NamedData("ends"))
        .mark_circle(size=16, color=palette.INK, opacity=1)
        .encode(longitude="x:Q", latitude="y:Q")
        .project(type="identity", scale=1, translate=[0, 0])
    )
    return [lines, dots]
