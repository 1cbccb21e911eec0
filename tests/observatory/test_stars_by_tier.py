"""Results by tier: worked by hand, against plain loops, and against what the Panorama printed."""

import numpy as np
import pandas as pd
import pytest

from observatory.stars.by_tier import average_wage, by_tier, overall_by_tier, tiers_in
from observatory.stars.growth import growth_years, paired, per_year
from observatory.stars.key_statistics import EXPORTING, Whole, key_statistics, yearly_sums
from observatory.stars.tiers import TIERS

YEARS = (2014, 2017)


def cell(region, industry, year, employment, wage):
    paid = employment if wage is not None else np.nan
    return {
        "region": region, "industry": industry, "year": year, "employment": employment, "firms": employment / 10,
        "paid": paid, "paid_wages": paid * (wage or 0.0),
    }  # fmt: skip


#: Plastics is high in A, basic in B and C, absent from the tier medium; Apparel has no cluster.
CELLS = pd.DataFrame([
    cell("A", "Plastics", 2014, 100.0, 40.0), cell("A", "Plastics", 2017, 133.1, 48.0),
    cell("B", "Plastics", 2014, 50.0, 30.0), cell("B", "Plastics", 2017, 60.0, 30.0),
    cell("C", "Plastics", 2014, np.nan, 20.0), cell("C", "Plastics", 2017, 6.9, None),
    cell("A", "Apparel", 2014, 10.0, 20.0), cell("A", "Apparel", 2017, 5.0, 20.0),
])  # fmt: skip
SCORES = pd.DataFrame(
    [("A", "Apparel", 2, "none"), ("A", "Plastics", 14, "high"), ("B", "Plastics", 7, "basic"),
     ("C", "Plastics", 8, "basic")],
    columns=["region", "industry", "total", "tier"],
)  # fmt: skip


def test_one_industry_by_hand():
    table = by_tier(CELLS, SCORES, YEARS, 24.0).set_index(["industry", "tier"])
    assert table.index.to_list() == [(name, tier) for name in ("Apparel", "Plastics") for tier in TIERS]
    plastics = table.loc["Plastics"]
    assert plastics["regions"].to_list() == [1, 0, 2, 0]
    assert plastics["employment_share"].to_list() == pytest.approx([66.55, np.nan, 33.45, np.nan], nan_ok=True)
    # C's wage is not known: the average is B's alone
    assert plastics["wage"].to_list() == pytest.approx([48.0, np.nan, 30.0, np.nan], nan_ok=True)
    assert plastics["wage_index"].to_list() == pytest.approx([200.0, np.nan, 125.0, np.nan], nan_ok=True)
    # C is not known in 2014, so that growth is B's alone
    growth = [10.0, np.nan, 100 * (1.2 ** (1 / 3) - 1), np.nan]
    assert plastics["employment_growth"].to_list() == pytest.approx(growth, nan_ok=True)
    assert plastics["productivity_growth"]["high"] == pytest.approx(100 * (1.2 ** (1 / 3) - 1))
    assert plastics["productivity_growth"]["basic"] == pytest.approx(0.0)


def test_the_tiers_of_all_industries_together():
    table = overall_by_tier(CELLS, SCORES, YEARS, 24.0).set_index("tier")
    assert table["regions"].to_list() == [1, 0, 2, 1]
    assert table["employment"].to_list() == pytest.approx([133.1, np.nan, 66.9, 5.0], nan_ok=True)
    assert table["employment_growth"]["none"] == pytest.approx(100 * (0.5 ** (1 / 3) - 1))
    assert set(table["industry"]) == {"all"}


def generated(seed):
    draw = np.random.default_rng(seed)
    rows = [
        cell(f"R{r}", f"i{i}", year, float(draw.integers(1, 90)), float(draw.integers(10, 60)))
        for r in range(12) for i in range(4) for year in YEARS if draw.random() > 0.1
    ]  # fmt: skip
    cells = pd.DataFrame(rows)
    scores = cells[["region", "industry"]].drop_duplicates().sort_values(["region", "industry"], ignore_index=True)
    scores["total"] = draw.integers(0, 16, len(scores))
    scores["tier"] = [next((t for t, n in zip(TIERS, (13, 10, 7), strict=False) if x >= n), "none")
                      for x in scores["total"]]  # fmt: skip
    return cells, scores


