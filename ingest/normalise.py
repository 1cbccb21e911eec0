"""From a source's own codes and places to NAICS sectors and NUTS2 regions, with nothing lost."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import narwhals as nw
import pandas as pd

from ingest import ledger, regions, sectors
from ingest.engine import Engine, collect
from ingest.funnel import divided, funnel
from ingest.matching import Matching
from ingest.records import CLASS_SCHEMA, DOUBTFUL, MAX_ITEMS, RECORD_SCHEMA, Records, SourceRows, stack, typed

_SHARE_UNIT = 2**30


def normalise(
    raw: SourceRows,
    engine: Engine,
    name: str,
    *,
    nuts: int = 2013,
    assign: str = "top",
    labels: Mapping[str, Sequence[str]] | None = None,
    years: Collection[int] | None = None,
    as_of: datetime.date | None = None,
    match: Matching | None = None,
) -> Records:
    """Look every distinct symbol and place up once, set aside what cannot be counted, balance the ledger.

    An event is set aside when it cannot be counted: a patent without any sector, a deal of which one side
    has none, an alliance of which fewer than two facets have one. Participants without a region stay, with
    an empty region.

    Parameters
    ----------
    raw
        What a source module yields.
    name
        Name of the source in the study; it stands before every event id.
    nuts
        NUTS version of the regions.
    assign
        ``top``: one code a facet; ``weighted``: all codes with their shares.
    labels
        The user's map from free labels to NAICS codes.
    years
        The years of the study's periods; events of other years are set aside. All years when None.
    as_of
        The last day of which anything is known; later events are set aside.
    match
        How doubtful places are settled; by the default limits when None.

    Returns
    -------
    Records
    """
    facets = engine.keep(_in_sectors(raw, engine, assign, labels))
    placed = engine.keep(_in_regions(raw, engine, nuts, match))
    ends = {"first": nw.col("country").min(), "last": nw.col("country").max()}
    total = nw.col("fixed").sum().cast(nw.Int64())
    people = engine.keep(placed.group_by("event").agg(people=nw.len(), total=total, **ends))
    fate = engine.keep(_fate(raw.events, facets, placed, people, years, as_of))
    served = _served(raw, fate, engine)
    kinds = engine.keep(served.group_by("event", "reason").agg(rows=nw.len()))
    # Shares were whole numbers before they were added: the sum is the same in any order.
    share = nw.col("fixed").cast(nw.Float64()) / nw.col("total").cast(nw.Float64())
    participants = placed.join(people, on="event").with_columns(share=share)
    counted = fate.filter(nw.col("why").is_null()).select("event")
    prefix = nw.lit(f"{name}:")

    def named(frame: nw.LazyFrame[Any], table: str) -> nw.LazyFrame[Any]:
        kept = frame.join(counted, on="event").with_columns(event=nw.concat_str([prefix, nw.col("event")]))
        return engine.keep(typed(kept, RECORD_SCHEMA[table]))

    settled = _settled(kinds, fate)
    events = raw.events.with_columns(source=nw.lit(name), row=nw.col("key"))
    seen = participants.join(counted, on="event")
    mapped = facets.filter(~nw.col("naics").is_null())
    return Records(
        events=named(events, "events"),
        participants=named(participants, "participants"),
        facets=named(mapped, "facets"),
        ledger=ledger.balance(settled, name, engine),
        rejects=_rejects(raw.rejects, _settled(_at_fault(served, fate), fate), name),
        unmatched=_unmatched(facets, participants, name),
        inputs=raw.inputs.assign(source=name)[["source", "path", "rows", "sha256"]],
        classes=None if raw.classes is None else _named(raw.classes, counted, prefix, engine),
        versions={"naics": 2017, "nuts": nuts},
        engine=engine,
        doubtful=_doubtful(seen, name, nuts, match),
        funnel=funnel(settled, raw.events, people, name, engine),
        divided=divided(seen, name, nuts),
    )


def _named(
    classes: nw.LazyFrame[Any], counted: nw.LazyFrame[Any], prefix: nw.Expr, engine: Engine
) -> nw.LazyFrame[Any]:
    """Keep the vendor's classes of the events that are counted, of several in one place the first by name."""
    kept = classes.join(counted, on="event").with_columns(event=nw.concat_str([prefix, nw.col("event")]))
    keys = [column for column in CLASS_SCHEMA if column != "class"]
    return engine.keep(typed(kept.group_by(*keys).agg(nw.col("class").min()), CLASS_SCHEMA))


