"""Firm size by hand, against numpy, and by its two identities."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from observatory.stars.economies import by_economy, economy_effects, economy_of
from observatory.stars.firm_size import BOTH, CLASSES, LARGE, SME, UNKNOWN, UNSPECIALISED, Limits, effects, firm_size

SHARES = pd.DataFrame(
    [("10.11", "Food", 1.0), ("10.12", "Food", 1.0), ("11.07", "Food", 0.6), ("20.10", "Food", 0.4),
     ("20.10", "Chemicals", 0.6), ("20.20", "Chemicals", 1.0), ("21.10", "Drugs", 1.0)],
    columns=["code", "industry", "share"],
)  # fmt: skip


def generated(seed: int, regions: int = 7) -> tuple[pd.DataFrame, pd.DataFrame]:
    draw = np.random.default_rng(seed)
    rows = [
        (f"R{region}", code, float(draw.integers(0, 400)), float(draw.integers(0, 30)))
        for region in range(regions)
        for code in sorted(set(SHARES["code"]))
        if draw.random() > 0.1
    ]
    narrow = pd.DataFrame(rows, columns=["region", "code", "employment", "firms"])
    narrow.loc[draw.random(len(narrow)) < 0.05, "firms"] = np.nan
    totals = [float(draw.integers(1_000, 5_000)) for _ in range(regions)]
    regional = pd.DataFrame({"region": [f"R{region}" for region in range(regions)], "regional": totals})
    regional.loc[draw.random(regions) < 0.1, "regional"] = np.nan
    return narrow, regional


def by_loops(narrow: pd.DataFrame, regional: pd.DataFrame) -> dict[tuple[str, str], dict[str, float]]:
    """The box's formulas, cell by cell, with numpy's own covariance."""
    whole = {r.region: r.regional for r in regional.itertuples() if r.regional > 0}
    cell = {
        (r.region, r.code): (r.employment, r.firms)
        for r in narrow.itertuples()
        if r.region in whole and r.employment > 0 and r.firms > 0
    }
    overall = sum(whole.values())
    share = {(s.code, s.industry): s.share for s in SHARES.itertuples()}

    def parts(employment, firms, region, all_employment, all_firms):
        plant = (firms / whole[region]) / (all_firms / overall)
        return plant, (employment / firms) / (all_employment / all_firms)

    found = {}
    for industry in sorted(set(SHARES["industry"])):
        of = {code: s for (code, name), s in share.items() if name == industry}
        everywhere = [(e * of[c], f * of[c]) for (_, c), (e, f) in cell.items() if c in of]
        all_e, all_f = sum(e for e, _ in everywhere), sum(f for _, f in everywhere)
        for region in whole:
            here = {c: cell[region, c] for c in of if (region, c) in cell}
            if not here:
                continue
            e, f = sum(here[c][0] * of[c] for c in here), sum(here[c][1] * of[c] for c in here)
            plant, size = parts(e, f, region, all_e, all_f)
            logs = []
            for code in sorted(here):
                if of[code] >= 0.5:
                    code_e = sum(x for (_, c), (x, _) in cell.items() if c == code)
                    code_f = sum(x for (_, c), (_, x) in cell.items() if c == code)
                    logs.append(np.log(parts(*here[code], region, code_e, code_f)))
            beta = (math.nan, math.nan)
            if len(logs) > 1:
                both = np.array(logs)
                total = both.sum(axis=1)
                if total.var() > 1e-15:
                    beta = tuple(np.cov(both[:, k], total)[0, 1] / np.var(total, ddof=1) for k in (0, 1))
            found[region, industry] = {
                "quotient": (e / whole[region]) / (all_e / overall), "plant": plant, "size": size,
                "beta_plant": beta[0], "beta_size": beta[1], "narrow": len(logs),
            }  # fmt: skip
    return found


@pytest.mark.parametrize("seed", range(8))
def test_it_agrees_with_loops_over_cells(seed):
    narrow, regional = generated(seed)
    table = firm_size(narrow, SHARES, regional).set_index(["region", "industry"])
    expected = by_loops(narrow, regional)
    assert set(table.index) == set(expected)
    for pair, figures in expected.items():
        for name, value in figures.items():
            assert table.loc[pair, name] == pytest.approx(value, rel=1e-9, nan_ok=True), (pair, name)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000))
def test_the_two_identities(seed):
    table = firm_size(*_swap(generated(seed)))
    assert np.allclose(np.log(table["quotient"]), np.log(table["plant"]) + np.log(table["size"]), atol=1e-12)
    betas = table.dropna(subset=["beta_plant"])
    assert np.allclose(betas["beta_plant"] + betas["beta_size"], 1.0, atol=1e-9)
    assert table["beta_plant"].isna().equals(table["why"] != "")
    effective = table["class"].isin([LARGE, SME, BOTH])
    assert (table.loc[effective, "quotient"] >= 1.5 - 1e-9).all()
    assert not table.loc[effective, "beta_plant"].isna().any()


def _swap(pair: tuple[pd.DataFrame, pd.DataFrame]) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    return pair[0], SHARES, pair[1]


def test_scale_of_employment_and_of_firms_changes_no_quotient():
    narrow, regional = generated(3)
    table = firm_size(narrow, SHARES, regional)
    larger = narrow.assign(employment=narrow["employment"] * 1000, firms=narrow["firms"] * 7)
    other = firm_size(larger, SHARES, regional.assign(regional=regional["regional"] * 1000))
    for name in ("quotient", "plant", "size", "beta_plant", "beta_size"):
        assert np.allclose(table[name], other[name], equal_nan=True)
    assert table["class"].equals(other["class"])


def test_rows_in_any_order_give_the_same():
    narrow, regional = generated(5)
    table = firm_size(narrow, SHARES, regional)
    mixed = firm_size(
        narrow.sample(frac=1, random_state=1),
        SHARES.sample(frac=1, random_state=2),
        regional.sample(frac=1, random_state=3),
    )
    pd.testing.assert_frame_equal(table, mixed, check_exact=True)


def square(firms: dict[str, tuple[float, float]], employment: dict[str, tuple[float, float]]):
    """Two regions A and B of 100 and 300 employees, two narrow industries x and y of one group g."""
    rows = [(r, c, employment[r][k], firms[r][k]) for r in "AB" for k, c in enumerate("xy")]
    narrow = pd.DataFrame(rows, columns=["region", "code", "employment", "firms"])
    shares = pd.DataFrame({"code": ["x", "y"], "industry": "g", "share": 1.0})
    return narrow, shares, pd.DataFrame({"region": ["A", "B"], "regional": [100.0, 300.0]})


def test_the_classes_by_hand():
    # all firms of ten: size is 1 everywhere, so that firms alone decide
    sme = firm_size(*square({"A": (4, 6), "B": (4, 2)}, {"A": (40, 60), "B": (40, 20)})).set_index("region")
    assert sme.loc["A", ["plant", "size", "quotient"]].to_list() == pytest.approx([2.5, 1.0, 2.5])
    assert sme.loc["A", ["beta_plant", "beta_size"]].to_list() == pytest.approx([1.0, 0.0])
    assert sme["class"].to_list() == [SME, UNSPECIALISED]
    # the same firms per employee everywhere: plant is 1, their size decides
    large = firm_size(*square({"A": (2, 2), "B": (6, 6)}, {"A": (40, 60), "B": (40, 20)})).set_index("region")
    assert large.loc["A", ["plant", "beta_plant", "beta_size"]].to_list() == pytest.approx([1.0, 0.0, 1.0])
    assert large.loc["A", "class"] == LARGE
    # plant and size are the root of the quotient in each narrow industry: one half each
    quotients = (1.6, 2.6)  # of x and y in A, which has a quarter of all employees
    firms_in_a = [25 * math.sqrt(quotient) for quotient in quotients]  # of 100
    people_in_a = [250 * quotient for quotient in quotients]  # of 1000
    firms = {"A": tuple(firms_in_a), "B": tuple(100 - number for number in firms_in_a)}
    employment = {"A": tuple(people_in_a), "B": tuple(1000 - number for number in people_in_a)}
    both = firm_size(*square(firms, employment)).set_index("region")
    assert both.loc["A", ["beta_plant", "beta_size"]].to_list() == pytest.approx([0.5, 0.5])
    assert both.loc["A", "class"] == BOTH


def test_a_quotient_at_the_line_is_specialised():
    narrow, shares, regional = square({"A": (3, 3), "B": (5, 5)}, {"A": (30, 30), "B": (50, 50)})
    table = firm_size(narrow, shares, regional).set_index("region")
    assert table.loc["A", "quotient"] == pytest.approx(1.5)
    # the quotients of x and y are the same: there is nothing to be split
    assert table.loc["A", "class"] == UNKNOWN
    assert table.loc["A", "why"] == "the same quotient in all narrow industries"
    assert firm_size(narrow, shares, regional, Limits(quotient=1.51)).set_index("region")["class"]["A"] == UNSPECIALISED


def test_one_narrow_industry_is_not_computable():
    narrow, shares, regional = square({"A": (3, 0), "B": (5, 5)}, {"A": (90, 0), "B": (50, 50)})
    table = firm_size(narrow, shares, regional).set_index("region")
    assert table.loc["A", ["narrow", "class", "why"]].to_list() == [1, UNKNOWN, "one narrow industry only"]
    few = firm_size(narrow, shares.assign(share=0.4), regional)
    assert set(few["why"]) == {"no narrow industry is in it by half or more"}
    assert few["narrow"].to_list() == [0, 0]


def test_cells_without_firms_or_total_are_left_out_of_the_sums():
    narrow, shares, regional = square({"A": (3, 3), "B": (5, np.nan)}, {"A": (30, 30), "B": (50, 50)})
    table = firm_size(narrow, shares, regional).set_index("region")
    # y is in A alone: 30 + 50 + 30 employees and 3 + 5 + 3 firms in all
    assert table.loc["A", "quotient"] == pytest.approx((60 / 100) / (110 / 400))
    alone = firm_size(narrow, shares, regional.assign(regional=[100.0, np.nan]))
    assert alone["region"].to_list() == ["A"]
    assert alone["quotient"].to_list() == pytest.approx([1.0])
    assert firm_size(narrow.assign(firms=np.nan), shares, regional).empty


def test_effects_count_every_region_once():
    table = firm_size(*_swap(generated(9, 40)))
    counted = effects(table).set_index("industry")
    assert counted.sum(axis=1).equals(table.groupby("industry").size().rename(None))
    assert counted.columns.to_list() == [name.replace(" ", "_") for name in CLASSES]
    assert effects(table.iloc[:0]).empty
    for industry, name in (("Food", LARGE), ("Food", UNSPECIALISED)):
        rows = table[(table["industry"] == industry) & (table["class"] == name)]
        assert counted.loc[industry, name.replace(" ", "_")] == len(rows)


def test_economies_are_the_sums_of_their_regions():
    narrow, regional = generated(2)
    names = {"one": ["R0", "R1", "R2"], "two": ["R3", "R4"], "R": ["R5"]}
    table = by_economy(narrow, SHARES, regional, names)
    held = regional.dropna()
    known = narrow[(narrow["employment"] > 0) & (narrow["firms"] > 0) & narrow["region"].isin(held["region"])]
    economy = {region: name for name, regions in names.items() for region in regions} | {"R6": "R6"}
    summed = known.assign(region=known["region"].map(economy)).groupby(["region", "code"]).sum().reset_index()
    whole = held.assign(region=held["region"].map(economy)).groupby("region").sum().reset_index()
    again = firm_size(summed, SHARES, whole, Limits(quotient=1.0))
    pd.testing.assert_frame_equal(table, again)


def test_economies_by_default_and_what_is_counted():
    assert economy_of(pd.Series(["EL30", "UKI3", "NO01", "CN", "US06"])).to_list() == ["EU", "EU", "NO", "CN", "US"]
    table = pd.DataFrame(
        {"region": ["EU", "EU", "US"], "quotient": [1.0, 1.2, 2.0], "plant": [1.1, 0.9, 1.0], "size": [0.9, 1.3, 2.0],
         "beta_plant": [0.55, 0.6, np.nan], "beta_size": [0.45, 0.4, np.nan]}
    )  # fmt: skip
    counted = economy_effects(table)
    # above 1 and above 0.55, not at them
    assert counted.set_index("economy").loc["EU"].to_list() == [1, 1, 1, 1, 0, 2, 0]
    assert counted.set_index("economy").loc["US"].to_list() == [1, 0, 1, 0, 0, 1, 1]


def test_a_single_economy_is_held_against_none():
    narrow, shares, regional = square({"A": (3, 3), "B": (5, 5)}, {"A": (30, 30), "B": (50, 50)})
    assert by_economy(narrow, shares, regional, {"all": ["A", "B"]}).empty
