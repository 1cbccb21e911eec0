"""The rows of a regional table within the windows of years, single industries apart from totals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from ingest.faults import BadInput, Fault
from observatory.stars import notes
from observatory.stars.check import KEYS, checked
from observatory.stars.dimensions import prepared
from observatory.stars.industries import TOTAL


@dataclass(frozen=True)
class Rows:
    """A regional table after its check.

    Attributes
    ----------
    single, totals
        Rows of single industries, and total rows of regions: ``region, industry, year`` and the figures of
        :data:`observatory.stars.check.FIGURES`, with ``paid`` and ``paid_wages``; sorted.
    absent
        Columns that the table does not have.
    recent, long
        The years that are ranked one by one, and those that are added up.
    said
        Sentences on what was found.
    """

    single: pd.DataFrame
    totals: pd.DataFrame
    absent: Sequence[str]
    recent: tuple[int, ...]
    long: tuple[int, ...]
    said: list[str]


def name_of(table: pd.DataFrame) -> str:
    """Return the name of the file that a table was read from, for messages.

    Examples
    --------
    >>> name_of(pd.DataFrame())
    'table'
    """
    return str(table.attrs.get("file", "table"))


def rows_of(table: pd.DataFrame, years3: Sequence[int] | None = None, years9: Sequence[int] | None = None) -> Rows:
    """Check a regional table and keep the rows of its windows.

    Parameters
    ----------
    table
        As for :func:`observatory.stars.star_scores`.
    years3, years9
        The years to rank one by one and to add up; by default the table's last three and last nine.

    Raises
    ------
    BadInput
        Lists all faults of the table.
    ValueError
        A window that is longer than three or nine years.

    Examples
    --------
    >>> table = pd.DataFrame({"region": "DE21", "industry": ["Plastics", "total"], "year": 2014, "employment": 5.0})
    >>> rows = rows_of(table)
    >>> len(rows.single), len(rows.totals), rows.recent
    (1, 1, (2014,))
    """
    file = name_of(table)
    rows = checked(table, file=file, lines=range(1, len(table) + 1), required=KEYS)
    if rows.empty:
        raise BadInput(Fault(file, None, "", "at least one row", "fill the table"))
    absent, said = rows.attrs["absent"], notes.on_flags(rows.attrs["flagged"])
    rows.attrs = {}
    recent, long = _window(rows["year"], years3, 3), _window(rows["year"], years9, 9)
    rows = rows[rows["year"].isin({*recent, *long})]
    # Sums of floating numbers depend on the order of the rows, so the order is fixed first.
    rows = prepared(rows.sort_values(["region", "industry", "year"], ignore_index=True))
    total = rows["industry"].str.casefold() == TOTAL
    return Rows(rows[~total], rows[total], absent, recent, long, said)


def _window(years: pd.Series, chosen: Sequence[int] | None, length: int) -> tuple[int, ...]:
    """The years of a window: the chosen ones, or the last ones that the table holds."""
    if chosen is None:
        return tuple(int(year) for year in sorted(years.unique())[-length:])
    window = tuple(sorted({int(year) for year in chosen}))
    if not 1 <= len(window) <= length:
        raise ValueError(f"years{length} must name one to {length} years, not {len(window)}")
    return window
