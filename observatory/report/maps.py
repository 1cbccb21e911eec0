"""Maps: regions by the space whose linkages are strongest there, and by the communities of regions."""

from __future__ import annotations

from typing import Any

import pandas as pd

from observatory.figures.nuts_map import nuts_map
from observatory.material import Material
from observatory.report.hot_spots import hot_spots
from observatory.report.lines import group_names, groups_of, line_names, lines_of
from observatory.report.nuts2 import nuts2, spread
from observatory.report.pictures import Picture, picture
from observatory.report.region_nets import region_networks
from observatory.report.weighing import unit_name
from observatory.report.wording import years

#: How many of the strongest links between regions are drawn on the map.
ARCS = 40
#: How regions of other levels are drawn, by the study's level.
LEVELS = {
    "nuts0": " Every NUTS2 region has the colour of its country.",
    "nuts1": " Every NUTS2 region has the colour of its NUTS1 region.",
    "nuts2": "",
    "nuts3": " Linkages of NUTS3 regions are summed over their NUTS2 region.",
}
HOW = (
    "A region has the colour of the space for which the joint table counts the most linkages there: pairs of two "
    "sectors of the space, of all sources, with an end in the region. A large space may be the strongest "
    "almost everywhere: share, in the data below each map, is its part of all linkages within spaces there."
)


def strongest(joint: pd.DataFrame, lines: pd.Series[Any]) -> pd.DataFrame:
    """Find the space with the most linkages in each region.

    Parameters
    ----------
    joint
        ``sector_a, sector_b, region_a, region_b, events`` of one period.
    lines
        Sector → number of its space's line.

    Returns
    -------
    DataFrame
        ``region, group, value, share``: the line, its linkages in the region, and their share of all
        linkages within spaces there; of equals the one with the smaller number. Sorted by region.

    Examples
    --------
    >>> joint = pd.DataFrame({"sector_a": ["1"], "sector_b": ["2"], "region_a": ["DK01"], "region_b": ["SE22"],
    ...                       "events": [3]})
    >>> strongest(joint, pd.Series({"1": 0, "2": 0})).values.tolist()
    [['DK01', 0, 3, 1.0], ['SE22', 0, 3, 1.0]]
    """
    a, b = (joint[f"sector_{end}"].astype(str).map(lines) for end in "ab")
    inside = joint[(a == b).fillna(False).astype(bool) & (joint["sector_a"] != joint["sector_b"])]
    inside = inside.assign(group=a[inside.index].astype("int64"))
    away = inside[inside["region_a"] != inside["region_b"]]
    ends = pd.concat(
        [
            inside[["region_a", "group", "events"]].set_axis(["region", "group", "value"], axis=1),
            away[["region_b", "group", "events"]].set_axis(["region", "group", "value"], axis=1),
        ]
    )
    summed = ends.groupby(["region", "group"])["value"].sum().reset_index()
    summed["share"] = summed["value"] / summed.groupby("region")["value"].transform("sum")
    ordered = summed.sort_values(["region", "value", "group"], ascending=[True, False, True])
    best = ordered[ordered["region"] != ""].drop_duplicates("region")
    return best[["region", "group", "value", "share"]].reset_index(drop=True)


def section(material: Material) -> dict[str, Any]:
    """Gather the section of maps, for its template."""
    return {
        "pictures": [*space_maps(material), *region_maps(material), *region_networks(material), *hot_spots(material)],
        "how": HOW + LEVELS[material.settings["region_level"]],
        "official": material.shapes is not None,
    }


def space_maps(material: Material) -> list[Picture]:
    """Draw the map of spaces of each period, the last first."""
    joint = material.run.table("joint.parquet")
    for end in ("region_a", "region_b"):
        joint[end] = [nuts2(str(code)) for code in joint[end]]
    return [_space_map(material, joint[joint["period"] == p], p) for p in reversed(material.periods)]


def _space_map(material: Material, joint: pd.DataFrame, period: str) -> Picture:
    network = f"sector__all__{period}"
    table = strongest(joint, lines_of(material, network))
    table.insert(2, "label", table["region"].map(_labels(material, period)).fillna(""))
    chart = nuts_map(
        spread(table, material),
        title=f"Which space is strongest in each region, {years(period)}",
        subtitle="linkages within spaces with an end in the region, all sources (number)",
        source=f"{material.run.manifest['title']}: joint.parquet, {network}.",
        names=line_names(material, [network]),
        shapes=material.shapes,
    )
    return picture(f"map-{period}", chart)


def region_maps(material: Material) -> list[Picture]:
    """Draw the communities of regions of the last period, with the strongest links between regions.

    None for NUTS3 regions, for those of one NUTS2 region may be in several communities, and where there are none.
    """
    network = f"region__all__{material.last}"
    nodes, links = material.nodes(network), material.links(network)
    if material.settings["region_level"] == "nuts3" or nodes.empty:
        return []
    group = groups_of(material, network)
    strength = _strength(links)
    table = pd.DataFrame(
        {
            "region": nodes["node"],
            "group": group.to_numpy(),
            "label": nodes["label"],
            "value": nodes["node"].map(strength).fillna(0.0),
            "stability": nodes["stability"],
        }
    )
    arcs = links.sort_values(["weight", "source", "target"], ascending=[False, True, True]).head(ARCS)
    chart = nuts_map(
        spread(table, material),
        title=f"Groups of regions that are linked to each other, {years(material.last)}",
        subtitle=f"linkages between regions, all sources ({unit_name(material)}); "
        f"the {len(arcs)} strongest links of {len(links):,} are drawn",
        source=f"{material.run.manifest['title']}: {network}.",
        names=group_names(material),
        arcs=arcs[["source", "target", "weight"]],
        value_name=unit_name(material),
        shapes=material.shapes,
        kind="group",
    )
    return [picture(f"region-groups-{material.last}", chart)]


def _strength(links: pd.DataFrame) -> pd.Series[Any]:
    ends = pd.concat([links[[end, "weight"]].set_axis(["node", "weight"], axis=1) for end in ("source", "target")])
    return ends.sort_values(["node", "weight"]).groupby("node")["weight"].sum()


def _labels(material: Material, period: str) -> dict[str, str]:
    nodes = material.nodes(f"region__all__{period}")
    return dict(zip(nodes["node"].astype(str), nodes["label"].astype(str), strict=True))
