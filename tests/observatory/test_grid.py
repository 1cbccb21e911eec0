"""The grid: its choices, its runs, its tables, what is said of them, and the command."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import msgspec
import numpy as np
import pandas as pd
import pytest

from communities import spinglass
from ingest import DuckDB, Records
from ingest.faults import BadInput
from linkages import Network
from linkages.periods import Period
from observatory import cli, grid, store
from observatory.settings import Communities, Grid, Settings, Source
from observatory.stages import grid as stage
from observatory.stages import grid_tables, opening
from observatory.study import open_study

GRID = """
[grid]
level = ["naics2", "naics3"]
counting = ["full", "fractional"]
backbone = ["none", "association"]
gamma = [1.0, 1.2]
"""


def with_grid(folder: Path, text: str = GRID) -> Path:
    file = folder / "study.toml"
    file.write_text(file.read_text(encoding="utf-8") + text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def study(small_study: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small study with a grid, its files where they are."""
    folder = tmp_path_factory.mktemp("gridded")
    text = (
        (small_study / "study.toml").read_text(encoding="utf-8").replace("inbox/", f"{small_study.as_posix()}/inbox/")
    )
    (folder / "study.toml").write_text(text + GRID, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def said() -> list[str]:
    return []


@pytest.fixture(scope="module")
def done(study: Path, said: list[str]) -> grid.Grid:
    return grid.run_grid(open_study(study), study / "grid", say=said.append)


@pytest.fixture(scope="module")
def records(study: Path) -> Records:
    return opening.open_inputs(open_study(study), DuckDB(), lambda _: None)[0]


# --- choices ---


def plain(**changes: object) -> Settings:
    return Settings("T", {"a": Source("regpat", ["x"])}, **changes)  # type: ignore[arg-type]


def test_without_a_grid_there_is_the_study_s_own_choice():
    settings = plain(sector_level="naics4", counting="fractional")
    assert stage.choices(settings) == [stage.own_choice(settings)]
    assert stage.own_choice(settings) == stage.Choice("naics4", "fractional", "both", "none", 1.0, 1)


def test_every_choice_with_every_other_and_each_once():
    settings = plain(grid=Grid(level=["naics3", "naics2", "naics3"], gamma=[1.0, 0.8], seed=[1, 2, 3]))
    found = stage.choices(settings)
    assert len(found) == len(set(found)) == 2 * 2 * 3
    assert found == sorted(found)


def test_variations_change_one_choice_at_a_time():
    settings = plain(grid=Grid(gamma=[0.8, 1.2]))
    varied = stage.variations(settings)
    assert [choice.gamma for choice in varied["gamma"]] == [0.8, 1.0, 1.2]
    assert [choice.counting for choice in varied["counting"]] == ["fractional", "full"]
    assert varied["seed"] == [stage.own_choice(settings)]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('level = ["naics9"]', "one of naics2, naics3"),
        ("level = []", "a list"),
        ('backbone = ["strong"]', "one of none, association, noise_corrected, disparity"),
        ("gamma = [-1.0]", "at least 0"),
        ("seed = [0]", "at least 1"),
        ("seeds = [1]", "one of level, counting, shared_year, backbone, gamma, seed"),
    ],
)
def test_what_the_grid_cannot_be_is_a_fault_with_its_line(own_study, line, expected):
    file = with_grid(own_study, f"[grid]\n{line}\n") / "study.toml"
    with pytest.raises(BadInput) as caught:
        open_study(own_study)
    (fault,) = caught.value.faults
    assert expected in fault.expected
    assert fault.line == len(file.read_text(encoding="utf-8").splitlines())


# --- carrying to a coarser level ---


def test_a_coarse_sector_goes_where_most_of_its_strength_is():
    fine = pd.Series({"3251": 1, "3254": 0, "3259": 1, "3341": 2, "Mine": 3})
    links = pd.DataFrame(
        [("3251", "3341", 1.0), ("3254", "3341", 3.0), ("3259", "Mine", 1.5)], columns=["source", "target", "weight"]
    )
    assert stage.carried(fine, links, "naics3", {"Mine": ["711"]}).to_dict() == {"325": 0, "334": 2, "Mine": 3}
    assert stage.carried(fine, links, "naics2", {"Mine": ["711"]})["31-33"] == 2


def test_of_two_with_as_much_strength_the_larger_takes_it():
    links = pd.DataFrame([("3251", "3254", 1.0)], columns=["source", "target", "weight"])
    assert stage.carried(pd.Series({"3251": 1, "3254": 0}), links, "naics3", {}).to_dict() == {"325": 0}


