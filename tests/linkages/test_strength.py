"""Strength of links against textbook values, networkx and scipy."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, false_discovery_control

from linkages.strength import STRENGTH, backbone, benjamini_hochberg, strength


def links_of(graph: nx.Graph) -> pd.DataFrame:
    rows = [(*sorted((str(a), str(b))), float(d.get("weight", 1))) for a, b, d in graph.edges(data=True)]
    return pd.DataFrame(rows, columns=["source", "target", "weight"])


KARATE = links_of(nx.karate_club_graph())


def test_expected_weight_is_the_product_of_strengths_over_twice_the_total() -> None:
    graph = nx.karate_club_graph()
    rated = strength(KARATE).set_index(["source", "target"])
    k = dict(graph.degree(weight="weight"))
    total = sum(k.values())
    for a, b, w in graph.edges(data="weight"):
        row = rated.loc[tuple(sorted((str(a), str(b))))]
        assert row["expected"] == pytest.approx(k[a] * k[b] / total)
        assert row["association"] == pytest.approx(w * total / (k[a] * k[b]))


def test_p_is_the_binomial_tail() -> None:
    rated = strength(KARATE)
    m = KARATE["weight"].sum()
    chance = rated["expected"] / m
    assert rated["p"].to_numpy() == pytest.approx(binom.sf(rated["weight"] - 1, m, chance))


def test_disparity_of_a_hub_with_one_heavy_link() -> None:
    # Serrano et al. 2009, eq. 2: (1 - p)^(k - 1) with p = 0.8 and k = 3 gives 0.04.
    star = pd.DataFrame({"source": ["a", "a", "a"], "target": ["b", "c", "d"], "weight": [8.0, 1, 1]})
    assert strength(star)["disparity_p"].tolist() == pytest.approx([0.04, 0.81, 0.81])


def test_noise_corrected_score_follows_the_lift() -> None:
    # Coscia & Neffke 2017, eq. 4: (κw - 1) / (κw + 1) is 0 where a link is as expected.
    rated = strength(KARATE)
    lift = rated["association"]
    assert rated["noise_corrected"].to_numpy() == pytest.approx(((lift - 1) / (lift + 1)).to_numpy())
    assert (rated["noise_corrected_sd"] > 0).all()


def test_noise_corrected_variance_written_out_for_one_link() -> None:
    # Nodes a, b, c with w_ab = 4, w_ac = 2, w_bc = 2; k = 6, 6, 4; n.. = 16, by hand for the link a-b.
    rated = strength(pd.DataFrame({"source": ["a", "a", "b"], "target": ["b", "c", "c"], "weight": [4.0, 2, 2]}))
    mean = 36 / 256
    variance = 36 * 10 * 10 / (16**4 * 15)
    alpha = mean**2 / variance * (1 - mean) - mean + 4
    beta = mean / variance * (1 - mean**2) - (1 - mean) + 16 - 4
    p = alpha / (alpha + beta)
    slope = 2 * (16 / 36 + 4 * (1 / 36 - 16 * 12 / 36**2)) / (4 * 16 / 36 + 1) ** 2
    assert rated["noise_corrected_sd"].iloc[0] == pytest.approx(np.sqrt(p * (1 - p) * 16) * abs(slope))


def test_backbones_are_views() -> None:
    rated = strength(KARATE)
    assert 0 < len(backbone(rated, "noise_corrected")) < len(rated)
    assert (backbone(rated, "association")["association"] > 1).all()
    assert len(backbone(rated, "disparity", 0.3)) == (rated["disparity_p"] < 0.3).sum() > 0
    assert backbone(rated, "disparity").empty  # no tie of the club stands out at 5 %
    assert len(backbone(rated, "strong", 5)) == (KARATE["weight"] >= 5).sum()
    with pytest.raises(ValueError, match="a backbone is one of"):
        backbone(rated, "magic")


def test_no_links_have_no_strength() -> None:
    empty = strength(KARATE.head(0))
    assert list(empty.columns[-len(STRENGTH) :]) == list(STRENGTH)
    assert benjamini_hochberg(np.array([])).size == 0


@given(st.lists(st.sampled_from([0.0, 1e-300, 1e-9, 0.01, 0.02, 0.3, 1.0]) | st.floats(0, 1), max_size=30))
@settings(max_examples=50, deadline=None)
def test_false_discovery_rates_are_scipy_s_to_the_last_bit(p: list[float]) -> None:
    given_ = np.array(p)
    assert benjamini_hochberg(given_).tolist() == np.asarray(false_discovery_control(given_)).tolist()


@given(st.permutations(range(len(KARATE))), st.sampled_from([1e-6, 0.5, 7.0, 1e6]))
@settings(max_examples=20, deadline=None)
def test_order_and_unit_do_not_matter(order: list[int], unit: float) -> None:
    keys = ["source", "target"]
    base = strength(KARATE).sort_values(keys, ignore_index=True)
    shuffled = strength(KARATE.iloc[order]).sort_values(keys, ignore_index=True)
    pd.testing.assert_frame_equal(base, shuffled, check_exact=True)
    scaled = strength(KARATE.assign(weight=KARATE["weight"] * unit)).sort_values(keys, ignore_index=True)
    assert scaled["association"].to_numpy() == pytest.approx(base["association"].to_numpy())
    assert scaled["disparity_p"].to_numpy() == pytest.approx(base["disparity_p"].to_numpy())
