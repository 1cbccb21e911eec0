"""How far two networks of the same nodes agree: ranks of their links, and their strongest links."""

from __future__ import annotations

import numpy as np
import pandas as pd

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
    shared = int(both[["weight_1", "weight_2"]].notna().all(axis=1).sum())
    weights = both[["weight_1", "weight_2"]].fillna(0.0).to_numpy(float)
    first, second = _places(one), _places(two)
    best = first.index[:top]
    moved = np.abs(second.reindex(best).fillna(len(second) + 1).to_numpy("int64") - first[best].to_numpy("int64"))
    return {
        "shared": shared,
        "rank_correlation": _spearman(weights[:, 0], weights[:, 1]),
        "top": len(best),
        "top_kept": len(set(best) & set(second.index[: len(best)])),
        "top_moved": float(moved.mean()) if len(moved) else None,
        "top_moved_most": int(moved.max()) if len(moved) else None,
    }


def _places(links: pd.DataFrame) -> pd.Series[int]:
    """Give each link its place, 1 = the strongest."""
    ordered = links.sort_values(["weight", *KEYS], ascending=[False, True, True])
    index = pd.Index([f"{a}\n{b}" for a, b in zip(ordered["source"], ordered["target"], strict=True)], dtype=object)
    return pd.Series(np.arange(1, len(ordered) + 1), index=index, dtype="int64")


def _spearman(
    one: np.ndarray[tuple[int], np.dtype[np.float64]], two: np.ndarray[tuple[int], np.dtype[np.float64]]
) -> float | None:
    from scipy.stats import rankdata

    if len(one) < 3 or np.ptp(one) == 0 or np.ptp(two) == 0:
        return None
    # Ranks are whole or half numbers: rounding keeps two machines from differing in the last digit.
    return round(float(np.corrcoef(rankdata(one), rankdata(two))[0, 1]), 12)
