"""The cross-industry file: each emerging industry with its strongest other areas."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import pandas as pd

from ingest.engine import collect, distinct
from ingest.levels import emerging_of_industry, sector_label
from ingest.records import Records
from linkages import counting as count
from linkages.items import Groups, facet_items
from linkages.network import Network, assemble
from linkages.periods import Period, year_weights

#: Which events, which years and how many others: (kind, period, others) by file.
FILES = {
    "research": ("copatent", Period(2002, 2012), 20),
    "production": ("deal", Period(2007, 2014), 15),
}


def folded_items(records: Records, level: str, groups: Groups | None = None) -> nw.LazyFrame[Any]:
    """List each event's facets, an area of an emerging industry standing for that industry.

    Returns
    -------
    LazyFrame
        ``event, kind, year, item, side, node, share``: as :func:`linkages.items.facet_items`, with sectors
        at `level` where a code belongs to no emerging industry.
    """
    emerging = facet_items(records, "emerging", groups if level == "emerging" else None)
    belonging = distinct(emerging, "event", "item").with_columns(folded=nw.lit(True))
    others = facet_items(records, level, groups).join(belonging, on=["event", "item"], how="left")
    others = others.filter(nw.col("folded").is_null()).drop("folded")
    columns = ["event", "kind", "year", "item", "side", "node", "share"]
    items = nw.concat([emerging.select(*columns), others.select(*columns)], how="vertical")
    return records.engine.keep(items)


def cross_industry(
    records: Records,
    pairs: nw.LazyFrame[Any],
    file: str,
    level: str,
    counting: str = "full",
    period: Period | None = None,
    top: int | None = None,
    groups: Groups | None = None,
) -> Network:
    """Make the cross-industry network of research (patents) or of production and services (deals).

    Each emerging industry keeps its `top` strongest others; the links of all are put together.

    Parameters
    ----------
    records, pairs
        Records, and the pairs of their :func:`folded_items`.
    file
        ``research``: patents of 2002-2012, 20 others; ``production``: deals of 2007-2014, 15 others.
    level
        Level of the areas that belong to no emerging industry.
    groups
        The study's own sectors; at the level ``emerging`` they are emerging industries, too.

    Raises
    ------
    ValueError
        For any other file.

    References
    ----------
    European Cluster Trends, methodology 2014, 3.4.
    """
    if file not in FILES:
        raise ValueError(f"a cross-industry file is one of {', '.join(FILES)}; got {file!r}")
    kind, years, number = FILES[file]
    years, number = period or years, top or number
    chosen = records.engine.keep(count.in_period(pairs, records.engine, year_weights(years), kind))
    counted = collect(count.links(chosen, counting))
    counted = counted.astype({"source": str, "target": str, "weight": float, "events": "int64"})
    emerging = {*emerging_of_industry()["emerging"], *(groups or {} if level == "emerging" else {})}
    kept = strongest_others(counted, sorted(emerging), number)
    events = len(collect(distinct(chosen, "event")))
    network = assemble(
        kept,
        level=level,
        period=years,
        source=file,
        counting=counting,
        events=events,
        settings={**records.versions, "top": number, "events of": kind},
    )
    labels = [_label(level, node) for node in network.nodes["node"]]
    nodes = network.nodes.assign(label=pd.Series(labels, dtype=str))
    return Network(nodes, network.links, level, years, file, counting, events, network.settings)


def strongest_others(links: pd.DataFrame, emerging: list[str], top: int) -> pd.DataFrame:
    """Keep each emerging industry's links to its strongest others, ties by name.

    Examples
    --------
    >>> table = pd.DataFrame({"source": ["E", "E", "x"], "target": ["x", "y", "y"],
    ...                       "weight": [5.0, 2.0, 9.0], "events": [5, 2, 9]})
    >>> strongest_others(table, ["E"], 1)[["source", "target"]].values.tolist()
    [['E', 'x']]
    """
    links = links[links["source"] != links["target"]]
    turned = links.rename(columns={"source": "target", "target": "source"})
    both = pd.concat([links, turned[links.columns]], ignore_index=True)
    both = both[both["source"].isin(emerging)]
    both = both.sort_values(["source", "weight", "target"], ascending=[True, False, True])
    best = both.groupby("source").head(top)
    ordered = best["source"] <= best["target"]
    ends = {
        "source": best["source"].where(ordered, best["target"]),
        "target": best["target"].where(ordered, best["source"]),
    }
    kept = best.assign(**ends).drop_duplicates(["source", "target"])
    return kept.sort_values(["source", "target"], ignore_index=True)


def _label(level: str, node: str) -> str:
    emerging = set(emerging_of_industry()["emerging"])
    return node if node in emerging else sector_label(level, node)
