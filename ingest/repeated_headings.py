"""Headings that stand again among the rows, as on each page of a printed export: no rows of the table."""

from __future__ import annotations

import numpy as np

from ingest.cells import Cells
from ingest.folded import for_rows, only_digits, parts
from ingest.headings import Heading
from ingest.mended import Unreadable

#: Why such a line is set aside.
AGAIN = "headings again"


def without_headings(cells: Cells, heading: Heading, unreadable: list[Unreadable]) -> Cells:
    """Set aside the rows whose cells are the headings themselves.

    Examples
    --------
    >>> import pyarrow as pa
    >>> rows = pa.table({"c0": ["1", "Deal Number"], "c1": ["Ulm", "Target  City"]}).to_batches()[0]
    >>> aside = []
    >>> heading = Heading(("Deal Number", "Target City"), 1, 2, ",", 2)
    >>> without_headings(Cells(rows, np.array([2, 3])), heading, aside).lines.tolist(), aside[0].reason
    ([2], 'headings again')
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    place = next((place for place, text in enumerate(heading.headings) if text), None)
    if place is None:
        return cells
    texts, which = parts(cells.batch.column(place))
    if only_digits(texts) and not heading.headings[place].isdigit():
        return cells
    alike = for_rows(pc.equal(pc.utf8_trim_whitespace(texts), heading.headings[place]), which)
    again = np.zeros(cells.batch.num_rows, dtype=bool)
    for row in np.flatnonzero(alike):
        whole = [str(column[int(row)]) for column in cells.batch.columns]
        again[row] = tuple(" ".join(cell.split()) for cell in whole) == heading.headings
        if again[row]:
            unreadable.append(Unreadable(int(cells.lines[row]), " ".join(whole), AGAIN, value=whole[place]))
    return Cells(cells.batch.filter(pa.array(~again)), cells.lines[~again]) if again.any() else cells
