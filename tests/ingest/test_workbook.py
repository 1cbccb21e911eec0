"""Sheets as rows of text."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
import xlsxwriter

from ingest import workbook
from ingest.decode import Piece
from ingest.faults import BadInput


def test_cells_are_written_as_a_person_would(tmp_path: Path) -> None:
    path = tmp_path / "deals.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("Deals")
    sheet.write_row(1, 0, ["Name", 7372, 0.5, True, "two\nlines"])
    sheet.write_datetime(2, 0, datetime.datetime(2003, 1, 15), book.add_format({"num_format": "yyyy-mm-dd"}))
    day = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    sheet.write_datetime(2, 1, datetime.datetime(2003, 1, 15, 12, 30), day)
    sheet.write_formula(2, 2, "=1/0", None, "#DIV/0!")
    book.close()
    ((name, rows),) = workbook.sheets(Piece("deals.xlsx", path, workbook=True))
    assert name == "Deals"
    assert rows == [
        ("", "", "", "", ""),
        ("Name", "7372", "0.5", "TRUE", "two\nlines"),
        ("2003-01-15", "2003-01-15 12:30:00", "#DIV/0!", "", ""),
    ]


def test_a_broken_workbook_is_bad_input(tmp_path: Path) -> None:
    path = tmp_path / "deals.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0" + b"x" * 600)
    with pytest.raises(BadInput, match="a workbook that can be read"):
        list(workbook.sheets(Piece("deals.xls", path, workbook=True)))


def test_a_cell_far_away_is_named_and_does_not_end_the_process(tmp_path: Path) -> None:
    path = tmp_path / "deals.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("A")
        sheet.write_row(0, 0, ["Deal Number", "Target City"])
        sheet.write_string(1_048_575, 0, " ")
        sheet.write_string(0, 16_383, " ")
    with pytest.raises(BadInput, match=r"deals.xlsx \[A\], line 1048576: '1,048,576 rows and 16,384 columns'.*or save"):
        list(workbook.sheets(Piece("deals.xlsx", path, workbook=True)))


def test_a_long_sheet_is_read(tmp_path: Path) -> None:
    path = tmp_path / "deals.xlsx"
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet("A")
        sheet.write_row(0, 0, ["x", *[""] * 26, "y"])
        sheet.write_string(299_999, 1, "z")
    ((_, rows),) = workbook.sheets(Piece("deals.xlsx", path, workbook=True))
    assert (len(rows), len(rows[0]), rows[-1][1]) == (300_000, 28, "z")
