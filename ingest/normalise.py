"""From a source's own codes and places to NAICS sectors and NUTS2 regions, with nothing lost."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import narwhals as nw
import pandas as pd

from ingest import ledger, regions, sectors
from ingest.accounted import accounted, settled
from ingest.engine import Engine, collect, distinct
from ingest.funnel import country_of, divided, divides, ledger_of, rounded, weighed
from ingest.kept import Kept, numbered
from ingest.matching import Matching
from ingest.placed import SHARE_UNIT, in_regions
from ingest.records import CLASS_SCHEMA, DOUBTFUL, MAX_ITEMS, Compact, Records, SourceRows, added, stack


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
    own: SourceRows | Compact = raw.compact or raw
    coded = _in_sectors(raw, engine, assign, labels)
    facets = added(coded, own.derived.get("facets", {}))
    placed = in_regions(raw, engine, nuts, match)
    ends = {"first": nw.col("country").min(), "last": nw.col("country").max()}
    total = nw.col("fixed").sum().cast(nw.Int64())
    people = engine.keep(placed.whole().group_by("event").agg(people=nw.len(), total=total, **ends))
    fate = engine.keep(_fate(own.events, facets, placed.whole(), people, years, as_of))
    kinds, listed = accounted(raw, fate, engine)
    rejects = _rejects(raw.rejects, listed, name)
    if raw.compact is not None:  # what became of rows is known: the tables that told it would fill the memory
        engine.forget(raw.compact.since, [*raw.compact.tables, coded, placed.places, people, fate, *kinds])
    parts = weighed(settled(stack(kinds), fate), fate.with_columns(counted=nw.col("why").is_null()), name, engine)
    counted = engine.keep(numbered(fate.filter(nw.col("why").is_null()).select("event")))
    kept = Kept(engine, name, counted, _same if raw.compact is None else raw.compact.text)
    filed = own.derived.get("events", {})
    kept.add("events", own.events, {**filed, "source": nw.lit(name), "row": filed.get("key", nw.col("key"))})
    # Of the counted events first: one join stands in memory where all participants pass.
    totals = people.select("event", "total")
    own_totals = engine.keep(totals.join(kept.events, on="event"))
    kept.put("participants", placed.shared(own_totals), placed.derived, placed.widened)
    kept.add("facets", facets.filter(~nw.col("naics").is_null()), own.derived.get("facets", {}))
    if raw.classes is not None:
        kept.add("classes", _first_classes(raw.classes), {})

    def of_places(only: nw.Expr) -> nw.LazyFrame[Any]:
        return placed.widened(placed.shared(totals, only))

    divisible = nw.col("region_code").is_in(divides(placed.codes, nuts)) & (nw.col("placed_by") == "region code")
    here = counted.select("event")
    return Records(
        events=kept.words["events"],
        participants=kept.words["participants"],
        facets=kept.words["facets"],
        ledger=ledger_of(parts),
        rejects=rejects,
        unmatched=_unmatched(facets, of_places(nw.col("region").is_null()), name),
        inputs=raw.inputs.assign(source=name)[["source", "path", "rows", "sha256"]],
        classes=kept.words.get("classes"),
        versions={"naics": 2017, "nuts": nuts},
        engine=engine,
        doubtful=_doubtful(of_places(_near()).join(here, on="event"), name, nuts, match),
        funnel=rounded(parts),
        divided=divided(of_places(divisible).join(here, on="event"), name, nuts),
        numbered=kept.numbers,
        tables=[*kept.tables, placed.places],
    )


def _same(event: nw.Expr) -> nw.Expr:
    """Write an id that is a text already."""
    return event


def _first_classes(classes: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Keep of the vendor's classes of several in one place the first by name."""
    keys = [column for column in CLASS_SCHEMA if column != "class"]
    return classes.group_by(*keys).agg(nw.col("class").min())


def _in_sectors(
    raw: SourceRows, engine: Engine, assign: str, labels: Mapping[str, Sequence[str]] | None
) -> nw.LazyFrame[Any]:
    """Give each facet its NAICS codes, one row with no code where there is none; kept, without what is derived."""
    own: SourceRows | Compact = raw.compact or raw
    symbols = collect(distinct(raw.facets, "scheme", "symbol")) if raw.compact is None else raw.compact.symbols
    found = sectors.to_naics(
        symbols,
        assign=assign,
        labels=labels,
        ipc_fields=raw.concordances.get("ipc_fields"),
        ipc_nace=raw.concordances.get("ipc_nace"),
    )
    codes = engine.table(found[["scheme", "symbol", "naics", "share"]])
    coded = own.facets.join(codes, on=["scheme", "symbol"], how="left")
    if raw.divided:
        coded = _divided(engine.keep(coded))
    return engine.keep(coded.drop(*own.derived.get("facets", {})))


