"""Linkages with their places: which industry of which region is linked to which, within a space.

An end of a linkage is an industry in a region. The firms of a deal or an alliance stand where they are, each with
its own industry. A patent's classes belong to no inventor in particular: two classes stand in every pair of its
inventors' regions, either way round, as in the joint table.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import narwhals as nw
import pandas as pd

from ingest.engine import collect, distinct
from ingest.levels import sectors_at
from ingest.records import VENDOR_LEVELS, Records
from linkages.items import Groups, facet_items

ENDS = ("industry_a", "region_a", "industry_b", "region_b")


def linked_ends(
    records: Records,
    spaces: pd.DataFrame,
    weights: Mapping[int, float],
    sector_level: str = "naics3",
    groups: Groups | None = None,
) -> nw.LazyFrame[Any]:
    """Pair the ends of every event that links two sectors of one space.

    Parameters
    ----------
    records
        What :func:`ingest.read` returns.
    spaces
        ``sector, space``: each sector in one space.
    weights
        The years of the period.
    sector_level, groups
        The level of ``spaces``, and the user's own groups of sectors.

    Returns
    -------
    LazyFrame
        ``event, space, industry_a, region_a, industry_b, region_b``, kept on the engine: each pair of ends of an
        event once, the smaller industry (then region) first. Two facets make a pair where their sectors differ
        and are of one space; a deal pairs acquirers with targets only. The region is NUTS2, the country outside
        NUTS, or empty where it is not known; the industry is empty where the code is of none.

    References
    ----------
    European Cluster Trends, methodology 2014, 3.2.2, 3.4 and Table 1: linkages within a space, and between or
    within which regions they occur.
    """
    engine = records.engine
    facets = engine.keep(_facets(records, spaces, weights, sector_level, groups))
    paired = engine.keep(_paired(facets))
    placed = (nw.col("place_a") != "") & (nw.col("place_b") != "")
    own, classes = paired.filter(placed), paired.filter(~placed)
    both = nw.concat([_at_home(own, records), _among_inventors(classes, records)], how="vertical")
    return engine.keep(distinct(_ordered(both)))


def _facets(
    records: Records,
    spaces: pd.DataFrame,
    weights: Mapping[int, float],
    sector_level: str,
    groups: Groups | None,
) -> nw.LazyFrame[Any]:
    """List each facet in a space: its sector and industry, and whose it is."""
    engine = records.engine
    codes = collect(distinct(records.facets, "naics").sort("naics"))["naics"].tolist()
    industry = sectors_at(codes, "industry")[["naics", "sector"]].rename(columns={"sector": "industry"})
    if sector_level in VENDOR_LEVELS:
        coded = industry.merge(pd.DataFrame({"naics": codes}), on="naics", how="right").fillna({"industry": ""})
        # The same name may be on both sides of a deal, with a class on each.
        side = nw.col("side").fill_null("")
        of_class = facet_items(records, sector_level, groups)
        of_class = of_class.select("event", participant="item", sector="node", side=side)
        held = of_class.join(engine.table(spaces[["sector", "space"]].astype("str")), on="sector")
        role = nw.col("role")
        sided = records.facets.with_columns(side=nw.when(role.is_in(["acquirer", "target"])).then(role).fill_null(""))
        facets = sided.join(engine.table(coded.astype("str")), on="naics").join(
            held, on=["event", "participant", "side"]
        )
    else:
        sector = sectors_at(codes, sector_level, groups)[["naics", "sector"]]
        table = sector.merge(spaces[["sector", "space"]], on="sector").merge(industry, on="naics", how="left")
        table["industry"] = table["industry"].fillna("")
        facets = records.facets.join(engine.table(table.astype("str")), on="naics")
    years = engine.table(pd.DataFrame({"year": pd.Series(list(weights), dtype="int64")}))
    dated = records.events.select("event", "kind", "year").join(years, on="year")
    return facets.join(dated, on="event").select(
        "event",
        "kind",
        "space",
        "sector",
        "industry",
        "role",
        nw.col("facet").alias("item"),
        # a class is nobody's own
        nw.when(nw.col("role") != "class").then(nw.col("participant")).fill_null("").alias("place"),
    )


def _paired(facets: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Pair the facets of an event within a space, as :func:`linkages.counting.pairs` does."""
    keys = ["event", "space"]
    columns = {"item": "item", "role": "role", "sector": "sector", "industry": "industry", "place": "place"}
    left = facets.select(*keys, "kind", **{f"{name}_a": old for name, old in columns.items()})
    right = facets.select(*keys, **{f"{name}_b": old for name, old in columns.items()})
    deals = left.filter(nw.col("kind") == "deal", nw.col("role_a") == "acquirer")
    crossed = deals.join(right.filter(nw.col("role_b") == "target"), on=keys)
    others = left.filter(nw.col("kind") != "deal").join(right, on=keys).filter(nw.col("item_a") < nw.col("item_b"))
    ends = [*keys, *(f"{what}_{end}" for end in ("a", "b") for what in ("industry", "place", "role"))]
    parts = [part.filter(nw.col("sector_a") != nw.col("sector_b")).select(*ends) for part in (crossed, others)]
    return distinct(nw.concat(parts, how="vertical"))


