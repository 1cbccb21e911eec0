"""CSV: the long tables as UTF-8 with commas; what a spreadsheet could take for a formula is text."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from observatory.explorer.payload import harmless
from observatory.export.graph import Content
from observatory.export.tables import HOLD, labels_of, tables


def files(content: Content) -> Iterator[tuple[str, bytes]]:
    """Write a file a table, and ``columns.csv``, which says what each column is."""
    found = tables(content)
    for name, table in found.items():
        yield f"{name}.csv", document(table)
    rows = [(name, HOLD[name], *one) for name, table in found.items() for one in labels_of(table).items()]
    yield "columns.csv", document(pd.DataFrame(rows, columns=["table", "holds", "column", "is"]))


def document(table: pd.DataFrame) -> bytes:
    """Write one table."""
    safe = table.apply(lambda column: column if pd.api.types.is_numeric_dtype(column) else harmless(column))
    text: str = safe.to_csv(index=False, lineterminator="\n")
    return text.encode("utf-8", "replace")
