"""Two runs side by side: causes told apart, effects counted by hand, and no more concluded than can be known."""

from __future__ import annotations

import io
import json
import shutil

import pandas as pd
import pytest

from observatory import causes, effects
from observatory.diff import Difference, diff
from observatory.opened import MANIFEST, Manifest, Run, open_run
from observatory.run import run_study
from observatory.store import write_csv, write_json, write_parquet
from observatory.study import open_study

NAME = "sector__all__2000-2007"
LINKS = [("1", "2", 5.0), ("1", "3", 2.0), ("3", "4", 1.0)]
SPACES = {"a": ("1", "2", "3"), "b": ("4", "5")}


def space(name, members, stability=1.0):
    return {
        "id": name, "network": NAME, "name": f"Space {name}", "community": 0, "stability": stability,
        "members": [{"node": node} for node in members],
    }  # fmt: skip


@pytest.fixture
def made(tmp_path):
    """Return a function that writes a run folder of a few rows by hand."""
    number = iter(range(99))

    def make(links=LINKS, spaces=SPACES, stability=1.0, tiers=(("DE21", "Automotive", "high"),), **manifest):
        folder = tmp_path / f"run{next(number)}"
        told = {
            "schema": 1,
            "title": "T",
            "status": "complete",
            "settings": {"title": "T", "counting": "full", "sector_level": "naics3", "region_level": "nuts2"},
            "inputs": [{"source": "deals", "path": "deals.csv", "rows": 3, "sha256": "aa"}],
            "versions": {"linkages": "0.1.0", "numba": "1", "nuts version": 2013},
            "engine": "duckdb",
        }
        write_json(folder / MANIFEST, {**told, **manifest})
        table = pd.DataFrame(links, columns=["source", "target", "weight"])
        write_parquet(folder / "networks" / f"{NAME}.parquet", table)
        write_json(folder / "spaces.json", {"spaces": [space(n, members, stability) for n, members in spaces.items()]})
        write_parquet(folder / "stars.parquet", pd.DataFrame(tiers, columns=["region", "industry", "tier"]))
        ledger = [("deals", "read", 3, 3.0), ("deals", "used", 3, 3.0)]
        write_csv(folder / "ledger.csv", pd.DataFrame(ledger, columns=["source", "reason", "rows", "weight"]))
        return open_run(folder)

    return make


def settings_of(run, **more):
    return {**run.manifest["settings"], **more}


def test_a_run_is_the_same_as_itself(small_run):
    found = diff(small_run, small_run)
    assert found.causes == []
    assert not found.differs
    assert found.conclusion == ["The same: data, decisions, settings and versions.", "Nothing that was found differs."]
    assert set(found.spaces["event"]) == {"same"}
    assert len(found.spaces) == len(small_run.spaces)
    assert found.counts["spaces"] == {"same": len(small_run.spaces)}


# --- causes ---


def test_inputs_by_digest(made):
    before = made(
        inputs=[
            {"source": "a", "path": "same.csv", "rows": 1, "sha256": "0"},
            {"source": "a", "path": "old.csv", "rows": 2, "sha256": "1"},
            {"source": "a", "path": "gone.csv", "rows": 3, "sha256": "2"},
            {"source": "b", "path": "x.csv", "rows": 4, "sha256": "3"},
        ],
        star_inputs=[{"path": "stars.csv", "sha256": "9"}],
    )
    after = made(
        inputs=[
            {"source": "b", "path": "x.csv", "rows": 5, "sha256": "4"},
            {"source": "a", "path": "new.csv", "rows": 2, "sha256": "1"},
            {"source": "a", "path": "same.csv", "rows": 1, "sha256": "0"},
            {"source": "a", "path": "come.csv", "rows": 6, "sha256": "5"},
        ],
        star_inputs=[{"path": "stars.csv", "sha256": "8"}],
    )
    table = causes.data(before, after)
    rows = table[["what", "source", "path", "rows_before", "rows_after"]].astype(object)
    assert rows.where(rows.notna(), None).values.tolist() == [
        ["added", "a", "come.csv", None, 6],
        ["changed", "[stars]", "stars.csv", None, None],
        ["changed", "b", "x.csv", 4, 5],
        ["removed", "a", "gone.csv", 3, None],
        ["renamed", "a", "old.csv → new.csv", 2, 2],
    ]
    assert diff(before, after).conclusion == [
        "The same: decisions, settings and versions.",
        "Data: 1 added, 1 removed, 2 changed and 1 renamed: "
        "come.csv, stars.csv, x.csv, gone.csv and old.csv → new.csv.",
        "Nothing that was found differs: what differs in data made no difference here.",
    ]


