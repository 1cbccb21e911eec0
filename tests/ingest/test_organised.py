"""Firms counted once on records, followed from one source to the other."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import ingest
from ingest.engine import DuckDB, collect
from ingest.matching import Decision, Matching
from ingest.organised import ORGANISATION, _organisations, with_organisations

DEALS = """\
id,year,a,an,aco,t,tn,tco
1,2003,325412,Novo Nordisk A/S,DK,541711,Ulmer GmbH,DE
2,2004,325412,Infineon AG,DE,541711,NOVO NORDISK AS,DK
"""
ALLIANCES = "event,year,name,country,symbol\nx,2007,Novo Nordisk Aktieselskab,DK,325412\nx,2007,Infinion AG,DE,334111\n"


@pytest.fixture
def records(tmp_path: Path) -> ingest.Records:
    (tmp_path / "deals.csv").write_text(DEALS, encoding="utf-8")
    (tmp_path / "alliances.csv").write_text(ALLIANCES, encoding="utf-8")
    engine = DuckDB()
    columns = {"event": "id", "acquirer_symbol": "a", "acquirer_name": "an", "acquirer_country": "aco"}
    columns |= {"target_symbol": "t", "target_name": "tn", "target_country": "tco"}
    options = {"kind": "deal", "scheme": "naics"}
    deals = ingest.read("table", tmp_path / "deals.csv", name="deals", columns=columns, options=options, engine=engine)
    options = {"kind": "alliance", "scheme": "naics"}
    alliances = ingest.read("table", tmp_path / "alliances.csv", name="alliances", options=options, engine=engine)
    return ingest.merge([deals, alliances])


def test_a_firm_is_followed_across_sources(records: ingest.Records) -> None:
    found = with_organisations(records)
    assert found.organisations is not None
    assert list(found.organisations) == list(ORGANISATION)
    novo = found.organisations.set_index("organisation").loc["NOVO NORDISK AS (DK)"]
    assert novo["names"] == "NOVO NORDISK AS; Novo Nordisk A/S; Novo Nordisk Aktieselskab"
    assert (novo["sources"], novo["participants"], novo["events"], novo["first"], novo["last"]) == (
        "alliances; deals", 3, 3, 2003, 2007,
    )  # fmt: skip
    people = collect(found.participants)
    assert len(people) == len(collect(records.participants))
    assert people["organisation"].nunique() == 4
    assert found.organisations["participants"].sum() == len(people)


def test_what_is_told_of_organisations_by_hand() -> None:
    rows = [
        # organisation, level, name, country, source, participants, events, part, first, last
        ("Zuse (DE)", "same words", "ZUSE", "", "sdc", 2, 1, 2**29, 2003, 2003),
        ("Zuse (DE)", "same name", "Zuse", "DE", "thomson", 1, 1, 2**30, 2001, 2009),
        ("Zuse (DE)", "alone", "Zuse", "DE", "sdc", 1, 1, 2**28, 2004, 2004),
        ("Ärzte", "alone", "Ärzte", "", "sdc", 3, 2, 3 * 2**20, 2010, 2012),
    ]
    columns = ["organisation", "level", "name", "country", "source", "participants", "events", "part", "first", "last"]
    told = _organisations(pd.DataFrame(rows, columns=columns).astype({"part": "float64"}))
    assert told.columns.to_list() == list(ORGANISATION)
    assert told.values.tolist() == [
        ["Zuse (DE)", "DE", "ZUSE; Zuse", "sdc; thomson", "same name; same words", 4, 3, 1.75, 2001, 2009],
        ["Ärzte", "", "Ärzte", "sdc", "alone", 3, 2, 0.00293, 2010, 2012],
    ]


def test_a_decision_joins_and_parts(records: ingest.Records) -> None:
    waits = with_organisations(records).doubtful
    assert waits is not None
    assert waits[["name", "state", "kind"]].values.tolist() == [["Infineon AG", "doubtful", "name"]]
    said = Decision("name", "Infinion AG", "", "DE", "accept", "Infineon AG", "DE")
    joined = with_organisations(records, Matching(decisions=[said]))
    assert joined.organisations is not None
    assert "Infineon AG; Infinion AG" in set(joined.organisations["names"])
    assert joined.doubtful is not None
    assert joined.doubtful.empty


def test_the_order_of_rows_changes_nothing(records: ingest.Records) -> None:
    turned = collect(records.participants).iloc[::-1].reset_index(drop=True)
    from dataclasses import replace

    other = with_organisations(replace(records, participants=records.engine.table(turned)))
    first = with_organisations(records)
    assert first.organisations is not None
    assert other.organisations is not None
    pd.testing.assert_frame_equal(first.organisations, other.organisations)


def test_registers_ids_are_read_off_participants() -> None:
    from ingest.organised import _registry

    ids = ["partner, PIC 999", "acquirer, BvD DE 12", "inventor, PIC", "Novo, PIC 9", "partner, Acme, DE", None]
    frame = DuckDB().table(pd.DataFrame({"participant": ids}))
    told = collect(frame.select("participant", registry=_registry())).set_index("participant")["registry"]
    assert [told.get(one) if not pd.isna(told.get(one)) else None for one in ids[:5]] == [
        "PIC:999", "BvD:DE 12", None, None, None,
    ]  # fmt: skip


def test_records_without_names(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("event,year,country,symbol\n1,2003,DE,325412\n1,2003,FR,334111\n", encoding="utf-8")
    found = ingest.read("table", tmp_path / "p.csv", options={"kind": "alliance", "scheme": "naics"})
    told = with_organisations(found)
    assert told.organisations is not None
    assert told.organisations.empty
    assert collect(told.participants)["organisation"].isna().all()
