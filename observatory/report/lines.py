"""Lines of spaces and groups of regions in a run: their names, and the places of their colours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from observatory.lineage import letter
from observatory.material import Material
from observatory.report.wording import short


def line_names(material: Material, networks: list[str], parts: int = 2) -> dict[int, str]:
    """Name the lines of the spaces of some networks, by the first network that holds the line.

    Parameters
    ----------
    material
        The run.
    networks
        Names of sector networks.
    parts
        How many of the sectors that a space is named after its name shall hold.

    Returns
    -------
    dict
        Number of the line → its letter and the space's name, shortened.
    """
    names: dict[int, str] = {}
    for network in networks:
        for space in material.spaces(network):
            line = material.lineages.get((network, int(space["community"])))
            if line is not None:
                names.setdefault(line, f"{letter(line)}  {_told_apart(space, material.spaces(network), parts)}")
    return names


def _told_apart(space: Mapping[str, Any], spaces: Iterable[Mapping[str, Any]], parts: int) -> str:
    """Shorten a space's name as far as no other of its network is called the same; else its code follows it."""

    def said(one: Mapping[str, Any], count: int, length: int) -> str:
        return short(" + ".join(one["name"].split(" + ")[:count]), length)

    others = [one for one in spaces if one["id"] != space["id"]]
    for count, length in ((parts, 24), (parts, 60), (9, 60)):
        name = said(space, count, length)
        if name not in [said(one, count, length) for one in others]:
            return name
    return f"{said(space, parts, 24)} ({space['id']})"


def lines_of(material: Material, network: str) -> pd.Series[Any]:
    """Give each node of a sector network the number of its space's line, empty for those in none."""
    nodes = material.nodes(network)
    lines = [material.lineages.get((network, int(c))) for c in nodes["community"]]
    return pd.Series(pd.array(lines, dtype="Int64"), index=nodes["node"].astype(str))


def group_names(material: Material) -> dict[int, str]:
    """Name the groups of regions by number, by the place of their colour."""
    numbers = sorted(set(material.region_groups.values()))
    return {material.hue_of_group(number): f"Group {number + 1}" for number in numbers}


def groups_of(material: Material, network: str) -> pd.Series[Any]:
    """Give each node of a network of regions the place of its group's colour, empty for those in none."""
    nodes = material.nodes(network)
    numbers = [material.region_groups.get((network, int(one))) for one in nodes["community"]]
    # Colours after those of the spaces: groups of regions are another thing.
    hues = [None if one is None else material.hue_of_group(one) for one in numbers]
    return pd.Series(pd.array(hues, dtype="Int64"), index=nodes["node"].astype(str))