def test_settings_key_by_key(made):
    before = made()
    stated = settings_of(before, counting="fractional", gates={"used": 0.5}, groups={"sectors": {"Life": ["325"]}})
    after = made(settings=stated)
    table = causes.settings(before, after).set_index("what")
    assert table["before"].to_dict() == {"counting": "full", "gates.used": None, "groups.sectors.Life": None}
    assert table["after"].to_dict() == {"counting": "fractional", "gates.used": 0.5, "groups.sectors.Life": ["325"]}
    assert table["numbers"].to_dict() == {"counting": True, "gates.used": False, "groups.sectors.Life": True}


def test_a_setting_that_an_older_run_does_not_state_has_its_default(made):
    before = made()
    assert causes.settings(before, made(settings=settings_of(before, as_of=None, weigh="events"))).empty
    other = causes.settings(before, made(settings=settings_of(before, weigh="value")))
    assert other[["what", "before", "after"]].values.tolist() == [["weigh", "events", "value"]]


def test_decisions(made):
    none, one = made(), made(decisions={"path": "decisions.csv", "rows": 2, "sha256": "d", "used": 2, "stale": 0})
    two = made(decisions={"path": "decisions.csv", "rows": 3, "sha256": "e", "used": 2, "stale": 1})
    assert causes.decisions(none, none).empty
    assert causes.decisions(one, one).empty
    assert causes.decisions(one, two).values.tolist() == [["sha256", "d", "e"], ["rows", 2, 3], ["stale", 0, 1]]
    assert diff(none, one).causes == ["decisions"]


def test_versions_of_program_libraries_and_engine(made):
    before = made()
    after = made(versions={"linkages": "0.2.0", "numba": "1", "scipy": "2", "nuts version": 2016}, engine="spark")
    table = causes.versions(before, after)
    assert table.astype(object).where(table.notna(), None).values.tolist() == [
        ["linkages", "0.1.0", "0.2.0"],
        ["engine", "duckdb", "spark"],
        ["scipy", None, "2"],
    ]


# --- effects ---


def test_links_that_appeared_went_and_moved(made):
    after = made(links=[("1", "2", 9.0), ("1", "3", 2.0), ("2", "4", 7.0)])
    assert effects.links(made(), after).values.tolist() == [
        [NAME, "appeared", "2", "4", 0.0, 7.0, 7.0],
        [NAME, "moved", "1", "2", 5.0, 9.0, 4.0],
        [NAME, "gone", "3", "4", 1.0, 0.0, -1.0],
    ]


def test_the_sum_of_changes_is_the_change_of_the_sum(small_run, other_run):
    moved = effects.links(small_run, other_run).groupby("network")["change"].sum()
    assert len(moved) > 3
    for name in {one for one in small_run.networks if one in other_run.networks} - {
        *effects.networks(small_run, other_run)["network"]
    }:
        totals = [run.network(name).links["weight"].sum() for run in (small_run, other_run)]
        assert moved.get(name, 0.0) == pytest.approx(totals[1] - totals[0])


