"""The versions of NUTS: which regions each has, and where a code of any version lies in a study's version."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

import pandas as pd

from ingest.countries import NUTS_SPELLING, country_name, successors
from ingest.weights import shares

#: The versions that a study may be in.
STUDY_VERSIONS = (2006, 2010, 2013, 2016, 2021)
#: The versions that a code may be of.
CODE_VERSIONS = (2003, 2006, 2010, 2013, 2016, 2021, 2024)
_CODE = re.compile(r"[A-Z]{2}[0-9A-Z]{0,8}")


@dataclass(frozen=True)
class Found:
    """Where a region code lies.

    Attributes
    ----------
    region
        NUTS2 in the study's version, the ISO country outside NUTS, None where the code names no region.
    nuts3
        NUTS3 in the study's version: the code itself, or what it was recoded to; None where it was divided.
    country
        As NUTS writes it; None where the code names no country.
    spread
        True where the code's people live in several regions, of which ``region`` has the most.
    parts
        Those regions and the share of the people in each, the largest first; empty where there is one alone.
    """

    region: str | None
    nuts3: str | None
    country: str | None
    spread: bool = False
    parts: tuple[tuple[str, float], ...] = field(default=(), repr=False)

    @property
    def share(self) -> float:
        """Share of the code's people who live in ``region``."""
        return self.parts[0][1] if self.parts else 1.0


def check_version(nuts: int) -> int:
    """Refuse a version of NUTS that no study can be in.

    Raises
    ------
    ValueError
        Names the versions there are.

    Examples
    --------
    >>> check_version(2013)
    2013
    """
    if nuts not in STUDY_VERSIONS:
        raise ValueError(f"NUTS {nuts} is not among the versions a study may use: {STUDY_VERSIONS}")
    return nuts


def _rows(name: str) -> list[dict[str, str]]:
    path = resources.files("ingest") / "reference" / "regions" / name
    return list(csv.DictReader(path.read_text("utf-8").splitlines()))


@cache
def _codes(nuts: int) -> dict[str, tuple[str, int, bool]]:
    """Code → region, the version it is read in, whether it spreads; the nearest version wins."""
    distance = {str(v): (abs(v - nuts), v) for v in CODE_VERSIONS}
    best: dict[str, tuple[tuple[int, int], tuple[str, int, bool]]] = {}
    for row in _rows("codes.csv"):
        near = min(distance[version] for version in row["versions"].split())
        if row["code"] not in best or near < best[row["code"]][0]:
            spread = str(nuts) in row["spread"].split()
            best[row["code"]] = (near, (row[f"nuts{nuts}"], near[1], spread))
    return {code: answer for code, (_, answer) in best.items() if answer[0]}


@cache
def _recodes(nuts: int) -> dict[tuple[str, int], str]:
    """NUTS3 code and the version it is read in → what it is called in this one."""
    rows = [row for row in _rows("recodes.csv") if row[f"nuts{nuts}"]]
    return {(row["code"], int(v)): row[f"nuts{nuts}"] for row in rows for v in row["versions"].split()}


@cache
def _broad(nuts: int) -> dict[str, str]:
    """NUTS1 codes of any version that hold one NUTS2 region only."""
    inside: dict[str, set[str]] = {}
    for code, (region, _, _) in _codes(nuts).items():
        if len(code) == 4:
            inside.setdefault(code[:3], set()).add(region)
    return {code: regions.pop() for code, regions in inside.items() if len(regions) == 1}


def in_nuts_spelling(code: str) -> str:
    """Write a region code as NUTS does: capitals, EL for Greece, UK for the United Kingdom.

    Examples
    --------
    >>> in_nuts_spelling(" gr300 ")
    'EL300'
    """
    plain = "".join(code.split()).upper()
    return NUTS_SPELLING.get(plain[:2], plain[:2]) + plain[2:]


