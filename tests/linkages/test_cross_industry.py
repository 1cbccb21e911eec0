"""The cross-industry files, worked by hand."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from ingest.engine import collect
from ingest.records import Records
from linkages import counting
from linkages.cross_industry import cross_industry, folded_items, strongest_others
from linkages.periods import Period


def test_areas_of_an_emerging_industry_are_folded_into_it(make_records: Callable[..., Records]) -> None:
    deal = [("acquirer", "325412"), ("target", "611310")]
    records = make_records([("d", "deal", 2008, deal, []), ("old", "deal", 2003, deal, [])])
    items = folded_items(records, "naics3")
    nodes = set(collect(items)["node"])
    assert "Biopharmaceuticals" in nodes and "325" not in nodes
    pairs = counting.pairs(items, records.engine, directed_deals=True)
    network = cross_industry(records, pairs, "production", "naics3")
    assert network.name == "sector__production__2007-2014"
    assert network.events == 1  # 2003 is before the file's years
    ends = {frozenset(x) for x in zip(network.links["source"], network.links["target"], strict=True)}
    assert all("Biopharmaceuticals" in pair or "611" in pair for pair in ends)
    labels = dict(zip(network.nodes["node"], network.nodes["label"], strict=True))
    assert labels["Biopharmaceuticals"] == "Biopharmaceuticals"
    assert cross_industry(records, pairs, "production", "naics3", period=Period(2000, 2005)).events == 1


def test_each_emerging_industry_keeps_its_strongest_others() -> None:
    rows = [("E", "a", 9), ("E", "b", 5), ("E", "c", 5), ("F", "c", 7), ("E", "F", 1), ("a", "b", 99), ("E", "E", 50)]
    table = pd.DataFrame(rows, columns=["source", "target", "weight"]).assign(events=1)
    kept = strongest_others(table, ["E", "F"], 2)
    # E keeps a and, of b and c, the first by name; F keeps c and E; a-b joins no emerging industry.
    assert kept[["source", "target"]].values.tolist() == [["E", "F"], ["E", "a"], ["E", "b"], ["F", "c"]]


def test_an_unknown_file_is_named(five_events: Records) -> None:
    with pytest.raises(ValueError, match="a cross-industry file is one of research, production"):
        cross_industry(five_events, five_events.events, "sales", "naics3")


def test_the_study_s_own_emerging_industries_stand_in_the_files(make_records: Callable[..., Records]) -> None:
    deal = [("acquirer", "325412"), ("target", "611310")]
    records = make_records([("d", "deal", 2008, deal, [])])
    groups = {"Mine": ["325412"], "Schools": ["6113"]}
    items = folded_items(records, "emerging", groups)
    pairs = counting.pairs(items, records.engine, directed_deals=True, overlapping=True)
    network = cross_industry(records, pairs, "production", "emerging", groups=groups)
    assert network.links[["source", "target"]].values.tolist() == [["Mine", "Schools"]]
