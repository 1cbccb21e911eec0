"""From a code of a business classification to NAICS 2017, by the published concordances.

Every table is a list of links from one classification to the next. A code with several targets gives each an
even share; a chain of steps multiplies the shares. A division or group stands for all classes below it.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

TABLES = Path(__file__).parent / "reference" / "sectors"

#: The way of each classification to NAICS 2017: the tables in order.
CHAINS: Mapping[str, tuple[str, ...]] = {
    "sic": ("sic_naics",),
    "nace1": ("nace1_nace2", "nace2_isic4", "isic4_naics"),
    "nace2": ("nace2_isic4", "isic4_naics"),
    "nace21": ("nace21_nace2", "nace2_isic4", "isic4_naics"),
    "isic31": ("isic31_naics2002", "naics2002_naics2007", "naics2007_naics2012", "naics2012_naics2017"),
    "isic4": ("isic4_naics",),
    "naics2002": ("naics2002_naics2007", "naics2007_naics2012", "naics2012_naics2017"),
    "naics2007": ("naics2007_naics2012", "naics2012_naics2017"),
    "naics2012": ("naics2012_naics2017",),
    "naics2022": ("naics2022_naics2017",),
}
#: The same way in words.
WAYS: Mapping[str, str] = {
    "sic": "NAICS 2017",
    "nace1": "NACE Rev. 2 → ISIC Rev. 4 → NAICS 2017",
    "nace2": "ISIC Rev. 4 → NAICS 2017",
    "nace21": "NACE Rev. 2 → ISIC Rev. 4 → NAICS 2017",
    "isic31": "NAICS 2002 → NAICS 2007 → NAICS 2012 → NAICS 2017",
    "isic4": "NAICS 2017",
    "naics2002": "NAICS 2007 → NAICS 2012 → NAICS 2017",
    "naics2007": "NAICS 2012 → NAICS 2017",
    "naics2012": "NAICS 2017",
    "naics2017": "NAICS 2017",
    "naics2022": "NAICS 2017",
}
#: Years of NAICS, newest first: a code of an unknown year is read in the newest year that has it.
NAICS_YEARS = ("naics2022", "naics2017", "naics2012", "naics2007", "naics2002")
#: NAICS sectors that span several two-digit codes.
JOINED: Mapping[str, str] = {
    "31": "31-33",
    "32": "31-33",
    "33": "31-33",
    "44": "44-45",
    "45": "44-45",
    "48": "48-49",
    "49": "48-49",
}
LEVEL_WIDTHS = (2, 3, 4, 5, 6)
#: Likeness of titles below which they are as good as unlike.
UNLIKE = 0.4


def read_table(name: str) -> list[list[str]]:
    """Rows of a reference table, without its heading."""
    with (TABLES / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.reader(handle))[1:]


@cache
def links(name: str) -> Mapping[str, tuple[str, ...]]:
    """Targets of each code in one table of links, sorted."""
    found: dict[str, set[str]] = defaultdict(set)
    for source, target in read_table(name):
        found[source].add(target)
    return {source: tuple(sorted(targets)) for source, targets in sorted(found.items())}


@cache
def naics_titles() -> Mapping[str, str]:
    """Titles of NAICS 2017 by code, two to six digits.

    Examples
    --------
    >>> naics_titles()["325"], naics_titles()["31-33"]
    ('Chemical manufacturing', 'Manufacturing')
    """
    return dict(row[:2] for row in read_table("naics_titles"))


@cache
def naics_codes() -> frozenset[str]:
    """The 1,057 six-digit codes of NAICS 2017."""
    return frozenset(code for code in naics_titles() if len(code) == 6)


def prefix(naics: str, width: int) -> str:
    """A NAICS code cut to a number of digits; at two digits the joined sectors.

    Examples
    --------
    >>> prefix("325411", 2), prefix("325411", 4), prefix("325", 4)
    ('31-33', '3254', '325')
    """
    return JOINED.get(naics[:2], naics[:2]) if width == 2 else naics[:width]


def spread(shares: Mapping[str, float], table: Mapping[str, tuple[str, ...]]) -> dict[str, float]:
    """Carry shares one step on, each code's share split evenly over its targets.

    Examples
    --------
    >>> spread({"a": 1.0}, {"a": ("x", "y")})
    {'x': 0.5, 'y': 0.5}
    """
    out: dict[str, float] = defaultdict(float)
    for code, share in shares.items():
        for target in table.get(code, ()):
            out[target] += share / len(table[code])
    return dict(out)


def blend(parts: Iterable[tuple[float, Mapping[str, float]]]) -> dict[str, float]:
    """Sum shares with weights, scaled to sum to 1; parts without any target give their weight to the rest."""
    out: dict[str, float] = defaultdict(float)
    for weight, shares in parts:
        for code, share in shares.items():
            out[code] += weight * share
    total = sum(out.values())
    return {code: out[code] / total for code in sorted(out)}


@cache
def class_shares(scheme: str) -> Mapping[str, Mapping[str, float]]:
    """NAICS shares of each class of a classification; classes that reach none are absent.

    Examples
    --------
    >>> class_shares("sic")["7372"]
    {'334614': 0.5, '511210': 0.5}
    """
    if scheme == "naics2017":
        return {code: {code: 1.0} for code in sorted(naics_codes())}
    first, *rest = CHAINS[scheme]
    out: dict[str, Mapping[str, float]] = {}
    for code in links(first):
        shares = spread({code: 1.0}, links(first))
        for table in rest:
            shares = spread(shares, links(table))
        if shares:
            out[code] = blend([(1.0, shares)])
    return out


@cache
def below(scheme: str) -> Mapping[str, tuple[str, ...]]:
    """The classes below each division, group and class of a classification.

    Examples
    --------
    >>> below("nace2")["21"]
    ('2110', '2120')
    """
    out: dict[str, list[str]] = defaultdict(list)
    for code in class_shares(scheme):
        for width in range(2, len(code) + 1):
            out[code[:width]].append(code)
    return {code: tuple(classes) for code, classes in out.items()}


@cache
def likeness() -> Mapping[tuple[str, str, str], float]:
    """How like the titles of a class and of a NAICS code are (0 to 1), by scheme, class and NAICS code."""
    return {(scheme, code, naics): int(value) / 100 for scheme, code, naics, value in read_table("likeness")}


@cache
def class_scores(scheme: str) -> Mapping[str, Mapping[str, float]]:
    """Shares of each class leaning towards the NAICS codes whose title is like its own; they sum to 1.

    A score is share × likeness⁴, where a likeness under :data:`UNLIKE` counts as that. Between years of
    NAICS the likeness is 1 where the code stays the same and 1/2 elsewhere.

    Examples
    --------
    >>> {code: round(score, 2) for code, score in class_scores("sic")["7372"].items()}
    {'334614': 0.21, '511210': 0.79}
    """
    years, like = scheme.startswith("naics"), likeness()
    out = {}
    for code, shares in class_shares(scheme).items():
        known = {n: (0.5, 1.0)[n == code] if years else like.get((scheme, code, n), 1.0) for n in shares}
        out[code] = blend([(1.0, {n: share * max(known[n], UNLIKE) ** 4 for n, share in shares.items()})])
    return out


def shares_of(scheme: str, codes: Iterable[str]) -> dict[str, float]:
    """NAICS shares of one or several codes, even over the classes below them; empty where there are none.

    Examples
    --------
    >>> shares_of("nace2", ["262"])
    {'334111': 0.3333333333333333, '334112': 0.3333333333333333, '334118': 0.3333333333333333}
    """
    classes = sorted({c for code in codes for c in below(scheme).get(code, ())})
    return blend((1.0, class_shares(scheme)[c]) for c in classes) if classes else {}


def scores_of(scheme: str, codes: Iterable[str]) -> dict[str, float]:
    """What :func:`top` chooses by: as :func:`shares_of`, with :func:`class_scores` for the shares."""
    classes = sorted({c for code in codes for c in below(scheme).get(code, ())})
    return blend((1.0, class_scores(scheme)[c]) for c in classes) if classes else {}


def top(scores: Mapping[str, float]) -> str:
    """Choose one NAICS code, down the hierarchy.

    The two-digit sector with the largest summed score is chosen first (31-33, 44-45 and 48-49 count as one
    each), then within it the three-digit code with the largest sum, then four, five and six digits. Sums are
    compared to twelve digits; the smallest code wins a tie.

    The scores are those of :func:`scores_of`, which lean towards like titles, because shares alone mislead:
    SIC 3841 (surgical instruments) leads to five industries of machinery, by way of a single product each,
    and to two of medical devices.

    Examples
    --------
    >>> top({"333249": 0.1, "333415": 0.1, "339112": 0.3})
    '339112'
    >>> top({"541511": 0.5, "511210": 0.5})
    '511210'
    >>> top(scores_of("sic", ["7372"])), top(scores_of("sic", ["3841"]))
    ('511210', '339112')
    """
    left = dict(scores)
    for width in LEVEL_WIDTHS:
        if len(left) == 1:  # as most are
            break
        sums: dict[str, float] = defaultdict(float)
        for code in sorted(left):
            sums[prefix(code, width)] += left[code]
        best = min(sums, key=lambda group: (-round(sums[group], 12), group))
        left = {code: score for code, score in left.items() if prefix(code, width) == best}
    return min(left)
