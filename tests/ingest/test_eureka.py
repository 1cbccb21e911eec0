"""EUREKA projects: a row a participant, participants in one cell, or in numbered columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import eureka
from ingest.columns import positions
from ingest.engine import DuckDB
from ingest.faults import BadInput
from ingest.records import SOURCE_SCHEMA, SourceRows, check_schema

HEADING = (
    "Project Number",
    "Acronym",
    "Start Date",
    "End Date",
    "Status",
    "Technological Area",
    "Market Area",
    "Organisation",
    "Country",
    "City",
    "SIC Code",
)
PROJECT = ["5012", "LASERCUT", "2009-03-01", "2012-02-28", "Finished", "Laser technology", "Machine tools"]
ACME = ["Acme SA", "France", "Lyon", "2834"]
BETA = ["Beta GmbH", "Germany", "Ulm", "3841"]


@pytest.fixture(scope="module")
def engine() -> DuckDB:
    return DuckDB()


def text(rows: Sequence[Sequence[str]], heading: Sequence[str] = HEADING) -> str:
    cells = [[f'"{cell}"' if set(cell) & set('\n,"') else cell for cell in row] for row in (heading, *rows)]
    return "".join(",".join(row) + "\n" for row in cells)


def read(engine: DuckDB, folder: Path, content: str, **given: Any) -> SourceRows:
    path = folder / "projects.csv"
    path.write_bytes(content.encode())
    return eureka.read(engine, [path], root=folder, **given)


def table(found: SourceRows, name: str, *columns: str) -> list[tuple[Any, ...]]:
    return sorted(getattr(found, name).select(*columns).collect("pyarrow").rows(), key=repr)


def reasons(found: SourceRows) -> list[str | None]:
    reason: list[str | None] = found.rows.sort("file", "line").collect("pyarrow")["reason"].to_list()
    return reason


def test_a_project_and_its_partners(engine: DuckDB, tmp_path: Path) -> None:
    found = read(engine, tmp_path, text([[*PROJECT, *ACME], [""] * 7 + BETA]))
    for name, schema in SOURCE_SCHEMA.items():
        check_schema(getattr(found, name), schema, name)
    assert table(found, "events", "event", "kind", "date", "year", "value", "key") == [
        ("5012", "alliance", "2009-03-01", 2009, None, "Project 5012 LASERCUT")
    ]
    assert table(found, "participants", "role", "name", "city", "country", "share") == [
        ("partner", "Acme SA", "Lyon", "France", 1.0),
        ("partner", "Beta GmbH", "Ulm", "Germany", 1.0),
    ]
    assert table(found, "facets", "role", "scheme", "symbol") == [
        ("partner", "sic", "2834"),
        ("partner", "sic", "3841"),
    ]
    assert table(found, "facets", "participant") == table(found, "participants", "participant")
    assert table(found, "rows", "line", "key", "event", "reason") == [
        (2, "Project 5012 LASERCUT, Acme SA", "5012", None),
        (3, "Project 5012 LASERCUT, Beta GmbH", "5012", None),
    ]


def test_every_layout_says_the_same(engine: DuckDB, tmp_path: Path) -> None:
    first_row = read(engine, tmp_path, text([[*PROJECT, *ACME], [""] * 7 + BETA]))
    repeated = read(engine, tmp_path, text([[*PROJECT, *BETA], [*PROJECT, *ACME]]))
    in_cell = read(engine, tmp_path, text([[*PROJECT, *("\n".join(pair) for pair in zip(ACME, BETA, strict=True))]]))
    heading = [*HEADING[:7], "Participant 1", "Country 1", "Participant 1 City", "Participant 1 SIC"]
    heading += ["Participant 2", "Country 2", "Participant 2 City", "Participant 2 SIC"]
    numbered = read(engine, tmp_path, text([[*PROJECT, *ACME, *BETA]], heading))
    order = [9, 4, 0, 7, 1, 10, 2, 3, 5, 6, 8]
    turned = [[row[place] for place in order] for row in ([*PROJECT, *ACME], [""] * 7 + BETA)]
    shuffled = read(engine, tmp_path, text(turned, [HEADING[place].upper() for place in order]))
    for name in ("events", "participants", "facets"):
        columns = list(SOURCE_SCHEMA[name])
        expected = table(first_row, name, *columns)
        for other in (repeated, in_cell, numbered, shuffled):
            assert table(other, name, *columns) == expected
    assert table(numbered, "rows", "line", "key", "reason") == [(2, "Project 5012 LASERCUT", None)]


def test_areas_where_participants_have_no_code(engine: DuckDB, tmp_path: Path) -> None:
    areas = [
        ("market area", None, "partner", "label", "Machine tools"),
        ("technological area", None, "partner", "label", "Laser technology"),
    ]
    columns = ("facet", "participant", "role", "scheme", "symbol")
    rows = [[*PROJECT, *ACME[:3], ""], [""] * 7 + [*BETA[:3], "-"]]
    assert table(read(engine, tmp_path, text(rows)), "facets", *columns) == areas
    coded = text([[*PROJECT, *ACME], [""] * 7 + BETA])
    assert table(read(engine, tmp_path, coded, options={"sector_from": "area"}), "facets", *columns) == areas
    # A project with codes keeps to them, one without any takes its areas.
    other = ["5013", *PROJECT[1:]]
    both = read(
        engine,
        tmp_path,
        coded + text([[*other, *row] for row in ([*ACME[:3], ""], [*BETA[:3], "-"])]).split("\n", 1)[1],
    )
    schemes = {(event, scheme) for event, scheme in table(both, "facets", "event", "scheme")}
    assert schemes == {(PROJECT[0], "sic"), ("5013", "label")}
    by_code = read(engine, tmp_path, text(rows), options={"sector_from": "participant"})
    assert table(by_code, "facets", *columns) == []
    assert len(table(by_code, "participants", "name")) == 2


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        ("NACE Rev. 2", "nace2"),
        ("Participant NACE", "nace2"),
        ("NACE Rev. 1.1 Code", "nace1"),
        ("NAICS Code", "naics"),
        ("Primary SIC Code", "sic"),
        ("Partner 12 SIC", "sic_12"),
        ("Country 3", "country_3"),
        ("Organization Name", "organisation"),
    ],
)
def test_headings_name_the_classification_and_the_participant(heading: str, column: str) -> None:
    assert positions([heading], eureka.LAYOUT) == {column: 0}


def test_the_scheme_is_that_of_the_column(engine: DuckDB, tmp_path: Path) -> None:
    heading = [*HEADING[:10], "NACE Rev. 2", "NACE Rev. 1.1"]
    rows = [[*PROJECT, *ACME[:3], "21.20", ""], [""] * 7 + [*BETA[:3], "", "24.42"]]
    found = read(engine, tmp_path, text(rows, heading))
    assert table(found, "facets", "scheme", "symbol") == [("nace1", "24.42"), ("nace2", "21.20")]


def test_a_column_of_codes_that_the_study_names(engine: DuckDB, tmp_path: Path) -> None:
    content = text([[*PROJECT, *ACME], [""] * 7 + BETA], [*HEADING[:10], "Branche"])
    found = read(engine, tmp_path, content, columns={"code": "Branche"}, options={"scheme": "isic4"})
    assert table(found, "facets", "scheme", "symbol") == [("isic4", "2834"), ("isic4", "3841")]


def test_statuses(engine: DuckDB, tmp_path: Path) -> None:
    statuses = ["Running", "Finished", "Withdrawn", "Unlabelled", "Proposed", ""]
    both = ["Acme\nBeta", "France\nItaly", "", ""]
    rows = [[str(n), "", *PROJECT[2:4], status, *PROJECT[5:], *both] for n, status in enumerate(statuses)]
    expected = [None, None, "status: withdrawn", "status: unlabelled", "status: proposed", None]
    assert reasons(read(engine, tmp_path, text(rows))) == expected
    assert reasons(read(engine, tmp_path, text(rows), options={"status": "all"})) == [None] * 6
    finished = read(engine, tmp_path, text(rows), options={"status": "finished"})
    assert table(finished, "events", "event") == [("1",)]


def test_the_end_of_a_project_and_years_alone(engine: DuckDB, tmp_path: Path) -> None:
    heading = ["Project ID", "Title", "End Year", "Total Cost (MEUR)", "Partner", "Partner Country"]
    content = text([["77", "A title", "2012", "3.5", "Acme", "FR"], ["", "", "", "", "Beta", "DE"]], heading)
    found = read(engine, tmp_path, content, options={"date": "end"})
    assert table(found, "events", "date", "year", "value", "currency", "key") == [
        (None, 2012, 3.5, "EUR mn", "Project 77")
    ]


def test_impossible_dates_single_partners_and_repeated_rows(engine: DuckDB, tmp_path: Path) -> None:
    rows = [[*PROJECT, *ACME], [*PROJECT, *ACME], [""] * 7 + BETA, [""] * 7 + BETA]
    rows += [["5013", "ALONE", *PROJECT[2:], *ACME]]
    rows += [["5014", "LATE", "3201-01-01", *PROJECT[3:], *ACME], [""] * 7 + BETA]
    rows += [["5015", "NOBODY", *PROJECT[2:], "", "", "", ""]]
    found = read(engine, tmp_path, text(rows))
    assert reasons(found) == [
        None,
        "duplicate row",
        None,
        "duplicate row",
        "fewer than two participants",
        "impossible date",
        "impossible date",
        "no participant name",
    ]
    assert {row[:2] for row in table(found, "rejects", "field", "value")} == {("start", "3201-01-01")}
    assert table(found, "events", "event") == [("5012",)]


def test_a_project_without_number_is_known_by_its_acronym(engine: DuckDB, tmp_path: Path) -> None:
    rows = [["", *PROJECT[1:], *ACME], [""] * 7 + BETA]
    found = read(engine, tmp_path, text(rows))
    assert table(found, "events", "event", "key") == [("2009-03-01, LASERCUT", "Project 2009-03-01, LASERCUT")]
    assert reasons(read(engine, tmp_path, text([[""] * 7 + BETA, *rows])))[0] == "no event id"


def test_missing_columns_and_options_are_said_all_at_once(engine: DuckDB, tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        read(engine, tmp_path, "When,Who\n2003,Acme\n")
    assert len(caught.value.faults) == 3
    with pytest.raises(BadInput) as caught:
        read(engine, tmp_path, text([[*PROJECT, *ACME]]), options={"date": "middle", "sector_from": "x", "y": 1})
    assert len(caught.value.faults) == 3


CELLS: Mapping[str, st.SearchStrategy[str]] = {
    "number": st.sampled_from(["1", "2", "3", ""]),
    "acronym": st.sampled_from(["LASER", ""]),
    "start": st.sampled_from(["2009-03-01", "2010", "3201", ""]),
    "status": st.sampled_from(["Finished", "Withdrawn", ""]),
    "technology": st.sampled_from(["Lasers", "Foods", ""]),
    "one": st.sampled_from(["Acme", "Beta\nGamma", ""]),
    "two": st.sampled_from(["Delta", "Acme", ""]),
    "country": st.sampled_from(["France", "Italy\nSpain", ""]),
}
SOME = ("Project Number", "Acronym", "Start", "Status", "Technological Area", "Partner 1", "Partner 2", "Country 1")


@settings(deadline=None, max_examples=3)
@given(rows=st.lists(st.fixed_dictionaries(dict(CELLS)), min_size=6, max_size=25), data=st.data())
def test_every_row_is_accounted_for_in_any_order(
    engine: DuckDB,
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[dict[str, str]],
    data: st.DataObject,
) -> None:
    # Each row begins a project, so that the order of rows may not matter.
    rows = [{**row, "acronym": row["acronym"] or "FOOD"} for row in rows]
    folder = tmp_path_factory.mktemp("projects")
    found = read(engine, folder, text([[row[name] for name in CELLS] for row in rows], SOME))
    turned = read(
        engine, folder, text([[row[name] for name in CELLS] for row in data.draw(st.permutations(rows))], SOME)
    )
    assert len(reasons(found)) == len(rows) == found.inputs["rows"].sum()
    assert len(set(table(found, "rows", "line"))) == len(rows)
    used = found.rows.collect("pandas").to_native()
    events = set(table(found, "events", "event"))
    assert events == {(event,) for event in used.loc[used["reason"].isna(), "event"]}
    assert {(event,) for (event,) in table(found, "facets", "event")} <= events
    for name in ("events", "participants", "facets"):
        columns = list(SOURCE_SCHEMA[name])
        assert table(found, name, *columns) == table(turned, name, *columns)
    assert table(found, "rows", "key", "event", "reason") == table(turned, "rows", "key", "event", "reason")


def test_a_project_of_many_numbered_participants_keeps_them_all(engine: DuckDB, tmp_path: Path) -> None:
    heading = [
        "Project Number",
        "Start",
        *(f"{name} {n}" for n in range(1, 15) for name in ("Organisation", "SIC Code")),
    ]
    row = ["1", "2009-03-01", *(cell for n in range(1, 15) for cell in (f"F{n}", "2834"))]
    found = read(engine, tmp_path, text([row], heading))
    assert len(table(found, "participants", "participant")) == 14
