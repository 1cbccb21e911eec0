"""Every rule of the star scores on tables small enough to work out by hand: 5 industries in 10 regions."""

import numpy as np
import pandas as pd
import pytest

from ingest.faults import BadInput
from observatory.stars import TIERS, star_scores, summary
from observatory.stars.dimensions import location_quotient, prepared, yearly_dimensions
from observatory.stars.tiers import tier_of_total

INDUSTRIES = ["Apparel", "Footwear", "Furniture", "Plastics", "Tobacco"]
REGIONS = [f"DE{number}0" for number in range(10)]
YEARS = list(range(2006, 2015))


def regional_table(years=YEARS) -> pd.DataFrame:
    """Industry i in region r employs (i + 1) * (10 - r); DE00 is the largest everywhere; totals are equal."""
    rows = [
        {
            "region": region,
            "industry": industry,
            "year": year,
            "employment": float((i + 1) * (10 - r)),
            "wages": 1000.0 * (i + 1) * (10 - r) * (r + 1),  # average wage 1000 * (r + 1): DE90 pays best
            "high_growth_smes": float(10 - r),
            "frontier_firms": float(r),
        }
        for year in years
        for i, industry in enumerate(INDUSTRIES)
        for r, region in enumerate(REGIONS)
    ]
    totals = [
        {"region": region, "industry": "total", "year": year, "employment": 1000.0}
        for year in years
        for region in REGIONS
    ]
    return pd.DataFrame([*rows, *totals])


def of(scores: pd.DataFrame, industry: str, column: str) -> list:
    rows = scores[scores["industry"] == industry].set_index("region")
    return rows.loc[REGIONS, column].to_list()


def said(scores: pd.DataFrame, words: str) -> bool:
    return any(words in note for note in scores.attrs["notes"])


def test_stars_of_a_complete_table() -> None:
    scores = star_scores(regional_table(), industry="industry")
    for industry in INDUSTRIES:
        assert of(scores, industry, "size") == [3, 3, 0, 0, 0, 0, 0, 0, 0, 0]
        assert of(scores, industry, "specialisation") == [3, 3, 0, 0, 0, 0, 0, 0, 0, 0]
        assert of(scores, industry, "productivity") == [0, 0, 0, 0, 0, 0, 0, 0, 3, 3]
        assert of(scores, industry, "sme") == [3, 3, 2, 2, 1, 1, 0, 0, 0, 0]
        assert of(scores, industry, "innovation") == [0, 0, 0, 0, 1, 1, 2, 2, 3, 3]
        assert of(scores, industry, "total") == [9, 9, 2, 2, 2, 2, 2, 2, 6, 6]
        assert of(scores, industry, "tier") == ["basic"] * 2 + ["none"] * 8
    assert scores.attrs["notes"] == []
    assert (scores.attrs["years3"], scores.attrs["years9"]) == ([2012, 2013, 2014], YEARS)


def test_columns_and_order_are_those_agreed() -> None:
    scores = star_scores(regional_table(), industry="industry")
    assert scores.columns.to_list() == (
        ["region", "industry", "size", "specialisation", "productivity", "sme", "innovation", "total", "tier"]
    )
    assert scores[["region", "industry"]].equals(
        scores[["region", "industry"]].sort_values(["region", "industry"], ignore_index=True)
    )
    assert len(scores) == 50


def test_a_tie_at_the_line_shares_the_better_rank() -> None:
    table = regional_table([2014])
    apparel = table["industry"] == "Apparel"
    table.loc[apparel & table["region"].isin(["DE10", "DE20", "DE30"]), "employment"] = 9.0
    # three regions share rank 2 of 10, and 2 <= 0.2 * 10: four regions have the star
    scores = star_scores(table, industry="industry")
    assert of(scores, "Apparel", "size") == [1, 1, 1, 1, 0, 0, 0, 0, 0, 0]
    table.loc[apparel & (table["region"] == "DE00"), "employment"] = 9.0
    table.loc[apparel & (table["region"] == "DE90"), "employment"] = 50.0
    table.loc[apparel & (table["region"] == "DE80"), "employment"] = 40.0
    # now four share rank 3: none of them is in the top 20 %
    scores = star_scores(table, industry="industry")
    assert of(scores, "Apparel", "size") == [0, 0, 0, 0, 0, 0, 0, 0, 1, 1]


