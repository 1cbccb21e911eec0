"""The organisations of deals, alliances and projects, and the tables that they and their rows become.

The *parties* are the organisations of the rows of :mod:`ingest.agreements`: `file, line, event, participant,
role, name, region_code, postcode, city, country, scheme, symbol`, one row an organisation (or one a code of it).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import narwhals as nw

from ingest import entries
from ingest.agreements import used_rows
from ingest.engine import Engine, distinct
from ingest.records import CLASS_SCHEMA, FORMS, SOURCE_SCHEMA, SourceRows, stack, typed
from ingest.staged import Staged
from ingest.values import repeats, texts_of

#: What a party has of its row.
ROW = ("file", "line", "event")
#: The columns of a party: its row, its event, who and where it is, and its sector's symbol.
PARTY = (
    *ROW,
    "participant",
    "role",
    "name",
    "region_code",
    "postcode",
    "city",
    "country",
    "scheme",
    "symbol",
)


def party(role: str, name: str, place: Mapping[str, str], codes: Mapping[str, str]) -> dict[str, nw.Expr]:
    """Say what a row tells of an organisation: the columns of :data:`PARTY` but those of the row's own.

    `participant` is an id unique within the event: the role, the name and the country.

    Parameters
    ----------
    role, name
        The role, and the column with the name.
    place
        Part of the place, as :data:`PARTY` calls it → the column that tells it, where one does.
    codes
        As :func:`coded` takes them.
    """
    parts = ("region_code", "postcode", "city", "country")
    told = {part: nw.col(place[part]) if part in place else nothing() for part in parts}
    known = nw.concat_str(nw.lit(role), nw.col(name), told["country"], separator=", ", ignore_nulls=True)
    return {"participant": known, "role": nw.lit(role), "name": nw.col(name), **told, **coded(codes)}


def nothing() -> nw.Expr:
    """Stand for a text that is absent."""
    return nw.lit(None, dtype=nw.String())


def coded(columns: Mapping[str, str]) -> dict[str, nw.Expr]:
    """Give `scheme` and `symbol`: the first of some columns that holds a code.

    Parameters
    ----------
    columns
        Column → the scheme of its codes, the preferred first.
    """
    if not columns:
        return {"scheme": nothing(), "symbol": nothing()}
    schemes = [nw.when(~nw.col(column).is_null()).then(nw.lit(scheme)) for column, scheme in columns.items()]
    return {"scheme": nw.coalesce(*schemes), "symbol": nw.coalesce(*(nw.col(column) for column in columns))}


def one_by_one(engine: Engine, parties: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Part the lists of codes of parties, each cell with several codes becoming a row a code.

    Parameters
    ----------
    parties
        With `symbol`; kept before, for they are read twice.
    """
    cells = entries.entries_of(engine, texts_of(parties, "symbol"), "symbol", separators="\n,;")
    codes = parties.join(cells, on="symbol", how="inner").with_columns(symbol=nw.col("entry"))
    return codes.filter(nw.col("symbol").str.contains(r"^\d")).select(*PARTY)


def participants_of(parties: nw.LazyFrame[Any], once: bool = False) -> nw.LazyFrame[Any]:
    """List each participant once a place; one with several places shares itself evenly among them.

    `once` says that each participant stands in one row.
    """
    if once:
        return typed(parties.with_columns(share=nw.lit(1.0)), SOURCE_SCHEMA["participants"])
    place = ["event", "participant", "role", "name", "region_code", "postcode", "city", "country"]
    places = nw.len().over("event", "participant").cast(nw.Float64())
    listed = distinct(parties, *place).with_columns(share=nw.lit(1.0) / places)
    return typed(listed, SOURCE_SCHEMA["participants"])


def classes_of(
    rows: nw.LazyFrame[Any], told: Mapping[str, nw.Expr], columns: Mapping[str, str]
) -> nw.LazyFrame[Any] | None:
    """List the vendor's own classes of each participant; None where there are no such columns.

    Parameters
    ----------
    rows
        With ``event``, one row an organisation.
    told
        What the rows tell of it, as :func:`party` gives it.
    columns
        Column → the level of its classes, one of :data:`ingest.records.VENDOR_LEVELS`.
    """
    who = {"participant": told["participant"], "role": told["role"]}
    lists = [
        rows.filter(~nw.col(column).is_null()).with_columns(**who, **{"level": nw.lit(level), "class": nw.col(column)})
        for column, level in columns.items()
    ]
    return stack([typed(one, CLASS_SCHEMA) for one in lists]) if lists else None


