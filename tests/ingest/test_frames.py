"""Records from pandas frames."""

from __future__ import annotations

import pandas as pd
import pytest

from ingest import read
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
        ("events", "kind", "merger", "one of copatent, deal, alliance in kind (1 rows, first in event 1)"),
        ("events", "year", 2001.5, "a year in year"),
        ("events", "year", None, "a year in year"),
        ("facets", "role", "buyer", "one of inventor"),
        ("facets", "share", 0.0, "a number above 0 in share"),
        ("facets", "share", float("nan"), "a number above 0 in share"),
        ("facets", "share", float("inf"), "a number above 0 in share"),
        ("facets", "event", 9, "an event of the frame of events in event (1 rows)"),
        ("facets", "naics", "325412", "each event and facet and naics once"),
        ("people", "region", "US", "each event and participant and role and region once"),
        ("people", "role", "partner", "inventor or applicant in role, of a copatent"),
        ("facets", "role", "partner", "class in role, of a copatent (1 rows, first in event 1)"),
        ("facets", "role", None, "one of inventor"),
        ("events", "kind", "deal", "acquirer or target in role, of a deal"),
        ("events", "value", "7,5", "a number in value (1 rows, first in event 1)"),
        ("events", "year", pd.Timestamp(2001, 5, 1), "a year in year"),
        ("events", "year", "MMI", "a year in year"),
        ("events", "event", " ", "no blank in event"),
    ],
)
def test_rows_that_are_wrong(table, column, value, expected):
    frames = {"events": EVENTS, "facets": FACETS, "people": PEOPLE}
    spoilt = frames[table].astype(object)
    spoilt.loc[0, column] = value
    if column == "region":
        spoilt.loc[0, "participant"] = 8
    frames[table] = spoilt
    with pytest.raises(BadInput) as caught:
        from_frames(*frames.values())
    assert any(expected in fault.expected for fault in caught.value.faults)


def people_of(region: object, nuts: int = 2013, **more: object) -> list[list[object]]:
    """Give region, NUTS3 region and country of one participant."""
    people = pd.DataFrame({"event": [1], "participant": "7", "role": "inventor", "region": [region], **more})
    table = collect(from_frames(EVENTS, FACETS, people, nuts=nuts).participants)[["region", "nuts3", "country"]]
    return [[cell if isinstance(cell, str) else None for cell in row] for row in table.to_numpy().tolist()]


def test_ids_are_joined_as_texts_whatever_their_types():
    facets = FACETS.astype({"event": float})
    people = PEOPLE.astype({"event": object, "participant": float})
    records = from_frames(EVENTS, facets, people)
    assert sorted(collect(records.facets)["event"].unique()) == ["1", "2"]
    assert sorted(collect(records.participants)["participant"].unique()) == ["7", "8"]
    words = {"event": "category"}
    for other in (facets.astype({"event": int}).astype({"event": str}), facets.astype(words), FACETS.astype(words)):
        one, two = (build_network(from_frames(EVENTS, f), "naics3", source="all") for f in (FACETS, other))
        assert len(two.links) == 2
        pd.testing.assert_frame_equal(one.links, two.links)


def test_cells_of_any_type_are_read():
    events = EVENTS.assign(value=["7.5", 3], currency="USD mn", date=pd.Timestamp(2003, 5, 1), year=["2001", 2003.0])
    table = collect(from_frames(events, FACETS.assign(naics=FACETS["naics"].astype(float))).events)
    rows = table.sort_values("event")[["year", "value", "currency", "date"]].to_numpy().tolist()
    assert rows == [[2001, 7.5, "USD mn", "2003-05-01"], [2003, 3.0, "USD mn", "2003-05-01"]]


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("DE21", ["DE21", None, "DE"]),
        ("DE212", ["DE21", "DE212", "DE"]),
        ("de21", ["DE21", None, "DE"]),
        ("GR300", ["EL30", None, "EL"]),
        ("FRB0", ["FR24", None, "FR"]),  # NUTS 2016
        ("US", ["US", None, "US"]),
        ("us", ["US", None, "US"]),
        ("US06075", ["US", None, "US"]),  # OECD's TL3
        ("LU", ["LU00", None, "LU"]),  # its only region
        (None, [None, None, None]),
        (" ", [None, None, None]),
    ],
)
def test_regions_are_read_as_those_of_files_are(code, told):
    assert people_of(code) == [told]


def test_regions_are_of_the_version_that_is_named():
    assert people_of("FR24", 2016) == [["FRB0", None, "FR"]]
    with pytest.raises(ValueError, match="NUTS 2015 is not among the versions"):
        people_of("FR24", 2015)


@pytest.mark.parametrize(
    ("code", "mend"),
    [
        ("Bavaria", "write the code of the region"),
        ("Paris", "write the code of the region"),
        ("XX99", "write the code of the region"),
        ("XX", "write the code of the region"),
        ("DEZZZ", "write the code of the region"),
        ("DE", "write one of its regions, such as DE11; leave it blank"),
        ("UK", "write one of its regions, such as UKC1"),
        ("GB", "write one of its regions, such as UKC1"),
        ("DE2", "write one of its regions, such as DE11"),
        ("Germany", "write one of its regions, such as DE11"),
        ("USA", "write US"),
        ("United States", "write US"),
        ("11", "write the code of the region"),
    ],
)
def test_what_is_no_region_is_named_with_its_mend(code, mend):
    with pytest.raises(BadInput) as caught:
        people_of(code)
    (fault,) = caught.value.faults
    expected = "a code of NUTS2 or NUTS3 (version 2013), or a country outside NUTS, in region"
    assert (fault.file, fault.value, fault.expected) == ("participants", code, expected)
    assert fault.mend.startswith(mend)


