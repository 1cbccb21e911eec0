"""Negative weights: friends together, foes apart."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from communities import spinglass
from communities.graph import main_component
from communities.quality import energy, modularity, signed_modularity


@pytest.fixture(scope="module")
def camps() -> pd.DataFrame:
    """Two camps of five: friends within, foes between."""
    generator = np.random.default_rng(1)
    rows = []
    for i in range(10):
        for j in range(i):
            sign = 1 if (i < 5) == (j < 5) else -1
            rows.append((f"n{j}", f"n{i}", sign * float(generator.integers(1, 4))))
    return pd.DataFrame(rows, columns=["source", "target", "weight"])


@pytest.mark.parametrize("method", ["annealer", "igraph"])
def test_camps_are_told_apart(camps: pd.DataFrame, method: str) -> None:
    found = spinglass(camps, q=4, lam=1.0, restarts=5, method=method)
    assert found.k == 2
    assert found.membership[[f"n{i}" for i in range(5)]].nunique() == 1
    assert np.isnan(found.codelength)
    assert found.parameters["lam"] == 1.0


def test_energy_is_the_sum_written_out(camps: pd.DataFrame) -> None:
    graph = main_component(camps, signed=True)
    labels = np.array([0, 1] * 5)
    w = np.zeros((10, 10))
    w[graph.source, graph.target] = w[graph.target, graph.source] = graph.weight
    plus, minus = np.maximum(w, 0), np.maximum(-w, 0)
    total = 0.0
    for i in range(10):
        for j in range(i):
            if labels[i] == labels[j]:
                expected = 0.7 * plus[i].sum() * plus[j].sum() / plus.sum()
                against = 1.3 * minus[i].sum() * minus[j].sum() / minus.sum()
                total -= (plus[i, j] - expected) - (minus[i, j] - against)
    assert energy(graph, labels, 0.7, 1.3) == pytest.approx(total)


def test_without_negative_weights_nothing_changes(networks: dict[str, pd.DataFrame]) -> None:
    table = networks["zachary weighted"]
    plain, signed = spinglass(table, q=3, exact=0), spinglass(table, q=3, lam=1.0)
    assert signed.energy == pytest.approx(plain.energy)
    graph = main_component(table)
    assert signed_modularity(graph, plain.labels) == pytest.approx(modularity(graph, plain.labels))


def test_the_unit_does_not_matter(camps: pd.DataFrame) -> None:
    one = spinglass(camps, q=3, lam=0.5, restarts=3)
    two = spinglass(camps.assign(weight=camps["weight"] * 1e-7), q=3, lam=0.5, restarts=3)
    pd.testing.assert_series_equal(one.membership, two.membership)


def test_negative_weights_are_refused_unless_asked_for(camps: pd.DataFrame) -> None:
    with pytest.raises(ValueError, match="negative, NaN or infinite"):
        spinglass(camps)
    with pytest.raises(ValueError, match="lam must be a number of 0 or more"):
        spinglass(camps, lam=float("inf"))


def test_two_foes_stay_apart() -> None:
    foes = pd.DataFrame({"source": ["a"], "target": ["b"], "weight": [-1.0]})
    for method in ("annealer", "igraph"):
        assert spinglass(foes, q=2, lam=0.5, restarts=2, method=method).k == 2
