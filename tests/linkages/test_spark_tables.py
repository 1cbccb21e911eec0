"""What follows from the counts (years, values, Table 1, focal industries) is the same on Spark, row for row."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pandas as pd
import pytest

from ingest.frames import carried
from ingest.records import Records
from linkages import counting
from linkages.areas import areas, node_years
from linkages.composition import breadth, geography, reaches
from linkages.focal import encounters, partner_years, partners_of, region_years, regions_of
from linkages.items import facet_items, participant_items
from linkages.periods import Period
from linkages.series import followed, series
from linkages.shared_year import shared_year_effect
from linkages.worth import worth
from linkages.yearly import count_years, segments

pytestmark = pytest.mark.spark
CODES = ("325412", "334111", "336111", "311811", "541714", "611110", "512110")
REGIONS = ("DE21", "DE30", "ITC4", "FR10", "US")
PERIODS = [Period(2000, 2007), Period(2007, 2014)]
SOURCES = ("copatent", "deal", "alliance", "all")


@pytest.fixture(scope="module")
def valued(make_records: Any) -> Records:
    """Events of every kind; of the deals some have a value, in two units, one that is none, and another currency."""
    dice = random.Random(11)
    events, values = [], {}
    for number in range(90):
        kind = ("copatent", "deal", "alliance")[number % 3]
        sides = {"copatent": ["class"] * 3, "deal": ["acquirer", "target"], "alliance": ["partner"] * 3}[kind]
        people = ["inventor"] * 2 if kind == "copatent" else sides
        facets = [(side, dice.choice(CODES)) for side in sides]
        places = [(side, dice.choice(REGIONS)) for side in people] if number % 10 else []
        events.append((f"e{number}", kind, dice.randint(1999, 2014), facets, places))
        if kind == "deal" and number % 4:
            values[f"e{number}"] = dice.choice([(dice.random() * 90, "USD mn"), (700.0, "USD th"), (5.0, "EUR mn")])
    values["e1"] = (float("nan"), "USD mn")
    return make_records(events, values=values)


def tables(records: Records) -> Iterator[tuple[str, pd.DataFrame]]:
    engine = records.engine
    facets = engine.keep(facet_items(records, "naics3"))
    pairs = engine.keep(counting.pairs(facets, engine, directed_deals=True))
    regions = counting.region_pairs(records, "nuts2", counting.cross_sectoral(pairs))
    values = worth(records)
    yield "worth", values.told
    for name, given in (("events", None), ("value", values)):
        for way in counting.COUNTING:
            years = count_years(pairs, engine, segments(PERIODS), way, given)
            yield f"parts by {name}, {way}", years.parts
            yield f"events by {name}, {way}", years.events
            yield f"series by {name}, {way}", series(years, SOURCES)
            yield f"followed by {name}, {way}", followed(years, engine, SOURCES, 3)
            yield f"shared year by {name}, {way}", shared_year_effect(years, PERIODS, SOURCES)
    nodes = node_years(pairs)
    yield "nodes", nodes
    yield "areas", areas(nodes, dict.fromkeys(range(2000, 2008), 1.0), {2010: 0.5, 2011: 1.0}, (40.0, 10.5))
    yield "breadth", breadth(pairs)
    yield "geography", geography(pairs, reaches(regions, {code: code[:2] for code in REGIONS}, engine))
    met = encounters(engine.keep(facet_items(records, "emerging")), facets, engine)
    yield "partners", partners_of(*partner_years(met))
    yield "regions", regions_of(*region_years(met, participant_items(records, "nuts2"), engine))


def test_every_table_is_the_same(valued: Records, spark: Any) -> None:
    ours, theirs = dict(tables(valued)), dict(tables(carried(valued, spark)))
    for name, table in ours.items():
        assert len(table), name
        pd.testing.assert_frame_equal(theirs[name], table, check_exact=True, obj=name)
