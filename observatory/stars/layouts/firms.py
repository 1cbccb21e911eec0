"""Tables of firms, such as Orbis exports: counted by region, industry code and year."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import narwhals as nw
import pandas as pd

from ingest.faults import BadInput, Fault
from observatory.stars.firms.rules import rules_of
from observatory.stars.layouts.cells import ASIDE, REJECTS, Cells, Options, cells_of
from observatory.stars.layouts.opened import Opened

if TYPE_CHECKING:
    from observatory.stars.firms.counted import FirmTable
    from observatory.stars.layouts.assembled import Figures

#: The figures that firms are counted to, and their units.
UNITS = {
    "employment": "FTE",
    "wages": "EUR",
    "firms": "units",
    "high_growth_smes": "units",
    "frontier_firms": "units",
    "paid": "FTE",
}
#: The version of NUTS that firms are placed in where none is asked for.
NUTS = 2013
#: Rows set aside that are listed, of each file and reason.
LISTED = 10_000


def recognises(opened: Opened) -> bool:
    """Tell by its headings whether a file lists firms.

    Examples
    --------
    >>> from pathlib import Path
    >>> recognises(Opened("a.csv", Path("a.csv"), [["BvD ID number", "NACE Rev. 2 core code", "Year"]]))
    True
    """
    from observatory.stars.firms.layout import looks_like_firms

    return looks_like_firms(opened.headings)


def read_all(group: Sequence[Opened], options: Options) -> Cells:
    """Count all files of firms together: a firm may stand in several, a year in each.

    Parameters
    ----------
    group
        The files.
    options
        ``industry`` where the headings do not say it (``industry`` brings codes to the 51), ``nuts``, ``digits``
        (by default as many as most codes have); in ``more``: ``memory`` (a limit such as ``2GB``), ``unit`` (of
        money whose heading names none), and every threshold of
        :class:`observatory.stars.firms.rules.FirmRules` by its name.

    Returns
    -------
    Cells
        One cell a region, industry code, year and figure. Rows that are set aside are counted file by file.

    Raises
    ------
    BadInput
        Columns or units that are missing; no row that can be used; a threshold that cannot be.
    """
    counted, scheme, file, notes, rejects = _counted(group, options)
    table = counted.table[counted.table["industry"] != "total"]
    frame = pd.concat(
        [
            table[["region", "industry", "year"]].assign(measure=name, value=table[name], unit=unit)
            for name, unit in UNITS.items()
        ],
        ignore_index=True,
    )
    frame = cells_of(frame[frame["value"].notna()].assign(file=file))
    none = pd.DataFrame(columns=list(ASIDE)).astype({"file": "str", "reason": "str", "cells": "int64"})
    return Cells(frame, none, len(frame), scheme, own=True, notes=tuple(notes), rejects=rejects)


def figures(group: Sequence[Opened], options: Options) -> Figures:
    """Count files of firms that stand alone: their table needs no putting together.

    Parameters
    ----------
    group, options
        As for :func:`read_all`.

    Returns
    -------
    Figures
        The table; no flags; and the ledger, whose ``cells`` are rows of firms.

    Raises
    ------
    BadInput
        As :func:`read_all`; and where the industries are not what was said.
    """
    from observatory.stars.layouts.accounts import FLAGS
    from observatory.stars.layouts.assembled import Figures

    by_name = options.industry == "industry"
    counted, scheme, file, notes, rejects = _counted(group, options, "industry" if by_name else "code")
    if not by_name and options.industry != scheme:
        mend = f"say --industry {scheme}, or --industry industry"
        raise BadInput(Fault(file, None, scheme, f"industries in {options.industry}, as was said", mend))
    table = counted.table if by_name else counted.table[counted.table["industry"] != "total"].reset_index(drop=True)
    table.attrs = {"file": file, "notes": notes}
    ledger = counted.ledger.assign(file=file)[["file", "reason", "rows"]].set_axis(list(ASIDE), axis=1)
    return Figures(table, pd.DataFrame(columns=list(FLAGS)), ledger, "industry" if by_name else scheme, rejects)


def _counted(
    group: Sequence[Opened], options: Options, level: str = "code"
) -> tuple[FirmTable, str, str, list[str], pd.DataFrame]:
    """The regional table, what its industries are, the name of the files, sentences, and rows set aside."""
    from observatory.engines import engine_named
    from observatory.stars.firms.counted import count_firms
    from observatory.stars.firms.files import firms_of, scheme_of

    more = dict(options.more)
    engine = engine_named("duckdb", _text(more.pop("memory", None)))
    unit = _text(more.pop("unit", None))
    rules = rules_of({"frontier_by": "industry", **more})
    firms, where = firms_of(engine, group, unit, options.rates)
    scheme = scheme_of(group, options.industry)
    file = group[0].file if len(group) == 1 else f"{len(group)} files of firms"
    counted = count_firms(
        engine,
        firms,
        scheme,
        level=level,
        digits=options.digits or (0 if level == "code" else None),
        where=where,
        nuts=options.nuts or NUTS,
        rules=rules,
        file=file,
    )
    rows = dict(zip(counted.ledger["reason"], counted.ledger["rows"], strict=True))
    notes = [f"{file}: {rows['read']:,} rows of firms read, {rows['used']:,} used.", *counted.table.attrs["notes"]]
    lost = rows["read"] > rows["used"]
    notes += _first(counted.set_aside) if lost else []
    rejects = _listed(counted.set_aside) if lost else pd.DataFrame(columns=list(REJECTS))
    notes.append(f"Firms are placed in the regions of NUTS {options.nuts or NUTS}.")
    notes += [f"1 {currency} is taken as {rate:g} EUR." for currency, rate in sorted(options.rates.items())]
    return counted, scheme, file, notes, rejects


def _listed(set_aside: nw.LazyFrame[Any]) -> pd.DataFrame:
    """List the rows that were set aside, of each reason and file the first."""
    from ingest.engine import collect

    order = ["file", "reason", "line", "firm", "year"]
    place = nw.col("one").cum_sum().over("file", "reason", order_by=["line", "firm", "year"])
    numbered = set_aside.with_columns(one=nw.lit(1)).with_columns(place=place)
    first = numbered.filter(nw.col("place") <= LISTED)
    return collect(first.select(*REJECTS)).sort_values(order, ignore_index=True)[list(REJECTS)]


def _first(set_aside: nw.LazyFrame[Any]) -> list[str]:
    """Name the first row that was set aside for each reason, file by file."""
    from ingest.engine import collect, records_of

    by = ["file", "reason"]
    counted = set_aside.group_by(*by).agg(rows=nw.len(), line=nw.col("line").min(), firm=nw.col("firm").min())
    said = []
    for row in records_of(collect(counted.sort(*by))):
        line, firm = row["line"], row["firm"]
        where = f"line {int(line)}" if pd.notna(line) else f"firm {firm}" if pd.notna(firm) else ""
        said.append(f"{row['file']}: {row['rows']:,} {row['reason']}" + (f", the first in {where}." if where else "."))
    return said


def _text(option: object) -> str | None:
    return None if option is None else str(option)
