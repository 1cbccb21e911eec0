"""Dates, statuses and blocks of rows that deals, alliances and projects share."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import agreements
from ingest.engine import DuckDB
from ingest.opened import Opened
from ingest.staged import Staged


@pytest.fixture(scope="module")
def engine() -> DuckDB:
    return DuckDB()


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("01/15/2003", "2003-01-15"),
        ("2003-01-15 00:00:00", "2003-01-15"),
        ("2003", "2003"),
        (" 2003.0 ", "2003"),
        ("3201", None),
        ("3201-05-04", None),
        ("02/30/2003", None),
        ("", None),
    ],
)
def test_dates_and_years(written: str, meant: str | None) -> None:
    assert agreements.parse_when(written) == meant


@given(st.text(max_size=12))
def test_whatever_is_read_lies_between_1900_and_2100(text: str) -> None:
    found = agreements.parse_when(text)
    assert found is None or 1900 <= int(found[:4]) <= 2100


def test_a_status_counts_by_its_words_or_by_name() -> None:
    by_words = agreements.status_reader(None, ("rumor",))
    assert [by_words(text) for text in ("Pending", "", "RUMOR  discontinued")] == [
        None,
        None,
        "status: rumor discontinued",
    ]
    by_name = agreements.status_reader("Pending", ("pending",))
    assert [by_name(text) for text in ("PENDING", "", "Completed")] == [None, "no status", "status: completed"]
    assert agreements.status_reader("all", ("pending",))("pending") is None


def test_blocks_end_with_their_file_and_at_an_unreadable_line(engine: DuckDB) -> None:
    rows = pd.DataFrame(
        {
            "file": ["a", "a", "a", "a", "b", "b"],
            "line": [2, 3, 5, 6, 2, 3],
            "number": ["1", None, None, "2", None, None],
            "status": [None, None, None, "x", "y", None],
        }
    ).astype({"number": "str", "status": "str"})
    rows = rows.assign(name=["B", "A", "C", "D", "F", "E"])
    unreadable = engine.table(pd.DataFrame({"file": ["a"], "line": [4], "reason": ["zero bytes"]}))
    cells = engine.table(rows)
    staged = Staged(cells, unreadable, unreadable, pd.DataFrame())
    given = Opened(staged, cells, frozenset({"number", "status"}))
    found = agreements.fill_down(engine, given, ["number", "status"], "name").sort("file", "line")
    assert found.select("number", "status", "first", "last").collect("pyarrow").rows() == [
        ("1", None, "A", "B"),
        ("1", None, "A", "B"),
        (None, None, "C", "C"),
        ("2", "x", "D", "D"),
        (None, "y", "E", "F"),
        (None, "y", "E", "F"),
    ]
    # Where one of the cells is known to stand on every row, nothing is filled.
    given = Opened(replace(staged, filled=frozenset({"number"})), cells, given.filled)
    found = agreements.fill_down(engine, given, ["number", "status"], "name").sort("file", "line")
    assert found.select("first", "last").collect("pyarrow").rows() == [(name, name) for name in "BACDFE"]
