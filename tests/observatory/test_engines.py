"""Engines by name."""

from __future__ import annotations

import pytest

from ingest.engine import DuckDB
from ingest.faults import BadInput
from observatory.cli import main
from observatory.engines import MissingExtraError, engine_named


@pytest.mark.parametrize(("memory", "limit"), [("1GB", "190.7 MiB"), (" 2 gb", "1.1 GiB"), ("1.5GiB", "773.0 MiB")])
def test_a_limit_is_that_of_the_process_and_duckdb_has_what_is_left(memory, limit):
    engine = engine_named("duckdb", memory)
    assert isinstance(engine, DuckDB)
    assert engine.connection.execute("SELECT current_setting('memory_limit')").fetchall() == [(limit,)]


@pytest.mark.parametrize("memory", ["999MB", "0.9 GiB", "0GB", "5kb"])
def test_a_limit_under_which_nothing_can_run(memory):
    with pytest.raises(BadInput, match=r"1GB at least. To mend: give more; 0\.8GB are for") as caught:
        engine_named("duckdb", memory)
    assert caught.value.faults[0].value == memory


@pytest.mark.parametrize("memory", ["lots", "2 apples", "-2GB", "80%", "'; SELECT 1; --"])
def test_a_limit_that_is_none(memory):
    with pytest.raises(BadInput, match="a size such as 2GB") as caught:
        engine_named("duckdb", memory)
    assert caught.value.faults[0].value == memory


@pytest.mark.parametrize("name", ["spark", "local[2]", "spark://host:7077", "sc://host"])
def test_spark_is_an_extra(name, monkeypatch):
    monkeypatch.setattr("ingest.spark_session._found", lambda _: False)
    with pytest.raises(MissingExtraError, match=r"pip install 'linkages\[spark\]'"):
        engine_named(name)


def test_a_missing_extra_has_its_exit_code(monkeypatch, capsys, small_study, tmp_path):
    monkeypatch.setattr("ingest.spark_session._found", lambda _: False)
    assert main(["run", str(small_study), "--out", str(tmp_path / "run"), "--engine", "spark"]) == 6
    assert "pip install 'linkages[spark]'" in capsys.readouterr().err
    assert not (tmp_path / "run").exists()


def test_an_address_without_spark_is_bad_input(monkeypatch, capsys, small_study, tmp_path):
    monkeypatch.setattr("ingest.spark_session.require", lambda _: None)
    address = "spark://127.0.0.1:1"
    assert main(["run", str(small_study), "--out", str(tmp_path / "run"), "--engine", address]) == 3
    assert f"--engine: '{address}'; expected an address at which Spark answers" in capsys.readouterr().err


def test_a_failure_of_spark_is_not_said_to_be_ours(monkeypatch, capsys, small_study, tmp_path):
    failure = type("SparkConnectGrpcException", (Exception,), {"__module__": "pyspark.errors.exceptions.connect"})

    def fails(*_: object) -> None:
        raise failure("UNAVAILABLE: Connection refused\n\tat org.apache.spark")

    monkeypatch.setattr("observatory.run.run_study", fails)
    assert main(["run", str(small_study), "--out", str(tmp_path / "run")]) == 1
    said = capsys.readouterr().err
    assert "Spark failed: UNAVAILABLE: Connection refused" in said
    assert "our fault" not in said


@pytest.mark.parametrize("name", ["", "sparkling", "DuckDB", "polars"])
def test_other_names(name):
    with pytest.raises(BadInput, match="expected duckdb"):
        engine_named(name)
