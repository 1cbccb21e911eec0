"""The networks in bare SQL on DuckDB: the floor, since nothing is checked, kept or accounted for."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pandas as pd

PERIODS = {"2000-2007": (2000, 2007), "2007-2014": (2007, 2014)}
TABLES = """
CREATE TABLE sectors AS SELECT scheme, symbol, naics3 AS node FROM read_csv('{folder}/sectors.csv', all_varchar = true);
CREATE TABLE places AS SELECT nation, coalesce(city, '') AS city, region
    FROM read_csv('{folder}/places.csv', all_varchar = true);
CREATE TABLE roles AS SELECT person_id, appln_id FROM read_csv('{folder}/patstat/tls207_part*.csv')
    WHERE invt_seq_nr > 0;
CREATE TABLE symbols AS SELECT appln_id, node FROM read_csv('{folder}/patstat/tls209_part*.csv') s
    JOIN sectors ON scheme = 'ipc' AND symbol = ipc_class_symbol;
CREATE TABLE first AS SELECT arg_min(appln_id, (appln_filing_year, appln_id)) AS event, min(appln_filing_year) AS year
    FROM read_csv('{folder}/patstat/tls201_part*.csv') WHERE appln_auth = 'EP' GROUP BY docdb_family_id
    HAVING min(appln_filing_year) BETWEEN 2000 AND 2014;
CREATE TABLE peopled AS SELECT * FROM first WHERE event IN (SELECT appln_id FROM roles);
CREATE TABLE deals AS SELECT "Deal Number" AS event, "Date Announced"[-4:]::INT AS year,
    "Target Nation" AS tn, "Target City" AS tc, "Target Primary NAIC Code" AS ts,
    "Acquiror Nation" AS an, "Acquiror City" AS ac, "Acquiror Primary NAIC Code" AS as_
    FROM read_csv('{folder}/thomson/deals.csv', all_varchar = true) WHERE Status <> 'Withdrawn';
CREATE TABLE alliances AS SELECT "Deal Number" AS event, "Alliance Date Announced"[-4:]::INT AS year,
    "Participant Nation" AS nation, "Participant City" AS city, "Participant Primary SIC Code" AS symbol
    FROM read_csv('{folder}/sdc/alliances.csv', all_varchar = true) WHERE Status <> 'Rumor';
CREATE TABLE pairs_copatent AS WITH items AS (
    SELECT DISTINCT event, year, node FROM peopled JOIN symbols ON event = appln_id)
    SELECT a.event, a.year, a.node AS source, b.node AS target FROM items a JOIN items b USING (event)
    WHERE a.node < b.node;
CREATE TABLE pairs_deal AS SELECT event, year, least(t.node, a.node) AS source, greatest(t.node, a.node) AS target
    FROM deals JOIN sectors t ON t.scheme = 'naics' AND t.symbol = ts
    JOIN sectors a ON a.scheme = 'naics' AND a.symbol = as_ WHERE t.node <> a.node;
CREATE TABLE pairs_alliance AS WITH items AS (
    SELECT DISTINCT event, year, node FROM alliances JOIN sectors USING (symbol) WHERE scheme = 'sic')
    SELECT a.event, a.year, a.node AS source, b.node AS target FROM items a JOIN items b USING (event)
    WHERE a.node < b.node;
CREATE TABLE persons AS SELECT person_id, coalesce(nuts[:4], region) AS node
    FROM read_csv('{folder}/patstat/tls206_part*.csv') LEFT JOIN places ON city = '' AND nation = person_ctry_code;
CREATE TABLE places_copatent AS SELECT DISTINCT event, year, node
    FROM (SELECT DISTINCT event, year FROM pairs_copatent) JOIN roles ON event = appln_id JOIN persons USING (person_id)
    WHERE node IS NOT NULL;
CREATE TABLE places_deal AS SELECT DISTINCT event, year, region AS node FROM (
    SELECT event, year, tn AS nation, tc AS city FROM deals UNION ALL SELECT event, year, an, ac FROM deals)
    JOIN places USING (nation, city) WHERE event IN (SELECT event FROM pairs_deal);
CREATE TABLE places_alliance AS SELECT DISTINCT event, year, region AS node FROM alliances
    JOIN places USING (nation, city) WHERE event IN (SELECT event FROM pairs_alliance);
"""
REGIONS = """
CREATE TABLE regions_{source} AS SELECT a.year, a.node AS source, b.node AS target
FROM places_{source} a JOIN places_{source} b USING (event) WHERE a.node < b.node;
"""
LINKS = "SELECT source, target, count(*) AS events FROM {pairs} WHERE year BETWEEN {first} AND {last} GROUP BY ALL"
SOURCES = ("copatent", "deal", "alliance")


def networks(folder: Path) -> dict[str, pd.DataFrame]:
    """Count the links of sectors and regions, of every source and of all, in both periods."""
    import duckdb

    found: dict[str, pd.DataFrame] = {}
    with duckdb.connect() as connection:
        connection.execute("SET preserve_insertion_order = false")
        if limit := os.environ.get("MEMORY_LIMIT"):
            connection.execute(f"SET memory_limit = '{limit}'")
        for statement in TABLES.format(folder=folder).split(";"):
            connection.execute(statement)
        for source in SOURCES:
            connection.execute(REGIONS.format(source=source))
        for kind, prefix in (("sector", "pairs"), ("region", "regions")):
            for period, (first, last) in PERIODS.items():
                tables = []
                for source in SOURCES:
                    query = LINKS.format(pairs=f"{prefix}_{source}", first=first, last=last)
                    tables.append(connection.execute(query).df())
                    found[f"{kind}__{source}__{period}"] = tables[-1]
                summed = pd.concat(tables).groupby(["source", "target"], as_index=False)["events"].sum()
                found[f"{kind}__all__{period}"] = summed
    return found


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    from measured import measured

    measured(networks)
