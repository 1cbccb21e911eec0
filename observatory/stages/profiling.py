"""Stage after the spaces: linkages with the stars of both ends, quadrants, and the profiles of regions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import pandas as pd

from ingest.engine import Engine, collect, distinct
from ingest.regions import region_table
from linkages.concentration import outside_nuts
from linkages.periods import Period
from observatory.stages.counting import Counts
from observatory.stars.beside import tiers_of
from observatory.stars.linked import ENDS, linkages, linked_ends, pair_table, reach_table, standing_table
from observatory.stars.profile import (
    lacking_linkages,
    linked_industries,
    nearness_of,
    partners_of,
    regions_alike,
)
from observatory.stars.quadrants import quadrants

#: What linkages are sorted by, and the other tables that the stage gives.
LINKAGES = ("period", "space", *ENDS)
TABLES: Mapping[str, Sequence[str]] = {
    "stars/quadrants": ("period", "space", "industry", "region"),
    "profiles/lacking": ("period", "region", "space", "industry"),
    "profiles/partners": ("period", "region", "space", "industry", "other", "rank"),
    "profiles/alike": ("period", "region", "rank"),
}


@dataclass(frozen=True)
class Profiles:
    """What the stage gives.

    Attributes
    ----------
    linkages
        ``period, space, industry_a, region_a, tier_a, stars_a, industry_b, region_b, tier_b, stars_b, events``, on the
        engine, in no order: of a whole PATSTAT these are millions of rows.
    tables
        ``stars/quadrants``: ``period`` and the columns of
        :func:`observatory.stars.quadrants.quadrants`; ``profiles/lacking``, ``profiles/partners``,
        ``profiles/alike``: ``period`` and the columns of :mod:`observatory.stars.profile`. Sorted.
    about
        The thresholds, and the number of events above which a pair is linked, by period.
    """

    linkages: nw.LazyFrame[Any]
    tables: dict[str, pd.DataFrame]
    about: dict[str, Any]


def profiles(
    counts: Counts, described: Sequence[Mapping[str, Any]], stars: pd.DataFrame, about: Mapping[str, Any]
) -> Profiles:
    """Set every linkage within a space of all sources beside the stars of both ends, and profile the regions.

    Parameters
    ----------
    counts
        The study's counts.
    described
        The spaces, as spaces.json has them.
    stars
        The star table, of NUTS2 regions; linkages are looked at there whatever the study's level of regions is.
    about
        How the stars came about, as the manifest has it.
    """
    chosen = counts.settings.stars
    parts: dict[str, list[pd.DataFrame]] = {name: [] for name in TABLES}
    limits = {}
    engine, rated = counts.records.engine, []
    for period in counts.periods:
        spaces = _members(described, f"sector__all__{period}")
        before = engine.tables
        linked, tables, limits[str(period)] = _of_period(counts, period, spaces, stars)
        rated.append(engine.keep(linked.select(nw.lit(str(period)).alias("period"), nw.all())))
        engine.forget(before, rated[-1:])
        for name, table in tables.items():
            parts[name].append(table.assign(period=str(period)))
    tables = {name: _sorted(pd.concat(some, ignore_index=True), TABLES[name]) for name, some in parts.items()}
    said = {"strong": chosen.strong, "linked": chosen.linked, "limits": limits}
    told = {**said, "published": about.get("method") == "published tiers"}
    return Profiles(nw.concat(rated, how="vertical"), tables, told)


def _members(described: Sequence[Mapping[str, Any]], network: str) -> pd.DataFrame:
    rows = [(m["node"], space["id"]) for space in described if space["network"] == network for m in space["members"]]
    return pd.DataFrame(rows, columns=["sector", "space"], dtype="str")


def _of_period(
    counts: Counts, period: Period, spaces: pd.DataFrame, stars: pd.DataFrame
) -> tuple[nw.LazyFrame[Any], dict[str, pd.DataFrame], float]:
    settings = counts.settings
    ends = linked_ends(counts.records, spaces, counts.weights(period), settings.sector_level, settings.groups.sectors)
    reach, links = reach_table(ends), region_links(counts, period)
    least, share = settings.stars.strong, settings.stars.linked
    table, limit = quadrants(standing_table(ends), stars, least=least, share=share)
    linked = linked_industries(pair_table(ends, region_table(settings.nuts)["region"]))
    lacking = lacking_linkages(table, reach, linked, stars)
    places = reach["region"].drop_duplicates()
    beyond = places[outside_nuts(places) & (places != "")]
    found = {
        "stars/quadrants": table,
        "profiles/lacking": lacking,
        "profiles/partners": partners_of(lacking, reach, stars, nearness_of(links), beyond, least=least),
        "profiles/alike": regions_alike(table, links),
    }
    return with_stars(linkages(ends), stars, counts.records.engine), found, limit


def with_stars(table: nw.LazyFrame[Any], stars: pd.DataFrame, engine: Engine) -> nw.LazyFrame[Any]:
    """Add tier and stars of both ends to linkages.

    Returns
    -------
    LazyFrame
        ``space, industry_a, region_a, tier_a, stars_a, industry_b, region_b, tier_b, stars_b, events``.

    Examples
    --------
    >>> from ingest import DuckDB
    >>> from observatory.stars import published_tiers
    >>> rows = [("s1", "Automotive", "DE11", "Plastics", "US", 3)]
    >>> columns = ["space", "industry_a", "region_a", "industry_b", "region_b", "events"]
    >>> engine = DuckDB()
    >>> table = with_stars(engine.table(pd.DataFrame(rows, columns=columns)), published_tiers(), engine)
    >>> collect(table)[["tier_a", "tier_b"]].to_numpy().tolist()
    [['high', 'not known']]
    """
    table = engine.keep(table)
    ends = [table.select(region=f"region_{end}", industry=f"industry_{end}") for end in ("a", "b")]
    known = collect(distinct(nw.concat(ends, how="vertical"))).astype("str")
    rated = engine.table(tiers_of(known, stars)[["region", "industry", "tier", "total"]])
    for end in ("a", "b"):
        of_end = rated.select(
            nw.col("region").alias(f"region_{end}"), nw.col("industry").alias(f"industry_{end}"),
            nw.col("tier").alias(f"tier_{end}"), nw.col("total").alias(f"stars_{end}"),
        )  # fmt: skip
        table = table.join(of_end, on=[f"region_{end}", f"industry_{end}"], how="left")
    columns = [f"{what}_{end}" for end in ("a", "b") for what in ("industry", "region", "tier", "stars")]
    return table.select("space", *columns, "events")


def region_links(counts: Counts, period: Period) -> pd.DataFrame:
    """Count the cross-sectoral events of a period that join two regions of NUTS2 (or a country outside).

    Returns
    -------
    DataFrame
        ``region_a, region_b, events``, region_a < region_b, sorted.
    """
    records = counts.records
    years = records.engine.table(pd.DataFrame({"year": pd.Series(list(counts.weights(period)), dtype="int64")}))
    events = records.events.join(years, on="year").select("event").join(counts.crossing, on="event")
    known = records.participants.filter(~nw.col("region").is_null())
    places = records.engine.keep(known.select("event", "participant", "region").join(events, on="event"))
    one, two = (places.select("event", **{f"p_{e}": "participant", f"region_{e}": "region"}) for e in ("a", "b"))
    met = one.join(two, on="event").filter(nw.col("p_a") != nw.col("p_b"), nw.col("region_a") < nw.col("region_b"))
    pairs = distinct(met, "event", "region_a", "region_b")
    table = collect(pairs.group_by("region_a", "region_b").agg(events=nw.len()))
    table = table.astype({"region_a": "str", "region_b": "str", "events": "int64"})
    return table.sort_values(["region_a", "region_b"], ignore_index=True)


def _sorted(table: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """Put the period first; the order of what is ranked within the keys stays."""
    columns = ["period", *(column for column in table.columns if column != "period")]
    for column in table.columns:
        if column.startswith("stars"):
            table[column] = pd.to_numeric(table[column]).astype("Int64")
    return table[columns].sort_values(list(keys), kind="stable", ignore_index=True)
