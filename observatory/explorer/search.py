"""What can be searched for: every sector, region and space, by code, name and other names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ingest.concordance import naics_titles
from ingest.towns import towns
from ingest.units import LEVELS
from observatory.explorer.holdings import FOLDERS, Holdings
from observatory.explorer.paths import safe
from observatory.explorer.payload import Payload


def search(holdings: Holdings) -> Payload:
    """List what can be searched for; ``also`` are other names and codes under which it is found."""
    entries: list[dict[str, Any]] = []
    settings = holdings.material.settings
    for level, names in holdings.labels.items():
        for code, label in names.items():
            also = _parts(settings, code) if level == "sector" else _towns(settings, code)
            path = f"{FOLDERS[level]}/{safe(code)}"
            entries.append({"kind": level, "code": code, "label": label, "also": also, "path": path})
    for code, every in holdings.appearances.items():
        members = [member["label"] for member in every[0]["members"]]
        also = list(dict.fromkeys([one["network"] for one in every] + members))
        label = every[0]["name"]
        entries.append({"kind": "space", "code": code, "label": label, "also": also, "path": f"spaces/{safe(code)}"})
    return Payload(
        what="Sectors, regions and spaces with the names and codes under which they are found.",
        method="Other names: of a sector its parts in NAICS, of a region its towns of 50,000 people or more.",
        source=f"{holdings.title}: communities/; titles of NAICS; names of places from GeoNames (CC BY 4.0)",
        fields={"entries": entries},
    )


def _parts(settings: Mapping[str, Any], sector: str) -> list[str]:
    """Name the parts of a sector of NAICS, and what the study puts together under a name of its own."""
    own = [str(code) for code in settings["groups"]["sectors"].get(sector, ())]
    codes = own or ([sector] if str(settings["sector_level"]).startswith("naics") else [])
    if not codes:
        return []
    titles = naics_titles()
    starts = tuple(part for code in codes for part in _spread(code))
    found = [title for code, title in titles.items() if code.startswith(starts) and code not in starts]
    return list(dict.fromkeys([*own, *found]))


def _spread(code: str) -> list[str]:
    """Write the two-digit codes that a joined one stands for.

    Examples
    --------
    >>> _spread("31-33"), _spread("325")
    (['31', '32', '33'], ['325'])
    """
    first, _, last = code.partition("-")
    return [str(one) for one in range(int(first), int(last) + 1)] if last and first.isdigit() else [code]


def _towns(settings: Mapping[str, Any], region: str) -> list[str]:
    """Name the towns of a region, and the members of a group of the study's own."""
    own = [str(code) for code in settings["groups"]["regions"].get(region, ())]
    known, width = towns(int(settings["nuts"])), LEVELS.get(str(settings["region_level"]), 4)
    if own:
        found = [name for code, names in known.items() if code.startswith(tuple(own)) for name in names]
    else:
        found = [
            name for code, names in known.items() if code == region[:4] or code[:width] == region for name in names
        ]
    return [*own, *sorted(set(found))]
