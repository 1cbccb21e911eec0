"""How fast files become records, and whether that grows with the rows: ``python benchmarks/reading.py``.

REGPAT's inventors with their IPC symbols and SDC's alliances, of three sizes, each read in a process of its own under a
limit on the engine's memory. Cost is linear where a further row costs the same from size to size. Prints Markdown.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from benchmarks.generator import generate_alliances
from benchmarks.regpat_files import generate_regpat

#: Rows at full size; the limit of the engine, which leaves room within 2 GB for the rest of the process.
REGPAT, SDC, MEMORY = 3_000_000, 500_000, "1GB"
SIZES = (0.1, 0.3, 1.0)
Told = dict[str, float]


def written(source: str, folder: Path, scale: float) -> int:
    """Write the files of a source; return the rows that its figure is told by: inventors, or participants."""
    if source == "regpat":
        return generate_regpat(folder, round(REGPAT * scale))["inv_reg"]
    folder.mkdir(parents=True)
    return generate_alliances(folder, round(SDC * scale))


def read_in(source: str, folder: Path, memory: str) -> Told:
    """Read a folder in a process of its own."""
    command = [sys.executable, __file__, "--read", source, str(folder), "--memory", memory]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{source}: {done.stderr.strip().splitlines()[-1]}")
    told: Told = json.loads(done.stdout.splitlines()[-1])
    return told


def here(source: str, folder: Path, memory: str) -> Told:
    """Read a folder in this process: rows read and used, seconds, MB."""
    from ingest import DuckDB, read

    start = time.perf_counter()
    ledger = read(source, sorted(folder.iterdir()), engine=DuckDB(memory_limit=memory)).ledger
    wall = time.perf_counter() - start
    rows = ledger.set_index("reason")["rows"]
    if rows["read"] != rows.drop("read").sum():
        raise AssertionError(f"the ledger does not balance: {rows.to_dict()}")
    spent = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "read": float(rows["read"]),
        "used": float(rows["used"]),
        "wall": wall,
        "cpu": spent.ru_utime + spent.ru_stime,
        "memory": peak(),
    }


def peak() -> float:
    """Tell the most memory that this process has held, in MB.

    Linux hands ``ru_maxrss`` on from the process that started this one, which has made the files.
    """
    status = Path("/proc/self/status")
    if not status.is_file():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    said = dict(line.split(":", 1) for line in status.read_text(encoding="ascii").splitlines())
    return float(said["VmHWM"].split()[0]) / 1024


def line(source: str, scale: float, rows: int, told: Mapping[str, float], last: Mapping[str, float] | None) -> str:
    """Write a line of the table; what a further row costs is told by the size before, so that the start is no part."""
    more = "" if last is None else f"{(told['cpu'] - last['cpu']) / (told['read'] - last['read']) * 1e6:.1f}"
    cells = [f"{told[name]:,.0f}" for name in ("read", "used")] + [f"{told[name]:.1f}" for name in ("wall", "cpu")]
    return f"| {source} | {scale:g} | {rows:,} | {' | '.join(cells)} | {told['memory']:,.0f} | {more} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, action="append", help="sizes, 1 is 3 million and 500,000 rows")
    parser.add_argument("--memory", default=MEMORY, help=f"limit of the engine (default {MEMORY})")
    parser.add_argument("--read", nargs=2, metavar=("SOURCE", "FOLDER"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.read:
        print(json.dumps(here(given.read[0], Path(given.read[1]), given.memory)))
        return
    print(f"{os.cpu_count()} cores, {platform.machine()}, engine limited to {given.memory}, ", end="")
    print(", ".join(f"{name} {version(name)}" for name in ("duckdb", "narwhals", "pandas", "pyarrow")))
    print("load of the machine:", ", ".join(f"{load:.1f}" for load in os.getloadavg()))
    print("\n| source | size | people | rows read | used | clock, s | processor, s | peak, MB | µs a row more |")
    print("|---|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as temporary:
        for source in ("regpat", "sdc"):
            last = None
            for scale in sorted(given.scale or SIZES):
                folder = Path(temporary) / source / str(scale)
                rows = written(source, folder, scale)
                told = read_in(source, folder, given.memory)
                print(line(source, scale, rows, told, last), flush=True)
                last = told


if __name__ == "__main__":
    main()
