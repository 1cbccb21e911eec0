"""Applications that need people and symbols to be an event."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import pandas as pd
import pytest

from ingest import applications
from ingest.engine import DuckDB

ENGINE = DuckDB()


def frame(rows: list[tuple[Any, ...]], *columns: str) -> nw.LazyFrame[Any]:
    table = ENGINE.table(pd.DataFrame(rows, columns=list(columns)).astype(object))
    kinds = {"counted": nw.Boolean()}
    return table.select(*(nw.col(column).cast(kinds.get(column, nw.String())) for column in columns))


@pytest.mark.parametrize(("of", "nobody"), [("inventors", "no inventor"), ("applicants", "no applicant")])
def test_the_reason_of_a_row_comes_from_its_application(of: str, nobody: str) -> None:
    known = frame([("1", True), ("2", False), ("3", True), ("4", True)], "event", "counted")
    people = frame([("1", None), ("2", None), ("4", None), ("3", "duplicate row")], "event", "reason")
    symbols = frame([("1", None), ("2", None), ("3", None)], "event", "reason")
    fate = applications.fates(ENGINE, known, people, symbols)
    rows = frame([("1", None), ("2", None), ("3", None), ("4", None), ("5", None), ("1", "own")], "event", "reason")
    settled = applications.settle(rows, fate, of).select("event", "reason").collect("pyarrow").rows()
    assert sorted(settled, key=repr) == [
        ("1", "own"),
        ("1", None),
        ("2", "application set aside"),
        ("3", nobody),
        ("4", "no symbol"),
        ("5", "belongs to no event"),
    ]
    assert len(applications.used_rows(applications.settle(rows, fate, of)).collect("pyarrow")) == 1


def test_blanks_within_a_symbol_make_no_difference() -> None:
    rows = frame([("1", "A61K  31/00"), ("1", "A61K 31/00"), ("2", "A61K 31/00")], "event", "symbol")
    found = applications.facets(ENGINE, rows, "ipc").select("event", "facet", "scheme").collect("pyarrow").rows()
    assert sorted(found) == [("1", "A61K 31/00", "ipc"), ("2", "A61K 31/00", "ipc")]
