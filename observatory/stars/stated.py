"""The method of a star table in a sentence, and every threshold that it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from observatory.stars.levels import CALLED
from observatory.stars.notes import span
from observatory.stars.observatory2009 import LEAST_QUOTIENT, TOP_PARTS
from observatory.stars.panorama import SUMMED_PARTS, YEARLY_PARTS
from observatory.stars.tiers import LEAST_STARS, TIERS

PANORAMA_SOURCE = "European Panorama of Clusters and Industrial Change 2020, 2.1"
OBSERVATORY_SOURCE = "European Cluster Observatory, results of its first three years, 2009"


def thresholds(method: str) -> dict[str, Any]:
    """Return the thresholds of a method, as numbers.

    Parameters
    ----------
    method
        ``panorama`` or ``observatory2009``.

    Returns
    -------
    dict
        Shares are parts of the ranked regions (0-1), quotients are location quotients, ``tiers`` the least
        stars of each tier.

    Examples
    --------
    >>> thresholds("panorama")["tiers"]
    {'high': 13, 'medium': 10, 'basic': 7}
    """
    if method == "observatory2009":
        top = TOP_PARTS[0] / TOP_PARTS[1]
        return {"size_top_share": top, "focus_top_share": top, "specialisation_least_quotient": LEAST_QUOTIENT}
    return {
        "yearly_top_share": YEARLY_PARTS[0][0] / YEARLY_PARTS[1],
        "summed_top_shares": [part / SUMMED_PARTS[1] for part in SUMMED_PARTS[0]],
        "tiers": dict(zip(TIERS, LEAST_STARS, strict=False)),
    }


def how(method: str, level: str, years3: Sequence[int], years9: Sequence[int]) -> str:
    """Say in a sentence or two how the stars of a table were given.

    Examples
    --------
    >>> how("observatory2009", "industry", [2012, 2013, 2014], [2014])[:66]
    'Observatory 2009, for the 51 industries: in 2014 a star each for s'
    """
    what = CALLED[level]
    if method == "observatory2009":
        top = _percent(TOP_PARTS[0], TOP_PARTS[1])
        return (
            f"Observatory 2009, for {what}: in {years3[-1]} a star each for size (top {top} of the industry's regions "
            f"by employment), specialisation (location quotient of {LEAST_QUOTIENT:g} or more) and focus (top {top} of "
            f"all pairs of a region and an industry by share of the region's employment). {OBSERVATORY_SOURCE}."
        )
    yearly = _percent(YEARLY_PARTS[0][0], YEARLY_PARTS[1])
    summed = ", ".join(_percent(part, SUMMED_PARTS[1]) for part in SUMMED_PARTS[0])
    tiers = ", ".join(f"{tier} from {least}" for tier, least in zip(TIERS, LEAST_STARS, strict=False))
    return (
        f"Panorama 2020, for {what}: for each year of {span(years3)} a star to the top {yearly} of the industry's "
        f"regions by size (employment), specialisation (location quotient) and productivity (average wage); 3, 2 and 1 "
        f"stars for the top {summed} by the sums of {span(years9)} of high-growth SMEs and of frontier firms; ties "
        f"share the better rank; what is not known earns nothing. Tiers by the total of stars (0-15): {tiers}. "
        f"{PANORAMA_SOURCE}."
    )


def _percent(part: int, of: int) -> str:
    return f"{100 * part / of:g} %"
