"""Pandas frames of pairs counted elsewhere."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from ingest import BadInput
from ingest.engine import collect
from ingest.records import Records
from linkages import build_network
from linkages.counting import sector_pairs
from linkages.frame_pairs import pairs_of

PAIRS = pd.DataFrame({"event": "e", "a": ["325", "325"], "b": ["334", "336"], "part": [0.25, 0.75], "year": 2003})


def test_pairs_counted_elsewhere_give_the_network(five_events: Records) -> None:
    pairs = collect(sector_pairs(five_events, "naics3"))
    for how in ("full", "fractional"):
        for source in ("copatent", "deal", "all"):
            one = build_network(five_events, "naics3", (2000, 2007), source, how)
            two = build_network(pairs.iloc[::-1], "naics3", (2000, 2007), source, how)
            pd.testing.assert_frame_equal(one.links, two.links)
            assert one.events == two.events
    bare = pairs[["event", "a", "b"]].rename(columns={"a": "b", "b": "a"})
    network = build_network(bare, "naics3", (2000, 2000), "alliance", "fractional")
    assert network.events == pairs["event"].nunique()
    assert network.links["weight"].sum() + network.nodes["within"].sum() == pytest.approx(5)


def test_ids_of_any_type_are_one_event() -> None:
    frame = PAIRS.drop(columns="part").assign(event=pd.Series([1, 1.0], dtype=object), a=[10, 9.0], b=[9, 11])
    network = build_network(frame, counting="fractional")
    assert network.links[["source", "target", "weight"]].to_numpy().tolist() == [["10", "9", 0.5], ["11", "9", 0.5]]
    assert network.events == 1


def test_numbers_may_be_texts() -> None:
    one, two = (build_network(f, counting="fractional") for f in (PAIRS, PAIRS.astype({"part": str, "year": str})))
    pd.testing.assert_frame_equal(one.links, two.links)


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ({"part": [2.0, 3.0]}, [("5", "parts of event e that sum to 1 (1 such events)")]),
        ({"part": [0.2, 0.3]}, [("0.5", "parts of event e that sum to 1 (1 such events)")]),
        ({"part": [np.inf, 1]}, [("inf", "a number above 0 in part (1 rows, first in event e)")]),
        ({"part": ["much", 1]}, [("much", "a number above 0 in part (1 rows, first in event e)")]),
        ({"part": [0, 1]}, [("0", "a number above 0 in part (1 rows, first in event e)")]),
        ({"kind": "merger"}, [("merger", "one of copatent, deal, alliance in kind (2 rows, first in event e)")]),
        ({"kind": ["deal", None]}, [("None", "one of copatent, deal, alliance in kind (1 rows, first in event e)")]),
        ({"kind": ["deal", "alliance"]}, [("alliance, deal", "one kind of event e (1 such events)")]),
        ({"year": [2003, 2004]}, [("2003, 2004", "one year of event e (1 such events)")]),
        ({"year": 2003.6}, [("2003.6", "a year in year (2 rows, first in event e)")]),
        ({"year": [2003, np.nan]}, [("nan", "a year in year (1 rows, first in event e)")]),
        ({"year": "MMIII"}, [("MMIII", "a year in year (2 rows, first in event e)")]),
        ({"b": "334"}, [("334", "each pair of an event once (1 rows, first in event e)")]),
        (
            {"a": [" ", None], "kind": "merger", "part": 5},
            [
                ("None", "no blank in a (2 rows, first in event e)"),
                ("merger", "one of copatent, deal, alliance in kind (2 rows, first in event e)"),
                ("10", "parts of event e that sum to 1 (1 such events)"),
            ],
        ),
    ],
)
def test_what_is_wrong_with_pairs_is_told_at_once(columns: dict[str, Any], told: list[tuple[str, str]]) -> None:
    with pytest.raises(BadInput) as caught:
        build_network(PAIRS.assign(**columns), source="all")
    assert [(fault.value, fault.expected) for fault in caught.value.faults] == told


@pytest.mark.parametrize("kind", ["copatent", "alliance"])
def test_a_pair_turned_round_is_the_same_pair(kind: str) -> None:
    frame = pd.DataFrame({"event": "p", "a": ["325", "334", "325"], "b": ["334", "325", "336"]})
    with pytest.raises(BadInput, match=r"each pair of an event once \(1 rows, first in event p\)"):
        build_network(frame, source=kind, counting="fractional")
    # Two that buy from each other are two pairs of a deal, of one link.
    deal = build_network(frame, source="deal", counting="fractional")
    assert deal.links[["source", "target"]].values.tolist() == [["325", "334"], ["325", "336"]]
    assert deal.links["weight"].tolist() == pytest.approx([2 / 3, 1 / 3])


def test_days_and_columns_of_one_name_are_told() -> None:
    with pytest.raises(BadInput, match=r"To mend: give the year alone: \.dt\.year"):
        pairs_of(PAIRS.assign(year=pd.Timestamp(2003, 5, 1)), "copatent", 2003)
    with pytest.raises(BadInput, match="'a'; expected each column once"):
        pairs_of(pd.concat([PAIRS, PAIRS[["a"]]], axis=1), "copatent", 2003)


def test_parts_may_be_rounded_to_three_digits() -> None:
    thirds = pd.DataFrame({"event": "e", "a": "325", "b": ["334", "335", "336"], "part": 0.333})
    assert build_network(thirds, counting="fractional").events == 1
