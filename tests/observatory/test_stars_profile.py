"""Linkages that a region lacks, partners for them, and regions like it: by hand and as properties."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from observatory.stars.profile import (
    lacking_linkages,
    linked_industries,
    nearness_of,
    partners_of,
    regions_alike,
)
from observatory.stars.quadrants import quadrants

#: Cars are linked to metals and plastics more than the sizes of the three would have it, metals to plastics less.
PAIRS = pd.DataFrame(
    [
        ("s", "Cars", "Metals", 10),
        ("s", "Cars", "Plastics", 10),
        ("s", "Metals", "Plastics", 2),
        ("t", "Cars", "Food", 2),
    ],
    columns=["space", "source", "target", "events"],
)
STARS = pd.DataFrame(
    [
        ("AT31", "Cars", "high", 14),
        ("AT31", "Plastics", "basic", 7),
        ("BE10", "Metals", "high", 13),
        ("CZ01", "Metals", "high", 15),
        ("DK01", "Metals", "medium", 12),
        ("ES51", "Plastics", "medium", 11),
        ("FR10", "Food", "none", 1),
    ],
    columns=["region", "industry", "tier", "total"],
)
#: space, industry, region, other, events: AT31 links its cars to plastics; nobody there links them to metals.
REACH = pd.DataFrame(
    [
        ("s", "Cars", "AT31", "Plastics", 3),
        ("s", "Plastics", "ES51", "Cars", 3),
        ("s", "Metals", "BE10", "Cars", 1),
        ("s", "Metals", "DK01", "Cars", 4),
        ("s", "Metals", "US", "Cars", 4),
        ("s", "Metals", "JP", "Plastics", 9),
        ("s", "Cars", "FR10", "Metals", 10),
    ],
    columns=["space", "industry", "region", "other", "events"],
)
NEAR = pd.DataFrame(
    [("AT31", "BE10", 5), ("AT31", "ES51", 3), ("CZ01", "ES51", 1)], columns=["region_a", "region_b", "events"]
)


def table() -> pd.DataFrame:
    standings = REACH.groupby(["space", "industry", "region"], as_index=False)["events"].sum()
    return quadrants(standings, STARS)[0]


def lacking(above: float = 1.0, events: int = 3) -> pd.DataFrame:
    return lacking_linkages(table(), REACH, linked_industries(PAIRS, events=events, above=above), STARS)


def test_industries_linked_above_expectation() -> None:
    """k: Cars 20, Metals 12, Plastics 12, 2m = 44: Cars-Metals 10 against 5.45, Metals-Plastics 2 against 3.27."""
    found = linked_industries(PAIRS)
    pairs = found[["industry", "other"]].to_numpy().tolist()
    assert pairs == [["Cars", "Metals"], ["Cars", "Plastics"], ["Metals", "Cars"], ["Plastics", "Cars"]]
    assert found["association"].to_list() == pytest.approx([10 * 44 / (20 * 12)] * 4)
    # two events are too few in space t, whatever the expectation
    assert "Food" in set(linked_industries(PAIRS, events=1, above=0.9)["other"])
    assert linked_industries(PAIRS.iloc[:0]).empty


def test_what_a_region_lacks() -> None:
    found = lacking()
    rows = found[["space", "region", "industry", "other", "other_tier", "events"]].to_numpy().tolist()
    assert rows == [
        ["s", "AT31", "Cars", "Metals", "none", 10],  # strong in cars, which it links to plastics only
        ["s", "CZ01", "Metals", "Cars", "none", 10],  # strong in metals without any event
    ]
    # linked by one event, by four: not lacking; ES51's plastics are linked to cars; FR10 has no strong industry
    assert not {"BE10", "DK01", "ES51", "FR10", "US"} & set(found["region"])
    assert lacking(above=2.0).empty


def test_partners_by_events_then_tier_then_nearness() -> None:
    found = partners_of(lacking(), REACH, STARS, nearness_of(NEAR), pd.Series(["US", "JP"]))
    cars = found[found["region"] == "AT31"]
    rows = cars[["rank", "partner", "tier", "events"]].to_numpy().tolist()
    # DK01 and US have four events of cars with metals, and DK01 a tier; BE10 has one; CZ01 none, but is strong;
    # JP has no event of the pair, and so is no partner
    assert rows == [
        [1, "DK01", "medium", 4],
        [2, "US", "not known", 4],
        [3, "BE10", "high", 1],
        [4, "CZ01", "high", 0],
    ]
    assert cars["steps"].astype(object).where(cars["steps"].notna(), None).to_list() == [None, None, 1, 2]
    assert cars["together"].to_list() == [0, 0, 5, 0]
    # nobody is strong in cars but AT31
    metals = found[found["region"] == "CZ01"]
    assert metals[["partner", "events", "steps"]].to_numpy().tolist() == [["AT31", 3 - 3, 2]]


def test_ties_go_by_stars_then_by_steps_then_by_common_events() -> None:
    wanted = pd.DataFrame([("s", "A", "x", "y")], columns=["space", "region", "industry", "other"])
    stars = pd.DataFrame(
        [
            ("B", "y", "high", 13),
            ("C", "y", "high", 15),
            ("D", "y", "high", 13),
            ("E", "y", "high", 13),
            ("F", "y", "high", 13),
        ],
        columns=["region", "industry", "tier", "total"],
    )
    near = pd.DataFrame([("A", "D", 1), ("A", "E", 7), ("B", "D", 1)], columns=["region_a", "region_b", "events"])
    none = pd.DataFrame(columns=REACH.columns)
    found = partners_of(wanted, none, stars, nearness_of(near), pd.Series([], dtype="str"))
    assert found["partner"].to_list() == ["C", "E", "D", "B", "F"]
    assert partners_of(wanted, none, stars, nearness_of(near), pd.Series([], dtype="str"), top=2)[
        "partner"
    ].to_list() == [
        "C",
        "E",
    ]
    assert partners_of(wanted.iloc[:0], none, stars, nearness_of(near), pd.Series([], dtype="str")).empty


def test_a_region_is_not_its_own_partner() -> None:
    stars = pd.concat([STARS, pd.DataFrame([("AT31", "Metals", "high", 15)], columns=STARS.columns)])
    missing = lacking_linkages(table(), REACH, linked_industries(PAIRS), stars)
    assert missing.set_index("region").loc["AT31", "other_tier"] == "high"
    found = partners_of(missing, REACH, stars, nearness_of(NEAR), pd.Series(["US"]))
    assert "AT31" not in set(found.loc[found["region"] == "AT31", "partner"])


@pytest.mark.parametrize("seed", range(3))
def test_steps_are_those_of_networkx(seed: int) -> None:
    graph = nx.gnm_random_graph(14, 16, seed=seed)
    rows = [(f"R{min(a, b):02}", f"R{max(a, b):02}", 1 + a) for a, b in graph.edges]
    found = nearness_of(pd.DataFrame(rows, columns=["region_a", "region_b", "events"]))
    steps = {(row.region, row.partner): row.steps for row in found.itertuples()}
    lengths = dict(nx.all_pairs_shortest_path_length(graph))
    assert steps == {(f"R{a:02}", f"R{b:02}"): n for a, row in lengths.items() for b, n in row.items() if a != b}
    direct = found[found["steps"] == 1]
    assert direct["together"].sum() == 2 * sum(row[2] for row in rows)
    assert (found.loc[found["steps"] > 1, "together"] == 0).all()
    assert nearness_of(pd.DataFrame(columns=["region_a", "region_b", "events"])).empty


def test_alike_is_the_cosine_of_an_independent_count() -> None:
    dice = np.random.default_rng(4)
    counts = dice.integers(0, 5, size=(9, 6))
    rows = [("s" if j % 2 else "t", f"i{j}", f"R{i}", int(counts[i, j])) for i in range(9) for j in range(6)]
    data = pd.DataFrame(rows, columns=["space", "industry", "region", "linkage"]).sample(frac=1, random_state=2)
    links = pd.DataFrame([("R0", "R1", 3), ("R2", "R5", 1)], columns=["region_a", "region_b", "events"])
    found = regions_alike(data, links, top=8)
    joined = {("R0", "R1"), ("R1", "R0"), ("R2", "R5"), ("R5", "R2")}
    for row in found.itertuples():
        a, b = counts[int(row.region[1])], counts[int(row.other[1])]
        assert row.similarity == pytest.approx(a @ b / np.linalg.norm(a) / np.linalg.norm(b), abs=1e-6)
        assert row.shared == ((a > 0) & (b > 0)).sum()
        assert (row.region, row.other) not in joined
    assert not found.duplicated(["region", "other"]).any()
    assert len(found) == 9 * 8 - len(joined) - 2 * sum(
        counts[i] @ counts[j] == 0 for i in range(9) for j in range(i) if (f"R{j}", f"R{i}") not in joined
    )
    for _, own in found.groupby("region"):
        assert own["similarity"].is_monotonic_decreasing
        assert own["rank"].to_list() == list(range(1, len(own) + 1))
    assert regions_alike(data.iloc[:0], links).empty


def test_a_region_of_few_linkages_is_like_no_region_of_many() -> None:
    many = [("s", f"i{j}", region, 5 + j) for region in ("A", "B") for j in range(5)]
    data = pd.DataFrame([*many, ("s", "i4", "C", 1)], columns=["space", "industry", "region", "linkage"])
    links = pd.DataFrame(columns=["region_a", "region_b", "events"])
    found = regions_alike(data, links)[["region", "other", "shared"]]
    # One of five industries is less than a quarter of A's; it is all that C has.
    assert found.to_numpy().tolist() == [["A", "B", 5], ["B", "A", 5], ["C", "A", 1], ["C", "B", 1]]


def test_the_order_of_rows_changes_nothing() -> None:
    one = partners_of(lacking(), REACH, STARS, nearness_of(NEAR), pd.Series(["US"]))
    turned = REACH.iloc[::-1]
    missing = lacking_linkages(table().iloc[::-1], turned, linked_industries(PAIRS.iloc[::-1]), STARS.iloc[::-1])
    pd.testing.assert_frame_equal(missing, lacking())
    two = partners_of(missing, turned, STARS.iloc[::-1], nearness_of(NEAR.iloc[::-1]), pd.Series(["US"]))
    pd.testing.assert_frame_equal(one, two)
