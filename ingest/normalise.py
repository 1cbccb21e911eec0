"""From a source's own codes and places to NAICS sectors and NUTS2 regions, with nothing lost."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import narwhals as nw
import pandas as pd

from ingest import ledger, regions, sectors
from ingest.engine import Engine, collect
from ingest.records import RECORD_SCHEMA, Records, SourceRows, typed

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

    Returns
    -------
    Records
    """
    facets = engine.keep(_in_sectors(raw.facets, engine, assign, labels))
    participants = engine.keep(_in_regions(raw.participants, engine, nuts))
    fate = engine.keep(_fate(raw.events, facets, years))
    rows = engine.keep(_rows(raw.rows, fate))
    counted = fate.filter(nw.col("why").is_null()).select("event")
    prefix = nw.lit(f"{name}:")

    def named(frame: nw.LazyFrame[Any], table: str) -> nw.LazyFrame[Any]:
        kept = frame.join(counted, on="event").with_columns(event=nw.concat_str([prefix, nw.col("event")]))
        return engine.keep(typed(kept, RECORD_SCHEMA[table]))

    events = raw.events.with_columns(source=nw.lit(name), row=nw.col("key"))
    mapped = facets.filter(~nw.col("naics").is_null())
    return Records(
        events=named(events, "events"),
        participants=named(participants, "participants"),
        facets=named(mapped, "facets"),
        ledger=ledger.balance(rows, engine, name),
        rejects=_rejects(raw.rejects, rows, name),
        unmatched=_unmatched(facets, participants, name),
        inputs=raw.inputs.assign(source=name)[["source", "path", "rows", "sha256"]],
        versions={"naics": 2017, "nuts": nuts},
        engine=engine,
    )


def _in_sectors(
    facets: nw.LazyFrame[Any], engine: Engine, assign: str, labels: Mapping[str, Sequence[str]] | None
) -> nw.LazyFrame[Any]:
    """Give each facet its NAICS codes; one row with no code where there is none."""
    distinct = facets.select("scheme", "symbol").unique().sort("scheme", "symbol")
    found = sectors.to_naics(collect(distinct), assign=assign, labels=labels)
    found = found[["scheme", "symbol", "naics", "share"]].astype(
        {"scheme": str, "symbol": str, "naics": str, "share": float}
    )
    return facets.join(engine.table(found), on=["scheme", "symbol"], how="left")


def _in_regions(participants: nw.LazyFrame[Any], engine: Engine, nuts: int) -> nw.LazyFrame[Any]:
    """Give each participant its region and its share of the event."""
    keys = ["region_code", "postcode", "city", "country"]
    filled = participants.with_columns(*(nw.col(k).fill_null("") for k in keys))
    distinct = collect(filled.select(*keys).unique().sort(*keys)).astype(str)
    found = regions.place(distinct, nuts=nuts)
    columns = [*keys, "region", "nuts3", "country_code", "placed_by"]
    text = found[columns].astype(object).where(found[columns].notna(), None)
    text[keys] = text[keys].fillna("")
    places = (
        engine.table(text.astype("str"))
        if len(text)
        else engine.table(distinct.assign(region="", nuts3="", country_code="", placed_by="").astype(str))
    )
    placed = filled.join(places, on=keys, how="left")
    # Shares become integers before they are added: the sum is then the same in any order.
    fixed = (nw.col("share").fill_null(1.0) * _SHARE_UNIT).round().cast(nw.Int64())
    placed = placed.with_columns(fixed=fixed)
    total = placed.group_by("event").agg(total=nw.col("fixed").sum())
    place = nw.concat_str([nw.col("region_code"), nw.col("postcode"), nw.col("city")], separator=" ")
    return placed.join(total, on="event").select(
        "event",
        "participant",
        "role",
        "name",
        place.str.strip_chars().alias("place"),
        nw.col("country_code").alias("country"),
        "region",
        "nuts3",
        "placed_by",
        share=nw.col("fixed").cast(nw.Float64()) / nw.col("total").cast(nw.Float64()),
        raw_country=nw.col("country"),
    )


