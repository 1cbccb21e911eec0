"""Compile ingest/reference/regions: python compile/regions.py FOLDER (with nuts_changes and nuts_shapes)."""

from __future__ import annotations

import math
import re
import sys
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from region_codes import STUDY_VERSIONS, Carrier, Changes, all_changes, code_table, codes_of, jrc_weights, unmapped
from region_places import SHAPE_VERSIONS, Outlines, cities, people, place_cities
from region_weights import AS_IN_2021, overlap, recode_table, weight_table

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
from ingest.places import fold  # noqa: E402

TARGET = ROOT / "ingest" / "reference" / "regions"
SMALLEST = 500  # GeoNames' file of places over 500 inhabitants
BIG = 50_000  # a district may stand behind the name of a town of this size
COLUMNS = [f"nuts{v}" for v in STUDY_VERSIONS]
#: Official names in Greek and Cyrillic letters, in Latin ones.
LATIN = {
    "Κύπρος": "Kypros", "Aνατολική Μακεδονία, Θράκη": "Anatoliki Makedonia, Thraki",
    "Κεντρική Μακεδονία": "Kentriki Makedonia", "Δυτική Μακεδονία": "Dytiki Makedonia",
    "Θεσσαλία": "Thessalia", "Ήπειρος": "Ipeiros", "Ιόνια Νησιά": "Ionia Nisia",
    "Δυτική Ελλάδα": "Dytiki Ellada", "Στερεά Ελλάδα": "Sterea Ellada", "Πελοπόννησος": "Peloponnisos",
    "Aττική": "Attiki", "Βόρειο Αιγαίο": "Voreio Aigaio", "Νότιο Αιγαίο": "Notio Aigaio", "Κρήτη": "Kriti",
    "Северозападен": "Severozapaden", "Северен централен": "Severen tsentralen",
    "Североизточен": "Severoiztochen", "Югоизточен": "Yugoiztochen", "Югозападен": "Yugozapaden",
    "Южен централен": "Yuzhen tsentralen", "Поранешна југословенска Република Македонија": "Severna Makedonija",
    "Поранешна Југословенска Република Македонија": "Severna Makedonija",
    "Поранешната југословенска Република Македонија": "Severna Makedonija",
    "Северна Македонија": "Severna Makedonija", "Црна Гора": "Crna Gora", "Црна Гοра": "Crna Gora",
    "Београдски регион": "Beogradski region", "Регион Војводине": "Region Vojvodine",
    "Регион Шумадије и Западне Србије": "Region Šumadije i Zapadne Srbije",
    "Регион Јужне и Источне Србије": "Region Južne i Istočne Srbije",
}  # fmt: skip
#: Parts of countries that are written as countries or as cities, with a NUTS2 region of 2013.
PARTS = {
    ("FR", "FRA1"): ("Guadeloupe",), ("FR", "FRA2"): ("Martinique",), ("FR", "FRA4"): ("La Réunion", "Reunion"),
    ("FR", "FRA3"): ("Guyane", "French Guiana", "Guyane française"), ("FR", "FRA5"): ("Mayotte",),
    ("FR", "FR83"): ("Corse", "Corsica"), ("FI", "FI20"): ("Åland", "Aland Islands"),
    ("ES", "ES70"): ("Canarias", "Canary Islands"), ("ES", "ES21"): ("Vizcaya", "Guipuzcoa", "Alava"),
    ("PT", "PT20"): ("Açores", "Azores"),
    ("PT", "PT30"): ("Madeira",), ("UK", "UKN0"): ("Northern Ireland",),
    ("IT", "ITG1"): ("Sicilia", "Sicily"), ("IT", "ITG2"): ("Sardegna", "Sardinia"),
}  # fmt: skip


def readable(name: str, country: str) -> bool:
    """Latin letters everywhere; Greek and Cyrillic where they are at home."""
    if name.isascii():
        return True
    low, high = (0x370, 0x400) if country in ("EL", "CY") else (0x400, 0x530)
    at_home = country in ("EL", "CY", "BG", "MK", "RS", "ME")
    return at_home and all(low <= ord(c) < high or c == " " for c in name)


def names_of(city: dict[str, object]) -> list[tuple[str, bool]]:
    """Folded names of a place, and whether each is its own or one of the others."""
    own = str(city["name"])
    found = {fold(own): True}
    for name in city["alternatenames"]:  # type: ignore[attr-defined]
        if len(name) > 2 and not (len(name) == 3 and name.isupper()):  # airport codes
            found.setdefault(fold(name), False)
    return [(n, mine) for n, mine in found.items() if n and readable(n, str(city["country"]))]


def weight(city: dict[str, object]) -> float:
    """People, and more for a place of many names: a district of Madrid has as many people as Salamanca."""
    return float(city["population"]) * math.log2(2 + len(city["alternatenames"]))  # type: ignore[arg-type]


def name_index(table: pd.DataFrame, extra: pd.DataFrame) -> pd.DataFrame:
    """One row for each name in a country; among namesakes the place with the most people."""
    rows = [
        (city["country"], name, weight(city) * (3 if mine else 1), city["population"] >= BIG, position)
        for position, city in enumerate(table.to_dict("records"))
        for name, mine in names_of(city)
    ]
    index = pd.DataFrame(rows, columns=["country", "name", "weight", "big", "position"])
    index = index.sort_values(["weight", "position"], ascending=[False, True], kind="stable")
    index = index.drop_duplicates(["country", "name"]).merge(table[COLUMNS], left_on="position", right_index=True)
    regions = set(extra.loc[extra["big"], ["country", "name", "nuts2013"]].itertuples(index=False, name=None))
    named = index[["country", "name", "nuts2013"]].itertuples(index=False, name=None)
    index["big"] = [big or key in regions for big, key in zip(index["big"], named, strict=True)]
    index = pd.concat([index, extra]).drop_duplicates(["country", "name"])
    return index.sort_values([*COLUMNS[::-1], "name"], ignore_index=True)[["country", "name", "big", *COLUMNS]]


