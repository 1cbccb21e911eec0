"""Which codes are parts of which: industries and regions at one level each, their wholes and parts set apart."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources

import pandas as pd

from observatory.stars.industries import TOTAL, listed
from observatory.stars.layouts.places import is_country, region_level

#: Sums over all industries, the first that a table holds is its total. Source: Eurostat, code list NACE_R2.
TOTALS = ("TOTAL", "total", "B-S_X_O_S94", "B-S_X_K642", "B-N_S95_X_K", "B-N_X_K", "B-N")
#: The level that is kept where a file has several, in digits.
DIGITS = {"nace": 2, "naics": 6}
SECTIONS = {
    "A": (1, 3), "B": (5, 9), "C": (10, 33), "D": (35, 35), "E": (36, 39), "F": (41, 43), "G": (45, 47),
    "H": (49, 53), "I": (55, 56), "J": (58, 63), "K": (64, 66), "L": (68, 68), "M": (69, 75), "N": (77, 82),
    "O": (84, 84), "P": (85, 85), "Q": (86, 88), "R": (90, 93), "S": (94, 96), "T": (97, 98), "U": (99, 99),
}  # fmt: skip
_NACE = re.compile(r"([A-U])?(\d{2,4})")
_NAICS = re.compile(r"\d{2,6}|31-33|44-45|48-49")
#: Levels of a code: all industries, and one that is no code of the scheme.
ALL, NONE = 0, -1


@cache
def _nace_codes() -> frozenset[str]:
    path = resources.files("ingest") / "reference" / "sectors" / "nace2_isic4.csv"
    classes = [line.split(",")[0] for line in path.read_text("utf-8").splitlines()[1:]]
    return frozenset(code[:width] for code in classes for width in (2, 3, 4))


def industry_level(code: str, scheme: str) -> int:
    """Return at how many digits a code stands: 1 for a section, 0 for all industries, -1 for what is no code.

    Examples
    --------
    >>> [industry_level(code, "nace") for code in ("C", "C10", "G45.1", "1011", "B-E", "TOTAL", "C34")]
    [1, 2, 3, 4, -1, 0, -1]
    >>> [industry_level(code, "naics") for code in ("31", "31-33", "336411", "total")]
    [2, 2, 6, 0]
    """
    if code in TOTALS or code.casefold() == TOTAL:
        return ALL
    if scheme == "naics":
        return (2 if "-" in code else len(code)) if _NAICS.fullmatch(code) else NONE
    plain = code.replace(".", "")
    if plain in SECTIONS:
        return 1
    found = _NACE.fullmatch(plain)
    if found is None or found[2] not in _nace_codes():
        return NONE
    return len(found[2])


def sections_of(code: str) -> frozenset[str]:
    """Return the sections that a code of several stands for; none where it is no such code.

    Examples
    --------
    >>> [sorted(sections_of(code)) for code in ("B-E", "M_N", "K_L_X_K642", "C")]
    [['B', 'C', 'D', 'E'], ['M', 'N'], ['K', 'L'], []]
    """
    plain = code.split("_X_")[0]
    letters = "".join(SECTIONS)
    if found := re.fullmatch("([A-U])-([A-U])", plain):
        return frozenset(letters[letters.index(found[1]) : letters.index(found[2]) + 1])
    return frozenset(plain.split("_")) if re.fullmatch("[A-U](_[A-U])+", plain) else frozenset()


def _groups(codes: Iterable[str]) -> frozenset[str]:
    """Codes of several sections that stand beside single sections without counting anything twice."""
    there = sorted(codes)
    taken = {code for code in there if code in SECTIONS}
    kept = set()
    for code in sorted(there, key=lambda code: (len(sections_of(code)), code)):
        parts = sections_of(code)
        if parts and not parts & taken:
            kept.add(code)
            taken |= parts
    return frozenset(kept)


def industry_parent(code: str, scheme: str) -> str | None:
    """Return the code one level up, in the same writing; None for sections and two-digit NAICS.

    Examples
    --------
    >>> industry_parent("C10", "nace"), industry_parent("G451", "nace"), industry_parent("336411", "naics")
    ('C', 'G45', '33641')
    """
    if scheme == "naics":
        return code[:-1] if "-" not in code and len(code) > 2 else None
    plain = code.replace(".", "")
    found = _NACE.fullmatch(plain)
    if found is None:
        return None
    if len(found[2]) > 2:
        return plain[:-1]
    division = int(found[2])
    return next((letter for letter, (first, last) in SECTIONS.items() if first <= division <= last), None)


@cache
def nace_children(parent: str) -> frozenset[str]:
    """Return the digits of all codes one level below a section, division or group of NACE Rev. 2.

    Examples
    --------
    >>> sorted(nace_children("E"))
    ['36', '37', '38', '39']
    """
    known = _nace_codes()
    if parent in SECTIONS:
        first, last = SECTIONS[parent]
        return frozenset(code for code in known if len(code) == 2 and first <= int(code) <= last)
    digits = parent.lstrip("ABCDEFGHIJKLMNOPQRSTU").replace(".", "")
    return frozenset(code for code in known if len(code) == len(digits) + 1 and code.startswith(digits))


@dataclass(frozen=True)
class Sorted:
    """Cells sorted by what is kept.

    Attributes
    ----------
    kept
        One level of industries (and ``total``) in one level of regions.
    wholes
        Cells of a kept region whose industry is the whole of kept ones, or of a kept industry whose region is:
        what remainders are taken from.
    aside
        Reason and cells of all that is not kept.
    """

    kept: pd.DataFrame
    wholes: pd.DataFrame
    aside: tuple[tuple[str, pd.DataFrame], ...]


def by_level(cells: pd.DataFrame, scheme: str, digits: int | None = None) -> Sorted:
    """Keep one level of industries and of regions: no employment may count twice.

    Kept are NACE divisions or six-digit NAICS codes, or as many digits as are asked for (one digit: sections, and
    several sections together where none of them stands alone); where the cells have
    none so fine, the finest that they have. Of regions NUTS2, or where there is none the finest; counties
    before states; countries outside NUTS stand as they are.

    Parameters
    ----------
    cells
        ``region, industry`` and whatever else.
    scheme
        ``nace``, ``naics`` or ``industry`` (names, all kept).

    Examples
    --------
    >>> cells = pd.DataFrame({"region": ["DE21", "DE21", "DE2"], "industry": ["C", "C10", "C10"]})
    >>> parted = by_level(cells, "nace")
    >>> parted.kept.values.tolist(), [reason for reason, _ in parted.aside]
    ([['DE21', 'C10']], ['regions of another level (nuts1)', 'industries of another level (1 digit)'])
    """
    named = scheme == "industry"
    industries = {code: NONE if named else industry_level(code, scheme) for code in set(cells["industry"].unique())}
    regions = {code: region_level(code) for code in set(cells["region"].unique())}
    industry = cells["industry"].map(industries).astype("int64")
    region = cells["region"].map(regions).astype("str")
    if digits == 1:
        industries |= dict.fromkeys(_groups(industries), 1)
        industry = cells["industry"].map(industries).astype("int64")
    level = _digits(industries, scheme, digits)
    places = _places(regions.values())
    strangers = {code for code, name in regions.items() if name == "other" and not is_country(code)}
    unknown, extra = cells["region"].isin(strangers), region == "extra"
    if named:
        rest, total = pd.Series(True, index=cells.index), pd.Series(False, index=cells.index)
        strange = ~rest
    else:
        total = industry == ALL
        first = next((code for code in TOTALS if code in industries), TOTAL)
        rest = (industry == level) | (total & (cells["industry"] == first))
        strange = industry == NONE
    here = region.isin([*places, "other"]) & ~unknown
    aside = [
        (f"regions that no version of NUTS has ({_some(cells, unknown, 'region')})", unknown),
        ("outside all regions (extra-regio)", extra),
    ]
    left = ~unknown & ~extra
    aside += [
        (f"regions of another level ({name})", left & (region == name)) for name in sorted(set(region[left & ~here]))
    ]
    none = here & strange
    aside.append((f"sums over industries, or no code of {scheme} ({_some(cells, none, 'industry')})", none))
    aside.append(("totals of which a better one is there", here & total & ~rest))
    other = here & ~rest & ~strange & ~total
    aside += [
        (f"industries of another level ({number} digit{'s' if number > 1 else ''})", other & (industry == number))
        for number in sorted(set(industry[other]))
    ]
    kept = cells[here & rest].copy()
    kept.loc[total[here & rest], "industry"] = TOTAL
    wholes = cells[left & ~strange & ~(here & rest) & (rest | here)]
    told = tuple((reason, cells[rows]) for reason, rows in aside if rows.any())
    return Sorted(kept, wholes, told)


def _digits(levels: dict[str, int], scheme: str, digits: int | None) -> int:
    if scheme == "industry":
        return NONE
    wanted = digits or DIGITS.get(scheme, 6)
    there = sorted({level for level in levels.values() if level > 0})
    return max((level for level in there if level <= wanted), default=there[0] if there else wanted)


def _places(levels: Iterable[str]) -> list[str]:
    """One level of NUTS and one of the US."""
    there = set(levels)
    nuts = next((name for name in ("nuts2", "nuts3", "nuts1", "nuts0") if name in there), "nuts2")
    return [nuts, "county" if "county" in there else "state"]


def _some(cells: pd.DataFrame, rows: pd.Series, column: str) -> str:
    return listed(sorted(set(cells.loc[rows, column])), 5)
