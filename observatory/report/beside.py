"""Spaces beside stars: how strongly each industry of a space is linked in a region, against its star tier."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ingest.engine import records_of
from ingest.regions import region_name
from observatory.figures.spaces_and_stars import spaces_and_stars
from observatory.lineage import letter
from observatory.material import Material
from observatory.report.lines import line_names
from observatory.report.pictures import Picture, picture
from observatory.report.wording import METHODS, TIERS, number, years
from observatory.stars.beside import NOT_KNOWN
from observatory.stars.quadrants import QUADRANTS, stated

COLUMNS = ["space", "industry", "region", "linkage", "tier", "stars", "quadrant"]
#: How many rows of each quarter are listed on the page.
LISTED = 6


def stars_beside(material: Material) -> pd.DataFrame:
    """Read the linkages of each space's industries in the regions of the star table, in the last period.

    Returns
    -------
    DataFrame
        ``space, industry, region, linkage, tier, stars, quadrant``: `space` is the number of its line, `linkage`
        the events within the space of which the industry in the region is an end; `tier` is in the words of the
        star table. By linkage. Regions that the star table does not hold are left to ``stars/quadrants.parquet``.
    """
    table = material.profiled("stars/quadrants", material.last)
    if table.empty:
        return pd.DataFrame(columns=COLUMNS)
    table = table[(table["tier"] != NOT_KNOWN) & (table["region"] != "")]
    table = table.assign(space=table["space"].map(material.lines_of_last))
    order = ["linkage", "space", "industry", "region"]
    return table[COLUMNS].sort_values(order, ascending=[False, True, True, True], ignore_index=True)


def drawn(material: Material, points: pd.DataFrame) -> pd.DataFrame:
    """Keep of the pairs that are counted those in the regions where most of a space's events are.

    All of them would hide one another: hundreds have an event or two.
    """
    rows = [
        (material.lines_of_last[space["id"]], row["industry"], row["region"], row["tier"])
        for space in material.spaces(f"sector__all__{material.last}")
        for row in space.get("tiers") or []
    ]
    grid = pd.DataFrame(rows, columns=["space", "industry", "region", "tier"])
    grid = grid[grid["tier"] != NOT_KNOWN]
    keys = ["space", "industry", "region"]
    return grid.merge(points[[*keys, "linkage"]].astype({"space": "int64"}), on=keys)


def section(material: Material, points: pd.DataFrame) -> dict[str, Any]:
    """Gather the section of spaces beside stars, for its template."""
    about = material.run.manifest["stars"]
    names, nuts = material.region_names, int(material.settings["nuts"])
    where = points["quadrant"]
    dots = drawn(material, points)
    return {
        "pictures": [_drawing(material, dots, len(points))] if len(dots) else [],
        "about": about,
        "method": METHODS.get(about["method"], about["method"]),
        "quarters": [
            {
                "name": name,
                "number": number((where == name).sum()),
                "rows": [
                    [letter(int(row["space"])), row["industry"],
                     names.get(row["region"]) or region_name(row["region"], nuts), row["region"],
                     number(row["linkage"]), row["tier"]]
                    for row in records_of(foremost(points[where == name], name).head(LISTED))
                ],
            }
            for name in QUADRANTS.values()
            if len(points)
        ],
        "stated": said(material),
    }  # fmt: skip


def foremost(points: pd.DataFrame, name: str) -> pd.DataFrame:
    """Order a quadrant: the most linked first; of strong clusters with few linkages those with most stars and fewest.

    Parameters
    ----------
    points
        Rows of :func:`stars_beside` that lie in the quadrant.
    name
        The quadrant, in words.
    """
    if name == QUADRANTS[False, True]:
        order = ["stars", "linkage", "space", "industry", "region"]
        points = points.sort_values(order, ascending=[False, True, True, True, True], na_position="last")
    return points


def said(material: Material) -> list[str]:
    """Say what strong and linked mean in the last period."""
    about = material.profiles_about
    if not about:
        return []
    return stated(about["limits"][material.last], about["strong"], about["linked"], published=about["published"])


def _of(dots: int, counted: int) -> str:
    """Say how many of the pairs that the lists count are drawn, where these are not all.

    Examples
    --------
    >>> _of(170, 1778)
    ". Drawn: 170 of the 1,778 pairs that are counted, those in the regions with most of their space's events"
    >>> _of(3, 3)
    ''
    """
    said = f". Drawn: {number(dots)} of the {number(counted)} pairs that are counted, those in the regions with "
    return f"{said}most of their space's events" if dots < counted else ""


def _drawing(material: Material, points: pd.DataFrame, counted: int) -> Picture:
    network = f"sector__all__{material.last}"
    about = material.run.manifest["stars"]
    tiers = f"{about['source']} ({METHODS.get(about['method'], about['method'])})"
    chart = spaces_and_stars(
        points.assign(tier=points["tier"].map(TIERS)),
        title=f"Strong linkages and strong clusters, {years(material.last)}",
        subtitle="each dot: an industry of a space in one of the space's regions; height: events within the space of "
        f"which the industry in the region is one end{_of(len(points), counted)}",
        source=f"{material.run.manifest['title']}: {network}; tiers: {tiers}.",
        names=line_names(material, [network]),
        value_name="events",
        middle=material.profiles_about["limits"][material.last],
        no_tier=", ".join(sorted(set(points["tier"]) - set(TIERS))) or "none",
    )
    return picture("stars-beside", chart)
