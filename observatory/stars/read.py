"""Regional figures, read from the project's own table or from files as their publishers deliver them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path

import pandas as pd

from ingest.faults import BadInput, Fault
from observatory.stars import layouts
from observatory.stars.check import FIGURES, KEYS, checked
from observatory.stars.layouts import firms, recognised
from observatory.stars.layouts import table as own
from observatory.stars.layouts.assembled import Figures, assemble
from observatory.stars.layouts.cells import Cells, Options
from observatory.stars.layouts.opened import Opened, opened
from observatory.stars.layouts.table import REQUIRED
from observatory.stars.notes import on_flags


def read_figures(
    paths: Iterable[Path | str], layout: str = "auto", options: Options | None = None, root: Path | None = None
) -> Figures:
    r"""Read files of regional figures, whoever published them, and put them together.

    Parameters
    ----------
    paths
        One file or several, of one or several layouts: text of any delimiter, .gz, .zip, Parquet, workbooks.
    layout
        ``auto`` tells it by the headings; else one of :data:`observatory.stars.layouts.LAYOUTS`.
    options
        What the files do not say themselves.
    root
        The folder that file names are given from.

    Returns
    -------
    Figures
        The table for :func:`observatory.stars.star_scores`, the flagged cells and the ledger.

    Raises
    ------
    BadInput
        Every fault of every file at once.

    Examples
    --------
    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> file = Path(folder.name, "sbs.tsv")
    >>> head = "freq,nace_r2,indic_sb,geo\\TIME_PERIOD\t2014 \n"
    >>> _ = file.write_text(head + "A,C10,V16110,DE21\t1714 b\nA,C10,V16110,DE22\t: c\n", encoding="utf-8")
    >>> figures = read_figures([file])
    >>> figures.table[["region", "industry", "employment"]].values.tolist()
    [['DE21', 'C10', 1714.0]]
    >>> figures.ledger[["reason", "cells"]].values.tolist()
    [['read', 2], ['used', 1], ['no figure: confidential or withheld', 1]]
    >>> folder.cleanup()
    """
    chosen = options or Options()
    tables, faults = opened([Path(path) for path in paths], root)
    groups: dict[str, list[Opened]] = {}
    for table in tables:
        try:
            groups.setdefault(recognised(table, layout), []).append(table)
        except BadInput as error:
            faults += [] if _beside_another(table, tables, layout) else error.faults
    if list(groups) == ["firms"] and not faults:
        return firms.figures(groups["firms"], chosen)
    parts: list[Cells] = []
    for name, group in groups.items():
        for read in _readers(name, group, chosen):
            try:
                parts.append(read())
            except BadInput as error:
                faults += error.faults
    if faults or not parts:
        raise BadInput(faults or [Fault("table", None, "", "a file of regional figures", "name one")])
    return assemble(parts, chosen)


def _beside_another(table: Opened, tables: Sequence[Opened], chosen: str) -> bool:
    """A sheet of a workbook may be a summary, where another sheet of it holds figures."""
    others = [one for one in tables if one.path == table.path and one.file != table.file]
    return table.sheet is not None and any(_known(one, chosen) for one in others)


def _known(table: Opened, chosen: str) -> bool:
    try:
        recognised(table, chosen)
    except BadInput:
        return False
    return True


def _readers(name: str, group: Sequence[Opened], options: Options) -> list[Callable[[], Cells]]:
    """One reading a file; one for all where the layout's files belong together."""
    module = layouts.layout(name)
    if hasattr(module, "read_all"):
        return [partial(module.read_all, group, options)]
    return [partial(module.read, table, options) for table in group]


def read_table(path: Path | str) -> pd.DataFrame:
    r"""Read the regional table that star scores are computed from.

    Parameters
    ----------
    path
        CSV (comma, semicolon, tab or bar; UTF-8, UTF-16 or Windows-1252; may be packed), Parquet, or the
        first sheet of a workbook. Headings are found whatever their order and case.

    Returns
    -------
    pandas.DataFrame
        ``region, industry`` (text), ``year``, ``employment`` (FTE), ``wages`` (EUR in all), ``firms``,
        ``high_growth_smes``, ``frontier_firms`` (numbers of firms; NaN where missing). ``attrs["file"]`` is
        the file's name, ``attrs["notes"]`` lists in sentences what was not used.

    Raises
    ------
    BadInput
        With every fault of the file at once: no such file, an empty one, a missing or repeated column, a row
        with more cells than headings, and all that :func:`observatory.stars.check.checked` refuses.

    Examples
    --------
    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> file = Path(folder.name, "stars.csv")
    >>> _ = file.write_text("Region;Industry;Year;Employment\nDE21;Plastics;2014;1714\n", encoding="utf-8")
    >>> print(read_table(file).to_csv(index=False).strip())
    region,industry,year,employment
    DE21,Plastics,2014,1714.0
    >>> folder.cleanup()
    """
    tables, faults = opened([Path(path)])
    if faults:
        raise BadInput(faults)
    first = tables[0]
    raw = own.renamed(first)
    lines = raw.pop("_line").to_list()
    table = checked(raw, file=Path(path).name, lines=lines, required=REQUIRED, strict=True)
    said = [*own.unused_of(raw, Path(path).name), *on_flags(table.attrs["flagged"])]
    table = table[[column for column in (*KEYS, *FIGURES) if column in raw]]
    table.attrs = {"file": Path(path).name, "notes": said}
    return table
