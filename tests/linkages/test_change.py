"""Change of links against statsmodels' formula written out."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from linkages import Network, Period, change
from linkages.build import network_of_years
from linkages.change import log_odds
from linkages.frame_pairs import pairs_of
from linkages.periods import year_weights
from linkages.yearly import count_years, segments


def network(counts: dict[str, int], period: tuple[int, int], **options: Any) -> Network:
    rows = [(pair[0], pair[1], float(n), n) for pair, n in counts.items()]
    return Network.from_pandas(
        pd.DataFrame(rows, columns=["source", "target", "weight", "events"]), period=period, **options
    )


FIRST = network({"ab": 10, "ac": 50, "bc": 40}, (2000, 2007))
SECOND = network({"ab": 60, "ac": 20, "cd": 20}, (2007, 2014))


def test_log_odds_written_out() -> None:
    table = change(FIRST, SECOND).set_index(["source", "target"])
    row = table.loc[("a", "b")]
    odds = math.log((60.5 * 90.5) / (10.5 * 40.5))
    error = math.sqrt(1 / 60.5 + 1 / 40.5 + 1 / 10.5 + 1 / 90.5)
    assert row["log_odds"] == pytest.approx(odds)
    assert (row["low"], row["high"]) == (
        pytest.approx(odds - 1.96 * error, abs=1e-4),
        pytest.approx(odds + 1.96 * error, abs=1e-4),
    )
    assert row["p"] == pytest.approx(math.erfc(abs(odds / error) / math.sqrt(2)))


def test_classes() -> None:
    table = change(FIRST, SECOND)
    assert dict(zip(table["source"] + table["target"], table["class"], strict=True)) == {
        "ab": "growing",
        "ac": "declining",
        "bc": "vanished",
        "cd": "emerging",
    }
    same = change(FIRST, network({"ab": 10, "ac": 50, "bc": 40}, (2007, 2014)))
    assert set(same["class"]) == {"steady"}
    assert set(same["log_odds"]) == {0.0}


def test_equal_counts_are_an_equal_change() -> None:
    counts = np.array([3.0, 6.0, 7.0, 1.5])
    table = log_odds(counts, counts, 29.0, 29.0)
    assert (table["log_odds"].tolist(), table["p"].tolist()) == ([0.0] * 4, [1.0] * 4)


def test_events_of_a_halved_year_stay_whole() -> None:
    # a-b twice in 2007, which both periods hold; b-c once in 2001 and once in 2012.
    years = {"p": 2007, "q": 2007, "r": 2001, "s": 2012}
    frame = pd.DataFrame(
        [(e, "325" if e in "pq" else "334", "336", y) for e, y in years.items()], columns=[*"eab", "y"]
    )
    pairs, engine = pairs_of(frame.rename(columns={"e": "event", "y": "year"}), "copatent", 2003)
    spans = [Period(2000, 2007), Period(2007, 2014)]
    counted = count_years(pairs, engine, segments(spans))
    tables = {}
    for choice in ("half", "both"):
        weights = [year_weights(span, spans, choice) for span in spans]
        made = [network_of_years(counted, "naics3", s, "all", w) for s, w in zip(spans, weights, strict=True)]
        assert made[0].links["weight"].tolist() == [1.0 if choice == "half" else 2.0, 1.0]
        tables[choice] = change(*made)
    assert tables["half"][["n1", "n2"]].values.tolist() == [[2, 2], [1, 1]]
    assert tables["half"].equals(tables["both"])


def test_turning_the_periods_round_turns_the_sign() -> None:
    there, back = change(FIRST, SECOND), change(SECOND, FIRST)
    assert there["log_odds"].tolist() == pytest.approx((-back["log_odds"]).tolist())
    assert there["p"].tolist() == pytest.approx(back["p"].tolist())


def test_networks_must_be_of_one_kind() -> None:
    with pytest.raises(ValueError, match="must agree in source"):
        change(FIRST, network({"ab": 1}, (2007, 2014), source="deal"))
    with pytest.raises(ValueError, match="must agree in unit: 'events' and 'USD mn'"):
        change(FIRST, network({"ab": 1}, (2007, 2014), unit="USD mn"))


def test_events_of_regions_cross_the_same_sectors() -> None:
    fine, coarse = (replace(FIRST, level="nuts2", settings={"sector_level": at}) for at in ("naics4", "naics2"))
    with pytest.raises(ValueError, match="must agree in sector_level: 'naics4' and 'naics2'"):
        change(fine, coarse)
    assert len(change(fine, replace(fine, settings={}))) == 3


def test_a_network_has_at_least_the_events_of_each_link() -> None:
    for events, message in (
        (9, "said to have 9 events, but a-b alone has 10"),
        (-4, "from 0 on; got -4"),
        (2.5, "got"),
    ):
        with pytest.raises(ValueError, match=message):
            network({"ab": 10}, (2000, 2007), events=events)
    with pytest.raises(ValueError, match="of 2000-2007 says that it has 49 events, fewer than the 50 of one"):
        change(replace(FIRST, events=49), replace(SECOND, events=100))


def test_all_events_are_known_of_both_periods_or_of_neither() -> None:
    with pytest.raises(ValueError, match="how many events 2007-2014 has is not known, of 2000-2007 it is: give it"):
        change(replace(FIRST, events=100), SECOND)
    assert change(replace(FIRST, events=100), replace(SECOND, events=100)).equals(change(FIRST, SECOND))
    # A period without an event has none, whatever the other says.
    assert set(change(replace(FIRST, events=100), network({}, (2007, 2014)))["class"]) == {"vanished"}


def test_weights_without_events_are_no_change() -> None:
    links = pd.DataFrame({"source": ["a"], "target": ["b"], "weight": [3.0]})
    with pytest.raises(ValueError, match="the links of 2000-2007 have no events: give them in a column events"):
        change(Network.from_pandas(links, period=(2000, 2007)), network({"ab": 3}, (2007, 2014)))
