"""The benchmark of the start runs, and its table holds what it measured."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

FILE = Path(__file__).parent.parent / "benchmarks" / "start.py"


def test_it_runs_and_says_what_it_started():
    done = subprocess.run(
        [sys.executable, str(FILE), "--runs", "1"], capture_output=True, text=True, check=True, cwd=FILE.parent.parent
    )
    assert done.stderr == ""
    rows = [line for line in done.stdout.splitlines() if line.startswith("| `")]
    assert [row.split("`")[1] for row in rows] == [
        "python -c pass", "python -c 'import typer'", "linkages --help", "linkages diff --help",
    ]  # fmt: skip
    assert rows[0].endswith("| 1.0 |")


def test_the_table_by_hand():
    spec = importlib.util.spec_from_file_location("bench_start", FILE)
    assert spec is not None
    assert spec.loader is not None
    bench = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(bench)
    lines = bench.table({"python -c pass": [0.1, 0.2, 0.3], "linkages --help": [0.4, 0.5, 0.9]})
    assert lines[2:] == ["| `python -c pass` | 0.200 | 0.100 | 1.0 |", "| `linkages --help` | 0.500 | 0.400 | 2.5 |"]
