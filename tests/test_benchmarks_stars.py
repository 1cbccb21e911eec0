"""The benchmark of the stars runs at a small size, and the three ways agree cell by cell."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    from importlib import import_module

    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT))
        return import_module("benchmarks.stars")


@pytest.fixture(scope="module")
def folder(bench: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    where = tmp_path_factory.mktemp("firms")
    assert bench.generate(where, 40_000) == 40_000
    return where


def test_the_table_is_the_same_whenever_it_is_made(bench: ModuleType, folder: Path, tmp_path: Path) -> None:
    bench.generate(tmp_path, 40_000)
    assert (tmp_path / "firms.parquet").read_bytes() == (folder / "firms.parquet").read_bytes()
    table = pd.read_parquet(folder / "firms.parquet")
    assert len(table) == 40_000 and table["Year"].nunique() == 9
    assert not table.duplicated(["BvD ID number", "Year"]).any()


def test_ours_pandas_and_sql_agree_cell_by_cell(bench: ModuleType, folder: Path) -> None:
    table = bench.measure(folder, 1, "500MB")
    assert table["peer"].to_list() == ["ours", "sql", "pandas"] and (table["memory"] > 10).all()
    answer = pd.read_parquet(folder / "ours.parquet")
    assert answer["industry"].nunique() == 51 and answer["high_growth_smes"].sum() > 50
    assert answer["frontier_firms"].sum() > 500
    said = bench.markdown(bench.summary(table), 1.0)
    assert said.splitlines()[2].startswith("| linkages |") and said.splitlines()[2].endswith("| 1.00 | 1.00 | 1.00 |")


def test_times_are_not_compared_where_answers_differ(bench: ModuleType, folder: Path) -> None:
    answer = pd.DataFrame({"region": ["A", "B"], "industry": "x", "year": 2014} | dict.fromkeys(bench.EXACT, 1.0))
    answer = answer.assign(employment=5.0, wages=None)
    bench.compare(answer, answer.assign(wages=0.0)[::-1], "same")
    with pytest.raises(AssertionError, match="employment"):
        bench.compare(answer, answer.assign(employment=[5.0, 5.1]), "other")
    with pytest.raises(AssertionError, match="other cells"):
        bench.compare(answer, answer[:1], "short")
    with pytest.raises(RuntimeError, match="failed"):
        bench.run("pandas", folder / "nothing")