def _fate(events: nw.LazyFrame[Any], facets: nw.LazyFrame[Any], years: Collection[int] | None) -> nw.LazyFrame[Any]:
    """Tell for each event why it cannot be counted; null where it can."""
    outside = nw.lit(False) if years is None else ~nw.col("year").is_in(sorted(years))
    found = facets.filter(~nw.col("naics").is_null()).select("event", "facet", "role").unique()
    role = nw.col("role")
    number = (
        found.with_columns(
            acquirers=nw.when(role == "acquirer").then(1).otherwise(0),
            targets=nw.when(role == "target").then(1).otherwise(0),
        )
        .group_by("event")
        .agg(facets=nw.len(), acquirers=nw.col("acquirers").sum(), targets=nw.col("targets").sum())
    )
    kind = nw.col("kind")
    why = (
        nw.when(nw.col("year").is_null())
        .then(nw.lit("no year"))
        .when(outside)
        .then(nw.lit("outside the study's periods"))
        .when(nw.col("facets").is_null())
        .then(nw.lit("no sector found"))
        .when((kind == "deal") & ((nw.col("acquirers") == 0) | (nw.col("targets") == 0)))
        .then(nw.lit("no sector found for one side"))
        .when((kind == "alliance") & (nw.col("facets") < 2))
        .then(nw.lit("no sector found for two partners"))
    )
    return events.select("event", "kind", "year").join(number, on="event", how="left").select("event", why=why)


def _rows(rows: nw.LazyFrame[Any], fate: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Settle each row: used, set aside by the source, or set aside with its event."""
    known = fate.with_columns(known=nw.lit(True))
    reason = (
        nw.when(~nw.col("reason").is_null())
        .then(nw.col("reason"))
        .when(nw.col("known").is_null())
        .then(nw.lit("belongs to no event"))
        .otherwise(nw.col("why"))
    )
    return rows.join(known, on="event", how="left").select(
        "file", "line", "key", "event", reason=reason, settled=nw.col("reason").is_null()
    )


def _rejects(rejects: nw.LazyFrame[Any], rows: nw.LazyFrame[Any], name: str) -> pd.DataFrame:
    """List the cells not understood and the rows set aside for a fault."""
    cells = collect(rejects)
    listed = rows.filter(~nw.col("reason").is_null(), ~nw.col("reason").is_in(sorted(ledger.BY_RULE)))
    aside = collect(listed.select("file", "line", "key", "reason"))
    seen = set(zip(cells["file"], cells["line"], strict=True))
    fresh = [pair not in seen for pair in zip(aside["file"], aside["line"], strict=True)]
    aside = aside[pd.Series(fresh, index=aside.index, dtype=bool)].assign(field="", value="")
    both = pd.concat([part for part in (cells, aside) if len(part)] or [cells], ignore_index=True)
    both = both.assign(source=name).rename(columns={"key": "row"})
    columns = ["source", "file", "row", "field", "value", "reason", "line"]
    text = both[columns].astype(object).where(both[columns].notna(), "")
    return text.sort_values(columns[:-1], ignore_index=True)


def _unmatched(facets: nw.LazyFrame[Any], participants: nw.LazyFrame[Any], name: str) -> pd.DataFrame:
    """List the symbols and places that found no code, the heaviest first."""
    symbols = facets.filter(nw.col("naics").is_null()).select(
        kind=nw.lit("sector"),
        value=nw.concat_str([nw.col("scheme"), nw.col("symbol")], separator=" "),
        country=nw.lit(""),
        part=nw.lit(1.0),
    )
    places = participants.filter(nw.col("region").is_null() | (nw.col("region") == "")).select(
        kind=nw.lit("place"),
        value=nw.col("place"),
        country=nw.when(nw.col("country").is_null() | (nw.col("country") == ""))
        .then(nw.col("raw_country"))
        .otherwise(nw.col("country")),
        part=nw.col("share"),
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
    return table.sort_values(
        ["weight", "kind", "value", "country"], ascending=[False, True, True, True], ignore_index=True
    )
