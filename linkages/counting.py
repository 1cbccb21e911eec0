"""From records to counted links: full and fractional, directed, within, and the joint table.

Every count starts from the items of an event (:mod:`linkages.items`). Two different items of an event make a
pair; the pair links their two nodes. Sectors and regions are therefore counted by the same functions.

An event's parts are fixed-point integers before they are summed, so that no result depends on the order in which
an engine adds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import narwhals as nw
import pandas as pd

from ingest.engine import Engine, collect, distinct
from ingest.records import KINDS, MAX_ITEMS, Records
from linkages.alike import of_the_same_nodes
from linkages.items import OVERLAPPING, SHARE_UNIT, Groups, facet_items, participant_items

COUNTING = ("full", "fractional")
#: An event's part in a link is counted in 2**36ths.
PART_UNIT = 2**36

#: What every row of items or pairs says of its event.
_EVENT = ["event", "kind", "year"]
_PAIR = [*_EVENT, "a", "b"]


def pairs(
    items: nw.LazyFrame[Any],
    engine: Engine,
    *,
    directed_deals: bool,
    parts: bool = True,
    overlapping: bool = False,
) -> nw.LazyFrame[Any]:
    """Pair the items of each event and give every pair of nodes its part of the event.

    Two items of one event make a pair, weighted by the product of their shares; an event's pairs sum to 1.
    With `directed_deals` a deal pairs each acquirer with each target only, `a` being the acquirer's node;
    all other pairs are unordered, ``a <= b``, and alliances are counted where two of their partners are. Any
    other event with a single item is a pair with itself, so that it is counted once, within its node.

    Parameters
    ----------
    items
        What :func:`linkages.items.facet_items` or :func:`linkages.items.participant_items` returns. Where shares
        are not whole they are asked for more than once: keep them.
    parts
        Give ``part``. Full counting has no need of it.
    overlapping
        An item may belong to several nodes as a whole, as an industry does to emerging ones: two items of the same
        nodes are not of different ones then, and count within them.

    Returns
    -------
    LazyFrame
        ``event, kind, year, a, b`` and ``part``: one row an event and pair of nodes; `part` sums to 1 over an
        event to within 2**-36 a row; kept on the engine.

    References
    ----------
    Frequency count and fractional count: European Cluster Trends, methodology 2014, 3.2; fractional
    counting after Perianes-Rodriguez, Waltman & van Eck (2016), Journal of Informetrics 10, eq. 4.
    """
    before = engine.tables
    paired = _kept(items, engine, directed_deals, parts, overlapping)
    engine.forget(before, paired)
    return nw.concat(paired, how="vertical")


def _kept(
    items: nw.LazyFrame[Any], engine: Engine, directed_deals: bool, parts: bool, overlapping: bool = False
) -> list[nw.LazyFrame[Any]]:
    """Give the tables that hold the pairs of :func:`pairs`."""
    paired = _paired(items, engine, directed_deals, overlapping, [*_PAIR, "product"] if parts else _PAIR)
    return [engine.keep(_parted(nw.concat(paired, how="vertical")))] if parts else paired


def _parted(paired: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Divide the product of each pair by their sum over the event."""
    total = paired.group_by("event").agg(total=nw.col("product").sum())
    part = (nw.col("product").cast(nw.Float64()) / nw.col("total").cast(nw.Float64())).alias("part")
    return paired.join(total, on="event").select(*_PAIR, part)


def _paired(
    items: nw.LazyFrame[Any], engine: Engine, directed_deals: bool, overlapping: bool, columns: list[str]
) -> list[nw.LazyFrame[Any]]:
    """Pair the items, see :func:`pairs`: events of several items, then those of one."""
    crossing = (nw.col("kind") == "deal") if directed_deals else nw.lit(False)
    side = nw.when(crossing).then(nw.col("side")).otherwise(nw.lit(""))
    items = items.select(*_EVENT, "item", "node", "share", side=side)
    sizes = engine.keep(_sizes(items))
    crowded = _crowded(items, sizes, engine)
    if crowded is not None:
        items, sizes = (frame.join(crowded, on="event", how="anti") for frame in (items, sizes))
    split = _split(items, sizes, engine)
    if split is not None:  # shares of one item in one node are added up, so that its squares are its own
        items = engine.keep(items.group_by(*_EVENT, "side", "item", "node").agg(nw.col("share").sum().cast(nw.Int64())))
        sizes = engine.keep(_sizes(items))
    left = sizes.select(*_EVENT, "side", a="node", sa="share")
    right = sizes.select("event", side_r="side", b="node", sb="share")
    product = nw.col("sa") * nw.col("sb")
    crossed = left.filter(nw.col("side") == "acquirer").join(right.filter(nw.col("side_r") == "target"), on="event")
    # Of one event's items twice their products are added up: (Σs)² - Σs² within a node, 2 Σs Σs between two.
    between = left.filter(nw.col("side") == "").join(right.filter(nw.col("side_r") == ""), on="event")
    lone = sizes.filter(nw.col("side") == "")
    within = lone.select(*_EVENT, a="node", b="node", product=nw.col("share") * nw.col("share") - nw.col("squares"))
    tables = [
        crossed.select(*_EVENT, "a", "b", product=product),
        between.filter(nw.col("a") < nw.col("b")).select(*_EVENT, "a", "b", product=product * 2),
        within.filter(nw.col("product") > 0),
    ]
    if split is None:
        several = nw.concat(tables, how="vertical")
    else:
        alike = of_the_same_nodes(items, split, engine, _EVENT) if overlapping else []
        every = nw.concat([*tables, _of_one_item(items, split), *alike], how="vertical")
        summed = every.group_by(*_EVENT, "a", "b").agg(nw.col("product").sum().cast(nw.Int64()))
        several = summed.filter(nw.col("product") > 0)
    several = engine.keep(several.select(*columns))
    if directed_deals:
        lone = lone.filter(nw.col("kind") != "alliance")
    alone = lone.join(several, on="event", how="anti").select(*_EVENT, a="node", b="node", product="share")
    return [several, engine.keep(alone.select(*columns))]


