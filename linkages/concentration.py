"""Where cross-sectoral events concentrate, from the acquirer's side, the target's, or either."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from ingest.engine import Engine, collect
from ingest.regions import region_table
from linkages.counting import in_period

SIDES = ("either", "acquirer", "target")


def concentration(
    participants: nw.LazyFrame[Any],
    crossing: nw.LazyFrame[Any],
    sectors: nw.LazyFrame[Any],
    engine: Engine,
    weights: Mapping[int, float],
    source: str,
) -> pd.DataFrame:
    """Count, per region, the events that cross sectors, and set them against the region's events.

    Parameters
    ----------
    participants
        Items by region, what :func:`linkages.items.participant_items` returns.
    crossing
        The cross-sectoral events.
    sectors
        Items by focal sector (the emerging industries), what :func:`linkages.items.facet_items` returns.
    weights
        The years of the period.
    source
        A kind of event or ``all``.

    Returns
    -------
    DataFrame
        ``side, region, focal, events, cross_sectoral, share, quotient, rank``: `focal` is empty for all
        industries together; `share` is cross_sectoral / events, `quotient` that share over the same share
        of all European regions together, `rank` by cross_sectoral within side and focal, 1 = most.

    References
    ----------
    European Cluster Trends, methodology 2014, 3.2.2: "concentration analysis of cross sectoral linkages
    within regions from both the acquirer and target perspectives".
    """
    located = in_period(participants, engine, weights, source)
    flagged = crossing.with_columns(crosses=nw.lit(1))
    focal = sectors.select("event", focal="node").unique()
    by_side = []
    for side in SIDES:
        chosen = located if side == "either" else located.filter(nw.col("side") == side)
        places = chosen.select("event", region="node").unique()
        counted = places.join(flagged, on="event", how="left").with_columns(nw.col("crosses").fill_null(0))
        every = counted.with_columns(focal=nw.lit(""))
        some = counted.join(focal, on="event").select("event", "region", "crosses", "focal")
        both = nw.concat([every.select("event", "region", "crosses", "focal"), some], how="vertical")
        table = both.group_by("region", "focal").agg(events=nw.len(), cross_sectoral=nw.col("crosses").sum())
        by_side.append(collect(table).assign(side=side))
    return _rated(pd.concat(by_side, ignore_index=True))


def outside_nuts(regions: pd.Series) -> pd.Series:
    """Tell which codes are countries outside NUTS.

    Examples
    --------
    >>> outside_nuts(pd.Series(["DE21", "US", "DE", "Oresund"])).tolist()
    [False, True, False, False]
    """
    european = set(region_table()["country"])
    return regions.map(lambda code: len(code) == 2 and code not in european).astype(bool)


def _rated(table: pd.DataFrame) -> pd.DataFrame:
    """Add share, quotient and rank."""
    table = table.astype({"events": "int64", "cross_sectoral": "int64", "region": str, "focal": str})
    table["share"] = table["cross_sectoral"] / table["events"]
    european = table[~outside_nuts(table["region"])]
    totals = european.groupby(["side", "focal"])[["events", "cross_sectoral"]].sum()
    totals["overall"] = totals["cross_sectoral"] / totals["events"]
    joined = table.join(totals[["overall"]], on=["side", "focal"])
    overall = joined["overall"].fillna(0.0).to_numpy(float)
    share = table["share"].to_numpy(float)
    table["quotient"] = np.divide(share, overall, out=np.full_like(share, np.nan), where=overall > 0)
    ranks = table.groupby(["side", "focal"])["cross_sectoral"].rank(method="min", ascending=False)
    table["rank"] = ranks.astype("int64")
    columns = ["side", "region", "focal", "events", "cross_sectoral", "share", "quotient", "rank"]
    return table[columns].sort_values(["side", "focal", "rank", "region"], ignore_index=True)
