"""A study at the vendor's own levels, and levels that a source does not have."""

from __future__ import annotations

import pandas as pd
import pytest

from ingest.faults import BadInput
from observatory.run import run_study
from observatory.study import open_study
from observatory.why import events_behind

CLASSES = {"3": "Materials", "6": "Healthcare", "5": "High Technology"}


@pytest.fixture
def classed(own_study):
    """A small study of deals alone, with the vendor's macro industry beside each NAICS code."""
    file = own_study / "inbox" / "thomson.csv"
    table = pd.read_csv(file, dtype=str)
    for side in ("Acquiror", "Target"):
        codes = table[f"{side} Primary NAIC Code"]
        table[f"{side} Macro Industry"] = [CLASSES[c[0]] if c[:3] != "325" else "Healthcare" for c in codes]
    table.to_csv(file, index=False)
    study = own_study / "study.toml"
    head = 'title = "Classes"\nsector_level = "macro"\n'
    source = '[sources.ma]\nformat = "thomson"\nfiles = ["inbox/thomson.csv"]\n'
    rest = "[communities]\ntrials = 2\nrestarts = 1\nbootstrap = 2\n"
    study.write_text(head + source + rest, encoding="utf-8")
    return own_study


def test_a_study_at_the_vendor_s_level(classed, monkeypatch):
    monkeypatch.setattr("observatory.report.write_report", lambda *_: None, raising=False)
    run = run_study(open_study(classed), classed / "run")
    links = run.table("networks/sector__deal__2000-2007.parquet")
    assert {*links["source"], *links["target"]} <= set(CLASSES.values())
    classes = run.table("records/classes.parquet")
    assert set(classes["level"]) == {"macro"}
    one = links.iloc[0]
    assert events_behind(run, one["source"], one["target"], "2000-2007")["event"].nunique() == one["events"]
    levels = run.table("levels.parquet")
    assert levels.loc[levels["level"] == "macro", ["of", "coded"]].values.tolist() == [["deal", 30]]


def test_groups_of_classes_that_are_none_are_named(classed):
    with (classed / "study.toml").open("a", encoding="utf-8") as file:
        file.write('[groups.sectors]\nLife = ["Healthcare", "Health care"]\n')
    with pytest.raises(BadInput, match=r"'Health care'; expected a macro class in 'Life': Healthcare, High"):
        run_study(open_study(classed), classed / "run")


def test_groups_that_share_a_class_are_named(classed):
    with (classed / "study.toml").open("a", encoding="utf-8") as file:
        file.write('[groups.sectors]\nCure = ["Healthcare"]\nLife = ["Healthcare"]\n')
    with pytest.raises(BadInput, match=r"groups.sectors.*'Healthcare'; expected one group; 'Cure' has it"):
        run_study(open_study(classed), classed / "run")


def test_a_level_that_no_file_has(own_study):
    study = own_study / "study.toml"
    study.write_text('sector_level = "mid"\n' + study.read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(
        BadInput, match=r"sector_level = .mid.*expected a file with a column of the vendor's mid industry"
    ):
        run_study(open_study(own_study), own_study / "run")


def test_a_level_that_one_source_lacks(classed):
    study = classed / "study.toml"
    more = '[sources.patents]\nformat = "table"\nfiles = ["inbox/patents.csv"]\nkind = "copatent"\nscheme = "naics"\n'
    study.write_text(study.read_text(encoding="utf-8") + more, encoding="utf-8")
    with pytest.raises(BadInput, match=r"a code at this level in every source; no copatent has one"):
        run_study(open_study(classed), classed / "run")


def test_values_where_there_are_none(own_study):
    study = own_study / "study.toml"
    study.write_text('weigh = "value"\n' + study.read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(BadInput, match=r"weigh = .value.*events with a value .*write weigh = .events"):
        run_study(open_study(own_study), own_study / "run")
