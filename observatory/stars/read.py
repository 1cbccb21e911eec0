"""Regional figures, read from the project's own table or from files as their publishers deliver them."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path

import pandas as pd

from ingest.faults import BadInput, Fault
from observatory.stars import layouts
from observatory.stars.check import FIGURES, KEYS, checked
from observatory.stars.layouts import recognised
from observatory.stars.layouts.assembled import Figures, assemble
from observatory.stars.layouts.cells import Cells, Options
from observatory.stars.layouts.opened import Opened, opened
from observatory.stars.notes import on_flags

#: Without these no star can be computed; the other figures may be absent.
REQUIRED = (*KEYS, "employment")
DELIMITERS = ",;\t|"
WORKBOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")


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
        CSV (comma, semicolon, tab or bar; UTF-8, UTF-16 or Windows-1252; may be gzipped), Parquet, or the
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
    path = Path(path)
    if not path.is_file():
        raise BadInput(Fault(str(path), None, "", "a file", "check its name and folder"))
    raw, lines = _parquet(path) if path.suffix == ".parquet" else _cells(path)
    unused = [column for column in raw if column not in (*KEYS, *FIGURES)]
    table = checked(raw, file=path.name, lines=lines, required=REQUIRED, strict=True)
    keep = [column for column in (*KEYS, *FIGURES) if column in raw]
    said = [f"Columns of {path.name} that are not used: {', '.join(map(str, unused))}."] if unused else []
    said += on_flags(table.attrs["flagged"])
    table = table[keep]
    table.attrs = {"file": path.name, "notes": said}
    return table


def _heading(cell: object) -> str:
    return "_".join(str(cell).strip().lower().replace("-", " ").split())


def _parquet(path: Path) -> tuple[pd.DataFrame, Sequence[int]]:
    try:
        raw = pd.read_parquet(path)
    except (OSError, ValueError) as error:
        raise BadInput(Fault(path.name, None, str(error), "a Parquet file", "save the table again")) from None
    raw.columns = pd.Index([_heading(column) for column in raw.columns])
    _check_headings(list(raw.columns), path.name, len(raw))
    return raw.reset_index(drop=True), range(1, len(raw) + 1)


def _cells(path: Path) -> tuple[pd.DataFrame, Sequence[int]]:
    """Rows of text or numbers below a heading, with the line that each stands on."""
    rows = _sheet(path) if path.suffix.lower() in WORKBOOKS else _lines(path)
    rows = [(line, cells) for line, cells in rows if any(str(cell).strip() for cell in cells)]
    heads = [_heading(cell) for cell in rows[0][1]] if rows else []
    while heads and not heads[-1]:
        heads.pop()
    _check_headings(heads, path.name, len(rows) - 1)
    _check_widths(rows[1:], len(heads), path.name)
    body = [[*cells[: len(heads)], *[""] * (len(heads) - len(cells))] for _, cells in rows[1:]]
    return pd.DataFrame(body, columns=heads, dtype="object"), [line for line, _ in rows[1:]]


def _check_headings(heads: Sequence[str], file: str, rows: int) -> None:
    if rows < 1:
        raise BadInput(Fault(file, None, "", "a heading and at least one row", "fill the table"))
    twice = sorted({head for head in heads if head and heads.count(head) > 1})
    if twice:
        expected = "each heading once"
        raise BadInput(Fault(file, 1, head, expected, "rename or remove one of the columns") for head in twice)


def _check_widths(rows: Iterable[tuple[int, Sequence[object]]], width: int, file: str) -> None:
    faults = [
        Fault(file, line, str(cells[width]), f"{width} cells, as in the heading", "remove or quote what is over")
        for line, cells in rows
        if any(str(cell).strip() for cell in cells[width:])
    ]
    if faults:
        raise BadInput(faults)


def _sheet(path: Path) -> list[tuple[int, Sequence[object]]]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0)
    except (CalamineError, OSError) as error:
        raise BadInput(Fault(path.name, None, str(error), "a workbook", "save the workbook again")) from None
    return list(enumerate(sheet.to_python(skip_empty_area=False), start=1))


def _lines(path: Path) -> list[tuple[int, Sequence[object]]]:
    text = _decoded(path)
    head = next((line for line in text.splitlines() if line.strip()), "")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(head))
    rows: list[tuple[int, Sequence[object]]] = []
    before = 0
    for cells in reader:
        rows.append((before + 1, cells))
        before = reader.line_num
    return rows


def _delimiter(head: str) -> str:
    """The delimiter that finds the most known headings; the comma where none does."""

    def known(delimiter: str) -> int:
        return sum(_heading(cell.strip('"')) in (*KEYS, *FIGURES) for cell in head.split(delimiter))

    return max(DELIMITERS, key=known)


def _decoded(path: Path) -> str:
    data = path.read_bytes()
    data = gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        value = f"byte 0x{data[error.start]:02x}"
        fault = Fault(path.name, line, value, "text in UTF-8 or Windows-1252", "save the file as UTF-8")
        raise BadInput(fault) from None
