"""Every method on every odd network: an answer that is known beforehand, or a typed error, at once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from communities import Partition, how_many, infomap, leiden, numbers, spinglass
from communities.layered_infomap import layered_infomap
from communities.layered_leiden import layered_leiden
from communities.noise import against_noise
from linkages import Network

METHODS: dict[str, Callable[..., Partition]] = {
    "spin glass": lambda links: spinglass(links, q=3, restarts=2),
    "spin glass, not proven": lambda links: spinglass(links, q=3, restarts=2, exact=0),
    "spin glass, negative weights allowed": lambda links: spinglass(links, q=3, restarts=2, lam=1.0),
    "spin glass of igraph": lambda links: spinglass(links, q=3, restarts=1, method="igraph"),
    "leiden": lambda links: leiden(links, restarts=2),
    "infomap": lambda links: infomap(links, trials=2),
    "number": lambda links: how_many(links, trials=2).infomap,
    "layers by leiden": lambda links: layered_leiden({"deal": links}, restarts=2),
    "layers by infomap": lambda links: layered_infomap({"deal": links}, trials=2),
}
by_every_method = pytest.mark.parametrize("find", METHODS.values(), ids=METHODS)


def table(*rows: tuple[str, str, object]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["source", "target", "weight"]).astype({"source": str, "target": str})


#: Links, then the communities that every method gives and what it leaves out.
ODD = {
    "empty": (table(), {}, ()),
    "one node": (table(("a", "a", 1.0)), {}, ("a",)),
    "all zero": (table(("a", "b", 0.0), ("b", "c", 0.0)), {}, ("a", "b", "c")),
    "two nodes": (table(("a", "b", 2.0)), {"a": 0, "b": 0}, ()),
    "two nodes both ways": (table(("a", "b", 2.0), ("b", "a", 1.0), ("b", "b", 9.0)), {"a": 0, "b": 0}, ()),
    "a link of weight 0 apart": (table(("a", "b", 2.0), ("b", "c", 0.0)), {"a": 0, "b": 0}, ("c",)),
    "disconnected": (
        table(("a", "b", 1.0), ("b", "c", 1.0), ("a", "c", 1.0), ("x", "y", 50.0)),
        {"a": 0, "b": 0, "c": 0},
        ("x", "y"),
    ),
    "two pairs, the heavier kept": (table(("a", "b", 1.0), ("x", "y", 5.0)), {"x": 0, "y": 0}, ("a", "b")),
}


@by_every_method
@pytest.mark.parametrize("name", ODD)
def test_an_odd_network_has_a_stated_answer(name: str, find: Callable[..., Partition]) -> None:
    links, wanted, left_out = ODD[name]
    found = find(links)
    assert found.membership.to_dict() == wanted
    assert found.left_out == left_out
    if not wanted:
        assert (found.k, found.modularity, found.energy) == (0, 0.0, 0.0)


@by_every_method
@pytest.mark.parametrize("nodes", [0, 1, 2])
def test_networks_without_links_leave_all_out(nodes: int, find: Callable[..., Partition]) -> None:
    some = Network.from_pandas(table(("a", "b", 1.0)))
    bare = Network(some.nodes.head(nodes), some.links.head(0), some.level, some.period, some.source)
    found = find(bare)
    assert (found.k, found.left_out) == (0, ("a", "b")[:nodes])
    assert numbers(bare).empty
    assert np.isnan(against_noise(bare, spinglass(bare, q=3, restarts=2)).p)


@by_every_method
@pytest.mark.parametrize("weight", [float("nan"), float("inf"), float("-inf"), None, "many"])
def test_a_weight_that_is_none_is_a_typed_error(weight: object, find: Callable[..., Partition]) -> None:
    with pytest.raises(ValueError, match=r"not the links of a network: 1 weight that is .*, first at b-c"):
        find(table(("a", "b", 1.0), ("b", "c", weight)))


@pytest.mark.parametrize("name", sorted(METHODS.keys() - {"spin glass, negative weights allowed"}))
def test_a_negative_weight_is_a_typed_error_unless_asked_for(name: str) -> None:
    with pytest.raises(ValueError, match="1 weight that is negative, NaN or infinite, first at b-c"):
        METHODS[name](table(("a", "b", 1.0), ("b", "c", -1.0)))


@by_every_method
def test_weights_that_cannot_be_summed_are_a_typed_error(find: Callable[..., Partition]) -> None:
    with pytest.raises(ValueError, match="the weights are too large for their sum"):
        find(table(("a", "b", 1e308), ("b", "c", 1e308)))


def test_missing_columns_are_a_typed_error() -> None:
    for lam in (None, 1.0):
        with pytest.raises(ValueError, match="columns missing: weight"):
            spinglass(table(("a", "b", 1.0)).drop(columns="weight"), lam=lam)


TRIANGLES = [("a", "b"), ("b", "c"), ("a", "c"), ("c", "x"), ("x", "y"), ("y", "z"), ("x", "z")]


@by_every_method
@pytest.mark.parametrize("unit", [1e-200, 1e-9, 1e-3, 1e9, 1e200])
def test_communities_are_the_same_in_any_unit_and_order(unit: float, find: Callable[..., Partition]) -> None:
    """Two triangles of weights 1 to 7, joined by a link."""
    links = table(*((a, b, 1.0 + number) for number, (a, b) in enumerate(TRIANGLES)))
    other = links.assign(weight=links["weight"] * unit).sample(frac=1.0, random_state=2)
    other = other.rename(columns={"source": "target", "target": "source"})
    one, two = find(links), find(other)
    assert one.membership.to_dict() == two.membership.to_dict()
    assert two.modularity == pytest.approx(one.modularity, abs=1e-12)
    if not one.method.startswith("layered"):
        assert two.energy == pytest.approx(one.energy * unit, rel=1e-9)
