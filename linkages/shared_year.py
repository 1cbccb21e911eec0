"""How far each choice for a year that two periods share moves a network's links."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from linkages.likeness import TOP, Floats, of_weights
from linkages.periods import SHARED_YEAR, Period, year_weights
from linkages.yearly import LINK_KEYS, Years, in_years, whole_steps


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
        :func:`linkages.likeness.of_weights` beside the own choice: ``shared, rank_correlation, top, top_kept,
        top_moved, top_moved_most``. No row where the periods share no year.

    References
    ----------
    European Cluster Trends, methodology 2014, 3: the periods 2000-2007 and 2007-2014 share 2007.
    """
    rows: list[dict[str, Any]] = []
    links = _Links(years)
    for source in sources if shared_years(periods) else ():
        for period in sorted(periods):
            weights = {choice: year_weights(period, periods, choice) for choice in SHARED_YEAR}
            found = {choice: links.weights(weighed, source) for choice, weighed in weights.items()}
            for choice, weight in found.items():
                rows.append(
                    {
                        "source": source,
                        "period": str(period),
                        "shared_year": choice,
                        "events": int(in_years(years.events, weights[choice], source)["events"].sum()),
                        "links": int((weight > 0).sum()),
                        "weight": float(np.sort(weight[weight > 0]).sum()),
                        **of_weights(found[own], weight, top),
                    }
                )
    return pd.DataFrame(rows)


class _Links:
    """The links of all years by number, in the order of their names, so that summing them again is cheap."""

    def __init__(self, years: Years) -> None:
        parts = years.parts[years.parts["source"] != years.parts["target"]]
        self.parts = parts.assign(link=parts.groupby(LINK_KEYS, sort=True).ngroup()).drop(columns=LINK_KEYS)
        self.number = int(self.parts["link"].max()) + 1 if len(parts) else 0
        self.unit = years.unit

    def weights(self, weights: Mapping[int, float], source: str) -> Floats:
        """Give every link its weight in a period and source, 0 where it has none."""
        chosen = whole_steps(in_years(self.parts, weights, source))
        fixed = np.zeros(self.number, dtype="int64")
        np.add.at(fixed, chosen["link"].to_numpy("int64"), chosen["fixed"].to_numpy("int64"))
        return np.asarray(fixed / self.unit, dtype="float64")
