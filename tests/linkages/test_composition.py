"""Table 1 of the Trends methodology, worked by hand on the five events."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ingest.engine import collect
from ingest.records import Records
from linkages import build_network, counting
from linkages.areas import areas, node_years
from linkages.composition import REACHES, breadth, composition, geography, geography_of, reaches

COUNTRIES = {"DE21": "DE", "ITC4": "IT", "FR10": "FR", "AT13": "AT"}


def test_configurations_by_events(five_events: Records) -> None:
    network = build_network(five_events, "naics3", (2000, 2014), "all")
    table = composition(network, strong=3)
    assert table[["rank", "source", "target", "events"]].values.tolist() == [
        [1, "325", "334", 3],
        [2, "325", "336", 1],
        [3, "334", "336", 1],
    ]
    assert table["strong"].tolist() == [True, False, False]
    assert table["share"].tolist() == pytest.approx([0.6, 0.2, 0.2])
    assert table.loc[0, "source_label"] == "Chemical manufacturing"
    assert not composition(network)["strong"].any()  # 3,000 events by default
    assert composition(build_network(five_events, "naics3", (1950, 1951), "all")).empty


def test_events_by_the_number_of_sectors(five_events: Records) -> None:
    table = breadth(counting.sector_pairs(five_events, "naics3"))
    assert table.values.tolist() == [
        [2001, "copatent", 2, 1],
        [2003, "deal", 1, 1],
        [2003, "deal", 2, 1],
        [2007, "copatent", 1, 1],
        [2010, "alliance", 3, 1],
    ]


def test_where_linkages_lie(make_records: Callable[..., Records]) -> None:
    facets = [("partner", "325411"), ("partner", "334111")]
    records = make_records(
        [
            ("w", "alliance", 2001, facets, [("partner", "DE21"), ("partner", "DE21")]),
            ("c", "alliance", 2001, facets, [("partner", "DE21"), ("partner", "DE30")]),
            # A pair within one region and two pairs abroad: the furthest counts.
            ("x", "alliance", 2002, facets, [("partner", "DE21"), ("partner", "DE21"), ("partner", "FR10")]),
            ("u", "alliance", 2007, [*facets, ("partner", "336111")], []),
        ]
    )
    pairs = counting.sector_pairs(records, "naics3")
    regions = counting.region_pairs(records, "nuts2", counting.cross_sectoral(pairs))
    reach = reaches(regions, {**COUNTRIES, "DE30": "DE"}, records.engine)
    told = collect(reach).set_index("event")["reach"].to_dict()
    assert told == {"w": "within", "c": "country", "x": "abroad"}
    table = geography(pairs, reach)
    whole = geography_of(table, dict.fromkeys(range(2000, 2008), 1.0))
    assert whole.values.tolist() == [
        ["325", "334", 1, 1, 1, 1, 4],
        ["325", "336", 0, 0, 0, 1, 1],
        ["334", "336", 0, 0, 0, 1, 1],
    ]
    early = geography_of(table, {2001: 1.0}, "alliance")
    assert early[list(REACHES)].values.tolist() == [[1, 1, 0, 0]]
    assert geography_of(table, {2001: 1.0}, "deal").empty


def test_areas_that_grow(five_events: Records) -> None:
    nodes = node_years(counting.sector_pairs(five_events, "naics3"))
    assert nodes.values.tolist() == [
        [2001, "copatent", "325", 1],
        [2001, "copatent", "334", 1],
        [2003, "deal", "325", 1],
        [2003, "deal", "334", 1],
        [2010, "alliance", "325", 1],
        [2010, "alliance", "334", 1],
        [2010, "alliance", "336", 1],
    ]
    first, last = dict.fromkeys(range(2000, 2008), 1.0), dict.fromkeys(range(2007, 2015), 1.0)
    table = areas(nodes, first, last, (2.0, 1.0)).set_index("node")
    assert table.loc["325", ["n1", "n2", "share1", "share2"]].tolist() == [2, 1, 1.0, 1.0]
    assert table.loc["325", "growth"] == -0.5
    assert table["class"].to_dict() == {"336": "emerging", "325": "steady", "334": "steady"}
    assert table["growth"].isna().to_dict() == {"336": True, "325": False, "334": False}
    assert table["rank"].to_dict() == {"336": 1, "325": 2, "334": 2}


def test_a_region_grows_by_what_lies_within_it_too(make_records: Callable[..., Records]) -> None:
    crossing, one_sector = ("325411", "334111"), ("325411", "325412")
    homes = {"a": ["DE21"], "b": ["DE21", "DE21"], "c": ["DE21", "FR10"], "d": ["DE21", "FR10"]}
    records = make_records(
        [
            (name, "copatent", 2003, [("class", code) for code in codes], [("inventor", home) for home in homes[name]])
            for name, codes in zip(homes, (crossing, crossing, crossing, one_sector), strict=True)
        ]
    )
    events = counting.cross_sectoral(counting.sector_pairs(records, "naics3"))
    nodes = node_years(counting.region_pairs(records, "nuts2", events), within=True)
    # Three cross-sectoral patents, all with DE21, two of them there alone; the fourth is of one sector.
    assert nodes[["node", "events"]].values.tolist() == [["DE21", 3], ["FR10", 1]]


def test_a_facet_of_several_sectors_joins_none(make_records: Callable[..., Records]) -> None:
    one, two = [("class", "114210")], [("class", "114210"), ("class", "325412")]
    records = make_records([("alone", "copatent", 2003, one, []), ("both", "copatent", 2003, two, [])])
    table = breadth(counting.sector_pairs(records, "emerging"))
    # Blue growth and experience in both; biopharmaceuticals meet them in one.
    assert table[["sectors", "events"]].values.tolist() == [[1, 1], [3, 1]]


def test_a_half_year_adds_half_its_events(five_events: Records) -> None:
    nodes = node_years(counting.sector_pairs(five_events, "naics3"))
    table = areas(nodes, {2001: 0.5, 2003: 1.0}, {2010: 1.0}, (1.5, 1.0)).set_index("node")
    assert table.loc["325", ["n1", "n2"]].tolist() == [1.5, 1.0]
    # 1.5 events in one and a half years, 1 in one year.
    assert table.loc["325", "growth"] == 0.0
