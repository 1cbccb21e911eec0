"""A network: one validated, immutable value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ingest.levels import sector_label
from ingest.regions import region_name
from linkages.items import REGION_LEVELS
from linkages.periods import Period
from linkages.shown import SHOWN, paragraph, table_html
from linkages.strength import OF_EVENTS, strength

if TYPE_CHECKING:
    import igraph
    import networkx


@dataclass(frozen=True)
class Network:
    """A weighted network of sectors or regions in one period, undirected, each pair once.

    Attributes
    ----------
    nodes
        ``node, label, within, within_events``: every sector or region with an event, isolates too;
        `within` is the weight inside the node, which stays out of the community step.
    links
        ``source, target, weight, events`` and the columns of :data:`linkages.strength.STRENGTH`,
        source < target, sorted.
    level, period, source, counting
        What was counted, for example ``"naics3"``, ``Period(2000, 2007)``, ``"copatent"``, ``"full"``.
    events
        Number of events counted, within-node events included.
    settings
        Whatever else the counts depend on: versions, shared year, groups.
    unit
        What the weights count: ``"events"``, or a currency such as ``"USD mn"`` where they are values.
    """

    nodes: pd.DataFrame
    links: pd.DataFrame
    level: str
    period: Period
    source: str
    counting: str = "full"
    events: int = 0
    settings: Mapping[str, Any] = field(default_factory=dict)
    unit: str = "events"

    def __post_init__(self) -> None:
        faults = link_faults(self.links)
        strangers = sorted({*_ends(self.links)} - {*self.nodes["node"]})
        if strangers:
            faults.append(f"links name nodes that are not in the table of nodes: {strangers[:5]}")
        if faults:
            raise ValueError("not a network: " + "; ".join(faults))

    def __repr__(self) -> str:
        """Say what the network is."""
        weighed = "" if self.unit == "events" else f", weighed by value in {self.unit or 'a currency not named'}"
        return (
            f"<Network {self.kind} {self.source} {self.period} at {self.level}, {self.counting} counting{weighed}: "
            f"{len(self.nodes)} nodes, {len(self.links)} links, {self.events} events>"
        )

    def _repr_html_(self) -> str:
        """Show the network in a notebook: what it is, and its heaviest links with their unit."""
        labels = dict(zip(self.nodes["node"], self.nodes["label"], strict=True))
        heaviest = self.links.sort_values(["weight", "source", "target"], ascending=[False, True, True]).head(SHOWN)
        columns = ("source", "target", "weight", "events", "association")
        rows = [
            (f"{a} {labels[a]}", f"{b} {labels[b]}", weight, events, association)
            for a, b, weight, events, association in heaviest.reindex(columns=columns).itertuples(index=False)
        ]
        headings = [
            self.kind, f"other {self.kind}", f"weight ({self.unit})", "events", "association (1 = as expected)"
        ]  # fmt: skip
        return paragraph(repr(self)[1:-1]) + table_html(headings, rows, "Heaviest links", len(self.links))

    @property
    def kind(self) -> str:
        """Tell whether the nodes are sectors or regions."""
        return "region" if self.level in REGION_LEVELS else "sector"

    @property
    def name(self) -> str:
        """Name the network as its file in the run folder is named."""
        return f"{self.kind}__{self.source}__{self.period}"

    @property
    def drawn(self) -> str:
        """Tell what each event adds when events are drawn again: ``full`` 1 a link, ``fractional`` its own part."""
        return self.counting if self.unit == "events" else "fractional"

    def to_pandas(self) -> pd.DataFrame:
        """Give the links as a table of one's own."""
        return self.links.copy()

    def to_igraph(self) -> igraph.Graph:
        """Give an igraph graph; nodes by ``name``, links with ``weight``."""
        import igraph

        positions = {node: i for i, node in enumerate(self.nodes["node"])}
        graph = igraph.Graph(
            n=len(positions),
            edges=[
                (positions[a], positions[b]) for a, b in zip(self.links["source"], self.links["target"], strict=True)
            ],
        )
        graph.vs["name"], graph.vs["label"] = self.nodes["node"].tolist(), self.nodes["label"].tolist()
        graph.es["weight"] = self.links["weight"].tolist()
        return graph

    def to_networkx(self) -> networkx.Graph:
        """Give a networkx graph with ``label`` on nodes and ``weight``, ``events`` on links."""
        import networkx

        graph = networkx.Graph(name=self.name)
        graph.add_nodes_from(
            (n, {"label": text}) for n, text in zip(self.nodes["node"], self.nodes["label"], strict=True)
        )
        columns = (self.links[c] for c in ("source", "target", "weight", "events"))
        graph.add_edges_from(
            (a, b, {"weight": float(w), "events": int(e)}) for a, b, w, e in zip(*columns, strict=True)
        )
        return graph

    @classmethod
    def from_pandas(
        cls,
        links: pd.DataFrame,
        *,
        level: str = "naics3",
        period: Period | Sequence[int] = (0, 0),
        source: str = "all",
    ) -> Network:
        """Make a network of a table of links made elsewhere; both directions of a pair are summed.

        Parameters
        ----------
        links
            ``source, target, weight``, and ``events`` where known; the diagonal becomes `within`.

        Raises
        ------
        ValueError
            Weights that are negative, NaN or infinite, and missing columns: all named at once.

        Examples
        --------
        >>> table = pd.DataFrame({"source": ["b", "a"], "target": ["a", "a"], "weight": [2.0, 1.0]})
        >>> Network.from_pandas(table, period=(2000, 2007))
        <Network sector all 2000-2007 at naics3, full counting: 2 nodes, 1 links, 0 events>
        """
        faults = link_faults(links, ordered=False)
        if faults:
            raise ValueError("not a network: " + "; ".join(faults))
        one, two = links["source"].astype(str), links["target"].astype(str)
        table = pd.DataFrame(
            {
                "source": one.where(one <= two, two),
                "target": two.where(one <= two, one),
                "weight": links["weight"].astype(float),
                "events": links["events"].astype("int64") if "events" in links else 0,
            }
        )
        table = table.sort_values(["source", "target", "weight"])
        table = table.groupby(["source", "target"], as_index=False)[["weight", "events"]].sum()
        return assemble(table, level=level, period=Period.of(period), source=source, events=0)


