"""The star method of the Panorama 2020: five dimensions, up to fifteen stars, four tiers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from observatory.stars import notes
from observatory.stars.dimensions import summed_over_years, yearly_dimensions
from observatory.stars.ranks import stars_by_rank
from observatory.stars.tiers import tier_of_total

#: The dimensions that are ranked year by year.
YEARLY = ("size", "specialisation", "productivity")
#: The dimensions that are ranked by their sum over nine years, and the column that is added up.
SUMMED: Mapping[str, str] = {"sme": "high_growth_smes", "innovation": "frontier_firms"}
#: Top shares as whole parts: one fifth year by year; one, two and three fifths of the sums.
YEARLY_PARTS: tuple[tuple[int, ...], int] = ((1,), 5)
SUMMED_PARTS: tuple[tuple[int, ...], int] = ((1, 2, 3), 5)
PAIR = ["region", "industry"]


def panorama(
    cells: pd.DataFrame, regional: pd.DataFrame, recent: Sequence[int], long: Sequence[int]
) -> tuple[pd.DataFrame, list[str]]:
    """Score by the method of the Panorama 2020.

    Parameters
    ----------
    cells
        ``region, industry, year`` and the figures of :func:`observatory.stars.industries.to_industries`.
    regional
        ``region, year, regional`` (E_r, FTE).
    recent, long
        The years that are ranked one by one, and those that are added up.

    Returns
    -------
    tuple
        ``region, industry``, five dimensions (0-3), ``total`` (0-15), ``tier``, sorted; and sentences.

    References
    ----------
    European Panorama of Clusters and Industrial Change 2020, 2.1.
    """
    pairs = cells[PAIR].drop_duplicates().sort_values(PAIR, ignore_index=True)
    ranked = yearly_dimensions(cells[cells["year"].isin(recent)], regional[regional["year"].isin(recent)])
    stars = {dimension: yearly_stars(ranked, dimension) for dimension in YEARLY}
    said = notes.on_few(ranked)
    for dimension, column in SUMMED.items():
        sums = summed_over_years(cells[cells["year"].isin(long)], column)
        sums["stars"] = stars_by_rank(sums["value"], sums[["industry"]], *SUMMED_PARTS)
        said += notes.on_zeros(sums, dimension, column)
        stars[dimension] = sums.set_index(PAIR)["stars"]
    index = pd.MultiIndex.from_frame(pairs)
    table = pd.DataFrame({name: earned.reindex(index, fill_value=0) for name, earned in stars.items()})
    table["total"] = table.sum(axis=1)
    table["tier"] = tier_of_total(table["total"])
    return table.reset_index(), said


def yearly_stars(ranked: pd.DataFrame, dimension: str) -> pd.Series:
    """Return one star for each year in the top 20 % of the industry, by region and industry.

    Examples
    --------
    >>> ranked = pd.DataFrame({"region": list("ABCDE"), "industry": "Plastics", "year": 2014,
    ...                        "size": [50.0, 40.0, 30.0, 20.0, 10.0]})
    >>> yearly_stars(ranked, "size").to_list()
    [1, 0, 0, 0, 0]
    """
    stars = stars_by_rank(ranked[dimension], ranked[["industry", "year"]], *YEARLY_PARTS)
    return stars.groupby([ranked["region"], ranked["industry"]]).sum()
