"""Leiden ends, also where rounding gains for ever, and is the same as leidenalg's own where that ends."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import igraph
import leidenalg
import numpy as np
import pandas as pd
import pytest

from communities.graph import main_component
from communities.layered_leiden import layered_leiden
from communities.leiden import ITERATIONS, leiden, leiden_labels, until_settled


def noise(nodes: int, events: float, *seed: int) -> pd.DataFrame:
    """Whole numbers of events on pairs of nodes, by chance."""
    generator = np.random.default_rng(seed)
    i, j = np.triu_indices(nodes, 1)
    weight = generator.poisson(events, len(i)).astype(float)
    names = np.array([f"n{k:02d}" for k in range(nodes)])
    links = pd.DataFrame({"source": names[i], "target": names[j], "weight": weight})
    return links[links["weight"] > 0]


@pytest.fixture
def in_a_minute() -> Iterator[None]:
    """Fail instead of waiting for ever."""

    def late(*_: object) -> None:
        raise TimeoutError("Leiden goes on and on")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(60)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def gains(links: pd.DataFrame, seed: int) -> list[float]:
    """Tell what each of 30 iterations of leidenalg gains."""
    graph = main_component(links)
    native = igraph.Graph(n=graph.n, edges=list(zip(graph.source.tolist(), graph.target.tolist(), strict=True)))
    scaled = (graph.weight / graph.weight.mean()).tolist()
    partition = leidenalg.RBConfigurationVertexPartition(native, weights=scaled, resolution_parameter=1.0)
    optimiser = leidenalg.Optimiser()
    optimiser.set_rng_seed(seed)
    return [optimiser.optimise_partition(partition, n_iterations=1) for _ in range(30)]


#: Nodes, events a pair and seeds of networks, and seeds with which leidenalg 0.12 goes on for ever on them.
ENDLESS = [
    (30, 1.0, (1, 30), 4),
    (60, 600 / 1770, (6, 60, 4, 0), 8),
    (60, 600 / 1770, (6, 60, 4, 0), 10),
    (60, 600 / 1770, (6, 60, 4, 0), 12),
]


@pytest.mark.usefixtures("in_a_minute")
@pytest.mark.parametrize(("nodes", "events", "draw", "seed"), ENDLESS)
def test_rounding_does_not_keep_it_for_ever(nodes: int, events: float, draw: tuple[int, ...], seed: int) -> None:
    links = noise(nodes, events, *draw)
    gained = gains(links, seed)
    if min(gained) <= 0:
        pytest.skip("this version of leidenalg comes to an end by itself here")
    assert max(gained[-10:]) < 1e-12
    assert leiden(links, restarts=1, seed=seed).k > 1
    assert layered_leiden({"deal": links}, restarts=1, seed=seed).k > 1


@pytest.mark.parametrize("seed", range(1, 6))
def test_it_is_leidenalgs_own_where_that_ends(networks: dict[str, pd.DataFrame], seed: int) -> None:
    for table in networks.values():
        graph = main_component(table)
        native = igraph.Graph(n=graph.n, edges=list(zip(graph.source.tolist(), graph.target.tolist(), strict=True)))
        theirs = leidenalg.find_partition(
            native,
            leidenalg.RBConfigurationVertexPartition,
            weights=(graph.weight / graph.weight.mean()).tolist(),
            resolution_parameter=1.0,
            n_iterations=-1,
            seed=seed,
        )
        assert leiden_labels(graph, 1.0, 1, seed).tolist() == theirs.membership


def test_iterations_are_limited_even_where_each_gains() -> None:
    assert until_settled(lambda: 1.0, 1.0) == ITERATIONS
    assert until_settled(lambda: 0.0, 1.0) == 1
