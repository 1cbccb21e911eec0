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


def test_the_same_seed_gives_the_same_modules(networks: dict[str, pd.DataFrame]) -> None:
    table = networks["les miserables weighted"]
    one, two = infomap(table, 5), infomap(table.sample(frac=1, random_state=1), 5)
    pd.testing.assert_series_equal(one.membership, two.membership)
