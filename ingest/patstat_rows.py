"""What becomes of the rows of PATSTAT's tables: counted for all, told for those that are asked for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import pandas as pd

from ingest import applications, joined, regions
from ingest.engine import Engine, collect, distinct
from ingest.ledger import BY_RULE
from ingest.patstat_tallies import Tallies
from ingest.records import SOURCE_SCHEMA, Compact, SourceRows, stack, typed

Frame = nw.LazyFrame[Any]
Written = Callable[[nw.Expr], nw.Expr]
KIND = "copatent"
_TOLD = ("file", "line", "key", "event", "reason", "member")


@dataclass(frozen=True)
class Rows:
    """The rows of all tables; nothing is computed before it is asked for.

    Attributes
    ----------
    filings, roles, symbols
        ``file, line, event, reason`` (the row's own), ``person_id`` or ``symbol``.
    persons
        ``file, line, person_id, reason``.
    alone
        Rows of no event and no person, settled.
    fate, fate_of_persons
        As :func:`ingest.applications.fates` and :func:`ingest.joined.fates` tell them.
    of
        One of :data:`ingest.applications.PEOPLE`.
    event, person
        Writes an id.
    """

    filings: Frame
    roles: Frame
    symbols: Frame
    persons: Frame
    alone: Frame
    fate: Frame
    fate_of_persons: Frame
    of: str
    event: Written
    person: Written

    def all(self) -> Frame:
        """Tell what became of every row: ``file, line, key, event, reason, member``."""
        return stack(self._told(lambda rows, _: rows, self.alone))

    def of_some(self, events: Frame, members: Frame) -> list[Frame]:
        """Tell it of some events and persons, and of rows of none that something is wrong with."""

        def chosen(rows: Frame, column: str) -> Frame:
            keys = members.select(person_id="member") if column == "person_id" else events
            return stack([rows.join(keys, on=column, how="semi"), rows.filter(nw.col(column).is_null())])

        wrong = ~nw.col("reason").is_null() & ~nw.col("reason").is_in(sorted(BY_RULE))
        return self._told(chosen, self.alone.filter(wrong))

    def _told(self, chosen: Callable[[Frame, str], Frame], alone: Frame) -> list[Frame]:
        event, person = self.event(nw.col("event")), self.person(nw.col("person_id"))
        ends = nw.concat_str(event.fill_null("-"), person.fill_null("-"), separator=", person ")
        symbol = nw.concat_str(event, nw.col("symbol"), separator=", ", ignore_nulls=True)
        tables = [
            self._settled(chosen(rows, "event")).with_columns(key=key)
            for rows, key in ((self.filings, event), (self.roles, ends), (self.symbols, symbol))
        ]
        persons = self.members(chosen(self.persons, "person_id"))
        key = nw.concat_str(nw.lit("person "), self.person(nw.col("member")).fill_null("-"))
        kind = self.fate.collect_schema()["event"]
        nobody = nw.lit(None, self.persons.collect_schema()["person_id"])
        return [
            *(rows.with_columns(member=nobody).select(*_TOLD) for rows in tables),
            persons.with_columns(key=key).select(*_TOLD),
            alone.with_columns(event=nw.lit(None, kind), member=nobody).select(*_TOLD),
        ]

    def _settled(self, rows: Frame) -> Frame:
        return applications.settle(rows, self.fate, self.of)

    def members(self, persons: Frame) -> Frame:
        """Settle rows of persons: used with an application that is, else set aside as their roles are."""
        rows = joined.settle(persons, self.fate_of_persons, {"person_id": "person_id"})
        return rows.with_columns(member=nw.col("person_id"))

    def kinds(self, tallies: Tallies) -> Frame:
        """Count rows by ``event, reason``, but for those of persons."""
        alone = self.alone.group_by("reason").agg(rows=nw.len())
        event = nw.lit(None, self.fate.collect_schema()["event"])
        settled = alone.select(event.alias("event"), "reason", nw.col("rows").cast(nw.Int64()))
        return stack([tallies.kinds(self.filings, self.of), settled])


def fates_of_persons(engine: Engine, roles: Frame, pairs: Frame, fate: Frame, of: str) -> Frame:
    """Say what :func:`ingest.joined.fates` says of persons; few of them serve no application that is used.

    Parameters
    ----------
    roles
        ``event, person_id, reason``, not settled.
    pairs
        ``event, person_id`` of those used.
    fate, of
        As in :class:`Rows`.
    """
    used = engine.keep(pairs.group_by("person_id").agg(nw.col("event").min()))
    # Kept before it is joined again: of both joins only one stands in memory then.
    others = engine.keep(roles.join(used, on="person_id", how="anti").select("event", "person_id", "reason"))
    rest = applications.settle(others, fate, of)
    columns = ("person_id", "why", "event", "met")
    serving = used.with_columns(why=nw.lit(None, nw.String()), met=nw.lit(True))
    return stack(part.select(*columns) for part in (serving, joined.fates(engine, rest, ["person_id"])))


@dataclass(frozen=True)
class Homes:
    """Where persons are: ``person_id, at`` and, of applicants, ``name``; and the places, ``at`` and their columns."""

    frame: Frame
    places: pd.DataFrame

    @classmethod
    def of(cls, engine: Engine, persons: Frame, of: str) -> Homes:
        """Give each person the number of its place, 0 for none; inventors' names are left out."""
        blank = [nw.col(column).fill_null("") for column in regions.PLACE]
        known = persons.with_columns(*blank)
        columns = list(regions.PLACE)
        table = collect(distinct(known, *columns)).astype("str").sort_values(columns)
        nowhere = pd.DataFrame([[""] * len(columns)], columns=columns, dtype="str")
        table = pd.concat([nowhere, table]).drop_duplicates(ignore_index=True)
        table.insert(0, "at", range(len(table)))
        names = [] if of == "inventors" else ["name"]
        placed = known.filter(nw.col("reason").is_null()).join(engine.table(table), on=columns)
        return cls(engine.keep(placed.select("person_id", "at", *names)), table)

    def beside(self, people: Frame) -> Frame:
        """Add to rows with ``person_id`` where that person is."""
        return people.join(self.frame, on="person_id", how="left").with_columns(at=nw.col("at").fill_null(0))


@dataclass(frozen=True)
class Facets:
    """The symbols of the applications used: ``event, symbol``, and the different symbols, ``scheme, symbol``."""

    frame: Frame
    symbols: pd.DataFrame
    scheme: str

    @classmethod
    def of(cls, engine: Engine, rows: Frame, scheme: str, given: Collection[str] | None) -> Facets:
        """List each symbol of an application once; blanks within it make no difference.

        Parameters
        ----------
        rows
            ``event, symbol``, no two alike.
        given
            The different symbols as they are written, and perhaps others; None where they are not known.
        """
        written = rows.select("event", given="symbol")
        found = sorted(collect(distinct(written, "given"))["given"].astype("str") if given is None else given)
        table = pd.DataFrame({"given": found, "symbol": [applications.plain(one) for one in found]}, dtype="str")
        facets = written.join(engine.table(table), on="given").select("event", "symbol")
        if table["symbol"].duplicated().any():  # else none is repeated, for rows that repeat are set aside
            facets = facets.unique()
        symbols = table[["symbol"]].drop_duplicates().sort_values("symbol", ignore_index=True).assign(scheme=scheme)
        return cls(facets, symbols[["scheme", "symbol"]].astype("str"), scheme)


def compact(
    engine: Engine, rows: Rows, tallies: Tallies, pairs: Frame, homes: Homes, events: Frame, facets: Facets, since: int
) -> Compact:
    """Bring what is used of PATSTAT's tables into the form that is joined fastest.

    Parameters
    ----------
    rows
        All rows, before they are settled.
    tallies
        The same, counted.
    pairs
        ``event, person_id``, whose places count, with what `homes` puts beside them; kept, as `events` are.
    homes
        Where persons are.
    events
        ``event, date, year, file``: the applications that are used.
    facets
        Their symbols.
    since
        How many tables the engine had before.
    """
    role = nw.lit(applications.PEOPLE[rows.of][0])
    nothing = nw.lit(None, nw.String())
    people = {"participant": rows.person(nw.col("person_id")), "role": role, "share": nw.lit(1.0)}
    people |= {"name": nothing} if rows.of == "inventors" else {}
    classes = {
        "facet": nw.col("symbol"),
        "participant": nothing,
        "role": nw.lit("class"),
        "scheme": nw.lit(facets.scheme),
    }
    filed = {"kind": nw.lit(KIND), "form": nothing, "value": nw.lit(None, nw.Float64()), "currency": nothing}
    filed |= {"key": rows.event(nw.col("event"))}
    told = rows.members(rows.persons.select("person_id", "reason"))
    return Compact(
        kinds=rows.kinds(tallies),
        members=engine.keep(told.select("member", "event", "reason")),
        serves=pairs.select("event", member="person_id"),
        listed=rows.of_some,
        events=events.with_columns(**filed),
        participants=pairs.with_columns(**people),
        facets=facets.frame.with_columns(**classes),
        places=homes.places,
        symbols=facets.symbols,
        derived={
            "participants": people,
            "facets": classes,
            "events": filed,
        },
        text=rows.event,
        since=since,
        tables=[events, pairs],
    )


def in_words(
    engine: Engine,
    rows: Rows,
    found: Compact,
    rejects: Frame,
    inputs: pd.DataFrame,
    concordances: Mapping[str, pd.DataFrame],
) -> SourceRows:
    """Write ids and places as the files have them, where they are asked for."""
    event = rows.event(nw.col("event"))
    blank = [nw.when(nw.col(column) != "").then(nw.col(column)).alias(column) for column in regions.PLACE]
    people = found.participants.join(engine.table(found.places), on="at").with_columns(*blank)
    served = rows.persons.select("file", "line", "person_id").join(found.serves, left_on="person_id", right_on="member")

    def worded(name: str, table: Frame) -> Frame:
        return typed(table.with_columns(event=event), SOURCE_SCHEMA[name])

    return SourceRows(
        rows=worded("rows", rows.all()),
        rejects=rejects,
        events=worded("events", found.events),
        participants=worded("participants", people),
        facets=worded("facets", found.facets),
        inputs=inputs,
        concordances=concordances,
        serves=served.select("file", "line", event=event),
        compact=found,
    )
