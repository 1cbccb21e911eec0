"""How far two networks of the same nodes agree: ranks of their links, and their strongest links."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]

#: How many of the strongest links are compared.
TOP = 20
KEYS = ["source", "target"]


def likeness(one: pd.DataFrame, two: pd.DataFrame, top: int = TOP) -> dict[str, float | int | None]:
    """Compare the links of two networks.

    Parameters
    ----------
    one, two
        ``source, target, weight``: each pair once.
    top
        How many of the strongest links of `one` are looked for in `two`; ties by name.

    Returns
    -------
    dict
        - ``shared``: links that both have;
        - ``rank_correlation``: Spearman's, over the links of either, a link that one lacks weighing 0 there;
          None for fewer than three links, or where all weigh the same;
        - ``top``: how many links of `one` were looked for;
        - ``top_kept``: how many of these are among as many strongest of `two`;
        - ``top_moved``, ``top_moved_most``: by how many ranks these move, on average and at most; None where
          there are none. A link that `two` lacks stands one rank below its last.

    Examples
    --------
    >>> one = pd.DataFrame({"source": list("aab"), "target": list("bcc"), "weight": [5.0, 3.0, 1.0]})
    >>> two = pd.DataFrame({"source": list("aab"), "target": list("bcc"), "weight": [3.0, 5.0, 1.0]})
    >>> found = likeness(one, two, 1)
    >>> found["rank_correlation"], found["top_kept"], found["top_moved_most"]
    (0.5, 0, 1)

    References
    ----------
    Spearman (1904), American Journal of Psychology 15.
    """
    # As objects: pandas cannot merge texts of no row.
    left, right = (links[[*KEYS, "weight"]].astype({"source": object, "target": object}) for links in (one, two))
    both = pd.merge(left, right, on=KEYS, how="outer", suffixes=("_1", "_2"))
    both = both.sort_values(KEYS, ignore_index=True)
    weights = both[["weight_1", "weight_2"]].fillna(0.0).to_numpy(float)
    return of_weights(weights[:, 0], weights[:, 1], top)


def of_weights(one: Floats, two: Floats, top: int = TOP) -> dict[str, float | int | None]:
    """Compare the links of two networks, given as weights of the same links in the order of their names.

    Parameters
    ----------
    one, two
        Weights, 0 for a link that a network lacks.
    top
        As :func:`likeness` takes it.

    Examples
    --------
    >>> of_weights(np.array([5.0, 3.0, 1.0]), np.array([5.0, 0.0, 1.0]), 2)["top_kept"]
    1
    """
    either = (one > 0) | (two > 0)
    first, second = _places(one), _places(two)
    number = min(top, int((one > 0).sum()))
    best = (first >= 1) & (first <= number)
    moved = np.abs(second[best] - first[best])
    return {
        "shared": int(((one > 0) & (two > 0)).sum()),
        "rank_correlation": _spearman(one[either], two[either]),
        "top": number,
        "top_kept": int(((second[best] <= number) & (two[best] > 0)).sum()),
        "top_moved": float(moved.mean()) if number else None,
        "top_moved_most": int(moved.max()) if number else None,
    }


def _places(weights: Floats) -> npt.NDArray[np.int64]:
    """Give each link its place, 1 = the strongest; links that are lacking stand below the last."""
    there = weights > 0
    places = np.full(len(weights), int(there.sum()) + 1, dtype="int64")
    order = np.argsort(-weights[there], kind="stable")  # ties by name
    places[np.flatnonzero(there)[order]] = np.arange(1, len(order) + 1)
    return places


def _spearman(one: Floats, two: Floats) -> float | None:
    if len(one) < 3 or np.ptp(one) == 0 or np.ptp(two) == 0:
        return None
    # Ranks are whole or half numbers: rounding keeps two machines from differing in the last digit.
    # Those of pandas, as scipy.stats', which takes as long to import as a small study's networks to count.
    first, second = (pd.Series(values).rank().to_numpy(float) for values in (one, two))
    return round(float(np.corrcoef(first, second)[0, 1]), 12)
