"""Deals as Zephyr exports them: several acquirors and targets on continued rows, in one cell, or pair by pair."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

import ingest
from ingest import zephyr
from ingest.engine import DuckDB
from ingest.faults import BadInput
from ingest.records import SOURCE_SCHEMA, SourceRows, check_schema

HEADING = (
    "",
    "Deal Number",
    "Deal type",
    "Deal status",
    "Announced date",
    "Completed date",
    "Deal value (th EUR)",
    "Acquiror name",
    "Acquiror BvD ID number",
    "Acquiror country code",
    "Acquiror city",
    "Acquiror primary NACE Rev. 2 code",
    "Target name",
    "Target country code",
    "Target primary NAICS 2017 code",
    "Target primary US SIC code",
    "Vendor name",
)
NOBODY = [""] * 5
DEAL = ["1.", "19003", "Acquisition 100%", "Completed", "03/04/2005", "01/07/2005", "1.234.000,5"]
BELOW = [""] * 7
ACME = ["Acme SA", "FR123456789", "FR", "Lyon", "2120"]
BETA = ["Beta BV", "NL12345678", "NL", "n.a.", "6201 - Computer programming activities"]
SOLD = ["Gamma GmbH", "DE", "541511", "7371"]
ALSO = ["Delta AG", "CH", "n.a.", "2834"]


@pytest.fixture(scope="module")
def engine() -> DuckDB:
    return DuckDB()


def text(rows: Sequence[Sequence[str]], heading: Sequence[str] = HEADING) -> str:
    cells = [[f'"{cell}"' if set(cell) & set('\n,;"') else cell for cell in row] for row in (heading, *rows)]
    return "".join(";".join(row) + "\n" for row in cells)


def read(engine: DuckDB, folder: Path, rows: Sequence[Sequence[str]], **given: Any) -> SourceRows:
    path = folder / "deals.csv"
    path.write_text(text(rows, given.pop("heading", HEADING)), encoding="utf-8")
    return zephyr.read(engine, [path], root=folder, **given)


def table(found: SourceRows, name: str, *columns: str) -> list[tuple[Any, ...]]:
    return sorted(getattr(found, name).select(*columns).collect("pyarrow").rows(), key=repr)


def reasons(found: SourceRows) -> list[str | None]:
    reason: list[str | None] = found.rows.sort("file", "line").collect("pyarrow")["reason"].to_list()
    return reason


def test_further_firms_follow_on_rows_without_a_deal_number(engine: DuckDB, tmp_path: Path) -> None:
    rows = [[*DEAL, *ACME, *SOLD, ""], [*BELOW, *BETA, *ALSO, ""], [*BELOW, *NOBODY, *[""] * 4, "Another vendor"]]
    found = read(engine, tmp_path, rows)
    for name, schema in SOURCE_SCHEMA.items():
        check_schema(getattr(found, name), schema, name)
    assert reasons(found) == [None, None, "names no acquirer or target"]
    event = {"event": "19003", "kind": "deal", "form": None, "date": "2005-04-03", "year": 2005, "value": 1234000.5}
    event |= {"currency": "EUR th", "file": "deals.csv", "key": "Deal Number 19003"}
    assert found.events.collect("pyarrow").rows(named=True) == [event]
    assert table(found, "participants", "role", "name", "city", "country", "participant") == [
        ("acquirer", "Acme SA", "Lyon", "FR", "acquirer, BvD FR123456789"),
        ("acquirer", "Beta BV", None, "NL", "acquirer, BvD NL12345678"),
        ("target", "Delta AG", None, "CH", "target, Delta AG, CH"),
        ("target", "Gamma GmbH", None, "DE", "target, Gamma GmbH, DE"),
    ]
    assert table(found, "facets", "role", "scheme", "symbol") == [
        ("acquirer", "nace2", "2120"),
        ("acquirer", "nace2", "6201 - Computer programming activities"),
        ("target", "naics2017", "541511"),
        ("target", "sic", "2834"),
    ]


def test_firms_on_lines_of_one_cell_are_the_same_deal(engine: DuckDB, tmp_path: Path) -> None:
    both = ["\n".join(cells) for cells in zip(ACME, BETA, strict=True)]
    inside = read(engine, tmp_path, [[*DEAL, *both, *SOLD, ""]])
    below = read(engine, tmp_path, [[*DEAL, *ACME, *SOLD, ""], [*BELOW, *BETA, *[""] * 4, ""]])
    for name, columns in (("participants", ("role", "name", "country", "share")), ("facets", ("facet", "symbol"))):
        assert table(inside, name, *columns) == table(below, name, *columns)


def test_a_deal_repeated_for_each_pair_is_one_deal(engine: DuckDB, tmp_path: Path) -> None:
    pairs = [[*DEAL, *buyer, *sold, ""] for buyer, sold in itertools.product((ACME, BETA), (SOLD, ALSO))]
    whole = read(engine, tmp_path, [*pairs, pairs[0]])
    assert reasons(whole) == [None] * 4 + ["duplicate row"]
    assert len(table(whole, "participants", "name")) == 4
    assert [share for (share,) in table(whole, "participants", "share")] == [1.0] * 4


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("Completed", None),
        ("Completed Assumed", None),
        ("Announced", None),
        ("Pending - awaiting regulatory approval", None),
        ("Rumour", "status: rumour"),
        ("Rumour - withdrawn", "status: rumour - withdrawn"),
        ("Withdrawn", "status: withdrawn"),
        ("Postponed", "status: postponed"),
    ],
)
def test_statuses(engine: DuckDB, tmp_path: Path, status: str, reason: str | None) -> None:
    deal = [*DEAL[:3], status, *DEAL[4:]]
    found = read(engine, tmp_path, [[*deal, *ACME, *SOLD, ""], [*BELOW, *BETA, *[""] * 4, ""]])
    assert reasons(found) == [reason] * 2


def test_what_hands_over_no_firm_is_set_aside_unless_asked_for(engine: DuckDB, tmp_path: Path) -> None:
    types = ["IPO", "Acquisition 60%\nCapital Increase", "Share buyback", "Merger", ""]
    rows = [["", str(n), one, *DEAL[3:], *ACME, *SOLD, ""] for n, one in enumerate(types)]
    assert reasons(read(engine, tmp_path, rows)) == ["type: ipo", None, "type: share buyback", None, None]
    kept = reasons(read(engine, tmp_path, rows, options={"types": ["merger", "ipo"]}))
    assert kept == [None, "type: acquisition 60%, capital increase", "type: share buyback", None, "type: none"]
    assert reasons(read(engine, tmp_path, rows, options={"types": "all"})) == [None] * 5


def test_a_deal_without_one_side_is_set_aside_with_its_rows(engine: DuckDB, tmp_path: Path) -> None:
    other = ["2.", "7", *DEAL[2:]]
    rows = [
        *([*DEAL, *ACME, *[""] * 4, ""], [*BELOW, *BETA, *[""] * 4, ""]),
        *([*other, *NOBODY, *SOLD, ""], ["", "8", *DEAL[2:], *NOBODY, *[""] * 4, "A vendor"]),
    ]
    found = read(engine, tmp_path, rows)
    assert reasons(found) == ["no target", "no target", "no acquirer", "no acquirer"]
    assert table(found, "events", "event") == table(found, "participants", "event") == []


def test_the_completed_date_falls_back_on_the_assumed_one(engine: DuckDB, tmp_path: Path) -> None:
    heading = [*HEADING[:5], "Assumed completion date", *HEADING[6:]]
    row = [*DEAL, *ACME, *SOLD, ""]
    found = read(engine, tmp_path, [row], heading=heading, options={"date": "completed"})
    assert table(found, "events", "date") == [("2005-07-01",)]
    american = read(engine, tmp_path, [row], heading=heading, options={"dayfirst": False})
    assert table(american, "events", "date") == [("2005-03-04",)]


def test_impossible_dates_and_values_are_listed(engine: DuckDB, tmp_path: Path) -> None:
    late = ["", "1", *DEAL[2:4], "03/04/3201", *DEAL[5:]]
    dear = ["", "2", *DEAL[2:6], "many"]
    blank = ["", "3", *DEAL[2:6], "n.a."]
    found = read(engine, tmp_path, [[*deal, *ACME, *SOLD, ""] for deal in (late, dear, blank)])
    assert reasons(found) == ["impossible date", None, None]
    assert table(found, "rejects", "field", "value", "reason") == [
        ("announced", "03/04/3201", "impossible date"),
        ("value", "many", "not a number"),
    ]
    assert table(found, "events", "event", "value", "currency") == [("2", None, None), ("3", None, None)]


def test_all_codes_of_a_firm_are_facets_of_their_own(engine: DuckDB, tmp_path: Path) -> None:
    heading = [*HEADING[:12], "Acquiror NACE Rev. 2 code(s)", *HEADING[12:]]
    firm = [*ACME, "2120\n7211\n2110"]
    found = read(engine, tmp_path, [[*DEAL, *firm, *SOLD, ""]], heading=heading, options={"codes": "all"})
    acquired = [symbol for role, symbol in table(found, "facets", "role", "symbol") if role == "acquirer"]
    assert acquired == ["2110", "2120", "7211"]


CLASSES = ("NACE Rev.2", "NAICS 2017", "US SIC", "UK SIC (2007)")
OF_A_DEAL = ("", "Deal Number", "Deal value th EUR", "Deal equity value th EUR", "Rumour date", "Announced date")
OF_A_SIDE = (
    *("name", "BvD ID number", "postcode", "city", "region within a country", "country", "country code"),
    *(f"primary {one} {what}" for one in CLASSES for what in ("code", "description")),
    *(f"{one} {what}(s)" for one in CLASSES for what in ("code", "description")),
)


def test_a_full_export_headed_as_researchers_publish_it(engine: DuckDB, tmp_path: Path) -> None:
    """Of its headings those meant are taken, and their neighbours are not."""
    firm = {
        **{"name": "F", "BvD ID number": "X1", "postcode": "1010", "city": "Wien", "region within a country": "Ost"},
        **{"country": "Austria", "country code": "AT", "primary NACE Rev.2 code": "2611", "US SIC code(s)": "3674"},
        **{"NACE Rev.2 code(s)": "2611\n6201", "NACE Rev.2 description(s)": "Chips", "primary UK SIC (2007) code": "2"},
    }
    cells = {"Deal Number": "7", "Deal value th EUR": "1,5", "Deal equity value th EUR": "9"}
    cells |= {"Announced date": "03/04/2005", "Rumour date": "01/01/2005", "Group acquiror name": "Group"}
    cells |= {f"{side} {cell}": value for side in ("Target", "Acquiror") for cell, value in firm.items()}
    sides = ("Target", "Acquiror", "Group acquiror", "Vendor")
    heading = [*OF_A_DEAL, *(f"{side} {cell}" for side in sides for cell in OF_A_SIDE)]
    assert set(cells) <= set(heading)
    found = read(engine, tmp_path, [[cells.get(name, "") for name in heading]], heading=heading)
    assert table(found, "participants", "participant", "name", "postcode", "city", "country") == [
        ("acquirer, BvD X1", "F", "1010", "Wien", "AT"),
        ("target, BvD X1", "F", "1010", "Wien", "AT"),
    ]
    assert table(found, "facets", "scheme", "symbol") == [("nace2", "2611")] * 2
    assert table(found, "events", "date", "value", "currency") == [("2005-04-03", 1.5, "EUR th")]


def test_lists_of_codes_without_primary_ones_are_refused_unless_asked_for(engine: DuckDB, tmp_path: Path) -> None:
    heading = [*HEADING[:11], "Acquiror NACE Rev. 2 code(s)", "Target name", "Target US SIC code(s)"]
    row = [*DEAL, *ACME[:4], "2120\n7211", "Gamma", "7371\n7372"]
    with pytest.raises(BadInput) as caught:
        read(engine, tmp_path, [row], heading=heading)
    assert [fault.value for fault in caught.value.faults] == ["codes of the acquirer", "codes of the target"]
    found = read(engine, tmp_path, [row], heading=heading, options={"codes": "all"})
    assert [symbol for (symbol,) in table(found, "facets", "symbol")] == ["2120", "7211", "7371", "7372"]


def test_the_order_of_rows_of_different_deals_changes_nothing(engine: DuckDB, tmp_path: Path) -> None:
    blocks = [
        [["", str(n), *DEAL[2:], *ACME, *SOLD, ""], [*BELOW, *BETA, *ALSO, ""]] for n in range(3)
    ]  # a block moves as a whole: rows below a deal belong to it
    for name, columns in (("participants", ("event", "participant", "share")), ("facets", ("event", "facet"))):
        tables = [
            table(read(engine, tmp_path, [row for block in order for row in block]), name, *columns)
            for order in itertools.permutations(blocks)
        ]
        assert all(one == tables[0] for one in tables)


def test_a_workbook_with_a_sheet_of_the_search_beside_the_results(tmp_path: Path) -> None:
    path = tmp_path / "Zephyr_Export_1.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Search summary").write_row(0, 0, ["Product name", "Zephyr"])
        sheet = book.add_worksheet("Results")
        for number, row in enumerate([HEADING, [*DEAL, *ACME, *SOLD, ""], [*BELOW, *BETA, *ALSO, ""]]):
            sheet.write_row(number, 0, row)
    records = ingest.read("zephyr", path, root=tmp_path)
    assert records.ledger[["reason", "rows"]].to_numpy().tolist() == [["read", 2], ["used", 2]]
    naics = records.facets.select("role", "naics").collect("pyarrow").rows()
    assert sorted(naics) == [
        *(("acquirer", "325412"), ("acquirer", "541511")),
        *(("target", "325412"), ("target", "541511")),
    ]


def test_missing_headings_are_all_named(engine: DuckDB, tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        read(engine, tmp_path, [["7", "x"]], heading=["Deal nr", "Target"])
    assert len(caught.value.faults) == 4
    with pytest.raises(BadInput, match="an option among"):
        read(engine, tmp_path, [[*DEAL, *ACME, *SOLD, ""]], options={"kind": "deal"})
