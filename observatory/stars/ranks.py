"""Top shares: which regions are among the best, how ties are broken, and when two numbers are equal."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

#: Significant digits in which two figures must differ to be told apart: a sum or a quotient of the same
#: numbers may end in another last digit when all of them are scaled, and no star may hang on that.
DIGITS = 12


def significant(values: pd.Series) -> pd.Series:
    """Round to twelve significant digits.

    Examples
    --------
    >>> significant(pd.Series([0.1 + 0.2, 0.3, 0.0])).to_list()
    [0.3, 0.3, 0.0]
    """
    number = values.to_numpy(dtype="float64")
    size = np.abs(np.where(np.isfinite(number) & (number != 0), number, 1.0))
    scale = 10.0 ** (DIGITS - 1 - np.clip(np.floor(np.log10(size)), -250, 250))
    return pd.Series(np.rint(number * scale) / scale, index=values.index, name=values.name)


def stars_by_rank(values: pd.Series, groups: pd.DataFrame, shares: Sequence[int], of: int) -> pd.Series:
    """Count how many of the top shares each value reaches within its group.

    A value is in the top share *p* when its rank is at most *p* times the number of ranked values of its
    group. Equal values share the better rank. What is missing is not ranked and earns nothing.

    Parameters
    ----------
    values
        What is ranked, the highest first; missing where there is nothing to rank.
    groups
        Columns that name the group of each value, on the same index; no column = one group.
    shares, of
        The top shares as parts of ``of``: ``(1,), of=5`` is the top 20 %; ``(1, 2, 3), of=5`` gives 3, 2 and
        1 stars at 20, 40 and 60 %. Whole numbers, so that no rounding decides at the line.

    Returns
    -------
    pandas.Series
        Stars, from 0 to ``len(shares)``.

    Examples
    --------
    >>> wage = pd.Series([50.0, 40.0, 40.0, 20.0, 10.0, None])
    >>> industry = pd.DataFrame({"industry": ["Apparel"] * 6})
    >>> stars_by_rank(wage, industry, (1,), of=5).to_list()
    [1, 0, 0, 0, 0, 0]
    >>> stars_by_rank(wage, industry, (1, 2, 3), of=5).to_list()
    [3, 2, 2, 0, 0, 0]

    References
    ----------
    European Panorama of Clusters and Industrial Change 2020, 2.1.
    """
    ranked = significant(values)
    keys = [groups[column] for column in groups] or [pd.Series(0, index=values.index)]
    grouped = ranked.groupby(keys, sort=False)
    rank = grouped.rank(method="min", ascending=False)
    number = grouped.transform("count")
    # a missing rank compares as false
    reached = [(rank * of <= number * share).astype("int64") for share in shares]
    return pd.Series(sum(reached), index=values.index, dtype="int64")
