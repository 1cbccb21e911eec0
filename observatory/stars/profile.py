"""A region's profile: the linkages that its strong industries lack, partners for them, and regions like it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from linkages.strength import strength
from observatory.stars.beside import tiers_of
from observatory.stars.quadrants import SCALE, STRONG, strong_tiers
from observatory.stars.tiers import TIERS

#: Two industries are linked in Europe where they have this many events, and more than this times the expected.
EVENTS, ABOVE = 3, 1.0
#: How many partners are named for each lacking linkage, and how many regions are like a region.
PARTNERS, ALIKE = 5, 5
#: Share of a region's industries in spaces that a region like it has linkages of too.
COMMON = 0.25
_RANK = {tier: TIERS.index(scale) for tier, scale in SCALE.items()}


def linked_industries(pairs: pd.DataFrame, *, events: int = EVENTS, above: float = ABOVE) -> pd.DataFrame:
    """Find the industries of each space that are linked in Europe above expectation.

    Parameters
    ----------
    pairs
        ``space, source, target, events``: what :func:`observatory.stars.linked.pair_table` returns.
    events, above
        Least number of events, and the association strength that a link must be above.

    Returns
    -------
    DataFrame
        ``space, industry, other, events, association``, each pair from both ends, sorted. Association strength
        is that of the network of industries within the space.

    Examples
    --------
    >>> rows = [("Apparel", "Automotive", 5), ("Apparel", "Plastics", 1), ("Automotive", "Plastics", 9)]
    >>> pairs = pd.DataFrame(rows, columns=["source", "target", "events"]).assign(space="s1")
    >>> linked_industries(pairs)[["industry", "other", "events"]].head(2).to_numpy().tolist()
    [['Apparel', 'Automotive', 5], ['Automotive', 'Apparel', 5]]

    References
    ----------
    van Eck & Waltman (2009), as in :func:`linkages.strength.strength`.
    """
    parts = [
        strength(links.drop(columns="space").assign(weight=links["events"].astype("float64"))).assign(space=space)
        for space, links in pairs.groupby("space", sort=True)
    ]
    columns = ["space", "industry", "other", "events", "association"]
    if not parts:
        return pd.DataFrame(columns=columns)
    table = pd.concat(parts, ignore_index=True)
    table = table[(table["association"] > above) & (table["events"] >= events)]
    one = table.rename(columns={"source": "industry", "target": "other"})
    two = table.rename(columns={"target": "industry", "source": "other"})
    both = pd.concat([one, two], ignore_index=True)[columns]
    return both.sort_values(["space", "industry", "other"], ignore_index=True)


def lacking_linkages(
    table: pd.DataFrame, reach: pd.DataFrame, linked: pd.DataFrame, stars: pd.DataFrame
) -> pd.DataFrame:
    """List the linkages that a region lacks although it is strong at one end of them.

    Parameters
    ----------
    table
        What :func:`observatory.stars.quadrants.quadrants` returns.
    reach
        ``space, industry, region, other, events``: what :func:`observatory.stars.linked.reach_table` returns.
    linked
        What :func:`linked_industries` returns.
    stars
        The star table.

    Returns
    -------
    DataFrame
        ``space, region, industry, tier, stars, other, other_tier, events, association``: the region's strong
        industry with its tier; another industry of the space with its tier in the same region; the events that
        link the two in Europe, of which the region's industry has none, and how many times more than expected
        that is. By space, region, industry, and the strongest association first.
    """
    strong = table.loc[table["strong"], ["space", "region", "industry", "tier", "stars"]]
    wanted = strong.merge(linked, on=["space", "industry"])
    had = reach[["space", "industry", "region", "other"]].assign(had=True)
    missing = wanted.merge(had, on=["space", "industry", "region", "other"], how="left")
    missing = missing[missing["had"].isna()].drop(columns="had")
    home = missing[["region"]].assign(industry=missing["other"])
    missing["other_tier"] = tiers_of(home, stars)["tier"]
    columns = ["space", "region", "industry", "tier", "stars", "other", "other_tier", "events", "association"]
    order = ["space", "region", "industry", "association", "other"]
    return missing[columns].sort_values(order, ascending=[True, True, True, False, True], ignore_index=True)


def partners_of(
    lacking: pd.DataFrame,
    reach: pd.DataFrame,
    stars: pd.DataFrame,
    nearness: pd.DataFrame,
    beyond: pd.Series[str],
    *,
    least: str = STRONG,
    top: int = PARTNERS,
) -> pd.DataFrame:
    """Name partners for each lacking linkage: regions strong at its other end.

    They are ranked by the events of the same pair of industries that they already have, then by tier and stars,
    then by how near they are in the network of regions: fewest steps, most common events.

    Parameters
    ----------
    lacking
        What :func:`lacking_linkages` returns.
    reach, stars
        As there.
    nearness
        What :func:`nearness_of` returns.
    beyond
        Third countries: they have no tier, and are partners where they have an event of the pair.
    least, top
        Least tier of a strong cluster; how many partners are named.

    Returns
    -------
    DataFrame
        ``space, region, industry, other, rank, partner, tier, stars, events, steps, together``: `events` of the
        partner's other industry with the region's industry anywhere; `steps` between the two regions (1 where they
        have an event together, null where nothing joins them); `together` the events that join them.
    """
    keys = ["space", "region", "industry", "other"]
    met = reach.rename(columns={"region": "partner", "industry": "other", "other": "industry"})
    strong = _clusters(stars, least).rename(columns={"region": "partner", "industry": "other"})
    near = lacking[keys].merge(strong, on="other")
    third = met.loc[met["partner"].isin(set(beyond)), ["space", "industry", "other", "partner"]]
    far = lacking[keys].merge(third, on=["space", "industry", "other"])
    both = pd.concat([near[[*keys, "partner"]], far[[*keys, "partner"]]]).drop_duplicates(ignore_index=True)
    rated = tiers_of(both[["partner", "other"]].set_axis(["region", "industry"], axis=1), stars)
    both["tier"], both["stars"] = rated["tier"], rated["total"]
    both = both[both["partner"] != both["region"]]
    both = both.merge(met, on=["space", "industry", "other", "partner"], how="left")
    both = both.merge(nearness, on=["region", "partner"], how="left")
    both = both.assign(
        events=both["events"].fillna(0).astype("int64"),
        together=both["together"].fillna(0).astype("int64"),
        steps=both["steps"].astype("Int64"),
        scale=both["tier"].map(_RANK).fillna(len(TIERS)),
        some=both["stars"].fillna(-1),
        far=both["steps"].astype("Float64").fillna(np.inf),
    )
    order = [*keys, "events", "scale", "some", "far", "together", "partner"]
    up = [True] * len(keys) + [False, True, False, True, False, True]
    both = both.sort_values(order, ascending=up, ignore_index=True)
    both["rank"] = both.groupby(keys).cumcount() + 1
    columns = [*keys, "rank", "partner", "tier", "stars", "events", "steps", "together"]
    return both.loc[both["rank"] <= top, columns].reset_index(drop=True)


def _clusters(stars: pd.DataFrame, least: str) -> pd.DataFrame:
    """List the strong clusters: ``region, industry``."""
    known = tiers_of(stars[["region", "industry"]].drop_duplicates(), stars)
    return known.loc[strong_tiers(known["tier"], least), ["region", "industry"]]


def nearness_of(links: pd.DataFrame) -> pd.DataFrame:
    """Count the steps between every two regions of a network.

    Parameters
    ----------
    links
        ``region_a, region_b, events``: each pair of regions once, without a region's link to itself.

    Returns
    -------
    DataFrame
        ``region, partner, steps, together``: both ways round; pairs that nothing joins are absent.

    Examples
    --------
    >>> links = pd.DataFrame({"region_a": ["AT31", "BE10"], "region_b": ["BE10", "CZ01"], "events": [4, 2]})
    >>> nearness_of(links).to_numpy().tolist()[:3]
    [['AT31', 'BE10', 1, 4], ['AT31', 'CZ01', 2, 0], ['BE10', 'AT31', 1, 4]]
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import shortest_path

    places = sorted({*links["region_a"], *links["region_b"]})
    number = {place: row for row, place in enumerate(places)}
    one, two = (links[end].map(number).to_numpy("int64") for end in ("region_a", "region_b"))
    size = len(places)
    if not size:
        return pd.DataFrame(columns=["region", "partner", "steps", "together"])
    graph = coo_array((np.ones(len(links)), (one, two)), shape=(size, size)).tocsr()
    steps = shortest_path(graph, directed=False, unweighted=True)
    together = np.zeros((size, size), dtype="int64")
    together[one, two] = together[two, one] = links["events"].to_numpy("int64")
    rows, columns = np.nonzero(np.isfinite(steps) & (steps > 0))
    names = np.array(places, dtype=object)
    table = pd.DataFrame({"region": names[rows], "partner": names[columns]}).astype("str")
    return table.assign(steps=steps[rows, columns].astype("int64"), together=together[rows, columns])


