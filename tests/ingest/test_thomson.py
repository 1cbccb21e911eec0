"""Deals as Thomson ONE and SDC Platinum export them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import thomson
from ingest.engine import DuckDB
from ingest.faults import BadInput
from ingest.records import SOURCE_SCHEMA, SourceRows, check_schema

HEADING = (
    "Date Announced",
    "Acquiror Name",
    "Acquiror Nation",
    "Acquiror City",
    "Acquiror Zip Code",
    "Acquiror Primary NAIC Code",
    "Acquiror Primary SIC Code",
    "Target Name",
    "Target Nation",
    "Target City",
    "Target Zip Code",
    "Target Primary NAIC Code",
    "Target Primary SIC Code",
    "Value of Transaction ($mil)",
    "Status",
    "Deal Number",
)
ACME = ("Acme SA", "France", "Lyon", "69001", "325412", "2834")
BETA = ("Beta GmbH", "Germany", "Ulm", "89073", "541711", "8731")


@pytest.fixture(scope="module")
def engine() -> DuckDB:
    return DuckDB()


def deal(number: str, *, date: str = "01/15/2003", status: str = "Completed", value: str = "12.5") -> list[str]:
    return [date, *ACME, *BETA, value, status, number]


def text(rows: Sequence[Sequence[str]], heading: Sequence[str] = HEADING) -> str:
    cells = [[f'"{cell}"' if set(cell) & set('\n,"') else cell for cell in row] for row in (heading, *rows)]
    return "".join(",".join(row) + "\n" for row in cells)


def read(engine: DuckDB, folder: Path, content: str | bytes, **given: Any) -> SourceRows:
    path = folder / "deals.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return thomson.read(engine, [path], root=folder, **given)


def table(found: SourceRows, name: str, *columns: str) -> list[tuple[Any, ...]]:
    frame = getattr(found, name).select(*columns).collect("pyarrow")
    return sorted(frame.rows(), key=repr)


def reasons(found: SourceRows) -> list[str | None]:
    rows = found.rows.sort("file", "line").collect("pyarrow")
    return rows["reason"].to_list()


def test_a_deal_has_two_sides_with_place_code_and_value(engine: DuckDB, tmp_path: Path) -> None:
    found = read(engine, tmp_path, text([deal("7")]))
    for name, schema in SOURCE_SCHEMA.items():
        check_schema(getattr(found, name), schema, name)
    event = {"event": "7", "kind": "deal", "date": "2003-01-15", "year": 2003, "value": 12.5}
    event |= {"form": None, "currency": "USD mn", "file": "deals.csv", "key": "Deal Number 7"}
    assert found.events.collect("pyarrow").rows(named=True) == [event]
    assert table(found, "participants", "role", "name", "postcode", "city", "country", "share") == [
        ("acquirer", "Acme SA", "69001", "Lyon", "France", 1.0),
        ("target", "Beta GmbH", "89073", "Ulm", "Germany", 1.0),
    ]
    assert table(found, "facets", "role", "scheme", "symbol") == [
        ("acquirer", "naics", "325412"),
        ("target", "naics", "541711"),
    ]
    assert reasons(found) == [None]
    assert table(found, "rows", "file", "line", "key", "event") == [("deals.csv", 2, "Deal Number 7", "7")]


def test_participants_and_facets_belong_together(engine: DuckDB, tmp_path: Path) -> None:
    found = read(engine, tmp_path, text([deal("7"), deal("8")]))
    participants = table(found, "participants", "event", "participant")
    assert len(set(participants)) == len(participants) == 4
    assert table(found, "facets", "event", "participant") == participants
    assert table(found, "facets", "event", "facet") == participants


def test_order_and_spelling_of_headings_make_no_difference(engine: DuckDB, tmp_path: Path) -> None:
    order = [15, 3, 0, 1, 9, 2, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14]
    spelled = [HEADING[place].replace("Acquiror", "ACQUIRER").replace(" Name", "  name") for place in order]
    spelled[2] = "  Announced Date "
    shuffled = text([[deal("7")[place] for place in order]], spelled)
    plain = read(engine, tmp_path, text([deal("7")]))
    other = read(engine, tmp_path, shuffled)
    for name in ("events", "participants", "facets", "rows"):
        columns = list(SOURCE_SCHEMA[name])
        assert table(plain, name, *columns) == table(other, name, *columns)


def test_headings_on_two_lines_below_a_title_in_cp1252(engine: DuckDB, tmp_path: Path) -> None:
    content = (
        "Mergers & Acquisitions\n"
        "Date,Acquiror,Acquiror,Target,Target,Target,Deal\n"
        "  Announced,Name,Primary SIC Code,Full Name,City,Primary NAIC 2022,Number\n"
        "05/04/2009,Société Générique,2834,Bäcker AG,Köln,311812,11\n"
    )
    found = read(engine, tmp_path, content.encode("cp1252"))
    assert table(found, "participants", "name", "city") == [("Bäcker AG", "Köln"), ("Société Générique", None)]
    assert table(found, "facets", "scheme", "symbol") == [("naics2022", "311812"), ("sic", "2834")]
    assert table(found, "events", "date") == [("2009-05-04",)]


def test_workbook_with_numbers_and_dates(engine: DuckDB, tmp_path: Path) -> None:
    import datetime

    import xlsxwriter

    path = tmp_path / "deals.xlsx"
    with xlsxwriter.Workbook(path, {"default_date_format": "mm/dd/yyyy"}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Date\nAnnounced", "Acquiror\nName", "Target\nName", "Deal\nNumber"])
        sheet.write_row(0, 4, ["Target\nPrimary\nSIC\nCode", "Deal Value\n(USD\nMillions)"])
        sheet.write_datetime(1, 0, datetime.datetime(2011, 12, 31))
        sheet.write_row(1, 1, ["Acme SA", "Beta GmbH", 2045678020, 3711, 1250])
    found = thomson.read(engine, [path], root=tmp_path)
    assert table(found, "events", "event", "date", "value", "currency") == [
        ("2045678020", "2011-12-31", 1250.0, "USD mn")
    ]
    assert table(found, "facets", "scheme", "symbol") == [("sic", "3711")]


def test_the_year_of_naics_comes_from_the_heading(engine: DuckDB, tmp_path: Path) -> None:
    heading = ["Date Announced", "Acquiror Name", "Target Name", "Target Primary NAIC 2022"]
    heading += ["Acquiror Primary NAICS 2012 Code", "Acquiror Primary SIC Code"]
    found = read(engine, tmp_path, text([["2003-01-15", "Acme", "Beta", "513210", "", "7372 Prepackaged"]], heading))
    assert table(found, "facets", "role", "scheme", "symbol") == [
        ("acquirer", "sic", "7372 Prepackaged"),
        ("target", "naics2022", "513210"),
    ]


def test_a_deal_without_number_is_known_by_its_content(engine: DuckDB, tmp_path: Path) -> None:
    rows = [deal(""), deal("", date="2003-01-15", value="99"), deal("-", date="02/15/2003")]
    found = read(engine, tmp_path, text(rows))
    assert table(found, "events", "event") == [
        ("2003-01-15, Acme SA, Beta GmbH, 12.5",),
        ("2003-01-15, Acme SA, Beta GmbH, 99",),
        ("2003-02-15, Acme SA, Beta GmbH, 12.5",),
    ]
    turned = read(engine, tmp_path, text(rows[::-1]))
    assert table(turned, "events", "event", "key") == table(found, "events", "event", "key")


def test_several_acquirers_in_one_cell(engine: DuckDB, tmp_path: Path) -> None:
    row = deal("7")
    row[1:7] = ["Acme SA\nGamma SpA", "France\nItaly", "Lyon", "-\n20121", "325412\n-", "2834\n3841"]
    found = read(engine, tmp_path, text([row]))
    assert table(found, "participants", "role", "name", "country", "city", "postcode") == [
        ("acquirer", "Acme SA", "France", None, None),
        ("acquirer", "Gamma SpA", "Italy", None, "20121"),
        ("target", "Beta GmbH", "Germany", "Ulm", "89073"),
    ]
    assert table(found, "facets", "role", "scheme", "symbol") == [
        ("acquirer", "naics", "325412"),
        ("acquirer", "sic", "3841"),
        ("target", "naics", "541711"),
    ]
    assert table(found, "rejects", "line", "key", "field", "value", "reason") == [
        (2, "Deal Number 7", "acquirer_city", "Lyon", "1 entry beside 2 names")
    ]


def test_other_codes_only_when_asked_for(engine: DuckDB, tmp_path: Path) -> None:
    heading = ["Date Announced", "Acquiror Name", "Target Name", "Target Primary NAIC Code", "Target NAIC Code"]
    rows = [["2003-01-15", "Acme\nGamma", "Beta", "325412", "325412\n541711, 621511"]]
    plain = read(engine, tmp_path, text(rows, heading))
    assert table(plain, "facets", "symbol") == [("325412",)]
    found = read(engine, tmp_path, text(rows, heading), options={"codes": "all"})
    assert table(found, "facets", "role", "symbol") == [
        ("target", "325412"),
        ("target", "541711"),
        ("target", "621511"),
    ]
    assert len(table(found, "facets", "facet")) == len(set(table(found, "facets", "facet")))
    assert len(table(found, "participants", "participant")) == 3


def test_a_list_of_codes_beside_several_names_belongs_to_none(engine: DuckDB, tmp_path: Path) -> None:
    heading = ["Date Announced", "Acquiror Name", "Target Name", "Acquiror NAIC 2022", "Target SIC Codes"]
    rows = [["2003-01-15", "Acme\nGamma", "Beta", "325412\n541711", "2834; 8731 Research"]]
    found = read(engine, tmp_path, text(rows, heading), options={"codes": "all"})
    assert table(found, "facets", "scheme", "symbol") == [("sic", "2834"), ("sic", "8731 Research")]


def test_a_deal_without_a_usable_date_is_set_aside(engine: DuckDB, tmp_path: Path) -> None:
    dates = ["05/04/3201", "1201-01-01", "soon", "", "2003"]
    found = read(engine, tmp_path, text([deal(str(number), date=date) for number, date in enumerate(dates)]))
    impossible = "impossible date"
    assert reasons(found) == [impossible, impossible, impossible, "no date", None]
    assert table(found, "rejects", "line", "field", "value", "reason") == [
        (line, "announced", date, impossible) for line, date in enumerate(dates[:3], start=2)
    ]
    # A year alone is a year.
    assert table(found, "events", "event", "date", "year") == [("4", None, 2003)]


def test_the_date_of_completion_on_request(engine: DuckDB, tmp_path: Path) -> None:
    heading = ["Date Effective", "Acquiror Name", "Target Name", "Deal Number"]
    content = text([["03/31/2004", "Acme", "Beta", "7"]], heading)
    found = read(engine, tmp_path, content, options={"date": "effective"})
    assert table(found, "events", "date") == [("2004-03-31",)]
    with pytest.raises(BadInput, match="announced"):
        read(engine, tmp_path, content)


def test_deals_that_came_to_nothing_are_set_aside(engine: DuckDB, tmp_path: Path) -> None:
    statuses = ["Completed", "Pending", "Withdrawn", "Dismissed Rumor", "Seeking  Buyer", "", "Status Unknown"]
    content = text([deal(str(number), status=status) for number, status in enumerate(statuses)])
    expected = [None, None, "status: withdrawn", "status: dismissed rumor", "status: seeking buyer", None, None]
    assert reasons(read(engine, tmp_path, content)) == expected
    assert reasons(read(engine, tmp_path, content, options={"status": "all"})) == [None] * 7
    only = read(engine, tmp_path, content, options={"status": ["completed"]})
    assert [reason is None for reason in reasons(only)] == [True, False, False, False, False, False, False]
    assert "no status" in reasons(only)


def test_a_date_of_withdrawal_stands_for_a_status(engine: DuckDB, tmp_path: Path) -> None:
    heading = ["Date Announced", "Date Withdrawn", "Acquiror Name", "Target Name", "Deal Number"]
    rows = [["01/15/2003", "03/15/2003", "Acme", "Beta", "1"], ["01/15/2003", "", "Acme", "Beta", "2"]]
    assert reasons(read(engine, tmp_path, text(rows, heading))) == ["status: withdrawn", None]


def test_repeated_rows_and_rows_of_one_number(engine: DuckDB, tmp_path: Path) -> None:
    other = deal("7", value="30")
    other[7] = "Delta BV"
    later = deal("7", date="06/30/2004")
    found = read(engine, tmp_path, text([later, deal("7"), deal("7"), other]))
    assert reasons(found) == ["conflicting date", None, "duplicate row", None]
    assert table(found, "events", "date", "value") == [("2003-01-15", 30.0)]
    assert table(found, "participants", "name") == [("Acme SA",), ("Beta GmbH",), ("Delta BV",)]


def test_one_participant_in_two_places_shares_itself(engine: DuckDB, tmp_path: Path) -> None:
    other = deal("7")
    other[3:7] = ["Paris", "75001", "325411", "2833"]
    found = read(engine, tmp_path, text([deal("7"), other]))
    assert table(found, "participants", "role", "city", "share") == [
        ("acquirer", "Lyon", 0.5),
        ("acquirer", "Paris", 0.5),
        ("target", "Ulm", 1.0),
    ]
    assert table(found, "facets", "role", "symbol") == [("acquirer", "325411"), ("target", "541711")]


def test_a_value_that_is_no_number_is_rejected_as_a_cell(engine: DuckDB, tmp_path: Path) -> None:
    found = read(engine, tmp_path, text([deal("7", value="plenty"), deal("8", value="1,250.5")]))
    assert reasons(found) == [None, None]
    assert table(found, "events", "event", "value", "currency") == [("7", None, None), ("8", 1250.5, "USD mn")]
    assert table(found, "rejects", "line", "field", "value", "reason") == [(2, "value", "plenty", "not a number")]


def test_euros_and_a_currency_of_ones_own(engine: DuckDB, tmp_path: Path) -> None:
    heading = ["Date Announced", "Acquiror Name", "Target Name", "Deal Number", "Deal Value (EUR Millions)"]
    rows = [["01/15/2003", "Acme", "Beta", "1", "5"]]
    assert table(read(engine, tmp_path, text(rows, heading)), "events", "value", "currency") == [(5.0, "EUR mn")]
    heading[-1] = "Price"
    found = read(engine, tmp_path, text(rows, heading), columns={"value": "Price"}, options={"currency": "GBP mn"})
    assert table(found, "events", "value", "currency") == [(5.0, "GBP mn")]


def test_a_deal_that_lacks_a_side_is_set_aside(engine: DuckDB, tmp_path: Path) -> None:
    nobody, unknown, empty = deal("1"), deal("2"), deal("")
    nobody[1:7] = [""] * 6
    unknown[7] = "-"
    empty[1:13] = [""] * 12
    found = read(engine, tmp_path, text([nobody, unknown, empty]))
    assert reasons(found) == ["no acquirer", None, "no event id"]
    assert table(found, "participants", "role", "name", "country") == [
        ("acquirer", "Acme SA", "France"),
        ("target", None, "Germany"),
    ]


def test_wrong_columns_and_options_are_said_all_at_once(engine: DuckDB, tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        read(engine, tmp_path, "When,Who\n2003,Acme\n")
    assert {word for word in ("announced", "acquirer_name", "target_name") if word in str(caught.value)} == {
        "announced",
        "acquirer_name",
        "target_name",
    }
    with pytest.raises(BadInput) as caught:
        read(engine, tmp_path, text([deal("7")]), options={"colour": "red", "date": "signed", "codes": "some"})
    assert len(caught.value.faults) == 3


def test_two_files_of_one_deal(engine: DuckDB, tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text(text([deal("7"), deal(name)]))
    found = thomson.read(engine, [tmp_path / "b.csv", tmp_path / "a.csv"], root=tmp_path)
    assert table(found, "rows", "file", "line", "reason") == [
        ("a.csv", 2, None),
        ("a.csv", 3, None),
        ("b.csv", 2, "duplicate row"),
        ("b.csv", 3, None),
    ]
    assert found.inputs["rows"].tolist() == [2, 2]


CELLS: Mapping[str, st.SearchStrategy[str]] = {
    "date": st.sampled_from(["01/15/2003", "02/15/2003", "3201-01-01", "", "2005", "x"]),
    "status": st.sampled_from(["Completed", "Withdrawn", "", "Rumor"]),
    "number": st.sampled_from(["1", "2", "3", ""]),
    "acquirer": st.sampled_from(["Acme", "Acme\nGamma", "", "Acme\n-\nBeta"]),
    "nation": st.sampled_from(["France", "France\nItaly", ""]),
    "code": st.sampled_from(["2834", "2834\n3711", "", "n.a."]),
    "target": st.sampled_from(["Beta", "", "Delta\nEta"]),
    "value": st.sampled_from(["1", "1,5", "?", ""]),
}


def _file(rows: list[dict[str, str]]) -> str:
    heading = ["Date Announced", "Status", "Deal Number", "Acquiror Name", "Acquiror Nation"]
    heading += ["Acquiror Primary SIC Code", "Target Name", "Deal Value (USD Millions)"]
    return text([[row[name] for name in CELLS] for row in rows], heading)


@settings(deadline=None, max_examples=3)
@given(rows=st.lists(st.fixed_dictionaries(dict(CELLS)), min_size=8, max_size=30), data=st.data())
def test_every_row_is_accounted_for_in_any_order(
    engine: DuckDB,
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[dict[str, str]],
    data: st.DataObject,
) -> None:
    rows = [row for row in rows if any(row.values())] or [{**dict.fromkeys(CELLS, ""), "number": "1"}]
    folder = tmp_path_factory.mktemp("deals")
    found = read(engine, folder, _file(rows))
    shuffled = read(engine, folder, _file(data.draw(st.permutations(rows))))
    assert len(reasons(found)) == len(rows) == found.inputs["rows"].sum()
    assert len(set(table(found, "rows", "line"))) == len(rows)
    events = set(table(found, "events", "event"))
    used = found.rows.collect("pandas").to_native()
    assert events == {(event,) for event in used.loc[used["reason"].isna(), "event"]}
    assert set(table(found, "participants", "event")) == events
    for name in ("events", "participants", "facets"):
        columns = list(SOURCE_SCHEMA[name])
        assert table(found, name, *columns) == table(shuffled, name, *columns)
    assert table(found, "rows", "key", "event", "reason") == table(shuffled, "rows", "key", "event", "reason")
    assert found.inputs["sha256"].tolist() == shuffled.inputs["sha256"].tolist()
