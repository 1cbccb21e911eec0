"""PATSTAT's tables: first EPO filings of their families."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ingest
from ingest import patstat, regions
from ingest.engine import DuckDB, collect
from ingest.faults import BadInput
from ingest.records import SOURCE_SCHEMA, SourceRows, check_schema

ENGINE = DuckDB()
FILINGS = "appln_id,appln_auth,appln_kind,appln_filing_date,appln_filing_year,docdb_family_id"
PERSONS = "person_id,person_name,person_address,person_ctry_code,nuts,psn_name"
ROLES = "person_id,appln_id,applt_seq_nr,invt_seq_nr"
BASE = {
    "tls201_part01.csv": [FILINGS, "1,EP,A,2003-05-04,2003,77"],
    "tls206_part01.csv": [PERSONS, "7,Name,,DE,DE212,", '8,Acme,"22 Street, D-80331 München (DE)",DE,,ACME'],
    "tls207_part01.csv": [ROLES, "7,1,0,1", "8,1,1,0"],
    "tls209_part01.csv": ["appln_id,ipc_class_symbol,ipc_class_level", "1,A61K  31/00,A"],
}


def read(folder: Path, files: Mapping[str, list[str]], **options: object) -> SourceRows:
    for name, lines in files.items():
        (folder / name).write_text("\n".join(lines) + "\n")
    return patstat.read(ENGINE, [folder / name for name in files], options=options, root=folder)


def rows(found: SourceRows, name: str, *columns: str) -> list[tuple[Any, ...]]:
    return sorted(getattr(found, name).select(*columns).collect("pyarrow").rows(), key=repr)


def fate(found: SourceRows, table: str) -> list[str | None]:
    frame = found.rows.sort("file", "line").collect("pyarrow")
    return [reason for file, reason in frame.select("file", "reason").rows() if file.startswith(table)]


def test_inventors_and_symbols_make_an_event(tmp_path: Path) -> None:
    found = read(tmp_path, BASE)
    for name, schema in SOURCE_SCHEMA.items():
        check_schema(getattr(found, name), schema, name)
    assert rows(found, "events", "event", "date", "year") == [("1", "2003-05-04", 2003)]
    assert rows(found, "participants", "participant", "role", "name", "region_code", "country") == [
        ("7", "inventor", None, "DE212", "DE")
    ]
    assert rows(found, "facets", "symbol", "scheme") == [("A61K 31/00", "ipc")]
    assert fate(found, "tls207") == [None, "not an inventor"]
    assert fate(found, "tls206") == [None, "not an inventor"]


def test_applicants_on_request_with_the_city_of_their_address(tmp_path: Path) -> None:
    found = read(tmp_path, BASE, of="applicants")
    assert rows(found, "participants", "participant", "role", "name", "region_code", "postcode", "city") == [
        ("8", "applicant", "ACME", None, "D-80331", "München")
    ]
    assert fate(found, "tls207") == ["not an applicant", None]


@pytest.mark.parametrize(
    ("address", "country", "postcode", "region"),
    [
        ("Weg 1, 80331 Nirgendheim", "DE", "80331", "DE21"),
        ("1 Road, London SW1A 1AA", "GB", None, "UKI3"),
        ("Straat 1, 1012 AB Nergenshuizen", "NL", "1012", "NL32"),
        ("Frankfurt am Main", "DE", None, "DE71"),
        ("Platz 3", "DE", None, None),
        ("(DE)", "DE", None, None),
    ],
)
def test_the_postal_code_of_an_address_places_before_its_city(
    tmp_path: Path, address: str, country: str, postcode: str | None, region: str | None
) -> None:
    found = read(tmp_path, BASE | {"tls206_part01.csv": [PERSONS, f'7,Name,"{address}",{country},,']})
    [(code, city)] = rows(found, "participants", "postcode", "city")
    assert code == postcode
    cells = pd.DataFrame([(None, code, city, country)], columns=list(regions.PLACE))
    assert regions.place(cells, nuts=2013)["region"].fillna("").to_list() == [region or ""]


def test_the_first_filing_of_each_family_counts(tmp_path: Path) -> None:
    filings = [FILINGS, "10,EP,A,,2003,77", "9,EP,A,,2003,77", "3,EP,A,,2004,77", "2,US,A,,2001,77", "5,EP,A,,9999,77"]
    filings += [
        "20,EP,A,,2010,0",
        "21,EP,A,,2010,0",
        "22,EP,A,,2010,",
        "9,EP,A,,2003,77",
        ",EP,A,,2003,78",
        "23,EP,A,,,79",
    ]
    everyone = ["10", "9", "3", "2", "5", "20", "21", "22", "23"]
    files = BASE | {
        "tls201_part01.csv": filings,
        "tls207_part01.csv": [ROLES, *(f"7,{n},0,1" for n in everyone), "7,404,0,1"],
        "tls209_part01.csv": ["appln_id,ipc_class_symbol", *(f"{n},A61K" for n in everyone)],
    }
    found = read(tmp_path, files)
    later = "not the first filing of its family"
    assert fate(found, "tls201") == [
        *(later, None, later, "not an EPO filing", "impossible year", None, None, None),
        *("duplicate row", "no event id", "no date"),
    ]
    assert [event for (event,) in rows(found, "events", "event")] == ["20", "21", "22", "9"]
    assert fate(found, "tls207")[:3] == ["application set aside", None, "application set aside"]
    assert fate(found, "tls207")[-1] == "belongs to no event"
    assert rows(found, "rejects", "key", "field", "value") == [("5", "appln_filing_year", "9999")]
    assert rows(read(tmp_path, files, auth="US"), "events", "event") == [("2",)]
    assert fate(read(tmp_path, files, auth="US"), "tls201")[0] == "not a filing at US"
    assert ("2",) in rows(read(tmp_path, files, auth="all"), "events", "event")


def test_the_tables_that_patstat_brings_with_it_come_first(tmp_path: Path) -> None:
    files = BASE | {
        "tls224.csv": ["appln_id,cpc_class_symbol", "1,A61K"],
        "tls229.csv": ["appln_id,nace2_code,weight", "1,21,1"],
        "tls230.csv": ["appln_id,techn_field_nr,weight", "1,16,1"],
        "tls901.csv": ["techn_field_nr,ipc_maingroup_symbol", "16,A61K"],
    }
    found = read(tmp_path, files)
    assert rows(found, "facets", "scheme", "symbol") == [("nace2", "21")]
    for table in ("tls209", "tls224", "tls230", "tls901"):
        assert fate(found, table) == ["table not used"]
    assert found.inputs["rows"].sum() == len(rows(found, "rows", "key"))
    for option, scheme in (("techn_field", "wipo"), ("ipc", "ipc"), ("cpc", "cpc")):
        assert {s for (s,) in rows(read(tmp_path, files, facets=option), "facets", "scheme")} == {scheme}


def test_links_that_patstat_brings_with_it_are_read_for_ipc_and_cpc(tmp_path: Path) -> None:
    brought = {
        "tls901.csv": [
            "techn_field_nr,ipc_maingroup_symbol,techn_field",
            *("13,A61K  31/%,Medical technology", "16,A61K  31/%,Pharmaceuticals", "99,A61K,?", "13,?,Medical"),
        ],
        "tls902.csv": [
            "ipc,not_with_ipc,nace2_code,nace2_weight",
            *("A61K  31,,26.51,0.5", "A61K  31,,26.51,0.5", "A61K  31,,1.1,0.5", "A61K,,26.51,none", ",,21,1"),
        ],
    }
    found = read(tmp_path, BASE | brought)
    wrong = "no link between known codes"
    assert fate(found, "tls901") == [None, None, wrong, wrong]
    assert fate(found, "tls902") == [None, "duplicate row", None, wrong, wrong]
    links = {name: table.to_numpy().tolist() for name, table in found.concordances.items()}
    assert [row[:2] for row in links["ipc_fields"]] == [["A61K  31/", "13"], ["A61K  31/", "16"]]
    assert links["ipc_nace"] == [["A61K  31", "011", 0.5], ["A61K  31", "2651", 0.5]]
    assert rows(found, "rejects", "field", "value") == [
        ("ipc", ""),
        ("ipc_maingroup_symbol", "?"),
        ("nace2_weight", "none"),
        ("techn_field_nr", "99"),
    ]
    nace = {"tls229.csv": ["appln_id,nace2_code,weight", "1,21,1"]}
    assert fate(read(tmp_path, BASE | brought | nace), "tls90") == ["table not used"] * 9


def test_they_come_before_our_own(tmp_path: Path) -> None:
    def codes(**brought: list[str]) -> set[str]:
        files = BASE | {f"{name}.csv": lines for name, lines in brought.items()}
        for name, lines in files.items():
            (tmp_path / name).write_text("\n".join(lines) + "\n")
        records = ingest.read("patstat", [tmp_path / name for name in files], engine=ENGINE)
        ledger = records.ledger.set_index("reason")
        assert ledger.loc["read", "rows"] == records.inputs["rows"].sum()
        assert ledger.loc["used", "weight"] == ledger.loc["read", "weight"] == 1
        return {naics[:4] for naics in collect(records.facets)["naics"]}

    fields = ["ipc_maingroup_symbol,techn_field_nr", "A61K  31/,13"]
    industries = ["ipc,nace2_code,nace2_weight", "A61K,26.51,1"]
    assert codes() == {"3254"}
    assert codes(tls901=fields) == {"3391"}
    assert codes(tls902=industries) == codes(tls901=fields, tls902=industries) == {"3345"}


def test_a_person_is_used_with_the_first_of_its_applications_that_is(tmp_path: Path) -> None:
    files = {
        "tls201.csv": [FILINGS, "1,EP,A,,1985,1", "2,EP,A,,2003,2", "3,US,A,,2003,3"],
        "tls206.csv": [PERSONS, "6,,,DE,DE212,", "7,,,DE,DE212,", "8,,,DE,DE212,", "9,,,DE,DE212,"],
        "tls207.csv": [ROLES, "7,1,0,1", "7,2,0,1", "8,1,0,1", "9,3,0,1", "6,4,0,1"],
        "tls209.csv": ["appln_id,ipc_class_symbol", "1,A61K", "2,A61K", "3,A61K"],
    }
    found = read(tmp_path, files)
    assert fate(found, "tls206") == ["belongs to no event", None, None, "application set aside"]
    records = ingest.read("patstat", [tmp_path / name for name in files], years=range(2000, 2008), engine=ENGINE)
    rows_of = records.ledger.set_index("reason")["rows"].to_dict()
    # Application 1 is of another period: with it go its filing, two roles, a symbol and person 8, but not 7.
    assert rows_of == {
        **{"read": 15, "used": 4, "outside the study's periods": 5, "application set aside": 3},
        **{"not an EPO filing": 1, "belongs to no event": 2},
    }
    weights = records.ledger.set_index("reason")["weight"].to_dict()
    assert (weights["read"], weights["used"], weights["belongs to no event"]) == (3, 1, 0)


def test_tables_are_told_by_their_headings(tmp_path: Path) -> None:
    renamed = {f"{number}.csv": lines for number, lines in enumerate(BASE.values())}
    assert rows(read(tmp_path, renamed), "events", "event") == [("1",)]


def test_a_person_in_several_rows(tmp_path: Path) -> None:
    persons = [PERSONS, "7,,,DE,DE212,", "7,,,DE,DE212,", "7,,,DE,AT130,"]
    found = read(tmp_path, BASE | {"tls206_part01.csv": persons})
    assert fate(found, "tls206") == ["another row has the same key", "duplicate row", None]
    assert rows(found, "participants", "region_code") == [("AT130",)]


def test_missing_tables_are_all_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as error:
        read(tmp_path, {"tls201.csv": BASE["tls201_part01.csv"]})
    assert [fault.expected for fault in error.value.faults][:2] == [
        "the table PATSTAT tls206_person",
        "the table PATSTAT tls207_pers_appln",
    ]
    assert "tls229" in error.value.faults[2].expected
    with pytest.raises(BadInput, match="tls224_appln_cpc"):
        read(tmp_path, BASE, facets="cpc")
    with pytest.raises(BadInput, match="inventors or applicants"):
        read(tmp_path, BASE, of="agents")


@settings(max_examples=4, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from("123"), st.sampled_from(["EP", "US"]), st.sampled_from(["2003", "9999"])), min_size=1
    ),
    st.lists(st.tuples(st.sampled_from("789"), st.sampled_from("1234"), st.sampled_from("01")), min_size=1),
)
def test_every_row_is_accounted_for(
    tmp_path_factory: pytest.TempPathFactory, filings: list[tuple[str, ...]], roles: list[tuple[str, ...]]
) -> None:
    files = BASE | {
        "tls201_part01.csv": [FILINGS, *(f"{i},{auth},A,,{year},{i}" for i, auth, year in filings)],
        "tls207_part01.csv": [ROLES, *(f"{person},{i},0,{place}" for person, i, place in roles)],
    }
    found = read(tmp_path_factory.mktemp("patstat"), files)
    assert len(rows(found, "rows", "file", "line")) == found.inputs["rows"].sum() == len(filings) + len(roles) + 3
    counts = {i for i, auth, year in filings if (auth, year) == ("EP", "2003")}
    peopled = {i for _, i, place in roles if place == "1"}
    assert {event for (event,) in rows(found, "events", "event")} == counts & peopled & {"1"}