def test_only_nested_levels_are_carried_and_only_upward(study, records):
    settings = open_study(study).settings
    own = stage.own_choice(settings)
    wanted = [own, replace(own, level="industry")]
    three, other = sorted(
        stage.search(records, settings, wanted, ["all"], [Period(2000, 2007)], lambda _: None),
        key=lambda one: one.choice.level == "industry",
    )
    assert three.at("naics3", {}) is three.partition.membership
    assert three.at("naics4", {}) is None
    assert three.at("industry", {}) is None
    assert other.at("naics2", {}) is None
    assert set(three.at("naics2", {}).index) <= {"31-33", "54", "62"}
    runs = grid_tables.runs_table([other], grid_tables.keyed([three, other]), settings)
    assert runs["ami"].isna().all()


def test_a_backbone_may_leave_nothing():
    links = pd.DataFrame({"source": ["a", "b"], "target": ["b", "c"], "weight": [1.0, 1.0]})
    network = Network.from_pandas(links)
    assert stage.standing_out(network, "none") is network
    bare = stage.standing_out(network, "disparity")
    assert bare.links.empty
    found = list(
        stage._looked(
            {("full", "both"): network},
            plain().communities,
            "all",
            Period(2000, 2007),
            [stage.Choice("naics3", "full", "both", "disparity", 1.0, 1)],
        )
    )
    assert found[0].partition.membership.empty
    assert found[0].number.rule == "none"


def test_a_number_that_the_study_sets_holds_for_every_run(study):
    settings = open_study(study).settings
    chosen = msgspec.structs.replace(settings.communities, spaces=2)
    links = pd.DataFrame({"source": ["a", "b", "c"], "target": ["b", "c", "d"], "weight": [1.0, 1.0, 1.0]})
    number = stage._number(Network.from_pandas(links), chosen, 1)
    assert (number.k, number.rule) == (2, "study")


# --- the run and its tables ---


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
    runs = stage.search(records, settings, wanted, ["deal"], [Period(2007, 2014)], lambda _: None)
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
    own = stage.own_choice(plain())
    found = []
    for network, choice in ((whole, own), (strong, replace(own, backbone="disparity"))):
        number = stage._number(network, plain().communities, 1)
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
    own = stage.own_choice(plain())
    choices = [replace(own, gamma=gamma, seed=seed) for gamma in (0.0, 1.0) for seed in (1, 2, 3)]
    communities = Communities(trials=2, restarts=2, spaces=2)
    looked = list(stage._looked({("full", "both"): network}, communities, "all", Period(2000, 2007), choices))
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
    choices = [replace(stage.own_choice(plain()), seed=seed) for seed in (1, 2, 3)]
    networks = {("full", "both"): Network.from_pandas(ring)}
    chosen = Communities(trials=2, restarts=2, spaces=3)
    assert len(list(stage._looked(networks, chosen, "all", Period(2000, 2007), choices))) == 3
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


@pytest.mark.usefixtures("done")
def test_it_says_how_far_it_is(said):
    told = [line for line in said if line.startswith("run ")]
    assert told[0].startswith("run 1 of ")
    assert any("at naics3" in line for line in told)
    assert said[-1] == "comparing the runs"


def test_the_manifest(done, study):
    manifest = done.manifest
    assert manifest["kind"] == "grid"
    assert manifest["grid"]["gamma"] == [1.0, 1.2]
    assert manifest["periods"] == ["2000-2007", "2007-2014"]
    assert {row["path"] for row in manifest["outputs"]} == {
        "agreement.parquet", "consensus.parquet", "runs.parquet", "together.parquet",
    }  # fmt: skip
    assert not list(study.glob(".grid*"))


def test_neither_the_order_of_rows_nor_of_the_values_matters(own_study, done):
    dice = random.Random(3)
    for file in sorted((own_study / "inbox").glob("*.csv")):
        head, *rows = file.read_text(encoding="utf-8").splitlines()
        dice.shuffle(rows)
        file.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    with_grid(own_study, GRID.replace('"naics2", "naics3"', '"naics3", "naics2"').replace("1.0, 1.2", "1.2, 1.0"))
    other = grid.run_grid(open_study(own_study), own_study / "grid", source="all")
    for name in ("runs", "together", "consensus"):
        whole = done.table(f"{name}.parquet")
        here = whole[whole["source"] == "all"].reset_index(drop=True)
        pd.testing.assert_frame_equal(other.table(f"{name}.parquet"), here, check_exact=True)


