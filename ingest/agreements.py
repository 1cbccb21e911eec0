"""What deals, alliances and projects have in common: rows with a date and a status, and organisations.

A source module brings its vendor's rows into one table, the *rows*: `file, line, key, event, event_key, when,
state, amount, currency, duplicate, aside` (all text but `line` and `duplicate`; `aside` is a reason found
before). This module says what becomes of each; :mod:`ingest.parties` makes tables of those that are used.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import narwhals as nw

from ingest import values
from ingest.engine import Engine, collect, distinct
from ingest.entries import one_line
from ingest.number_style import read_numbers
from ingest.opened import Opened
from ingest.records import SOURCE_SCHEMA, added, stack, typed
from ingest.repeated_headings import AGAIN


def parse_when(text: str, *, dayfirst: bool = False) -> str | None:
    """Read a date, or a bare year, between 1900 and 2100; `dayfirst` as in :func:`ingest.values.parse_date`.

    Returns
    -------
    str or None
        An ISO date, a year of four digits, or None where the text is neither.

    Examples
    --------
    >>> parse_when("01/15/2003"), parse_when("2003"), parse_when("05/04/3201")
    ('2003-01-15', '2003', None)
    """
    year = values.parse_year(text) if re.fullmatch(r"\d{4}(\.0+)?", text.strip()) else None
    return values.parse_date(text, dayfirst=dayfirst) if year is None else str(year)


def status_reader(kept: object, words: Sequence[str]) -> Callable[[str], str | None]:
    """Return a reader that gives a status's reason for setting aside, or None where its rows count.

    Parameters
    ----------
    kept
        The statuses that count (a text or a list of them, in any case), ``"all"``, or None: every status
        that has none of `words` in it.
    words
        What marks a status that does not count, in small letters.

    Examples
    --------
    >>> read = status_reader(None, ["withdrawn", "rumor"])
    >>> read("Completed"), read("Dismissed Rumor")
    (None, 'status: dismissed rumor')
    >>> status_reader(["Completed"], [])("Pending")
    'status: pending'
    """
    named = {str(one).strip().lower() for one in (kept if isinstance(kept, (list, tuple)) else [kept])}

    def read(text: str) -> str | None:
        status = " ".join(text.lower().split())
        talk = any(word in status for word in words)
        aside = talk if kept is None else not named & {status, "all"}
        return (f"status: {status}" if status else "no status") if aside else None

    return read


def dated(engine: Engine, rows: nw.LazyFrame[Any], *, dayfirst: bool = False) -> nw.LazyFrame[Any]:
    """Add `iso`: the date or year that `when` gives, null where it is not understood."""
    return values.lookup(engine, rows, "when", partial(parse_when, dayfirst=dayfirst), "iso", nw.String())


def fill_down(engine: Engine, given: Opened, columns: Sequence[str], member: str | None = None) -> nw.LazyFrame[Any]:
    """Carry an agreement's own cells down to the rows of its further participants.

    A row on which one of `columns` is filled begins a new block, and the rows below it on which all of them
    are empty belong to it; so a first row's empty status stays empty. A block ends with its file, and at an
    unreadable line, which may have been another agreement's first: what follows must not go to the wrong one.

    Where one of `columns` is filled on every row, each row is a block.

    Returns
    -------
    nw.LazyFrame
        The cells with `columns` filled; with `member`, a column of names, also the `first` and the `last` name in
        the alphabet of the row's block.
    """
    rows, names = given.cells, {} if member is None else {"first": nw.col(member), "last": nw.col(member)}
    if given.staged.filled & set(columns):
        return added(rows, names)
    empty = nw.all_horizontal(*(nw.col(column).is_null() for column in columns), ignore_nulls=True)
    begins = rows.select("file", "line", begun=nw.when(empty).then(nw.lit(0)).otherwise(nw.lit(1)))
    # Headings that stand again, as on each page, end none.
    ends = given.staged.rows.filter(nw.col("reason") != AGAIN).select("file", "line", begun=nw.lit(1))
    counted = nw.col("begun").cum_sum().over("file", order_by="line").cast(nw.Int64())
    blocks = stack([begins, ends]).select("file", "line", block=counted)
    blocked = rows.join(blocks, on=["file", "line"], how="inner")
    # Only one row of a block has these cells, so that the largest is the one.
    whole = {column: nw.col(column).max() for column in columns}
    if names:
        whole |= {"first": names["first"].min(), "last": names["last"].max()}
    filled = {column: cell.over("file", "block") for column, cell in whole.items()}
    return engine.keep(blocked.with_columns(**filled).drop("block"))


def numbered(number: nw.Expr) -> nw.Expr:
    """Write a deal's number without a spreadsheet's decimals; null where a spreadsheet has cut it (1.23457E+12).

    Different numbers are cut to the same, and would make one event of several.
    """
    cut = number.str.contains(r"^\d([.,]\d+)?[Ee]\+\d+$")
    return nw.when(~cut).then(number.str.replace_all(r"\.0+$", ""))


def known_as(number: nw.Expr, title: nw.Expr, date: nw.Expr) -> nw.Expr:
    """Write an agreement's id: its number, else date and title, else date, first and last participant.

    These are as :func:`fill_down` tells them, so that the id does not depend on the order of rows; null where there
    is nothing to know the agreement by.
    """
    return nw.coalesce(
        numbered(number),
        nw.concat_str(date, title, separator=", "),
        nw.concat_str(date, one_line("first"), one_line("last"), separator=", "),
    )


def settle(engine: Engine, rows: nw.LazyFrame[Any], status: Callable[[str], str | None]) -> nw.LazyFrame[Any]:
    """Say of every row whether it is used, or the first reason why not.

    A row without a date or a status takes its event's. Of rows that give one event different dates, those
    with the earliest are used: whichever order the rows stand in, the outcome is the same. A year alone and a day of
    it are no different dates.

    Returns
    -------
    nw.LazyFrame
        `rows` with `date` (ISO, null where only the year is known), `year`, `value` and `reason`.
    """
    rows = _filled(rows)
    rows = values.lookup(engine, rows, "state", status, "state_aside", nw.String())
    rows = read_numbers(engine, rows, "amount", "value")
    rows = engine.keep(rows.with_columns(reason=_first_reason()).drop("state", "aside", "state_aside"))
    dates = nw.when(nw.col("iso").str.len_chars() == 10).then(nw.col("iso"))
    year = nw.col("iso").str.slice(0, 4).cast(nw.Int64())
    # A currency without a value says nothing.
    currency = nw.when(~nw.col("value").is_null()).then(nw.col("currency"))
    return _agreed(engine, rows).with_columns(currency=currency, date=dates, year=year)


def _agreed(engine: Engine, rows: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Set aside the rows that give their event a later date than another does; where none does, nothing is done."""
    used = used_rows(rows)
    if not values.repeats(used, ["event"]):
        return rows
    # A row that gives the year alone says nothing against a day of that year.
    year, day = nw.col("iso").str.slice(0, 4), nw.when(nw.col("iso").str.len_chars() == 10).then(nw.col("iso"))
    spans = (
        used.with_columns(year=year, day=day)
        .group_by("event")
        .agg(
            earliest_year=nw.col("year").min(),
            earliest_day=nw.col("day").min(),
            last_year=nw.col("year").max(),
            last_day=nw.col("day").max(),
        )
    )
    several = (nw.col("earliest_year") < nw.col("last_year")) | (nw.col("earliest_day") < nw.col("last_day"))
    span = engine.keep(spans.filter(several).select("event", "earliest_year", "earliest_day"))
    if _none(span):
        return rows
    late = (year > nw.col("earliest_year")) | (day > nw.col("earliest_day"))
    reason = nw.coalesce(nw.col("reason"), nw.when(late).then(nw.lit("conflicting date")))
    joined = rows.join(span, on="event", how="left").with_columns(reason=reason)
    return joined.drop("earliest_year", "earliest_day")


