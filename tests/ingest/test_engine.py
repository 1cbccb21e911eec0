"""The embedded engine: its tables are the same in memory and on disk, and go with it."""

from __future__ import annotations

import gc

import narwhals as nw
import pandas as pd
import pyarrow as pa
import pytest

from ingest import engine as engines
from ingest.engine import DuckDB, collect, distinct

LIMIT = "100MB"
ROWS = 6_000_000


def _table(rows: int) -> pa.Table:
    return pa.table({"id": pa.array(range(rows), pa.int64()), "text": pa.array([f"e{n}" for n in range(rows)])})


@pytest.mark.parametrize("limit", [None, LIMIT])
def test_what_is_kept_is_what_was_given(limit):
    engine = DuckDB(memory_limit=limit)
    rows = pd.DataFrame({"a": [1, None, 3], "b": ["ä", None, ""], "c": [0.5, 1e300, None], "d": [True, None, False]})
    given = engine.table(rows.astype({"a": "Int64", "d": "boolean", "b": "str"}))
    kept = engine.keep(given.with_columns(e=nw.col("a") + 1))
    pd.testing.assert_frame_equal(collect(kept.drop("e").sort("a")), collect(given.sort("a")))
    assert collect(kept.sort("e"))["e"].dropna().to_list() == [2, 4]
    assert collect(engine.keep(given.filter(nw.col("a") > 9))).empty


def test_under_a_limit_tables_that_are_larger_lie_on_disk_and_can_be_joined():
    engine = DuckDB(memory_limit=LIMIT, threads=1)
    large = engine.keep(engine.table(_table(ROWS)))  # some 190 MB, twice
    both = large.join(large.filter(nw.col("id") % 3 == 0).select("id", other="text"), on="id")
    told = collect(both.select(nw.len().alias("rows"), same=(nw.col("text") == nw.col("other")).sum()))
    assert told["rows"].to_list() == [ROWS // 3]
    assert told["same"].to_list() == [ROWS // 3]
    assert len(collect(distinct(large.with_columns(part=nw.col("id") % 7), "part"))) == 7
    assert sum(file.stat().st_size for file in engine.workspace.iterdir()) > 200_000_000


def test_a_rest_leaves_the_memory_and_loses_nothing(monkeypatch):
    engine = DuckDB(memory_limit=LIMIT, threads=1)
    frame = engine.keep(engine.table(_table(2_000_000)))

    def held() -> int:
        ((told,),) = engine.connection.execute("SELECT sum(memory_usage_bytes) FROM duckdb_memory()").fetchall()
        return int(told)

    assert held() > 50_000_000
    engine.rest()
    assert held() <= 32_000_000
    assert collect(frame.select(nw.col("id").sum()))["id"].to_list() == [1_999_999_000_000]
    monkeypatch.setattr(engines, "RESTING", "1KB")  # less than can be had
    engine.rest()
    assert collect(frame.select(rows=nw.len()))["rows"].to_list() == [2_000_000]
    limit = engine.connection.execute("SELECT current_setting('memory_limit')").fetchall()
    assert limit == [("95.3 MiB",)]


def test_without_a_limit_a_rest_is_none():
    engine = DuckDB()
    frame = engine.keep(engine.table(_table(1_000)))
    engine.rest()
    assert len(collect(frame)) == 1_000


def test_a_folder_for_temporary_files_may_have_any_name(tmp_path, monkeypatch):
    folder = tmp_path / "d'été"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    engine = DuckDB(memory_limit=LIMIT)
    assert folder in engine.workspace.parents
    assert len(collect(engine.keep(engine.table(_table(10))))) == 10


def test_without_a_limit_nothing_is_written():
    engine = DuckDB()
    engine.keep(engine.table(_table(1_000)))
    (held,) = engine.workspace.iterdir()
    assert held.stat().st_size == 0  # what tells that the folder is in use


@pytest.mark.parametrize("limit", [None, LIMIT])
def test_what_lies_on_disk_goes_with_the_engine(limit):
    engine = DuckDB(memory_limit=limit)
    frame = engine.keep(engine.table(_table(1_000)))
    folder = engine.workspace
    assert len(collect(frame)) == 1_000
    engine.close()
    del frame, engine
    gc.collect()
    assert not folder.exists()


@pytest.mark.parametrize("limit", [None, LIMIT])
def test_forgotten_tables_are_gone_and_others_stay(limit):
    engine = DuckDB(memory_limit=limit)
    first, before = engine.keep(engine.table(_table(10))), engine.tables
    second, third = (engine.keep(first.filter(nw.col("id") > least)) for least in (3, 5))
    engine.forget(before, [third])
    assert (len(collect(first)), len(collect(third))) == (10, 4)
    with pytest.raises(Exception, match="does not exist"):
        collect(second)


def test_room_of_forgotten_tables_is_used_again():
    engine = DuckDB(memory_limit=LIMIT, threads=1)
    source = engine.table(_table(1_000_000))

    def size() -> int:
        return sum(file.stat().st_size for file in engine.workspace.iterdir())

    sizes = []
    for _ in range(6):
        before = engine.tables
        engine.keep(source)
        engine.forget(before, [])
        sizes.append(size())
    assert sizes[-1] < 2 * sizes[1]
