"""VOSviewer's JSON: a map of items with clusters, weights and links, in the report's colours.

Fields as in the documentation of VOSviewer Online, file types, "VOSviewer JSON files".
"""

from __future__ import annotations

import html
import json
from collections.abc import Iterator, Mapping
from typing import Any

from ingest.engine import records_of
from observatory.export.graph import Content, Graph, space_names
from observatory.export.letters import known

#: VOSviewer takes clusters numbered from 1 to this.
CLUSTERS = 1000


def files(content: Content) -> Iterator[tuple[str, bytes]]:
    """Write a file a network."""
    for graph in content.graphs:
        made = document(graph, space_names(content.material, graph))
        yield f"{graph.name}.json", (json.dumps(made, ensure_ascii=False, indent=1) + "\n").encode()


def document(graph: Graph, names: Mapping[int, str]) -> dict[str, Any]:
    """Gather what the file holds.

    Parameters
    ----------
    names
        The name of each community.
    """
    rows = records_of(graph.nodes)
    colours = {int(row["community"]): row["colour"] for row in rows if known(row["community"])}
    kept = [one for one in sorted(colours) if one < CLUSTERS]
    nodes = f"{graph.kind}s"
    return {
        "network": {
            "items": [_item(row) for row in rows],
            "links": [
                {"source_id": row["source"], "target_id": row["target"], "strength": float(row["weight"])}
                for row in records_of(graph.links)
            ],
            "clusters": [{"cluster": one + 1, "label": names[one]} for one in kept],
        },
        "config": {
            "color_schemes": {"cluster_colors": [{"cluster": one + 1, "color": colours[one]} for one in kept]},
            "parameters": {"item_size": 1, "item_color": 1, "largest_component": False},
            "terminology": {"item": graph.kind, "items": nodes, "cluster": "space", "clusters": "spaces"},
        },
        "info": {"title": graph.title, "description": html.escape(f"{graph.title}. Made with linkages.")},
    }


def _item(row: Mapping[str, Any]) -> dict[str, Any]:
    """One item; its description is HTML, so that what comes from data is escaped."""
    said = [("Code", row["node"]), ("Space", row["space"]), ("Role", row["role"]), ("Clusters", row.get("clusters"))]
    item: dict[str, Any] = {
        "id": row["node"],
        "label": row["label"],
        "description": "<br>".join(f"{name}: {html.escape(str(value))}" for name, value in said if known(value)),
        "x": float(row["x"]),
        "y": round(1 - float(row["y"]), 4),
        "weights": {"Strength": float(row["strength"]), "Links": int(row["links"])},
    }
    if known(row["community"]) and int(row["community"]) < CLUSTERS:
        item["cluster"] = int(row["community"]) + 1
    scores = {"Stability": "stability", "Industries of high tier": "stars_high", "of medium tier": "stars_medium"}
    if found := {name: float(row[key]) for name, key in scores.items() if key in row and known(row[key])}:
        item["scores"] = found
    return item
