"""Events drawn again: the networks that other draws of the same events would have given."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from communities.graph import Graph, Ints, largest_part


class Incidence(NamedTuple):
    """Events laid against links.

    Attributes
    ----------
    matrix
        How much each event adds to each link: a sparse array, events × links.
    ends
        The two ends of each link, as places among the nodes.
    multiplicity
        For how many events that add the same each event stands.
    """

    matrix: Any
    ends: Ints
    multiplicity: Ints


def resampled(pairs: pd.DataFrame, names: list[str], counting: str, replicates: int, seed: int) -> Iterator[Graph]:
    """Weigh each event by a Poisson draw of mean 1, again and again, and give the main component each time.

    Parameters
    ----------
    pairs
        ``event, a, b, part``: the events behind the links, each with the pairs that it holds; where there is a
        ``year_weight`` too, an event counts by it, as one of a year that two periods share may count half; where there
        is a ``multiplicity``, an event stands for so many (:func:`linkages.multiplicity.multiplicities`), which are
        weighed together: Poisson draws add up to a Poisson draw of the sum of their means.
    names
        The nodes, sorted; pairs with others are left out.
    counting
        ``full``: each pair of an event counts 1; ``fractional``: its part.
    replicates
        Number of draws.
    seed
        Seed of the draws.

    Examples
    --------
    >>> pairs = pd.DataFrame({"event": ["1", "2", "3"], "a": ["a", "a", "b"], "b": ["b", "c", "c"], "part": 1.0})
    >>> [graph.weight.tolist() for graph in resampled(pairs, ["a", "b", "c"], "full", 3, 1)]
    [[2.0, 1.0], [1.0, 1.0], [1.0, 1.0, 1.0]]

    References
    ----------
    Rosvall & Bergstrom (2010), PLoS ONE 5: bootstrap of weighted networks; Poisson weights after Oza &
    Russell (2001).
    """
    matrix, ends, multiplicity = incidence(pairs, names, counting)
    generator = np.random.default_rng([seed, 20140101])
    for _ in range(replicates):
        draws = np.asarray(generator.poisson(multiplicity), dtype=float)
        weight = matrix.T @ draws
        positive = weight > 0
        yield largest_part(tuple(names), ends[positive, 0], ends[positive, 1], weight[positive])


def incidence(pairs: pd.DataFrame, names: list[str], counting: str) -> Incidence:
    """Lay events against links.

    Examples
    --------
    >>> pairs = pd.DataFrame({"event": ["1", "1"], "a": ["a", "b"], "b": ["b", "a"], "part": [0.5, 0.25]})
    >>> [incidence(pairs, ["a", "b"], counting)[0].toarray().tolist() for counting in ("full", "fractional")]
    [[[1.0]], [[0.75]]]
    >>> incidence(pairs.assign(year_weight=0.5), ["a", "b"], "full")[0].toarray().tolist()
    [[0.5]]
    """
    from scipy.sparse import coo_array

    position = pd.Series(np.arange(len(names)), index=names)
    a, b = (pairs[end].map(position).fillna(-1).to_numpy("int64") for end in ("a", "b"))
    known = (a != b) & (a >= 0) & (b >= 0)
    value = pairs["part"].to_numpy(float)[known] if counting == "fractional" else np.ones(int(known.sum()))
    _, one, event = np.unique(pairs["event"].to_numpy(dtype=str)[known], return_index=True, return_inverse=True)
    low, high = np.minimum(a, b)[known], np.maximum(a, b)[known]
    codes, link = np.unique(low * len(names) + high, return_inverse=True)
    ends = np.column_stack([codes // len(names), codes % len(names)]).astype("int64")
    shape = (int(event.max(initial=-1)) + 1, len(codes))
    # Sorting makes the sum the same in any order of rows; a deal may name a pair in both directions.
    order = np.lexsort((value, link, event))
    matrix = coo_array((value[order], (event[order], link[order])), shape=shape).tocsr()
    if counting == "full":
        matrix.data = np.minimum(matrix.data, 1.0)
    if "year_weight" in pairs:
        counts = pairs["year_weight"].to_numpy(float)[known][one]
        matrix.data = matrix.data * np.repeat(counts, np.diff(matrix.indptr))
    times = np.ones(matrix.shape[0], dtype="int64")
    if "multiplicity" in pairs:
        times = pairs["multiplicity"].to_numpy("int64")[known][one]
    return Incidence(matrix, ends, times)


def events_in(pairs: pd.DataFrame) -> int:
    """Count the events behind links: those that hold a pair of two different nodes.

    Examples
    --------
    >>> events_in(pd.DataFrame({"event": ["1", "1", "2"], "a": ["a", "a", "b"], "b": ["b", "c", "b"]}))
    1
    >>> events_in(pd.DataFrame({"event": ["1"], "a": ["a"], "b": ["b"], "multiplicity": [3]}))
    3
    """
    between = pairs[pairs["a"] != pairs["b"]].drop_duplicates("event")
    return int(between["multiplicity"].sum()) if "multiplicity" in between else len(between)
