"""The ledger by year and country."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import DuckDB, merge, read
from ingest.funnel import divided, funnel
from ingest.ledger import balance

REASONS = (None, "duplicate row", "no key to join by", "belongs to no event", "impossible year", "status: withdrawn")
row = st.tuples(
    st.sampled_from((None, "a", "b", "c", "d")), st.sampled_from(REASONS), st.integers(min_value=1, max_value=9)
)


def counted(rows: list[tuple[str | None, str | None, int]], engine: DuckDB) -> tuple[pd.DataFrame, pd.DataFrame]:
    table = engine.table(pd.DataFrame(rows, columns=["event", "reason", "rows"]).astype({"event": "str"}))
    years = engine.table(pd.DataFrame({"event": ["a", "b", "c"], "year": [2001, 2001, 2007]}))
    homes = pd.DataFrame({"event": ["a", "b"], "first": ["DE", "DE"], "last": ["DE", "FR"]})
    return funnel(table, years, engine.table(homes), "x", engine), balance(table, "x", engine)


@settings(max_examples=40, deadline=None)
@given(st.lists(row, min_size=1, max_size=12))
def test_the_sums_are_the_ledgers(rows: list[tuple[str | None, str | None, int]]) -> None:
    """Both count the same rows by another way."""
    table, ledger = counted(rows, DuckDB())
    sums = table.groupby("reason")[["rows", "weight"]].sum()
    rest = ledger[(ledger["reason"] != "read") & (ledger["rows"] > 0)].set_index("reason")[["rows", "weight"]]
    assert sums["rows"].to_dict() == rest["rows"].to_dict()
    for reason, weight in rest["weight"].items():
        assert sums.at[reason, "weight"] == pytest.approx(weight, abs=1e-5)


def test_rows_in_any_order() -> None:
    rows = [
        ("a", None, 2),
        ("b", "impossible year", 1),
        ("c", "duplicate row", 3),
        (None, "no date", 1),
        ("b", None, 4),
    ]
    one, _ = counted(rows, DuckDB())
    other, _ = counted(rows[::-1], DuckDB())
    pd.testing.assert_frame_equal(one, other)


def test_years_and_countries_by_hand() -> None:
    rows = [
        ("a", None, 2),
        ("a", "duplicate row", 1),
        ("b", "impossible year", 3),
        ("d", "no date", 1),
        (None, "no date", 2),
    ]
    table, _ = counted(rows, DuckDB())
    table["year"] = table["year"].fillna(0)
    assert [tuple(r) for r in table[["year", "country", "reason", "rows", "weight"]].itertuples(index=False)] == [
        (2001, "DE", "duplicate row", 1, 0.0),
        (2001, "DE", "used", 2, 1.0),
        (2001, "several", "impossible year", 3, 1.0),
        (0, "", "no date", 3, 3.0),
    ]


def test_of_a_file_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    rows = ["event,date,name,symbol,city,country,region_code"]
    rows += ["1,2005-01-01,A,325411,,Hungary,HU10", "1,2005-01-01,B,334111,Wien,Austria,"]
    rows += ["2,2006-01-01,C,325411,,Hungary,HU10", "2,2006-01-01,D,xx,,Poland,PL12", "3,,E,325411,,,"]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    engine = DuckDB()
    parts = [
        read("table", [path], name=name, options={"kind": "alliance", "scheme": "naics"}, nuts=2016, engine=engine)
        for name in ("one", "two")
    ]
    both = merge(parts)
    assert both.funnel is not None and both.divided is not None
    sums = both.funnel.groupby(["source", "reason"])["rows"].sum()
    for source, reason, number in both.ledger[["source", "reason", "rows"]].itertuples(index=False):
        assert reason == "read" or number == 0 or sums[source, reason] == number
    used = both.funnel[both.funnel["reason"] == "used"]
    assert used[["source", "year", "country"]].values.tolist() == [["one", 2005, "several"], ["two", 2005, "several"]]
    # the second event is set aside, so that its codes do not count
    assert (
        both.divided[["code", "region", "others", "rows", "weight"]].values.tolist()
        == [["HU10", "HU11", "HU12 0.414", 1, 0.5]] * 2
    )


def test_no_code_is_divided_in_its_own_version() -> None:
    rows = pd.DataFrame({"region_code": ["HU10", "PL12"], "placed_by": "region code", "share": 0.5})
    assert divided(DuckDB().table(rows), "x", 2013).empty
    assert len(divided(DuckDB().table(rows), "x", 2021)) == 2
