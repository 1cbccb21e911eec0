"""The tables that organisations and their rows become."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from ingest import parties, thomson, values
from ingest.engine import DuckDB
from ingest.records import SOURCE_SCHEMA, check_schema


@pytest.fixture(scope="module")
def engine() -> DuckDB:
    return DuckDB()


def table(**columns: list[str | None]) -> pd.DataFrame:
    defaults: dict[str, list[str | None]] = {name: [None] for name in parties.PARTY}
    length = max(map(len, columns.values()))
    full = {name: cells * length if len(cells) == 1 else cells for name, cells in {**defaults, **columns}.items()}
    return pd.DataFrame(full).astype("str")


def test_places_share_a_participant_evenly(engine: DuckDB) -> None:
    places = table(event=["1"], participant=["Acme"], name=["Acme"], city=["Lyon", "Paris", None, "Lyon"])
    found = parties.participants_of(engine.table(places))
    check_schema(found, SOURCE_SCHEMA["participants"], "participants")
    shares = found.select("city", "share").collect("pyarrow").rows()
    assert {city for city, _ in shares} == {"Lyon", "Paris", None}
    assert [share for _, share in shares] == [pytest.approx(1 / 3)] * 3


def test_each_participant_is_one_facet_unless_all_codes_are_asked_for(engine: DuckDB) -> None:
    codes = table(
        event=["1"], participant=["Acme", "Acme", "Acme", "Beta"], scheme=["sic", "naics", "naics", None],
        symbol=["2834", "541711", "325412", None],
    )  # fmt: skip
    one = parties.facets_of(engine.table(codes))
    check_schema(one, SOURCE_SCHEMA["facets"], "facets")
    assert one.select("facet", "scheme", "symbol").collect("pyarrow").rows() == [("Acme", "naics", "325412")]
    every = parties.facets_of(engine.table(codes), several=True)
    assert sorted(every.select("facet").collect("pyarrow")["facet"].to_list()) == [
        "Acme, naics, 325412",
        "Acme, naics, 541711",
        "Acme, sic, 2834",
    ]


def test_the_first_column_with_a_code_gives_it(engine: DuckDB) -> None:
    cells = pd.DataFrame({"new": [None, "51"], "old": ["73", "28"]}).astype("str")
    found = engine.table(cells).select(**parties.coded({"new": "naics2022", "old": "sic"}))
    assert sorted(found.select("scheme", "symbol").collect("pyarrow").rows()) == [("naics2022", "51"), ("sic", "73")]
    none = engine.table(cells).select("new", **parties.coded({}))
    assert none.select("scheme", "symbol").collect("pyarrow").rows() == [(None, None)] * 2


def test_values_in_two_currencies_are_not_mixed(engine: DuckDB) -> None:
    rows = pd.DataFrame(
        {
            "event": ["1", "1", "1", "2"],
            "date": ["2003-01-15", "2003-01-15", "2003-01-15", None],
            "year": [2003, 2003, 2003, 2004],
            "value": [5.0, 7.0, 99.0, None],
            "currency": ["EUR mn", "EUR mn", "USD mn", None],
            "file": ["b", "a", "a", "a"],
            "event_key": ["Deal 1", "Deal 1", "Deal 1", "Deal 2"],
            "reason": [None, None, None, None],
        }
    ).astype({"reason": "str", "date": "str", "currency": "str"})
    found = parties.events_of(engine.table(rows), "deal")
    check_schema(found, SOURCE_SCHEMA["events"], "events")
    assert found.sort("event").select("event", "value", "currency", "file").collect("pyarrow").rows() == [
        ("1", 7.0, "EUR mn", "a"),
        ("2", None, None, "a"),
    ]


def test_rows_that_repeat_nothing_are_taken_as_they_are(
    engine: DuckDB, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The short way, for events and participants of one row each, gives what the long way gives."""
    heading = "Deal Number,Date Announced,Acquiror Name,Acquiror City,Acquiror Primary NAIC Code,Target Name,"
    heading += "Target Nation,Target Primary SIC Code,Value of Transaction ($mil),Status"
    deals = [
        f"{number},01/{day:02d}/2003,Firm {number},{city},{naics},Firm {number + 3},{nation},{sic},{value},{status}"
        for number, (day, city, naics, nation, sic, value, status) in enumerate(
            [
                (1, "Ulm", "325412", "France", "2834", "12.5", "Completed"),
                (2, "", "", "Germany", "8731", "-", "Pending"),
                (3, "Lyon", "541711", "", "", "many", "Completed"),
                (4, "Ulm", "325412", "Spain", "2834", "0", "Withdrawn"),
            ]
        )
    ]
    (tmp_path / "deals.csv").write_text("\n".join([heading, *deals]) + "\n")
    found = []
    for long_way in (False, True):
        if long_way:
            for module in (parties, values):
                monkeypatch.setattr(module, "repeats", lambda *_: True)
        read = thomson.read(engine, [tmp_path / "deals.csv"], root=tmp_path)
        tables = {name: getattr(read, name).select(*SOURCE_SCHEMA[name]) for name in SOURCE_SCHEMA}
        found.append({name: sorted(frame.collect("pyarrow").rows(), key=repr) for name, frame in tables.items()})
    assert found[0] == found[1]
    assert {name: len(rows) for name, rows in found[0].items()} == {
        **{"rows": 4, "rejects": 1, "events": 3, "participants": 6, "facets": 4}
    }
