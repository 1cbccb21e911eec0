r"""Eurostat's tables: bulk TSV of either order, SDMX-CSV, and the wide spreadsheets of the data browser.

A TSV begins ``freq,nace_r2,indic_sb,geo\TIME_PERIOD`` (before 2023 without freq, and ``geo\time``), a column a
year, flags behind the figure (``219 d``, ``: c``). SDMX-CSV has a row a figure: ``DATAFLOW, LAST UPDATE, freq, …,
geo, TIME_PERIOD, OBS_VALUE, OBS_FLAG, CONF_STATUS``. Tables that others have reshaped keep the names of the
dimensions (``nace_r2,geo,n2015``) and are read likewise.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

from ingest.faults import BadInput, Fault
from observatory.stars.layouts import spreadsheet
from observatory.stars.layouts.breakdowns import measured, without_parts
from observatory.stars.layouts.cells import Cells, Options, aside_of, cells_of
from observatory.stars.layouts.flags import figures
from observatory.stars.layouts.opened import Opened

_YEAR = re.compile(r"[nXx]?((?:19|20)\d{2})")
_TIME = ("time_period", "time", "year", "timeperiod")
_VALUE = ("obs_value", "values", "value")
_FLAG = ("obs_flag", "flags", "flag")
#: Columns that say nothing of the figure.
_SAID = frozenset({"dataflow", "structure", "structure_id", "structure_name", "last update", "last_update"})
_DATASET = re.compile(r"(?:sbs|bd|lfst|nama|demo|earn|htec)_[a-z0-9_]*[a-z0-9]")


def recognises(opened: Opened) -> bool:
    r"""Tell by its headings whether a file is one of Eurostat's.

    Examples
    --------
    >>> from pathlib import Path
    >>> recognises(Opened("a.tsv", Path("a.tsv"), [["freq,nace_r2,indic_sb,geo\\TIME_PERIOD", "2014 "]]))
    True
    >>> recognises(Opened("a.csv", Path("a.csv"), [["region", "industry", "year", "employment"]]))
    False
    """
    names = _names(opened.headings)
    return _bulk(opened) or ("geo" in names and _dated(names)) or spreadsheet.recognises(opened)


def read(opened: Opened, options: Options) -> Cells:
    """Read a table of Eurostat's.

    Returns
    -------
    Cells
        Of the indicators that the star table has (see ``measures.py``), annual, without the parts of a total
        (size classes, sexes, ages). A table without industries, such as population, gives ``total``.

    Raises
    ------
    BadInput
        Cells that are neither figure nor flag; years that are none; a table whose measure or unit is not
        known; a dimension with several values and no total.
    """
    if spreadsheet.recognises(opened):
        return _cells(spreadsheet.rows(opened), spreadsheet.dataset(opened) or _dataset(opened, ()), opened, options)
    rows = _bulk_rows(opened) if _bulk(opened) else _rows(opened)
    flows = rows.pop("dataflow") if "dataflow" in rows else ()
    return _cells(rows, _dataset(opened, flows), opened, options)


def _bulk(opened: Opened) -> bool:
    return bool(opened.headings) and "\\" in opened.headings[0] and opened.headings[0].count(",") > 0


def _names(headings: Sequence[str]) -> list[str]:
    """Headings in lower case, without the label that follows a colon."""
    return [head.split(":")[0].strip().lower() for head in headings]


def _dated(names: Sequence[str]) -> bool:
    return any(name in (*_TIME, *_VALUE) or _YEAR.fullmatch(name) for name in names)


def _dataset(opened: Opened, flows: Sequence[str] | pd.Series) -> str:
    """The code of the dataset: from the column DATAFLOW, else from the file's name."""
    said = str(flows.iloc[0]) if isinstance(flows, pd.Series) and len(flows) else opened.file
    found = _DATASET.search(said.lower().replace("estat_", "", 1))
    return found[0].split(".")[0] if found else ""


def _bulk_rows(opened: Opened) -> pd.DataFrame:
    """Cut the first column of a TSV into its dimensions."""
    table = opened.text()
    first = opened.headings[0]
    dimensions = [name.strip().lower() for name in first.split("\\")[0].split(",")]
    codes, keys = pd.factorize(table.pop(first))
    parts = [str(key).split(",") for key in keys]
    wrong = {at for at, part in enumerate(parts) if len(part) != len(dimensions)}
    if wrong:
        expected = f"{len(dimensions)} codes, as in the heading"
        lines = table["_line"][pd.Series(codes).isin(wrong).to_numpy()]
        rows = zip(lines, codes[pd.Series(codes).isin(wrong).to_numpy()], strict=True)
        raise BadInput(Fault(opened.file, int(line), str(keys[at]), expected, "download it again") for line, at in rows)
    split = pd.DataFrame(parts, columns=dimensions, dtype="str").apply(lambda column: column.str.strip())
    whole: pd.DataFrame = pd.concat([split.take(codes).set_axis(table.index), table], axis=1)
    return whole


