"""Where the linkages of a group of sectors lie: within which regions, and between which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import pandas as pd

from ingest.engine import Engine, collect, distinct


@dataclass(frozen=True)
class Places:
    """Events of each group of sectors by region.

    Attributes
    ----------
    regions
        ``group, region, events``: events of the group with a participant in the region.
    pairs
        ``group, region_a, region_b, events``: events that join two regions, or lie within one
        (region_a = region_b).
    """

    regions: pd.DataFrame
    pairs: pd.DataFrame


def places_of(
    groups: Mapping[str, int],
    sectors: nw.LazyFrame[Any],
    participants: nw.LazyFrame[Any],
    regions: nw.LazyFrame[Any],
    engine: Engine,
) -> Places:
    """Locate the events that link two sectors of one group.

    Parameters
    ----------
    groups
        Sector → group.
    sectors
        Pairs of sectors in a period, from :func:`linkages.counting.in_period`.
    participants
        Items by region, from :func:`linkages.items.participant_items`.
    regions
        Pairs of regions, from :func:`linkages.counting.region_pairs`.

    References
    ----------
    European Cluster Trends, methodology 2014, 3.2.2: communities of cross-sectoral linkages by region.
    """
    table = pd.DataFrame({"node": list(groups), "group": list(groups.values())})
    table = table.astype({"node": str, "group": "int64"})
    lookup = engine.table(table)
    inside = (
        sectors.filter(nw.col("a") != nw.col("b"))
        .join(lookup.select(a="node", group="group"), on="a")
        .join(lookup.select(b="node", other="group"), on="b")
        .filter(nw.col("group") == nw.col("other"))
    )
    inside = engine.keep(distinct(inside, "event", "group"))
    where = distinct(participants.select("event", region="node"))
    joined = inside.join(where, on="event").group_by("group", "region").agg(events=nw.len())
    a, b = nw.col("a"), nw.col("b")
    ordered = regions.select(
        "event",
        region_a=nw.when(a <= b).then(a).otherwise(b),
        region_b=nw.when(a <= b).then(b).otherwise(a),
    )
    paired = inside.join(distinct(ordered), on="event").group_by("group", "region_a", "region_b").agg(events=nw.len())
    return Places(_sorted(joined, ["region"]), _sorted(paired, ["region_a", "region_b"]))


def codes_within(
    facets: nw.LazyFrame[Any], engine: Engine, events: nw.LazyFrame[Any], upper: nw.LazyFrame[Any]
) -> pd.DataFrame:
    """Count how the facets of each sector are made up at another level, in the given events.

    Parameters
    ----------
    facets, upper
        Items by sector and by the other level (for example the 51 industries), from
        :func:`linkages.items.facet_items`.
    events
        ``event``: the events to look at.

    Returns
    -------
    DataFrame
        ``sector, other, facets``.
    """
    one = facets.select("event", "item", sector="node").join(distinct(events, "event"), on="event")
    two = upper.select("event", "item", other="node")
    counted = one.join(two, on=["event", "item"]).group_by("sector", "other").agg(facets=nw.len())
    table = collect(engine.keep(counted)).astype({"facets": "int64"})
    return table.sort_values(["sector", "facets", "other"], ascending=[True, False, True], ignore_index=True)


def _sorted(frame: nw.LazyFrame[Any], keys: list[str]) -> pd.DataFrame:
    table = collect(frame).astype({"group": "int64", "events": "int64"})
    order = ["group", "events", *keys]
    return table.sort_values(order, ascending=[True, False] + [True] * len(keys), ignore_index=True)
