"""Cluster star scores from a regional table."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from observatory.stars import notes
from observatory.stars.dimensions import employment_totals
from observatory.stars.industries import INDUSTRY
from observatory.stars.levels import Groups, check_level, to_level
from observatory.stars.observatory2009 import observatory2009
from observatory.stars.panorama import panorama
from observatory.stars.rows import Rows, name_of, rows_of
from observatory.stars.stated import how, thresholds

METHODS = ("panorama", "observatory2009")


def star_scores(
    table: pd.DataFrame,
    industry: str = "nace",
    method: str = "panorama",
    *,
    level: str = "industry",
    groups: Groups | None = None,
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
        What the column industry holds: ``nace`` (Rev. 2 divisions, groups or classes), ``naics`` and ``sic``
        are added up to the level, with shares where a code is split; ``industry`` = names.
    method
        ``panorama``: a star for each of three years in which a region is in the industry's top 20 % (size,
        specialisation, productivity), and 3, 2 or 1 stars for the top 20, 40 or 60 % by the sum over nine
        years (sme, innovation). ``observatory2009``: a star each for size (top 10 % of the industry),
        specialisation (location quotient of 2 or more) and focus (top 10 % of all pairs of a region and an
        industry by share of the region's employment), in the last of the three years.
    level
        ``industry`` for the 51 exporting industries; ``emerging`` for the ten emerging ones, which overlap;
        ``section``, ``division``, ``group`` or ``class`` of NACE; ``naics2`` to ``naics6``; ``groups`` for the
        groups of the user's own, which may overlap.
    groups
        For the level ``groups``: name → members, see :func:`observatory.stars.levels.shares_at`.
    years3, years9
        The years to rank one by one and to add up; by default the table's last three and last nine.

    Returns
    -------
    pandas.DataFrame
        ``region, industry, size, specialisation, productivity, sme, innovation`` (0-3 stars each), ``total``
        (0-15), ``tier``; or ``region, industry, size, specialisation, focus`` (0-1 each), ``total`` (0-3).
        One row a pair that the years hold, sorted. ``attrs["notes"]`` says in sentences what earned nothing
        and why, ``attrs["how"]`` the method in a sentence, ``attrs["thresholds"]`` its thresholds.

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
    check_choices(industry, method, level, groups)
    rows = rows_of(table, years3, years9)
    return scores_and_cells(rows, table, industry, method, level, groups)[0]


def scores_and_cells(
    rows: Rows, table: pd.DataFrame, industry: str, method: str, level: str, groups: Groups | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Score checked rows; return the scores and the cells that they were given for.

    Parameters
    ----------
    rows
        What :func:`observatory.stars.rows.rows_of` returns for the table.
    table
        The table itself, for its name and notes.
    industry, method, level, groups
        As for :func:`star_scores`.

    Returns
    -------
    tuple
        The scores; ``region, industry, year`` and the figures of each industry of the level.
    """
    cells, outside = to_level(rows.single, industry, level, name_of(table), groups)
    scores, said = _scored(rows, cells, method)
    totals = notes.on_totals(rows.single, rows.totals, rows.recent)
    scores.attrs = {
        "method": method,
        "how": how(method, level, rows.recent, rows.long),
        "thresholds": thresholds(method),
        "industry": industry,
        "level": level,
        "years3": list(rows.recent),
        "years9": list(rows.long),
        "notes": [*table.attrs.get("notes", []), *rows.said, *outside, *totals, *said],
    }
    return scores, cells


def check_choices(industry: str, method: str, level: str, groups: Groups | None = None) -> None:
    """Refuse a scheme, a method or a level that there is not.

    Raises
    ------
    ValueError
        Names what there is.
    """
    for name, given, known in (("industry", industry, INDUSTRY), ("method", method, METHODS)):
        if given not in known:
            raise ValueError(f"{name} must be one of {', '.join(known)}, not {given!r}")
    check_level(level, industry, groups)


def _scored(rows: Rows, cells: pd.DataFrame, method: str) -> tuple[pd.DataFrame, list[str]]:
    """The scores by a method, and sentences on what was missing for it."""
    regional = employment_totals(rows.single, rows.totals)
    if method == "observatory2009":
        year = rows.recent[-1]
        scores, said = observatory2009(cells, regional, year)
        return scores, [*notes.on_employment(rows.single, rows.absent, [year]), *said]
    scores, said = panorama(cells, regional, rows.recent, rows.long)
    windows = notes.on_windows(pd.concat([rows.single["year"], rows.totals["year"]]), rows.recent, rows.long)
    return scores, [*windows, *notes.on_figures(rows.single, rows.absent, rows.recent, rows.long), *said]
