"""Places to NUTS2: a region code, a postal code, city and country, a city of nearly the name, the country alone."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from ingest.cities import find_city
from ingest.countries import part_name, successors
from ingest.gazetteer import names_of
from ingest.matching import Matching
from ingest.near_cities import near_cities
from ingest.nuts import (
    Found,
    check_version,
    find_code,
    region_name,
    region_table,
    regions_of_country,
)
from ingest.postcodes import region_of_postcode
from ingest.units import region_at

__all__ = ["place", "region_at", "region_name", "region_table"]

#: What a row of places holds.
PLACE = ("region_code", "postcode", "city", "country")
#: How a row may have been placed.
PLACED_BY = ("region code", "decision", "postal code", "city", "fuzzy city", "country", "country only", "unplaced")


@dataclass(frozen=True)
class _How:
    """The version of NUTS, and how doubtful places are settled."""

    nuts: int
    match: Matching


Answer = tuple[str | None, str | None, str | None, str]


def _by_country(text: str | None, countries: tuple[str, ...], nuts: int) -> Answer:
    if not countries:
        return None, None, None, "unplaced"
    regions = regions_of_country(countries[0], nuts)
    part = part_name(text) if text else None
    if part and part in names_of(countries[0], nuts):
        return names_of(countries[0], nuts)[part][0], None, countries[0], "country"
    if len(countries) > 1 or len(regions) > 1:
        return None, None, countries[0], "country only"
    return (regions[0] if regions else countries[0]), None, countries[0], "country"


@cache
def _countries(text: str | None) -> tuple[str, ...]:
    return successors(text) if text else ()


def _answer(found: Found | None, postcode: str | None, city: str | None, country: str | None, how: _How) -> Answer:
    """Place one distinct row: the first of code, decision, postal code, city and country that knows."""
    if found and found.region:
        part, level = _part(found, postcode, city, how)
        return (part, None, found.country, level) if part else (found.region, found.nuts3, found.country, "region code")
    coded = found.country if found else None
    countries = _countries(country)
    if coded and coded not in countries:
        countries, country = (coded,), None
    # 21000 is Novi Sad's and Split's: a country that is no more had other codes.
    texts = [text for text in (postcode, city) if text and len(countries) == 1]
    for candidate in countries:
        region, nuts3, level = _in_country(candidate, texts, city, how)
        if region:
            return region, nuts3, region[:2], level
    return _by_country(country, countries, how.nuts)


def _part(found: Found, postcode: str | None, city: str | None, how: _How) -> tuple[str | None, str]:
    """Tell the part of a code that the version divides by a postal code or a city."""
    if not found.spread or not found.region:
        return None, ""
    country, parts = found.region[:2], dict(found.parts)
    coded, _ = _by_postcode(how, country, [text for text in (postcode, city) if text])
    if coded in parts:
        return coded, "postal code"
    part = find_city(city, country, how.nuts) if city else None
    return (part, "city") if part in parts else (None, "")


def _in_country(country: str, texts: list[str], city: str | None, how: _How) -> tuple[str | None, str | None, str]:
    """Place a postal code and a city in a country: decision, postal code, city, city of nearly the name."""
    said = how.match.region_of(city, country) if city else None
    if said:
        return said, None, "decision"
    region, nuts3 = _by_postcode(how, country, texts)
    if region:
        return region, nuts3, "postal code"
    if not city:
        return None, None, ""
    if region := find_city(city, country, how.nuts):
        return region, None, "city"
    if said is None and regions_of_country(country, how.nuts):
        near = near_cities(city, country, how.nuts, least=how.match.review)
        if near and near[0].score >= how.match.accept:
            return near[0].region, None, "fuzzy city"
    return None, None, ""


def _by_postcode(how: _How, country: str, texts: list[str]) -> tuple[str | None, str | None]:
    """Look the postal codes of cells up in the study's own table, then in the project's."""
    table = how.match.postcodes
    for known in filter(None, (table.of(country, text) for text in texts) if table is not None else ()):
        if table is not None and table.places:
            region, nuts3 = find_city(known, country, how.nuts), None
        else:
            region, nuts3 = (found := find_code(known, how.nuts)).region, found.nuts3
        if region:
            return region, nuts3
    regions = (region_of_postcode(country, text, how.nuts) for text in texts)
    return next(filter(None, regions), None), None


def doubtful(placed: pd.DataFrame, *, nuts: int = 2013, match: Matching | None = None) -> pd.DataFrame:
    """List the cities that were placed by a near name, and those that only a person can place.

    Parameters
    ----------
    placed
        As :func:`place` returns it.
    nuts, match
        As given to :func:`place`.

    Returns
    -------
    pandas.DataFrame
        ``city, country_code, state, level, score, candidates``: `state` is ``taken`` or ``doubtful``,
        `candidates` the three to five nearest as JSON, ``[[name, region, score], ...]``.

    Examples
    --------
    >>> rows = [(None, None, "ULTRECHT", "NL"), (None, None, "LEVERKUSSEN", "DE")]
    >>> found = doubtful(place(pd.DataFrame(rows, columns=list(PLACE))))
    >>> found[["city", "state", "score"]].values.tolist()
    [['LEVERKUSSEN', 'taken', 96.2], ['ULTRECHT', 'doubtful', 94.5]]
    """
    match = match or Matching()
    wanted = placed[placed["placed_by"].isin(["fuzzy city", "country only"]) & placed["city"].notna()]
    rows = []
    for city, country in sorted(set(zip(wanted["city"].str.strip(), wanted["country_code"], strict=True))):
        near = near_cities(city, country, nuts, least=match.review)
        if not near or match.region_of(city, country) is not None:
            continue
        state = "taken" if near[0].score >= match.accept else "doubtful"
        told = json.dumps([[one.name, one.region, one.score] for one in near], ensure_ascii=False)
        rows.append((city, country, state, "fuzzy city", near[0].score, told))
    columns = ["city", "country_code", "state", "level", "score", "candidates"]
    return pd.DataFrame(rows, columns=columns).astype({c: "float64" if c == "score" else "str" for c in columns})


def _texts(column: pd.Series) -> list[str | None]:
    return [text.strip() or None if isinstance(text, str) else None for text in column.to_list()]


def place(places: pd.DataFrame, *, nuts: int = 2013, match: Matching | None = None) -> pd.DataFrame:
    """Say in which NUTS2 region each place lies.

    Parameters
    ----------
    places
        ``region_code, postcode, city, country`` as written; any cell may be null. Postal codes are looked for in
        the column of postal codes, then in the city's.
    nuts
        Version of NUTS that the answer is in: 2006, 2010, 2013, 2016 or 2021.
    match
        From which likeness a city of nearly the name is taken, what a person decided, and a table of postal
        codes that goes before the project's.

    Returns
    -------
    pandas.DataFrame
        The same rows and columns, and ``region`` (NUTS2; the ISO country outside NUTS; null where unknown),
        ``nuts3`` (the code given, where it is one of this version), ``country_code`` (as NUTS writes it) and
        ``placed_by``: ``region code``, ``decision`` (a person's), ``postal code``, ``city``, ``fuzzy city``,
        ``country`` (its only region, or outside NUTS), ``country only`` (in NUTS, region unknown) or
        ``unplaced``: the first that knows.

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
    codes, postcodes, cities, countries = (_texts(places[c]) for c in PLACE)
    how = _How(nuts, match or Matching())
    found = {code: find_code(code, nuts) for code in set(codes) if code}
    # Not looked at where the region is told: rows that differ in nothing else are one.
    told = {code for code, answer in found.items() if answer.region and not answer.spread}
    postcodes = [None if code in told else text for code, text in zip(codes, postcodes, strict=True)]
    answers: dict[tuple[str | None, ...], Answer] = {}
    for key in set(zip(codes, postcodes, cities, countries, strict=True)):
        answers[key] = _answer(found.get(key[0] or ""), key[1], key[2], key[3], how)
    rows = [answers[key] for key in zip(codes, postcodes, cities, countries, strict=True)]
    columns = ["region", "nuts3", "country_code", "placed_by"]
    text = pd.StringDtype(na_value=np.nan)
    placed = pd.DataFrame(rows, columns=columns, index=places.index, dtype=text)
    return pd.concat([places[list(PLACE)], placed], axis=1)
