"""A walker on several layers: where it is, and the map equation of it beside Infomap's own figures."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest

from communities import layered_infomap as module
from communities.flow import map_equation, undirected_flow
from communities.layered_flow import layered_flow
from communities.layered_infomap import layered_infomap
from communities.layers import Layers, layers_of


def random_layers(seed: int, n: int = 12, links: tuple[int, ...] = (20, 14, 8)) -> Mapping[str, pd.DataFrame]:
    generator = np.random.default_rng(seed)
    layers = {}
    for number, size in enumerate(links):
        ends = generator.integers(0, n, (size, 2))
        table = pd.DataFrame(ends, columns=["source", "target"]).map(lambda k: f"n{k:02d}")
        layers[f"l{number}"] = table.assign(weight=generator.integers(1, 9, size).astype(float))
    return layers


def steps(given: Layers, relax: float) -> tuple[list[tuple[int, int]], np.ndarray]:
    """Write the walker's steps down one by one, as a full matrix, from the words of the definition."""
    weight = np.zeros((len(given.graphs), given.whole.n, given.whole.n))
    for layer, graph in enumerate(given.graphs):
        for a, b, w in zip(graph.source, graph.target, graph.weight, strict=True):
            weight[layer, a, b] = weight[layer, b, a] = w
    layers, n = range(len(given.graphs)), range(given.whole.n)
    places = [(layer, i) for layer in layers for i in n if weight[layer, i].sum() > 0]
    chance = np.zeros((len(places), len(places)))
    for at, (layer, i) in enumerate(places):
        for to, (other, j) in enumerate(places):
            chance[at, to] = relax * weight[other, i, j] / weight[:, i].sum()
            if other == layer:
                chance[at, to] += (1 - relax) * weight[layer, i, j] / weight[layer, i].sum()
    return places, chance


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("relax", [0.15, 0.6, 1.0])
def test_the_walker_is_where_long_walking_takes_it(seed: int, relax: float) -> None:
    given = layers_of(random_layers(seed), {"l0": 1.0, "l1": 0.5, "l2": 2.0})
    flow, layer, node = layered_flow(given.graphs, relax)
    places, chance = steps(given, relax)
    assert list(zip(layer, node, strict=True)) == places
    assert chance.sum(axis=1) == pytest.approx(np.ones(len(places)))
    # Standing still in every second step keeps a walk between two halves from swinging for ever.
    walked = np.full(len(places), 1 / len(places))
    for _ in range(20_000):
        walked = (walked + walked @ chance) / 2
    assert flow.node == pytest.approx(walked, abs=1e-9)
    between = np.zeros_like(chance)
    np.add.at(between, (flow.source, flow.target), flow.link)
    assert between == pytest.approx(walked[:, None] * chance, abs=1e-9)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("relax", [0.05, 0.15, 0.9])
def test_infomaps_codelength_is_that_of_the_links(seed: int, relax: float) -> None:
    found = layered_infomap(random_layers(seed), trials=5, relax=relax)
    assert found.codelength == pytest.approx(found.details["codelength_of_infomap"], abs=1e-8)
    assert not found.notes


def test_that_check_is_made_with_nodes_in_several_modules_and_without() -> None:
    found = [layered_infomap(random_layers(0), trials=5, relax=relax) for relax in (0.05, 0.9)]
    assert [bool(one.details["in_several"]) for one in found] == [True, False]


def test_one_layer_is_walked_as_a_network() -> None:
    given = layers_of({"l0": random_layers(1)["l0"]})
    flow, _, node = layered_flow(given.graphs, 0.3)
    plain = undirected_flow(given.whole)
    assert flow.node == pytest.approx(plain.node, abs=1e-12)
    labels = np.arange(given.whole.n) % 3
    assert map_equation(flow, labels[node]) == pytest.approx(map_equation(plain, labels), abs=1e-12)


def test_two_places_of_a_node_in_one_module_share_a_word() -> None:
    """Two equal layers, all in one module: the entropy of the nodes, not that of the places."""
    pairs = pd.DataFrame({"source": ["a", "b"], "target": ["b", "c"], "weight": [1.0, 1.0]})
    flow, layer, _ = layered_flow(layers_of({"x": pairs, "y": pairs}).graphs, 0.5)
    together = map_equation(flow, np.zeros(6, dtype="int64"))
    assert together == pytest.approx(1.5)  # shares 1/4, 1/2, 1/4
    # Each layer a module: half of the steps end in a layer, half of those that are free change it.
    apart = map_equation(flow, layer)
    leave = 1 / 8
    words = [1 / 8, 1 / 4, 1 / 8]
    enter = 2 * leave * 1.0
    inside = 2 * sum(-p * np.log2(p / (1 / 2 + leave)) for p in (*words, leave))
    assert apart == pytest.approx(enter + inside)


def test_a_codelength_that_differs_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    real = module.map_equation
    monkeypatch.setattr(module, "map_equation", lambda flow, labels: real(flow, labels) + 0.25)
    found = layered_infomap(random_layers(1), trials=2)
    assert found.codelength == pytest.approx(found.details["codelength_of_infomap"] + 0.25, abs=1e-8)
    assert found.notes[0].startswith("Infomap reports ")
