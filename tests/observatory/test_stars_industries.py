"""Codes added up to industries, industries to emerging ones, and the tables that cannot be."""

import numpy as np
import pandas as pd
import pytest

from ingest.faults import BadInput
from ingest.levels import all_sectors, emerging_of_industry, industry_of
from observatory.stars import industries, published_counts, star_scores
from observatory.stars.dimensions import prepared

#: "10" is split between two of the 51, a quarter of it is local; "20" and "21" are Plastics; "99" is local.
SHARES = pd.DataFrame(
    [("10", "Apparel", 0.5), ("10", "Plastics", 0.25), ("20", "Plastics", 1.0), ("21", "Plastics", 1.0)],
    columns=["code", "industry", "share"],
)
EMERGING = pd.DataFrame(
    [("Apparel", "Creative", 1.0), ("Plastics", "Creative", 1.0), ("Plastics", "Packaging", 1.0)],
    columns=["code", "industry", "share"],
)


@pytest.fixture
def worked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(industries, "industries_of_codes", lambda *_: SHARES)
    monkeypatch.setattr(industries, "emerging_shares", lambda: EMERGING)


def cells(rows: list[tuple[str, float, float]]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["industry", "employment", "wages"])
    return prepared(table.assign(region="DE21", year=2014, firms=np.nan, high_growth_smes=4.0, frontier_firms=np.nan))


@pytest.mark.usefixtures("worked")
def test_codes_are_added_up_with_their_shares() -> None:
    table, notes = industries.to_industries(
        cells([("10", 80.0, 800.0), ("20", 5.0, 100.0), ("99", 115.0, 1.0)]), "nace", "industry"
    )
    assert table["industry"].to_list() == ["Apparel", "Plastics"]
    assert table["employment"].to_list() == [40.0, 25.0]
    assert table["paid_wages"].to_list() == [400.0, 300.0]
    assert table["high_growth_smes"].to_list() == [2.0, 5.0]
    assert table["frontier_firms"].isna().all()
    # 40 + 25 of 200
    assert notes == ["32.5 % of the table's employment falls in the 51 industries; outside them: 99."]


@pytest.mark.usefixtures("worked")
def test_the_average_wage_divides_wages_by_the_employment_of_the_same_codes() -> None:
    table, _ = industries.to_industries(cells([("20", 5.0, 100.0), ("21", 7.0, np.nan)]), "nace", "industry")
    assert table[["employment", "paid", "paid_wages"]].to_numpy().tolist() == [[12.0, 5.0, 100.0]]


@pytest.mark.usefixtures("worked")
def test_emerging_industries_overlap() -> None:
    rows = cells([("Apparel", 40.0, 1.0), ("Plastics", 25.0, 1.0), ("My own", 1.0, 1.0)])
    table, notes = industries.to_industries(rows, "industry", "emerging")
    assert table[["industry", "employment"]].to_numpy().tolist() == [["Creative", 65.0], ["Packaging", 25.0]]
    assert notes == ["98.5 % of the table's employment falls in the ten emerging industries; outside them: My own."]


@pytest.mark.usefixtures("worked")
def test_regional_employment_counts_codes_once_and_local_ones_too() -> None:
    rows = [
        (region, code, 2014, employment)
        for region, employment in (("A", 30.0), ("B", 10.0), ("C", 10.0), ("D", 10.0), ("E", 10.0))
        for code in ("20", "99")
    ]
    table = pd.DataFrame(rows, columns=["region", "industry", "year", "employment"])
    table.loc[(table["region"] == "A") & (table["industry"] == "99"), "employment"] = 90.0
    scores = star_scores(table, "nace", level="emerging").set_index(["industry", "region"])
    # A: 30 of 120, the others 10 of 20: they share rank 1
    assert scores.loc["Packaging", "specialisation"].to_list() == [0, 1, 1, 1, 1]
    assert scores.loc["Creative", "size"].to_list() == [1, 0, 0, 0, 0]


def test_names_are_turned_to_the_panorama_s_spelling() -> None:
    names = pd.Series([*published_counts()["industry"], *industries.US_NAMES])
    assert set(industries.panorama_name(names.str.upper())) == set(published_counts()["industry"])
    assert industries.panorama_name(pd.Series(["fashion"])).to_list() == ["fashion"]


def test_one_industry_under_two_spellings() -> None:
    rows = cells([("Nonmetal Mining", 1.0, 1.0), ("Non-metal mining", 1.0, 1.0)])
    with pytest.raises(BadInput) as caught:
        industries.to_industries(rows, "industry", "industry")
    assert [fault.value for fault in caught.value.faults] == ["Non-metal mining", "Nonmetal Mining"]


