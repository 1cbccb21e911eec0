"""What a file held, as one number that the order of its rows and columns does not change."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.cells import Cells


@dataclass
class Digest:
    """A digest of rows that does not depend on their order, nor on that of the columns."""

    headings: Sequence[str]
    rows: int = 0
    low: int = 0
    high: int = 0

    def __post_init__(self) -> None:
        import duckdb

        self._connection = duckdb.connect()
        order = sorted(range(len(self.headings)), key=lambda place: (self.headings[place], place))
        cells = ", ".join(f"c{place}, chr(31)" for place in order)
        self._query = (
            f"SELECT sum(md5_number_lower(row)), sum(md5_number_upper(row)) FROM "
            f"(SELECT concat({cells}) AS row FROM cells)"
        )

    def add(self, cells: Cells) -> None:
        """Add whole rows."""
        if cells.batch.num_rows:
            import pyarrow as pa

            self._connection.register("cells", pa.Table.from_batches([cells.batch]))
            ((low, high),) = self._connection.execute(self._query).fetchall()
            self._connection.unregister("cells")
            self._sum(cells.batch.num_rows, int(low), int(high))

    def add_text(self, text: str) -> None:
        """Add a line that could not be read as a row."""
        number = hashlib.md5(text.encode("utf-8"), usedforsecurity=False).digest()
        self._sum(1, int.from_bytes(number[:8], "little"), int.from_bytes(number[8:], "little"))

    def _sum(self, rows: int, low: int, high: int) -> None:
        """Add to the running sums."""
        self.rows, self.low, self.high = self.rows + rows, self.low + low, self.high + high

    def sha256(self) -> str:
        """Close the digest."""
        self._connection.close()
        sums = [*sorted(self.headings), str(self.rows), str(self.low), str(self.high)]
        return hashlib.sha256("\x1f".join(sums).encode("utf-8")).hexdigest()
