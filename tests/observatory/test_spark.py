"""A study on Spark writes the bytes that it writes on DuckDB."""

from __future__ import annotations

from pathlib import Path

import pytest

from observatory.run import run_study
from observatory.study import open_study

pytestmark = [pytest.mark.spark, pytest.mark.long(seconds=190)]
DEMO = Path(__file__).parents[2] / "fixtures" / "demo"
#: Communities in a moment: they are found in networks, and Spark has no part in it.
QUICK = "[communities]\nspaces = 3\ntrials = 1\nrestarts = 1\nbootstrap = 0\n"
#: Patents, deals and alliances, each from the layout of a vendor.
SOURCES = {"regpat": "txt", "thomson": "csv", "sdc": "csv"}


@pytest.fixture
def demo_without_draws(tmp_path: Path) -> Path:
    folder = tmp_path / "demo"
    folder.mkdir()
    head = 'title = "Demo"\nperiods = [[2000, 2007], [2007, 2014]]\nshared_year = "half"\n'
    sources = [
        f'[sources.{name}]\nformat = "{name}"\nfiles = ["{(DEMO / "inbox" / name).as_posix()}/*.{ending}"]\n'
        for name, ending in SOURCES.items()
    ]
    (folder / "study.toml").write_text(head + "".join(sources) + QUICK, encoding="utf-8")
    return folder


def test_the_demo_is_the_same_to_the_byte(spark, demo_without_draws, same_run, tmp_path, monkeypatch):
    monkeypatch.setattr("observatory.report.write_report", lambda *_: None)
    study = open_study(demo_without_draws)
    run_study(study, tmp_path / "duckdb")
    done = run_study(study, tmp_path / "spark", spark)
    assert done.manifest["engine"].startswith("spark 4.")
    assert done.names("networks/*.parquet")
    same_run(tmp_path / "duckdb", tmp_path / "spark")
