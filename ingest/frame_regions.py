"""Regions written in pandas frames: codes of any version of NUTS carried to one, and what is no region named."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

import pandas as pd

from ingest.countries import country_code
from ingest.faults import Fault
from ingest.nuts import Found, find_code, in_nuts_spelling, regions_of_country

#: What is read as a code: two letters of a country, of NUTS up to three signs behind, elsewhere (OECD's TL3) digits.
_NUTS = re.compile(r"[A-Z]{2}[0-9A-Z]{0,3}")
_OUTSIDE = re.compile(r"[A-Z]{2}|[A-Z]{2,3}[0-9]{1,5}[A-Z]?")


@cache
def region_of(code: str, nuts: int) -> Found | None:
    """Say where a code lies, as :func:`ingest.nuts.find_code` does; None where no single region is meant by it.

    A country with several regions, a part of one, and a word such as Bavaria, in which find_code sees Bosnia, are none.

    Examples
    --------
    >>> region_of("de212", 2013).region, region_of("US", 2013).region, region_of("LU", 2013).region
    ('DE21', 'US', 'LU00')
    >>> region_of("Bavaria", 2013), region_of("DE", 2013), region_of("DE2", 2013)
    (None, None, None)
    """
    plain = in_nuts_spelling(code)
    found = find_code(plain, nuts)
    if len(plain) == 2 and found.country == plain:
        regions = regions_of_country(plain, nuts) or (plain,)
        return Found(regions[0], None, plain) if len(regions) == 1 else None
    form = _NUTS if found.region and len(found.region) > 2 else _OUTSIDE
    return found if found.region and form.fullmatch(plain) else None


def placed(people: pd.DataFrame, nuts: int) -> pd.DataFrame:
    """Give participants the region, NUTS3 region and country that their codes stand for; others stay as they are.

    Parameters
    ----------
    people
        ``region`` and, where they are known, ``nuts3`` and ``country``: texts, None where blank.

    Examples
    --------
    >>> placed(pd.DataFrame({"region": ["DE212", "gr30", "US"]}), 2013).to_numpy().tolist()
    [['DE21', 'DE212', 'DE'], ['EL30', None, 'EL'], ['US', None, 'US']]
    """
    coded = _code(people)
    told = {code: region_of(code, nuts) for code in set(coded.dropna())}
    rows = [told.get(code) or Found(None, None, None) for code in coded]
    cells = [(one.region, one.nuts3, one.country) for one in rows]
    found = pd.DataFrame(cells, columns=["region", "nuts3", "country"], index=people.index, dtype=object)
    if "country" in people:
        found["country"] = people["country"].where(people["country"].notna(), found["country"])
    return people.assign(region=found["region"], nuts3=found["nuts3"], country=found["country"])


def region_faults(people: pd.DataFrame, nuts: int) -> list[Fault]:
    """Name each text that is no region, and each NUTS3 region that lies elsewhere than the region beside it."""
    faults = [_fault(code, nuts) for code in _written(people["region"]) if region_of(code, nuts) is None]
    if "nuts3" not in people:
        return faults
    for code in _written(people["nuts3"]):
        if not find_code(code, nuts).nuts3:
            mend = "correct it, or leave it blank"
            faults.append(Fault("participants", None, code, f"a code of NUTS3 (version {nuts}) in nuts3", mend))
    both = people.loc[people["region"].notna() & people["nuts3"].notna(), ["region", "nuts3"]].drop_duplicates()
    for region, nuts3 in sorted(both.itertuples(index=False, name=None)):
        one, two = region_of(region, nuts), find_code(nuts3, nuts)
        if one and two.nuts3 and one.region != two.region:
            expected = f"{two.region}, in which {nuts3} lies"
            faults.append(Fault("participants", None, region, expected, "correct region or nuts3"))
    return faults


def _code(people: pd.DataFrame) -> pd.Series[Any]:
    """Take the finer code of the two."""
    return people["nuts3"].where(people["nuts3"].notna(), people["region"]) if "nuts3" in people else people["region"]


def _written(column: pd.Series[Any]) -> Iterable[str]:
    return sorted(set(column.dropna()))


def _fault(code: str, nuts: int) -> Fault:
    expected = f"a code of NUTS2 or NUTS3 (version {nuts}), or a country outside NUTS, in region"
    country = country_code(code) or country_code(in_nuts_spelling(code)[:2])
    if country and not country_code(code) and not _OUTSIDE.fullmatch(in_nuts_spelling(code)):
        country = None  # "Bavaria" does not begin with Bosnia
    regions = regions_of_country(country, nuts) if country else ()
    if regions:
        mend = f"write one of its regions, such as {regions[0]}; leave it blank where only the country is known"
    elif country:
        mend = f"write {country}"
    else:
        mend = "write the code of the region; ingest.regions.place finds it for addresses"
    return Fault("participants", None, code, expected, mend)
