"""Infomap against the reference codelengths, an independent map equation, and the rules for one module."""

from __future__ import annotations

import importlib
import math

import numpy as np
import pandas as pd
import pytest

from communities import how_many, infomap, leiden
from communities.graph import Graph, main_component
from communities.quality import codelength
from linkages import Network

REFERENCE = {
    "zachary": (4.3117926458, 3),
    "zachary weighted": (4.0874231588, 3),
    "les miserables": (4.6799661178, 8),
    "les miserables weighted": (4.2047146372, 10),
    "florentine": (3.4469617274, 4),
}


@pytest.mark.parametrize("name", REFERENCE)
def test_reference_codelengths(networks: dict[str, pd.DataFrame], name: str) -> None:
    length, k = REFERENCE[name]
    found = infomap(networks[name])
    assert found.codelength == pytest.approx(length, abs=1e-9)
    assert found.k == k
    assert found.details["codelength_of_infomap"] == pytest.approx(length, abs=1e-9)
    assert found.notes == ()


def map_equation(graph: Graph, labels: list[int]) -> float:
    """The map equation from its first form: index codebook plus module codebooks, each an entropy."""
    k, total = graph.strengths, graph.strengths.sum()
    exits = dict.fromkeys(set(labels), 0.0)
    for a, b, w in zip(graph.source, graph.target, graph.weight, strict=True):
        if labels[a] != labels[b]:
            exits[labels[a]] += w / total
            exits[labels[b]] += w / total

    def entropy(rates: list[float]) -> float:
        use = sum(rates)
        return -sum(r / use * math.log2(r / use) for r in rates if r > 0) if use else 0.0

    index = sum(exits.values()) * entropy(list(exits.values()))
    for m, out in exits.items():
        rates = [k[i] / total for i in range(graph.n) if labels[i] == m] + [out]
        index += sum(rates) * entropy(rates)
    return index


def test_the_map_equation_in_its_first_form(networks: dict[str, pd.DataFrame]) -> None:
    generator = np.random.default_rng(3)
    for table in networks.values():
        graph = main_component(table)
        for groups in (1, 2, 5):
            labels = generator.integers(0, groups, graph.n)
            labels[:groups] = np.arange(groups)
            assert codelength(graph, labels) == pytest.approx(map_equation(graph, labels.tolist()))


def complete(n: int) -> pd.DataFrame:
    rows = [(f"n{i}", f"n{j}", 1.0 + (i * j) % 3) for i in range(n) for j in range(i)]
    return pd.DataFrame(rows, columns=["source", "target", "weight"])


def three_groups(n: int) -> pd.DataFrame:
    """Dense groups that differ little from what lies between them: one module to the map equation."""
    generator = np.random.default_rng(2)
    group = np.repeat(np.arange(3), n)
    i, j = np.triu_indices(3 * n, 1)
    weight = np.where(group[i] == group[j], 3.0, 2.0) + generator.random(len(i)) / 10
    return pd.DataFrame({"source": [f"n{k:02d}" for k in i], "target": [f"n{k:02d}" for k in j], "weight": weight})


def test_infomap_number_stands_when_it_is_useful(networks: dict[str, pd.DataFrame]) -> None:
    number = how_many(networks["zachary"])
    assert (number.k, number.rule, number.finding) == (3, "infomap", "Infomap finds 3 modules in 34 nodes.")


def test_one_module_is_a_finding_and_the_next_rule_decides() -> None:
    number = how_many(three_groups(8))
    assert number.infomap.k == 1
    assert (number.k, number.rule) == (3, "infomap on links above expectation")
    assert number.finding.startswith("Infomap finds one module in 24 nodes; on links above expectation 3 modules")


def test_the_study_s_number_is_the_last_resort() -> None:
    small = pd.DataFrame([("a", "b", 1.0), ("b", "c", 1.0)], columns=["source", "target", "weight"])
    assert how_many(small).rule == "none"
    number = how_many(small, fallback=2)
    assert (number.k, number.rule) == (2, "study")
    assert number.finding.endswith("the study sets 2.")


def test_leiden_decides_before_the_study(monkeypatch: pytest.MonkeyPatch, networks: dict[str, pd.DataFrame]) -> None:
    module = importlib.import_module("communities.infomap")

    one = infomap(complete(3))
    monkeypatch.setattr(module, "infomap_of", lambda *_: one)
    number = how_many(networks["zachary"], fallback=9)
    assert (number.k, number.rule) == (4, "leiden")


def test_leiden_reaches_the_best_modularity(networks: dict[str, pd.DataFrame]) -> None:
    assert leiden(networks["les miserables weighted"]).modularity == pytest.approx(0.5666879833, abs=1e-9)
    assert leiden(complete(3).head(0)).membership.empty


def test_nothing_to_look_at_is_said() -> None:
    found = infomap(complete(3).assign(weight=0.0))
    assert found.notes == ("no links to look at",)
    assert how_many(complete(3).assign(weight=0.0)).k == 1


@pytest.mark.parametrize("options", [{"trials": 0}, {"seed": 0}])
def test_impossible_options_are_refused(options: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="trials and seed must be 1 or more"):
        infomap(complete(3), **options)


@pytest.mark.parametrize("time", [0.0, -1.0, math.inf, math.nan])
def test_impossible_markov_times_are_refused(time: float) -> None:
    with pytest.raises(ValueError, match="a Markov time is a number above 0"):
        infomap(complete(3), markov_time=time)


