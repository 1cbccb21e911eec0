"""The demo study: written again byte for byte, planted as it says, and spoilt as it says."""

from __future__ import annotations

import csv
import json
import os
import re
import runpy
import subprocess
import sys
import tomllib
from collections import Counter
from functools import cache
from itertools import combinations
from math import comb
from pathlib import Path

import pandas as pd
import pytest

FIXTURES = Path(__file__).parent.parent / "fixtures"
DEMO = FIXTURES / "demo"
INBOX = DEMO / "inbox"
PLANT = runpy.run_path(str(FIXTURES / "plant.py"))
PLANTED = json.loads((DEMO / "planted.json").read_text("utf-8"))
PERIODS = ("2000-2007", "2007-2014")


def lines_of(file: str, encoding: str = "utf-8") -> list[str]:
    return (INBOX / file).read_bytes().decode(encoding).splitlines()


def table_of(file: str, delimiter: str = ",", encoding: str = "utf-8", skip: int = 1) -> list[list[str]]:
    return list(csv.reader(lines_of(file, encoding), delimiter=delimiter))[skip:]


def planted_count(file: str, what: str) -> int:
    found = [d["count"] for d in PLANTED["defects"] if d["file"] == f"inbox/{file}" and what in d["what"]]
    assert len(found) == 1, f"{what} is planted {len(found)} times in {file}"
    return int(found[0])


# --- the files ---


def test_the_same_bytes_at_every_run(tmp_path):
    command = [sys.executable, "-W", "error", str(FIXTURES / "make.py"), str(tmp_path)]
    subprocess.run(command, check=True, env={**os.environ, "PYTHONHASHSEED": "12345"})
    written = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    studies = [path for study in ("demo", "every-source") for path in (FIXTURES / study).rglob("*")]
    kept = {path.relative_to(FIXTURES): path.read_bytes() for path in studies if path.is_file()}
    assert sorted(written) == sorted(kept)
    assert [path for path in kept if kept[path] != written[path]] == []


def test_files_stay_small():
    sizes = [path.stat().st_size for path in DEMO.rglob("*") if path.is_file()]
    assert max(sizes) < 1_200_000
    assert sum(sizes) < 3_000_000


def test_no_person_has_a_name():
    named = [row.split("|")[3] for row in lines_of("regpat/201401_EPO_Inv_reg.txt")[1:]]
    named += [row[1] for row in table_of("patstat/tls206_part01.csv") if row[7] == "INDIVIDUAL"]
    assert len(named) > 7000
    assert [name for name in named if not re.fullmatch(r"Inventor \d{6,7}", name)] == []


# --- the plant ---


def test_planted_spaces_are_disjoint_and_what_the_file_says():
    for period in PERIODS:
        members = [sector for sectors in PLANT["SPACES"][period].values() for sector in sectors]
        assert len(members) == len(set(members)) == len(PLANTED["periods"][period])
        assert PLANTED["periods"][period] == PLANT["space_of"](period)
    assert [len(PLANT["SPACES"][period]) for period in PERIODS] == [3, 4]


def test_planted_changes():
    first, second = (PLANTED["periods"][period] for period in PERIODS)
    assert first.keys() - second.keys() == {"313"}
    assert second.keys() - first.keys() == {"519"}
    changed = {sector: first[sector] + second[sector] for sector in first.keys() & second.keys()}
    moved = {sector: change for sector, change in changed.items() if change[0] != change[1]}
    assert {sector for sector, change in moved.items() if change == "AD"} == {
        "512",
        "515",
        "517",
        "518",
        "541",
    }
    assert {sector: change for sector, change in moved.items() if change != "AD"} == {
        "221": "CA",
        "562": "CA",
        "339": "CB",
        "322": "BC",
    }


def test_every_sector_has_codes():
    sectors = set().union(*PLANTED["periods"].values())
    assert set(PLANT["SIC"]) == set(PLANT["NAICS"]) == sectors
    assert set(PLANT["IPC"]) | set(PLANT["NAICS_2022"]) <= sectors


def symbols() -> pd.DataFrame:
    tables = {"ipc": "IPC", "sic": "SIC", "naics": "NAICS", "naics2017": "NAICS", "naics2012": "NAICS"}
    rows = [
        (scheme, symbol, sector)
        for scheme, table in (*tables.items(), ("naics2022", "NAICS_2022"))
        for sector, codes in PLANT[table].items()
        for symbol in codes
    ]
    rows += [
        ("naics2022", symbol, sector)
        for sector, codes in PLANT["NAICS"].items()
        for symbol in codes
        if sector not in PLANT["NAICS_2022"]
    ]
    return pd.DataFrame(rows, columns=["scheme", "symbol", "planted"])


def test_codes_lead_to_the_planted_sectors():
    sectors = pytest.importorskip("ingest.sectors")
    wanted = symbols()
    found = sectors.to_naics(wanted[["scheme", "symbol"]], assign="top")
    joined = wanted.merge(found, on=["scheme", "symbol"], how="left")
    wrong = joined[joined["naics"].str[:3].fillna("none") != joined["planted"]]
    assert wrong[["scheme", "symbol", "planted", "naics"]].to_dict("records") == []


