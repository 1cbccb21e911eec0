"""Cells understood once for each different text."""

from __future__ import annotations

import datetime

import narwhals as nw
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import values
from ingest.engine import DuckDB

ENGINE = DuckDB()


@pytest.fixture(scope="module")
def engine() -> DuckDB:
    return ENGINE


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("01/15/2003", "2003-01-15"),
        ("15/01/2003", "2003-01-15"),
        ("03/04/2005", "2005-03-04"),
        ("1/2/99", "1999-01-02"),
        ("1/2/05", "2005-01-02"),
        ("15.01.2003", "2003-01-15"),
        ("03.04.2005", "2005-04-03"),
        ("2003-01-15", "2003-01-15"),
        ("2003-01-15 00:00:00", "2003-01-15"),
        ("2003-01-15T12:30:00", "2003-01-15"),
        ("2003/1/5", "2003-01-05"),
        ("2003-07", "2003-07-01"),
        ("15 Jan 2003", "2003-01-15"),
        ("15-Jan-2003", "2003-01-15"),
        ("15 January 2003", "2003-01-15"),
        ("January 15, 2003", "2003-01-15"),
        (" Sept  5, 2003", "2003-09-05"),
        ("37636", "2003-01-15"),
        ("37636.5", "2003-01-15"),
        ("12/31/2003 12:00 AM", "2003-12-31"),
        ("3201-05-04", None),
        ("1201-11-03 00:00:00", None),
        ("02/30/2003", None),
        ("2003-13-01", None),
        ("15 Foo 2003", None),
        ("Foo 15, 2003", None),
        ("99999", None),
        ("2003", None),
        ("soon", None),
        ("", None),
    ],
)
def test_dates(text: str, date: str | None) -> None:
    assert values.parse_date(text) == date


def test_day_first() -> None:
    assert values.parse_date("03/04/2005", dayfirst=True) == "2005-04-03"
    assert values.parse_date("01/15/2003", dayfirst=True) == "2003-01-15"


@given(st.dates(datetime.date(1900, 3, 1), datetime.date(2100, 12, 31)))
def test_every_day_is_read_in_every_writing(day: datetime.date) -> None:
    serial = str((day - datetime.date(1899, 12, 30)).days)
    writings = [day.isoformat(), f"{day:%m/%d/%Y}", f"{day:%d.%m.%Y}", f"{day:%Y/%m/%d}"]
    writings += [serial] if len(serial) == 5 else []
    assert {values.parse_date(text) for text in writings} == {day.isoformat()}


@given(st.text(max_size=20))
def test_no_text_breaks_a_reader(text: str) -> None:
    date = values.parse_date(text)
    assert date is None or "1900" <= date[:4] <= "2100"
    year = values.parse_year(text)
    assert year is None or 1900 <= year <= 2100
    values.parse_number(text)


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2003", 2003),
        ("2003.0", 2003),
        ("01/15/2003", 2003),
        ("9999", None),
        ("3201", None),
        ("1899", None),
        ("x", None),
    ],
)
def test_years(text: str, year: int | None) -> None:
    assert values.parse_year(text) == year


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,234.5", 1234.5),
        ("1.234,5", 1234.5),
        ("1.234.567", 1234567.0),
        ("1,234,567", 1234567.0),
        ("1,234", 1234.0),
        ("0,123", 0.123),
        ("1 234 567", 1234567.0),
        ("1\u00a0234,5", 1234.5),
        ("1'234.50", 1234.5),
        ("1.2e6", 1.2e6),
        ("-7", -7.0),
        ("(1,234)", -1234.0),
        ("$ 12.5", 12.5),
        ("12:00 AM", 0.0),
        ("00:00:00", 0.0),
        (".5", 0.5),
        ("nan", None),
        ("inf", None),
        ("12:30 AM", None),
        ("219 d", None),
        ("", None),
    ],
)
def test_numbers(text: str, number: float | None) -> None:
    assert values.parse_number(text) == number


@given(st.integers(-(10**12), 10**12), st.integers(0, 99))
def test_english_and_continental_numbers_agree(whole: int, cents: int) -> None:
    english = f"{whole:,}.{cents:02d}"
    continental = english.replace(",", " ").replace(".", ",").replace(" ", ".")
    assert values.parse_number(english) == values.parse_number(continental) == float(f"{whole}.{cents:02d}")


def test_each_different_text_is_parsed_once(engine: DuckDB) -> None:
    asked: list[str] = []

    def parse(text: str) -> int | None:
        asked.append(text)
        return values.parse_year(text)

    frame = engine.table(pd.DataFrame({"a": ["2003", None, "x", "2003"]}, dtype=object))
    found = values.lookup(engine, frame, "a", parse, "year", nw.Int64())
    assert asked == ["2003", "x"]
    assert sorted(found.collect("pyarrow").rows(), key=repr) == [
        ("2003", 2003),
        ("2003", 2003),
        ("x", None),
        (None, None),
    ]


def test_a_column_that_nobody_understands_has_its_type(engine: DuckDB) -> None:
    frame = engine.table(pd.DataFrame({"a": ["x"]}))
    for dtype in (nw.String(), nw.Int64(), nw.Float64(), nw.Boolean()):
        found = values.lookup(engine, frame, "a", lambda _: None, "b", dtype)
        assert found.collect_schema()["b"] == dtype


def test_a_cell_gives_several_rows_or_none(engine: DuckDB) -> None:
    frame = engine.table(pd.DataFrame({"a": ["1|2", "", None]}, dtype=object))
    cut = values.lookup_many(engine, frame, "a", lambda text: [p for p in text.split("|") if p], "b")
    assert sorted(cut.collect("pyarrow").rows()) == [("1|2", "1"), ("1|2", "2")]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["x", "y", None]), st.sampled_from(["1", None])), max_size=12))
def test_duplicates_are_all_but_the_first(cells: list[tuple[str | None, str | None]]) -> None:
    rows = pd.DataFrame(
        [("f", line, *cell) for line, cell in enumerate(cells)], columns=["file", "line", "a", "b"]
    ).astype({"file": object, "line": "int64", "a": object, "b": object})
    schema = {"file": nw.String(), "line": nw.Int64(), "a": nw.String(), "b": nw.String()}
    frame = ENGINE.table(rows).select(*(nw.col(c).cast(t) for c, t in schema.items()))
    marked = values.set_aside_duplicates(frame, ["a", "b"]).sort("line").collect("pyarrow")
    assert marked["duplicate"].to_list() == [cell in cells[:i] for i, cell in enumerate(cells)]


@pytest.mark.parametrize("few", [0, 1, 5000])
def test_repeated_rows_are_marked_however_many_they_are(few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(values, "_FEW", few)
    cells = ["x", "y", "x", None, "z", None, "x"]
    rows = pd.DataFrame({"file": ["b", "b", "a", "a", "a", "b", "b"], "line": [2, 3, 2, 3, 4, 4, 5], "event": cells})
    marked = values.set_aside_duplicates(DuckDB().table(rows.astype({"event": "str"})), ["event"])
    found = marked.sort("file", "line").collect("pandas")["duplicate"].to_list()
    assert found == [False, False, False, True, False, True, True]
