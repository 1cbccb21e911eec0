"""How good the records are: what was lost when and where, how places and sectors were matched, what is in doubt."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import narwhals as nw
import pandas as pd

from ingest import Records
from ingest.engine import collect
from ingest.funnel import COLUMNS as FUNNEL
from ingest.nuts import inhabitants, region_table
from observatory.stages.doubts import behind_of, doubtful, moves

MATCHED = ("source", "kind", "level", "number", "weight", "share")
COVERAGE = ("source", "region", "name", "country", "participants", "events", "weight", "share", "people", "expected")
#: What stands for a symbol of which no code is known.
NO_CODE = "no code found"
_UNIT = 2**30


def tables(records: Records) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield each table of ``quality/`` in the run folder with its name.

    Yields
    ------
    tuple
        ``quality/funnel``, ``matched``, ``coverage``, ``doubtful`` and ``moves``; see the functions of
        those names here and in :mod:`observatory.stages.doubts`.
    """
    behind = behind_of(records)
    doubts = doubtful(records, behind)
    yield "quality/funnel", funnel(records)
    yield "quality/matched", matched(records)
    yield "quality/coverage", coverage(records)
    yield "quality/doubtful", doubts
    yield "quality/moves", moves(doubts, behind)


def funnel(records: Records) -> pd.DataFrame:
    """Tell what became of the rows of each source, by the year and country of their event.

    Returns
    -------
    pandas.DataFrame
        ``source, year, country, reason, rows, weight`` (in events), as :func:`ingest.funnel.funnel` counts them:
        the sums of rows and weight over years and countries are the ledger's. Of records that were not read from
        files, the ledger itself without years and countries.
    """
    if records.funnel is not None:
        return records.funnel[list(FUNNEL)].sort_values(list(FUNNEL[:4]), ignore_index=True)
    rest = records.ledger[records.ledger["reason"] != "read"]
    years = pd.array([pd.NA] * len(rest), dtype="Int64")
    return rest.assign(year=years, country="")[list(FUNNEL)].sort_values(["source", "reason"], ignore_index=True)


def matched(records: Records) -> pd.DataFrame:
    """Tell by which level each place and each sector was matched.

    Returns
    -------
    pandas.DataFrame
        ``source, kind, level, number, weight, share``. `kind` is ``place`` (`level` says how participants were
        placed; `weight` in events) or ``sector`` (`level` is the classification that the facets are in;
        ``no code found`` counts those that map to nothing, in events set aside too; `weight` in facets). `share`
        is of the weight of the source and kind. Sorted, the heaviest first.
    """
    places = _summed(records.participants, "placed_by", nw.len()).assign(kind="place")
    facets = _summed(records.facets, "scheme", None).assign(kind="sector")
    lost = records.unmatched
    if len(lost):
        lost = lost[lost["kind"] == "sector"].groupby("source", as_index=False)[["rows", "weight"]].sum()
        lost = lost.rename(columns={"rows": "number"}).assign(kind="sector", level=NO_CODE)
    # with no row at all the columns of the first stand
    every = pd.concat([part for part in (places, facets, lost) if len(part)] or [places], ignore_index=True)
    every["share"] = (every["weight"] / every.groupby(["source", "kind"])["weight"].transform("sum")).round(6)
    every = every.astype({"number": "int64", "weight": "float64", "level": "str"})
    order = ["source", "kind", "weight", "level"]
    return every.sort_values(order, ascending=[True, True, False, True], ignore_index=True)[list(MATCHED)]


def coverage(records: Records) -> pd.DataFrame:
    """Count what was placed in each NUTS2 region, beside what its people would let expect.

    Returns
    -------
    pandas.DataFrame
        ``source, region, name, country, participants, events, weight, share, people, expected``: one row a source
        and region, regions without any record included; outside NUTS the country; "" for what has no region.
        `weight` is in events, `share` of the source's weight, `people` of 2011, `expected` the region's share of
        the people of all regions that have any known. Sorted.
    """
    nuts = records.versions["nuts"]
    found = collect(
        _shared(records.participants)
        .with_columns(nw.col("region").fill_null(""))
        .group_by("source", "region")
        .agg(participants=nw.len(), events=nw.col("event").n_unique(), weight=nw.col("fixed").sum().cast(nw.Float64()))
    )
    known = region_table(nuts)[["region", "name", "country"]]
    found = found.astype({"source": "str", "region": "str"})
    sources = pd.DataFrame({"source": sorted(set(records.ledger["source"]))}, dtype="str")
    table = sources.merge(known, how="cross").merge(found, on=["source", "region"], how="outer")
    outside = table["name"].isna()
    table.loc[outside, "country"] = table.loc[outside, "region"]
    table["name"] = table["name"].fillna(_names(table["region"]))
    counts = ["participants", "events", "weight"]
    table[counts] = table[counts].fillna(0)
    table["weight"] = (table["weight"].astype(float) / _UNIT).round(6)
    whole = table.groupby("source")["weight"].transform("sum")
    table["share"] = (table["weight"] / whole.where(whole > 0)).fillna(0.0).round(6)
    people = inhabitants(nuts)
    table["people"] = table["region"].map(people).astype("Int64")
    table["expected"] = (table["people"].astype("Float64") / sum(people.values())).round(6).astype("float64")
    table = table.astype({"participants": "int64", "events": "int64"})
    return table.sort_values(["source", "region"], ignore_index=True)[list(COVERAGE)]


def _shared(frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Give rows the source of their event and their share as a whole number."""
    source = nw.col("event").str.split(":").list.get(0)
    return frame.with_columns(source=source, fixed=(nw.col("share") * _UNIT).round().cast(nw.Int64()))


def _summed(frame: nw.LazyFrame[Any], level: str, number: nw.Expr | None) -> pd.DataFrame:
    """Sum the shares of rows by source and level; a facet of several codes counts once."""
    sums = {"weight": nw.col("fixed").sum().cast(nw.Float64())}
    if number is not None:
        sums["number"] = number
    table = collect(_shared(frame).group_by("source", level).agg(**sums)).rename(columns={level: "level"})
    table["weight"] = (table["weight"].astype(float) / _UNIT).round(6)
    return table if number is not None else table.assign(number=table["weight"].round().astype("int64"))


def _names(regions: pd.Series[str]) -> pd.Series[str]:
    from ingest.countries import country_name

    return regions.map(lambda code: country_name(code) if code else "")