def test_cities_and_codes_lie_in_the_planted_regions():
    regions = pytest.importorskip("ingest.regions")
    cities = runpy.run_path(str(FIXTURES / "places.py"))["CITIES"]
    rows = [(None, name, city.country, city.region) for city in cities for name in city.spellings]
    rows += [(city.code, None, city.country, city.region) for city in cities]
    wanted = pd.DataFrame(rows, columns=["region_code", "city", "country", "planted"], dtype="str")
    wanted["postcode"] = pd.Series([None] * len(wanted), dtype="str")
    keys = ["region_code", "postcode", "city", "country"]
    found = regions.place(wanted[keys].drop_duplicates())
    joined = wanted.merge(found, on=keys, how="left")
    wrong = joined[joined["region"].fillna("none") != joined["planted"]]
    assert wrong[["region_code", "city", "planted", "region"]].to_dict("records") == []


# --- ingest reads every usable event, and only those ---


@cache
def engine():
    """One engine for all sources, kept to the end: it holds a folder of staged files."""
    from ingest.engine import DuckDB

    return DuckDB()


def read_source(name: str):
    """Read a source as study.toml describes it; keys that are not common to all sources are its options."""
    import ingest

    described = tomllib.loads((DEMO / "study.toml").read_text("utf-8"))["sources"][name]
    files = sorted(path for pattern in described.pop("files") for path in DEMO.glob(pattern))
    layout, columns = described.pop("format"), described.pop("columns", {})
    return ingest.read(layout, files, name=name, columns=columns, options=described, root=DEMO, engine=engine())


