"""Broken files, one defect each: every one ends in a message that says what and where, or in a counted reject.

Beside a defect stand two deals that can be read, so that what is used must stay right.
"""

from __future__ import annotations

import datetime
import gzip
import io
import os
import sys
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

import ingest
from ingest.engine import DuckDB, collect
from ingest.faults import BadInput
from ingest.ledger import imbalance

ENGINE = DuckDB()
HEAD = (
    *("Deal Number", "Date Announced", "Status", "Acquiror Name", "Acquiror Nation", "Acquiror Primary SIC Code"),
    *("Target Name", "Target Nation", "Target Primary SIC Code", "Value of Transaction ($mil)"),
)
ONE = ("1", "01/15/2003", "Completed", "Acme", "France", "2834", "Beta", "Germany", "3674", "12.5")
TWO = ("2", "01/16/2003", "Completed", "Gamma", "Italy", "7372", "Delta", "Spain", "2834", "7")
PLACE = {name: place for place, name in enumerate(HEAD)}
ANNOUNCED, STATUS, NAME, CODE, VALUE = (PLACE[HEAD[place]] for place in (1, 2, 3, 5, 9))
#: What the two good deals become.
USED = {"1": 12.5, "2": 7.0}


def row(cells: Sequence[str] = (), **changed: str) -> tuple[str, ...]:
    """A third deal with a cell or two of its own, by the headings' places."""
    third = list(cells or ("3", "01/17/2003", "Completed", "Epsilon", "France", "2834", "Zeta", "Poland", "3674", "1"))
    for place, cell in changed.items():
        third[int(place.lstrip("c"))] = cell
    return tuple(third)


def csv(*more: Sequence[str], head: Sequence[str] = HEAD) -> str:
    return "".join(",".join(line) + "\n" for line in (head, ONE, TWO, *more))


GOOD = csv().encode()


@dataclass(frozen=True)
class Broken:
    """A file, what becomes of it: words of the refusal, or reasons of rows and cells set aside and values used."""

    content: bytes
    refused: str = ""
    aside: dict[str, int] = field(default_factory=dict)
    cells: tuple[str, ...] = ()
    used: dict[str, float | None] = field(default_factory=lambda: dict(USED))
    name: str = "deals.csv"
    options: dict[str, object] = field(default_factory=dict)


def text(*more: Sequence[str], **outcome: Any) -> Broken:
    return Broken(csv(*more).encode(), **outcome)


def cell(place: int, content: str, **outcome: Any) -> Broken:
    return text(row(**{f"c{place}": content}), **outcome)


def zipped(content: bytes, member: str = "deals.csv") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(member, content)
    return file.getvalue()


def with_flag(content: bytes) -> bytes:
    """Mark the member of an archive as encrypted."""
    spoilt = bytearray(content)
    for place in (6, spoilt.rfind(b"PK\x01\x02") + 8):
        spoilt[place] |= 1
    return bytes(spoilt)


def with_wrong_sum(content: bytes) -> bytes:
    spoilt = bytearray(content)
    for place in (14, spoilt.rfind(b"PK\x01\x02") + 16):
        spoilt[place] ^= 0xFF
    return bytes(spoilt)


