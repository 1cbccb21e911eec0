"""Pandas frames in place of records give what records give."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from ingest import BadInput, DuckDB
from ingest.engine import collect
from ingest.records import Records
from linkages import Network, build_network
from linkages.frames import form_of, records_of

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


def test_links_made_elsewhere_are_a_network() -> None:
    table = pd.DataFrame({"source": ["b"], "target": ["a"], "weight": [2.0]})
    assert links(build_network(table, "naics3", (2000, 2007), "deal")) == [["a", "b", 2.0, 0]]
    with pytest.raises(ValueError, match="a frame of links has no values to weigh by"):
        build_network(table, "naics3", (2000, 2007), "deal", weigh="value")


def test_frames_that_are_none_are_explained() -> None:
    with pytest.raises(ValueError, match="got no column"):
        form_of(pd.DataFrame())
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


DEAL = pd.DataFrame(
    {"event": "d", "role": ["acquirer", "acquirer", "target"], "naics": ["325411", "336111", "334111"], "year": 2003}
)


def facets_of(frame: pd.DataFrame, kind: str) -> list[list[object]]:
    """Give participant, code and share of each facet of the only event."""
    table = collect(records_of(frame, kind, 2003).facets).sort_values(["facet", "naics"])
    return [list(row) for row in table[["facet", "naics", "share"]].itertuples(index=False)]


def faults(frame: pd.DataFrame, **call: Any) -> list[tuple[str, str]]:
    """Give value and expectation of what is wrong with a frame."""
    with pytest.raises(BadInput) as caught:
        build_network(frame, **call)
    return [(fault.value, fault.expected) for fault in caught.value.faults]


def test_ids_are_joined_whatever_their_types() -> None:
    events = pd.DataFrame({"event": [1, 2], "kind": "copatent", "year": 2003})
    facets = pd.DataFrame({"event": [1.0, 1.0, 2.0, 2.0], "facet": ["1", "2"] * 2, "role": "class"})
    facets["naics"] = [325411.0, 334111.0] * 2
    network = build_network({"events": events, "facets": facets}, "naics3")
    assert links(network) == [["325", "334", 2.0, 2]]
    one = pd.DataFrame({"event": pd.Series([1, 1.0, "1"], dtype=object), "naics": [325411, "334111", "336111"]})
    assert build_network(one, "naics3").events == 1


def test_shares_need_to_know_the_facet() -> None:
    frame = pd.DataFrame({"event": "p", "naics": ["325411", "334111", "336111"], "share": [9, 1, 5]})
    assert faults(frame)[0][0] == "share"
    assert "a column facet beside the column share: it tells which rows are parts" in faults(frame)[0][1]
    shared = build_network(frame.assign(facet=["1", "1", "2"]), "naics3", counting="fractional")
    assert dict(zip(shared.links["source"], shared.links["weight"].round(3), strict=True)) == {"325": 0.9, "334": 0.1}


def test_a_participant_of_a_deal_or_an_alliance_is_one_facet() -> None:
    rows = pd.DataFrame({"event": "al", "participant": ["A", "A", "B"], "naics": ["325411", "334111", "325412"]})
    assert facets_of(rows, "alliance") == [["A", "325411", 0.5], ["A", "334111", 0.5], ["B", "325412", 1.0]]
    network = build_network(rows, "naics3", source="alliance", counting="fractional")
    assert links(network) == [["325", "334", 0.5, 1]]
    # A's two codes are no link between two partners.
    alone = build_network(rows.head(2), "naics3", source="alliance")
    assert (alone.events, alone.settings["set aside"]) == (0, {"no sector found for two partners": 1})
    assert facets_of(rows.assign(share=[3, 1, 1]), "alliance") == [
        ["A", "325411", 0.75],
        ["A", "334111", 0.25],
        ["B", "325412", 1.0],
    ]
    named = build_network(rows.drop(columns="participant").assign(facet=["A", "A", "B"], region="DE21"), "nuts2",
                          source="alliance", counting="fractional")  # fmt: skip
    assert named.nodes[["node", "within"]].to_numpy().tolist() == [["DE21", 1.0]]


def test_a_firm_on_both_sides_of_a_deal_is_a_facet_of_each() -> None:
    rows = pd.DataFrame({"event": "d", "participant": ["A", "B", "A"], "role": ["acquirer", "acquirer", "target"]})
    rows = rows.assign(naics=["325411", "336111", "334111"], region=["DE21", "FR10", "DE21"])
    network = build_network(rows, "naics3", source="deal", counting="fractional")
    assert links(network) == [["325", "334", 0.5, 1], ["334", "336", 0.5, 1]]
    assert len(collect(records_of(rows, "deal", 2003).participants)) == 3


def test_each_row_of_a_patent_is_a_facet_of_its_own() -> None:
    rows = pd.DataFrame({"event": "p", "participant": "A", "naics": ["325411", "334111"]})
    assert [share for *_, share in facets_of(rows, "copatent")] == [1.0, 1.0]
    assert links(build_network(rows, "naics3")) == [["325", "334", 1.0, 1]]


def test_a_participant_in_two_regions_is_in_both() -> None:
    rows = pd.DataFrame({"event": "a", "participant": ["A", "A", "B"], "naics": ["325411", "325411", "334111"]})
    rows = rows.assign(region=["DE21", "FR10", "ITC4"])
    records = records_of(rows, "alliance", 2003)
    people = collect(records.participants).sort_values(["participant", "region"])
    assert people[["participant", "region", "share"]].to_numpy().tolist() == [
        ["A", "DE21", 0.25],
        ["A", "FR10", 0.25],
        ["B", "ITC4", 0.5],
    ]
    assert len(collect(records.facets)) == 2
    for counting, weight in (("full", 1.0), ("fractional", 0.5)):
        network = build_network(rows, "nuts2", source="alliance", counting=counting)
        assert links(network) == [["DE21", "ITC4", weight, 1], ["FR10", "ITC4", weight, 1]]


def test_what_is_said_of_an_event_need_stand_in_one_row() -> None:
    rows = DEAL.assign(kind=[None, None, "deal"], year=[None, 2003, None], value=[None, "", 7.0])
    rows = rows.assign(currency=[None, "USD mn", None], date=[None, None, "2003-05-01"])
    network = build_network(rows, "naics3", source="deal", weigh="value")
    assert (network.unit, links(network)[0]) == ("USD mn", ["325", "334", 7.0, 1])
    events = collect(records_of(rows, "deal", 1999).events)
    assert events[["year", "date"]].to_numpy().tolist() == [[2003, "2003-05-01"]]


def test_two_things_said_of_an_event_are_refused_together() -> None:
    rows = DEAL.assign(kind=["deal", "deal", "alliance"], year=[2003, 2004, 2003], value=[3, None, 7.0])
    rows = rows.assign(currency=["USD", "EUR", "USD"], date=["2003-05-01", None, "2003-05-02"])
    told = [fault for fault in faults(rows, source="deal") if "of event d" in fault[1]]
    assert told == [
        ("2003, 2004", "one year of event d (1 such events)"),
        ("alliance, deal", "one kind of event d (1 such events)"),
        ("3, 7", "one value of event d (1 such events)"),
        ("EUR, USD", "one currency of event d (1 such events)"),
        ("2003-05-01, 2003-05-02", "one date of event d (1 such events)"),
    ]
    assert build_network(DEAL.assign(value=[3, 3.0, "3"]), "naics3", source="deal", weigh="value").events == 1


def test_acquirers_and_targets_make_a_deal() -> None:
    expected = [["325", "334", 1.0, 1], ["334", "336", 1.0, 1]]
    assert links(build_network(DEAL, "naics3", source="all")) == expected
    assert links(build_network(DEAL, "naics3", source="deal")) == expected
    both = pd.concat([DEAL, DEAL.assign(event="a", role="partner")])
    kinds = collect(records_of(both, "all", 2003).events).set_index("event")["kind"].to_dict()
    assert kinds == {"d": "deal", "a": "alliance"}


@pytest.mark.parametrize("source", ["copatent", "alliance"])
def test_a_deal_is_not_counted_as_what_it_is_not(source: str) -> None:
    ((value, expected),) = faults(DEAL, source=source)
    assert (value, expected) == (
        "acquirer",
        f"roles of {source}s where no column kind is (event d: these are a deal's)",
    )


@pytest.mark.parametrize(
    ("kind", "role", "expected"),
    [
        ("deal", "partner", "acquirer or target in role, of a deal (3 rows, first in event d)"),
        ("alliance", "acquirer", "partner in role, of an alliance (3 rows, first in event d)"),
        ("copatent", "partner", "class in role, of a copatent (3 rows, first in event d)"),
    ],
)
def test_roles_that_do_not_fit_the_kind_are_refused(kind: str, role: str, expected: str) -> None:
    assert faults(DEAL.assign(kind=kind, role=role), source=kind)[0] == (role, expected)


def test_a_patent_s_rows_may_say_whose_they_are() -> None:
    rows = pd.DataFrame({"event": "p", "role": ["inventor", "applicant"], "naics": ["325411", "334111"]})
    records = records_of(rows.assign(region=["DE21", "FR10"]), "copatent", 2003)
    assert set(collect(records.facets)["role"]) == {"class"}
    assert sorted(collect(records.participants)["role"]) == ["applicant", "inventor"]


def test_rows_that_cannot_be_told_apart_are_refused() -> None:
    rows = pd.DataFrame({"event": "a", "facet": ["1", "1", "2"], "naics": ["325411", "325411", "334111"]})
    assert "each facet and code once in event a (1 rows)" in [told for _, told in faults(rows, source="alliance")]
    nameless = rows.drop(columns="facet").assign(participant=["A", None, "B"])
    assert ("", "no blank in participant (1 rows, first in event a)") in faults(nameless, source="alliance")
    assert faults(rows.assign(event=[None, " ", "a"])) == [("", "no blank in event (2 rows)")]
    assert faults(pd.concat([rows, rows[["naics"]]], axis=1)) == [("naics", "each column once")]


def test_regions_of_a_frame_are_codes() -> None:
    rows = pd.DataFrame({"event": "p", "naics": ["325411", "334111"], "region": ["DE212", "fr101"]})
    assert links(build_network(rows, "nuts2")) == [["DE21", "FR10", 1.0, 1]]
    assert links(build_network(rows, "nuts3")) == [["DE212", "FR101", 1.0, 1]]
    finer = rows.assign(region=None, nuts3=["DE212", "FR101"])
    assert links(build_network(finer.drop(columns="region"), "nuts3")) == [["DE212", "FR101", 1.0, 1]]
    later = rows.assign(region=["FRB0", "FR10"])
    assert links(build_network(later, "nuts2")) == [["FR10", "FR24", 1.0, 1]]
    assert links(build_network(later, "nuts2", nuts=2016)) == [["FR10", "FRB0", 1.0, 1]]
    wrong = faults(rows.assign(region=["Bavaria", "DE"], naics=["325411", "541711"]))
    assert [value for value, _ in wrong] == ["541711", "Bavaria", "DE"]
    with pytest.raises(ValueError, match="a network at nuts2 needs a column region, or a frame participants"):
        build_network(rows.drop(columns="region"), "nuts2")


def test_crowded_events_are_said_to_be_set_aside() -> None:
    crowd = pd.DataFrame({"event": "p", "naics": ["325411", "334111", "336111"] * 334})
    rows = pd.concat([crowd, pd.DataFrame({"event": "q", "naics": ["325411", "334111"]})])
    network = build_network(rows, "naics3")
    assert links(network) == [["325", "334", 1.0, 1]]
    assert network.settings["set aside"] == {"more than 1,000 facets or participants": 1}
    assert "set aside" not in build_network(rows.tail(2), "naics3").settings


@pytest.mark.parametrize(
    ("column", "cells", "expected"),
    [
        ("value", ["7,5", None, None], "a number in value (1 rows, first in event d)"),
        ("value", [7, "about 7", None], "one value of event d (1 such events)"),
        ("year", pd.to_datetime(["2003-05-01"] * 3), "a year in year (1 rows, first in event d)"),
        ("year", ["MMIII"] * 3, "a year in year (1 rows, first in event d)"),
        ("year", [1e300] * 3, "a year in year (1 rows, first in event d)"),
    ],
)
def test_cells_that_are_no_numbers_are_faults(column: str, cells: Any, expected: str) -> None:
    assert expected in [told for _, told in faults(DEAL.assign(**{column: cells}), source="deal")]


def test_days_in_place_of_years_are_told_how_to_mend() -> None:
    with pytest.raises(BadInput, match=r"To mend: give the year alone: \.dt\.year"):
        build_network(DEAL.assign(year=pd.Timestamp(2003, 5, 1)), source="deal")


def test_a_date_tells_the_year_where_no_column_does() -> None:
    table = pd.DataFrame(
        {
            "event": ["a", "a", "b", "b"],
            "naics": ["325412", "334111"] * 2,
            "date": ["1995-05-01"] * 2 + ["2010-02-01"] * 2,
        }
    )
    for dates in (table["date"], pd.to_datetime(table["date"])):
        counted = [build_network(table.assign(date=dates), period=span).events for span in ((2000, 2007), (2007, 2014))]
        assert counted == [0, 1]


def test_dates_that_are_none_or_of_another_year_are_refused() -> None:
    table = pd.DataFrame({"event": ["a", "a"], "naics": ["325412", "334111"]})
    with pytest.raises(BadInput, match=r"'foo'; expected a date as 2003-05-01"):
        build_network(table.assign(date="foo"), period=(2000, 2007))
    with pytest.raises(BadInput, match=r"'1995-05-01'; expected a date in the year 2003 of event a \(2 rows\)"):
        build_network(table.assign(date="1995-05-01", year=2003), period=(2000, 2007))
