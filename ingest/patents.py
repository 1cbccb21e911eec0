"""From a patent's class to divisions of NACE Rev. 2: IPC or CPC → the 35 WIPO fields → NACE.

The field of a symbol comes from WIPO's own table; how a field's patents fall on divisions of NACE comes from
the applicants' industries (Neuhäusler, Frietsch & Kroll 2019, Probabilistic concordance schemes for the
re-assignment of patents to economic sectors and scientific publications to technology fields).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

import pandas as pd

from ingest.concordance import below, read_table
from ingest.symbols import key, split_symbol

#: Divisions with less of a field's patents than this are left out: applicants' side lines.
SMALLEST_SHARE = 0.01


@dataclass(frozen=True)
class Industries:
    """Where a symbol's patents go: divisions and groups of NACE Rev. 2 with shares that sum to 1.

    Attributes
    ----------
    way
        The chain in words up to NACE.
    parts
        NACE codes (division, groups or classes together) and their share.
    top
        The codes among which the top rule looks.
    """

    way: str
    parts: tuple[tuple[tuple[str, ...], float], ...]
    top: tuple[str, ...] = field(default=())


@cache
def rules() -> Mapping[str, int]:
    """WIPO field by subclass or main group, with the project's additions for newer parts of the IPC.

    Source: WIPO, IPC - Technology Concordance Table (Schmoch 2008, updated 2019).
    """
    rows = [*read_table("wipo_ipc"), *(row[:2] for row in read_table("ipc_additions"))]
    return {ipc: int(number) for ipc, number in rows}


@cache
def majority() -> Mapping[str, int]:
    """The field with most rules in each subclass that WIPO divides by main group; the smallest on a tie."""
    votes: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for ipc, number in rules().items():
        if " " in ipc:
            votes[ipc[:4]][number] += 1
    return {ipc: min(count, key=lambda n: (-count[n], n)) for ipc, count in votes.items()}


@cache
def field_names() -> Mapping[int, str]:
    """The 35 names as WIPO and PATSTAT spell them.

    Examples
    --------
    >>> field_names()[16], len(field_names())
    ('Pharmaceuticals', 35)
    """
    return {int(number): name for number, name, _ in read_table("wipo_fields")}


def field_of(ipc: str, first: Mapping[str, int] | None = None) -> int | None:
    """WIPO field of an IPC or CPC key by its longest known prefix; None where there is none.

    CPC's indexing groups above 2000 belong to the main group of the same number (A61K 2039 to A61K 39). A
    main group that the table does not know, and a subclass without a main group, take the field with most
    rules in their subclass.

    Examples
    --------
    >>> [field_of(k) for k in ("A61K 8", "A61K 31", "A61K", "H04N 21", "A61K 2039", "H10K", "A61")]
    [14, 16, 16, 4, 16, 8, None]
    """
    stem, _, group = ipc.partition(" ")
    tries = [ipc, stem]
    if group and int(group) > 2000:
        tries.insert(1, f"{stem} {int(group) - 2000}")
    for table in (first or {}, rules(), majority()):
        for attempt in tries:
            if attempt in table:
                return table[attempt]
    return None


def field_number(symbol: str) -> int | None:
    """WIPO field by its number or its name, in any case.

    Examples
    --------
    >>> [field_number(s) for s in ("16", "16.0", "pharmaceuticals ", "Materials, metallurgy", "36")]
    [16, 16, 16, 20, None]
    """
    text = " ".join(symbol.split())
    if re.fullmatch(r"0?\d{1,2}(\.0*)?", text):
        number = int(float(text))
        return number if number in field_names() else None
    names = {name.casefold(): number for number, name in field_names().items()}
    return names.get(text.casefold())


@cache
def _nace_shares(table: str) -> Mapping[str, Mapping[str, float]]:
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for source, division, share in read_table(table):
        if float(share) >= SMALLEST_SHARE and division in below("nace2"):
            found[source][division] = float(share)
    return found


@cache
def _focus() -> Mapping[tuple[int, str], tuple[tuple[str, ...], bool]]:
    """By field and division: the part of the division that the field means, and whether the top is there."""
    found: dict[tuple[int, str], tuple[tuple[str, ...], bool]] = {}
    for number, codes, is_top, _ in read_table("field_focus"):
        groups = tuple(code.replace(".", "") for code in codes.split())
        found[int(number), groups[0][:2]] = (groups, is_top == "yes")
    return found


@cache
def industries_of_field(number: int) -> Industries:
    """NACE divisions of a WIPO field with their shares.

    Of a division that the field means only a part of, the share goes to that part: medical technology and
    division 32 meet in 32.5. The top rule looks in the division with the largest share among those that the
    field's own words name (``field_focus.csv``), or else in the largest of all.

    Source: Neuhäusler, Frietsch & Kroll 2019, table by field; divisions under 1 % left out.

    Examples
    --------
    >>> industries_of_field(16).top
    ('21',)
    >>> industries_of_field(13).top
    ('325',)
    """
    shares = _nace_shares("field_nace")[str(number)]
    focus = {division: _focus().get((number, division), ((division,), False)) for division in shares}
    named = [division for division, (_, is_top) in focus.items() if is_top] or list(shares)
    best = min(named, key=lambda division: (-shares[division], division))
    parts = tuple((focus[division][0], share) for division, share in sorted(shares.items()))
    return Industries(f"WIPO field {number}", parts, focus[best][0])


@cache
def industries_of_class(ipc: str) -> Industries | None:
    """NACE divisions of an IPC class, for a symbol of which no more than the class is known.

    Examples
    --------
    >>> industries_of_class("C12").top, industries_of_class("A62B") is None
    (('21',), True)
    """
    shares = _nace_shares("ipc_class_nace").get(ipc)
    if not shares:
        return None
    best = min(shares, key=lambda division: (-shares[division], division))
    return Industries(f"IPC class {ipc}", tuple(((d,), s) for d, s in sorted(shares.items())), (best,))


def fields_table(table: pd.DataFrame | None) -> Mapping[str, int]:
    """PATSTAT's ``tls901_techn_field_ipc`` as fields by key.

    Examples
    --------
    >>> fields_table(pd.DataFrame({"ipc_maingroup_symbol": ["A61K   8/"], "techn_field_nr": ["14"]}))
    {'A61K 8': 14}
    """
    if table is None:
        return {}
    columns = {str(name).casefold(): name for name in table.columns}
    pairs = zip(table[columns["ipc_maingroup_symbol"]], table[columns["techn_field_nr"]], strict=True)
    found = ((key(str(ipc).rstrip("%")), field_number(str(number))) for ipc, number in pairs)
    return {ipc: number for ipc, number in found if ipc and number is not None}


def nace_table(table: pd.DataFrame | None) -> Mapping[str, Industries]:
    """PATSTAT's ``tls902_ipc_nace2`` as industries by key, its weights scaled to sum to 1.

    Conditions on other symbols of the same application (``not_with_ipc``, ``unless_with_ipc``) cannot be seen
    from one symbol and are not applied.

    Examples
    --------
    >>> rows = pd.DataFrame({"ipc": ["A61K  31/"], "nace2_code": ["21"], "nace2_weight": ["1"]})
    >>> nace_table(rows)["A61K 31"].parts
    ((('21',), 1.0),)
    """
    if table is None:
        return {}
    columns = {str(name).casefold(): name for name in table.columns}
    weights: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    code_column, weight = columns["nace2_code"], columns.get("nace2_weight", columns.get("weight"))
    worth = table[weight] if weight is not None else [1.0] * len(table)
    for ipc, code, share in zip(table[columns["ipc"]], table[code_column], worth, strict=True):
        nace = nace_code(str(code))
        if nace is not None and float(share) > 0:
            weights[split_symbol(str(ipc).rstrip("%"))[1].rstrip("/")][nace] += float(share)
    return {ipc: _industries(shares) for ipc, shares in sorted(weights.items()) if ipc}


def nace_code(text: str) -> str | None:
    """NACE Rev. 2 digits of a division, group or class, None where there is none; a spreadsheet's 1.1 is 01.1.

    Examples
    --------
    >>> [nace_code(text) for text in ("26.51", "1.1", "21", "26.99")]
    ['2651', '011', '21', None]
    """
    left, _, right = text.strip().partition(".")
    digits = left.zfill(2) + ("" if not right.strip("0") and len(left) > 2 else right)
    return digits if digits in below("nace2") else None


def _industries(shares: Mapping[str, float]) -> Industries:
    total = sum(shares[code] for code in sorted(shares))
    best = min(shares, key=lambda code: (-shares[code], code))
    return Industries("", tuple(((code,), shares[code] / total) for code in sorted(shares)), (best,))


def industries(
    symbols: Iterable[str], fields: Mapping[str, int], nace: Mapping[str, Industries]
) -> tuple[dict[str, str], dict[str, Industries]]:
    """The key of each symbol, and the NACE divisions of each key that finds any. PATSTAT's tables come first.

    Keys go down to the main group, and to the subgroup only where ``nace`` does.
    """
    depth = 1 if any("/" in ipc for ipc in nace) else 0
    keys = {symbol: split_symbol(symbol)[depth] for symbol in symbols}
    found = ((own, _find(own, own.partition("/")[0], fields, nace)) for own in sorted(set(keys.values())))
    return keys, {own: where for own, where in found if where is not None}


def _find(full: str, main: str, fields: Mapping[str, int], nace: Mapping[str, Industries]) -> Industries | None:
    for attempt in (full, main, main[:4], main[:3]):
        if attempt in nace:
            return nace[attempt]
    number = field_of(main, fields) if main else None
    return industries_of_field(number) if number is not None else industries_of_class(main[:3])
