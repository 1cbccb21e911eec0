"""Chance networks: the strengths stay, and every drawing without loops is as likely as any other."""

from __future__ import annotations

from collections import Counter
from math import factorial, prod

import numpy as np
import pandas as pd
import pytest

from communities.chance import _ends, chance_network
from communities.graph import Graph, main_component


def graph_of(weights: dict[tuple[int, int], float]) -> Graph:
    rows = [(f"n{a}", f"n{b}", w) for (a, b), w in weights.items()]
    return main_component(pd.DataFrame(rows, columns=["source", "target", "weight"]))


def every_network(strength: tuple[int, ...]) -> dict[tuple[int, ...], int]:
    """List all networks with these strengths, by the weights of all pairs, and the number of pairings of each."""
    n = len(strength)
    pairs = [(i, j) for i in range(n) for j in range(i + 1, n)]
    found = {}

    def fill(at: int, left: list[int], weights: tuple[int, ...]) -> None:
        if at == len(pairs):
            if not any(left):
                ways = prod(map(factorial, strength)) // prod(map(factorial, weights))
                found[weights] = ways
            return
        i, j = pairs[at]
        for w in range(min(left[i], left[j]) + 1):
            rest = left.copy()
            rest[i] -= w
            rest[j] -= w
            fill(at + 1, rest, (*weights, w))

    fill(0, list(strength), ())
    return found


@pytest.mark.parametrize("strength", [(3, 2, 2, 1), (2, 2, 2, 2), (4, 3, 2, 2, 1)])
def test_each_network_is_as_likely_as_it_has_pairings(strength: tuple[int, ...]) -> None:
    wanted = every_network(strength)
    n, events = len(strength), sum(strength) // 2
    complete = Graph(
        tuple(f"n{i}" for i in range(n)),
        *(ends.astype("int64") for ends in np.triu_indices(n, 1)),
        np.ones(n * (n - 1) // 2),
    )
    generator = np.random.default_rng(1)
    seen: Counter[tuple[int, ...]] = Counter()
    draws = 6000
    for _ in range(draws):
        drawn = chance_network(WithStrengths(complete, strength), events, generator)
        seen[whole(drawn, n)] += 1
    connected = {weights: ways for weights, ways in wanted.items() if weights in seen}
    total = sum(wanted.values())
    assert set(seen) <= {*wanted, *cut(wanted, n)}
    for weights, ways in connected.items():
        if holds_together(weights, n):
            share = ways / total
            assert seen[weights] / draws == pytest.approx(share, abs=4.5 * np.sqrt(share * (1 - share) / draws)), (
                weights
            )


class WithStrengths(Graph):
    """A graph that says it has other strengths than its links."""

    def __init__(self, graph: Graph, strength: tuple[int, ...]) -> None:
        super().__init__(graph.names, graph.source, graph.target, graph.weight)
        object.__setattr__(self, "said", np.array(strength, dtype=float))

    @property
    def strengths(self) -> np.ndarray:  # type: ignore[type-arg]
        return self.said  # type: ignore[attr-defined, no-any-return]


def whole(graph: Graph, n: int) -> tuple[int, ...]:
    """Lay a network's weights out by all pairs of n nodes."""
    weight = np.zeros((n, n), dtype=int)
    at = np.array([int(name[1:]) for name in graph.names], dtype=int)
    weight[at[graph.source], at[graph.target]] = graph.weight.astype(int)
    return tuple(weight[np.triu_indices(n, 1)].tolist())


def main_part(weights: tuple[int, ...], n: int) -> tuple[int, ...]:
    i, j = np.triu_indices(n, 1)
    links = {(int(a), int(b)): float(w) for a, b, w in zip(i, j, weights, strict=True) if w}
    return whole(graph_of(links), n)


def cut(wanted: dict[tuple[int, ...], int], n: int) -> set[tuple[int, ...]]:
    return {main_part(weights, n) for weights in wanted}


def holds_together(weights: tuple[int, ...], n: int) -> bool:
    return main_part(weights, n) == weights


@pytest.mark.parametrize("seed", range(5))
def test_every_node_keeps_its_strength(seed: int) -> None:
    generator = np.random.default_rng(seed)
    pairs = {(i, j): float(generator.integers(0, 4) + (j == i + 1)) for i in range(20) for j in range(i + 1, 20)}
    graph = graph_of({pair: w for pair, w in pairs.items() if w})
    events = int(graph.weight.sum())
    drawn = chance_network(graph, events, generator)
    assert drawn.names == graph.names
    assert drawn.strengths.tolist() == graph.strengths.tolist()
    assert drawn.weight.sum() == events
    assert (drawn.source < drawn.target).all()
    assert not np.array_equal(whole(drawn, 20), whole(graph, 20))


def test_parts_of_an_end_are_given_by_chance() -> None:
    """Strengths of 1/4, 1/4 and 1/2 of 3 events are 1.5, 1.5 and 3 ends."""
    generator = np.random.default_rng(1)
    found = np.array([_ends(np.array([1.0, 1.0, 2.0]), 3, generator) for _ in range(2000)])
    assert (found.sum(axis=1) == 6).all()
    assert set(np.unique(found[:, :2])) == {1, 2} and (found[:, 2] == 3).all()
    assert found.mean(axis=0) == pytest.approx([1.5, 1.5, 3.0], abs=0.05)


def test_a_node_with_most_of_all_ends_keeps_what_it_can() -> None:
    """Of a star all drawings are the star; where the middle has more than half of all ends, the rest are no links."""
    star = graph_of({(0, i): 2.0 for i in range(1, 6)})
    drawn = chance_network(star, 10, np.random.default_rng(1))
    assert whole(drawn, 6) == whole(star, 6)
    drawn = chance_network(WithStrengths(star, (14, 2, 2, 1, 1, 0)), 10, np.random.default_rng(1))
    assert drawn.strengths[0] == 6
