"""From vendors' files to networks: the project beside scripts that a researcher writes, on the same files.

Each way runs in a process of its own, in turn, so that a busy machine slows all of them; the answers are compared link
by link before any time is. Prints Markdown.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

import pandas as pd

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from benchmarks.generator import generate

HERE = Path(__file__).resolve().parent
KEYS = ["network", "source", "target"]
Run = dict[str, float]


def run(way: str, folder: Path, out: Path, memory: str | None = None, more: Sequence[str] = ()) -> Run:
    """Do one way in a process of its own, and say what it took."""
    script = HERE / "peers" / f"networks_{way}.py"
    environment = {k: v for k, v in os.environ.items() if k != "MEMORY_LIMIT"}
    if memory:
        environment["MEMORY_LIMIT"] = memory
    done = subprocess.run(
        [sys.executable, str(script), str(folder), str(out), *more], capture_output=True, text=True, env=environment
    )
    if done.returncode:
        raise RuntimeError(f"{way} on {folder.name}: {done.stderr.strip().splitlines()[-1]}")
    told = json.loads(done.stdout.splitlines()[-1])
    return {**{name: float(told[name]) for name in ("wall", "cpu", "memory")}, **told["stages"]}


def same(one: Path, other: Path) -> int:
    """Compare the answers of two ways, link by link; return the number of links.

    Raises
    ------
    ValueError
        Names the first links that differ.
    """
    tables = [pd.read_parquet(path)[[*KEYS, "events"]] for path in (one, other)]
    both = tables[0].merge(tables[1], on=KEYS, how="outer", suffixes=("_one", "_other"))
    wrong = both[both["events_one"] != both["events_other"]]
    if len(wrong):
        raise ValueError(f"{one.stem} and {other.stem} differ in {len(wrong)} links, first:\n{wrong.head()}")
    return len(both)


def beside(folder: Path, ways: Sequence[str], repeat: int) -> dict[str, Run]:
    """Run the ways in turn, several times; compare their answers, and give the medians."""
    runs: dict[str, list[Run]] = {way: [] for way in ways}
    with tempfile.TemporaryDirectory() as place:
        files = {way: Path(place) / f"{way}.parquet" for way in ways}
        for _ in range(repeat):
            for way in ways:
                runs[way].append(run(way, folder, files[way]))
        for way in ways[1:]:
            same(files[ways[0]], files[way])
    return {way: medians(found) for way, found in runs.items()}


def medians(runs: Sequence[Run]) -> Run:
    """Take the middle of each figure."""
    return {name: statistics.median(one[name] for one in runs) for name in runs[0]}


def compared(scale: float, found: Mapping[str, Run]) -> Iterator[dict[str, object]]:
    """Set each way beside ours, or beside the first where ours is not among them."""
    ours = found.get("ours") or next(iter(found.values()))
    for way, one in found.items():
        yield {
            "size": f"{scale:g}",
            "way": way,
            "clock, s": f"{one['wall']:.1f}",
            "processor, s": f"{one['cpu']:.1f}",
            "memory, MB": f"{one['memory']:.0f}",
            "its clock / ours": f"{one['wall'] / ours['wall']:.2f}",
            "its processor / ours": f"{one['cpu'] / ours['cpu']:.2f}",
            "our memory / its": f"{ours['memory'] / one['memory']:.2f}",
        }


def stages(scale: float, one: Run) -> dict[str, object]:
    """Say where our time goes."""
    return {"size": f"{scale:g}"} | {k: f"{v:.1f}" for k, v in one.items() if k not in ("wall", "cpu", "memory")}


def table(rows: Sequence[Mapping[str, object]]) -> None:
    """Print a table in Markdown."""
    lines = [list(rows[0]), ["---"] * len(rows[0]), *(list(row.values()) for row in rows)]
    for line in lines:
        print("| " + " | ".join(str(cell) for cell in line) + " |")
    print(flush=True)


def machine() -> str:
    """Say on what was measured."""
    pages = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    packages = ", ".join(f"{name} {version(name)}" for name in ("duckdb", "pandas", "pyarrow", "narwhals", "networkx"))
    load = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} cores ({platform.machine()}), {pages:.0f} GB, Python {platform.python_version()}, "
        f"{packages}; {load:.1f} processes were waiting to run when it ended."
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, nargs="+", default=[0.01, 0.1, 1.0], help="sizes, 1 being the seeds'")
    parser.add_argument("--repeat", type=int, default=3, help="runs of each way; the median counts")
    parser.add_argument("--ways", nargs="+", default=["ours", "pandas", "sql", "loops"])
    parser.add_argument("--loops-up-to", type=float, default=0.1, help="the largest size that the loops are given")
    parser.add_argument("--files", type=Path, help="where generated files lie, or are put; else they are thrown away")
    parser.add_argument("--memory", help="run ours once more at each size under this limit, for example 2GB")
    chosen = parser.parse_args()

    with tempfile.TemporaryDirectory() as place:
        for scale in chosen.scale:
            folder = (chosen.files or Path(place)) / f"{scale:g}"
            if not (folder / "sectors.csv").exists():
                print(f"files of size {scale:g}: {generate(folder, scale)}\n", flush=True)
            ways = [way for way in chosen.ways if way != "loops" or scale <= chosen.loops_up_to]
            found = beside(folder, ways, chosen.repeat)
            table(list(compared(scale, found)))
            if "ours" in found:
                table([stages(scale, found["ours"])])
            if chosen.memory:
                limited(scale, folder, chosen.memory)
    print(machine())


def limited(scale: float, folder: Path, memory: str) -> None:
    """Run ours under a memory limit, strength, change and concentration with it."""
    with tempfile.TemporaryDirectory() as place:
        one = run("ours", folder, Path(place) / "limited.parquet", memory, ["--all"])
    told = {"limit": memory, "clock, s": f"{one['wall']:.1f}", "peak memory, MB": f"{one['memory']:.0f}"}
    table([{**told, **stages(scale, one)}])


if __name__ == "__main__":
    main()
