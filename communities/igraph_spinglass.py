"""igraph's spin glass, guarded: the recipe of 2014, to compare with."""

from __future__ import annotations

import random

import numpy as np

from communities.graph import Graph, Ints


def igraph_labels(graph: Graph, q: int, gamma: float, seed: int, lam: float | None = None) -> Ints:
    """Run ``community_spinglass`` once.

    igraph 1.0 depends on the unit of the weights, never returns on a connected pair of nodes or on weights
    that are zero, NaN or infinite, and refuses disconnected graphs. A :class:`Graph` has none of these but
    the pair, which is answered here; weights are brought to mean strength 1.

    Parameters
    ----------
    graph
        A connected graph.
    q
        Largest number of communities.
    gamma
        Resolution.
    seed
        Seed of a private generator.
    lam
        Resolution of negative weights, which igraph then takes into account.

    Examples
    --------
    >>> pair = Graph(("a", "b"), np.array([0]), np.array([1]), np.array([2.0]))
    >>> igraph_labels(pair, 2, 1.0, 1).tolist()
    [0, 0]

    References
    ----------
    Reichardt & Bornholdt (2006); igraph reference, ``igraph_community_spinglass``.
    """
    if graph.n < 3 or q < 2:
        # In one community H = -w + γ w / 2: together is the better half of two up to γ = 2.
        apart = graph.n == 2 and q > 1 and (gamma > 2.0 or graph.weight[0] < 0)
        return np.arange(graph.n, dtype="int64") if apart else np.zeros(graph.n, dtype="int64")
    import igraph

    edges = list(zip(graph.source.tolist(), graph.target.tolist(), strict=True))
    native = igraph.Graph(n=graph.n, edges=edges)
    weights = (graph.weight / (2.0 * np.abs(graph.weight).sum() / graph.n)).tolist()
    signed = {} if lam is None else {"implementation": "negative", "lambda_": lam}
    igraph.set_random_number_generator(random.Random(seed))
    try:
        found = native.community_spinglass(weights=weights, spins=q, gamma=gamma, **signed)
    finally:
        igraph.set_random_number_generator(random)
    return np.array(found.membership, dtype="int64")
