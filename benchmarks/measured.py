"""One run in a process of its own: its time, its memory, and its answers for the comparison."""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd

Networks = dict[str, pd.DataFrame]


def measured(work: Callable[[Path], Networks], stages: Mapping[str, float] | None = None) -> None:
    """Do the work on the folder that the first argument names; write its answers to the second."""
    folder, out = Path(sys.argv[1]), Path(sys.argv[2])
    start = time.perf_counter()
    found = work(folder)
    wall = time.perf_counter() - start
    used = resource.getrusage(resource.RUSAGE_SELF)
    parts = [table.assign(network=name) for name, table in sorted(found.items())]
    table = pd.concat(parts, ignore_index=True).astype({"source": str, "target": str, "events": "int64"})
    table.sort_values(["network", "source", "target"], ignore_index=True).to_parquet(out)
    told = {
        "wall": wall,
        "cpu": used.ru_utime + used.ru_stime,
        "memory": used.ru_maxrss / 1024,
        "stages": dict(stages or {}),
    }
    print(json.dumps(told))
