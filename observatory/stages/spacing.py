"""Fourth stage: communities of sectors described as collaboration spaces, beside star tiers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from communities.spaces import changes, spaces
from ingest.engine import collect, records_of
from ingest.regions import region_name
from linkages.counting import in_period
from linkages.cross_industry import FILES, cross_industry, folded_pairs
from linkages.geography import Places, codes_within, places_of
from linkages.periods import Period
from observatory.stages.counting import Counts
from observatory.stages.finding import Found, find
from observatory.stars import tiers_of

#: How many industries of a space stand beside how many of its regions.
INDUSTRIES, REGIONS = 6, 8


def cross_industry_found(counts: Counts) -> dict[str, Found]:
    """Find the communities of the cross-industry files, where the study has their events."""
    found = {}
    records, settings = counts.records, counts.settings
    pairs = folded_pairs(records, settings.sector_level, settings.groups.sectors)
    span = Period(counts.periods[0].first, counts.periods[-1].last)
    for file, (kind, years, _) in FILES.items():
        overlap = max(years.first, span.first), min(years.last, span.last)
        if kind not in counts.kinds or overlap[0] > overlap[1]:
            continue
        period = Period(*overlap)
        network = cross_industry(records, pairs, file, settings.sector_level, settings.counting, period)
        if network.links.empty:
            continue
        weights = dict.fromkeys(range(period.first, period.last + 1), 1.0)
        chosen = in_period(pairs, records.engine, weights, kind).select("event", "a", "b", "part")
        events = collect(chosen)
        kept = {frozenset(ends) for ends in zip(network.links["source"], network.links["target"], strict=True)}
        here = [frozenset(ends) in kept for ends in zip(events["a"], events["b"], strict=True)]
        found[network.name] = find(network, events[pd.Series(here, index=events.index, dtype=bool)], settings)
    return found


def describe(counts: Counts, found: Mapping[str, Found], stars: pd.DataFrame) -> list[dict[str, Any]]:
    """Describe the spaces of every sector network, each beside the tiers of its industries in its regions."""
    described: list[dict[str, Any]] = []
    for source in counts.sources:
        earlier: list[dict[str, Any]] = []
        for period in counts.periods:
            name = f"sector__{source}__{period}"
            if name not in found:
                continue
            here = _spaces_of(counts, found[name], period, source)
            here = changes(earlier, here)
            described += [_beside(space, stars) for space in here]
            earlier = here
    for name in sorted(found):
        if found[name].network.source in FILES:
            one = found[name]
            described += changes([], [_beside(s, stars) for s in spaces(one.network, one.partition, one.stability)])
    return described


def _spaces_of(counts: Counts, found: Found, period: Period, source: str) -> list[dict[str, Any]]:
    engine = counts.records.engine
    sectors = engine.keep(counts.of_period(counts.sectors, period, source))
    places = places_of(
        {str(node): int(group) for node, group in found.partition.membership.items()},
        sectors,
        counts.of_period(counts.participants, period, source),
        counts.of_period(counts.regions, period, source),
        engine,
    )
    names = _names(places)
    crossing = sectors.filter(sectors_differ()).select("event")
    makeup = codes_within(counts.facets, engine, crossing, counts.industries)
    return [
        {**space, "industries": _industries(space, makeup)}
        for space in spaces(found.network, found.partition, found.stability, places, names)
    ]


def sectors_differ() -> Any:
    """Select the pairs of two different sectors."""
    import narwhals as nw

    return nw.col("a") != nw.col("b")


def _names(places: Places) -> dict[str, str]:
    codes = {*places.regions["region"], *places.pairs["region_a"], *places.pairs["region_b"]}
    return {code: region_name(code) for code in sorted(codes)}


def _industries(space: Mapping[str, Any], makeup: pd.DataFrame) -> list[dict[str, Any]]:
    """List the industries that a space's facets belong to, with their share of the facets."""
    members = [member["node"] for member in space["members"]]
    table = makeup[makeup["sector"].isin(members)].groupby("other")["facets"].sum().reset_index()
    total = int(table["facets"].sum())
    table = table.sort_values(["facets", "other"], ascending=[False, True])
    return [
        {"industry": row["other"], "facets": int(row["facets"]), "share": round(row["facets"] / total, 4)}
        for row in records_of(table)
    ]


def _beside(space: dict[str, Any], stars: pd.DataFrame) -> dict[str, Any]:
    """Set the tiers of a space's industries in its regions beside it."""
    industries = [row["industry"] for row in space.get("industries", [])[:INDUSTRIES]]
    regions = [row["region"] for row in space["regions"]["top"] if len(row["region"]) == 4][:REGIONS]
    grid = pd.DataFrame([(r, i) for r in regions for i in industries], columns=["region", "industry"])
    if grid.empty:
        return {**space, "tiers": [], "tier_counts": {}}
    rated = tiers_of(grid, stars)
    rows = [
        {
            "region": row["region"],
            "industry": row["industry"],
            "tier": row["tier"],
            "stars": None if pd.isna(row["total"]) else int(row["total"]),
        }
        for row in records_of(rated)
    ]
    counted = rated["tier"].value_counts().sort_index()
    return {**space, "tiers": rows, "tier_counts": {str(k): int(v) for k, v in counted.items()}}
