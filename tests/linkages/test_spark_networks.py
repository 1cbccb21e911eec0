"""Every table of networks, counted on Spark, is DuckDB's row for row."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import narwhals as nw
import pandas as pd
import pytest

from ingest.engine import collect
from ingest.frames import carried
from ingest.records import MAX_ITEMS, Records
from linkages import change, counting
from linkages.build import build_network
from linkages.concentration import concentration, events_by_region
from linkages.counting import in_period, joint, links, pairs, region_pairs, sector_pairs
from linkages.items import facet_items, participant_items
from linkages.multiplicity import multiplicities

pytestmark = [pytest.mark.spark, pytest.mark.long(seconds=160)]
CODES = ("325411", "334111", "336111", "311111", "541714", "333111", "621111", "111110", "335110")
REGIONS = ("DE21", "ITC4", "FR10", "AT13", "SE11", "US", "EL30", "UKI3")
YEARS = {2000: 1.0, 2003: 1.0, 2007: 0.5}


def _event(dice: random.Random, name: str) -> tuple[Any, ...]:
    kind, roles, people = dice.choice(
        [
            ("copatent", ["class"] * dice.randint(1, 4), ["inventor"] * dice.randint(1, 5)),
            ("deal", ["acquirer", "target", *["target"] * dice.randint(0, 1)], ["acquirer", "target"]),
            ("alliance", ["partner"] * dice.randint(2, 4), ["partner"] * dice.randint(2, 4)),
        ]
    )
    facets = [(role, dice.choice(CODES)) for role in roles]
    return name, kind, dice.choice([2000, 2003, 2007, 2012]), facets, [(role, dice.choice(REGIONS)) for role in people]


@pytest.fixture(scope="module")
def awkward(make_records: Any) -> Records:
    """Events of every kind, among them one facet, 200 participants, more than can be paired, and zero shares."""
    dice = random.Random(7)
    events = [_event(dice, f"e{number}") for number in range(60)]
    crowd = [("partner", REGIONS[number % 8]) for number in range(200)]
    events += [
        ("one", "copatent", 2003, [("class", "325411")], [("inventor", "DE21")]),
        ("crowd", "alliance", 2003, [("partner", CODES[number % 9]) for number in range(200)], crowd),
        ("too many", "alliance", 2003, [("partner", CODES[n % 9]) for n in range(MAX_ITEMS + 1)], crowd[:2]),
        ("both ways", "deal", 2007, [(side, code) for side in ("acquirer", "target") for code in CODES[:2]], crowd[:2]),
        ("nowhere", "deal", 2000, [("acquirer", "325411"), ("target", "334111")], []),
        ("split", "copatent", 2003, [("class", ""), ("class", ""), ("class", "336111")], [("inventor", "DE21")] * 3),
    ]
    shares = {
        ("split", 0): [("325411", 0.0), ("334111", 1.0)],
        ("split", 1): [("325411", 1 / 3), ("334111", 2 / 3), ("541714", 0.0)],
    }
    return make_records(events, shares)


@pytest.fixture(scope="module")
def on_spark(awkward: Records, spark: Any) -> Records:
    return carried(awkward, spark)


def _sorted(frame: nw.LazyFrame[Any]) -> pd.DataFrame:
    table = collect(frame)
    return table.sort_values(list(table.columns), ignore_index=True)


def _event_tables(records: Records) -> Iterator[tuple[str, pd.DataFrame]]:
    """Items and pairs, and what is counted from them in a period of which one year weighs a half."""
    engine = records.engine
    items = {"facets": facet_items(records, "naics3"), "people": participant_items(records, "nuts2")}
    for name, frame in items.items():
        yield name, _sorted(frame)
    sectors = sector_pairs(records, "naics3")
    crossing = engine.keep(counting.cross_sectoral(sectors))
    regions = region_pairs(records, "nuts2", crossing)
    yield "region deals", _sorted(pairs(items["people"].filter(nw.col("kind") == "deal"), engine, directed_deals=True))
    for name, frame in (("sectors", sectors), ("regions", regions)):
        yield name, _sorted(frame)
        for way in counting.COUNTING:
            yield f"links of {name}, {way}", _sorted(links(in_period(frame, engine, YEARS), way))
        yield f"{name} as they are drawn again", multiplicities(in_period(frame, engine, YEARS), engine)
    yield "sectors without parts", _sorted(sector_pairs(records, "naics3", parts=False))
    yield "regions without parts", _sorted(region_pairs(records, "nuts2", crossing, parts=False))
    yield "matrix", _sorted(links(in_period(sectors, engine, YEARS, "deal"), directed=True))
    yield "joint", _sorted(joint(in_period(sectors, engine, YEARS), in_period(regions, engine, YEARS)))
    yield (
        "concentration",
        concentration(events_by_region(items["people"], crossing, facet_items(records, "emerging")), YEARS, "all"),
    )


def test_items_pairs_links_joint_table_and_concentration(awkward, on_spark):
    ours, theirs = dict(_event_tables(awkward)), dict(_event_tables(on_spark))
    for name, table in ours.items():
        assert len(table), name
        pd.testing.assert_frame_equal(theirs[name], table, check_exact=True, obj=name)


@pytest.mark.parametrize(
    ("level", "source", "way"),
    [
        ("naics3", "all", "full"),
        ("naics6", "alliance", "fractional"),
        ("industry", "copatent", "full"),
        ("emerging", "all", "fractional"),
        ("nuts1", "all", "full"),
    ],
)
def test_networks_their_strength_and_change(awkward, on_spark, level, source, way):
    ours, theirs = (
        [build_network(records, level, period, source, way) for period in ((2000, 2003), (2003, 2012))]
        for records in (awkward, on_spark)
    )
    for one, two in zip(ours, theirs, strict=True):
        assert repr(two) == repr(one)
        assert len(one.links)
        pd.testing.assert_frame_equal(two.links, one.links, check_exact=True)
        pd.testing.assert_frame_equal(two.nodes, one.nodes, check_exact=True)
    pd.testing.assert_frame_equal(change(*theirs), change(*ours), check_exact=True)