# --- what is said ---


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
    assert two.endswith("2 of 8 pairs, nearest to half 325-334 (50% of 10 runs), 311-334 (40% of 10 runs).")
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


def test_the_headline_is_the_summed_network_of_the_last_period(done):
    table = grid.headline(done)
    assert set(table["source"]) == {"all"}
    assert set(table["period"]) == {"2007-2014"}
    assert set(table["level"]) == {"naics3"}
    assert not table["carried"].any()
    manifest = {**done.manifest, "grid": {**done.manifest["grid"], "level": ["naics2"]}}
    assert set(grid.headline(replace(done, manifest=manifest))["level"]) == {"naics2"}


# --- refusals ---


def faults(call: Callable[[], object]) -> list[str]:
    with pytest.raises(BadInput) as caught:
        call()
    return [fault.expected for fault in caught.value.faults]


@pytest.fixture
def a_run(tmp_path: Path) -> Path:
    """Something that a run wrote."""
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "manifest.json").write_text('{"title": "T", "status": "complete"}', encoding="utf-8")
    return tmp_path / "run"


def test_all_that_is_wrong_is_said_at_once(a_run, study):
    found = faults(lambda: grid.run_grid(open_study(study), a_run, None, lambda _: None, "deals", "1999"))
    assert found == [
        "a grid folder or a name not taken",
        "one of 2000-2007, 2007-2014",
        "one of copatent, deal, alliance, all",
    ]
    assert [file.name for file in a_run.iterdir()] == ["manifest.json"]


def test_a_source_that_the_study_does_not_hold():
    deals = SimpleNamespace(events=DuckDB().table(pd.DataFrame({"kind": ["deal", "deal"]})))
    assert grid._sources(deals, None) == ["deal", "all"]
    assert grid._sources(deals, "deal") == ["deal"]
    assert faults(lambda: grid._sources(deals, "alliance")) == ["one of deal, all"]


def test_groups_have_to_stand_at_every_level(own_study):
    with_grid(own_study, '\n[groups.sectors]\nLife = ["Biopharmaceuticals"]\n[grid]\nlevel = ["naics2", "industry"]\n')
    found = faults(lambda: grid.run_grid(open_study(own_study), own_study / "grid"))
    assert found == ["a NAICS 2017 code in 'Life'"]


@pytest.mark.parametrize("text", ["[]", "no json", '{"title": "T"}'])
def test_a_manifest_of_something_else_is_no_grid(tmp_path, own_study, text):
    (tmp_path / "manifest.json").write_text(text, encoding="utf-8")
    assert faults(lambda: grid.run_grid(open_study(own_study), tmp_path)) == ["a grid folder or a name not taken"]


# --- the command ---


def test_the_command_writes_replaces_and_prints(own_study, capsys):
    with_grid(own_study, "\n[grid]\ngamma = [1.0, 1.5]\n")
    asked = ["grid", str(own_study), "--source", "all", "--period", "2007-2014", "--quiet"]
    assert cli.main(asked) == cli.FINE
    printed = capsys.readouterr()
    assert printed.err == ""
    assert printed.out.startswith(f"grid  {own_study / 'grid'}\nall 2007-2014 at naics3: ")
    assert "verdict" in printed.out
    assert cli.main([*asked, "--json"]) == cli.FINE  # takes the place of the first
    data = json.loads(capsys.readouterr().out)
    assert data["runs"] == 2
    assert {*data["pairs"][0]} == {"a", "b", "label_a", "label_b", "together", "runs", "verdict"}
    assert data["findings"][0].startswith("all 2007-2014 at naics3: ")


def test_the_command_refuses_the_folder_of_a_run(a_run, study, capsys):
    assert cli.main(["grid", str(study), "--out", str(a_run)]) == cli.BAD_INPUT
    assert "a grid folder or a name not taken" in capsys.readouterr().err


def test_a_period_without_events_has_an_empty_grid(own_study, capsys):
    file = own_study / "study.toml"
    file.write_text("periods = [[1950, 1960]]\n" + file.read_text(encoding="utf-8"), encoding="utf-8")
    assert cli.main(["grid", str(own_study), "--source", "all", "--quiet"]) == cli.FINE
    assert "No network of the grid has links." in capsys.readouterr().out
    table = pd.read_parquet(own_study / "grid" / "runs.parquet")
    assert table[["nodes", "links", "rule"]].values.tolist() == [[0, 0, "none"]]
    assert pd.read_parquet(own_study / "grid" / "consensus.parquet").empty


def test_a_grid_is_not_read_as_a_run(done):
    with pytest.raises(BadInput, match="the manifest of a run"):
        store.open_run(done.folder)
