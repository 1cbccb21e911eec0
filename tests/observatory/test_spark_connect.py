"""A study behind Spark Connect writes the bytes that it writes on DuckDB."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from observatory.cli import main

pytestmark = [pytest.mark.spark, pytest.mark.long(seconds=130)]
SERVER = "org.apache.spark.sql.connect.service.SparkConnectServer"
#: Communities in a moment: they are found in networks, and Spark has no part in it.
QUICK = "[communities]\nspaces = 3\ntrials = 1\nrestarts = 1\nbootstrap = 0\n"


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


@pytest.fixture
def connect_server(small_spark: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Spark Connect server of this machine, and its address."""
    import pyspark

    home, folder = Path(pyspark.__file__).parent, tmp_path_factory.mktemp("connect")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    settings = {
        **small_spark,
        "spark.master": "local[2]",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.sql.warehouse.dir": (folder / "tables").as_uri(),
        "spark.connect.grpc.binding.address": "127.0.0.1",
        "spark.connect.grpc.binding.port": str(port),
    }
    given = [part for key, value in settings.items() for part in ("--conf", f"{key}={value}")]
    log, deadline = folder / "server.log", time.monotonic() + 240
    with log.open("wb") as out:
        server = subprocess.Popen(
            [str(home / "bin" / "spark-submit"), "--class", SERVER, *given],
            cwd=folder,
            env={**os.environ, "SPARK_HOME": str(home)},
            stdout=out,
            stderr=out,
        )
    try:
        while not _answers(port):
            if server.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"no Spark Connect server: {log.read_text(encoding='utf-8', errors='replace')[-2000:]}")
            time.sleep(0.2)
        yield f"sc://127.0.0.1:{port}"
        assert not list((folder / "tables").rglob("*.parquet"))  # nothing is left there
    finally:
        server.terminate()
        server.wait(60)


def test_a_study_behind_spark_connect(connect_server, small_study, same_run, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("observatory.report.write_report", lambda *_: None)
    text = (
        (small_study / "study.toml").read_text(encoding="utf-8").replace("inbox/", f"{small_study.as_posix()}/inbox/")
    )
    head, sources = text.split("[sources.deals]")
    deals = sources.split("[sources.alliances]")[0]
    (tmp_path / "study.toml").write_text(f"{head}[sources.deals]{deals}{QUICK}", encoding="utf-8")
    runs = {engine: tmp_path / name for name, engine in (("here", "duckdb"), ("there", connect_server))}
    for engine, out in runs.items():
        assert main(["run", str(tmp_path), "--out", str(out), "--engine", engine, "--quiet"]) == 0
    assert str(tmp_path / "there" / "spaces.json") in capsys.readouterr().out
    same_run(*runs.values())
