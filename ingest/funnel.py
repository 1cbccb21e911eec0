"""The ledger by year and country: which events' rows were read, used and set aside, and of divided region codes."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import narwhals as nw
import pandas as pd

from ingest.engine import Engine, collect
from ingest.ledger import NO_EVENT, close
from ingest.nuts import find_code

COLUMNS = ("source", "year", "country", "reason", "rows", "weight")
#: The country of an event whose participants are of several.
SEVERAL = "several"
DIVIDED = ("source", "code", "country", "region", "share", "others", "rows", "weight")
_CELL = ("year", "country", "reason")
# Parts of an event are counted in whole numbers, so that their sum is the same in any order.
_UNIT = 2**40
_SHARE_UNIT = 2**30


def funnel(
    rows: nw.LazyFrame[Any], years: nw.LazyFrame[Any], homes: nw.LazyFrame[Any], source: str, engine: Engine
) -> pd.DataFrame:
    """Count the rows of a source by what became of them, by the year and country of their event.

    Parameters
    ----------
    rows
        ``event, reason`` (null where used), ``rows``, as :func:`ingest.ledger.balance` takes them.
    years
        ``event, year``.
    homes
        ``event, first, last``: the first and last of its participants' countries in the order of the alphabet.
    source
        Name of the source.
    engine
        Where the tables live.

    Returns
    -------
    pandas.DataFrame
        ``source, year, country, reason, rows, weight``: a row ``used`` and a row for each reason; the sums over
        years and countries are the ledger's. `year` is empty where the event's is not known, `country`
        ``several`` where its participants are of several countries and "" where none is known. Sorted.

    Examples
    --------
    >>> from ingest.engine import DuckDB
    >>> engine = DuckDB()
    >>> rows = pd.DataFrame({"event": ["1", "1", None], "reason": [None, "duplicate row", "no event id"], "rows": 1})
    >>> years, homes = pd.DataFrame({"event": ["1"], "year": [2005]}), [("1", "DE", "FR")]
    >>> homes = pd.DataFrame(homes, columns=["event", "first", "last"])
    >>> table = funnel(*(engine.table(t) for t in (rows, years, homes)), "deals", engine)
    >>> table[["country", "reason", "rows", "weight"]].values.tolist()
    [['several', 'duplicate row', 1, 0.0], ['several', 'used', 1, 1.0], ['', 'no event id', 1, 1.0]]
    """
    known = known_of(rows, years, homes)
    return rounded(weighed(rows.join(known, on="event", how="left"), known, source, engine))


def known_of(rows: nw.LazyFrame[Any], years: nw.LazyFrame[Any], homes: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Put together what :func:`weighed` needs to know of events; the tables are as :func:`funnel` has them."""
    used = rows.filter(nw.col("reason").is_null(), ~nw.col("event").is_null()).select("event").unique()
    known = nw.concat([years.select("event"), homes.select("event"), used], how="vertical").unique()
    known = known.join(years.select("event", "year"), on="event", how="left")
    known = known.join(homes.select("event", country=country_of()), on="event", how="left")
    known = known.join(used.with_columns(used=nw.lit(True)), on="event", how="left")
    return known.with_columns(counted=nw.col("used").fill_null(False)).drop("used")


def country_of() -> nw.Expr:
    """Name the country of an event by the ``first`` and ``last`` of its participants' countries."""
    several = nw.col("first") != nw.col("last")
    return nw.when(several).then(nw.lit(SEVERAL)).otherwise(nw.col("first"))


def rounded(parts: pd.DataFrame) -> pd.DataFrame:
    """Give weights in events."""
    return parts.assign(weight=(parts["weight"] / _UNIT).round(6))


def ledger_of(parts: pd.DataFrame) -> pd.DataFrame:
    """Sum over years and countries: what :func:`ingest.ledger.balance` gives for the same rows.

    Parameters
    ----------
    parts
        What :func:`weighed` returns.
    """
    summed = [
        (source, reason, int(group["rows"].sum()), round(math.fsum(group["weight"]) / _UNIT, 6))
        for (source, reason), group in parts.groupby(["source", "reason"], sort=True)
    ]
    return close(pd.DataFrame(summed, columns=["source", "reason", "rows", "weight"]))


