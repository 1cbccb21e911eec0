"""Where record and link tables live: an embedded DuckDB behind Narwhals lazy frames."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import narwhals as nw

from ingest.workspace import workspace

if TYPE_CHECKING:  # a question to a run's files need not wait for pandas and Arrow
    import pandas as pd
    import pyarrow as pa


#: What DuckDB keeps in memory while it rests.
RESTING = "32MB"


class Engine(Protocol):
    """What the rooms ask of an engine: tables in, lazy frames out, results kept once computed."""

    name: str
    #: A folder for staged files; it goes with the engine.
    workspace: Path
    #: How many tables have been made, for :meth:`forget`.
    tables: int

    def table(self, data: pa.Table | pd.DataFrame) -> nw.LazyFrame[Any]:
        """Hand a small table over to the engine."""

    def texts(self, column: str, texts: Iterable[str]) -> nw.LazyFrame[Any]:
        """Hand a table of one column of texts over to the engine."""

    def scan(self, path: Path) -> nw.LazyFrame[Any]:
        """Open a Parquet file without reading it."""

    def keep(self, frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
        """Compute a lazy frame once and return a frame over the result."""

    def stream(self, frame: nw.LazyFrame[Any]) -> pa.RecordBatchReader:
        """Give the rows of a frame in its order, slice by slice; nothing else is asked until the last is read."""

    def forget(self, since: int, kept: Iterable[nw.LazyFrame[Any]]) -> None:
        """Give back the room of the tables made since there were so many, but of those named, where it is short."""

    def rest(self) -> None:
        """Leave the memory to others for a while, where it is limited: nothing is asked of the tables meanwhile."""

    def close(self) -> None:
        """Remove the tables: the frames cannot be used any more."""


class DuckDB:
    """The embedded default; within a memory limit its tables lie on disk.

    Parameters
    ----------
    memory_limit
        As DuckDB writes it, for example ``"2GB"``. When None, tables are kept in memory, up to DuckDB's own limit.
    threads
        Number of threads; DuckDB's own default when None.

    Examples
    --------
    >>> import pandas as pd
    >>> engine = DuckDB()
    >>> frame = engine.table(pd.DataFrame({"a": [1, 2]}))
    >>> engine.keep(frame.filter(nw.col("a") > 1)).collect("pandas")["a"].to_list()
    [2]
    """

    name = "duckdb"

    def __init__(self, memory_limit: str | None = None, threads: int | None = None) -> None:
        import duckdb

        #: A folder for staged files; it goes with the engine.
        self.workspace = workspace(self)
        self.connection = duckdb.connect()
        here = str(self.workspace).replace("'", "''")
        self.connection.execute(f"SET temp_directory = '{here}'")
        # No result of ours depends on the order of rows, and giving it up lets DuckDB stream.
        self.connection.execute("SET preserve_insertion_order = false")
        # On a terminal DuckDB draws bars of its own between our lines.
        with contextlib.suppress(duckdb.InvalidInputException):  # a notebook without widgets: it can draw none there
            self.connection.execute("SET enable_progress_bar = false")
        # A lazy frame asks for the columns of its file at every step: its end is read once.
        self.connection.execute("SET parquet_metadata_cache = true")
        if memory_limit is not None:
            self.connection.execute(f"SET memory_limit = '{memory_limit}'")
            # Of tables in a file no block need be written again before its room is used for another, and what a join
            # works on is not squeezed out by them. They end with the process, so they need no log to be mended from;
            # packing them takes DuckDB longer than writing more.
            self.connection.execute(f"ATTACH '{here}/kept.duckdb' AS kept (RECOVERY_MODE no_wal_writes)")
            self.connection.execute("USE kept")
            self.connection.execute("PRAGMA force_compression = 'uncompressed'")
            # What a join or a dropped table leaves free goes back to the system at once, not when half a gigabyte has
            # come together: the limit is on what this process holds.
            self.connection.execute("SET allocator_bulk_deallocation_flush_threshold = '64MiB'")
            self.connection.execute("SET allocator_flush_threshold = '32MiB'")
            self.connection.execute("SET allocator_background_threads = true")
        if threads is not None:
            self.connection.execute(f"SET threads = {int(threads)}")
        self._memory_limit = memory_limit
        #: How many tables have been made.
        self.tables = 0

    def table(self, data: pa.Table | pd.DataFrame) -> nw.LazyFrame[Any]:
        """Hand a small table over to the engine."""
        import pyarrow as pa

        arrow = data if isinstance(data, pa.Table) else pa.Table.from_pandas(data, preserve_index=False)
        name = self._new_name()
        self.connection.from_arrow(arrow).create(name)
        return nw.from_native(self.connection.table(name))

    def texts(self, column: str, texts: Iterable[str]) -> nw.LazyFrame[Any]:
        """Hand a table of one column of texts over to the engine, without pandas or Arrow.

        Examples
        --------
        >>> sorted(DuckDB().texts("event", ["q", "p"]).to_native().fetchall())
        [('p',), ('q',)]
        """
        name = self._new_name()
        self.connection.execute(f'CREATE TABLE {name} AS SELECT unnest(?::VARCHAR[]) AS "{column}"', [list(texts)])
        return nw.from_native(self.connection.table(name))

    def scan(self, path: Path) -> nw.LazyFrame[Any]:
        """Open a Parquet file without reading it."""
        return nw.from_native(self.connection.read_parquet(str(path)))

    def keep(self, frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
        """Compute a lazy frame once and return a frame over the result."""
        name = self._new_name()
        frame.to_native().create(name)
        return nw.from_native(self.connection.table(name))

    def stream(self, frame: nw.LazyFrame[Any]) -> pa.RecordBatchReader:
        """Give the rows of a frame in its order, slice by slice; nothing else is asked until the last is read.

        Examples
        --------
        >>> import pandas as pd
        >>> engine = DuckDB()
        >>> engine.stream(engine.table(pd.DataFrame({"a": [2, 1]})).sort("a")).read_all()["a"].to_pylist()
        [1, 2]
        """
        return frame.to_native().to_arrow_reader()

    def close(self) -> None:
        """Remove the tables: the frames cannot be used any more."""
        self.connection.close()

    def forget(self, since: int, kept: Iterable[nw.LazyFrame[Any]]) -> None:
        """Give back the memory of every table made since there were so many, but of those named.

        Parameters
        ----------
        since
            What :attr:`tables` was then.
        kept
            Frames that :meth:`keep` or :meth:`table` returned; no other frame made since may be used any more.

        Examples
        --------
        >>> import pandas as pd
        >>> engine = DuckDB()
        >>> before, first = engine.tables, engine.table(pd.DataFrame({"a": [1, 2]}))
        >>> second = engine.keep(first.filter(nw.col("a") > 1))
        >>> engine.forget(before, [second])
        >>> second.collect("pandas")["a"].to_list()
        [2]
        """
        names = {frame.to_native().alias for frame in kept}
        for number in range(since, self.tables):
            if f"t{number}" not in names:
                self.connection.execute(f"DROP TABLE IF EXISTS t{number}")

    def rest(self) -> None:
        """Leave the memory to others for a while, where it is limited; what is asked for later is read again.

        Examples
        --------
        >>> import pandas as pd
        >>> engine = DuckDB("500MB")
        >>> frame = engine.table(pd.DataFrame({"a": [1, 2]}))
        >>> engine.rest()
        >>> collect(frame)["a"].to_list()
        [1, 2]
        """
        import duckdb

        if self._memory_limit is not None:
            with contextlib.suppress(duckdb.OutOfMemoryException):  # some of it is in use
                self.connection.execute(f"SET memory_limit = '{RESTING}'")
            self.connection.execute(f"SET memory_limit = '{self._memory_limit}'")

    def _new_name(self) -> str:
        self.tables += 1
        return f"t{self.tables - 1}"


def collect(frame: nw.LazyFrame[Any]) -> pd.DataFrame:
    """Bring what has become small to the driver, as a pandas table.

    Examples
    --------
    >>> import pandas as pd
    >>> collect(DuckDB().table(pd.DataFrame({"a": [1]})))["a"].to_list()
    [1]
    """
    import pandas as pd

    arrow: pa.Table = frame.collect("pyarrow").to_native()
    return pd.DataFrame({name: _series(arrow[name]) for name in arrow.column_names})


def distinct(frame: nw.LazyFrame[Any], *columns: str) -> nw.LazyFrame[Any]:
    """List the different rows of some columns, of all when none is named.

    Grouped, not made unique: Narwhals would number the rows of each kind, which takes DuckDB several times as long.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = DuckDB().table(pd.DataFrame({"a": [1, 1], "b": [2, 3]}))
    >>> distinct(frame, "a").collect("pandas")["a"].to_list()
    [1]
    """
    names = columns or frame.collect_schema().names()
    return frame.group_by(*names).agg(rows=nw.len()).select(*names)


def _series(column: pa.ChunkedArray) -> pd.Series[Any]:
    """Choose a column's type by its own content, so that it is the same on every engine."""
    import pandas as pd
    import pyarrow as pa

    if pa.types.is_string(column.type) and column.null_count == len(column):
        return pd.Series([None] * len(column), dtype=object)
    if pa.types.is_decimal(column.type):  # DuckDB adds whole numbers up in 128 bits
        column = column.cast(pa.int64())
    # Types of whole numbers and truth values that can be absent.
    absent = {pa.int64(): pd.Int64Dtype(), pa.int32(): pd.Int32Dtype(), pa.bool_(): pd.BooleanDtype()}
    series: pd.Series[Any] = column.to_pandas(types_mapper=absent.get if column.null_count else None)
    return series


def records_of(table: pd.DataFrame) -> list[dict[str, Any]]:
    """List the rows of a small table, column → cell.

    Examples
    --------
    >>> import pandas as pd
    >>> records_of(pd.DataFrame({"a": [1, 2]}))
    [{'a': 1}, {'a': 2}]
    """
    return [{str(key): cell for key, cell in row.items()} for row in table.to_dict("records")]
