"""What patent tables have in common: applications that need people and symbols to be an event."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from ingest import values
from ingest.engine import Engine
from ingest.records import SOURCE_SCHEMA, typed
from ingest.staged import Staged

Frame = nw.LazyFrame[Any]
#: Whose addresses give an application its regions → the role, and the reason where there is none.
PEOPLE = {"inventors": ("inventor", "no inventor"), "applicants": ("applicant", "no applicant")}
#: Why a row is set aside that names an application which no table describes.
NOWHERE = "belongs to no event"


def fates(engine: Engine, known: Frame, people: Frame, symbols: Frame) -> Frame:
    """Say of each application whether it is counted itself, and has people and symbols.

    Parameters
    ----------
    known
        ``event, counted``: every application that the tables describe, and whether it counts.
    people, symbols
        ``event, reason``: rows that give it people and symbols; only those without a reason count.

    Returns
    -------
    nw.LazyFrame
        ``event, counted, peopled, classed``, the last two null where there are none.
    """
    with_people = people.filter(nw.col("reason").is_null()).select("event").unique()
    with_symbols = symbols.filter(nw.col("reason").is_null()).select("event").unique()
    fate = known.join(with_people.with_columns(peopled=nw.lit(True)), on="event", how="left")
    return engine.keep(fate.join(with_symbols.with_columns(classed=nw.lit(True)), on="event", how="left"))


def settle(rows: Frame, fate: Frame, of: str) -> Frame:
    """Add to the reasons of rows those that come from their application.

    Parameters
    ----------
    rows
        With ``event`` and ``reason``.
    fate
        As :func:`fates` returns.
    of
        One of :data:`PEOPLE`.
    """
    joined = settled(rows.join(fate, on="event", how="left"), of)
    return joined.drop("counted", "peopled", "classed")


def settled(rows: Frame, of: str) -> Frame:
    """Do the same to rows that have the columns of `fate` already.

    Examples
    --------
    >>> import pandas as pd
    >>> from ingest.engine import DuckDB
    >>> rows = pd.DataFrame({"event": ["1", "2"], "counted": True, "peopled": [1, None], "classed": 1, "reason": None})
    >>> table = DuckDB().table(rows.astype({"reason": "str"}))
    >>> settled(table, "inventors").sort("event").collect("pyarrow")["reason"].to_list()
    [None, 'no inventor']
    """
    # An application that the tables do not describe is no event, whatever its rows say of it.
    nowhere = nw.col("counted").is_null() & ~nw.col("event").is_null()
    reason = nw.coalesce(
        nw.when(nowhere).then(nw.lit(NOWHERE)),
        nw.col("reason"),
        nw.when(~nw.col("counted")).then(nw.lit("application set aside")),
        nw.when(nw.col("peopled").is_null()).then(nw.lit(PEOPLE[of][1])),
        nw.when(nw.col("classed").is_null()).then(nw.lit("no symbol")),
    )
    return rows.with_columns(reason=reason)


def used_events(fate: Frame, *columns: str) -> Frame:
    """List the applications that count and have people and symbols: of their rows those without a reason are used."""
    whole = nw.col("counted") & ~nw.col("peopled").is_null() & ~nw.col("classed").is_null()
    return fate.filter(whole).select("event", *columns)


def used_rows(rows: Frame) -> Frame:
    """Keep the rows that are not set aside."""
    return rows.filter(nw.col("reason").is_null())


def facets(engine: Engine, rows: Frame, scheme: str) -> Frame:
    """List each symbol of an application once; blanks within a symbol make no difference.

    Parameters
    ----------
    engine
        Where the rows live.
    rows
        The rows used, with ``event`` and ``symbol``.
    scheme
        The classification that the symbols are of.
    """
    written = rows.select("event", given=nw.col("symbol"))
    looked_up = values.lookup(engine, written, "given", plain, "symbol", nw.String())
    distinct = looked_up.select("event", "symbol").unique()
    whole = distinct.with_columns(
        facet=nw.col("symbol"),
        participant=nw.lit(None, nw.String()),
        role=nw.lit("class"),
        scheme=nw.lit(scheme),
    )
    return typed(whole, SOURCE_SCHEMA["facets"])


def plain(symbol: str) -> str:
    """Write a symbol with single blanks."""
    return " ".join(symbol.split())


def not_used(engine: Engine, staged: Staged, key: str) -> list[Frame]:
    """Account for a table that the study does not need: all its rows are set aside."""
    rows = staged.frame.with_columns(key=nw.col(key), event=nw.lit(None, nw.String()), reason=nw.lit("table not used"))
    # Kept, so that the staged file need not outlive the reading.
    return [engine.keep(typed(rows, SOURCE_SCHEMA["rows"])), staged.rows]
