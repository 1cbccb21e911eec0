"""Files of firms become one table on the engine: typed figures in EUR, regions placed, what cannot be read told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from pathlib import Path
from types import MappingProxyType
from typing import Any

import narwhals as nw

from ingest.columns import Layout
from ingest.engine import Engine
from ingest.faults import BadInput, Fault
from ingest.files import stage
from ingest.values import lookup, parse_number, parse_year
from observatory.stars.firms.layout import Columns, columns_of, looks_like_firms
from observatory.stars.firms.years import FIGURES
from observatory.stars.layouts.opened import Opened

Frame = nw.LazyFrame[Any]
TEXTS = ("firm", "industry", "region", "city", "country")
PLACE = ("region", "city", "country")
_NO_RATES: Mapping[str, float] = MappingProxyType({})
KEPT = ("file", "line", "firm", "industry", "year", *FIGURES)
#: A number as a database writes it; anything else is understood text by text.
PLAIN = r"^-?\d{1,18}(\.\d{1,12})?$"


def firms_of(
    engine: Engine, tables: Sequence[Opened], unit: str | None = None, rates: Mapping[str, float] = _NO_RATES
) -> tuple[Frame, list[str]]:
    """Read tables of firms into one.

    Parameters
    ----------
    engine
        Where the table is put.
    tables
        Files of firms; sheets of a workbook that are none are left out.
    unit, rates
        The unit of money where a heading names none, and what other currencies are in EUR; see
        :func:`observatory.stars.firms.layout.columns_of`.

    Returns
    -------
    tuple
        :data:`KEPT`, ``fault`` and the columns that say where a firm is, as
        :func:`observatory.stars.firms.counted.count_firms` takes them; and the names of the latter.

    Raises
    ------
    BadInput
        For columns and units that are missing or not known, in all files at once.
    """
    found: list[tuple[Opened, Columns]] = []
    faults: list[Fault] = []
    for table in tables:
        if not looks_like_firms(table.headings):
            continue
        try:
            found.append((table, columns_of(table.headings, table.file, table.heading_line, unit, rates)))
        except BadInput as error:
            faults += error.faults
    if faults:
        raise BadInput(faults)
    frames = []
    for table, columns in _once(found):
        raw = _scanned(engine, table, columns) if table.parquet else _staged(engine, table, columns)
        for rows, factors in _long(raw, columns):
            frames.append(_typed(engine, rows, factors))
    where = [column for column in PLACE if any(column in columns.places for _, columns in found)]
    frames = [frame.select(*KEPT, *where, "fault") for frame in frames]
    return (frames[0] if len(frames) == 1 else nw.concat(frames, how="vertical")), where


def _once(found: Iterable[tuple[Opened, Columns]]) -> list[tuple[Opened, Columns]]:
    """Each file once: the sheets of a workbook are staged together."""
    return list({table.path: (table, columns) for table, columns in reversed(list(found))}.values())[::-1]


def _scanned(engine: Engine, table: Opened, columns: Columns) -> Frame:
    """Open a Parquet file; its rows have no lines, and are known by firm and year."""
    frame = engine.scan(table.path)
    names = frame.collect_schema().names()
    return frame.select(
        nw.lit(table.file).alias("file"),
        nw.lit(None).cast(nw.Int64()).alias("line"),
        *(nw.col(names[at]).alias(column) for column, at in columns.heading_places().items()),
    )


def _staged(engine: Engine, table: Opened, columns: Columns) -> Frame:
    """Put the text cells of a file into a table; lines that are no rows are kept as faults."""
    headings = {column: table.headings[at] for column, at in columns.heading_places().items()}
    root = None if table.file == table.path.name else _root(table)
    staged = stage(engine, [table.path], Layout("firms", {}, frozenset()), columns=headings, root=root)
    frame = staged.frame.with_columns(fault=nw.lit(None).cast(nw.String()))
    unreadable = staged.rows.select("file", "line", fault=nw.col("reason"))
    blank = unreadable.with_columns(nw.lit(None).cast(nw.String()).alias(column) for column in headings)
    return nw.concat([frame.select(blank.collect_schema().names()), blank], how="vertical")


def _root(table: Opened) -> Path | None:
    """The folder that the name of a file is given from."""
    parts = Path(table.file.partition(" [")[0]).parts
    return table.path.parents[len(parts) - 1] if table.path.parts[-len(parts) :] == parts else None


def _long(raw: Frame, columns: Columns) -> list[tuple[Frame, dict[str, float]]]:
    """Give each year its own rows where it has its own columns; with the factors of its money.

    A firm has a row in a year for which any figure is given; without any in all years it is set aside.
    """
    if not columns.years:
        return [(raw, {column: columns.factors[at] for column, at in columns.places.items() if at in columns.factors})]
    held = raw.collect_schema().names()
    kept = [column for column in held if column in ("file", "line", "fault", *columns.places)]
    every = [~nw.col(f"{column}_{year}").is_null() for year, places in columns.years.items() for column in places]
    nothing = ~nw.any_horizontal(*every, ignore_nulls=True)
    none = nw.when(nothing).then(nw.lit("no figure in any year"))
    raw = raw.with_columns(fault=nw.coalesce("fault", none) if "fault" in held else none)
    kept = [*(column for column in kept if column != "fault"), "fault"]
    parts = []
    for year, places in columns.years.items():
        figures = [nw.col(f"{column}_{year}").alias(column) for column in places]
        there = [~nw.col(column).is_null() for column in places]
        if year == min(columns.years):
            there.append(~nw.col("fault").is_null())
        rows = raw.select(*kept, *figures).filter(nw.any_horizontal(*there, ignore_nulls=True))
        rows = rows.with_columns(year=nw.lit(year).cast(nw.Int64()))
        parts.append((rows, {column: columns.factors[at] for column, at in places.items() if at in columns.factors}))
    return parts


def _typed(engine: Engine, rows: Frame, factors: Mapping[str, float]) -> Frame:
    """Give every column its type; money in EUR; the first cell that cannot be read is the fault of its row."""
    schema = rows.collect_schema()
    rows = rows.with_columns(
        nw.col(column).cast(nw.String()) if column in schema else nw.lit(None).cast(nw.String()).alias(column)
        for column in TEXTS
    )
    wrong = [nw.col("fault")] if "fault" in schema else []
    for column in ("year", *FIGURES):
        dtype = schema.get(column)
        if dtype is None:
            rows = rows.with_columns(nw.lit(None).cast(nw.Float64()).alias(column))
        elif dtype.is_numeric():
            rows = rows.with_columns(nw.col(column).cast(nw.Int64() if column == "year" else nw.Float64()))
        else:
            rows = rows.with_columns(nw.col(column).cast(nw.String()).alias(f"_{column}"))
            rows = _parsed(engine, rows, column)
            unread = ~nw.col(f"_{column}").is_null() & nw.col(column).is_null()
            wrong.append(nw.when(unread).then(nw.lit(f"unreadable {column.replace('_', ' ')}")))
    money = {column: nw.col(column) * factor for column, factor in factors.items() if factor != 1}
    fault = reduce(lambda one, two: nw.coalesce(one, two), wrong, nw.lit(None).cast(nw.String()))
    return rows.with_columns(**money, fault=fault).select("file", "line", *TEXTS, "year", *FIGURES, "fault")


def _parsed(engine: Engine, rows: Frame, column: str) -> Frame:
    """Understand years and numbers: plain ones on the engine, others once for each different text."""
    text = nw.col(f"_{column}")
    if column == "year":
        return lookup(engine, rows.drop("year"), "_year", parse_year, "year", nw.Int64())
    plain = text.str.contains(PLAIN).fill_null(False)
    rows = rows.with_columns(
        nw.when(plain).then(text).cast(nw.Float64()).alias("_plain"), nw.when(~plain).then(text).alias("_odd")
    )
    rows = lookup(engine, rows.drop(column), "_odd", parse_number, "_meant", nw.Float64())
    return rows.with_columns(nw.coalesce("_plain", "_meant").alias(column)).drop("_plain", "_odd", "_meant")


def scheme_of(tables: Sequence[Opened], asked: str) -> str:
    """Tell by the heading what the column industry holds: NACE or NAICS where it says so, else what was asked.

    Examples
    --------
    >>> table = Opened("a.csv", Path("a.csv"), [["BvD ID", "NAICS 2017, core code (4 digits)", "Year"]])
    >>> scheme_of([table], "nace")
    'naics'
    """
    said: Mapping[str, str] = {
        heading.lower()[:5].strip(): table.file
        for table in tables
        for heading in table.headings
        if heading.lower().startswith(("nace", "naics"))
    }
    schemes = {"naics" if word.startswith("naics") else "nace" for word in said}
    return next(iter(schemes)) if len(schemes) == 1 else asked
