"""Rows that a reader might pass over in silence: other sheets, tables below tables, what a quotation mark swallowed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter

from ingest import read
from ingest.faults import BadInput
from ingest.mended import swallowed_rows

HEADINGS = ["Deal Number", "Date Announced", "Acquiror Name", "Acquiror Nation", "Acquiror Primary SIC Code"]
HEADINGS += ["Target Name", "Target Nation", "Target Primary SIC Code"]
ALLIANCE = [
    "Deal Number",
    "Alliance Date Announced",
    "Participant Name",
    "Participant Nation",
    "Participant Primary SIC Code",
]


def deal(number: int, target: str = "Beta") -> list[str]:
    return [str(number), "01/15/2003", f"Acme{number}", "France", "2834", f"{target}{number}", "Germany", "3674"]


def book(path: Path, sheets: Mapping[str, Sequence[Sequence[str]]]) -> Path:
    with xlsxwriter.Workbook(str(path)) as written:
        for name, rows in sheets.items():
            sheet = written.add_worksheet(name)
            for place, row in enumerate(rows):
                sheet.write_row(place, 0, row)
    return path


def text(path: Path, rows: Sequence[Sequence[str]], sign: str = ",") -> Path:
    path.write_text("".join(sign.join(row) + "\n" for row in rows), encoding="utf-8")
    return path


def counted(records: object) -> dict[str, int]:
    ledger: pd.DataFrame = records.ledger  # type: ignore[attr-defined]
    return {str(reason): int(rows) for reason, rows in ledger.groupby("reason")["rows"].sum().items()}


def weights(records: object) -> dict[str, float]:
    ledger: pd.DataFrame = records.ledger  # type: ignore[attr-defined]
    return {str(reason): float(weight) for reason, weight in ledger.groupby("reason")["weight"].sum().items()}


def test_a_sheet_that_goes_on_without_headings_is_named(tmp_path: Path) -> None:
    path = book(tmp_path / "d.xlsx", {"A": [HEADINGS, deal(1)], "B": [deal(2)]})
    with pytest.raises(
        BadInput, match=r"d\.xlsx \[B\], line 1: '2'; expected headings; it is as wide as d\.xlsx \[A\]"
    ):
        read("thomson", [path])


def test_a_sheet_with_a_heading_misspelt_is_named(tmp_path: Path) -> None:
    other = ["Target Nme" if name == "Target Name" else name for name in HEADINGS]
    path = book(tmp_path / "d.xlsx", {"A": [HEADINGS, deal(1)], "B": [other, deal(2)]})
    with pytest.raises(BadInput, match=r"d\.xlsx \[B\], line 1: .*expected a column for target_name"):
        read("thomson", [path])


def test_rows_of_another_table_are_counted_and_notes_are_not(tmp_path: Path) -> None:
    pivot = [["Nation", "2003", "2004"], ["France", "1", "0"]]
    notes = [["Search", "all deals"], ["Date", "yesterday"]]
    path = book(tmp_path / "d.xlsx", {"A": [HEADINGS, deal(1)], "Pivot": pivot, "Notes": notes})
    records = read("thomson", [path])
    assert counted(records) == {"read": 3, "used": 1, "sheet not read": 2}
    assert weights(records) == {"read": 1.0, "used": 1.0, "sheet not read": 0.0}  # no row of it is an event
    assert records.inputs[["path", "rows"]].values.tolist() == [["d.xlsx", 1], ["d.xlsx [Pivot]", 2]]
    assert sorted(records.rejects["value"]) == ["France", "Nation"]


def test_one_of_several_columns_is_asked_for_in_a_sheet_too(tmp_path: Path) -> None:
    rows = [["event", "name", "symbol", "yr"], ["1", "Acme", "21", "2003"]]
    expected = "expected a column for year or date"
    for path in (text(tmp_path / "a.csv", rows), book(tmp_path / "a.xlsx", {"s": rows})):
        with pytest.raises(BadInput, match=expected):
            read("table", [path], options={"kind": "alliance", "scheme": "nace2"})


def test_a_table_below_another_hides_no_row_above(tmp_path: Path) -> None:
    rows = [[*HEADINGS, ""], [*deal(1), ""], [*deal(2), ""], [*HEADINGS, "Target City"], [*deal(3), "Ulm"]]
    records = read("thomson", [text(tmp_path / "a.csv", rows)])
    assert counted(records) == {"read": 4, "used": 3, "impossible date": 1}


def test_headings_on_two_lines_are_still_joined(tmp_path: Path) -> None:
    first, second = zip(*(name.split(" ", 1) for name in HEADINGS), strict=True)
    records = read("thomson", [text(tmp_path / "a.csv", [["A title"], first, second, deal(1)])])
    assert counted(records) == {"read": 1, "used": 1}


def test_headings_on_each_page_part_no_agreement(tmp_path: Path) -> None:
    rows = [ALLIANCE, ["7", "01/15/2003", "Acme", "France", "2834"], ALLIANCE, ["", "", "Beta", "Germany", "3674"]]
    records = read("sdc", [text(tmp_path / "a.csv", rows)])
    assert counted(records) == {"read": 3, "used": 2, "headings again": 1}
    assert weights(records) == {"read": 1.0, "used": 1.0, "headings again": 0.0}
    assert sorted(records.participants.collect("pandas")["name"]) == ["Acme", "Beta"]


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_what_a_stray_quotation_mark_swallowed_is_read(tmp_path: Path, sign: str) -> None:
    rows = [HEADINGS, deal(1), deal(2, '"Bad'), deal(3), deal(4), deal(5, '"Bad'), deal(6)]
    records = read("thomson", [text(tmp_path / "a.csv", rows, sign)])
    assert counted(records) == {"read": 6, "used": 6}
    assert sorted(records.events.collect("pandas")["event"]) == [f"thomson:{n}" for n in range(1, 7)]


def test_a_text_of_several_lines_stays_a_cell() -> None:
    wide = ["1", "2003", "FR", "DE", "x", "A text; of\nseveral lines; with signs"]
    assert swallowed_rows(2, wide, ";") == []
    narrow = ["1", "2003", "first, a\nb, c, d"]
    assert swallowed_rows(2, narrow, ",") == []
