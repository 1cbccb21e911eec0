"""The grid as a whole: its folder, its manifest, its faults and its command."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from ingest import DuckDB
from ingest.faults import BadInput
from observatory import cli, grid, store
from observatory.study import open_study

#: The grid of the small study, its values the other way round.
TURNED = """
[grid]
level = ["naics3", "naics2"]
counting = ["full", "fractional"]
backbone = ["none", "association"]
gamma = [1.2, 1.0]
"""


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


def test_neither_the_order_of_rows_nor_of_the_values_nor_the_number_of_processes_matters(own_study, done, with_grid):
    dice = random.Random(3)
    for file in sorted((own_study / "inbox").glob("*.csv")):
        head, *rows = file.read_text(encoding="utf-8").splitlines()
        dice.shuffle(rows)
        file.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    with_grid(own_study, TURNED)
    other = grid.run_grid(open_study(own_study), own_study / "grid", source="all", jobs=2)
    for name in ("runs", "together", "consensus"):
        whole = done.table(f"{name}.parquet")
        here = whole[whole["source"] == "all"].reset_index(drop=True)
        pd.testing.assert_frame_equal(other.table(f"{name}.parquet"), here, check_exact=True)


# --- what is said ---


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


def test_groups_have_to_stand_at_every_level(own_study, with_grid):
    with_grid(own_study, '\n[groups.sectors]\nLife = ["Biopharmaceuticals"]\n[grid]\nlevel = ["naics2", "industry"]\n')
    found = faults(lambda: grid.run_grid(open_study(own_study), own_study / "grid"))
    assert found == ["a NAICS 2017 code in 'Life'"]


@pytest.mark.parametrize("text", ["[]", "no json", '{"title": "T"}'])
def test_a_manifest_of_something_else_is_no_grid(tmp_path, own_study, text):
    (tmp_path / "manifest.json").write_text(text, encoding="utf-8")
    assert faults(lambda: grid.run_grid(open_study(own_study), tmp_path)) == ["a grid folder or a name not taken"]


# --- the command ---


def test_the_command_writes_replaces_and_prints(own_study, capsys, with_grid):
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
