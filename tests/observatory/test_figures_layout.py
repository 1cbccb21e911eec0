"""Positions and labels: the same whatever the order, apart from each other, near what they belong to."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from observatory.figures.layout import layout
from observatory.figures.words import LETTER, LINE, place, shorten


def two_groups():
    """Two groups of four, strong inside and weakly linked between."""
    names = [f"{group}{n}" for group in "ab" for n in range(4)]
    pairs = [(x, y) for i, x in enumerate(names) for y in names[i + 1 :]]
    rows = [(x, y, 40.0 if x[0] == y[0] else 1.0) for x, y in pairs]
    return pd.DataFrame(rows, columns=["source", "target", "weight"])


def test_a_group_stands_together():
    spots = layout(two_groups(), seed=3).set_index("node")
    homes = {group: spots.filter(like=group, axis=0).to_numpy() for group in "ab"}
    inside = max(np.linalg.norm(home - home.mean(axis=0), axis=1).max() for home in homes.values())
    between = np.linalg.norm(homes["a"].mean(axis=0) - homes["b"].mean(axis=0))
    assert between > 1.5 * inside


@settings(deadline=None, max_examples=15)
@given(st.permutations(range(28)), st.booleans())
def test_neither_order_nor_direction_nor_scale_moves_a_node(order, turned):
    links = two_groups()
    other = links.iloc[list(order)].assign(weight=lambda table: table["weight"] * 4)
    if turned:
        other = other.rename(columns={"source": "target", "target": "source"})
    pd.testing.assert_frame_equal(layout(links, seed=1), layout(other, seed=1))


def test_positions_lie_in_the_square_with_four_decimals_and_depend_on_the_seed():
    one, again, other = (layout(two_groups(), seed=seed) for seed in (1, 1, 2))
    assert one.equals(again) and not one.equals(other)
    spots = one[["x", "y"]].to_numpy()
    assert spots.min() >= 0 and spots.max() <= 1 and (spots == spots.round(4)).all()


def test_no_two_nodes_fall_together_and_isolates_stand_below():
    spots = layout(two_groups(), seed=1, nodes=["z1", "z2", "a0"])
    values = spots[["x", "y"]].to_numpy()
    gaps = np.linalg.norm(values[:, None] - values[None], axis=2) + np.eye(len(values))
    assert gaps.min() > 0.05
    assert spots.set_index("node").loc[["z1", "z2"], "y"].eq(1).all()
    assert len(spots) == 10


@pytest.mark.parametrize("links", [[], [("a", "b", 1.0)], [("a", "a", 1.0)], [("a", "b", 1.0), ("c", "d", 2.0)]])
def test_small_and_broken_networks_have_positions(links):
    table = pd.DataFrame(links, columns=["source", "target", "weight"])
    spots = layout(table, seed=1, nodes=["a"])
    assert np.isfinite(spots[["x", "y"]].to_numpy()).all()
    assert set(spots["node"]) >= {"a"}


def test_links_that_are_no_weights_are_refused():
    with pytest.raises(ValueError, match="numbers of 0 or more"):
        layout(pd.DataFrame({"source": ["a"], "target": ["b"], "weight": [-1.0]}), seed=1)
    with pytest.raises(ValueError, match="table links lacks weight"):
        layout(pd.DataFrame({"source": ["a"], "target": ["b"]}), seed=1)


def boxes(labels, size):
    for label in labels:
        width = LETTER * size * len(label.text)
        left = label.x - {"left": 0, "center": width / 2, "right": width}[label.align]
        yield left, label.y - LINE * size / 2, left + width, label.y + LINE * size / 2


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 300)), max_size=25, unique=True))
def test_labels_that_may_not_cover_others_do_not(spots):
    points = [(str(n), float(x), float(y), 4.0) for n, (x, y) in enumerate(spots)]
    placed = place(points, ["a label"] * len(points), (400, 300), size=10, bear=0)
    for n, one in enumerate(boxes(placed, 10)):
        assert one[0] >= -0.1 and one[2] <= 400.1
        for other in list(boxes(placed, 10))[n + 1 :]:
            wide = min(one[2], other[2]) - max(one[0], other[0])
            high = min(one[3], other[3]) - max(one[1], other[1])
            assert wide <= 0 or high <= 0 or wide * high <= 48  # the price of the last of eight places


def test_in_a_crowd_labels_are_left_out_rather_than_written_across_each_other():
    points = [(str(n), 20.0 + 31 * (n % 5), 15.0 + 12 * (n // 5), 3.0) for n in range(40)]
    placed = place(points, [f"Sector number {n}" for n in range(40)], (200, 120), size=10)
    assert 4 <= len(placed) < 40
    for one, other in itertools.combinations(boxes(placed, 10), 2):
        wide, high = (min(one[end], other[end]) - max(one[end - 2], other[end - 2]) for end in (2, 3))
        assert wide <= 0 or high <= 0 or wide * high <= 0.05 * (one[2] - one[0]) * (one[3] - one[1])


def test_a_label_turns_away_from_the_edge_and_from_a_neighbour():
    (label,) = place([("a", 195.0, 50.0, 5.0)], ["Chemicals"], (200, 100))
    assert label.align == "right" and label.x < 195
    first, second = place([("a", 50.0, 50.0, 5.0), ("b", 80.0, 50.0, 5.0)], ["Food", "Paper"], (200, 100))
    assert (first.align, first.x) == ("right", 42.0)
    assert second.align == "left"


def test_labels_are_cut_at_words():
    assert shorten("Food, drink and tobacco", 12) == "Food, drink…"
    assert shorten("Food & drink", 6) == "Food…"
    assert shorten("Food", 4) == "Food"
