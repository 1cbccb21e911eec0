"""Regions and countries by their number of clusters, and how clusters and stars are distributed."""

from __future__ import annotations

import pandas as pd

from observatory.stars.by_tier import tiers_in


def top_regions(scores: pd.DataFrame) -> pd.DataFrame:
    """Order regions by their number of clusters.

    Parameters
    ----------
    scores
        A table of :func:`observatory.stars.star_scores`.

    Returns
    -------
    pandas.DataFrame
        ``rank`` (1 = most; equal numbers share the better rank), ``region``, the number of clusters of each
        tier from the lowest, as the print has them (``basic, medium, high``), and ``total``. By total, then by
        code. Every region of the table, also those without a cluster.

    Examples
    --------
    >>> scores = pd.DataFrame({"region": ["B", "A", "A"], "industry": ["x", "x", "y"], "total": [13, 7, 0],
    ...                        "tier": ["high", "basic", "none"]})
    >>> top_regions(scores).values.tolist()
    [[1, 'A', 1, 0, 0, 1], [1, 'B', 0, 0, 1, 1]]

    References
    ----------
    European Panorama of Clusters and Industrial Change 2020, Table 3.
    """
    tier, scale = tiers_in(scores)
    lowest_first = [one for one in reversed(scale) if one != "none"]
    counted = pd.crosstab(scores["region"], tier).reindex(columns=lowest_first, fill_value=0)
    counted.columns = pd.Index([one.replace(" ", "_") for one in lowest_first])
    table = counted.assign(total=counted.sum(axis=1)).reset_index()
    table = table.sort_values(["total", "region"], ascending=[False, True], ignore_index=True)
    table.insert(0, "rank", table["total"].rank(method="min", ascending=False).astype("int64"))
    return table


def by_country(regions: pd.DataFrame) -> pd.DataFrame:
    """Add regions up by country.

    Parameters
    ----------
    regions
        What :func:`top_regions` returns.

    Returns
    -------
    pandas.DataFrame
        ``country`` (the first two letters of the region's code), ``regions``, ``clusters`` (numbers),
        ``clusters_per_region``. Most clusters first.

    Examples
    --------
    >>> regions = pd.DataFrame({"region": ["DE11", "DE12", "LV00"], "total": [3, 2, 4]})
    >>> by_country(regions).values.tolist()
    [['DE', 2, 5, 2.5], ['LV', 1, 4, 4.0]]

    References
    ----------
    European Panorama of Clusters and Industrial Change 2020, 2.4.
    """
    country = regions["region"].str[:2].rename("country")
    table = regions.groupby(country)["total"].agg(regions="size", clusters="sum").reset_index()
    table["clusters_per_region"] = table["clusters"] / table["regions"]
    return table.sort_values(["clusters", "country"], ascending=[False, True], ignore_index=True)


def clusters_distribution(regions: pd.DataFrame) -> pd.DataFrame:
    """Count the regions that have each number of clusters, from none to the most.

    Returns
    -------
    pandas.DataFrame
        ``clusters, regions`` (numbers).

    Examples
    --------
    >>> clusters_distribution(pd.DataFrame({"total": [2, 0, 2]})).values.tolist()
    [[0, 1], [1, 0], [2, 2]]

    References
    ----------
    European Panorama of Clusters and Industrial Change 2020, Figure 10.
    """
    return _distribution(regions["total"], "clusters", "regions")


def stars_distribution(scores: pd.DataFrame) -> pd.DataFrame:
    """Count the pairs of a region and an industry that have each number of stars.

    Returns
    -------
    pandas.DataFrame
        ``stars, pairs`` (numbers), from no star to the most that occurs.

    Examples
    --------
    >>> stars_distribution(pd.DataFrame({"total": [1, 0, 0]})).values.tolist()
    [[0, 2], [1, 1]]
    """
    return _distribution(scores["total"], "stars", "pairs")


def _distribution(values: pd.Series, what: str, counted: str) -> pd.DataFrame:
    most = int(values.max()) if len(values) else -1
    number = values.value_counts().reindex(range(most + 1), fill_value=0)
    return pd.DataFrame({what: range(most + 1), counted: number.to_numpy(dtype="int64")})
