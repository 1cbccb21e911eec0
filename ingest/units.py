"""The regional unit of a place at a level: NUTS 0 to 3, or groups of the user's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from ingest.faults import BadInput, Fault
from ingest.nuts import check_version, find_code, in_nuts_spelling, regions_of_country

#: Levels of region and the number of letters in their codes.
LEVELS = {"nuts0": 2, "nuts1": 3, "nuts2": 4, "nuts3": 5}
Groups = Mapping[str, Sequence[str]]


def _is_unit(code: str, nuts: int) -> bool:
    """Whether a code is a country, or a region of this version."""
    inside = regions_of_country(code[:2], nuts)
    if len(code) == 5:
        return find_code(code, nuts).nuts3 == code
    if len(code) == 2:
        return bool(inside) or find_code(code, nuts).country == code
    return any(region[: len(code)] == code for region in inside)


def _members(groups: Groups, nuts: int) -> dict[str, str]:
    """Code → group; every code that is unknown or stands in two groups is a fault."""
    found: dict[str, str] = {}
    faults = []
    for group, written in groups.items():
        for text in written:
            code = in_nuts_spelling(text)
            if not _is_unit(code, nuts):
                expected = f"a country or a region of NUTS {nuts}"
                faults.append(Fault("groups.regions", None, text, expected, f"correct it in group {group}"))
            elif found.get(code, group) != group:
                mend = f"take it out of {group} or of {found[code]}"
                faults.append(Fault("groups.regions", None, text, "a region in one group only", mend))
            found.setdefault(code, group)
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
        Name → codes of any level; the longest code that fits a place decides.
    nuts
        Version of NUTS of ``regions`` and ``groups``.

    Returns
    -------
    pandas.Series
        The unit, with the index of ``regions``.

    Raises
    ------
    ValueError
        Where the level or the version is unknown.
    ingest.faults.BadInput
        Lists every code in ``groups`` that is no region, or stands in two groups.

    Examples
    --------
    >>> regions = pd.DataFrame({"region": ["DK01", "SE22", "DE21", "US"], "nuts3": [None] * 4})
    >>> region_at(regions, "nuts1", {"Øresund": ["DK01", "DK02", "SE22"]}).to_list()
    ['Øresund', 'Øresund', 'DE2', 'US']

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
    finest = nuts3 or region
    for size in (5, 4, 3, 2):
        if len(finest) >= size and finest[:size] in members:
            return members[finest[:size]]
    if len(region) == 2:  # outside NUTS
        return region
    return finest[:length] if len(finest) >= length else None
