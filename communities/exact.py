"""Exact at small size: the lowest energy proven by an integer programme."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from communities.graph import Floats, Graph, Ints

#: Up to this many nodes with a limit on the number of communities; the limit makes the programme harder.
LIMITED = 16


def prove(graph: Graph, q: int, gamma: float, *, seconds: float = 600.0) -> Ints | None:
    """Prove the lowest energy of at most q communities, or give up.

    Every pair of nodes is together or apart; being together is transitive. First any number of communities
    is allowed: where the best has no more than q, it is the best of at most q as well. Otherwise the limit is
    added for networks of up to :data:`LIMITED` nodes.

    Parameters
    ----------
    graph
        A connected graph of few nodes (40 take seconds where there is structure, longer on noise).
    q
        Largest number of communities.
    gamma
        Resolution.
    seconds
        Give up after so long. Ordinarily the search gives up sooner: it looks at the root of the search tree
        only, where structure shows, so that its answer does not depend on the machine.

    Returns
    -------
    array or None
        Communities of lowest energy; None where the search gave up and nothing is known.

    Examples
    --------
    >>> path = Graph(("a", "b", "c", "d"), np.array([0, 1, 2]), np.array([1, 2, 3]), np.array([2.0, 1.0, 2.0]))
    >>> prove(path, 2, 1.0).tolist()
    [0, 0, 1, 1]

    References
    ----------
    Brandes et al. (2008), IEEE TKDE 20, section 3.2: modularity as an integer programme.
    """
    gain = _gains(graph, gamma)
    free = _solve(gain, graph.n, None, seconds)
    if free is None:
        return None
    if free.max(initial=0) < q:
        return free
    return _solve(gain, graph.n, q, seconds) if graph.n <= LIMITED else None


def _gains(graph: Graph, gamma: float) -> Floats:
    """What each pair adds when it is together, in units of the mean strength; pairs in order of combinations."""
    strength = graph.strengths / graph.strengths.mean()
    matrix = -gamma * np.outer(strength, strength) / graph.n
    np.add.at(matrix, (graph.source, graph.target), graph.weight / graph.strengths.mean())
    return np.asarray(matrix[np.triu_indices(graph.n, 1)], dtype="float64")


def _solve(gain: Floats, n: int, q: int | None, seconds: float) -> Ints | None:
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import coo_array

    rows, columns, values, upper = _transitive(n)
    cost = -gain
    if q is not None:
        extra = _at_most(n, q, len(upper), len(gain))
        rows, columns, values = (
            np.concatenate([one, two]) for one, two in zip((rows, columns, values), extra[:3], strict=True)
        )
        upper = np.concatenate([upper, extra[3]])
        cost = np.concatenate([cost, np.zeros(n)])
    matrix = coo_array((values, (rows, columns)), shape=(len(upper), len(cost))).tocsr()
    found = milp(
        cost,
        constraints=LinearConstraint(matrix, -np.inf, upper),
        integrality=np.ones(len(cost)),
        bounds=Bounds(0, 1),
        options={"time_limit": seconds, "node_limit": 1, "mip_rel_gap": 0.0},
    )
    if found.status != 0 or found.x is None:
        return None
    return _labels(found.x[: len(gain)] > 0.5, n)


def _transitive(n: int) -> tuple[Ints, Ints, Floats, Floats]:
    """If a is with b and b with c, a is with c: three inequalities for each three nodes."""
    three = np.array(list(combinations(range(n), 3)), dtype="int64").reshape(-1, 3)
    ab, bc, ac = (_pair(three[:, one], three[:, two], n) for one, two in ((0, 1), (1, 2), (0, 2)))
    columns = np.concatenate([np.column_stack(x) for x in ((ab, bc, ac), (ab, ac, bc), (ac, bc, ab))]).ravel()
    number = 3 * len(three)
    return np.repeat(np.arange(number), 3), columns, np.tile([1.0, 1.0, -1.0], number), np.ones(number)


def _at_most(n: int, q: int, row: int, pairs: int) -> tuple[Ints, Ints, Floats, Floats]:
    """A node leads its community unless an earlier one is with it; at most q nodes lead."""
    rows, columns, values = [], [], []
    for node in range(n):
        rows += [row + node] * (node + 1)
        columns += [pairs + node, *(int(_pair(np.array(k), np.array(node), n)) for k in range(node))]
        values += [-1.0] * (node + 1)
    rows += [row + n] * n
    columns += list(range(pairs, pairs + n))
    values += [1.0] * n
    upper = np.concatenate([-np.ones(n), [float(q)]])
    return np.array(rows), np.array(columns), np.array(values), upper


def _pair(i: Ints, j: Ints, n: int) -> Ints:
    """Give the position of the pair i < j among all pairs."""
    return np.asarray(i * n - i * (i + 1) // 2 + j - i - 1, dtype="int64")


def _labels(together: np.ndarray[tuple[int], np.dtype[np.bool_]], n: int) -> Ints:
    labels = np.full(n, -1, dtype="int64")
    i, j = np.triu_indices(n, 1)
    following = 0
    for node in range(n):
        if labels[node] < 0:
            labels[node] = following
            labels[j[(i == node) & together]] = following
            following += 1
    return labels
