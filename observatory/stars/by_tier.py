"""What industries look like by tier: clusters, share of employment, wages and growth."""

from __future__ import annotations

import pandas as pd

from observatory.stars.beside import STARS_2009
from observatory.stars.growth import paired, per_year
from observatory.stars.tiers import TIERS

#: What stands for all industries together.
ALL = "all"
KEYS = ["industry", "tier"]
COLUMNS = (
    "industry",
    "tier",
    "regions",
    "employment",
    "employment_share",
    "wage",
    "wage_index",
    "employment_growth",
    "productivity_growth",
)


def tiers_in(scores: pd.DataFrame) -> tuple[pd.Series, tuple[str, ...]]:
    """Return the tier of each row of a star table, and the tiers of its method from the strongest.

    Examples
    --------
    >>> tiers_in(pd.DataFrame({"total": [3, 0]}))[0].to_list()
    ['three stars', 'none']
    """
    if "tier" in scores:
        return scores["tier"].astype("str"), TIERS
    return scores["total"].map(dict(enumerate(STARS_2009))).astype("str"), STARS_2009[::-1]


def scale_of(tiers: pd.Series) -> tuple[str, ...]:
    """Return the tiers of the method that a column of tiers is of, from the strongest.

    Examples
    --------
    >>> scale_of(pd.Series(["none", "one star"]))[0]
    'three stars'
    """
    return STARS_2009[::-1] if set(tiers) & set(STARS_2009[1:]) else TIERS


def by_tier(cells: pd.DataFrame, scores: pd.DataFrame, years: tuple[int, int], overall: float) -> pd.DataFrame:
    """Describe the regions of each tier, industry by industry.

    Parameters
    ----------
    cells
        ``region, industry, year, employment`` (FTE), ``paid`` (FTE), ``paid_wages`` (EUR).
    scores
        A table of :func:`observatory.stars.star_scores` for the same regions and industries.
    years
        The first and the last year of growth; all else is of the last year.
    overall
        The average wage that is 100 (EUR per FTE), for example that of all exporting industries.

    Returns
    -------
    pandas.DataFrame
        ``industry, tier``; ``regions``: how many regions are of the tier in the industry, its clusters but for
        the tier ``none``; ``employment`` (FTE); ``employment_share`` (% of the industry's, summing to 100);
        ``wage`` (EUR per FTE, of the cells that know both); ``wage_index`` (overall = 100);
        ``employment_growth`` and ``productivity_growth`` (% per year, of the regions known in both years;
        productivity is the average wage). A row for each tier of each industry, the strongest first; missing
        where the tier has no region. Regions keep the tier that the scores give them: growth is that of the
        same regions.

    Examples
    --------
    >>> cells = pd.DataFrame({"region": ["A", "B"] * 2, "industry": "Plastics", "year": [2014, 2014, 2017, 2017],
    ...                       "employment": [100.0, 50.0, 133.1, 50.0]})
    >>> cells = cells.assign(paid=cells["employment"], paid_wages=cells["employment"] * 20_000)
    >>> scores = pd.DataFrame({"region": ["A", "B"], "industry": "Plastics", "tier": ["high", "none"]})
    >>> table = by_tier(cells, scores, (2014, 2017), 10_000.0).set_index("tier").round(3)
    >>> table.loc[["high", "none"], ["regions", "employment_share", "wage_index", "employment_growth"]].values.tolist()
    [[1.0, 72.693, 200.0, 10.0], [1.0, 27.307, 200.0, 0.0]]

    References
    ----------
    European Panorama of Clusters and Industrial Change 2020, 2.3, Tables 1 and 2, Annex B and C.
    """
    tier, scale = tiers_in(scores)
    tiered = scores[["region", "industry"]].assign(tier=tier)
    grid = _grid(tiered, scale)
    counted = tiered.groupby(KEYS).size().rename("regions").reset_index()
    now = _now(cells[cells["year"] == years[1]], tiered)
    grown = _grown(cells, tiered, years)
    table = grid
    for part in (counted, now, grown):
        table = table.merge(part, on=KEYS, how="left", validate="one_to_one")
    table["regions"] = table["regions"].fillna(0).astype("int64")
    table["wage_index"] = 100 * table["wage"] / (overall if overall > 0 else float("nan"))
    return table[list(COLUMNS)]


def overall_by_tier(cells: pd.DataFrame, scores: pd.DataFrame, years: tuple[int, int], overall: float) -> pd.DataFrame:
    """Describe the tiers over all industries together, each region's industries by the tier that each is of.

    Returns
    -------
    pandas.DataFrame
        As :func:`by_tier`, with the industry ``all``. Only for levels whose industries do not overlap.
    """
    pair = scores["region"] + " | " + scores["industry"]
    known = cells.merge(scores[["region", "industry"]].assign(pair=pair), on=["region", "industry"], how="inner")
    joined = known.assign(region=known["pair"], industry=ALL)
    return by_tier(joined, scores.assign(region=pair, industry=ALL), years, overall)


def average_wage(cells: pd.DataFrame, year: int) -> float:
    """Return the average wage of all cells of a year (EUR per FTE), missing where none is known.

    Examples
    --------
    >>> average_wage(pd.DataFrame({"year": [2017], "paid": [2.0], "paid_wages": [70_520.0]}), 2017)
    35260.0
    """
    now = cells[cells["year"] == year]
    paid = float(now["paid"].sum())
    return float(now["paid_wages"].sum()) / paid if paid > 0 else float("nan")


def _grid(tiered: pd.DataFrame, scale: tuple[str, ...]) -> pd.DataFrame:
    industries = pd.DataFrame({"industry": sorted(set(tiered["industry"]))}, dtype="str")
    return industries.merge(pd.DataFrame({"tier": list(scale)}, dtype="str"), how="cross")


def _now(cells: pd.DataFrame, tiered: pd.DataFrame) -> pd.DataFrame:
    """Employment, its share of the industry's and the average wage, by industry and tier."""
    joined = cells.merge(tiered, on=["region", "industry"], how="inner").sort_values(["industry", "tier", "region"])
    sums = joined.groupby(KEYS)[["employment", "paid", "paid_wages"]].sum(min_count=1).reset_index()
    whole = sums.groupby("industry")["employment"].transform("sum")
    sums["employment_share"] = 100 * sums["employment"] / whole.where(whole > 0)
    sums["wage"] = sums["paid_wages"] / sums["paid"].where(sums["paid"] > 0)
    return sums[[*KEYS, "employment", "employment_share", "wage"]]


def _grown(cells: pd.DataFrame, tiered: pd.DataFrame, years: tuple[int, int]) -> pd.DataFrame:
    """Growth of employment and of the average wage, by industry and tier, of the regions known in both years."""
    span = years[1] - years[0]
    people = paired(cells, years, ["employment"]).merge(tiered, on=["region", "industry"])
    pay = paired(cells, years, ["paid", "paid_wages"]).merge(tiered, on=["region", "industry"])
    one = people.groupby(KEYS)[["employment_first", "employment_last"]].sum()
    two = pay.groupby(KEYS)[["paid_first", "paid_last", "paid_wages_first", "paid_wages_last"]].sum()
    wage = {end: two[f"paid_wages_{end}"] / two[f"paid_{end}"] for end in ("first", "last")}
    grown = per_year(one["employment_first"], one["employment_last"], span).rename("employment_growth")
    paid = per_year(wage["first"], wage["last"], span).rename("productivity_growth")
    return pd.concat([grown, paid], axis=1).rename_axis(KEYS).reset_index()
