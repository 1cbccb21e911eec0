"""The Spark engine answers as DuckDB does: the same rows, in the same types."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import narwhals as nw
import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet

from ingest import read
from ingest.engine import DuckDB, Engine, collect
from ingest.records import RECORD_SCHEMA, check_schema
from ingest.spark import Spark
from ingest.values import set_aside_duplicates

pytestmark = pytest.mark.spark
FIXTURES = Path(__file__).parents[2] / "fixtures" / "demo" / "inbox"

#: Texts on which engines could differ: order beyond ASCII, blanks of several kinds, a sign outside the plane.
TEXTS = ["b", "a", "ä", "Z", "", None, "  two\t blanks \n", "no\u00a0break", "\U0001f33b", "\uffff", "a.b", "a:b:c"]
ROWS = pd.DataFrame(
    {
        "key": [f"k{number:02}" for number in range(len(TEXTS))],
        "text": TEXTS,
        "group": ["x", "x", "y", None] * 3,
        "whole": pd.array([3, None, -7, 2**40] * 3, dtype="Int64"),
        "part": [0.5, 1.5, -2.5, None, 2.5, 0.1, 1e-9, 1 / 3, 1e9 + 0.5, -0.5, 7.0, 0.49999999999999994],
        "flag": pd.array([True, None, False] * 4, dtype="boolean"),
        "nothing": [None] * 12,
    }
)


def _both(spark: Engine, ask: Any, data: Any = ROWS) -> tuple[pd.DataFrame, pd.DataFrame]:
    return tuple(collect(ask(engine, engine.table(data))) for engine in (DuckDB(), spark))  # type: ignore[return-value]


def _sums(_: Engine, frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    grouped = frame.group_by("group").agg(
        rows=nw.len(),
        texts=nw.col("text").n_unique(),
        least=nw.col("text").min(),
        most=nw.col("text").max(),
        whole=nw.col("whole").sum(),
        filled=nw.col("part").count(),
    )
    return grouped.sort("group")


def _numbers(_: Engine, frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    part, whole = nw.col("part"), nw.col("whole")
    return frame.select(
        "key",
        rounded=part.round(),
        fixed=(part * 2**20).round().cast(nw.Int64()),
        ratio=whole.cast(nw.Float64()) / part,
        more=nw.max_horizontal(whole, nw.lit(1).cast(nw.Int64())),
        known=~whole.is_null(),
        either=nw.col("flag") | (whole > 2),
    ).sort("key")


def _words(_: Engine, frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    text, group = nw.col("text"), nw.col("group")
    return frame.select(
        "key",
        "nothing",
        both=nw.concat_str([text, group], separator="|"),
        tidy=text.str.replace_all(r"\s+", " ").str.strip_chars(),
        first=text.str.split(":").list.get(0),
        instead=nw.coalesce(text, group),
        held=text.is_in(["a", "ä"]),
        kind=nw.when(group == "x").then(nw.lit("one")).when(group == "y").then(text).otherwise(nw.lit("none")),
    ).sort("key")


def _windows(_: Engine, frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    place = nw.col("key").cum_count().over("group", order_by=["text", "key"])
    return frame.with_columns(place=place, most=nw.col("whole").max().over("group")).sort("key")


def _joins(engine: Engine, frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    few = engine.keep(frame.select("group", other="key").filter(nw.col("other") <= "k05"))
    joined = frame.select("key", "group").join(few, on="group", how="left")
    lone = frame.select("key", "group").join(few.select("group").unique(), on="group", how="anti")
    both = nw.concat([joined, lone.with_columns(other=nw.lit("alone"))], how="vertical")
    return both.sort("key", "other")


def _order(_: Engine, frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    return frame.select("text", "part").sort("text", "part")


def _twice(_: Engine, frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    marked = frame.select("group", file=nw.lit("a"), line=nw.col("key").str.slice(1).cast(nw.Int64()))
    return set_aside_duplicates(marked, ["group"]).sort("line")


def _no_rows(_: Engine, frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    return frame.filter(nw.col("key") == "none")


@pytest.mark.parametrize("ask", [_sums, _numbers, _words, _windows, _joins, _order, _twice, _no_rows])
def test_answers_are_those_of_duckdb(spark, ask):
    ours, theirs = _both(spark, ask)
    pd.testing.assert_frame_equal(theirs, ours, check_exact=True)


@pytest.mark.parametrize("rows", [0, 3])
def test_a_parquet_file_is_opened_where_it_lies(spark, tmp_path, rows):
    table = pa.table({"event": pa.array(["a", None, "b"], pa.large_string()), "n": [1, 2, None]}).slice(0, rows)
    parquet.write_table(table, tmp_path / "t.parquet")
    ours, theirs = (collect(engine.scan(tmp_path / "t.parquet").sort("n")) for engine in (DuckDB(), spark))
    pd.testing.assert_frame_equal(theirs, ours)


@pytest.mark.parametrize("where", ["in this process", "elsewhere"])
@pytest.mark.parametrize("rows", [0, 5])
def test_rows_are_streamed_in_order_and_by_the_slice(spark, monkeypatch, rows, where):
    monkeypatch.setattr("ingest.spark.SLICE", 2)
    monkeypatch.setattr(spark, "_local", where == "in this process")
    given = {"event": ["c", "a", "e", "b", "d"], "n": [1, None, 3, 4, 5], "when": [True, False, None, True, True]}
    table = pa.table(given).slice(0, rows)
    frames = [engine.table(table).sort("event") for engine in (DuckDB(), spark)]
    ours, theirs = DuckDB().stream(frames[0]).read_all(), list(spark.stream(frames[1]))
    assert all(batch.num_rows <= 2 for batch in theirs)
    assert pa.Table.from_batches(theirs, ours.schema).to_pydict() == ours.to_pydict()
    assert not [path for path in spark.workspace.glob("tmp*") if path.is_dir()]


def test_what_is_kept_is_parquet_and_goes_with_the_engine(spark):
    other = Spark("local[2]")  # a session of its own in the Spark that runs already
    kept = other.keep(other.table(ROWS).filter(nw.col("whole") > 2))
    assert list((other.workspace / "tables").rglob("*.parquet"))
    assert kept.select(nw.len()).collect("pyarrow").item() == 6
    assert spark.session.sql("SHOW DATABASES LIKE 'linkages_*'").count() == 2
    other.close()
    assert spark.session.sql("SHOW DATABASES LIKE 'linkages_*'").count() == 1
    assert not list(other.workspace.rglob("*.parquet"))


def test_one_spark_a_process(spark):
    from ingest.faults import BadInput

    assert spark.name.startswith("spark 4.")
    with pytest.raises(BadInput, match=r"the Spark of this process, local\[2\]"):
        Spark("local[1]")


def test_a_vendors_files_become_the_same_records(spark):
    options = {
        "format": "thomson",
        "files": sorted((FIXTURES / "thomson").iterdir()),
        "name": "ma",
        "years": range(2000, 2015),
    }
    ours, theirs = (read(**options, engine=engine) for engine in (DuckDB(), spark))
    for name, schema in RECORD_SCHEMA.items():
        check_schema(getattr(theirs, name), schema, name)
        one, two = (collect(getattr(records, name).sort(*schema)) for records in (ours, theirs))
        pd.testing.assert_frame_equal(two, one, check_exact=True)
        assert len(one)
    for name in ("ledger", "rejects", "unmatched", "inputs"):
        pd.testing.assert_frame_equal(getattr(theirs, name), getattr(ours, name), check_exact=True)


def test_a_list_of_texts_becomes_a_table(spark: Spark) -> None:
    for engine in (DuckDB(), spark):
        table = collect(engine.texts("event", ["q", "p", "p", "it's"]))
        assert sorted(table["event"]) == ["it's", "p", "p", "q"]
        assert collect(engine.texts("event", [])).empty
