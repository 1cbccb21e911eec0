"""All results of one table together: what is told, what is missing, and the same whatever the order of rows."""

import numpy as np
import pandas as pd
import pytest

from observatory.stars import star_scores
from observatory.stars.results import star_results

YEARS = range(2009, 2018)
CODES = ("10.11", "10.13", "11.07", "20.42", "21.10", "21.20", "26.51", "29.10", "29.32", "30.30", "62.01", "86.10")


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    draw = np.random.default_rng(6)
    rows = []
    for r, region in enumerate([*(f"DE{k}" for k in range(11, 21)), "US", "JP"]):
        people = 1e6 * (r + 1)
        for year in YEARS:
            parts = [float(draw.integers(50, 900)) for _ in CODES]
            for code, jobs in zip(CODES, parts, strict=True):
                firms = float(draw.integers(1, 40))
                rows.append([region, code, year, jobs, jobs * draw.integers(20_000, 60_000), firms, firms // 5,
                             firms // 9, np.nan, np.nan, np.nan])  # fmt: skip
            rows.append([region, "total", year, sum(parts) * 2, sum(parts) * 70_000, 900.0, 9.0, 9.0, people,
                         people * 30_000, 100.0 * r])  # fmt: skip
    columns = ["region", "industry", "year", "employment", "wages", "firms", "high_growth_smes", "frontier_firms",
               "population", "gdp", "patents"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


@pytest.fixture(scope="module")
def results(table):
    return star_results(table, "nace")


def test_every_table_is_there_and_adds_up(results, table):
    pd.testing.assert_frame_equal(results.scores, star_scores(table, "nace"))
    tables = results.tables
    assert all(len(one) for one in tables.values()), {name: len(one) for name, one in tables.items()}
    clusters = (results.scores["tier"] != "none").sum()
    assert tables["tiers"].query("tier != 'none'")["regions"].sum() == clusters
    assert tables["tiers_overall"].query("tier != 'none'")["regions"].sum() == clusters
    for name in ("regions", "countries"):
        assert tables[name][{"regions": "total", "countries": "clusters"}[name]].sum() == clusters
    assert (tables["clusters_distribution"].prod(axis=1)).sum() == clusters
    assert tables["stars_distribution"]["pairs"].sum() == len(results.scores)
    assert tables["firm_size_effects"].iloc[:, 1:].to_numpy().sum() == len(tables["firm_size"])
    assert set(tables["economies"]["economy"]) == {"EU", "JP", "US"}


def test_regions_carry_what_is_known_of_them(results):
    regions = results.tables["regions"].set_index("region")
    assert (regions["gdp_per_head"] == 30_000).all()
    assert regions.loc["DE12", "patents_per_million"] == 50.0
    fits = results.tables["fits"].set_index("fit")
    assert (fits["points"] == 12).all()
    assert fits.loc["clusters_on_population", "note"] == ""


def test_the_method_and_every_threshold_are_stated(results):
    about = results.about
    assert about["how"].startswith("Panorama 2020, for the 51 industries: for each year of 2015-2017")
    assert about["growth"] == [2014, 2017]
    assert about["thresholds"]["firm_size_least_quotient"] == 1.5
    assert about["thresholds"]["firm_size_dominance"] == 0.55
    assert about["thresholds"]["strong_cluster_least_quotient"] == 2.0
    assert "Growth is from 2014 to 2017, per year, of the regions known in both." in results.notes
    assert "Betas of firm size are taken over the table's codes of four digits or more." in results.notes


def test_rows_in_any_order_give_the_same(results, table):
    mixed = star_results(table.sample(frac=1, random_state=8), "nace")
    for name, one in results.tables.items():
        pd.testing.assert_frame_equal(one, mixed.tables[name], check_exact=True)
    assert (results.notes, results.about) == (mixed.notes, mixed.about)


def test_regions_from_a_table_of_their_own(table):
    own = pd.DataFrame({"region": ["DE11"], "year": [2017], "population": [5e6]})
    results = star_results(table, "nace", regions=own)
    assert results.tables["regions"].set_index("region")["population"].dropna().to_dict() == {"DE11": 5e6}
    assert "1 known, 1 of them different" in results.tables["fits"]["note"][0]
    assert sum("prosperity is not set" in note for note in results.notes) == 1


def test_levels_that_overlap_have_no_sum_of_all(table):
    results = star_results(table, "nace", level="emerging")
    assert results.tables["tiers_overall"].empty
    # the average that is 100 is that of the 51 industries, whatever the level
    first = star_results(table, "nace").tables["tiers"]
    index = 100 * results.tables["tiers"]["wage"] / results.tables["tiers"]["wage_index"]
    assert index.dropna().to_numpy() == pytest.approx((100 * first["wage"] / first["wage_index"]).dropna().iloc[0])


def test_groups_take_the_place_of_the_emerging_industries(table):
    groups = {"Pharma and food": ["311", "3254"], "Cars": ["Automotive"]}
    results = star_results(table, "nace", level="groups", groups=groups)
    for name in ("tiers", "firm_size", "key_statistics"):
        assert set(results.tables[name]["industry"]) - {"All exporting industries"} == set(groups)
    assert results.about["firm_size_of"] == "the study's own groups"


def test_the_2009_method(table):
    results = star_results(table, "nace", "observatory2009")
    assert set(results.tables["tiers"]["tier"]) == {"three stars", "two stars", "one star", "none"}
    assert results.tables["regions"]["total"].sum() == (results.scores["total"] > 0).sum()


def test_own_names_alone(table):
    rows = table.assign(industry=table["industry"].where(table["industry"] == "total", "Trade " + table["industry"]))
    results = star_results(rows, "industry")
    assert results.tables["firm_size"].empty
    assert "No row of the table falls in the ten emerging industries: firm size is not told." in results.notes
    assert len(results.tables["tiers"]) == 4 * len(CODES)


def test_a_table_of_employment_alone(table):
    rows = table.loc[table["year"] == 2017, ["region", "industry", "year", "employment"]]
    results = star_results(rows, "nace")
    assert results.tables["tiers"]["wage"].isna().all()
    assert results.tables["firm_size"].empty
    assert "The table has no numbers of firms: firm size is not told." in results.notes
    assert "The table holds one year of the window: no growth can be told." in results.notes


def test_codes_of_few_digits_and_one_economy_are_said(table):
    rows = table.assign(industry=table["industry"].str[:2].where(table["industry"] != "total", "total"))
    rows = rows.drop_duplicates(["region", "industry", "year"])
    rows = rows[~rows["region"].isin(["US", "JP"])]
    results = star_results(rows, "nace")
    assert any("some of which have 2 digits only" in note for note in results.notes)
    assert "The table holds one economy only: economies are not held against each other." in results.notes