def test_a_tie_of_nine_year_sums() -> None:
    table = regional_table()
    table.loc[(table["region"] <= "DE40") & (table["industry"] == "Apparel"), "high_growth_smes"] = 8.0
    scores = star_scores(table, industry="industry")
    assert of(scores, "Apparel", "sme") == [3, 3, 3, 3, 3, 1, 0, 0, 0, 0]


def test_the_sum_over_nine_years_is_ranked_not_the_years() -> None:
    table = regional_table()
    # DE90 is the last but for one year, in which it has 100: the sum puts it first
    table.loc[(table["region"] == "DE90") & (table["year"] == 2006), "high_growth_smes"] = 100.0
    scores = star_scores(table, industry="industry")
    assert of(scores, "Tobacco", "sme") == [3, 2, 2, 1, 1, 0, 0, 0, 0, 3]


def test_a_missing_year_earns_nothing_and_is_said() -> None:
    table = regional_table()
    gone = (table["region"] == "DE00") & (table["industry"] == "Apparel") & (table["year"] == 2013)
    scores = star_scores(table[~gone], industry="industry")
    # nine regions are ranked in 2013, and 0.2 * 9 = 1.8 lets only DE10 in
    assert of(scores, "Apparel", "size") == [2, 3, 0, 0, 0, 0, 0, 0, 0, 0]
    assert said(scores, "1 of 150 cells of 2012-2014 have no row")


def test_a_missing_figure_earns_nothing_and_is_said() -> None:
    table = regional_table()
    at = (table["region"] == "DE90") & (table["industry"] == "Apparel")
    table.loc[at & (table["year"] == 2013), "wages"] = np.nan
    table.loc[at & (table["year"] == 2008), "frontier_firms"] = np.nan
    scores = star_scores(table, industry="industry")
    assert of(scores, "Apparel", "productivity") == [0, 0, 0, 0, 0, 0, 0, 0, 3, 2]
    # 8 years of 9 = 72 are as many as DE80's 9 years of 8: both share rank 1
    assert of(scores, "Apparel", "innovation") == [0, 0, 0, 0, 1, 1, 2, 2, 3, 3]
    assert said(scores, "wages is missing in 1 of 150 rows of 2012-2014")
    assert said(scores, "frontier_firms is missing in 1 of 450 rows of 2006-2014")


def test_an_industry_of_one_region_has_no_star() -> None:
    table = regional_table()
    scores = star_scores(table[(table["industry"] != "Footwear") | (table["region"] == "DE00")], industry="industry")
    alone = scores[scores["industry"] == "Footwear"]
    # rank 1 of 1 is above 0.2 * 1, 0.4 * 1 and 0.6 * 1
    assert alone["total"].to_list() == [0]
    assert said(scores, "fewer than five regions, so that none is in the top 20 %: Footwear")