def _at_home(pairs: nw.LazyFrame[Any], records: Records) -> nw.LazyFrame[Any]:
    """Put each end where its own participant is; the same name may be on both sides of a deal."""
    for end in ("a", "b"):
        columns = {"place": "participant", "role": "role", "region": "region"}
        where = records.participants.select("event", **{f"{ours}_{end}": theirs for ours, theirs in columns.items()})
        pairs = pairs.join(where, on=["event", f"place_{end}", f"role_{end}"], how="left")
    return _with_regions(pairs)


def _among_inventors(pairs: nw.LazyFrame[Any], records: Records) -> nw.LazyFrame[Any]:
    """Put the two ends in every pair of the event's participants, either way round; in one place if there is one."""
    people = records.participants.filter(~nw.col("region").is_null()).join(distinct(pairs, "event"), on="event")
    people = records.engine.keep(people.select("event", "participant", "region"))
    one, two = (people.select("event", **{f"p_{e}": "participant", f"region_{e}": "region"}) for e in ("a", "b"))
    others = one.join(two, on="event").filter(nw.col("p_a") != nw.col("p_b"))
    number = people.group_by("event").agg(n=nw.len())
    alone = people.join(number, on="event").filter(nw.col("n") == 1)
    ends = [
        others.select("event", "region_a", "region_b"),
        alone.select("event", nw.col("region").alias("region_a"), nw.col("region").alias("region_b")),
    ]
    return _with_regions(pairs.join(distinct(nw.concat(ends, how="vertical")), on="event", how="left"))


