"""How cross-sectoral linkages went from year to year: events, links and weight, and the strongest pairs."""

from __future__ import annotations

from collections.abc import Sequence

import narwhals as nw
import pandas as pd

from ingest.engine import Engine, collect
from linkages.yearly import LINK_KEYS, Years, in_types

#: How many of the strongest pairs of a source are followed from year to year.
FOLLOWED = 10
#: All links of a year may come to more steps than one whole number of an engine holds: halves of it are added apart.
_HALF = 2**31
_YEARLY = ["source", "year", "events", "cross_sectoral", "links", "weight"]


def series(years: Years, sources: Sequence[str]) -> pd.DataFrame:
    """Count each year's events, links between different nodes, and their weight.

    Parameters
    ----------
    years
        What :func:`linkages.yearly.count_years` returns.
    sources
        Kinds of event and ``all``.

    Returns
    -------
    DataFrame
        ``source, year, events, cross_sectoral, links, weight``: `events` are all that were counted,
        `cross_sectoral` those between different nodes, `links` the different pairs of nodes, `weight` their sum
        in the unit of the network. A year without events has no row. Sorted.

    References
    ----------
    European Cluster Trends, methodology 2014, 3.2.2: "Cross-sectoral M&As per year/period".
    """
    between = years.links.filter(nw.col("source") != nw.col("target"), nw.col("fixed") > 0)
    pairs = between.select("year", nw.col("kind").alias("of"), *LINK_KEYS, "fixed")
    tables = []
    for source in sources:
        here = pairs if source == "all" else pairs.filter(nw.col("of") == source)
        each = here.group_by("year", *LINK_KEYS).agg(nw.col("fixed").sum().cast(nw.Int64()))
        halved = each.with_columns(high=(nw.col("fixed") // _HALF).cast(nw.Int64()))
        halved = halved.with_columns(low=nw.col("fixed") - nw.col("high") * _HALF)
        sums = [nw.col(half).sum().cast(nw.Int64()) for half in ("high", "low")]
        counted = collect(halved.group_by("year").agg(*sums, links=nw.len()))
        events = years.events if source == "all" else years.events[years.events["kind"] == source]
        summed = events.groupby("year", as_index=False)[["events", "crossing"]].sum()
        table = summed.merge(counted.astype("int64"), on="year", how="left").fillna({"links": 0, "high": 0, "low": 0})
        weight = (table["high"].astype("float64") * _HALF + table["low"].astype("float64")) / years.unit
        tables.append(table.assign(source=source, weight=weight, links=table["links"].astype("int64")))
    table = pd.concat(tables, ignore_index=True).rename(columns={"crossing": "cross_sectoral"})
    return table[_YEARLY].astype({"source": str}).sort_values(["source", "year"], ignore_index=True)


def followed(years: Years, engine: Engine, sources: Sequence[str], top: int = FOLLOWED) -> pd.DataFrame:
    """Follow the strongest pairs of each source from year to year.

    Parameters
    ----------
    years, sources
        As :func:`series` takes them.
    top
        How many pairs of each source; the strongest over the study's years, ties by name.

    Returns
    -------
    DataFrame
        ``of, source, target, year, weight, events``: `of` is the kind of event or ``all``. A year without
        events has no row. Sorted.
    """
    parts = years.parts[years.parts["source"] != years.parts["target"]]
    tables = []
    for of in sources:
        here = parts if of == "all" else parts[parts["kind"] == of]
        total = here.groupby(LINK_KEYS, as_index=False)[["fixed"]].sum()
        best = total.sort_values(["fixed", *LINK_KEYS], ascending=[False, True, True]).head(top)
        if best.empty:
            continue
        chosen = years.links if of == "all" else years.links.filter(nw.col("kind") == of)
        joined = chosen.join(engine.table(best[LINK_KEYS].astype(str)), on=LINK_KEYS)
        summed = joined.group_by(*LINK_KEYS, "year").agg(
            nw.col("fixed").sum().cast(nw.Int64()), nw.col("events").sum().cast(nw.Int64())
        )
        tables.append(collect(summed).assign(of=of))
    columns = ["of", *LINK_KEYS, "year", "weight", "events"]
    if not tables:
        return pd.DataFrame(columns=columns)
    table = pd.concat(tables, ignore_index=True)
    table = table.assign(weight=table["fixed"].astype("float64") / years.unit)
    table = in_types(table[columns], ["of", *LINK_KEYS], ["year", "events"])
    return table.sort_values(columns[:4], ignore_index=True)
