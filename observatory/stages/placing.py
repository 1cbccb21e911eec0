"""Where every sector and region stands in figures and exports: one place for all periods and sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from observatory.figures.layout import layout

#: Names of the levels: two of the networks, and the cross-industry files, whose nodes are another set.
LEVELS = ("sector", "region", "cross-industry")
COLUMNS = ["level", "node", "x", "y"]


def level_of(network: str) -> str:
    """Tell the level of a network by its name.

    Examples
    --------
    >>> level_of("region__deal__2000-2007"), level_of("sector__research__2002-2012")
    ('region', 'cross-industry')
    """
    kind, _, source = network.partition("__")
    return "cross-industry" if source.split("__")[0] in ("research", "production") else kind


def positions(tables: Mapping[str, tuple[Sequence[str], pd.DataFrame]], seed: int) -> pd.DataFrame:
    """Place the nodes of every level once, by the links of all periods together.

    Sectors and regions are placed by the networks of all sources, the nodes of the cross-industry files by
    both files; a node stands at the same spot in every network of its level, so that nothing jumps from one
    period or source to another.

    Parameters
    ----------
    tables
        The nodes and the links (``source, target, weight``) of every network, by its name.
    seed
        Start of the private random numbers.

    Returns
    -------
    DataFrame
        ``level, node, x, y``: x to the right and y downwards, 0 to 1; sorted by level and node.

    Examples
    --------
    >>> links = pd.DataFrame({"source": ["1"], "target": ["2"], "weight": [3.0]})
    >>> positions({"sector__all__2000-2007": (["1", "2"], links), "sector__deal__2000-2007": (["3"], links[:0])}, 1)
        level node    x     y
    0  sector    1  0.0  0.45
    1  sector    2  1.0  0.45
    2  sector    3  0.5  1.00
    """
    placed = [_placed(level, {n: t for n, t in tables.items() if level_of(n) == level}, seed) for level in LEVELS]
    table = pd.concat(placed, ignore_index=True)
    return table.sort_values(["level", "node"], ignore_index=True)[COLUMNS].astype({"x": float, "y": float})


def _placed(level: str, tables: Mapping[str, tuple[Sequence[str], pd.DataFrame]], seed: int) -> pd.DataFrame:
    nodes = sorted({str(node) for names, _ in tables.values() for node in names})
    if not nodes:
        return pd.DataFrame(columns=COLUMNS).astype({"level": str, "node": str})
    weighty = [name for name in sorted(tables) if level == "cross-industry" or name.split("__")[1] == "all"]
    links = [tables[name][1][["source", "target", "weight"]] for name in weighty]
    filled = [table for table in links if len(table)]
    whole = pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=["source", "target", "weight"])
    return layout(whole, seed, nodes).assign(level=level)
