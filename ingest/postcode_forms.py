"""How each country writes its postal codes: found in a cell or in an address, and the beginnings they may stand for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from ingest.countries import NUTS_SPELLING

#: Digits of a code, blanks and dashes left aside. Of the Dutch codes the letters say no more about the region.
DIGITS = {
    "IS": 3,
    **dict.fromkeys(("AL", "AT", "BE", "BG", "CH", "CY", "DK", "HU", "LI", "LU", "LV", "MK", "NL", "NO", "SI"), 4),
    **dict.fromkeys(
        ("CZ", "DE", "EE", "EL", "ES", "FI", "FR", "HR", "IT", "LT", "ME", "PL", "RS", "SE", "SK", "TR"), 5
    ),
    "RO": 6,
    "PT": 7,
}
#: Portugal wrote four digits until 1998 and often does still; the other three only tell the street.
SHORTER = {"PT": 4}
#: What may stand between the digits, where that is not nothing.
_WRITTEN = {
    **dict.fromkeys(("CZ", "SE", "SK", "EL"), r"\d{3} ?\d{2}"),
    "PL": r"\d{2}-?\d{3}",
    "PT": r"\d{4}(?:[ -]?\d{3})?",
    "NL": r"\d{4}(?: ?[A-Z]{2}\b)?",
}
#: Codes of letters and digits, and the part of each that tells the region.
_SIGNS = {
    "UK": (r"[A-Z]{1,2}\d[A-Z\d]?", r"\d[A-Z]{2}"),
    "IE": (r"[A-Z]\d[\dW]", r"[A-Z\d]{4}"),
    "MT": (r"[A-Z]{3}", r"\d{2,4}"),
}
#: Letters that stand before a code, beside the country's two: those on its cars.
_LETTERS = {
    "AT": "A", "BE": "B", "DE": "D", "EE": "EST", "ES": "E", "FI": "FIN|SF", "FR": "F", "HU": "H", "IT": "I",
    "LI": "FL", "LU": "L", "NO": "N", "PT": "P", "RS": "SRB", "SE": "S", "SI": "SLO", "ME": "MNE",
}  # fmt: skip
#: Words before a number that is none of a place: a box at the post office, a part of a building.
_BOX = re.compile(
    r"\b(?:APARTADO|APDO|APTDO|BOX|BP|CASELLA POSTALE|CP|CS|LOKERO|PB|PF|PL|POSTALE|POSTBOKS|POSTBOX|POSTBUS|POSTFACH"
    r"|POSTILOKERO|TSA|BLDG|BLOCK|BUILDING|FLOOR|HOUSE|LEVEL|NO|OFFICE|ROOM|STUDIO|SUITE|UNIT)[ .:]*$"
)
#: Written where no code is known.
_STAND_IN = re.compile(r"(\d)\1{4,}|12345")
_CEDEX = re.compile(r"\s*\b(?:CEDEX|CDX)\b\s*\d{0,2}$")


@dataclass(frozen=True)
class _Form:
    """A country's code as a whole cell and within an address; what comes before it is the country's own letters."""

    whole: re.Pattern[str]
    within: re.Pattern[str]


@cache
def _form(country: str) -> _Form | None:
    iso = {nuts: code for code, nuts in NUTS_SPELLING.items()}.get(country, country)
    letters = "|".join(sorted({country, iso, *_LETTERS.get(country, country).split("|")}, key=lambda w: (-len(w), w)))
    before = rf"(?P<land>(?:{letters})(?:\s?-\s?|\s))?"
    if country in _SIGNS:
        first, second = _SIGNS[country]
        whole = rf"{before}(?P<code>{first})\s?-?\s?(?:{second})?"
        # Half a code is told from a number of a house only at the end.
        within = rf"(?<![\w/-])(?P<land>)(?P<code>{first})(?:\s?{second}(?!\w)|\s*$)"
        return _Form(re.compile(whole), re.compile(within))
    if country not in DIGITS:
        return None
    written = _WRITTEN.get(country, rf"\d{{{DIGITS[country]}}}")
    whole = rf"(?:(?:{letters})[\s-]*)?(?P<code>\d[\d\s-]*?)(?:\s*[A-Z]{{2}})?"
    within = rf"(?<![\w/-]){before}(?P<code>{written})(?![\w/]|\s?-\s?\d)"
    return _Form(re.compile(whole), re.compile(within))


def stems(country: str, code: str) -> Iterator[str]:
    """Yield a code and its beginnings that may stand for all codes that begin so, the longest first.

    Of a British code that is the letters alone: N1 is not the beginning of N10.

    Examples
    --------
    >>> list(stems("DE", "80331")), list(stems("UK", "SW1A")), list(stems("IE", "D6W"))
    (['80331', '8033', '803', '80', '8'], ['SW1A', 'SW'], ['D6W'])
    """
    yield code
    if country == "UK":
        yield re.split(r"\d", code, maxsplit=1)[0]  # its area
    elif country not in _SIGNS:
        yield from (code[:length] for length in range(len(code) - 1, 0, -1))


def _digits(country: str, text: str) -> str | None:
    found = re.sub(r"\D", "", text)
    fits = len(found) in (DIGITS[country], SHORTER.get(country))
    return found if fits and not _STAND_IN.fullmatch(found) else None


def codes_in(country: str, text: str) -> Iterator[str]:
    """Yield the postal codes of a country in a cell or an address, the likeliest first, as the table writes them.

    The likeliest has the country's letters before it; then the last one that a name follows or nothing does, for
    the number of a house stands before the code. The number of a post box is none.

    Parameters
    ----------
    country
        As NUTS writes it; nothing is found in another country's form.
    text
        As written.

    Examples
    --------
    >>> list(codes_in("DE", "22 Street, D-80331 München")), list(codes_in("FR", "31062 Cedex 9"))
    (['80331'], ['31062'])
    >>> list(codes_in("UK", "London SW1A 1AA")), list(codes_in("SE", "Box 24218, 104 51 Stockholm"))
    (['SW1A'], ['10451'])
    >>> list(codes_in("PT", "4000-123 Porto")), list(codes_in("DE", "8000 München"))
    (['4000123'], [])
    """
    if not (any(sign.isdigit() for sign in text) or country == "MT") or (form := _form(country)) is None:
        return
    upper = " ".join(text.upper().split())
    if whole := form.whole.fullmatch(_CEDEX.sub("", upper)):
        code = whole["code"] if country in _SIGNS else _digits(country, whole["code"])
        if code:
            yield code
        return
    named, others = [], []
    for match in form.within.finditer(upper):
        if _BOX.search(upper[: match.start()]):
            continue
        code = match["code"] if country in _SIGNS else _digits(country, match["code"])
        rest = upper[match.end() :]
        if code and match["land"]:
            named.append(code)
        elif code and (country in _SIGNS or not rest.strip(" .)") or re.match(r"\s+[^\W\d]", rest)):
            others.append(code)
    yield from dict.fromkeys(named[::-1] + others[::-1])
