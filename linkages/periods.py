"""Periods of a study, both ends included, and what becomes of a year that two of them share."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

#: What may be done with a year that stands in two periods.
SHARED_YEAR = ("both", "first", "second", "half")
_LABEL = re.compile(r"\s*(\d+)\s*[-–]\s*(\d+)\s*")


@dataclass(frozen=True, order=True)
class Period:
    """Years from `first` to `last`, both included.

    Raises
    ------
    ValueError
        When the period ends before it begins.

    Examples
    --------
    >>> str(Period(2000, 2007)), 2007 in Period(2000, 2007)
    ('2000-2007', True)
    """

    first: int
    last: int

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"a period must not end before it begins: {self.first}-{self.last}")

    def __str__(self) -> str:
        """Give the label that names the period in files and tables."""
        return f"{self.first}-{self.last}"

    def __contains__(self, year: int) -> bool:
        """Tell whether a year lies in the period."""
        return self.first <= year <= self.last

    @classmethod
    def of(cls, years: Period | Sequence[int] | str) -> Period:
        """Make a period of a pair of years, or of its label.

        Raises
        ------
        ValueError
            For anything else, and when the period ends before it begins.

        Examples
        --------
        >>> Period.of((2007, 2014)), Period.of("2000-2007")
        (Period(first=2007, last=2014), Period(first=2000, last=2007))
        """
        if isinstance(years, Period):
            return years
        label = _LABEL.fullmatch(years) if isinstance(years, str) else None
        given: Iterable[int | str] = years
        if isinstance(years, str):
            given = label.groups() if label else ()
        try:
            first, last = (_year(year) for year in given)
        except (TypeError, ValueError, OverflowError):
            said = 'a period is a first and a last year, such as (2000, 2007) or "2000-2007"'
            raise ValueError(f"{said}; got {years!r}") from None
        return cls(first, last)


def _year(year: int | str) -> int:
    """Read a year as a whole number."""
    whole = int(year)
    if isinstance(year, bool) or (not isinstance(year, str) and whole != year):
        raise ValueError(year)
    return whole


def year_weights(period: Period, periods: Sequence[Period] = (), shared_year: str = "both") -> dict[int, float]:
    """Weigh each year of a period, given the study's other periods.

    A year of one period only weighs 1. A year that an earlier or later period holds too weighs 1 in each
    (``both``), counts in the earlier one alone (``first``), in the later alone (``second``), or half in each.

    Parameters
    ----------
    period
        The period whose years are weighed.
    periods
        All periods of the study, in any order.
    shared_year
        One of :data:`SHARED_YEAR`.

    Raises
    ------
    ValueError
        For any other `shared_year`.

    Examples
    --------
    >>> early, late = Period(2000, 2002), Period(2002, 2003)
    >>> year_weights(early, [early, late], "half")
    {2000: 1.0, 2001: 1.0, 2002: 0.5}
    >>> year_weights(late, [early, late], "first")
    {2003: 1.0}

    References
    ----------
    European Cluster Trends, methodology 2014, 3: the periods 2000-2007 and 2007-2014 share 2007.
    """
    if shared_year not in SHARED_YEAR:
        raise ValueError(f"shared_year must be one of {', '.join(SHARED_YEAR)}; got {shared_year!r}")
    weights = {}
    for year in range(period.first, period.last + 1):
        holders = sorted(p for p in {period, *periods} if year in p)
        rank = holders.index(period)
        if shared_year == "both" or len(holders) == 1:
            weight = 1.0
        elif shared_year == "half":
            weight = 1.0 / len(holders)
        else:
            chosen = 0 if shared_year == "first" else len(holders) - 1
            weight = float(rank == chosen)
        if weight:
            weights[year] = weight
    return weights
