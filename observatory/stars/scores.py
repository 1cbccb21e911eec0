"""Cluster star scores from a regional table."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ingest.faults import BadInput, Fault
from observatory.stars import notes
from observatory.stars.check import KEYS, checked
from observatory.stars.dimensions import employment_totals, prepared
from observatory.stars.industries import INDUSTRY, LEVELS, TOTAL, to_industries
from observatory.stars.observatory2009 import observatory2009
from observatory.stars.panorama import panorama

METHODS = ("panorama", "observatory2009")


def star_scores(
    table: pd.DataFrame,
    industry: str = "nace",
    method: str = "panorama",
    *,
    level: str = "industry",
    years3: Sequence[int] | None = None,
    years9: Sequence[int] | None = None,
) -> pd.DataFrame:
    """Score each industry in each region by up to three stars a dimension.

    Parameters
    ----------
    table
        One row a region, industry and year: ``region, industry, year, employment`` (FTE), ``wages`` (EUR in
        all), ``firms``, ``high_growth_smes``, ``frontier_firms`` (numbers of firms). A column or a figure
        that is absent earns no star. Rows whose industry is ``total`` give E_r, and their sum E; without
        such rows both are sums over the table.
    industry
        What the column industry holds: ``nace`` (Rev. 2 divisions, groups or classes) and ``naics`` are added
        up to the 51 exporting industries, with shares where a code is split; ``industry`` = names.
    method
        ``panorama``: a star for each of three years in which a region is in the industry's top 20 % (size,
        specialisation, productivity), and 3, 2 or 1 stars for the top 20, 40 or 60 % by the sum over nine
        years (sme, innovation). ``observatory2009``: a star each for size (top 10 % of the industry),
        specialisation (location quotient of 2 or more) and focus (top 10 % of all pairs of a region and an
        industry by share of the region's employment), in the last of the three years.
    level
        ``industry``, or ``emerging`` for the ten emerging industries, which overlap.
    years3, years9
        The years to rank one by one and to add up; by default the table's last three and last nine.

    Returns
    -------
    pandas.DataFrame
        ``region, industry, size, specialisation, productivity, sme, innovation`` (0-3 stars each), ``total``
        (0-15), ``tier``; or ``region, industry, size, specialisation, focus`` (0-1 each), ``total`` (0-3).
        One row a pair that the years hold, sorted. ``attrs["notes"]`` says in sentences what earned nothing
        and why.

    Raises
    ------
    BadInput
        Lists all faults of the table: a column region, industry or year that is missing, an impossible year,
        a negative figure, a repeated row, a code that is not of the scheme or that is counted twice.
    ValueError
        An unknown industry, method or level; a window that is longer than three or nine years.

    Examples
    --------
    >>> regions = ["AT31", "BE10", "CZ01", "DE21", "ES51"]
    >>> plastics = pd.DataFrame({"region": regions, "industry": "Plastics", "year": 2014,
    ...                          "employment": [50.0, 40.0, 30.0, 20.0, 10.0]})
    >>> overall = plastics.assign(industry="total", employment=[900.0, 800.0, 700.0, 600.0, 90.0])
    >>> scores = star_scores(pd.concat([plastics, overall]), industry="industry")
    >>> scores.set_index("region")[["size", "specialisation", "productivity", "total"]].to_numpy().tolist()
    [[1, 0, 0, 1], [0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0], [0, 1, 0, 1]]
    >>> [note for note in scores.attrs["notes"] if "wages" in note]
    ['The table has no column wages: productivity earns no star.']

    References
    ----------
    European Panorama of Clusters and Industrial Change 2020, 2.1; European Cluster Observatory 2009 (size,
    specialisation, focus).
    """
    for name, given, known in (
        ("industry", industry, INDUSTRY),
        ("method", method, METHODS),
        ("level", level, LEVELS),
    ):
        if given not in known:
            raise ValueError(f"{name} must be one of {', '.join(known)}, not {given!r}")
    rows = checked(table.reset_index(drop=True), file="table", lines=range(1, len(table) + 1), required=KEYS)
    absent, flagged = rows.attrs["absent"], rows.attrs["flagged"]
    rows.attrs = {}
    if rows.empty:
        raise BadInput(Fault("table", None, "", "at least one row", "fill the table"))
    recent = _window(rows["year"], years3, 3)
    long = _window(rows["year"], years9, 9)
    rows = rows[rows["year"].isin({*recent, *long})]
    # Sums of floating numbers depend on the order of the rows, so the order is fixed first.
    rows = prepared(rows.sort_values(["region", "industry", "year"], ignore_index=True))
    is_total = rows["industry"].str.casefold() == TOTAL
    single, totals = rows[~is_total], rows[is_total]
    cells, outside = to_industries(single, industry, level)
    regional = employment_totals(single, totals)
    if method == "panorama":
        scores, said = panorama(cells, regional, recent, long)
        said = [*notes.on_figures(single, absent, recent, long), *said]
    else:
        scores, said = observatory2009(cells, regional, max(recent))
        said = [*notes.on_employment(single, absent, recent[-1:]), *said]
    windows = notes.on_windows(rows["year"], recent, long)
    sums = notes.on_totals(single, totals, recent)
    scores.attrs = {
        "method": method,
        "industry": industry,
        "level": level,
        "years3": list(recent),
        "years9": list(long),
        "notes": [*table.attrs.get("notes", []), *notes.on_flags(flagged), *windows, *outside, *sums, *said],
    }
    return scores


def _window(years: pd.Series, chosen: Sequence[int] | None, length: int) -> tuple[int, ...]:
    """The years of a window: the chosen ones, or the last ones that the table holds."""
    if chosen is None:
        return tuple(int(year) for year in sorted(set(years))[-length:])
    window = tuple(sorted({int(year) for year in chosen}))
    if not 1 <= len(window) <= length:
        raise ValueError(f"years{length} must name one to {length} years, not {len(window)}")
    return window
