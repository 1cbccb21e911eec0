"""Record and link tables on Apache Spark: in this process, on a cluster, or behind Spark Connect."""

from __future__ import annotations

import tempfile
import uuid
import weakref
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import narwhals as nw
import pandas as pd
import pyarrow as pa

from ingest.faults import BadInput, Fault
from ingest.spark_session import CLUSTER, CONNECT, LOCAL, ask_once, from_spark, kind_of, open_session
from ingest.workspace import workspace

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

#: Rows that are on their way at a time, to a Spark elsewhere or back from one.
SLICE = 250_000
_NONE: Mapping[str, str] = MappingProxyType({})


class Spark:
    """Tables as Parquet tables of Spark; networks and distinct texts come back to this process, records by the slice.

    ``local[*]`` runs Spark in this process. ``spark://host:port`` is the master of a cluster, whose workers
    must share the folder that ``spark.sql.warehouse.dir`` names. ``sc://host:port`` is a Spark Connect server;
    no Java is needed here then. Spark's own settings are read from its ``spark-defaults.conf``.

    Parameters
    ----------
    address
        ``local``, ``local[2]``, ``local[*]``, ``spark://host:port`` or ``sc://host:port``.
    memory
        Memory of a Spark in this process, for example ``"2GB"``; Spark's own default when None.
    settings
        Further settings, as Spark names them, for a Spark that is started here.

    Raises
    ------
    MissingExtraError
        When pyspark or Java is not installed.
    BadInput
        When nothing answers at the address, or the workers of a cluster share no storage.
    """

    def __init__(
        self, address: str = "local[*]", memory: str | None = None, settings: Mapping[str, str] = _NONE
    ) -> None:
        where = kind_of(address)
        #: A folder for staged files; it goes with the engine.
        self.workspace = workspace(self)
        self.session = open_session(address, memory, settings, self.workspace)
        #: Spark and its version, for the manifest.
        self.name = f"spark {self.session.version}"
        # Whether Spark reads this machine's files.
        self._local = where == LOCAL
        self._database = f"linkages_{uuid.uuid4().hex}"
        #: How many tables have been made.
        self.tables = 0
        here = f" LOCATION '{(self.workspace / 'tables').as_uri()}'" if self._local else ""
        self.session.sql(f"CREATE DATABASE {self._database}{here}")
        self._dropped = weakref.finalize(self, _drop, self.session, self._database, where)
        if where == CLUSTER:
            self._check_storage(address)

    def table(self, data: pa.Table | pd.DataFrame) -> nw.LazyFrame[Any]:
        """Hand a small table over to the engine."""
        arrow = data if isinstance(data, pa.Table) else pa.Table.from_pandas(data, preserve_index=False)
        return _lazy(self._sent(arrow))

    def texts(self, column: str, texts: Iterable[str]) -> nw.LazyFrame[Any]:
        """Hand a table of one column of texts over to Spark."""
        return self.table(pa.table({column: pa.array(list(texts), pa.string())}))

    def scan(self, path: Path) -> nw.LazyFrame[Any]:
        """Open a Parquet file without reading it; a Spark elsewhere is sent its rows, slice by slice."""
        from pyarrow import parquet

        with parquet.ParquetFile(path) as file:
            if self._local:
                schema = _schema(_plain(file.schema_arrow.empty_table()))
                return _lazy(self.session.read.schema(schema).parquet(str(path)))
            name = self._new_name()
            parts = map(pa.Table.from_batches, ([batch] for batch in file.iter_batches(SLICE)))
            for part in parts if file.metadata.num_rows else [file.schema_arrow.empty_table()]:
                self._sent(part).write.format("parquet").mode("append").saveAsTable(name)
        return _lazy(self.session.table(name))

    def keep(self, frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
        """Compute a lazy frame once, into Parquet, and return a frame over the result."""
        name = self._new_name()
        frame.to_native().write.format("parquet").saveAsTable(name)
        return _lazy(self.session.table(name))

    def stream(self, frame: nw.LazyFrame[Any]) -> pa.RecordBatchReader:
        """Give the rows of a frame in its order, slice by slice: a Spark in this process by way of Parquet files."""
        native = frame.to_native()
        schema: pa.Schema = native.limit(0).toArrow().schema
        batches = self._by_files(native) if self._local else _by_rows(native, schema)
        return pa.RecordBatchReader.from_batches(schema, (batch.cast(schema) for batch in batches))

    def forget(self, since: int, kept: Iterable[nw.LazyFrame[Any]]) -> None:
        """Keep every table until the end: they lie on disk here, and cost no memory."""

    def rest(self) -> None:
        """Leave Java its memory: it has its own, and tables are not in it."""

    def close(self) -> None:
        """Remove the tables; Spark itself goes on. An engine of Spark Connect that is not closed leaves its tables."""
        self._dropped()

    def _sent(self, table: pa.Table) -> Any:
        plain = _plain(table)
        return self.session.createDataFrame(plain, _schema(plain))

    def _by_files(self, native: Any) -> Iterator[pa.RecordBatch]:
        """Write the rows beside the tables and read them: a file a part, numbered in their order."""
        from pyarrow import parquet

        with tempfile.TemporaryDirectory(dir=self.workspace) as folder:
            native.write.mode("overwrite").parquet(Path(folder).as_uri())
            for path in sorted(Path(folder).glob("part-*.parquet")):
                with parquet.ParquetFile(path) as file:
                    yield from file.iter_batches(SLICE)

    def _new_name(self) -> str:
        self.tables += 1
        return f"{self._database}.t{self.tables - 1}"

    def _check_storage(self, address: str) -> None:
        """Write rows on all workers and read them back: storage that they do not share would lose some."""
        rows = 10_000
        try:
            kept = self.keep(nw.from_native(self.session.range(0, rows, 1, 64)))
            found = kept.select(nw.len()).collect("pyarrow").item()
        except Exception as error:
            if not from_spark(error):
                raise
            found = 0
        if found != rows:
            expected = "workers that share the folder of spark.sql.warehouse.dir"
            mend = "name shared storage there, in spark-defaults.conf of SPARK_CONF_DIR"
            raise BadInput(Fault("--engine", None, address, expected, mend))


def _lazy(native: Any) -> nw.LazyFrame[Any]:
    frame: nw.LazyFrame[Any] = nw.from_native(native)
    return frame


def _by_rows(native: Any, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    """Ask a Spark elsewhere for one part after the other."""
    rows = native.toLocalIterator()
    while part := list(islice(rows, SLICE)):
        columns = zip(*part, strict=True)
        yield pa.record_batch([pa.array(one, field.type) for one, field in zip(columns, schema, strict=True)], schema)


def _schema(table: pa.Table) -> Any:
    from pyspark.sql.pandas.types import from_arrow_schema

    return from_arrow_schema(table.schema)


def _plain(table: pa.Table) -> pa.Table:
    """Give columns types that Spark has: text for long text and for nothing but nulls."""
    text = pa.string()
    fields = [
        field.with_type(text) if pa.types.is_null(field.type) or pa.types.is_large_string(field.type) else field
        for field in table.schema
    ]
    return table.replace_schema_metadata(None).cast(pa.schema(fields))


def _drop(session: SparkSession, database: str, where: str) -> None:
    """Remove the tables of an engine, where Spark still answers."""
    try:
        if where == CONNECT:
            ask_once(session)
        session.sql(f"DROP DATABASE IF EXISTS {database} CASCADE")
    except Exception as error:
        # RuntimeError: Python is ending, and an engine that nobody closed finds no thread to speak through.
        if not (from_spark(error) or isinstance(error, OSError | RuntimeError)):
            raise
