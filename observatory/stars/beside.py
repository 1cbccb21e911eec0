"""Star tiers set beside anything that names regions and industries, such as collaboration spaces."""

from __future__ import annotations

import pandas as pd

from linkages.concentration import outside_nuts
from observatory.stars.tiers import TIERS

#: What is known of a pair that the published table does not name: basic clusters are printed as counts only.
UNPRINTED = "basic or none"
#: What is said of a region that the star table does not hold at all, such as a country outside Europe.
NOT_KNOWN = "not known"
#: Tiers of the 2009 method, by the number of stars.
STARS_2009 = ("none", "one star", "two stars", "three stars")


def _with_tier(stars: pd.DataFrame) -> pd.DataFrame:
    """Region, industry, tier, total, whatever the table's own columns."""
    table = stars.copy()
    if "tier" not in table:
        table["tier"] = table["total"].map(dict(enumerate(STARS_2009)))
    if "total" not in table:
        table["total"] = pd.NA
    return table[["region", "industry", "tier", "total"]]


def tiers_of(pairs: pd.DataFrame, stars: pd.DataFrame) -> pd.DataFrame:
    """Look up the tier of each pair of a region and an industry.

    Parameters
    ----------
    pairs
        ``region`` (NUTS2), ``industry`` (a name as in the star table).
    stars
        A table of :func:`observatory.stars.star_scores`, or of :func:`observatory.stars.published_tiers`,
        which has no ``total``.

    Returns
    -------
    pandas.DataFrame
        ``region, industry, tier, total``, one row for each row of ``pairs`` and in its order. A pair that the
        star table does not hold is ``none`` with 0 stars in a computed table, and ``basic or none`` with no
        total in the published one, which prints no basic clusters. Of a region that is nowhere in the computed
        table, or outside NUTS, it is ``not known``. Tables of the 2009 method have the tiers ``three stars``,
        ``two stars``, ``one star`` and ``none``.

    Examples
    --------
    >>> from observatory.stars import published_tiers
    >>> pairs = pd.DataFrame({"region": ["DE11", "DE11"], "industry": ["Automotive", "Coal Mining"]})
    >>> tiers_of(pairs, published_tiers())["tier"].to_list()
    ['high', 'basic or none']
    """
    asked = pairs[["region", "industry"]]
    found = asked.merge(_with_tier(stars), on=["region", "industry"], how="left", validate="many_to_one")
    total = pd.to_numeric(found["total"]).astype("Int64")
    computed = "total" in stars and bool(stars["total"].notna().any())
    held = found["region"].isin(set(stars["region"])) if computed else ~_beyond(found["region"])
    found["total"] = total.mask(found["tier"].isna() & held, 0) if computed else total
    absent = pd.Series(TIERS[-1] if computed else UNPRINTED, index=found.index).where(held, NOT_KNOWN)
    found["tier"] = found["tier"].where(found["tier"].notna(), absent).astype("str")
    return found.set_axis(pairs.index)


def _beyond(regions: pd.Series[str]) -> pd.Series[bool]:
    """Tell which places have no region of NUTS: countries outside it, and what is not known."""
    return (regions == "") | outside_nuts(regions)


def summary(tiers: pd.DataFrame, by: str | None = None) -> pd.DataFrame:
    """Count the pairs of each tier.

    Parameters
    ----------
    tiers
        Anything with a column ``tier``: star scores, published tiers or the result of :func:`tiers_of`.
    by
        A column to count within, such as ``industry`` or ``region``.

    Returns
    -------
    pandas.DataFrame
        ``tier, number`` (pairs of a region and an industry), after ``by`` where that is given; a tier without
        a pair counts 0.

    Examples
    --------
    >>> table = pd.DataFrame({"industry": ["Plastics"] * 3, "tier": ["high", "none", "none"]})
    >>> dict(summary(table).itertuples(index=False))
    {'high': 1, 'medium': 0, 'basic': 0, 'none': 2}
    """
    seen = set(tiers["tier"])
    scale = STARS_2009[::-1] if seen & set(STARS_2009[1:]) else TIERS
    order = [*scale, *sorted(seen - set(scale))]
    groups = [by] if by else []
    counted = tiers.groupby([*groups, "tier"]).size().rename("number").reset_index()
    rows = counted[[by]].drop_duplicates() if by else pd.DataFrame(index=[0])
    grid = rows.merge(pd.DataFrame({"tier": order}), how="cross")
    result = grid.merge(counted, on=[*groups, "tier"], how="left", validate="one_to_one")
    return result.assign(number=result["number"].fillna(0).astype("int64"))