def _in_sectors(
    raw: SourceRows, engine: Engine, assign: str, labels: Mapping[str, Sequence[str]] | None
) -> nw.LazyFrame[Any]:
    """Give each facet its NAICS codes; one row with no code where there is none."""
    distinct = collect(raw.facets.select("scheme", "symbol").unique())
    found = sectors.to_naics(
        distinct,
        assign=assign,
        labels=labels,
        ipc_fields=raw.concordances.get("ipc_fields"),
        ipc_nace=raw.concordances.get("ipc_nace"),
    )
    codes = engine.table(found[["scheme", "symbol", "naics", "share"]])
    return raw.facets.join(codes, on=["scheme", "symbol"], how="left")


def _in_regions(raw: SourceRows, engine: Engine, nuts: int, match: Matching | None) -> nw.LazyFrame[Any]:
    """Give each participant its region, and its share as a whole number; ``written`` is the place as in the file."""
    # Null is joined to nothing, so a blank cell becomes an empty text.
    blank = [nw.col(column).fill_null("") for column in regions.PLACE]
    named = raw.participants if raw.places is None else raw.places
    distinct = collect(named.select(*blank).unique()).astype("str")
    if raw.places is not None:  # a participant may have no place at all
        nowhere = pd.DataFrame([[""] * len(regions.PLACE)], columns=list(regions.PLACE), dtype="str")
        distinct = pd.concat([distinct, nowhere], ignore_index=True).drop_duplicates(ignore_index=True)
    town = _words(distinct, "postcode", "city")
    places = regions.place(distinct, nuts=nuts, match=match).assign(
        place=town.where(town != "", distinct["region_code"]),
        written=_words(distinct, "region_code", "postcode", "city"),
    )
    fixed = (nw.col("share").fill_null(1.0) * _SHARE_UNIT).round().cast(nw.Int64())
    placed = raw.participants.with_columns(*blank, fixed=fixed, written_country=nw.col("country"))
    return placed.join(engine.table(places), on=list(regions.PLACE), how="left").select(
        *("event", "participant", "role", "name", "region", "nuts3", "placed_by", "place"),
        *("fixed", "written", "written_country", "city", "region_code"),
        country=nw.col("country_code"),
    )


def _doubtful(participants: nw.LazyFrame[Any], name: str, nuts: int, match: Matching | None) -> pd.DataFrame:
    """List the cities placed by a near name and those that a person should place, with the weight they carry."""
    near = participants.filter(nw.col("placed_by").is_in(["fuzzy city", "country only"]), nw.col("city") != "")
    grouped = (
        near.with_columns(part=(nw.col("share") * _SHARE_UNIT).round().cast(nw.Int64()))
        .group_by("city", "country", "placed_by")
        .agg(rows=nw.len(), weight=nw.col("part").sum().cast(nw.Float64()))
    )
    table = collect(grouped).rename(columns={"country": "country_code"})
    told = regions.doubtful(table, nuts=nuts, match=match)
    table = table.assign(city=table["city"].str.strip(), weight=table["weight"] / _SHARE_UNIT)
    summed = table.groupby(["city", "country_code"], as_index=False, sort=True)[["rows", "weight"]].sum()
    both = told.merge(summed, on=["city", "country_code"]).assign(source=name, kind="place", name="")
    both = both.rename(columns={"city": "place", "country_code": "country"})
    return both.assign(weight=both["weight"].round(6))[list(DOUBTFUL)].reset_index(drop=True)


