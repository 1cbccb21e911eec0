"""A study as it would have been on a day: only what was known by then."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import msgspec
import pandas as pd

from observatory.settings import Settings


class TooEarlyError(ValueError):
    """The day lies before the first year of a study."""


def day_of(text: str) -> datetime.date:
    """Read a day as it is typed.

    Raises
    ------
    ValueError
        For what is no day between 1900 and 2100.

    Examples
    --------
    >>> day_of("2010-06-30")
    datetime.date(2010, 6, 30)
    >>> day_of("30.6.2010")
    Traceback (most recent call last):
    ...
    ValueError: '30.6.2010' is no day; write it as year-month-day, such as 2010-06-30
    """
    try:
        day = datetime.datetime.strptime(text.strip(), "%Y-%m-%d").date()
    except ValueError:
        day = datetime.date.min
    if not 1900 <= day.year <= 2100:
        raise ValueError(f"{text!r} is no day; write it as year-month-day, such as 2010-06-30")
    return day


def last_year(day: datetime.date) -> int:
    """Give the last year that had ended at the end of a day: what is dated by its year alone was known then.

    Examples
    --------
    >>> last_year(datetime.date(2010, 12, 31)), last_year(datetime.date(2010, 12, 30))
    (2010, 2009)
    """
    return day.year if (day.month, day.day) == (12, 31) else day.year - 1


def known_by(settings: Settings) -> tuple[Settings, tuple[str, ...]]:
    """Leave out the periods that had not begun on the study's day, and say what the day means for the others.

    Parameters
    ----------
    settings
        A study's, with ``as_of`` or without.

    Returns
    -------
    tuple
        The settings, and sentences for whoever reads the result; none where no day is set.

    Raises
    ------
    TooEarlyError
        When no period had begun.

    Examples
    --------
    >>> from observatory.settings import Source
    >>> study = Settings("T", {"a": Source("regpat", ["x"])}, as_of=datetime.date(2006, 6, 30))
    >>> settings, said = known_by(study)
    >>> settings.periods
    [(2000, 2007)]
    >>> print(*said, sep=chr(10))
    Only what was known on 2006-06-30 is counted: events up to that day, and of those dated by year alone up to 2005.
    The period 2000-2007 had not ended: it holds what was known.
    The period 2007-2014 had not begun and is left out.
    """
    day = settings.as_of
    if day is None:
        return settings, ()
    begun = [period for period in settings.periods if period[0] <= day.year]
    if not begun:
        first = min(period[0] for period in settings.periods)
        raise TooEarlyError(f"{day.isoformat()} lies before the study, whose first year is {first}")
    said = [
        f"Only what was known on {day.isoformat()} is counted: events up to that day, "
        f"and of those dated by year alone up to {last_year(day)}."
    ]
    cut = [period for period in begun if period[1] > last_year(day)]
    gone = [period for period in settings.periods if period not in begun]
    if cut:
        said.append(f"{_named(cut)} had not ended: {'it holds' if len(cut) == 1 else 'they hold'} what was known.")
    if gone:
        said.append(f"{_named(gone)} had not begun and {'is' if len(gone) == 1 else 'are'} left out.")
    return msgspec.structs.replace(settings, periods=begun), tuple(said)


def _named(periods: Sequence[tuple[int, int]]) -> str:
    labels = ", ".join(f"{first}-{last}" for first, last in periods)
    return f"The period {labels}" if len(periods) == 1 else f"The periods {labels}"


def ended(table: pd.DataFrame, day: datetime.date | None) -> tuple[pd.DataFrame, list[str]]:
    """Keep the rows of a table by year whose year had ended on a day, and say how many had not.

    Examples
    --------
    >>> table = pd.DataFrame({"region": ["DE21", "DE21"], "year": [2009, 2010]})
    >>> kept, said = ended(table, datetime.date(2010, 6, 30))
    >>> kept["year"].to_list(), said
    ([2009], ['1 row of regional figures is of a year that had not ended on 2010-06-30 and is not used.'])
    """
    if day is None:
        return table, []
    late = table["year"] > last_year(day)
    number = int(late.sum())
    kept = table[~late].reset_index(drop=True)
    kept.attrs = dict(table.attrs)
    if not number:
        return kept, []
    rows = "1 row of regional figures is" if number == 1 else f"{number:,} rows of regional figures are"
    what = f"of a year that had not ended on {day.isoformat()} and {'is' if number == 1 else 'are'} not used."
    return kept, [f"{rows} {what}"]
