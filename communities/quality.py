"""What a partition is worth: energy, modularity, codelength, each from its own formula."""

from __future__ import annotations

import numpy as np

from communities.graph import Graph, Ints


def energy(graph: Graph, labels: Ints, gamma: float = 1.0, lam: float | None = None) -> float:
    """Potts energy H = -Σ_{i<j} (w_ij - γ k_i k_j / 2m) δ(s_i, s_j), in the unit of the weights.

    With `lam`, negative weights count too, against their own expectation: H = H⁺(γ) - H⁻(λ).

    Examples
    --------
    >>> pair = Graph(("a", "b"), np.array([0]), np.array([1]), np.array([2.0]))
    >>> energy(pair, np.array([0, 0]))
    -1.0

    References
    ----------
    Reichardt & Bornholdt (2006), Physical Review E 74, eq. 3 with the configuration null model; Traag &
    Bruggeman (2009), Physical Review E 80, eq. 10, for negative weights.
    """
    if lam is not None:
        return energy(graph.part(1), labels, gamma) - energy(graph.part(-1), labels, lam)
    k = graph.strengths
    if graph.n == 0 or not k.any():
        return 0.0
    inside = float(graph.weight[labels[graph.source] == labels[graph.target]].sum())
    # Shares of the total have squares that neither vanish nor overflow, whatever the unit.
    total = float(k.sum())
    node, group = k / total, np.bincount(labels, k) / total
    pairs = total * (float((group**2).sum()) - float((node**2).sum())) / 2.0
    return -(inside - gamma * pairs)


def modularity(graph: Graph, labels: Ints, gamma: float = 1.0) -> float:
    """Newman's modularity at resolution γ: Q = Σ_c [w_c / m - γ (K_c / 2m)²].

    Related to :func:`energy` by H = -m Q - γ Σ k_i² / 4m.

    Examples
    --------
    >>> pair = Graph(("a", "b"), np.array([0]), np.array([1]), np.array([2.0]))
    >>> modularity(pair, np.array([0, 1]))
    -0.5

    References
    ----------
    Newman & Girvan (2004), Physical Review E 69, eq. 5.
    """
    k = graph.strengths
    total = float(k.sum())
    if graph.n == 0 or not total:
        return 0.0
    inside = float(graph.weight[labels[graph.source] == labels[graph.target]].sum())
    group = np.bincount(labels, k) / total
    return 2.0 * inside / total - gamma * float((group**2).sum())


def signed_modularity(graph: Graph, labels: Ints, gamma: float = 1.0, lam: float = 1.0) -> float:
    """Modularity with negative weights: the parts' modularities weighed by their total weights.

    Examples
    --------
    >>> foes = Graph(("a", "b", "c"), np.array([0, 0]), np.array([1, 2]), np.array([1.0, -1.0]))
    >>> signed_modularity(foes, np.array([0, 0, 1]))
    0.25

    References
    ----------
    Gómez, Jensen & Arenas (2009), Physical Review E 80, eq. 8.
    """
    plus, minus = graph.part(1), graph.part(-1)
    a, b = float(plus.weight.sum()), float(minus.weight.sum())
    if not a + b:
        return 0.0
    return (a * modularity(plus, labels, gamma) - b * modularity(minus, labels, lam)) / (a + b)


def codelength(graph: Graph, labels: Ints) -> float:
    """Length of the two-level map equation in bits a step, for an undirected network.

    Examples
    --------
    >>> pair = Graph(("a", "b"), np.array([0]), np.array([1]), np.array([2.0]))
    >>> codelength(pair, np.array([0, 0]))
    1.0

    References
    ----------
    Rosvall & Bergstrom (2008), PNAS 105, eq. 4; Rosvall, Axelsson & Bergstrom (2009), EPJ ST 178, eq. 4.
    """
    if graph.n == 0:
        return 0.0
    k = graph.strengths
    flow = k / k.sum()
    crossing = labels[graph.source] != labels[graph.target]
    groups = int(labels.max()) + 1
    out = np.zeros(groups)
    for end in (graph.source, graph.target):
        out += np.bincount(labels[end[crossing]], graph.weight[crossing], groups)
    exit_flow = out / k.sum()
    inside = np.bincount(labels, flow, groups)
    terms = _plogp(exit_flow.sum()) - 2.0 * _plogp(exit_flow).sum()
    return float(terms - _plogp(flow).sum() + _plogp(exit_flow + inside).sum())


def _plogp(
    p: float | np.ndarray[tuple[int], np.dtype[np.float64]],
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    value = np.asarray(p, dtype=float)
    return value * np.log2(np.where(value > 0, value, 1.0))
