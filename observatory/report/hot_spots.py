"""Maps of star tiers and of hot spots: where clusters are strong, and where the strong are also linked."""

from __future__ import annotations

import pandas as pd

from observatory.figures.nuts_map import nuts_map
from observatory.figures.stars_by_industry import stars_by_industry
from observatory.figures.tier_bars import COLOURS
from observatory.material import Material
from observatory.report.nuts2 import nuts2, spread
from observatory.report.pictures import Picture, picture
from observatory.report.wording import METHODS, years
from observatory.stars.quadrants import QUADRANTS, SCALE

#: Tier → place among the groups of the map, and its colour, as in the figures and tables of stars.
TIER_HUES = {"high": 0, "medium": 1, "basic": 2}
#: Quadrant → place of its hue, the first that a region has decides: strong and linked, strong only, linked only
#: (pale, for most regions have an industry that is).
HOT_HUES = {QUADRANTS[True, True]: 5, QUADRANTS[False, True]: 8, QUADRANTS[True, False]: 19}


def hot_spots(material: Material) -> list[Picture]:
    """Draw the map of tiers and the map of hot spots of the last period; none where the run has no stars."""
    return [*_tier_map(material), *_hot_map(material)]


def best_tiers(stars: pd.DataFrame) -> pd.DataFrame:
    """Find the best tier of any industry in each region, and how many industries have it.

    Parameters
    ----------
    stars
        ``region, industry, tier``; tiers of any method.

    Returns
    -------
    DataFrame
        ``region, tier, value``, sorted by region: only regions with a tier.

    Examples
    --------
    >>> stars = pd.DataFrame({"region": ["DE21"] * 3, "industry": list("abc"), "tier": ["basic", "high", "high"]})
    >>> best_tiers(stars).values.tolist()
    [['DE21', 'high', 2]]
    """
    order = list(TIER_HUES)
    known = stars.assign(tier=stars["tier"].map(SCALE)).dropna(subset=["tier"])
    return _first_of(known, "tier", order)


def hottest(quadrants: pd.DataFrame) -> pd.DataFrame:
    """Find the first quadrant that any industry of a region is in, and how many of its industries are.

    Parameters
    ----------
    quadrants
        ``region, industry, quadrant``; an industry that is in several spaces counts once.

    Returns
    -------
    DataFrame
        ``region, quadrant, value``, sorted by region: only regions that are linked or strong.
    """
    return _first_of(quadrants[quadrants["region"] != ""], "quadrant", list(HOT_HUES))


def _first_of(table: pd.DataFrame, column: str, order: list[str]) -> pd.DataFrame:
    rank = {name: place for place, name in enumerate(order)}
    ranked = table[table[column].isin(order)].drop_duplicates(["region", "industry", column])
    counted = ranked.groupby(["region", column]).size().rename("value").reset_index()
    counted["rank"] = counted[column].map(rank)
    best = counted.sort_values(["region", "rank"]).drop_duplicates("region")
    return best[["region", column, "value"]].reset_index(drop=True)


def industries(material: Material) -> list[Picture]:
    """Draw in how many regions each industry has which tier; none where the run has no tiers."""
    run = material.run
    stars = run.table("stars.parquet") if run.names("stars.parquet") else pd.DataFrame(columns=["industry", "tier"])
    known = stars.assign(tier=stars["tier"].map(SCALE)).dropna(subset=["tier"])
    if known.empty:
        return []
    about = run.manifest["stars"]
    chart = stars_by_industry(
        known.groupby(["industry", "tier"]).size().rename("regions").reset_index(),
        title="Stars by industry: in how many regions it has which tier",
        subtitle="regions (number); at the end of a bar those of each tier, the highest first",
        source=f"{run.manifest['title']}: {about['source']} ({METHODS.get(about['method'], about['method'])}).",
    )
    return [picture("stars-by-industry", chart)]


def _tier_map(material: Material) -> list[Picture]:
    run = material.run
    stars = run.table("stars.parquet") if run.names("stars.parquet") else pd.DataFrame()
    table = best_tiers(stars) if len(stars) else stars
    if table.empty:
        return []
    about = run.manifest["stars"]
    chart = nuts_map(
        _ready(material, table, "tier", TIER_HUES),
        title="Star tiers: the best of any industry in each region",
        subtitle="industries of the region with that tier (number)",
        source=f"{run.manifest['title']}: {about['source']} ({METHODS.get(about['method'], about['method'])}).",
        names={hue: name for name, hue in TIER_HUES.items()},
        value_name="industries",
        shapes=material.shapes,
        kind="best tier",
        nothing="no tier known",
        colours=dict(enumerate(COLOURS)),
    )
    return [picture("map-tiers", chart)]


def _hot_map(material: Material) -> list[Picture]:
    table = material.profiled("stars/quadrants", material.last)
    table = hottest(table) if len(table) else table
    if table.empty:
        return []
    chart = nuts_map(
        _ready(material, table, "quadrant", HOT_HUES),
        title=f"Hot spots: where the strong are also linked, {years(material.last)}",
        subtitle="a region has the first colour that any of its industries has; value: its industries of that colour "
        "(number)",
        source=f"{material.run.manifest['title']}: stars/quadrants.parquet.",
        names={hue: name for name, hue in HOT_HUES.items()},
        value_name="industries",
        shapes=material.shapes,
        kind="industry of the region",
        nothing="none of these",
    )
    return [picture("map-hot-spots", chart)]


def _ready(material: Material, table: pd.DataFrame, column: str, hues: dict[str, int]) -> pd.DataFrame:
    names = material.region_names
    ready = pd.DataFrame(
        {
            "region": [nuts2(str(code)) for code in table["region"]],
            "group": table[column].map(hues),
            "label": [names.get(str(code), "") for code in table["region"]],
            "value": table["value"],
        }
    )
    # Of several NUTS3 regions of one NUTS2 region the best stands for all.
    ready = ready.sort_values(["region", "group"]).drop_duplicates("region")
    return spread(ready, material)
