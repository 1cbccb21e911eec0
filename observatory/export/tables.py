"""The long tables of a run that Parquet, CSV and Stata hold: one row a node, link, member, cluster or cell."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from observatory.export.graph import CLUSTERS, NODES, Content, Graph, mark_of

#: What each table holds, and what each column of any of them is; at most 80 letters, which Stata allows.
HOLD = {
    "nodes": "Sectors and regions of every network, with their communities",
    "links": "Links of every network",
    "change": "Links of the first and the last period compared",
    "spaces": "Members of the collaboration spaces",
    "stars": "Star scores of regions by industry",
    "joint": "Events by pair of sectors and pair of regions",
}
COLUMNS = {
    "network": "Name of the network in the run",
    "level": "What the nodes are: sector, region or cross-industry",
    "of": "Source of the events: all, copatent, deal, alliance, research, production",
    "period": "First and last year",
    "node": "Code of the sector or region",
    "label": "Name of the sector or region",
    "community": "Community, 0 the largest; empty for nodes left out",
    "space": "Letter of the space in the report (regions: group)",
    "stability": "Share of resamplings in which the node stays with its community, 0 to 1",
    "role": "core, member, bridge or left out",
    "strength": "Sum of the weights of the node's links",
    "links": "Number of the node's links",
    "x": "Place in the figures, 0 to 1, rightwards",
    "y": "Place in the figures, 0 to 1, downwards",
    "colour": "Colour of the community in the report",
    "stars_high": "Industries of the region with the tier high",
    "stars_medium": "Industries of the region with the tier medium",
    "stars_basic": "Industries of the region with the tier basic",
    "clusters": "Industries of the region with the tier high or medium",
    "source": "Code of one end, the first in order",
    "source_label": "Name of that end",
    "target": "Code of the other end",
    "target_label": "Name of the other end",
    "weight": "Weight of the link as the study counts",
    "events": "Number of events behind it",
    "expected": "Weight expected from the strengths of the ends, k_i k_j / 2m",
    "association": "Weight over expected weight (association strength)",
    "p": "p of so large a number of events (or of the change) by chance",
    "q": "p after Benjamini and Hochberg",
    "n1": "Events in the first period",
    "n2": "Events in the last period",
    "log_odds": "Log odds ratio, last over first period (Haldane's 0.5)",
    "low": "Lower end of its 95 % interval",
    "high": "Upper end of its 95 % interval",
    "class": "emerging, growing, steady, declining or vanished",
    "id": "Identifier of the space, from its members",
    "name": "Name of the space",
    "strength_inside": "Strength of the member within its space",
    "region": "Code of the region",
    "industry": "Industry",
    "size": "Stars for size",
    "specialisation": "Stars for specialisation",
    "productivity": "Stars for productivity",
    "sme": "Stars for high-growth SMEs",
    "innovation": "Stars for innovation leaders",
    "total": "Sum of the stars",
    "tier": "Tier of the cluster",
    "sector_a": "Code of one sector",
    "sector_b": "Code of the other sector",
    "region_a": "Region of the first sector's side",
    "region_b": "Region of the other sector's side",
}


def tables(content: Content) -> Mapping[str, pd.DataFrame]:
    """Gather the tables of the networks chosen; the joint table and change of their sources and periods.

    Returns
    -------
    Mapping
        The names of :data:`HOLD` → a table, sorted by its keys, with columns of :data:`COLUMNS`.
    """
    graphs = content.graphs
    return {
        "nodes": _stacked([_named(graph, graph.nodes) for graph in graphs], ["node", "label"]),
        "links": _stacked([_named(graph, _labelled(graph, graph.links)) for graph in graphs], ["source", "target"]),
        "change": _change(content),
        "spaces": _spaces(content),
        "stars": _stars(content),
        "joint": _joint(content),
    }


def _named(graph: Graph, table: pd.DataFrame) -> pd.DataFrame:
    said = {"network": graph.name, "level": graph.level, "of": graph.source, "period": graph.period}
    named = table.copy()
    for place, (column, value) in enumerate(said.items()):
        named.insert(place, column, value)
    return named


def _stacked(parts: list[pd.DataFrame], empty: list[str]) -> pd.DataFrame:
    """Put tables below each other; without any, the columns stay."""
    filled = [part for part in parts if len(part)]
    if not filled:
        return parts[0] if parts else pd.DataFrame(columns=["network", "level", "of", "period", *empty])
    columns = list(dict.fromkeys(column for part in filled for column in part))
    order = [column for column in (*NODES, *CLUSTERS) if column in columns]
    ordered = columns if len(order) < len(NODES) else [*(c for c in columns if c not in order), *order]
    return pd.concat(filled, ignore_index=True)[ordered]


def _labelled(graph: Graph, links: pd.DataFrame) -> pd.DataFrame:
    return with_labels(links, dict(zip(graph.nodes["node"], graph.nodes["label"], strict=True)))


def with_labels(links: pd.DataFrame, labels: Mapping[str, str]) -> pd.DataFrame:
    """Put the name of each end of a link beside its code."""
    named = links.astype({"source": str, "target": str})
    for end, place in (("source", 1), ("target", 3)):
        named.insert(place, f"{end}_label", [labels.get(code, code) for code in named[end]])
    return named


def _change(content: Content) -> pd.DataFrame:
    parts = []
    for level, source in dict.fromkeys((graph.level, graph.source) for graph in content.graphs):
        labels = {
            node: label
            for graph in content.graphs
            if graph.level == level
            for node, label in zip(graph.nodes["node"], graph.nodes["label"], strict=True)
        }
        table = with_labels(content.material.change(f"{level}__{source}"), labels)
        parts.append(table.assign(level=level, of=source)[["level", "of", *table]])
    return _stacked([part for part in parts if len(part)] or parts[:1], ["source", "target"])


def _spaces(content: Content) -> pd.DataFrame:
    rows = [
        {
            "network": name,
            "id": space["id"],
            "name": space["name"],
            "space": mark_of(content.material, name, int(space["community"]))[0],
            **{key: member.get(key) for key in ("node", "label", "role", "stability", "strength", "strength_inside")},
        }
        for name in content.names
        for space in content.material.spaces(name)
        for member in space["members"]
    ]
    columns = ["network", "id", "name", "space", "node", "label", "role"]
    figures = ["stability", "strength", "strength_inside"]
    return pd.DataFrame(rows, columns=[*columns, *figures]).astype(dict.fromkeys(figures, float))


def _stars(content: Content) -> pd.DataFrame:
    run = content.material.run
    columns = ["region", "industry", "total", "tier"]
    return run.table("stars.parquet") if run.names("stars.parquet") else pd.DataFrame(columns=columns)


def _joint(content: Content) -> pd.DataFrame:
    """Rows of the joint table with a source and a period of the networks chosen."""
    run = content.material.run
    columns = ["sector_a", "sector_b", "region_a", "region_b", "period", "of", "events"]
    if not run.names("joint.parquet"):
        return pd.DataFrame(columns=columns)
    table = run.table("joint.parquet").rename(columns={"source": "of"})
    sources = {graph.source for graph in content.graphs}
    wanted = pd.Series(True, index=table.index) if "all" in sources else table["of"].isin(sources)
    keep = wanted & table["period"].isin({graph.period for graph in content.graphs})
    return table.loc[keep, columns].fillna({"region_a": "", "region_b": ""}).reset_index(drop=True)


def labels_of(table: pd.DataFrame) -> dict[str, str]:
    """Say what each column of a table is.

    Examples
    --------
    >>> labels_of(pd.DataFrame({"q": [0.1]}))
    {'q': 'p after Benjamini and Hochberg'}
    """
    return {str(column): COLUMNS.get(str(column), str(column)) for column in table}
