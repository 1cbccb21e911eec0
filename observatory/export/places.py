"""Regions and the links between them on the earth: rows with a geometry, for GeoJSON and GeoParquet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ingest.engine import records_of
from observatory.export.graph import Content, Graph
from observatory.export.letters import known
from observatory.figures.shapes import Outlines, outlines

#: What is said of the attributes' terms.
TERMS = "Attributes: the study's own results; the terms of its sources apply."
PARTS = "A larger unit, or a group, is the polygons of its NUTS2 regions, not dissolved."

Geometry = dict[str, Any] | None


@dataclass(frozen=True)
class Layer:
    """One layer of a map.

    Attributes
    ----------
    name
        The network, with ``_links`` for its links.
    title, terms
        What it shows; licence of the borders and of the rest.
    rows
        Attributes of each feature, the same in all; what is not known is None.
    geometries
        A GeoJSON geometry for each, None where the place has no outline (third countries).
    """

    name: str
    title: str
    terms: str
    rows: list[dict[str, Any]]
    geometries: list[Geometry]


def layers(content: Content) -> Iterator[Layer]:
    """Give two layers for each network of regions: the regions, and the links as straight lines."""
    shapes = content.material.shapes
    land = outlines(str(shapes) if shapes else None)
    settings = content.material.settings
    groups: Mapping[str, list[str]] = settings["groups"]["regions"]
    larger = settings["region_level"] in ("nuts0", "nuts1")
    terms = f"{land.note} {TERMS}" + (f" {PARTS}" if groups or larger else "")
    for graph in content.graphs:
        if graph.level == "region":
            members = {node: _members(node, land, groups, larger) for node in graph.nodes["node"]}
            yield Layer(graph.name, graph.title, terms, _regions(graph), [_area(m, land) for m in members.values()])
            yield _links(graph, terms, {node: _spot(m, land) for node, m in members.items()})


def _members(node: str, land: Outlines, groups: Mapping[str, list[str]], larger: bool) -> list[str]:
    """List the outlined regions that a node is made of."""
    inside = groups.get(node, [node])
    if larger:
        return [code for code in land.regions if code.startswith(tuple(inside))]
    return [code for one in inside for code in land.regions if code == one or (one != node and code.startswith(one))]


def _area(members: list[str], land: Outlines) -> Geometry:
    parts = [part for code in members for part in land.regions[code]["coordinates"]]
    return {"type": "MultiPolygon", "coordinates": parts} if parts else None


def _spot(members: list[str], land: Outlines) -> tuple[float, float] | None:
    return land.points[members[0]] if members else None


def _regions(graph: Graph) -> list[dict[str, Any]]:
    keys = [str(key) for key in graph.nodes if key not in ("x", "y")]
    return [{key: _plain(row[key]) for key in keys} for row in records_of(graph.nodes)]


def _links(graph: Graph, terms: str, spots: Mapping[str, tuple[float, float] | None]) -> Layer:
    label = dict(zip(graph.nodes["node"], graph.nodes["label"], strict=True))
    rows, lines = [], []
    for row in records_of(graph.links):
        ends = [str(row[end]) for end in ("source", "target")]
        names = dict(zip(("source_label", "target_label"), (label[end] for end in ends), strict=True))
        rows.append({str(key): _plain(value) for key, value in row.items()} | names)
        one, other = (spots[end] for end in ends)
        lines.append({"type": "LineString", "coordinates": [list(one), list(other)]} if one and other else None)
    return Layer(f"{graph.name}_links", graph.title, terms, rows, lines)


def _plain(value: Any) -> Any:
    """Python's own kinds, None for what is not known."""
    value = value.item() if hasattr(value, "item") else value
    return value if value == "" or known(value) else None
