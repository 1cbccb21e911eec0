"""How sure: the same communities looked for again in resampled events."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from communities.graph import Floats, Ints
from communities.partition import Partition
from communities.resampling import resampled
from communities.spinglass import lowest_labels
from communities.starts import annealed, model_of

#: A member this stable is of the core; one this often elsewhere is a bridge.
CORE, BRIDGE = 0.95, 0.2
ROLES = ("core", "member", "bridge")


@dataclass(frozen=True)
class Stability:
    """What resampling says of a partition.

    Attributes
    ----------
    members
        ``node, community, stability, second, second_share, role``: `stability` is the share of replicates
        in which the node stays with its community, `second` the community that takes it in most often
        otherwise (-1: none), `role` core, member or bridge.
    replicates
        Number of resamplings.
    agreement
        Mean adjusted mutual information of the replicates with the partition.
    """

    members: pd.DataFrame
    replicates: int
    agreement: float


def bootstrap(
    partition: Partition,
    pairs: pd.DataFrame,
    *,
    counting: str = "full",
    replicates: int = 200,
    restarts: int = 4,
) -> Stability:
    """Resample the events with Poisson weights and look for the same number of communities each time.

    Parameters
    ----------
    partition
        A spin glass partition; its q, γ and seed are used.
    pairs
        ``event, a, b, part``: the events behind the links, as :func:`communities.resampling.resampled` takes them.
    counting
        ``full``: each pair of an event counts 1; ``fractional``: its part.
    replicates
        Number of resamplings; 0 leaves stability unknown (NaN).
    restarts
        Starts of the annealer in each.

    Returns
    -------
    Stability

    References
    ----------
    Rosvall & Bergstrom (2010), PLoS ONE 5: bootstrap of weighted networks; Poisson weights after Oza &
    Russell (2001); labels matched by largest total overlap (Kuhn 1955).
    """
    names = list(partition.membership.index)
    reference = partition.labels
    k = partition.k
    if replicates < 1 or len(names) < 2:
        return Stability(_members(names, reference, np.full((len(names), max(k, 1)), np.nan)), 0, float("nan"))
    q, gamma = int(partition.parameters["q"]), float(partition.parameters["gamma"])
    seen = np.zeros((len(names), k))
    agreement = []
    for run, graph in enumerate(resampled(pairs, names, counting, replicates, partition.seed)):
        if graph.n < 2:
            continue
        starts = annealed(model_of(graph, q, gamma), restarts, partition.seed + 1000 * (run + 1))
        labels = lowest_labels(graph, starts, gamma)[0][0]
        where = np.searchsorted(names, graph.names)
        matched = match(reference[where], labels, k)
        seen[where[matched >= 0], matched[matched >= 0]] += 1
        agreement.append(adjusted_mutual_information(reference[where], labels))
    mean = float(np.mean(agreement)) if agreement else float("nan")
    return Stability(_members(names, reference, seen / replicates), replicates, mean)


def match(reference: Ints, labels: Ints, k: int) -> Ints:
    """Rename communities to those of the reference with which they overlap most; -1 where none is left.

    Examples
    --------
    >>> match(np.array([0, 0, 1, 1]), np.array([1, 1, 0, 2]), 2).tolist()
    [0, 0, 1, -1]
    """
    from scipy.optimize import linear_sum_assignment

    found = int(labels.max()) + 1
    overlap = np.zeros((k, found))
    np.add.at(overlap, (reference, labels), 1.0)
    rows, columns = linear_sum_assignment(-overlap)
    name = np.full(found, -1, dtype="int64")
    name[columns] = np.where(overlap[rows, columns] > 0, rows, -1)
    return np.asarray(name[labels], dtype="int64")


def adjusted_mutual_information(a: Ints, b: Ints) -> float:
    """Agreement of two partitions of the same nodes: 1 the same, 0 what chance gives.

    Examples
    --------
    >>> round(adjusted_mutual_information(np.array([0, 0, 1, 1]), np.array([1, 1, 0, 0])), 6)
    1.0
    >>> adjusted_mutual_information(np.array([0, 0, 0]), np.array([0, 1, 2]))
    0.0

    References
    ----------
    Vinh, Epps & Bailey (2010), JMLR 11, eq. 24 and 4 (arithmetic mean).
    """
    table = _contingency(a, b)
    if table.shape == (1, 1):
        return 1.0
    n, rows, columns = table.sum(), table.sum(axis=1), table.sum(axis=0)
    full = table > 0
    information = float((table[full] / n * np.log(n * table[full] / np.outer(rows, columns)[full])).sum())
    chance = _expected_information(rows, columns, n)
    entropy = sum(float(-(m / n * np.log(m / n)).sum()) for m in (rows, columns)) / 2.0
    return 0.0 if abs(entropy - chance) < 1e-12 else (information - chance) / (entropy - chance)


def _contingency(a: Ints, b: Ints) -> Floats:
    """Count the nodes in each pair of communities."""
    rows, i = np.unique(a, return_inverse=True)
    columns, j = np.unique(b, return_inverse=True)
    counts = np.bincount(i * len(columns) + j, minlength=len(rows) * len(columns))
    return counts.reshape(len(rows), len(columns)).astype("float64")


def _expected_information(rows: Floats, columns: Floats, n: float) -> float:
    """Mutual information of random tables with the same margins (hypergeometric)."""
    from scipy.special import gammaln

    total = 0.0
    for x in rows:
        for y in columns:
            cell = np.arange(max(1.0, x + y - n), min(x, y) + 1.0)
            log = gammaln(x + 1) + gammaln(y + 1) + gammaln(n - x + 1) + gammaln(n - y + 1) - gammaln(n + 1)
            log = log - gammaln(cell + 1) - gammaln(x - cell + 1) - gammaln(y - cell + 1)
            log = log - gammaln(n - x - y + cell + 1)
            total += float((cell / n * np.log(n * cell / (x * y)) * np.exp(log)).sum())
    return total


def _members(names: list[str], reference: Ints, shares: Floats) -> pd.DataFrame:
    """Tell for each node how often it stays, where else it goes, and its role."""
    rows = np.arange(len(names))
    stay = shares[rows, reference] if len(names) else np.zeros(0)
    others = shares.copy()
    others[rows, reference] = -1.0
    others = np.where(np.isnan(others), -1.0, others)
    second = others.argmax(axis=1) if len(names) else np.zeros(0, dtype="int64")
    share = np.maximum(others[rows, second], 0.0)
    role = np.select([stay >= CORE, share >= BRIDGE], ["core", "bridge"], "member")
    return pd.DataFrame(
        {
            "node": pd.Series(names, dtype=str),
            "community": reference,
            "stability": stay,
            "second": np.where(share > 0, second, -1),
            "second_share": share,
            "role": role,
        }
    )
