"""Networks: built, checked, handed over to other libraries and taken back."""

from __future__ import annotations

import warnings

import pandas as pd
import pytest

from ingest.records import Records
from linkages import Network, Period, build_network
from linkages.change import change
from linkages.network import link_faults
from linkages.strength import OF_EVENTS, backbone


def test_a_network_says_what_it_is(five_events: Records) -> None:
    network = build_network(five_events, "naics3", (2000, 2007), "all")
    assert repr(network) == ("<Network sector all 2000-2007 at naics3, full counting: 3 nodes, 1 links, 4 events>")
    assert network.name == "sector__all__2000-2007"
    assert network.nodes.set_index("node")["within"].to_dict() == {"325": 2.0, "334": 0.0, "336": 1.0}
    assert network.links[["source", "target", "weight", "events"]].values.tolist() == [["325", "334", 2.0, 2]]
    assert network.settings == {"naics": 2017, "nuts": 2013}


def test_a_region_network_counts_cross_sectoral_events(five_events: Records) -> None:
    network = build_network(five_events, "nuts2", (2000, 2007), "deal")
    assert network.links[["source", "target", "events"]].values.tolist() == [["DE21", "FR10", 1]]
    assert network.kind == "region"
    assert dict(zip(network.nodes["node"], network.nodes["label"], strict=True))["FR10"].startswith("Île")


def test_other_libraries_see_the_same_network(five_events: Records) -> None:
    network = build_network(five_events, "naics3", (2000, 2014), "all", "fractional")
    graph, other = network.to_igraph(), network.to_networkx()
    assert graph.vcount() == other.number_of_nodes() == len(network.nodes)
    assert sum(graph.es["weight"]) == pytest.approx(other.size(weight="weight"))
    assert sum(graph.es["weight"]) == pytest.approx(network.links["weight"].sum())
    assert graph.es["events"] == network.links["events"].tolist()
    assert {graph.vs[e.source]["name"] for e in graph.es} <= set(other)


def test_round_trip_through_a_table(five_events: Records) -> None:
    network = build_network(five_events, "naics3", (2000, 2014), "all")
    again = Network.from_pandas(network.to_pandas(), period=network.period)
    pd.testing.assert_frame_equal(again.links, network.links)


@pytest.mark.parametrize("counting", ["full", "fractional"])
def test_a_round_trip_keeps_isolates_and_what_lies_within(five_events: Records, counting: str) -> None:
    network = build_network(five_events, "naics3", (2000, 2007), "all", counting)
    assert len(network.nodes) > len({*network.links["source"], *network.links["target"]})
    again = Network.from_pandas(
        network.to_pandas(),
        nodes=network.nodes,
        period=network.period,
        counting=network.counting,
        events=network.events,
    )
    assert repr(again) == repr(network)
    pd.testing.assert_frame_equal(again.links, network.links)
    pd.testing.assert_frame_equal(again.nodes, network.nodes)
    late = build_network(five_events, "naics3", (2007, 2014), "all", counting)
    pd.testing.assert_frame_equal(change(again, late), change(network, late))


def test_nodes_beside_links_are_checked_at_once() -> None:
    links = pd.DataFrame({"source": ["a", "a"], "target": ["b", "a"], "weight": [1.0, 2.0]})
    nodes = pd.DataFrame({"node": ["a", "a"], "within": [-1.0, 0.0], "within_events": [0.5, 1.0]})
    with pytest.raises(ValueError, match="not a network") as caught:
        Network.from_pandas(links, nodes=nodes, counting="double")
    expected = (
        *("a node stands twice: a", "links name nodes that are not in the table of nodes: ['b']"),
        *("weights within nodes that are negative", "stand in both tables", "events within nodes", "got 'double'"),
    )
    assert all(part in str(caught.value) for part in expected)
    with pytest.raises(ValueError, match="no column node; found: name"):
        Network.from_pandas(links, nodes=nodes.rename(columns={"node": "name"}))


@pytest.mark.parametrize("events", [-2, 2.7, float("nan"), "many"])
def test_events_that_are_none_are_refused(events: object) -> None:
    table = pd.DataFrame({"source": ["a"], "target": [None], "weight": [1.0], "events": [events]}, dtype=object)
    with pytest.raises(ValueError, match=r"a blank in target; events that are not whole numbers from 0 on"):
        Network.from_pandas(table)


def test_both_directions_of_a_pair_are_summed() -> None:
    table = pd.DataFrame({"source": ["b", "a", "a"], "target": ["a", "b", "a"], "weight": [1.0, 2.0, 5.0]})
    network = Network.from_pandas(table)
    assert network.links[["source", "target", "weight"]].values.tolist() == [["a", "b", 3.0]]
    assert network.nodes["within"].tolist() == [5.0, 0.0]


