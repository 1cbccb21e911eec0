"""What can be searched for: every sector, region and space, by code, name and other names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from ingest.countries import NUTS_SPELLING, country_name
from observatory.explorer.holdings import FOLDERS, Holdings
from observatory.explorer.paths import safe
from observatory.explorer.payload import Payload
from observatory.names import other_names
from observatory.report.spaces import colour, tag
from observatory.report.wording import source_name


def search(holdings: Holdings) -> Payload:
    """List what can be searched for.

    ``also`` are other names and codes under which it is found, ``within`` those of the country that a region lies in.
    """
    entries: list[dict[str, Any]] = []
    settings = holdings.material.settings
    for level, names in holdings.labels.items():
        others = other_names(settings, level, names)
        for code, label in names.items():
            also = others[code]
            one = {"kind": level, "code": code, "label": label, "also": also, "path": f"{FOLDERS[level]}/{safe(code)}"}
            entries.append(one if level == "sector" else {**one, **_countries(settings, code, also)})
    entries += [_space(holdings, code, every) for code, every in holdings.appearances.items()]
    return Payload(
        what="Sectors, regions and spaces with the names and codes under which they are found.",
        method="Other names: of a sector its parts in NAICS, of a region its towns of 50,000 people or more and its "
        "country, of a space its letter, members and networks.",
        source=f"{holdings.title}: communities/; titles of NAICS; names of places from GeoNames (CC BY 4.0)",
        fields={"entries": entries},
    )


def _space(holdings: Holdings, code: str, every: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Tell a space from others of its name: by letter, colour, period and kinds of event of the last that it is in."""
    first, letters = every[0], [tag(holdings.material, one) for one in every]
    also = [f"space {letter}" for letter in letters] + [one["network"] for one in every]
    here = [str(one["source"]) for one in every if one["period"] == first["period"]]
    return {
        "kind": "space",
        "code": code,
        "label": first["name"],
        "also": list(dict.fromkeys([*also, *(member["label"] for member in first["members"])])),
        "path": f"spaces/{safe(code)}",
        "letter": letters[0],
        "hue": colour(holdings.material, first),
        "period": first["period"],
        "sources": [source_name(source) for source in dict.fromkeys(here)],
    }


def _countries(settings: Mapping[str, Any], region: str, also: list[str]) -> dict[str, list[str]]:
    """Name the country that a region lies in, and its other names: ``within`` of a region, ``also`` of a country."""
    own = [str(code) for code in settings["groups"]["regions"].get(region, ())] or [region]
    names = list(dict.fromkeys(name for code in own for name in _called(code[:2])))
    return {"also": [*also, *names]} if own == [region[:2]] else {"within": names}


@cache
def _called(country: str) -> tuple[str, ...]:
    """Name a country as people do; nothing for a code of none.

    Examples
    --------
    >>> _called("US"), _called("UK")[0], _called("??")
    (('United States', 'USA', 'United States of America'), 'United Kingdom', ())
    """
    import pycountry

    iso = {nuts: code for code, nuts in NUTS_SPELLING.items()}.get(country, country)
    found = pycountry.countries.get(alpha_2=iso)
    if found is None:
        return ()
    every = (country_name(country), found.alpha_3, found.name, getattr(found, "official_name", ""))
    return tuple(dict.fromkeys(name for name in every if name and ", " not in name))
