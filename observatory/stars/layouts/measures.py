"""Which figure of the star table an indicator of Eurostat is, and in which unit it is printed."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.faults import BadInput, Fault

#: Measures of the star table, and the unit that each is kept in; wages may be in another currency. An average wage
#: (a year, by person) becomes wages where the employment of its cell is known.
UNITS = {
    "employment": ("persons", "FTE"),
    "wages": ("EUR", "USD"),
    "average_wage": ("EUR", "USD"),
    "firms": ("units",),
    "high_growth_smes": ("units",),
    "frontier_firms": ("units",),
    "paid": ("persons", "FTE"),
    "population": ("persons",),
    "gdp": ("EUR", "USD"),
    "patents": ("units",),
}


@dataclass(frozen=True)
class Indicator:
    """An indicator of a publisher.

    Attributes
    ----------
    measure
        The column of the star table.
    factor
        What a printed figure is multiplied by.
    unit
        The unit after that.
    rank
        Of the indicators of a measure that a file holds, those of the lowest rank are taken.
    said
        What it is, in words.
    """

    measure: str
    factor: float
    unit: str
    rank: int
    said: str


_LOCAL = "local units"
_PERSONS = "persons employed, not full-time equivalents"
_WAGES = "wages and salaries"
#: Indicators of structural business statistics and of business demography, by their codes.
#: Sources: Eurostat, code lists INDIC_SB and INDIC_SBS.
INDICATORS = {
    "V16110": Indicator("employment", 1, "persons", 1, _PERSONS),
    "EMP_LOC_NR": Indicator("employment", 1, "persons", 1, _PERSONS),
    "EMP_NR": Indicator("employment", 1, "persons", 2, _PERSONS),
    "V16140": Indicator("employment", 1, "FTE", 3, "employees in full-time equivalents"),
    "SAL_FTE_NR": Indicator("employment", 1, "FTE", 3, "employees in full-time equivalents"),
    "V16130": Indicator("employment", 1, "persons", 4, "employees, not full-time equivalents"),
    "SAL_NR": Indicator("employment", 1, "persons", 4, "employees, not full-time equivalents"),
    "V16910": Indicator("employment", 1, "persons", 5, "persons employed in active enterprises"),
    "V13320": Indicator("wages", 1e6, "EUR", 1, _WAGES),
    "WAGE_LOC_MEUR": Indicator("wages", 1e6, "EUR", 1, _WAGES),
    "WAGE_MEUR": Indicator("wages", 1e6, "EUR", 2, _WAGES),
    "V11210": Indicator("firms", 1, "units", 1, _LOCAL),
    "LOC_NR": Indicator("firms", 1, "units", 1, _LOCAL),
    "V11110": Indicator("firms", 1, "units", 2, "enterprises"),
    "ENT_NR": Indicator("firms", 1, "units", 2, "enterprises"),
    "V11910": Indicator("firms", 1, "units", 3, "active enterprises"),
    "V11960": Indicator(
        "high_growth_smes", 1, "units", 1, "enterprises of any size that grow by 10 % a year in employment"
    ),
}
#: Labels that the spreadsheets of Eurostat print instead of the code, in lower case and without their unit.
LABELS = {
    "persons employed": "V16110",
    "number of persons employed": "V16110",
    "persons employed in local units": "EMP_LOC_NR",
    "employees": "V16130",
    "number of employees": "V16130",
    "wages and salaries": "V13320",
    "wages and salaries in local units": "WAGE_LOC_MEUR",
    "local units": "V11210",
    "number of local units": "V11210",
    "enterprises": "V11110",
    "number of enterprises": "V11110",
    "population of active enterprises in t": "V11910",
    "high growth enterprises measured in employment (growth by 10% or more)": "V11960",
}
#: What a column ``unit`` may say: the factor, and what it counts.
SCALES = {
    "NR": (1, ""),
    "PER": (1, "persons"),
    "THS": (1e3, ""),
    "THS_PER": (1e3, "persons"),
    "FTE": (1, "FTE"),
    "THS_FTE": (1e3, "FTE"),
    "EUR": (1, "EUR"),
    "THS_EUR": (1e3, "EUR"),
    "MIO_EUR": (1e6, "EUR"),
    "USD": (1, "USD"),
    "THS_USD": (1e3, "USD"),
    "MIO_USD": (1e6, "USD"),
}
#: How a unit is written by hand or in a label.
_WRITTEN = {
    "number": "NR",
    "persons": "PER",
    "person": "PER",
    "units": "NR",
    "thousand": "THS",
    "thousands": "THS",
    "thousand persons": "THS_PER",
    "euro": "EUR",
    "thousand euro": "THS_EUR",
    "thousand eur": "THS_EUR",
    "million euro": "MIO_EUR",
    "million eur": "MIO_EUR",
    "meur": "MIO_EUR",
    "million usd": "MIO_USD",
    "thousand usd": "THS_USD",
    "mio eur": "MIO_EUR",
}


def scale(text: str) -> tuple[float, str] | None:
    """Say what a unit means: the factor and what is counted; None where it is not known.

    Examples
    --------
    >>> scale("THS_PER"), scale("Million euro"), scale("PC")
    ((1000.0, 'persons'), (1000000.0, 'EUR'), None)
    """
    plain = " ".join(text.split())
    code = plain.upper().replace(" ", "_")
    return SCALES.get(code) or SCALES.get(_WRITTEN.get(plain.lower(), ""))


def indicator_of(text: str) -> str | None:
    """Return the code of an indicator, given by its code or its label; None where it is not known.

    Examples
    --------
    >>> indicator_of("V16110"), indicator_of("Wages and salaries - million euro"), indicator_of("V94310")
    ('V16110', 'V13320', None)
    """
    plain = text.strip().strip("[]")
    if plain in INDICATORS:
        return plain
    label = " ".join(plain.lower().split())
    return LABELS.get(label) or LABELS.get(label.rpartition(" - ")[0].strip())


def chosen_measure(text: str) -> Indicator:
    """Understand what a user says of figures that do not say it themselves: a measure, or measure:unit.

    Raises
    ------
    BadInput
        For a measure or a unit that is not known, or money without its unit.

    Examples
    --------
    >>> chosen_measure("employment").unit, chosen_measure("wages:million EUR").factor
    ('persons', 1000000.0)
    """
    measure, _, unit = (part.strip() for part in text.partition(":"))
    known = UNITS.get(measure)
    if known is None:
        raise BadInput(Fault("measure", None, measure, f"one of {', '.join(UNITS)}", "correct the measure"))
    if not unit and known[0] not in ("EUR", "USD"):
        return Indicator(measure, 1, known[0], 1, f"said to be {measure}")
    found = scale(unit)
    if found is None or (found[1] and found[1] not in known) or (not found[1] and known[0] in ("EUR", "USD")):
        expected = f"a unit of {measure}: {' or '.join(known)}, with thousand or million before it"
        mend = f'write for example "{measure}:thousand {known[0]}"'
        raise BadInput(Fault("measure", None, unit, expected, mend))
    return Indicator(measure, found[0], found[1] or known[0], 1, f"said to be {measure} in {unit}")