def test_a_finer_region_stands_beside_or_alone():
    assert people_of("DE21", nuts3="de212") == people_of(None, nuts3="DE212") == [["DE21", "DE212", "DE"]]
    assert people_of("DE21", nuts3=None, country="DE") == [["DE21", None, "DE"]]
    with pytest.raises(BadInput, match="'DE21'; expected FR10, in which FR101 lies"):
        people_of("DE21", nuts3="FR101")
    with pytest.raises(BadInput, match=r"'DE21'; expected a code of NUTS3 \(version 2013\) in nuts3"):
        people_of("DE21", nuts3="DE21")


def test_a_code_that_the_version_divides_is_listed_as_of_files():
    people = PEOPLE.assign(region=["UKI1", "US", None])
    records = from_frames(EVENTS, FACETS, people)
    assert records.divided is not None
    assert records.divided[["source", "code", "region", "rows", "weight"]].to_numpy().tolist() == [
        ["frame", "UKI1", "UKI4", 1, 0.5]
    ]
    assert from_frames(EVENTS, FACETS, PEOPLE).divided is None


def test_a_participant_is_divided_evenly_among_its_places():
    people = pd.DataFrame(
        {"event": 1, "participant": ["a", "a", "b"], "role": "inventor", "region": ["DE21", "FR10", "US"]}
    )
    table = collect(from_frames(EVENTS, FACETS, people).participants).sort_values("region")
    assert table[["participant", "region", "share"]].to_numpy().tolist() == [
        ["a", "DE21", 0.25],
        ["a", "FR10", 0.25],
        ["b", "US", 0.5],
    ]
    shared = collect(from_frames(EVENTS, FACETS, people.assign(share=[1, 1, 2])).participants)
    assert sorted(shared["share"]) == [0.25, 0.25, 0.5]


CROWD = 1001


def uncountable() -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """One event that counts, and one for each reason why another does not."""
    events = pd.DataFrame(
        {
            "event": ["ok", "bare", "sided", "alone", "crowd", "throng"],
            "kind": ["copatent", "copatent", "deal", "alliance", "copatent", "copatent"],
            "year": 2003,
        }
    )
    rows = [("ok", "1", "class"), ("sided", "1", "acquirer"), ("sided", "2", "acquirer"), ("alone", "1", "partner")]
    rows += [("crowd", str(n), "class") for n in range(CROWD)] + [("throng", "1", "class")]
    facets = pd.DataFrame(rows, columns=["event", "facet", "role"]).assign(naics="325412")
    facets = pd.concat([facets, facets[facets["event"].isin(["ok", "alone"])].assign(naics="334111")])
    people = pd.DataFrame({"event": "throng", "participant": range(CROWD), "role": "inventor", "region": "DE21"})
    return events, facets, people


def test_events_that_cannot_be_counted_are_in_the_ledger_not_in_the_tables():
    records = from_frames(*uncountable())
    assert records.ledger[["reason", "rows", "weight"]].to_numpy().tolist() == [
        ["read", 6, 6.0],
        ["used", 1, 1.0],
        ["more than 1,000 facets or participants", 2, 2.0],
        ["no sector found", 1, 1.0],
        ["no sector found for one side", 1, 1.0],
        ["no sector found for two partners", 1, 1.0],
    ]
    for table in ("events", "facets"):
        assert set(collect(getattr(records, table))["event"]) == {"ok"}
    assert collect(records.participants).empty
    events, facets, people = uncountable()
    facets = facets.groupby("event", as_index=False).head(1000)
    assert collect(from_frames(events, facets, people.head(1000)).events)["event"].tolist() == ["ok", "crowd", "throng"]


def test_the_reasons_are_those_of_files(tmp_path):
    files = {
        "deal": [("acquirer", "p1", "325412"), ("target", "p2", "")],
        "alliance": [("partner", "p1", "325412"), ("partner", "p2", "99")],
        "copatent": [("inventor", "p1", "99")],
    }
    crowd = [("partner", f"p{n}", "325412") for n in range(CROWD)]
    reasons = set()
    for kind, rows in (*files.items(), ("alliance", crowd)):
        table = pd.DataFrame(rows, columns=["role", "participant", "symbol"]).assign(event="1", year=2003)
        table.to_csv(tmp_path / "rows.csv", index=False)
        found = read("table", tmp_path / "rows.csv", options={"kind": kind, "scheme": "naics"}).ledger
        reasons |= set(found["reason"])
    assert reasons == set(from_frames(*uncountable()).ledger["reason"])


def test_columns_of_one_name_are_refused():
    twice = pd.concat([FACETS, FACETS[["naics"]]], axis=1)
    with pytest.raises(BadInput, match="a column naics once"):
        from_frames(EVENTS, twice)


def test_faults_of_every_frame_are_told_together():
    facets, people = FACETS.assign(role="partner"), PEOPLE.assign(region=["Bavaria", "XX", None])
    with pytest.raises(BadInput) as caught:
        from_frames(EVENTS.assign(year=[2001, None]), facets, people)
    assert [(fault.file, fault.value) for fault in caught.value.faults] == [
        ("events", "nan"),
        ("facets", "partner"),
        ("participants", "Bavaria"),
        ("participants", "XX"),
    ]
