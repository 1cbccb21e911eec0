"""Every format read back by a reader that did not write it."""

import json
import math
from xml.etree import ElementTree

import igraph
import networkx
import pandas as pd
import pytest

from observatory.export.formats import files
from observatory.export.gexf import spans
from observatory.export.letters import for_xml, on_one_line

NETWORKS = ["sector__all__2007-2014", "region__all__2007-2014", "sector__deal__2000-2007"]


def written(name, content, tmp_path):
    for file, held in files(name, content):
        (tmp_path / file).write_bytes(held)
    return tmp_path


def graph_of(content, name):
    return next(graph for graph in content.graphs if graph.name == name)


def pairs(graph):
    return {(a, b): w for a, b, w in graph.links[["source", "target", "weight"]].itertuples(index=False)}


@pytest.fixture(params=["content", "odd"])
def either(request):
    return request.getfixturevalue(request.param)


@pytest.mark.parametrize("name", NETWORKS)
def test_networkx_reads_gexf(name, either, tmp_path):
    graph = graph_of(either, name)
    read = networkx.read_gexf(written("gexf", either, tmp_path) / f"{name}.gexf", version="1.3")
    assert set(read.nodes) == set(graph.nodes["node"])
    assert {tuple(sorted(ends)): data["weight"] for *ends, data in read.edges(data=True)} == pairs(graph)
    for row in graph.nodes.itertuples():
        node = read.nodes[row.node]
        assert node["label"] == for_xml(row.label)
        assert node.get("community") == (None if pd.isna(row.community) else row.community)
        assert node["strength"] == row.strength
        colour = node["viz"]["color"]
        assert "#{:02X}{:02X}{:02X}".format(*(colour[part] for part in "rgb")) == row.colour.upper()
        assert node["viz"]["position"]["x"] == pytest.approx((row.x - 0.5) * 1000, abs=0.06)
        assert node["viz"]["position"]["y"] == pytest.approx((0.5 - row.y) * 1000, abs=0.06)
        assert 8 <= node["viz"]["size"] <= 60
    for a, b, q in graph.links[["source", "target", "q"]].itertuples(index=False):
        assert read.edges[a, b].get("q", math.nan) == pytest.approx(q, nan_ok=True)


def test_the_moving_gexf_has_each_period_at_its_time(content, tmp_path):
    written("gexf", content, tmp_path)
    root = ElementTree.parse(tmp_path / "sector__all.gexf").getroot()
    space = {"g": "http://gexf.net/1.3"}
    graphs = [graph_of(content, f"sector__all__{period}") for period in ("2000-2007", "2007-2014")]
    assert spans(graphs) == [(2000.0, 2007.0), (2007.0, 2015.0)]
    for graph, (start, end) in zip(graphs, spans(graphs), strict=True):
        found = {}
        for edge in root.iterfind(".//g:edge", space):
            for value in edge.iterfind("g:attvalues/g:attvalue", space):
                if value.get("for") == "weight" and float(value.get("start")) == start:
                    assert float(value.get("end")) == end
                    found[edge.get("source"), edge.get("target")] = float(value.get("value"))
        assert found == pairs(graph)
        alive = {
            node.get("id")
            for node in root.iterfind(".//g:node", space)
            for spell in node.iterfind("g:spells/g:spell", space)
            if float(spell.get("start")) == start
        }
        assert alive == set(graph.nodes["node"])
    assert root.find("g:graph", space).get("mode") == "dynamic"
    read = networkx.read_gexf(tmp_path / "sector__all.gexf", version="1.3")
    assert set(read.nodes) == {node for graph in graphs for node in graph.nodes["node"]}
    # Where a sector stands is the same in both periods and in the file of both.
    alone = networkx.read_gexf(tmp_path / "sector__all__2000-2007.gexf", version="1.3")
    assert all(read.nodes[node]["viz"]["position"] == alone.nodes[node]["viz"]["position"] for node in alone)


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.filterwarnings("ignore:Could not add vertex ids")
def test_igraph_reads_graphml(name, either, tmp_path):
    graph = graph_of(either, name)
    read = igraph.Graph.Read_GraphML(str(written("graphml", either, tmp_path) / f"{name}.graphml"))
    assert not read.is_directed()
    assert read.vs["name"] == list(graph.nodes["node"])
    assert read.vs["label"] == [for_xml(label).replace("\r", "\n") for label in graph.nodes["label"]]
    assert read.vs["strength"] == list(graph.nodes["strength"])
    found = {tuple(sorted((read.vs[e.source]["name"], read.vs[e.target]["name"]))): e["weight"] for e in read.es}
    assert found == pairs(graph)
    if len(graph.links):
        assert all(isinstance(one, float) for one in read.es["association"])
        assert {*read.vs["space"]} == {*graph.nodes["space"]}


