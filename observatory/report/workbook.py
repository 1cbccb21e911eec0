"""Sheets as a workbook: codes as text, nothing from the data as a formula, the same bytes each time."""

from __future__ import annotations

import datetime
import gc
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

# pandas and the like only where they are needed: a process of its own that writes a document's sheets begins at once.
if TYPE_CHECKING:
    import pandas as pd

    from observatory.report.sheets import Sheet

#: The day that stands in every workbook, so that the same run gives the same bytes.
DAY = datetime.datetime(2000, 1, 1)
#: Widest column, in characters; rows that its width is taken from.
WIDEST, LOOKED_AT = 60, 200
#: Codes stay text, whatever they look like.
OPTIONS: Mapping[str, Any] = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "in_memory": True,
}
#: Bytes of a document from which its workbook is worth a process of its own.
LARGE = 1_000_000


def write_tables(path: Path, tables: Iterable[tuple[str, pd.DataFrame]]) -> Path:
    """Write tables as a workbook, a sheet each.

    Parameters
    ----------
    path
        The file; its folder is there.
    tables
        Name (at most 31 characters) and table of each sheet.
    """
    from observatory.report.sheets import sheet_of

    return write_sheets(path, (sheet_of(name, table) for name, table in tables))


def write_sheets(path: Path, sheets: Iterable[Sheet], title: str = "Tables of the report") -> Path:
    """Write sheets as a workbook: headings frozen, columns as wide as what they hold, the same bytes each time.

    Parameters
    ----------
    path
        The file; its folder is there.
    sheets
        What :func:`sheet_of` returns; those read back from JSON give the same workbook.
    title
        What the workbook says of itself.
    """
    import xlsxwriter

    with xlsxwriter.Workbook(str(path), dict(OPTIONS)) as book:
        book.set_properties({"created": DAY, "title": title})
        heading = book.add_format({"bold": True, "bottom": 1, "bg_color": "#EEF2F5"})
        formats: dict[str, Any] = {}
        for one in sheets:
            for column in one["columns"]:
                key = column["format"]
                if key not in formats:
                    formats[key] = book.add_format({"num_format": key})
            formats.setdefault("@", book.add_format({"num_format": "@"}))
            _write(book.add_worksheet(one["name"]), one, heading, formats)
    return path


def _write(sheet: Any, one: Sheet, heading: Any, formats: Mapping[str, Any]) -> None:
    """Write one sheet; what the format cannot hold is said in the last row."""
    sheet.freeze_panes(1, 0)
    rows, columns = one["rows"], one["columns"]
    text, chosen = formats["@"], [formats[column["format"]] for column in columns]
    for number, column in enumerate(columns):
        seen = (len(str(row[number])) for row in rows[:LOOKED_AT] if row[number] is not None)
        longest = max([len(column["name"]), *seen])
        sheet.set_column(number, number, min(WIDEST, longest + 2))
        sheet.write_string(0, number, column["name"], heading)
    for place, row in enumerate(rows, start=1):
        for number, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(place, number, cell, text)
            elif cell is not None:
                sheet.write_number(place, number, cell, chosen[number])
    if one["more"]:
        sheet.write_string(len(rows) + 1, 0, f"{one['more']:,} further rows are in the run folder")
    if columns and rows:
        sheet.autofilter(0, 0, len(rows), len(columns) - 1)


def write_of_document(document: Path, path: Path) -> None:
    """Write the workbook of a report.

    Parameters
    ----------
    document
        ``report.json``.
    path
        The workbook; its folder is there.
    """
    data = json.loads(document.read_text(encoding="utf-8"))
    write_sheets(path, data["sheets"], data["title"])


@contextmanager
def written_aside(document: Path, path: Path) -> Iterator[None]:
    """Write the workbook of a large report in a process of its own while the block draws the figures.

    A small one, or one on a machine of one core, is written after the block; so is one that the other process could
    not write, so that its error is told as any other. The bytes are the same.
    """
    alone = document.stat().st_size < LARGE or (os.cpu_count() or 1) < 2 or not sys.executable
    if alone:
        yield
        write_of_document(document, path)
        return
    command = [sys.executable, "-m", "observatory.report.workbook", str(document), str(path)]
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as other:
        try:
            yield
            other.communicate()
        finally:
            other.kill()
    if other.returncode:
        write_of_document(document, path)


if __name__ == "__main__":
    gc.disable()  # A million cells, all held until the end: there is nothing to collect, and looking takes a fifth.
    write_of_document(Path(sys.argv[1]), Path(sys.argv[2]))
