"""What the code of a region is: of which level of NUTS, of the United States, of a country, or of nobody."""

from __future__ import annotations

import re
from functools import cache

from ingest.countries import country_name
from ingest.nuts import CODE_VERSIONS, STUDY_VERSIONS, bridge, check_version, region_table


def check_nuts(nuts: int | None) -> None:
    """Refuse a version of NUTS to which nothing can be carried.

    Raises
    ------
    ValueError
        Names the versions there are.

    Examples
    --------
    >>> check_nuts(2016)
    """
    if nuts is not None:
        check_version(nuts)


@cache
def nuts_codes(version: int) -> frozenset[str]:
    """Return the NUTS2 regions of a version.

    Examples
    --------
    >>> "FR24" in nuts_codes(2013), "FR24" in nuts_codes(2016), "DE41" in nuts_codes(2003)
    (True, False, True)
    """
    listed_there = {code for new in STUDY_VERSIONS for code in bridge(version, new)["region"]}
    own = set(region_table(version)["region"]) if version in STUDY_VERSIONS else set()
    return frozenset(code for code in listed_there | own if len(code) == 4)


@cache
def _all_nuts() -> frozenset[str]:
    return frozenset(code for version in CODE_VERSIONS for code in nuts_codes(version))


@cache
def _countries() -> frozenset[str]:
    return frozenset(code[:2] for code in _all_nuts())


def region_level(code: str) -> str:
    """Say what a region's code is: ``nuts0`` to ``nuts3``, ``state`` or ``county`` of the US, ``extra`` or ``other``.

    Examples
    --------
    >>> [region_level(code) for code in ("DE", "DE2", "DE21", "DE212", "DEZZ", "EU27_2020", "US-01", "US-01001")]
    ['nuts0', 'nuts1', 'nuts2', 'nuts3', 'extra', 'other', 'state', 'county']
    """
    if re.fullmatch(r"US-\d{2}(\d{3})?", code):
        return "state" if len(code) == 5 else "county"
    if code in _all_nuts():
        return "nuts2"
    if code[:2] not in _countries() or not re.fullmatch(r"[A-Z]{2}[A-Z0-9]{0,3}", code):
        return "other"
    if len(code) > 2 and set(code[2:]) == {"Z"}:
        return "extra"
    if len(code) == 4:
        return "other"
    if len(code) == 3 and not any(region.startswith(code) for region in _all_nuts()):
        return "other"
    if len(code) == 5 and code[:4] not in _all_nuts():
        return "other"
    return f"nuts{len(code) - 2}"


def is_country(code: str) -> bool:
    """Say whether a code is that of a country, such as one outside NUTS, which stands for itself.

    Examples
    --------
    >>> is_country("US"), is_country("EA"), is_country("US-01")
    (True, False, False)
    """
    return len(code) == 2 and country_name(code) != code
