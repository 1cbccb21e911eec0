"""Which: a spin glass with at most q states on the main component."""

from __future__ import annotations

import numpy as np
import pandas as pd

from communities.graph import Floats, Graph, Ints, main_component
from communities.leiden import leiden_labels
from communities.partition import Partition, by_size, partition_of
from communities.quality import energy, modularity
from linkages import Network

#: Passes over all nodes in one start.
SWEEPS = 300


def spinglass(
    links: Network | pd.DataFrame,
    q: int = 3,
    gamma: float = 1.0,
    restarts: int = 20,
    seed: int = 1,
    *,
    method: str = "annealer",
    sweeps: int = SWEEPS,
) -> Partition:
    """Assign the nodes of the main component to at most q communities of lowest Potts energy.

    Each start is cooled by heat bath, temperature in units of the mean strength, and ends with a descent
    at zero temperature; the lowest energy of all starts is kept. A Leiden partition with at most q
    communities is one of the starts, and the gap to Leiden's best with any number is told.

    Parameters
    ----------
    links
        A network, or a table ``source, target, weight``.
    q
        Largest number of communities.
    gamma
        Resolution; 1 compares with the configuration model.
    restarts
        Number of starts.
    seed
        The first of the starts' seeds.
    method
        ``annealer``, or ``igraph`` for igraph's own, the recipe of 2014.
    sweeps
        Passes over all nodes in a start.

    Returns
    -------
    Partition
        ``details``: ``starts_at_best``, ``energy_spread`` (worst less best start), ``gap_to_leiden``
        (modularity of the best Leiden partition less this one's), ``filled`` (communities in use).

    Raises
    ------
    ValueError
        For links that are none, q or restarts below 1, γ that is negative or not finite, another method.

    Examples
    --------
    >>> two = [("a", "b"), ("b", "c"), ("a", "c"), ("c", "x"), ("x", "y"), ("y", "z"), ("x", "z")]
    >>> table = pd.DataFrame(two, columns=["source", "target"]).assign(weight=1.0)
    >>> spinglass(table, q=2, restarts=3).membership.to_dict()
    {'a': 0, 'b': 0, 'c': 0, 'x': 1, 'y': 1, 'z': 1}

    References
    ----------
    Reichardt & Bornholdt (2006), Physical Review E 74; European Cluster Trends, methodology 2014, 3.4.
    """
    if q < 1 or restarts < 1:
        raise ValueError(f"q and restarts must be 1 or more; got q={q}, restarts={restarts}")
    if not (np.isfinite(gamma) and gamma >= 0):
        raise ValueError(f"gamma must be a number of 0 or more; got {gamma}")
    if method not in ("annealer", "igraph"):
        raise ValueError(f"method is annealer or igraph; got {method!r}")
    graph = main_component(links)
    parameters: dict[str, float | int | str] = {"q": q, "gamma": gamma, "restarts": restarts, "method": method}
    if graph.n < 2:
        labels = np.zeros(graph.n, dtype="int64")
        return partition_of(graph, labels, "spinglass", parameters, seed, notes=("no links to look at",))
    if method == "igraph":
        from communities.igraph_spinglass import igraph_labels

        starts = [igraph_labels(graph, q, gamma, seed + run) for run in range(restarts)]
    else:
        starts = annealed(graph, q, gamma, restarts, seed, sweeps)
    return _lowest(graph, starts, parameters, seed)


def annealed(
    graph: Graph,
    q: int,
    gamma: float,
    restarts: int,
    seed: int,
    sweeps: int = SWEEPS,
    warm: Ints | None = None,
) -> list[Ints]:
    """Cool several starts of a graph; `warm`, where given, is one more start, only descended."""
    from communities.annealing import anneal

    first, neighbour, weight, strength = _neighbours(graph)
    generator = np.random.default_rng(seed)
    arguments = (first, neighbour, weight, strength, gamma, q)
    found = []
    for run in range(restarts):
        start = generator.integers(0, q, graph.n)
        found.append(anneal(start, *arguments, sweeps, seed + run))
    if warm is not None and warm.max(initial=0) < q:
        found.append(anneal(warm.astype("int64"), *arguments, 0, seed))
    return found


def lowest_labels(graph: Graph, starts: list[Ints], gamma: float) -> tuple[Ints, Floats]:
    """Pick the start of lowest energy; equal ones by their labels, so that the choice is repeatable."""
    canonical = [by_size(labels) for labels in starts]
    energies = np.array([energy(graph, labels, gamma) for labels in canonical])
    tolerance = 1e-12 * max(1.0, float(graph.weight.sum()))
    best = energies <= energies.min() + tolerance
    chosen = min((labels.tolist() for labels, yes in zip(canonical, best, strict=True) if yes))
    return np.array(chosen, dtype="int64"), energies


def _lowest(graph: Graph, starts: list[Ints], parameters: dict[str, float | int | str], seed: int) -> Partition:
    q, gamma = int(parameters["q"]), float(parameters["gamma"])
    free = leiden_labels(graph, gamma, 20, seed)
    if parameters["method"] == "annealer":
        starts = [*starts, *annealed(graph, q, gamma, 0, seed, warm=by_size(free))]
    labels, energies = lowest_labels(graph, starts, gamma)
    scale = float(graph.weight.sum())
    details = {
        "starts_at_best": int((energies <= energies.min() + 1e-9 * scale).sum()),
        "starts": len(starts),
        "energy_spread": float(energies.max() - energies.min()),
        "gap_to_leiden": modularity(graph, free, gamma) - modularity(graph, labels, gamma),
        "leiden_k": len(set(free.tolist())),
        "filled": len(set(labels.tolist())),
    }
    notes: tuple[str, ...] = ()
    if details["filled"] < q:
        notes = (f"{details['filled']} of {q} communities are filled: more would not lower the energy",)
    return partition_of(graph, labels, "spinglass", parameters, seed, notes=notes, details=details)


def _neighbours(graph: Graph) -> tuple[Ints, Ints, Floats, Floats]:
    """Lay out neighbours node by node, weights in units of the mean strength.

    Rounding to 2^-40 makes the numbers, and so every draw, the same whatever the unit of the weights.
    """
    scaled = graph.weight / graph.strengths.mean()
    scaled = np.maximum(np.round(scaled * 2.0**40), 1.0) / 2.0**40
    ends = np.concatenate([graph.source, graph.target])
    others = np.concatenate([graph.target, graph.source])
    weights = np.concatenate([scaled, scaled])
    order = np.lexsort((others, ends))
    first = np.zeros(graph.n + 1, dtype="int64")
    np.cumsum(np.bincount(ends, minlength=graph.n), out=first[1:])
    strength = np.bincount(ends, weights, graph.n).astype("float64")
    return first.astype("int64"), others[order].astype("int64"), weights[order].astype("float64"), strength
