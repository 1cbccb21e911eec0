"""One document, many formats: page, PDF and workbook hold what report.json holds, number by number and cell by cell."""

from __future__ import annotations

import html
import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from observatory.report import blocks, pdf, workbook, write_report
from observatory.report.contents import held
from observatory.report.document import SECTIONS, SHORT, blocks_of
from observatory.report.files import read_document
from observatory.report.page import render
from observatory.report.sheets import sheet_of
from observatory.report.template import write_template
from observatory.report.workbook import write_sheets
from observatory.store import Run

NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


@pytest.fixture(scope="module")
def folder(small_run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of the small run in every format, outside the run."""
    out = tmp_path_factory.mktemp("report") / "all"
    write_report(small_run, None, ("html", "xlsx", "pdf", "quarto"), out)
    return out


@pytest.fixture(scope="module")
def data(folder: Path) -> dict:
    return json.loads((folder / "report.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def printed(folder: Path) -> str:
    """The words of the PDF, its blanks and marks of hyphenation aside, as the reader of another project takes them."""
    pages = [page.extract_text() for page in PdfReader(folder / "report.pdf").pages]
    return "\n".join(pages)


class Cells(HTMLParser):
    """Tables of a page as rows of cells, and its words without drawings and styles."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self.words: list[str] = []
        self.hidden, self.cell = 0, False
        self.feed(text)

    def handle_starttag(self, tag, _):
        self.hidden += tag in ("svg", "style")
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")
            self.cell = True

    def handle_endtag(self, tag):
        self.hidden -= tag in ("svg", "style")
        self.cell = self.cell and tag not in ("td", "th")

    def handle_data(self, text):
        if self.hidden:
            return
        self.words.append(text)
        if self.cell:
            self.tables[-1][-1][-1] += text


def words_in(part: object) -> list[str]:
    """Every text and number that a document holds, keys aside."""
    if isinstance(part, dict):
        return [said for one in part.values() for said in words_in(one)]
    if isinstance(part, list):
        return [said for one in part for said in words_in(one)]
    return [] if part is None else [str(part)]


def squashed(text: str) -> str:
    """A text without blanks, and without the marks at which a line may break."""
    return re.sub(r"[\s\u200b\u00ad\u2010-]+", "", text)


def test_every_number_of_the_page_is_in_the_document(folder, data):
    page = Cells((folder / "index.html").read_text(encoding="utf-8"))
    shown = set(NUMBER.findall(" ".join(page.words)))
    known = set(NUMBER.findall(" ".join([*words_in(data["sections"]), data["title"], data["subtitle"]])))
    places = {str(place) for place in range(1, len(SECTIONS) + 1)}
    assert len(shown) > 300
    assert shown - known - places == set()


def test_every_table_of_the_page_is_that_of_the_document_cell_by_cell(folder, data):
    page = Cells((folder / "index.html").read_text(encoding="utf-8"))
    tables = [one for one in blocks_of(data) if one["kind"] == "table"]
    shown = [[[html.unescape(cell) for cell in row] for row in one] for one in page.tables]
    plain = [one for one in shown if one[0][0] != "Industry" or len(one) == 1 or "none" not in one[1]]
    wanted = [[one["headings"], *one["rows"]] for one in tables]
    assert len(wanted) > 40
    for one in wanted:
        assert one in plain


def test_every_number_of_the_pdf_is_in_the_document_or_a_drawing(folder, data, printed):
    drawn = " ".join(re.sub(r"<[^>]*>", " ", one) for one in read_document(folder).drawings.values())
    known = " ".join(words_in({key: value for key, value in data.items() if key != "sheets"}))
    # A line may end within a long word, such as a digest: what stands there is looked for without the break.
    known_numbers = set(NUMBER.findall(f"{known} {html.unescape(drawn)}"))
    pages = {str(n) for n in range(1, len(PdfReader(folder / "report.pdf").pages) + 1)}
    shown = set(NUMBER.findall(printed))
    strange = {one for one in shown - known_numbers - pages if squashed(one) not in squashed(known)}
    assert len(shown) > 300
    assert strange == set()


def test_every_table_is_in_the_pdf_row_by_row(data, printed):
    paper = squashed(printed)
    tables = [one for one in blocks_of({"sections": data["sections"]}) if one["kind"] == "table"]
    # Data of the figures are in the workbook.
    hidden = [one["data"] for one in blocks_of(data) if one["kind"] == "figure"]
    shown = [one for one in tables if not any(one is other for other in hidden)]
    rows = [row for one in shown for row in one["rows"]]
    missed = [row for row in rows if squashed("".join(row)) not in paper]
    assert len(rows) > 300
    # A row on which a page ends has the next page's heading in it.
    assert len(missed) <= len(rows) * 0.02, missed[:5]
    for row in missed:
        assert all(squashed(cell)[:12] in paper for cell in row)


def test_every_sheet_is_that_of_the_document_cell_by_cell(folder, data):
    book = CalamineWorkbook.from_path(str(folder / "tables.xlsx"))
    assert book.sheet_names == [sheet["name"] for sheet in data["sheets"]]
    assert book.sheet_names[0] == "contents"
    for sheet in data["sheets"]:
        rows = book.get_sheet_by_name(sheet["name"]).to_python()
        assert rows[0] == [column["name"] for column in sheet["columns"]]
        wanted = [["" if cell is None else cell for cell in row] for row in sheet["rows"]]
        assert len(rows) - 1 == len(wanted)
        differ = [
            (got, cell)
            for shown, row in zip(rows[1:], wanted, strict=True)
            for got, cell in zip(shown, row, strict=True)
            if not same(got, cell)
        ]
        assert differ == [], sheet["name"]


def same(got: object, cell: object) -> bool:
    """Tell whether a cell is what the document holds: text as text, numbers to the 16 digits that a workbook keeps."""
    if isinstance(cell, str):
        return got == cell
    return isinstance(got, float | int) and got == pytest.approx(cell, rel=1e-15, abs=0)


def test_formats_are_written_from_the_document_alone(folder, tmp_path):
    there = tmp_path / "elsewhere"
    there.mkdir()
    shutil.copy(folder / "report.json", there)
    shutil.copytree(folder / "figures", there / "figures")
    again = read_document(there)
    assert render(again) == (folder / "index.html").read_text(encoding="utf-8")
    write_sheets(there / "t.xlsx", again.data["sheets"], again.data["title"])
    assert (there / "t.xlsx").read_bytes() == (folder / "tables.xlsx").read_bytes()
    assert pdf.write_pdf(again, there / "t.pdf").read_bytes() == (folder / "report.pdf").read_bytes()
    assert again.json() == (folder / "report.json").read_text(encoding="utf-8")


def test_a_large_workbook_is_written_by_a_process_of_its_own(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(workbook, "LARGE", 1)
    here: list[Path] = []
    monkeypatch.setattr(workbook, "write_of_document", lambda _, path: here.append(path))
    with workbook.written_aside(folder / "report.json", tmp_path / "t.xlsx"):
        pass
    assert (tmp_path / "t.xlsx").read_bytes() == (folder / "tables.xlsx").read_bytes()
    assert here == []
    # What it cannot write is tried here, where the error is told.
    with workbook.written_aside(folder / "report.json", tmp_path / "nowhere" / "t.xlsx"):
        pass
    assert here == [tmp_path / "nowhere" / "t.xlsx"]


def test_a_workbook_is_not_waited_for_when_drawing_fails(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(workbook, "LARGE", 1)
    with pytest.raises(ValueError, match="no ink"), workbook.written_aside(folder / "report.json", tmp_path / "t.xlsx"):
        raise ValueError("no ink")


def test_the_pdf_is_tagged_and_named_and_has_bookmarks(folder, data):
    paper = PdfReader(folder / "report.pdf")
    root = paper.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert paper.metadata.title == data["title"] == "Small <b>study</b>"
    bookmarks = [one.title for one in paper.outline if not isinstance(one, list)]
    assert [heading for _, heading, _ in SECTIONS] == [re.sub(r"^\d+ ", "", title) for title in bookmarks]
    tags, said = [], []
    waiting = [root["/StructTreeRoot"]]
    while waiting:
        node = waiting.pop().get_object()
        tags.append(str(node.get("/S")))
        if node.get("/S") == "/Figure":
            said.append(node["/Alt"])
        kids = node.get("/K", [])
        kids = kids if isinstance(kids, list) else [kids]
        waiting += [kid for kid in kids if hasattr(kid.get_object(), "get")]
    assert {"/H1", "/H2", "/Table", "/TR", "/TH", "/TD", "/Figure", "/L"} <= set(tags)
    assert sorted(said) == sorted(one["alt"] for one in data["figures"])


def test_words_of_the_data_are_words_in_print(printed):
    assert "Small <b>study</b>" in re.sub(r"\s+", " ", printed)


def test_the_short_form_has_its_sections_only(folder, tmp_path):
    told = read_document(folder)
    paper = PdfReader(pdf.write_pdf(told, tmp_path / "short.pdf", short=True))
    titles = [re.sub(r"^\d+ ", "", one.title) for one in paper.outline if not isinstance(one, list)]
    assert titles == [heading for anchor, heading, _ in SECTIONS if anchor in SHORT]
    page = render(told, short=True)
    assert re.search(r'id="form-short"[^>]* checked', page)
    assert not re.search(r'id="form-whole"[^>]* checked', page)
    assert render(told).count('<section id="') == page.count('<section id="') == len(SECTIONS)


def test_without_the_extra_there_is_no_pdf_and_nothing_is_written(small_run, tmp_path, monkeypatch):
    monkeypatch.setattr(pdf, "find_spec", lambda _: None)
    with pytest.raises(pdf.MissingExtraError, match=r"pip install 'linkages\[pdf\]'"):
        write_report(small_run, None, ("html", "pdf"), tmp_path / "none")
    assert not (tmp_path / "none").exists()


def test_every_sheet_says_what_it_holds(data):
    first = data["sheets"][0]
    names = [row[0] for row in first["rows"]]
    assert names == [sheet["name"] for sheet in data["sheets"][1:]]
    assert all(row[1] for row in first["rows"])
    assert [row[3] for row in first["rows"]] == [len(sheet["rows"]) + sheet["more"] for sheet in data["sheets"][1:]]
    assert held("nothing of the kind") == ("", "")


def test_columns_have_formats_and_text_stays_text():
    table = pd.DataFrame({"code": ["0325"], "year": [2007], "p": [0.001], "weight": [1234.5], "yes": [True]})
    sheet = sheet_of("t", table)
    assert [one["format"] for one in sheet["columns"]] == ["@", "0", "0.0000", "#,##0.00", "@"]
    assert sheet["rows"] == [["0325", 2007, 0.001, 1234.5, "yes"]]


def test_long_tables_of_detail_are_read_from_the_top(monkeypatch):
    from observatory.report import sheets

    monkeypatch.setattr(sheets, "DETAIL", 4)
    ranked = pd.DataFrame({"of": list("aaabbb"), "rank": [1, 2, 3, 1, 2, 3], "events": [9, 8, 7, 6, 5, 4]})
    sheet = sheet_of("composition", ranked)
    assert [row[:2] for row in sheet["rows"]] == [["a", 1], ["a", 2], ["b", 1], ["b", 2]]
    assert sheet["more"] == 2
    assert len(sheet_of("links_2000-2007", ranked)["rows"]) == 6
    few = sheet_of("fig_map", pd.DataFrame({"n": pd.array([1, None, 3, 4, 5], dtype="Int64")}))
    assert (few["rows"], few["more"]) == ([[1], [None], [3], [4]], 1)
    odd = sheet_of("odd", pd.DataFrame({"x": [0.5, float("nan"), float("inf")]}))
    assert odd["rows"] == [[0.5], [None], ["inf"]]


def test_a_table_has_as_many_cells_in_a_row_as_headings():
    with pytest.raises(ValueError, match="a row of 1 cells under 2 headings"):
        blocks.table(["a", "b"], [["1"]])


def test_every_block_is_of_a_kind_that_pages_know(data):
    kinds = {one["kind"] for one in blocks_of(data)} | {"grid"}
    assert kinds <= set(blocks.KINDS)
    page = (Path(blocks.__file__).parent / "templates" / "macros.html.j2").read_text(encoding="utf-8")
    paper = (Path(blocks.__file__).parent / "templates" / "report.typ").read_text(encoding="utf-8")
    for kind in blocks.KINDS:
        assert f'one.kind == "{kind}"' in page
        assert f'one.kind == "{kind}"' in paper


def test_the_template_runs_and_holds_the_same_code_twice(small_run, folder, tmp_path):
    import nbformat
    from nbclient import NotebookClient

    write_template(small_run, tmp_path)
    book = nbformat.read(tmp_path / "report.ipynb", as_version=4)
    nbformat.validate(book)
    code = [cell.source for cell in book.cells if cell.cell_type == "code"]
    quarto = (tmp_path / "report.qmd").read_text(encoding="utf-8")
    assert re.findall(r"```\{python\}\n(.*?)\n```", quarto, flags=re.DOTALL) == code
    assert quarto.startswith('---\ntitle: "Small <b>study</b>"\n')
    NotebookClient(book, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}).execute()
    shown = [out for cell in book.cells if cell.cell_type == "code" for out in cell.outputs]
    text = "".join(str(out.get("data", {}).get("text/html", "")) for out in shown)
    read = small_run.table("ledger.csv")
    assert str(int(read["rows"].max())) in text
    assert any("image/svg+xml" in out.get("data", {}) for out in shown)
    assert (folder / "report.ipynb").is_file()