@pytest.mark.parametrize("seed", range(5))
def test_it_agrees_with_plain_loops(seed):
    cells, scores = generated(seed)
    tier = {(s.region, s.industry): s.tier for s in scores.itertuples()}
    at = {(c.region, c.industry, c.year): c for c in cells.itertuples()}
    table = by_tier(cells, scores, YEARS, 30.0)
    for row in table.itertuples():
        pairs = [pair for pair, t in tier.items() if t == row.tier and pair[1] == row.industry]
        now = [at[*pair, 2017] for pair in pairs if (*pair, 2017) in at]
        both = [pair for pair in pairs if (*pair, 2014) in at and (*pair, 2017) in at]
        assert row.regions == len(pairs)
        every = sum(c.employment for (_, i, y), c in at.items() if i == row.industry and y == 2017)
        if not now:
            assert np.isnan(row.employment)
            continue
        assert row.employment == pytest.approx(sum(c.employment for c in now))
        assert row.employment_share == pytest.approx(100 * row.employment / every)
        assert row.wage_index == pytest.approx(sum(c.paid_wages for c in now) / sum(c.paid for c in now) / 0.3)
        if both:
            people = [sum(at[*pair, year].employment for pair in both) for year in YEARS]
            pay = [sum(at[*pair, year].paid_wages for pair in both) / people[k] for k, year in enumerate(YEARS)]
            for told, (first, last) in ((row.employment_growth, people), (row.productivity_growth, pay)):
                assert (1 + told / 100) ** 3 == pytest.approx(last / first)
        else:
            assert np.isnan(row.employment_growth)


def test_shares_sum_to_all_and_tiers_to_the_pairs():
    cells, scores = generated(11)
    table = by_tier(cells, scores, YEARS, 30.0)
    assert table.groupby("industry")["employment_share"].sum().to_list() == pytest.approx([100.0] * 4)
    assert table["regions"].sum() == len(scores)
    overall = overall_by_tier(cells, scores, YEARS, 30.0).set_index("tier")
    assert table.groupby("tier")["regions"].sum().to_dict() == overall["regions"].to_dict()
    assert table.groupby("tier")["employment"].sum().to_dict() == pytest.approx(overall["employment"].to_dict())


def test_rows_in_any_order_give_the_same():
    cells, scores = generated(4)
    table = by_tier(cells, scores, YEARS, 30.0)
    mixed = by_tier(cells.sample(frac=1, random_state=1), scores.sample(frac=1, random_state=2), YEARS, 30.0)
    pd.testing.assert_frame_equal(table, mixed, check_exact=True)


def test_the_2009_method_has_tiers_by_its_stars():
    tier, scale = tiers_in(pd.DataFrame({"total": [0, 1, 2, 3]}))
    assert tier.to_list() == ["none", "one star", "two stars", "three stars"]
    assert scale == ("three stars", "two stars", "one star", "none")
    table = by_tier(CELLS, SCORES.drop(columns="tier").assign(total=[0, 3, 1, 1]), YEARS, 24.0)
    assert table.loc[table["regions"] > 0, ["industry", "tier"]].to_numpy().tolist() == [
        ["Apparel", "none"], ["Plastics", "three stars"], ["Plastics", "one star"],
    ]  # fmt: skip


#: Panorama 2020, Annex C (EUR) and the index that its Figure 9 and text give, in steps of five.
PRINTED = [
    ("Aerospace Vehicles and Defence", "high", 129_400, 365),
    ("Aerospace Vehicles and Defence", "medium", 72_600, 205),
    ("Aerospace Vehicles and Defence", "basic", 44_400, 125),
    ("Agricultural Inputs and Services", "medium", 19_100, 55),
    ("Apparel", "high", 51_300, 145),
    ("Apparel", "basic", 13_500, 40),
    ("Appliances", "high", 63_200, 180),
    ("Appliances", "medium", 40_600, 115),
    ("Appliances", "basic", 26_300, 75),
]


