"""Networks of sectors in both periods, and of each source; the matrix ordered by space."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from communities.noise import CHANCE
from linkages.strength import backbone
from observatory.figures.matrix import matrix
from observatory.figures.network import networks_side_by_side
from observatory.material import Material
from observatory.report import chance
from observatory.report.lines import line_names, lines_of
from observatory.report.pictures import Picture, picture
from observatory.report.weighing import unit_name
from observatory.report.wording import source_name, years

Pair = tuple[pd.DataFrame, pd.DataFrame]
#: Sectors that the matrix shows at most, the most strongly linked: of more nothing can be read.
SHOWN = 100


def network_pictures(material: Material, source: str) -> list[Picture]:
    """Draw the sector networks of a source in all periods, each sector at the same spot.

    Positions come from the links of all sources and periods, so that every figure can be laid beside the
    others. Empty where the source has no links.
    """
    names = {period: f"sector__{source}__{period}" for period in material.periods}
    both = {years(period): _pair(material, name) for period, name in names.items()}
    both = {period: pair for period, pair in both.items() if len(pair[1])}
    if not both:
        return []
    kind, none = source_name(source), unclear(material, names)
    chart = networks_side_by_side(
        both,
        material.positions,
        title=f"Sectors linked by {kind}" if source != "all" else "Sectors and the links between them, all sources",
        subtitle=_unit(material) + chance.subtitle(material, [names[one] for one in names if years(one) not in none]),
        source=f"{material.run.manifest['title']}: {', '.join(names.values())}.",
        names={years(period): line_names(material, [name]) for period, name in names.items()},
        value_name=unit_name(material),
        unclear=none,
    )
    return [picture(f"networks-{source}", chart)]


def unclear(material: Material, networks: Mapping[str, str]) -> list[str]:
    """Name the periods in whose network chance alone gives communities as clear, of those that were tested."""
    return [years(period) for period, name in networks.items() if chance.verdict_of(material, name) == CHANCE]


def _unit(material: Material) -> str:
    one = "1" if material.settings["weigh"] == "events" else "its value"
    full = f"an event adds {one} to each pair of sectors that it joins"
    parts = f"an event adds {one} in all, spread over the pairs that it joins"
    view = material.settings["strength"]["backbone"]
    kept = "" if view == "none" else f"; drawn are links of the view “{view.replace('_', '-')}” only"
    return f"links: {full if material.settings['counting'] == 'full' else parts}{kept}"


def _pair(material: Material, name: str) -> Pair:
    nodes, links = material.nodes(name), material.links(name)
    ends = pd.concat([links[[end, "weight"]].set_axis(["node", "weight"], axis=1) for end in ("source", "target")])
    strength = ends.sort_values(["node", "weight"]).groupby("node")["weight"].sum()
    table = pd.DataFrame(
        {
            "node": nodes["node"],
            "label": nodes["label"],
            "group": lines_of(material, name).to_numpy(),
            "size": nodes["node"].map(strength).fillna(0.0).astype(float),
        }
    )
    return table, _viewed(material, links)[["source", "target", "weight"]]


def _viewed(material: Material, links: pd.DataFrame) -> pd.DataFrame:
    """Keep the links that the study wants drawn; its tables keep them all."""
    chosen = material.settings["strength"]
    if chosen["backbone"] == "none":
        return links
    if chosen["backbone"] == "strong":
        limit = chosen["strong"] if chosen["threshold"] is None else chosen["threshold"]
        return links[links["events"] >= float(limit)]
    kept: pd.DataFrame = backbone(links, chosen["backbone"], chosen["threshold"])
    return kept


def matrix_pictures(material: Material) -> list[Picture]:
    """Draw the sector network of the last period as a matrix ordered by space; none without links."""
    name = f"sector__all__{material.last}"
    nodes, links = _pair(material, name)
    if links.empty:
        return []
    ordered = nodes.sort_values(["size", "node"], ascending=[False, True]).head(SHOWN)
    shown = f". The {SHOWN} most strongly linked of {len(nodes):,} sectors" if len(nodes) > SHOWN else ""
    links = links[links["source"].isin(ordered["node"]) & links["target"].isin(ordered["node"])]
    links = links.merge(material.links(name)[["source", "target", "association"]], on=["source", "target"])
    groups = {node: None if pd.isna(g) else int(g) for node, g in zip(ordered["node"], ordered["group"], strict=True)}
    chart = matrix(
        links,
        ordered["node"].to_list(),
        groups,
        dict(zip(nodes["node"], nodes["label"], strict=True)),
        title=f"Links ordered by space, {years(material.last)}",
        subtitle=f"{_unit(material)}. Frames are spaces; the darker a cell, the more often the two are linked than the "
        f"linkages of both would lead one to expect{shown}{chance.subtitle(material, [name])}",
        source=f"{material.run.manifest['title']}: {name}.",
        names=line_names(material, [name]),
        value_name=unit_name(material),
    )
    return [picture("matrix", chart)]
