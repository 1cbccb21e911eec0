"""REGPAT's tables, told apart by their headings."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import regpat
from ingest.engine import DuckDB
from ingest.faults import BadInput
from ingest.records import SOURCE_SCHEMA, SourceRows, check_schema

ENGINE = DuckDB()
PEOPLE = "app_nbr|appln_id|person_id|inv_name|address|city|postal_code|reg_code|ctry_code|reg_share|inv_share"
APPLICANTS = (
    "app_nbr|Appln_id|pub_nbr|person_id|app_name|Address|city|postal_code|Reg_code|ctry_code|reg_share|app_share"
)
SYMBOLS = "app_nbr|appln_id|prio_year|app_year|IPC"
MUNICH = 'EP1|1|7|"A, B"|Street 1|"München"|80331|DE212|DE|0.5|0.5'
LYON = "EP1|1|8|C|Street 2|Lyon||FR716|FR|1|0.5"
FIRST = "EP1|1|2003|2004|A61K  31/00"
SECOND = "EP1|1|2003|2004|C07D 401/12"


def read(folder: Path, files: Mapping[str, list[str]], **options: object) -> SourceRows:
    for name, lines in files.items():
        (folder / name).write_bytes("".join(f"{line}\r\n" for line in lines).encode())
    paths = [folder / name for name in files]
    return regpat.read(ENGINE, paths, options=options, root=folder)


def rows(found: SourceRows, name: str, *columns: str) -> list[tuple[Any, ...]]:
    return sorted(getattr(found, name).select(*columns).collect("pyarrow").rows(), key=repr)


def fate(found: SourceRows) -> dict[tuple[str, int], str | None]:
    return {(file, line): reason for file, line, reason in rows(found, "rows", "file", "line", "reason")}


def test_inventors_and_symbols_make_an_event(tmp_path: Path) -> None:
    found = read(tmp_path, {"EPO_Inv_reg.txt": [PEOPLE, MUNICH, LYON], "EPO_IPC.txt": [SYMBOLS, FIRST, SECOND]})
    for name, schema in SOURCE_SCHEMA.items():
        check_schema(getattr(found, name), schema, name)
    assert rows(found, "events", "event", "kind", "year", "key") == [("1", "copatent", 2003, "EP1")]
    assert rows(found, "participants", "participant", "role", "name", "region_code", "city", "share") == [
        ("7", "inventor", None, "DE212", "München", 0.25),
        ("8", "inventor", None, "FR716", "Lyon", 0.5),
    ]
    assert rows(found, "facets", "symbol", "scheme", "role", "participant") == [
        ("A61K 31/00", "ipc", "class", None),
        ("C07D 401/12", "ipc", "class", None),
    ]
    assert set(fate(found).values()) == {None}
    assert rows(found, "rows", "key")[0] == ("EP1 person 7",)


def test_the_filing_year_on_request(tmp_path: Path) -> None:
    files = {"EPO_Inv_reg.txt": [PEOPLE, MUNICH], "EPO_IPC.txt": [SYMBOLS, FIRST]}
    assert rows(read(tmp_path, files, year="app_year"), "events", "year") == [(2004,)]


def test_applicants_on_request_and_tables_not_used(tmp_path: Path) -> None:
    files = {
        "a.txt": [PEOPLE, MUNICH],
        "b.txt": [APPLICANTS, "EP1|1|EP0|9|Acme|Street|Ulm||DE144|DE|1|1"],
        "c.txt": [SYMBOLS, FIRST],
        "REGPAT_Regions.txt": [
            "Ctry_code|reg_code|reg_label|up_reg_code|up_reg_label",
            "DE|DE212|München|DE21|Oberbayern",
        ],
    }
    found = read(tmp_path, files, of="applicants")
    assert rows(found, "participants", "role", "name", "city") == [("applicant", "Acme", "Ulm")]
    assert fate(found) == {
        ("a.txt", 2): "table not used",
        ("b.txt", 2): None,
        ("c.txt", 2): None,
        ("REGPAT_Regions.txt", 2): "table not used",
    }
    assert found.inputs["rows"].sum() == 4


def test_pct_files_are_set_aside_unless_asked_for(tmp_path: Path) -> None:
    files = {
        "EPO_Inv_reg.txt": [PEOPLE, MUNICH],
        "EPO_IPC.txt": [SYMBOLS, FIRST],
        "PCT_Inv_reg.txt": [PEOPLE, LYON.replace("EP1|1", "WO2|2")],
        "PCT_IPC.txt": [SYMBOLS, FIRST.replace("EP1|1", "WO2|2")],
    }
    found = read(tmp_path, files)
    assert [reason for (file, _), reason in fate(found).items() if file.startswith("PCT")] == ["table not used"] * 2
    assert rows(read(tmp_path, files, office="both"), "events", "event") == [("1",), ("2",)]
    assert rows(read(tmp_path, files, office="pct"), "events", "event") == [("2",)]


def test_what_cannot_be_used_is_set_aside_with_its_reason(tmp_path: Path) -> None:
    people = [PEOPLE, MUNICH, MUNICH, "EP2|2|7|||||DE212|DE|1|1", "EP3|3|7|||||DEZZZ|DE|1|x", "EP4|4|||||||DE|1|1"]
    people += ["EP5|5|7|||||DE212|DE|1|1", "EP9|9|7|||||DE212|DE|1|1", "|||||||DE212|DE|1|1", "EP1|1|too few"]
    symbols = [SYMBOLS, FIRST, FIRST, "EP2|2|3201|2004|A61K", "EP3|3|2003|2004|A61K", "EP4|4|2003|2004|A61K"]
    symbols += ["EP5|5|2003|2004|", "EP6|6||2004|A61K", "|||2004|A61K"]
    found = read(tmp_path, {"EPO_Inv_reg.txt": people, "EPO_IPC.txt": symbols})
    seen = fate(found)
    assert [seen["EPO_Inv_reg.txt", line] for line in range(2, 11)] == [
        *(None, "duplicate row", "application set aside", None, "no person"),
        *("no symbol", "belongs to no event", "no event id", "wrong number of cells"),
    ]
    assert [seen["EPO_IPC.txt", line] for line in range(2, 10)] == [
        *(None, "duplicate row", "impossible year", None, "no inventor"),
        *("no symbol", "no date", "no event id"),
    ]
    assert rows(found, "events", "event") == [("1",), ("3",)]
    assert ("own_share", "x", "not a positive number") in rows(found, "rejects", "field", "value", "reason")
    assert ("prio_year", "3201", "impossible year") in rows(found, "rejects", "field", "value", "reason")


def test_a_missing_table_and_a_strange_file_are_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="a file EPO_ipc"):
        read(tmp_path, {"EPO_Inv_reg.txt": [PEOPLE, MUNICH]})
    with pytest.raises(BadInput, match="line 1: 'x, y'") as error:
        read(tmp_path, {"EPO_Inv_reg.txt": [PEOPLE, MUNICH], "strange.txt": ["x|y", "1|2"], "empty.txt": []})
    assert {fault.file for fault in error.value.faults} == {"strange.txt", "empty.txt"}
    with pytest.raises(BadInput, match=r"columns\.own_share"):
        read(tmp_path, {"EPO_Inv_reg.txt": [PEOPLE.replace("|inv_share", ""), MUNICH[:-4]]})
    with pytest.raises(BadInput, match="correct `files`"):
        read(tmp_path, {})


def test_the_year_that_counts_must_be_there(tmp_path: Path) -> None:
    symbols = ["app_nbr|appln_id|app_year|IPC", "EP1|1|2004|A61K  31/00"]
    files = {"EPO_Inv_reg.txt": [PEOPLE, MUNICH], "EPO_IPC.txt": symbols}
    with pytest.raises(BadInput, match=r"expected a column for prio_year.*columns\.prio_year = \"app_year\""):
        read(tmp_path, files)
    assert rows(read(tmp_path, files, year="app_year"), "events", "event", "year") == [("1", 2004)]


def test_shares_that_are_not_understood_are_the_mean_of_the_others(tmp_path: Path) -> None:
    people = [PEOPLE, *(f"EP1|1|{n}|||||DE212|DE|1|{share}" for n, share in ((7, "0,5"), (8, "30%"), (9, "x")))]
    found = read(tmp_path, {"EPO_Inv_reg.txt": people, "EPO_IPC.txt": [SYMBOLS, FIRST]})
    assert rows(found, "participants", "participant", "share") == [("7", 0.5), ("8", 0.3), ("9", 0.4)]


@settings(max_examples=5, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from("123"), st.sampled_from(["7", "8", ""]), st.sampled_from(["1", "0", "x"])), min_size=1
    ),
    st.lists(
        st.tuples(st.sampled_from("1234"), st.sampled_from(["2003", "3201", ""]), st.sampled_from(["A61K", ""])),
        min_size=1,
    ),
)
def test_every_row_is_accounted_for(
    tmp_path_factory: pytest.TempPathFactory, people: list[tuple[str, ...]], symbols: list[tuple[str, ...]]
) -> None:
    files = {
        "EPO_Inv_reg.txt": [PEOPLE, *(f"|{i}|{person}|||||DE212|DE|1|{share}" for i, person, share in people)],
        "EPO_IPC.txt": [SYMBOLS, *(f"|{i}|{year}|2004|{symbol}" for i, year, symbol in symbols)],
    }
    found = read(tmp_path_factory.mktemp("regpat"), files)
    assert len(fate(found)) == found.inputs["rows"].sum() == len(people) + len(symbols)
    by_people = {i for i, person, _ in people if person}
    by_symbols = {i for i, year, symbol in symbols if year == "2003" and symbol}
    assert {event for (event,) in rows(found, "events", "event")} == by_people & by_symbols
