"""The annealer: heat bath on a Potts model with maintained neighbour sums, compiled."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from numba import njit

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

#: Temperatures in units of the mean strength: above the first a node of mean strength hardly stays anywhere, below the
#: last it is frozen.
HOT, COLD = 0.5, 0.004


@njit(cache=True, nogil=True)
def anneal(
    start: Ints,
    first: Ints,
    neighbour: Ints,
    weight: Floats,
    strength: Floats,
    against: Floats,
    gamma: float,
    lam: float,
    q: int,
    sweeps: int,
    seed: int,
) -> Ints:
    """Cool one start and descend to the nearest minimum.

    Parameters
    ----------
    start
        State of each node, 0 to q - 1.
    first, neighbour, weight
        Neighbours of node i are ``neighbour[first[i]:first[i + 1]]``; weights in units of the mean strength.
    strength, against
        Sums of each node's positive weights, of mean 1, and of its negative weights without their sign.
    gamma, lam, q
        Resolution of the positive weights, of the negative ones, and number of states.
    sweeps
        Passes over all nodes between :data:`HOT` and :data:`COLD`; 0 descends at once.
    seed
        Seed of this start alone.

    Returns
    -------
    array
        State of each node.
    """
    np.random.seed(seed)
    n = strength.size
    total = max(strength.sum(), 1e-300)
    total_against = max(against.sum(), 1e-300)
    state = start.copy()
    near = np.zeros((n, q))  # weight from each node into each state, kept up to date
    mass = np.zeros(q)  # strength in each state
    mass_against = np.zeros(q)
    for i in range(n):
        mass[state[i]] += strength[i]
        mass_against[state[i]] += against[i]
        for e in range(first[i], first[i + 1]):
            near[i, state[neighbour[e]]] += weight[e]
    field = np.empty(q)
    cooling = (COLD / HOT) ** (1.0 / max(1, sweeps - 1))
    temperature = HOT
    for sweep in range(sweeps + 10 * n + 100):
        frozen = sweep >= sweeps
        moved = False
        for step in range(n):
            # Visiting in order while cold makes the descent the same for equal states.
            i = step if frozen else np.random.randint(n)
            old = state[i]
            top = -np.inf
            for c in range(q):
                others = mass[c] - strength[i] if c == old else mass[c]
                enemies = mass_against[c] - against[i] if c == old else mass_against[c]
                field[c] = near[i, c] - gamma * strength[i] * others / total
                field[c] += lam * against[i] * enemies / total_against
                top = max(top, field[c])
            new = old
            if frozen:
                best = field[old] + 1e-12
                for c in range(q):
                    if field[c] > best:
                        best = field[c]
                        new = c
            else:
                norm = 0.0
                for c in range(q):
                    field[c] = np.exp((field[c] - top) / temperature)
                    norm += field[c]
                draw = np.random.random() * norm
                new = q - 1
                for c in range(q):
                    draw -= field[c]
                    if draw < 0.0:
                        new = c
                        break
            if new != old:
                moved = True
                state[i] = new
                mass[old] -= strength[i]
                mass[new] += strength[i]
                mass_against[old] -= against[i]
                mass_against[new] += against[i]
                for e in range(first[i], first[i + 1]):
                    near[neighbour[e], old] -= weight[e]
                    near[neighbour[e], new] += weight[e]
        if frozen and not moved:
            break
        temperature *= cooling
    return state
