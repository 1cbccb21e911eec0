"""A network: one validated, immutable value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ingest.frame_cells import texts
from ingest.levels import sector_label
from ingest.regions import region_name
from linkages.items import REGION_LEVELS
from linkages.periods import Period
from linkages.shown import SHOWN, paragraph, table_html
from linkages.strength import OF_EVENTS, strength

if TYPE_CHECKING:
    import igraph
    import networkx


# A network is itself alone: two tables have no one truth value, and what is equal is asked of them.
@dataclass(frozen=True, eq=False)
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
        across = self.settings.get("sector_level") if self.kind == "region" else None
        events = f", of events across sectors at {across}" if across else ""
        return (
            f"<Network {self.kind} {self.source} {self.period} at {self.level}{events}, "
            f"{self.counting} counting{weighed}: "
            f"{len(self.nodes)} nodes, {len(self.links)} links, {self._counted()}>"
        )

    def _counted(self) -> str:
        """Say how many events were counted; a table made elsewhere may not tell."""
        unknown = not self.events and len(self.links)
        tested = self.unit == "events" or self.links["events"].any()  # what is drawn by chance is events
        chance = "" if tested else ", so that chance is not tested"
        return f"events not known{chance}" if unknown else f"{self.events} events"

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
        """Give an igraph graph; nodes by ``name``, with ``label``, links with ``weight`` and ``events``."""
        import igraph

        positions = {node: i for i, node in enumerate(self.nodes["node"])}
        graph = igraph.Graph(
            n=len(positions),
            edges=[
                (positions[a], positions[b]) for a, b in zip(self.links["source"], self.links["target"], strict=True)
            ],
        )
        graph.vs["name"], graph.vs["label"] = self.nodes["node"].tolist(), self.nodes["label"].tolist()
        graph.es["weight"], graph.es["events"] = self.links["weight"].tolist(), self.links["events"].tolist()
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
        nodes: pd.DataFrame | None = None,
        counting: str = "full",
        events: int | None = None,
        unit: str = "events",
    ) -> Network:
        """Make a network of a table of links made elsewhere; both directions of a pair are summed.

        Parameters
        ----------
        links
            ``source, target, weight``, and ``events`` where known; the diagonal becomes `within`. Codes may be
            numbers: 334.0 is the node ``334``.
        nodes
            ``node`` and, where known, ``label, within, within_events``: isolates too. The ends of the links when None.
        counting
            ``full`` or ``fractional``: how the weights were counted.
        events
            Number of events counted, those of every link and within nodes among them; not known when None.
        unit
            What the weights count: ``"events"``, or a currency. The columns of a currency that rest on events (p, q
            and the noise-corrected score) are empty for links without events.

        Raises
        ------
        ValueError
            Weights that are negative, NaN or infinite, events that are no number of events, blank ends, missing
            columns, and a weight within a node that both tables give: all named at once. Fewer `events` than a link
            has.

        Examples
        --------
        >>> table = pd.DataFrame({"source": ["b", "a"], "target": ["a", "a"], "weight": [2.0, 1.0]})
        >>> made = Network.from_pandas(table, period=(2000, 2007))
        >>> made
        <Network sector all 2000-2007 at naics3, full counting: 2 nodes, 1 links, events not known>
        >>> again = Network.from_pandas(made.to_pandas(), nodes=made.nodes, period=made.period)
        >>> again.nodes.equals(made.nodes), again.links.equals(made.links)
        (True, True)
        """
        faults = link_faults(links, ordered=False)
        if nodes is not None and not faults:
            faults = _node_faults(nodes, links)
        if counting not in ("full", "fractional"):
            faults.append(f"counting is one of full, fractional; got {counting!r}")
        if events is not None and _no_numbers(pd.Series([events])):
            faults.append(f"events is a whole number from 0 on; got {events!r}")
        if faults:
            raise ValueError("not a network: " + "; ".join(faults))
        own = None if nodes is None else _inside(nodes)
        ends = [_codes(links[end]) for end in ("source", "target")]
        given = {"weight": links["weight"].astype(float), "events": links.get("events", 0)}
        table = pd.DataFrame({"source": ends[0], "target": ends[1], **given})
        table = pd.concat([table, own], ignore_index=True)
        one, two = table["source"], table["target"]
        table = table.assign(source=one.where(one <= two, two), target=two.where(one <= two, one))
        table = table.astype({"events": "int64"}).sort_values(["source", "target", "weight"])
        table = table.groupby(["source", "target"], as_index=False)[["weight", "events"]].sum()
        if events is not None and len(table) and events < table["events"].max():
            most = table.nlargest(1, "events").iloc[0]
            held = f"{most['source']}-{most['target']} alone has {most['events']}"
            raise ValueError(f"not a network: it is said to have {events} events, but {held}")
        span = Period.of(period)
        made = assemble(
            table, level=level, period=span, source=source, counting=counting, events=int(events or 0), unit=unit
        )
        if nodes is None or "label" not in nodes:
            return made
        named = nodes[nodes["label"].notna()]  # a node without a label keeps the one of its code
        labels = dict(zip(_codes(named["node"]), named["label"].astype(str), strict=True))
        told = made.nodes["node"].map(labels)
        return replace(made, nodes=made.nodes.assign(label=told.where(told.notna(), made.nodes["label"]).astype(str)))


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
    faults = [f"a blank in {end}" for end in ("source", "target") if _codes(links[end].drop_duplicates()).isna().any()]
    if "events" in links and _no_numbers(links["events"]):
        faults.append("events that are not whole numbers from 0 on")
    if bad.any():
        first = links.loc[bad, ["source", "target"]].iloc[0]
        some = "weights that are" if bad.sum() > 1 else "weight that is"
        faults.append(f"{bad.sum()} {some} negative, NaN or infinite, first at {first['source']}-{first['target']}")
    if ordered and not (links["source"] < links["target"]).all():
        faults.append("each pair must stand once, its source before its target")
    if ordered and links.duplicated(["source", "target"]).any():
        faults.append("a pair stands twice")
    return faults


def _no_numbers(events: pd.Series[Any]) -> bool:
    """Tell whether something among numbers of events is none."""
    numbers = pd.to_numeric(events, errors="coerce").to_numpy(float, na_value=np.nan)
    return bool((~np.isfinite(numbers) | (numbers < 0) | (numbers % 1 != 0)).any())


def _node_faults(nodes: pd.DataFrame, links: pd.DataFrame) -> list[str]:
    """List what keeps a table from being the nodes of some links."""
    if "node" not in nodes:
        return [f"the table of nodes has no column node; found: {', '.join(map(str, nodes.columns))}"]
    names = _codes(nodes["node"])
    faults = ["a blank node"] if names.isna().any() else []
    names = names.dropna()
    if names.duplicated().any():
        faults.append(f"a node stands twice: {names[names.duplicated()].iloc[0]}")
    ends = [_codes(links[end]) for end in ("source", "target")]
    if strangers := sorted({*ends[0], *ends[1]} - {*names}):
        faults.append(f"links name nodes that are not in the table of nodes: {strangers[:5]}")
    if "within" in nodes:
        within = pd.to_numeric(nodes["within"], errors="coerce").to_numpy(float, na_value=np.nan)
        if (~np.isfinite(within) | (within < 0)).any():
            faults.append("weights within nodes that are negative, NaN or infinite")
        if (ends[0] == ends[1]).any():
            faults.append("weights within nodes stand in both tables")
    if "within_events" in nodes and _no_numbers(nodes["within_events"]):
        faults.append("events within nodes that are not whole numbers from 0 on")
    return faults


def _inside(nodes: pd.DataFrame) -> pd.DataFrame:
    """Write what lies within nodes as links of each with itself."""
    names = _codes(nodes["node"])
    weight = nodes["within"].astype(float) if "within" in nodes else 0.0
    events = nodes["within_events"].astype("int64") if "within_events" in nodes else 0
    return pd.DataFrame({"source": names, "target": names, "weight": weight, "events": events})


def _codes(column: pd.Series[Any]) -> pd.Series[Any]:
    """Write codes as frames of facets and of pairs have them: a column with a gap, read by pandas, holds 334.0."""
    return texts(column).astype("str")


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
        # What is a draw of chance is an event, not a dollar; of links without events it is not known.
        known = links.loc[links["events"] > 0, ["source", "target", "events"]].astype({"events": float})
        drawn = strength(known.rename(columns={"events": "weight"}))
        links[list(OF_EVENTS)] = drawn[list(OF_EVENTS)].reindex(links.index)
    return Network(nodes, links, level, period, source, counting, events, dict(settings or {}), unit)
