"""Sentences that go with star scores: what was missing, and what it cost."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from observatory.stars.industries import listed

#: Which dimensions a figure serves.
SERVES = {
    "employment": "size, specialisation and productivity earn no star",
    "wages": "productivity earns no star",
    "high_growth_smes": "sme earns no star",
    "frontier_firms": "innovation earns no star",
}


def span(years: Sequence[int]) -> str:
    """Name years in short.

    Examples
    --------
    >>> span([2012, 2013, 2014]), span([2014]), span([2010, 2014])
    ('2012-2014', '2014', '2010, 2014')
    """
    if len(years) > 1 and years[-1] - years[0] == len(years) - 1:
        return f"{years[0]}-{years[-1]}"
    return ", ".join(str(year) for year in years)


def on_flags(flagged: int) -> list[str]:
    """Say how many cells carry a flag of Eurostat's."""
    return [f"{flagged:,} figures carry a flag of Eurostat's and count without it."] if flagged else []


def on_windows(years: pd.Series, recent: Sequence[int], long: Sequence[int]) -> list[str]:
    """Say which years a window lacks, has not, or skips."""
    said = []
    for window, length in ((recent, 3), (long, 9)):
        if len(window) < length:
            said.append(f"The window of {length} years holds {len(window)} ({span(window)}).")
        elif window[-1] - window[0] >= length:
            said.append(f"The window of {length} years skips some ({span(window)}).")
    lacking = sorted({*recent, *long} - set(years))
    if lacking:
        said.append(f"The table has no row of {span(lacking)}: these years earn nothing.")
    return said


def on_figures(rows: pd.DataFrame, absent: Sequence[str], recent: Sequence[int], long: Sequence[int]) -> list[str]:
    """Say which figures of the Panorama's five dimensions are missing, and from how many rows."""
    windows = {"employment": recent, "wages": recent, "high_growth_smes": long, "frontier_firms": long}
    said = [sentence for column, years in windows.items() for sentence in _on_figure(rows, absent, column, years)]
    return said + _on_gaps(rows, recent)


def on_employment(rows: pd.DataFrame, absent: Sequence[str], years: Sequence[int]) -> list[str]:
    """Say from how many rows employment is missing, which is all that the 2009 method needs."""
    return _on_figure(rows, absent, "employment", years, "size, specialisation and focus earn no star")


def _on_figure(
    rows: pd.DataFrame, absent: Sequence[str], column: str, years: Sequence[int], cost: str | None = None
) -> list[str]:
    cost = cost or SERVES[column]
    if column in absent:
        return [f"The table has no column {column}: {cost}."]
    inside = rows.loc[rows["year"].isin(years), column]
    if not inside.isna().any():
        return []
    missing = f"{column} is missing in {inside.isna().sum():,} of {len(inside):,} rows of {span(years)}"
    return [f"{missing}: {cost} for what is not known."]


def _on_gaps(rows: pd.DataFrame, years: Sequence[int]) -> list[str]:
    inside = rows[rows["year"].isin(years)]
    pairs = len(rows[["region", "industry"]].drop_duplicates())
    gaps = pairs * len(years) - len(inside)
    if gaps == 0:
        return []
    return [f"{gaps:,} of {pairs * len(years):,} cells of {span(years)} have no row and earn nothing."]


def on_totals(rows: pd.DataFrame, totals: pd.DataFrame, years: Sequence[int]) -> list[str]:
    """Say where the employment of a region comes from, and where it is not known."""
    if totals.empty:
        return ["Without total rows the employment of a region is the sum over the table's rows."]
    known = totals.loc[totals["employment"].notna(), ["region", "year"]]
    asked = rows.loc[rows["year"].isin(years), ["region", "year"]].drop_duplicates()
    lacking = len(asked) - len(asked.merge(known.drop_duplicates()))
    if lacking == 0:
        return []
    where = f"{lacking:,} of {len(asked):,} regions and years of {span(years)}"
    return [f"No total is known for {where}: what needs it earns no star there."]


def on_few(ranked: pd.DataFrame) -> list[str]:
    """Name the industries of fewer than five regions, in which no rank is within the top 20 %."""
    present = ranked[ranked["size"].notna()].groupby("industry")["region"].nunique()
    few = sorted(present.index[present < 5])
    if not few:
        return []
    return [f"Present in fewer than five regions, so that none is in the top 20 %: {listed(few)}."]


def on_zeros(sums: pd.DataFrame, dimension: str, column: str) -> list[str]:
    """Say where a sum of zero earns a star because most regions of the industry have zero."""
    zeros = sums[(sums["value"] == 0) & (sums["stars"] > 0)]
    if zeros.empty:
        return []
    industries = sorted(set(zeros["industry"]))
    where = f"{len(zeros):,} cells without {column} in {listed(industries)}"
    return [f"{where} share a rank in the top 60 % and earn stars for {dimension}."]
