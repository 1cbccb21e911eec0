"""Regions by their clusters, the second-degree fit, strong clusters beside prosperity, facts of regions."""

import numpy as np
import pandas as pd
import pytest

from observatory.stars.fits import fits_table, second_degree
from observatory.stars.prosperity import strong_share
from observatory.stars.regional import facts, on_facts
from observatory.stars.top_regions import by_country, clusters_distribution, stars_distribution, top_regions

#: Panorama 2020, Table 3, ranks 1 to 10: region, basic, medium, high, total, rank.
TABLE_3 = [
    ("FR10", 10, 30, 3, 43, 1), ("ITC4", 20, 21, 2, 43, 1), ("ES51", 31, 9, 1, 41, 3), ("ITH3", 22, 15, 0, 37, 4),
    ("ES30", 24, 10, 2, 36, 5), ("ITC1", 14, 15, 7, 36, 5), ("ITI1", 21, 12, 1, 34, 7), ("ES52", 26, 7, 0, 33, 8),
    ("FR71", 22, 9, 2, 33, 8), ("ITH5", 20, 11, 1, 32, 10),
]  # fmt: skip


def scores_of(rows) -> pd.DataFrame:
    table = [
        (region, f"{tier} {number}", stars, tier)
        for region, basic, medium, high, *_ in rows
        for tier, count, stars in (("basic", basic, 7), ("medium", medium, 10), ("high", high, 13), ("none", 4, 0))
        for number in range(count)
    ]
    return pd.DataFrame(table, columns=["region", "industry", "total", "tier"])


def test_regions_are_ordered_as_in_the_panoramas_table_3():
    scores = scores_of(TABLE_3).sample(frac=1, random_state=3)
    table = top_regions(scores)
    assert table.columns.to_list() == ["rank", "region", "basic", "medium", "high", "total"]
    expected = [[rank, region, basic, medium, high, total] for region, basic, medium, high, total, rank in TABLE_3]
    assert table.to_numpy().tolist() == expected
    assert table["total"].sum() == (scores["tier"] != "none").sum()


def test_a_region_without_a_cluster_is_listed_last():
    table = top_regions(scores_of([("DE11", 0, 0, 0), ("DE12", 1, 0, 0)]))
    assert table[["rank", "region", "total"]].to_numpy().tolist() == [[1, "DE12", 1], [2, "DE11", 0]]
    assert by_country(table).to_numpy().tolist() == [["DE", 2, 1, 0.5]]
    assert clusters_distribution(table).to_numpy().tolist() == [[0, 1], [1, 1]]


def test_stars_of_2009_are_counted_by_their_number():
    scores = pd.DataFrame({"region": ["A", "A", "B"], "industry": list("xyx"), "total": [3, 0, 1]})
    table = top_regions(scores)
    assert table.columns.to_list() == ["rank", "region", "one_star", "two_stars", "three_stars", "total"]
    assert table.to_numpy().tolist() == [[1, "A", 0, 0, 1, 1], [1, "B", 1, 0, 0, 1]]
    assert stars_distribution(scores).to_numpy().tolist() == [[0, 1], [1, 1], [2, 0], [3, 1]]
    assert stars_distribution(scores.iloc[:0]).empty


def test_countries_of_the_panoramas_ranking():
    table = by_country(top_regions(scores_of(TABLE_3))).set_index("country")
    assert table.loc["IT"].to_list() == [5, 43 + 37 + 36 + 34 + 32, (43 + 37 + 36 + 34 + 32) / 5]
    assert table.index.to_list() == ["IT", "ES", "FR"]


# --- the fit ---


