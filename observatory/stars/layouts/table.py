"""The project's own layout: one row a region, industry and year, a column a figure."""

from __future__ import annotations

import pandas as pd

from ingest.faults import BadInput, Fault
from observatory.stars.check import FIGURES, FLAG, KEYS, checked
from observatory.stars.industries import TOTAL
from observatory.stars.layouts.cells import Cells, Options, aside_of, cells_of
from observatory.stars.layouts.measures import UNITS, scale
from observatory.stars.layouts.opened import Opened

#: Without these no star can be computed; the other figures may be absent.
REQUIRED = (*KEYS, "employment")
#: Columns that say in which unit employment and wages are, where they are not in FTE and EUR.
UNIT = {"employment_unit": ("employment", "FTE"), "wages_unit": ("wages", "EUR"), "gdp_unit": ("gdp", "EUR")}


def heading(cell: object) -> str:
    """Write a heading as the columns are named.

    Examples
    --------
    >>> heading(" High-growth SMEs")
    'high_growth_smes'
    """
    return "_".join(str(cell).strip().lower().replace("-", " ").split())


def recognises(opened: Opened) -> bool:
    """Tell by its headings whether a file is such a table: region, industry or year among them.

    Examples
    --------
    >>> from pathlib import Path
    >>> recognises(Opened("a.csv", Path("a.csv"), [["Region", "Industry", "Year", "Employment"]]))
    True
    """
    return bool({heading(cell) for cell in opened.headings} & set(REQUIRED))


def renamed(opened: Opened) -> pd.DataFrame:
    """Return the table's cells under the names of the columns, with ``_line``.

    Raises
    ------
    BadInput
        As :meth:`observatory.stars.layouts.opened.Opened.frame`; two headings of one column.
    """
    raw = opened.frame()
    names = [name if name == "_line" else heading(name) for name in raw.columns]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        mend = "rename or remove one of the columns"
        raise BadInput(Fault(opened.file, opened.heading_line, name, "each heading once", mend) for name in twice)
    return raw.set_axis(names, axis=1)


def unused_of(raw: pd.DataFrame, file: str) -> list[str]:
    """Name the columns that no result uses.

    Examples
    --------
    >>> unused_of(pd.DataFrame(columns=["region", "comment"]), "a.csv")
    ['Columns of a.csv that are not used: comment.']
    """
    unused = [str(name) for name in raw if name not in (*KEYS, *FIGURES, *UNIT, "_line")]
    return [f"Columns of {file} that are not used: {', '.join(unused)}."] if unused else []


def read(opened: Opened, options: Options) -> Cells:
    """Read a table of the project's own layout; every fault of it at once.

    Parameters
    ----------
    opened
        Headings in any order and case: ``region, industry, year, employment`` and further figures; the unit
        of employment, wages or GDP may stand in ``employment_unit, wages_unit, gdp_unit``.

    Raises
    ------
    BadInput
        All that :func:`observatory.stars.check.checked` refuses; a unit that is not known, or two units of
        one figure.
    """
    raw = renamed(opened)
    lines = raw.pop("_line").to_list()
    faults: list[Fault] = []
    scales = {measure: (1.0, units[0]) for measure, units in UNITS.items()} | {"employment": (1.0, "FTE")}
    for name, (measure, base) in UNIT.items():
        if name in raw:
            found, wrong = _unit(raw[name].astype("str").str.strip(), lines, opened.file, measure)
            faults += wrong
            scales[measure] = (found[0], found[1] or base)
    try:
        table = checked(raw, file=opened.file, lines=lines, required=REQUIRED, strict=True)
    except BadInput as error:
        raise BadInput(sorted([*error.faults, *faults], key=lambda fault: fault.line or 0)) from None
    if faults:
        raise BadInput(faults)
    present = [name for name in FIGURES if name in raw]
    parts = []
    for name in present:
        factor, unit = scales[name]
        value = table[name] * factor
        parts.append(table[list(KEYS)].assign(
            measure=name, value=value if factor == 1 else value.round(6), unit=unit, flag=_flags(raw[name]), line=lines,
        ))  # fmt: skip
    frame = cells_of(pd.concat(parts, ignore_index=True).assign(file=opened.file))
    frame.loc[frame["industry"].str.casefold() == TOTAL, "industry"] = TOTAL
    notes = tuple(unused_of(raw, opened.file))
    return Cells(frame, aside_of(opened.file, {}), len(frame), options.industry, own=True, notes=notes)


def _unit(texts: pd.Series, lines: list[int], file: str, measure: str) -> tuple[tuple[float, str], list[Fault]]:
    """The one unit of a figure; another, or one that is not known, is a fault on its line."""
    scales = {text: scale(text) for text in sorted(set(texts))}
    fits = {text: found for text, found in scales.items() if found and found[1] in ("", *UNITS[measure])}
    known = texts[texts.isin(list(fits))]
    # of equally many the unit that stands first
    usual = next((str(text) for text in known if text in set(known.mode())), "")
    expected = f"{usual}, as in the other rows" if usual else f"a unit of {measure}: {', '.join(UNITS[measure])}"
    faults = [
        Fault(file, line, text, expected, "give all rows in one unit")
        for line, text in zip(lines, texts, strict=True)
        if text not in fits or fits[text] != fits[usual]
    ]
    return fits.get(usual, (1.0, "")), faults


def _flags(column: pd.Series) -> pd.Series:
    """The letters behind the figures."""
    if pd.api.types.is_numeric_dtype(column):
        return pd.Series("", index=column.index, dtype="str")
    return column.astype("str").str.strip().str.extract(f"({FLAG})", expand=False).fillna("").str.strip()
