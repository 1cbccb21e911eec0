"""Engines by name."""

from __future__ import annotations

import pytest

from ingest.engine import DuckDB
from ingest.faults import BadInput
from observatory.engines import MissingExtraError, engine_named


def test_duckdb_with_a_limit():
    engine = engine_named("duckdb", "300MB")
    assert isinstance(engine, DuckDB)
    ((limit,),) = engine.connection.execute("SELECT current_setting('memory_limit')").fetchall()
    assert limit == "286.1 MiB"


@pytest.mark.parametrize("memory", ["lots", "2 apples", "'; SELECT 1; --"])
def test_a_limit_that_is_none(memory):
    with pytest.raises(BadInput, match="a size such as 2GB") as caught:
        engine_named("duckdb", memory)
    assert caught.value.faults[0].value == memory


@pytest.mark.parametrize("name", ["spark", "spark://host:7077", "sc://host"])
def test_spark_is_an_extra(name):
    with pytest.raises(MissingExtraError, match="use --engine duckdb"):
        engine_named(name)


@pytest.mark.parametrize("name", ["", "sparkling", "DuckDB", "polars"])
def test_other_names(name):
    with pytest.raises(BadInput, match="expected duckdb"):
        engine_named(name)