def link_counts(records) -> Counter[tuple[str, str]]:
    """Sector pairs by period and kind: each event's distinct pairs once."""
    events = records.events.collect("pandas").to_native()[["event", "year", "kind"]]
    facets = records.facets.collect("pandas").to_native().merge(events, on="event")
    sectors = facets.assign(sector=facets["naics"].str[:3]).groupby(["year", "kind", "event"])["sector"].nunique()
    counts: Counter[tuple[str, str]] = Counter()
    for period in PERIODS:
        first, last = map(int, period.split("-"))
        inside = sectors[sectors.index.get_level_values("year").isin(range(first, last + 1))]
        for kind, number in (inside * (inside - 1) // 2).groupby("kind").sum().items():
            counts[period, str(kind)] += int(number)
    return counts


def test_ingest_reads_every_usable_event():
    links: Counter[tuple[str, str]] = Counter()
    events = {}
    for source in PLANTED["events"]:
        records = read_source(source)
        events[source] = len(records.events.collect("pandas"))
        links += link_counts(records)
        ledger = records.ledger.set_index("reason")["rows"]
        assert ledger["read"] == ledger.drop("read").sum(), source
    assert events == PLANTED["events"]
    assert links == {
        (period, kind): count for period, kinds in PLANTED["links"].items() for kind, count in kinds.items()
    }


# --- the spaces can be found again in the written files ---


def sector_of(table: str) -> dict[str, str]:
    return {code: sector for sector, codes in PLANT[table].items() for code in codes}


def events() -> list[tuple[int, frozenset[str]]]:
    """Year and sectors of the events in the files that are easiest to read."""
    ipc, sic, naics = sector_of("IPC"), sector_of("SIC"), sector_of("NAICS")
    rows = [
        (r[1], int(r[2]), ipc.get(r[4]))
        for r in (line.split("|") for line in lines_of("regpat/201401_EPO_IPC.txt")[1:])
    ]
    for row in table_of("thomson/deals_part1.csv", encoding="cp1252", skip=2):
        if len(row) == 15 and row[13] == "Completed":
            rows += [(row[14], int(row[0][-4:]), naics.get(row[at])) for at in (6, 11)]
    deal, year = "", 0
    for row in table_of("sdc/alliances_2014-06.csv", encoding="cp1252"):
        deal, year = (row[0], int(row[1][-4:])) if row[0] else (deal, year)
        rows.append((deal, year, sic.get(row[8][:4])))
    rows += [(r[0], int(r[3][:4]), sic.get(r[12])) for r in table_of("eureka/projects.csv", ";", "utf-8-sig")]
    rows += [(r[0], int(r[1]), naics.get(r[5])) for r in table_of("projects/joint_projects.csv")]
    frame = pd.DataFrame(rows, columns=["event", "year", "sector"]).dropna()
    grouped = frame.groupby(["event", "year"])["sector"].agg(frozenset)
    return [(int(year), sectors) for (_, year), sectors in grouped.items()]


def pairs(period: str) -> Counter[tuple[str, str]]:
    first, last = map(int, period.split("-"))
    return Counter(
        pair for year, sectors in events() if first <= year <= last for pair in combinations(sorted(sectors), 2)
    )


def adjusted_rand(one: list[object], two: list[object]) -> float:
    """Hubert and Arabie (1985), equation 5."""
    both, a, b = (Counter(labels) for labels in (zip(one, two, strict=True), one, two))
    same, in_a, in_b = (sum(comb(n, 2) for n in c.values()) for c in (both, a, b))
    expected = in_a * in_b / comb(len(one), 2)
    return (same - expected) / ((in_a + in_b) / 2 - expected)


@pytest.mark.parametrize("period", PERIODS)
def test_infomap_finds_the_planted_spaces(period):
    from infomap import Infomap

    weights, truth = pairs(period), PLANTED["periods"][period]
    assert {sector for pair in weights for sector in pair} == set(truth)
    number = {sector: at for at, sector in enumerate(sorted(truth))}
    search = Infomap("--two-level --silent --num-trials 20 --seed 1")
    for (one, two), weight in sorted(weights.items()):
        search.add_link(number[one], number[two], weight)
    module = search.run().modules()
    labels = [module[number[sector]] for sector in sorted(truth)]
    assert len(set(labels)) == len(PLANT["SPACES"][period])
    assert adjusted_rand(labels, [truth[sector] for sector in sorted(truth)]) >= 0.9


@pytest.mark.parametrize("period", PERIODS)
def test_most_links_lie_within_a_space(period):
    weights, space = pairs(period), PLANTED["periods"][period]
    within = sum(weight for (one, two), weight in weights.items() if space[one] == space[two])
    assert 0.80 < within / weights.total() < 0.95
    assert weights.total() < sum(PLANTED["links"][period].values())


# --- the defects are there, as many as it says ---


@pytest.mark.parametrize(
    ("file", "encoding", "pattern", "what"),
    [
        ("thomson/deals_part1.csv", "cp1252", r",Withdrawn,", "withdrawn"),
        ("thomson/deals_part1.csv", "cp1252", r"^05/04/(3201|1201)", "impossible year"),
        ("thomson/deals_part1.csv", "cp1252", r",9999,", "unknown code (9999)"),
        ("thomson/deals_part1.csv", "cp1252", r",n/a,", "unknown code (n/a)"),
        ("thomson/deals_part1.csv", "cp1252", r",Atlantisburg,", "Atlantisburg"),
        ("thomson/deals_part1.csv", "cp1252", r"[^\x00-\x7f]", "beyond ASCII"),
        ("thomson/deals_part1.csv", "cp1252", r"^[^,]*(,[^,]*){4}$", "ragged"),
        ("sdc/alliances_2014-06.csv", "cp1252", r"/3201,", "3201"),
        ("sdc/alliances_2014-06.csv", "cp1252", r",Rumor,", "rumoured"),
        ("sdc/alliances_2014-06.csv", "cp1252", r",Atlantisburg,", "Atlantisburg"),
        ("sdc/alliances_2014-06.csv", "cp1252", r"^,,,,,", "without the deal's number"),
        ("patstat/tls201_part01.csv", "utf-8", r",US,", "another office"),
        ("patstat/tls201_part01.csv", "utf-8", r",9999,", "unknown filing year"),
        ("regpat/201401_EPO_Inv_reg.txt", "utf-8", r"\|[A-Z]{2}ZZZ\|", "unknown region"),
        ("regpat/201401_EPO_Inv_reg.txt", "utf-8", r"^[^|]*(\|[^|]*){5}$", "ragged"),
        ("regpat/201401_EPO_IPC.txt", "utf-8", r"\|Z99Z", "Z99Z"),
        ("projects/joint_projects.csv", "utf-8", r",1201,", "1201"),
        ("projects/joint_projects.csv", "utf-8", r",n/a$", "n/a"),
        ("stars.csv", "utf-8", r",,", "blank cell"),
    ],
)
def test_planted_defects_are_in_the_files(file, encoding, pattern, what):
    found = sum(1 for line in lines_of(file, encoding) if re.search(pattern, line))
    assert found == planted_count(file, what) > 0


@pytest.mark.parametrize(
    ("file", "encoding"),
    [
        ("thomson/deals_part1.csv", "cp1252"),
        ("regpat/201401_EPO_Inv_reg.txt", "utf-8"),
        ("regpat/201401_EPO_IPC.txt", "utf-8"),
        ("patstat/tls209_part01.csv", "utf-8"),
        ("eureka/projects.csv", "utf-8-sig"),
        ("projects/joint_projects.csv", "utf-8"),
    ],
)
def test_duplicated_rows_are_counted(file, encoding):
    lines = lines_of(file, encoding)
    assert len(lines) - len(set(lines)) == planted_count(file, "duplicated row") > 0


def test_the_csv_of_deals_is_not_utf_8():
    with pytest.raises(UnicodeDecodeError):
        lines_of("thomson/deals_part1.csv", "utf-8")


def test_second_filings_share_a_family():
    families = Counter(row[7] for row in table_of("patstat/tls201_part01.csv"))
    assert sum(count - 1 for count in families.values()) == planted_count("patstat/tls201_part01.csv", "second filing")
