"""Vendors' files staged as tables of text, with nothing lost."""

from __future__ import annotations

import csv
import io
import random
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.columns import Layout
from ingest.engine import DuckDB
from ingest.faults import BadInput
from ingest.files import stage
from ingest.records import SOURCE_SCHEMA, check_schema
from ingest.staged import Staged

ENGINE = DuckDB()
DEALS = Layout(
    "deals",
    {"event": ("Deal Number",), "city": ("Target City",), "nation": ("Acquiror Nation",)},
    frozenset({"event"}),
)
REGPAT = Layout("regpat", {"event": ("appln_id",), "city": ("city",)}, frozenset({"event"}), "|", False)


def staged(folder: Path, content: bytes | str, layout: Layout = DEALS, **given: Any) -> Staged:
    path = folder / "a.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return stage(ENGINE, [path], layout, root=folder, **given)


def cells(found: Staged, *columns: str) -> list[tuple[Any, ...]]:
    frame = found.frame.sort("file", "line")
    return list(frame.select("line", *(columns or ("event", "city"))).collect("pyarrow").rows())


def lines(found: Staged) -> list[tuple[Any, ...]]:
    return list(found.rows.sort("line").select("line", "reason").collect("pyarrow").rows())


def test_every_column_is_there_and_nothing_is_null(tmp_path: Path) -> None:
    found = staged(tmp_path, "Target City,Deal Number\n Ulm ,1\n-,2\nn.a.,3\nnp,4\n:,5\n,6\nNA,7\n")
    assert found.frame.collect_schema().names() == ["file", "line", "event", "city", "nation"]
    assert [row[2] for row in cells(found)] == ["Ulm", None, None, None, None, None, "NA"]
    assert set(found.frame.collect("pyarrow")["nation"].to_list()) == {None}
    check_schema(found.rows, SOURCE_SCHEMA["rows"], "rows")
    check_schema(found.rejects, SOURCE_SCHEMA["rejects"], "rejects")


def test_lines_are_right_below_titles_ragged_rows_and_line_breaks(tmp_path: Path) -> None:
    content = (
        'A title\r\n\r\nDeal,Target\r\nNumber,City\r\n1,"Neu\r\nUlm"\r\n2\r\n\r\n3,Ulm,Bonn\r\n4,"x\r\ny\r\nz"\r\n'
        "5,Bonn,\r\n,\r\n6,Köln\r\n"
    )
    found = staged(tmp_path, content)
    assert cells(found) == [
        (5, "1", "Neu\nUlm"),
        (10, "4", "x\ny\nz"),
        (13, "5", "Bonn"),
        (15, "6", "Köln"),
    ]
    assert lines(found) == [(7, "wrong number of cells"), (9, "wrong number of cells")]
    assert found.inputs["rows"].to_list() == [6]
    values = found.rejects.sort("line").select("key", "value").collect("pyarrow").rows()
    assert values == [("2", "1 cells where 2 were expected"), ("3,Ulm,Bonn", "3 cells where 2 were expected")]


def test_a_stray_quotation_mark_does_not_swallow_the_rows_below(tmp_path: Path) -> None:
    found = staged(tmp_path, 'Deal Number,Target City\n1,Ulm\n"2,Bonn\n3,"Köln"\n4,Jena\n')
    assert [row[:2] for row in cells(found)] == [(2, "1"), (4, "3"), (5, "4")]
    assert lines(found) == [(3, "wrong number of cells")]


