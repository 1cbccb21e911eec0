"""US County Business Patterns: files of counties and of states, and tables of data.census.gov.

``fipstate, fipscty, naics, emp_nf, emp, …, ap, est`` with NAICS padded by ``-`` or ``/``; states have ``lfo``
instead of a county. Employment is that of mid-March, payroll is annual, in 1,000 USD. Until 2016 a figure that is
withheld is printed as 0 with the flag D or S and a letter for its size in ``empflag``; from 2017 cells of fewer than
three establishments are left out. Tables of data.census.gov have the same figures under ``GEO_ID, NAICS2017, EMP, …,
PAYANN, ESTAB``, with a second row of headings.
"""

from __future__ import annotations

import re

import pandas as pd

from ingest.faults import BadInput, Fault
from observatory.stars.layouts.cells import Cells, Options, aside_of, cells_of
from observatory.stars.layouts.flags import CENSUS
from observatory.stars.layouts.opened import Opened

#: Column → measure, factor, unit, the column of its flag.
FIGURES = {
    "emp": ("employment", 1.0, "persons", "emp_nf"),
    "ap": ("wages", 1000.0, "USD", "ap_nf"),
    "est": ("firms", 1.0, "units", ""),
}
#: All legal forms together.
ALL_FORMS = ("-", "", "001", "00")
_NAMED = re.compile(r"cbp(\d{2}|\d{4})(?:co|st|us|msa)", re.IGNORECASE)
_SUPPRESSED = ("D", "S")
#: Headings of data.census.gov → those of the files.
_ONLINE = {"emp": "emp", "emp_n_f": "emp_nf", "payann": "ap", "payann_n_f": "ap_nf", "estab": "est", "year": "year"}
#: The size class of all establishments.
_ALL_SIZES = ("001", "")
_AREA = re.compile(r"0[45]0\d{4}US(\d{2})(\d{3})?")
_CODES = re.compile(r"naics\d{4}")


def recognises(opened: Opened) -> bool:
    """Tell by its headings whether a file is one of County Business Patterns.

    Examples
    --------
    >>> from pathlib import Path
    >>> recognises(Opened("cbp21co.txt", Path("a"), [["fipstate", "fipscty", "naics", "emp_nf", "emp", "ap", "est"]]))
    True
    """
    names = {head.lower() for head in opened.headings}
    return {"fipstate", "naics", "emp", "est"} <= names or {"geo_id", "emp", "estab"} <= names


def read(opened: Opened, options: Options) -> Cells:
    """Read a file of counties or of states.

    Returns
    -------
    Cells
        Employment (persons in mid-March), wages (annual payroll, USD) and firms (establishments) by NAICS code
        and region: ``US-01`` is a state, ``US-01001`` a county, by FIPS codes.

    Raises
    ------
    BadInput
        A file whose year neither its name, a column nor ``year`` says; FIPS codes and figures that are none.
    """
    table = opened.text()
    table = table.set_axis([str(name).lower() for name in table.columns], axis=1)
    aside: dict[str, int] = {}
    read = len(table) * len(FIGURES)
    if "geo_id" in table:
        table, aside = _as_file(table)
    forms = ~table["lfo"].str.strip().isin(ALL_FORMS) if "lfo" in table else pd.Series(False, index=table.index)
    aside["a part of all legal forms"] = int(forms.sum()) * len(FIGURES)
    table = table[~forms]
    faults: list[Fault] = []
    region = _regions(table, opened.file, faults)
    year = _years(table, opened, options, faults)
    parts = []
    for name, (measure, factor, unit, noise) in FIGURES.items():
        value, flag = _figure(table, name, noise, opened.file, faults)
        parts.append(pd.DataFrame({
            "region": region, "industry": _code(table["naics"]), "year": year, "measure": measure,
            "value": value * factor, "unit": unit, "flag": flag, "line": table["_line"],
        }))  # fmt: skip
    if faults:
        raise BadInput(sorted(faults, key=lambda fault: (fault.line or 0, fault.expected)))
    frame = cells_of(pd.concat(parts, ignore_index=True).assign(file=opened.file))
    said = (
        f"employment of {opened.file}: employees in mid-March, not full-time equivalents.",
        f"wages of {opened.file}: annual payroll in USD.",
        f"firms of {opened.file}: establishments.",
    )
    return Cells(frame, aside_of(opened.file, aside), read, "naics", notes=said)


