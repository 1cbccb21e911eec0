"""Many partitions at once: pairs together, the communities agreed on, distances."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communities.consensus import agreement, consensus, together, variation_of_information
from communities.stability import adjusted_mutual_information


def by_letters(**groups: str) -> pd.Series:
    """Make a partition of words: each letter is a node of the community of its word."""
    return pd.Series({node: number for number, word in enumerate(groups.values()) for node in word}, dtype="int64")


THREE = [by_letters(x="abc", y="de"), by_letters(x="ab", y="cde"), by_letters(x="ab", y="de")]


def test_shares_by_hand():
    table = together(THREE).set_index(["a", "b"])
    assert table.loc[("a", "b")].tolist() == [1.0, 3]
    assert table.loc[("a", "c")].tolist() == [0.5, 2]
    assert table.loc[("c", "d")].tolist() == [0.5, 2]
    assert table.loc[("a", "e")].tolist() == [0.0, 3]
    assert len(table) == 10
    assert table.index.tolist() == sorted(table.index)


def test_pairs_that_no_partition_holds_are_absent():
    table = together([by_letters(x="ab"), by_letters(x="cd")])
    assert table[["a", "b"]].values.tolist() == [["a", "b"], ["c", "d"]]


def test_of_no_partitions_there_are_no_pairs():
    table = together([])
    assert table.columns.tolist() == ["a", "b", "together", "runs"]
    assert table.empty
    assert consensus(table).empty
    assert agreement({}).columns.tolist() == ["a", "b", "nodes", "ami", "vi"]


def pairs_of(**shares: float) -> pd.DataFrame:
    return pd.DataFrame([(key[0], key[1], share) for key, share in shares.items()], columns=["a", "b", "together"])


def test_a_node_between_two_communities_does_not_chain_them():
    # c is with both in 60 % of the partitions; a chain of such pairs would make one community of all five.
    table = pairs_of(ab=1.0, de=1.0, ac=0.6, bc=0.6, cd=0.6, ce=0.5)
    found = consensus(table)
    assert found.to_dict() == {"a": 0, "b": 0, "c": 0, "d": 1, "e": 1}


def test_the_threshold_itself_is_enough():
    table = pairs_of(ab=0.5, bc=0.0, ac=0.0)
    assert consensus(table, 0.5).to_dict() == {"a": 0, "b": 0, "c": 1}
    assert consensus(table, 0.51).nunique() == 3


def test_complete_linkage_asks_it_of_every_pair():
    table = pairs_of(ab=1.0, bc=1.0, ac=0.9)
    assert consensus(table, 0.95).nunique() == 1
    assert consensus(table, 0.95, "complete").nunique() == 2


@pytest.mark.parametrize(("threshold", "linkage"), [(-0.1, "average"), (1.1, "average"), (0.5, "single")])
def test_wrong_settings_are_refused(threshold, linkage):
    with pytest.raises(ValueError, match="threshold is 0 to 1 and linkage average or complete"):
        consensus(pairs_of(ab=1.0), threshold, linkage)


def test_variation_of_information_by_hand():
    # H(a) = ln 2, H(b) = ln 2, independent: VI = 2 ln 2.
    a, b = by_letters(x="ab", y="cd"), by_letters(x="ac", y="bd")
    assert variation_of_information(a, b) == pytest.approx(2 * np.log(2))
    assert variation_of_information(a, a) == 0.0
    assert np.isnan(variation_of_information(a, by_letters(x="axyz")))


labels = st.lists(st.integers(0, 3), min_size=6, max_size=6)


def entropy(*columns: list[int]) -> float:
    _, counts = np.unique(np.column_stack(columns), axis=0, return_counts=True)
    share = counts / counts.sum()
    return float(-(share * np.log(share)).sum())


@settings(max_examples=50, deadline=None)
@given(labels, labels, labels)
def test_variation_of_information_is_a_distance(x, y, z):
    a, b, c = (pd.Series(one, index=list("abcdef")) for one in (x, y, z))
    vi = variation_of_information
    assert vi(a, b) == pytest.approx(2 * entropy(x, y) - entropy(x) - entropy(y), abs=1e-9)
    assert vi(a, b) == pytest.approx(vi(b, a))
    assert vi(a, c) <= vi(a, b) + vi(b, c) + 1e-9


@settings(max_examples=40, deadline=None)
@given(st.lists(labels, min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_neither_order_nor_numbering_matters(runs, dice):
    partitions = [pd.Series(one, index=list("abcdef")) for one in runs]
    other = [p.sample(frac=1.0, random_state=dice.randint(0, 99)).map(lambda c: 7 - c) for p in partitions]
    dice.shuffle(other)
    pd.testing.assert_frame_equal(together(partitions), together(other))
    table = together(partitions)
    shuffled = table.sample(frac=1.0, random_state=dice.randint(0, 99))
    pd.testing.assert_series_equal(consensus(table), consensus(shuffled))


def test_partitions_that_agree_are_their_own_consensus():
    one = by_letters(x="abcd", y="ef", z="g")
    assert consensus(together([one] * 3), 1.0).to_dict() == one.to_dict()


def test_agreement_on_common_nodes():
    a, b, c = by_letters(x="abc", y="def"), by_letters(x="abd", y="cefz"), by_letters(x="y")
    table = agreement({"one": a, "two": b, "three": c})
    assert table[["a", "b"]].values.tolist() == [["one", "two"], ["one", "three"], ["two", "three"]]
    assert table["nodes"].tolist() == [6, 0, 0]
    assert table["ami"][0] == adjusted_mutual_information(np.array([0, 0, 0, 1, 1, 1]), np.array([0, 0, 1, 0, 1, 1]))
    assert table["vi"][0] == pytest.approx(variation_of_information(a, b))
    assert table[["ami", "vi"]][1:].isna().all(axis=None)
