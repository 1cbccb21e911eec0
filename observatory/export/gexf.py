"""GEXF 1.3 for Gephi: a file a network, and one for all periods together, in which the timeline runs.

Written here because networkx stamps the day into its GEXF and cannot let a link's weight change with time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any
from xml.etree import ElementTree

from ingest.engine import records_of
from observatory.export.graph import Content, Graph
from observatory.export.letters import for_xml, known, number

SPACE = "http://gexf.net/1.3"
VIZ = f"{SPACE}/viz"
#: Attribute → type. Those of the second group change from period to period.
NODE = {
    "community": "integer", "space": "string", "stability": "double", "role": "string", "strength": "double",
    "links": "integer", "stars_high": "integer", "stars_medium": "integer", "stars_basic": "integer",
    "clusters": "string",
}  # fmt: skip
LASTING = ("stars_high", "stars_medium", "stars_basic", "clusters")
LINK = {"events": "integer", "expected": "double", "association": "double", "p": "double", "q": "double"}
#: Side of Gephi's sheet, and the sizes of the weakest and the strongest node there.
SIDE, SMALL, LARGE = 1000, 8, 60

Span = tuple[float, float]


def files(content: Content) -> Iterator[tuple[str, bytes]]:
    """Write each network, and each level and source through its periods."""
    for graph in content.graphs:
        yield f"{graph.name}.gexf", document([(None, graph)])
    for (level, source), same in groupby(sorted(content.graphs, key=_of), key=_of):
        graphs = list(same)
        if len(graphs) > 1 and level != "cross-industry":
            yield f"{level}__{source}.gexf", document(list(zip(spans(graphs), graphs, strict=True)))


def _of(graph: Graph) -> tuple[str, str]:
    return graph.level, graph.source


def spans(graphs: Sequence[Graph]) -> list[Span]:
    """Give each network's time: from its first year to the end of its last, or to where the next begins.

    Networks are in the order of their periods. Gephi cannot tell two values at one time: a year that two
    periods share belongs to the later one.
    """
    starts = [graph.years[0] for graph in graphs]
    ends = [graph.years[1] + 1 for graph in graphs]
    return [
        (float(start), float(min(end, *starts[place + 1 : place + 2], end)))
        for place, (start, end) in enumerate(zip(starts, ends, strict=True))
    ]


def document(graphs: Sequence[tuple[Span | None, Graph]]) -> bytes:
    """Write one GEXF file: of a single network, or of several with the time of each."""
    moving = graphs[0][0] is not None
    root = ElementTree.Element("gexf", {"xmlns": SPACE, "xmlns:viz": VIZ, "version": "1.3"})
    meta = ElementTree.SubElement(root, "meta")
    ElementTree.SubElement(meta, "creator").text = "linkages"
    ElementTree.SubElement(meta, "description").text = for_xml("; ".join(graph.title for _, graph in graphs))
    how = {"defaultedgetype": "undirected", "idtype": "string", "mode": "dynamic" if moving else "static"}
    if moving:
        how |= {"timeformat": "double", "timerepresentation": "interval"}
        how |= {"start": number(graphs[0][0][0]), "end": number(graphs[-1][0][1])}  # type: ignore[index]
    whole = ElementTree.SubElement(root, "graph", how)
    present = {column for _, graph in graphs for column in graph.nodes}
    own = {name: kind for name, kind in NODE.items() if name in present}
    _declare(whole, "node", {n: k for n, k in own.items() if not moving or n in LASTING}, "static")
    if moving:
        _declare(whole, "node", {n: k for n, k in own.items() if n not in LASTING}, "dynamic")
        # Gephi takes an attribute of this id for the weight of the link at each time.
        _declare(whole, "edge", {"weight": "double", **LINK}, "dynamic")
    else:
        _declare(whole, "edge", LINK, "static")
    _nodes(whole, graphs, own)
    _links(whole, graphs)
    ElementTree.indent(root, " ")
    written: bytes = ElementTree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return written + b"\n"


def _declare(whole: ElementTree.Element, what: str, kinds: Mapping[str, str], mode: str) -> None:
    if not kinds:
        return
    parent = ElementTree.SubElement(whole, "attributes", {"class": what, "mode": mode})
    for name, kind in kinds.items():
        title = "Weight" if name == "weight" else name
        ElementTree.SubElement(parent, "attribute", {"id": name, "title": title, "type": kind})


Found = dict[Any, list[tuple[Span | None, dict[str, Any]]]]


def _nodes(whole: ElementTree.Element, graphs: Sequence[tuple[Span | None, Graph]], kinds: Mapping[str, str]) -> None:
    parent = ElementTree.SubElement(whole, "nodes")
    most = max([float(one) for _, graph in graphs for one in graph.nodes["strength"]], default=0.0) or 1.0
    found: Found = {}
    for span, graph in graphs:
        for row in records_of(graph.nodes):
            found.setdefault(str(row["node"]), []).append((span, row))
    for node, rows in sorted(found.items()):
        last = rows[-1][1]
        one = ElementTree.SubElement(parent, "node", {"id": for_xml(node), "label": for_xml(str(last["label"]))})
        _values(one, rows, kinds)
        _spells(one, rows)
        _seen(one, last, max(float(row["strength"]) for _, row in rows) / most)


def _links(whole: ElementTree.Element, graphs: Sequence[tuple[Span | None, Graph]]) -> None:
    parent = ElementTree.SubElement(whole, "edges")
    found: Found = {}
    for span, graph in graphs:
        for row in records_of(graph.links):
            found.setdefault((str(row["source"]), str(row["target"])), []).append((span, row))
    for place, ((source, target), rows) in enumerate(sorted(found.items())):
        ends = {"id": str(place), "source": for_xml(source), "target": for_xml(target)}
        weight = max(float(row["weight"]) for _, row in rows)
        one = ElementTree.SubElement(parent, "edge", {**ends, "weight": number(weight)})
        moving = rows[0][0] is not None
        _values(one, rows, {"weight": "double", **LINK} if moving else LINK)
        _spells(one, rows)


def _values(
    parent: ElementTree.Element, rows: Sequence[tuple[Span | None, dict[str, Any]]], kinds: Mapping[str, str]
) -> None:
    values = ElementTree.SubElement(parent, "attvalues")
    for name, kind in kinds.items():
        for span, row in rows if name not in LASTING else rows[-1:]:
            if known(row.get(name)):
                said = for_xml(str(row[name])) if kind == "string" else number(row[name])
                ElementTree.SubElement(values, "attvalue", {"for": name, "value": said, **_time(span, name)})


def _time(span: Span | None, name: str = "") -> dict[str, str]:
    return {} if span is None or name in LASTING else {"start": number(span[0]), "end": number(span[1])}


def _spells(parent: ElementTree.Element, rows: Sequence[tuple[Span | None, dict[str, Any]]]) -> None:
    if rows[0][0] is None:
        return
    spells = ElementTree.SubElement(parent, "spells")
    for span, _ in rows:
        ElementTree.SubElement(spells, "spell", _time(span))


def _seen(parent: ElementTree.Element, row: Mapping[str, Any], share: float) -> None:
    """Say where a node stands, how large it is by the root of its strength, and in which colour."""
    parts = (int(str(row["colour"])[place : place + 2], 16) for place in (1, 3, 5))
    ElementTree.SubElement(parent, "viz:color", dict(zip("rgb", map(str, parts), strict=True)))
    # Gephi counts upwards, figures downwards.
    across, up = (round((float(row[axis]) - 0.5) * SIDE * way, 1) for axis, way in (("x", 1), ("y", -1)))
    ElementTree.SubElement(parent, "viz:position", {"x": number(across), "y": number(up), "z": "0"})
    size = round(SMALL + (LARGE - SMALL) * share**0.5, 1)
    ElementTree.SubElement(parent, "viz:size", {"value": number(size)})
