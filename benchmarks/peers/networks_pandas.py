"""The networks as a researcher writes them in pandas: read, filter, merge each table with itself, count.

It does no more than count: no ledger, no duplicates, no check of a cell. The files are clean.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

PERIODS = {"2000-2007": (2000, 2007), "2007-2014": (2007, 2014)}


def parts(folder: Path, table: str, columns: list[str]) -> pd.DataFrame:
    files = sorted((folder / "patstat").glob(f"{table}_part*.csv"))
    return pd.concat([pd.read_csv(file, usecols=columns) for file in files], ignore_index=True)


def patents(folder: Path, sectors: pd.DataFrame, places: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    applications = parts(folder, "tls201", ["appln_id", "appln_auth", "appln_filing_year", "docdb_family_id"])
    applications = applications[applications["appln_auth"] == "EP"]
    first = applications.sort_values(["appln_filing_year", "appln_id"]).drop_duplicates("docdb_family_id")
    first = first[["appln_id", "appln_filing_year"]].rename(columns={"appln_id": "event", "appln_filing_year": "year"})
    first = first[first["year"].between(2000, 2014)]
    roles = parts(folder, "tls207", ["person_id", "appln_id", "invt_seq_nr"])
    roles = roles[roles["invt_seq_nr"] > 0][["person_id", "appln_id"]].rename(columns={"appln_id": "event"})
    symbols = parts(folder, "tls209", ["appln_id", "ipc_class_symbol"])
    symbols = symbols.rename(columns={"appln_id": "event", "ipc_class_symbol": "symbol"})
    symbols = symbols.merge(sectors[sectors["scheme"] == "ipc"][["symbol", "node"]], on="symbol")
    first = first[first["event"].isin(roles["event"]) & first["event"].isin(symbols["event"])]
    persons = parts(folder, "tls206", ["person_id", "person_ctry_code", "nuts"])
    away = places[places["city"].isna()].set_index("nation")["region"]
    persons["node"] = persons["nuts"].str[:4].fillna(persons["person_ctry_code"].map(away))
    roles = roles.merge(persons[["person_id", "node"]].dropna(), on="person_id")
    return symbols[["event", "node"]].merge(first, on="event"), roles[["event", "node"]].merge(first, on="event")


def deals(folder: Path, sectors: pd.DataFrame, places: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    sides = ["Target", "Acquiror"]
    columns = [f"{side} {what}" for side in sides for what in ("Nation", "City", "Primary NAIC Code")]
    columns += ["Date Announced", "Status", "Deal Number"]
    table = pd.read_csv(folder / "thomson" / "deals.csv", usecols=columns, dtype=str)
    table = table[table["Status"] != "Withdrawn"]
    table["year"] = table["Date Announced"].str[-4:].astype(int)
    table = table[table["year"].between(2000, 2014)].rename(columns={"Deal Number": "event"})
    own = sectors[sectors["scheme"] == "naics"][["symbol", "node"]]
    codes, regions = [], []
    for side in sides:
        one = table[["event", "year"]].assign(
            side=side,
            symbol=table[f"{side} Primary NAIC Code"],
            nation=table[f"{side} Nation"],
            city=table[f"{side} City"],
        )
        codes.append(one.merge(own, on="symbol")[["event", "year", "side", "node"]])
        regions.append(one.merge(places, on=["nation", "city"])[["event", "year", "region"]])
    return pd.concat(codes), pd.concat(regions).rename(columns={"region": "node"})


def alliances(folder: Path, sectors: pd.DataFrame, places: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    table = pd.read_csv(folder / "sdc" / "alliances.csv", dtype=str)
    table = table[table["Status"] != "Rumor"]
    table["year"] = table["Alliance Date Announced"].str[-4:].astype(int)
    table = table[table["year"].between(2000, 2014)]
    names = ["event", "date", "status", "name", "nation", "city", "symbol", "year"]
    table = table.set_axis(names, axis=1)
    coded = table.merge(sectors[sectors["scheme"] == "sic"][["symbol", "node"]], on="symbol")
    placed = table.merge(places, on=["nation", "city"]).rename(columns={"region": "node"})
    return coded[["event", "year", "node"]], placed[["event", "year", "node"]]


def paired(items: pd.DataFrame, between: tuple[str, str] | None = None) -> pd.DataFrame:
    """Pair the different nodes of each event; `between` two sides only where it is a deal."""
    if between:
        one, two = (items[items["side"] == side][["event", "year", "node"]] for side in between)
        pairs = one.merge(two[["event", "node"]], on="event")
        low = pairs[["node_x", "node_y"]].min(axis=1)
        pairs["node_y"] = pairs[["node_x", "node_y"]].max(axis=1)
        pairs["node_x"] = low
    else:
        distinct = items[["event", "year", "node"]].drop_duplicates()
        pairs = distinct.merge(distinct[["event", "node"]], on="event")
    return pairs[pairs["node_x"] < pairs["node_y"]]


def networks(folder: Path) -> dict[str, pd.DataFrame]:
    """Count the links of sectors and regions, of every source and of all, in both periods."""
    sectors = pd.read_csv(folder / "sectors.csv", dtype=str).rename(columns={"naics3": "node"})
    places = pd.read_csv(folder / "places.csv", dtype=str, keep_default_na=False).replace({"city": {"": None}})
    found: dict[str, pd.DataFrame] = {}
    counted: dict[tuple[str, str], list[pd.DataFrame]] = {}
    for source, read in {"copatent": patents, "deal": deals, "alliance": alliances}.items():
        codes, regions = read(folder, sectors, places)
        pairs = {"sector": paired(codes, ("Target", "Acquiror") if source == "deal" else None)}
        pairs["region"] = paired(regions[regions["event"].isin(pairs["sector"]["event"])])
        for kind, table in pairs.items():
            for period, (first, last) in PERIODS.items():
                links = table[table["year"].between(first, last)].groupby(["node_x", "node_y"]).size()
                links = links.rename("events").rename_axis(["source", "target"]).reset_index()
                found[f"{kind}__{source}__{period}"] = links
                counted.setdefault((kind, period), []).append(links)
    for (kind, period), tables in counted.items():
        summed = pd.concat(tables).groupby(["source", "target"], as_index=False)["events"].sum()
        found[f"{kind}__all__{period}"] = summed
    return found


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    from measured import measured

    measured(networks)
