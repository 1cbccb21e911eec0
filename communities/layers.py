"""Several layers at once: co-patents, deals and alliances as layers of one network, none drowning the others."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from communities.graph import Graph, Ints, main_component, refuse_overflow
from communities.partition import Partition, partition_of
from communities.quality import energy, modularity
from linkages import Network
from linkages.network import link_faults

Given = Mapping[str, Network | pd.DataFrame]


@dataclass(frozen=True)
class Layers:
    """Layers on one set of nodes, each with the weight that it shall have.

    Attributes
    ----------
    names
        Names of the layers that have links, sorted.
    shares
        What each layer counts, in sum 1.
    graphs
        The links of each between the nodes of the main component; without `left_out` a layer's weights sum
        to its share. A node without links in a layer is isolated there.
    whole
        The layers summed: the main component, and the nodes of any layer that are not in it.
    """

    names: tuple[str, ...]
    shares: tuple[float, ...]
    graphs: tuple[Graph, ...]
    whole: Graph


def layers_of(layers: Given, weights: Mapping[str, float] | None = None) -> Layers:
    """Check the layers, bring each to its own total, and keep the main component of all together.

    Parameters
    ----------
    layers
        Name → a network, or a table ``source, target, weight``.
    weights
        What each layer counts beside the others; 1 each when None. A layer's links are divided by their sum,
        so that a layer of many events counts no more than one of few, unless its weight says so; a layer of
        weight 0, or without links, says nothing.

    Raises
    ------
    ValueError
        Without layers; for links that are none, the layer named; for weights that are not those of the
        layers, are negative, NaN or infinite, or are all 0.

    Examples
    --------
    >>> many = pd.DataFrame({"source": ["a"], "target": ["b"], "weight": [900.0]})
    >>> few = pd.DataFrame({"source": ["b"], "target": ["c"], "weight": [3.0]})
    >>> both = layers_of({"deal": many, "alliance": few})
    >>> both.names, both.shares, both.whole.names, both.whole.weight.tolist()
    (('alliance', 'deal'), (0.5, 0.5), ('a', 'b', 'c'), [0.5, 0.5])
    """
    asked = _asked(layers, weights)
    tables = {name: _links(name, layers[name]) for name in sorted(layers)}
    totals = {name: float(table["weight"].sum()) for name, table in tables.items()}
    names = tuple(name for name in tables if totals[name] > 0 and asked[name] > 0)
    sum_asked = sum(asked[name] for name in names)
    shares = tuple(asked[name] / sum_asked for name in names)
    scaled = [
        tables[name].assign(weight=tables[name]["weight"] * (share / totals[name]))
        for name, share in zip(names, shares, strict=True)
    ]
    empty = pd.DataFrame({"source": [], "target": [], "weight": []})
    whole = main_component(pd.concat(scaled, ignore_index=True) if scaled else empty)
    every = set().union(*(_nodes(layer) for layer in layers.values()))
    whole = replace(whole, left_out=tuple(sorted(every - {*whole.names})))
    return Layers(names, shares, tuple(_within(table, whole) for table in scaled), whole)


def _asked(layers: Given, weights: Mapping[str, float] | None) -> dict[str, float]:
    """Check what each layer shall count."""
    if not layers:
        raise ValueError("no layers: give at least one, by name")
    if weights is None:
        return dict.fromkeys(layers, 1.0)
    if {*weights} != {*layers}:
        raise ValueError(f"weights must be of the layers {sorted(layers)}; got {sorted(weights)}")
    bad = sorted(name for name, weight in weights.items() if not (math.isfinite(weight) and weight >= 0))
    if bad or not any(weights.values()):
        raise ValueError(f"weights of layers must be 0 or more, one above 0; got {dict(weights)}")
    return {name: float(weight) for name, weight in weights.items()}


def _links(name: str, layer: Network | pd.DataFrame) -> pd.DataFrame:
    """Give each pair of a layer once, both directions summed, sorted."""
    table = layer.links if isinstance(layer, Network) else layer
    if faults := link_faults(table, ordered=False):
        raise ValueError(f"layer {name!r} is not the links of a network: " + "; ".join(faults))
    refuse_overflow(table["weight"].to_numpy(float))
    a, b = (table[end].astype(str).to_numpy(dtype=object) for end in ("source", "target"))
    forward = a <= b
    pairs = pd.DataFrame(
        {
            "source": np.where(forward, a, b),
            "target": np.where(forward, b, a),
            "weight": table["weight"].to_numpy(float),
        }
    )
    pairs = pairs[(pairs["source"] != pairs["target"]) & (pairs["weight"] > 0)]
    # Sorting by weight as well makes the sum over a pair the same in any order of rows.
    ordered = pairs.sort_values(["source", "target", "weight"])
    return ordered.groupby(["source", "target"])["weight"].sum().reset_index()


def _nodes(layer: Network | pd.DataFrame) -> set[str]:
    table = layer.links if isinstance(layer, Network) else layer
    nodes = {*table["source"].astype(str), *table["target"].astype(str)}
    return nodes | {*layer.nodes["node"].astype(str)} if isinstance(layer, Network) else nodes


def _within(table: pd.DataFrame, whole: Graph) -> Graph:
    """Lay a layer's links on the nodes of the main component."""
    here = table[table["source"].isin(whole.names)]  # of a pair, both ends are in it or neither
    position = {name: i for i, name in enumerate(whole.names)}
    a, b = (np.asarray(here[end].map(position), dtype="int64") for end in ("source", "target"))
    return Graph(whole.names, a, b, here["weight"].to_numpy(float))


def mean_modularity(given: Layers, labels: Ints, gamma: float) -> float:
    """Average the layers' modularities, each weighed by its share.

    Examples
    --------
    >>> pairs = {name: pd.DataFrame({"source": ["a"], "target": ["b"], "weight": [1.0]}) for name in ("deal", "other")}
    >>> mean_modularity(layers_of(pairs), np.array([0, 1]), 1.0)
    -0.5
    """
    parts = zip(given.graphs, given.shares, strict=True)
    return float(sum(share * modularity(graph, labels, gamma) for graph, share in parts))


def layered_partition(given: Layers, labels: Ints, method: str, parameters: Mapping[str, Any], seed: int) -> Partition:
    """Number the communities and measure them layer by layer."""
    gamma = float(parameters["gamma"])
    found = partition_of(given.whole, labels, method, parameters, seed)
    ordered = found.labels
    each = {
        name: {"share": share, "links": int(graph.weight.size), "modularity": modularity(graph, ordered, gamma)}
        for name, share, graph in zip(given.names, given.shares, given.graphs, strict=True)
    }
    measured = replace(
        found,
        energy=float(sum(energy(graph, ordered, gamma) for graph in given.graphs)),
        modularity=mean_modularity(given, ordered, gamma),
    )
    return measured.with_notes(*(() if given.whole.n > 1 else ("no links to look at",)), layers=each)
