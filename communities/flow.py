"""A random walker's flow through a network, and the map equation on it: the check on Infomap's figures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from communities.graph import Floats, Graph, Ints

#: Share of steps in which the walker of a directed network takes any link instead of one from where it is.
TELEPORT = 0.15


@dataclass(frozen=True)
class Flow:
    """Where a random walker is, and along which links it goes.

    Attributes
    ----------
    node
        Share of the steps that arrive at each node; sums to 1.
    source, target, link
        Positions of each link's ends and the share of the steps along it, both directions apart.
    body
        Which node each place is, where one node stands in several places; None where each is its own.
    """

    node: Floats
    source: Ints
    target: Ints
    link: Floats
    body: Ints | None = None


def undirected_flow(graph: Graph) -> Flow:
    """Walk along undirected links: each node as often as its strength, each link as often as its weight.

    Examples
    --------
    >>> path = Graph(("a", "b", "c"), np.array([0, 1]), np.array([1, 2]), np.array([1.0, 3.0]))
    >>> undirected_flow(path).node.tolist()
    [0.125, 0.5, 0.375]
    """
    total = graph.strengths.sum()
    source = np.concatenate([graph.source, graph.target])
    target = np.concatenate([graph.target, graph.source])
    link = np.concatenate([graph.weight, graph.weight]) / total
    return Flow(graph.strengths / total, source, target, link)


def directed_flow(n: int, source: Ints, target: Ints, weight: Floats) -> Flow:
    """Walk along directed links, and now and then along any link of the network.

    In 85 of 100 steps the walker takes a link from where it is, by weight; otherwise, and always where no
    link leads on, it takes any link of the network, by weight.

    Parameters
    ----------
    n
        Number of nodes.
    source, target, weight
        The links, by position, each direction apart; at least one.

    Examples
    --------
    >>> ring = directed_flow(3, np.array([0, 1, 2]), np.array([1, 2, 0]), np.ones(3))
    >>> ring.node.round(3).tolist(), ring.link.round(3).tolist()
    ([0.333, 0.333, 0.333], [0.333, 0.333, 0.333])

    References
    ----------
    Lambiotte & Rosvall (2012), Physical Review E 85: teleportation to links, unrecorded.
    """
    out = _summed(source, weight, n)
    onward, anywhere = weight / out[source], weight / weight.sum()
    stuck = out == 0
    node = _summed(target, anywhere, n)
    # What is wrong shrinks by 0.85 in each round, so 300 rounds leave less than 1e-20 of it.
    for _ in range(300):
        jumps = TELEPORT + (1.0 - TELEPORT) * node[stuck].sum()
        link = (1.0 - TELEPORT) * node[source] * onward + jumps * anywhere
        node = _summed(target, link, n)
        node = node / node.sum()
    return Flow(node, source, target, link / link.sum())


def map_equation(flow: Flow, labels: Ints, markov_time: float = 1.0) -> float:
    """Length of the two-level map equation of a flow, in bits a step of the walker.

    Parameters
    ----------
    flow
        Of an undirected or a directed network.
    labels
        Module of each node, from 0.
    markov_time
        How many steps are taken for each one encoded: crossings count so many times.

    Examples
    --------
    >>> pair = Graph(("a", "b"), np.array([0]), np.array([1]), np.array([2.0]))
    >>> map_equation(undirected_flow(pair), np.array([0, 0])), map_equation(undirected_flow(pair), np.array([0, 1]))
    (1.0, 3.0)

    References
    ----------
    Rosvall, Axelsson & Bergstrom (2009), EPJ ST 178, eq. 4, with the flow into and out of modules apart;
    Kheirkhahzadeh, Lancichinetti & Rosvall (2016), Physical Review E 93, for Markov times; De Domenico,
    Lancichinetti, Arenas & Rosvall (2015), Physical Review X 5, for nodes in several places.
    """
    if flow.node.size == 0:
        return 0.0
    groups = int(labels.max()) + 1
    crossing = labels[flow.source] != labels[flow.target]
    link = markov_time * flow.link[crossing]
    leave = _summed(labels[flow.source[crossing]], link, groups)
    enter = _summed(labels[flow.target[crossing]], link, groups)
    inside = _summed(labels, flow.node, groups)
    index = _plogp(enter.sum(keepdims=True)) - _plogp(enter)
    return index + _plogp(leave + inside) - _plogp(leave) - _plogp(_bodies(flow, labels))


def _bodies(flow: Flow, labels: Ints) -> Floats:
    """Sum the visits that one module's codebook has one word for: those to all places of a node."""
    if flow.body is None:
        return flow.node
    _, word = np.unique(labels * (int(flow.body.max()) + 1) + flow.body, return_inverse=True)
    return np.bincount(word, flow.node).astype("float64")


def _summed(at: Ints, what: Floats, n: int) -> Floats:
    """Sum what falls on each of n places."""
    return np.bincount(at, what, n).astype("float64")


def _plogp(p: Floats) -> float:
    """Σ p log2 p over what is positive."""
    positive = p[p > 0]
    return float((positive * np.log2(positive)).sum())
