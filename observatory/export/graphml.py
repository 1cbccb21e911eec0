"""GraphML with typed attributes, for igraph, networkx, Gephi, yEd and Cytoscape."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any

from ingest.engine import records_of
from observatory.export.graph import Content, Graph
from observatory.export.letters import for_xml, known


def files(content: Content) -> Iterator[tuple[str, bytes]]:
    """Write a file a network."""
    for graph in content.graphs:
        yield f"{graph.name}.graphml", document(graph)


def document(graph: Graph) -> bytes:
    """Write one network."""
    import networkx

    made = networkx.Graph(title=for_xml(graph.title), level=graph.level, of=graph.source, period=graph.period)
    for row in records_of(graph.nodes):
        # The code again as an attribute: igraph for R keeps ids as `id`, and `name` as the name.
        said = {"name": row["node"], **{key: value for key, value in row.items() if key != "node"}}
        made.add_node(for_xml(str(row["node"])), **_plain(said))
    for row in records_of(graph.links):
        ends = for_xml(str(row["source"])), for_xml(str(row["target"]))
        made.add_edge(*ends, **_plain({key: row[key] for key in row if key not in ("source", "target")}))
    buffer = BytesIO()
    networkx.write_graphml_xml(made, buffer, encoding="utf-8", prettyprint=True)
    return buffer.getvalue() + b"\n"


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """Python's own kinds, words fit for XML; what is not known is left out."""
    said = {key: value.item() if hasattr(value, "item") else value for key, value in row.items() if known(value)}
    return {key: for_xml(value) if isinstance(value, str) else value for key, value in said.items()}