@pytest.mark.parametrize("name", NETWORKS)
def test_networkx_reads_graphml_with_its_types(name, content, tmp_path):
    read = networkx.read_graphml(written("graphml", content, tmp_path) / f"{name}.graphml")
    node = next(iter(read.nodes.values()))
    assert isinstance(node["links"], int) and isinstance(node["strength"], float) and isinstance(node["space"], str)


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("reader", ["networkx", "igraph"])
def test_networkx_and_igraph_read_pajek(name, reader, either, tmp_path):
    from html import unescape

    graph = graph_of(either, name)
    folder = written("pajek", either, tmp_path)
    labels = [on_one_line(f"{row.label} ({row.node})") for row in graph.nodes.itertuples()]
    if reader == "networkx":
        read = networkx.Graph(networkx.read_pajek(folder / f"{name}.net"))
        seen = [unescape(node) for node in read.nodes]
        edges = [(a, b, data["weight"]) for a, b, data in read.edges(data=True)]
        place = {node: number for number, node in enumerate(read.nodes)}
        found = {(place[a], place[b]): float(w) for a, b, w in edges}
    else:
        one = igraph.Graph.Read_Pajek(str(folder / f"{name}.net"))
        seen = [unescape(node) for node in one.vs["name"]]
        found = {(e.source, e.target): e["weight"] for e in one.es} if one.ecount() else {}
    assert seen == labels
    number = {node: place for place, node in enumerate(graph.nodes["node"])}
    assert found == {(number[a], number[b]): w for (a, b), w in pairs(graph).items()}
    classes = (folder / f"{name}.clu").read_text(encoding="ascii").split("\n")[1:-1]
    assert [int(one) - 1 for one in classes] == [int(one) for one in graph.nodes["community"].fillna(-1)]
    vector = (folder / f"{name}.vec").read_text(encoding="ascii").split("\n")[1:-1]
    assert [float(one) for one in vector] == list(graph.nodes["strength"])


#: VOSviewer Online's documentation, "VOSviewer JSON files": the fields that are written, and their types.
VOSVIEWER = {
    "type": "object",
    "required": ["network"],
    "additionalProperties": False,
    "properties": {
        "network": {
            "type": "object",
            "required": ["items", "links"],
            "additionalProperties": False,
            "properties": {
                "items": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": ["id", "label", "x", "y"],
                        "additionalProperties": False,
                        "properties": {
                            "id": {"type": ["string", "integer"]},
                            "label": {"type": "string"},
                            "description": {"type": "string"},
                            "url": {"type": "string"},
                            "x": {"type": "number"},
                            "y": {"type": "number"},
                            "cluster": {"type": "integer", "minimum": 1, "maximum": 1000},
                            "weights": {
                                "type": "object",
                                "additionalProperties": {"type": "number", "minimum": 0},
                            },
                            "scores": {"type": "object", "additionalProperties": {"type": "number"}},
                        },
                    },
                },
                "links": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": ["source_id", "target_id"],
                        "additionalProperties": False,
                        "properties": {
                            "source_id": {"type": ["string", "integer"]},
                            "target_id": {"type": ["string", "integer"]},
                            "strength": {"type": "number", "minimum": 0},
                        },
                    },
                },
                "clusters": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": ["cluster", "label"],
                        "additionalProperties": False,
                        "properties": {"cluster": {"type": "integer"}, "label": {"type": "string"}},
                    },
                },
            },
        },
        "config": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "color_schemes": {
                    "type": "object",
                    "properties": {
                        "cluster_colors": {
                            "type": "array",
                            "items": {
                                "type": "object",
                                "properties": {"color": {"type": "string", "pattern": "^#[0-9A-Fa-f]{6}$"}},
                            },
                        }
                    },
                },
                "parameters": {"type": "object"},
                "terminology": {"type": "object", "additionalProperties": {"type": "string"}},
            },
        },
        "info": {
            "type": "object",
            "additionalProperties": False,
            "properties": {"title": {"type": "string"}, "description": {"type": "string"}},
        },
    },
}