def _with_regions(pairs: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    regions = [nw.col(f"region_{end}").fill_null("") for end in ("a", "b")]
    return pairs.select("event", "space", "industry_a", "industry_b", *regions)


def _ordered(pairs: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Put the smaller end first: by industry, then by region."""
    a, b = nw.col("industry_a"), nw.col("industry_b")
    turn = (a > b) | ((a == b) & (nw.col("region_a") > nw.col("region_b")))
    swapped = [
        nw.when(turn).then(nw.col(f"{what}_{other}")).otherwise(nw.col(f"{what}_{end}")).alias(f"{what}_{end}")
        for what in ("industry", "region")
        for end, other in (("a", "b"), ("b", "a"))
    ]
    return pairs.select("event", "space", *swapped).select("event", "space", *ENDS)


def linkages(ends: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Count the events between two industries in their regions.

    Parameters
    ----------
    ends
        What :func:`linked_ends` returns.

    Returns
    -------
    LazyFrame
        ``space, industry_a, region_a, industry_b, region_b, events``, on the engine, in no order: of a whole PATSTAT
        these are a million rows. Two different industries only. An event of several regions stands in several rows.

    Examples
    --------
    >>> from ingest import DuckDB
    >>> rows = [("d1", "s1", "Automotive", "DE11", "Plastics", "FR10"), ("d2", "s1", "", "", "Automotive", "DE11")]
    >>> ends = DuckDB().table(pd.DataFrame(rows, columns=["event", "space", *ENDS]))
    >>> collect(linkages(ends)).to_numpy().tolist()
    [['s1', 'Automotive', 'DE11', 'Plastics', 'FR10', 1]]
    """
    chosen = ends.filter(nw.col("industry_a") != "", nw.col("industry_a") != nw.col("industry_b"))
    counted = chosen.group_by("space", *ENDS).agg(events=nw.len())
    return counted.with_columns(nw.col("events").cast(nw.Int64()))


def reach_table(ends: nw.LazyFrame[Any]) -> pd.DataFrame:
    """Count, for each industry in a region, the events that link it to another industry anywhere.

    Returns
    -------
    DataFrame
        ``space, industry, region, other, events``, sorted: each linkage from both of its ends.

    Examples
    --------
    >>> from ingest import DuckDB
    >>> rows = [("d1", "s1", "Automotive", "DE11", "Plastics", "FR10"), ("d2", "s1", "", "", "Automotive", "DE11")]
    >>> ends = DuckDB().table(pd.DataFrame(rows, columns=["event", "space", *ENDS]))
    >>> reach_table(ends).to_numpy().tolist()
    [['s1', 'Automotive', 'DE11', 'Plastics', 1], ['s1', 'Plastics', 'FR10', 'Automotive', 1]]
    """
    chosen = ends.filter(nw.col("industry_a") != "", nw.col("industry_a") != nw.col("industry_b"))
    return _counted(distinct(_either(chosen)), ["space", "industry", "region", "other"])


def standing_table(ends: nw.LazyFrame[Any]) -> pd.DataFrame:
    """Count, for each industry in a region, the events within a space of which it is an end.

    Returns
    -------
    DataFrame
        ``space, industry, region, events``, sorted. Linkages to codes of no industry, and between two sectors of
        one industry, count as well.

    Examples
    --------
    >>> from ingest import DuckDB
    >>> rows = [("d1", "s1", "Automotive", "DE11", "Plastics", "FR10"), ("d2", "s1", "", "", "Automotive", "DE11")]
    >>> ends = DuckDB().table(pd.DataFrame(rows, columns=["event", "space", *ENDS]))
    >>> standing_table(ends).to_numpy().tolist()
    [['s1', 'Automotive', 'DE11', 2], ['s1', 'Plastics', 'FR10', 1]]
    """
    one = _either(ends).select("event", "space", "industry", "region").filter(nw.col("industry") != "")
    return _counted(one.unique(), ["space", "industry", "region"])


def pair_table(ends: nw.LazyFrame[Any], europe: pd.Series[str]) -> pd.DataFrame:
    """Count the events between two industries that have an end in Europe.

    Parameters
    ----------
    ends
        What :func:`linked_ends` returns.
    europe
        The regions that count as European.

    Returns
    -------
    DataFrame
        ``space, source, target, events``, sorted: the two industries, source < target.

    Examples
    --------
    >>> from ingest import DuckDB
    >>> rows = [("d1", "s1", "Automotive", "DE11", "Plastics", "FR10"), ("d2", "s1", "", "", "Automotive", "DE11")]
    >>> ends = DuckDB().table(pd.DataFrame(rows, columns=["event", "space", *ENDS]))
    >>> pair_table(ends, pd.Series(["FR10"])).to_numpy().tolist()
    [['s1', 'Automotive', 'Plastics', 1]]
    """
    among = [str(code) for code in europe]
    chosen = ends.filter(nw.col("industry_a") != "", nw.col("industry_a") != nw.col("industry_b"))
    here = chosen.filter(nw.col("region_a").is_in(among) | nw.col("region_b").is_in(among))
    pairs = here.select("event", "space", source="industry_a", target="industry_b").unique()
    return _counted(pairs, ["space", "source", "target"])


def _either(ends: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Look at each pair from both ends."""
    turned = [
        ends.select("event", "space", industry=f"industry_{a}", region=f"region_{a}", other=f"industry_{b}")
        for a, b in (("a", "b"), ("b", "a"))
    ]
    return nw.concat(turned, how="vertical")


def _counted(frame: nw.LazyFrame[Any], keys: list[str]) -> pd.DataFrame:
    counted = frame.group_by(*keys).agg(events=nw.len())
    table = collect(counted).astype({**dict.fromkeys(keys, "str"), "events": "int64"})
    return table[[*keys, "events"]].sort_values(keys, ignore_index=True)