def test_the_first_trials_are_the_seeds_that_follow(networks: dict[str, pd.DataFrame]) -> None:
    table = networks["les miserables weighted"]
    alone = [infomap(table, 1, seed).codelength for seed in (3, 4, 5, 6)]
    assert len({round(x, 9) for x in alone}) > 1
    assert infomap(table, 4, 3).codelength == pytest.approx(min(alone), abs=1e-9)


@pytest.mark.parametrize("name", ["zachary", "les miserables weighted", "florentine"])
def test_longer_markov_times_give_fewer_modules(networks: dict[str, pd.DataFrame], name: str) -> None:
    found = [infomap(networks[name], 20, markov_time=time) for time in (0.3, 0.5, 0.75, 1.0, 1.5, 2.0, 8.0)]
    ks = [one.k for one in found]
    assert ks == sorted(ks, reverse=True)
    assert ks[0] > 2 * ks[3]
    assert ks[-1] == 1
    for one in found:  # the map equation at that Markov time is the one that Infomap reports
        assert one.codelength == pytest.approx(one.details["codelength_of_infomap"], abs=1e-9)
        assert one.notes == ()


def cycles(back: float = 0.0) -> pd.DataFrame:
    """Two directed cycles joined by one link from c to x, and one back from x to c of its own weight."""
    rows = [("a", "b"), ("b", "c"), ("c", "a"), ("x", "y"), ("y", "z"), ("z", "x"), ("c", "x"), ("x", "c")]
    table = pd.DataFrame(rows, columns=["source", "target"])
    return table.assign(weight=[1.0] * 7 + [back])


def test_two_directed_cycles_joined_by_one_link() -> None:
    found = infomap(cycles(), 10, directed=True)
    assert found.membership.to_dict() == {"a": 0, "b": 0, "c": 0, "x": 1, "y": 1, "z": 1}
    # Walkers by hand: 85 of 100 follow a link from where they are, the others take any of the seven links.
    jump, stay = 0.15 / 7, 0.85
    c = jump * (1 + stay + stay**2) / (1 - stay**3 / 2)
    a = jump + stay * c / 2
    across = jump + stay * c / 2  # only this link leaves the first cycle, and none the second
    x = (jump + across + stay * jump + stay**2 * jump) / (1 - stay**3)
    y = jump + stay * x
    nodes = [a, jump + stay * a, c, x, y, jump + stay * y]
    bits = [-p * math.log2(p) for p in (*nodes, across)]
    first, second = sum(nodes[:3]) + across, sum(nodes[3:])
    by_hand = sum(bits) + first * math.log2(first) + second * math.log2(second)
    assert found.codelength == pytest.approx(by_hand, abs=1e-12)
    assert found.details["codelength_of_infomap"] == pytest.approx(by_hand, abs=1e-9)
    assert found.notes == ()
    assert found.parameters["directed"] is True


def test_directions_are_kept() -> None:
    """A cube without directions is one module; two rings with links from the one to the other are two."""
    rings = ["ab", "bc", "cd", "da", "wx", "xy", "yz", "zw"]
    table = pd.DataFrame(
        [(*pair, 1.0) for pair in [*rings, "aw", "bx", "cy", "dz"]], columns=["source", "target", "weight"]
    )
    assert infomap(table, 10).k == 1
    found = infomap(table, 10, directed=True)
    assert found.k == 2
    assert found.membership[list("abcd")].nunique() == found.membership[list("wxyz")].nunique() == 1


def test_codelength_of_random_directed_networks_is_checked() -> None:
    generator = np.random.default_rng(9)
    for n, time in ((6, 1.0), (15, 1.0), (30, 0.6), (30, 2.0)):
        ends = generator.integers(0, n, (2, 3 * n)).astype(str)
        table = pd.DataFrame({"source": ends[0], "target": ends[1], "weight": generator.random(3 * n)})
        found = infomap(table, 5, directed=True, markov_time=time)
        assert found.codelength == pytest.approx(found.details["codelength_of_infomap"], abs=1e-9)
        shuffled = infomap(table.sample(frac=1, random_state=1), 5, directed=True, markov_time=time)
        assert shuffled.codelength == found.codelength
        pd.testing.assert_series_equal(shuffled.membership, found.membership)
        larger = infomap(table.assign(weight=table["weight"] * 1e9), 5, directed=True, markov_time=time)
        pd.testing.assert_series_equal(larger.membership, found.membership)


def test_the_weakly_connected_main_component_is_taken_and_loops_are_none() -> None:
    apart = pd.DataFrame([("p", "q", 50.0), ("a", "a", 9.0)], columns=["source", "target", "weight"])
    found = infomap(pd.concat([cycles(), apart], ignore_index=True), 10, directed=True)
    assert found.left_out == ("p", "q")
    assert found.codelength == infomap(cycles(), 10, directed=True).codelength


def test_a_network_has_no_directions() -> None:
    network = Network.from_pandas(cycles())
    with pytest.raises(ValueError, match="a network has no directions"):
        infomap(network, directed=True)
    assert infomap(network).k == infomap(cycles()).k


def test_another_codelength_than_infomap_s_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    module = importlib.import_module("communities.infomap")
    monkeypatch.setattr(module, "map_equation", lambda *_: 1.25)
    (note,) = infomap(cycles(), 10, directed=True).notes
    assert note.startswith("Infomap reports 1.77")
    assert note.endswith("the map equation gives 1.250000")


def test_the_same_seed_gives_the_same_modules(networks: dict[str, pd.DataFrame]) -> None:
    table = networks["les miserables weighted"]
    one, two = infomap(table, 5), infomap(table.sample(frac=1, random_state=1), 5)
    pd.testing.assert_series_equal(one.membership, two.membership)
