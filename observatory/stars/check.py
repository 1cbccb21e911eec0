"""The border of the star scores: a regional table's cells turned into figures, every fault listed at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import pandas as pd

from ingest.faults import BadInput, Fault

#: Columns that say what a row is about.
KEYS = ("region", "industry", "year")
#: Columns that hold figures: full-time equivalents, EUR in all, and numbers of firms; ``paid`` is the part of the
#: employment whose wages are known, where that is not all of it.
INDUSTRIAL = ("employment", "wages", "firms", "high_growth_smes", "frontier_firms", "paid")
#: Columns that hold figures of the region itself, on its total row: persons, EUR in all, number of patents.
REGIONAL = ("population", "gdp", "patents")
FIGURES = (*INDUSTRIAL, *REGIONAL)
#: What stands for a missing figure, in lower case; ":" is Eurostat's.
BLANK = frozenset({"", ":", "-", "..", "na", "n/a", "n.a.", "nan", "none", "null", "<na>"})
#: Eurostat's flags behind a figure (b: break in the series, d: definition differs, e: estimated, ...).
FLAG = r"(?:^[bcdefinprsuz]{1,2}|\s+[bcdefinprsuz]{1,3})$"
YEARS = (1900, 2100)


def checked(
    raw: pd.DataFrame, *, file: str, lines: Sequence[int], required: Sequence[str], strict: bool = False
) -> pd.DataFrame:
    """Turn a table's cells into names, years and figures, or list all that is wrong with them.

    Parameters
    ----------
    raw
        Cells as they were read: text or numbers.
    file, lines
        The file's name and each row's line, for the messages.
    required
        Columns that must be there; the other figures may be absent.
    strict
        Refuse also what contradicts itself: wages where employment is zero.

    Returns
    -------
    pandas.DataFrame
        ``region, industry`` (text), ``year`` (whole number) and the columns of :data:`FIGURES` (numbers, NaN
        where missing); ``attrs["absent"]`` names the columns that the table does not have, and
        ``attrs["flagged"]`` counts the cells with a flag of Eurostat's: the figure counts without it.

    Raises
    ------
    BadInput
        A missing column, an empty region or industry, an impossible year, an unreadable, negative or infinite
        figure, a region, industry and year that occur twice.

    Examples
    --------
    >>> cells = {"region": ["DE21"], "industry": ["Plastics"], "year": ["214"], "employment": ["-1"]}
    >>> checked(pd.DataFrame(cells), file="stars.csv", lines=[2], required=["region"])
    Traceback (most recent call last):
    ...
    ingest.faults.BadInput: stars.csv, line 2: '-1'; expected employment, a number of zero or more. \
To mend: correct the figure, or leave the cell empty where it is not known
    stars.csv, line 2: '214'; expected a year between 1900 and 2100. To mend: correct the year
    """
    missing = [column for column in required if column not in raw]
    if missing:
        raise BadInput(_missing_columns(raw, missing, file))
    raw, flagged = _unflagged(raw.reset_index(drop=True))
    names = {column: _text(raw[column]) for column in KEYS}
    figures = {column: _numbers(raw, column) for column in FIGURES}
    year = pd.to_numeric(names["year"], errors="coerce").astype("float64")
    table = pd.DataFrame({**names, "year": year, **figures})
    faults = [*_key_faults(table, names["year"]), *_figure_faults(table, raw), *_twice(table, names, lines)]
    faults += _unpaid(table) if strict else []
    if faults:
        raise BadInput(sorted(Fault(file, int(lines[at]), *said) for at, *said in faults))
    table.attrs = {"absent": [column for column in FIGURES if column not in raw], "flagged": flagged}
    return table.astype({"year": "int64"})


#: Where (position of the row), value, what was expected, how to mend it.
Found = tuple[int, str, str, str]


def _text(column: pd.Series) -> pd.Series:
    """Text without blanks around it; 2014.0, as a spreadsheet gives it, is 2014."""
    text = column.astype("object").where(column.notna(), "").astype("str").str.strip()
    return text.str.replace(r"^(-?\d+)\.0$", r"\1", regex=True)


def _unflagged(raw: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """The figures without Eurostat's flags, and how many cells had one."""
    table, flagged = raw.copy(deep=False), 0
    for column in FIGURES:
        if column in raw and not pd.api.types.is_numeric_dtype(raw[column]):
            text = _text(raw[column])
            table[column] = text.str.replace(FLAG, "", regex=True)
            flagged += int((table[column] != text).sum())
    return table, flagged


def _numbers(raw: pd.DataFrame, column: str) -> pd.Series:
    if column not in raw:
        return pd.Series(float("nan"), index=raw.index, dtype="float64")
    return pd.to_numeric(raw[column], errors="coerce").astype("float64")


def _missing_columns(raw: pd.DataFrame, missing: Iterable[str], file: str) -> list[Fault]:
    found = ", ".join(str(column) for column in raw.columns)
    return [
        Fault(file, 1, found, f"a column {column}", f"name the column that holds it {column!r}, or add one")
        for column in missing
    ]


def _rows(wrong: pd.Series) -> Iterator[int]:
    return (int(at) for at in wrong.to_numpy().nonzero()[0])


def _key_faults(table: pd.DataFrame, years: pd.Series) -> Iterator[Found]:
    for column in ("region", "industry"):
        for at in _rows(table[column] == ""):
            yield at, "", f"a name or code in column {column}", "fill the cell, or remove the row"
    year = table["year"]
    impossible = ~(year.between(*YEARS) & (year % 1 == 0))
    expected = f"a year between {YEARS[0]} and {YEARS[1]}"
    for at in _rows(impossible):
        yield at, years[at], expected, "correct the year"


def _figure_faults(table: pd.DataFrame, raw: pd.DataFrame) -> Iterator[Found]:
    for column in FIGURES:
        if column not in raw:
            continue
        doubtful = ~table[column].between(0, float("inf"), inclusive="left")
        cells = _text(raw.loc[doubtful, column])
        for at in _rows(doubtful & ~cells.str.lower().isin(BLANK).reindex(table.index, fill_value=True)):
            mend = "correct the figure, or leave the cell empty where it is not known"
            yield at, cells[at], f"{column}, a number of zero or more", mend


def _twice(table: pd.DataFrame, names: Mapping[str, pd.Series], lines: Sequence[int]) -> Iterator[Found]:
    keys = [table["region"], table["industry"].str.casefold(), table["year"]]
    place = pd.Series(range(len(table)))
    first = place.groupby(keys).transform("min").fillna(place)
    said = names["region"] + ", " + names["industry"] + ", " + names["year"]
    for at in _rows(first < place):
        other = int(lines[int(first[at])])
        expected = f"each region, industry and year once (it stands in line {other} too)"
        yield at, said[at], expected, "keep one of the two rows, or add them up"


def _unpaid(table: pd.DataFrame) -> Iterator[Found]:
    for at in _rows((table["wages"] > 0) & (table["employment"] == 0)):
        value = f"wages {float(table['wages'][at]):g}, employment 0"
        yield at, value, "employment above zero where wages are paid", "correct one of the two figures"
