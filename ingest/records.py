"""The tables every source becomes: events, their participants and their facets.

Two stages share these tables. A source module turns its vendor's layout into :class:`SourceRows`, still in
the vendor's own codes and place names. :func:`ingest.read` then looks every distinct code and place up, once,
and returns :class:`Records` in NAICS sectors and NUTS2 regions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import narwhals as nw

if TYPE_CHECKING:
    import pandas as pd

    from ingest.engine import Engine

#: The kinds of event; a network's ``source`` is one of these or ``all``.
KINDS = ("copatent", "deal", "alliance")
#: What an alliance may be: the kind ``alliance`` is all of them together.
FORMS = ("joint venture", "R&D agreement", "strategic alliance", "innovation network")
#: The roles of a participant, and of the facet that carries its sector; ``class`` is a patent's symbol.
ROLES = ("inventor", "applicant", "acquirer", "target", "partner", "class")

#: Above this many facets or participants an event is set aside: its pairs would outweigh a small study.
MAX_ITEMS = 1000

#: What a source module yields, column by column, before any code or place has been looked up.
SOURCE_SCHEMA: Mapping[str, Mapping[str, nw.dtypes.DType]] = {
    # one row for each row of a file, whatever became of it
    "rows": {
        "file": nw.String(),  # as given, relative to the study
        "line": nw.Int64(),  # line in the file (sheet row in a workbook), 1 = first line
        "key": nw.String(),  # the row's own key in the vendor's words: the same wherever the row stands
        "event": nw.String(),  # the vendor's id of the (first) event it belongs to; null where there is none
        "reason": nw.String(),  # why the row is set aside; null where it is used
    },
    # cells that were not understood; a row may be used in spite of one (an unreadable value)
    "rejects": {
        "file": nw.String(),
        "line": nw.Int64(),
        "key": nw.String(),
        "field": nw.String(),
        "value": nw.String(),
        "reason": nw.String(),
    },
    # one row an event
    "events": {
        "event": nw.String(),
        "kind": nw.String(),
        "form": nw.String(),  # of an alliance, one of FORMS; null where no source tells
        "date": nw.String(),  # ISO 8601, or null where only the year is known
        "year": nw.Int64(),
        "value": nw.Float64(),  # in the currency named beside it
        "currency": nw.String(),  # "USD mn", "EUR th", null
        "file": nw.String(),
        "key": nw.String(),
    },
    # one row a participant and place
    "participants": {
        "event": nw.String(),
        "participant": nw.String(),  # an id that is unique within the event
        "role": nw.String(),
        "name": nw.String(),  # organisations only: inventors are persons, and no result needs their names
        "region_code": nw.String(),
        "postcode": nw.String(),
        "city": nw.String(),
        "country": nw.String(),
        "share": nw.Float64(),  # positive; normalised to sum to 1 over the event by ingest.read
    },
    # one row a facet and symbol that carries a sector
    "facets": {
        "event": nw.String(),
        "facet": nw.String(),  # an id that is unique within the event
        "participant": nw.String(),  # null for a patent's class
        "role": nw.String(),
        "scheme": nw.String(),  # see ingest.sectors.SCHEMES
        "symbol": nw.String(),
    },
}

#: The vendor's own levels of industry, the coarsest first.
VENDOR_LEVELS = ("macro", "mid", "micro")
#: The vendor's classes of participants, where a file has them: one row a participant and level.
CLASS_SCHEMA: Mapping[str, nw.dtypes.DType] = {
    "event": nw.String(),
    "participant": nw.String(),
    "role": nw.String(),
    "level": nw.String(),  # one of VENDOR_LEVELS
    "class": nw.String(),  # in the vendor's words
}

#: What :func:`ingest.read` returns.
RECORD_SCHEMA: Mapping[str, Mapping[str, nw.dtypes.DType]] = {
    "events": {
        "event": nw.String(),
        "source": nw.String(),
        "kind": nw.String(),
        "form": nw.String(),
        "date": nw.String(),
        "year": nw.Int64(),
        "value": nw.Float64(),
        "currency": nw.String(),
        "file": nw.String(),
        "row": nw.String(),
    },
    "participants": {
        "event": nw.String(),
        "participant": nw.String(),
        "role": nw.String(),
        "name": nw.String(),
        "place": nw.String(),
        "country": nw.String(),
        "region": nw.String(),
        "nuts3": nw.String(),
        "placed_by": nw.String(),
        "share": nw.Float64(),
    },
    "facets": {
        "event": nw.String(),
        "facet": nw.String(),
        "participant": nw.String(),
        "role": nw.String(),
        "scheme": nw.String(),
        "symbol": nw.String(),
        "naics": nw.String(),
        "share": nw.Float64(),
    },
}


#: What is doubtful: a match ``taken`` because it is likely, or ``doubtful``, so that a person should decide.
#: ``candidates`` is JSON, [[name, region or country, score], ...]; ``weight`` the events that it moves.
DOUBTFUL = ("source", "kind", "name", "place", "country", "state", "level", "score", "candidates", "rows", "weight")


@dataclass(frozen=True)
class SourceRows:
    """One source's files in the common tables, still in the vendor's codes.

    Attributes
    ----------
    rows, rejects, events, participants, facets
        Narwhals lazy frames with the columns of :data:`SOURCE_SCHEMA`.
    inputs
        One row a file: ``path``, ``rows``, ``sha256``.
    concordances
        Links between classifications that the vendor brings along, by the arguments of
        :func:`ingest.sectors.to_naics` that take them: ``ipc_fields``, ``ipc_nace``. Their rows have no event
        and no reason in ``rows``.
    serves
        ``file, line, event``: every event that a row serves, of rows that may serve several (a person, an
        organisation's address); None where there are none.
    classes
        The vendor's classes of participants, with the columns of :data:`CLASS_SCHEMA`; None where it has none.
    compact
        The same tables as they are read faster, of a source that is large; None elsewhere.
    divided
        A facet may stand in several rows, one a symbol; those that find a sector divide it evenly.
    """

    rows: nw.LazyFrame[Any]
    rejects: nw.LazyFrame[Any]
    events: nw.LazyFrame[Any]
    participants: nw.LazyFrame[Any]
    facets: nw.LazyFrame[Any]
    inputs: pd.DataFrame
    concordances: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    serves: nw.LazyFrame[Any] | None = None
    classes: nw.LazyFrame[Any] | None = None
    compact: Compact | None = None
    divided: bool = False

    @property
    def derived(self) -> Mapping[str, Mapping[str, nw.Expr]]:
        """No column is said to follow from others."""
        return {}


@dataclass(frozen=True, kw_only=True)
class Compact:
    """One source's files as an engine joins them fastest: what is alike is counted, what few rows need is asked for.

    An event is known by its id, or by a number that stands for it and sorts as it does (:mod:`ingest.ids`).

    Attributes
    ----------
    kinds
        ``event, reason, rows``: rows counted by what became of them; those of `members` are not among them.
    members
        ``member, event, reason``: rows that serve several events, one each; the event is that of
        :attr:`SourceRows.rows`.
    serves
        ``member, event``: every event that they serve.
    listed
        Gives the rows of some events, of some members, and those of no event that something is wrong with:
        the columns of :attr:`SourceRows.rows` and ``member``.
    events, facets
        As in :class:`SourceRows`.
    participants
        As in :class:`SourceRows`, with ``at`` instead of its four columns of places; what is not `derived` lies on the
        engine.
    places
        ``at`` and the four columns of places, blank where there is nothing.
    symbols
        ``scheme, symbol``: the different ones of the facets.
    derived
        Table → column → how it follows from the others, so that it need not be kept.
    text
        Writes an event's id.
    since
        How many tables the engine had before the source was read.
    tables
        Those of `events` and `participants`: of what was made since, the records need no others.
    """

    kinds: nw.LazyFrame[Any]
    members: nw.LazyFrame[Any]
    serves: nw.LazyFrame[Any]
    listed: Callable[[nw.LazyFrame[Any], nw.LazyFrame[Any]], list[nw.LazyFrame[Any]]]
    events: nw.LazyFrame[Any]
    participants: nw.LazyFrame[Any]
    facets: nw.LazyFrame[Any]
    places: pd.DataFrame
    symbols: pd.DataFrame
    derived: Mapping[str, Mapping[str, nw.Expr]]
    text: Callable[[nw.Expr], nw.Expr]
    since: int
    tables: Sequence[nw.LazyFrame[Any]]


@dataclass(frozen=True)
class Records:
    """Events, participants and facets in NAICS sectors and NUTS2 regions, with what was lost on the way.

    Attributes
    ----------
    events, participants, facets
        Narwhals lazy frames with the columns of :data:`RECORD_SCHEMA`. ``facets.share`` sums to 1 over each
        facet, ``participants.share`` to 1 over each event.
    ledger
        ``source, reason, rows, weight``: a row ``read``, a row ``used`` and a row for each reason.
    rejects
        ``source, file, row, field, value, reason``, with the ``line`` beside them.
    unmatched
        ``source, kind, value, country, rows, weight``: the places and symbols that found no code.
    inputs
        ``source, path, rows, sha256``.
    versions
        The classifications in force, for example ``{"naics": 2017, "nuts": 2013}``.
    engine
        Where the frames live.
    classes
        The vendor's classes of participants, with the columns of :data:`CLASS_SCHEMA`; None where no file has any.
    doubtful
        The matches that were taken though not certain and those left to a person, with the columns of
        :data:`DOUBTFUL`; None where nothing was matched.
    organisations
        One row an organisation, as :func:`ingest.organised.with_organisations` tells them; None before that.
    funnel
        The ledger by year and country, as :func:`ingest.funnel.funnel` counts it; None where no file was read.
    divided
        The region codes that the study's version of NUTS divides, as :func:`ingest.funnel.divided` lists them.
    numbered
        Events, participants, facets and classes once more, with a whole number for each event, in the order of
        their ids; empty where they have none. See :meth:`by_number`.
    tables
        What of these lies on the engine: the other frames follow from it.
    """

    events: nw.LazyFrame[Any]
    participants: nw.LazyFrame[Any]
    facets: nw.LazyFrame[Any]
    ledger: pd.DataFrame
    rejects: pd.DataFrame
    unmatched: pd.DataFrame
    inputs: pd.DataFrame
    versions: Mapping[str, int]
    engine: Engine = field(repr=False)
    classes: nw.LazyFrame[Any] | None = None
    doubtful: pd.DataFrame | None = None
    organisations: pd.DataFrame | None = None
    funnel: pd.DataFrame | None = None
    divided: pd.DataFrame | None = None
    numbered: Mapping[str, nw.LazyFrame[Any]] = field(default_factory=dict, repr=False)
    tables: Sequence[nw.LazyFrame[Any]] = field(default=(), repr=False)

    def by_number(self) -> Records:
        """Give the same records with a number for each event, which an engine counts faster, where they have one.

        Organisations are not told in them.
        """
        changes: dict[str, Any] = {**self.numbered, "numbered": {}}
        return replace(self, **changes) if self.numbered else self

    def __repr__(self) -> str:
        """Say what the records are, not where they live."""
        used = self.ledger.loc[self.ledger["reason"] == "used", ["source", "rows"]]
        parts = ", ".join(f"{source}: {rows} rows used" for source, rows in used.itertuples(index=False))
        return f"<Records {parts}; {', '.join(f'{k.upper()} {v}' for k, v in self.versions.items())}>"


def check_schema(frame: nw.LazyFrame[Any], schema: Mapping[str, nw.dtypes.DType], name: str) -> None:
    """Refuse a table whose columns or types are not the ones agreed.

    Raises
    ------
    TypeError
        Names every column that is missing, superfluous or of another type.

    Examples
    --------
    >>> import pandas as pd
    >>> from ingest.engine import DuckDB
    >>> frame = DuckDB().table(pd.DataFrame({"event": ["a"]}))
    >>> check_schema(frame, {"event": nw.String(), "year": nw.Int64()}, "events")
    Traceback (most recent call last):
    ...
    TypeError: table events: column year is missing (expected Int64)
    """
    found = frame.collect_schema()
    wrong = [
        f"column {column} is missing (expected {dtype})"
        if column not in found
        else f"column {column} is {found[column]} (expected {dtype})"
        for column, dtype in schema.items()
        if found.get(column) != dtype
    ]
    wrong += [f"column {column} is not expected" for column in found if column not in schema]
    if wrong:
        raise TypeError(f"table {name}: " + "; ".join(wrong))


def empty(engine: Engine, schema: Mapping[str, nw.dtypes.DType]) -> nw.LazyFrame[Any]:
    """Return a table with the agreed columns and no row.

    Examples
    --------
    >>> from ingest.engine import DuckDB
    >>> empty(DuckDB(), SOURCE_SCHEMA["rejects"]).collect("pandas").shape
    (0, 6)
    """
    import pandas as pd

    kinds = {nw.String(): "str", nw.Int64(): "int64", nw.Float64(): "float64"}
    data = pd.DataFrame({column: pd.Series([], dtype=kinds[dtype]) for column, dtype in schema.items()})
    return typed(engine.table(data), schema)


def typed(frame: nw.LazyFrame[Any], schema: Mapping[str, nw.dtypes.DType]) -> nw.LazyFrame[Any]:
    """Select the agreed columns, each cast to its agreed type."""
    return frame.select(*(nw.col(column).cast(dtype) for column, dtype in schema.items()))


def added(frame: nw.LazyFrame[Any], columns: Mapping[str, nw.Expr]) -> nw.LazyFrame[Any]:
    """Add columns, of which there may be none.

    Examples
    --------
    >>> import pandas as pd
    >>> from ingest.engine import DuckDB
    >>> added(DuckDB().table(pd.DataFrame({"a": [1]})), {}).collect("pandas").shape
    (1, 1)
    """
    return frame.with_columns(**columns) if columns else frame


def stack(frames: Iterable[nw.LazyFrame[Any]]) -> nw.LazyFrame[Any]:
    """Put tables of the same columns under one another."""
    return nw.concat(list(frames), how="vertical")
