"""Reaching Apache Spark: what an address means, what must be installed, what to say when nothing answers."""

from __future__ import annotations

import os
import re
import shutil
import socket
import warnings
from collections.abc import Mapping
from importlib import util
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.faults import BadInput, Fault, MissingExtraError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

#: Kinds of address, and the port where none is named.
LOCAL, CLUSTER, CONNECT = "local", "spark", "sc"
PORTS = {CLUSTER: 7077, CONNECT: 15002}
ADDRESSES = "spark, local[2], spark://host:7077 or sc://host:15002"
#: Seconds to wait until something answers at an address.
PATIENCE = 10.0
#: How often a call to a Spark Connect server that has gone is repeated: some three minutes in all.
RETRIES = 8
INSTALL = "pip install 'linkages[spark]'"
JAVA = "a Java runtime, 17 or later (Debian: apt-get install openjdk-17-jre-headless), on the PATH or in JAVA_HOME"
_LOCAL = re.compile(r"local(\[(\d+|\*)\])?")
_HOST = re.compile(r"(?P<host>\[[0-9a-fA-F:]+\]|[^\s:/;,\[\]]+)(:(?P<port>\d{1,5}))?")
_SIZE = re.compile(r"(\d+)(?:\.0+)?\s*([kmgt])(?:i?b)?", re.IGNORECASE)


def kind_of(address: str) -> str:
    """Tell what an address is: ``local``, ``spark`` (a cluster's master) or ``sc`` (Spark Connect).

    Raises
    ------
    BadInput
        When it is none of these.

    Examples
    --------
    >>> [kind_of(address) for address in ("local[2]", "spark://a:7077,b:7077", "sc://host")]
    ['local', 'spark', 'sc']
    """
    if _LOCAL.fullmatch(address):
        return LOCAL
    kind = address.partition("://")[0]
    if kind not in PORTS or not hosts_of(address):
        fault = Fault("--engine", None, address, f"an address such as {ADDRESSES}", "correct the address")
        raise BadInput(fault)
    return kind


def hosts_of(address: str) -> list[tuple[str, int]]:
    """List the hosts and ports of an address; empty when one of them is none.

    Examples
    --------
    >>> hosts_of("spark://a:7077,b:7078"), hosts_of("sc://host/;user_id=me"), hosts_of("spark://")
    ([('a', 7077), ('b', 7078)], [('host', 15002)], [])
    """
    kind, _, rest = address.partition("://")
    parts = rest.split("/", 1)[0].split(",")
    found = [match for part in parts if (match := _HOST.fullmatch(part))]
    if len(found) < len(parts):
        return []
    return [(match["host"].strip("[]"), int(match["port"] or PORTS[kind])) for match in found]


def open_session(address: str, memory: str | None, settings: Mapping[str, str], workspace: Path) -> SparkSession:
    """Start Spark in this process, or reach the one at an address.

    Parameters
    ----------
    address
        As :func:`kind_of` knows it.
    memory
        Memory of a Spark in this process, for example ``"2GB"``.
    settings
        Further settings, as Spark names them.
    workspace
        A folder for what Spark in this process writes.

    Raises
    ------
    MissingExtraError
        When pyspark or Java is not installed.
    BadInput
        When nothing answers at the address, or what answers is no Spark, or the memory is none.
    """
    where = kind_of(address)
    size = None if memory is None else _size(where, memory)
    require(address)
    # What pyspark says of the pandas that it knows is nothing that a user can act on; the other is said by us.
    warnings.filterwarnings("ignore", message="PySpark does not yet fully support pandas", category=FutureWarning)
    warnings.filterwarnings("ignore", message=r"\[RETRIES_EXCEEDED\]", category=UserWarning)
    if where != LOCAL:
        _check_answer(address)
    try:
        session = _connect(address) if where == CONNECT else _classic(address, size, settings, workspace)
    except Exception as error:
        if not from_spark(error):
            raise
        raise _refused(address, where, error, workspace) from None
    return session


def require(address: str) -> None:
    """Look for pyspark, and for Java where Spark runs in this process.

    Raises
    ------
    MissingExtraError
        Names what is missing and how to install it.
    """
    where = kind_of(address)
    needed = ["pyspark", "grpc", "google.rpc"] if where == CONNECT else ["pyspark"]
    if not all(_found(name) for name in needed):
        raise MissingExtraError(f"--engine {address} needs the extra `spark`: {INSTALL}")
    home = os.environ.get("JAVA_HOME")
    java = shutil.which("java", path=str(Path(home) / "bin")) if home else shutil.which("java")
    if where != CONNECT and java is None:
        raise MissingExtraError(f"--engine {address} needs {JAVA}")


def from_spark(error: BaseException) -> bool:
    """Tell whether an error was raised by Spark or on the way to it.

    Examples
    --------
    >>> from_spark(ValueError())
    False
    """
    return type(error).__module__.split(".")[0] in ("pyspark", "py4j", "grpc")


