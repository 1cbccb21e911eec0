"""Key statistics of emerging industries, or of groups of one's own: size, wages and growth beside the whole."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from observatory.stars.growth import per_year

FIGURES = ["employment", "firms", "paid", "paid_wages"]
#: The row of all industries that do not overlap.
EXPORTING = "All exporting industries"
COLUMNS = (
    "industry",
    "employment",
    "employment_share_exporting",
    "employment_share_economy",
    "firms",
    "firms_share_exporting",
    "firms_share_economy",
    "wage",
    "wage_to_exporting",
    "wage_to_economy",
    "employment_growth",
)


@dataclass(frozen=True)
class Whole:
    """Sums that industries are held against: of all exporting industries, and of the whole economy.

    Attributes
    ----------
    exporting, economy
        ``year, employment`` (FTE), ``firms`` (number), ``paid`` (FTE), ``paid_wages`` (EUR): a row a year.
    """

    exporting: pd.DataFrame
    economy: pd.DataFrame


def yearly_sums(rows: pd.DataFrame) -> pd.DataFrame:
    """Add the rows of each year up: ``year`` and the figures; missing where nothing is known.

    Examples
    --------
    >>> rows = pd.DataFrame({"year": [2014, 2014], "employment": [2.0, 3.0], "firms": [1.0, None], "paid": 1.0,
    ...                      "paid_wages": 5.0})
    >>> yearly_sums(rows).values.tolist()
    [[2014.0, 5.0, 1.0, 2.0, 10.0]]
    """
    return rows.groupby("year")[FIGURES].sum(min_count=1).reset_index()


def key_statistics(cells: pd.DataFrame, whole: Whole, years: tuple[int, int]) -> pd.DataFrame:
    """Describe each industry over all regions.

    Parameters
    ----------
    cells
        ``region, industry, year, employment`` (FTE), ``firms`` (number), ``paid`` (FTE), ``paid_wages`` (EUR);
        industries may overlap.
    whole
        What they are held against.
    years
        The first and the last year of growth; all else is of the last year.

    Returns
    -------
    pandas.DataFrame
        ``industry``; ``employment`` (FTE) and ``firms`` (number), each with its share of all exporting
        industries and of the economy (%); ``wage`` (EUR per FTE) and the same relative to the average of
        exporting industries and of the economy (= 100); ``employment_growth`` (% per year). Sorted, with
        :data:`EXPORTING` last.

    Examples
    --------
    >>> packaging = pd.DataFrame({"region": "EU", "industry": "Packaging", "year": 2017, "employment": [40.0],
    ...                           "firms": 4.0, "paid": 40.0, "paid_wages": 1600.0})
    >>> every = pd.DataFrame({"year": [2017], "employment": 1000.0, "firms": 80.0, "paid": 1000.0,
    ...                       "paid_wages": 32000.0})
    >>> table = key_statistics(packaging, Whole(every, every), (2017, 2017))
    >>> table.loc[0, ["employment_share_exporting", "firms_share_economy", "wage", "wage_to_exporting"]].to_list()
    [4.0, 5.0, 40.0, 125.0]

    References
    ----------
    European Panorama of Clusters and Industrial Change 2020, Table 4.
    """
    ordered = cells.sort_values(["industry", "year", "region"])
    summed = ordered.groupby(["industry", "year"])[FIGURES].sum(min_count=1).reset_index()
    summed = pd.concat([summed, whole.exporting.assign(industry=EXPORTING)], ignore_index=True)
    now = summed[summed["year"] == years[1]].reset_index(drop=True)
    before = summed[summed["year"] == years[0]].set_index("industry")["employment"]
    exporting, economy = (_of(one, years[1]) for one in (whole.exporting, whole.economy))
    wage = _wage(now)
    first = now["industry"].map(before).astype("float64")
    return pd.DataFrame(
        {
            "industry": now["industry"],
            "employment": now["employment"],
            "employment_share_exporting": 100 * now["employment"] / exporting["employment"],
            "employment_share_economy": 100 * now["employment"] / economy["employment"],
            "firms": now["firms"],
            "firms_share_exporting": 100 * now["firms"] / exporting["firms"],
            "firms_share_economy": 100 * now["firms"] / economy["firms"],
            "wage": wage,
            "wage_to_exporting": 100 * wage / exporting["wage"],
            "wage_to_economy": 100 * wage / economy["wage"],
            "employment_growth": per_year(first, now["employment"], years[1] - years[0]),
        }
    )[list(COLUMNS)]


def _wage(table: pd.DataFrame) -> pd.Series:
    return table["paid_wages"] / table["paid"].where(table["paid"] > 0)


def _of(sums: pd.DataFrame, year: int) -> dict[str, float]:
    """The figures of a year, missing where they are not known or zero."""
    now = sums[sums["year"] == year]
    held = {name: float(now[name].iloc[0]) if len(now) else float("nan") for name in ("employment", "firms")}
    held["wage"] = float(_wage(now).iloc[0]) if len(now) else float("nan")
    return {name: value if value > 0 else float("nan") for name, value in held.items()}
