"""Projects and organisations as CORDIS delivers them: archives of several tables, in editions old and new."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

import ingest
from ingest import cordis
from ingest.engine import DuckDB
from ingest.faults import BadInput
from ingest.ledger import imbalance
from ingest.records import SOURCE_SCHEMA, SourceRows, check_schema

PROJECT = ["id", "acronym", "status", "startDate", "endDate", "totalCost", "ecMaxContribution", "ecSignatureDate"]
ORGANISATION = [
    *("projectID", "projectAcronym", "organisationID", "vatNumber", "name", "shortName", "activityType", "street"),
    *("postCode", "city", "country", "nutsCode", "geolocation", "role", "ecContribution", "endOfParticipation"),
]
FIELD = ["projectID", "euroSciVocCode", "euroSciVocPath", "euroSciVocTitle"]
#: Fields of science → NAICS, as a study would have them.
LABELS = {"computer and information sciences": ["5415"], "biological sciences": ["3254"], "humanities": ["7121"]}
BIOLOGY = "/natural sciences/biological sciences/botany"
COMPUTING = "/natural sciences/computer and information sciences/software"


def project(number: str, **cells: str) -> list[str]:
    given = {"status": "SIGNED", "startDate": "2016-03-01", "totalCost": "1234567,89", **cells}
    return [number, *(given.get(column, "") for column in PROJECT[1:])]


def member(number: str, pic: str, **cells: str) -> list[str]:
    given = {"name": f"Firm {pic}", "country": "DE", "role": "participant", "endOfParticipation": "false", **cells}
    given |= {"projectID": number, "organisationID": pic}
    return [given.get(column, "") for column in ORGANISATION]


def text(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return "".join(";".join(f'"{cell}"' for cell in row) + "\n" for row in [heading, *rows])


GOOD: dict[str, str] = {
    "project.csv": text(PROJECT, [project("101"), project("102", startDate="2017-01-01")]),
    "organization.csv": text(
        ORGANISATION,
        [
            member("101", "1", nutsCode="DE212", role="coordinator"),
            member("101", "2", city="Lyon", postCode="69001", country="FR"),
            member("102", "1", nutsCode="DE212"),
            member("102", "3", city="Athens", country="EL"),
        ],
    ),
    "euroSciVoc.csv": text(
        FIELD,
        [
            ["101", "/23/1", BIOLOGY, "botany"],
            ["101", "/23/2", COMPUTING, "software"],
            ["102", "/5", BIOLOGY, "botany"],
        ],
    ),
    "legalBasis.csv": text(["projectID", "legalBasis", "title"], [["101", "H2020-EU.1.", "Excellent"]]),
    "topics.csv": text(["projectID", "topic", "title"], [["101", "T-1", "Topic"], ["102", "T-1", "Topic"]]),
}


@pytest.fixture(scope="module")
def engine() -> DuckDB:
    return DuckDB()


def read(engine: DuckDB, folder: Path, tables: Mapping[str, str] = GOOD, **given: Any) -> SourceRows:
    for name, content in tables.items():
        (folder / name).write_text(content, encoding="utf-8")
    return cordis.read(engine, sorted(folder.iterdir()), root=folder, **given)


def table(found: SourceRows, name: str, *columns: str) -> list[tuple[Any, ...]]:
    return sorted(getattr(found, name).select(*columns).collect("pyarrow").rows(), key=repr)


def reasons(found: SourceRows, file: str = "organization.csv") -> list[str | None]:
    rows = found.rows.sort("file", "line").select("file", "reason").collect("pyarrow").rows()
    return [reason for name, reason in rows if name == file]


def test_projects_partners_places_and_fields(engine: DuckDB, tmp_path: Path) -> None:
    found = read(engine, tmp_path)
    for name, schema in SOURCE_SCHEMA.items():
        check_schema(getattr(found, name), schema, name)
    assert table(found, "events", "event", "kind", "form", "date", "year", "value", "currency") == [
        ("101", "alliance", "innovation network", "2016-03-01", 2016, 1234567.89, "EUR"),
        ("102", "alliance", "innovation network", "2017-01-01", 2017, 1234567.89, "EUR"),
    ]
    assert table(found, "participants", "event", "participant", "region_code", "postcode", "city", "country") == [
        ("101", "partner, PIC 1", "DE212", None, None, "DE"),
        ("101", "partner, PIC 2", None, "69001", "Lyon", "FR"),
        ("102", "partner, PIC 1", "DE212", None, None, "DE"),
        ("102", "partner, PIC 3", None, None, "Athens", "EL"),
    ]
    assert table(found, "facets", "event", "participant", "scheme", "symbol") == [
        ("101", None, "label", "biological sciences"),
        ("101", None, "label", "computer and information sciences"),
        ("102", None, "label", "biological sciences"),
    ]
    assert {name: reasons(found, name) for name in GOOD} == {
        "project.csv": [None, None],
        "organization.csv": [None] * 4,
        "euroSciVoc.csv": [None] * 3,
        "legalBasis.csv": ["table not used"],
        "topics.csv": ["table not used"] * 2,
    }


def test_the_archive_is_read_as_it_is_delivered(tmp_path: Path) -> None:
    path = tmp_path / "cordis-h2020projects-csv.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in GOOD.items():
            archive.writestr(name, content)
        archive.writestr("information.pdf", b"%PDF")
    records = ingest.read("cordis", path, labels=LABELS, root=tmp_path)
    assert imbalance(records.ledger) == []
    assert records.ledger["rows"].to_list()[0] == sum(content.count("\n") - 1 for content in GOOD.values())
    # 102 has one field, so no two of its facets can be linked.
    assert records.events.collect("pyarrow")["event"].to_list() == ["cordis:101"]
    assert sorted(records.facets.collect("pyarrow")["naics"].to_list()) == ["3254", "5415"]
    regions = records.participants.select("region", "placed_by").collect("pyarrow").rows()
    assert {region for region, _ in regions} == {"DE21", "FR71"}


def test_an_edition_before_2021(engine: DuckDB, tmp_path: Path) -> None:
    old = {
        "cordis-fp7projects.csv": "rcn;reference;acronym;status;startDate;totalCost\n77;211;OLD;ONG;2009-01-01;1,5\n",
        "cordis-fp7organizations.csv": "projectRcn;projectReference;projectAcronym;role;id;name;endOfParticipation;"
        "country;city;postCode\n77;211;OLD;coordinator;1;Acme;false;UK;Leeds;LS1\n77;211;OLD;participant;2;Beta;true;IT;"
        "Milano;20121\n",
    }
    found = read(engine, tmp_path, old)
    assert table(found, "events", "event", "year", "value") == [("211", 2009, 1.5)]
    assert table(found, "participants", "participant", "city", "country") == [
        ("partner, PIC 1", "Leeds", "UK"),
        ("partner, PIC 2", "Milano", "IT"),
    ]
    dropped = read(engine, tmp_path, old, options={"ended": "drop"})
    assert reasons(dropped, "cordis-fp7organizations.csv") == ["fewer than two participants", "participation ended"]
    assert table(dropped, "events", "event") == []


def test_what_is_lost_has_a_reason(engine: DuckDB, tmp_path: Path) -> None:
    projects = [
        *(project("101"), project("101"), project("102", status="TERMINATED"), project("103", startDate="2016-13-01")),
        *(project("104", startDate=""), project("105"), project("106"), ["", *project("x")[1:]]),
    ]
    members = [
        *(member("101", "1"), member("101", "1"), member("101", "2"), member("101", "3", name="-")),
        *(member("102", "1"), member("102", "2"), member("103", "1"), member("103", "2"), member("104", "1")),
        *(member("105", "1"), member("999", "1"), member("", "1"), member("104", "2")),
    ]
    fields = [["101", "", BIOLOGY, ""], ["102", "", BIOLOGY, ""], ["999", "", BIOLOGY, ""], ["101", "", "", ""]]
    tables = {"project.csv": (PROJECT, projects), "organization.csv": (ORGANISATION, members)}
    tables["euroSciVoc.csv"] = (FIELD, fields)
    found = read(engine, tmp_path, {name: text(*content) for name, content in tables.items()})
    lone, late = "fewer than two participants", "impossible date"
    assert reasons(found) == [
        *(None, "duplicate row", None, "no participant name", "status: terminated", "status: terminated"),
        *(late, late, "no date", lone, "belongs to no event", "no event id", "no date"),
    ]
    assert reasons(found, "project.csv") == [
        *(None, "duplicate row", "event set aside", "event set aside", "event set aside"),
        *("event set aside", lone, "no event id"),
    ]
    assert reasons(found, "euroSciVoc.csv") == [None, "event set aside", "belongs to no event", "no symbol"]
    assert table(found, "rejects", "file", "field", "value", "reason") == [
        ("project.csv", "start", "2016-13-01", late),
    ]


@pytest.mark.parametrize(
    ("options", "kept"),
    [({}, 3), ({"roles": "all"}, 3), ({"roles": ["Coordinator", "participant"]}, 2), ({"ended": "drop"}, 2)],
)
def test_roles_and_those_who_left(engine: DuckDB, tmp_path: Path, options: dict[str, object], kept: int) -> None:
    members = [
        *(member("101", "1", role="coordinator"), member("101", "2")),
        member("101", "3", role="thirdParty", endOfParticipation="true"),
    ]
    found = read(engine, tmp_path, {**GOOD, "organization.csv": text(ORGANISATION, members)}, options=options)
    assert len(table(found, "participants", "name")) == kept


def test_codes_of_the_users_own_come_before_fields(engine: DuckDB, tmp_path: Path) -> None:
    heading = [*ORGANISATION, "NACE"]
    members = [[*member("101", "1"), "21"], [*member("101", "2"), "26.1"]]
    tables = {**GOOD, "organization.csv": text(heading, members)}
    found = read(engine, tmp_path, tables, columns={"code": "NACE"})
    assert table(found, "facets", "participant", "scheme", "symbol") == [
        ("partner, PIC 1", "nace2", "21"),
        ("partner, PIC 2", "nace2", "26.1"),
    ]
    assert set(reasons(found, "euroSciVoc.csv")) == {"table not used"}
    by_field = read(engine, tmp_path, tables, columns={"code": "NACE"}, options={"sector_from": "field", "depth": 1})
    assert table(by_field, "facets", "symbol") == [("natural sciences",)]


def test_one_organisation_in_several_spellings_is_one_partner(engine: DuckDB, tmp_path: Path) -> None:
    members = [member("101", "1", name="Zeta"), member("101", "1", name="Alpha"), member("101", "2", city="Bonn")]
    members += [member("101", "", name="Vau", vatNumber="DE1"), member("101", "", name="Other", city="Ulm")]
    found = read(engine, tmp_path, {**GOOD, "organization.csv": text(ORGANISATION, members)})
    assert table(found, "participants", "participant", "name") == [
        ("partner, Other, DE", "Other"),
        ("partner, PIC 1", "Alpha"),
        ("partner, PIC 2", "Firm 2"),
        ("partner, VAT DE1", "Vau"),
    ]


def test_dates_and_worth_by_choice(engine: DuckDB, tmp_path: Path) -> None:
    one = project("101", ecSignatureDate="2015-12-24", ecMaxContribution="1.000,5", endDate="2019-02-28")
    tables = {**GOOD, "project.csv": text(PROJECT, [one, project("102", ecSignatureDate="2015")])}
    for date, when in {"signed": "2015-12-24", "end": "2019-02-28"}.items():
        found = read(engine, tmp_path, tables, options={"date": date, "value": "contribution"})
        assert ("101", when, 1000.5) in table(found, "events", "event", "date", "value")
    dear = {**GOOD, "project.csv": text(PROJECT, [project("101", totalCost="much"), project("102")])}
    assert table(read(engine, tmp_path, dear), "rejects", "key", "field", "value", "reason") == [
        ("Project 101", "value", "much", "not a number")
    ]


def test_a_missing_table_is_named(engine: DuckDB, tmp_path: Path) -> None:
    (tmp_path / "topics.csv").write_text(GOOD["topics.csv"], encoding="utf-8")
    with pytest.raises(BadInput, match=r"CORDIS projects[\s\S]*CORDIS organizations"):
        cordis.read(engine, [tmp_path / "topics.csv"])
    with pytest.raises(BadInput, match="depth = 0"):
        read(engine, tmp_path, options={"depth": 0})