def test_networks_that_cannot_be_compared(made):
    before = made()
    level = made(settings=settings_of(before, sector_level="naics2"))
    assert effects.networks(before, level).values.tolist() == [[NAME, "another level"]]
    assert effects.links(before, level).empty
    assert effects.spaces(before, level).empty
    assert diff(before, level).differs
    value = made(settings=settings_of(before, weigh="value"))
    assert effects.networks(before, value).values.tolist() == [[NAME, "another unit"]]
    (before.folder / "networks" / f"{NAME}.parquet").rename(
        before.folder / "networks" / "sector__deal__2000-2007.parquet"
    )
    assert effects.networks(before, made()).values.tolist() == [
        [NAME, "only after"],
        ["sector__deal__2000-2007", "only before"],
    ]


def test_spaces_by_members(made):
    before = made(spaces={"a": "123", "b": "45", "c": "67", "d": "89"})
    after = made(spaces={"a2": "1230", "b": "45", "e": "xy", "f": "6789"}, stability=0.5)
    table = effects.spaces(before, after)
    columns = ["event", "from", "to", "members", "joined", "left"]
    cells = table[columns].astype(object)
    assert sorted(cells.where(cells.notna(), "").values.tolist()) == [
        ["born", "", "e", 2, "", ""],
        ["continued", "a", "a2", 3, "0", ""],
        ["continued", "c", "f", 2, "8 9", ""],
        ["merged", "d", "f", 2, "", ""],
        ["same", "b", "b", 2, "", ""],
    ]
    found = diff(before, after)
    assert found.stability_moved == 1
    assert found.counts["spaces"] == {"born": 1, "continued": 2, "merged": 1, "same": 1}
    alone = diff(made(), made(stability=0.9))
    assert alone.differs
    assert alone.stability_moved == 2


def test_tiers_and_ledger(made):
    before = made(tiers=[("DE21", "Automotive", "high"), ("FR10", "Automotive", "basic")])
    after = made(tiers=[("DE21", "Automotive", "medium"), ("ITC4", "Automotive", "high")])
    assert effects.tiers(before, after).values.tolist() == [
        ["DE21", "Automotive", "high", "medium"],
        ["FR10", "Automotive", "basic", None],
        ["ITC4", "Automotive", None, "high"],
    ]
    rows = [("deals", "read", 3, 3.0), ("deals", "used", 2, 2.0), ("deals", "no year", 1, 1.0)]
    write_csv(after.folder / "ledger.csv", pd.DataFrame(rows, columns=["source", "reason", "rows", "weight"]))
    assert effects.ledger(before, after).values.tolist() == [
        ["deals", "used", 3, 2, 3.0, 2.0],
        ["deals", "no year", 0, 1, 0.0, 1.0],
    ]


# --- what may be concluded ---


def last_of(before, after):
    return diff(before, after).conclusion[-1]


def test_one_cause_is_named_several_are_not_told_apart(made):
    before, moved = made(), [("1", "2", 6.0)]
    stated = settings_of(before, counting="fractional")
    one = made(links=moved, settings=stated)
    assert diff(before, one).conclusion[:2] == [
        "The same: data, decisions and versions.",
        "Settings: counting (full → fractional).",
    ]
    assert last_of(before, one) == "Only one setting differs: what differs in the results comes of it."
    two = made(links=moved, settings={**stated, "assign": "weighted"})
    assert last_of(before, two) == (
        "Only settings differ: what differs in the results comes of the 2 settings that differ, together; "
        "which of them did what cannot be told."
    )
    mixed = made(links=moved, settings=stated, versions={"linkages": "0.2.0"})
    assert last_of(before, mixed).startswith("Settings and versions differ: what differs in the results cannot be put")


def test_names_and_gates_are_no_cause(made):
    before = made()
    named = made(settings=settings_of(before, title="Another", gates={"used": 0.9}))
    found = diff(before, named)
    assert found.causes == []
    assert "title (T → Another, which changes no number)" in found.conclusion[1]
    assert found.conclusion[-1] == "Nothing that was found differs."


def test_a_difference_without_a_cause_is_said_to_be_ours(made):
    assert "this is our fault; please report it" in last_of(made(), made(links=[]))
    assert last_of(made(), made(versions={"linkages": "2"})) == (
        "Nothing that was found differs: what differs in versions made no difference here."
    )


