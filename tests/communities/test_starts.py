"""Starts of the spin glass: repeatable over threads, and made of Leiden's communities."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from communities import spinglass
from communities.graph import main_component
from communities.leiden import leiden_labels
from communities.partition import by_size
from communities.quality import energy
from communities.spinglass import lowest_labels
from communities.starts import annealed, merged, model_of


def test_threads_do_not_change_the_starts(planted: tuple[pd.DataFrame, pd.Series]) -> None:
    model = model_of(main_component(planted[0]), 4, 1.0)
    together = annealed(model, 8, 3)
    alone = [annealed(model, 8, 3)[run] for run in range(8)]
    assert [labels.tolist() for labels in together] == [labels.tolist() for labels in alone]


def test_a_time_budget_leaves_one_start_at_least(planted: tuple[pd.DataFrame, pd.Series]) -> None:
    model = model_of(main_component(planted[0]), 4, 1.0)
    assert 1 <= len(annealed(model, 500, 1, sweeps=2000, seconds=0.0)) < 500


def test_leiden_s_communities_are_merged_down_to_q(planted: tuple[pd.DataFrame, pd.Series]) -> None:
    graph = main_component(planted[0])
    free = by_size(leiden_labels(graph, 1.0, 5, 1))
    assert free.max() == 3
    for q in (2, 3):
        found = merged(model_of(graph, q, 1.0), free, 5, 1)
        assert all(labels.max() < q for labels in found)
        lowest = min(energy(graph, labels) for labels in found)
        assert lowest <= min(energy(graph, labels) for labels in annealed(model_of(graph, q, 1.0), 3, 1, 20))


def test_few_communities_are_taken_as_they_are(networks: dict[str, pd.DataFrame]) -> None:
    graph = main_component(networks["zachary"])
    free = by_size(leiden_labels(graph, 1.0, 5, 1))
    assert len(merged(model_of(graph, 6, 1.0), free, 5, 1)) == 1


def test_equally_good_partitions_are_all_kept() -> None:
    square = pd.DataFrame(
        [("a", "b", 1.0), ("b", "c", 1.0), ("c", "d", 1.0), ("a", "d", 1.0)], columns=["source", "target", "weight"]
    )
    found = spinglass(square, q=2, restarts=20)
    assert found.details["optima"] == 3  # two ways of pairing neighbours, and all in one
    assert len(found.alternatives) == 2
    assert found.notes[-1] == "3 different partitions have this energy; one of them is given"
    graph = main_component(square)
    assert energy(graph, found.alternatives[0].to_numpy("int64")) == pytest.approx(found.energy)


def test_equal_starts_count_once() -> None:
    pair = main_component(pd.DataFrame({"source": ["a"], "target": ["b"], "weight": [1.0]}))
    best, energies = lowest_labels(pair, [np.array([0, 0]), np.array([1, 1])], 1.0)
    assert len(best) == 1 and energies.tolist() == [-0.5, -0.5]


def test_energy_of_a_model_orders_starts_as_the_energy_does(planted: tuple[pd.DataFrame, pd.Series]) -> None:
    graph = main_component(planted[0])
    model = model_of(graph, 3, 1.3)
    generator = np.random.default_rng(1)
    starts = [generator.integers(0, 3, graph.n) for _ in range(6)]
    unit = 2.0 * graph.weight.sum() / graph.n
    theirs = [energy(graph, labels, 1.3) / unit for labels in starts]
    ours = [model.energy(labels) for labels in starts]
    assert np.diff(ours) == pytest.approx(np.diff(theirs), abs=1e-8)


def test_the_best_of_several_coolings_is_no_worse(networks: dict[str, pd.DataFrame]) -> None:
    graph = main_component(networks["les miserables weighted"])
    model = model_of(graph, 3, 1.0)
    once, often = (annealed(model, 6, 1, sweeps=20, coolings=c) for c in (1, 8))
    assert np.mean([model.energy(x) for x in often]) < np.mean([model.energy(x) for x in once])