def known_alone(part: str, name: str) -> bool:
    """Whether a region's name places what stands beside it: Hook Hampshire, but not a Nord or a Centre."""
    return part in re.split(r"/| \(", name) and len(part) > 5 and fold(part) not in ("centre", "centro", "centru")


def region_names(outlines: Outlines, changes: Changes, carrier: Carrier) -> pd.DataFrame:
    """Regions (NUTS2, then NUTS3) and parts of countries as names of places."""
    sites = pd.read_csv(TARGET / "sites.csv")
    written = [(r[:2], r, name) for r, name in sites.itertuples(index=False)]
    written += [(c, r, name) for (c, r), names in PARTS.items() for name in names]
    written += [(r[:2], r, LATIN.get(name, name)) for r, name in outlines.names.items()]
    written += [(c[:2], c[:4], re.sub(r"[, ]+(CC|Kreisfreie Stadt|Landkreis)\b", "", name))
                for c, name in sorted(changes.names.items()) if len(c) == 5 and c[:4] in outlines.shapes]  # fmt: skip
    rows = [
        (country, fold(part), known_alone(part, name), *(carrier.carry(region, 2013, v)[0] for v in STUDY_VERSIONS))
        for country, region, name in written
        for part in (name, *re.split(r"/|, | and | & ", name), name.split(" (")[0])
        if fold(part)
    ]
    rows.sort(key=lambda row: not row[2])
    return pd.DataFrame(rows, columns=["country", "name", "big", *COLUMNS]).drop_duplicates(["country", "name"])


def write_index(index: pd.DataFrame, path: Path) -> None:
    table = pa.Table.from_pandas(index, preserve_index=False)
    pq.write_table(
        table,
        path,
        compression="zstd",
        compression_level=19,
        use_dictionary=["country", *COLUMNS],
        column_encoding={"name": "DELTA_BYTE_ARRAY"},
        row_group_size=len(index),
        store_schema=False,
    )


def write_rows(table: pd.DataFrame, name: str) -> None:
    table.to_csv(TARGET / f"{name}.csv", index=False, lineterminator="\n")


#: Where the JRC's tables tell the people of every region of a version.
COUNTED = {2006: (2006, 2010), 2010: (2010, 2013), 2013: (2013, 2021), 2016: (2016, 2021), 2021: (2021, 2016)}


def inhabitants(weights: dict[tuple[int, int], dict[str, dict[str, float]]]) -> pd.DataFrame:
    """People of 2011 by version and region, in whole hundreds; those of regions that the JRC leaves out are absent."""
    rows = [
        (version, region, round(sum(parts.values()) / 100) * 100)
        for version, pair in COUNTED.items()
        for region, parts in weights[pair].items()
        if len(region) == 4
    ]
    return pd.DataFrame(rows, columns=["version", "region", "people"])


def region_points(outlines: dict[int, Outlines]) -> pd.DataFrame:
    parts = []
    for version in STUDY_VERSIONS:
        points = outlines[version].points()
        if version == 2021:  # this file's names were encoded twice
            points["name"] = [name.encode("latin-1").decode("utf-8") for name in points["name"]]
        points["name"] = points["name"].replace(LATIN)
        points.insert(0, "version", version)
        parts.append(points)
    return pd.concat(parts).sort_values(["version", "region"], ignore_index=True)


def main(folder: Path) -> None:
    outlines = {version: Outlines(folder / "nuts_shapes", version) for version in SHAPE_VERSIONS}
    weights = jrc_weights(folder / "nuts_changes")
    nuts2 = {version: set(outline.shapes) for version, outline in outlines.items()}
    nuts2[2024] = {code for code in weights[2024, 2021] if len(code) == 4}
    nuts2[2024] |= {code for code in nuts2[2021] if code[:2] in AS_IN_2021}
    changes = all_changes(folder / "nuts_changes")
    early = unmapped(changes[2003, 2006], nuts2[2003])
    nuts2[2003] |= set(early)
    carrier = Carrier(changes, nuts2, weights)

    def exact(region: str, old: int, new: int) -> str:
        shares = carrier.shares(region, old, new)
        best = max(shares, key=lambda r: shares[r], default="")
        return best if best and shares[best] >= 0.9999 else ""

    countries = {region[:2] for regions in nuts2.values() for region in regions}
    placed = place_cities(cities(SMALLEST, countries), outlines, STUDY_VERSIONS, exact)
    areas = jrc_weights(folder / "nuts_changes", "areaKm")
    for old, new in ((2003, 2006), (2006, 2003)):
        weights[old, new] = people(placed, old, new)
        areas[old, new] = overlap(outlines[old], outlines[new])
    weights[2003, 2006] |= early
    areas[2003, 2006] |= early
    TARGET.mkdir(parents=True, exist_ok=True)
    codes = codes_of(changes, nuts2)
    table = code_table(carrier, codes)
    write_rows(table, "codes")
    write_rows(recode_table(carrier, codes, table), "recodes")
    write_rows(weight_table(carrier, Carrier(changes, nuts2, areas), codes), "weights")
    points = region_points(outlines).merge(inhabitants(weights), on=["version", "region"], how="left")
    write_rows(points.assign(people=points["people"].astype("Int64")), "regions")
    write_index(
        name_index(placed, region_names(outlines[2013], changes[2010, 2013], carrier)),
        TARGET / "places.parquet",
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
