"""Pajek: the network (.net), its communities (.clu) and the nodes' strength (.vec).

Letters outside ASCII are written as ``&#233;``, which Pajek reads (from 2.00) and shows as they are.
"""

from __future__ import annotations

from collections.abc import Iterator

from ingest.engine import records_of
from observatory.export.graph import Content, Graph
from observatory.export.letters import number, on_one_line

#: Pajek's own line ends.
END = "\r\n"


def files(content: Content) -> Iterator[tuple[str, bytes]]:
    """Write three files a network; nodes have the same numbers in all."""
    for graph in content.graphs:
        count = f"*Vertices {len(graph.nodes)}"
        # 0 is Pajek's usual number for what belongs to no class.
        classes = [str(int(one) + 1) for one in graph.nodes["community"].fillna(-1)]
        yield f"{graph.name}.net", _text([count, *_vertices(graph), "*Edges", *_edges(graph)])
        yield f"{graph.name}.clu", _text([count, *classes])
        yield f"{graph.name}.vec", _text([count, *(number(one) for one in graph.nodes["strength"])])


def _text(lines: list[str]) -> bytes:
    return "".join(line + END for line in lines).encode("ascii")


def _vertices(graph: Graph) -> list[str]:
    return [
        f'{place} "{_label(str(row["label"]), str(row["node"]))}" {row["x"]:.4f} {row["y"]:.4f} 0.5000'
        for place, row in enumerate(records_of(graph.nodes), start=1)
    ]


def _label(label: str, node: str) -> str:
    """Write the label with the code, so that no two nodes have the same one.

    Examples
    --------
    >>> _label("Île-de-France", "FR10")
    '&#206;le-de-France (FR10)'
    """
    text = on_one_line(f"{label} ({node})").replace("&#", "&#38;#")
    return "".join(letter if ord(letter) < 128 else f"&#{ord(letter)};" for letter in text)


def _edges(graph: Graph) -> list[str]:
    place = {node: number for number, node in enumerate(graph.nodes["node"], start=1)}
    return [f"{place[row['source']]} {place[row['target']]} {number(row['weight'])}" for row in records_of(graph.links)]
