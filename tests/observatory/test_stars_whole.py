"""The whole Panorama scoring at its own size, 51 industries in 353 regions over nine years, by numpy alone."""

import numpy as np
import pandas as pd
import pytest

from observatory.stars import TIERS, published_counts, star_scores, summary
from observatory.stars.dimensions import prepared, yearly_dimensions

INDUSTRIES, REGIONS, YEARS = 51, 353, 9
FIRST = 2009


def generated(seed: int, totals: bool) -> dict[str, np.ndarray]:
    """Whole numbers in arrays of industry × region × year, missing = -1; no row where ``there`` is false."""
    draw = np.random.default_rng(seed)
    shape = (INDUSTRIES, REGIONS, YEARS)
    # few different values, so that ties stand on every line
    employment = draw.poisson(draw.gamma(0.8, 12, shape[:2])[..., None], shape)
    wages = employment * draw.integers(20, 60, shape) * 250
    smes, leaders = draw.poisson(1.5, shape), draw.poisson(0.7, shape)
    for figure, share in ((employment, 0.03), (wages, 0.05), (smes, 0.05), (leaders, 0.05)):
        figure[draw.random(shape) < share] = -1
    there = (draw.random(shape) > 0.04) & (draw.random(shape[:2]) > 0.1)[..., None]
    there[:2, :4] = True
    there[0, 1:] = False  # an industry of one region
    there[1, 4:] = False  # and one of four
    there[:, 7, 4] = False  # a region without a year
    whole = np.where(there & (employment > 0), employment, 0).sum(axis=0) + draw.integers(50, 900, shape[1:])
    whole[draw.random(shape[1:]) < (0.02 if totals else 2)] = -1
    return {
        "employment": employment,
        "wages": wages,
        "high_growth_smes": smes,
        "frontier_firms": leaders,
        "there": there,
        "whole": whole,
    }


def as_table(arrays: dict[str, np.ndarray]) -> tuple[pd.DataFrame, list[str], list[str]]:
    names = sorted(published_counts()["industry"])
    regions = [f"R{number:03}" for number in range(REGIONS)]
    i, r, y = np.nonzero(arrays["there"])
    rows = {"region": np.array(regions)[r], "industry": np.array(names)[i], "year": FIRST + y}
    for figure in ("employment", "wages", "high_growth_smes", "frontier_firms"):
        cells = arrays[figure][i, r, y].astype(float)
        rows[figure] = np.where(cells < 0, np.nan, cells)
    table = pd.DataFrame(rows)
    r, y = np.nonzero(arrays["whole"] >= 0)
    totals = {"region": np.array(regions)[r], "industry": "total", "year": FIRST + y}
    whole = pd.DataFrame({**totals, "employment": arrays["whole"][r, y].astype(float)})
    return pd.concat([table, whole], ignore_index=True).sample(frac=1, random_state=1), names, regions


def share_rank(above: np.ndarray, below: np.ndarray, ranked: np.ndarray, fifths: int) -> np.ndarray:
    """Whether fractions of whole numbers are in the top fifths, industry by industry, compared crosswise: exactly."""
    reached = np.zeros(ranked.shape, dtype=bool)
    for industry in range(len(ranked)):
        at = np.flatnonzero(ranked[industry])
        up, down = above[industry, at], below[industry, at]
        better = (up[None, :] * down[:, None] > up[:, None] * down[None, :]).sum(axis=1)
        reached[industry, at] = 5 * (better + 1) <= fifths * len(at)
    return reached


def stars_of(arrays: dict[str, np.ndarray], totals: bool) -> np.ndarray:
    """Stars by dimension, industry and region."""
    employment, there = arrays["employment"], arrays["there"]
    known = there & (employment >= 0)
    present = known & (employment > 0)
    stars = np.zeros((5, INDUSTRIES, REGIONS), dtype=int)
    for year in range(YEARS - 3, YEARS):
        size, here = employment[..., year], present[..., year]
        one = np.ones_like(size)
        stars[0] += share_rank(size, one, here, 1)
        if totals:
            regional, some = arrays["whole"][:, year], arrays["whole"][:, year] > 0
        else:
            regional = np.where(known[..., year], size, 0).sum(axis=0)
            some = known[..., year].any(axis=0) & (regional > 0)
        # E_i / E is the same for all regions of an industry: the order of the quotients is that of the shares
        stars[1] += share_rank(size, np.broadcast_to(regional, size.shape), here & some, 1)
        wages = arrays["wages"][..., year]
        stars[2] += share_rank(wages, size, here & (wages >= 0), 1)
    there_at_all = ~known.any(axis=2) | present.any(axis=2)
    for dimension, figure in ((3, "high_growth_smes"), (4, "frontier_firms")):
        told = there & (arrays[figure] >= 0)
        sums = np.where(told, arrays[figure], 0).sum(axis=2)
        ranked = told.any(axis=2) & there_at_all
        for fifths in (1, 2, 3):
            stars[dimension] += share_rank(sums, np.ones_like(sums), ranked, fifths)
    return stars


@pytest.mark.parametrize(("seed", "totals"), [(1, True), (2, False)])
def test_numpy_agrees_on_51_industries_in_353_regions_over_nine_years(seed: int, totals: bool) -> None:
    arrays = generated(seed, totals)
    table, names, regions = as_table(arrays)
    scores = star_scores(table, industry="industry")
    expected = stars_of(arrays, totals)
    i, r = np.nonzero(arrays["there"].any(axis=2))
    want = pd.DataFrame({"region": np.array(regions)[r], "industry": np.array(names)[i]})
    for at, dimension in enumerate(("size", "specialisation", "productivity", "sme", "innovation")):
        want[dimension] = expected[at, i, r]
    want["total"] = expected[:, i, r].sum(axis=0)
    want["tier"] = np.select([want["total"] >= 13, want["total"] >= 10, want["total"] >= 7], list(TIERS[:3]), "none")
    want = want.sort_values(["region", "industry"], ignore_index=True)
    pd.testing.assert_frame_equal(scores, want, check_dtype=False, check_like=True)
    counts = summary(scores).set_index("tier")["number"]
    assert counts.sum() == len(scores) == len(i)
    assert counts.drop("none").gt(0).all()
    # the industries of one and of four regions have no star for a top fifth
    few = scores[scores["industry"].isin(names[:2])]
    assert len(few) == 5 and few[["size", "productivity"]].to_numpy().max() == 0


def test_the_quotients_themselves_agree() -> None:
    arrays = generated(3, True)
    table, names, regions = as_table(arrays)
    single, totals = (table[(table["industry"] == "total") == whole] for whole in (False, True))
    regional = totals[["region", "year", "employment"]].rename(columns={"employment": "regional"})
    found = yearly_dimensions(prepared(single), regional).set_index(["industry", "region", "year"])["specialisation"]
    year = 5
    known = arrays["there"][..., year] & (arrays["employment"][..., year] >= 0)
    employed = np.where(known, arrays["employment"][..., year], 0).astype(float)
    whole = arrays["whole"][:, year].astype(float)
    inside = whole >= 0
    industrial = employed[:, inside].sum(axis=1)
    overall = whole[inside].sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        quotient = employed / whole / (industrial[:, None] / overall)
    at = found.xs(FIRST + year, level="year").dropna()
    for (industry, region), value in at.sample(300, random_state=1).items():
        assert value == pytest.approx(quotient[names.index(industry), regions.index(region)], rel=1e-12)
    assert len(at) == (known & (employed > 0) & inside & (whole > 0)).sum()
