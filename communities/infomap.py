"""How many: the two-level map equation, and what to do when it finds one module or one a node."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from communities.graph import Graph, main_component
from communities.leiden import leiden
from communities.partition import Partition, partition_of
from linkages import Network


def infomap(links: Network | pd.DataFrame, trials: int = 50, seed: int = 1) -> Partition:
    """Find the modules of the main component by the two-level map equation.

    Parameters
    ----------
    links
        A network, or a table ``source, target, weight``.
    trials
        Number of runs from random starts, of which the shortest description is kept.
    seed
        Seed of the runs, 1 or more.

    Raises
    ------
    ValueError
        For links that are none, and for a seed or number of trials below 1.

    Examples
    --------
    >>> two = [("a", "b"), ("b", "c"), ("a", "c"), ("c", "x"), ("x", "y"), ("y", "z"), ("x", "z")]
    >>> table = pd.DataFrame(two, columns=["source", "target"]).assign(weight=1.0)
    >>> infomap(table, trials=5).membership.to_dict()
    {'a': 0, 'b': 0, 'c': 0, 'x': 1, 'y': 1, 'z': 1}

    References
    ----------
    Rosvall & Bergstrom (2008), PNAS 105: the map equation; European Cluster Trends, methodology 2014,
    3.4: "an approximation to the best number of communities".
    """
    if trials < 1 or seed < 1:
        raise ValueError(f"trials and seed must be 1 or more; got trials={trials}, seed={seed}")
    return infomap_of(main_component(links), trials, seed)


def infomap_of(graph: Graph, trials: int = 50, seed: int = 1) -> Partition:
    """Run Infomap on a graph that has been checked already."""
    parameters = {"trials": trials, "levels": 2, "gamma": 1.0}
    if graph.n < 2:
        labels = np.zeros(graph.n, dtype="int64")
        return partition_of(graph, labels, "infomap", parameters, seed, notes=("no links to look at",))
    from infomap import Infomap

    run = Infomap(two_level=True, num_trials=trials, seed=seed)
    # Weights in units of their mean: the map equation ignores the unit, the program's tolerances do not.
    scaled = graph.weight / graph.weight.mean()
    for a, b, w in zip(graph.source.tolist(), graph.target.tolist(), scaled.tolist(), strict=True):
        run.add_link(a, b, w)
    result = run.run()
    modules = result.modules()
    labels = np.array([modules[node] for node in range(graph.n)], dtype="int64")
    found = partition_of(graph, labels, "infomap", parameters, seed)
    lengths = sorted(round(float(x), 10) for x in result.codelengths)
    details = {
        "codelength_of_infomap": round(float(result.codelength), 10),
        "codelength_one_module": round(float(result.one_level_codelength), 10),
        "trials_at_best": sum(x <= lengths[0] + 1e-9 for x in lengths),
    }
    if abs(result.codelength - found.codelength) > 1e-6:
        note = f"Infomap reports {result.codelength:.6f} bits, the map equation gives {found.codelength:.6f}"
        return found.with_notes(note, **details)
    return found.with_notes(**details)


@dataclass(frozen=True)
class Number:
    """How many communities to look for, and by which rule that was decided.

    Attributes
    ----------
    k
        The number; at least 1.
    rule
        Name of the rule that gave it: ``infomap``, ``infomap on links above expectation``, ``leiden``,
        ``study`` or ``none``.
    finding
        What each rule found, in words.
    infomap
        Infomap's own partition of the network as it is.
    """

    k: int
    rule: str
    finding: str
    infomap: Partition


def how_many(links: Network | pd.DataFrame, trials: int = 50, seed: int = 1, fallback: int | None = None) -> Number:
    """Decide how many communities to look for.

    Infomap's number stands when 2 ≤ k < n/2. One module, or nearly as many modules as nodes, is a finding
    about the network; the number then comes from the next rule that gives 2 ≤ k < n/2: Infomap on the
    links above expectation weighed by association strength, the best Leiden partition, `fallback`.

    Examples
    --------
    >>> two = [("a", "b"), ("b", "c"), ("a", "c"), ("c", "x"), ("x", "y"), ("y", "z"), ("x", "z")]
    >>> table = pd.DataFrame(two, columns=["source", "target"]).assign(weight=1.0)
    >>> how_many(table, trials=5).k, how_many(table, trials=5).rule
    (2, 'infomap')

    References
    ----------
    European Cluster Trends, methodology 2014, 3.4, completed where it is silent: see docs/method notes.
    """
    graph = main_component(links)
    first = infomap_of(graph, trials, seed)
    if graph.n < 2:
        return Number(1, "none", "There are no links to look at.", first)
    said = [f"Infomap finds {_modules(first.k)} in {graph.n} nodes"]
    if _useful(first.k, graph.n):
        return Number(first.k, "infomap", said[0] + ".", first)
    above = _above_expectation(graph)
    second = infomap_of(above, trials, seed)
    said.append(f"on links above expectation {_modules(second.k)} in {above.n} nodes")
    if _useful(second.k, graph.n):
        return Number(second.k, "infomap on links above expectation", "; ".join(said) + ".", first)
    third = leiden(links, seed=seed)
    said.append(f"Leiden {_modules(third.k)}")
    if _useful(third.k, graph.n):
        return Number(third.k, "leiden", "; ".join(said) + ".", first)
    if fallback is not None:
        said.append(f"the study sets {fallback}")
        return Number(max(1, min(fallback, graph.n)), "study", "; ".join(said) + ".", first)
    said.append("no rule gives a number between 2 and half the nodes")
    return Number(max(1, min(third.k, graph.n)), "none", "; ".join(said) + ".", first)


def _useful(k: int, n: int) -> bool:
    return 2 <= k < n / 2


def _modules(k: int) -> str:
    return "one module" if k == 1 else f"{k} modules"


def _above_expectation(graph: Graph) -> Graph:
    """Keep the links stronger than their ends' sizes suggest, weighed by association strength.

    All parts are kept: where the links above expectation fall into pieces, each is a module or more.
    """
    strengths = graph.strengths
    expected = strengths[graph.source] * strengths[graph.target] / strengths.sum()
    association = graph.weight / expected
    above = association > 1.0 + 1e-12
    kept = np.unique(np.concatenate([graph.source[above], graph.target[above]]))
    return Graph(
        tuple(graph.names[i] for i in kept),
        np.searchsorted(kept, graph.source[above]),
        np.searchsorted(kept, graph.target[above]),
        association[above],
    )
