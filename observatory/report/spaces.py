"""Spaces as blocks of the page: members, links, regions, what changed, star tiers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from observatory.figures.palette import hue
from observatory.lineage import letter
from observatory.material import Material
from observatory.report.weighing import value_unit
from observatory.report.wording import (
    ROLES,
    TIERS,
    counted,
    figure,
    listed,
    network_name,
    number,
    percent,
    small,
    years,
)

#: Colour of spaces that belong to no line, those of the cross-industry files.
PLAIN = "#595959"
#: How many links and regions of each sort a space's block lists.
LISTED = 8


def blocks(material: Material) -> list[dict[str, Any]]:
    """Give the blocks of spaces by network: the last period first, then earlier ones, then across industries."""
    networks = [f"sector__all__{period}" for period in reversed(material.periods)]
    return [
        {
            "name": network,
            "title": _heading(network),
            "spaces": [_block(material, space) for space in material.spaces(network)],
        }
        for network in [*networks, *material.cross_industry()]
        if material.spaces(network)
    ]


def _heading(network: str) -> str:
    name = network_name(network).removeprefix("sectors, all sources, ")
    return name[0].upper() + name[1:]


def tag(material: Material, space: Mapping[str, Any]) -> str:
    """Name a space shortly: the letter of its line, or its number where it is in none."""
    line = material.lineages.get((space["network"], int(space["community"])))
    return letter(line) if line is not None else str(int(space["community"]) + 1)


def colour(material: Material, space: Mapping[str, Any]) -> str:
    """Give the hue of a space's line."""
    line = material.lineages.get((space["network"], int(space["community"])))
    return PLAIN if line is None else hue(line)


def _block(material: Material, space: Mapping[str, Any]) -> dict[str, Any]:
    members, links = space["members"], space["links"]
    letters = {int(one["community"]): tag(material, one) for one in material.spaces(space["network"])}
    return {
        "anchor": f"{space['network']}-{space['community']}",
        "tag": tag(material, space),
        "hue": colour(material, space),
        "name": space["name"],
        "id": space["id"],
        "unit": value_unit(material, space["network"]),
        "facts": _facts(space, value_unit(material, space["network"])),
        "change": change_in_words(material, space),
        "members": [_member(member, letters) for member in members],
        "weighed": any(link["weight"] != link["events"] for link in links),
        "links": [_link(link) for link in links[:LISTED]],
        "top": [_region(row) for row in space["regions"]["top"][:LISTED]],
        "within": [_region(row) for row in space["regions"]["within"][:LISTED]],
        "between": [
            [" – ".join(row["names"]), " – ".join(row["regions"]), number(row["events"])]
            for row in space["regions"]["between"][:LISTED]
        ],
        "grid": grid(space),
    }


def _link(link: Mapping[str, Any]) -> list[str]:
    """Say a link; its weight last, which the page leaves out where it is the number of events."""
    rates = [number(link["association"], 1), small(link["q"])]
    return [" – ".join(link["labels"]), number(link["events"]), *rates, figure(link["weight"])]


def _region(row: Mapping[str, Any]) -> list[str]:
    return [row["name"], row["region"], number(row["events"])]


def _facts(space: Mapping[str, Any], unit: str) -> list[list[str]]:
    stability = space["stability"]
    return [
        ["Members", counted(len(space["members"]), "sector")],
        [f"{unit} inside" if unit else "Weight inside", figure(space["weight_inside"])],
        ["Of its members' strength, inside", percent(space["share_inside"])],
        ["Stability", "not tested" if stability is None else f"{stability:.2f} of 1"],
    ]


def _member(member: Mapping[str, Any], letters: Mapping[int, str]) -> list[str]:
    role = ROLES.get(member["role"], member["role"])
    if member["leans_to"] is not None and member["leans_to"] in letters:
        role += f" to {letters[member['leans_to']]}"
    share = member["strength_inside"] / member["strength"] if member["strength"] else None
    return [
        member["label"],
        member["node"] if member["node"] != member["label"] else "",
        figure(member["strength_inside"]),
        percent(share),
        number(member["stability"], 2),
        role,
    ]


def change_in_words(material: Material, space: Mapping[str, Any]) -> str:
    """Say in a sentence or two where a space comes from."""
    change = space.get("change") or {}
    since = change.get("since")
    if not since:
        return ""
    network = f"sector__{space['source']}__{since}"
    earlier = {one["id"]: one for one in material.spaces(network)}
    before = earlier.get(change["predecessor"])
    labels = {m["node"]: m["label"] for one in earlier.values() for m in one["members"]}
    labels |= {m["node"]: m["label"] for m in space["members"]}
    if before is None:
        return f"New since {years(since)}: no space of that period shares a member with it."
    heirs = [one for one in material.spaces(space["network"]) if one["change"]["predecessor"] == change["predecessor"]]
    told = f"Continues space {tag(material, before)} of {years(since)}" if tag(material, before) == tag(
        material, space
    ) else f"Comes out of space {tag(material, before)} of {years(since)}"  # fmt: skip
    told += f" ({percent(change['overlap'])} of the members of the two together are in both)"
    if len(heirs) > 1:
        told += f", which became {counted(len(heirs), 'space')}"
    return ". ".join([told, *_moves(change, labels)]) + "."


def _moves(change: Mapping[str, Any], labels: Mapping[str, str]) -> list[str]:
    words = {"joined": "Joined from another space", "left": "No longer in it", "born": "Without links before"}
    return [
        f"{said}: {listed([labels.get(node, node) for node in change[key]])}"
        for key, said in words.items()
        if change[key]
    ]


def grid(space: Mapping[str, Any]) -> dict[str, Any]:
    """Lay the tiers of a space's industries in its regions out as a grid.

    Returns
    -------
    dict
        ``regions`` (code, name), ``rows`` (industry, cells of tier and words); empty where nothing is known.

    Examples
    --------
    >>> tiers = [{"region": "DK01", "industry": "Plastics", "tier": "high", "stars": 13}]
    >>> space = {"tiers": tiers, "regions": {"top": [{"region": "DK01", "name": "Hovedstaden"}]}}
    >>> grid(space)["rows"]
    [('Plastics', [('high', 'high', '13')])]
    """
    tiers = space.get("tiers") or []
    names = {row["region"]: row["name"] for row in space["regions"]["top"]}
    regions = list(dict.fromkeys(row["region"] for row in tiers))
    industries = list(dict.fromkeys(row["industry"] for row in tiers))
    cells = {(row["industry"], row["region"]): _cell(row) for row in tiers}
    rows = [(industry, [cells[industry, region] for region in regions]) for industry in industries]
    return {"regions": [(code, names.get(code, code)) for code in regions], "rows": rows}


def _cell(row: Mapping[str, Any]) -> tuple[str, str, str]:
    """Tier on the scale of four, the tier in the words of its table, and the stars."""
    stars = number(row["stars"]) if row["stars"] else ""
    return TIERS.get(row["tier"], "none"), row["tier"], stars
