"""Sheets of Excel (.xlsx, .xls, .xlsb) and OpenDocument files as rows of text."""

from __future__ import annotations

import datetime
import html
import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from ingest.decode import BROKEN, Piece
from ingest.faults import BadInput, Fault

_CELL = re.compile(rb"<c\s([^>]*?)(?:/>|>(.*?)</c>)", re.DOTALL)
_PLACE = re.compile(rb'\br="([A-Z]+)(\d+)"')
_KIND = re.compile(rb'\bt="(\w+)"')
_VALUE = re.compile(rb"<v[^>]*>(.*?)</v>", re.DOTALL)
_ROW = re.compile(rb'<row\s[^>]*?\br="(\d+)"')
_FAR = re.compile(rb'\br="([A-Z]{2,3})\d')
#: Cells from the first to the last of a sheet that are laid out in memory at once: the reader takes 32 bytes for each.
MOST_CELLS = 200_000_000


def sheets(piece: Piece) -> Iterator[tuple[str, list[tuple[str, ...]]]]:
    """Yield each sheet's name and its rows from the first on, blank ones too, every cell as text.

    Whole numbers come without decimals and dates as ISO 8601; of a formula its last result. In .xlsx a cell with an
    error says so (``#REF!``), as does a formula whose result was never stored (``#NOT CALCULATED!``); in the other
    formats such cells are blank.

    Raises
    ------
    BadInput
        The file is no workbook, is locked by a password, or has a cell too far from the others.
    """
    import python_calamine

    try:
        with piece.open() as stream:
            content = stream.read()
        book = python_calamine.load_workbook(io.BytesIO(content))
        for name in book.sheet_names:
            xml = _xml(content, name)
            if far := too_far(xml):
                raise BadInput(_far_fault(piece.file, name, far))
            cells = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            rows = [tuple(as_text(cell) for cell in row) for row in cells]
            for (row, column), error in errors(xml).items():
                if row < len(rows) and column < len(rows[row]):
                    rows[row] = (*rows[row][:column], error, *rows[row][column + 1 :])
            yield name, rows
    except BadInput:
        raise
    except (python_calamine.CalamineError, ValueError, *BROKEN) as error:
        fault = Fault(piece.file, None, str(error)[:200], "a workbook that can be read", "save it again as .xlsx")
        raise BadInput(fault) from error


def too_far(xml: bytes) -> tuple[int, int] | None:
    """Tell how many rows and columns a sheet of an .xlsx has, where that is more than can be laid out.

    A single blank far to the right and below is enough: the reader lays out all that lies between.

    Examples
    --------
    >>> too_far(b'<row r="1"><c r="A1"/><c r="XFD1"/></row><row r="60001"><c r="A60001"/></row>')
    (60001, 16384)
    >>> too_far(b'<row r="1"><c r="A1"/></row><row r="1048576"><c r="B1048576"/></row>')
    """
    last = xml.rfind(b"<row ")
    number = _ROW.match(xml, last) if last >= 0 else None
    rows = int(number[1]) if number else 0
    if rows * 16_384 <= MOST_CELLS:  # as many columns as a sheet can have
        return None
    columns = max(
        (_column(letters.decode("ascii")) for letters in {found[1] for found in _FAR.finditer(xml)}), default=25
    )
    return (rows, columns + 1) if rows * (columns + 1) > MOST_CELLS else None


def _far_fault(file: str, name: str, far: tuple[int, int]) -> Fault:
    rows, columns = far
    said = f"{rows:,} rows and {columns:,} columns"
    mend = "delete the rows below and the columns beside the table (a blank is enough to make them), or save it as .csv"
    return Fault(f"{file} [{name}]", rows, said, f"at most {MOST_CELLS:,} cells, blank ones too", mend)


def _xml(content: bytes, sheet: str) -> bytes:
    """Unpack a sheet of an .xlsx; empty for other formats."""
    if not content.startswith(b"PK"):
        return b""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        part = _part(archive, sheet)
        return archive.read(part) if part else b""


def errors(xml: bytes) -> dict[tuple[int, int], str]:
    """Find the cells of a sheet of an .xlsx that hold an error, or a formula without a result.

    Returns
    -------
    dict
        Row and column, from 0 → the error's text.
    """
    if b't="e"' not in xml and b"<f" not in xml:
        return {}
    found = {}
    for attributes, inside in _CELL.findall(xml):
        place, kind, value = _PLACE.search(attributes), _KIND.search(attributes), _VALUE.search(inside)
        if place is None:
            continue
        said = "" if value is None else html.unescape(value[1].decode("utf-8", "replace")).strip()
        where = int(place[2]) - 1, _column(place[1].decode("ascii"))
        if kind is not None and kind[1] == b"e":
            found[where] = said or "#VALUE!"
        elif kind is None and b"<f" in inside and not said:
            found[where] = "#NOT CALCULATED!"
    return found


def _part(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """Find which part of an .xlsx holds a sheet."""
    names = set(archive.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        return None
    links = dict(_attributes(archive.read("xl/_rels/workbook.xml.rels"), "Relationship", "Id", "Target"))
    link = dict(_attributes(archive.read("xl/workbook.xml"), "sheet", "name", "r:id")).get(sheet, "")
    target = links.get(link, "")
    part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return part if part in names else None


def _attributes(xml: bytes, tag: str, key: str, value: str) -> Iterator[tuple[str, str]]:
    """List two attributes of each element of a kind."""
    for element in re.findall(rf"<{tag}\s[^>]*>", xml.decode("utf-8", "replace")):
        held = dict(re.findall(r'([\w:]+)="([^"]*)"', element))
        yield html.unescape(held.get(key, "")), html.unescape(held.get(value, ""))


def _column(letters: str) -> int:
    """Number a column from 0: A, B … Z, AA.

    Examples
    --------
    >>> [_column(letters) for letters in ("A", "Z", "AA", "XFD")]
    [0, 25, 26, 16383]
    """
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number - 1


def as_text(cell: Any) -> str:
    """Write a cell as a person would.

    Examples
    --------
    >>> [as_text(cell) for cell in (7372.0, 0.5, True, datetime.date(2003, 1, 15), datetime.time(0, 0), None)]
    ['7372', '0.5', 'TRUE', '2003-01-15', '00:00:00', '']
    """
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime.datetime) and cell.time() == datetime.time():
        return cell.date().isoformat()
    if isinstance(cell, datetime.datetime):
        return cell.isoformat(" ")
    return str(cell)