def find_code(code: str, nuts: int = 2013) -> Found:
    """Say in which NUTS2 region of a version a region code of any version lies.

    A code that a study's version has means that region; any other is read in the nearest version that has
    it. Where its people now live in several regions, the region with the most of them is given, and ``parts``
    says how many live in each (:func:`ingest.weights.shares`). A NUTS3 code that was recoded is told as the
    study's version writes it. Outside NUTS (OECD's TL3 codes) the first two letters give the country. ``ZZZ``
    stands for no known region.

    Examples
    --------
    >>> find_code("DE712")
    Found(region='DE71', nuts3='DE712', country='DE', spread=False)
    >>> find_code("GR300").region, find_code("US06075").region, find_code("UKI1").spread
    ('EL30', 'US', True)
    >>> find_code("HU10", 2016).parts, find_code("FR241", 2016).nuts3
    ((('HU11', 0.586288), ('HU12', 0.413712)), 'FRB01')
    >>> find_code("DEZZZ")
    Found(region=None, nuts3=None, country='DE', spread=False)

    Sources: Eurostat, changes of NUTS 2003 to 2021; JRC NUTS converter 2025 (population 2011).
    """
    plain = in_nuts_spelling(code)
    if not _CODE.fullmatch(plain):
        return Found(None, None, None)
    known = _codes(check_version(nuts))
    for length in (len(plain), 5, 4):
        if 4 <= length <= len(plain) and plain[:length] in known:
            region, version, spread = known[plain[:length]]
            whole = length == len(plain) == 5
            nuts3 = plain if version == nuts else _recodes(nuts).get((plain, version))
            parts = tuple(shares(plain[:length], version, nuts).items()) if spread else ()
            return Found(region, nuts3 if whole else None, region[:2], spread, parts)
    if plain in _broad(nuts):
        region = _broad(nuts)[plain]
        return Found(region, None, region[:2])
    countries = successors(plain[:2])
    if len(countries) != 1 or len(plain) == 2 or plain.strip("Z") == plain[:2]:
        return Found(None, None, countries[0] if countries else None)
    outside = not regions_of_country(countries[0], nuts)
    return Found(countries[0] if outside else None, None, countries[0])


def bridge(old: int, new: int) -> pd.DataFrame:
    """Say in which NUTS2 region of a study's version each NUTS2 region of any version lies.

    Parameters
    ----------
    old
        One of :data:`CODE_VERSIONS`.
    new
        One of :data:`STUDY_VERSIONS`.

    Returns
    -------
    pandas.DataFrame
        ``region`` (of the old version), ``carried`` (of the new one; the country's two letters where the new
        version did not cover it), ``spread`` (True where the people live in several regions, of which
        ``carried`` has the most), sorted by region.

    Raises
    ------
    ValueError
        Names the versions there are.

    Examples
    --------
    >>> moved = bridge(2013, 2016).set_index("region")
    >>> moved.loc[["FR24", "HU10"], ["carried", "spread"]].to_numpy().tolist()
    [['FRB0', False], ['HU11', True]]

    Sources: as in :func:`find_code`.
    """
    if old not in CODE_VERSIONS:
        raise ValueError(f"NUTS {old} is not among the versions that are known: {CODE_VERSIONS}")
    check_version(new)
    rows = [
        (row["code"], row[f"nuts{new}"], str(new) in row["spread"].split())
        for row in _rows("codes.csv")
        if len(row["code"]) == 4 and str(old) in row["versions"].split() and row[f"nuts{new}"]
    ]
    return pd.DataFrame(sorted(rows), columns=["region", "carried", "spread"])


@cache
def _regions(nuts: int) -> dict[str, tuple[str, float, float]]:
    rows = [row for row in _rows("regions.csv") if row["version"] == str(check_version(nuts))]
    return {r["region"]: (r["name"], float(r["longitude"]), float(r["latitude"])) for r in rows}


@cache
def regions_of_country(country: str, nuts: int = 2013) -> tuple[str, ...]:
    """Return the NUTS2 regions of a country; none outside NUTS.

    Examples
    --------
    >>> regions_of_country("DK"), regions_of_country("US")
    (('DK01', 'DK02', 'DK03', 'DK04', 'DK05'), ())
    """
    return tuple(sorted(region for region in _regions(nuts) if region[:2] == country))


def region_table(nuts: int = 2013) -> pd.DataFrame:
    """Return all NUTS2 regions of a version, with a point inside each.

    Returns
    -------
    pandas.DataFrame
        ``region, name, country, longitude, latitude`` (degrees, WGS 84), sorted by region.

    Raises
    ------
    ValueError
        Where no study can be in the version.

    Examples
    --------
    >>> regions = region_table()
    >>> len(regions), regions.set_index("region").loc["DE21", "name"]
    (320, 'Oberbayern')

    Source: Eurostat, NUTS; points computed by the project from outlines of GISCO.
    """
    rows = [(region, name, region[:2], x, y) for region, (name, x, y) in sorted(_regions(nuts).items())]
    return pd.DataFrame(rows, columns=["region", "name", "country", "longitude", "latitude"])


@cache
def inhabitants(nuts: int = 2013) -> dict[str, int]:
    """Return the people of 2011 in each NUTS2 region of a version, in whole hundreds, where they are known.

    Examples
    --------
    >>> inhabitants()["DE21"], "TR10" in inhabitants()
    (4327400, False)

    Source: JRC NUTS converter 2025 (population 2011).
    """
    rows = [row for row in _rows("regions.csv") if row["version"] == str(check_version(nuts))]
    return {row["region"]: int(row["people"]) for row in rows if row["people"]}


def region_name(region: str, nuts: int = 2013) -> str:
    """Return the name of a NUTS2 region or of a country; the code itself where there is none.

    Examples
    --------
    >>> region_name("FR10"), region_name("US"), region_name("EL30")
    ('Île de France', 'United States', 'Attiki')
    """
    known = _regions(nuts).get(region)
    return known[0] if known else country_name(region)