@pytest.mark.parametrize("rows", [3, 300])
def test_a_quotation_mark_that_is_never_closed_is_named(
    tmp_path: Path, rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.cells._SLICE", 1000)
    rest = "".join(f"{n},Rothenburg ob der Tauber\n" for n in range(rows))
    with pytest.raises(BadInput, match=r"line 3: .* a quotation mark that is closed"):
        staged(tmp_path, 'Deal Number,Target City\n1,Ulm\n2,"Bonn\n' + rest)


def test_a_last_cell_with_a_line_break_is_closed(tmp_path: Path) -> None:
    assert cells(staged(tmp_path, 'Deal Number,Target City\n1,"Neu\nUlm"\n\n')) == [(2, "1", "Neu\nUlm")]


def test_quotation_marks_that_are_text(tmp_path: Path) -> None:
    found = staged(tmp_path, 'appln_id|city\r\n1|"Ulm"\r\n"2"|Neu "Ulm\r\n3|"\r\n', REGPAT)
    assert cells(found) == [(2, "1", "Ulm"), (3, "2", 'Neu "Ulm'), (4, "3", None)]


def test_rows_that_are_not_utf8_are_set_aside(tmp_path: Path) -> None:
    found = staged(tmp_path, "Deal Number,Target City\n1,Köln\n2,Łódź\n".encode() + b"3,K\xf6ln\n4,Ulm\n")
    assert [row[1] for row in cells(found)] == ["1", "2", "4"]
    assert lines(found) == [(4, "not UTF-8")]
    assert found.inputs["rows"].to_list() == [4]
    assert found.rejects.collect("pyarrow")["value"].to_list() == ["K\N{REPLACEMENT CHARACTER}ln"]


def test_a_spreadsheets_error_is_no_value(tmp_path: Path) -> None:
    found = staged(tmp_path, "Deal Number,Target City\n1,#REF!\n2,#1 City\n")
    assert cells(found) == [(2, "1", None), (3, "2", "#1 City")]
    assert lines(found) == []
    rejects = found.rejects.select("line", "field", "value", "reason").collect("pyarrow").rows()
    assert rejects == [(2, "city", "#REF!", "spreadsheet error")]


def test_the_users_columns_and_delimiter(tmp_path: Path) -> None:
    found = staged(tmp_path, "no;town\n1;Ulm\n", columns={"event": "no", "extra": "town"}, delimiter=";")
    assert cells(found, "event", "extra") == [(2, "1", "Ulm")]


def test_a_workbook_with_two_line_headings_and_a_cover_sheet(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "deals.xlsx"))
    book.add_worksheet("Request Summary").write(0, 0, "what was asked for")
    sheet = book.add_worksheet("Deals")
    for number, row in enumerate([["A title"], [], ["Deal", "Target"], ["Number", "City"], [1, "Ulm"], [], [2, "-"]]):
        sheet.write_row(number, 0, row)
    book.close()
    found = stage(ENGINE, [tmp_path / "deals.xlsx"], DEALS)
    assert cells(found) == [(5, "1", "Ulm"), (7, "2", None)]
    assert found.inputs[["path", "rows"]].to_numpy().tolist() == [["deals.xlsx", 2]]


def test_a_workbook_of_two_sheets(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "deals.xlsx"))
    for name in ("2003", "2004"):
        sheet = book.add_worksheet(name)
        sheet.write_row(0, 0, ["Deal Number", "Target City"])
        sheet.write_row(1, 0, [name, "Ulm"])
    book.close()
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.write(tmp_path / "deals.xlsx", "deals.xlsx")
    found = stage(ENGINE, [tmp_path / "all.zip"], DEALS)
    assert found.inputs["path"].to_list() == ["all.zip/deals.xlsx [2003]", "all.zip/deals.xlsx [2004]"]
    assert cells(found) == [(2, "2003", "Ulm"), (2, "2004", "Ulm")]


def test_a_workbook_without_the_headings(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "deals.xlsx"))
    book.add_worksheet("a").write_row(0, 0, ["Town", "Deal Nr"])
    book.close()
    with pytest.raises(BadInput, match=r'deals\.xlsx, line 1.*columns\.event = "Deal Nr"'):
        stage(ENGINE, [tmp_path / "deals.xlsx"], DEALS)


