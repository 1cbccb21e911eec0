"""The benchmarks run, and what they publish holds at small size."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    """The benchmark of the annealer, imported beside the package of the same name."""
    return _imported("communities")


@pytest.fixture(scope="module")
def plant() -> ModuleType:
    """The recovery of planted communities."""
    return _imported("planted")


@pytest.fixture(scope="module")
def told() -> ModuleType:
    """The tables and curves of the recovery."""
    return _imported("recovery")


@pytest.fixture(scope="module")
def kept() -> ModuleType:
    """Measurements that are written down as they come."""
    return _imported("kept")


def _imported(name: str) -> ModuleType:
    from importlib import import_module

    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT))
        return import_module(f"benchmarks.{name}")


def test_the_plant_has_the_modularity_and_the_size_that_it_says(plant: ModuleType) -> None:
    from communities.graph import main_component
    from communities.quality import modularity

    found = []
    for seed in range(5):
        links, group = plant.planted(60, 4, 0.34, 60.0, seed)
        graph = main_component(links)
        found.append(modularity(graph, group))
        assert links["weight"].sum() == pytest.approx(1800, rel=0.1)
        assert len(plant.events_of(links)) == links["weight"].sum()
    assert np.mean(found) == pytest.approx(0.34, abs=0.02)


def test_noise_has_uneven_sizes_on_request(plant: ModuleType) -> None:
    def spread(links: pd.DataFrame) -> float:
        ends = pd.concat([links["source"], links["target"]])
        strength = pd.concat([links["weight"], links["weight"]]).groupby(ends.to_numpy()).sum()
        return float(strength.std() / strength.mean())

    assert spread(plant.noise(60, 60.0, 1)) < 0.3 < 0.6 < spread(plant.noise(60, 60.0, 1, uneven=1.0))


def test_planted_communities_are_recovered_where_the_signal_is_clear(plant: ModuleType) -> None:
    runs = [plant.measure(60.0, signal, seed) for signal in (0.34, 0.5) for seed in (1, 2)]
    assert all(run["rand"] >= 0.95 and run["k"] == 4 and run["gain"] >= -1e-12 for run in runs)
    assert all(run["p"] == 1 / (plant.REPLICATES + 1) for run in runs)


def test_no_structure_is_claimed_where_there_is_none(plant: ModuleType) -> None:
    """Resampling does not confirm what the search finds in noise, and chance networks are as modular."""
    quiet = pd.DataFrame([plant.on_noise(0.0, 20.0, uneven, seed) for uneven in (0.0, 1.0) for seed in (101, 102)])
    assert quiet["claimed"].sum() <= 1
    assert (quiet["stability of members"] < 0.7).all()
    assert (quiet["core members"] < 0.1).all()


RUNS = pd.DataFrame(
    {
        "strength": 20.0,
        "signal": [0.0, 0.0, 0.5, 0.5],
        "communities": 4,
        "rand": [0.0, 0.2, 1.0, 0.9],
        "gain": [0.1, -0.1, 0.0, 0.01],
        "k": [5, 4, 4, 4],
        "rule": ["leiden", "infomap on links above expectation", "infomap", "infomap"],
        "p": [0.5, 0.3, 0.05, 0.05],
    }
)


def test_the_curve_is_drawn_from_the_runs(told: ModuleType) -> None:
    points = told.summary(RUNS)
    assert points["mean"].tolist() == [0.1, 0.95] and points["lowest"].tolist() == [0.0, 0.9]
    assert points["right_number"].tolist() == [0.5, 1.0] and points["by_infomap"].tolist() == [0.5, 1.0]
    assert points["claimed"].tolist() == [0.0, 1.0] and points["found"].tolist() == [0.0, 0.5]
    assert points["as_good"].tolist() == [0.5, 1.0]
    drawn = told.figure(points).to_dict()
    assert len(drawn["vconcat"]) == 2
    assert told.markdown(points).splitlines()[2].startswith("| 20 | 0 | 2 | 0.1 | 0 | 0 | 0.5 | 0.5 ")


def test_noise_of_all_kinds_is_counted_together_and_the_clear_networks_are_not(told: ModuleType) -> None:
    rows = [("noise", 20.0, 1.0), ("noise", 20.0, 0.0), ("noise, sizes uneven", 20.0, 0.0), ("planted 0.34", 20.0, 1.0)]
    runs = pd.DataFrame(rows, columns=["network", "strength", "claimed"]).assign(modularity=[0.1, 0.3, 0.2, 0.4])
    table = told.quiet_summary(runs).set_index("network")
    assert table["networks"].to_dict() == {"noise": 2, "noise, sizes uneven": 1, "planted 0.34": 1, "all noise": 3}
    assert table.loc["all noise", "claimed"] == pytest.approx(1 / 3)
    assert table.loc["noise", "modularity"] == pytest.approx(0.2)
    assert table.loc["all noise", "low"] < 1 / 3 < table.loc["all noise", "high"] < 1


def test_the_interval_of_a_share_holds_what_the_tails_leave(told: ModuleType) -> None:
    """At either end of the exact interval the binomial tail beyond what was seen is 2.5 %."""
    from math import comb

    def tail(p: float, counts: range) -> float:
        return sum(comb(20, k) * p**k * (1 - p) ** (20 - k) for k in counts)

    low, high = told.interval(3, 20)
    assert tail(low, range(3, 21)) == pytest.approx(0.025, abs=1e-6)
    assert tail(high, range(4)) == pytest.approx(0.025, abs=1e-6)


def halved(number: int) -> dict[str, float]:
    """Measure something."""
    return {"half": number / 2}


def test_a_broken_run_goes_on_where_it_ended(kept: ModuleType, tmp_path: Path) -> None:
    file = tmp_path / "kept" / "halves.jsonl"
    file.parent.mkdir()
    # Its one whole line says what no measuring would, so that it is seen to be kept; the second was cut off.
    file.write_text('{"task": {"number": 1}, "row": {"half": 100}}\n{"task": {"number": 2}, "ro', encoding="utf-8")
    tasks = [{"number": number} for number in (3, 2, 1)]
    rows = kept.measured(halved, tasks, file, workers=1, name="halves")
    assert [row["half"] for row in rows] == [1.5, 1.0, 100]
    assert [row["task"]["number"] for row in kept.kept_rows(file)] == [1, 3, 2]
    assert kept.measured(None, tasks, file) == rows


def test_progress_goes_to_stderr(kept: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert kept.measured(halved, [{"number": 1}], workers=1, name="halves") == [{"half": 0.5}]
    shown = capsys.readouterr()
    assert shown.out == "" and shown.err.startswith("halves: 1 of 1 done")


def test_the_recovery_runs_in_processes_of_its_own(tmp_path: Path) -> None:
    """The short form of the whole command; its answer is that of one process."""
    command = [sys.executable, str(ROOT / "benchmarks" / "planted.py"), "--quick", "--out", str(tmp_path / "curve.svg")]
    shown = [
        subprocess.run(
            [*command, "--keep", str(tmp_path / workers), "--workers", workers],
            capture_output=True,
            text=True,
            check=True,
            cwd=tmp_path,
            timeout=300,
        )
        for workers in ("1", "2")
    ]
    assert shown[0].stdout == shown[1].stdout
    assert "| 20 | 0.5 | 1 | 1 | 1 |" in shown[0].stdout and "| all noise |" in shown[0].stdout
    assert len((tmp_path / "2" / "planted.jsonl").read_text(encoding="utf-8").splitlines()) == 2
    row = json.loads((tmp_path / "2" / "noise.jsonl").read_text(encoding="utf-8").splitlines()[0])["row"]
    assert row["network"] == "noise" and row["claimed"] == 0.0
    assert (tmp_path / "curve.svg").read_text(encoding="utf-8").startswith("<svg")


def test_both_spin_glasses_are_compared(bench: ModuleType, plant: ModuleType) -> None:
    links = plant.planted(15, 3, 0.4, 60.0, 1)[0]
    row = bench.compare(bench.Case("tiny", links, 3, 2, 60.0))
    assert row["lower or equal"] == "100% of 2" and row["in a twentieth of the time"] == "100% of 2"
    assert float(str(row["times faster"])) > 1


def test_what_does_not_finish_in_time_is_said(bench: ModuleType, plant: ModuleType) -> None:
    links = plant.planted(200, 3, 0.2, 200.0, 1)[0]
    row = bench.compare(bench.Case("too long", links, 3, 1, -4.9))
    assert row["lower or equal"] == "igraph did not finish" and str(row["igraph, s"]).startswith("≥ ")


def test_the_command_starts_although_it_has_the_name_of_a_package() -> None:
    command = [sys.executable, str(ROOT / "benchmarks" / "communities.py"), "--help"]
    shown = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT / "docs", timeout=120)
    assert "--quick" in shown.stdout and "--igraph" not in shown.stdout
