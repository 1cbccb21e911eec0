"""Spaces of two periods matched by hand, and the demo's planted change."""

from __future__ import annotations

import json
from itertools import permutations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communities.periods import EVENTS, KINDS, match_periods, moves

PLANTED = json.loads((Path(__file__).parents[2] / "fixtures" / "demo" / "planted.json").read_text(encoding="utf-8"))


def spaces(**members: str) -> pd.Series:
    return pd.Series({node: space for space, nodes in members.items() for node in nodes}, dtype=object)


def told(first: pd.Series, second: pd.Series) -> list[tuple]:
    table = match_periods(first, second)
    return [tuple(row) for row in table[["event", "from", "to", "members"]].itertuples(index=False)]


def test_nothing_new() -> None:
    same = spaces(x="abc", y="de")
    table = match_periods(same, same.replace({"x": "u", "y": "v"}))
    assert table[["event", "from", "to"]].values.tolist() == [["continued", "x", "u"], ["continued", "y", "v"]]
    assert table["share"].tolist() == table["jaccard"].tolist() == [1.0, 1.0]
    assert table["stable"].isna().all()


def test_a_split() -> None:
    table = match_periods(spaces(x="abcdef", y="gh"), spaces(u="abcd", v="efi", w="gh"))
    rows = {(row.event, row[2], row[3]): row for row in table.itertuples()}
    assert set(rows) == {("continued", "x", "u"), ("continued", "y", "w"), ("split", "x", "v")}
    split = rows["split", "x", "v"]
    assert (split.members, split.share, split.jaccard) == (2, pytest.approx(2 / 3), pytest.approx(2 / 7))
    assert rows["continued", "x", "u"].share == pytest.approx(4 / 6)


def test_a_merger() -> None:
    table = match_periods(spaces(x="abcd", y="efg", z="h"), spaces(u="abcdef", v="h"))
    assert table[["event", "from", "to", "members"]].values.tolist() == [
        ["continued", "x", "u", 4],
        ["continued", "z", "v", 1],
        ["merged", "y", "u", 2],
    ]
    assert table["share"].tolist() == pytest.approx([1.0, 1.0, 2 / 3])


def test_births_and_deaths() -> None:
    # y has scattered: a quarter of it is in each of four spaces, half of t and of s at most.
    scattered = told(spaces(x="abc", y="defg"), spaces(u="abc", v="dhi", w="ejk", t="fl", s="gm"))
    assert scattered[0] == ("continued", "x", "u", 3)
    assert [end for event, _, end, _ in scattered if event == "born"] == ["v", "w", "t", "s"]
    assert scattered[-1] == ("died", "y", None, 4)
    gone = match_periods(spaces(x="abc", y="defgh"), spaces(u="abcd", v="eij", w="fkl"))
    assert gone[["event", "from", "to", "members"]].values.tolist() == [
        ["continued", "x", "u", 3],
        ["born", None, "v", 3],
        ["born", None, "w", 3],
        ["died", "y", None, 5],
    ]
    assert gone["share"].tolist() == pytest.approx([1.0, 2 / 3, 2 / 3, 2 / 5])
    assert gone["jaccard"].tolist()[1:] == [0.0, 0.0, 0.0]


def test_the_pairing_with_the_largest_overlap_wins_not_the_first_come() -> None:
    # x overlaps most with u, but u is wholly y's: paired x-v and y-u keep 3 + 4 members, x-u and y-v only 4.
    assert told(spaces(x="abcdefg", y="hijk"), spaces(u="abcdhijk", v="efg"))[:2] == [
        ("continued", "x", "v", 3),
        ("continued", "y", "u", 4),
    ]


def test_of_equal_overlaps_the_more_similar_space_continues() -> None:
    assert told(spaces(x="abcd"), spaces(u="abefgh", v="cd"))[0] == ("continued", "x", "v", 2)


