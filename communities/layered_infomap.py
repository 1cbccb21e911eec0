"""Modules of several layers: the map equation of a walker who changes layers now and then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from communities.flow import map_equation
from communities.graph import Graph, Ints
from communities.layered_flow import layered_flow
from communities.layers import Given, Layers, layered_partition, layers_of
from communities.partition import Partition


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
        As :func:`communities.layers.layers_of`.
    trials, seed
        As :func:`communities.infomap`.
    relax
        Share of steps that are free to change the layer, above 0 and at most 1.

    Returns
    -------
    Partition
        ``codelength``, in bits a step, is the map equation of the nodes in their layers, computed anew from
        the links; where Infomap reports another, a note says so. ``modularity`` and ``energy`` as
        :func:`communities.layered_leiden.layered_leiden` gives them. ``details["in_several"]`` names the nodes
        that layers place differently.

    Raises
    ------
    ValueError
        As :func:`layers_of`; for a seed or number of trials below 1, and for another `relax`.

    Examples
    --------
    >>> import pandas as pd
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
        return layered_partition(given, np.zeros(given.whole.n, dtype="int64"), "layered infomap", parameters, seed)
    result = _walked(given, trials, seed, relax)
    labels, several = _physical(result, given.whole)
    found = layered_partition(given, labels, "layered infomap", parameters, seed)
    length = _counted_anew(result, given, relax)
    details = {
        "in_several": several,
        "codelength_of_infomap": round(float(result.codelength), 10),
        "codelength_one_module": round(float(result.one_level_codelength), 10),
    }
    notes: tuple[str, ...] = ()
    if abs(result.codelength - length) > 1e-6:
        notes = (f"Infomap reports {result.codelength:.6f} bits, the map equation gives {length:.6f}",)
    return replace(found, codelength=length).with_notes(*notes, **details)


def _counted_anew(result: Any, given: Layers, relax: float) -> float:
    """Compute the map equation of Infomap's modules from the links themselves."""
    flow, layer, node = layered_flow(given.graphs, relax)
    module = {(int(one.layer_id) - 1, int(one.node_id)): int(one.module_id) for one in result.nodes(states=True)}
    labels = np.array([module[place] for place in zip(layer.tolist(), node.tolist(), strict=True)], dtype="int64")
    return map_equation(flow, np.unique(labels, return_inverse=True)[1].astype("int64"))


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
