"""An independent implementation with plain loops, on generated tables with gaps, zeros and ties."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from observatory.stars import star_scores
from observatory.stars.ranks import significant, stars_by_rank

YEARS = list(range(2009, 2018))
NUMBERS = ["size", "specialisation", "productivity", "sme", "innovation", "total"]


def generated(seed: int, industries: int, regions: int, totals: bool) -> pd.DataFrame:
    draw = np.random.default_rng(seed)
    rows = []
    for region in range(regions):
        for year in YEARS:
            whole = 0.0
            for industry in range(industries):
                if draw.random() < 0.1:
                    continue
                employment = float(draw.poisson(12) * 10) if draw.random() > 0.08 else 0.0
                whole += employment
                figures = [
                    employment,
                    employment * float(draw.integers(20, 40)) * 1000,
                    float(draw.poisson(2)),
                    float(draw.poisson(1)),
                ]
                figures = [figure if draw.random() > 0.06 else math.nan for figure in figures]
                rows.append([f"R{region:02}", f"i{industry}", year, *figures])
            if totals and draw.random() > 0.03:
                total = whole + float(draw.integers(100, 900))
                rows.append([f"R{region:02}", "Total", year, total, math.nan, math.nan, math.nan])
    columns = ["region", "industry", "year", "employment", "wages", "high_growth_smes", "frontier_firms"]
    return pd.DataFrame(rows, columns=columns)


def in_top(value: float, values: list[float], fifths: int) -> bool:
    better = sum(1 for other in values if other > value and not math.isclose(other, value, rel_tol=1e-12))
    return 5 * (better + 1) <= fifths * len(values)


def by_loops(table: pd.DataFrame) -> dict[tuple[str, str], list[int]]:
    cell = {(r.region, r.industry, r.year): r for r in table.itertuples() if r.industry != "Total"}
    total = {(r.region, r.year): r.employment for r in table.itertuples() if r.industry == "Total"}
    if not total:
        for (region, _, year), row in cell.items():
            if not math.isnan(row.employment):
                total[region, year] = total.get((region, year), 0.0) + row.employment
    regions = sorted({key[0] for key in cell})
    industries = sorted({key[1] for key in cell})
    stars = {key[:2]: [0] * 5 for key in cell}
    for industry in industries:
        for year in YEARS[-3:]:
            ranked: list[dict[str, float]] = [{}, {}, {}]
            for region in regions:
                row = cell.get((region, industry, year))
                if row is None or math.isnan(row.employment) or row.employment == 0:
                    continue
                ranked[0][region] = row.employment
                if (region, year) in total:
                    # E_i / E is the same for all regions, so the order is that of the share
                    ranked[1][region] = row.employment / total[region, year]
                if not math.isnan(row.wages):
                    ranked[2][region] = row.wages / row.employment
            for dimension, values in enumerate(ranked):
                for region, value in values.items():
                    stars[region, industry][dimension] += in_top(value, list(values.values()), 1)
        for dimension, column in ((3, "high_growth_smes"), (4, "frontier_firms")):
            sums: dict[str, float] = {}
            for region in regions:
                rows = [cell[region, industry, year] for year in YEARS if (region, industry, year) in cell]
                known = [getattr(row, column) for row in rows if not math.isnan(getattr(row, column))]
                if known and any(row.employment > 0 for row in rows):
                    sums[region] = sum(known)
            for region, value in sums.items():
                reached = [in_top(value, list(sums.values()), fifths) for fifths in (1, 2, 3)]
                stars[region, industry][dimension] = sum(reached)
    return stars


@pytest.mark.parametrize(
    ("seed", "industries", "regions", "totals"),
    [(1, 8, 40, True), (2, 8, 40, False), (3, 3, 4, True), (4, 5, 11, False)],
)
def test_loops_agree(seed: int, industries: int, regions: int, totals: bool) -> None:
    table = generated(seed, industries, regions, totals)
    scores = star_scores(table, industry="industry").set_index(["region", "industry"])
    expected = by_loops(table)
    assert len(scores) == len(expected)
    for pair, stars in expected.items():
        assert scores.loc[pair, NUMBERS].to_list() == [*stars, sum(stars)], pair
    assert regions < 5 or scores["size"].sum() > 0
    assert regions < 40 or (scores["tier"] != "none").any()


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 10**6), st.floats(1e-6, 1e6), st.booleans())
def test_neither_order_nor_unit_matters(seed: int, factor: float, totals: bool) -> None:
    table = generated(seed, 3, 12, totals)
    scores = star_scores(table, industry="industry")
    other = table.sample(frac=1, random_state=seed % 1000)
    other["employment"] *= factor
    pd.testing.assert_frame_equal(star_scores(other, industry="industry"), scores)
    other["wages"] *= factor
    pd.testing.assert_frame_equal(star_scores(other, industry="industry"), scores)


@given(st.lists(st.integers(0, 5), min_size=1, max_size=30))
def test_ranks_by_counting(values: list[int]) -> None:
    stars = stars_by_rank(pd.Series(values, dtype="float64"), pd.DataFrame(index=range(len(values))), (1,), of=5)
    expected = [int(5 * (1 + sum(other > value for other in values)) <= len(values)) for value in values]
    assert stars.to_list() == expected


@given(st.floats(1e-200, 1e200))
def test_rounding_keeps_twelve_digits(value: float) -> None:
    rounded = significant(pd.Series([value, -value, 0.0, math.nan])).to_list()
    assert rounded[0] == pytest.approx(value, rel=1e-11)
    assert rounded[:3] == [rounded[0], -rounded[0], 0.0]
    assert math.isnan(rounded[3])


def test_numbers_one_last_digit_apart_are_equal() -> None:
    values = pd.Series([0.1 + 0.2, 0.3, np.nextafter(10.0, 0), 10.0])
    assert significant(values).nunique() == 2
