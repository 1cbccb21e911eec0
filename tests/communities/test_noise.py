"""Structure where there is some, none where there is none."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from communities import spinglass
from communities.noise import CHANCE, CLEARER, FEWEST, LEVEL, TOO_FEW, Noise, against_noise, verdict
from linkages import Network
from linkages.periods import Period


def poisson(rate: np.ndarray | float, n: int, seed: int) -> pd.DataFrame:  # type: ignore[type-arg]
    i, j = np.triu_indices(n, 1)
    weight = np.random.default_rng(seed).poisson(np.broadcast_to(rate, i.shape)).astype(float)
    names = np.array([f"n{k:02d}" for k in range(n)])
    table = pd.DataFrame({"source": names[i], "target": names[j], "weight": weight})
    return table[table["weight"] > 0]


def test_planted_communities_are_clearer_than_chance(planted: tuple[pd.DataFrame, pd.Series]) -> None:
    table, _ = planted
    found = against_noise(table, spinglass(table, q=4, restarts=3), replicates=19, restarts=2)
    assert found.p == pytest.approx(1 / 20)
    assert found.modularity > 3 * found.expected > 0
    assert found.sentence.startswith("The communities are clearer than chance makes them (modularity 0.4")


def test_no_structure_is_claimed_on_noise() -> None:
    """Under chance p is uniform: of 12 networks, more than four at p ≤ 0.05 would be one run in ten thousand."""
    size = np.exp(np.random.default_rng(0).standard_normal(30))
    i, j = np.triu_indices(30, 1)
    rates: list[np.ndarray | float] = [2.0, size[i] * size[j]]  # type: ignore[type-arg]
    found = [
        against_noise(table, spinglass(table, q=3, restarts=3, exact=0), replicates=19, restarts=2)
        for rate in rates
        for table in (poisson(rate, 30, seed) for seed in range(6))
    ]
    assert sum(one.p <= LEVEL for one in found) <= 4
    assert np.mean([one.p for one in found]) > 0.25
    silent = next(one for one in found if one.p > LEVEL)
    assert "no structure is claimed" in silent.sentence


def test_order_does_not_matter_and_seeds_are_private(planted: tuple[pd.DataFrame, pd.Series]) -> None:
    table, _ = planted
    partition = spinglass(table, q=4, restarts=2)
    np.random.seed(5)  # noqa: NPY002 - another's generator must not matter
    one = against_noise(table, partition, replicates=3)
    other = table.sample(frac=1, random_state=2).rename(columns={"source": "target", "target": "source"})
    assert against_noise(other, partition, replicates=3) == one


def test_an_event_of_many_links_is_one_draw(planted: tuple[pd.DataFrame, pd.Series]) -> None:
    """The fewer independent events, the more modular chance is; more events than links are not believed."""
    table, _ = planted
    partition = spinglass(table, q=4, restarts=2)
    few, many, most = (against_noise(table, partition, 5, events=number) for number in (300, 3000, 10**9))
    assert few.expected > many.expected > most.expected
    assert most == against_noise(table, partition, 5)


def test_a_network_brings_its_own_number_of_events() -> None:
    table = poisson(3.0, 12, 3)
    names = sorted({*table["source"], *table["target"]})
    nodes = pd.DataFrame({"node": names, "label": names, "within": 0.0, "within_events": 0})
    network = Network(nodes, table.reset_index(drop=True), "naics3", Period(2000, 2007), "all", events=40)
    partition = spinglass(table, q=2, restarts=2)
    assert against_noise(network, partition, 5) == against_noise(table, partition, 5, events=40)
    assert against_noise(network, partition, 5) != against_noise(table, partition, 5)


def test_nothing_is_tested_without_replicates_or_links() -> None:
    pair = pd.DataFrame({"source": ["a"], "target": ["b"], "weight": [1.0]})
    partition = spinglass(pair, q=2)
    assert against_noise(pair, partition).replicates == 0
    untested = against_noise(poisson(2.0, 10, 1), partition, replicates=0)
    assert np.isnan(untested.p) and untested.sentence.endswith("was not tested.")


def test_chance_that_falls_apart_has_no_communities() -> None:
    path = pd.DataFrame({"source": ["a", "b"], "target": ["b", "c"], "weight": [1.0, 1.0]})
    found = against_noise(path, spinglass(path, q=1), replicates=9, events=1)
    assert isinstance(found, Noise) and found.p == 1.0


@pytest.mark.parametrize("replicates", [1, 4, FEWEST - 1])
def test_few_chance_networks_below_it_tell_nothing(replicates: int) -> None:
    """With n draws p is 1 / (n + 1) at least: 4 draws cannot show structure, nor that there is none."""
    least = Noise(1 / (replicates + 1), 0.348, 0.068, replicates)
    assert verdict(least.p, replicates) == TOO_FEW
    assert "too few chance networks to tell" in least.sentence
    assert "no structure" not in least.sentence
    beaten = Noise(2 / (replicates + 1), 0.068, 0.068, replicates)
    assert verdict(beaten.p, replicates) == CHANCE
    assert "no structure is claimed" in beaten.sentence


def test_nineteen_chance_networks_can_tell() -> None:
    assert verdict(1 / (FEWEST + 1), FEWEST) == CLEARER
    assert 1 / FEWEST > LEVEL
    assert verdict(2 / (FEWEST + 1), FEWEST) == CHANCE


def test_a_mean_of_nothing_has_no_minus() -> None:
    """Chance networks that are modular by -0.0001 on average are modular by 0.000."""
    assert "chance networks 0.000 on average" in Noise(0.02, 0.5, -0.0001, 50).sentence
    assert "chance networks -0.012 on average" in Noise(0.02, 0.5, -0.012, 50).sentence
