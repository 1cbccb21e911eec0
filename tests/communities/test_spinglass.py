"""The spin glass against the reference values, and its indifference to unit and order."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communities import Partition, leiden, spinglass
from communities.graph import main_component
from communities.quality import energy, modularity

# Largest modularity at γ = 1 with at most 2, 3, 4 and any number of communities.
BEST = {
    "zachary": (0.3717948718, 0.4020381328, 0.4197896121, 0.4197896121),
    "zachary weighted": (0.4036281179, 0.4345214670, 0.4449035813, 0.4449035813),
    "les miserables": (0.3827887656, 0.4973727447, 0.5428343357, 0.5600083700),
    "les miserables weighted": (0.4014753123, 0.5187358715, 0.5471215051, 0.5666879833),
    "florentine": (None, None, None, 0.39875),
}


@pytest.mark.parametrize("name", BEST)
@pytest.mark.parametrize(("at", "q"), [(0, 2), (1, 3), (2, 4), (3, 8)])
def test_the_reference_networks_reach_the_best_modularity(
    networks: dict[str, pd.DataFrame], name: str, at: int, q: int
) -> None:
    best = BEST[name][at]
    if best is None:
        pytest.skip("no reference value")
    found = spinglass(networks[name], q=q)
    assert found.modularity == pytest.approx(best, abs=1e-9)
    assert found.k <= q


def test_energy_and_modularity_are_one_another(networks: dict[str, pd.DataFrame]) -> None:
    for name, table in networks.items():
        for gamma in (0.5, 1.0, 2.0):
            found = spinglass(table, q=4, gamma=gamma, restarts=3)
            graph = main_component(table)
            k = graph.strengths
            m = k.sum() / 2
            tied = -m * found.modularity - gamma * (k**2).sum() / (4 * m)
            assert found.energy == pytest.approx(tied, rel=1e-12), name


def test_quality_is_that_of_leidenalg(networks: dict[str, pd.DataFrame]) -> None:
    import igraph
    import leidenalg

    graph = main_component(networks["zachary weighted"])
    found = spinglass(networks["zachary weighted"], q=3)
    native = igraph.Graph(n=graph.n, edges=list(zip(graph.source.tolist(), graph.target.tolist(), strict=True)))
    theirs = leidenalg.RBConfigurationVertexPartition(
        native, initial_membership=found.labels.tolist(), weights=graph.weight.tolist(), resolution_parameter=1.0
    )
    assert theirs.quality() == pytest.approx(2 * graph.weight.sum() * found.modularity)
    assert native.modularity(found.labels.tolist(), weights=graph.weight.tolist()) == pytest.approx(found.modularity)


@pytest.mark.parametrize("unit", [1e-9, 1e-4, 3.7, 1e9])
def test_the_unit_of_the_weights_does_not_matter(networks: dict[str, pd.DataFrame], unit: float) -> None:
    for name in ("zachary weighted", "les miserables weighted"):
        table = networks[name]
        scaled = table.assign(weight=table["weight"] * unit)
        for method in ("annealer", "igraph"):
            one, two = (spinglass(t, q=3, restarts=2, method=method) for t in (table, scaled))
            pd.testing.assert_series_equal(one.membership, two.membership)


@given(st.randoms(use_true_random=False))
@settings(max_examples=10, deadline=None)
def test_order_and_direction_of_rows_do_not_matter(networks: dict[str, pd.DataFrame], random: object) -> None:
    table = networks["zachary weighted"]
    order = list(range(len(table)))
    random.shuffle(order)  # type: ignore[attr-defined]
    turned = table.iloc[order].rename(columns={"source": "target", "target": "source"})
    one, two = spinglass(table, q=3, restarts=3), spinglass(turned, q=3, restarts=3)
    pd.testing.assert_series_equal(one.membership, two.membership)
    assert one.energy == two.energy


def test_planted_communities_are_found(planted: tuple[pd.DataFrame, pd.Series]) -> None:
    import igraph

    table, group = planted
    found = spinglass(table, q=4, restarts=5)
    score = igraph.compare_communities(group[found.membership.index].tolist(), found.labels.tolist(), "adjusted_rand")
    assert score == 1.0
    assert found.details["gap_to_leiden"] == pytest.approx(0, abs=1e-12)


def test_q_is_an_upper_bound_and_unfilled_states_are_told(planted: tuple[pd.DataFrame, pd.Series]) -> None:
    found = spinglass(planted[0], q=7, restarts=5)
    assert found.k == 4
    assert found.notes == ("4 of 7 communities are filled: more would not lower the energy",)


def test_an_impossible_start_is_no_better(networks: dict[str, pd.DataFrame]) -> None:
    table = networks["les miserables weighted"]
    graph = main_component(table)
    best = spinglass(table, q=3)
    generator = np.random.default_rng(1)
    for _ in range(200):
        labels = generator.integers(0, 3, graph.n)
        assert energy(graph, labels) >= best.energy
        assert modularity(graph, labels) <= best.modularity


def test_igraph_finds_no_lower_energy(networks: dict[str, pd.DataFrame]) -> None:
    for name in ("zachary", "florentine"):
        ours, theirs = (spinglass(networks[name], q=4, restarts=4, method=m) for m in ("annealer", "igraph"))
        assert ours.energy <= theirs.energy + 1e-9


def links(*rows: tuple[str, str, object]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["source", "target", "weight"])


@pytest.mark.parametrize("method", ["annealer", "igraph"])
def test_small_and_broken_networks_give_an_answer_at_once(method: str) -> None:
    def find(*rows: tuple[str, str, object]) -> Partition:
        return spinglass(links(*rows), q=3, restarts=2, method=method)

    assert find().membership.empty
    assert find(("a", "b", 0.0)).left_out == ("a", "b")
    assert find(("a", "a", 1.0)).left_out == ("a",)
    pair = find(("a", "b", 2.0))
    assert pair.membership.to_dict() == {"a": 0, "b": 0}
    apart = find(("a", "b", 1.0), ("b", "c", 1.0), ("x", "y", 5.0))
    assert apart.left_out == ("x", "y")
    assert set(apart.membership.index) == {"a", "b", "c"}


@pytest.mark.parametrize("weight", [float("nan"), float("inf"), -1.0])
def test_weights_that_are_none_are_refused(weight: float) -> None:
    for method in (spinglass, leiden):
        with pytest.raises(ValueError, match="negative, NaN or infinite, first at a-b"):
            method(links(("a", "b", weight)))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"q": 0}, "q and restarts must be 1 or more"),
        ({"restarts": 0}, "q and restarts must be 1 or more"),
        ({"gamma": -1.0}, "gamma must be a number of 0 or more"),
        ({"gamma": float("nan")}, "gamma must be a number of 0 or more"),
        ({"method": "magic"}, "method is annealer or igraph"),
    ],
)
def test_impossible_options_are_refused(options: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        spinglass(links(("a", "b", 1.0)), **options)  # type: ignore[arg-type]


def test_igraph_answers_the_pair_that_it_cannot() -> None:
    pair = main_component(links(("a", "b", 1.0)))
    from communities.igraph_spinglass import igraph_labels

    assert igraph_labels(pair, 2, 3.0, 1).tolist() == [0, 1]
    assert igraph_labels(pair, 1, 3.0, 1).tolist() == [0, 0]
    assert spinglass(links(("a", "b", 1.0)), q=2, gamma=3.0).k == 2


def test_a_partition_says_what_it_is(networks: dict[str, pd.DataFrame]) -> None:
    found = spinglass(networks["zachary"], q=2, restarts=2)
    assert repr(found).startswith("<Partition spinglass: 34 nodes in 2 communities, Q = 0.3718")
    sizes = found.membership.value_counts()
    assert sizes[0] >= sizes[1]
