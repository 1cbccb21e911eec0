"""Leiden beside the spin glass: the same quality function with any number of communities."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd

from communities.graph import Graph, Ints, main_component
from communities.partition import Partition, partition_of
from linkages import Network

#: Most iterations of a run of Leiden; three to ten are usual.
ITERATIONS = 200


def leiden(links: Network | pd.DataFrame, gamma: float = 1.0, restarts: int = 20, seed: int = 1) -> Partition:
    """Find the best partition of the main component by Leiden, whatever the number of communities.

    Parameters
    ----------
    links
        A network, or a table ``source, target, weight``.
    gamma
        Resolution; 1 is modularity.
    restarts
        Number of seeds, of which the highest quality is kept.
    seed
        The first of the seeds.

    Examples
    --------
    >>> two = [("a", "b"), ("b", "c"), ("a", "c"), ("c", "x"), ("x", "y"), ("y", "z"), ("x", "z")]
    >>> table = pd.DataFrame(two, columns=["source", "target"]).assign(weight=1.0)
    >>> round(leiden(table).modularity, 4)
    0.3571

    References
    ----------
    Traag, Waltman & van Eck (2019), Scientific Reports 9.
    """
    graph = main_component(links)
    labels = leiden_labels(graph, gamma, restarts, seed)
    return partition_of(graph, labels, "leiden", {"gamma": gamma, "restarts": restarts}, seed)


def leiden_runs(links: int) -> int:
    """How many runs of Leiden stand beside the spin glass: 20, fewer where one takes a second.

    Examples
    --------
    >>> leiden_runs(300), leiden_runs(50_000), leiden_runs(500_000)
    (20, 8, 1)
    """
    return max(1, min(20, 400_000 // max(1, links)))


def until_settled(iterate: Callable[[], float], scale: float) -> int:
    """Iterate Leiden until it betters the partition no more, and say how often that was.

    Left to itself, leidenalg goes on as long as an iteration gains anything. Between two partitions of the same quality
    rounding gains 1e-15 for ever (github.com/vtraag/leidenalg, issue 126).

    Parameters
    ----------
    iterate
        Makes one iteration and gives its gain in quality.
    scale
        Largest quality that there can be; a millionth of a millionth of it is no gain.

    Examples
    --------
    >>> gains = iter([5.0, 0.25, 3e-15, 3e-15, 3e-15])
    >>> until_settled(lambda: next(gains), 10.0)
    3
    """
    for number in range(1, ITERATIONS + 1):
        if iterate() <= 1e-12 * scale:
            return number
    return ITERATIONS


def leiden_labels(graph: Graph, gamma: float, restarts: int, seed: int) -> Ints:
    """Give the labels of the best of several Leiden runs."""
    if graph.n < 2:
        return np.zeros(graph.n, dtype="int64")
    import igraph
    import leidenalg

    native = igraph.Graph(n=graph.n, edges=list(zip(graph.source.tolist(), graph.target.tolist(), strict=True)))
    scaled = (graph.weight / graph.weight.mean()).tolist()
    best: tuple[float, list[int]] | None = None
    for run in range(restarts):
        found = leidenalg.RBConfigurationVertexPartition(native, weights=scaled, resolution_parameter=gamma)
        optimiser = leidenalg.Optimiser()
        optimiser.set_rng_seed(seed + run)
        until_settled(partial(optimiser.optimise_partition, found, n_iterations=1), 2.0 * sum(scaled))
        quality = found.quality()
        if best is None or quality > best[0] + 1e-9:
            best = (quality, list(found.membership))
    assert best is not None  # noqa: S101 - restarts is at least one
    return np.array(best[1], dtype="int64")