def test_nodes_in_no_space_and_empty_periods() -> None:
    first = pd.Series({"a": 0, "b": 0, "c": pd.NA, "d": 0}, dtype="Int64")
    second = pd.Series({"a": 3, "b": pd.NA, "c": 3, "d": 3}, dtype="Int64")
    assert match_periods(first, second)[["event", "from", "to", "members"]].values.tolist() == [["continued", 0, 3, 2]]
    assert moves(first, second)[["from", "to", "kind"]].values.tolist() == [
        [0, 3, "stayed"],
        [0, None, "vanished"],
        [None, 3, "born"],
        [0, 3, "stayed"],
    ]
    nothing = pd.Series([], dtype="Int64")
    assert match_periods(nothing, nothing).empty
    assert moves(nothing, nothing).columns.tolist() == ["node", "from", "to", "kind", "stable"]
    assert told(nothing, spaces(u="ab")) == [("born", None, "u", 2)]
    assert told(spaces(u="ab"), nothing) == [("died", "u", None, 2)]
    with pytest.raises(ValueError, match="a node stands twice: a"):
        moves(pd.Series([1, 2], index=["a", "a"]), nothing)


def test_stable_is_stable_in_both_periods() -> None:
    first, second = spaces(x="abc"), spaces(u="abd")
    sure = pd.Series({"a": 1.0, "b": 0.95, "c": 0.2}), pd.Series({"a": 0.95, "b": 0.9, "d": 1.0})
    found = moves(first, second, sure).set_index("node")["stable"]
    assert found.to_dict() == {"a": True, "b": False, "c": False, "d": True}
    assert match_periods(first, second, sure)["stable"].tolist() == [0.5]
    unknown = pd.Series({"a": np.nan, "b": np.nan}), sure[1]
    assert moves(first, second, unknown).set_index("node")["stable"].isna().to_dict() == {
        "a": True, "b": True, "c": True, "d": False,
    }  # fmt: skip
    assert match_periods(first, second, unknown)["stable"].isna().all()


def test_the_planted_change_of_the_demo_is_told() -> None:
    first, second = (pd.Series(PLANTED["periods"][period]) for period in ("2000-2007", "2007-2014"))
    events = match_periods(first, second)
    assert {tuple(row) for row in events[["event", "from", "to"]].values.tolist()} == {
        ("continued", "B", "B"), ("continued", "C", "C"), ("continued", "A", "D"), ("split", "A", "A"),
    }  # fmt: skip
    found = moves(first, second).set_index("node")["kind"]
    assert found[found != "stayed"].to_dict() == {
        "221": "moved", "562": "moved", "339": "moved", "322": "moved", "519": "born", "313": "vanished",
    }  # fmt: skip


PARTS = st.lists(st.sampled_from([None, "x", "y", "z"]), min_size=6, max_size=12)


@settings(max_examples=60, deadline=None)
@given(PARTS, PARTS, st.randoms(use_true_random=False))
def test_every_space_and_node_is_told_once_whatever_the_order(first, second, dice) -> None:
    one, two = (pd.Series(part, index=[f"n{i}" for i in range(len(part))], dtype=object) for part in (first, second))
    events, going = match_periods(one, two), moves(one, two)
    assert set(events["event"]) <= {*EVENTS}
    assert set(going["kind"]) <= {*KINDS}
    # A space has one origin and one end, though it may give rise to others.
    later = events.loc[events["event"].isin(["continued", "split", "born"]), "to"]
    earlier = events.loc[events["event"].isin(["continued", "merged", "died"]), "from"]
    assert sorted(later) == sorted({*two.dropna()})
    assert sorted(earlier) == sorted({*one.dropna()})
    assert sorted(going["node"]) == sorted({*one.dropna().index, *two.dropna().index})
    assert events["share"].between(0, 1).all()
    shuffled = [part.sample(frac=1, random_state=dice.randint(0, 99)) for part in (one, two)]
    pd.testing.assert_frame_equal(match_periods(*shuffled), events)
    pd.testing.assert_frame_equal(moves(*shuffled), going)


def test_names_of_spaces_do_not_matter() -> None:
    first, second = spaces(x="abcd", y="efgh", z="ij"), spaces(u="abef", v="cdgh", w="ijk")
    base = told(first, second)
    for names in permutations("uvw"):
        rename = dict(zip("uvw", names, strict=True))
        other = told(first, second.map(rename))
        assert other == [(event, start, rename.get(end, end), members) for event, start, end, members in base]
