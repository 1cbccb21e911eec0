"""Reaching Spark: addresses, what must be installed, and what is said when nothing answers."""

from __future__ import annotations

import socket
import time
from importlib import util

import pytest

from ingest import spark_session
from ingest.faults import BadInput, MissingExtraError
from ingest.spark_session import first_line, from_spark, hosts_of, kind_of, open_session


@pytest.fixture
def installed(monkeypatch):
    """Pretend that pyspark and Java are there: nothing of these tests gets as far as using them."""
    monkeypatch.setattr(spark_session, "require", lambda _: None)


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@pytest.mark.parametrize(
    ("address", "hosts"),
    [
        ("spark://a", [("a", 7077)]),
        ("spark://a:1,b:2", [("a", 1), ("b", 2)]),
        ("sc://me.example:443/;token=x;use_ssl=true", [("me.example", 443)]),
        ("sc://[::1]:15002", [("::1", 15002)]),
    ],
)
def test_hosts_and_ports(address, hosts):
    assert hosts_of(address) == hosts


@pytest.mark.parametrize("address", ["local[two]", "localhost", "spark://", "spark://a,", "sc://:1", "yarn", "spark:a"])
def test_an_address_that_is_none(address):
    with pytest.raises(BadInput, match=r"expected an address such as spark, local\[2\]") as caught:
        kind_of(address)
    assert caught.value.faults[0].value == address


def test_without_the_extra(monkeypatch, tmp_path):
    monkeypatch.setattr(util, "find_spec", lambda _: None)
    with pytest.raises(MissingExtraError, match=r"pip install 'linkages\[spark\]'"):
        open_session("local[1]", None, {}, tmp_path)


def test_without_the_package_that_a_part_lies_in(monkeypatch):
    def absent(name: str) -> None:
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(util, "find_spec", absent)
    assert not spark_session._found("google.rpc")


@pytest.mark.parametrize("home", [None, "/nowhere"])
def test_without_java(monkeypatch, tmp_path, home):
    monkeypatch.setattr(spark_session, "_found", lambda _: True)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    if home:
        monkeypatch.setenv("JAVA_HOME", home)
    with pytest.raises(MissingExtraError, match="openjdk-17-jre-headless"):
        open_session("local[1]", None, {}, tmp_path)


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("kind", ["spark", "sc"])
def test_nothing_answers(kind, tmp_path):
    address, start = f"{kind}://127.0.0.1:{_free_port()}", time.monotonic()
    with pytest.raises(BadInput, match="expected an address at which Spark answers") as caught:
        open_session(address, None, {}, tmp_path)
    assert (caught.value.faults[0].file, caught.value.faults[0].value) == ("--engine", address)
    assert time.monotonic() - start < 60  # a bound against hanging: Spark itself would try for minutes


@pytest.mark.usefixtures("installed")
def test_one_of_several_hosts_is_enough():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        there = server.getsockname()[1]
        spark_session._check_answer(f"spark://127.0.0.1:{_free_port()},127.0.0.1:{there}")


@pytest.mark.parametrize(("memory", "size"), [("2GB", "2g"), ("300 MiB", "300m"), ("1.0TB", "1t"), ("5k", "5k")])
def test_memory_as_java_writes_it(memory, size):
    assert spark_session._size("local", memory) == size


@pytest.mark.parametrize("memory", ["lots", "2 apples", "1.5GB", "-2GB"])
def test_memory_that_is_none(memory, tmp_path):
    with pytest.raises(BadInput, match="a size such as 2GB"):
        open_session("local[1]", memory, {}, tmp_path)


def test_memory_of_a_spark_elsewhere_is_not_ours(tmp_path):
    with pytest.raises(BadInput, match=r"spark\.executor\.memory"):
        open_session("sc://127.0.0.1:1", "2GB", {}, tmp_path)


def test_what_is_said_when_spark_does_not_start(tmp_path):
    error = RuntimeError("[JAVA_GATEWAY_EXITED] Java gateway process exited\nand more")
    assert "(Java gateway process exited)" not in str(error)
    said = spark_session._refused("local[1]", "local", error, tmp_path)
    assert isinstance(said, MissingExtraError)
    assert "[JAVA_GATEWAY_EXITED] Java gateway process exited); it needs a Java runtime" in str(said)
    (tmp_path / "spark.log").write_text("Exception\n  class file version 61.0\n\n", encoding="utf-8")
    assert "(class file version 61.0)" in str(spark_session._refused("local[1]", "local", error, tmp_path))


def test_what_is_said_when_a_server_is_no_spark(tmp_path):
    said = spark_session._refused("sc://host:80", "sc", RuntimeError("UNAVAILABLE: 404\n..."), tmp_path)
    assert isinstance(said, BadInput)
    assert "a Spark that lets us in (UNAVAILABLE: 404)" in str(said)


def test_whose_error_it_is():
    raised = type("Py4JJavaError", (Exception,), {"__module__": "py4j.protocol"})
    assert from_spark(raised())
    assert not from_spark(KeyError("a"))
    assert first_line(ValueError("\n\n one \n two")) == "one"
    assert first_line(ValueError()) == "ValueError"
    refused = type("_InactiveRpcError", (Exception,), {"details": lambda _: "failed to connect\n more"})
    assert first_line(refused("<_InactiveRpcError of RPC that terminated with:")) == "failed to connect"
