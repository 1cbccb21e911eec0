"""The networks as they are written without tables: loops over rows, itertools.combinations into networkx."""

from __future__ import annotations

import csv
import sys
from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import networkx as nx
import pandas as pd

PERIODS = {"2000-2007": (2000, 2007), "2007-2014": (2007, 2014)}


def rows(folder: Path, pattern: str) -> Iterator[dict[str, str]]:
    for path in sorted(folder.glob(pattern)):
        with path.open(encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file)


class Events:
    """What the events of one source hold: year, sectors (of two sides in a deal), regions."""

    def __init__(self) -> None:
        self.year: dict[str, int] = {}
        self.sectors: dict[str, set[str]] = defaultdict(set)
        self.sides: dict[str, dict[str, str]] = defaultdict(dict)
        self.regions: dict[str, set[str]] = defaultdict(set)


def patents(folder: Path, sector: dict[tuple[str, str], str], region: dict[tuple[str, str], str]) -> Events:
    first: dict[str, tuple[int, int]] = {}
    for row in rows(folder, "patstat/tls201_part*.csv"):
        if row["appln_auth"] == "EP":
            filing = (int(row["appln_filing_year"]), int(row["appln_id"]))
            family = row["docdb_family_id"]
            if family not in first or filing < first[family]:
                first[family] = filing
    year = {str(number): year for year, number in first.values() if 2000 <= year <= 2014}
    home = {}
    for row in rows(folder, "patstat/tls206_part*.csv"):
        home[row["person_id"]] = row["nuts"][:4] or region.get((row["person_ctry_code"], ""), "")
    events = Events()
    peopled = set()
    for row in rows(folder, "patstat/tls207_part*.csv"):
        if row["appln_id"] in year and int(row["invt_seq_nr"]) > 0:
            peopled.add(row["appln_id"])
            if place := home[row["person_id"]]:
                events.regions[row["appln_id"]].add(place)
    for row in rows(folder, "patstat/tls209_part*.csv"):
        if row["appln_id"] in peopled:
            events.sectors[row["appln_id"]].add(sector["ipc", row["ipc_class_symbol"]])
    events.year = {event: year[event] for event in events.sectors}
    return events


def deals(folder: Path, sector: dict[tuple[str, str], str], region: dict[tuple[str, str], str]) -> Events:
    events = Events()
    for row in rows(folder, "thomson/deals.csv"):
        year = int(row["Date Announced"][-4:])
        if row["Status"] != "Withdrawn" and 2000 <= year <= 2014:
            number = row["Deal Number"]
            events.year[number] = year
            for side in ("Target", "Acquiror"):
                events.sides[number][side] = sector["naics", row[f"{side} Primary NAIC Code"]]
                events.regions[number].add(region[row[f"{side} Nation"], row[f"{side} City"]])
    return events


def alliances(folder: Path, sector: dict[tuple[str, str], str], region: dict[tuple[str, str], str]) -> Events:
    events = Events()
    for row in rows(folder, "sdc/alliances.csv"):
        year = int(row["Alliance Date Announced"][-4:])
        if row["Status"] != "Rumor" and 2000 <= year <= 2014:
            number = row["Deal Number"]
            events.year[number] = year
            events.sectors[number].add(sector["sic", row["Participant Primary SIC Code"]])
            events.regions[number].add(region[row["Participant Nation"], row["Participant City"]])
    return events


def networks(folder: Path) -> dict[str, pd.DataFrame]:
    """Count the links of sectors and regions, of every source and of all, in both periods."""
    sector = {(row["scheme"], row["symbol"]): row["naics3"] for row in rows(folder, "sectors.csv")}
    region = {(row["nation"], row["city"]): row["region"] for row in rows(folder, "places.csv")}
    graphs: dict[str, nx.Graph] = defaultdict(nx.Graph)
    for source, read in {"copatent": patents, "deal": deals, "alliance": alliances}.items():
        events = read(folder, sector, region)
        for event, year in events.year.items():
            sectors = set(events.sides[event].values()) if source == "deal" else events.sectors[event]
            if len(sectors) < 2:
                continue
            for period, (first, last) in PERIODS.items():
                if first <= year <= last:
                    for kind, nodes in (("sector", sectors), ("region", events.regions[event])):
                        for a, b in combinations(sorted(nodes), 2):
                            for name in (source, "all"):
                                add(graphs[f"{kind}__{name}__{period}"], a, b)
    return {name: table(graph) for name, graph in graphs.items()}


def add(graph: nx.Graph, a: str, b: str) -> None:
    if graph.has_edge(a, b):
        graph[a][b]["events"] += 1
    else:
        graph.add_edge(a, b, events=1)


def table(graph: nx.Graph) -> pd.DataFrame:
    links = [(*sorted((a, b)), data["events"]) for a, b, data in graph.edges(data=True)]
    return pd.DataFrame(links, columns=["source", "target", "events"])


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    from measured import measured

    measured(networks)