def _sizes(items: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Sum the shares of an event's items in each node, and their squares."""
    share = nw.col("share")
    squares = (share * share).sum().cast(nw.Int64())
    return items.group_by(*_EVENT, "side", "node").agg(share.sum().cast(nw.Int64()), squares=squares, rows=nw.len())


def _crowded(items: nw.LazyFrame[Any], sizes: nw.LazyFrame[Any], engine: Engine) -> nw.LazyFrame[Any] | None:
    """List the events of too many items; only those of too many rows need their items counted."""
    nodes = len(collect(distinct(sizes, "side", "node")))
    # An event of too many rows has its average of them in one node at least.
    some = sizes.filter(nw.col("rows") * nodes > MAX_ITEMS)
    rows = sizes.join(some, on="event", how="semi").group_by("event").agg(nw.col("rows").sum())
    long = collect(rows.filter(nw.col("rows") > MAX_ITEMS).select("event"))
    if long.empty:
        return None
    counted = items.join(engine.table(long), on="event", how="semi").group_by("event").agg(n=nw.col("item").n_unique())
    crowded = collect(counted.filter(nw.col("n") > MAX_ITEMS).select("event"))
    return None if crowded.empty else engine.table(crowded)


def _split(items: nw.LazyFrame[Any], sizes: nw.LazyFrame[Any], engine: Engine) -> nw.LazyFrame[Any] | None:
    """List the items that stand in several rows, in one node or in several; None where there are none."""
    whole = (nw.col("share") == nw.col("rows") * SHARE_UNIT) & (nw.col("squares") == nw.col("share") * SHARE_UNIT)
    if collect(sizes.filter(~whole).select("event").head(1)).empty:
        return None  # there is no item, or each is whole
    split = items.group_by("event", "item").agg(rows=nw.len()).filter(nw.col("rows") > 1).select("event", "item")
    split = engine.keep(split)
    return None if collect(split.head(1)).empty else split


def _of_one_item(items: nw.LazyFrame[Any], split: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Take back the products of an item with itself, which is no pair, where it stands in two nodes."""
    own = items.filter(nw.col("side") == "").join(split, on=["event", "item"])
    left = own.select(*_EVENT, "item", a="node", sa="share")
    both = left.join(own.select("event", "item", b="node", sb="share"), on=["event", "item"])
    both = both.filter(nw.col("a") < nw.col("b"))
    return both.select(*_EVENT, "a", "b", product=nw.col("sa") * nw.col("sb") * -2)


def cross_sectoral(sector_pairs: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """List the events that link two different sectors.

    Deals whose acquirer and target share their sector and alliances or patents that lie in one sector are
    absent (European Cluster Trends, methodology 2014, 3.2.2 and 3.2.3).
    """
    return distinct(sector_pairs.filter(nw.col("a") != nw.col("b")), "event")


def sector_pairs(
    records: Records, level: str, groups: Groups | None = None, *, parts: bool = True
) -> nw.LazyFrame[Any]:
    """Pair the sectors of every event; deals run from acquirer to target.

    Returns
    -------
    LazyFrame
        What :func:`pairs` gives.
    """
    items, overlapping = facet_items(records, level, groups), level in OVERLAPPING
    return pairs(items, records.engine, directed_deals=True, parts=parts, overlapping=overlapping)


def region_pairs(
    records: Records,
    level: str,
    events: nw.LazyFrame[Any],
    groups: Groups | None = None,
    *,
    directed_deals: bool = False,
    parts: bool = True,
) -> nw.LazyFrame[Any]:
    """Pair the regions of the given events, which are the cross-sectoral ones.

    Returns
    -------
    LazyFrame
        What :func:`pairs` gives.
    """
    engine, before = records.engine, records.engine.tables
    chosen = engine.keep(records.events.select(*_EVENT).join(events, on="event"))
    items = engine.keep(participant_items(replace(records, events=chosen), level, groups))
    paired = _kept(items, engine, directed_deals, parts)
    engine.forget(before, paired)
    return nw.concat(paired, how="vertical")


def in_period(
    frame: nw.LazyFrame[Any], engine: Engine, weights: Mapping[int, float], kind: str = "all"
) -> nw.LazyFrame[Any]:
    """Keep the pairs of a period and kind, each with the weight of its year as `year_weight`.

    Raises
    ------
    ValueError
        For a kind that is neither a kind of event nor ``all``.
    """
    if kind != "all" and kind not in KINDS:
        raise ValueError(f"a source is one of {', '.join(KINDS)} or all; got {kind!r}")
    chosen = frame if kind == "all" else frame.filter(nw.col("kind") == kind)
    years = pd.DataFrame({"year": list(weights), "year_weight": list(weights.values())})
    years = years.astype({"year": "int64", "year_weight": "float64"})
    return chosen.join(engine.table(years), on="year")


def links(period_pairs: nw.LazyFrame[Any], counting: str = "full", *, directed: bool = False) -> nw.LazyFrame[Any]:
    """Count the links: every pair of nodes with its weight and its events, the diagonal included.

    Parameters
    ----------
    period_pairs
        What :func:`in_period` returns.
    counting
        ``full``: an event adds 1 to each pair that it holds; ``fractional``: an event adds 1 in all.
    directed
        Keep acquirer → target apart from target → acquirer.

    Returns
    -------
    LazyFrame
        ``source, target, weight, events``; undirected, source ≤ target.

    Raises
    ------
    ValueError
        For any other `counting`.
    """
    fixed = (nw.col("one") * nw.col("year_weight") * PART_UNIT).round().cast(nw.Int64()).alias("fixed")
    rows = event_links(period_pairs, counting, directed=directed, carry=("year_weight",))
    return (
        rows.select("source", "target", fixed)
        .group_by("source", "target")
        .agg(nw.col("fixed").sum(), events=nw.len())
        .select(
            "source",
            "target",
            weight=nw.col("fixed").cast(nw.Float64()) / PART_UNIT,
            events=nw.col("events").cast(nw.Int64()),
        )
    )


def event_links(
    pairs: nw.LazyFrame[Any], counting: str = "full", *, directed: bool = False, carry: Sequence[str] = ()
) -> nw.LazyFrame[Any]:
    """Say what each event adds to each link that it holds.

    Parameters
    ----------
    pairs
        What :func:`pairs` returns.
    counting
        ``full``: an event adds 1 to each pair that it holds; ``fractional``: an event adds 1 in all.
    directed
        Keep acquirer → target apart from target → acquirer.
    carry
        Further columns of the event to keep.

    Returns
    -------
    LazyFrame
        ``event, kind, source, target, one`` and what is carried: one row an event and link, the diagonal
        included; undirected, source ≤ target.

    Raises
    ------
    ValueError
        For any other `counting`.
    """
    if counting not in COUNTING:
        raise ValueError(f"counting is one of {', '.join(COUNTING)}; got {counting!r}")
    one = nw.col("part") if counting == "fractional" else nw.lit(1.0)
    ends = {"source": nw.col("a"), "target": nw.col("b")} if directed else {"source": _smaller(), "target": _larger()}
    rows = pairs.select("event", "kind", *carry, **ends, one=one)
    if directed:
        return rows
    # A deal may hold A → B and B → A: one pair of nodes, one event. All other pairs stand once already.
    twice = nw.col("kind") == "deal"
    one = nw.col("one").sum() if counting == "fractional" else nw.col("one").max()
    deals = rows.filter(twice).group_by("event", "kind", *carry, "source", "target").agg(one)
    return nw.concat([rows.filter(~twice), deals.select(*rows.collect_schema().names())], how="vertical")


def joint(sectors: nw.LazyFrame[Any], regions: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Count events by sector pair and region pair: which linkages occur between or within which regions.

    Parameters
    ----------
    sectors, regions
        Pairs of one period, as :func:`in_period` returns them. Events without any region stand under
        the empty region, so that every cross-sectoral event is in the table.

    Returns
    -------
    LazyFrame
        ``sector_a, sector_b, region_a, region_b, source, events``; both pairs unordered, within one
        region when region_a = region_b.

    References
    ----------
    European Cluster Trends, methodology 2014, Table 1.
    """
    one = sectors.filter(nw.col("a") != nw.col("b")).select("event", "kind", sector_a=_smaller(), sector_b=_larger())
    two = regions.select("event", region_a=_smaller(), region_b=_larger())
    return (
        distinct(one, *one.collect_schema())
        .join(distinct(two, *two.collect_schema()), on="event", how="left")
        .with_columns(nw.col("region_a").fill_null(""), nw.col("region_b").fill_null(""))
        .group_by("sector_a", "sector_b", "region_a", "region_b", "kind")
        .agg(events=nw.col("event").n_unique().cast(nw.Int64()))
        .select("sector_a", "sector_b", "region_a", "region_b", nw.col("kind").alias("source"), "events")
    )


def _smaller() -> nw.Expr:
    return nw.when(nw.col("a") <= nw.col("b")).then(nw.col("a")).otherwise(nw.col("b"))


def _larger() -> nw.Expr:
    return nw.when(nw.col("a") <= nw.col("b")).then(nw.col("b")).otherwise(nw.col("a"))
