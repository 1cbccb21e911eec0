"""The headings of tables of firms: which column holds what, and in which unit its money is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

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
FIGURES = ("employees", *MONEY)
PLAIN = {"wages", "valueadded", "turnover"}
#: Behind a heading: "th EUR", "(mil. EUR)", "in thousand euros".
_NO_RATES: Mapping[str, float] = MappingProxyType({})
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
        Position of a column of money → how many EUR its unit is.
    years
        Year → our column → position, where each year has its own columns; then ``places`` holds no figures.
    """

    places: Mapping[str, int]
    factors: Mapping[int, float]
    years: Mapping[int, Mapping[str, int]] = field(default_factory=dict)

    def heading_places(self) -> dict[str, int]:
        """Return the position of every column by a name of its own: turnover, or turnover_2014."""
        yearly = {f"{column}_{year}": at for year, places in self.years.items() for column, at in places.items()}
        return {**self.places, **yearly}


def columns_of(
    headings: Sequence[str],
    file: str,
    line: int | None,
    unit: str | None = None,
    rates: Mapping[str, float] = _NO_RATES,
) -> Columns:
    """Find the columns of a table of firms and the units of its money.

    Parameters
    ----------
    headings, file, line
        The headings as they stand, and where.
    unit
        The unit of money that the headings do not name: ``EUR``, ``thousand EUR`` or ``million EUR``.
    rates
        What one unit of another currency is in EUR, by its letters (``USD``).

    Raises
    ------
    BadInput
        For every column that is missing, and every column of money without a unit or in another currency.

    Examples
    --------
    >>> found = columns_of(["BvD ID number", "NACE", "NUTS3", "Year", "Added value th EUR"], "firms.csv", 1)
    >>> found.places["value_added"], found.factors
    (4, {4: 1000.0})
    >>> wide = ["BvD ID number", "NACE", "NUTS3", "Turnover th EUR 2013", "Turnover th EUR 2014"]
    >>> columns_of(wide, "firms.csv", 1).years
    {2013: {'turnover': 3}, 2014: {'turnover': 4}}
    """
    split = [split_year(heading) for heading in headings]
    bare, units = zip(*(split_unit(plain) for plain, _ in split), strict=True) if headings else ((), ())
    yearly = _yearly(bare, [year for _, year in split])
    whole = (
        [text if year is None else "" for text, (_, year) in zip(bare, split, strict=True)] if yearly else list(bare)
    )
    needed = {"firm", "industry"} if yearly else {"firm", "industry", "year"}
    known = Layout("firms", SPELLINGS, frozenset(needed), either=(("region", "country"),))
    faults: list[Fault] = []
    places = positions(whole, known)
    try:
        match(whole, known, file=file, line=line)
    except BadInput as error:
        faults += [_without_source(fault) for fault in error.faults]
    if yearly:
        places = {column: at for column, at in places.items() if column not in FIGURES and column != "year"}
    money = [at for held in (places, *yearly.values()) for column, at in held.items() if column in MONEY]
    factors: dict[int, float] = {}
    for at in sorted(money):
        found = _factor(bare[at], units[at], unit, rates)
        if isinstance(found, float):
            factors[at] = found
        else:
            faults.append(Fault(file, line, headings[at], *found))
    if faults:
        raise BadInput(faults)
    return Columns(places, factors, yearly)


def _yearly(bare: Sequence[str], years: Sequence[int | None]) -> dict[int, dict[str, int]]:
    """Find the figures of each year, where each has its own columns and no column tells the year."""
    if positions(list(bare), Layout("firms", {"year": SPELLINGS["year"]})):
        return {}
    figures = Layout("firms", {column: SPELLINGS[column] for column in FIGURES})
    found = {}
    for year in sorted({year for year in years if year is not None}):
        of_year = [text if one == year else "" for text, one in zip(bare, years, strict=True)]
        if places := positions(of_year, figures):
            found[year] = places
    return found


def split_year(heading: str) -> tuple[str, int | None]:
    r"""Split a heading from the year behind it.

    Examples
    --------
    >>> [split_year(text) for text in ("Turnover\nth EUR 2014", "NAICS 2017, core code (4 digits)", "NACE")]
    [('Turnover\nth EUR', 2014), ('NAICS 2017, core code (4 digits)', None), ('NACE', None)]
    """
    found = re.fullmatch(r"(?s)(.*\D)[\s,]+((?:19|20)\d\d)\s*", heading)
    return (found[1].rstrip(" ,"), int(found[2])) if found else (heading, None)


def looks_like_firms(headings: Sequence[str]) -> bool:
    """Tell a table of firms from one of regions: it names firms, years and industries.

    Examples
    --------
    >>> looks_like_firms(["BvD ID number", "NACE", "Year"]), looks_like_firms(["region", "industry", "year", "firms"])
    (True, False)
    """
    split = [split_year(heading) for heading in headings]
    bare = [split_unit(plain)[0] for plain, _ in split]
    held = positions(bare, Layout("firms", SPELLINGS))
    return {"firm", "industry"} <= set(held) and ("year" in held or bool(_yearly(bare, [year for _, year in split])))


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


def _factor(heading: str, unit: str, given: str | None, rates: Mapping[str, float]) -> float | tuple[str, str]:
    """How many EUR a unit is; else what was expected and how to mend it."""
    unit = unit or (given or "").lower() or ("eur" if fold(heading) in PLAIN else "")
    scale, _, currency = unit.rpartition(" ")
    letters = "USD" if currency == "dollars" else currency.upper()
    rate = 1.0 if letters == "EUR" else rates.get(letters)
    if rate is None:
        expected = "money in EUR, or its rate" if unit else "a unit, such as 'th EUR', behind the heading"
        known = "say what a unit of it is in EUR, such as --rate USD=0.92, or export the column in EUR"
        return expected, known if unit else 'write the unit there, or say unit = "thousand EUR"'
    factor = next((factor for words, factor in _SCALES if re.fullmatch(words, scale)), 1 if not scale else None)
    if factor is None:
        return f"{letters}, thousand {letters} or million {letters}", "correct the unit in the heading"
    return factor * rate


def _without_source(fault: Fault) -> Fault:
    """A table of firms is no source of study.toml: its columns are mended in the file."""
    return Fault(fault.file, fault.line, fault.value, fault.expected, "name the column so in the file")
