"""Starts of the spin glass: cooled ones over all cores, and ones made of the communities that Leiden finds."""

from __future__ import annotations

import multiprocessing
import os
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from communities.graph import Floats, Graph, Ints

#: Passes over all nodes in one start.
SWEEPS = 300


@dataclass(frozen=True)
class Model:
    """A graph laid out for the annealer, weights in units of the mean strength.

    Attributes
    ----------
    first, neighbour, weight
        Neighbours of node i are ``neighbour[first[i]:first[i + 1]]``.
    strength, against
        Sums of each node's positive weights, of mean 1, and of its negative ones without their sign.
    gamma, lam, q
        Resolutions and number of states.
    """

    first: Ints
    neighbour: Ints
    weight: Floats
    strength: Floats
    against: Floats
    gamma: float
    lam: float
    q: int

    def cooled(self, start: Ints, sweeps: int, seed: int) -> Ints:
        """Cool one start; with no sweeps, only descend from it."""
        from communities.annealing import anneal

        arrays = (self.first, self.neighbour, self.weight, self.strength, self.against)
        labels: Ints = anneal(start.astype("int64"), *arrays, self.gamma, self.lam, self.q, sweeps, seed)
        return labels

    def energy(self, labels: Ints) -> float:
        """Potts energy of a start, but for a constant, to compare starts with."""
        ends = np.repeat(np.arange(len(labels)), np.diff(self.first))
        inside = float(self.weight[labels[ends] == labels[self.neighbour]].sum()) / 2.0
        plus, minus = (np.bincount(labels, part) for part in (self.strength, self.against))
        friends = float((plus**2).sum()) / max(2.0 * float(self.strength.sum()), 1e-300)
        foes = float((minus**2).sum()) / max(2.0 * float(self.against.sum()), 1e-300)
        return -inside + self.gamma * friends - self.lam * foes


def model_of(graph: Graph, q: int, gamma: float, lam: float = 0.0) -> Model:
    """Lay a graph out for the annealer.

    Rounding to 2^-40 makes the numbers, and so every draw, the same whatever the unit of the weights.
    """
    unit = float(np.abs(graph.weight).sum()) * 2.0 / graph.n
    scaled = np.round(graph.weight / unit * 2.0**40) / 2.0**40
    scaled = np.where(scaled == 0.0, np.sign(graph.weight) * 2.0**-40, scaled)
    ends = np.concatenate([graph.source, graph.target])
    others = np.concatenate([graph.target, graph.source])
    return _laid_out(ends, others, np.concatenate([scaled, scaled]), graph.n, q, gamma, lam)


def _laid_out(ends: Ints, others: Ints, weights: Floats, n: int, q: int, gamma: float, lam: float) -> Model:
    order = np.lexsort((others, ends))
    first = np.zeros(n + 1, dtype="int64")
    np.cumsum(np.bincount(ends, minlength=n), out=first[1:])
    strength = np.bincount(ends, np.maximum(weights, 0.0), n).astype("float64")
    against = np.bincount(ends, np.maximum(-weights, 0.0), n).astype("float64")
    laid = (others[order].astype("int64"), weights[order].astype("float64"))
    return Model(first, *laid, strength, against, gamma, lam, q)


def coolings_of(links: int) -> int:
    """How often a start of a network with so many links is cooled: the best of ten while that takes milliseconds.

    Near the limit of what can be found, minima that differ in the fifth decimal trap a cooling however slow it
    is; several coolings mend that, slower ones do not (measured: docs/performance.md).

    Examples
    --------
    >>> coolings_of(300), coolings_of(5000), coolings_of(50_000)
    (10, 4, 1)
    """
    return max(1, min(10, 20_000 // max(1, links)))


def annealed(
    model: Model,
    restarts: int,
    seed: int,
    sweeps: int = SWEEPS,
    seconds: float | None = None,
    coolings: int = 1,
) -> list[Ints]:
    """Cool several random starts, over all cores; each has a seed of its own, so the order does not matter.

    Parameters
    ----------
    coolings
        Each start is the best of so many coolings.
    seconds
        Begin no start after so long; at least one is made. The result then depends on the machine.
    """
    n = model.strength.size
    generator = np.random.default_rng(seed)
    starts = [[generator.integers(0, model.q, n) for _ in range(coolings)] for _ in range(restarts)]
    until = None if seconds is None else time.monotonic() + seconds

    def one(run: int) -> Ints | None:
        late = run > 0 and until is not None and time.monotonic() > until
        if late:
            return None
        found = [model.cooled(start, sweeps, seed + run + 100_003 * c) for c, start in enumerate(starts[run])]
        return found[0] if coolings == 1 else min(found, key=model.energy)

    if len(model.weight) * restarts * coolings < 100_000:  # threads would cost more than they save
        return [labels for run in range(restarts) if (labels := one(run)) is not None]
    # One of several processes leaves the other cores to its fellows.
    cores = 1 if multiprocessing.parent_process() else os.cpu_count() or 1
    with ThreadPoolExecutor(max_workers=min(restarts, cores)) as pool:
        return [labels for labels in pool.map(one, range(restarts)) if labels is not None]


def merged(model: Model, communities: Ints, restarts: int, seed: int) -> list[Ints]:
    """Merge communities found without a limit down to q states, then descend node by node.

    Parameters
    ----------
    communities
        Labels from 0 without gaps, any number of them.
    """
    k = int(communities.max(initial=0)) + 1
    if k <= model.q:
        return [model.cooled(communities, 0, seed)]
    small = _contracted(model, communities, k)
    found = {tuple(labels.tolist()) for labels in annealed(small, restarts, seed, 100)}
    return [model.cooled(np.array(labels, dtype="int64")[communities], 0, seed) for labels in sorted(found)]


def _contracted(model: Model, communities: Ints, k: int) -> Model:
    """One node a community. Weights within one do not tell between merging and not, and are left out."""
    n = model.strength.size
    ends = np.repeat(np.arange(n), np.diff(model.first))
    table = np.zeros((k, k))
    np.add.at(table, (communities[ends], communities[model.neighbour]), model.weight)
    np.fill_diagonal(table, 0.0)
    unit = n / k  # brings the mean strength to about 1, the unit of temperature
    i, j = np.nonzero(table)
    laid = _laid_out(i, j, table[i, j] / unit, k, model.q, model.gamma, model.lam)
    strength = np.bincount(communities, model.strength, k) / unit
    against = np.bincount(communities, model.against, k) / unit
    return Model(laid.first, laid.neighbour, laid.weight, strength, against, model.gamma, model.lam, model.q)
