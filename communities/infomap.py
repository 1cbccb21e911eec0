"""How many: the two-level map equation, and what to do when it finds one module or one a node."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from communities.flow import directed_flow, map_equation, undirected_flow
from communities.graph import Floats, Graph, Ints, main_component
from communities.leiden import leiden
from communities.partition import Partition, partition_of
from linkages import Network


def infomap(
    links: Network | pd.DataFrame,
    trials: int = 50,
    seed: int = 1,
    *,
    directed: bool = False,
    markov_time: float = 1.0,
) -> Partition:
    """Find the modules of the main component by the two-level map equation.

    Parameters
    ----------
    links
        A network, or a table ``source, target, weight``.
    trials
        Number of runs from random starts, of which the shortest description is kept.
    seed
        Seed of the first run, 1 or more; the next ones have the numbers that follow.
    directed
        Keep the directions of a table source → target, for example acquirer → target. The main component
        is the largest one that holds together when directions are ignored; loops are no links. Energy and
        modularity are those of both directions summed.
    markov_time
        Steps of the random walk for each one encoded: longer times give fewer and larger modules.

    Returns
    -------
    Partition
        Its `codelength`, in bits a step, is the map equation at `markov_time`, computed anew from the
        links; where Infomap reports another, a note says so.

    Raises
    ------
    ValueError
        For links that are none, for a seed or number of trials below 1, for a Markov time that is not
        above 0, and for directions of a network, which has none.

    Examples
    --------
    >>> two = [("a", "b"), ("b", "c"), ("a", "c"), ("c", "x"), ("x", "y"), ("y", "z"), ("x", "z")]
    >>> table = pd.DataFrame(two, columns=["source", "target"]).assign(weight=1.0)
    >>> infomap(table, trials=5).membership.to_dict()
    {'a': 0, 'b': 0, 'c': 0, 'x': 1, 'y': 1, 'z': 1}
    >>> infomap(table, trials=5, markov_time=4.0).k
    1

    References
    ----------
    Rosvall & Bergstrom (2008), PNAS 105: the map equation; European Cluster Trends, methodology 2014,
    3.4: "an approximation to the best number of communities"; Kheirkhahzadeh, Lancichinetti & Rosvall
    (2016), Physical Review E 93: Markov times.
    """
    if trials < 1 or seed < 1:
        raise ValueError(f"trials and seed must be 1 or more; got trials={trials}, seed={seed}")
    if not (markov_time > 0 and math.isfinite(markov_time)):
        raise ValueError(f"a Markov time is a number above 0; got {markov_time}")
    if not directed:
        return infomap_of(main_component(links), trials, seed, markov_time)
    if isinstance(links, Network):
        raise ValueError("a network has no directions; give a table source, target, weight")
    graph = main_component(links)
    return _described(graph, _arcs(links, graph), trials, seed, markov_time)


def infomap_of(graph: Graph, trials: int = 50, seed: int = 1, markov_time: float = 1.0) -> Partition:
    """Run Infomap on a graph that has been checked already."""
    return _described(graph, None, trials, seed, markov_time)


#: Directed links by position: sources, targets, weights.
Arcs = tuple[Ints, Ints, Floats]


def _arcs(links: pd.DataFrame, graph: Graph) -> Arcs:
    """Give the directed links of the main component, each direction of a pair apart, sorted."""
    position = pd.Series(np.arange(graph.n), index=pd.Index(graph.names, dtype=str))
    a, b = (links[end].astype(str).map(position).fillna(-1).to_numpy("int64") for end in ("source", "target"))
    weight = links["weight"].to_numpy(float)
    keep = (a != b) & (a >= 0) & (b >= 0) & (weight > 0)
    table = pd.DataFrame({"a": a[keep], "b": b[keep], "w": weight[keep]}).sort_values(["a", "b", "w"])
    # Sorting by weight as well makes the sum over a pair the same in any order of rows.
    table = table.groupby(["a", "b"])["w"].sum().reset_index()
    return table["a"].to_numpy("int64"), table["b"].to_numpy("int64"), table["w"].to_numpy(float)


def _described(graph: Graph, arcs: Arcs | None, trials: int, seed: int, markov_time: float) -> Partition:
    """Run Infomap, hold its codelength against the map equation, and say what it found."""
    parameters: dict[str, Any] = {"trials": trials, "levels": 2, "gamma": 1.0, "markov_time": markov_time}
    parameters["directed"] = arcs is not None
    if graph.n < 2:
        labels = np.zeros(graph.n, dtype="int64")
        return partition_of(graph, labels, "infomap", parameters, seed, notes=("no links to look at",))
    result = _run(arcs or (graph.source, graph.target, graph.weight), arcs is not None, trials, seed, markov_time)
    modules = result.modules()
    labels = np.array([modules[node] for node in range(graph.n)], dtype="int64")
    found = partition_of(graph, labels, "infomap", parameters, seed)
    if arcs is not None or markov_time != 1.0:
        flow = undirected_flow(graph) if arcs is None else directed_flow(graph.n, *arcs)
        found = replace(found, codelength=map_equation(flow, found.labels, markov_time))
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


def _run(arcs: Arcs, directed: bool, trials: int, seed: int, markov_time: float) -> Any:
    """Hand the links to Infomap, in units of their mean weight, and let it run."""
    from infomap import Infomap

    run = Infomap(two_level=True, num_trials=trials, seed=seed, directed=directed, markov_time=markov_time)
    # The map equation ignores the unit of the weights, the program's tolerances do not.
    source, target, weight = arcs
    for a, b, w in zip(source.tolist(), target.tolist(), (weight / weight.mean()).tolist(), strict=True):
        run.add_link(a, b, w)
    return run.run()


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
    expected = strengths[graph.source] / strengths.sum() * strengths[graph.target]
    association = graph.weight / expected
    above = association > 1.0 + 1e-12
    return graph_of(graph, above, association)


def graph_of(graph: Graph, kept: npt.NDArray[np.bool_], weight: Floats) -> Graph:
    """Keep some links, weighed anew, and the nodes at their ends, whether they hold together or not.

    Examples
    --------
    >>> path = Graph(("a", "b", "c"), np.array([0, 1]), np.array([1, 2]), np.ones(2))
    >>> graph_of(path, np.array([False, True]), np.array([1.0, 5.0])).names
    ('b', 'c')
    """
    source, target = graph.source[kept], graph.target[kept]
    ends = np.unique(np.concatenate([source, target]))
    names = tuple(graph.names[i] for i in ends)
    return Graph(names, np.searchsorted(ends, source), np.searchsorted(ends, target), weight[kept])
