"""Where cross-sectoral events concentrate, from the acquirer's side, the target's, or either."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from ingest.engine import collect, distinct
from ingest.nuts import in_nuts_spelling
from ingest.records import KINDS
from ingest.regions import region_table
from linkages.items import Groups

SIDES = ("either", "acquirer", "target")


def events_by_region(
    participants: nw.LazyFrame[Any], crossing: nw.LazyFrame[Any], sectors: nw.LazyFrame[Any]
) -> pd.DataFrame:
    """Count, per region, side and focal industry, the events and those that cross sectors, once for all periods.

    An event is of one kind and one year, so that any period of any kinds is a sum of these.

    Parameters
    ----------
    participants
        Items by region, what :func:`linkages.items.participant_items` returns.
    crossing
        The cross-sectoral events.
    sectors
        Items by focal sector (the emerging industries), what :func:`linkages.items.facet_items` returns.

    Returns
    -------
    DataFrame
        ``kind, year, side, region, focal, events, cross_sectoral``: `focal` is empty for all industries together;
        at the side `either` an event counts once in a region, whoever of its participants is there.
    """
    keys = ["event", "kind", "year", "region"]
    sides = participants.select("event", "kind", "year", "side", region="node")
    either = distinct(sides, *keys).with_columns(side=nw.lit("either"))
    one = distinct(sides.filter(nw.col("side").is_in(SIDES[1:])), *keys, "side")
    places = nw.concat([either, one], how="vertical")
    flagged = crossing.with_columns(crosses=nw.lit(1))
    counted = places.join(flagged, on="event", how="left").with_columns(nw.col("crosses").fill_null(0))
    focal = distinct(sectors.select("event", focal="node"))
    columns = [*keys, "side", "crosses", "focal"]
    both = nw.concat(
        [counted.with_columns(focal=nw.lit("")).select(*columns), counted.join(focal, on="event").select(*columns)],
        how="vertical",
    )
    table = collect(
        both.group_by("kind", "year", "side", "region", "focal").agg(
            events=nw.len(), cross_sectoral=nw.col("crosses").sum()
        )
    )
    table = table.astype({"year": "int64", "events": "int64", "cross_sectoral": "int64", "region": str, "focal": str})
    return table.sort_values(["kind", "year", "side", "region", "focal"], ignore_index=True)


def concentration(
    counted: pd.DataFrame, weights: Mapping[int, float], source: str, groups: Groups | None = None
) -> pd.DataFrame:
    """Set the events of each region that cross sectors against all its events, in a period.

    Parameters
    ----------
    counted
        What :func:`events_by_region` returns.
    weights
        The years of the period.
    source
        A kind of event or ``all``.
    groups
        The study's own regions, name → codes: one of countries outside NUTS alone is no European region.

    Returns
    -------
    DataFrame
        ``side, region, focal, events, cross_sectoral, share, quotient, rank``: `focal` is empty for all
        industries together; `share` is cross_sectoral / events, `quotient` that share over the same share
        of all European regions together, `rank` by cross_sectoral within side and focal, 1 = most.

    Raises
    ------
    ValueError
        For a source that is neither a kind of event nor ``all``.

    References
    ----------
    European Cluster Trends, methodology 2014, 3.2.2: "concentration analysis of cross sectoral linkages
    within regions from both the acquirer and target perspectives".
    """
    if source != "all" and source not in KINDS:
        raise ValueError(f"a source is one of {', '.join(KINDS)} or all; got {source!r}")
    chosen = counted[counted["year"].isin(list(weights))]
    if source != "all":
        chosen = chosen[chosen["kind"] == source]
    sums = chosen.groupby(["side", "region", "focal"])[["events", "cross_sectoral"]].sum().reset_index()
    return _rated(sums, groups)


def outside_nuts(regions: pd.Series, groups: Groups | None = None) -> pd.Series:
    """Tell which codes are countries outside NUTS, or groups of nothing else.

    Examples
    --------
    >>> outside_nuts(pd.Series(["DE21", "US", "DE", "Oresund"])).tolist()
    [False, True, False, False]
    >>> outside_nuts(pd.Series(["BX", "Overseas"]), {"BX": ["GB"], "Overseas": ["US", "CN"]}).tolist()
    [False, True]
    """
    european, held = set(region_table()["country"]), groups or {}

    def beyond(code: str) -> bool:
        return len(code) == 2 and code not in european

    def whole(name: str) -> bool:
        return all(beyond(in_nuts_spelling(code)) for code in held[name]) if name in held else beyond(name)

    return regions.map(whole).astype(bool)


def _rated(table: pd.DataFrame, groups: Groups | None) -> pd.DataFrame:
    """Add share, quotient and rank."""
    table["share"] = table["cross_sectoral"] / table["events"]
    european = table[~outside_nuts(table["region"], groups)]
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
