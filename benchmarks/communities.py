"""How fast and how good the annealer is, beside igraph's spin glass: ``python benchmarks/communities.py [--quick]``.

Ratios are taken side by side in one run, start by start in turn, and are medians; absolute times depend on the machine.
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
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

import numpy as np
import pandas as pd

if __name__ == "__main__":  # this file has the name of the package that it measures
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from benchmarks.planted import events_of, planted
from communities.graph import Graph, Ints, main_component
from communities.igraph_spinglass import igraph_labels
from communities.partition import partition_of
from communities.quality import energy, modularity
from communities.spinglass import spinglass
from communities.stability import bootstrap
from communities.starts import SWEEPS, annealed, coolings_of, model_of

#: Modularity of the dense networks of 1,000 nodes (strength 1,000, q = 3, seed 1) by planted modularity: the best of 12
#: starts of 3,000 sweeps, ten times the ordinary length.
BEST_KNOWN = {0.2: 0.20048516374886893, 0.05: 0.05051409590693462}
#: Starts that count together where a single one is not as good as igraph's.
STARTS = 20
T = TypeVar("T")


@dataclass(frozen=True)
class Case:
    """A network to compare on: q states, how many seeds, how long igraph may take for one start in seconds."""

    name: str
    links: pd.DataFrame
    q: int
    seeds: int
    limit: float


def cases(run: Path, quick: bool) -> Iterator[Case]:
    """Give the networks: planted dense ones, clear and near the limit of what can be found, and the demo's."""
    few, limit = (3, 5.0) if quick else (20, 60.0)
    for signal in (0.34, 0.2, 0.15):
        yield Case(f"planted {signal}", planted(60, 3, signal, 60.0, 1)[0], 3, few, limit)
    for path in sorted((run / "networks").glob("sector__all__*.parquet")):
        links = pd.read_parquet(path)
        yield Case(f"demo {path.stem.split('__')[-1]}", links, 4, few, limit)
    yield Case("planted 0.1", planted(300, 3, 0.1, 300.0, 1)[0], 3, 1 if quick else 20, 5.0 if quick else 900.0)
    yield Case("planted 0.2", planted(1000, 3, 0.2, 1000.0, 1)[0], 3, 1 if quick else 2, 5.0 if quick else 5400.0)


def compare(case: Case) -> dict[str, object]:
    """Run both, one start each in turn; then as many of ours as fit into a twentieth of igraph's time, 20 at most."""
    graph = main_component(case.links)
    model_of(graph, case.q, 1.0).cooled(np.zeros(graph.n, dtype="int64"), 1, 0)  # compiled before the clock starts
    ours, theirs, single, several, unfinished = [], [], [], [], 0
    for seed in range(1, case.seeds + 1):
        mine, took = timed(lambda seed=seed: one_start(graph, case.q, seed))
        other, long = igraph_start(graph, case.q, seed, case.limit)
        ours.append(took)
        theirs.append(long)
        if other is None:
            unfinished += 1
            continue
        bar = energy(graph, other) + 1e-9 * float(graph.weight.sum())
        single.append(energy(graph, mine) <= bar)
        number = max(1, min(STARTS, int(long / 20 / took)))
        more = (one_start(graph, case.q, 1000 * seed + k) for k in range(number - 1))
        several.append(single[-1] or any(energy(graph, labels) <= bar for labels in more))
    ratio = statistics.median(b / a for a, b in zip(ours, theirs, strict=True))
    at_least = "≥ " if unfinished else ""
    return {
        "network": case.name,
        "n": graph.n,
        "links": len(graph.weight),
        "q": case.q,
        "igraph, s": f"{at_least}{statistics.median(theirs):.2f}",
        "ours, s": f"{statistics.median(ours):.4f}",
        "times faster": f"{at_least}{ratio:.0f}",
        "lower or equal": share(single),
        "in a twentieth of the time": share(several),
        "seeds": case.seeds,
    }


def one_start(graph: Graph, q: int, seed: int) -> Ints:
    """Lay the graph out and cool one random start, on one core."""
    return annealed(model_of(graph, q, 1.0), 1, seed, coolings=coolings_of(len(graph.weight)))[0]


