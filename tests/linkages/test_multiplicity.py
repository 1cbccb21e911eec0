"""Events that hold the same pairs, told once: against a dictionary of sets, in any order, at the limits."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pandas as pd
import pytest

from ingest import DuckDB
from ingest.levels import all_sectors
from ingest.records import MAX_ITEMS
from linkages.multiplicity import _BELOW, multiplicities

NODES = list("abcdef")


def drawn(events: int, seed: int, parts: bool) -> pd.DataFrame:
    """One to four pairs an event, of few nodes, so that many events are alike; some within a node."""
    dice = np.random.default_rng(seed)
    rows = []
    for number in range(events):
        year = dice.choice([0.5, 1.0])
        held = {tuple(dice.choice(NODES, 2)) for _ in range(dice.integers(1, 5))}
        share = 1.0 / len(held) if parts else 1.0
        rows += [(f"e{number}", a, b, share, year) for a, b in held]
    return pd.DataFrame(rows, columns=["event", "a", "b", "part", "year_weight"])


def by_hand(pairs: pd.DataFrame) -> dict[tuple[frozenset[tuple[str, str, float]], float], list[str]]:
    """What is held, and the events that hold it."""
    held: dict[tuple[str, float], set[tuple[str, str, float]]] = defaultdict(set)
    for event, a, b, part, year in pairs.itertuples(index=False):
        if a != b:
            held[event, year].add((a, b, part))
    alike: dict[tuple[frozenset[tuple[str, str, float]], float], list[str]] = defaultdict(list)
    for (event, year), what in held.items():
        alike[frozenset(what), year].append(event)
    return alike


@pytest.mark.parametrize("parts", [False, True])
@pytest.mark.parametrize("seed", range(5))
def test_events_are_alike_where_they_hold_the_same(seed: int, parts: bool) -> None:
    pairs, engine = drawn(400, seed, parts), DuckDB()
    told = multiplicities(engine.table(pairs.sample(frac=1, random_state=seed)), engine)
    expected = by_hand(pairs)
    assert len(expected) < pairs["event"].nunique()  # some are alike, else nothing is tested
    assert told["event"].nunique() == len(expected)
    assert told.groupby("event")["multiplicity"].first().to_dict() == {min(e): len(e) for e in expected.values()}
    assert by_hand(told.drop(columns="multiplicity")).keys() == expected.keys()
    # Nothing is lost: each link has as many events as before.
    ends = ["a", "b"]
    between = pairs[pairs["a"] != pairs["b"]]
    assert told.groupby(ends)["multiplicity"].sum().to_dict() == between.groupby(ends).size().to_dict()


def test_neither_the_order_of_rows_nor_another_run_changes_anything() -> None:
    pairs = drawn(300, 11, parts=True)
    tables = []
    for rows in (pairs, pairs[::-1], pairs.sample(frac=1, random_state=3)):
        engine = DuckDB()
        tables.append(multiplicities(engine.table(rows.reset_index(drop=True)), engine))
    assert all(table.equals(tables[0]) for table in tables[1:])


def test_an_event_of_as_many_pairs_as_there_may_be_has_a_sum_of_64_bits() -> None:
    """An item may be in several sectors: no event holds more pairs than there are of the finest, either way round."""
    finest = len(all_sectors("naics6"))
    assert max(MAX_ITEMS, finest) ** 2 * _BELOW < 2**63
    engine, many = DuckDB(), 200_000
    ends = {"a": np.arange(many).astype(str), "b": np.arange(many, 2 * many).astype(str)}
    crowd = pd.DataFrame({"event": "1", **ends, "part": 1.0, "year_weight": 1.0})
    assert len(multiplicities(engine.table(crowd), engine)) == many


def test_no_pairs_between_nodes_give_no_events() -> None:
    engine = DuckDB()
    pairs = pd.DataFrame({"event": ["1"], "a": ["a"], "b": ["a"], "part": [1.0], "year_weight": [1.0]})
    assert multiplicities(engine.table(pairs), engine).empty
