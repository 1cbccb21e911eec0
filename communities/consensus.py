"""What many partitions of the same nodes have in common, and how far any two of them are apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np
import pandas as pd

from communities.graph import Floats, Ints
from communities.partition import by_size
from communities.stability import adjusted_mutual_information

LINKAGE = ("average", "complete")


def together(partitions: Sequence[pd.Series[int]]) -> pd.DataFrame:
    """Tell for every pair of nodes in what share of the partitions it shares a community.

    Parameters
    ----------
    partitions
        Series node → community; a partition speaks only of the pairs of which it holds both nodes.

    Returns
    -------
    pandas.DataFrame
        ``a, b, together, runs``: `together` from 0 to 1, `runs` the number of partitions that hold both;
        a < b, sorted. Pairs that no partition holds are absent.

    Examples
    --------
    >>> one, two = pd.Series({"x": 0, "y": 0, "z": 1}), pd.Series({"x": 0, "y": 1})
    >>> together([one, two]).values.tolist()
    [['x', 'y', 0.5, 2], ['x', 'z', 0.0, 1], ['y', 'z', 0.0, 1]]

    References
    ----------
    Lancichinetti & Fortunato (2012), Scientific Reports 2: the consensus matrix.
    """
    names = sorted({str(node) for partition in partitions for node in partition.index})
    position = pd.Series(np.arange(len(names)), index=pd.Index(names, dtype=str))
    both = np.zeros((len(names), len(names)), dtype="int64")
    same = np.zeros_like(both)
    for partition in partitions:
        where = position.loc[partition.index.astype(str)].to_numpy("int64")
        labels = partition.to_numpy("int64")
        both[np.ix_(where, where)] += 1
        same[np.ix_(where, where)] += labels[:, None] == labels[None, :]
    i, j = np.nonzero(np.triu(both, 1))
    nodes = np.array(names, dtype=object)
    return pd.DataFrame(
        {
            "a": pd.Series(nodes[i], dtype=str),
            "b": pd.Series(nodes[j], dtype=str),
            "together": same[i, j] / both[i, j],
            "runs": both[i, j],
        }
    )


def consensus(pairs: pd.DataFrame, threshold: float = 0.5, linkage: str = "average") -> pd.Series[int]:
    """Find the communities that many partitions agree on.

    Communities are joined, the two most often together first, as long as their members are together in at
    least `threshold` of the partitions. Plain components of the pairs above the threshold would chain two
    communities together by a single node between them.

    Parameters
    ----------
    pairs
        ``a, b, together`` as :func:`together` gives; a pair that is absent is taken as never together.
    threshold
        Share of the partitions, 0 to 1.
    linkage
        ``average``: their members on average; ``complete``: each pair of their members.

    Returns
    -------
    pandas.Series
        Node → community, 0 the largest.

    Raises
    ------
    ValueError
        For a threshold outside 0 to 1, and another linkage.

    Examples
    --------
    >>> one, two = pd.Series({"x": 0, "y": 0, "z": 1}), pd.Series({"x": 0, "y": 0, "z": 0})
    >>> consensus(together([one, two, one])).to_dict()
    {'x': 0, 'y': 0, 'z': 1}

    References
    ----------
    Fred & Jain (2005), IEEE Transactions on Pattern Analysis and Machine Intelligence 27: average linkage of
    the shares; Lancichinetti & Fortunato (2012), Scientific Reports 2: consensus of network communities.
    """
    if not 0.0 <= threshold <= 1.0 or linkage not in LINKAGE:
        raise ValueError(f"threshold is 0 to 1 and linkage {' or '.join(LINKAGE)}; got {threshold}, {linkage!r}")
    names = sorted({*pairs["a"].astype(str), *pairs["b"].astype(str)})
    labels = _joined(_distances(pairs, names), 1.0 - threshold, linkage) if names else np.zeros(0, dtype="int64")
    return pd.Series(by_size(labels), index=pd.Index(names, name="node", dtype=str), name="community")


def _distances(pairs: pd.DataFrame, names: list[str]) -> Floats:
    """Lay the pairs out as a matrix of 1 - together."""
    position = pd.Series(np.arange(len(names)), index=names)
    i, j = (position.loc[pairs[end].astype(str)].to_numpy("int64") for end in ("a", "b"))
    distance = np.ones((len(names), len(names)))
    distance[i, j] = distance[j, i] = 1.0 - pairs["together"].to_numpy(float)
    np.fill_diagonal(distance, 0.0)
    return distance


def _joined(distance: Floats, limit: float, linkage: str) -> Ints:
    """Cut the tree of joined nodes at a distance, that distance included."""
    from scipy.cluster.hierarchy import fcluster
    from scipy.cluster.hierarchy import linkage as tree_of
    from scipy.spatial.distance import squareform

    tree = tree_of(squareform(distance, checks=False), method=linkage)
    return np.asarray(fcluster(tree, limit + 1e-9, criterion="distance"), dtype="int64")


def variation_of_information(a: pd.Series[int], b: pd.Series[int]) -> float:
    """Distance of two partitions on the nodes that both hold, in nats: 0 the same, at most the logarithm of n.

    NaN where they share fewer than two nodes.

    Examples
    --------
    >>> variation_of_information(pd.Series({"x": 0, "y": 1, "z": 1}), pd.Series({"z": 5, "y": 5, "x": 2}))
    0.0
    >>> round(variation_of_information(pd.Series({"x": 0, "y": 0}), pd.Series({"x": 0, "y": 1})), 4)
    0.6931

    References
    ----------
    Meilă (2007), Journal of Multivariate Analysis 98, eq. 16.
    """
    one, two = on_common_nodes(a, b)
    if len(one) < 2:
        return float("nan")
    import igraph

    return max(0.0, float(igraph.compare_communities(one.tolist(), two.tolist(), method="vi")))


def on_common_nodes(a: pd.Series[int], b: pd.Series[int]) -> tuple[Ints, Ints]:
    """Give the labels of both partitions, numbered from 0, on the nodes that both hold, in one order."""
    both = a.index.intersection(b.index).sort_values()
    one, two = (np.unique(p.loc[both].to_numpy("int64"), return_inverse=True)[1] for p in (a, b))
    return one.astype("int64"), two.astype("int64")


def agreement(partitions: Mapping[str, pd.Series[int]]) -> pd.DataFrame:
    """Compare every two of several partitions on the nodes that both hold.

    Returns
    -------
    pandas.DataFrame
        ``a, b, nodes, ami, vi``: names in the order given, number of common nodes, adjusted mutual
        information (1 the same, about 0 no more than by chance), variation of information in nats; both NaN
        where fewer than two nodes are common.

    Examples
    --------
    >>> same = pd.Series({"x": 0, "y": 0, "z": 1})
    >>> agreement({"spin glass": same, "Leiden": same}).values.tolist()
    [['spin glass', 'Leiden', 3, 1.0, 0.0]]

    References
    ----------
    Vinh, Epps & Bailey (2010), JMLR 11; Meilă (2007), Journal of Multivariate Analysis 98.
    """
    rows = []
    for one, two in combinations(partitions, 2):
        a, b = on_common_nodes(partitions[one], partitions[two])
        ami = adjusted_mutual_information(a, b) if len(a) > 1 else float("nan")
        rows.append((one, two, len(a), ami, variation_of_information(partitions[one], partitions[two])))
    table = pd.DataFrame(rows, columns=["a", "b", "nodes", "ami", "vi"])
    return table.astype({"a": str, "b": str, "nodes": "int64", "ami": float, "vi": float})
