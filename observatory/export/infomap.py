"""Infomap's own files: .tree, .ftree and .clu of a network's communities, with the flow through each.

Infomap writes them itself, given the communities of the run; nodes are numbered as in the Pajek file.
"""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

from observatory.export.graph import Content, Graph
from observatory.export.letters import on_one_line

#: Lines of the head that tell the hour, or how the program was called.
PASSING = ("# started at", "# completed in", "# ./Infomap", "# config fingerprint", "# trials", "# seed")


def files(content: Content) -> Iterator[tuple[str, bytes]]:
    """Write three files a network; a node in no community is a module of its own."""
    for graph in content.graphs:
        for ending, text in _written(graph).items():
            yield f"{graph.name}.{ending}", text.encode()


def _written(graph: Graph) -> dict[str, str]:
    from infomap import Infomap

    if graph.links.empty:
        return _without_links(graph)
    place = {node: number for number, node in enumerate(graph.nodes["node"], start=1)}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of ways to call that a later version will leave
        made = Infomap("--two-level --silent --no-infomap --seed 1")
        for node, label in zip(graph.nodes["node"], graph.nodes["label"], strict=True):
            made.add_node(place[node], on_one_line(str(label)))
        for source, target, weight in graph.links[["source", "target", "weight"]].itertuples(index=False):
            made.add_link(place[source], place[target], float(weight))
        made.initial_partition = dict(zip(place.values(), modules(graph), strict=True))
        made.run()
        with tempfile.TemporaryDirectory() as folder:
            paths = {ending: str(Path(folder) / f"network.{ending}") for ending in ("tree", "ftree", "clu")}
            made.write_tree(paths["tree"])
            made.write_flow_tree(paths["ftree"])
            made.write_clu(paths["clu"])
            return {ending: _lasting(Path(path).read_text(encoding="utf-8")) for ending, path in paths.items()}


def modules(graph: Graph) -> list[int]:
    """Number the module of each node: its community, or one of its own after them."""
    last = int(graph.nodes["community"].max()) if graph.nodes["community"].notna().any() else -1
    found = []
    for community in graph.nodes["community"].fillna(-1):
        last += community < 0
        found.append(int(community) if community >= 0 else int(last))
    return found


def _lasting(text: str) -> str:
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith(PASSING))


def _without_links(graph: Graph) -> dict[str, str]:
    """Nothing flows: every node is a module, written as Infomap writes those without flow."""
    rows = list(enumerate(graph.nodes["label"], start=1))
    tree = "# path flow name node_id\n" + "".join(f'{n}:1 0 "{on_one_line(str(label))}" {n}\n' for n, label in rows)
    clu = "# module level 1\n# node_id module flow\n" + "".join(f"{n} {n} 0\n" for n, _ in rows)
    return {"tree": tree, "ftree": tree + "*Links undirected\n", "clu": clu}
