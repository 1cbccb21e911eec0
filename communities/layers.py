"""Several layers at once: co-patents, deals and alliances as layers of one network, none drowning the others."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from communities.graph import Graph, Ints, main_component
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


def layered_leiden(
    layers: Given,
    weights: Mapping[str, float] | None = None,
    gamma: float = 1.0,
    restarts: int = 20,
    seed: int = 1,
) -> Partition:
    """Find one partition of several layers that has the highest modularity in all of them together.

    Every layer is held against its own expectation, and the layers' modularities are averaged by their
    weights. A layer's links are divided by their sum first, so that many events do not drown few; to weigh
    layers by their events, give their totals as `weights`.

    Parameters
    ----------
    layers
        Name → a network, or a table ``source, target, weight``. The nodes are those of all layers together.
    weights
        What each layer counts; 1 each when None. See :func:`layers_of`.
    gamma
        Resolution; 1 is modularity.
    restarts
        Number of seeds, of which the best is kept.
    seed
        The first of the seeds.

    Returns
    -------
    Partition
        ``modularity`` and ``energy`` are the weighted means over the layers, energy in units of a layer's
        total weight; ``codelength`` is that of the layers summed, in bits. ``details["layers"]`` has each
        layer's share and modularity.

    Raises
    ------
    ValueError
        As :func:`layers_of`; for fewer than one start.

    Examples
    --------
    >>> two = [("a", "b"), ("b", "c"), ("a", "c"), ("c", "x"), ("x", "y"), ("y", "z"), ("x", "z")]
    >>> few = pd.DataFrame(two, columns=["source", "target"]).assign(weight=1.0)
    >>> many = few.assign(weight=500.0)
    >>> round(layered_leiden({"deal": few, "copatent": many}).modularity, 4)
    0.3571

    References
    ----------
    Mucha, Richardson, Macon, Porter & Onnela (2010), Science 328, eq. 1, with one label a node in all layers;
    Traag, Waltman & van Eck (2019), Scientific Reports 9.
    """
    if restarts < 1:
        raise ValueError(f"restarts must be 1 or more; got {restarts}")
    given = layers_of(layers, weights)
    labels = _leiden_labels(given, gamma, restarts, seed)
    return _partition(given, labels, "layered leiden", {"gamma": gamma, "restarts": restarts}, seed)


def _leiden_labels(given: Layers, gamma: float, restarts: int, seed: int) -> Ints:
    n = given.whole.n
    best = np.zeros(n, dtype="int64")
    if n < 2:
        return best
    import igraph
    import leidenalg

    # Weights in units of each layer's mean, as for one network; the layers' weights carry the shares.
    kept = [(graph, share) for graph, share in zip(given.graphs, given.shares, strict=True) if graph.weight.size]
    native = [
        igraph.Graph(
            n=n,
            edges=list(zip(graph.source.tolist(), graph.target.tolist(), strict=True)),
            edge_attrs={"weight": (graph.weight / graph.weight.mean()).tolist()},
        )
        for graph, _ in kept
    ]
    links = sum(graph.weight.size for graph, _ in kept)
    found_best = -math.inf
    for run in range(restarts):
        found, _ = leidenalg.find_partition_multiplex(
            native,
            leidenalg.RBConfigurationVertexPartition,
            layer_weights=[share * links / graph.weight.size for graph, share in kept],
            n_iterations=-1,
            seed=seed + run,
            weights="weight",
            resolution_parameter=gamma,
        )
        labels = np.array(found, dtype="int64")
        quality = _mean_modularity(given, labels, gamma)
        if quality > found_best + 1e-12:
            best, found_best = labels, quality
    return best


def layered_infomap(
    layers: Given,
    trials: int = 50,
    seed: int = 1,
    relax: float = 0.15,
    weights: Mapping[str, float] | None = None,
) -> Partition:
    """Find the modules of several layers by the two-level map equation of multilayer networks.

    A walker follows the links of its layer and, at a rate `relax`, those of any layer at its node. A node may
    be in different modules in different layers; it is given the one in which the walker is with it most.

    Parameters
    ----------
    layers, weights
        As :func:`layered_leiden`.
    trials, seed
        As :func:`communities.infomap`.
    relax
        Share of steps that are free to change the layer, above 0 and at most 1.

    Returns
    -------
    Partition
        ``codelength`` is Infomap's, of the nodes in their layers, in bits; ``modularity`` and ``energy`` as
        :func:`layered_leiden` gives them. ``details["in_several"]`` names the nodes that layers place
        differently.

    Raises
    ------
    ValueError
        As :func:`layers_of`; for a seed or number of trials below 1, and for another `relax`.

    Examples
    --------
    >>> two = [("a", "b"), ("b", "c"), ("a", "c"), ("c", "x"), ("x", "y"), ("y", "z"), ("x", "z")]
    >>> table = pd.DataFrame(two, columns=["source", "target"]).assign(weight=1.0)
    >>> layered_infomap({"one": table[:4], "two": table[3:]}, trials=5).membership.to_dict()
    {'a': 0, 'b': 0, 'c': 0, 'x': 1, 'y': 1, 'z': 1}

    References
    ----------
    De Domenico, Lancichinetti, Arenas & Rosvall (2015), Physical Review X 5, 011027: modules of multilayer
    networks, and relax rate 0.15.
    """
    if trials < 1 or seed < 1:
        raise ValueError(f"trials and seed must be 1 or more; got trials={trials}, seed={seed}")
    if not 0 < relax <= 1:
        raise ValueError(f"relax must be above 0 and at most 1; got {relax}")
    given = layers_of(layers, weights)
    parameters = {"trials": trials, "levels": 2, "gamma": 1.0, "relax": relax}
    if given.whole.n < 2:
        return _partition(given, np.zeros(given.whole.n, dtype="int64"), "layered infomap", parameters, seed)
    result = _walked(given, trials, seed, relax)
    labels, several = _physical(result, given.whole)
    found = _partition(given, labels, "layered infomap", parameters, seed)
    details = {"in_several": several, "codelength_one_module": round(float(result.one_level_codelength), 10)}
    return replace(found, codelength=float(result.codelength)).with_notes(**details)


def _walked(given: Layers, trials: int, seed: int, relax: float) -> Any:
    """Run Infomap on the layers."""
    import infomap

    network = infomap.Network()
    links = sum(graph.weight.size for graph in given.graphs)
    for layer, graph in enumerate(given.graphs, start=1):
        for a, b, w in zip(graph.source.tolist(), graph.target.tolist(), (graph.weight * links).tolist(), strict=True):
            network.add_multilayer_intra_link(layer, a, b, w)
    # Links run both ways, so the walker needs no leaps; with none, one layer gives the ordinary codelength.
    options = infomap.Options(
        two_level=True, num_trials=trials, seed=seed, multilayer_relax_rate=relax, teleportation_probability=0.0
    )
    return infomap.run(network, options=options)


def _physical(result: Any, whole: Graph) -> tuple[Ints, list[str]]:
    """Give each node the module with most of its flow, of equals the first; name the nodes in several."""
    flows: list[dict[int, float]] = [{} for _ in range(whole.n)]
    for state in result.nodes(states=True):
        here = flows[int(state.node_id)]
        here[int(state.module_id)] = here.get(int(state.module_id), 0.0) + float(state.flow)
    labels = [min((-round(flow, 12), module) for module, flow in here.items())[1] for here in flows]
    return np.array(labels, dtype="int64"), [whole.names[i] for i, here in enumerate(flows) if len(here) > 1]


def _mean_modularity(given: Layers, labels: Ints, gamma: float) -> float:
    parts = zip(given.graphs, given.shares, strict=True)
    return float(sum(share * modularity(graph, labels, gamma) for graph, share in parts))


def _partition(given: Layers, labels: Ints, method: str, parameters: Mapping[str, Any], seed: int) -> Partition:
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
        modularity=_mean_modularity(given, ordered, gamma),
    )
    return measured.with_notes(*(() if given.whole.n > 1 else ("no links to look at",)), layers=each)
