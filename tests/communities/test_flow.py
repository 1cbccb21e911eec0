"""A random walker's flow by hand and by linear equations, and the map equation in its first form."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest

from communities.flow import Flow, directed_flow, map_equation, undirected_flow
from communities.graph import Graph, Ints
from communities.quality import codelength

CYCLES = [(0, 1), (1, 2), (2, 0), (3, 4), (4, 5), (5, 3), (2, 3)]


def arcs(pairs: list[tuple[int, int]]) -> tuple[Ints, Ints]:
    source, target = (np.array(end, dtype="int64") for end in zip(*pairs, strict=True))
    return source, target


def test_two_directed_cycles_joined_by_one_link_by_hand() -> None:
    """Node 2 sends half its walkers home to 0 and half across to 3; each of seven links takes 1/7 of the jumps."""
    jump, stay = Fraction(15, 100) / 7, Fraction(85, 100)
    two = jump * (1 + stay + stay**2) / (1 - stay**3 / 2)  # once round the first cycle
    zero = jump + stay * two / 2
    into_three = 2 * jump + stay * two / 2  # two links lead to 3
    three = (into_three + stay * jump + stay**2 * jump) / (1 - stay**3)
    by_hand = [zero, jump + stay * zero, two, three, jump + stay * three, jump + stay * jump + stay**2 * three]
    assert sum(by_hand) == 1
    flow = directed_flow(6, *arcs(CYCLES), np.ones(7))
    assert flow.node == pytest.approx([float(x) for x in by_hand], abs=1e-14)
    assert flow.link[-1] == pytest.approx(float(jump + stay * two / 2), abs=1e-14)


def test_a_walker_that_is_stuck_takes_any_link() -> None:
    flow = directed_flow(2, *arcs([(0, 1)]), np.ones(1))
    assert flow.node.tolist() == [0.0, 1.0]
    assert flow.link.tolist() == [1.0]


def test_directed_flow_solves_its_equations() -> None:
    generator = np.random.default_rng(5)
    for n in (4, 9, 20):
        source, target = generator.integers(0, n, (2, 3 * n))
        weight = generator.random(3 * n) + 0.1
        out = np.bincount(source, weight, n)
        step = np.zeros((n, n))
        np.add.at(step, (target, source), 0.85 * weight / out[source])
        anywhere = np.bincount(target, weight / weight.sum(), n)
        step += np.outer(anywhere, np.where(out == 0, 0.85, 0.0))
        node = np.linalg.solve(np.eye(n) - step, 0.15 * anywhere)
        assert directed_flow(n, source, target, weight).node == pytest.approx(node, abs=1e-13)


def first_form(flow: Flow, labels: Ints) -> float:
    """An entropy for the index codebook (modules entered) and one for each module (its nodes and its exit)."""
    n = int(labels.max()) + 1
    enter, leave = [0.0] * n, [0.0] * n
    for a, b, x in zip(flow.source, flow.target, flow.link, strict=True):
        if labels[a] != labels[b]:
            leave[labels[a]] += x
            enter[labels[b]] += x

    def bits(rates: list[float]) -> float:
        return -sum(r * math.log2(r / sum(rates)) for r in rates if r > 0)

    inside = [[float(p) for p, group in zip(flow.node, labels, strict=True) if group == m] for m in range(n)]
    return bits(enter) + sum(bits([*inside[m], leave[m]]) for m in range(n))


def test_the_map_equation_in_its_first_form() -> None:
    generator = np.random.default_rng(6)
    for groups in (1, 2, 4):
        source, target = generator.integers(0, 12, (2, 40))
        flow = directed_flow(12, source, target, generator.random(40))
        labels = np.arange(12) % groups
        assert map_equation(flow, labels) == pytest.approx(first_form(flow, labels))


def test_undirected_flow_gives_the_undirected_map_equation() -> None:
    graph = Graph(
        tuple("abcdef"), np.array([0, 0, 1, 2, 3, 3, 4]), np.array([1, 2, 2, 3, 4, 5, 5]), np.arange(1.0, 8.0)
    )
    for labels in (np.zeros(6, dtype="int64"), np.array([0, 0, 0, 1, 1, 1]), np.arange(6)):
        assert map_equation(undirected_flow(graph), labels) == pytest.approx(codelength(graph, labels))


def test_markov_time_counts_crossings_more_often() -> None:
    pair = Graph(("a", "b"), np.array([0]), np.array([1]), np.array([2.0]))
    flow, apart = undirected_flow(pair), np.array([0, 1])
    # Each module: its node half the time and its exit t/2: one more codeword used t times as often.
    for time in (0.5, 1.0, 2.0):
        both = 0.5 + time / 2
        inner = -2 * (0.5 * math.log2(0.5 / both) + time / 2 * math.log2(time / 2 / both))
        assert map_equation(flow, apart, time) == pytest.approx(time + inner)
    assert map_equation(flow, np.array([0, 0]), 9.0) == 1.0


def test_no_nodes_take_no_bits() -> None:
    nothing, none = np.zeros(0), np.zeros(0, dtype="int64")
    assert map_equation(Flow(nothing, none, none, nothing), none) == 0.0