def test_every_fault_of_every_file_at_once(tmp_path: Path) -> None:
    contents = {
        "b_empty.csv": b"",
        "c_headings.csv": b"Town,Nation\nUlm,DE\n",
        "d_bytes.csv": b"Deal Number\nM\x81\n",
        "e_zip.zip": b"PK\x03\x04",
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    with pytest.raises(BadInput) as error:
        stage(ENGINE, [tmp_path / "a_missing.csv", *(tmp_path / name for name in contents)], DEALS)
    assert sorted(fault.file for fault in error.value.faults) == ["a_missing.csv", *contents]
    assert all(fault.expected and fault.mend for fault in error.value.faults)


def test_faults_below_the_headings_are_told_with_those_of_other_files(tmp_path: Path) -> None:
    for name, content in {"open.csv": 'Deal Number,Target City\n1,"Ulm\n', "fine.csv": "Deal Number\n1\n"}.items():
        (tmp_path / name).write_text(content)
    with pytest.raises(BadInput) as error:
        stage(ENGINE, [tmp_path / name for name in ("open.csv", "fine.csv", "gone.csv")], DEALS)
    assert sorted((fault.file, fault.line) for fault in error.value.faults) == [("gone.csv", None), ("open.csv", 2)]


def test_headings_without_rows(tmp_path: Path) -> None:
    for content in ("Deal Number,Target City", "Deal Number,Target City\n,\n\n"):
        with pytest.raises(BadInput, match="rows of data below the headings"):
            staged(tmp_path, content)


def test_no_file_at_all() -> None:
    with pytest.raises(BadInput, match="correct `files`"):
        stage(ENGINE, [], DEALS)


def test_a_wrong_delimiter_that_was_set(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"the delimiter ';'"):
        staged(tmp_path, "Deal Number;Target City\n1;Ulm\n", delimiter=",")


def written(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([heading, *rows])
    return text.getvalue()


def test_the_digest_knows_content_and_not_order(tmp_path: Path) -> None:
    rows = [[str(n), f"Málaga {n}", "x"] for n in range(50)]
    shuffled = random.Random(1).sample(rows, k=len(rows))
    heading = ["Deal Number", "Target City", "Remark"]

    def digest(content: bytes | str, **given: Any) -> str:
        return str(staged(tmp_path, content, **given).inputs["sha256"][0])

    first = digest(written(heading, rows))
    assert digest(written(heading, shuffled)) == first
    assert digest(written(heading[::-1], [row[::-1] for row in rows])) == first
    assert digest(written(heading, rows).encode("cp1252")) == first
    assert digest(written(heading, rows[:-1])) != first
    assert digest(written(heading, [*rows[:-1], ["49", "Málaga 49", "y"]])) != first
    assert digest(written(heading, [*rows, rows[0]])) != first


CELL = st.text(alphabet='aü" \n;1', max_size=4)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.lists(CELL, min_size=1, max_size=4), min_size=1, max_size=8))
def test_every_row_is_staged_or_counted(tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]) -> None:
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    content = written(["Deal Number", "Target City"], [*rows, ["last", "row"]])
    found = staged(tmp_path_factory.mktemp("dirty"), content)
    whole = [row for row in filled if len(row) == 2 or (len(row) > 2 and not any(c.strip() for c in row[2:]))]
    kept = cells(found)
    assert found.inputs["rows"].to_list() == [len(kept) + len(lines(found))]
    if not any("\n" in cell for row in rows if row not in whole for cell in row):
        blank_surplus = [row for row in whole if not any(cell.strip() for cell in row[:2])]
        assert len(kept) == len(whole) - len(blank_surplus) + 1
        assert len(lines(found)) == len(filled) - len(whole)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.sampled_from(["1,Ulm", '2,"a\nb"', "3", "4,a,b", "", ",", "5,x,", '6,"p""q\n\nr"']), max_size=12))
def test_lines_are_those_of_the_file(tmp_path_factory: pytest.TempPathFactory, rows: list[str]) -> None:
    content = "\n".join(["Deal Number,Target City", *rows, "7,end"]) + "\n"
    found = staged(tmp_path_factory.mktemp("lines"), content)
    text = content.split("\n")
    assert all(text[line - 1].startswith(f"{event},") for line, event, _ in cells(found))
    assert [text[line - 1] for line, _ in lines(found)] == [row for row in rows if row in ("3", "4,a,b")]
