"""A focal industry and the others: who it acquires, who acquires it, what it is joined with, and in which regions."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from ingest.engine import Engine, collect
from linkages.concentration import outside_nuts
from linkages.yearly import in_types

#: What the focal industry does in an event: it acquires, is acquired, or is joined with others.
ROLES = ("acquires", "is acquired", "joins")


def encounters(focal: nw.LazyFrame[Any], others: nw.LazyFrame[Any], engine: Engine) -> nw.LazyFrame[Any]:
    """List the events in which a facet of a focal industry meets a facet of none of its own.

    Parameters
    ----------
    focal
        Items by focal industry, from :func:`linkages.counting.facet_items` (the ten emerging industries).
    others
        Items by the sector that the others are told by, from :func:`linkages.counting.facet_items`.

    Returns
    -------
    LazyFrame
        ``event, kind, year, focal, role, other``, each once: in a deal `role` says whether the focal industry
        ``acquires`` or ``is acquired``; in patents and alliances it ``joins``. Two facets of one focal industry
        do not meet.
    """
    core = focal.select("event", "item", "kind", "year", "side", focal="node").unique()
    own = core.select("event", "focal", other_item="item", own=nw.lit(1))
    around = others.select("event", other_item="item", other_side="side", other="node").unique()
    met = core.join(around, on="event").filter(nw.col("item") != nw.col("other_item"))
    met = met.join(own, on=["event", "focal", "other_item"], how="left").filter(nw.col("own").is_null())
    deal = nw.col("kind") == "deal"
    buys = (nw.col("side") == "acquirer") & (nw.col("other_side") == "target")
    sold = (nw.col("side") == "target") & (nw.col("other_side") == "acquirer")
    role = nw.coalesce(
        nw.when(deal & buys).then(nw.lit(ROLES[0])),
        nw.when(deal & sold).then(nw.lit(ROLES[1])),
        nw.when(~deal).then(nw.lit(ROLES[2])),
    )
    told = met.with_columns(role=role).filter(~nw.col("role").is_null())
    return engine.keep(told.select("event", "kind", "year", "focal", "role", "other").unique())


def partners_of(met: nw.LazyFrame[Any]) -> pd.DataFrame:
    """Count with which sectors each focal industry is linked, and how.

    Parameters
    ----------
    met
        What :func:`encounters` returns, of one period and source.

    Returns
    -------
    DataFrame
        ``role, focal, other, events, share, quotient, rank``: `share` of all events of the focal industry in
        that role, `quotient` that share over the sector's share among the encounters of all focal industries in
        the role (above 1: linked more than others are), rank 1 = most events. An event with several other
        sectors counts for each. Sorted.

    References
    ----------
    European Cluster Trends, methodology 2014, 3.2.2: "the industry groups merged with, or acquired by, the core
    industry group under investigation and the other industry groups merging or acquiring companies from the core".
    """
    table = collect(met.group_by("role", "focal", "other").agg(events=nw.col("event").n_unique()))
    total = collect(met.group_by("role", "focal").agg(total=nw.col("event").n_unique()))
    keys = ["role", "focal"]
    table = in_types(table, [*keys, "other"], ["events"]).merge(in_types(total, keys, ["total"]), on=keys)
    share = table["events"] / table["total"]
    everywhere = table.groupby(["role", "other"])["events"].transform("sum")
    usual = everywhere / table.groupby("role")["events"].transform("sum")
    here = table["events"] / table.groupby(["role", "focal"])["events"].transform("sum")
    table = table.assign(share=share, quotient=here / usual)
    table["rank"] = table.groupby(["role", "focal"])["events"].rank(method="min", ascending=False).astype("int64")
    columns = ["role", "focal", "other", "events", "share", "quotient", "rank"]
    return table[columns].sort_values(["role", "focal", "rank", "other"], ignore_index=True)


def regions_of(met: nw.LazyFrame[Any], participants: nw.LazyFrame[Any]) -> pd.DataFrame:
    """Count, by region, the events that join each focal industry with others.

    Where the focal industry acquires, the region is the acquirer's; where it is acquired, the target's; else that
    of any participant.

    Parameters
    ----------
    met
        What :func:`encounters` returns, of one period and source.
    participants
        Items by region of the same events, from :func:`linkages.counting.participant_items`.

    Returns
    -------
    DataFrame
        ``role, focal, region, events, share, quotient, rank``: `share` of the region's events on that side (all
        of them, cross-sectoral or not), `quotient` that share over the same share of all European regions
        together, rank 1 = most events. Sorted.

    References
    ----------
    European Cluster Trends, methodology 2014, 3.2.1: "patents by region will be counted to identify those
    regions that are more active in filing patents in the focal industry group with other technological areas".
    """
    places = participants.select("event", "kind", "side", region="node").unique()
    events = met.select("event", "role", "focal").unique()
    tables, totals = [], []
    for role, side in zip(ROLES, ("acquirer", "target", None), strict=True):
        here = places.filter(nw.col("kind") != "deal") if side is None else places.filter(nw.col("side") == side)
        here = here.select("event", "region").unique()
        chosen = events.filter(nw.col("role") == role).join(here, on="event")
        tables.append(collect(chosen.group_by("focal", "region").agg(events=nw.len())).assign(role=role))
        totals.append(collect(here.group_by("region").agg(all=nw.len())).assign(role=role))
    table = in_types(pd.concat(tables, ignore_index=True), ["role", "region", "focal"], ["events"])
    total = in_types(pd.concat(totals, ignore_index=True), ["role", "region"], ["all"])
    return _rated(table.merge(total, on=["role", "region"]), total)


def _rated(table: pd.DataFrame, total: pd.DataFrame) -> pd.DataFrame:
    """Add share, quotient and rank."""
    european = table[~outside_nuts(table["region"])].groupby(["role", "focal"])["events"].sum().rename("european")
    whole = total[~outside_nuts(total["region"])].groupby("role")["all"].sum().rename("whole")
    table = table.join(european, on=["role", "focal"]).join(whole, on="role")
    share = table["events"].to_numpy(float) / table["all"].to_numpy(float)
    usual = (table["european"].fillna(0) / table["whole"]).fillna(0.0).to_numpy(float)
    quotient = np.divide(share, usual, out=np.full_like(share, np.nan), where=usual > 0)
    table = table.assign(share=share, quotient=quotient)
    table["rank"] = table.groupby(["role", "focal"])["events"].rank(method="min", ascending=False).astype("int64")
    columns = ["role", "focal", "region", "events", "share", "quotient", "rank"]
    return table[columns].sort_values(["role", "focal", "rank", "region"], ignore_index=True)
