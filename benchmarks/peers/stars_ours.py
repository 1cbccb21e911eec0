"""Stars from firms as the project makes them: the file through its layout, checks and ledger; then the scores."""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from pathlib import Path

import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

# Imported before the clock starts, as the peers import theirs.
from ingest.engine import DuckDB
from observatory.stars import star_scores
from observatory.stars.firms.counted import count_firms
from observatory.stars.firms.files import firms_of
from observatory.stars.layouts.opened import opened


def regional_table(folder: Path) -> pd.DataFrame:
    engine = DuckDB(memory_limit=os.environ.get("MEMORY_LIMIT"))
    tables, _ = opened([folder / "firms.parquet"])
    firms, where = firms_of(engine, tables)
    return count_firms(engine, firms, where=where, nuts=2013).table


def scored(table: pd.DataFrame) -> pd.DataFrame:
    return star_scores(table, industry="industry")


if __name__ == "__main__":
    start = time.perf_counter()
    found = regional_table(Path(sys.argv[1]))
    wall = time.perf_counter() - start
    used = resource.getrusage(resource.RUSAGE_SELF)
    told = {"wall": wall, "cpu": used.ru_utime + used.ru_stime, "memory": used.ru_maxrss / 1024}
    columns = ["region", "industry", "year", "employment", "wages", "firms", "high_growth_smes", "frontier_firms"]
    found.loc[found["industry"] != "total", columns].to_parquet(sys.argv[2])
    if "--scores" in sys.argv:
        start = time.perf_counter()
        stars = scored(found)
        told["scores"] = time.perf_counter() - start
        told["pairs"] = len(stars)
    sys.stdout.write(json.dumps(told))
