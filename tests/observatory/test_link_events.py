"""The events behind a link, told from its two ends alone, are those that the networks count: all pairs, every kind."""

from __future__ import annotations

import itertools
import random

import pandas as pd
import pytest

from ingest import Records
from ingest.engine import collect
from ingest.frames import from_frames
from linkages import counting
from linkages.items import REGION_LEVELS, facet_items, participant_items
from observatory import link_events
from observatory.held import held_by
from observatory.link_events import between, cross_sectoral, of_events, within

#: 334111 and 334112 are of the same two emerging industries, 485310 of one of these and another.
CODES = ("325411", "325412", "334111", "334112", "485310", "541714", "541512")
PLACES = ("DE21", "DE22", "FR10", "AT13", "US")
ROLES = {"copatent": ("class",), "alliance": ("partner",), "deal": ("acquirer", "target")}


@pytest.fixture(scope="module")
def drawn() -> Records:
    """Three hundred events of every kind; of some a facet has two codes."""
    draw = random.Random(5)
    events, facets, people = [], [], []
    for number in range(300):
        kind = draw.choice(sorted(ROLES))
        events.append((f"e{number}", kind, draw.randint(2000, 2014)))
        for item in range(draw.randint(1, 4)):
            role = draw.choice(ROLES[kind])
            for code in sorted(set(draw.choices(CODES, k=draw.choice((1, 1, 2))))):
                facets.append((f"e{number}", str(item), role, code))
        for item in range(draw.randint(0, 3)):
            people.append((f"e{number}", str(item), {"class": "inventor"}.get(role, role), draw.choice(PLACES)))
    return from_frames(
        pd.DataFrame(events, columns=["event", "kind", "year"]),
        pd.DataFrame(facets, columns=["event", "facet", "role", "naics"]),
        pd.DataFrame(people, columns=["event", "participant", "role", "region"]),
    )


@pytest.mark.parametrize("few", [0, 200])
@pytest.mark.parametrize(
    ("level", "groups"),
    [
        ("naics3", {}),
        ("naics6", {}),
        ("naics6", {"drugs": ["325411", "325412"], "devices": ["334111"]}),
        ("emerging", {}),
        ("nuts2", {}),
        ("nuts1", {}),
        ("nuts2", {"south": ["DE21", "DE22"], "east": ["AT13"]}),
    ],
)
def test_what_two_ends_tell_is_what_pairing_everything_tells(drawn, level, groups, few, monkeypatch):
    monkeypatch.setattr(link_events, "FEW", few)
    regional = level in REGION_LEVELS
    items = drawn.engine.keep((participant_items if regional else facet_items)(drawn, level, groups))
    overlapping = level == "emerging"
    paired = collect(counting.pairs(items, drawn.engine, directed_deals=not regional, overlapping=overlapping))
    nodes = sorted({*collect(items)["node"]})
    assert len(nodes) > 2
    kinds = collect(drawn.events).set_index("event")["kind"]
    for one, two in itertools.combinations(nodes, 2):
        told = between(held_by(drawn), level, groups, one, two)
        deals = {event for event, *_ in told if kinds[event] == "deal" and not regional}
        found = {(event, one, two) for event, forth, _, _ in told if event in deals and forth}
        found |= {(event, two, one) for event, _, back, _ in told if event in deals and back}
        found |= {(event, one, two) for event, _, _, met in told if event not in deals and met}
        here = paired[paired["a"].isin([one, two]) & paired["b"].isin([one, two]) & (paired["a"] != paired["b"])]
        assert found == {*zip(here["event"], here["a"], here["b"], strict=True)}
    for node in nodes:
        own = paired[(paired["a"] == node) & (paired["b"] == node)]
        assert within(held_by(drawn), level, groups, node) == sorted(own["event"])


def test_an_item_at_both_ends_is_no_link():
    events = pd.DataFrame({"event": ["p", "q"], "kind": "copatent", "year": 2003})
    facets = pd.DataFrame(
        [("p", "1", "325412"), ("p", "1", "334111"), ("q", "1", "325412"), ("q", "1", "334111"), ("q", "2", "334111")],
        columns=["event", "facet", "naics"],
    ).assign(role="class")
    told = between(held_by(from_frames(events, facets)), "naics3", {}, "325", "334")
    assert [event for event, _, _, met in told if met] == ["q"]


@pytest.mark.parametrize("few", [0, 200])
@pytest.mark.parametrize(
    ("level", "groups"),
    [("naics3", {}), ("naics6", {"drugs": ["325411", "334111"]}), ("industry", {}), ("emerging", {})],
)
def test_cross_sectoral_events_are_named_of_those_asked_for(drawn, level, groups, few, monkeypatch):
    monkeypatch.setattr(link_events, "FEW", few)
    every = {*collect(counting.cross_sectoral(counting.sector_pairs(drawn, level, groups)))["event"]}
    assert 30 < len(every) < 290
    kinds = collect(drawn.events).set_index("event")["kind"].to_dict()
    asked = {event: kind for event, kind in kinds.items() if int(event[1:]) % 2}
    assert cross_sectoral(held_by(drawn), level, groups, asked) == every & set(asked)
    assert cross_sectoral(held_by(drawn), level, groups, {}) == set()


@pytest.mark.parametrize("few", [0, 5])
def test_rows_of_some_events(drawn, few, monkeypatch):
    monkeypatch.setattr(link_events, "FEW", few)
    rows = collect(of_events(held_by(drawn), drawn.events.select("event"), ["e1", "e7", "elsewhere"]))
    assert sorted(rows["event"]) == ["e1", "e7"]
