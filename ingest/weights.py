"""What share of a region's people, or of its area, lies in each region of another version of NUTS."""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources

import pandas as pd

#: What a share may be of: the people of 2011, or square kilometres.
MEASURES = ("people", "area")
Parts = dict[str, tuple[float, float]]


@cache
def _parts() -> dict[tuple[str, int, int], Parts]:
    """Each code that another version divides, recodes or merges, with its parts there."""
    path = resources.files("ingest") / "reference" / "regions" / "weights.csv"
    found: dict[tuple[str, int, int], Parts] = {}
    for row in csv.DictReader(path.read_text("utf-8").splitlines()):
        key = (row["code"], int(row["old"]), int(row["new"]))
        found.setdefault(key, {})[row["carried"]] = (float(row["people"]), float(row["area"]))
    return found


@cache
def regions_of_version(version: int) -> tuple[str, ...]:
    """Return the NUTS2 regions of any version of NUTS, 2003 to 2024.

    Those of Bulgaria and Romania stand in 2003 twice: as Eurostat listed them, and in the codes of 2006.

    Examples
    --------
    >>> len(regions_of_version(2003)), [r for r in regions_of_version(2024) if r.startswith("PT1")]
    (327, ['PT11', 'PT15', 'PT19', 'PT1A', 'PT1B', 'PT1C', 'PT1D'])
    """
    path = resources.files("ingest") / "reference" / "regions" / "codes.csv"
    rows = csv.DictReader(path.read_text("utf-8").splitlines())
    return tuple(sorted(r["code"] for r in rows if len(r["code"]) == 4 and str(version) in r["versions"].split()))


def shares(code: str, old: int, new: int, by: str = "people") -> dict[str, float]:
    """Tell which regions of another version a code lies in, and how much of it in each.

    Parameters
    ----------
    code
        NUTS2 of the version `old`, or NUTS3 where it is divided among regions of a version a study may be in.
    old, new
        Versions of NUTS, 2003 to 2024.
    by
        ``people`` (of 2011) or ``area``.

    Returns
    -------
    dict
        Region → share, the largest first; the shares sum to 1. A code that stands unchanged is its own part.
        The country alone stands for a version that does not reach it; nothing does where a version reaches the
        country but not yet the region (Mayotte before 2013, Svalbard before 2021).

    Raises
    ------
    ValueError
        Where the measure is none of :data:`MEASURES`.

    Examples
    --------
    >>> shares("HU10", 2013, 2016), shares("HU10", 2013, 2016, by="area")
    ({'HU11': 0.586288, 'HU12': 0.413712}, {'HU12': 0.924062, 'HU11': 0.075938})
    >>> shares("FR24", 2013, 2016), shares("DE21", 2003, 2024), shares("UKI3", 2021, 2024)
    ({'FRB0': 1.0}, {'DE21': 1.0}, {'UK': 1.0})

    Sources: JRC NUTS converter 2025 (population 2011, km²); Eurostat, changes of NUTS 2003 to 2021.
    """
    if by not in MEASURES:
        raise ValueError(f"shares are of {' or '.join(MEASURES)}; got {by!r}")
    unchanged = {code: (1.0, 1.0)} if code in regions_of_version(new) else {}
    parts = _parts().get((code, old, new), unchanged)
    found = {region: part[MEASURES.index(by)] for region, part in parts.items()}
    return {r: found[r] for r in sorted(found, key=lambda r: (-found[r], r)) if found[r] > 0}


def share_table(old: int, new: int, by: str = "people") -> pd.DataFrame:
    """List every NUTS2 region of a version with its shares in the regions of another.

    Returns
    -------
    pandas.DataFrame
        ``region`` (old), ``carried`` (new), ``share``: sums to 1 over each region. Sorted by region and carried.

    Raises
    ------
    ValueError
        Where the measure is none of :data:`MEASURES`.

    Examples
    --------
    >>> table = share_table(2021, 2024)
    >>> table[table["region"] == "PT18"].values.tolist()
    [['PT18', 'PT1C', 0.673193], ['PT18', 'PT1D', 0.326807]]
    """
    rows = [
        (region, carried, share)
        for region in regions_of_version(old)
        for carried, share in shares(region, old, new, by).items()
    ]
    return pd.DataFrame(sorted(rows), columns=["region", "carried", "share"])
