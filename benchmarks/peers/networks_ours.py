"""The networks as the project makes them: the vendors' files through ``ingest`` and ``linkages``, ledger and all."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
T = TypeVar("T")
#: Seconds by the clock of each stage, told beside the whole.
STAGES: dict[str, float] = {}


def networks(folder: Path) -> dict[str, pd.DataFrame]:
    """Read and count as ``linkages run`` does."""
    from ingest import merge, read
    from observatory.engines import engine_named
    from observatory.settings import Settings, Source
    from observatory.stages import counting

    engine = engine_named("duckdb", os.environ.get("MEMORY_LIMIT"))
    sources = {"patstat": "patstat", "thomson": "thomson", "sdc": "sdc"}
    years = range(2000, 2015)
    parts = [
        timed(
            f"read {name}", lambda name=name: read(name, sorted((folder / name).iterdir()), years=years, engine=engine)
        )
        for name in sources
    ]
    records = merge(parts)
    settings = Settings(title="benchmark", sources={name: Source(name, ["*"]) for name in sources})
    counts = timed("pair", lambda: counting.count_records(records, settings))
    found = timed("count", lambda: counting.networks(counts))
    if "--all" in sys.argv:
        timed("matrices", lambda: list(counting.matrices(counts)))
        timed("change", lambda: counting.changes(counts, found))
        timed("joint", lambda: counting.joint_table(counts))
        timed("concentration", lambda: counting.concentration_table(counts))
    return {name: network.links[["source", "target", "events"]] for name, network in found.items()}


def timed(stage: str, work: Callable[[], T]) -> T:
    start = time.perf_counter()
    try:
        return work()
    finally:
        STAGES[stage] = time.perf_counter() - start


if __name__ == "__main__":
    from benchmarks.measured import measured

    measured(networks, STAGES)
