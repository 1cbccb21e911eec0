"""A focal industry and the others: who it acquires, who acquires it, what it is joined with, and in which regions."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from ingest.engine import Engine, collect, distinct
from linkages.concentration import outside_nuts
from linkages.items import Groups
from linkages.yearly import in_types

#: What the focal industry does in an event: it acquires, is acquired, or is joined with others.
ROLES = ("acquires", "is acquired", "joins")


def encounters(focal: nw.LazyFrame[Any], others: nw.LazyFrame[Any], engine: Engine) -> nw.LazyFrame[Any]:
    """List the events in which a facet of a focal industry meets a facet of none of its own.

    Parameters
    ----------
    focal
        Items by focal industry, from :func:`linkages.items.facet_items` (the ten emerging industries).
    others
        Items by the sector that the others are told by, from :func:`linkages.items.facet_items`.

    Returns
    -------
    LazyFrame
        ``event, kind, year, focal, role, other``, each once: in a deal `role` says whether the focal industry
        ``acquires`` or ``is acquired``; in patents and alliances it ``joins``. Two facets of one focal industry
        do not meet.
    """
    core = distinct(focal.select("event", "item", "kind", "year", "side", focal="node"))
    own = core.select("event", "focal", other_item="item", own=nw.lit(1))
    around = distinct(others.select("event", other_item="item", other_side="side", other="node"))
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
    return engine.keep(distinct(told, "event", "kind", "year", "focal", "role", "other"))


def partner_years(met: nw.LazyFrame[Any]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Count, year by year, with which sectors each focal industry is linked, and its events in all.

    Parameters
    ----------
    met
        What :func:`encounters` returns.

    Returns
    -------
    tuple of DataFrame
        ``year, kind, role, focal, other, events`` and ``year, kind, role, focal, events``.
    """
    keys = ["year", "kind", "role", "focal"]
    table = collect(met.group_by(*keys, "other").agg(events=nw.len()))
    total = collect(distinct(met, "event", *keys).group_by(*keys).agg(events=nw.len()))
    return in_types(table, [*keys[1:], "other"], ["year", "events"]), in_types(total, keys[1:], ["year", "events"])


def partners_of(table: pd.DataFrame, totals: pd.DataFrame) -> pd.DataFrame:
    """Tell with which sectors each focal industry is linked, and how.

    Parameters
    ----------
    table, totals
        What :func:`partner_years` returns, of one period and source (:func:`linkages.yearly.in_years`).

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
    keys = ["role", "focal"]
    total = _summed(totals, *keys).rename(columns={"events": "total"})
    table = _summed(table, *keys, "other").merge(total, on=keys)
    share = table["events"] / table["total"]
    everywhere = table.groupby(["role", "other"])["events"].transform("sum")
    usual = everywhere / table.groupby("role")["events"].transform("sum")
    here = table["events"] / table.groupby(keys)["events"].transform("sum")
    table = table.assign(share=share, quotient=here / usual)
    table["rank"] = table.groupby(keys)["events"].rank(method="min", ascending=False).astype("int64")
    columns = [*keys, "other", "events", "share", "quotient", "rank"]
    table = in_types(table[columns], [*keys, "other"], ["events", "rank"])
    return table.sort_values([*keys, "rank", "other"], ignore_index=True)


def _summed(table: pd.DataFrame, *keys: str) -> pd.DataFrame:
    """Add events up; keys as objects, for pandas cannot merge texts of no row."""
    rows = table.astype(dict.fromkeys(keys, object))
    return rows.groupby(list(keys), as_index=False)[["events"]].sum()


def region_years(
    met: nw.LazyFrame[Any], participants: nw.LazyFrame[Any], engine: Engine
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Count, year by year and region, the events that join each focal industry with others, and all events.

    Where the focal industry acquires, the region is the acquirer's; where it is acquired, the target's; else that
    of any participant.

    Parameters
    ----------
    met
        What :func:`encounters` returns.
    participants
        Items by region of all events, from :func:`linkages.items.participant_items`.

    Returns
    -------
    tuple of DataFrame
        ``year, kind, role, focal, region, events`` and ``year, kind, role, region, events``.
    """
    side = nw.col("side")
    role = nw.coalesce(
        nw.when(nw.col("kind") != "deal").then(nw.lit(ROLES[2])),
        nw.when(side == "acquirer").then(nw.lit(ROLES[0])),
        nw.when(side == "target").then(nw.lit(ROLES[1])),
    )
    places = participants.select("event", "kind", "year", role=role, region="node")
    places = engine.keep(distinct(places.filter(~nw.col("role").is_null())))
    keys = ["year", "kind", "role", "region"]
    total = collect(places.group_by(*keys).agg(events=nw.len()))
    joined = distinct(met, "event", "role", "focal").join(places, on=["event", "role"])
    table = collect(joined.group_by(*keys, "focal").agg(events=nw.len()))
    return in_types(table, [*keys[1:], "focal"], ["year", "events"]), in_types(total, keys[1:], ["year", "events"])


def regions_of(table: pd.DataFrame, totals: pd.DataFrame, groups: Groups | None = None) -> pd.DataFrame:
    """Tell in which regions each focal industry is joined with others.

    Parameters
    ----------
    table, totals
        What :func:`region_years` returns, of one period and source (:func:`linkages.yearly.in_years`).
    groups
        The study's own regions, name → codes: one of countries outside NUTS alone is no European region.

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
    keys = ["role", "region"]
    total = _summed(totals, *keys).rename(columns={"events": "all"})
    return _rated(_summed(table, *keys, "focal").merge(total, on=keys), total, groups)


def _rated(table: pd.DataFrame, total: pd.DataFrame, groups: Groups | None) -> pd.DataFrame:
    """Add share, quotient and rank."""
    european = (
        table[~outside_nuts(table["region"], groups)].groupby(["role", "focal"])["events"].sum().rename("european")
    )
    whole = total[~outside_nuts(total["region"], groups)].groupby("role")["all"].sum().rename("whole")
    table = table.join(european, on=["role", "focal"]).join(whole, on="role")
    share = table["events"].to_numpy(float) / table["all"].to_numpy(float)
    usual = (table["european"].fillna(0) / table["whole"]).fillna(0.0).to_numpy(float)
    quotient = np.divide(share, usual, out=np.full_like(share, np.nan), where=usual > 0)
    table = table.assign(share=share, quotient=quotient)
    table["rank"] = table.groupby(["role", "focal"])["events"].rank(method="min", ascending=False).astype("int64")
    columns = ["role", "focal", "region", "events", "share", "quotient", "rank"]
    table = in_types(table[columns], ["role", "focal", "region"], ["events", "rank"])
    return table.sort_values(["role", "focal", "rank", "region"], ignore_index=True)
