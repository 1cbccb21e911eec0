"""The form in which community methods take a network: sorted nodes, checked links, the main component."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from linkages import Network
from linkages.network import link_faults

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Graph:
    """A connected undirected graph with positive weights and no loops.

    Attributes
    ----------
    names
        Node names, sorted.
    source, target
        Positions of each link's ends, source < target, links sorted.
    weight
        Weights in the unit of the input.
    left_out
        Nodes of the input that are not in the main component, sorted.
    """

    names: tuple[str, ...]
    source: Ints
    target: Ints
    weight: Floats
    left_out: tuple[str, ...] = ()

    @property
    def n(self) -> int:
        """Number of nodes."""
        return len(self.names)

    @property
    def strengths(self) -> Floats:
        """Sum of the weights at each node."""
        both = np.concatenate([self.source, self.target])
        weights = np.concatenate([self.weight, self.weight])
        return np.bincount(both, weights, self.n).astype("float64")

    def part(self, sign: int) -> Graph:
        """Keep the links of one sign, as positive weights, and all nodes."""
        kept = np.sign(self.weight) == sign
        return Graph(self.names, self.source[kept], self.target[kept], np.abs(self.weight[kept]), self.left_out)

    def reweighted(self, weight: Floats) -> Graph:
        """Give the same graph other weights."""
        return Graph(self.names, self.source, self.target, weight, self.left_out)


def main_component(links: Network | pd.DataFrame, *, signed: bool = False) -> Graph:
    """Check the links and keep the largest connected part.

    Both directions of a pair are summed, links of weight 0 and loops are no links. Of two components of
    one size, the one with more weight is kept, then the one whose first node comes first.

    Parameters
    ----------
    links
        A :class:`linkages.Network`, or a table ``source, target, weight``.
    signed
        Take negative weights as links too.

    Raises
    ------
    ValueError
        Missing columns, and weights that are NaN, infinite, negative unless `signed`, or infinite in sum.

    Examples
    --------
    >>> table = pd.DataFrame({"source": ["b", "c", "x"], "target": ["a", "a", "y"], "weight": [1.0, 2.0, 9.0]})
    >>> main_component(table).names, main_component(table).left_out
    (('a', 'b', 'c'), ('x', 'y'))
    """
    table = links.links if isinstance(links, Network) else links
    if signed and "weight" in table:
        faults = link_faults(table.assign(weight=pd.to_numeric(table["weight"], errors="coerce").abs()), ordered=False)
    else:
        faults = link_faults(table, ordered=False)
    if faults:
        raise ValueError("not the links of a network: " + "; ".join(faults))
    ends = table[["source", "target"]].astype(str)
    every = {*ends["source"], *ends["target"]}
    if isinstance(links, Network):
        every |= {*links.nodes["node"].astype(str)}
    names = tuple(sorted(every))
    position = {name: i for i, name in enumerate(names)}
    a = ends["source"].map(position).to_numpy("int64")
    b = ends["target"].map(position).to_numpy("int64")
    w = table["weight"].to_numpy(float)
    keep = (a != b) & (w != 0)
    refuse_overflow(w)
    pairs = pd.DataFrame({"i": np.minimum(a, b)[keep], "j": np.maximum(a, b)[keep], "w": w[keep]})
    # Sorting by weight as well makes the sum over a pair the same in any order of rows.
    pairs = pairs.sort_values(["i", "j", "w"]).groupby(["i", "j"])["w"].sum().reset_index()
    i, j = pairs["i"].to_numpy("int64"), pairs["j"].to_numpy("int64")
    return largest_part(names, i, j, pairs["w"].to_numpy(float))


def refuse_overflow(weight: Floats) -> None:
    """Refuse weights that cannot be summed: each link counts at both its ends, and the ends' sums are summed.

    Examples
    --------
    >>> refuse_overflow(np.array([1e308, 1e308]))
    Traceback (most recent call last):
    ...
    ValueError: not the links of a network: the weights are too large for their sum; give them in another unit
    """
    if weight.size and np.abs(weight).max() > np.finfo(float).max / (4.0 * weight.size):
        raise ValueError(
            "not the links of a network: the weights are too large for their sum; give them in another unit"
        )


def largest_part(names: tuple[str, ...], i: Ints, j: Ints, w: Floats) -> Graph:
    """Keep the largest connected part of links given by position, each pair once, i < j, sorted."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    n = len(names)
    if n == 0 or i.size == 0:
        return Graph((), i, j, w, names)
    _, part = connected_components(coo_array((w, (i, j)), shape=(n, n)), directed=False)
    size = np.bincount(part)
    weight = np.bincount(part[i], w, len(size))
    first = {int(p): k for k, p in reversed(list(enumerate(part)))}
    best = max(range(len(size)), key=lambda p: (size[p], weight[p], -first[p]))
    inside = part == best
    renumber = np.cumsum(inside) - 1
    link = inside[i]
    return Graph(
        tuple(name for name, yes in zip(names, inside, strict=True) if yes),
        renumber[i[link]].astype("int64"),
        renumber[j[link]].astype("int64"),
        w[link],
        tuple(name for name, yes in zip(names, inside, strict=True) if not yes),
    )
