"""Resampling, matching and agreement of partitions."""

from __future__ import annotations

import igraph
import numpy as np
import pandas as pd
import pytest

from communities import spinglass
from communities.partition import by_size
from communities.stability import adjusted_mutual_information, bootstrap, match


def events_of(table: pd.DataFrame) -> pd.DataFrame:
    """Turn each unit of weight into an event of its own."""
    rows = table.loc[table.index.repeat(table["weight"].astype(int))]
    number = [f"e{i:05d}" for i in range(len(rows))]
    return pd.DataFrame({"event": number, "a": rows["source"].to_numpy(), "b": rows["target"].to_numpy(), "part": 1.0})


def test_planted_communities_are_stable(planted: tuple[pd.DataFrame, pd.Series]) -> None:
    table, _ = planted
    sure = bootstrap(spinglass(table, q=4, restarts=4), events_of(table), replicates=20)
    assert (sure.members["stability"] == 1.0).all()
    assert set(sure.members["role"]) == {"core"}
    assert sure.agreement == pytest.approx(1.0)


def test_a_node_between_two_communities_is_a_bridge(planted: tuple[pd.DataFrame, pd.Series]) -> None:
    table, group = planted
    between = pd.DataFrame(
        [("x", name, 8.0) for name in group.index[(group < 2)]], columns=["source", "target", "weight"]
    )
    whole = pd.concat([table, between], ignore_index=True)
    sure = bootstrap(spinglass(whole, q=4, restarts=4), events_of(whole), replicates=40)
    row = sure.members.set_index("node").loc["x"]
    assert row["role"] == "bridge"
    assert row["stability"] + row["second_share"] == pytest.approx(1.0)
    assert row["second"] != row["community"]
    others = sure.members[sure.members["node"] != "x"]
    assert set(others["role"]) == {"core"}


def test_the_order_of_events_does_not_matter(planted: tuple[pd.DataFrame, pd.Series]) -> None:
    table, _ = planted
    weak = table[table["weight"] < 9]
    partition, events = spinglass(weak, q=4, restarts=3), events_of(weak)
    one = bootstrap(partition, events, replicates=10)
    two = bootstrap(partition, events.sample(frac=1, random_state=5), replicates=10)
    pd.testing.assert_frame_equal(one.members, two.members)
    assert one.agreement == two.agreement < 1.0


def test_parts_count_under_fractional_counting() -> None:
    pairs = pd.DataFrame(
        {
            "event": ["1", "1", "2", "2"],
            "a": ["a", "b", "b", "a"],
            "b": ["b", "c", "c", "a"],
            "part": [0.5, 0.5, 0.9, 0.1],
        }
    )
    links = pd.DataFrame({"source": ["a", "b"], "target": ["b", "c"], "weight": [0.5, 1.4]})
    sure = bootstrap(spinglass(links, q=1), pairs, counting="fractional", replicates=30)
    stay = sure.members.set_index("node")["stability"]
    assert (stay["b"] >= stay["a"]) and (stay["c"] >= stay["a"])  # event 1 is drawn less often than either
    assert 0 < stay["a"] < 1


def test_without_resampling_stability_is_unknown(planted: tuple[pd.DataFrame, pd.Series]) -> None:
    table, _ = planted
    sure = bootstrap(spinglass(table, q=4, restarts=2), events_of(table), replicates=0)
    assert sure.members["stability"].isna().all()
    assert set(sure.members["role"]) == {"member"}


def test_matching_follows_the_largest_overlap() -> None:
    assert match(np.array([0, 0, 0, 1, 1]), np.array([1, 1, 0, 0, 0]), 2).tolist() == [0, 0, 1, 1, 1]


def test_agreement_against_an_independent_calculation() -> None:
    generator = np.random.default_rng(4)
    for _ in range(20):
        a, b = generator.integers(0, 3, 30), generator.integers(0, 4, 30)
        found = adjusted_mutual_information(a, b)
        assert found == pytest.approx(by_permutation(a, b), abs=0.03)
        assert found == pytest.approx(adjusted_mutual_information(b, a))
    assert adjusted_mutual_information(a, a) == pytest.approx(1.0)
    assert adjusted_mutual_information(np.zeros(5, dtype=int), np.zeros(5, dtype=int)) == 1.0


def by_permutation(a: np.ndarray, b: np.ndarray) -> float:  # type: ignore[type-arg]
    """Chance by shuffling instead of by the hypergeometric sum."""

    def information(x: np.ndarray, y: np.ndarray) -> float:  # type: ignore[type-arg]
        vi = igraph.compare_communities(x.tolist(), y.tolist(), "vi")
        return (entropy(x) + entropy(y) - vi) / 2

    def entropy(x: np.ndarray) -> float:  # type: ignore[type-arg]
        p = np.bincount(x) / len(x)
        return float(-(p[p > 0] * np.log(p[p > 0])).sum())

    generator = np.random.default_rng(0)
    chance = float(np.mean([information(a, generator.permutation(b)) for _ in range(400)]))
    return (information(a, b) - chance) / ((entropy(a) + entropy(b)) / 2 - chance)


def test_communities_are_numbered_by_size() -> None:
    assert by_size(np.array([9, 4, 4, 9, 4, 1])).tolist() == [1, 0, 0, 1, 0, 2]
    assert by_size(np.array([], dtype="int64")).size == 0