def first_line(error: BaseException) -> str:
    r"""Give the line of an error's message that says what is wrong; Java's and gRPC's stand in a frame of their own.

    Examples
    --------
    >>> first_line(ValueError("no such table\n  at java..."))
    'no such table'
    >>> first_line(ValueError("An error occurred while calling o1.sql.\n: java.io.IOException: disk full\n\tat java"))
    'java.io.IOException: disk full'
    """
    details = getattr(error, "details", None)
    text = str(details() if callable(details) else error)
    lines = [line.strip().removeprefix(": ") for line in text.splitlines() if line.strip()]
    if len(lines) > 1 and lines[0].startswith("An error occurred while calling"):
        return lines[1]
    return lines[0] if lines else type(error).__name__


def _size(where: str, memory: str) -> str:
    """Write a size as Java does; refuse one where Spark's memory is not ours to set."""
    if where != LOCAL:
        mend = "leave --memory away, and set spark.executor.memory there"
        raise BadInput(Fault("--memory", None, memory, "no limit for a Spark elsewhere", mend))
    if match := _SIZE.fullmatch(memory.strip()):
        return match[1] + match[2].lower()
    raise BadInput(Fault("--memory", None, memory, "a size such as 2GB", "correct the size"))


def _found(name: str) -> bool:
    try:
        return util.find_spec(name) is not None
    except ModuleNotFoundError:  # of a package that `name` lies in
        return False


def _check_answer(address: str) -> None:
    """Knock at each host: Spark itself would go on trying for minutes."""
    for host, port in hosts_of(address):
        try:
            socket.create_connection((host, port), timeout=PATIENCE).close()
        except (OSError, UnicodeError, OverflowError):
            continue
        return
    raise _no_spark(address, "an address at which Spark answers")


def _no_spark(address: str, expected: str) -> BadInput:
    return BadInput(Fault("--engine", None, address, expected, "start Spark there, or correct host and port"))


def _refused(address: str, where: str, error: Exception, workspace: Path) -> Exception:
    """Say why Spark did not start."""
    if where == LOCAL:
        said = _last_line(workspace / "spark.log") or first_line(error)
        return MissingExtraError(f"--engine {address}: Spark did not start ({said}); it needs {JAVA}")
    return _no_spark(address, f"a Spark that lets us in ({first_line(error)})")


def _last_line(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines() if log.is_file() else []
    return next((line.strip() for line in reversed(lines) if line.strip()), "")


def _connect(address: str) -> Any:
    """Open a session of a Spark Connect server."""
    from pyspark.sql.connect.client.retries import DefaultPolicy
    from pyspark.sql.connect.session import SparkSession as RemoteSession

    session = RemoteSession.builder.remote(address).create()
    ask_once(session)
    session.version  # noqa: B018 - the first call to the server
    session.client.set_retry_policies([DefaultPolicy(max_retries=RETRIES)])
    return session


def ask_once(session: Any) -> None:
    """Let a session of Spark Connect give up soon where nobody answers."""
    from pyspark.sql.connect.client.retries import DefaultPolicy

    session.client.set_retry_policies([DefaultPolicy(max_retries=3)])


def _classic(master: str, size: str | None, settings: Mapping[str, str], workspace: Path) -> SparkSession:
    """Start Spark, or open a session of our own in the Spark that this process runs already."""
    from pyspark import SparkConf, SparkContext
    from pyspark.java_gateway import launch_gateway
    from pyspark.sql import SparkSession

    running = SparkContext._active_spark_context
    if running is not None:
        if running.master != master:
            mend = "leave --engine away from the others, or stop that Spark first"
            raise BadInput(Fault("--engine", None, master, f"the Spark of this process, {running.master}", mend))
        return SparkSession(running).newSession()
    given = {**_own_settings(master, size, workspace), **settings}
    conf = SparkConf().setAll(list(given.items()))
    with (workspace / "spark.log").open("wb") as log:  # what Java has to say before Spark keeps quiet
        gateway = None if SparkContext._gateway else launch_gateway(conf, {"stdout": log, "stderr": log})
    return SparkSession(SparkContext(conf=conf, gateway=gateway))


def _own_settings(master: str, size: str | None, workspace: Path) -> dict[str, str]:
    own = {
        "spark.master": master,
        "spark.app.name": "linkages",
        "spark.log.level": "ERROR",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.maxResultSize": "0",  # the records are written here, however many
    }
    if kind_of(master) != LOCAL:
        return own
    cores = os.cpu_count() or 1
    own |= {
        "spark.ui.enabled": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.local.dir": str(workspace),
        "spark.sql.warehouse.dir": (workspace / "tables").as_uri(),
        "spark.sql.shuffle.partitions": str(max(4, 2 * cores)),
    }
    return own | ({} if size is None else {"spark.driver.memory": size})
