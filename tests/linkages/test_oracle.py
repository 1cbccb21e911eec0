"""Counts against sparse matrices, in another order of rows, and awkward events."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from scipy.sparse import coo_array, csr_array

from ingest import DuckDB
from ingest.engine import collect
from ingest.frames import from_frames
from ingest.levels import all_sectors
from ingest.records import Records
from linkages import build_network, counting
from linkages.composition import geography, reaches
from linkages.periods import Period, year_weights

SECTORS = all_sectors("naics3")["sector"].tolist()[:40]
REGIONS = ["DE21", "DE30", "FR10", "ITC4", "AT13", "ES51", "US", "DK01"]


def frames(number: int, seed: int = 7) -> dict[str, pd.DataFrame]:
    """Patents and alliances with one to seven facets (two at least for alliances), and up to five participants."""
    dice = np.random.default_rng(seed)
    kinds = dice.choice(["copatent", "alliance"], number)
    sizes = np.where(kinds == "alliance", dice.integers(2, 6, number), dice.integers(1, 8, number))
    names = np.array([f"e{n}" for n in range(number)])
    events = pd.DataFrame({"event": names, "kind": kinds, "year": dice.integers(2000, 2008, number)})
    of = np.repeat(np.arange(number), sizes)
    role = np.where(kinds[of] == "alliance", "partner", "class")
    facets = pd.DataFrame(
        {
            "event": names[of],
            "facet": pd.Series(of).groupby(of).cumcount().astype(str),
            "role": role,
            "naics": np.array(SECTORS)[(dice.random(len(of)) ** 2 * len(SECTORS)).astype(int)],
        }
    )
    people = np.repeat(np.arange(number), dice.integers(1, 6, number))
    participants = pd.DataFrame(
        {
            "event": names[people],
            "participant": pd.Series(people).groupby(people).cumcount().astype(str),
            "role": np.where(kinds[people] == "alliance", "partner", "inventor"),
            "region": dice.choice(REGIONS, len(people)),
        }
    )
    return {"events": events, "facets": facets, "participants": participants}


@pytest.fixture(scope="module")
def drawn() -> dict[str, pd.DataFrame]:
    return frames(2000)


@pytest.fixture(scope="module")
def records(drawn: dict[str, pd.DataFrame]) -> Records:
    return from_frames(**drawn)


def incidence(facets: pd.DataFrame, events: pd.DataFrame) -> csr_array:
    """Events by sectors: how many facets of each sector an event holds."""
    row = facets["event"].map({e: n for n, e in enumerate(events["event"])}).to_numpy()
    column = facets["naics"].map({s: n for n, s in enumerate(SECTORS)}).to_numpy()
    return coo_array((np.ones(len(row)), (row, column)), shape=(len(events), len(SECTORS))).tocsr()


def matrix(records: Records, how: str) -> tuple[np.ndarray, np.ndarray]:
    pairs = counting.sector_pairs(records, "naics3")
    chosen = counting.in_period(pairs, records.engine, year_weights(Period(2000, 2007)), "all")
    table = collect(counting.links(chosen, how))
    place = {s: n for n, s in enumerate(SECTORS)}
    weight, events = np.zeros((40, 40)), np.zeros((40, 40))
    for a, b, w, n in table[["source", "target", "weight", "events"]].itertuples(index=False):
        weight[place[a], place[b]] = weight[place[b], place[a]] = w
        events[place[a], place[b]] = events[place[b], place[a]] = n
    return weight, events


def test_full_counts_are_the_product_of_the_incidence_matrix(drawn: dict[str, pd.DataFrame], records: Records) -> None:
    counts = incidence(drawn["facets"], drawn["events"])
    held = (counts > 0).astype(float)
    expected = (held.T @ held).toarray()
    # Within a sector: two facets there, or the only facet of the event.
    alone = np.asarray(counts.sum(axis=1)).ravel() == 1
    twice = (counts > 1).astype(float).toarray() + held.toarray() * alone[:, None]
    np.fill_diagonal(expected, twice.sum(axis=0))
    weight, events = matrix(records, "full")
    assert np.array_equal(weight, expected)
    assert np.array_equal(events, expected)


def test_fractional_counts_are_the_product_with_each_event_s_pairs_as_weight(
    drawn: dict[str, pd.DataFrame], records: Records
) -> None:
    counts = incidence(drawn["facets"], drawn["events"]).toarray()
    sizes = counts.sum(axis=1)
    pairs = np.where(sizes > 1, sizes * (sizes - 1) / 2, 1.0)
    expected = counts.T @ (counts / pairs[:, None])
    own = counts * (counts - 1) / 2 / pairs[:, None] + counts * (sizes == 1)[:, None]
    np.fill_diagonal(expected, own.sum(axis=0))
    weight, _ = matrix(records, "fractional")
    assert np.abs(weight - expected).max() < 1e-7
    assert np.triu(weight).sum() == pytest.approx(len(drawn["events"]), abs=1e-6)  # Σ over the matrix = events


def test_no_order_of_rows_changes_anything(drawn: dict[str, pd.DataFrame], records: Records) -> None:
    shuffled = from_frames(**{name: table.sample(frac=1.0, random_state=3) for name, table in drawn.items()})
    for level in ("naics3", "naics2", "emerging", "nuts2", "nuts0"):
        for how in counting.COUNTING:
            one, two = (build_network(r, level, (2000, 2007), "all", how) for r in (records, shuffled))
            pd.testing.assert_frame_equal(one.links, two.links, check_exact=True)
            pd.testing.assert_frame_equal(one.nodes, two.nodes, check_exact=True)


def test_the_joint_table_sums_to_both_networks(records: Records) -> None:
    pairs = counting.sector_pairs(records, "naics3")
    regions = counting.region_pairs(records, "nuts2", counting.cross_sectoral(pairs))
    weights = year_weights(Period(2000, 2007))
    chosen = [counting.in_period(frame, records.engine, weights) for frame in (pairs, regions)]
    joint = collect(counting.joint(*chosen))
    # Each event's parts of the table are its pairs of sectors times its pairs of regions, each once.
    sectors, places = (collect(frame.select("event", "a", "b")) for frame in chosen)
    sectors = sectors[sectors["a"] != sectors["b"]]
    number = places.groupby("event").size()
    assert joint["events"].sum() == sectors["event"].map(number).sum()
    links = build_network(records, "naics3", (2000, 2007), "all").links.set_index(["source", "target"])["events"]
    per_link = joint.groupby(["sector_a", "sector_b"])["events"].max()
    assert (per_link <= links.reindex(per_link.index)).all() and len(per_link) == len(links)
    lone = set(number.index[number == 1])
    one_place = sectors[sectors["event"].isin(lone)].groupby(["a", "b"]).size()
    by_reach = geography(pairs, reaches(regions, {r: r[:2] for r in REGIONS}, records.engine))
    assert by_reach.groupby(["source", "target"])["events"].sum().sort_index().tolist() == links.sort_index().tolist()
    assert one_place.sum() <= by_reach["events"].sum()


def test_networkx_measures_the_same_network(records: Records) -> None:
    network = build_network(records, "naics3", (2000, 2007), "all")
    graph = network.to_networkx()
    strength = pd.concat([network.links.groupby(end)["weight"].sum() for end in ("source", "target")])
    ours = strength.groupby(level=0).sum().to_dict()
    assert ours == {node: k for node, k in graph.degree(weight="weight") if k}
    density = 2 * len(network.links) / (len(network.nodes) * (len(network.nodes) - 1))
    assert nx.density(graph) == pytest.approx(density)
    same = network.to_igraph()
    assert sorted(same.strength(weights="weight")) == sorted(k for _, k in graph.degree(weight="weight"))


# Awkward events


def test_an_event_of_two_hundred_participants(make_records: Callable[..., Records]) -> None:
    codes = [SECTORS[n % 20] for n in range(200)]
    people = [("partner", REGIONS[n % 8]) for n in range(200)]
    records = make_records([("big", "alliance", 2003, [("partner", code) for code in codes], people)])
    full = build_network(records, "naics3", (2000, 2007), "alliance")
    assert len(full.links) == 20 * 19 / 2
    assert set(full.links["weight"]) == {1.0}
    shares = build_network(records, "naics3", (2000, 2007), "alliance", "fractional")
    assert shares.links["weight"].sum() + shares.nodes["within"].sum() == pytest.approx(1, abs=1e-8)
    # 10 x 10 pairs of facets between any two sectors, of 19,900 in all.
    assert shares.links["weight"].tolist() == pytest.approx([100 / 19_900] * 190)
    regions = build_network(records, "nuts2", (2000, 2007), "alliance")
    assert len(regions.links) == 8 * 7 / 2


def test_events_of_one_facet(make_records: Callable[..., Records]) -> None:
    one = [("class", "325411")]
    records = make_records(
        [
            ("patent", "copatent", 2003, one, [("inventor", "DE21")]),
            ("alliance", "alliance", 2003, [("partner", "325411")], [("partner", "DE21")]),
            ("deal", "deal", 2003, [("acquirer", "325411")], [("acquirer", "DE21")]),
        ]
    )
    network = build_network(records, "naics3", (2000, 2007), "all")
    # A patent lies within its sector; an alliance needs two partners, a deal both its sides.
    assert (network.events, network.nodes["within"].tolist(), len(network.links)) == (1, [1.0], 0)


def test_no_share_is_so_small_that_an_event_is_lost(make_records: Callable[..., Records]) -> None:
    shares = {("p", 0): [("325411", 1e-12)], ("p", 1): [("334111", 1.0)]}
    records = make_records([("p", "copatent", 2003, [("class", "325411"), ("class", "334111")], [])], shares)
    for how in counting.COUNTING:
        assert build_network(records, "naics3", (2000, 2007), "copatent", how).links["weight"].tolist() == [1.0]


@pytest.mark.parametrize(
    ("periods", "shared"),
    [
        ([(2000, 2007), (2000, 2007)], range(2000, 2008)),  # the same twice
        ([(2000, 2010), (2004, 2006)], range(2004, 2007)),  # one within the other
        ([(2000, 2005), (2004, 2008), (2005, 2009)], range(2004, 2009)),  # three that overlap
    ],
)
def test_periods_that_overlap_share_their_years(periods: list[tuple[int, int]], shared: range) -> None:
    spans = sorted({Period.of(p) for p in periods})
    for year, choice in itertools.product(range(1999, 2011), ("first", "second", "half")):
        total = sum(year_weights(span, spans, choice).get(year, 0.0) for span in spans)
        assert total == pytest.approx(1.0 if any(year in span for span in spans) else 0.0)
    for year in shared:
        holders = sum(year in span for span in spans)
        assert sum(year_weights(span, spans).get(year, 0.0) for span in spans) == holders


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ({"period": (2007, 2000)}, "a period must not end before it begins: 2007-2000"),
        ({"level": "naics7"}, "a sector level is one of naics2"),
        ({"level": "micro"}, "no record has a class at the level 'micro'"),
        ({"source": "patents"}, "a source is one of copatent"),
        ({"counting": "double"}, "counting is one of full, fractional"),
        ({"weigh": "value"}, "no event has a value in any currency"),
    ],
)
def test_what_cannot_be_counted_is_said(five_events: Records, call: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        build_network(five_events, **call)  # type: ignore[arg-type]


def test_frames_go_to_the_engine_that_is_named(drawn: dict[str, pd.DataFrame]) -> None:
    engine = DuckDB(threads=1)
    network = build_network(drawn, "naics2", (2000, 2007), "copatent", engine=engine)
    again = build_network(from_frames(**drawn), "naics2", (2000, 2007), "copatent")
    pd.testing.assert_frame_equal(network.links, again.links)
