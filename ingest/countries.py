"""Which country a text names: codes, English names, vendors' spellings, countries that are no more.

Greece is EL and the United Kingdom UK, as NUTS writes them; elsewhere the code is ISO 3166 alpha-2. This is
the one place where GR and GB are turned.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources

from ingest.places import fold

#: ISO 3166 on the left, NUTS on the right.
NUTS_SPELLING = {"GR": "EL", "GB": "UK"}


@cache
def _written() -> dict[str, tuple[str, ...]]:
    """Folded name or code → codes, the principal one first; vendors' spellings outrank ISO's."""
    import pycountry

    found: dict[str, tuple[str, ...]] = {}
    for country in pycountry.countries:
        code = NUTS_SPELLING.get(country.alpha_2, country.alpha_2)
        names = (country.alpha_2, country.alpha_3, country.name)
        more = (getattr(country, field, "") for field in ("official_name", "common_name"))
        found.update({fold(name): (code,) for name in (*names, *more) if name})
    found.update({fold(row["written"]): tuple(row["codes"].split()) for row in _table()})
    return found


@cache
def _table() -> list[dict[str, str]]:
    path = resources.files("ingest") / "reference" / "regions" / "countries.csv"
    return list(csv.DictReader(path.read_text("utf-8").splitlines()))


@cache
def _parts() -> dict[str, str]:
    return {fold(row["written"]): row["part"] for row in _table() if row["part"]}


def successors(text: str) -> tuple[str, ...]:
    """Return the countries of today that a text may mean: one, or several for a country that is no more.

    Examples
    --------
    >>> successors("Czechoslovakia"), successors("Sweden"), successors("Supranational")
    (('CZ', 'SK'), ('SE',), ())
    """
    folded = fold(text)
    if folded not in _written() and folded.startswith("the "):
        folded = folded[4:]
    return _written().get(folded, ())


def country_code(text: str) -> str | None:
    """Return the country's code as NUTS writes it, ISO 3166 alpha-2 outside NUTS; None where unknown.

    A country that is no more gives its principal successor (:func:`successors` gives all): Russia for the
    Soviet Union, Czechia for Czechoslovakia, Serbia for Yugoslavia.

    Examples
    --------
    >>> [country_code(text) for text in ("GR", "Utd Kingdom", "Korea, South", "DEU", "Supranational")]
    ['EL', 'UK', 'KR', 'DE', None]

    Sources: ISO 3166 by pycountry; vendors' spellings and former countries from ``reference/regions``.
    """
    found = successors(text)
    return found[0] if found else None


def part_name(text: str) -> str | None:
    """Return the part of a country that stands as a country, under its name in the index of places.

    Examples
    --------
    >>> part_name("GP"), part_name("Northern Ireland"), part_name("France")
    ('guadeloupe', 'northern ireland', None)
    """
    return _parts().get(fold(text))


def country_name(code: str) -> str:
    """Return the English name of a country; the code itself where it is none.

    Examples
    --------
    >>> country_name("US"), country_name("UK"), country_name("XK"), country_name("QQ")
    ('United States', 'United Kingdom', 'Kosovo', 'QQ')
    """
    import pycountry

    iso = {nuts: iso for iso, nuts in NUTS_SPELLING.items()}.get(code, code)
    if iso == "XK":
        return "Kosovo"
    country = pycountry.countries.get(alpha_2=iso)
    return str(getattr(country, "common_name", country.name)) if country else code
