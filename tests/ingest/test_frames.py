"""Records from pandas frames."""

from __future__ import annotations

import pandas as pd
import pytest

from ingest.engine import DuckDB, collect
from ingest.faults import BadInput
from ingest.frames import carried, from_frames
from ingest.records import RECORD_SCHEMA, check_schema
from linkages import build_network

EVENTS = pd.DataFrame({"event": [1, 2], "kind": ["copatent", "alliance"], "year": [2001, 2003]})
FACETS = pd.DataFrame(
    {
        "event": [1, 1, 1, 2, 2],
        "facet": ["a", "a", "b", "a", "b"],
        "role": ["class"] * 3 + ["partner"] * 2,
        "naics": ["325411", "325412", "334111", "336111", "334111"],
        "share": [3, 1, 5, 1, 1],
    }
)
PEOPLE = pd.DataFrame(
    {
        "event": [1, 1, 2],
        "participant": [7, 8, 7],
        "role": ["inventor"] * 2 + ["partner"],
        "region": ["DE21", "US", None],
    }
)


def test_records_are_as_if_read():
    records = from_frames(EVENTS, FACETS, PEOPLE)
    for name, schema in RECORD_SCHEMA.items():
        check_schema(getattr(records, name), schema, name)
    facets = collect(records.facets).sort_values(["event", "facet", "naics"])
    assert facets["share"].tolist() == [0.75, 0.25, 1.0, 1.0, 1.0]
    assert facets["symbol"].tolist() == facets["naics"].tolist()
    people = collect(records.participants).sort_values(["event", "participant"])
    assert people["share"].tolist() == [0.5, 0.5, 1.0]
    assert people["region"].tolist()[:2] == ["DE21", "US"]
    assert people["region"].isna().tolist() == [False, False, True]
    assert records.ledger[["reason", "rows"]].to_numpy().tolist() == [["read", 2], ["used", 2]]


def test_they_are_counted():
    network = build_network(from_frames(EVENTS, FACETS, PEOPLE), "naics3", (2000, 2007), "all")
    assert network.links[["source", "target", "weight"]].to_numpy().tolist() == [
        ["325", "334", 1.0],
        ["334", "336", 1.0],
    ]


def test_without_participants():
    assert collect(from_frames(EVENTS, FACETS).participants).empty


def test_they_go_to_another_engine():
    here, there = from_frames(EVENTS, FACETS, PEOPLE), DuckDB()
    gone = carried(here, there)
    assert gone.engine is there
    for name, schema in RECORD_SCHEMA.items():
        one, two = (collect(getattr(records, name).sort(*schema)) for records in (here, gone))
        pd.testing.assert_frame_equal(one, two)


def test_columns_that_are_missing_are_named_together():
    with pytest.raises(BadInput) as caught:
        from_frames(EVENTS.drop(columns="year"), FACETS.rename(columns={"naics": "code"}), PEOPLE)
    assert [(fault.file, fault.expected) for fault in caught.value.faults] == [
        ("events", "a column year"),
        ("facets", "a column naics"),
    ]


@pytest.mark.parametrize(
    ("table", "column", "value", "expected"),
    [
        ("events", "event", None, "no blank in event"),
        ("events", "event", 2, "each event once"),
        ("events", "kind", "merger", "one of copatent, deal, alliance in kind (1 rows)"),
        ("events", "year", 2001.5, "a year in year"),
        ("events", "year", None, "a year in year"),
        ("facets", "role", "buyer", "one of inventor"),
        ("facets", "share", 0.0, "a number above 0 in share"),
        ("facets", "share", float("nan"), "a number above 0 in share"),
        ("facets", "share", float("inf"), "a number above 0 in share"),
        ("facets", "event", 9, "an event of the frame of events in event (1 rows)"),
        ("facets", "naics", "325412", "each event and facet and naics once"),
        ("people", "participant", 8, "each event and participant once"),
    ],
)
def test_rows_that_are_wrong(table, column, value, expected):
    frames = {"events": EVENTS, "facets": FACETS, "people": PEOPLE}
    spoilt = frames[table].astype(object)
    spoilt.loc[0, column] = value
    frames[table] = spoilt
    with pytest.raises(BadInput) as caught:
        from_frames(*frames.values())
    assert any(expected in fault.expected for fault in caught.value.faults)