@pytest.mark.parametrize("name", NETWORKS)
def test_vosviewer_has_what_its_documentation_asks(name, either, tmp_path):
    import jsonschema

    graph = graph_of(either, name)
    read = json.loads((written("vosviewer", either, tmp_path) / f"{name}.json").read_text(encoding="utf-8"))
    jsonschema.validate(read, VOSVIEWER)
    items = {item["id"]: item for item in read["network"]["items"]}
    assert {node: item["label"] for node, item in items.items()} == dict(
        zip(graph.nodes["node"], graph.nodes["label"], strict=True)
    )
    found = {(one["source_id"], one["target_id"]): one["strength"] for one in read["network"]["links"]}
    assert found == pairs(graph)
    clusters = {node: item.get("cluster", 0) - 1 for node, item in items.items()}
    assert clusters == dict(zip(graph.nodes["node"], graph.nodes["community"].fillna(-1).astype(int), strict=True))
    assert {one["cluster"] for one in read["network"]["clusters"]} == {c + 1 for c in clusters.values()} - {0}
    # Its descriptions are HTML: nothing from data is markup there.
    html = [item["description"] for item in items.values()] + [read["info"]["description"]]
    assert not any("<script" in text for text in html)


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.filterwarnings("ignore::Warning")
def test_infomap_reads_its_tree_and_clu_with_the_same_communities(name, content, tmp_path):
    from infomap import Infomap

    graph = graph_of(content, name)
    folder = written("infomap", content, tmp_path)
    numbered = dict(enumerate(graph.nodes["node"], start=1))
    place = {node: number for number, node in numbered.items()}
    lengths = []
    for ending in ("tree", "ftree", "clu"):
        made = Infomap(f"--two-level --silent --no-infomap --cluster-data {folder / f'{name}.{ending}'}")
        for node in place.values():
            made.add_node(node)
        for (a, b), weight in pairs(graph).items():
            made.add_link(place[a], place[b], weight)
        made.run()
        modules = {numbered[number]: module for number, module in made.get_modules().items()}
        for one, other in zip(graph.nodes.itertuples(), graph.nodes.iloc[1:].itertuples(), strict=False):
            if pd.notna(one.community) and pd.notna(other.community):
                same = one.community == other.community
                assert (modules[one.node] == modules[other.node]) == same
        lengths.append(made.codelength)
    told = next(
        line for line in (folder / f"{name}.tree").read_text(encoding="utf-8").splitlines() if "codelength" in line
    )
    assert float(told.split()[2]) == pytest.approx(lengths[0], rel=1e-4)
    assert max(lengths) - min(lengths) < 1e-9


def test_infomaps_tree_names_every_node(odd, tmp_path):
    folder = written("infomap", odd, tmp_path)
    for graph in odd.graphs:
        for ending in ("tree", "ftree"):
            lines = (folder / f"{graph.name}.{ending}").read_text(encoding="utf-8").split("\n")
            rows = [line for line in lines if line[:1].isdigit() and '"' in line]
            names = {int(line.rsplit(" ", 1)[1]): line.split('"')[1] for line in rows}
            assert names == {n: on_one_line(label) for n, label in enumerate(graph.nodes["label"], start=1)}


def test_nothing_in_infomaps_files_tells_the_hour(content, tmp_path):
    heads = "".join(path.read_text(encoding="utf-8") for path in written("infomap", content, tmp_path).iterdir())
    assert "started at" not in heads and "completed in" not in heads