def test_the_index_is_the_panoramas():
    """Its index of 100 is the average of all exporting industries, 35,260 EUR (Table 4)."""
    cells = pd.DataFrame([cell(tier, name, 2017, 1.0, float(wage)) for name, tier, wage, _ in PRINTED])
    scores = pd.DataFrame([(tier, name, 0, tier) for name, tier, _, _ in PRINTED],
                          columns=["region", "industry", "total", "tier"])  # fmt: skip
    table = by_tier(cells, scores, (2017, 2017), 35_260.0).set_index(["industry", "tier"])
    for name, tier, _, index in PRINTED:
        assert abs(table.loc[(name, tier), "wage_index"] - index) <= 2.5, (name, tier)
    assert table["employment_growth"].isna().all()


def test_the_shares_of_table_4_are_the_panoramas():
    """Employees, enterprises and wages as printed give the printed shares and indices."""
    printed = {
        "Advanced Packaging": (4_937_000, 700_700, 39_980, 4.0, 4.8, 113.4),
        "Biopharmaceuticals": (2_392_000, 363_400, 53_080, 1.9, 2.5, 150.5),
        "Experience Industries": (16_195_000, 2_895_800, 39_420, 13.1, 19.9, 111.8),
        "Logistical Services": (7_897_000, 1_301_300, 29_420, 6.4, 8.9, 83.4),
    }
    cells = pd.DataFrame(
        [{**cell("EU", name, 2017, float(people), float(wage)), "firms": float(firms)}
         for name, (people, firms, wage, *_) in printed.items()]
    )  # fmt: skip
    sums = yearly_sums(pd.DataFrame([{**cell("EU", "", 2017, 123_693_000.0, 35_260.0), "firms": 14_582_000.0}]))
    economy = yearly_sums(pd.DataFrame([cell("EU", "", 2017, 265e6, 38_590.0)]))
    table = key_statistics(cells, Whole(sums, economy), (2017, 2017)).set_index("industry")
    assert table.index.to_list() == [*printed, EXPORTING]
    for name, (*_, people, firms, wage) in printed.items():
        assert round(table.loc[name, "employment_share_exporting"], 1) == people
        assert round(table.loc[name, "firms_share_exporting"], 1) == firms
        assert round(table.loc[name, "wage_to_exporting"], 1) == wage
    assert round(table.loc["Advanced Packaging", "wage_to_economy"], 1) == 103.6
    assert table.loc[EXPORTING, ["employment_share_exporting", "wage_to_exporting"]].to_list() == [100.0, 100.0]


def test_key_statistics_without_a_whole():
    nothing = pd.DataFrame({name: pd.Series(dtype="float64") for name in
                            ("year", "employment", "firms", "paid", "paid_wages")})  # fmt: skip
    table = key_statistics(CELLS, Whole(nothing, nothing), YEARS).set_index("industry")
    assert table.index.to_list() == ["Apparel", "Plastics"]
    assert table["employment_share_exporting"].isna().all()
    assert table.loc["Apparel", "employment_growth"] == pytest.approx(100 * (0.5 ** (1 / 3) - 1))


def test_growth_needs_two_years_and_two_figures():
    one, two = pd.Series([1.0, 0.0, np.nan, 4.0]), pd.Series([8.0, 1.0, 1.0, 0.0])
    assert per_year(one, two, 3).to_list() == pytest.approx([100.0, np.nan, np.nan, np.nan], nan_ok=True)
    assert per_year(one, two, 0).isna().all()
    assert growth_years([2009, 2012, 2014], 2014) == (2012, 2014)
    assert growth_years([], 2014) == (2014, 2014)
    assert paired(CELLS, YEARS, ["employment"])["region"].to_list() == ["A", "A", "B"]
    assert np.isnan(average_wage(CELLS, 2011))
