"""Backbones against their papers: a hub, its spokes and a weak tie between two of them, in exact fractions."""

from __future__ import annotations

from fractions import Fraction
from math import sqrt

import numpy as np
import pandas as pd
import pytest

from linkages import Network
from linkages.strength import backbone, strength

#: A hub with spokes b and c, a partner d of most of its weight, and a tie between the spokes. 2m = 26.
LINKS = {("a", "b"): 1, ("a", "c"): 1, ("a", "d"): 10, ("b", "c"): 1}
STRENGTH = {"a": 12, "b": 2, "c": 2, "d": 10}


@pytest.fixture(scope="module")
def rated() -> pd.DataFrame:
    rows = [(a, b, float(w)) for (a, b), w in LINKS.items()]
    return strength(pd.DataFrame(rows, columns=["source", "target", "weight"]))


def kept(table: pd.DataFrame) -> set[str]:
    return set(table["source"] + table["target"])


def test_scores_are_lifts_made_symmetric(rated: pd.DataFrame) -> None:
    # (κw - 1) / (κw + 1) with κ = 26 / k_i k_j, eq. 4 and 5 of Coscia & Neffke (2017).
    lifts = {pair: Fraction(26 * w, STRENGTH[pair[0]] * STRENGTH[pair[1]]) for pair, w in LINKS.items()}
    scores = [(lift - 1) / (lift + 1) for lift in lifts.values()]
    assert scores == [Fraction(1, 25), Fraction(1, 25), Fraction(7, 19), Fraction(11, 15)]
    assert rated["noise_corrected"].tolist() == pytest.approx([float(score) for score in scores])


@pytest.mark.parametrize("pair", list(LINKS))
def test_standard_deviations_in_exact_fractions(rated: pd.DataFrame, pair: tuple[str, str]) -> None:
    # Eq. 6 to 9: a beta prior with the mean and the variance of the hypergeometric draw, and the delta method.
    n, w, ki, kj = Fraction(26), Fraction(LINKS[pair]), Fraction(STRENGTH[pair[0]]), Fraction(STRENGTH[pair[1]])
    mean = ki * kj / n**2
    variance = ki * kj * (n - ki) * (n - kj) / (n**4 * (n - 1))
    alpha = mean**2 / variance * (1 - mean) - mean + w
    beta = mean / variance * (1 - mean**2) - (1 - mean) + n - w
    p = alpha / (alpha + beta)
    kappa = n / (ki * kj)
    slope = 2 * (kappa + w * (1 / (ki * kj) - n * (ki + kj) / (ki * kj) ** 2)) / (kappa * w + 1) ** 2
    found = rated.set_index(["source", "target"]).loc[pair, "noise_corrected_sd"]
    assert found == pytest.approx(sqrt(p * (1 - p) * n) * abs(float(slope)))


def test_the_weak_tie_of_two_spokes_stands_out_and_the_hub_s_ties_to_them_do_not(rated: pd.DataFrame) -> None:
    # The point of Coscia & Neffke (2017): a tie is judged by both of its ends.
    assert kept(backbone(rated, "noise_corrected")) == {"ad", "bc"}
    assert kept(backbone(rated, "association")) == {"ab", "ac", "ad", "bc"}
    # The disparity filter sees the hub's main tie only: (1 - 10/12)^2 = 1/36, Serrano et al. (2009), eq. 2.
    assert kept(backbone(rated, "disparity")) == {"ad"}
    assert rated["disparity_p"].tolist() == pytest.approx([0.5, 0.5, 1 / 36, 0.5])


def test_disparity_is_the_integral_of_the_paper() -> None:
    # α = 1 - (k - 1) ∫_0^p (1 - x)^(k - 2) dx, eq. 2, here by the midpoint rule.
    weights = np.array([5.0, 3.0, 1.0, 1.0])
    table = pd.DataFrame({"source": "a", "target": list("bcde"), "weight": weights})
    found = strength(table)["disparity_p"].to_numpy()
    steps = 200_000
    for alpha, p in zip(found, weights / weights.sum(), strict=True):
        x = (np.arange(steps) + 0.5) * p / steps
        assert alpha == pytest.approx(1 - 3 * ((1 - x) ** 2).sum() * p / steps, abs=1e-9)


def test_views_of_no_link_are_empty_and_no_view_changes_the_table(rated: pd.DataFrame) -> None:
    before = rated.copy()
    for method in ("noise_corrected", "disparity", "strong", "association"):
        backbone(rated, method)
        assert backbone(rated.head(0), method).empty
    pd.testing.assert_frame_equal(rated, before)


@pytest.mark.parametrize(("counting", "unit"), [("fractional", "events"), ("full", "USD mn")])
def test_a_strong_tie_is_one_of_many_events(counting: str, unit: str) -> None:
    rows = {"source": ["a", "b"], "target": ["b", "c"], "weight": [1000.0, 3500.0], "events": [3000, 2999]}
    network = Network.from_pandas(pd.DataFrame(rows), counting=counting, unit=unit)
    assert kept(backbone(network.links, "strong")) == {"ab"}
    # Weights without events are the counts themselves.
    assert kept(backbone(Network.from_pandas(pd.DataFrame(rows).drop(columns="events")).links, "strong")) == {"bc"}
