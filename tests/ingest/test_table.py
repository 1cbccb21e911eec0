"""Any table by a column map."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ingest
from ingest import table
from ingest.engine import DuckDB, collect
from ingest.faults import BadInput
from ingest.records import SOURCE_SCHEMA, SourceRows, check_schema
from linkages import build_network

ENGINE = DuckDB()
PROJECTS = {"scheme": "nace2", "kind": "alliance"}
HEADING = "event,year,name,city,country,symbol\n"


def read(folder: Path, content: str, options: dict[str, object] | None = None, **columns: str) -> SourceRows:
    path = folder / "a.csv"
    path.write_text(content)
    return table.read(ENGINE, [path], columns=columns, options=options or PROJECTS, root=folder)


def rows(found: SourceRows, name: str, *columns: str) -> list[tuple[Any, ...]]:
    return sorted(getattr(found, name).select(*columns).collect("pyarrow").rows(), key=repr)


def reasons(found: SourceRows) -> list[str | None]:
    return list(found.rows.sort("file", "line").collect("pyarrow")["reason"].to_list())


def test_rows_of_an_event_repeat_its_participants_and_symbols(tmp_path: Path) -> None:
    content = (
        HEADING + "1,2003,Acme,Ulm,DE,21\n1,2003,Acme,Ulm,DE,26.1\n1,2003,Beta,Lyon,FR,21\n1,2003,Beta,Lyon,FR,21\n"
    )
    found = read(tmp_path, content)
    for name, schema in SOURCE_SCHEMA.items():
        check_schema(getattr(found, name), schema, name)
    assert reasons(found) == [None, None, None, "duplicate row"]
    assert rows(found, "events", "event", "kind", "date", "year") == [("1", "alliance", None, 2003)]
    assert rows(found, "participants", "participant", "name", "role", "city", "share") == [
        ("Acme", "Acme", "partner", "Ulm", 1.0),
        ("Beta", "Beta", "partner", "Lyon", 1.0),
    ]
    assert rows(found, "facets", "participant", "scheme", "symbol") == [
        ("Acme", "nace2", "21"),
        ("Acme", "nace2", "26.1"),
        ("Beta", "nace2", "21"),
    ]
    assert rows(found, "rows", "key")[0] == ("1, Acme, 21",)


def test_symbols_of_a_patent_are_the_events(tmp_path: Path) -> None:
    content = "event,year,name,symbol\n1,2003,Acme,Optics\n1,2003,Beta,Optics\n1,2003,Beta,Telecommunications\n"
    found = read(tmp_path, content, {"kind": "copatent", "scheme": "wipo"})
    assert rows(found, "facets", "facet", "participant", "role") == [
        ("Optics", None, "class"),
        ("Telecommunications", None, "class"),
    ]
    assert rows(found, "participants", "participant", "role") == [("Acme", "applicant"), ("Beta", "applicant")]


def test_a_deal_in_one_row_without_an_id(tmp_path: Path) -> None:
    content = (
        "buyer,buyer_town,buyer_tags,sold,sold_tags,when,price\n"
        'Acme,Ulm,Optics|Software|,Beta,Games,2003-05-04,"1,200"\n'
        "Acme,Ulm,Optics,Beta,Games,3201-05-04,7\n"
        ",,,,Games,2003-05-04,7\n"
        "Acme,Ulm,Optics,Gamma,,2004-05-04,unknown\n"
    )
    columns = {"acquirer_name": "buyer", "acquirer_city": "buyer_town", "acquirer_symbol": "buyer_tags"}
    columns |= {"target_name": "sold", "target_symbol": "sold_tags", "date": "when", "value": "price"}
    options = {"kind": "deal", "scheme": "label", "split": "|", "currency": "USD mn"}
    found = read(tmp_path, content, options, **columns)
    assert reasons(found) == [None, "impossible date", "no event id", None]
    assert rows(found, "events", "event", "date", "value", "currency") == [
        ("2003-05-04, Acme, Beta", "2003-05-04", 1200.0, "USD mn"),
        ("2004-05-04, Acme, Gamma", "2004-05-04", None, None),
    ]
    assert rows(found, "facets", "role", "symbol") == [
        ("acquirer", "Optics"),
        ("acquirer", "Optics"),
        ("acquirer", "Software"),
        ("target", "Games"),
    ]
    assert rows(found, "rejects", "line", "field", "value", "reason") == [
        (3, "date", "3201-05-04", "impossible date"),
        (5, "value", "unknown", "not a number"),
    ]


def test_a_deal_in_several_rows_with_roles(tmp_path: Path) -> None:
    content = "event,date,role,name,symbol\n7,01/15/2003,Acquiror,Acme,21\n7,,Target,Beta,26\n7,,advisor,Gamma,64\n"
    found = read(tmp_path, content, {"kind": "deal", "scheme": "nace2"})
    assert reasons(found) == [None, None, "unknown role"]
    assert rows(found, "participants", "participant", "role") == [("Acme", "acquirer"), ("Beta", "target")]
    assert rows(found, "events", "date", "year") == [("2003-01-15", 2003)]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (",2003,Acme,Ulm,DE,21", "no event id"),
        ("2,3201,Acme,Ulm,DE,21", "impossible year"),
        ("2,,Acme,Ulm,DE,21", "no date"),
        ("1,2003,,,,", "no participant or symbol"),
        ("2,2003,Acme,Ulm,DE,21", "fewer than two participants"),
        ("1,2003,Acme,Ulm,DE", "wrong number of cells"),
    ],
)
def test_rows_that_cannot_be_used_are_set_aside(tmp_path: Path, row: str, reason: str) -> None:
    found = read(tmp_path, HEADING + f"1,2003,Acme,Ulm,DE,21\n1,2003,Beta,Lyon,FR,21\n{row}\n")
    assert reasons(found) == [None, None, reason]
    assert rows(found, "events", "event") == [("1",)]


def test_places_divide_a_participant_unless_shares_are_given(tmp_path: Path) -> None:
    content = (
        "event,year,name,city,share\n1,2003,Acme,Ulm,\n1,2003,Acme,Bonn,\n1,2003,Beta,Lyon,25%\n1,2003,Gamma,Graz,-1\n"
    )
    found = read(tmp_path, content, {"kind": "alliance"})
    # Of whom no share is known counts as those of whom one is: a quarter, which two places divide.
    shares = [("Bonn", 0.125), ("Graz", 0.25), ("Lyon", 0.25), ("Ulm", 0.125)]
    assert rows(found, "participants", "city", "share") == shares
    assert rows(found, "rejects", "field", "value") == [("share", "-1")]


def test_a_participant_without_a_name_is_known_by_its_place(tmp_path: Path) -> None:
    found = read(tmp_path, "event,year,region_code\n1,2003,DE212\n1,2003,FRK26\n", {"kind": "alliance"})
    assert rows(found, "participants", "participant", "name") == [("DE212", None), ("FRK26", None)]


def test_the_day_may_stand_first(tmp_path: Path) -> None:
    content = "event,date,name\n1,03/04/2005,Acme\n1,03/04/2005,Beta\n"
    assert rows(read(tmp_path, content, {"dayfirst": True}), "events", "date") == [("2005-04-03",)]
    assert rows(read(tmp_path, content, {"dayfirst": False}), "events", "date") == [("2005-03-04",)]


def test_a_second_table_by_key(tmp_path: Path) -> None:
    with gzip.open(tmp_path / "organisations.csv.gz", "wt") as packed:
        packed.write("orgId,town\n11,Ulm\n12,Lyon\n12,Lyon\n12,Zagreb\n13,Graz\n,Wien\n")
    join = {"files": ["organisations.csv.gz"], "on": {"pic": "orgId"}, "columns": {"city": "town"}}
    content = "project,year,pic,type\n1,2015,11,PRC\n1,2015,12,HES\n1,2015,99,HES\n"
    options = {"kind": "alliance", "scheme": "label", "join": join}
    found = read(tmp_path, content, options, event="project", participant="pic", symbol="type")
    assert rows(found, "participants", "participant", "city") == [("11", "Ulm"), ("12", "Lyon"), ("99", None)]
    assert reasons(found) == [
        *(None, None, None, None, None),
        *("duplicate row", "another row has the same key", "belongs to no event", "no key to join by"),
    ]
    assert found.inputs["rows"].to_list() == [3, 6]


@pytest.mark.parametrize("join", ["organisations.csv", {"files": []}, {"files": ["a.csv"], "on": {}, "columns": {}}])
def test_a_join_that_cannot_be_read(tmp_path: Path, join: object) -> None:
    with pytest.raises(BadInput, match="one key in on"):
        read(tmp_path, HEADING + "1,2003,Acme,Ulm,DE,21\n", {"scheme": "nace2", "join": join})


def test_an_event_is_worth_what_its_rows_say_in_one_currency(tmp_path: Path) -> None:
    content = "event,year,name,symbol,value,currency\n"
    content += "1,2003,Acme,21,120,USD mn\n1,2003,Beta,26,100,EUR mn\n1,2003,Gamma,26,90,EUR mn\n1,2003,Delta,26,500,\n"
    content += "2,2003,Acme,21,7,\n2,2003,Beta,26,9,\n"
    found = read(tmp_path, content)
    assert rows(found, "events", "event", "value", "currency") == [("1", 100.0, "EUR mn"), ("2", 9.0, None)]


def test_true_and_false_are_no_texts(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="dayfirst = 'false'"):
        read(tmp_path, HEADING, {**PROJECTS, "dayfirst": "false"})


def test_options_and_columns_are_checked_at_once(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as error:
        read(tmp_path, HEADING, {"kind": "merger", "colour": "red"}, symbol="symbol", town="city")
    messages = " ".join(str(fault) for fault in error.value.faults)
    assert len(error.value.faults) == 4
    assert all(word in messages for word in ("merger", "colour", "columns.town", "an option scheme"))


def test_a_missing_id_names_the_nearest_heading(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r'columns\.event = "events"'):
        read(tmp_path, "events,year\n1,2003\n")


ROW = st.tuples(
    st.sampled_from(["1", "2", "-", ""]),
    st.sampled_from(["2003", "2004", "3201", "9999", "", "x"]),
    st.sampled_from(["Acme", "Beta", "n.a."]),
    st.sampled_from(["Ulm", ""]),
    st.sampled_from(["DE", "NA"]),
    st.sampled_from(["21", "26.1", "#REF!", ""]),
    st.sampled_from(["", "", "", ",surplus"]),
)


@settings(max_examples=6, deadline=None)
@given(st.lists(ROW, min_size=1, max_size=30), st.randoms())
def test_every_row_is_accounted_for_in_any_order(
    tmp_path_factory: pytest.TempPathFactory, drawn: list[Any], chance: Any
) -> None:
    lines = [",".join(row[:6]) + row[6] for row in drawn]
    folder = tmp_path_factory.mktemp("table")
    found = read(folder, HEADING + "\n".join(lines) + "\n")
    shuffled = read(folder, HEADING + "\n".join(chance.sample(lines, k=len(lines))) + "\n")
    assert len(reasons(found)) == found.inputs["rows"].sum() == len(lines)
    assert rows(found, "rows", "key", "event", "reason") == rows(shuffled, "rows", "key", "event", "reason")
    for name in ("events", "participants", "facets"):
        assert rows(found, name, *SOURCE_SCHEMA[name]) == rows(shuffled, name, *SOURCE_SCHEMA[name])
    assert found.inputs["sha256"].to_list() == shuffled.inputs["sha256"].to_list()
    used = {row[0] for row in rows(found, "rows", "event", "reason") if row[1] is None}
    assert used == {row[0] for row in rows(found, "events", "event")}


def test_a_table_without_years_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "projects.csv"
    path.write_text("project,when,firm\n7,2003,Acme\n", encoding="utf-8")
    with pytest.raises(BadInput, match=r"line 1: 'project, when, firm'; expected a column for year or date, such as"):
        table.read(DuckDB(), [path], columns={"event": "project"}, options={"scheme": "nace2"})


@pytest.mark.parametrize("split", [True, False])
def test_codes_of_one_participant_are_one_facet(tmp_path: Path, split: bool) -> None:
    """Acme makes chemicals and does research, Beta treats patients: ½ with each, and Acme is no link of its own."""
    head, acme, beta = "event,year,name,symbol\n", "a,2003,Acme,", "a,2003,Beta,621111\n"
    one = f"{acme}325412|541713\n" if split else f"{acme}325412\n{acme}541713\n"
    (tmp_path / "t.csv").write_text(head + one + beta)
    options = {"kind": "alliance", "scheme": "naics", **({"split": "|"} if split else {})}
    records = ingest.read("table", tmp_path / "t.csv", options=options)
    parts = collect(records.facets).groupby("facet")["share"].sum()
    assert parts.to_dict() == {"partner, Acme": 1.0, "partner, Beta": 1.0}
    links = build_network(records, "naics3", (2000, 2007), "alliance", "fractional").links
    assert links[["source", "target", "weight"]].values.tolist() == [["325", "621", 0.5], ["541", "621", 0.5]]


def test_codes_without_a_sector_take_no_part(tmp_path: Path) -> None:
    rows = "a,2003,Acme,325412|nonsense\na,2003,Beta,621111\nb,2003,Acme,325412|541713\nb,2003,Beta,\n"
    (tmp_path / "t.csv").write_text("event,year,name,symbol\n" + rows)
    options = {"kind": "alliance", "scheme": "naics", "split": "|"}
    records = ingest.read("table", tmp_path / "t.csv", options=options)
    assert collect(records.facets)["share"].tolist() == [1.0, 1.0]
    ledger = records.ledger.groupby("reason")["rows"].sum()
    assert (ledger["used"], ledger["no sector found for two partners"]) == (2, 2)


def test_without_shares_each_participant_counts_as_one(tmp_path: Path) -> None:
    content = "event,year,name,city\n1,2003,Acme,Ulm\n1,2003,Acme,Bonn\n1,2003,Beta,Lyon\n"
    found = read(tmp_path, content, {"kind": "alliance"})
    assert rows(found, "participants", "city", "share") == [("Bonn", 0.5), ("Lyon", 1.0), ("Ulm", 0.5)]


def test_a_share_that_is_not_understood_counts_as_the_mean_of_the_others(tmp_path: Path) -> None:
    rows = "a,2003,Acme,0.2,325412\na,2003,Beta,50%,621111\na,2003,Gamma,none,541713\n"
    (tmp_path / "t.csv").write_text("event,year,name,share,symbol\n" + rows)
    records = ingest.read("table", tmp_path / "t.csv", options={"kind": "alliance", "scheme": "naics"})
    shares = collect(records.participants).set_index("name")["share"]
    assert shares.to_dict() == pytest.approx({"Acme": 4 / 21, "Beta": 10 / 21, "Gamma": 7 / 21}, abs=1e-6)
