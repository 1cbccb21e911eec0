"""Alliances as SDC Platinum exports them: a row a participant, or all participants in one cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import sdc
from ingest.engine import DuckDB
from ingest.faults import BadInput
from ingest.records import SOURCE_SCHEMA, SourceRows, check_schema

HEADING = (
    "Alliance Date Announced",
    "Status",
    "Participants in Venture / Alliance (Short Name)",
    "Participant Nation",
    "Participant City",
    "Participant Primary SIC Code",
    "Deal Number",
)


@pytest.fixture(scope="module")
def engine() -> DuckDB:
    return DuckDB()


def text(rows: Sequence[Sequence[str]], heading: Sequence[str] = HEADING) -> str:
    cells = [[f'"{cell}"' if set(cell) & set('\n,"') else cell for cell in row] for row in (heading, *rows)]
    return "".join(",".join(row) + "\n" for row in cells)


def read(engine: DuckDB, folder: Path, content: str, **given: Any) -> SourceRows:
    path = folder / "alliances.csv"
    path.write_bytes(content.encode())
    return sdc.read(engine, [path], root=folder, **given)


def table(found: SourceRows, name: str, *columns: str) -> list[tuple[Any, ...]]:
    return sorted(getattr(found, name).select(*columns).collect("pyarrow").rows(), key=repr)


def reasons(found: SourceRows) -> list[str | None]:
    reason: list[str | None] = found.rows.sort("file", "line").collect("pyarrow")["reason"].to_list()
    return reason


ACME = ["Acme SA", "France", "Lyon", "2834"]
BETA = ["Beta GmbH", "Germany", "Ulm", "3841"]
GAMMA = ["Gamma SpA", "Italy", "Milano", "7372"]
FIRST = ["01/15/2003", "Completed/Signed"]


def test_a_row_a_participant_with_the_deal_on_its_first_row(engine: DuckDB, tmp_path: Path) -> None:
    rows = [[*FIRST, *ACME, "7"], ["", "", *BETA, ""], ["", "", *GAMMA, ""]]
    rows += [["02/15/2004", "", *GAMMA, "8"], ["", "", *ACME, ""]]
    found = read(engine, tmp_path, text(rows))
    for name, schema in SOURCE_SCHEMA.items():
        check_schema(getattr(found, name), schema, name)
    assert table(found, "events", "event", "kind", "date", "year", "value", "currency", "key") == [
        ("7", "alliance", "2003-01-15", 2003, None, None, "Deal Number 7"),
        ("8", "alliance", "2004-02-15", 2004, None, None, "Deal Number 8"),
    ]
    assert table(found, "participants", "event", "role", "name", "city", "country", "share") == [
        ("7", "partner", "Acme SA", "Lyon", "France", 1.0),
        ("7", "partner", "Beta GmbH", "Ulm", "Germany", 1.0),
        ("7", "partner", "Gamma SpA", "Milano", "Italy", 1.0),
        ("8", "partner", "Acme SA", "Lyon", "France", 1.0),
        ("8", "partner", "Gamma SpA", "Milano", "Italy", 1.0),
    ]
    assert table(found, "facets", "event", "scheme", "symbol") == [
        ("7", "sic", "2834"),
        ("7", "sic", "3841"),
        ("7", "sic", "7372"),
        ("8", "sic", "2834"),
        ("8", "sic", "7372"),
    ]
    assert table(found, "facets", "participant") == table(found, "participants", "participant")
    assert table(found, "rows", "line", "key", "event", "reason")[1] == (3, "Deal Number 7, Beta GmbH", "7", None)


def test_many_participants_in_one_cell_say_the_same(engine: DuckDB, tmp_path: Path) -> None:
    by_row = read(engine, tmp_path, text([[*FIRST, *ACME, "7"], ["", "", *BETA, ""], ["", "", *GAMMA, ""]]))
    repeated = read(engine, tmp_path, text([[*FIRST, *who, "7"] for who in (GAMMA, ACME, BETA)]))
    cells = ["\r\n".join(cell) for cell in zip(ACME, BETA, GAMMA, strict=True)]
    in_cell = read(engine, tmp_path, text([[*FIRST, *cells, "7"]]))
    for name in ("events", "participants", "facets"):
        columns = list(SOURCE_SCHEMA[name])
        assert table(by_row, name, *columns) == table(in_cell, name, *columns) == table(repeated, name, *columns)
    assert table(in_cell, "rows", "line", "key", "reason") == [(2, "Deal Number 7", None)]


def test_a_list_that_is_not_as_long_is_rejected_and_the_participants_kept(engine: DuckDB, tmp_path: Path) -> None:
    row = [*FIRST, "Acme\nBeta\nGamma", "France\nItaly", "Lyon\n-\nMilano", "2834\nn.a.\n7372", "7"]
    found = read(engine, tmp_path, text([row]))
    assert reasons(found) == [None]
    assert table(found, "participants", "name", "country", "city") == [
        ("Acme", None, "Lyon"),
        ("Beta", None, None),
        ("Gamma", None, "Milano"),
    ]
    assert table(found, "facets", "participant", "symbol") == [("partner, Acme", "2834"), ("partner, Gamma", "7372")]
    assert table(found, "rejects", "key", "field", "value", "reason") == [
        ("Deal Number 7", "nation", "France; Italy", "2 entries beside 3 names")
    ]


def test_a_first_rows_empty_status_is_not_taken_from_the_deal_above(engine: DuckDB, tmp_path: Path) -> None:
    rows = [["01/15/2003", "Rumored", *ACME, "7"], ["", "", *BETA, ""]]
    rows += [["01/16/2003", "", *ACME, "8"], ["", "", *BETA, ""]]
    found = read(engine, tmp_path, text(rows))
    assert reasons(found) == ["status: rumored", "status: rumored", None, None]


def test_files_do_not_run_into_one_another(engine: DuckDB, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(text([[*FIRST, *ACME, "7"], ["", "", *BETA, ""]]))
    (tmp_path / "b.csv").write_text(text([["", "", *GAMMA, ""], [*FIRST, *ACME, "8"], ["", "", *BETA, ""]]))
    found = sdc.read(engine, [tmp_path / "a.csv", tmp_path / "b.csv"], root=tmp_path)
    assert reasons(found) == [None, None, "no event id", None, None]
    assert len(table(found, "participants", "name")) == 4


def test_rows_below_an_unreadable_line_do_not_go_to_the_deal_above(engine: DuckDB, tmp_path: Path) -> None:
    lines = text([[*FIRST, *ACME, "7"], ["", "", *BETA, ""], ["", "", *GAMMA, ""]]).splitlines(keepends=True)
    lines.insert(3, "03/15/2005,Pending,Delta BV\n")
    found = read(engine, tmp_path, "".join(lines))
    assert [reason is None for reason in reasons(found)] == [True, True, False, False]
    assert reasons(found)[3] == "no event id"
    assert table(found, "participants", "name") == [("Acme SA",), ("Beta GmbH",)]


def test_statuses(engine: DuckDB, tmp_path: Path) -> None:
    statuses = [
        "Completed/Signed",
        "Pending",
        "Terminated",
        "Rumored",
        "Letter of Intent",
        "Seeking to Form",
        "",
        "Withdrawn",
    ]
    cells = ["Acme\nBeta", "France\nItaly", "", "2834\n3841"]
    content = text([["01/15/2003", status, *cells, str(number)] for number, status in enumerate(statuses)])
    assert [reason is None for reason in reasons(read(engine, tmp_path, content))] == [
        True, True, True, False, False, False, True, False,
    ]  # fmt: skip
    assert reasons(read(engine, tmp_path, content, options={"status": "all"})) == [None] * 8
    signed = read(engine, tmp_path, content, options={"status": ["Completed/Signed", "terminated"]})
    assert [event for (event,) in table(signed, "events", "event")] == ["0", "2"]


def test_fewer_than_two_participants(engine: DuckDB, tmp_path: Path) -> None:
    rows = [[*FIRST, *ACME, "7"], [*FIRST, *ACME, "8"], ["", "", *ACME, ""], [*FIRST, *ACME, "9"], ["", "", *BETA, ""]]
    rows += [["", "", "", "", "", "", "10"], ["", "", "Acme\n-", "", "", "", "11"]]
    rows[-1][0] = rows[-2][0] = "01/15/2003"
    found = read(engine, tmp_path, text(rows))
    few = "fewer than two participants"
    assert reasons(found) == [few, few, "duplicate row", None, None, "no participant name", few]
    assert table(found, "events", "event") == [("9",)]
    assert {event for (event,) in table(found, "facets", "event")} == {"9"}


def test_an_impossible_date_sets_every_row_of_the_alliance_aside(engine: DuckDB, tmp_path: Path) -> None:
    date = "07/14/3201"
    rows = [[date, "", *ACME, "7"], ["", "", *BETA, ""], [*FIRST, *ACME, "8"], ["", "", *BETA, ""]]
    found = read(engine, tmp_path, text(rows))
    assert reasons(found) == ["impossible date", "impossible date", None, None]
    assert table(found, "rejects", "line", "field", "value", "reason") == [
        (2, "announced", date, "impossible date"),
        (3, "announced", date, "impossible date"),
    ]


def test_the_number_on_every_row_and_the_date_on_the_first(engine: DuckDB, tmp_path: Path) -> None:
    rows = [["01/15/2003", "Pending", *ACME, "7"], ["", "", *BETA, "7"], ["", "", *GAMMA, "8"]]
    found = read(engine, tmp_path, text(rows))
    assert reasons(found) == [None, None, "no date"]
    assert table(found, "events", "event", "date") == [("7", "2003-01-15")]


def test_rows_that_give_an_alliance_a_later_date(engine: DuckDB, tmp_path: Path) -> None:
    rows = [["01/15/2005", "", *GAMMA, "7"], ["01/15/2003", "", *ACME, "7"], ["", "", *BETA, ""]]
    assert reasons(read(engine, tmp_path, text(rows))) == ["conflicting date", None, None]


def test_a_year_alone_is_no_other_date_than_a_day_of_it(engine: DuckDB, tmp_path: Path) -> None:
    rows = [["2003", "", *ACME, "7"], ["05/01/2003", "", *BETA, "7"], ["05/02/2003", "", *GAMMA, "7"]]
    found = read(engine, tmp_path, text(rows))
    assert reasons(found) == [None, None, "conflicting date"]
    assert table(found, "events", "event", "date", "year") == [("7", "2003-05-01", 2003)]
    rows = [["2002", "", *ACME, "7"], ["2002", "", *BETA, "7"], ["05/02/2003", "", *GAMMA, "7"]]
    assert reasons(read(engine, tmp_path, text(rows))) == [None, None, "conflicting date"]


def test_an_alliance_without_number_is_known_by_its_content(engine: DuckDB, tmp_path: Path) -> None:
    heading = ["Date Announced", "Alliance Deal Name", "Participant Name", "Participant Primary NAIC Code"]
    rows = [["01/15/2003", "Acme/Beta JV", "Acme", "325412"], ["01/15/2003", "Acme/Beta JV", "Beta", "541711"]]
    rows += [["01/15/2003", "", "Gamma", "511210"], ["", "", "Delta", "334111"]]
    found = read(engine, tmp_path, text(rows, heading))
    assert reasons(found) == [None] * 4
    assert table(found, "events", "event", "key") == [
        ("2003-01-15, Acme/Beta JV", "Alliance 2003-01-15, Acme/Beta JV"),
        ("2003-01-15, Delta, Gamma", "Alliance 2003-01-15, Delta, Gamma"),
    ]
    assert {scheme for (scheme,) in table(found, "facets", "scheme")} == {"naics"}


def test_missing_columns_and_unknown_options(engine: DuckDB, tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        read(engine, tmp_path, "When,Who\n2003,Acme\n")
    assert len(caught.value.faults) == 2
    with pytest.raises(BadInput, match="colour"):
        read(engine, tmp_path, text([[*FIRST, *ACME, "7"]]), options={"colour": "red"})


def test_the_encoding_and_the_columns_can_be_set(engine: DuckDB, tmp_path: Path) -> None:
    path = tmp_path / "mac.csv"
    path.write_bytes("Announced on;Who;Number\n2003-01-15;Zürich AG;7\n;Malmö AB;\n".encode("mac_roman"))
    columns = {"announced": "Announced on", "participant": "Who", "number": "Number"}
    options = {"encoding": "mac_roman", "delimiter": ";"}
    found = sdc.read(engine, [path], columns=columns, options=options)
    assert table(found, "participants", "name") == [("Malmö AB",), ("Zürich AG",)]


CELLS: Mapping[str, st.SearchStrategy[str]] = {
    "date": st.sampled_from(["01/15/2003", "02/15/2003", "", "", "3201-01-01"]),
    "status": st.sampled_from(["Pending", "Rumored", ""]),
    "name": st.sampled_from(["Acme", "Beta", "Gamma", "Acme\nBeta", "Beta\nGamma\nDelta", ""]),
    "nation": st.sampled_from(["France", "France\nItaly", ""]),
    "city": st.sampled_from(["Lyon", "Ulm\nMilano", ""]),
    "code": st.sampled_from(["2834", "2834\n3711", ""]),
    "number": st.sampled_from(["1", "2", "", ""]),
}


@settings(deadline=None, max_examples=3)
@given(
    blocks=st.lists(st.lists(st.fixed_dictionaries(dict(CELLS)), min_size=1, max_size=3), min_size=3, max_size=10),
    data=st.data(),
)
def test_every_row_is_accounted_for_in_any_order_of_blocks(
    engine: DuckDB,
    tmp_path_factory: pytest.TempPathFactory,
    blocks: list[list[dict[str, str]]],
    data: st.DataObject,
) -> None:
    deal = {
        "date": "03/15/2003",
        "status": "Pending",
        "number": "9",
        "name": "Eta",
        "nation": "",
        "city": "",
        "code": "",
    }
    blocks = [[{**deal, **{k: v for k, v in block[0].items() if v}}, *block[1:]] for block in blocks]
    blocks = [[row for row in block if any(row.values())] for block in blocks]
    folder = tmp_path_factory.mktemp("alliances")
    found = read(engine, folder, text([[row[name] for name in CELLS] for block in blocks for row in block]))
    turned = data.draw(st.permutations(blocks))
    shuffled = read(engine, folder, text([[row[name] for name in CELLS] for block in turned for row in block]))
    assert len(reasons(found)) == sum(map(len, blocks)) == found.inputs["rows"].sum()
    assert len(set(table(found, "rows", "line"))) == sum(map(len, blocks))
    used = found.rows.collect("pandas").to_native()
    events = set(table(found, "events", "event"))
    assert events == {(event,) for event in used.loc[used["reason"].isna(), "event"]}
    partners = [event for (event,) in table(found, "participants", "event")]
    assert all(partners.count(event) >= 2 for (event,) in events)
    for name in ("events", "participants", "facets"):
        columns = list(SOURCE_SCHEMA[name])
        assert table(found, name, *columns) == table(shuffled, name, *columns)
    assert table(found, "rows", "key", "event", "reason") == table(shuffled, "rows", "key", "event", "reason")


FLAGS = (*HEADING, "Joint Venture Flag", "Research & Development Agreement", "Strategic Alliance")


@pytest.mark.parametrize(
    ("flags", "form"),
    [
        (["Y", "N", "N"], "joint venture"),
        (["Yes", "Y", "Y"], "joint venture"),
        (["N", "Y", "Y"], "R&D agreement"),
        (["No", "-", "Yes"], "strategic alliance"),
        (["N", "N", "N"], None),
        (["", "", ""], None),
    ],
)
def test_flags_say_what_an_alliance_is(engine: DuckDB, tmp_path: Path, flags: list[str], form: str | None) -> None:
    # The flags stand on the first row only, as the rest of the deal does.
    content = text([[*FIRST, *ACME, "7", *flags], ["", "", *BETA, "", "", "", ""]], FLAGS)
    assert table(read(engine, tmp_path, content), "events", "event", "kind", "form") == [("7", "alliance", form)]


def test_of_rows_that_say_different_things_the_first_form_counts(engine: DuckDB, tmp_path: Path) -> None:
    rows = [[*FIRST, *ACME, "7", "N", "N", "Y"], [*FIRST, *BETA, "7", "N", "Y", "N"]]
    for order in (rows, rows[::-1]):
        assert table(read(engine, tmp_path, text(order, FLAGS)), "events", "form") == [("R&D agreement",)]
