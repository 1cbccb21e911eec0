"""Networks of regions: the strongest links between them, each region at the same spot in every period."""

from __future__ import annotations

import pandas as pd

from observatory.figures.network import networks_side_by_side
from observatory.material import Material
from observatory.report.lines import group_names, groups_of
from observatory.report.nets import unclear
from observatory.report.pictures import Picture, picture
from observatory.report.weighing import unit_name
from observatory.report.wording import years

Pair = tuple[pd.DataFrame, pd.DataFrame]


def region_networks(material: Material) -> list[Picture]:
    """Draw the networks of regions of all sources, the periods beside each other; none without links."""
    names = {period: f"region__all__{period}" for period in material.periods}
    pairs = {years(period): _pair(material, name) for period, name in names.items()}
    pairs = {period: pair for period, pair in pairs.items() if len(pair[1])}
    if not pairs:
        return []
    chart = networks_side_by_side(
        pairs,
        material.positions_of("region"),
        title="Regions and the links between them, all sources",
        subtitle="links: cross-sectoral events with participants in both regions; regions that are linked more than "
        "their sizes would have it stand near each other",
        source=f"{material.run.manifest['title']}: {', '.join(names.values())}.",
        names=dict.fromkeys(pairs, group_names(material)),
        value_name=unit_name(material),
        kind="group",
        unclear=unclear(material, names),
    )
    return [picture("networks-regions", chart)]


def _pair(material: Material, name: str) -> Pair:
    nodes, links = material.nodes(name), material.links(name)
    ends = pd.concat([links[[end, "weight"]].set_axis(["node", "weight"], axis=1) for end in ("source", "target")])
    strength = ends.sort_values(["node", "weight"]).groupby("node")["weight"].sum()
    table = pd.DataFrame(
        {
            "node": nodes["node"].astype(str),
            "label": nodes["label"].astype(str),
            "group": groups_of(material, name).to_numpy(),
            "size": nodes["node"].map(strength).fillna(0.0).astype(float),
        }
    )
    # A region without links has no place among those that have: it would be one dot more below the others.
    return table[table["size"] > 0].reset_index(drop=True), links[["source", "target", "weight"]]
