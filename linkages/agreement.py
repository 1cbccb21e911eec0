"""How far the sources agree: co-patents, deals and alliances of one period, two by two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

import pandas as pd

from linkages.likeness import TOP, likeness
from linkages.network import Network

COLUMNS = ["a", "b", "links_a", "links_b", "shared", "rank_correlation", "top", "top_shared"]


def source_agreement(networks: Mapping[str, Network], top: int = TOP) -> pd.DataFrame:
    """Compare every two networks: the ranks of their links, and how many of the strongest are the same.

    Parameters
    ----------
    networks
        Name → network, of one kind and period.
    top
        How many of the strongest links are compared, at most the smaller network's.

    Returns
    -------
    DataFrame
        ``a, b, links_a, links_b, shared, rank_correlation, top, top_shared``: Spearman's correlation over the
        links of either, empty where there are too few.

    Examples
    --------
    >>> one = pd.DataFrame({"source": list("aab"), "target": list("bcc"), "weight": [5.0, 3.0, 1.0]})
    >>> two = one.assign(weight=[5.0, 4.0, 1.0])
    >>> table = source_agreement({"x": Network.from_pandas(one), "y": Network.from_pandas(two)}, 2)
    >>> table[["a", "b", "rank_correlation", "top_shared"]].values.tolist()
    [['x', 'y', 1.0, 2]]
    """
    rows = []
    for a, b in combinations(networks, 2):
        one, two = networks[a].links, networks[b].links
        found = likeness(one, two, min(top, len(one), len(two)))
        rows.append(
            [a, b, len(one), len(two), found["shared"], found["rank_correlation"], found["top"], found["top_kept"]]
        )
    table = pd.DataFrame(rows, columns=COLUMNS)
    whole = dict.fromkeys(["links_a", "links_b", "shared", "top", "top_shared"], "int64")
    return table.astype({**whole, "rank_correlation": "float64"})


def between_sources(
    networks: Mapping[str, Network], kinds: Sequence[str], periods: Sequence[str], top: int = TOP
) -> pd.DataFrame:
    """Compare the sources' networks of sectors and of regions in every period.

    Parameters
    ----------
    networks
        The study's networks by name.
    kinds
        The kinds of event that occur.
    periods
        Labels of the periods.

    Returns
    -------
    DataFrame
        ``kind, period`` and the columns of :func:`source_agreement`, `a` and `b` being kinds of event.
    """
    tables = []
    for kind in ("sector", "region"):
        for period in periods:
            here = {source: networks[f"{kind}__{source}__{period}"] for source in kinds}
            tables.append(source_agreement(here, top).assign(kind=kind, period=period))
    table = pd.concat(tables, ignore_index=True)
    return table[["kind", "period", *COLUMNS]]
