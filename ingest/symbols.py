"""How a vendor's symbol is read: the plain code inside it, whatever stands around it."""

from __future__ import annotations

import re
from functools import cache

from ingest import concordance
from ingest.concordance import JOINED

#: A code with what vendors put around it: a section letter before, a full stop or a title behind.
CODE = re.compile(
    r"""\s*['"]?(?:[A-U][\s.]?)?"""
    r"""(\d{2}-\d{2}|\d+(?:\.\d*)*)['"]?"""
    r"""[\s:,–-]*(?:(?<=[\s:,–-])[A-Z(](?!.*\d{3}).*)?""",
    re.IGNORECASE | re.DOTALL,
)

#: An IPC or CPC symbol as offices write it: "A61K  31/00", "A61K31/00", "A61K0031000000", "A61K", "A61".
SYMBOL = re.compile(
    r"\s*([A-HY]\d{2})(?:([A-Z])(?:[\s\-]*(?:0*(\d{1,4})(?:\s*[/:\-]\s*(\d*)\s*(?:[(\[].*)?)?|(\d{4})(\d{6})))?)?\s*"
)
#: CPC sections that tag an invention beside its proper symbol; they carry no field.
TAGS = ("Y",)


def canonical(scheme: str, symbol: str) -> str:
    """A symbol of a business classification as its plain digits; ``""`` where it is none.

    A zero that a spreadsheet has lost comes back: SIC 132 is 0132, NACE 1.11 is 0111. Three digits are read
    as a class that has lost its zero first, and as a group only where there is no such class. Several codes
    in one cell are no symbol.

    Examples
    --------
    >>> [canonical("sic", s) for s in ("7372 Prepackaged Software", "7372.0", "132", "283", "2834/8731")]
    ['7372', '7372', '0132', '283', '']
    >>> [canonical("nace2", s) for s in ("C21.20", "1.11", "26.1", "21", "-")]
    ['2120', '0111', '261', '21', '']
    >>> [canonical("naics2017", s) for s in ("325411.", "31-33", "325", "n.a.")]
    ['325411', '31-33', '325', '']
    """
    found = CODE.fullmatch(symbol)
    if found is None:
        return ""
    if scheme.startswith("naics"):
        return _naics_digits(found[1], scheme)
    known = concordance.below(scheme)
    return next((attempt for attempt in _readings(found[1], scheme) if attempt in known), "")


def _readings(text: str, scheme: str) -> list[str]:
    """The ways in which digits may be meant, likeliest first."""
    left, _, right = text.partition(".")
    right = right.partition(".")[0]
    if scheme.startswith("nace") and right and len(left) <= 2:
        # 35.20 for group 35.2 and 26.00 for division 26, as a table of numbers writes them
        padded = [right[:1]] * (right[1:2] == "0") + [""] * (not right.strip("0"))
        return [left.zfill(2) + digits for digits in (right[:2], *padded)]
    if right.strip("0"):
        return []
    return [left.zfill(4) if len(left) == 3 else left, left, left.zfill(2), left[:-1] * left.endswith("0")]


def _naics_digits(text: str, scheme: str) -> str:
    """NAICS digits; 325000 for 325 and 325411.0 for 325411 are understood."""
    digits = text.partition(".")[0]
    known = naics_known(scheme)
    while digits not in known and digits.endswith("0"):
        digits = digits[:-1]
    return digits if digits in known else ""


@cache
def naics_known(scheme: str) -> frozenset[str]:
    """The codes of a year of NAICS, two to six digits, joined sectors such as 31-33 among them.

    Examples
    --------
    >>> {"31-33", "32", "325411"} <= naics_known("naics2017"), "516" in naics_known("naics2017")
    (True, False)
    """
    codes = concordance.below(scheme)
    return frozenset(codes) | frozenset(JOINED.get(code[:2], code[:2]) for code in codes)


def key(symbol: str) -> str:
    """A symbol as far as its main group: section to subclass, a blank, the group's number.

    Symbols of an IPC class alone, or of a subclass alone, stay as short; what is no symbol gives ``""``.

    Examples
    --------
    >>> [key(s) for s in ("A61K  31/00", "A61K0031000000", "a61k31/4155", "A61K", "A61", "31/00")]
    ['A61K 31', 'A61K 31', 'A61K 31', 'A61K', 'A61', '']
    """
    return split_symbol(symbol)[0]


def split_symbol(symbol: str) -> tuple[str, str]:
    """A patent symbol's key, and the same with its subgroup where it has one.

    Examples
    --------
    >>> split_symbol("A61K  31/415"), split_symbol("A61K")
    (('A61K 31', 'A61K 31/415'), ('A61K', 'A61K'))
    """
    found = SYMBOL.fullmatch(symbol.upper())
    if found is None or found[1][0] in TAGS:
        return "", ""
    stem, group = found[1] + (found[2] or ""), found[3] or (found[5] or "").lstrip("0")
    main = f"{stem} {int(group)}" if group and int(group) else stem
    return main, f"{main}/{found[4]}" if found[4] else main
