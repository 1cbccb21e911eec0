"""A user's regional table, read from CSV, Parquet or a workbook."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd

from ingest.faults import BadInput, Fault
from observatory.stars.check import FIGURES, KEYS, checked
from observatory.stars.notes import on_flags

#: Without these no star can be computed; the other figures may be absent.
REQUIRED = (*KEYS, "employment")
DELIMITERS = ",;\t|"
WORKBOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")


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
