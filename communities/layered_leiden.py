"""One partition of several layers: the highest modularity in all of them together."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import partial

import numpy as np

from communities.graph import Ints
from communities.layers import Given, Layers, layered_partition, layers_of, mean_modularity
from communities.leiden import until_settled
from communities.partition import Partition


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
    >>> import pandas as pd
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
    return layered_partition(given, labels, "layered leiden", {"gamma": gamma, "restarts": restarts}, seed)


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
    counts = [share * links / graph.weight.size for graph, share in kept]
    kind = partial(leidenalg.RBConfigurationVertexPartition, weights="weight", resolution_parameter=gamma)
    found_best = -math.inf
    for run in range(restarts):
        found = [kind(graph) for graph in native]
        optimiser = leidenalg.Optimiser()
        optimiser.set_rng_seed(seed + run)
        # A layer's mean weight is 1, so all layers' qualities together are at most twice the number of links.
        until_settled(partial(optimiser.optimise_partition_multiplex, found, counts, n_iterations=1), 2.0 * links)
        labels = np.array(found[0].membership, dtype="int64")
        quality = mean_modularity(given, labels, gamma)
        if quality > found_best + 1e-12:
            best, found_best = labels, quality
    return best
