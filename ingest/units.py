"""The regional unit of a place at a level: NUTS 0 to 3, or groups of the user's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from ingest.faults import BadInput, Fault
from ingest.nuts import CODE_VERSIONS, check_version, find_code, in_nuts_spelling, regions_of_country
from ingest.weights import regions_of_version, shares

#: Levels of region and the number of letters in their codes.
LEVELS = {"nuts0": 2, "nuts1": 3, "nuts2": 4, "nuts3": 5}
#: A region is taken whole where all but this share of its people live in the codes of a group.
TOLERANCE = 0.05
Groups = Mapping[str, Sequence[str]]


def _is_unit(code: str, nuts: int) -> bool:
    """Whether a code is a country, or a region of this version."""
    inside = regions_of_country(code[:2], nuts)
    if len(code) == 5:
        return find_code(code, nuts).nuts3 == code
    if len(code) == 2:
        return bool(inside) or find_code(code, nuts).country == code
    return any(region[: len(code)] == code for region in inside)


def _elsewhere(code: str, nuts: int) -> tuple[int, list[str]]:
    """Find the nearest other version that has a NUTS1 or NUTS2 code, and its NUTS2 regions there."""
    for version in sorted(CODE_VERSIONS, key=lambda v: (abs(v - nuts), v)):
        regions = [r for r in regions_of_version(version) if r[: len(code)] == code and len(code) > 2]
        if regions:
            return version, regions
    return nuts, []


def _covered(codes: Sequence[str], nuts: int) -> dict[str, dict[str, float]]:
    """Tell of each region that codes of other versions reach how much of its people each of them covers."""
    found: dict[str, dict[str, float]] = {}
    for code in codes:
        version, regions = _elsewhere(code, nuts)
        for region in {r for old in regions for r in shares(old, version, nuts)}:
            there = shares(region, nuts, version)
            found.setdefault(region, {})[code] = sum(there.get(old, 0.0) for old in regions)
    return found


def _carried(group: str, written: Mapping[str, str], nuts: int) -> tuple[dict[str, str], list[Fault]]:
    """Carry a group's codes of other versions: unit → code, and a fault for each that no whole units make up."""
    faults: dict[str, Fault] = {}
    taken: dict[str, str] = {}
    codes = [code for code in written if not find_code(code, nuts).nuts3]
    for code in written.keys() - set(codes):
        taken[str(find_code(code, nuts).nuts3)] = code
    covered = _covered(codes, nuts)
    for region, parts in sorted(covered.items(), key=lambda x: (-sum(x[1].values()), x[0])):
        if sum(parts.values()) >= 1 - TOLERANCE:
            taken[region] = next(iter(parts))
        elif sum(parts.values()) > TOLERANCE:
            for code in parts:
                mend = f"name {region} itself, or all of its parts, in group {group}"
                expected = f"regions that are whole in NUTS {nuts}, and this is a part of {region}"
                faults.setdefault(code, Fault("groups.regions", None, written[code], expected, mend))
    for code in codes:
        if code not in faults and not any(code in parts for region, parts in covered.items() if region in taken):
            expected = f"a country or a region of NUTS {nuts}, or one of another version"
            faults[code] = Fault("groups.regions", None, written[code], expected, f"correct it in group {group}")
    return taken, [faults[code] for code in written if code in faults]


def _members(groups: Groups, nuts: int) -> dict[str, str]:
    """Code → group; every code that is unknown or stands in two groups is a fault."""
    found: dict[str, str] = {}
    faults = []
    for group, written in groups.items():
        codes = {in_nuts_spelling(text): text for text in written}
        if group not in codes and _is_unit(group, nuts):  # it would be added to that place, under its name
            expected = "a name of its own; this is the code of a place that the group does not hold"
            faults.append(Fault("groups.regions", None, group, expected, "give the group another name"))
        here = {code: text for code, text in codes.items() if _is_unit(code, nuts)}
        moved, wrong = _carried(group, {c: text for c, text in codes.items() if c not in here}, nuts)
        for code, text in [*here.items(), *((unit, codes[code]) for unit, code in sorted(moved.items()))]:
            if found.get(code, group) != group:
                mend = f"take it out of {group} or of {found[code]}"
                faults.append(Fault("groups.regions", None, text, "a region in one group only", mend))
            found.setdefault(code, group)
        faults += wrong
    if faults:
        raise BadInput(faults)
    return found


def region_at(
    regions: pd.DataFrame, level: str = "nuts2", groups: Groups | None = None, *, nuts: int = 2013
) -> pd.Series:
    """Return the unit of each row at a level; a group of the user's takes the place of its members.

    Parameters
    ----------
    regions
        ``region`` (NUTS2, or the ISO country outside NUTS) and ``nuts3``, as :func:`ingest.regions.place`
        gives them; nulls stay null.
    level
        ``nuts0``, ``nuts1``, ``nuts2`` or ``nuts3``. Outside NUTS the unit is the country at every level.
        At ``nuts3`` a place whose NUTS3 region is not known is null.
    groups
        Name → codes of any level; the longest code that fits a place decides. A code that `nuts` does not have
        is read in the nearest version that has it, and stands for the regions that lie in it.
    nuts
        Version of NUTS of ``regions``.

    Returns
    -------
    pandas.Series
        The unit, with the index of ``regions``.

    Raises
    ------
    ValueError
        Where the level or the version is unknown.
    ingest.faults.BadInput
        Lists every code in ``groups`` that is no region of any version, that is only a part of a region in this
        one (5 % of its people are left out of account), or that stands in two groups.

    Examples
    --------
    >>> regions = pd.DataFrame({"region": ["DK01", "SE22", "DE21", "US"], "nuts3": [None] * 4})
    >>> region_at(regions, "nuts1", {"Øresund": ["DK01", "DK02", "SE22"]}).to_list()
    ['Øresund', 'Øresund', 'DE2', 'US']
    >>> later = pd.DataFrame({"region": ["HU11", "HU12", "HU21"], "nuts3": [None] * 3})
    >>> region_at(later, "nuts2", {"Around Budapest": ["HU10"]}, nuts=2016).to_list()
    ['Around Budapest', 'Around Budapest', 'HU21']

    Source: European Cluster Trends, methodology 2014, 3.2 (levels of region).
    """
    check_version(nuts)
    if level not in LEVELS:
        raise ValueError(f"level {level!r} is not among {sorted(LEVELS)}")
    members = _members(groups or {}, nuts)
    distinct = regions[["region", "nuts3"]].drop_duplicates()
    pairs = [
        (region if isinstance(region, str) else None, nuts3 if isinstance(nuts3, str) else None)
        for region, nuts3 in distinct.itertuples(index=False)
    ]
    units = {pair: _unit(*pair, LEVELS[level], members) for pair in pairs}
    cells = zip(regions["region"], regions["nuts3"], strict=True)
    keys = [(r if isinstance(r, str) else None, n if isinstance(n, str) else None) for r, n in cells]
    text = pd.StringDtype(na_value=np.nan)
    return pd.Series([units[key] for key in keys], index=regions.index, name=level, dtype=text)


def _unit(region: str | None, nuts3: str | None, length: int, members: Mapping[str, str]) -> str | None:
    if region is None:
        return None
    # a NUTS3 code need not begin with its region's: UKN10 lies in UKN0
    levels = [*([nuts3] if nuts3 else []), *(region[:size] for size in (4, 3, 2) if len(region) >= size)]
    group = next((members[code] for code in levels if code in members), None)
    if group or len(region) == 2:  # outside NUTS
        return group or region
    return nuts3 if length == 5 else region[:length]
