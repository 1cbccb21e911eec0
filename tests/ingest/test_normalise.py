"""From a source's own codes and places to sectors and regions."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from ingest.engine import DuckDB, collect
from ingest.normalise import normalise
from ingest.records import RECORD_SCHEMA, SOURCE_SCHEMA, Records, SourceRows, check_schema, empty, typed

ENGINE = DuckDB()
EVENTS = ("event", "kind", "year")
PEOPLE = ("event", "participant", "role", "region_code", "postcode", "city", "country", "share")
FACETS = ("event", "facet", "role", "scheme", "symbol")
ROWS = ("line", "event", "reason")


def frame(name: str, columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> Any:
    schema = SOURCE_SCHEMA[name]
    if not rows:
        return empty(ENGINE, schema)
    table = pd.DataFrame(rows, columns=list(columns), dtype=object)
    fixed = {"file": "a.csv", "key": [f"row {number}" for number in range(len(table))]}
    table = table.assign(**{column: fixed.get(column) for column in schema if column not in columns})
    kinds = {"Int64": "Int64", "Float64": "Float64", "String": "str"}
    return typed(ENGINE.table(table.astype({c: kinds[str(t)] for c, t in schema.items()})), schema)


def source(
    events: list[tuple[Any, ...]],
    facets: list[tuple[Any, ...]],
    people: list[tuple[Any, ...]] = [],  # noqa: B006
    rows: list[tuple[Any, ...]] = [],  # noqa: B006
    **more: Any,
) -> SourceRows:
    rows = rows or [(line, event[0], None) for line, event in enumerate(events, start=2)]
    return SourceRows(
        rows=frame("rows", ROWS, rows),
        rejects=more.pop("rejects", None) or frame("rejects", (), []),
        events=frame("events", EVENTS, events),
        participants=frame("participants", PEOPLE, people),
        facets=frame("facets", FACETS, facets),
        inputs=pd.DataFrame({"path": ["a.csv"], "rows": [len(rows)], "sha256": ["0"]}),
        **more,
    )


def normal(raw: SourceRows, **options: Any) -> Records:
    found = normalise(raw, ENGINE, "s", **options)
    for name, schema in RECORD_SCHEMA.items():
        check_schema(getattr(found, name), schema, name)
    return found


def reasons(found: Records) -> dict[str, int]:
    return dict(found.ledger[["reason", "rows"]].itertuples(index=False))


DRUGS, CHIPS = "325412", "334413"


@pytest.mark.parametrize(
    ("kind", "roles", "symbols", "reason"),
    [
        ("copatent", ["class"], [DRUGS], None),
        ("copatent", ["class"], ["?"], "no sector found"),
        ("deal", ["acquirer", "target"], [DRUGS, CHIPS], None),
        ("deal", ["acquirer", "target"], [DRUGS, "?"], "no sector found for one side"),
        ("deal", ["target", "target"], [DRUGS, CHIPS], "no sector found for one side"),
        ("alliance", ["partner", "partner"], [DRUGS, DRUGS], None),
        ("alliance", ["partner", "partner"], [DRUGS, "?"], "no sector found for two partners"),
        ("alliance", [], [], "no sector found"),
    ],
)
def test_events_that_cannot_be_counted(kind: str, roles: list[str], symbols: list[str], reason: str | None) -> None:
    facets = [("1", f"{n}", role, "naics", s) for n, (role, s) in enumerate(zip(roles, symbols, strict=True))]
    found = normal(source([("1", kind, 2003)], facets))
    assert reasons(found) == ({"read": 1, "used": 1} if reason is None else {"read": 1, "used": 0, reason: 1})
    assert len(collect(found.events)) == (reason is None)
    assert len(collect(found.facets)) == (len(symbols) if reason is None else 0)
    assert found.rejects["reason"].to_list() == ([reason] if reason else [])


def test_years_that_no_period_holds() -> None:
    events = [("1", "copatent", 1985), ("2", "copatent", 2003), ("3", "copatent", None)]
    found = normal(source(events, [(e, "1", "class", "naics", DRUGS) for e in "123"]), years=[2003, 2004])
    assert reasons(found) == {"read": 3, "used": 1, "no year": 1, "outside the study's periods": 1}
    assert found.rejects["reason"].to_list() == ["no year"]  # a rule is counted, and not listed
    assert collect(found.events)["event"].to_list() == ["s:2"]


def test_shares_of_a_facet_and_of_an_event_sum_to_one() -> None:
    people = [
        ("1", "a", "inventor", "DE212", None, None, "DE", 3.0),
        ("1", "b", "inventor", None, None, "Ulm", "DE", None),
        ("1", "c", "inventor", None, None, None, None, 2.0),
    ]
    raw = source([("1", "copatent", 2003)], [("1", "A61K", "class", "ipc", "A61K")], people)
    found = normal(raw, assign="weighted")
    participants, facets = collect(found.participants), collect(found.facets)
    assert dict(zip(participants["participant"], participants["share"], strict=True)) == pytest.approx(
        {"a": 1 / 2, "b": 1 / 6, "c": 1 / 3}
    )
    assert len(facets) > 10
    assert facets["share"].sum() == pytest.approx(1)
    assert collect(normal(raw).facets)[["naics", "share"]].to_numpy().tolist() == [["325412", 1.0]]


def test_a_place_is_written_as_a_person_would_know_it() -> None:
    people = [
        ("1", "a", "inventor", None, "80333", "München", "Germany", 1.0),
        ("1", "b", "inventor", "DE212", None, None, None, 1.0),
        ("1", "c", "inventor", "UKI31", None, " London", "GB", 1.0),
        ("1", "d", "inventor", None, None, None, "Greece", 1.0),
        ("1", "e", "inventor", None, None, None, None, 1.0),
    ]
    found = normal(source([("1", "copatent", 2003)], [("1", "1", "class", "naics", DRUGS)], people))
    placed = collect(found.participants).set_index("participant").sort_index()
    assert placed["place"].to_list() == ["80333 München", "DE212", "London", "", ""]
    assert placed["country"].fillna("").to_list() == ["DE", "DE", "UK", "EL", ""]
    assert placed["region"].fillna("").to_list() == ["DE21", "DE21", "UKI3", "", ""]
    assert placed["placed_by"].to_list() == ["postal code", "region code", "region code", "country only", "unplaced"]


def test_what_found_no_code_is_listed_the_heaviest_first() -> None:
    people = [
        ("1", "a", "inventor", None, None, "Atlantis", "DE", 1.0),
        ("1", "b", "inventor", "ZZ999", None, "Atlantis", "Utopia", 3.0),
        ("2", "a", "inventor", None, None, "Atlantis", "DE", 1.0),
    ]
    facets = [("1", "1", "class", "naics", DRUGS), ("1", "2", "class", "naics", "?"), ("2", "1", "class", "sic", "?")]
    facets += [("2", "2", "class", "naics", "?")]
    found = normal(source([("1", "copatent", 2003), ("2", "copatent", 2003)], facets, people))
    assert found.unmatched.to_numpy().tolist() == [
        ["s", "sector", "naics ?", "", 2, 2.0],
        ["s", "place", "Atlantis", "DE", 2, 1.25],
        ["s", "sector", "sic ?", "", 1, 1.0],
        ["s", "place", "ZZ999 Atlantis", "Utopia", 1, 0.75],
    ]


def test_a_row_is_listed_once_with_the_cell_that_was_not_understood() -> None:
    wrong = {"file": "a.csv", "line": 3, "key": "row 1", "field": "year", "value": "3201", "reason": "impossible year"}
    rejects = typed(ENGINE.table(pd.DataFrame([wrong])), SOURCE_SCHEMA["rejects"])
    rows = [(2, "1", None), (3, "2", "impossible year"), (4, None, "no event id"), (5, "3", "status: rumor")]
    events, facets = [("1", "copatent", 2003)], [("1", "1", "class", "naics", DRUGS)]
    found = normal(source(events, facets, rows=rows, rejects=rejects))
    listed = found.rejects[["line", "row", "field", "value", "reason"]].to_numpy().tolist()
    assert listed == [[3, "row 1", "year", "3201", "impossible year"], [4, "row 2", "", "", "no event id"]]
    assert reasons(found) == {
        **{"read": 4, "used": 1},
        **{"impossible year": 1, "no event id": 1, "status: rumor": 1},
    }


def test_a_row_that_serves_several_events_is_used_with_the_first_that_is() -> None:
    events = [("1", "copatent", 1985), ("2", "copatent", 2003), ("3", "copatent", 2003)]
    rows = [
        (2, "1", None),
        (3, "2", None),
        (4, "3", None),
        (5, "1", None),
        (6, "1", None),
        (7, None, None),
        (8, "9", None),
    ]
    pairs = pd.DataFrame([("a.csv", 5, "1"), ("a.csv", 5, "3"), ("a.csv", 5, "2"), ("a.csv", 6, "1")])
    serves = ENGINE.table(pairs.set_axis(["file", "line", "event"], axis=1))
    facets = [(event, "1", "class", "naics", DRUGS) for event in "123"]
    found = normal(source(events, facets, rows=rows, serves=serves), years=[2003])
    assert reasons(found) == {
        **{"read": 7, "used": 4},
        **{"belongs to no event": 1, "outside the study's periods": 2},
    }
    assert found.ledger.set_index("reason")["weight"].to_dict() == {
        **{"read": 3.0, "used": 2.0},
        **{"belongs to no event": 0.0, "outside the study's periods": 1.0},
    }


def test_a_source_of_which_nothing_is_left() -> None:
    found = normal(source([], [], rows=[(2, None, "no event id")]))
    assert reasons(found) == {"read": 1, "used": 0, "no event id": 1}
    assert collect(found.events).empty
    assert found.unmatched.empty
    assert repr(found) == "<Records s: 0 rows used; NAICS 2017, NUTS 2013>"
