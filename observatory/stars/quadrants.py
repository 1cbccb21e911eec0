"""Strong or weak, linked or isolated: an industry of a region within a space, in words."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from observatory.stars.beside import NOT_KNOWN, UNPRINTED, tiers_of
from observatory.stars.tiers import TIERS

#: Words of the quadrants: (linked, strong).
QUADRANTS: Mapping[tuple[bool, bool], str] = {
    (True, False): "Linked, not yet a strong cluster",
    (True, True): "Linked and a strong cluster",
    (False, False): "Neither",
    (False, True): "Strong cluster, few linkages",
}
#: The same where the star table does not hold the region: by linked.
TIERLESS: Mapping[bool, str] = {True: "Linked, tier not known", False: "Few linkages, tier not known"}
#: Tiers of any method on the scale of three; the rest has no tier.
SCALE: Mapping[str, str] = {
    "high": "high",
    "medium": "medium",
    "basic": "basic",
    "three stars": "high",
    "two stars": "medium",
    "one star": "basic",
}
#: Least tier of a strong cluster; the share of linked pairs that a pair must be above to count as linked.
STRONG, LINKED = "medium", 0.5


def strong_tiers(tier: pd.Series[str], least: str = STRONG) -> pd.Series[bool]:
    """Tell which tiers are strong: at least `least`, on the scale high, medium, basic.

    Raises
    ------
    ValueError
        For a least tier that is not on the scale.

    Examples
    --------
    >>> strong_tiers(pd.Series(["high", "two stars", "basic", "basic or none", "not known"])).to_list()
    [True, True, False, False, False]
    """
    if least not in TIERS[:3]:
        raise ValueError(f"the least tier of a strong cluster is one of {', '.join(TIERS[:3])}; got {least!r}")
    enough = TIERS[: TIERS.index(least) + 1]
    return tier.map(SCALE).isin(enough)


def linked_limit(events: pd.Series[int], share: float = LINKED) -> float:
    """Give the number of events above which a pair counts as linked: a quantile of the pairs that have any.

    Parameters
    ----------
    events
        Events of each pair; pairs without any do not count.
    share
        0.5 for the median, 0.75 for the upper quartile; between two numbers, half way.

    Examples
    --------
    >>> linked_limit(pd.Series([0, 0, 1, 3, 8])), linked_limit(pd.Series([0]))
    (3.0, 0.0)
    """
    some = events[events > 0]
    return float(some.quantile(share, interpolation="midpoint")) if len(some) else 0.0


def quadrants(
    standings: pd.DataFrame, stars: pd.DataFrame, *, least: str = STRONG, share: float = LINKED
) -> tuple[pd.DataFrame, float]:
    """Set the linkages of each industry in each region beside its tier, within each space.

    Parameters
    ----------
    standings
        ``space, industry, region, events``: what :func:`observatory.stars.linked.standing_table` returns.
    stars
        Any star table, as :func:`observatory.stars.tiers_of` takes it.
    least, share
        Least tier of a strong cluster; quantile above which a pair is linked.

    Returns
    -------
    DataFrame, float
        ``space, industry, region, linkage, tier, stars, linked, strong, quadrant``, sorted: every pair that has an
        event in the space (also without a known region, which is empty), and every strong cluster of an industry
        that occurs in the space, with 0 events where it has none. And the number of events above which a pair is
        linked.

    Examples
    --------
    >>> standings = pd.DataFrame({"space": "s1", "industry": "Plastics", "region": ["AT31", "CZ01"], "events": [9, 1]})
    >>> stars = pd.DataFrame({"region": ["AT31", "BE10"], "industry": "Plastics", "tier": ["none", "high"],
    ...                       "total": [2, 13]})
    >>> table, limit = quadrants(standings, stars)
    >>> table[["region", "linkage", "tier", "quadrant"]].to_numpy().tolist()
    [['AT31', 9, 'none', 'Linked, not yet a strong cluster'],
     ['BE10', 0, 'high', 'Strong cluster, few linkages'],
     ['CZ01', 1, 'not known', 'Few linkages, tier not known']]
    """
    known = tiers_of(stars[["region", "industry"]].drop_duplicates(), stars)
    clusters = known.loc[strong_tiers(known["tier"], least), ["industry", "region"]]
    inside = standings[["space", "industry"]].drop_duplicates().merge(clusters, on="industry")
    keys = ["space", "industry", "region"]
    table = standings.rename(columns={"events": "linkage"}).merge(inside, on=keys, how="outer")
    table["linkage"] = table["linkage"].fillna(0).astype("int64")
    table = table.sort_values(keys, ignore_index=True)
    rated = tiers_of(table, stars)
    table["tier"], table["stars"] = rated["tier"], rated["total"]
    limit = linked_limit(table.loc[table["region"] != "", "linkage"], share)
    table["linked"] = table["linkage"] > limit
    table["strong"] = strong_tiers(table["tier"], least)
    table["quadrant"] = _words(table)
    return table, limit


def _words(table: pd.DataFrame) -> pd.Series[str]:
    words = [
        TIERLESS[bool(linked)] if tier == NOT_KNOWN else QUADRANTS[bool(linked), bool(strong)]
        for linked, strong, tier in zip(table["linked"], table["strong"], table["tier"], strict=True)
    ]
    return pd.Series(words, index=table.index, dtype="str")


def stated(limit: float, least: str = STRONG, share: float = LINKED, *, published: bool = False) -> list[str]:
    """Say in sentences what strong and linked mean.

    Examples
    --------
    >>> print(*stated(2.0), sep=" ")
    Strong: a tier of medium or better. Linked: more than 2 events, the median of the pairs that have any.
    """
    enough = "high" if least == "high" else f"{least} or better"
    middle = "the median" if share == 0.5 else f"the quantile {share:g}"
    sentences = [
        f"Strong: a tier of {enough}.",
        f"Linked: more than {limit:g} {'event' if limit == 1 else 'events'}, {middle} of the pairs that have any.",
    ]
    if published:
        strong = f"and strong clusters of {UNPRINTED!r} escape" if least == "basic" else f"{UNPRINTED!r} is not strong"
        sentences.append(f"Of the published tiers, basic clusters are printed as counts only: {strong}.")
    return sentences
