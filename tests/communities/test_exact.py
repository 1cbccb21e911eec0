"""Proof at small size, against trying every partition and against igraph's integer programme."""

from __future__ import annotations

import itertools

import igraph
import networkx as nx
import numpy as np
import pandas as pd
import pytest

from communities import spinglass
from communities.exact import prove
from communities.graph import Graph, main_component
from communities.quality import energy


def random_graph(n: int, seed: int) -> Graph:
    generator = np.random.default_rng(seed)
    i, j = np.triu_indices(n, 1)
    weight = generator.integers(0, 4, len(i)).astype(float)
    names = np.array([f"n{k}" for k in range(n)])
    return main_component(pd.DataFrame({"source": names[i], "target": names[j], "weight": weight}))


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("q", [1, 2, 3, 6])
def test_nothing_is_better_than_what_is_proven(seed: int, q: int) -> None:
    graph = random_graph(6, seed)
    labels = prove(graph, q, 1.2)
    assert labels is not None and labels.max() < q
    every = (np.array(p) for p in itertools.product(range(q), repeat=graph.n))
    assert energy(graph, labels, 1.2) == pytest.approx(min(energy(graph, p, 1.2) for p in every))


def test_igraph_proves_the_same(networks: dict[str, pd.DataFrame]) -> None:
    for name in ("zachary", "zachary weighted", "florentine"):
        found = spinglass(networks[name], q=10, restarts=2)
        assert found.details["proven"]
        graph = main_component(networks[name])
        edges = list(zip(graph.source.tolist(), graph.target.tolist(), strict=True))
        theirs = igraph.Graph(n=graph.n, edges=edges).community_optimal_modularity(weights=graph.weight.tolist())
        assert found.modularity == pytest.approx(theirs.modularity, abs=1e-12)


def test_a_bad_start_is_bettered_by_the_proof() -> None:
    rings = nx.connected_caveman_graph(6, 4)
    table = pd.DataFrame(
        [(f"n{a:02d}", f"n{b:02d}", 1.0) for a, b in rings.edges], columns=["source", "target", "weight"]
    )
    hasty = spinglass(table, q=6, restarts=1, sweeps=0)
    assert hasty.details["proven"]
    assert hasty.modularity == pytest.approx(spinglass(table, q=6, restarts=30).modularity)


def test_too_large_for_a_limit_is_not_proven(networks: dict[str, pd.DataFrame]) -> None:
    assert prove(main_component(networks["zachary"]), 3, 1.0) is None
    assert not spinglass(networks["zachary"], q=3, restarts=2).details["proven"]
    assert not spinglass(networks["zachary"], q=4, restarts=2, exact=0).details["proven"]
