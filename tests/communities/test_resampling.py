"""Events laid against links, and drawn again."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from communities.resampling import events_in, incidence, resampled

PAIRS = pd.DataFrame(
    [("1", "a", "b", 0.5), ("1", "b", "a", 0.25), ("1", "a", "a", 0.25), ("2", "b", "c", 1.0), ("3", "c", "x", 1.0)],
    columns=["event", "a", "b", "part"],
)


@pytest.mark.parametrize(("counting", "first"), [("full", 1.0), ("fractional", 0.75)])
def test_an_event_counts_as_it_is_counted(counting: str, first: float) -> None:
    matrix, ends, times = incidence(PAIRS, ["a", "b", "c"], counting)
    assert matrix.toarray().tolist() == [[first, 0.0], [0.0, 1.0]]
    assert ends.tolist() == [[0, 1], [1, 2]]
    assert times.tolist() == [1, 1]


def test_draws_average_to_the_events_themselves() -> None:
    drawn = resampled(PAIRS, ["a", "b", "c"], "fractional", 4000, 1)
    weight = sum(float(graph.weight.sum()) for graph in drawn)
    # Both links meet at b, so that whichever is drawn is the main component.
    assert weight / 4000 == pytest.approx(1.75, abs=0.06)


def test_the_order_of_rows_does_not_matter() -> None:
    generator = np.random.default_rng(1)
    names = [f"n{i}" for i in range(8)]
    many = pd.DataFrame(
        {
            "event": generator.integers(0, 40, 90).astype(str),
            "a": generator.choice(names, 90),
            "b": generator.choice(names, 90),
            "part": generator.random(90),
        }
    )
    one = list(resampled(many, names, "fractional", 5, 3))
    two = list(resampled(many.sample(frac=1, random_state=2), names, "fractional", 5, 3))
    assert [graph.weight.tolist() for graph in one] == [graph.weight.tolist() for graph in two]
    assert len({tuple(graph.weight) for graph in one}) == 5


def test_without_events_there_are_no_nodes() -> None:
    assert [graph.n for graph in resampled(PAIRS.head(0), ["a", "b"], "full", 2, 1)] == [0, 0]


@pytest.mark.parametrize(("counting", "first"), [("full", 0.5), ("fractional", 0.375)])
def test_an_event_of_a_shared_year_counts_half(counting: str, first: float) -> None:
    """Two periods share the year of the first event; each has half of it."""
    weighed = PAIRS.assign(year_weight=PAIRS["event"].map({"1": 0.5, "2": 1.0, "3": 1.0}))
    for rows in (weighed, weighed[::-1]):
        matrix, ends, _ = incidence(rows, ["a", "b", "c"], counting)
        assert matrix.toarray().tolist() == [[first, 0.0], [0.0, 1.0]]
        assert ends.tolist() == [[0, 1], [1, 2]]


def test_draws_of_halved_events_weigh_half() -> None:
    """Each draw of an event is half a whole one, so that its link is drawn in halves."""
    halved = pd.DataFrame({"event": ["1", "2"], "a": "a", "b": "b", "part": 1.0, "year_weight": 0.5})
    weights = np.array([graph.weight.sum() for graph in resampled(halved, ["a", "b"], "full", 4000, 1)])
    assert (weights * 2 == np.round(weights * 2)).all()
    assert weights.mean() == pytest.approx(1.0, abs=0.05)
    assert weights.var() == pytest.approx(0.5, abs=0.05)  # two draws of variance 1, halved


def test_events_that_are_alike_are_drawn_together_as_they_are_one_by_one() -> None:
    """Four events on one link and two on another, told singly and told twice: means and variances are the same."""
    rows = [(str(n), "a", "b", 1.0) for n in range(4)] + [(str(n), "b", "c", 1.0) for n in (4, 5)]
    singly = pd.DataFrame(rows, columns=["event", "a", "b", "part"])
    together = singly.iloc[[0, 4]].assign(multiplicity=[4, 2])
    names = ["a", "b", "c"]
    for pairs in (singly, together, together[::-1]):
        matrix, _, times = incidence(pairs, names, "full")
        assert (matrix.T @ times).tolist() == [4.0, 2.0]
        drawn = np.array([graph.weight.sum() for graph in resampled(pairs, names, "full", 4000, 1)])
        assert drawn.mean() == pytest.approx(6.0, abs=0.15)
        assert drawn.var() == pytest.approx(6.0, rel=0.1)
    assert events_in(singly) == events_in(together) == 6


def test_an_event_that_stands_for_itself_is_drawn_as_before() -> None:
    plain = [graph.weight.tolist() for graph in resampled(PAIRS, ["a", "b", "c"], "full", 20, 3)]
    told = [graph.weight.tolist() for graph in resampled(PAIRS.assign(multiplicity=1), ["a", "b", "c"], "full", 20, 3)]
    assert plain == told
