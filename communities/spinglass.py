"""Which: a spin glass with at most q states on the main component."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from communities.exact import prove
from communities.graph import Floats, Graph, Ints, main_component
from communities.leiden import leiden_labels, leiden_runs
from communities.partition import Partition, by_size, partition_of
from communities.quality import energy, modularity
from communities.starts import SWEEPS, annealed, coolings_of, merged, model_of
from linkages import Network

METHODS = ("annealer", "igraph")
#: Alternatives as good as the best that are kept.
ALTERNATIVES = 10


def spinglass(
    links: Network | pd.DataFrame,
    q: int = 3,
    gamma: float = 1.0,
    restarts: int = 20,
    seed: int = 1,
    *,
    method: str = "annealer",
    lam: float | None = None,
    sweeps: int = SWEEPS,
    seconds: float | None = None,
    exact: int = 40,
) -> Partition:
    """Assign the nodes of the main component to at most q communities of lowest Potts energy.

    Each start is cooled by heat bath, temperature in units of the mean strength, and ends with a descent
    at zero temperature; on networks of few links it is the best of up to ten coolings. To the random starts
    come Leiden's communities, merged down to q where there are more. The lowest energy of all is kept; on a
    small network an integer programme proves it, or betters it.

    Parameters
    ----------
    links
        A network, or a table ``source, target, weight``.
    q
        Largest number of communities.
    gamma
        Resolution; 1 compares with the configuration model.
    restarts
        Number of random starts.
    seed
        The first of the starts' seeds.
    method
        ``annealer``, or ``igraph`` for igraph's own, the recipe of 2014.
    lam
        Resolution of negative weights; they are refused when None.
    sweeps
        Passes over all nodes in a start.
    seconds
        Begin no further start after so long; the result then depends on the machine.
    exact
        Number of nodes up to which the lowest energy is proven where that can be done; 0 for never.

    Returns
    -------
    Partition
        ``details``: ``proven``; ``starts``, ``starts_at_best``, ``energy_spread`` (worst less best start);
        ``gap_to_leiden`` (modularity of the best Leiden partition, any number of communities, less this
        one's) and ``leiden_k``; ``filled`` (communities in use). ``alternatives``: other partitions of the
        same energy to within 1e-12 of the total weight.

    Raises
    ------
    ValueError
        For links that are none, q or restarts below 1, γ or λ that is negative or not finite, another method.

    Examples
    --------
    >>> two = [("a", "b"), ("b", "c"), ("a", "c"), ("c", "x"), ("x", "y"), ("y", "z"), ("x", "z")]
    >>> table = pd.DataFrame(two, columns=["source", "target"]).assign(weight=1.0)
    >>> found = spinglass(table, q=2, restarts=3)
    >>> found.membership.to_dict(), found.details["proven"]
    ({'a': 0, 'b': 0, 'c': 0, 'x': 1, 'y': 1, 'z': 1}, True)

    References
    ----------
    Reichardt & Bornholdt (2006), Physical Review E 74; European Cluster Trends, methodology 2014, 3.4.
    """
    _check(q, gamma, restarts, method, lam)
    graph = main_component(links, signed=lam is not None)
    parameters: dict[str, float | int | str] = {"q": q, "gamma": gamma, "restarts": restarts, "method": method}
    if lam is not None:
        parameters["lam"] = lam
    if graph.n < 2:
        labels = np.zeros(graph.n, dtype="int64")
        return partition_of(graph, labels, "spinglass", parameters, seed, notes=("no links to look at",))
    free = None if lam is not None else by_size(leiden_labels(graph, gamma, leiden_runs(len(graph.weight)), seed))
    if method == "igraph":
        from communities.igraph_spinglass import igraph_labels

        starts = [igraph_labels(graph, q, gamma, seed + run, lam) for run in range(restarts)]
    else:
        model = model_of(graph, q, gamma, lam or 0.0)
        starts = annealed(model, restarts, seed, sweeps, seconds, coolings_of(len(graph.weight)))
        starts += [] if free is None else merged(model, free, 20, seed)
    proof = prove(graph, q, gamma) if graph.n <= exact and method == "annealer" and lam is None else None
    return _told(graph, starts, proof, free, parameters, seed)


def _check(q: int, gamma: float, restarts: int, method: str, lam: float | None) -> None:
    if q < 1 or restarts < 1:
        raise ValueError(f"q and restarts must be 1 or more; got q={q}, restarts={restarts}")
    for name, value in (("gamma", gamma), ("lam", lam)):
        if value is not None and not (np.isfinite(value) and value >= 0):
            raise ValueError(f"{name} must be a number of 0 or more; got {value}")
    if method not in METHODS:
        raise ValueError(f"method is {' or '.join(METHODS)}; got {method!r}")


def lowest_labels(
    graph: Graph, starts: list[Ints], gamma: float, lam: float | None = None
) -> tuple[list[Ints], Floats]:
    """Pick the starts of lowest energy, different ones once, in the order of their labels, so that it is repeatable."""
    canonical = [by_size(labels) for labels in starts]
    energies = np.array([energy(graph, labels, gamma, lam) for labels in canonical])
    tolerance = 1e-12 * float(np.abs(graph.weight).sum())
    best = energies <= energies.min() + tolerance
    chosen = sorted({tuple(labels.tolist()) for labels, yes in zip(canonical, best, strict=True) if yes})
    return [np.array(labels, dtype="int64") for labels in chosen], energies


def _told(
    graph: Graph,
    starts: list[Ints],
    proof: Ints | None,
    free: Ints | None,
    parameters: dict[str, float | int | str],
    seed: int,
) -> Partition:
    """Keep the best start and say how good it is."""
    q, gamma = int(parameters["q"]), float(parameters["gamma"])
    lam = float(parameters["lam"]) if "lam" in parameters else None
    _, energies = lowest_labels(graph, starts, gamma, lam)
    best, _ = lowest_labels(graph, starts if proof is None else [*starts, proof], gamma, lam)
    scale = float(np.abs(graph.weight).sum())
    filled = len(set(best[0].tolist()))
    details = {
        "proven": proof is not None,
        "starts": len(starts),
        "starts_at_best": int((energies <= energies.min() + 1e-9 * scale).sum()),
        "energy_spread": float(energies.max() - energies.min()),
        "filled": filled,
        "optima": len(best),
    }
    if free is not None:
        details["gap_to_leiden"] = modularity(graph, free, gamma) - modularity(graph, best[0], gamma)
        details["leiden_k"] = len(set(free.tolist()))
    notes: tuple[str, ...] = ()
    if filled < q:
        notes += (f"{filled} of {q} communities are filled: more would not lower the energy",)
    if len(best) > 1:
        notes += (f"{len(best)} different partitions have this energy; one of them is given",)
    found = partition_of(graph, best[0], "spinglass", parameters, seed, notes=notes, details=details)
    others = tuple(pd.Series(labels, found.membership.index, name="community") for labels in best[1 : ALTERNATIVES + 1])
    return replace(found, alternatives=others)
