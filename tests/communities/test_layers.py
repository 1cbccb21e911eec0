"""Several layers at once: planted halves of a signal, one layer as the ordinary result, weights of layers."""

from __future__ import annotations

import igraph
import numpy as np
import pandas as pd
import pytest

from communities import infomap, leiden
from communities.layered_infomap import layered_infomap
from communities.layered_leiden import layered_leiden
from communities.layers import layers_of
from communities.quality import modularity
from communities.stability import adjusted_mutual_information
from linkages import Network

TRIANGLES = [("a", "b"), ("b", "c"), ("a", "c"), ("x", "y"), ("y", "z"), ("x", "z")]
METHODS = [layered_leiden, layered_infomap]


def table(*links: tuple[str, str], weight: float = 1.0) -> pd.DataFrame:
    return pd.DataFrame(list(links), columns=["source", "target"]).assign(weight=weight)


@pytest.fixture(scope="module")
def halves() -> tuple[dict[str, pd.DataFrame], pd.Series]:
    """Four communities of 12: one layer tells the first two apart from the rest, the other the last two."""
    generator = np.random.default_rng(11)
    group = np.repeat(np.arange(4), 12)
    names = np.array([f"n{k:02d}" for k in range(48)])
    i, j = np.triu_indices(48, 1)
    layers = {}
    for name, told in (("deal", (0, 1)), ("copatent", (2, 3))):
        same = (group[i] == group[j]) & np.isin(group[i], told)
        weight = generator.poisson(np.where(same, 6.0, 1.0)).astype(float)
        links = pd.DataFrame({"source": names[i], "target": names[j], "weight": weight})
        layers[name] = links[links["weight"] > 0]
    return layers, pd.Series(group, index=names)


def agreement(found: pd.Series, planted: pd.Series) -> float:
    return adjusted_mutual_information(found.loc[planted.index].to_numpy("int64"), planted.to_numpy("int64"))


def test_two_layers_show_what_neither_shows_alone(halves) -> None:
    layers, planted = halves
    both = layered_leiden(layers)
    assert both.k == 4
    assert agreement(both.membership, planted) == pytest.approx(1.0)
    for links in layers.values():
        assert agreement(leiden(links).membership, planted) < 0.8


def test_infomap_sees_layers_with_nodes_of_their_own(halves) -> None:
    layers, planted = halves
    # Noise of 1 in 7 hides nothing from Leiden; the walker needs the halves without it.
    clean = {name: links[links["weight"] >= 4] for name, links in layers.items()}
    found = layered_infomap(clean, trials=10)
    kept = planted.loc[found.membership.index]
    assert agreement(found.membership, kept) > 0.9
    assert found.details["codelength_one_module"] > found.codelength > 0


@pytest.mark.parametrize("network", ["zachary weighted", "les miserables", "florentine"])
def test_one_layer_gives_the_ordinary_result(networks: dict[str, pd.DataFrame], network: str) -> None:
    links = networks[network]
    one, plain = layered_leiden({"deal": links}), leiden(links)
    assert one.modularity == pytest.approx(plain.modularity, abs=1e-12)
    pd.testing.assert_series_equal(one.membership, plain.membership)
    assert one.left_out == plain.left_out
    assert one.energy == pytest.approx(plain.energy / links["weight"].sum())
    walked, alone = layered_infomap({"deal": links}, relax=0.4), infomap(links)
    assert walked.codelength == pytest.approx(alone.codelength, abs=1e-9)
    assert walked.k == alone.k
    assert walked.details["in_several"] == []


@pytest.mark.parametrize("method", METHODS)
def test_order_and_unit_do_not_matter(halves, method) -> None:
    layers, _ = halves
    base = method(layers)
    turned = {
        name: links.sample(frac=1, random_state=3).rename(columns={"source": "target", "target": "source"})
        for name, links in reversed(layers.items())
    }
    other = method(turned)
    pd.testing.assert_series_equal(base.membership, other.membership)
    assert (base.modularity, base.codelength) == (other.modularity, other.codelength)
    for unit in (1e-9, 1e9):
        scaled = {**layers, "deal": layers["deal"].assign(weight=layers["deal"]["weight"] * unit)}
        pd.testing.assert_series_equal(base.membership, method(scaled).membership)


