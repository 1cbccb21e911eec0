"""A second table beside the first."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import ingest
from ingest import BadInput, joined
from ingest.engine import DuckDB, collect
from ingest.staged import Staged

OPTION = {"files": "in/*.csv", "on": {"pic": "orgId"}, "columns": {"city": "town"}}


def test_files_are_looked_for_in_the_study(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name in ("b.csv", "a.csv"):
        (tmp_path / "in" / name).write_text("orgId,town\n")
    plan = joined.plan_of(OPTION, tmp_path)
    assert plan is not None
    assert [path.name for path in plan.files] == ["a.csv", "b.csv"]
    assert joined.key_column(plan) == {joined.KEY: "pic"}
    missing = joined.plan_of(OPTION | {"files": ["none.csv", str(tmp_path / "there.csv")]}, tmp_path)
    assert missing is not None
    assert missing.files == [tmp_path / "none.csv", tmp_path / "there.csv"]


def test_without_the_option_nothing_is_joined() -> None:
    assert joined.plan_of(None, None) is None
    assert joined.key_column(None) == {}


def test_the_first_tables_own_cells_win() -> None:
    engine = DuckDB()
    first = pd.DataFrame({"join_key": ["1", "1", "2"], "city": ["Ulm", None, None]}, dtype=object)
    second = pd.DataFrame({"file": "o.csv", "line": [2], "join_key": ["1"], "city": ["Bonn"], "reason": [None]})
    frame = engine.table(second.astype({"reason": object}))
    beside = joined.beside(engine.table(first), Staged(frame, frame, frame, pd.DataFrame()))
    found = beside.select("join_key", "city", joined.LINE).collect("pyarrow").rows()
    assert sorted(found, key=repr) == [("1", "Bonn", 2), ("1", "Ulm", 2), ("2", None, None)]


def test_a_row_of_the_second_table_shares_the_fate_of_the_rows_it_serves() -> None:
    engine = DuckDB()
    rows = [
        *(("a", "2", None), ("a", "1", None), ("a", "0", "impossible year")),  # used with event 1
        *(("b", "4", "not an inventor"), ("b", "3", "impossible year")),
        *(("c", "5", "application set aside"), ("c", "6", "not an inventor")),
        *(("d", "7", "duplicate row"), (None, "8", None)),
    ]
    first = engine.table(pd.DataFrame(rows, columns=["person", "event", "reason"]).astype("str"))
    people = pd.DataFrame({"id": list("abcde"), "reason": [None, None, None, None, "no key to join by"]}, dtype="str")
    settled = joined.settle(engine.table(people), joined.fates(engine, first, ["person"]), {"id": "person"})
    assert sorted(settled.select("id", "event", "reason").collect("pyarrow").rows()) == [
        ("a", "1", None),
        ("b", "3", "event set aside"),
        ("c", "5", "application set aside"),
        ("d", None, "belongs to no event"),
        ("e", None, "no key to join by"),
    ]


def test_addresses_are_joined_by_the_name_of_an_organisation(tmp_path: Path) -> None:
    rows = ["Siemens AG,1,2003,325412", "SIEMENS Aktiengesellschaft,1,2003,334111", "Infinion AG,2,2004,325412",
            "Acme Ltd,2,2004,334111"]  # fmt: skip
    (tmp_path / "projects.csv").write_text("\n".join(["name,event,year,symbol", *rows, ""]), encoding="utf-8")
    there = [
        "Siemens A.G.,Munich,DE",
        "Infineon AG,Regensburg,DE",
        "Acme Ltd,London,UK",
        "Siemens Energy AG,Erlangen,DE",
    ]
    (tmp_path / "firms.csv").write_text("\n".join(["firm,town,land", *there, ""]), encoding="utf-8")
    join = {"files": "firms.csv", "on": {"name": "firm"}, "columns": {"city": "town", "country": "land"}, "by": "name"}
    options = {"scheme": "naics", "join": join}
    records = ingest.read("table", tmp_path / "projects.csv", options=options, root=tmp_path)
    people = collect(records.participants).set_index("name")["region"]
    assert people["Siemens AG"] == people["SIEMENS Aktiengesellschaft"] == "DE21"
    assert people["Acme Ltd"].startswith("UKI")
    assert pd.isna(people["Infinion AG"])  # in doubt: not joined
    ledger = records.ledger.set_index("reason")["rows"]
    assert ledger["read"] == 8
    assert ledger["used"] == 4 + 2
    assert ledger["belongs to no event"] == 2


def test_what_a_join_is_by_is_one_of_two() -> None:
    with pytest.raises(BadInput, match="by = key or name"):
        joined.plan_of(OPTION | {"by": "likeness"}, None)
