"""Parquet: the long tables, each column with what it is in the file's own metadata."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

from observatory.export.graph import Content
from observatory.export.tables import HOLD, labels_of, tables


def files(content: Content) -> Iterator[tuple[str, bytes]]:
    """Write a file a table."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    for name, table in tables(content).items():
        plain = pa.Table.from_pandas(table, preserve_index=False)
        labels = labels_of(table)
        fields = [field.with_metadata({"description": labels[field.name]}) for field in plain.schema]
        arrow = plain.cast(pa.schema(fields)).replace_schema_metadata({"title": HOLD[name]})
        buffer = BytesIO()
        pq.write_table(arrow, buffer, compression="zstd")
        yield f"{name}.parquet", buffer.getvalue()