def _as_file(table: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, int]]:
    """Give a table of data.census.gov the headings of the files; other areas and size classes are set aside."""
    labels = ~table["geo_id"].str.contains("US", regex=False)
    area = table["geo_id"].str.strip().str.extract(f"^{_AREA.pattern}$")
    elsewhere = ~labels & area[0].isna()
    sizes = table["empszes"].str.strip() if "empszes" in table else pd.Series("", index=table.index)
    parts = ~labels & ~elsewhere & ~sizes.isin(_ALL_SIZES)
    aside = {"a second row of headings": labels, "neither a state nor a county": elsewhere, "a size class": parts}
    naics = next(name for name in (*table.columns, "naics") if _CODES.fullmatch(name) or name == "naics")
    kept = table.rename(columns=_ONLINE).assign(fipstate=area[0], fipscty=area[1].fillna(""), naics=table[naics])
    counts = {reason: int(rows.sum()) * len(FIGURES) for reason, rows in aside.items()}
    return kept[~(labels | elsewhere | parts)], counts


def _code(naics: pd.Series) -> pd.Series:
    """NAICS without padding; the row of all industries is ``total``."""
    plain = naics.str.strip().str.rstrip("-/")
    return plain.mask(plain.isin(["", "00"]), "total")


def _regions(table: pd.DataFrame, file: str, faults: list[Fault]) -> pd.Series:
    state = table["fipstate"].str.strip().str.zfill(2)
    county = table["fipscty"].str.strip() if "fipscty" in table else pd.Series("", index=table.index)
    code = state + county.where(county == "", county.str.zfill(3))
    for at in table.index[~code.str.fullmatch(r"\d{2}(\d{3})?")]:
        expected = "FIPS codes of a state (two digits) and a county (three)"
        faults.append(Fault(file, int(table["_line"][at]), code[at], expected, "correct the codes"))
    return "US-" + code


def _years(table: pd.DataFrame, opened: Opened, options: Options, faults: list[Fault]) -> pd.Series:
    if "year" in table:
        year = pd.to_numeric(table["year"], errors="coerce")
        for at in table.index[~year.between(1900, 2100)]:
            said = str(table["year"][at])
            faults.append(Fault(opened.file, int(table["_line"][at]), said, "a year", "correct the year"))
        return year.fillna(0)
    named = _NAMED.search(opened.file)
    if options.year is None and named is None:
        expected = "a file whose year is known; its name is not cbpYYco or cbpYYst"
        faults.append(Fault(opened.file, None, opened.file, expected, "say the year with --year"))
    said_year = options.year or int(named[1] if named else 0)
    full = said_year if said_year > 99 else said_year + (1900 if said_year > 80 else 2000)
    return pd.Series(full, index=table.index)


def _figure(table: pd.DataFrame, name: str, noise: str, file: str, faults: list[Fault]) -> tuple[pd.Series, pd.Series]:
    """Figures and flags; what is withheld has no figure, though a 0 is printed."""
    if name not in table:
        return pd.Series(float("nan"), index=table.index), pd.Series("", index=table.index)
    text = table[name].astype("str").str.strip().str.replace(",", "", regex=False)
    value = pd.to_numeric(text, errors="coerce").astype("float64")
    blank = text.str.upper().isin(["", *CENSUS])
    for at in table.index[~(value.ge(0) & value.lt(float("inf"))) & ~blank]:
        mend = "correct the figure, or leave the cell empty"
        faults.append(Fault(file, int(table["_line"][at]), text[at], f"{name}, a number of zero or more", mend))
    letter = text.where(text.str.upper().isin(list(CENSUS)), "").str.upper()
    flag = table[noise].str.strip().str.upper() if noise in table else letter
    flag = flag.where(flag != "", letter)
    if noise and noise not in table and "empflag" in table:
        flag = flag.mask(table["empflag"].str.strip() != "", "D")
    return value.mask(flag.isin(_SUPPRESSED)), flag
