"""Pandas frames in place of records give what records give."""

from __future__ import annotations

import pandas as pd
import pytest

from ingest import BadInput, DuckDB
from ingest.engine import collect
from ingest.records import Records
from linkages import Network, build_network
from linkages.counting import sector_pairs
from linkages.frames import form_of, pairs_of

FACETS = pd.DataFrame(
    [
        ("d1", "deal", 2003, "acquirer", "325411", "DE21", 5.0),
        ("d1", "deal", 2003, "target", "334111", "FR10", 5.0),
        ("d2", "deal", 2009, "acquirer", "334111", "DE21", 3.0),
        ("d2", "deal", 2009, "target", "325411", "DE21", 3.0),
        ("p1", "copatent", 2005, "class", "325411", "DE21", None),
        ("p1", "copatent", 2005, "class", "334111", None, None),
        ("p1", "copatent", 2005, "class", "336111", "ITC4", None),
    ],
    columns=["event", "kind", "year", "role", "naics", "region", "value"],
)
COLUMNS = ["source", "target", "weight", "events"]


def links(network: Network) -> list[list[object]]:
    return [list(row) for row in network.links[COLUMNS].itertuples(index=False)]


def test_a_frame_of_facets_is_counted_like_records() -> None:
    assert links(build_network(FACETS, "naics3", (2000, 2007), "all")) == [
        ["325", "334", 2.0, 2],
        ["325", "336", 1.0, 1],
        ["334", "336", 1.0, 1],
    ]
    shares = build_network(FACETS, "naics3", (2000, 2014), "all", "fractional")
    assert shares.links["weight"].sum() == pytest.approx(3)
    assert links(build_network(FACETS, "nuts2", (2000, 2014), "all")) == [
        ["DE21", "FR10", 1.0, 1],
        ["DE21", "ITC4", 1.0, 1],
    ]
    valued = build_network(FACETS, "naics3", (2000, 2014), "deal", weigh="value")
    assert links(valued) == [["325", "334", 8.0, 2]]


def test_three_frames_are_records_too(five_events: Records) -> None:
    tables = {name: collect(getattr(five_events, name)) for name in ("events", "facets", "participants")}
    engine = DuckDB()
    for level, source in (("naics3", "all"), ("nuts2", "copatent"), ("naics6", "alliance")):
        one = build_network(five_events, level, (2000, 2014), source)
        two = build_network(tables, level, (2000, 2014), source, engine=engine)
        pd.testing.assert_frame_equal(one.links, two.links)
        pd.testing.assert_frame_equal(one.nodes, two.nodes)
        assert repr(one) == repr(two)


def test_what_a_frame_does_not_say_comes_from_the_call() -> None:
    bare = pd.DataFrame({"event": ["p", "p", "q", "q"], "naics": ["325411", "334111", "325412", "336111"]})
    network = build_network(bare, "naics3", (2001, 2004), "copatent")
    assert links(network) == [["325", "334", 1.0, 1], ["325", "336", 1.0, 1]]
    assert build_network(bare, "naics3", (2001, 2004), "alliance").events == 2
    with pytest.raises(ValueError, match="a frame of deals needs a column role"):
        build_network(bare, "naics3", (2001, 2004), "deal")


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


def test_links_made_elsewhere_are_a_network() -> None:
    table = pd.DataFrame({"source": ["b"], "target": ["a"], "weight": [2.0]})
    assert links(build_network(table, "naics3", (2000, 2007), "deal")) == [["a", "b", 2.0, 0]]
    with pytest.raises(ValueError, match="a frame of links has no values to weigh by"):
        build_network(table, "naics3", (2000, 2007), "deal", weigh="value")


def test_frames_that_are_none_are_explained() -> None:
    with pytest.raises(ValueError, match="got no column"):
        form_of(pd.DataFrame())
    with pytest.raises(
        ValueError, match=r"a blank in a; a part that is not above 0; a pair of an event that stands twice"
    ):
        pairs_of(
            pd.DataFrame({"event": ["x", "x"], "a": [None, None], "b": ["1", "1"], "part": [0.0, 1.0]}), "deal", 2000
        )
    with pytest.raises(BadInput, match="one of copatent, deal, alliance in kind"):
        build_network(FACETS.assign(kind="merger"), "naics3", (2000, 2007), "all")
    with pytest.raises(BadInput, match=r"541711.*a code of NAICS 2017"):
        build_network(FACETS.assign(naics="541711"), "naics3", (2000, 2007), "all")
    with pytest.raises(ValueError, match="frames are events, facets and, where known, participants; got facets"):
        build_network({"facets": FACETS}, "naics3", (2000, 2007), "all")
    with pytest.raises(BadInput, match="a number above 0 in share"):
        build_network(FACETS.assign(share=-1.0), "naics3", (2000, 2007), "all")
    with pytest.raises(BadInput, match="a year in year"):
        build_network(FACETS.assign(year=float("nan")), "naics3", (2000, 2007), "all")