def _words(places: pd.DataFrame, *columns: str) -> pd.Series[str]:
    """Write cells one after the other, with a blank between those that hold something."""
    joined = places[columns[0]].str.cat(places[list(columns[1:])], sep=" ")
    return joined.str.replace(r"[ \t\n\r\f]+", " ", regex=True).str.strip()


def _fate(
    events: nw.LazyFrame[Any],
    facets: nw.LazyFrame[Any],
    placed: nw.LazyFrame[Any],
    people: nw.LazyFrame[Any],
    years: Collection[int] | None,
    as_of: datetime.date | None,
) -> nw.LazyFrame[Any]:
    """Tell for each event why it cannot be counted; null where it can."""
    outside = nw.lit(False) if years is None else ~nw.col("year").is_in(sorted(years))
    found = facets.filter(~nw.col("naics").is_null())
    role = nw.col("role")
    number = (
        found.with_columns(
            acquirers=nw.when(role == "acquirer").then(1).otherwise(0),
            targets=nw.when(role == "target").then(1).otherwise(0),
        )
        .group_by("event")
        # A facet with several codes stands in several rows.
        .agg(
            rows=nw.len(),
            first=nw.col("facet").min(),
            last=nw.col("facet").max(),
            acquirers=nw.col("acquirers").max(),
            targets=nw.col("targets").max(),
        )
    )
    kind = nw.col("kind")
    why = (
        nw.when(nw.col("year").is_null())
        .then(nw.lit("no year"))
        .when(outside)
        .then(nw.lit("outside the study's periods"))
        .when(nw.lit(False) if as_of is None else _after(as_of))
        .then(nw.lit("after the study's date"))
        .when(nw.col("rows").is_null())
        .then(nw.lit("no sector found"))
        .when((kind == "deal") & ((nw.col("acquirers") == 0) | (nw.col("targets") == 0)))
        .then(nw.lit("no sector found for one side"))
        .when((kind == "alliance") & (nw.col("first") == nw.col("last")))
        .then(nw.lit("no sector found for two partners"))
        .when(~nw.col("crowd").is_null())
        .then(nw.lit("more than 1,000 facets or participants"))
    )
    crowds = [
        _crowded(found, number.filter(nw.col("rows") > MAX_ITEMS), "facet"),
        _crowded(placed, people.filter(nw.col("people") > MAX_ITEMS), "participant"),
    ]
    crowd = nw.concat(crowds, how="vertical").unique().with_columns(crowd=nw.lit(True))
    dated = events.select("event", "kind", "date", "year").join(number, on="event", how="left")
    return dated.join(crowd, on="event", how="left").select("event", why=why)


def _after(day: datetime.date) -> nw.Expr:
    """Tell events that were not known at the end of a day: by their own day, else by the end of their year."""
    ended = day.year if (day.month, day.day) == (12, 31) else day.year - 1
    date = nw.col("date")
    # Days in ISO 8601 stand in the order of time.
    return nw.when(date.is_null()).then(nw.col("year") > ended).otherwise(date > nw.lit(day.isoformat()))


def _crowded(items: nw.LazyFrame[Any], long: nw.LazyFrame[Any], item: str) -> nw.LazyFrame[Any]:
    """List the events of too many items, of those that have too many rows: only there they need be told apart."""
    counted = items.join(long.select("event"), on="event").group_by("event").agg(items=nw.col(item).n_unique())
    return counted.filter(nw.col("items") > MAX_ITEMS).select("event")


def _served(raw: SourceRows, fate: nw.LazyFrame[Any], engine: Engine) -> nw.LazyFrame[Any]:
    """Give a row that serves several events the first of them that is counted, by name."""
    if raw.serves is None:
        return raw.rows
    counted = raw.serves.join(fate.filter(nw.col("why").is_null()), on="event")
    first = engine.keep(counted.group_by("file", "line").agg(counts=nw.col("event").min()))
    # Few of a source's files hold such rows: those of the others need not be looked up.
    files = sorted(collect(first.select("file").unique())["file"])
    if not files:
        return raw.rows
    here = nw.col("file").is_in(files)
    found = raw.rows.filter(here).join(first, on=["file", "line"], how="left")
    found = found.with_columns(event=nw.coalesce(nw.col("counts"), nw.col("event"))).drop("counts")
    return stack([raw.rows.filter(~here), found])


