"""Counts year by year: sums over years are what counting a period at once gives."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from ingest.engine import collect
from ingest.records import Records
from linkages import counting
from linkages.agreement import between_sources, source_agreement
from linkages.build import network_of, network_of_years
from linkages.periods import SHARED_YEAR, Period, year_weights
from linkages.series import followed, series
from linkages.shared_year import shared_year_effect, shared_years
from linkages.yearly import Years, by_year, count_years, events_by_year, in_years, links_of, segments

PERIODS = [Period(2000, 2007), Period(2007, 2014)]


def deal(name: str, year: int, acquirer: str, target: str) -> tuple:  # type: ignore[type-arg]
    return (name, "deal", year, [("acquirer", acquirer), ("target", target)], [])


def patent(name: str, year: int, *codes: str) -> tuple:  # type: ignore[type-arg]
    return (name, "copatent", year, [("class", code) for code in codes], [])


@pytest.fixture(scope="module")
def records(make_records: Callable[..., Records]) -> Records:
    return make_records(
        [
            deal("d1", 2003, "325411", "334111"),
            deal("d2", 2007, "325411", "334111"),
            deal("d3", 2007, "336111", "334111"),
            deal("d4", 2012, "336111", "336111"),
            patent("p1", 2003, "325411", "325412", "334111"),
            patent("p2", 2007, "325411", "336111"),
            patent("p3", 2010, "325411", "334111", "336111"),
        ]
    )


def counted(records: Records, how: str = "full") -> Years:
    pairs = counting.sector_pairs(records, "naics3")
    return count_years(pairs, records.engine, segments(PERIODS), how)


def test_years_with_the_same_periods_are_one_part() -> None:
    table = segments(PERIODS).set_index("year")["segment"].to_dict()
    assert (table[2000], table[2006], table[2007], table[2008], table[2014]) == (2000, 2000, 2007, 2008, 2008)
    assert segments([]).empty


@pytest.mark.parametrize("how", counting.COUNTING)
@pytest.mark.parametrize("shared", SHARED_YEAR)
@pytest.mark.parametrize("source", ["deal", "copatent", "all"])
def test_parts_add_up_to_what_a_period_counts(records: Records, how: str, shared: str, source: str) -> None:
    pairs = counting.sector_pairs(records, "naics3")
    years = counted(records, how)
    for period in PERIODS:
        weights = year_weights(period, PERIODS, shared)
        chosen = counting.in_period(pairs, records.engine, weights, source)
        at_once = collect(counting.links(chosen, how)).sort_values(["source", "target"], ignore_index=True)
        summed = links_of(years.parts, weights, source)
        pd.testing.assert_frame_equal(summed, at_once.astype({"source": str, "target": str}), check_dtype=False)
        assert int(in_years(years.events, weights, source)["events"].sum()) == len(
            collect(chosen.select("event").unique())
        )
        one = network_of(records, pairs, "naics3", period, source, how, weights)
        two = network_of_years(years, "naics3", period, source, weights, records.versions)
        pd.testing.assert_frame_equal(one.links, two.links)
        assert (one.events, one.settings) == (two.events, two.settings)


def test_links_and_events_of_each_year(records: Records) -> None:
    table = collect(by_year(counting.sector_pairs(records, "naics3")))
    rows = {(r.year, r.kind, r.source, r.target): r.events for r in table.itertuples()}
    assert rows[(2003, "copatent", "325", "325")] == 1
    assert rows[(2007, "deal", "334", "336")] == 1
    assert sum(rows.values()) == 10
    assert events_by_year(counting.sector_pairs(records, "naics3")).values.tolist() == [
        [2003, "copatent", 1, 1],
        [2003, "deal", 1, 1],
        [2007, "copatent", 1, 1],
        [2007, "deal", 2, 2],
        [2010, "copatent", 1, 1],
        [2012, "deal", 1, 0],
    ]


def test_the_series_by_hand(records: Records) -> None:
    table = series(counted(records), ["deal", "all"])
    assert table[table["source"] == "deal"].drop(columns="source").values.tolist() == [
        [2003, 1, 1, 1, 1.0],
        [2007, 2, 2, 2, 2.0],
        [2012, 1, 0, 0, 0.0],
    ]
    every = table[table["source"] == "all"].set_index("year")
    assert every.loc[2003].tolist()[1:] == [2, 2, 1, 2.0]  # the deal and the patent join the same two sectors
    assert every.loc[2010].tolist()[1:] == [1, 1, 3, 3.0]
    assert every["events"].sum() == 7


def test_the_strongest_pairs_year_by_year(records: Records) -> None:
    table = followed(counted(records), records.engine, ["deal", "all"], 1)
    assert table.values.tolist() == [
        ["all", "325", "334", 2003, 2.0, 2],
        ["all", "325", "334", 2007, 1.0, 1],
        ["all", "325", "334", 2010, 1.0, 1],
        ["deal", "325", "334", 2003, 1.0, 1],
        ["deal", "325", "334", 2007, 1.0, 1],
    ]
    assert followed(counted(records), records.engine, ["alliance"]).empty


def test_what_the_shared_year_moves(records: Records) -> None:
    table = shared_year_effect(counted(records), PERIODS, ["deal"], "both", 2)
    rows = {(r.period, r.shared_year): r for r in table.itertuples()}
    assert len(rows) == 8
    assert (rows["2000-2007", "both"].links, rows["2000-2007", "second"].links) == (2, 1)
    assert [rows["2007-2014", c].events for c in SHARED_YEAR] == [3, 1, 3, 3]
    assert rows["2000-2007", "half"].weight == 2.0
    own = rows["2000-2007", "both"]
    assert (own.top, own.top_kept, own.top_moved) == (2, 2, 0.0)
    # Without 2007 the link 334-336 is gone: it stands below the last of one link, where it stood before.
    other = rows["2000-2007", "second"]
    assert (other.top_kept, other.top_moved_most, other.shared) == (1, 0, 1)
    assert shared_years(PERIODS) == [2007]
    assert shared_year_effect(counted(records), [Period(2000, 2006), Period(2007, 2014)], ["deal"]).empty


def test_sources_are_compared_two_by_two(records: Records) -> None:
    years = counted(records)
    networks = {
        f"{kind}__{source}__2000-2014": network_of_years(
            years, "naics3", Period(2000, 2014), source, dict.fromkeys((2000, 2007, 2008), 1.0)
        )
        for kind in ("sector", "region")
        for source in ("copatent", "deal")
    }
    table = between_sources(networks, ["copatent", "deal"], ["2000-2014"])
    assert table["kind"].tolist() == ["sector", "region"]
    row = table.iloc[0]
    # Patents: 325-334 twice, 325-336 twice, 334-336 once; deals: 325-334 twice, 334-336 once.
    assert row[["links_a", "links_b", "shared", "top", "top_shared"]].tolist() == [3, 2, 2, 2, 1]
    assert row["rank_correlation"] == pytest.approx(0.0)
    assert source_agreement({}).empty


def test_a_source_that_is_none_is_named(records: Records) -> None:
    with pytest.raises(ValueError, match="a source is one of copatent, deal, alliance or all; got 'patents'"):
        in_years(counted(records).events, {2000: 1.0}, "patents")
