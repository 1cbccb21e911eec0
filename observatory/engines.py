"""Engines by the name that the command line gives them."""

from __future__ import annotations

from ingest.engine import DuckDB, Engine
from ingest.faults import BadInput, Fault, MissingExtraError
from ingest.spark_session import ADDRESSES

__all__ = ["MissingExtraError", "engine_named"]


def engine_named(name: str, memory: str | None = None) -> Engine:
    """Give the engine of a name.

    Raises
    ------
    MissingExtraError
        For Spark, when pyspark or Java is not installed.
    BadInput
        For any other name, an address at which no Spark answers, and a memory limit that is none.

    Examples
    --------
    >>> engine_named("duckdb").name
    'duckdb'
    """
    if name == "duckdb":
        import duckdb

        try:
            return DuckDB(memory_limit=memory)
        except duckdb.Error:
            fault = Fault("--memory", None, str(memory), "a size such as 2GB", "correct the size")
            raise BadInput(fault) from None
    if name == "spark" or name.startswith(("local", "spark://", "sc://")):
        from ingest.spark import Spark

        return Spark("local[*]" if name == "spark" else name, memory)
    raise BadInput(Fault("--engine", None, name, f"duckdb, {ADDRESSES}", "leave --engine away"))