@pytest.mark.parametrize("seed", range(5))
def test_the_fit_is_numpys(seed):
    draw = np.random.default_rng(seed)
    x = pd.Series(draw.uniform(0.1, 12, 60))
    y = pd.Series(3 + 8 * x - x * x / 3 + draw.normal(0, 4, 60))
    fit = second_degree(x, y)
    square, linear, constant = np.polyfit(x, y, 2)
    assert (fit.square, fit.linear, fit.constant) == pytest.approx((square, linear, constant), rel=1e-7)
    left = y - np.polyval((square, linear, constant), x)
    assert fit.r2 == pytest.approx(1 - (left**2).sum() / ((y - y.mean()) ** 2).sum())
    assert fit.points == 60


def test_the_curves_that_were_published():
    # Panorama 2020, note 8: a million more people brings 7 clusters from 1 million, 5 from 4 and 3 from 7
    x = pd.Series(np.linspace(0.2, 12, 30))
    fit = second_degree(x, -x * x / 3 + 8 * x + 2)
    assert [fit.at(start + 1) - fit.at(start) for start in (1, 4, 7)] == pytest.approx([7, 5, 3])
    # Observatory 2009, 1.2: GDP per head on the share of employees in strong clusters
    share = pd.Series(np.linspace(0.1, 0.8, 20))
    fit = second_degree(share, 83342 * share**2 - 16467 * share + 22886)
    assert (fit.square, fit.linear, fit.constant, fit.r2) == pytest.approx((83342, -16467, 22886, 1))


def test_what_no_curve_goes_through_is_said():
    x = pd.Series([1.0, 2.0, 3.0, np.nan, 5.0])
    fit = second_degree(x, pd.Series([1.0, 2.0, 3.0, 4.0, np.nan]))
    assert (fit.points, fit.why) == (3, "too few for a curve: 3 known, 3 of them different")
    assert np.isnan(fit.square)
    assert second_degree(pd.Series([1.0, 1.0, 2.0, 2.0]), pd.Series([1.0, 2.0, 3.0, 4.0])).why != ""
    flat = second_degree(pd.Series([1.0, 2.0, 3.0, 4.0]), pd.Series([2.0] * 4))
    assert np.isnan(flat.r2)
    assert flat.at(9.0) == pytest.approx(2.0)
    assert fits_table({"a": ("x", "y", fit)})["note"].to_list() == [fit.why]


# --- strong clusters ---


def test_the_share_of_employees_in_strong_clusters_by_hand():
    rows = [("A", "x", 80.0), ("A", "y", 20.0), ("B", "x", 10.0), ("B", "y", 190.0), ("C", "x", 10.0)]
    cells = pd.DataFrame(rows, columns=["region", "industry", "employment"]).assign(year=2014, paid=0.0, paid_wages=0.0)
    regional = pd.DataFrame({"region": ["A", "B"], "year": 2014, "regional": [200.0, 400.0]})
    table = strong_share(cells, regional, 2014).set_index("region")
    # x in A: (80 / 200) / (90 / 600) = 2.67; y in B: (190 / 400) / (210 / 600) = 1.36
    assert table.loc["A"].to_list() == [80.0, 0.8, 0.4]
    assert table.loc["B"].to_list() == [0.0, 0.0, 0.0]
    assert table.loc["C"].isna()[["strong_employment", "strong_share"]].all()
    assert strong_share(cells, regional, 2014, least=1.3).set_index("region").loc["B", "strong_share"] == 0.95


# --- facts of regions ---


def test_facts_are_the_latest_known():
    rows = pd.DataFrame(
        {"region": ["A", "A", "A", "B"], "year": [2012, 2014, 2015, 2014], "population": [1e6, np.nan, 9e9, 2e6],
         "gdp": [np.nan, 3e10, 9e99, np.nan]}
    )  # fmt: skip
    table = facts(rows, 2014).set_index("region")
    assert table.loc["A", ["population", "gdp", "gdp_per_head"]].to_list() == [1e6, 3e10, 3e4]
    assert table["patents_per_million"].isna().all()
    assert [note.split(" of ")[0] for note in on_facts(facts(rows, 2014))] == ["The patents and population"]
    assert len(on_facts(facts(rows.drop(columns=["population", "gdp"]), 2014))) == 3