def link_faults(links: pd.DataFrame, *, ordered: bool = True) -> list[str]:
    """List what keeps a table from being the links of a network.

    Examples
    --------
    >>> link_faults(pd.DataFrame({"source": ["a"], "target": ["b"], "weight": [float("nan")]}))
    ['1 weight that is negative, NaN or infinite, first at a-b']
    """
    missing = [c for c in ("source", "target", "weight") if c not in links]
    if missing:
        return [f"columns missing: {', '.join(missing)}; found: {', '.join(map(str, links.columns))}"]
    weights = pd.to_numeric(links["weight"], errors="coerce").to_numpy(float)
    bad = ~np.isfinite(weights) | (weights < 0)
    faults = []
    if bad.any():
        first = links.loc[bad, ["source", "target"]].iloc[0]
        some = "weights that are" if bad.sum() > 1 else "weight that is"
        faults.append(f"{bad.sum()} {some} negative, NaN or infinite, first at {first['source']}-{first['target']}")
    if ordered and not (links["source"] < links["target"]).all():
        faults.append("each pair must stand once, its source before its target")
    if ordered and links.duplicated(["source", "target"]).any():
        faults.append("a pair stands twice")
    return faults


def _ends(links: pd.DataFrame) -> list[str]:
    """List the nodes that links name, each once."""
    names: list[str] = pd.concat([links["source"], links["target"]]).unique().tolist()
    return names


def assemble(
    counted: pd.DataFrame,
    *,
    level: str,
    period: Period,
    source: str,
    counting: str = "full",
    events: int,
    settings: Mapping[str, Any] | None = None,
    unit: str = "events",
) -> Network:
    """Split counted pairs into links and within-cells and add strength.

    Parameters
    ----------
    counted
        ``source, target, weight, events``, the diagonal included, each unordered pair once.
    """
    counted = counted.sort_values(["source", "target"], ignore_index=True)
    inside = counted["source"] == counted["target"]
    within = counted[inside].set_index("source")
    names = sorted(_ends(counted))
    nuts = int((settings or {}).get("nuts", 2013))
    regional = level in REGION_LEVELS
    labels = [region_name(name, nuts) if regional else sector_label(level, name) for name in names]
    nodes = pd.DataFrame(
        {
            "node": pd.Series(names, dtype=str),
            "label": pd.Series(labels, dtype=str),
            "within": within["weight"].reindex(names, fill_value=0.0).to_numpy(float),
            "within_events": within["events"].reindex(names, fill_value=0).to_numpy("int64"),
        }
    )
    links = strength(counted[~inside & (counted["weight"] > 0)].reset_index(drop=True))
    if unit != "events":
        # What is a draw of chance is an event, not a dollar.
        drawn = strength(links[["source", "target"]].assign(weight=links["events"].astype(float)))
        links[list(OF_EVENTS)] = drawn[list(OF_EVENTS)]
    return Network(nodes, links, level, period, source, counting, events, dict(settings or {}), unit)
