"""Strong clusters beside prosperity and patenting: the share of employees in clusters of a high location quotient."""

from __future__ import annotations

import pandas as pd

from observatory.stars.dimensions import yearly_dimensions
from observatory.stars.observatory2009 import LEAST_QUOTIENT
from observatory.stars.ranks import significant


def strong_share(cells: pd.DataFrame, regional: pd.DataFrame, year: int, least: float = LEAST_QUOTIENT) -> pd.DataFrame:
    """Return the share of a region's employees who work in clusters with a high location quotient.

    Parameters
    ----------
    cells
        ``region, industry, year, employment`` (FTE), ``paid``, ``paid_wages``; industries must not overlap.
    regional
        ``region, year, regional`` (E_r, FTE).
    year
        The year to look at.
    least
        Least location quotient of a strong cluster.

    Returns
    -------
    pandas.DataFrame
        ``region``; ``strong_employment`` (FTE); ``strong_share`` (0-1, of the employment in the industries of
        the table: the Observatory's, whose clusters hold up to 80 %); ``strong_share_total`` (0-1, of all
        employment in the region). Missing where the region's total is not known. Sorted.

    Examples
    --------
    >>> cells = pd.DataFrame({"region": list("AABB"), "industry": list("xyxy"), "year": 2014,
    ...                       "employment": [80.0, 20.0, 10.0, 190.0], "paid": 0.0, "paid_wages": 0.0})
    >>> regional = pd.DataFrame({"region": ["A", "B"], "year": 2014, "regional": [200.0, 400.0]})
    >>> strong_share(cells, regional, 2014).values.tolist()
    [['A', 80.0, 0.8, 0.4], ['B', 0.0, 0.0, 0.0]]

    References
    ----------
    European Cluster Observatory, results of its first three years, 2009, 1.2 and 1.4.
    """
    now = cells[cells["year"] == year]
    table = yearly_dimensions(now, regional[regional["year"] == year]).sort_values(["region", "industry"])
    strong = significant(table["specialisation"]) >= least
    known = table["specialisation"].notna()
    table = table.assign(strong_employment=table["size"].where(strong, 0.0).where(known), inside=table["size"])
    sums = table.groupby("region")[["strong_employment", "inside"]].sum(min_count=1).reset_index()
    totals = regional.loc[regional["year"] == year, ["region", "regional"]]
    sums = sums.merge(totals, on="region", how="left", validate="one_to_one")
    sums["strong_share"] = sums["strong_employment"] / sums["inside"].where(sums["inside"] > 0)
    sums["strong_share_total"] = sums["strong_employment"] / sums["regional"].where(sums["regional"] > 0)
    return sums[["region", "strong_employment", "strong_share", "strong_share_total"]]
