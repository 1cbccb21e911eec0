"""Where the linkages of groups of sectors lie."""

from __future__ import annotations

from ingest.engine import collect
from ingest.records import Records
from linkages import counting
from linkages.geography import codes_within, places_of
from linkages.items import facet_items, participant_items
from linkages.periods import Period, year_weights


def test_events_of_a_group_are_located(five_events: Records) -> None:
    engine = five_events.engine
    weights = year_weights(Period(2000, 2014))
    pairs = counting.sector_pairs(five_events, "naics3")
    crossing = counting.cross_sectoral(pairs)
    regions = counting.region_pairs(five_events, "nuts2", crossing)
    found = places_of(
        {"325": 0, "334": 0, "336": 1},
        counting.in_period(pairs, engine, weights),
        participant_items(five_events, "nuts2"),
        counting.in_period(regions, engine, weights),
        engine,
    )
    # p1, d1 and a1 link 325 with 334; only a1 reaches 336, whose group has no second sector.
    assert found.regions.values.tolist() == [[0, "DE21", 3], [0, "ITC4", 2], [0, "FR10", 1]]
    assert found.pairs.values.tolist() == [[0, "DE21", "ITC4", 2], [0, "DE21", "DE21", 1], [0, "DE21", "FR10", 1]]


def test_codes_within_a_sector_are_counted(five_events: Records) -> None:
    events = five_events.events.select("event")
    one, two = (facet_items(five_events, level) for level in ("naics3", "naics4"))
    table = codes_within(one, five_events.engine, events, two)
    assert table[table["sector"] == "325"].values.tolist() == [["325", "3254", 5], ["325", "3251", 1]]
    assert len(collect(events)) == 5
