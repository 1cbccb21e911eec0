"""Networks with planted communities, and with none: Poisson weights, of which the signal is known beforehand."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd


def planted(
    nodes: int, communities: int, signal: float, strength: float, seed: int
) -> tuple[pd.DataFrame, npt.NDArray[np.int64]]:
    """Draw a network of equal communities whose expected modularity is `signal`.

    Every pair of nodes gets a Poisson number of events; pairs within a community have the higher rate, such that the
    share of all weight within communities exceeds what chance gives by `signal`.

    Parameters
    ----------
    nodes, communities
        How many; at signal 0 all rates are the same and there is nothing to find.
    signal
        Planted modularity, 0 up to 1 - 1/communities.
    strength
        Expected number of events a node.

    Returns
    -------
    links, group
        ``source, target, weight``, and the community of each node in the order of their names.
    """
    generator = np.random.default_rng([seed, nodes, communities, round(signal * 1000)])
    group = np.arange(nodes, dtype="int64") * communities // nodes
    i, j = np.triu_indices(nodes, 1)
    same = group[i] == group[j]
    share = np.bincount(group) / nodes
    inside = signal + float((share**2).sum()) if signal else float(same.mean())
    total = strength * nodes / 2.0
    rate = np.where(same, total * inside / same.sum(), total * (1.0 - inside) / (~same).sum())
    return _table(i, j, generator.poisson(rate), nodes), group


def noise(nodes: int, strength: float, seed: int, *, uneven: float = 0.0) -> pd.DataFrame:
    """Draw a network without communities: events fall on pairs in proportion to the sizes of their ends.

    Parameters
    ----------
    uneven
        Spread of the sizes (standard deviation of their logarithm); 0 makes all alike, an Erdős–Rényi network.
    """
    generator = np.random.default_rng([seed, nodes, round(uneven * 1000), 77])
    size = np.exp(uneven * generator.standard_normal(nodes))
    i, j = np.triu_indices(nodes, 1)
    rate = size[i] * size[j]
    return _table(i, j, generator.poisson(rate * strength * nodes / 2.0 / rate.sum()), nodes)


def events_of(links: pd.DataFrame) -> pd.DataFrame:
    """Take each unit of weight for an event of its own, as the resampling wants them."""
    rows = links.loc[links.index.repeat(links["weight"].astype(int))]
    number = [f"e{k:07d}" for k in range(len(rows))]
    return pd.DataFrame({"event": number, "a": rows["source"].array, "b": rows["target"].array, "part": 1.0})


def rand_index(a: npt.NDArray[np.int64], b: npt.NDArray[np.int64]) -> float:
    """Adjusted Rand index of two partitions (Hubert & Arabie 1985): 1 the same, 0 what chance gives."""
    import igraph

    return float(igraph.compare_communities(a.tolist(), b.tolist(), method="adjusted_rand"))


def _table(i: npt.NDArray[np.int64], j: npt.NDArray[np.int64], weight: npt.NDArray[np.int64], n: int) -> pd.DataFrame:
    names = np.array([f"n{k:04d}" for k in range(n)])
    kept = weight > 0
    return pd.DataFrame({"source": names[i[kept]], "target": names[j[kept]], "weight": weight[kept].astype(float)})