def test_many_events_do_not_drown_few_unless_the_weights_say_so() -> None:
    """A layer of 600 events holds a-b-c and x-y-z together, one of 6,000 pairs them otherwise."""
    few = table(*TRIANGLES, weight=100.0)
    many = table(("a", "x"), ("b", "y"), ("c", "z"), weight=2000.0)
    even = layers_of({"few": few, "many": many})
    assert even.shares == (0.5, 0.5)
    assert [graph.weight.sum() for graph in even.graphs] == pytest.approx([0.5, 0.5])
    by_events = layered_leiden({"few": few, "many": many}, {"few": 600.0, "many": 6000.0})
    assert by_events.membership["a"] == by_events.membership["x"] != by_events.membership["b"]
    by_few = layered_leiden({"few": few, "many": many}, {"few": 5.0, "many": 1.0})
    assert by_few.membership.to_dict() == {"a": 0, "b": 0, "c": 0, "x": 1, "y": 1, "z": 1}
    assert by_few.details["layers"]["few"] == {"share": 5 / 6, "links": 6, "modularity": pytest.approx(0.5)}
    assert by_few.modularity == pytest.approx(5 / 6 * 0.5 + 1 / 6 * -0.5)
    # With a weight of 0 a layer says nothing, and its own nodes are left out.
    alone = layered_leiden({"few": few, "many": pd.concat([many, table(("a", "w"))])}, {"few": 1.0, "many": 0.0})
    assert (alone.k, alone.left_out) == (1, ("w", "x", "y", "z"))


def test_the_quality_is_that_of_igraph_layer_by_layer(halves) -> None:
    layers, _ = halves
    found = layered_leiden(layers, {"deal": 1.0, "copatent": 3.0})
    names = list(found.membership.index)
    wanted = 0.0
    for name, share in (("deal", 0.25), ("copatent", 0.75)):
        rows = layers[name]
        edges = [(names.index(a), names.index(b)) for a, b in zip(rows["source"], rows["target"], strict=True)]
        native = igraph.Graph(n=len(names), edges=edges)
        wanted += share * native.modularity(found.labels.tolist(), weights=rows["weight"].tolist())
    assert found.modularity == pytest.approx(wanted, abs=1e-12)


def test_nodes_are_those_of_all_layers() -> None:
    one, two = table(("a", "b"), ("b", "c")), table(("c", "d"), ("q", "r"))
    network = Network.from_pandas(one, level="naics3")
    nodes = pd.concat([network.nodes, network.nodes.head(1).assign(node="lonely", label="Lonely")])
    lonely = Network(nodes, network.links, "naics3", network.period, "deal")
    found = layers_of({"deal": lonely, "alliance": two})
    assert found.whole.names == ("a", "b", "c", "d")
    assert found.whole.left_out == ("lonely", "q", "r")
    alliance = found.graphs[found.names.index("alliance")]
    assert alliance.n == 4
    assert alliance.strengths.tolist() == [0.0, 0.0, 0.25, 0.25]
    assert modularity(alliance, np.array([0, 0, 1, 1])) == 0.0


def test_a_node_that_layers_place_differently_is_named() -> None:
    cliques = [("a", "b"), ("b", "c"), ("a", "c"), ("a", "m"), ("b", "m"), ("c", "m")]
    others = [("x", "y"), ("y", "z"), ("x", "z"), ("x", "m"), ("y", "m"), ("z", "m")]
    found = layered_infomap({"one": table(*cliques), "two": table(*others)}, trials=5, relax=0.01)
    assert found.details["in_several"] == ["m"]
    assert found.k == 2


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("bad", [-1.0, float("nan"), float("inf")])
def test_weights_that_are_none_are_refused_and_the_layer_named(method, bad: float) -> None:
    with pytest.raises(ValueError, match="layer 'deal' is not the links of a network: 1 weight that is negative"):
        method({"alliance": table(("a", "b")), "deal": table(("a", "b"), weight=bad)})
    with pytest.raises(ValueError, match="weights of layers must be 0 or more"):
        method({"deal": table(("a", "b"))}, weights={"deal": bad})


def test_what_cannot_be_is_refused() -> None:
    one = {"deal": table(("a", "b"))}
    for call, said in (
        (lambda: layered_leiden({}), "no layers"),
        (lambda: layered_leiden(one, {"deals": 1.0}), r"weights must be of the layers \['deal'\]"),
        (lambda: layered_leiden(one, {"deal": 0.0}), "one above 0"),
        (lambda: layered_leiden(one, restarts=0), "restarts must be 1"),
        (lambda: layered_infomap(one, trials=0), "trials and seed"),
        (lambda: layered_infomap(one, relax=0.0), "relax must be above 0"),
        (lambda: layered_leiden({"deal": one["deal"].drop(columns="weight")}), "columns missing: weight"),
    ):
        with pytest.raises(ValueError, match=said):
            call()


@pytest.mark.parametrize("method", METHODS)
def test_layers_without_links_end_with_none(method) -> None:
    nothing = table(("a", "a"), ("b", "c"), weight=0.0)
    found = method({"deal": nothing, "alliance": nothing.head(0)})
    assert (found.k, found.left_out, found.notes) == (0, ("a", "b", "c"), ("no links to look at",))
    some = method({"deal": nothing, "alliance": table(("b", "c"))})
    assert some.membership.to_dict() == {"b": 0, "c": 0}
    assert list(some.details["layers"]) == ["alliance"]