def test_a_changed_file_of_regional_figures_is_data(own_study, small_run, monkeypatch):
    monkeypatch.setattr("observatory.report.write_report", lambda *_: None, raising=False)
    stars = own_study / "inbox" / "stars.csv"
    text = stars.read_text(encoding="utf-8")
    stars.write_text(text.replace("DE21", "?").replace("SE11", "DE21").replace("?", "SE11"), encoding="utf-8")
    after = run_study(open_study(own_study), own_study / "run")
    found = diff(small_run, after)
    assert found.data[["what", "source", "path"]].values.tolist() == [["changed", "[stars]", "inbox/stars.csv"]]
    assert found.causes == ["data"]
    assert len(found.tiers) > 0
    assert found.links.empty
    assert set(found.spaces["event"]) == {"same"}
    assert found.conclusion[-1] == "Only one input differs: what differs in the results comes of it."


# --- the command ---


def test_the_command_in_every_format(command, made):
    before = made()
    after = made(links=[("1", "2", 6.0), ("2", "5", 1.0)], settings=settings_of(before, counting="fractional"))
    code, text, err = command("diff", before.folder, after.folder)
    assert (code, err) == (0, "")
    assert text.splitlines()[2] == "Only one setting differs: what differs in the results comes of it."
    assert "Links that appeared, went or moved" in text
    assert "Spaces: 2 the same, 0 not" in text
    _, text, _ = command("diff", before.folder, after.folder, "--json")
    told = json.loads(text)
    assert told["causes"] == ["settings"]
    assert told["settings"] == [{"after": "fractional", "before": "full", "numbers": True, "what": "counting"}]
    assert told["counts"]["links"] == {"appeared": 1, "gone": 2, "moved": 1}
    assert (told["before"], told["differs"], len(told["links"])) == (str(before.folder), True, 4)
    _, text, _ = command("diff", before.folder, after.folder, "--format", "csv")
    frame = pd.read_csv(io.StringIO(text), dtype=str)
    assert frame["part"].value_counts().to_dict() == {"links": 4, "settings": 1, "spaces": 2}
    _, text, _ = command("diff", before.folder, after.folder, "--rows", "1")
    assert "(1 of 4)" in text
    _, text, _ = command("diff", before.folder, before.folder, "--format", "csv")
    assert pd.read_csv(io.StringIO(text))["part"].tolist() == ["spaces", "spaces"]


def test_the_gate(command, made):
    before, after = made(), made(links=[])
    assert command("diff", before.folder, after.folder)[0] == 0
    code, text, _ = command("diff", before.folder, after.folder, "--gate", "--json")
    assert code == 4
    assert json.loads(text)["differs"] is True
    assert command("diff", before.folder, before.folder, "--gate")[0] == 0


def test_one_network(command, small_run, other_run):
    code, text, err = command("diff", small_run.folder, other_run.folder, "--network", "sector__deal", "--json")
    assert (code, err) == (0, "")
    told = json.loads(text)
    assert {row["network"].rpartition("__")[0] for row in told["links"]} == {"sector__deal"}
    code, text, err = command("diff", small_run.folder, other_run.folder, "--network", "none")
    assert (code, text) == (3, "")
    assert "a network that differs, one of region__all" in err


def test_damaged_and_missing_runs(command, made, tmp_path):
    before, after = made(), made()
    assert command("diff", before.folder, tmp_path / "nowhere")[0] == 3
    assert command("diff", before.folder)[0] == 2
    (after.folder / "stars.parquet").write_bytes(b"PAR1")
    code, _, err = command("diff", before.folder, after.folder)
    assert code == 3
    assert f"{after.folder}: 'stars.parquet'; expected a whole Parquet file" in err


def test_of_a_run_of_another_layout_what_lacks_is_named(made):
    before = made()
    bare = Run(before.folder, Manifest({"title": "T", "status": "complete"}, str(before.folder)))
    with pytest.raises(ValueError, match="a manifest with inputs"):
        diff(before, bare)
    assert isinstance(diff(before, before), Difference)
    shutil.rmtree(before.folder)
