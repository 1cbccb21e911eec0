"""Areas that grow: sectors or regions by their cross-sectoral events in two periods."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from ingest.engine import collect, distinct
from linkages.change import log_odds
from linkages.yearly import in_types, in_years


def node_years(pairs: nw.LazyFrame[Any], *, within: bool = False) -> pd.DataFrame:
    """Count, year by year, the events that link each node with another.

    Parameters
    ----------
    pairs
        What :func:`linkages.counting.pairs` returns.
    within
        Count those that lie within a node too: pairs of regions are of cross-sectoral events, wherever these lie.

    Returns
    -------
    DataFrame
        ``year, kind, node, events``: an event counts once for each node that it holds.
    """
    held = pairs if within else pairs.filter(nw.col("a") != nw.col("b"))
    ends = [held.select("event", "year", "kind", node=end) for end in ("a", "b")]
    each = distinct(nw.concat(ends, how="vertical"), "event", "year", "kind", "node")
    table = collect(each.group_by("year", "kind", "node").agg(events=nw.len()))
    return in_types(table, ["kind", "node"], ["year", "events"]).sort_values(
        ["year", "kind", "node"], ignore_index=True
    )


def areas(
    nodes: pd.DataFrame,
    first: Mapping[int, float],
    last: Mapping[int, float],
    totals: tuple[float, float],
    source: str = "all",
    alpha: float = 0.05,
) -> pd.DataFrame:
    """Compare the cross-sectoral events of each node in two periods, the fastest growing first.

    Parameters
    ----------
    nodes
        What :func:`node_years` returns.
    first, last
        Weights of the years of both periods; a year that counts half adds half of its events.
    totals
        Cross-sectoral events of each period; of regions, those whose place is known.
    source
        A kind of event or ``all``.
    alpha
        False discovery rate below which a node counts as growing or declining.

    Returns
    -------
    DataFrame
        ``node, n1, n2, share1, share2, growth, log_odds, low, high, p, q, class, rank``: `n` are events,
        `share` of all cross-sectoral events of the period, `growth` of events per year, n2/years over n1/years
        less 1 (empty for none before); the rest as :func:`linkages.change.change` gives it, over all
        cross-sectoral events. `rank` 1 = largest log odds ratio.

    References
    ----------
    European Cluster Trends, methodology 2014, 3.2.1: "areas that demonstrate high growth in terms of patents
    will be investigated in greater detail".
    """
    counts = [_in(nodes, weights, source) for weights in (first, last)]
    names = sorted({*counts[0].index, *counts[1].index})
    before, after = (np.asarray(count.reindex(names, fill_value=0.0), dtype="float64") for count in counts)
    table = log_odds(before, after, *totals, alpha=alpha)
    years = [sum(weights.values()) or 1.0 for weights in (first, last)]
    grown = pd.Series(after / years[1]).div(pd.Series(before / years[0]).where(before > 0)).sub(1.0)
    table = table.assign(
        node=pd.Series(names, dtype=str),
        n1=before,
        n2=after,
        share1=before / (totals[0] or 1.0),
        share2=after / (totals[1] or 1.0),
        growth=grown,
    )
    table["rank"] = table["log_odds"].rank(method="min", ascending=False).astype("int64")
    columns = ["node", "n1", "n2", "share1", "share2", "growth", "log_odds", "low", "high", "p", "q", "class", "rank"]
    return table[columns].sort_values(["rank", "node"], ignore_index=True)


def _in(nodes: pd.DataFrame, weights: Mapping[int, float], source: str) -> pd.Series[float]:
    chosen = in_years(nodes, weights, source)
    weighed = chosen["events"] * chosen["year_weight"]
    # Halves of whole numbers add up exactly, in any order.
    return weighed.groupby(chosen["node"]).sum()
