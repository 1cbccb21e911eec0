"""The compiled annealer against itself uncompiled."""

from __future__ import annotations

import numpy as np
import pandas as pd

from communities import annealing
from communities.graph import main_component
from communities.quality import energy
from communities.starts import model_of


def test_compiled_and_plain_give_the_same_descent(networks: dict[str, pd.DataFrame]) -> None:
    graph = main_component(networks["zachary weighted"])
    model = model_of(graph, 3, 1.0)
    arrays = (model.first, model.neighbour, model.weight, model.strength, model.against)
    generator = np.random.default_rng(3)
    for seed in range(3):
        start = generator.integers(0, 3, graph.n)
        arguments = (start, *arrays, 1.0, 0.0, 3, 0, seed)
        plain = annealing.anneal.py_func(*arguments)
        assert annealing.anneal(*arguments).tolist() == plain.tolist()
        assert energy(graph, plain) <= energy(graph, start)


def test_plain_cooling_ends_in_a_minimum(networks: dict[str, pd.DataFrame]) -> None:
    graph = main_component(networks["florentine"])
    model = model_of(graph, 3, 1.0)
    arrays = (model.first, model.neighbour, model.weight, model.strength, model.against)
    state = annealing.anneal.py_func(np.zeros(graph.n, dtype="int64"), *arrays, 1.0, 0.0, 3, 40, 1)
    lowest = energy(graph, state)
    for node in range(graph.n):
        for label in range(3):
            other = state.copy()
            other[node] = label
            assert energy(graph, other) >= lowest - 1e-9