def weighed(rows: nw.LazyFrame[Any], known: nw.LazyFrame[Any], source: str, engine: Engine) -> pd.DataFrame:
    """Count rows as :func:`funnel` does, the weight in 2**40ths of an event.

    Parameters
    ----------
    rows
        As :func:`funnel` takes them, with what is known of their event beside them; an event and reason may stand in
        several rows.
    known
        ``event, year, country, counted``, one row an event: `counted` where rows of it are used.
    source
        Name of the source.
    """
    number = nw.Int64()
    reason = nw.col("reason").fill_null("used")
    told = rows.with_columns(reason=reason, rows=nw.col("rows").cast(number))
    # A row that belongs to no event may name one all the same.
    owned = ~nw.col("event").is_null() & (nw.col("reason") != "belongs to no event")
    alone = ~owned & ~nw.col("reason").is_in(["used", *sorted(NO_EVENT)])
    counts = told.select(
        "rows",
        "reason",
        year=nw.when(owned).then(nw.col("year")),
        country=nw.when(owned).then(nw.col("country")),
        part=nw.when(alone).then(nw.col("rows")).otherwise(nw.lit(0)).cast(number) * _UNIT,
    )
    events = known.filter(nw.col("counted")).select(
        "year", "country", reason=nw.lit("used"), rows=nw.lit(0).cast(number), part=nw.lit(_UNIT).cast(number)
    )
    lost = _lost(told.filter(owned, ~nw.col("counted").fill_null(False)), engine)
    table = pd.concat([_summed(part) for part in (counts, events, lost)], ignore_index=True)
    table = table.groupby(list(_CELL), as_index=False, dropna=False)[["rows", "weight"]].sum().assign(source=source)
    return table[list(COLUMNS)].sort_values(list(COLUMNS[:4]), ignore_index=True)


def _summed(parts: nw.LazyFrame[Any]) -> pd.DataFrame:
    """Add up the rows and parts of each year, country and reason."""
    told = parts.with_columns(nw.col("country").fill_null(""))
    summed = told.group_by(*_CELL).agg(nw.col("rows").sum(), weight=nw.col("part").sum().cast(nw.Float64()))
    table = collect(summed).astype({"rows": "int64", "weight": "float64", "country": "str", "reason": "str"})
    return table.astype({"year": "Int64"})


def _lost(told: nw.LazyFrame[Any], engine: Engine) -> nw.LazyFrame[Any]:
    """Spread events of which no row is used over the reasons of their rows, which are counted already."""
    told = engine.keep(told.select("event", "year", "country", "reason", lost="rows"))
    total = told.group_by("event").agg(total=nw.col("lost").sum())
    share = nw.col("lost").cast(nw.Float64()) / nw.col("total").cast(nw.Float64())
    whole = (share * _UNIT).round().cast(nw.Int64())
    return told.join(total, on="event").select(*_CELL, rows=nw.lit(0).cast(nw.Int64()), part=whole)


def divides(codes: Iterable[str], nuts: int) -> list[str]:
    """List those of some region codes that a version of NUTS divides.

    Examples
    --------
    >>> divides(["HU10", "DE21"], 2016)
    ['HU10']
    """
    return [code for code in codes if find_code(code, nuts).spread]


def divided(participants: nw.LazyFrame[Any], source: str, nuts: int) -> pd.DataFrame:
    """List the region codes that the study's version of NUTS divides, with the weight of what was placed by them.

    Parameters
    ----------
    participants
        ``region_code`` as written, ``placed_by``, ``share``: those of the events that count.
    source
        Name of the source.
    nuts
        Version of NUTS of the study.

    Returns
    -------
    pandas.DataFrame
        ``source, code, country, region`` (which the code was given), ``share`` (of its people who live there),
        ``others`` (where the rest lives: ``HU12 0.41``), ``rows``, ``weight`` (in events). Sorted by code.

    Examples
    --------
    >>> from ingest.engine import DuckDB
    >>> rows = pd.DataFrame({"region_code": ["HU10", "DE21"], "placed_by": "region code", "share": [1.0, 0.5]})
    >>> divided(DuckDB().table(rows), "patents", 2016).values.tolist()
    [['patents', 'HU10', 'HU', 'HU11', 0.586288, 'HU12 0.414', 1, 1.0]]
    """
    coded = participants.filter(nw.col("placed_by") == "region code")
    fixed = (nw.col("share") * _SHARE_UNIT).round().cast(nw.Int64())
    grouped = coded.with_columns(fixed=fixed).group_by("region_code")
    table = collect(grouped.agg(rows=nw.len(), weight=nw.col("fixed").sum().cast(nw.Float64())))
    rows = []
    for code, number, weight in table[["region_code", "rows", "weight"]].itertuples(index=False):
        found = find_code(str(code), nuts)
        if found.spread:
            others = ", ".join(f"{region} {share:.3f}" for region, share in found.parts[1:])
            carried = round(float(weight) / _SHARE_UNIT, 6)
            rows.append((source, str(code), found.country, found.region, found.share, others, int(number), carried))
    return pd.DataFrame(sorted(rows), columns=list(DIVIDED))
