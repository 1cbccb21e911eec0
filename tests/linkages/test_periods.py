"""Periods and the year that two of them share."""

from __future__ import annotations

from typing import Any

import pytest

from linkages.periods import SHARED_YEAR, Period, year_weights

EARLY, LATE = Period(2000, 2007), Period(2007, 2014)


def test_both_ends_belong_to_a_period() -> None:
    assert [year for year in (1999, 2000, 2007, 2008) if year in EARLY] == [2000, 2007]


def test_a_period_may_not_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match="2007-2000"):
        Period(2007, 2000)


@pytest.mark.parametrize(
    "years", [(2000, 2007), [2000.0, 2007.0], ("2000", "2007"), "2000-2007", " 2000 – 2007 ", EARLY]
)
def test_a_pair_of_years_or_its_label_is_a_period(years: Any) -> None:
    assert Period.of(years) == EARLY


@pytest.mark.parametrize(
    "years", [(2000,), (2000, 2007, 2014), "2000", "20", "from 2000 on", 2000, None, (2000.5, 2007), (2000, None),
              ("a", "b"), (True, False), (float("nan"), 2007), (float("inf"), 2007), ()],
)  # fmt: skip
def test_what_is_no_period_is_told_what_one_is(years: Any) -> None:
    with pytest.raises(
        ValueError, match=r'a period is a first and a last year, such as \(2000, 2007\) or "2000-2007"; got'
    ):
        Period.of(years)


@pytest.mark.parametrize(
    ("choice", "first", "second"), [("both", 1, 1), ("first", 1, None), ("second", None, 1), ("half", 0.5, 0.5)]
)
def test_the_shared_year_counts_as_chosen(choice: str, first: float | None, second: float | None) -> None:
    assert year_weights(EARLY, [EARLY, LATE], choice).get(2007) == first
    assert year_weights(LATE, [EARLY, LATE], choice).get(2007) == second
    assert year_weights(EARLY, [EARLY, LATE], choice)[2006] == 1


def test_a_year_counts_once_in_all_unless_both() -> None:
    for choice in set(SHARED_YEAR) - {"both"}:
        total = sum(year_weights(p, [EARLY, LATE], choice).get(2007, 0) for p in (EARLY, LATE))
        assert total == 1


def test_an_unknown_choice_is_named() -> None:
    with pytest.raises(ValueError, match="shared_year must be one of both, first, second, half"):
        year_weights(EARLY, [], "none")
