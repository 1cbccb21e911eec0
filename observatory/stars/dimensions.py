"""The figures that are ranked: size, location quotient, average wage, and sums over years."""

from __future__ import annotations

from typing import TypeVar

import pandas as pd

Figures = TypeVar("Figures", float, pd.Series)


def location_quotient(employment: Figures, regional: Figures, industrial: Figures, overall: Figures) -> Figures:
    """Return LQ = (E_ir / E_r) / (E_i / E), how many times the overall share an industry has in a region.

    Parameters
    ----------
    employment, regional, industrial, overall
        E_ir, E_r, E_i and E, in the same unit.

    Examples
    --------
    >>> round(location_quotient(1714.0, 79006.0, 879213.0, 15593224.0), 7)
    0.3847623

    References
    ----------
    European Panorama of Clusters and Industrial Change 2020, 2.1.
    """
    return (employment / regional) / (industrial / overall)


def prepared(table: pd.DataFrame) -> pd.DataFrame:
    """Add ``paid`` and ``paid_wages``: employment and wages where both are known.

    The average wage of several codes together must divide the wages of some by the employment of the same. Where
    the table itself says in ``paid`` how much of the employment the wages are of, that is taken.

    Examples
    --------
    >>> table = pd.DataFrame({"employment": [10.0, 5.0], "wages": [300.0, None]})
    >>> prepared(table)[["paid", "paid_wages"]].sum().to_list()
    [10.0, 300.0]
    """
    both = table["employment"].notna() & table["wages"].notna()
    paid = table["paid"].fillna(table["employment"]) if "paid" in table else table["employment"]
    return table.assign(paid=paid.where(both), paid_wages=table["wages"].where(both))


def employment_totals(cells: pd.DataFrame, totals: pd.DataFrame) -> pd.DataFrame:
    """Return E_r of each region and year: its total row, or the sum over the table where it has none at all.

    Parameters
    ----------
    cells, totals
        ``region, year, employment``: the rows of industries and the total rows.

    Returns
    -------
    pandas.DataFrame
        ``region, year, regional``; missing where neither is known.

    Examples
    --------
    >>> cells = pd.DataFrame({"region": ["DE21"] * 2, "year": [2014] * 2, "employment": [10.0, 5.0]})
    >>> employment_totals(cells, cells.iloc[:0])["regional"].to_list()
    [15.0]
    """
    source = cells if totals.empty else totals
    summed = source.groupby(["region", "year"])["employment"].sum(min_count=1)
    return summed.rename("regional").reset_index()


def yearly_dimensions(cells: pd.DataFrame, regional: pd.DataFrame) -> pd.DataFrame:
    """Return size, specialisation, productivity and focus of each region, industry and year.

    Parameters
    ----------
    cells
        ``region, industry, year, employment`` (FTE), ``paid`` (FTE), ``paid_wages`` (EUR).
    regional
        ``region, year, regional``, as from :func:`employment_totals`.

    Returns
    -------
    pandas.DataFrame
        ``region, industry, year, size`` (FTE), ``specialisation`` (location quotient), ``productivity`` (EUR
        per FTE), ``focus`` (share of the region's employment); missing where the industry is not present or
        the figure is not known. E_i and E are sums over the regions whose total is known.
    """
    table = cells.merge(regional, on=["region", "year"], how="left", validate="many_to_one")
    size = table["employment"].where(table["employment"] > 0)
    known = regional.groupby("year")["regional"].sum(min_count=1)
    inside = table["employment"].where(table["regional"].notna())
    industrial = inside.groupby([table["industry"], table["year"]]).transform("sum", min_count=1)
    total = table["regional"].where(table["regional"] > 0)
    return table[["region", "industry", "year"]].assign(
        size=size,
        specialisation=location_quotient(size, total, industrial, table["year"].map(known)),
        productivity=table["paid_wages"] / table["paid"].where(table["paid"] > 0),
        focus=size / total,
    )


def summed_over_years(cells: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return the sum of a figure over the years, where the industry is present and a year is known.

    An industry is taken as absent where its employment is known and zero in every year that is known.

    Returns
    -------
    pandas.DataFrame
        ``region, industry, value``; missing where there is nothing to rank.

    Examples
    --------
    >>> cells = pd.DataFrame({"region": ["DE21"] * 2, "industry": ["Plastics"] * 2,
    ...                       "employment": [10.0, 12.0], "frontier_firms": [3.0, None]})
    >>> summed_over_years(cells, "frontier_firms")["value"].to_list()
    [3.0]
    """
    by = cells.groupby(["region", "industry"])
    most = by["employment"].max()
    value = by[column].sum(min_count=1).where(most.isna() | (most > 0))
    return value.rename("value").reset_index()
