"""The tiers of cluster performance and the totals that earn them."""

from __future__ import annotations

import numpy as np
import pandas as pd

#: From the strongest to none at all.
TIERS = ("high", "medium", "basic", "none")
#: Least total of stars for each of the first three tiers.
LEAST_STARS = (13, 10, 7)


def tier_of_total(total: pd.Series) -> pd.Series:
    """Return the tier of each total of stars (0-15): high from 13, medium from 10, basic from 7, else none.

    Examples
    --------
    >>> tier_of_total(pd.Series([15, 12, 7, 6])).to_list()
    ['high', 'medium', 'basic', 'none']

    References
    ----------
    European Panorama of Clusters and Industrial Change 2020, 2.1.
    """
    stars = total.to_numpy()
    chosen = np.select([stars >= least for least in LEAST_STARS], TIERS[:-1], default=TIERS[-1])
    return pd.Series(chosen, index=total.index, name="tier", dtype="str")