def _settled(rows: nw.LazyFrame[Any], fate: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Settle rows, or kinds of rows: used, set aside by the source, or set aside with their event.

    A row that serves no event and was not set aside (a link between codes) is used beside the events.
    """
    nowhere = nw.col("known").is_null() & ~nw.col("event").is_null()
    reason = nw.coalesce(nw.col("reason"), nw.when(nowhere).then(nw.lit("belongs to no event")), nw.col("why"))
    known = fate.with_columns(known=nw.lit(True))
    return rows.join(known, on="event", how="left").with_columns(reason=reason).drop("known", "why")


def _at_fault(rows: nw.LazyFrame[Any], fate: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Keep the few rows that may be listed: with a fault of their own, or of an event that has one."""
    of_rule = sorted(ledger.BY_RULE)
    own = rows.filter(~nw.col("reason").is_null(), ~nw.col("reason").is_in(of_rule))
    events = fate.filter(~nw.col("why").is_null(), ~nw.col("why").is_in(of_rule)).select("event")
    return stack([own, rows.filter(nw.col("reason").is_null()).join(events, on="event", how="semi")])


def _rejects(rejects: nw.LazyFrame[Any], rows: nw.LazyFrame[Any], name: str) -> pd.DataFrame:
    """List the cells not understood and the rows set aside for a fault."""
    cells = collect(rejects)
    listed = rows.filter(~nw.col("reason").is_null(), ~nw.col("reason").is_in(sorted(ledger.BY_RULE)))
    aside = collect(listed.select("file", "line", "key", "reason"))
    aside = aside.loc[[place for place, reason in aside["reason"].items() if not ledger.by_rule(reason)]]
    # A row of which a cell is listed already says why it is set aside.
    told = pd.MultiIndex.from_frame(aside[["file", "line"]]).isin(pd.MultiIndex.from_frame(cells[["file", "line"]]))
    both = pd.concat([cells, aside[~told].assign(field="", value="")], ignore_index=True)
    columns = ["source", "file", "row", "field", "value", "reason", "line"]
    both = both.assign(source=name).rename(columns={"key": "row"})[columns].sort_values(columns, ignore_index=True)
    return both.astype(object).where(both.notna(), "")


def _unmatched(facets: nw.LazyFrame[Any], participants: nw.LazyFrame[Any], name: str) -> pd.DataFrame:
    """List the symbols and places that found no code, the heaviest first."""
    symbols = facets.filter(nw.col("naics").is_null()).select(
        kind=nw.lit("sector"),
        value=nw.concat_str([nw.col("scheme"), nw.col("symbol")], separator=" "),
        country=nw.lit(""),
        part=nw.lit(1.0),
    )
    country = nw.when(nw.col("country").is_null()).then(nw.col("written_country")).otherwise(nw.col("country"))
    places = participants.filter(nw.col("region").is_null()).select(
        kind=nw.lit("place"), value=nw.col("written"), country=country, part=nw.col("share")
    )
    fixed = (nw.col("part") * _SHARE_UNIT).round().cast(nw.Int64())
    grouped = (
        nw.concat([symbols, places], how="vertical")
        .with_columns(part=fixed)
        .group_by("kind", "value", "country")
        .agg(rows=nw.len(), weight=nw.col("part").sum().cast(nw.Float64()))
    )
    table = collect(grouped).astype({"rows": "int64", "weight": "float64"})
    table["weight"] = (table["weight"] / _SHARE_UNIT).round(6)
    table = table.assign(source=name)[["source", "kind", "value", "country", "rows", "weight"]]
    order = ["weight", "kind", "value", "country"]
    return table.sort_values(order, ascending=[False, True, True, True], ignore_index=True)