def igraph_start(graph: Graph, q: int, seed: int, limit: float) -> tuple[Ints | None, float]:
    """Run one start of igraph in a process of its own, which is ended at the limit; the clock runs inside it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "graph.npz"
        np.savez(path, n=graph.n, source=graph.source, target=graph.target, weight=graph.weight)
        command = [sys.executable, str(Path(__file__).resolve()), "--igraph", str(path), str(q), str(seed)]
        try:
            done = subprocess.run(command, capture_output=True, check=True, timeout=limit + 5.0)
        except subprocess.TimeoutExpired:
            return None, limit
    labels, took = json.loads(done.stdout)
    return np.array(labels, dtype="int64"), took


def igraph_alone(path: str, q: str, seed: str) -> None:
    """Do what the process of :func:`igraph_start` does."""
    arrays = np.load(path)
    names = tuple(str(k) for k in range(int(arrays["n"])))
    graph = Graph(names, arrays["source"], arrays["target"], arrays["weight"])
    labels, took = timed(lambda: igraph_labels(graph, int(q), 1.0, int(seed)))
    print(json.dumps([labels.tolist(), took]))


def times(quick: bool) -> Iterator[dict[str, object]]:
    """Give the absolute times, medians of three, each with its aim."""
    repeat = 1 if quick else 3
    nodes, best = (200, None) if quick else (1000, BEST_KNOWN)
    for signal in BEST_KNOWN:
        graph = main_component(planted(nodes, 3, signal, float(nodes), 1)[0])
        labels, took = median(lambda graph=graph: lowest(graph, 3, STARTS), repeat)
        gap = "" if best is None else f"{1 - modularity(graph, labels) / best[signal]:.4%} below the best known"
        yield row(f"{STARTS} starts, n = {nodes}, q = 3, planted {signal}", took, "< 10 s, gap < 0.1 %", gap)
    links, group = planted(nodes, 3, 0.2, float(nodes), 1)
    found, took = median(lambda: spinglass(links, 3), 1)
    gap = "" if best is None else f"{1 - found.modularity / best[0.2]:.4%} below the best known"
    yield row(f"the whole call, Leiden beside it, n = {nodes}, planted 0.2", took, "< 10 s, gap < 0.1 %", gap)
    links, group = planted(60 if quick else 300, 3, 0.2, 200_000 / 300, 1)
    graph = main_component(links)
    _, took = median(lambda: lowest(graph, 3, STARTS), repeat)
    yield row(f"{STARTS} starts, n = {graph.n}, q = 3", took, "< 5 s", "")
    partition = partition_of(graph, group, "spinglass", {"q": 3, "gamma": 1.0}, 1)
    events = events_of(links)
    replicates = 5 if quick else 200
    sure, took = median(lambda: bootstrap(partition, events, replicates=replicates), 1 if quick else 2)
    said = f"agreement {sure.agreement:.2f}"
    yield row(f"{replicates} resamplings of {len(events):,} events, {graph.n} regions", took, "< 30 s", said)


def lowest(graph: Graph, q: int, restarts: int, sweeps: int = SWEEPS) -> Ints:
    """Give the best of several starts, over all cores."""
    return min(annealed(model_of(graph, q, 1.0), restarts, 1, sweeps), key=lambda labels: energy(graph, labels))


def row(what: str, took: float, aim: str, said: str) -> dict[str, object]:
    return {"what": what, "seconds": f"{took:.2f}", "aim": aim, "result": said}


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """Do something and say how many seconds it took."""
    start = time.perf_counter()
    result = work()
    return result, time.perf_counter() - start


def median(work: Callable[[], T], repeat: int) -> tuple[T, float]:
    """Do something several times; give the last result and the middle time."""
    runs = [timed(work) for _ in range(repeat)]
    return runs[-1][0], statistics.median(took for _, took in runs)


def share(yes: list[bool]) -> str:
    return f"{sum(yes) / len(yes):.0%} of {len(yes)}" if yes else "igraph did not finish"


def table(rows: Iterable[dict[str, object]]) -> None:
    """Print rows as they come."""
    for number, one in enumerate(rows):
        lines = [list(one.values())] if number else [list(one), ["---"] * len(one), list(one.values())]
        for line in lines:
            print("| " + " | ".join(str(cell) for cell in line) + " |", flush=True)
    print(flush=True)


def machine() -> str:
    """Say on what was measured."""
    pages = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    names = ("numpy", "numba", "igraph", "leidenalg", "infomap", "scipy", "pandas")
    packages = ", ".join(f"{name} {version(name)}" for name in names)
    load = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} cores ({platform.machine()}), {pages:.0f} GB, Python {platform.python_version()}, "
        f"{packages}; {load:.1f} processes were waiting to run when it ended."
    )


def demo_run(folder: Path) -> Path:
    """Run the demo study, for its networks."""
    script = "from observatory.cli import main; main()"
    here = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[1])}
    out = folder / "demo"
    subprocess.run([sys.executable, "-c", script, "demo", "--out", str(out)], check=True, env=here, capture_output=True)
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few seeds and small networks, to see that it runs")
    parser.add_argument(
        "--part", choices=["beside", "times"], help="only the table beside igraph (hours), or the times"
    )
    parser.add_argument("--run", type=Path, help="a run folder of the demo; without it the demo is run first")
    parser.add_argument("--igraph", nargs=3, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.igraph:
        igraph_alone(*chosen.igraph)
        return
    with tempfile.TemporaryDirectory() as folder:
        if chosen.part != "times":
            run = chosen.run or demo_run(Path(folder))
            table(compare(case) for case in cases(run, chosen.quick))
    if chosen.part != "beside":
        table(times(chosen.quick))
    print(machine())


if __name__ == "__main__":
    main()
