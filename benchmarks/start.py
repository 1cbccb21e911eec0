"""How long a command takes to say anything: `linkages --help` beside a Python that does nothing.

    python benchmarks/start.py [--runs N]

Both are started in turn, so that a busy machine slows both: read the ratio. The aim is 0.4 s on a machine at rest.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence

AIM = 0.4
#: What is started, the measure of the others first.
STARTED = {
    "python -c pass": ["-c", "pass"],
    "python -c 'import typer'": ["-c", "import typer"],
    "linkages --help": ["-m", "observatory.cli", "--help"],
    "linkages diff --help": ["-m", "observatory.cli", "diff", "--help"],
}


def seconds(arguments: Sequence[str]) -> float:
    """Start Python once with these arguments; wall time in seconds."""
    started = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def measured(runs: int) -> dict[str, list[float]]:
    """Start each in turn, so many times, after one start of each that is not counted."""
    for arguments in STARTED.values():
        seconds(arguments)
    times: dict[str, list[float]] = {name: [] for name in STARTED}
    for _ in range(runs):
        for name, arguments in STARTED.items():
            times[name].append(seconds(arguments))
    return times


def table(times: dict[str, list[float]]) -> list[str]:
    """Write the medians, the least and the ratio to a Python that does nothing, as Markdown."""
    base = statistics.median(times["python -c pass"])
    lines = ["| started | median, s | least, s | ratio of medians |", "|---|---|---|---|"]
    for name, each in times.items():
        middle = statistics.median(each)
        lines.append(f"| `{name}` | {middle:.3f} | {min(each):.3f} | {middle / base:.1f} |")
    return lines


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=20, help="starts of each")
    chosen = parser.parse_args()
    times = measured(chosen.runs)
    print(f"{chosen.runs} starts of each in turn; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores\n")
    print("\n".join(table(times)))
    least = min(times["linkages --help"])
    met = "met" if least < AIM else "not met"
    print(f"\nThe aim of {AIM} s for `linkages --help` is {met} by the least of these starts ({least:.3f} s).")


if __name__ == "__main__":
    main()
