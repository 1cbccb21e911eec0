"""The benchmarks run, and what they publish holds at small size."""

from __future__ import annotations

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
    runs = [plant.measure(60, 4, signal, 60.0, seed) for signal in (0.34, 0.5) for seed in (1, 2)]
    assert all(run["rand"] >= 0.95 and run["k"] == 4 for run in runs)
    assert all(run["p"] == 1 / (plant.REPLICATES + 1) for run in runs)


def test_no_structure_is_claimed_where_there_is_none(plant: ModuleType) -> None:
    """Resampling does not confirm what the search finds in noise, and chance networks are as modular."""
    quiet = pd.DataFrame([plant.on_noise(0.0, 20.0, uneven, seed) for uneven in (0.0, 1.0) for seed in (101, 102)])
    assert quiet["structure claimed"].sum() <= 1
    assert (quiet["stability of members"] < 0.7).all()
    assert (quiet["core members"] < 0.1).all()


def test_the_curve_is_drawn_from_the_runs(plant: ModuleType) -> None:
    runs = pd.DataFrame(
        {
            "strength": 20.0,
            "signal": [0.0, 0.0, 0.5, 0.5],
            "rand": [0.0, 0.2, 1.0, 0.9],
            "k": [5, 4, 4, 4],
            "rule": ["leiden", "infomap on links above expectation", "infomap", "infomap"],
            "p": [0.5, 0.3, 0.05, 0.05],
        }
    )
    points = plant.summary(runs)
    assert points["mean"].tolist() == [0.1, 0.95] and points["lowest"].tolist() == [0.0, 0.9]
    assert points["right_number"].tolist() == [0.5, 1.0] and points["by_infomap"].tolist() == [0.5, 1.0]
    assert points["claimed"].tolist() == [0.0, 1.0]
    drawn = plant.figure(points).to_dict()
    assert len(drawn["vconcat"]) == 2
    assert plant.markdown(points).splitlines()[2].startswith("| 20 | 0 | 2 | 0.1 | 0 | 0.5 ")


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
