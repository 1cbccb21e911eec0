"""Cluster star scores from a regional table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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
    _check_choices(industry=(industry, INDUSTRY), method=(method, METHODS), level=(level, LEVELS))
    rows = _rows(table, years3, years9)
    cells, outside = to_industries(rows.single, industry, level, _name(table))
    scores, said = _scored(rows, cells, method)
    totals = notes.on_totals(rows.single, rows.totals, rows.recent)
    scores.attrs = {
        "method": method,
        "industry": industry,
        "level": level,
        "years3": list(rows.recent),
        "years9": list(rows.long),
        "notes": [*table.attrs.get("notes", []), *rows.said, *outside, *totals, *said],
    }
    return scores


@dataclass(frozen=True)
class _Rows:
    """The table's rows within the windows: of single industries and of totals; and what is said of them."""

    single: pd.DataFrame
    totals: pd.DataFrame
    absent: Sequence[str]
    recent: tuple[int, ...]
    long: tuple[int, ...]
    said: list[str]


def _name(table: pd.DataFrame) -> str:
    return str(table.attrs.get("file", "table"))


def _check_choices(**choices: tuple[str, Sequence[str]]) -> None:
    for name, (given, known) in choices.items():
        if given not in known:
            raise ValueError(f"{name} must be one of {', '.join(known)}, not {given!r}")


def _rows(table: pd.DataFrame, years3: Sequence[int] | None, years9: Sequence[int] | None) -> _Rows:
    rows = checked(table, file=_name(table), lines=range(1, len(table) + 1), required=KEYS)
    if rows.empty:
        raise BadInput(Fault(_name(table), None, "", "at least one row", "fill the table"))
    absent, said = rows.attrs["absent"], notes.on_flags(rows.attrs["flagged"])
    rows.attrs = {}
    recent, long = _window(rows["year"], years3, 3), _window(rows["year"], years9, 9)
    rows = rows[rows["year"].isin({*recent, *long})]
    # Sums of floating numbers depend on the order of the rows, so the order is fixed first.
    rows = prepared(rows.sort_values(["region", "industry", "year"], ignore_index=True))
    total = rows["industry"].str.casefold() == TOTAL
    return _Rows(rows[~total], rows[total], absent, recent, long, said)


def _scored(rows: _Rows, cells: pd.DataFrame, method: str) -> tuple[pd.DataFrame, list[str]]:
    """The scores by a method, and sentences on what was missing for it."""
    regional = employment_totals(rows.single, rows.totals)
    if method == "observatory2009":
        year = rows.recent[-1]
        scores, said = observatory2009(cells, regional, year)
        return scores, [*notes.on_employment(rows.single, rows.absent, [year]), *said]
    scores, said = panorama(cells, regional, rows.recent, rows.long)
    windows = notes.on_windows(pd.concat([rows.single["year"], rows.totals["year"]]), rows.recent, rows.long)
    return scores, [*windows, *notes.on_figures(rows.single, rows.absent, rows.recent, rows.long), *said]


def _window(years: pd.Series, chosen: Sequence[int] | None, length: int) -> tuple[int, ...]:
    """The years of a window: the chosen ones, or the last ones that the table holds."""
    if chosen is None:
        return tuple(int(year) for year in sorted(set(years))[-length:])
    window = tuple(sorted({int(year) for year in chosen}))
    if not 1 <= len(window) <= length:
        raise ValueError(f"years{length} must name one to {length} years, not {len(window)}")
    return window
