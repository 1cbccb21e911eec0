"""The tiers that the Panorama 2020 published: a fixed table to set beside one's own."""

from __future__ import annotations

from importlib.resources import files

import pandas as pd


def _reference(name: str) -> pd.DataFrame:
    path = files("observatory.stars") / "reference" / name
    with path.open(encoding="utf-8") as stream:
        # Without keep_default_na=False a code such as "NA" would be read as missing.
        return pd.read_csv(stream, keep_default_na=False)


def published_tiers() -> pd.DataFrame:
    """Return the high- and medium-performing clusters that the Panorama 2020 names.

    Returns
    -------
    pandas.DataFrame
        ``industry`` (one of the 51), ``region`` (NUTS2, version 2013), ``tier`` (``high`` or ``medium``).
        Basic clusters are printed only as counts, so a pair that is absent is basic or none.

    Examples
    --------
    >>> published_tiers()["tier"].value_counts().to_dict()
    {'medium': 897, 'high': 197}

    References
    ----------
    European Panorama of Clusters and Industrial Change 2020, Annex A. The card beside the table lists where
    the print contradicts itself.
    """
    table = _reference("panorama2020_tiers.csv")
    table.attrs["title"] = "European Panorama of Clusters and Industrial Change 2020, Annex A"
    table.attrs["nuts"] = 2013
    return table


def published_counts() -> pd.DataFrame:
    """Return the number of clusters by industry and tier that the Panorama 2020 printed.

    Returns
    -------
    pandas.DataFrame
        ``industry`` (one of the 51), ``clusters`` (in all), ``high``, ``medium``, ``basic``: numbers of
        regions, as in the sentences of the annex.

    Examples
    --------
    >>> published_counts()[["clusters", "high", "medium", "basic"]].sum().to_list()
    [2950, 198, 900, 1854]

    References
    ----------
    European Panorama of Clusters and Industrial Change 2020, Annex A; its text says 898 medium.
    """
    return _reference("panorama2020_counts.csv")