@pytest.mark.parametrize("weight", [-1.0, float("nan"), float("inf"), "much"])
def test_weights_that_are_none_are_refused(weight: object) -> None:
    table = pd.DataFrame({"source": ["a"], "target": ["b"], "weight": [weight]}, dtype=object)
    with pytest.raises(ValueError, match="negative, NaN or infinite, first at a-b"):
        Network.from_pandas(table)


def test_every_fault_is_named_at_once() -> None:
    nodes = pd.DataFrame({"node": ["a"], "label": ["a"], "within": [0.0], "within_events": [0]})
    links = pd.DataFrame({"source": ["b", "b"], "target": ["a", "a"], "weight": [-1.0, 1.0], "events": [1, 1]})
    with pytest.raises(ValueError, match=r"negative.*source before.*stands twice.*not in the table of nodes: \['b'\]"):
        Network(nodes, links, "naics3", Period(2000, 2001), "all")
    assert link_faults(pd.DataFrame({"from": ["a"]})) == ["columns missing: source, target, weight; found: from"]


def test_an_empty_period_is_an_empty_network(five_events: Records) -> None:
    network = build_network(five_events, "naics3", (1950, 1951), "all")
    assert (len(network.nodes), len(network.links), network.events) == (0, 0, 0)


def test_a_node_without_a_label_keeps_that_of_its_code():
    links = pd.DataFrame({"source": ["325"], "target": ["334"], "weight": [2.0]})
    nodes = pd.DataFrame({"node": ["325", "334"], "label": ["Chemicals", None]})
    made = Network.from_pandas(links, nodes=nodes)
    assert made.nodes["label"].tolist() == ["Chemicals", "Computer and electronic product manufacturing"]


def test_a_network_of_regions_says_which_sectors_its_events_cross():
    rows = {"event": ["p", "p"], "year": 2003, "naics": ["325412", "541713"], "region": ["DE21", "FR10"]}
    facets = pd.DataFrame(rows)
    made = build_network(facets, "nuts2", (2000, 2007), "copatent", sector_level="naics4")
    assert repr(made) == (
        "<Network region copatent 2000-2007 at nuts2, of events across sectors at naics4, full counting: "
        "2 nodes, 1 links, 1 events>"
    )


def test_codes_read_as_numbers_are_the_nodes_that_they_mean() -> None:
    links = pd.DataFrame({"source": [325.0, 334.0], "target": [334, 336], "weight": [1, 2]})
    made = Network.from_pandas(links, nodes=pd.DataFrame({"node": [325.0, 334.0, 336.0, 541.0], "label": list("wxyz")}))
    assert made.links[["source", "target", "weight"]].values.tolist() == [["325", "334", 1.0], ["334", "336", 2.0]]
    assert made.nodes[["node", "label"]].values.tolist() == [["325", "w"], ["334", "x"], ["336", "y"], ["541", "z"]]
    assert build_network(links, source="all").nodes["node"].tolist() == ["325", "334", "336"]


@pytest.mark.parametrize("blank", ["", " ", None, float("nan")])
def test_blank_ends_and_nodes_are_refused(blank: object) -> None:
    links = pd.DataFrame({"source": [blank, "b"], "target": ["a", "c"], "weight": [1.0, 2.0]})
    with pytest.raises(ValueError, match="not a network: a blank in source"):
        Network.from_pandas(links)
    with pytest.raises(ValueError, match="not a network: a blank node"):
        Network.from_pandas(links.tail(1), nodes=pd.DataFrame({"node": [blank, "b", "c", blank]}))


def test_money_without_events_is_not_tested_for_chance() -> None:
    links = pd.DataFrame({"source": ["a", "a", "b"], "target": ["b", "c", "c"], "weight": [5000.0, 2.0, 1.0]})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        made = Network.from_pandas(links, unit="USD mn")
        some = Network.from_pandas(links.assign(events=[3, 0, 0]), unit="USD mn")
    assert made.links[list(OF_EVENTS)].isna().all(axis=None)
    assert made.links[["association", "disparity_p"]].notna().all(axis=None)
    assert repr(made).endswith("3 nodes, 3 links, events not known, so that chance is not tested>")
    for method in ("noise_corrected", "strong"):
        assert backbone(made.links, method).empty
    assert some.links[list(OF_EVENTS)].notna().all(axis=1).tolist() == [True, False, False]
    assert repr(Network.from_pandas(links)).endswith("3 nodes, 3 links, events not known>")


def test_a_network_may_be_looked_for_and_kept_in_a_set() -> None:
    links = pd.DataFrame({"source": ["a"], "target": ["b"], "weight": [1.0]})
    one, other = Network.from_pandas(links), Network.from_pandas(links)
    assert one in [other, one] and one != other and len({one, other, one}) == 2
