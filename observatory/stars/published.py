"""What the Panorama 2020 published: its tiers as a star table of any study, its counts, its contradictions."""

from __future__ import annotations

import tomllib
from importlib.resources import files

import pandas as pd

from ingest.engine import records_of
from observatory.stars.carried import carry_tiers

#: The version of NUTS that the Panorama's data are in.
PUBLISHED_NUTS = 2013
#: What its text says of all clusters together (2.2), beside what its annex counts and names.
PRINTED_TOTALS = {"clusters": 2950, "high": 198, "medium": 898, "basic": 1854}


def _folder(name: str) -> str:
    path = files("observatory.stars") / "reference" / name
    return path.read_text(encoding="utf-8")


def _reference(name: str) -> pd.DataFrame:
    path = files("observatory.stars") / "reference" / f"{name}.csv"
    with path.open(encoding="utf-8") as stream:
        # Without keep_default_na=False a code such as "NA" would be read as missing.
        table = pd.read_csv(stream, keep_default_na=False)
    card = tomllib.loads(_folder(f"{name}.toml"))
    table.attrs = {key: card[key] for key in ("title", "source", "publisher", "licence", "version", "notes")}
    return table


def published_tiers(nuts: int = PUBLISHED_NUTS) -> pd.DataFrame:
    """Return the high- and medium-performing clusters that the Panorama 2020 names.

    Parameters
    ----------
    nuts
        Version of NUTS that the regions are carried to, as the Panorama itself carries its data to the maps of
        2016: each part of a divided region bears the tier of the whole. Of merged regions the better tier stands.

    Returns
    -------
    pandas.DataFrame
        ``industry`` (one of the 51), ``region`` (NUTS2), ``tier`` (``high`` or ``medium``). Basic clusters are
        printed only as counts, so a pair that is absent is basic or none. ``attrs`` holds the source
        (``title, publisher, licence, version``), ``nuts``, and ``notes``: where the print contradicts itself,
        and what became of the regions in another version.

    Raises
    ------
    ValueError
        A version of NUTS that is not known.

    Examples
    --------
    >>> published_tiers()["tier"].value_counts().to_dict()
    {'medium': 897, 'high': 197}
    >>> tiers = published_tiers(2016)
    >>> tiers.loc[(tiers["industry"] == "Automotive") & (tiers["tier"] == "high"), "region"].to_list()
    ['DE11', 'DE21', 'FRF1', 'FRF3']

    References
    ----------
    European Panorama of Clusters and Industrial Change 2020, Annex A (with the list of regions of NUTS 2013 that
    stand for those of 2016).
    """
    table = _reference("panorama2020_tiers")
    table.attrs["title"] = "European Panorama of Clusters and Industrial Change 2020, Annex A"
    table.attrs["nuts"] = PUBLISHED_NUTS
    return carry_tiers(table, PUBLISHED_NUTS, nuts)


def published_counts() -> pd.DataFrame:
    """Return the number of clusters by industry and tier that the Panorama 2020 printed.

    Returns
    -------
    pandas.DataFrame
        ``industry`` (one of the 51), ``clusters`` (in all), ``high``, ``medium``, ``basic``: numbers of
        regions, as in the sentences of the annex; source, licence and notes in ``attrs``.

    Examples
    --------
    >>> published_counts()[["clusters", "high", "medium", "basic"]].sum().to_list()
    [2950, 198, 900, 1854]

    References
    ----------
    European Panorama of Clusters and Industrial Change 2020, Annex A; its text says 898 medium.
    """
    return _reference("panorama2020_counts")


def published_top_regions() -> pd.DataFrame:
    """Return the 25 regions that have most clusters in the Panorama 2020, as printed.

    Returns
    -------
    pandas.DataFrame
        ``region`` (NUTS2, version 2013), ``basic``, ``medium``, ``high``, ``total`` (numbers of clusters), in the
        order of the print; source, licence and notes in ``attrs``.

    Examples
    --------
    >>> published_top_regions().head(1).to_numpy().tolist()[0]
    ['FR10', 10, 30, 3, 43]

    References
    ----------
    European Panorama of Clusters and Industrial Change 2020, Table 3.
    """
    return _reference("panorama2020_top_regions")


def published_contradictions() -> pd.DataFrame:
    """List where the figures of the Panorama 2020 differ from one another; none of them is mended.

    Returns
    -------
    pandas.DataFrame
        ``where`` (which two places of the print), ``of`` (an industry, a region or all clusters), ``tier`` (or
        ``clusters`` for all tiers), ``printed`` (a count in the first place), ``named`` (the same by the second).

    Examples
    --------
    >>> found = published_contradictions()
    >>> found[found["of"] == "DE21"][["tier", "printed", "named"]].to_numpy().tolist()
    [['high', 0, 7], ['medium', 4, 15]]
    """
    tiers, counts, top = published_tiers(), published_counts(), published_top_regions()
    rows: list[tuple[str, str, str, int, int]] = []
    by_industry = tiers.groupby(["industry", "tier"]).size()
    for row in records_of(counts):
        sums = int(row["high"]) + int(row["medium"]) + int(row["basic"])
        rows.append(("Annex A: number in all, sum of its tiers", row["industry"], "clusters", row["clusters"], sums))
        for tier in ("high", "medium"):
            named = int(by_industry.get((row["industry"], tier), 0))
            rows.append(("Annex A: number in the sentence, regions named", row["industry"], tier, row[tier], named))
    by_region = tiers.groupby(["region", "tier"]).size()
    for row in records_of(top):
        for tier in ("high", "medium"):
            named = int(by_region.get((row["region"], tier), 0))
            rows.append(("Table 3, Annex A", row["region"], tier, row[tier], named))
    for tier, printed in PRINTED_TOTALS.items():
        rows.append(("Text, sum of the sentences of Annex A", "all", tier, printed, int(counts[tier].sum())))
    for tier in ("high", "medium"):
        named = int((tiers["tier"] == tier).sum())
        rows.append(("Text, regions named in Annex A", "all", tier, PRINTED_TOTALS[tier], named))
    table = pd.DataFrame(rows, columns=["where", "of", "tier", "printed", "named"])
    return table[table["printed"] != table["named"]].reset_index(drop=True)