def test_zero_employment_is_not_ranked() -> None:
    table = regional_table()
    table.loc[(table["region"] >= "DE50") & (table["industry"] == "Plastics"), "employment"] = 0.0
    scores = star_scores(table, industry="industry")
    # five regions remain, so one star a year, and 3, 2, 1 for ranks 1, 2, 3
    assert of(scores, "Plastics", "size") == [3, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    assert of(scores, "Plastics", "sme") == [3, 2, 1, 0, 0, 0, 0, 0, 0, 0]
    assert of(scores, "Plastics", "productivity") == [0, 0, 0, 0, 3, 0, 0, 0, 0, 0]


def test_zero_firms_that_earn_a_star_are_said() -> None:
    table = regional_table()
    table.loc[(table["region"] >= "DE30") & (table["industry"] == "Plastics"), "high_growth_smes"] = 0.0
    scores = star_scores(table, industry="industry")
    assert of(scores, "Plastics", "sme") == [3, 3, 2, 2, 2, 2, 2, 2, 2, 2]
    assert said(scores, "7 cells without high_growth_smes in Plastics")


def test_absent_columns_earn_no_star_and_are_said() -> None:
    table = regional_table()[["region", "industry", "year", "employment"]]
    scores = star_scores(table, industry="industry")
    assert scores[["productivity", "sme", "innovation"]].to_numpy().sum() == 0
    assert scores["size"].sum() == 30
    for column in ("wages", "high_growth_smes", "frontier_firms"):
        assert said(scores, f"no column {column}")
    nothing = star_scores(regional_table().drop(columns="employment"), industry="industry")
    assert nothing[["size", "specialisation", "productivity"]].to_numpy().sum() == 0
    assert of(nothing, "Apparel", "sme") == [3, 3, 2, 2, 1, 1, 0, 0, 0, 0]


def test_without_total_rows_the_table_is_summed() -> None:
    table = regional_table([2014])
    scores = star_scores(table[table["industry"] != "total"], industry="industry")
    # every region has the same mix, so every quotient is 1 and all share rank 1
    assert of(scores, "Apparel", "specialisation") == [1] * 10
    assert said(scores, "Without total rows")


def test_a_missing_total_leaves_specialisation_unknown() -> None:
    table = regional_table([2014])
    table = table[(table["industry"] != "total") | (table["region"] != "DE00")]
    scores = star_scores(table, industry="industry")
    assert of(scores, "Apparel", "specialisation") == [0, 1, 0, 0, 0, 0, 0, 0, 0, 0]
    assert said(scores, "No total is known for 1 of 10 regions and years")


def test_windows_may_be_set() -> None:
    table = regional_table()
    table.loc[(table["year"] == 2006) & (table["region"] == "DE90"), "employment"] = 99.0
    scores = star_scores(table, industry="industry", years3=[2006, 2008], years9=[2008])
    assert of(scores, "Apparel", "size") == [2, 1, 0, 0, 0, 0, 0, 0, 0, 1]
    assert said(scores, "The window of 3 years holds 2 (2006, 2008).")
    assert said(scores, "The window of 9 years holds 1 (2008).")
    late = star_scores(table, industry="industry", years3=[2013, 2014, 2015])
    assert of(late, "Apparel", "size") == [2, 2, 0, 0, 0, 0, 0, 0, 0, 0]
    assert said(late, "no row of 2015")
    with pytest.raises(ValueError, match="one to 3 years, not 4"):
        star_scores(table, industry="industry", years3=[2010, 2011, 2012, 2013])


def test_a_window_that_skips_years_is_said() -> None:
    scores = star_scores(regional_table([2010, 2013, 2014]), industry="industry")
    assert said(scores, "The window of 3 years skips some (2010, 2013, 2014).")


def test_location_quotient_of_a_worked_example() -> None:
    assert location_quotient(1714, 79006, 879213, 15593224) == pytest.approx(0.3847623, abs=5e-8)
    table = pd.DataFrame(
        {
            "region": ["UKI3", "other"],
            "industry": "Footwear",
            "year": 2014,
            "employment": [1714.0, 879213.0 - 1714.0],
            "wages": np.nan,
        }
    )
    regional = pd.DataFrame({"region": ["UKI3", "other"], "year": 2014, "regional": [79006.0, 15593224.0 - 79006.0]})
    found = yearly_dimensions(prepared(table), regional).set_index("region")["specialisation"]
    assert found["UKI3"] == pytest.approx(0.3847623, abs=5e-8)


def test_tiers_at_their_lines() -> None:
    tiers = tier_of_total(pd.Series(range(16)))
    assert tiers.to_list() == ["none"] * 7 + ["basic"] * 3 + ["medium"] * 3 + ["high"] * 3


def test_a_region_that_leads_in_all_has_fifteen_stars() -> None:
    table = regional_table()
    leads = (table["region"] == "DE00") & (table["industry"] != "total")
    table.loc[leads, "wages"] *= 100
    table.loc[leads, "frontier_firms"] = 100.0
    scores = star_scores(table, industry="industry")
    best = scores[scores["region"] == "DE00"]
    assert best["total"].to_list() == [15] * 5
    assert set(best["tier"]) == {"high"}


def test_tier_counts_sum_to_the_rows() -> None:
    counted = summary(star_scores(regional_table(), industry="industry"))
    assert counted["tier"].to_list() == list(TIERS)
    assert counted.set_index("tier")["number"].to_dict() == {"high": 0, "medium": 0, "basic": 10, "none": 40}


def test_rows_in_any_order_give_the_same() -> None:
    table = regional_table()
    scores = star_scores(table, industry="industry")
    for seed in range(3):
        shuffled = table.sample(frac=1, random_state=seed)
        pd.testing.assert_frame_equal(star_scores(shuffled, industry="industry"), scores)
        assert star_scores(shuffled, industry="industry").attrs == scores.attrs


def test_the_2009_method() -> None:
    table = regional_table([2013, 2014])
    table.loc[(table["region"] == "DE30") & (table["industry"] == "Tobacco"), "employment"] = 60.0
    scores = star_scores(table, industry="industry", method="observatory2009")
    assert scores.columns.to_list() == ["region", "industry", "size", "specialisation", "focus", "total"]
    assert of(scores, "Tobacco", "size") == [0, 0, 0, 1, 0, 0, 0, 0, 0, 0]
    assert of(scores, "Apparel", "size") == [1, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    # Tobacco: E_i = 5 * (55 - 7) + 60 = 300 of E = 10,000: DE30 60 / 30 = 2 exactly, DE00 50 / 30
    assert of(scores, "Tobacco", "specialisation") == [0, 0, 0, 1, 0, 0, 0, 0, 0, 0]
    # 5 of 50 pairs: 60, 50, 45, 40 (twice)
    focused = scores.loc[scores["focus"] == 1, ["industry", "region"]].to_numpy().tolist()
    assert sorted(focused) == sorted(
        [
            ["Tobacco", "DE30"],
            ["Tobacco", "DE00"],
            ["Tobacco", "DE10"],
            ["Plastics", "DE00"],
            ["Tobacco", "DE20"],
        ]
    )
    assert of(scores, "Tobacco", "total") == [1, 1, 1, 3, 0, 0, 0, 0, 0, 0]
    assert said(scores, "those of 2014")


def test_choices_that_do_not_exist() -> None:
    for choice in ({"industry": "isic"}, {"method": "observatory"}, {"level": "naics9"}):
        with pytest.raises(ValueError, match="must be one of"):
            star_scores(regional_table(), **choice)


def test_a_table_without_rows_or_industries() -> None:
    with pytest.raises(BadInput, match="at least one row"):
        star_scores(regional_table().iloc[:0], industry="industry")
    table = regional_table([2014])
    for method in ("panorama", "observatory2009"):
        assert star_scores(table[table["industry"] == "total"], industry="industry", method=method).empty


def test_a_bad_table_is_refused_with_all_its_faults() -> None:
    table = pd.DataFrame(
        {
            "region": ["DE00", "DE00", ""],
            "industry": ["Apparel", "apparel", "Plastics"],
            "year": [2014, 2014, 14],
            "employment": [-1.0, 2.0, np.inf],
        }
    )
    with pytest.raises(BadInput) as caught:
        star_scores(table, industry="industry")
    assert [(fault.line, fault.value) for fault in caught.value.faults] == [
        (1, "-1"),
        (2, "DE00, apparel, 2014"),
        (3, ""),
        (3, "14"),
        (3, "inf"),
    ]
    with pytest.raises(BadInput, match="expected a column industry") as caught:
        star_scores(table[["region"]], industry="industry")
    assert len(caught.value.faults) == 2
