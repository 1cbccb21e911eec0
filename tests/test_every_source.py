"""A study of every source, through the command line: each layout gives events, and no row of any is lost."""

from __future__ import annotations

import json
import runpy
import shutil
import tomllib
from pathlib import Path

import pandas as pd
import pytest
from igraph import compare_communities

from ingest.sources import SOURCES
from observatory.cli import main
from observatory.store import Run, open_run

FIXTURES = Path(__file__).parent.parent / "fixtures"
STUDY = FIXTURES / "every-source"
SETTINGS = tomllib.loads((STUDY / "study.toml").read_text("utf-8"))
PLANTED = json.loads((STUDY / "planted.json").read_text("utf-8"))
PLANT = runpy.run_path(str(FIXTURES / "plant.py"))


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run of the study by the command, without resamplings and with few starts, to be quick."""
    folder = tmp_path_factory.mktemp("every")
    for name in ("demo", "every-source"):
        shutil.copytree(FIXTURES / name, folder / name)
    study = folder / "every-source" / "study.toml"
    text = study.read_text("utf-8")
    for setting, quick in (("bootstrap = 50", "bootstrap = 0"), ("restarts = 20", "restarts = 2")):
        assert setting in text
        text = text.replace(setting, quick)
    study.write_text(text, "utf-8")
    assert main(["run", str(folder / "every-source"), "--out", str(folder / "run"), "-q"]) == 0
    return open_run(folder / "run")


def test_the_study_names_every_layout_and_every_label():
    assert {source["format"] for source in SETTINGS["sources"].values()} == set(SOURCES)
    second = {path.split("/")[1]: [sector] for sector, paths in PLANT["FIELDS"].items() for path in paths}
    assert SETTINGS["labels"] == second


@pytest.mark.parametrize("source", SETTINGS["sources"])
def test_every_source_gives_its_events_and_loses_no_row(run, source):
    used = run.table("records/events.parquet").query("source == @source")
    assert len(used) == PLANTED["events"][source] > 0
    ledger = run.table("ledger.csv").query("source == @source").set_index("reason")
    assert ledger["rows"]["read"] == ledger["rows"].drop("read").sum()
    assert ledger["weight"]["read"] == pytest.approx(ledger["weight"].drop("read").sum(), abs=1e-4)
    assert ledger["rows"]["read"] == sum(one["rows"] for one in run.manifest["inputs"] if one["source"] == source)
    assert ledger["weight"]["used"] == pytest.approx(len(used), abs=1e-4)


COUNTED = [
    ("zephyr", "duplicated row", "duplicate row"),
    ("zephyr", "row that names a vendor only", "names no acquirer or target"),
    ("zephyr", "rumoured deal", "status: rumour"),
    ("zephyr", "postponed deal", "status: postponed"),
    ("zephyr", "IPO", "type: ipo"),
    ("zephyr", "impossible year (3201)", "impossible date"),
    ("zephyr", "deal without a target", "no target"),
    ("zephyr", "deal whose target has no code (n.a.)", "no sector found for one side"),
    ("cordis", "organisation of a project that the table of projects lacks", "belongs to no event"),
    ("cordis", "duplicated row", "duplicate row"),
]


@pytest.mark.parametrize(("source", "planted", "reason"), COUNTED)
def test_planted_defects_are_counted_to_the_row(run, source, planted, reason):
    ledger = run.table("ledger.csv").set_index(["source", "reason"])["rows"]
    (count,) = [one["count"] for one in PLANTED["defects"] if (one["source"], one["what"]) == (source, planted)]
    assert ledger[source, reason] == count > 0


def test_further_firms_of_a_deal_follow_on_rows_without_its_cells(run):
    people = run.table("records/participants.parquet")
    more = sum(one["count"] for one in PLANTED["defects"] if "further" in one["what"])
    assert people["event"].str.startswith("zephyr:").sum() == 2 * PLANTED["events"]["zephyr"] + more


@pytest.mark.parametrize("period", PLANTED["links"])
def test_all_sources_together_hold_the_planted_links_and_spaces(run, period):
    events = run.table("records/events.parquet")[["event", "kind", "year"]]
    facets = run.table("records/facets.parquet").merge(events, on="event")
    facets["sector"] = facets["naics"].str[:3]
    first, last = map(int, period.split("-"))
    inside = facets[facets["year"].between(first, last)]
    sectors = inside.groupby(["kind", "event"])["sector"].nunique()
    assert (sectors * (sectors - 1) // 2).groupby("kind").sum().to_dict() == PLANTED["links"][period]
    found = run.table(f"communities/sector__all__{period}.parquet").set_index("node")["community"]
    planted = pd.Series(PLANT["space_of"](period))
    codes = planted.astype("category").cat.codes
    likeness = compare_communities(found[planted.index].tolist(), codes.tolist(), method="adjusted_rand")
    assert likeness >= 0.9
