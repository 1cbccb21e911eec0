"""Engines by the name that the command line gives them."""

from __future__ import annotations

from ingest.engine import DuckDB, Engine
from ingest.faults import BadInput, Fault


class MissingExtraError(RuntimeError):
    """Something that an optional part of the program would do."""


def engine_named(name: str, memory: str | None = None) -> Engine:
    """Give the engine of a name.

    Raises
    ------
    MissingExtraError
        For Spark, which this version does not hold.
    BadInput
        For any other name, and for a memory limit that is none.

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
    if name == "spark" or name.startswith(("spark://", "sc://")):
        raise MissingExtraError(f"{name}: this version of linkages has no Spark engine; use --engine duckdb")
    raise BadInput(Fault("--engine", None, name, "duckdb", "leave --engine away"))
