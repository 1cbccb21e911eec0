"""How fast firms become stars, beside pandas and bare SQL: ``python benchmarks/stars.py [--rows N] [--runs N]``.

51 industries, 353 regions and nine years from ten million rows of firms. Each script of ``peers/`` runs in a process
of its own, in turn; their answers are compared cell by cell before their times are. Ratios are of the same round, and
medians.
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
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from benchmarks.firms import generate

ROOT = Path(__file__).resolve().parents[1]
PEERS = ROOT / "benchmarks" / "peers"
OURS, PANDAS, SQL = "ours", "pandas", "sql"
KEYS = ["region", "industry", "year"]
EXACT = ["high_growth_smes", "frontier_firms", "firms"]
Told = dict[str, float]


def measure(
    folder: Path, runs: int, memory: str | None = None, peers: Sequence[str] = (OURS, SQL, PANDAS)
) -> pd.DataFrame:
    """Run each peer in turn; one row a round and peer: seconds by the clock and of the processor, peak memory in MB."""
    rows = []
    for turn in range(runs):
        answers = {}
        # The first of a round finds a colder cache: the order turns.
        for name in [*peers[turn % len(peers) :], *peers[: turn % len(peers)]]:
            told = run(name, folder, memory)
            answers[name] = pd.read_parquet(folder / f"{name}.parquet")
            rows.append({"round": turn, "peer": name, **told})
        for name in peers:
            compare(answers[OURS], answers[name], name)
    return pd.DataFrame(rows)


def run(name: str, folder: Path, memory: str | None = None) -> Told:
    """Run one peer in a process of its own."""
    also = ["--scores"] if name == OURS else []
    command = [sys.executable, str(PEERS / f"stars_{name}.py"), str(folder), str(folder / f"{name}.parquet"), *also]
    environment = os.environ | ({"MEMORY_LIMIT": memory} if memory else {})
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    if done.returncode:
        raise RuntimeError(f"{name} failed:\n{done.stderr[-2000:]}")
    told: Told = json.loads(done.stdout)
    return told


def compare(ours: pd.DataFrame, theirs: pd.DataFrame, name: str) -> None:
    """Refuse to compare times where a cell differs: counts to the last firm, sums to twelve digits."""
    one, other = (table.sort_values(KEYS, ignore_index=True) for table in (ours, theirs))
    if not one[KEYS].astype(str).equals(other[KEYS].astype(str)):
        raise AssertionError(f"{name} has other cells: {len(other):,}, ours {len(one):,}")
    for column in [*EXACT, "employment", "wages"]:
        # What is not known here is zero in a script that does not tell the two apart.
        mine, yours = (table[column].fillna(0).to_numpy("float64") for table in (one, other))
        if not np.allclose(mine, yours, rtol=1e-12, atol=1e-9):
            at = int(np.argmax(np.abs(mine - yours)))
            raise AssertionError(f"{name}, {column} of {one.loc[at, KEYS].to_list()}: {yours[at]}, ours {mine[at]}")


def summary(table: pd.DataFrame) -> pd.DataFrame:
    """Medians of each peer, and of the ratios to ours in the same round."""
    ours = table[table["peer"] == OURS].set_index("round")
    rows = []
    for name, part in table.groupby("peer", sort=False):
        by = part.set_index("round")
        row = {"peer": name, **{column: statistics.median(by[column]) for column in ("wall", "cpu", "memory")}}
        for column in ("wall", "cpu", "memory"):
            row[f"{column}, times ours"] = statistics.median(by[column] / ours[column])
        rows.append(row)
    return pd.DataFrame(rows).sort_values("peer", ignore_index=True)


def markdown(table: pd.DataFrame, scores: float) -> str:
    """The table of docs/performance.md."""
    head = "| | clock, s | processor, s | peak, MB | clock ÷ ours | processor ÷ ours | peak ÷ ours |"
    names = {OURS: "linkages", PANDAS: "pandas script", SQL: "bare DuckDB SQL"}
    lines = [head, "|---|---|---|---|---|---|---|"]
    for row in table.to_dict("records"):
        ratios = " | ".join(f"{row[f'{column}, times ours']:.2f}" for column in ("wall", "cpu", "memory"))
        lines.append(
            f"| {names[row['peer']]} | {row['wall']:.1f} | {row['cpu']:.1f} | {row['memory']:,.0f} | {ratios} |"
        )
    return "\n".join(
        [*lines, "", f"The scores of the table that comes out take another {scores:.1f} s by the clock (median)."]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000_000, help="rows of firms")
    parser.add_argument("--runs", type=int, default=3, help="rounds")
    parser.add_argument("--memory", help="memory limit of DuckDB, such as 2GB")
    parser.add_argument("--folder", type=Path, help="where the files are kept; a temporary folder without it")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.folder or Path(temporary)
        rows = generate(folder, given.rows)
        table = measure(folder, given.runs, given.memory)
    print(f"{rows:,} rows of firms, {given.runs} rounds, {os.cpu_count()} cores, {platform.machine()}, ", end="")
    print(", ".join(f"{name} {version(name)}" for name in ("duckdb", "narwhals", "pandas", "numpy")))
    print("load of the machine:", ", ".join(f"{load:.1f}" for load in os.getloadavg()))
    print(markdown(summary(table), statistics.median(table["scores"].dropna())))


if __name__ == "__main__":
    main()
