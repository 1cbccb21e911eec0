"""Engines by the name that the command line gives them."""

from __future__ import annotations

import re

from ingest.engine import DuckDB, Engine
from ingest.faults import BadInput, Fault, MissingExtraError
from ingest.spark_session import ADDRESSES

__all__ = ["BESIDE", "MissingExtraError", "engine_named", "left_of"]

#: Bytes of the process beside DuckDB's tables, as measured: programs, reference tables, slices of files, networks.
BESIDE = 800_000_000
#: Bytes of the smallest limit: with less, DuckDB could not hold what it works on.
LEAST = 1_000_000_000
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([kmgt])(i?)b", re.IGNORECASE)


def engine_named(name: str, memory: str | None = None) -> Engine:
    """Give the engine of a name.

    Parameters
    ----------
    name
        ``duckdb``, or where Spark is.
    memory
        What this process may take in all, for example ``"2GB"``; of a Spark in this process, Java's part of it.

    Raises
    ------
    MissingExtraError
        For Spark, when pyspark or Java is not installed.
    BadInput
        For any other name, an address at which no Spark answers, and a memory limit that is none or too small.

    Examples
    --------
    >>> engine_named("duckdb").name
    'duckdb'
    """
    if name == "duckdb":
        return DuckDB(memory_limit=None if memory is None else f"{left_of(memory)}B")
    if name == "spark" or name.startswith(("local", "spark://", "sc://")):
        from ingest.spark import Spark

        return Spark("local[*]" if name == "spark" else name, memory)
    raise BadInput(Fault("--engine", None, name, f"duckdb, {ADDRESSES}", "leave --engine away"))


def left_of(memory: str) -> int:
    """Give the bytes that are left for DuckDB's tables where the process may take so much in all.

    Raises
    ------
    BadInput
        For what is no size, and for one under :data:`LEAST`.

    Examples
    --------
    >>> left_of("2GB"), left_of("1 GiB")
    (1200000000, 273741824)
    """
    size = _SIZE.fullmatch(memory.strip())
    if size is None:
        raise BadInput(Fault("--memory", None, memory, "a size such as 2GB", "correct the size"))
    number, letter, binary = size.groups()
    given = int(float(number) * (1024 if binary else 1000) ** (1 + "kmgt".index(letter.lower())))
    if given < LEAST:
        mend = f"give more; {BESIDE / 1e9:g}GB are for what is not kept in tables"
        raise BadInput(Fault("--memory", None, memory, f"a size such as 2GB, {LEAST / 1e9:g}GB at least", mend))
    return given - BESIDE
