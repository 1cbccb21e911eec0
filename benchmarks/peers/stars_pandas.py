"""Stars from firms as a researcher writes it in pandas: read, merge, group."""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

import pandas as pd


def regional_table(folder: Path) -> pd.DataFrame:
    firms = pd.read_parquet(folder / "firms.parquet").rename(
        columns={
            "BvD ID number": "firm",
            "NACE Rev. 2, core code (4 digits)": "code",
            "Year": "year",
            "Number of employees": "employees",
            "Costs of employees th EUR": "wages",
            "Added value th EUR": "value_added",
            "Operating revenue (Turnover) th EUR": "turnover",
        }
    )
    industries = pd.read_csv(folder / "industries.csv", dtype={"code": str})
    firms["region"] = firms["NUTS2"].fillna(firms["Country ISO code"])
    firms["wages"] = firms["wages"].where(firms["employees"].notna())

    before = firms[["firm", "year", "employees", "turnover"]].copy()
    before["year"] += 3
    firms = firms.merge(before, on=["firm", "year"], how="left", suffixes=("", "_before"))
    sme = (firms["employees_before"] >= 10) & (firms["employees_before"] < 250)
    grown = (firms["employees"] / firms["employees_before"] >= 1.728) | (
        (firms["turnover_before"] > 0) & (firms["turnover"] / firms["turnover_before"] >= 1.728)
    )
    firms["high_growth_smes"] = (sme & grown).astype("int64")

    keys = ["region", "code", "year"]
    cells = firms.groupby(keys).agg(
        employment=("employees", "sum"),
        wages=("wages", "sum"),
        firms=("firm", "size"),
        high_growth_smes=("high_growth_smes", "sum"),
    )
    cells = cells.reset_index().merge(industries, on="code")
    figures = ["employment", "wages", "firms", "high_growth_smes"]
    cells[figures] = cells[figures].mul(cells["share"], axis=0)
    table = cells.groupby(["region", "industry", "year"])[figures].sum().reset_index()

    best = industries[["code", "ranked_in"]].drop_duplicates()
    ranked = firms[firms["value_added"].notna() & (firms["employees"] > 0)].merge(best, on="code")
    ranked["value"] = ranked["value_added"] / ranked["employees"]
    by = ranked.groupby(["ranked_in", "year"])["value"]
    ranked["top"] = by.rank(method="min", ascending=False) * 20 <= by.transform("count")
    tops = ranked[ranked["top"]].groupby(["region", "ranked_in", "year"]).size().rename("frontier_firms").reset_index()
    table = table.merge(tops.rename(columns={"ranked_in": "industry"}), on=["region", "industry", "year"], how="left")
    table["frontier_firms"] = table["frontier_firms"].fillna(0)
    table["wages"] *= 1000
    return table


if __name__ == "__main__":
    start = time.perf_counter()
    found = regional_table(Path(sys.argv[1]))
    wall = time.perf_counter() - start
    used = resource.getrusage(resource.RUSAGE_SELF)
    found.to_parquet(sys.argv[2])
    told = {"wall": wall, "cpu": used.ru_utime + used.ru_stime, "memory": used.ru_maxrss / 1024}
    sys.stdout.write(json.dumps(told))
