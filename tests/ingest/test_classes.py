"""The vendor's own classes of industry, from Thomson's and SDC's files to networks."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest import BadInput, DuckDB, merge, read
from ingest.engine import collect
from ingest.frames import carried
from ingest.sources import source
from linkages import build_network
from linkages.items import facet_items

DEALS = """\
Date Announced,Deal Number,Acquiror Name,Acquiror Primary NAIC Code,Acquiror Macro Industry,Acquiror Mid Industry,\
Target Name,Target Primary NAIC Code,Target Macro Industry,Target Mid Industry
01/15/2003,1,Acme,325412,Healthcare,Pharmaceuticals,Beta,541715,High Technology,Software
02/15/2003,2,Gamma,334111,High Technology,Hardware,Delta,511210,High Technology,Software
03/15/2003,3,Epsilon,325412,Healthcare,,Zeta,511210,,
"""
ALLIANCES = """\
Alliance Date Announced,Deal Number,Participants in Alliance,Participant SIC Code,Participant Macro Industry
01/15/2003,7,"Acme
Beta
Gamma","2834
7372
7372","Healthcare
High Technology
-"
"""


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory):  # type: ignore[no-untyped-def]
    folder: Path = tmp_path_factory.mktemp("classes")
    engine = DuckDB()
    parts = []
    for name, form, text in (("ma", "thomson", DEALS), ("jv", "sdc", ALLIANCES)):
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
        parts.append(read(form, folder / f"{name}.csv", name=name, engine=engine))
    return merge(parts)


def test_classes_are_read_as_the_vendor_writes_them(records) -> None:  # type: ignore[no-untyped-def]
    table = collect(records.classes)
    rows = sorted(table[["event", "role", "level", "class"]].values.tolist())
    assert rows == [
        ["jv:7", "partner", "macro", "Healthcare"],
        ["jv:7", "partner", "macro", "High Technology"],
        ["ma:1", "acquirer", "macro", "Healthcare"],
        ["ma:1", "acquirer", "mid", "Pharmaceuticals"],
        ["ma:1", "target", "macro", "High Technology"],
        ["ma:1", "target", "mid", "Software"],
        ["ma:2", "acquirer", "macro", "High Technology"],
        ["ma:2", "acquirer", "mid", "Hardware"],
        ["ma:2", "target", "macro", "High Technology"],
        ["ma:2", "target", "mid", "Software"],
        ["ma:3", "acquirer", "macro", "Healthcare"],
    ]


def test_the_coarsest_level_is_the_strictest(records) -> None:  # type: ignore[no-untyped-def]
    macro = build_network(records, "macro", (2000, 2007), "deal")
    assert macro.links[["source", "target", "events"]].values.tolist() == [["Healthcare", "High Technology", 1]]
    assert macro.nodes.set_index("node")["within_events"].to_dict() == {"Healthcare": 0, "High Technology": 1}
    assert macro.nodes["label"].tolist() == macro.nodes["node"].tolist()
    mid = build_network(records, "mid", (2000, 2007), "deal")
    assert mid.links[["source", "target"]].values.tolist() == [
        ["Hardware", "Software"],
        ["Pharmaceuticals", "Software"],
    ]
    # The third deal has a class on one side only: it is not counted at this level.
    assert (macro.events, build_network(records, "naics3", (2000, 2007), "deal").events) == (2, 3)


def test_alliances_have_classes_too_and_a_partner_without_one_is_not_counted(records) -> None:  # type: ignore[no-untyped-def]
    network = build_network(records, "macro", (2000, 2007), "alliance")
    assert network.links[["source", "target", "weight"]].values.tolist() == [["Healthcare", "High Technology", 1.0]]


def test_groups_hold_classes(records) -> None:  # type: ignore[no-untyped-def]
    network = build_network(records, "mid", (2000, 2007), "deal", groups={"Computing": ["Software", "Hardware"]})
    assert network.links[["source", "target", "events"]].values.tolist() == [["Computing", "Pharmaceuticals", 1]]


def test_groups_that_share_a_class_or_hold_a_strange_one_are_refused(records) -> None:  # type: ignore[no-untyped-def]
    groups = {"A": ["Software", "Moon"], "B": ["Software", "Hardware"]}
    with pytest.raises(BadInput) as caught:
        build_network(records, "mid", (2000, 2007), "deal", groups=groups)
    assert [(fault.value, fault.expected) for fault in caught.value.faults] == [
        ("Moon", "a mid class in 'A': Hardware, Pharmaceuticals, Software"),
        ("Software", "one group; 'A' has it"),
    ]
    with pytest.raises(BadInput, match="'Software'; expected one group; 'A' has it"):
        facet_items(records, "mid", groups)


def test_a_level_that_no_file_has_is_an_error(records) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match="no record has a class at the level 'micro'"):
        facet_items(records, "micro")


def test_classes_go_along_to_another_engine(records) -> None:  # type: ignore[no-untyped-def]
    there = carried(records, DuckDB())
    pair = ["source", "target", "weight", "events"]
    one, two = (build_network(r, "macro", (2000, 2007), "all").links[pair] for r in (records, there))
    assert one.equals(two)


def test_files_without_classes_have_none(tmp_path: Path) -> None:
    lines = [",".join(line.split(",")[:4] + line.split(",")[6:8]) for line in DEALS.splitlines()]
    (tmp_path / "ma.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert read("thomson", tmp_path / "ma.csv").classes is None


def test_firms_beside_others_keep_their_class_where_all_codes_are_asked_for(tmp_path: Path) -> None:
    heads = "Date Announced,Deal Number,Acquiror Name,Acquiror NAIC Codes,Acquiror Macro Industry,Target Name"
    (tmp_path / "ma.csv").write_text(f'{heads}\n01/15/2003,1,"Acme\nBeta","325412,5112","Health\nMedia",Eta\n')
    raw = source("thomson").read(DuckDB(), [tmp_path / "ma.csv"], options={"codes": "all"})
    assert raw.classes is not None
    assert sorted(raw.classes.select("participant", "class").collect("pyarrow").rows()) == [
        ("acquirer, Acme", "Health"),
        ("acquirer, Beta", "Media"),
    ]