@pytest.mark.parametrize(
    ("scheme", "codes", "faulty"),
    [
        ("nace", ["21", "21.10", "C2120"], ["21 and 21.10", "21 and C2120"]),
        ("nace", ["1", "01.11", "11"], ["1 and 01.11"]),
        ("nace", ["21.10", "2110"], ["21.10 and 2110"]),
        ("naics", ["31-33", "325", "32541"], ["31-33 and 325", "31-33 and 32541", "325 and 32541"]),
        ("naics", ["44-45", "445", "3254"], ["44-45 and 445"]),
    ],
)
def test_a_code_beside_its_own_part(scheme: str, codes: list[str], faulty: list[str]) -> None:
    with pytest.raises(BadInput) as caught:
        industries.to_industries(cells([(code, 1.0, 1.0) for code in codes]), scheme, "industry")
    assert [fault.value for fault in caught.value.faults] == faulty


@pytest.mark.usefixtures("worked")
def test_a_code_and_its_part_in_different_years() -> None:
    rows = cells([("20", 1.0, 1.0), ("20.1", 1.0, 1.0)])
    rows.loc[1, "year"] = 2013
    table, _ = industries.to_industries(rows, "nace", "industry")
    assert table["year"].to_list() == [2014]


@pytest.mark.parametrize(
    ("scheme", "codes", "faulty"),
    [
        ("nace", ["C", "21", "B-N", "Plastics", "211.0"], ["211.0", "B-N", "C", "Plastics"]),
        ("naics", ["1", "325", "3254111", "C21"], ["1", "3254111", "C21"]),
    ],
)
def test_codes_that_are_not_of_the_scheme(scheme: str, codes: list[str], faulty: list[str]) -> None:
    with pytest.raises(BadInput) as caught:
        industries.to_industries(cells([(code, 1.0, 1.0) for code in codes]), scheme, "industry")
    assert [fault.value for fault in caught.value.faults] == faulty


def test_long_lists_are_cut() -> None:
    assert industries.listed([str(number) for number in range(12)]).endswith("8, 9 and 2 more")


def test_every_six_digit_code_is_in_its_own_industry() -> None:
    codes = all_sectors("naics6")["sector"]
    shares = industries.industries_of_codes(codes, "naics").set_index("code")
    expected = industry_of(codes).set_index("naics")["industry"]
    assert shares["industry"].to_dict() == expected.to_dict()
    assert (shares["share"] == 1).all()


@pytest.mark.parametrize(("code", "starts"), [("325", ("325",)), ("31-33", ("31", "32", "33")), ("33", ("33",))])
def test_a_short_code_is_spread_evenly_over_the_codes_below(code: str, starts: tuple[str, ...]) -> None:
    codes = [naics for naics in all_sectors("naics6")["sector"] if naics.startswith(starts)]
    expected = industry_of(codes)["industry"].value_counts() / len(codes)
    shares = industries.industries_of_codes(pd.Series([code]), "naics").set_index("industry")["share"]
    assert shares.to_dict() == pytest.approx(expected.to_dict())


def test_nace_reaches_all_of_the_51() -> None:
    divisions = pd.Series([f"{number:02}" for number in range(1, 100)])
    shares = industries.industries_of_codes(divisions, "nace")
    assert set(shares["industry"]) == set(published_counts()["industry"])
    assert (shares.groupby("code")["share"].sum() < 1 + 1e-9).all()
    largest = shares.sort_values("share").groupby("code")["industry"].last()
    assert largest[["12", "14", "21", "29", "31", "50"]].to_list() == [
        "Tobacco",
        "Apparel",
        "Biopharmaceuticals",
        "Automotive",
        "Furniture",
        "Water Transportation",
    ]


def test_the_ten_emerging_industries_are_made_of_the_51() -> None:
    table = emerging_of_industry()
    assert set(table["industry"]) <= set(published_counts()["industry"])
    rows = [(region, "C29", 2014, 100.0 - number) for number, region in enumerate("ABCDE")]
    cars = pd.DataFrame(rows, columns=["region", "industry", "year", "employment"])
    scores = star_scores(cars, "nace", level="emerging")
    assert set(scores["industry"]) <= set(table["emerging"])
    assert "Mobility Technologies" in set(scores["industry"])
    assert scores.loc[scores["size"] == 1, "region"].unique().tolist() == ["A"]


def test_one_table_in_codes_of_either_classification() -> None:
    rows = [(region, "12", 2014, 100.0 - number) for number, region in enumerate("ABCDE")]
    tobacco = pd.DataFrame(rows, columns=["region", "industry", "year", "employment"])
    by_nace = star_scores(tobacco, "nace")
    by_naics = star_scores(tobacco.assign(industry="3122"), "naics")
    assert by_nace.equals(by_naics)
    assert by_nace["industry"].unique().tolist() == ["Tobacco"]
