"""What every format is written from: the networks of a run with all that is known of their nodes and links."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from ingest.engine import records_of
from ingest.faults import BadInput, Fault
from observatory.figures import palette
from observatory.lineage import letter
from observatory.material import Material
from observatory.stages.placing import level_of

if TYPE_CHECKING:
    from observatory.report.pictures import Picture

#: Columns of a graph's nodes; regions have the columns of their clusters besides.
NODES = ("node", "label", "community", "space", "stability", "role", "strength", "links", "x", "y", "colour")
CLUSTERS = ("stars_high", "stars_medium", "stars_basic", "clusters")
#: Columns of a graph's links.
LINKS = ("source", "target", "weight", "events", "expected", "association", "p", "q")


@dataclass(frozen=True)
class Graph:
    """One network with its communities and positions.

    Attributes
    ----------
    name, level, source, period
        For example ``sector__deal__2007-2014``, ``sector``, ``deal``, ``2007-2014``.
    nodes
        The columns of :data:`NODES`, sorted by node: `community` is empty for nodes left out, `space` the letter
        that the space has in the report (regions: ``Group 1``), `strength` the sum of the node's weights, `links`
        their number, `x` and `y` (downwards) lie between 0 and 1, `colour` is ``#rrggbb``. Regions also have the
        numbers of their industries by star tier, and in words which are high or medium.
    links
        The columns of :data:`LINKS`, each pair once, sorted.
    title
        The network in words, with the study's title.
    """

    name: str
    level: str
    source: str
    period: str
    nodes: pd.DataFrame
    links: pd.DataFrame
    title: str

    @property
    def kind(self) -> str:
        """Tell whether the nodes are sectors or regions."""
        return "region" if self.level == "region" else "sector"

    @property
    def years(self) -> tuple[int, int]:
        """First and last year of the period."""
        first, last = self.period.split("-")
        return int(first), int(last)


@dataclass(frozen=True)
class Content:
    """What is exported: a run, and the networks chosen.

    Attributes
    ----------
    material
        The run.
    names
        Names of the networks.
    """

    material: Material
    names: tuple[str, ...]

    @cached_property
    def pictures(self) -> dict[str, Picture]:
        """Every figure of the run, whatever the networks chosen."""
        from observatory.gallery import gallery

        return gallery(self.material)

    @cached_property
    def graphs(self) -> list[Graph]:
        """The networks, each with its nodes and links."""
        return [_graph(self.material, name) for name in self.names]


def chosen(material: Material, network: str | None = None, period: str | None = None) -> tuple[str, ...]:
    """Pick the networks of a name and period; all where nothing is asked.

    Parameters
    ----------
    network
        A network's name or a part of it, for example ``sector``, ``sector__deal``, ``deal``, ``research``.
    period
        For example ``2007-2014``.

    Raises
    ------
    BadInput
        When the run has no such network; the message names those that it has.
    """
    every = material.networks()
    fits = [name for name in every if network is None or _fits(name, network)]
    fits = [name for name in fits if period is None or name.endswith(f"__{period}")]
    if not fits and (network is not None or period is not None):
        given = " ".join(part for part in (network, period) if part)
        fault = Fault(str(material.run.folder), None, given, f"one of {', '.join(every)}", "name one of these")
        raise BadInput(fault)
    return tuple(fits)


def _fits(name: str, network: str) -> bool:
    """Tell whether a network has this name, or its parts begin or hold it whole.

    Examples
    --------
    >>> _fits("sector__deal__2000-2007", "sector__deal"), _fits("sector__deal__2000-2007", "dea")
    (True, False)
    """
    return f"__{network}__" in f"__{name}__"


def _graph(material: Material, name: str) -> Graph:
    _kind, source, period = name.split("__")
    level = level_of(name)
    links = material.links(name)[list(LINKS)].sort_values(["source", "target"], ignore_index=True)
    nodes = _nodes(material, name, level, links)
    what = {"sector": "Sectors", "region": "Regions", "cross-industry": "Cross-industry spaces"}[level]
    title = f"{what}, {source}, {period}: {material.run.manifest['title']}"
    return Graph(name, level, source, period, nodes, links.astype({"source": str, "target": str}), title)


def _nodes(material: Material, name: str, level: str, links: pd.DataFrame) -> pd.DataFrame:
    nodes = material.nodes(name).astype({"node": str, "label": str}).sort_values("node", ignore_index=True)
    ends = pd.concat([links[[end, "weight"]].set_axis(["node", "weight"], axis=1) for end in ("source", "target")])
    ends = ends.astype({"node": str, "weight": float}).sort_values(["node", "weight"])
    weights = ends.groupby("node")["weight"]
    community = nodes["community"].astype("Int64")
    nodes["community"] = community.where(community >= 0)
    nodes["strength"] = nodes["node"].map(weights.sum()).fillna(0.0).astype(float)
    nodes["links"] = nodes["node"].map(weights.count()).fillna(0).astype("int64")
    spot = material.positions_of(level).set_index("node")
    nodes["x"], nodes["y"] = (nodes["node"].map(spot[axis]).astype(float) for axis in ("x", "y"))
    marks = [mark_of(material, name, None if pd.isna(one) else int(one)) for one in nodes["community"]]
    nodes["space"], nodes["colour"] = [mark for mark, _ in marks], [colour for _, colour in marks]
    nodes["role"] = nodes["role"].fillna("").astype(str)
    if level != "region":
        return nodes[list(NODES)]
    return nodes[list(NODES)].merge(clusters(material), on="node", how="left").fillna(
        dict.fromkeys(CLUSTERS[:3], 0) | {"clusters": ""}
    ).astype(dict.fromkeys(CLUSTERS[:3], "int64"))  # fmt: skip


def mark_of(material: Material, network: str, community: int | None) -> tuple[str, str]:
    """Return the letter or name, and the colour, of a community as the report shows them.

    A space of sectors has the letter of its line; communities of regions are groups, those of the
    cross-industry files spaces of their own, and take the colours after those of the lines.
    """
    if community is None:
        return "", palette.hue(None)
    line = material.lineages.get((network, community))
    if line is not None:
        return letter(line), palette.hue(line)
    group = material.region_groups.get((network, community))
    number, word = (community, "Space") if group is None else (group, "Group")
    return f"{word} {number + 1}", palette.hue(material.hue_of_group(number))


def space_names(material: Material, graph: Graph) -> Mapping[int, str]:
    """Name the communities of a graph: the letter and, where there is one, the space's name."""
    named = {int(space["community"]): str(space["name"]) for space in material.spaces(graph.name)}
    present = sorted({int(one) for one in graph.nodes["community"].dropna()})
    marks = {one: mark_of(material, graph.name, one)[0] for one in present}
    return {one: f"{mark}  {named[one]}" if one in named else mark for one, mark in marks.items()}


def clusters(material: Material) -> pd.DataFrame:
    """Count the industries of each region by star tier: ``node`` and the columns of :data:`CLUSTERS`."""
    run = material.run
    table = (
        run.table("stars.parquet")
        if run.names("stars.parquet")
        else pd.DataFrame(columns=["region", "industry", "tier"])
    )
    rows: dict[str, dict[str, Any]] = {}
    for row in records_of(table.sort_values(["region", "industry"])):
        one = rows.setdefault(str(row["region"]), {**dict.fromkeys(CLUSTERS[:3], 0), "clusters": []})
        tier = str(row["tier"])
        if f"stars_{tier}" in one:
            one[f"stars_{tier}"] += 1
        if tier in ("high", "medium"):
            one["clusters"].append(f"{row['industry']}: {tier}")
    found = [{"node": node, **one, "clusters": "; ".join(one["clusters"])} for node, one in sorted(rows.items())]
    return pd.DataFrame(found, columns=["node", *CLUSTERS]).astype({"node": str})
