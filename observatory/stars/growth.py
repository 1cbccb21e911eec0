"""Growth per year between two years, and the years that it is taken over."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

#: The Panorama's tables of growth run over three years: from 2014 to 2017.
SPAN = 3


def per_year(first: pd.Series, last: pd.Series, years: int) -> pd.Series:
    """Return the average growth per year, compounded.

    Parameters
    ----------
    first, last
        The figure in the first and in the last year, on the same index; missing or zero = not known.
    years
        Years between the two.

    Returns
    -------
    pandas.Series
        Per cent per year; missing where either figure is missing or not above zero, or no year lies between.

    Examples
    --------
    >>> per_year(pd.Series([100.0, 0.0]), pd.Series([121.0, 5.0]), 2).round(6).to_list()
    [10.0, nan]

    References
    ----------
    European Panorama of Clusters and Industrial Change 2020, Tables 1 and 2 (average annual growth).
    """
    if years < 1:
        return pd.Series(float("nan"), index=first.index, dtype="float64")
    known = (first > 0) & (last > 0)
    ratio = last.where(known) / first.where(known)
    return (ratio ** (1 / years) - 1) * 100


def growth_years(held: Sequence[int], last: int, span: int = SPAN) -> tuple[int, int]:
    """Return the first and the last year of growth: three years apart, or as far as the table reaches.

    Parameters
    ----------
    held
        The years that the table holds.
    last
        The last year of the recent window.
    span
        Years between the two.

    Examples
    --------
    >>> growth_years([2013, 2014, 2015, 2016, 2017], 2017)
    (2014, 2017)
    >>> growth_years([2016, 2017], 2017)
    (2016, 2017)
    """
    earlier = [year for year in held if last - span <= year <= last]
    return min(earlier, default=last), last


def paired(cells: pd.DataFrame, years: tuple[int, int], figures: Sequence[str]) -> pd.DataFrame:
    """Set a figure of the first year beside the same of the last, where both are known.

    Parameters
    ----------
    cells
        ``region, industry, year`` and the figures.
    years
        The first and the last year.
    figures
        Columns that must all be known in both years.

    Returns
    -------
    pandas.DataFrame
        ``region, industry`` and, of each figure, ``{figure}_first`` and ``{figure}_last``; sorted.

    Examples
    --------
    >>> cells = pd.DataFrame({"region": "DE21", "industry": ["Plastics", "Plastics", "Apparel"],
    ...                       "year": [2014, 2017, 2017], "employment": [5.0, 6.0, 7.0]})
    >>> paired(cells, (2014, 2017), ["employment"]).to_dict("records")
    [{'region': 'DE21', 'industry': 'Plastics', 'employment_first': 5.0, 'employment_last': 6.0}]
    """
    keys = ["region", "industry"]
    first, last = (cells.loc[cells["year"] == year, [*keys, *figures]].dropna(subset=list(figures)) for year in years)
    both = first.merge(last, on=keys, suffixes=("_first", "_last"), validate="one_to_one")
    return both.sort_values(keys, ignore_index=True)
