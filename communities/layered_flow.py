"""A random walker's flow through several layers, who now and then may take a link of another layer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from communities.flow import Flow
from communities.graph import Floats, Graph, Ints


def layered_flow(graphs: Sequence[Graph], relax: float) -> tuple[Flow, Ints, Ints]:
    """Walk along the links of a layer, and at a rate `relax` along those of any layer at the same node.

    A step from node i in layer a goes to node j in layer b in proportion to
    ``(1 - relax) w_ij(a) / k_i(a)`` if b is a, plus ``relax w_ij(b) / Σ_c k_i(c)``.

    Parameters
    ----------
    graphs
        Layers on one set of nodes; all links together hold the nodes together.
    relax
        Share of steps that are free to change the layer, above 0 and at most 1.

    Returns
    -------
    flow, layer, node
        Flow between places, a place being a node in a layer in which it has links, and the layer and the node
        of each, by position; sorted by layer, then node.

    Examples
    --------
    >>> one = Graph(("a", "b", "c"), np.array([0]), np.array([1]), np.array([1.0]))
    >>> two = Graph(("a", "b", "c"), np.array([1]), np.array([2]), np.array([3.0]))
    >>> flow, layer, node = layered_flow([one, two], 0.5)
    >>> layer.tolist(), node.tolist(), flow.node.round(4).tolist()
    ([0, 0, 1, 1], [0, 1, 1, 2], [0.125, 0.125, 0.375, 0.375])

    References
    ----------
    De Domenico, Lancichinetti, Arenas & Rosvall (2015), Physical Review X 5, 011027, eq. 3: relax rates.
    """
    strength = np.array([graph.strengths for graph in graphs])
    layer, node = (at.astype("int64") for at in np.nonzero(strength))
    place = np.full(strength.shape, -1, dtype="int64")
    place[layer, node] = np.arange(len(node))
    source, target, chance = [], [], []
    for here in range(len(graphs)):
        for there, graph in enumerate(graphs):
            a, b = (np.concatenate(ends) for ends in ((graph.source, graph.target), (graph.target, graph.source)))
            share = relax / strength[:, a].sum(axis=0)
            if here == there:
                share = share + (1.0 - relax) / strength[here, a]
            leaves = place[here, a] >= 0
            source.append(place[here, a[leaves]])
            target.append(place[there, b[leaves]])
            chance.append((np.concatenate([graph.weight, graph.weight]) * share)[leaves])
    ends = np.concatenate(source), np.concatenate(target)
    step = np.concatenate(chance)
    visits = _visits(*ends, step, len(node))
    return Flow(visits, *ends, visits[ends[0]] * step, node), layer, node


def _visits(source: Ints, target: Ints, step: Floats, n: int) -> Floats:
    """Solve for the share of the steps that arrive at each place: what flows in is what was there."""
    from scipy.sparse import coo_array, eye_array
    from scipy.sparse.linalg import spsolve

    # One balance follows from all others; that all shares sum to 1 takes the last one's stead.
    kept = target < n - 1
    balance = coo_array((step[kept], (target[kept], source[kept])), shape=(n, n)) - eye_array(n)
    rows = balance.tolil()
    rows[n - 1, :] = 1.0
    wanted = np.zeros(n)
    wanted[n - 1] = 1.0
    visits: Floats = np.maximum(np.asarray(spsolve(rows.tocsc(), wanted), dtype="float64"), 0.0)
    return np.asarray(visits / visits.sum(), dtype="float64")