def _filled(rows: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Give rows without a status or a date those of their event; where none lacks any, no event is looked at."""
    state, own = nw.col("state"), nw.col("iso")
    lacks = [(state.is_null() | nw.col("when").is_null()).any().alias("some")]
    if rows.select(*lacks).collect("pyarrow")["some"].to_list() == [True]:
        state = nw.coalesce(state, state.min().over("event"))
        own = nw.when(nw.col("when").is_null()).then(own.min().over("event")).otherwise(own)
    return rows.with_columns(nw.coalesce(state, nw.lit("")).alias("state"), own.alias("iso"))


def _first_reason() -> nw.Expr:
    unread = nw.col("iso").is_null()
    return nw.coalesce(
        nw.when(nw.col("duplicate")).then(nw.lit("duplicate row")),
        nw.col("aside"),
        nw.when(unread & ~nw.col("when").is_null()).then(nw.lit("impossible date")),
        nw.when(unread).then(nw.lit("no date")),
        nw.col("state_aside"),
    )


def without_partner(
    engine: Engine, rows: nw.LazyFrame[Any], parties: nw.LazyFrame[Any]
) -> tuple[nw.LazyFrame[Any], nw.LazyFrame[Any]]:
    """Set aside the rows of events that have fewer than two participants, with these participants.

    Parameters
    ----------
    engine
        Where the tables live.
    rows
        Settled rows.
    parties
        The organisations of the rows used.

    Returns
    -------
    tuple of nw.LazyFrame
        The rows with their reasons, and the parties of the events that remain.
    """
    ends = {"first": nw.col("participant").min(), "last": nw.col("participant").max()}
    enough = parties.group_by("event").agg(**ends).filter(nw.col("first") != nw.col("last"))
    alone = distinct(used_rows(rows), "event").join(enough.select("event"), on="event", how="anti")
    alone = engine.keep(alone.with_columns(alone=nw.lit("fewer than two participants")))
    if _none(alone):
        return rows, parties
    reason = nw.coalesce("reason", "alone")
    rows = rows.join(alone, on="event", how="left").with_columns(reason=reason).drop("alone")
    return rows, parties.join(alone.select("event"), on="event", how="anti")


def _none(frame: nw.LazyFrame[Any]) -> bool:
    """Tell whether a table has no row."""
    return collect(frame.head(1)).empty


def used_rows(rows: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Keep the rows that are used."""
    return rows.filter(nw.col("reason").is_null())


def rejects_of(rows: nw.LazyFrame[Any], date_field: str) -> list[nw.LazyFrame[Any]]:
    """List the dates and values that were not understood."""
    dates = rows.filter(nw.col("reason") == "impossible date")
    dates = dates.with_columns(field=nw.lit(date_field), value=nw.col("when"))
    amounts = rows.filter(~nw.col("amount").is_null() & nw.col("value").is_null() & ~nw.col("duplicate"))
    amounts = amounts.with_columns(field=nw.lit("value"), value=nw.col("amount"), reason=nw.lit("not a number"))
    return [typed(frame, SOURCE_SCHEMA["rejects"]) for frame in (dates, amounts)]
