"""Table 1 of the Trends methodology: which sectors link with which, how strongly and since when, and where."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from ingest.engine import Engine, collect, distinct
from linkages.counting import event_links
from linkages.network import Network
from linkages.strength import STRONG
from linkages.yearly import LINK_KEYS, in_types, in_years

#: From the nearest to the furthest: where the regions of an event lie to each other.
REACHES = ("within", "country", "abroad", "unknown")


def composition(network: Network, strong: float = STRONG) -> pd.DataFrame:
    """List a network's configurations: which sectors are linked, how often, how strongly.

    Parameters
    ----------
    network
        A network of sectors or regions.
    strong
        Events from which a tie is called strong.

    Returns
    -------
    DataFrame
        ``rank, source, source_label, target, target_label, events, weight, share, association, q, strong``:
        `share` is the link's part of the weight of all links; rank 1 = most events, ties by weight and name;
        where links are weighed by value, rank 1 = most value, ties by events and name.

    References
    ----------
    European Cluster Trends, methodology 2014, Table 1 (composition) and 3.2.1 (strong ties: 3,000 patents).
    """
    labels = dict(zip(network.nodes["node"], network.nodes["label"], strict=True))
    first = ["events", "weight"] if network.unit == "events" else ["weight", "events"]
    links = network.links.sort_values([*first, *LINK_KEYS], ascending=[False, False, True, True])
    links = links.reset_index(drop=True)
    total = float(np.sort(links["weight"].to_numpy(float)).sum())
    return pd.DataFrame(
        {
            "rank": np.arange(1, len(links) + 1),
            "source": links["source"].astype(str),
            "source_label": links["source"].map(labels).astype(str),
            "target": links["target"].astype(str),
            "target_label": links["target"].map(labels).astype(str),
            "events": links["events"],
            "weight": links["weight"],
            "share": links["weight"] / total if total else 0.0,
            "association": links["association"],
            "q": links["q"],
            "strong": links["events"] >= strong,
        }
    )


def breadth(pairs: nw.LazyFrame[Any]) -> pd.DataFrame:
    """Count events by the number of sectors that they join: two, or more.

    Parameters
    ----------
    pairs
        Pairs of sectors, from :func:`linkages.counting.pairs`.

    Returns
    -------
    DataFrame
        ``year, kind, sectors, events``: `sectors` is 1 for an event that joins none with another. Sorted.

    References
    ----------
    European Cluster Trends, methodology 2014, Table 1: "linkages between which two or more sectors".
    """
    # A facet that belongs to several sectors joins none of them; only what it is paired with does.
    ends = [pairs.filter(nw.col("a") != nw.col("b")).select("event", node=end) for end in ("a", "b")]
    joined = distinct(nw.concat(ends, how="vertical")).group_by("event").agg(joined=nw.len())
    held = distinct(pairs, "event", "year", "kind").join(joined, on="event", how="left")
    held = held.with_columns(sectors=nw.col("joined").fill_null(1).cast(nw.Int64()))
    table = collect(held.group_by("year", "kind", "sectors").agg(events=nw.len()))
    return in_types(table, ["kind"], ["year", "sectors", "events"]).sort_values(
        ["year", "kind", "sectors"], ignore_index=True
    )


def reaches(regions: nw.LazyFrame[Any], countries: Mapping[str, str], engine: Engine) -> nw.LazyFrame[Any]:
    """Tell how far the regions of each event lie apart.

    Parameters
    ----------
    regions
        Pairs of regions, from :func:`linkages.counting.region_pairs`.
    countries
        Region → country.

    Returns
    -------
    LazyFrame
        ``event, reach``: the furthest of its pairs. ``within`` one region, ``country``: regions of one country,
        ``abroad``: regions of several countries. Events without any region are absent.
    """
    table = pd.DataFrame({"region": list(countries), "country": list(countries.values())}).astype(str)
    known = engine.table(table)
    placed = regions.join(known.select(a="region", one="country"), on="a").join(
        known.select(b="region", two="country"), on="b"
    )
    abroad = nw.when(nw.col("one") == nw.col("two")).then(nw.lit(1)).otherwise(nw.lit(2))
    far = nw.when(nw.col("a") == nw.col("b")).then(nw.lit(0)).otherwise(abroad)
    furthest = placed.select("event", far=far).group_by("event").agg(nw.col("far").max())
    apart = nw.when(nw.col("far") == 1).then(nw.lit(REACHES[1])).otherwise(nw.lit(REACHES[2]))
    word = nw.when(nw.col("far") == 0).then(nw.lit(REACHES[0])).otherwise(apart)
    return furthest.select("event", reach=word)


def geography(sectors: nw.LazyFrame[Any], reach: nw.LazyFrame[Any]) -> pd.DataFrame:
    """Count the events of each pair of sectors by how far their regions lie apart.

    Parameters
    ----------
    sectors
        Pairs of sectors, from :func:`linkages.counting.sector_pairs`.
    reach
        What :func:`reaches` returns.

    Returns
    -------
    DataFrame
        ``year, kind, source, target, within, country, abroad, unknown, events``: events; the four add up to the
        last. Sorted.

    References
    ----------
    European Cluster Trends, methodology 2014, Table 1 (geographical pattern): "cross-sectoral configurations
    within and between regions".
    """
    rows = event_links(sectors.filter(nw.col("a") != nw.col("b")), carry=("year",))
    placed = rows.join(reach, on="event", how="left").with_columns(nw.col("reach").fill_null(REACHES[-1]))
    keys = ["year", "kind", *LINK_KEYS]
    counted = collect(placed.group_by(*keys, "reach").agg(events=nw.len()))
    counted = in_types(counted, ["kind", *LINK_KEYS, "reach"], ["year", "events"])
    wide = counted.pivot_table(index=keys, columns="reach", values="events", aggfunc="sum", fill_value=0)
    wide = wide.reindex(columns=list(REACHES), fill_value=0).astype("int64").rename_axis(columns=None)
    return wide.assign(events=wide.sum(axis=1)).reset_index().sort_values(keys, ignore_index=True)


def geography_of(table: pd.DataFrame, weights: Mapping[int, float], source: str = "all") -> pd.DataFrame:
    """Sum what :func:`geography` counts over a period and source.

    Parameters
    ----------
    table
        What :func:`geography` returns.
    weights
        Years of the period; a year that counts half counts here as a whole one, since these are events.

    Returns
    -------
    DataFrame
        ``source, target, within, country, abroad, unknown, events``, most events first.
    """
    chosen = in_years(table, weights, source)
    counts = [*REACHES, "events"]
    summed = chosen.groupby(LINK_KEYS, as_index=False)[counts].sum()
    return summed.sort_values(["events", *LINK_KEYS], ascending=[False, True, True], ignore_index=True)
