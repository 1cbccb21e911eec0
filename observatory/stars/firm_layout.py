"""The headings of tables of firms: which column holds what, and in which unit its money is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ingest.columns import Layout, fold, match, positions
from ingest.faults import BadInput, Fault

#: Our column → headings of Orbis and Amadeus, and plain ones. A unit or a year behind them makes no difference.
SPELLINGS = {
    "firm": ("BvD ID number", "BvD ID", "BvDID", "firm", "firm id", "company id", "enterprise id"),
    "industry": (
        "NACE Rev. 2, core code (4 digits)",
        "NACE Rev. 2 core code",
        "NACE Rev. 2 main section code",
        "NACE",
        "NACE code",
        "NAICS 2017, core code (4 digits)",
        "NAICS, core code (4 digits)",
        "NAICS",
        "NAICS code",
        "industry",
    ),
    "region": ("NUTS3", "NUTS3 code", "NUTS2", "NUTS2 code", "NUTS", "NUTS code", "region", "region code"),
    "postcode": ("Postcode", "ZIP code", "postal code"),
    "city": ("City", "City Latin alphabet", "town"),
    "country": ("Country ISO code", "country", "country code"),
    "year": ("Year", "Closing date", "account year"),
    "employees": ("Number of employees", "employees", "employment"),
    "wages": ("Costs of employees", "wages", "wages and salaries", "staff costs"),
    "value_added": ("Added value", "value added", "gross value added"),
    "turnover": ("Operating revenue (Turnover)", "turnover", "Operating revenue", "sales"),
}
MONEY = ("wages", "value_added", "turnover")
PLAIN = {"wages", "valueadded", "turnover"}
#: Behind a heading: "th EUR", "(mil. EUR)", "in thousand euros".
_SCALES = ((r"th|thousand|thousands|k|000", 1000), (r"m|mil|mio|mn|million|millions", 1_000_000))
_CURRENCY = r"eur|euro|euros|usd|dollars|gbp|chf|local currency|lcu"
_UNIT = re.compile(rf"[\s(,\[]+(?:in\s+)?(?:(?P<scale>[a-z0]+)\.?\s*)?(?P<currency>{_CURRENCY})[)\]]?$")


@dataclass(frozen=True)
class Columns:
    """The columns of one file of firms.

    Attributes
    ----------
    places
        Our column → position.
    factors
        Column of money → how many EUR its unit is.
    """

    places: Mapping[str, int]
    factors: Mapping[str, int]


def columns_of(headings: Sequence[str], file: str, line: int | None, unit: str | None = None) -> Columns:
    """Find the columns of a table of firms and the units of its money.

    Parameters
    ----------
    headings, file, line
        The headings as they stand, and where.
    unit
        The unit of money that the headings do not name: ``EUR``, ``thousand EUR`` or ``million EUR``.

    Raises
    ------
    BadInput
        For every column that is missing, and every column of money without a unit or in another currency.

    Examples
    --------
    >>> found = columns_of(["BvD ID number", "NACE", "NUTS3", "Year", "Added value th EUR"], "firms.csv", 1)
    >>> found.places["value_added"], found.factors
    (4, {'value_added': 1000})
    """
    bare, units = zip(*(split_unit(heading) for heading in headings), strict=True) if headings else ((), ())
    known = Layout("firms", SPELLINGS, frozenset({"firm", "industry", "year"}), either=(("region", "country"),))
    faults: list[Fault] = []
    places = positions(list(bare), known)
    try:
        match(list(bare), known, file=file, line=line)
    except BadInput as error:
        faults += [_without_source(fault) for fault in error.faults]
    factors: dict[str, int] = {}
    for column in MONEY:
        if column in places:
            found = _factor(bare[places[column]], units[places[column]], unit)
            if isinstance(found, int):
                factors[column] = found
            else:
                faults.append(Fault(file, line, headings[places[column]], *found))
    if faults:
        raise BadInput(faults)
    return Columns(places, factors)


def looks_like_firms(headings: Sequence[str]) -> bool:
    """Tell a table of firms from one of regions: it names firms, years and industries.

    Examples
    --------
    >>> looks_like_firms(["BvD ID number", "NACE", "Year"]), looks_like_firms(["region", "industry", "year", "firms"])
    (True, False)
    """
    bare = {fold(split_unit(heading)[0]) for heading in headings}
    return all(bare & {fold(spelling) for spelling in SPELLINGS[column]} for column in ("firm", "industry", "year"))


def split_unit(heading: str) -> tuple[str, str]:
    r"""Split a heading from the unit behind it; blank where it names none.

    Examples
    --------
    >>> [split_unit(text) for text in ("Added value\nth EUR", "Wages (million euro)", "Turnover", "Sales, USD")]
    [('Added value', 'th eur'), ('Wages', 'million eur'), ('Turnover', ''), ('Sales', 'usd')]
    """
    plain = " ".join(heading.replace("€", "EUR").replace("$", "USD").split())
    found = _UNIT.search(plain.lower())
    if found is None:
        return plain, ""
    currency = "eur" if found["currency"].startswith("euro") else found["currency"]
    return plain[: found.start()], " ".join(part for part in (found["scale"], currency) if part)


def _factor(heading: str, unit: str, given: str | None) -> int | tuple[str, str]:
    """How many EUR a unit is; else what was expected and how to mend it."""
    unit = unit or (given or "").lower() or ("eur" if fold(heading) in PLAIN else "")
    scale, _, currency = unit.rpartition(" ")
    if currency != "eur":
        expected = "money in EUR" if unit else "a unit, such as 'th EUR', behind the heading"
        return expected, "export the column in EUR" if unit else 'write the unit there, or say unit = "thousand EUR"'
    factor = next((factor for words, factor in _SCALES if re.fullmatch(words, scale)), 1 if not scale else None)
    return factor or ("EUR, thousand EUR or million EUR", "correct the unit in the heading")


def _without_source(fault: Fault) -> Fault:
    """A table of firms is no source of study.toml: its columns are mended in the file."""
    return Fault(fault.file, fault.line, fault.value, fault.expected, "name the column so in the file")