def _divided(coded: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Divide each facet evenly among those of its symbols that find a sector."""
    item = ["event", "facet"]
    found = coded.filter(~nw.col("naics").is_null())
    number = distinct(found, *item, "scheme", "symbol").group_by(*item).agg(symbols=nw.len().cast(nw.Float64()))
    parts = coded.join(number, on=item, how="left").with_columns(share=nw.col("share") / nw.col("symbols"))
    return parts.drop("symbols")


def _near() -> nw.Expr:
    """Tell places found by nearly the name, or not found though a city is named."""
    return nw.col("placed_by").is_in(["fuzzy city", "country only"]) & (nw.col("city") != "")


def _doubtful(participants: nw.LazyFrame[Any], name: str, nuts: int, match: Matching | None) -> pd.DataFrame:
    """List the cities placed by a near name and those that a person should place, with the weight they carry."""
    grouped = (
        participants.filter(_near())
        .with_columns(part=(nw.col("share") * SHARE_UNIT).round().cast(nw.Int64()))
        .group_by("city", "country", "placed_by")
        .agg(rows=nw.len(), weight=nw.col("part").sum().cast(nw.Float64()))
    )
    table = collect(grouped).rename(columns={"country": "country_code"})
    told = regions.doubtful(table, nuts=nuts, match=match)
    table = table.assign(city=table["city"].str.strip(), weight=table["weight"] / SHARE_UNIT)
    summed = table.groupby(["city", "country_code"], as_index=False, sort=True)[["rows", "weight"]].sum()
    both = told.merge(summed, on=["city", "country_code"]).assign(source=name, kind="place", name="")
    both = both.rename(columns={"city": "place", "country_code": "country"})
    return both.assign(weight=both["weight"].round(6))[list(DOUBTFUL)].reset_index(drop=True)


def _fate(
    events: nw.LazyFrame[Any],
    facets: nw.LazyFrame[Any],
    placed: nw.LazyFrame[Any],
    people: nw.LazyFrame[Any],
    years: Collection[int] | None,
    as_of: datetime.date | None,
) -> nw.LazyFrame[Any]:
    """Tell for each event why it cannot be counted, null where it can, its year and its country."""
    outside = nw.lit(False) if years is None else ~nw.col("year").is_in(sorted(years))
    found = facets.filter(~nw.col("naics").is_null())
    kinds = set(collect(distinct(events, "kind"))["kind"])
    sides = {"acquirers": "acquirer", "targets": "target"} if "deal" in kinds else {}
    held: dict[str, nw.Expr] = {name: nw.col(name).max() for name in sides}
    if "alliance" in kinds:
        held |= {"first": nw.col("facet").min(), "last": nw.col("facet").max()}
    number = (
        added(found, {name: nw.when(nw.col("role") == role).then(1).otherwise(0) for name, role in sides.items()})
        .group_by("event")
        # A facet with several codes stands in several rows.
        .agg(rows=nw.len(), **held)
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
    )
    if "deal" in kinds:
        alone = (nw.col("acquirers") == 0) | (nw.col("targets") == 0)
        why = why.when((kind == "deal") & alone).then(nw.lit("no sector found for one side"))
    if "alliance" in kinds:
        alone = nw.col("first") == nw.col("last")
        why = why.when((kind == "alliance") & alone).then(nw.lit("no sector found for two partners"))
    why = why.when(~nw.col("crowd").is_null()).then(nw.lit("more than 1,000 facets or participants"))
    crowds = [
        _crowded(found, number.filter(nw.col("rows") > MAX_ITEMS), "facet"),
        _crowded(placed, people.filter(nw.col("people") > MAX_ITEMS), "participant"),
    ]
    crowd = nw.concat(crowds, how="vertical").unique().with_columns(crowd=nw.lit(True))
    dated = events.select("event", "kind", "date", "year").join(number, on="event", how="left")
    homes = people.select("event", country=country_of())
    told = dated.join(crowd, on="event", how="left").join(homes, on="event", how="left")
    return told.select("event", "year", "country", why=why)


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
    fixed = (nw.col("part") * SHARE_UNIT).round().cast(nw.Int64())
    grouped = (
        nw.concat([symbols, places], how="vertical")
        .with_columns(part=fixed)
        .group_by("kind", "value", "country")
        .agg(rows=nw.len(), weight=nw.col("part").sum().cast(nw.Float64()))
    )
    table = collect(grouped).astype({"rows": "int64", "weight": "float64"})
    table["weight"] = (table["weight"] / SHARE_UNIT).round(6)
    table = table.assign(source=name)[["source", "kind", "value", "country", "rows", "weight"]]
    order = ["weight", "kind", "value", "country"]
    return table.sort_values(order, ascending=[False, True, True, True], ignore_index=True)
