"""The grid's tables: what holds over its runs, and what is said of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from communities import spinglass
from linkages import Network
from linkages.periods import Period
from observatory import grid
from observatory.settings import Communities, Settings, Source
from observatory.side_by_side import Workers
from observatory.stages import grid as stage
from observatory.stages import grid_tables
from observatory.study import open_study

PLAIN = Settings("T", {"a": Source("regpat", ["x"])})


def test_a_row_a_run(done):
    runs = done.table("runs.parquet")
    assert len(runs) == done.manifest["runs"] == 2 * 2 * 2 * 2 * 5 * 2 / 1 / (5 / len(done.manifest["sources"]))
    assert not runs.duplicated(["source", "period", *stage.AXES]).any()
    own = runs.query("level == 'naics3' and counting == 'full' and backbone == 'none' and gamma == 1.0")
    assert own["ami"].tolist() == [1.0] * len(own)
    assert runs["ami"].max() <= 1.0
    assert own["vi"].tolist() == [0.0] * len(own)
    assert (runs["vi"].dropna() >= 0).all()
    assert runs.loc[runs["ami"] < 1 - 1e-12, "vi"].min() > 0
    assert runs["proven"].any()
    assert (runs.query("level == 'naics2'")["nodes"] <= 4).all()
    assert repr(done) == f"<Grid 'Small <b>study</b>': {len(runs)} runs>"


def test_together_is_what_the_runs_say(done, study, records):
    """The shares of one network, counted by hand from runs made again."""
    settings = open_study(study).settings
    wanted = [choice for choice in stage.choices(settings) if choice.level == "naics3"]
    runs = stage.search(records, settings, wanted, ["deal"], [Period(2007, 2014)], lambda _: None, Workers(1))
    table = done.table("together.parquet").query("source == 'deal' and period == '2007-2014' and not carried")
    table = table[table["level"] == "naics3"].set_index(["a", "b"])
    for (a, b), row in table.iterrows():
        holding = [r.partition.membership for r in runs if {a, b} <= set(r.partition.membership.index)]
        assert row["runs"] == len(holding)
        assert row["together"] == pytest.approx(np.mean([m[a] == m[b] for m in holding]))
    assert len(table) > 10


def test_a_sector_that_a_backbone_drops_is_not_torn_from_its_pair():
    """Weak links tie c to a and b; without them c is in no community, and its pairs are counted over fewer runs."""
    links = [("a", "b", 9.0), ("a", "d", 9.0), ("b", "d", 9.0), ("a", "c", 1.0), ("b", "c", 1.0)]
    whole = Network.from_pandas(pd.DataFrame(links, columns=["source", "target", "weight"]))
    strong = replace(whole, links=whole.links[whole.links["weight"] > 1].reset_index(drop=True))
    own = stage.own_choice(PLAIN)
    found = []
    for network, choice in ((whole, own), (strong, replace(own, backbone="disparity"))):
        number = stage._number(network, PLAIN.communities, 1)
        partition = spinglass(network, 1)
        found.append(stage.Found("all", Period(2000, 2007), choice, network, number, partition))
    table = grid_tables.together_table(found, {}).set_index(["a", "b"])
    assert table["runs"].to_dict() == {
        ("a", "b"): 2, ("a", "c"): 1, ("a", "d"): 2, ("b", "c"): 1, ("b", "d"): 2, ("c", "d"): 1,
    }  # fmt: skip
    assert (table["together"] == 1.0).all()


def test_what_is_proven_holds_for_every_seed(monkeypatch):
    """Two triangles: a proof is looked for once, and the answer is the same as with a search for each seed."""
    pairs = [("a", "b"), ("b", "c"), ("a", "c"), ("c", "x"), ("x", "y"), ("y", "z"), ("x", "z")]
    network = Network.from_pandas(pd.DataFrame(pairs, columns=["source", "target"]).assign(weight=1.0))
    searched = []

    def counted(*given, **options):
        searched.append(options["exact"])
        return spinglass(*given, **options)

    monkeypatch.setattr(stage, "spinglass", counted)
    own = stage.own_choice(PLAIN)
    choices = [replace(own, gamma=gamma, seed=seed) for gamma in (0.0, 1.0) for seed in (1, 2, 3)]
    communities = Communities(trials=2, restarts=2, spaces=2)
    looked = stage._looked({("full", "both"): network}, communities, "all", Period(2000, 2007), choices)
    assert [one.partition.seed for one in looked] == [1, 2, 3] * 2
    for one in looked:
        alone = spinglass(network, 2, one.choice.gamma, 2, one.choice.seed)
        pd.testing.assert_series_equal(one.partition.membership, alone.membership)
        assert one.partition.details["proven"] == alone.details["proven"]
    assert searched == [stage.EXACT] * len(searched) and len(searched) == 2
    assert stage.settled(looked[0].partition)


def test_what_cannot_be_proven_is_not_tried_again(monkeypatch):
    """A ring has many best partitions: nothing is settled, and each seed has a search of its own."""
    names = [f"n{i}" for i in range(9)]
    ring = pd.DataFrame({"source": names, "target": [*names[1:], names[0]], "weight": 1.0})
    asked = []

    def without_proof(*given, exact, **options):
        asked.append(exact)
        return spinglass(*given, exact=0, **options)

    monkeypatch.setattr(stage, "spinglass", without_proof)
    choices = [replace(stage.own_choice(PLAIN), seed=seed) for seed in (1, 2, 3)]
    networks = {("full", "both"): Network.from_pandas(ring)}
    chosen = Communities(trials=2, restarts=2, spaces=3)
    assert len(stage._looked(networks, chosen, "all", Period(2000, 2007), choices)) == 3
    assert asked == [stage.EXACT, 0, 0]


def test_finer_levels_are_carried_to_the_coarsest(done):
    table = done.table("together.parquet")
    assert set(table.loc[table["carried"], "level"]) == {"naics2"}
    here = table[(table["source"] == "all") & (table["period"] == "2007-2014") & (table["level"] == "naics2")]
    both = here.merge(here, on=["a", "b"], suffixes=("", "_carried")).query("not carried and carried_carried")
    assert len(both)
    assert (both["runs_carried"] >= both["runs"]).all()
    assert (both["runs_carried"] > both["runs"]).any()


def test_planted_spaces_are_the_consensus(done):
    table = done.table("consensus.parquet")
    assert table.columns.tolist() == [*grid_tables.ABOUT, "node", "community"]
    here = table.query("source == 'all' and period == '2007-2014' and level == 'naics3' and not carried")
    of = here.set_index("node")["community"]
    assert of["334"] == of["336"] == of["333"]
    assert of["325"] != of["334"]


def test_agreement_between_everything(done):
    table = done.table("agreement.parquet")
    assert table.columns.tolist() == ["between", "source", "period", "a", "b", "nodes", "ami", "vi"]
    assert set(table["between"]) == {"method", "source", "period", "level", "counting", "backbone", "gamma"}
    number = table["between"].value_counts()
    sources = len(done.manifest["sources"])
    assert number["method"] == 3 * sources * 2
    assert number["source"] == sources * (sources - 1) / 2 * 2
    assert number["period"] == sources
    assert number["counting"] == number["level"] == sources * 2
    assert set(map(tuple, table.loc[table["between"] == "level", ["a", "b"]].values)) == {("naics2", "naics3")}
    known = table.dropna(subset=["ami"])
    assert (known["vi"] >= 0).all()
    assert (known.loc[known["ami"] > 1 - 1e-12, "vi"] < 1e-12).all()


TABLE = pd.DataFrame(
    [
        ("311", "312", 1.0, 10),
        ("311", "325", 0.95, 10),
        ("312", "325", 0.95, 10),
        ("311", "334", 0.4, 10),
        ("312", "334", 0.2, 10),
        ("325", "334", 0.5, 10),
        ("334", "336", 1.0, 4),
        ("311", "336", 0.0, 4),
    ],
    columns=["a", "b", "together", "runs"],
).assign(source="all", period="2007-2014", level="naics3", carried=False)


def test_least_certain_pairs_come_first():
    table = grid.listed(TABLE.sample(frac=1.0, random_state=1))
    assert table["verdict"].tolist() == ["torn", "torn", "leaning", "together", "together", "together", "together"]
    assert table[["a", "b"]].values.tolist()[:4] == [["325", "334"], ["311", "334"], ["312", "334"], ["311", "312"]]
    assert table["label_a"][0] == "Chemical manufacturing"


def test_blocks_hold_pairs_that_enough_runs_speak_of():
    assert grid.blocks(TABLE) == [["311", "312", "325"]]
    assert grid.blocks(TABLE.iloc[:0]) == []


def test_findings_in_words(monkeypatch, done):
    monkeypatch.setattr(grid, "headline", lambda _: TABLE)
    one, two, three = grid.findings(done)
    assert one == "all 2007-2014 at naics3: in at least 95 % of the runs that hold both, together are 311 312 325."
    assert two.endswith("2 of 8 pairs, nearest to half 325-334 (50 % of 10 runs), 311-334 (40 % of 10 runs).")
    runs = done.table("runs.parquet").query("source == 'all' and period == '2007-2014' and level == 'naics3'")
    assert 0 < (runs["nodes"] < 0.9 * runs["nodes"].max()).sum() < len(runs) == 8
    assert three.startswith(f"{(runs['nodes'] < 0.9 * runs['nodes'].max()).sum()} of 8 runs hold part of the sectors")
    assert "a pair is counted over the runs that hold both of its sectors" in three
    monkeypatch.setattr(grid, "headline", lambda _: TABLE[TABLE["together"] < 0.3].reset_index(drop=True))
    monkeypatch.setattr(grid, "WHOLE", 0.0)
    one, two = grid.findings(done)
    assert one.endswith("none stay together.")
    assert two.endswith(": 0 of 2 pairs.")
    monkeypatch.setattr(grid, "headline", lambda _: TABLE.iloc[:0])
    assert grid.findings(done) == ["No network of the grid has links."]