def regions_alike(table: pd.DataFrame, links: pd.DataFrame, *, top: int = ALIKE) -> pd.DataFrame:
    """Find, for each region, the regions most like it that it has no event with.

    Two regions are alike by the cosine of their linkages: of the numbers of events of each industry in each
    space, 0 where they share none, 1 where they have the same in the same proportions. A region with an event
    or two can have a cosine near 1 with any: only those count that share at least :data:`COMMON` of the
    industries in spaces that the region has linkages of.

    Parameters
    ----------
    table
        What :func:`observatory.stars.quadrants.quadrants` returns.
    links
        ``region_a, region_b, events``: the pairs of regions that have an event together.

    Returns
    -------
    DataFrame
        ``region, rank, other, similarity, shared``: at most `top` a region; `shared` counts the industries in a
        space that both have linkages of.

    Examples
    --------
    >>> table = pd.DataFrame({"space": "s", "industry": ["x", "y", "x", "y", "x"],
    ...                       "region": ["A", "A", "B", "B", "C"], "linkage": [3, 4, 6, 8, 5]})
    >>> links = pd.DataFrame({"region_a": ["A"], "region_b": ["C"], "events": [1]})
    >>> regions_alike(table, links).to_numpy().tolist()
    [['A', 1, 'B', 1.0, 2], ['B', 1, 'A', 1.0, 2], ['B', 2, 'C', 0.6, 1], ['C', 1, 'B', 0.6, 1]]
    """
    some = table[(table["linkage"] > 0) & (table["region"] != "")]
    wide = some.pivot_table(
        index="region", columns=["space", "industry"], values="linkage", aggfunc="sum", fill_value=0
    ).sort_index()
    columns = ["region", "rank", "other", "similarity", "shared"]
    if wide.empty:
        return pd.DataFrame(columns=columns)
    counts = wide.to_numpy("int64")  # whole numbers: their products add up to the same in any order
    inner = counts @ counts.T
    norms = np.diag(inner).astype("float64")
    alike = np.round(inner / np.sqrt(np.outer(norms, norms)), 6)
    shared = (counts > 0).astype("int64") @ (counts > 0).astype("int64").T
    names = wide.index.to_numpy()
    position = {name: row for row, name in enumerate(names)}
    apart = ~np.eye(len(names), dtype=bool)
    for one, two in zip(links["region_a"], links["region_b"], strict=True):
        if one in position and two in position:
            apart[position[one], position[two]] = apart[position[two], position[one]] = False
    enough = shared >= COMMON * np.diag(shared)[:, None]
    rows, others = np.nonzero(apart & enough & (inner > 0))
    found = pd.DataFrame({"region": names[rows], "other": names[others]}).astype("str")
    found = found.assign(similarity=alike[rows, others], shared=shared[rows, others])
    found = found.sort_values(["region", "similarity", "other"], ascending=[True, False, True], ignore_index=True)
    found["rank"] = found.groupby("region").cumcount() + 1
    return found.loc[found["rank"] <= top, columns].reset_index(drop=True)