def _rows(opened: Opened) -> pd.DataFrame:
    """A table with a column a dimension; of ``code: label`` only the code is kept."""
    table = opened.text()
    table = table.set_axis(_names([str(name) for name in table.columns]), axis=1)
    for name in table.columns:
        if name in ("dataflow", "_line", *_VALUE, *_FLAG) or name in _SAID or _YEAR.fullmatch(name):
            continue
        if ": " in str(table[name].iloc[0]):
            table[name] = table[name].astype("str").str.split(":").str[0].str.strip()
    spent = [name for name in table.columns if name in _SAID - {"dataflow"}]
    kept: pd.DataFrame = table.drop(columns=spent)
    return kept


def _cells(rows: pd.DataFrame, dataset: str, opened: Opened, options: Options) -> Cells:
    """From rows with a column a dimension, and one or many columns of figures, to cells."""
    years = _years(rows)
    wide = len(years) or 1
    read = len(rows) * wide
    aside: list[tuple[str, int]] = []
    if not years and not set(_TIME) & set(rows.columns):
        rows = rows.assign(time=_year(opened, options))
    if "freq" in rows:
        annual = rows.pop("freq").str.upper().isin(["A", "ANNUAL", ""])
        aside.append(("not annual", int((~annual).sum()) * wide))
        rows = rows[annual]
    rows, dropped = without_parts(rows, opened.file, (*_TIME, *_VALUE, *_FLAG, "conf_status", *years))
    aside += [(reason, number * wide) for reason, number in dropped]
    rows, dropped, notes = measured(rows, dataset, opened.file, options)
    aside += [(reason, number * wide) for reason, number in dropped]
    ranks = {str(measure): int(rank) for measure, rank in rows.groupby("_measure")["_rank"].min().items()}
    rows = rows.drop(columns="_rank")
    long = _melted(rows, years) if years else _single(rows)
    frame = _figures(long, opened.file)
    cells = cells_of(frame.assign(file=opened.file))
    return Cells(cells, aside_of(opened.file, aside), read, "nace", notes=notes, ranks=ranks)


def _years(rows: pd.DataFrame) -> list[str]:
    return [name for name in rows.columns if _YEAR.fullmatch(str(name).strip())]


def _year(opened: Opened, options: Options) -> str:
    if options.year is None:
        expected = "figures whose year is known; no column and no line of this file says it"
        raise BadInput(Fault(opened.file, None, "", expected, "say it with --year"))
    return str(options.year)


def _melted(rows: pd.DataFrame, years: Sequence[str]) -> pd.DataFrame:
    stays = [name for name in rows.columns if name not in years]
    long = rows.melt(stays, list(years), "_year", "_text")
    return long.assign(_year=long["_year"].str.strip().str[-4:], _flag="")


def _single(rows: pd.DataFrame) -> pd.DataFrame:
    def column(names: Sequence[str]) -> pd.Series:
        found = [name for name in names if name in rows]
        return rows[found[0]] if found else pd.Series("", index=rows.index)

    marks = column(_FLAG).str.strip() + column(("conf_status",)).str.strip().str.lower()
    return rows.assign(_year=column(_TIME).str.strip().str[:4], _text=column(_VALUE), _flag=marks)


def _figures(long: pd.DataFrame, file: str) -> pd.DataFrame:
    """Figures, flags and years; what is neither is a fault."""
    found = figures(long["_text"])
    year = pd.to_numeric(long["_year"], errors="coerce")
    faults = [
        Fault(file, int(line), str(text), "a figure, a flag or nothing", "correct the cell, or leave it empty")
        for line, text in long.loc[found["odd"], ["_line", "_text"]].itertuples(index=False)
    ]
    faults += [
        Fault(file, int(line), str(said), "a year", "correct the year")
        for line, said in long.loc[~year.between(1900, 2100), ["_line", "_year"]].itertuples(index=False)
    ]
    if faults:
        raise BadInput(sorted(set(faults)))
    return pd.DataFrame(
        {
            "region": long["geo"].str.strip(),
            "industry": long["nace_r2"].str.strip() if "nace_r2" in long else "total",
            "year": year,
            "measure": long["_measure"],
            "value": (found["value"] * long["_factor"]).round(6),
            "unit": long["_unit"],
            "flag": _joined(found["flag"], long["_flag"]),
            "line": long["_line"],
        }
    )


def _joined(first: pd.Series, second: pd.Series) -> pd.Series:
    """Both flags of a cell, each letter once."""
    both = first + second
    return both.map({text: "".join(dict.fromkeys(text.replace(" ", ""))) for text in set(both)})