def facets_of(parties: nw.LazyFrame[Any], several: bool = False, once: bool = False) -> nw.LazyFrame[Any]:
    """List the code of each participant, or with `several` each of its codes as a facet of its own.

    Where rows give one participant different codes, the one that comes first in the order of schemes and
    codes stands for it, so that each participant is one facet. `once` is as in :func:`participants_of`.
    """
    codes = parties.filter(~nw.col("symbol").is_null())
    if once and not several:
        return typed(codes.with_columns(facet=nw.col("participant")), SOURCE_SCHEMA["facets"])
    codes = distinct(codes, "event", "participant", "role", "scheme", "symbol")
    if several:
        facet = nw.concat_str("participant", "scheme", "symbol", separator=", ")
        return typed(codes.with_columns(facet=facet), SOURCE_SCHEMA["facets"])
    codes = codes.with_columns(code=nw.concat_str("scheme", "symbol", separator=" "), facet=nw.col("participant"))
    first = codes.filter(nw.col("code") == nw.col("code").min().over("event", "participant"))
    return typed(first, SOURCE_SCHEMA["facets"])


def events_of(rows: nw.LazyFrame[Any], kind: str, once: bool = False) -> nw.LazyFrame[Any]:
    """List each event of the rows used, with the largest of the values its rows give in one currency.

    `rows` may have a column `form`, one of :data:`ingest.records.FORMS`; of several the first of these counts.
    `once` says that each event stands in one of the rows used.
    """
    used, named = used_rows(rows), nw.col("event_key")
    form = nw.col("form") if "form" in rows.collect_schema().names() else nothing()
    if once:
        value = nw.when(~nw.col("currency").is_null()).then(nw.col("value"))
        form = nw.when(form.is_in(FORMS)).then(form)
        return typed(used.with_columns(kind=nw.lit(kind), key=named, value=value, form=form), SOURCE_SCHEMA["events"])
    order = nw.coalesce(*(nw.when(form == one).then(nw.lit(place)) for place, one in enumerate(FORMS)))
    same = nw.col("currency") == nw.col("currency").min().over("event")
    if not _several(used, "currency"):
        same = ~nw.col("currency").is_null()
    used = used.with_columns(value=nw.when(same).then(nw.col("value")), order=order)
    events = used.group_by("event").agg(
        nw.col("date").min(),
        nw.col("year").min(),
        nw.col("value").max(),
        nw.col("currency").min(),
        nw.col("file").min(),
        named.min().alias("key"),
        nw.col("order").min(),
    )
    forms = (nw.when(nw.col("order") == place).then(nw.lit(form)) for place, form in enumerate(FORMS))
    events = events.with_columns(form=nw.coalesce(*forms))
    return typed(events.with_columns(kind=nw.lit(kind)), SOURCE_SCHEMA["events"])


def _several(frame: nw.LazyFrame[Any], column: str) -> bool:
    """Tell whether a column holds different texts; blanks are none."""
    ends = nw.col(column).min().alias("first"), nw.col(column).max().alias("last")
    ((first, last),) = frame.select(*ends).collect("pyarrow").rows()
    return bool(first != last)


def assemble(
    engine: Engine,
    staged: Staged,
    *,
    kind: str,
    rows: nw.LazyFrame[Any],
    parties: nw.LazyFrame[Any],
    rejects: Sequence[nw.LazyFrame[Any]],
    several: bool = False,
    one_each: bool = False,
    facets: nw.LazyFrame[Any] | None = None,
) -> SourceRows:
    """Put the tables of a source together from its settled rows and the parties of the rows used.

    `one_each` says that each row names one organisation in a role; `facets` stands for those of the parties where
    sectors come from elsewhere. What follows from a row alone is not kept: it is read from the rows each time.
    """
    alone = not repeats(used_rows(rows), ["event"])
    once = (alone and one_each) or not repeats(parties, ["event", "participant"])
    events, participants = events_of(rows, kind, alone), participants_of(parties, once)
    facets = facets_of(parties, several, once) if facets is None else facets
    return SourceRows(
        rows=stack([staged.rows, typed(rows, SOURCE_SCHEMA["rows"])]),
        rejects=stack([staged.rejects, *rejects]),
        events=events if alone else engine.keep(events),
        participants=participants if once else engine.keep(participants),
        facets=facets if once else engine.keep(facets),
        inputs=staged.inputs,
    )
