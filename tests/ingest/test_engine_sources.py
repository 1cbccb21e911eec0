"""Sources give the same rows on every engine: DuckDB in memory, within a limit on disk, and Spark."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ingest import read
from ingest.engine import DuckDB, Engine, collect
from ingest.records import RECORD_SCHEMA

pytestmark = pytest.mark.long(seconds=210)

FILES = {
    "zephyr": {
        "deals.csv": "Deal Number;Deal type;Deal status;Announced date;Deal value th EUR;"
        "Acquiror name;Acquiror BvD ID number;Acquiror country code;"
        "Acquiror primary NACE Rev. 2 code;Target name;Target primary US SIC code\n"
        "1;Acquisition 100%;Completed;03/04/2005;1.234,5;Acme;FR1;FR;2120;Beta;3674\n"
        ";;;;;Gamma;;DE;26.1;;\n;;;;;;;;;;\n;;;;;n.a.;;IT;;;\n"
        "2;IPO;Completed;03/04/2005;1;Acme;FR1;FR;2120;Beta;3674\n"
        "3;Merger;Rumour;2006;1;Acme;FR1;FR;2120;Beta;3674\n"
        "1.23457E+12;Merger;Completed;2006;1;Acme;FR1;FR;2120;Beta;3674\n"
    },
    "cordis": {
        "project.csv": "id;acronym;status;startDate;totalCost\n9;X;SIGNED;2016-03-01;1,5\n"
        "8;Y;TERMINATED;2016;2\n7;Z;;;\n",
        "organization.csv": "projectID;organisationID;vatNumber;name;country;nutsCode;role\n"
        "9;1;;Acme;DE;DE212;coordinator\n"
        "9;2;;Beta;FR;;participant\n9;2;;Alpha;FR;;participant\n9;;V1;Gamma;EL;;x\n8;1;;Acme;DE;;\n5;1;;Acme;DE;;\n",
        "euroSciVoc.csv": "projectID;euroSciVocPath;euroSciVocTitle\n"
        "9;/a/optics/b;b\n9;/a/food;food\n9;/a/food;food\n4;/a;a\n",
    },
    "eureka": {
        "projects.csv": "Project Number,Start,Technological Area,Market Area,Organisation,SIC\n"
        "1,2003,Optics,Food,Acme,2834\n"
        ",,,,Beta,3674\n2,2004,Optics,Food,Acme,\n,,,,Beta,-\n"
    },
    "patstat": {
        "tls201.csv": "appln_id,appln_auth,appln_filing_date,appln_filing_year,docdb_family_id\n"
        "9,EP,2003-05-04,2003,77\n10,EP,,2003,77\n10,EP,,2003,77\n123,EP,,2004,78\n5,US,,2004,79\n6,EP,,9999,80\n"
        "007,EP,,2005,81\n8,EP,,2005,82\n",
        "tls206.csv": "person_id,person_ctry_code,nuts\n1,DE,DE212\n20,FR,\n20,JP,\n300,JP,\n4,DE,XX9\n",
        "tls207.csv": "person_id,appln_id,applt_seq_nr,invt_seq_nr\n1,9,0,1\n20,9,0,2\n1,10,0,1\n300,123,0,1\n"
        "4,007,0,1\n4,007,1,0\n1,404,0,1\n",
        "tls209.csv": "appln_id,ipc_class_symbol\n9,A61K  31/00\n9,H04L   9/00\n10,A61K  31/00\n123,A61K 31/00\n"
        "123,A61K  31/00\n007,?9\n007,G06F\n007,G06F\n8,G06F\n",
    },
    "thomson": {
        "deals.csv": "Deal Number,Date Announced,Acquiror Name,Acquiror Primary NAIC Code,Target Name,"
        "Target Primary SIC Code,Value of Transaction ($mil)\n1,01/15/2003,Acme,325412,Beta,3674,1.5\n"
        "2,01/16/2003,Acme,325412,Gamma,2834,-\n"
    },
    "sdc": {
        "alliances.csv": "Deal Number,Alliance Date Announced,Participants in Alliance,Participant SIC,"
        "Joint Venture Flag,Strategic Alliance\n"
        "1,01/15/2003,Acme,2834,N,Y\n1,01/15/2003,Beta,3674,Y,Y\n2,01/15/2003,Acme,2834,,\n,,Beta,3674,,\n"
    },
}


@pytest.fixture(params=["on disk", pytest.param("on Spark", marks=pytest.mark.spark)])
def elsewhere(request: pytest.FixtureRequest) -> Engine:
    """Another engine than the one that keeps its tables in memory."""
    if request.param == "on Spark":
        spark: Engine = request.getfixturevalue("spark")
        return spark
    return DuckDB(memory_limit="200MB")


@pytest.mark.parametrize("format", FILES)
def test_the_same_records_on_every_engine(elsewhere: Engine, tmp_path: Path, format: str) -> None:
    for name, content in FILES[format].items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    labels = {"optics": ["3333"], "food": ["3114"]}

    def told(engine: Engine) -> dict[str, list[Any]]:
        found = read(format, sorted(tmp_path.iterdir()), labels=labels, engine=engine, root=tmp_path)
        tables = {
            name: sorted(map(repr, collect(getattr(found, name)).astype(object).to_numpy().tolist()))
            for name in RECORD_SCHEMA
        }
        tables |= {name: getattr(found, name).to_numpy().tolist() for name in ("ledger", "rejects", "unmatched")}
        return tables

    here, there = told(DuckDB()), told(elsewhere)
    assert here["events"]
    assert here["facets"]
    for name, rows in here.items():
        assert there[name] == rows, name
