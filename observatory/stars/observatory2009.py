"""The star method of the first European Cluster Observatory: size, specialisation and focus."""

from __future__ import annotations

import pandas as pd

from observatory.stars.dimensions import yearly_dimensions
from observatory.stars.ranks import significant, stars_by_rank

#: Least location quotient that earns the star for specialisation.
LEAST_QUOTIENT = 2.0
#: Top shares of size and focus: one part of ten.
TOP_PARTS = (1, 10)


def observatory2009(cells: pd.DataFrame, regional: pd.DataFrame, year: int) -> tuple[pd.DataFrame, list[str]]:
    """Score one year by the method of the first European Cluster Observatory.

    Size: a star for the top 10 % of the regions of an industry by employment. Specialisation: a star for a
    location quotient of 2 or more. Focus: a star for the top 10 % of all pairs of a region and an industry by
    the industry's share of the region's employment; within one industry that order would be the location
    quotient's again.

    Returns
    -------
    tuple
        ``region, industry, size, specialisation, focus`` (0-1), ``total`` (0-3), sorted; and sentences.

    References
    ----------
    The European Cluster Observatory, results of its first three years, 2009.
    """
    ranked = yearly_dimensions(cells[cells["year"] == year], regional[regional["year"] == year])
    specialised = significant(ranked["specialisation"]) >= LEAST_QUOTIENT
    table = ranked[["region", "industry"]].assign(
        size=stars_by_rank(ranked["size"], ranked[["industry"]], TOP_PARTS[:1], of=TOP_PARTS[1]),
        specialisation=specialised.astype("int64"),
        focus=stars_by_rank(ranked["focus"], ranked[[]], TOP_PARTS[:1], of=TOP_PARTS[1]),
    )
    table["total"] = table[["size", "specialisation", "focus"]].sum(axis=1)
    said = [f"Size, specialisation and focus are those of {year}."]
    return table.sort_values(["region", "industry"], ignore_index=True), said
