"""How far each choice for a year that two periods share moves a network's links."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from linkages.likeness import TOP, likeness
from linkages.periods import SHARED_YEAR, Period, year_weights
from linkages.yearly import Years, in_years, links_of


def shared_years(periods: Sequence[Period]) -> list[int]:
    """List the years that two periods or more hold.

    Examples
    --------
    >>> shared_years([Period(2000, 2007), Period(2007, 2014)])
    [2007]
    """
    every = sorted({year for period in periods for year in range(period.first, period.last + 1)})
    return [year for year in every if sum(year in period for period in periods) > 1]


def shared_year_effect(
    years: Years, periods: Sequence[Period], sources: Sequence[str], own: str = "both", top: int = TOP
) -> pd.DataFrame:
    """Count the links of each period under every choice, and hold them against the study's own choice.

    Parameters
    ----------
    years
        What :func:`linkages.yearly.count_years` returns for the parts of the study.
    periods
        All periods of the study.
    sources
        Kinds of event and ``all``.
    own
        The study's choice.
    top
        How many of the strongest links are looked at.

    Returns
    -------
    DataFrame
        ``source, period, shared_year, events, links, weight`` and the columns of
        :func:`linkages.likeness.likeness` beside the own choice: ``shared, rank_correlation, top, top_kept,
        top_moved, top_moved_most``. No row where the periods share no year.

    References
    ----------
    European Cluster Trends, methodology 2014, 3: the periods 2000-2007 and 2007-2014 share 2007.
    """
    rows: list[dict[str, Any]] = []
    for source in sources if shared_years(periods) else ():
        for period in sorted(periods):
            found = {choice: _counted(years, period, periods, source, choice) for choice in SHARED_YEAR}
            for choice, (links, events) in found.items():
                rows.append(
                    {
                        "source": source,
                        "period": str(period),
                        "shared_year": choice,
                        "events": events,
                        "links": len(links),
                        "weight": float(np.sort(links["weight"].to_numpy(float)).sum()),
                        **likeness(found[own][0], links, top),
                    }
                )
    return pd.DataFrame(rows)


def _counted(
    years: Years, period: Period, periods: Sequence[Period], source: str, choice: str
) -> tuple[pd.DataFrame, int]:
    weights = year_weights(period, periods, choice)
    links = links_of(years.parts, weights, source, years.unit)
    kept = links[(links["source"] != links["target"]) & (links["weight"] > 0)]
    return kept, int(in_years(years.events, weights, source)["events"].sum())
