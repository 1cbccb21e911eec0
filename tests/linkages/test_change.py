"""Change of links against statsmodels' formula written out."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from linkages import Network, change


def network(counts: dict[str, int], period: tuple[int, int], **options: str) -> Network:
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
    assert same["log_odds"].abs().max() < 1e-12


def test_turning_the_periods_round_turns_the_sign() -> None:
    there, back = change(FIRST, SECOND), change(SECOND, FIRST)
    assert there["log_odds"].tolist() == pytest.approx((-back["log_odds"]).tolist())
    assert there["p"].tolist() == pytest.approx(back["p"].tolist())


def test_networks_must_be_of_one_kind() -> None:
    with pytest.raises(ValueError, match="must agree in source"):
        change(FIRST, network({"ab": 1}, (2007, 2014), source="deal"))


def test_weights_without_events_are_no_change() -> None:
    links = pd.DataFrame({"source": ["a"], "target": ["b"], "weight": [3.0]})
    with pytest.raises(ValueError, match="the links of 2000-2007 have no events: give them in a column events"):
        change(Network.from_pandas(links, period=(2000, 2007)), network({"ab": 3}, (2007, 2014)))