def book(change: Callable[[Any, Any], object] = lambda _book, _sheet: None, **options: Any) -> bytes:
    """The good deals in a workbook, of which one cell is changed."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, options) as made:
        sheet = made.add_worksheet("Deals")
        for number, line in enumerate((HEAD, ONE, TWO)):
            for place, content in enumerate(line):
                numeric = number and place in (0, CODE, 8, VALUE)
                (sheet.write_number if numeric else sheet.write)(number, place, float(content) if numeric else content)
        change(made, sheet)
    return file.getvalue()


def sheet(change: Callable[[Any, Any], object], **outcome: Any) -> Broken:
    return Broken(book(change), name="deals.xlsx", **outcome)


def dated(moment: datetime.datetime) -> Callable[[Any, Any], object]:
    return lambda book, sheet: sheet.write_datetime(1, ANNOUNCED, moment, book.add_format({"num_format": "dd/mm/yyyy"}))


THREE: dict[str, float | None] = {**USED, "3": 1.0}
PLAIN: dict[str, float | None] = {**USED, "3": None}
ENDLESS = {"a cell of more than 100,000 characters": 1}

BROKEN: dict[str, Broken] = {
    # packing
    "half a .zip": Broken(zipped(GOOD)[:80], "a file that can be read", name="deals.zip"),
    "a .zip whose sums are wrong": Broken(with_wrong_sum(zipped(GOOD)), "Bad CRC-32", name="deals.zip"),
    "a .zip with a password": Broken(with_flag(zipped(GOOD)), "password required", name="deals.zip"),
    "a .zip in a .zip": Broken(zipped(zipped(GOOD), "more.zip"), "a table that is not packed", name="deals.zip"),
    "half a .gz": Broken(gzip.compress(GOOD)[:-12], "a file that can be read", name="deals.csv.gz"),
    "a .gz with something behind": Broken(gzip.compress(GOOD) + b"more", "a file that can be read", name="d.csv.gz"),
    "a workbook in a .gz": Broken(gzip.compress(book()), "unpack the outer one", name="deals.xlsx.gz"),
    # bytes
    "nothing": Broken(b"", "the file is empty"),
    "a zero byte in a cell": cell(NAME, "Ep\0silon", aside={"zero bytes": 1}),
    "a zero byte after many rows": text(*[row(c0=str(n)) for n in range(10, 310)], row(c3="A\0"),
        aside={"zero bytes": 1}, used={**USED, **{str(n): 1.0 for n in range(10, 310)}}),
    "one row in cp1252 among UTF-8": Broken(csv(row(c3="Zürich")).encode() + ",".join(row(c3="Köln")).encode("cp1252"),
        aside={"not UTF-8": 1}, used=THREE),
    "Mac Roman unsaid": Broken(csv(row(c3="Málaga Zürich")).encode("mac_roman"), used=THREE),
    "bytes of no encoding": Broken(csv(row(c3="M\x81ller")).encode("latin-1"), "UTF-8 or cp1252"),
    "half a sign of UTF-16": Broken(csv().encode("utf-16")[:-1], "expected text in utf-16"),
    "UTF-16 that does not say so": Broken(csv().encode("utf-16-le"), 'encoding = "utf-16-le"'),
    "UTF-32": Broken(csv().encode("utf-32")),
    "an encoding that it is not in": Broken(csv(row(c3="Müller")).encode(), "expected text in ascii",
        options={"encoding": "ascii"}),
    "a picture": Broken(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, "expected text"),
    "lines that end as on an old Mac": Broken(GOOD.replace(b"\n", b"\r")),
    # rows
    "a row too short": text(row()[:4], aside={"wrong number of cells": 1}),
    "a row too long": text((*row(), "more"), aside={"wrong number of cells": 1}),
    "a row too long, whose second line is long enough": text((*row(c1='"01/17/2003\n"'), "more"),
        aside={"wrong number of cells": 1}),
    "a row of a million cells": text((*[""] * 1_000_000, "x"), aside={"wrong number of cells": 1}),
    "a quotation mark that is never closed": text(row(c9='"1'), refused="a quotation mark that is closed"),
    "a quotation mark within a name": cell(NAME, 'Ep"silon', used=THREE),
    "two exports in one file": Broken(GOOD + b"\xef\xbb\xbf" + GOOD, aside={"duplicate row": 2, "impossible date": 1},
        cells=("impossible date", "not a number")),
    "headings only": Broken(",".join(HEAD).encode() + b"\n", "rows of data below the headings"),
    "no headings": Broken("\n".join(",".join(one) for one in (ONE, TWO)).encode(), "a column for announced"),
    "a heading that stands twice": Broken(csv(head=HEAD).replace("\n", ",Other\n").replace("Other", "Acquiror Name", 1)
        .encode()),
    "a million columns": Broken(("x," * 1_000_000 + csv()).encode(), "at most 16,384 columns"),
    "a delimiter that is not in it": Broken(GOOD, "the delimiter ','", options={"delimiter": ";"}),
    # cells
    "a cell of 10 MB": cell(NAME, "A" * 10_000_000, aside=ENDLESS),
    "a cell of half a million lines": cell(NAME, '"' + "A\n" * 500_000 + '"', aside=ENDLESS),
    "a code behind a sign of no width": cell(CODE, "\u200b2834", used=THREE),
    "a formula in a text": cell(VALUE, "=SUM(J2:J3)", cells=("not a number",), used=PLAIN),
    "a number with two points": cell(VALUE, "1.2.3", cells=("not a number",), used=PLAIN),
    "a number beyond all numbers": cell(VALUE, "1e400", cells=("not a number",), used=PLAIN),
    "a number that is none": cell(VALUE, "NaN", cells=("not a number",), used=PLAIN),
    "a date that is none": cell(ANNOUNCED, "02/30/2003", aside={"impossible date": 1}, cells=("impossible date",)),
    "the year 3201": cell(ANNOUNCED, "05/04/3201", aside={"impossible date": 1}, cells=("impossible date",)),
    "a code that no classification has": cell(CODE, "0000", aside={"no sector found for one side": 1}),
    "a code with a letter for a digit": cell(CODE, "28E4", aside={"no sector found for one side": 1}),
    "more names than nations": text(row(c3='"Epsilon\nEta"'), cells=("1 entry beside 2 names",) * 2,
        aside={"no sector found for one side": 1}),
    "a deal with two dates": text(row(), row(c1="01/18/2003"), aside={"conflicting date": 1}, used=THREE),
    "deal numbers that a sheet has cut": text(row(c0="1.23457E+12"), row(c0="1.23457E+12", c3="Theta", c9="2"),
        used={**USED, "2003-01-17, Epsilon, Zeta, 1": 1.0, "2003-01-17, Theta, Zeta, 2": 2.0}),
    # workbooks
    "half a workbook": Broken(book()[:-300], "a file that can be read", name="deals.xlsx"),
    "a workbook that is a page of the web": Broken(b"<html><td>Deal Number</td></html>", "a column for", name="d.xls"),
    "a workbook that is text": Broken(GOOD, name="deals.xlsx"),
    "an old workbook of nothing": Broken(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 64, "can be read", name="deals.xls"),
    "a formula with its result": sheet(lambda _, s: s.write_formula(1, VALUE, "=SUM(A1:A9)", None, 12.5)),
    "a formula without a result": sheet(lambda _, s: s.write_formula(1, VALUE, "=SUM(A1:A9)", None, ""),
        cells=("spreadsheet error",), used={"1": None, "2": 7.0}),
    "a division by zero": sheet(lambda _, s: s.write_formula(1, VALUE, "=1/0", None, "#DIV/0!"),
        cells=("spreadsheet error",), used={"1": None, "2": 7.0}),
    "a code that was looked up in vain": sheet(lambda _, s: s.write_formula(1, CODE, "=NA()", None, "#N/A"),
        cells=("spreadsheet error",), aside={"no sector found for one side": 1}, used={"2": 7.0}),
    "a truth for a value": sheet(lambda _, s: s.write_boolean(1, VALUE, True), cells=("not a number",),
        used={"1": None, "2": 7.0}),
    "a time of day for zero": sheet(lambda b, s: s.write_number(1, VALUE, 0, b.add_format({"num_format": "hh:mm"})),
        used={"1": 0.0, "2": 7.0}),
    "a day before the calendar": sheet(lambda b, s: s.write_number(1, ANNOUNCED, -5, b.add_format({"num_format": 14})),
        aside={"impossible date": 1}, cells=("impossible date",), used={"2": 7.0}),
    "a sheet's date in 3201": sheet(dated(datetime.datetime(3201, 1, 15)), aside={"impossible date": 1},
        cells=("impossible date",), used={"2": 7.0}),
    "days counted from 1904": Broken(book(dated(datetime.datetime(2003, 1, 15)), date_1904=True), name="deals.xlsx"),
    # names of files
    "a file name with a line break": Broken(GOOD, name="deals\n2003.csv"),
    "a file name of signs": Broken(GOOD, name="[x]*? 'é\".csv"),
}  # fmt: skip


def test_there_are_fifty() -> None:
    assert len(BROKEN) >= 50


@pytest.mark.skipif(sys.platform == "win32", reason="such file names cannot be written there")
@pytest.mark.parametrize("defect", BROKEN)
def test_a_broken_file_ends_in_words_or_in_a_count(defect: str, tmp_path: Path) -> None:
    broken = BROKEN[defect]
    path = tmp_path / broken.name
    path.write_bytes(broken.content)
    if broken.refused:
        with pytest.raises(BadInput) as caught:
            ingest.read("thomson", path, options=broken.options, root=tmp_path, engine=ENGINE)
        assert broken.refused in str(caught.value)
        for fault in caught.value.faults:
            assert fault.file.split("/")[0] == broken.name
            assert fault.expected
            assert fault.mend
            assert len(str(fault)) < 2000
        return
    found = ingest.read("thomson", path, options=broken.options, root=tmp_path, engine=ENGINE)
    assert imbalance(found.ledger) == []
    ledger = dict(zip(found.ledger["reason"], found.ledger["rows"], strict=True))
    assert ledger["read"] == found.inputs["rows"].sum()
    assert {reason: rows for reason, rows in ledger.items() if reason not in ("read", "used")} == broken.aside
    assert sorted(found.rejects.loc[found.rejects["field"] != "", "reason"]) == sorted(broken.cells)
    events = collect(found.events)
    values = zip(events["event"].str.removeprefix("thomson:"), events["value"], strict=True)
    assert {event: None if value != value else value for event, value in values} == broken.used
    assert found.rejects["value"].str.len().max() < 500 or found.rejects.empty


# Defects of other layouts than deals.
PEOPLE = "appln_id|person_id|reg_code|ctry_code|reg_share|inv_share\n"
CLASSES = "appln_id|prio_year|app_year|IPC\n1|2003|2004|A61K  31/00\n"


def patents(folder: Path, rows: str, nuts: int = 2013) -> ingest.Records:
    (folder / "EPO_Inv_reg.txt").write_text(PEOPLE + rows)
    (folder / "EPO_IPC.txt").write_text(CLASSES)
    return ingest.read("regpat", sorted(folder.iterdir()), nuts=nuts, engine=ENGINE, root=folder)


@pytest.mark.parametrize("share", ["-0.5", "0", "1e400", "NaN", "half"])
def test_a_share_that_is_none_is_listed_and_counts_for_nothing(share: str, tmp_path: Path) -> None:
    found = patents(tmp_path, f"1|7|DE212|DE|1|{share}\n1|8|FR101|FR|1|0.5\n")
    assert ("impossible share" in set(found.ledger["reason"])) or (found.rejects["value"] == share).any()
    shares = collect(found.participants).set_index("region")["share"]
    assert shares["FR10"] > 0
    assert shares.sum() == pytest.approx(1.0)
    assert shares.min() > 0


def test_shares_that_sum_to_more_than_the_whole_are_parts_of_it(tmp_path: Path) -> None:
    found = patents(tmp_path, "1|7|DE212|DE|1|0.7\n1|8|FR101|FR|1|0.7\n")
    assert collect(found.participants)["share"].to_list() == [0.5, 0.5]


@pytest.mark.parametrize(
    ("code", "country", "region"),
    [
        ("UKI11", "GB", "UKI3"),  # of 2010: Inner London - West, divided in 2013
        ("SI021", "SI", "SI04"),  # of 2010: Zahodna Slovenija was SI02
        ("DEZZZ", "DE", None),  # region not known
        ("DE999", "DE", None),  # no such region
        ("DE212 ", "DE", "DE21"),
        ("de212", "DE", "DE21"),
    ],
)
def test_a_code_of_another_version_is_carried_and_one_of_none_is_listed(
    code: str, country: str, region: str | None, tmp_path: Path
) -> None:
    found = patents(tmp_path, f"1|7|{code}|{country}|1|1\n")
    assert collect(found.participants)["region"].to_list() == [region]
    listed = found.unmatched[found.unmatched["kind"] == "place"]
    assert len(listed) == (region is None)


@pytest.mark.skipif(os.name != "posix", reason="names of bytes are of POSIX")
def test_a_file_name_that_is_no_text(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/deals\xff.csv"))
    path.write_bytes(GOOD)
    with pytest.raises(BadInput, match="a name in UTF-8"):
        ingest.read("thomson", path, root=tmp_path, engine=ENGINE)
    path.unlink()


def test_a_folder_a_broken_link_and_a_loop(tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "gone.csv").symlink_to(tmp_path / "nowhere.csv")
    (tmp_path / "loop.csv").symlink_to(tmp_path / "loop.csv")
    paths = sorted(tmp_path.iterdir())
    with pytest.raises(BadInput) as caught:
        ingest.read("thomson", paths, engine=ENGINE)
    assert [fault.file for fault in caught.value.faults] == ["folder.csv", "gone.csv", "loop.csv"]
