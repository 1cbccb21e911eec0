"""Items that belong to the same several sectors: they lie within these, and join none of them with another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import narwhals as nw
import pandas as pd

from ingest.engine import Engine, collect, distinct

Frame = nw.LazyFrame[Any]


def of_the_same_nodes(items: Frame, split: Frame, engine: Engine, carry: Sequence[str]) -> list[Frame]:
    """Take what two items of the same several nodes have between these back, and put it within them.

    Where nodes overlap, as the ten emerging industries do, a fishery that buys a fishery is of blue growth and of
    experience industries on both sides. Its sectors do not differ, whatever is paired with whatever.

    Parameters
    ----------
    items
        ``event, side, item, node, share`` and what is carried, one row an item and node; `side` is acquirer, target
        or "".
    split
        ``event, item``: the items of several nodes.
    carry
        Columns of the event.

    Returns
    -------
    list of LazyFrame
        The carried columns, ``a, b, product``: below 0 between two nodes, as much above 0 within the first, ready to
        be added to the products of all pairs.

    References
    ----------
    European Cluster Trends, methodology 2014, 3.2.2: deals within one sector are disregarded; alliances where all
    partners share one.
    """
    several = items.join(split, on=["event", "item"])
    nodes = sorted(collect(distinct(several, "node"))["node"].astype(str))
    # A set of nodes is the sum of their powers of two: there are ten emerging industries.
    powers = pd.DataFrame({"node": nodes, "power": [2**place for place in range(len(nodes))]})
    several = several.join(engine.table(powers.astype({"node": str, "power": "int64"})), on="node")
    of = ["event", "side", "item"]
    several = several.join(several.group_by(*of).agg(held=nw.col("power").sum().cast(nw.Int64())), on=of)
    several = engine.keep(several.select(*carry, "side", "item", "node", "share", "held"))
    alike = several.group_by(*carry, "side", "held", "node").agg(nw.col("share").sum().cast(nw.Int64()))
    alike = engine.keep(alike)
    no_side = nw.col("side") == ""
    # All pairs of such items, less those of an item with itself, which is no pair.
    every = _between(alike.filter(no_side), alike.filter(no_side), "held", carry)
    itself = _between(several.filter(no_side), several.filter(no_side), "item", carry)
    lone = nw.concat([every, itself.with_columns(product=nw.col("product") * -1)], how="vertical")
    acquirers, targets = (alike.filter(nw.col("side") == side) for side in ("acquirer", "target"))
    crossed = _between(acquirers, targets, "held", carry)
    return [
        lone.filter(nw.col("a") < nw.col("b")).with_columns(product=nw.col("product") * -2),
        crossed.with_columns(product=nw.col("product") * -1),
        *(moved.with_columns(b=nw.col("a")) for moved in (lone, crossed)),
    ]


def _between(left: Frame, right: Frame, key: str, carry: Sequence[str]) -> Frame:
    """Multiply the shares of each two different nodes of an event and `key`."""
    one = left.select(*carry, key, a="node", sa="share")
    both = one.join(right.select("event", key, b="node", sb="share"), on=["event", key])
    return both.filter(nw.col("a") != nw.col("b")).select(*carry, "a", "b", product=nw.col("sa") * nw.col("sb"))
