"""Counts worked by hand, and against an independent count with itertools."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.engine import collect
from ingest.records import Records
from linkages import counting
from linkages.items import facet_items, participant_items
from linkages.periods import Period, year_weights

CODES = ["325411", "325199", "334111", "336111", "541511"]
REGIONS = ["DE21", "ITC4", "FR10", "AT13", "US"]


def table(
    records: Records, years: tuple[int, int], source: str, how: str = "full", **options: bool
) -> dict[tuple[str, str], tuple[float, int]]:
    pairs = counting.sector_pairs(records, "naics3")
    chosen = counting.in_period(pairs, records.engine, year_weights(Period(*years)), source)
    rows = collect(counting.links(chosen, how, **options))
    return {(r.source, r.target): (round(r.weight, 9), r.events) for r in rows.itertuples()}


def test_full_counting_adds_one_to_each_pair_of_an_event(five_events: Records) -> None:
    assert table(five_events, (2000, 2007), "copatent") == {
        ("325", "325"): (1, 1),
        ("325", "334"): (1, 1),
        ("336", "336"): (1, 1),
    }
    assert table(five_events, (2007, 2014), "alliance") == {
        ("325", "334"): (1, 1),
        ("325", "336"): (1, 1),
        ("334", "336"): (1, 1),
    }


def test_fractional_counting_adds_one_in_all(five_events: Records) -> None:
    found = table(five_events, (2000, 2007), "copatent", "fractional")
    assert found[("325", "325")] == (pytest.approx(1 / 3, abs=1e-9), 1)
    assert found[("325", "334")] == (pytest.approx(2 / 3, abs=1e-9), 1)
    assert found[("336", "336")] == (1, 1)
    assert sum(weight for weight, _ in found.values()) == pytest.approx(2)


def test_parts_are_left_out_where_no_count_needs_them(make_records: Callable[..., Records]) -> None:
    records = make_records(
        [
            ("p", "copatent", 2003, [("class", "325411"), ("class", "334111"), ("class", "325199")], []),
            ("one", "copatent", 2003, [("class", "336111")], []),
            ("d", "deal", 2003, [("acquirer", "325411"), ("target", "334111")], []),
        ]
    )
    columns = ["event", "kind", "year", "a", "b"]
    whole, bare = (collect(counting.sector_pairs(records, "naics3", parts=parts)) for parts in (True, False))
    assert list(bare.columns) == columns and len(bare) == 4
    pd.testing.assert_frame_equal(
        bare.sort_values(columns, ignore_index=True), whole[columns].sort_values(columns, ignore_index=True)
    )


def test_deals_run_from_acquirer_to_target(make_records: Callable[..., Records]) -> None:
    records = make_records(
        [
            ("d1", "deal", 2003, [("acquirer", "325411"), ("target", "334111")], []),
            ("d2", "deal", 2003, [("acquirer", "334111"), ("target", "325411")], []),
            ("d3", "deal", 2003, [("acquirer", "334111"), ("acquirer", "336111"), ("target", "325411")], []),
        ]
    )
    assert table(records, (2000, 2007), "deal", directed=True) == {
        ("325", "334"): (1, 1),
        ("334", "325"): (2, 2),
        ("336", "325"): (1, 1),
    }
    assert table(records, (2000, 2007), "deal") == {("325", "334"): (3, 3), ("325", "336"): (1, 1)}
    assert table(records, (2000, 2007), "deal", "fractional")[("325", "336")] == (0.5, 1)


def test_two_acquirers_are_not_linked_with_one_another(make_records: Callable[..., Records]) -> None:
    facets = [("acquirer", "334111"), ("acquirer", "336111"), ("target", "325411")]
    records = make_records([("d", "deal", 2003, facets, [])])
    assert ("334", "336") not in table(records, (2000, 2007), "deal")


def test_regions_count_cross_sectoral_events_only(five_events: Records) -> None:
    sectors = counting.sector_pairs(five_events, "naics3")
    crossing = counting.cross_sectoral(sectors)
    assert sorted(collect(crossing)["event"]) == ["a1", "d1", "p1"]
    regions = counting.region_pairs(five_events, "nuts2", crossing)
    chosen = counting.in_period(regions, five_events.engine, year_weights(Period(2000, 2014)), "all")
    rows = collect(counting.links(chosen))
    assert {(r.source, r.target): r.events for r in rows.itertuples()} == {
        ("DE21", "ITC4"): 2,
        ("DE21", "FR10"): 1,
        ("DE21", "DE21"): 1,
    }


def test_a_code_with_shares_splits_its_facet(make_records: Callable[..., Records]) -> None:
    records = make_records(
        [("p", "copatent", 2003, [("class", "325411"), ("class", "334111")], [])],
        {("p", 0): [("325411", 0.75), ("336111", 0.25)]},
    )
    found = table(records, (2000, 2007), "copatent", "fractional")
    assert found[("325", "334")][0] == pytest.approx(0.75, abs=1e-6)
    assert found[("334", "336")][0] == pytest.approx(0.25, abs=1e-6)
    assert ("325", "336") not in found  # both are of one facet


def test_the_shared_year_may_count_half(five_events: Records) -> None:
    pairs = counting.sector_pairs(five_events, "naics3")
    early, late = Period(2000, 2007), Period(2007, 2014)
    weights = year_weights(late, [early, late], "half")
    chosen = counting.in_period(pairs, five_events.engine, weights, "copatent")
    assert collect(counting.links(chosen)).to_dict("records") == [
        {"source": "336", "target": "336", "weight": 0.5, "events": 1}
    ]


def test_the_joint_table_says_which_linkage_lies_where(five_events: Records) -> None:
    sectors = counting.sector_pairs(five_events, "naics3")
    regions = counting.region_pairs(five_events, "nuts2", counting.cross_sectoral(sectors))
    weights = year_weights(Period(2000, 2007))
    joint = collect(counting.joint(*(counting.in_period(f, five_events.engine, weights) for f in (sectors, regions))))
    keys = ["sector_a", "sector_b", "region_a", "region_b", "source", "events"]
    assert sorted(joint[keys].values.tolist()) == [
        ["325", "334", "DE21", "FR10", "deal", 1],
        ["325", "334", "DE21", "ITC4", "copatent", 1],
    ]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda r: facet_items(r, "naics7"), "a sector level is one of naics2"),
        (lambda r: participant_items(r, "nuts9"), "a region level is one of nuts0"),
        (lambda r: counting.in_period(counting.sector_pairs(r, "naics3"), r.engine, {2000: 1.0}, "x"), "a source is"),
        (lambda r: counting.links(r.events, "half"), "counting is one of full, fractional"),
    ],
)
def test_unknown_choices_are_named(five_events: Records, call: Callable[[Records], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call(five_events)


def test_an_event_of_very_many_facets_is_set_aside(
    make_records: Callable[..., Records], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "MAX_ITEMS", 2)
    events = [
        ("big", "copatent", 2003, [("class", code) for code in CODES], []),
        ("small", "copatent", 2003, [("class", "325411"), ("class", "334111")], []),
    ]
    assert table(make_records(events), (2000, 2007), "copatent") == {("325", "334"): (1, 1)}


some_events = st.lists(
    st.tuples(
        st.sampled_from(["copatent", "deal", "alliance"]),
        st.integers(1999, 2008),
        st.lists(st.sampled_from(CODES), min_size=2, max_size=5),
        st.lists(st.sampled_from(REGIONS), min_size=1, max_size=4),
    ),
    min_size=1,
    max_size=8,
)


def written(
    drawn: list[tuple[str, int, list[str], list[str]]],
) -> list[tuple[str, str, int, list[tuple[str, str]], list[tuple[str, str]]]]:
    """Give every event roles: of a deal, the first facet is the acquirer's."""
    events = []
    for number, (kind, year, codes, regions) in enumerate(drawn):
        roles = ["acquirer"] + ["target"] * 9 if kind == "deal" else ["class" if kind == "copatent" else "partner"] * 9
        events.append(
            (f"e{number}", kind, year, list(zip(roles, codes, strict=False)), list(zip(roles, regions, strict=False)))
        )
    return events


