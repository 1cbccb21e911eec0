"""Columns found by name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.columns import Layout, fold, match, nearest, positions
from ingest.faults import BadInput

DEALS = Layout(
    "deals",
    {"event": ("Deal Number", "SDC Deal No"), "city": ("Acquiror City",), "date": ("Date Announced",)},
    frozenset({"event", "date"}),
)


@pytest.mark.parametrize(
    "heading", ["Acquiror City", "acquirer city", "  ACQUIROR   CITY ", "Acquiror\nCity", "Acquirer_City"]
)
def test_spelling_variants_are_one_heading(heading: str) -> None:
    assert positions([heading], DEALS) == {"city": 0}


def test_a_heading_in_euros_is_none_in_dollars() -> None:
    value = Layout("deals", {"usd": ("Deal Value ($mil)",), "eur": ("Deal Value (EUR mil)",)})
    for heading, found in {
        **{"Deal Value ($mil)": {"usd": 0}, "Deal Value (US$ mil)": {"usd": 0}, "deal value (USD mil)": {"usd": 0}},
        **{"Deal Value (€ mil)": {"eur": 0}, "Deal Value (£mil)": {}, "Deal Value (A$mil)": {}, "Deal Value": {}},
    }.items():
        assert positions([heading], value) == found


def test_a_heading_in_another_script_is_kept() -> None:
    assert fold("Città") == "citta"
    assert fold("会社") == "会社"


def test_the_first_spelling_wins_over_the_first_column() -> None:
    assert positions(["SDC Deal No", "Deal Number"], DEALS)["event"] == 1


def test_a_repeated_heading_counts_where_it_stands_first() -> None:
    assert positions(["Deal Number", "Deal Number"], DEALS)["event"] == 0


def test_the_users_columns_win() -> None:
    found = match(["Deal Number", "My no", "Date Announced"], DEALS, {"event": "my NO", "extra": "Deal number"})
    assert found == {"event": 1, "date": 2, "extra": 0}


def test_all_missing_columns_are_named_at_once_with_the_line_to_paste() -> None:
    with pytest.raises(BadInput) as error:
        match(["Deal Numbr", "Announced Date", ""], DEALS, {"city": "Town"}, file="a.csv", line=3)
    assert [fault.expected.split(",")[0] for fault in error.value.faults] == [
        "a column for city",
        "a column for date",
        "a column for event",
    ]
    assert {(fault.file, fault.line) for fault in error.value.faults} == {("a.csv", 3)}
    assert error.value.faults[2].mend.endswith('columns.event = "Deal Numbr"')
    assert error.value.faults[1].mend.endswith('columns.date = "Announced Date"')
    assert error.value.faults[0].value == "Deal Numbr, Announced Date"


def test_a_missing_column_without_any_heading() -> None:
    with pytest.raises(BadInput, match=r'columns\.event = "its heading"'):
        match([], DEALS)


def test_nearest_is_the_same_in_any_order() -> None:
    headings = ["Deal Nr", "Dealer", "Number", "Town"]
    assert nearest(["Deal Number"], headings) == nearest(["Deal Number"], headings[::-1])


@given(st.permutations(["Deal Number", "Acquiror City", "Date Announced", "Status"]))
def test_order_of_columns_does_not_matter(headings: list[str]) -> None:
    found = match(headings, DEALS)
    assert {ours: headings[place] for ours, place in found.items()} == {
        "event": "Deal Number",
        "city": "Acquiror City",
        "date": "Date Announced",
    }
