"""A source that begins late or ends early: its links are not told as changes, and the limits say so."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from observatory import spans
from observatory.material import Material
from observatory.report import changed, limits, linkages, losses
from observatory.report.citations import citations
from observatory.report.findings import _how_many, findings
from observatory.run import run_study
from observatory.study import open_study

HEAD = """
title = "Late"
periods = [[2000, 2004], [2004, 2008]]
[communities]
trials = 2
restarts = 1
bootstrap = 0
"""
SOURCE = """
[sources.{name}]
format = "table"
files = ["{name}.csv"]
kind = "alliance"
scheme = "naics"
"""
CHEMISTRY, FOOD, COMPUTERS, CARS, SOFTWARE = "325412", "311230", "334111", "336111", "511210"
#: Source → year → pairs of sectors, an event each.
EVENTS = {
    "steady": {2001: [(CHEMISTRY, FOOD), (COMPUTERS, CARS)], 2006: [(CHEMISTRY, FOOD), (CARS, SOFTWARE)]},
    # Begins after the first period; food and computers meet in it alone, cars and software elsewhere too.
    "late": {2006: [(FOOD, COMPUTERS), (FOOD, COMPUTERS), (CARS, SOFTWARE)]},
    # Ends before the second; chemistry and cars meet in it alone.
    "early": {2001: [(CHEMISTRY, CARS), (CHEMISTRY, FOOD)]},
}


def rows(name: str) -> str:
    told = ["event,year,name,city,country,symbol"]
    for year, pairs in EVENTS[name].items():
        for place, pair in enumerate(pairs):
            told += [f"{name}{year}{place},{year},Firm {side},Munich,Germany,{code}" for side, code in enumerate(pair)]
    return "\n".join(told) + "\n"


@pytest.fixture(scope="module")
def material(tmp_path_factory: pytest.TempPathFactory) -> Material:
    folder: Path = tmp_path_factory.mktemp("late")
    for name in EVENTS:
        (folder / f"{name}.csv").write_text(rows(name), encoding="utf-8")
    (folder / "study.toml").write_text(HEAD + "".join(SOURCE.format(name=n) for n in EVENTS), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("observatory.report.write_report", lambda *_: None, raising=False)
        return Material(run_study(open_study(folder), folder / "run"), None)


def test_years_of_each_source(material):
    assert spans.spans(material).values.tolist() == [
        ["early", "alliance", 2001, 2001, 2],
        ["late", "alliance", 2006, 2006, 3],
        ["steady", "alliance", 2001, 2006, 4],
    ]
    first, last = spans.periods_of(material)
    assert spans.absent(material, first) == ["late"]
    assert spans.absent(material, last) == ["early"]


def test_events_of_each_link_by_source(material):
    last = spans.periods_of(material)[1]
    assert spans.borne(material, last).values.tolist() == [
        ["311", "325", "steady", 1],
        ["311", "334", "late", 2],
        ["336", "511", "late", 1],
        ["336", "511", "steady", 1],
    ]
    links = material.links(f"sector__all__{material.last}").set_index(["source", "target"])["events"]
    counted = spans.borne(material, last).groupby(["source", "target"])["events"].sum()
    assert counted.to_dict() == links.to_dict()


def test_only_links_of_late_sources_alone_are_marked(material):
    links, sources = material.compared
    assert sources == {"new": ["late"], "ended": ["early"]}
    marked = {(row["source"], row["target"]): (row["class"], row["by_source"]) for _, row in links.iterrows()}
    assert marked["311", "334"] == ("emerging", "new source")
    # The steady source brings an event too.
    assert marked["336", "511"] == ("emerging", "")
    assert marked["325", "336"] == ("vanished", "ended source")
    assert marked["334", "336"] == ("vanished", "")
    assert marked["311", "325"][1] == ""


def test_the_change_says_what_is_new_is_the_source(material):
    told = changed.told_by_source(*material.compared)
    assert told == [
        "1 of 2 emerging links, with 2 of their 4 events, come from late alone, which has no event in the first "
        "period: the source is new, not the link.",
        "1 of 2 vanished links, with 1 of their 2 events, come from early alone, which has no event in the last "
        "period: the source has ended, not the link.",
    ]
    listed = dict(changed.changed(material)["classes"])
    emerging = listed[changed.CLASSES["emerging"]]
    assert sorted(row[-1] for row in emerging) == ["late (new)", "late, steady"]
    doubts = {one.about: one.doubt for one in findings(material, changed.pd.DataFrame(columns=["quadrant"]))}
    assert doubts["What changed"] == " ".join(told)


def test_the_limits_name_the_years_of_the_sources(material):
    told = dict(limits.limits(material))
    assert told["When sources begin and end"].startswith(
        "early (alliances) has events of 2001 only, none of 2004–2008; late (alliances) has events of 2006 "
        "only, none of 2000–2004; steady (alliances) has events of 2001–2006 only."
    )
    assert (
        "1 of the 2 links that appear between the first and the last period, with 2 of their 4 events, do so with late "
        "alone: what is new is the source, not the link."
    ) in told["When sources begin and end"]
    trend = {row[0]: row[6] for row in linkages.linkages(material)["composition"]}
    assert trend["Food – Computer and electronic product"] == "emerging: its source is new"
    assert told["Unsure spaces"] == "Stability was not tested: how sure a space is, this run does not say."
    links = material.links(f"sector__all__{material.last}")
    assert told["Thin links"].startswith(f"{(links['events'] < 5).sum()} of {len(links)} links between sectors of 2004")


def test_limits_of_losses_are_the_ledgers(small_run):
    told = dict(limits.limits(Material(small_run, None)))
    assert "What links are" in told
    covered = small_run.manifest["coverage"]
    weak = [row["source"] for row in covered if (row["used_weight_share"] or 0) < limits.WHOLE]
    assert ("What is not counted" in told) == bool(weak)
    assert all(name in told["What is not counted"] for name in weak)
    assert "When sources begin and end" not in told or "only" in told["When sources begin and end"]


def test_a_run_is_cited_by_what_makes_it_again(material):
    cited = citations(material)
    assert cited["run"].startswith("Late. Run of linkages ")
    assert "seed 1, 3 input files with digest " in cited["run"]
    assert [one.split(",")[0] for one in cited["data"][:3]] == ["early", "late", "steady"]
    papers = {one["who"] for one in cited["papers"]}
    assert "Reichardt & Bornholdt 2006" in papers
    assert "Perianes-Rodriguez, Waltman & van Eck 2016" not in papers
    material.run.manifest["settings"]["counting"] = "fractional"
    assert "Perianes-Rodriguez, Waltman & van Eck 2016" in {one["who"] for one in citations(material)["papers"]}
    material.run.manifest["settings"]["counting"] = "full"


def test_links_that_move_mostly_with_a_source_are_told_too(material, monkeypatch):
    links = material.change("sector__all")
    kinds = {"emerging": "growing", "vanished": "declining"}
    moved = links.assign(**{"class": links["class"].replace(kinds)})
    monkeypatch.setattr(type(material), "change", lambda *_: moved)
    told, sources = spans.one_sided(material)
    assert (told["by_source"] == "").all()
    mostly = {(row["source"], row["target"]): row["mostly"] for _, row in told.iterrows() if row["mostly"]}
    # Half of what links 336 and 511 is the steady source's, which is not most of it.
    assert mostly == {("311", "334"): "new source", ("325", "336"): "ended source"}
    assert changed.told_by_source(told, sources) == [
        "1 of 2 growing links has most of its events from late, which has no event in the first period: there too the "
        "source is new.",
        "1 of 2 declining links has most of its events from early, which has no event in the last period: there too "
        "the source has ended.",
    ]


def test_the_trend_of_a_link_names_what_its_source_does():
    row = {"source": "a", "target": "b", "class": "growing"}
    late = {("a", "b"): linkages.OF_SOURCE["", "new source"]}
    assert linkages._trend(row, late) == "growing: most of it a new source"
    assert linkages._trend(row, {("a", "b"): linkages.OF_SOURCE["", ""]}) == linkages._trend(row, {}) == "growing"


@pytest.mark.parametrize(("q", "told"), [(2, "(by Infomap)"), (5, "(Infomap allows up to 5; the spin glass fills 2)")])
def test_fewer_spaces_than_infomap_allows_are_said_to_be_fewer(q, told):
    summary = {"rule": "infomap", "q": q, "events": 9, "links": 3, "nodes": 4}
    run = SimpleNamespace(periods=["2000-2007"], last="2000-2007", summary=lambda _: summary, spaces=lambda _: [1, 2])
    run.cross_sectoral, run.settings = (lambda *_: 4), {"weigh": "events"}
    assert _how_many(run).text.startswith("In 2000–2007, 9 events, 4 of them cross-sectoral, make 3 links")
    assert _how_many(run).text.endswith(f"2 collaboration spaces {told}.")


def test_a_place_without_a_name_is_said_to_have_none():
    columns = {"source": "deals", "kind": "place", "value": ["", "Xanadu"], "country": ["", "DE"], "rows": 2}
    found = losses._heaviest(pd.DataFrame(columns | {"weight": [2.0, 1.0]}), "place")
    assert [row[1:3] for row in found] == [["(none given)", ""], ["Xanadu", "DE"]]