def counted_by_hand(events: list) -> tuple[Counter, dict, int]:  # type: ignore[type-arg]
    full: Counter[tuple[str, str]] = Counter()
    part: dict[tuple[str, str], float] = {}
    number = 0
    for _, kind, year, facets, _ in events:
        if not 2000 <= year <= 2007:
            continue
        number += 1
        couples = [
            (a[1][:3], b[1][:3])
            for a, b in itertools.combinations(facets, 2)
            if kind != "deal" or {a[0], b[0]} == {"acquirer", "target"}
        ]
        for couple in couples:
            key = tuple(sorted(couple))
            part[key] = part.get(key, 0.0) + 1 / len(couples)
        full.update({tuple(sorted(couple)) for couple in couples})
    return full, part, number


@given(some_events)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_counts_agree_with_an_independent_count(make_records: Callable[..., Records], drawn: list) -> None:  # type: ignore[type-arg]
    events = written(drawn)
    full, part, number = counted_by_hand(events)
    records = make_records(events)
    assert {k: v[0] for k, v in table(records, (2000, 2007), "all").items()} == dict(full)
    shares = table(records, (2000, 2007), "all", "fractional")
    assert {k: v[0] for k, v in shares.items()} == pytest.approx(part, abs=1e-8)
    assert sum(v[0] for v in shares.values()) == pytest.approx(number, abs=1e-7)
    backwards = make_records(events[::-1])
    assert table(backwards, (2000, 2007), "all", "fractional") == shares


def test_items_of_no_level_are_none(five_events: Records) -> None:
    items = collect(facet_items(five_events, "naics3", {"Chips and drugs": ["334", "3254"]}))
    assert set(items["node"]) == {"Chips and drugs", "325", "336"}
    assert isinstance(items, pd.DataFrame)


split_facets = st.lists(
    st.lists(st.lists(st.sampled_from(CODES), min_size=1, max_size=3, unique=True), min_size=1, max_size=4),
    min_size=1,
    max_size=5,
)


@given(split_facets)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_facets_of_several_codes_are_paired_as_one_by_one(
    make_records: Callable[..., Records], drawn: list[list[list[str]]]
) -> None:
    """Pairs of rows of two different facets, by loops: what sums of shares and of squares must come to."""
    events, shares, by_hand = [], {}, {}
    for number, facets in enumerate(drawn):
        name = f"e{number}"
        events.append((name, "copatent", 2003, [("class", codes[0]) for codes in facets], []))
        rows = []
        for facet, codes in enumerate(facets):
            shares[name, facet] = [(code, 1 / len(codes)) for code in codes]
            rows += [(facet, code[:3], 1 / len(codes)) for code in codes]
        products: Counter[tuple[str, str]] = Counter()
        for one, two in itertools.combinations(rows, 2):
            if one[0] != two[0]:
                a, b = sorted((one[1], two[1]))
                products[a, b] += one[2] * two[2]
        if len(facets) == 1:
            for _, node, share in rows:
                products[node, node] += share
        total = sum(products.values())
        by_hand |= {(name, a, b): pytest.approx(part / total, abs=1e-5) for (a, b), part in products.items()}
    records = make_records(events, shares)
    found = collect(counting.sector_pairs(records, "naics3"))
    assert {(row.event, row.a, row.b): row.part for row in found.itertuples()} == by_hand
