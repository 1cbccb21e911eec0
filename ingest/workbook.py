"""Sheets of Excel (.xlsx, .xls, .xlsb) and OpenDocument files as rows of text."""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterator
from typing import Any

from ingest.decode import BROKEN, Piece
from ingest.faults import BadInput, Fault


def sheets(piece: Piece) -> Iterator[tuple[str, list[tuple[str, ...]]]]:
    """Yield each sheet's name and its rows from the first on, blank ones too, every cell as text.

    Whole numbers come without decimals and dates as ISO 8601. A cell with an error (``#REF!``) is blank.

    Raises
    ------
    BadInput
        The file is no workbook, or is locked by a password.
    """
    import python_calamine

    try:
        with piece.open() as stream:
            book = python_calamine.load_workbook(io.BytesIO(stream.read()))
        for name in book.sheet_names:
            rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            yield name, [tuple(as_text(cell) for cell in row) for row in rows]
    except (python_calamine.CalamineError, ValueError, *BROKEN) as error:
        fault = Fault(piece.file, None, str(error)[:200], "a workbook that can be read", "save it again as .xlsx")
        raise BadInput(fault) from error


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
