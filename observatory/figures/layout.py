"""Positions of a network's nodes, computed once for all periods so that figures can be compared."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from observatory.figures.sheet import need

Spots = npt.NDArray[np.float64]

#: Links kept for each node when positions are sought: all the others pull everything to the middle.
STRONGEST = 6


def layout(links: pd.DataFrame, seed: int, nodes: Sequence[str] = ()) -> pd.DataFrame:
    """Place nodes so that those with stronger links than expected stand near each other.

    Parameters
    ----------
    links
        ``source``, ``target``, ``weight``: the links of both periods together; weights of a pair are summed.
    seed
        Start of the private random numbers.
    nodes
        Nodes to be placed besides those with links; isolates stand in a row below.

    Returns
    -------
    DataFrame
        ``node``, ``x``, ``y``, sorted by node; ``x`` and ``y`` (downwards) lie between 0 and 1, four
        decimals.

    Raises
    ------
    ValueError
        A column is missing, or a weight is negative or not a number.

    Notes
    -----
    Stress by Kamada & Kawai (1989), distances being shortest paths over links as long as one over the root
    of their association strength (van Eck & Waltman 2009); each node counts with its six strongest.

    Examples
    --------
    >>> links = pd.DataFrame({"source": ["a", "b"], "target": ["b", "c"], "weight": [2, 1]})
    >>> layout(links, seed=1)["node"].to_list()
    ['a', 'b', 'c']
    """
    summed = _summed(need(links, ("source", "target", "weight"), "links"))
    linked = sorted({*summed["source"], *summed["target"]})
    isolates = sorted(set(nodes) - set(linked))
    kept = _backbone(summed.assign(strength=_association(summed)))
    number = {node: place for place, node in enumerate(linked)}
    edges = [(number[a], number[b]) for a, b in kept[["source", "target"]].itertuples(index=False)]
    lengths = (1 / np.sqrt(kept["strength"])).to_list()
    places = _stress(edges, lengths, len(linked), seed) if linked else np.empty((0, 2))
    spots = np.vstack([_spread(places) * [1, 0.9 if isolates else 1], _row(len(isolates))])
    table = pd.DataFrame({"node": [*linked, *isolates], "x": spots[:, 0], "y": spots[:, 1]})
    return table.round(4).sort_values("node", ignore_index=True)


def _summed(links: pd.DataFrame) -> pd.DataFrame:
    weights = links["weight"].astype(float)
    if not (np.isfinite(weights) & (weights >= 0)).all():
        raise ValueError(f"weights from {weights.min()} to {weights.max()}; expected numbers of 0 or more")
    pairs = np.sort(links[["source", "target"]].astype(str).to_numpy(dtype=object), axis=1)
    table = pd.DataFrame({"source": pairs[:, 0], "target": pairs[:, 1], "weight": weights.to_numpy()})
    table = table[(table["source"] != table["target"]) & (table["weight"] > 0)]
    # Sorted by weight before the sum, so that rounding does not depend on the order of rows.
    return table.sort_values(["source", "target", "weight"]).groupby(["source", "target"], as_index=False).sum()


def _association(links: pd.DataFrame) -> pd.Series[float]:
    """Weight over what the two nodes' strengths would lead one to expect."""
    ends = pd.concat([links[["source", "weight"]].set_axis(["node", "weight"], axis=1),
                      links[["target", "weight"]].set_axis(["node", "weight"], axis=1)])  # fmt: skip
    strength = ends.sort_values(["node", "weight"]).groupby("node")["weight"].sum()
    one, other = (links[end].map(strength).astype(float) for end in ("source", "target"))
    expected = one * other / strength.sum()
    return links["weight"] / expected


def _backbone(links: pd.DataFrame) -> pd.DataFrame:
    """Each node's strongest links by association, and the strongest tree, which keeps all together."""
    ordered = links.sort_values(["strength", "source", "target"], ascending=[False, True, True])
    seen: dict[str, int] = {}
    root: dict[str, str] = {}
    kept = []
    for a, b in ordered[["source", "target"]].itertuples(index=False):
        joins = _root(root, a) != _root(root, b)
        root[_root(root, a)] = _root(root, b)
        kept.append(joins or min(seen.get(a, 0), seen.get(b, 0)) < STRONGEST)
        seen[a], seen[b] = seen.get(a, 0) + 1, seen.get(b, 0) + 1
    return ordered[np.array(kept, dtype=bool)]


def _root(root: dict[str, str], node: str) -> str:
    while root.setdefault(node, node) != node:
        node = root[node]
    return node


def _stress(edges: list[tuple[int, int]], lengths: list[float], count: int, seed: int) -> Spots:
    """Stand nodes as far apart as the way between them is long, from a start drawn by lot."""
    import igraph

    start = np.random.default_rng(seed).uniform(-1, 1, (count, 2)) * count
    graph = igraph.Graph(n=count, edges=edges)
    placed = graph.layout_kamada_kawai(seed=start.tolist(), weights=lengths or None, maxiter=100 * count)
    return np.array(placed.coords)


def _spread(places: Spots) -> Spots:
    """Fill the square, and push apart what stands too close."""
    if not len(places):
        return np.empty((0, 2))
    places = _turned(places)
    low, extent = places.min(axis=0), np.ptp(places, axis=0)
    # An extent of nothing but rounding would be blown up to the whole square.
    wide = extent > 1e-9 * max(1.0, extent.max())
    square = np.where(wide, (places - low) / np.where(wide, extent, 1), 0.5)
    near = min(0.62 / np.sqrt(len(places)), 0.2)
    for _ in range(60):
        square = np.clip(square + _push(square, near), 0, 1)
    filled: Spots = square
    return filled


def _turned(places: Spots) -> Spots:
    """Lay the longest extent across, the first node (by name) of the outer ones to the left."""
    centred = places - places.mean(axis=0)
    turned: Spots = centred @ np.linalg.svd(centred, full_matrices=False)[2].T
    outermost = turned[np.abs(turned).round(6).argmax(axis=0), range(2)]
    return turned * np.where(outermost > 0, -1.0, 1.0)


def _push(spots: Spots, near: float) -> Spots:
    gaps = spots[:, None, :] - spots[None, :, :]
    apart = np.sqrt((gaps**2).sum(axis=2)) + 1e-9
    force = np.where(apart < near, (near - apart) / apart / 4, 0.0)
    pushed: Spots = (gaps * force[:, :, None]).sum(axis=1)
    return pushed


def _row(count: int) -> Spots:
    steps = (np.arange(count) + 0.5) / max(count, 1)
    return np.column_stack([steps, np.ones(count)])
