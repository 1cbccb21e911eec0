"""The events behind a link agree with the link, for every link of the small run."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from ingest.faults import BadInput
from linkages import build_network
from observatory import why
from observatory.ends import resolved
from observatory.held import Held
from observatory.listing import as_text, shortened
from observatory.store import Run, open_run
from observatory.why import COLUMNS, events_behind, events_behind_links

PERIODS = ("2000-2007", "2007-2014")


@pytest.fixture
def opened_once(monkeypatch):
    """Open the records of each run once, for tests that ask hundreds of questions."""
    opened: dict[Path, Held] = {}
    open_again = why.held_of
    monkeypatch.setattr(
        why,
        "held_of",
        lambda run, engine: opened.get(run.folder) or opened.setdefault(run.folder, open_again(run, engine)),
    )


@pytest.mark.usefixtures("opened_once")
@pytest.mark.parametrize(("kind", "period"), [("sector", "2007-2014"), ("region", "2000-2007")])
def test_every_link_is_explained_by_as_many_events_as_it_counts(small_run, kind, period):
    links = small_run.table(f"networks/{kind}__all__{period}.parquet")
    assert len(links) > 10
    found = [events_behind(small_run, a, b, period)["event"].nunique() for a, b in links[["source", "target"]].values]
    assert found == links["events"].tolist()


@pytest.mark.usefixtures("opened_once")
def test_the_command_tells_what_the_table_tells_without_pandas(small_run):
    code = """if True:
        import sys
        from observatory.cli import main
        try:
            main()
        finally:
            assert not {"pandas", "pyarrow", "numpy"} & {*sys.modules}, "imported"
    """
    for a, b, forms in (("325", "334", ["csv"]), ("DE21", "FR10", ["csv", "json", "table"])):
        table = events_behind(small_run, a, b)
        assert len(table)
        ask = ["why", str(small_run.folder), a, b, "--format"]
        said = [
            subprocess.run([sys.executable, "-c", code, *ask, form], capture_output=True, text=True, check=True).stdout
            for form in forms
        ]
        assert said[0] == table.to_csv(index=False, lineterminator="\n")
        if len(forms) == 1:
            continue
        assert json.loads(said[1]) == table.astype(object).where(table.notna(), None).to_dict("records")
        short = table.assign(participants=[shortened(people) for people in table["participants"]])
        assert said[2] == as_text(short) + "\n"


def test_what_lies_within_is_explained_too(small_run):
    period = "2007-2014"
    within = small_run.table("within.parquet")
    chosen = within[within["network"].isin([f"sector__all__{period}", f"region__all__{period}"])]
    assert len(chosen) > 5
    found = [events_behind(small_run, node, node, period)["event"].nunique() for node in chosen["node"]]
    assert found == chosen["events"].tolist()


@pytest.mark.usefixtures("opened_once")
@pytest.mark.parametrize("kind", ["sector", "region"])
def test_the_shared_year_and_groups_count_as_the_study_says(other_run, kind):
    every = other_run.table(f"networks/{kind}__all__2007-2014.parquet")
    group = {"sector": "Life", "region": "Alps"}[kind]
    links = every[(every["source"] == group) | (every["target"] == group)]
    assert len(links) > 2
    answers = [events_behind(other_run, a, b, "2007-2014") for a, b in links[["source", "target"]].values]
    assert [answer["event"].nunique() for answer in answers] == links["events"].tolist()
    assert pd.concat(answers)["year"].min() == 2008
    assert events_behind(other_run, group.upper(), group)["event"].nunique() > 0


def test_all_periods_together_when_none_is_named(small_run):
    parts = [events_behind(small_run, "325", "334", period) for period in PERIODS]
    both = events_behind(small_run, "325", "334")
    assert set(both["event"]) == {*parts[0]["event"], *parts[1]["event"]}
    assert not both["event"].duplicated().any() or (both["kind"] == "deal").any()


def test_codes_labels_and_order_make_no_difference_to_the_events(small_run):
    by_code = events_behind(small_run, "325", "334")
    by_label = events_behind(small_run, " computer and electronic PRODUCT manufacturing", "Chemical manufacturing ")
    pd.testing.assert_frame_equal(by_code, by_label)
    regions = events_behind(small_run, "DE21", "FR10")
    pd.testing.assert_frame_equal(regions, events_behind(small_run, "oberbayern", "fr10"))


def test_an_answer_can_be_found_again_in_the_files(small_run, small_study):
    answer = events_behind(small_run, "325", "334")
    assert answer.columns.tolist() == COLUMNS
    assert answer["year"].is_monotonic_increasing
    for file, event, people in answer[["file", "event", "participants"]].itertuples(index=False):
        text = (small_study / file).read_text(encoding="utf-8")
        assert event.split(":")[1] in text
        for name in people.split("; "):
            plain = name.rsplit(" (", 1)[0]
            assert plain in text or plain == "applicant"


def test_names_that_look_like_formulas_or_markup_are_kept(small_run):
    people = "; ".join(events_behind(small_run, "DE21", "FR10")["participants"])
    assert "=cmd()" in people
    assert "<script>alert(1)</script>" in people


def test_unknown_names_are_answered_with_the_nearest_all_at_once(small_run):
    with pytest.raises(BadInput) as caught:
        events_behind(small_run, "Chemical manufactoring", "lumbardia")
    one, two = caught.value.faults
    assert one.value == "Chemical manufactoring"
    assert "nearest: 325 (Chemical manufacturing)" in one.mend
    assert "nearest: ITC4 (Lombardia)" in two.mend


@pytest.mark.parametrize(
    ("one", "two", "codes"),
    [
        ("Chemicals", "computer products", ("325", "334")),
        ("PRODUCT, electronic", "325", ("334", "325")),
        ("Pharmaceuticals", "334", ("325", "334")),
        ("Milano", "Munich", ("ITC4", "DE21")),
        ("Wien", "ile de france", ("AT13", "FR10")),
    ],
)
def test_ends_are_known_by_words_of_their_names_and_by_towns(small_run, one, two, codes):
    assert resolved(small_run, one, two, why.DuckDB())[1] == codes


def test_a_word_of_several_names_is_none_s_and_the_nearest_are_of_its_kind(small_run):
    with pytest.raises(BadInput) as caught:
        events_behind(small_run, "manufacturing", "helth care")
    many, near = caught.value.faults
    assert many.mend.count("manufacturing)") == 3
    assert "nearest: 621 (Ambulatory health care services)" in near.mend


def test_a_sector_and_a_region_are_no_pair(small_run):
    with pytest.raises(BadInput, match="two sectors, or two regions"):
        events_behind(small_run, "325", "DE21")


@pytest.mark.parametrize("period", ["2000", "1999-2001", ""])
def test_unknown_periods(small_run, period):
    with pytest.raises(BadInput, match="one of 2000-2007, 2007-2014"):
        events_behind(small_run, "325", "334", period)


def test_a_link_without_events_is_an_empty_table(small_run):
    links = small_run.table("networks/sector__all__2000-2007.parquet")
    pairs = {*zip(links["source"], links["target"], strict=True)}
    nodes = sorted({*links["source"], *links["target"]})
    absent = [(a, b) for a in nodes for b in nodes if a < b and (a, b) not in pairs]
    assert absent, "every pair is linked: make the small study smaller"
    answer = events_behind(small_run, *absent[0], "2000-2007")
    assert answer.empty
    assert answer.columns.tolist() == COLUMNS


def test_a_label_that_two_codes_share_names_neither(tmp_path):
    (tmp_path / "communities").mkdir()
    for kind in ("sector", "region"):
        nodes = pd.DataFrame({"node": [f"{kind}1", f"{kind}2"], "label": ["Limburg", "limburg"]})
        nodes.to_parquet(tmp_path / "communities" / f"{kind}__all__2000-2001.parquet")
    settings = {"sector_level": "naics3", "region_level": "nuts2"}
    run = Run(tmp_path, {"settings": settings})
    with pytest.raises(BadInput, match=r"region1 \(Limburg\)"):
        events_behind(run, "Limburg", "region2")


def test_where_links_are_weighed_by_value_events_without_one_are_not_behind_them(small_run, tmp_path):
    folder = Path(shutil.copytree(small_run.folder, tmp_path / "run"))
    events = pd.read_parquet(folder / "records" / "events.parquet")
    valued = events.index % 3 == 0
    events["value"] = pd.Series(range(1, len(events) + 1), dtype="float64").where(valued)
    events["currency"] = pd.Series("EUR mn", index=events.index).where(valued)
    events.to_parquet(folder / "records" / "events.parquet")
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest["settings"] |= {"weigh": "value", "currency": "EUR mn"}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    run, period = open_run(folder), PERIODS[1]
    network = build_network(why.records_of(run), "naics3", (2007, 2014), "all", weigh="value")
    links = network.links.head(8)
    found = [events_behind(run, a, b, period)["event"].nunique() for a, b in links[["source", "target"]].values]
    assert found == links["events"].tolist()
    keys = [(str(a), str(b)) for a, b in links[["source", "target"]].values]
    both = events_behind_links(run, "sector", keys)
    assert [both[key].query("year >= 2007")["event"].nunique() for key in keys] == found
