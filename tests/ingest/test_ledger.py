"""Rows read are rows used and rows set aside."""

from __future__ import annotations

import math
from collections import defaultdict

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.engine import DuckDB
from ingest.ledger import BY_RULE, NO_EVENT, balance, by_rule, close, imbalance

ENGINE = DuckDB()
Row = tuple[str | None, str | None]


def balanced(rows: list[Row]) -> dict[str, tuple[int, float]]:
    table = pd.DataFrame(rows, columns=["event", "reason"], dtype="str")
    found = balance(ENGINE.table(table), "deals", ENGINE)
    assert set(found["source"]) <= {"deals"}
    return {reason: (rows, weight) for _, reason, rows, weight in found.itertuples(index=False)}


def test_an_event_lies_on_its_used_rows() -> None:
    rows: list[Row] = [("1", None), ("1", None), ("1", None), ("1", "duplicate row"), ("2", None)]
    assert balanced(rows) == {"read": (5, 2.0), "used": (4, 2.0), "duplicate row": (1, 0.0)}


def test_an_event_without_a_used_row_lies_on_all_of_them() -> None:
    rows: list[Row] = [("1", "no symbol"), ("1", "no symbol"), ("1", "no person"), ("1", "duplicate row")]
    assert balanced(rows) == {
        **{"read": (4, 1.0), "used": (0, 0.0)},
        **{"duplicate row": (1, 0.25), "no person": (1, 0.25), "no symbol": (2, 0.5)},
    }


@pytest.mark.parametrize("reason", sorted(NO_EVENT))
def test_a_row_that_was_read_and_is_no_event_weighs_nothing(reason: str) -> None:
    assert balanced([(None, reason), ("1", None)])[reason] == (1, 0.0)


@pytest.mark.parametrize("reason", ["no event id", "wrong number of cells", "not UTF-8"])
def test_a_row_that_may_have_been_an_event_weighs_one(reason: str) -> None:
    assert balanced([(None, reason), (None, reason)])[reason] == (2, 2.0)


def test_rows_of_an_event_that_no_table_describes_weigh_nothing() -> None:
    assert balanced([("9", "belongs to no event"), ("9", "belongs to no event")])["read"] == (2, 0.0)


def test_rows_used_beside_the_events_weigh_nothing() -> None:
    assert balanced([(None, None), ("1", None)])["used"] == (2, 1.0)


def test_no_rows_at_all() -> None:
    assert balanced([]) == {}
    assert list(close(pd.DataFrame(columns=["source", "reason", "rows", "weight"])).columns) == [
        *("source", "reason", "rows", "weight")
    ]


def test_what_a_rule_sets_aside() -> None:
    rules = [*BY_RULE, "status: rumor", "not a filing at US"]
    faults = ["impossible year", "no sector found", "no status", "used"]
    assert [by_rule(reason) for reason in rules + faults] == [True] * len(rules) + [False] * len(faults)


def test_an_imbalance_is_named() -> None:
    wrong = pd.DataFrame({"source": ["a", "a", "b"], "reason": ["read", "used", "read"], "rows": [3, 3, 1]})
    assert imbalance(wrong.assign(weight=1.0)) == ["b: 1 rows read, 0 accounted for"]


ROW = st.tuples(
    st.sampled_from(["1", "2", "3", None]),
    st.sampled_from([None, None, "duplicate row", "no symbol", "belongs to no event"]),
)


@settings(max_examples=15, deadline=None)
@given(st.lists(ROW, max_size=25))
def test_read_is_the_sum_of_the_others(rows: list[Row]) -> None:
    found = balanced(rows)
    assert found == balanced(sorted(rows, key=repr))
    read, *others = (found or {"read": (0, 0.0)}).values()
    assert read[0] == sum(count for count, _ in others) == len(rows)
    assert math.isclose(read[1], sum(weight for _, weight in others), abs_tol=1e-5)
    assert found.get("used", (0, 0))[1] == len({event for event, reason in rows if event and reason is None})
    # By hand: each event that any table describes counts once, each unread row of no event once.
    events: dict[str, set[str | None]] = defaultdict(set)
    for event, reason in rows:
        if event and reason != "belongs to no event":
            events[event].add(reason)
    alone = sum(event is None and reason == "no symbol" for event, reason in rows)
    assert math.isclose(read[1], len(events) + alone, abs_tol=1e-5)


@given(st.lists(ROW, max_size=12))
@settings(max_examples=15, deadline=None)
def test_kinds_of_rows_weigh_what_their_rows_do(rows: list[Row]) -> None:
    table = pd.DataFrame(rows, columns=["event", "reason"], dtype="str")
    kinds = table.groupby(["event", "reason"], dropna=False).size().rename("rows").reset_index()
    found = balance(ENGINE.table(kinds.astype({"event": "str", "reason": "str", "rows": "int64"})), "deals", ENGINE)
    assert {reason: (rows, weight) for _, reason, rows, weight in found.itertuples(index=False)} == balanced(rows)
