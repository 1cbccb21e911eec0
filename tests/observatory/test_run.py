"""One run of the small study: the files of the contract, the manifest, what was said."""

from __future__ import annotations

import datetime
import hashlib
import json
import re
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import observatory
from ingest.faults import BadInput
from observatory import run as running
from observatory.run import run_study
from observatory.stages import profiling
from observatory.study import open_study

SOURCES = ("copatent", "deal", "alliance", "all")
PERIODS = ("2000-2007", "2007-2014")
NETWORKS = [f"{kind}__{source}__{period}" for kind in ("sector", "region") for source in SOURCES for period in PERIODS]
CROSS_INDUSTRY = ["sector__production__2007-2014", "sector__research__2002-2012"]

FURTHER = ("series", "series_links", "shared_year", "source_agreement", "levels")

#: Of the results of stars, the small study's table gives these: it holds one economy only.
STAR_TABLES = [
    "tiers", "tiers_overall", "regions", "countries", "clusters_distribution", "stars_distribution", "fits",
    "key_statistics", "firm_size", "firm_size_effects",
]  # fmt: skip


def test_the_files_of_the_contract_and_no_other(small_run):
    expected = {"manifest.json", "ledger.csv", "rejects.csv", "unmatched.csv", "joint.parquet", "concentration.parquet"}
    expected |= {"within.parquet", "spaces.json", "stars.parquet", "report/index.html", "report/tables.xlsx"}
    expected |= {"review.csv", "matches.csv", "records/organisations.parquet"}
    expected |= {"positions.parquet", "report/report.json"}
    expected |= {f"report/{one['file']}" for one in small_run.json("report/report.json")["figures"]}
    expected |= {f"quality/{name}.parquet" for name in ("funnel", "matched", "coverage", "doubtful", "moves")}
    expected |= {f"records/{name}.parquet" for name in ("events", "participants", "facets")}
    expected |= {f"matrices/{kind}__deal__{period}.parquet" for kind in ("sector", "region") for period in PERIODS}
    expected |= {f"change/{kind}__{source}.parquet" for kind in ("sector", "region") for source in SOURCES}
    expected |= {f"change/{what}__{source}.parquet" for what in ("spaces", "members") for source in SOURCES}
    expected |= {f"communities/layers__{period}.{form}" for period in PERIODS for form in ("json", "parquet")}
    expected |= {f"stars/{name}.parquet" for name in STAR_TABLES}
    expected |= {f"stars/{name}.csv" for name in ("columns", "flags", "ledger")}
    expected |= {f"trends/{name}.parquet" for name in ("composition", "breadth", "geography", "strength", "areas")}
    expected |= {f"focal/{name}.parquet" for name in ("partners", "regions")}
    expected |= {f"{name}.parquet" for name in (*FURTHER, *profiling.TABLES)}
    expected |= {"stars/linkages.parquet", "profiles/about.json"}
    for name in NETWORKS + CROSS_INDUSTRY:
        expected |= {f"networks/{name}.parquet", f"communities/{name}.parquet", f"communities/{name}.json"}
    assert {name for name in small_run.names("**/*") if (small_run.folder / name).is_file()} == expected


COLUMNS = {
    "ledger.csv": ["source", "reason", "rows", "weight"],
    "rejects.csv": ["source", "file", "row", "field", "value", "reason"],
    "networks/sector__all__2000-2007.parquet": [
        "source", "target", "weight", "events", "expected", "association", "p", "q",
    ],
    "change/sector__all.parquet": ["source", "target", "n1", "n2", "log_odds", "low", "high", "p", "q", "class"],
    "joint.parquet": ["sector_a", "sector_b", "region_a", "region_b", "period", "source", "events"],
    "communities/sector__all__2000-2007.parquet": ["node", "label", "community", "stability", "role"],
    "stars.parquet": [
        "region", "industry", "size", "specialisation", "productivity", "sme", "innovation", "total", "tier",
    ],
    "matrices/sector__deal__2000-2007.parquet": ["acquirer", "target", "weight", "events"],
    "within.parquet": ["network", "node", "weight", "events"],
    "communities/layers__2000-2007.parquet": [
        "node", "label", "leiden", "infomap", "all", "copatent", "deal", "alliance",
    ],
    "change/spaces__all.parquet": [
        "since", "period", "event", "from", "to", "members", "share", "jaccard", "stable", "from_name", "to_name",
    ],
    "change/members__deal.parquet": ["since", "period", "node", "label", "from", "to", "kind", "stable"],
}  # fmt: skip


@pytest.mark.parametrize("name", COLUMNS)
def test_columns_of_the_contract(small_run, name):
    columns = small_run.table(name).columns.tolist()
    assert columns[: len(COLUMNS[name])] == COLUMNS[name]


def test_the_ledger_balances_to_the_row(small_run):
    ledger = small_run.table("ledger.csv")
    for _, part in ledger.groupby("source"):
        read = part["reason"] == "read"
        assert part.loc[read, "rows"].sum() == part.loc[~read, "rows"].sum()
        assert part.loc[read, "weight"].sum() == pytest.approx(part.loc[~read, "weight"].sum(), abs=1e-5)
    assert ledger.loc[ledger["reason"] == "impossible year", ["source", "rows"]].values.tolist() == [["deals", 1]]
    rejects = small_run.table("rejects.csv")
    assert rejects[["field", "value", "reason"]].values.tolist() == [["year", 3201, "impossible year"]]


def test_the_manifest(small_run, small_study):
    manifest = small_run.manifest
    assert (manifest["title"], manifest["status"], manifest["engine"]) == ("Small <b>study</b>", "complete", "duckdb")
    assert manifest["settings"]["communities"]["restarts"] == 2
    assert manifest["seeds"] == {"communities": 1}
    assert {"python", "duckdb", "igraph", "linkages", "naics version", "nuts version"} <= {*manifest["versions"]}
    inputs = {row["path"]: row for row in manifest["inputs"]}
    assert sorted(inputs) == [f"inbox/{name}.csv" for name in ("alliances", "deals", "patents", "thomson")]
    for path, row in inputs.items():
        assert re.fullmatch("[0-9a-f]{64}", row["sha256"])
        assert row["rows"] == (small_study / path).read_bytes().count(b"\n") - 1
    totals = manifest["ledger"]
    assert totals["read"]["rows"] == sum(part["rows"] for reason, part in totals.items() if reason != "read")
    started, finished = (datetime.datetime.fromisoformat(manifest["time_stamps"][k]) for k in ("started", "finished"))
    assert started <= finished


def test_the_manifest_names_every_file_with_its_digest(small_run):
    outputs = {row["path"]: row["sha256"] for row in small_run.manifest["outputs"]}
    files = {name for name in small_run.names("**/*") if (small_run.folder / name).is_file()} - {"manifest.json"}
    assert {*outputs} == files
    for name, digest in outputs.items():
        assert hashlib.sha256((small_run.folder / name).read_bytes()).hexdigest() == digest


def test_no_machine_path_is_in_any_text_file(small_run, small_study):
    for name in small_run.names("**/*"):
        if name.endswith((".json", ".csv", ".html")):
            text = (small_run.folder / name).read_text(encoding="utf-8")
            assert str(small_study) not in text, name
            assert str(small_run.folder) not in text, name


def test_every_long_stage_says_how_far_it_is(small_run, said):
    assert small_run.manifest["status"] == "complete"
    assert said[0] == "reading, 1 of 4: alliances (table)"
    assert "finding communities, 16 of 16: region__all__2007-2014" in said
    assert said[-1] == "writing the report"


def test_tables_are_sorted_by_their_keys(small_run):
    for name, keys in {
        "joint.parquet": ["sector_a", "sector_b", "region_a", "region_b", "period", "source"],
        "records/events.parquet": ["event"],
        "networks/region__all__2000-2007.parquet": ["source", "target"],
        "communities/sector__all__2000-2007.parquet": ["node"],
    }.items():
        table = small_run.table(name)
        assert not table.duplicated(keys).any(), name
        expected = table.sort_values(keys, ignore_index=True)
        pd.testing.assert_frame_equal(table, expected)


# --- runs without a report, to be quick ---


@pytest.fixture
def no_report(monkeypatch):
    monkeypatch.setattr("observatory.report.write_report", lambda *_: None, raising=False)


LAST = "[communities]\n"


def quick(spoilt, *more):
    return spoilt("study.toml", ("bootstrap = 4", "bootstrap = 0"), *more)


@pytest.mark.usefixtures("no_report")
def test_one_period_one_source_fixed_spaces_fractional_counting(spoilt):
    text = 'counting = "fractional"\nperiods = [[2000, 2014]]\n\n[sources.deals]'
    folder = quick(spoilt, ("\n[sources.deals]", text), ("trials = 5", "trials = 5\nspaces = 2"))
    for name in ("alliances", "patents", "ma"):
        toml = (folder / "study.toml").read_text(encoding="utf-8")
        start = toml.index(f"[sources.{name}]")
        (folder / "study.toml").write_text(toml[:start] + toml[toml.index("\n[", start) + 1 :], encoding="utf-8")
    done = run_study(open_study(folder), folder / "out" / "run")
    assert done.names("change/*") == done.names("communities/layers*") == []
    assert sorted(done.names("networks/sector*")) == [
        "networks/sector__all__2000-2014.parquet",
        "networks/sector__deal__2000-2014.parquet",
        "networks/sector__production__2007-2014.parquet",
    ]
    content = done.json("spaces.json")
    assert content["sensitivity"] == []
    assert done.json("communities/sector__all__2000-2014.json")["rule"] == "study"
    assert {space["stability"] for space in content["spaces"]} == {None}
    weight = done.table("networks/sector__all__2000-2014.parquet")["weight"].sum()
    within = done.table("within.parquet").query("network == 'sector__all__2000-2014'")["weight"].sum()
    assert weight + within == pytest.approx(60)


@pytest.mark.usefixtures("no_report")
def test_a_study_whose_years_hold_nothing_ends_without_spaces(spoilt):
    folder = quick(spoilt, ("\n[sources.deals]", "periods = [[1990, 1995], [1996, 1999]]\n\n[sources.deals]"))
    done = run_study(open_study(folder), folder / "run")
    assert done.manifest["status"] == "complete"
    assert done.spaces == []
    assert done.manifest["ledger"]["used"]["rows"] == 0


def test_gates_are_held_against_the_result(other_run):
    assert other_run.manifest["status"] == "gate not met"
    gates = {gate["gate"]: (gate["met"], gate["limit"]) for gate in other_run.manifest["gates"]}
    assert gates == {"used": (False, 1.0), "placed": (True, 1.0), "stability": (False, 0.5)}
    assert [gate["value"] for gate in other_run.manifest["gates"]] == [round(60 / 61, 6), 1.0, None]


def test_a_ledger_that_does_not_balance_is_our_fault_and_writes_nothing(own_study, monkeypatch):
    inputs = SimpleNamespace(ledger=None), None
    monkeypatch.setattr(running.opening, "open_inputs", lambda *_: inputs)
    monkeypatch.setattr(running, "imbalance", lambda _: ["deals: 3 rows are missing"])
    with pytest.raises(RuntimeError, match="deals: 3 rows are missing"):
        run_study(open_study(own_study), own_study / "run")
    assert sorted(path.name for path in own_study.iterdir()) == ["inbox", "study.toml"]


def test_faults_everywhere_come_together_before_anything_is_written(spoilt):
    folder = spoilt("inbox/deals.csv", ("buys,sold", "kauft,sold"))
    spoilt("inbox/stars.csv", ("FR10,Automotive,2012", "FR10,Automotive,twelve"))
    (folder / "inbox" / "thomson.csv").write_bytes(b"")
    spoilt(
        "study.toml",
        ("[communities]", '[groups.sectors]\nX = ["9999"]\n[groups.regions]\nY = ["ZZ99"]\n[communities]'),
        ("\n[sources.deals]", 'nuts_shapes = "none.geojson"\n[sources.deals]'),
        ("inbox/patents.csv", "inbox/patented.csv"),
    )
    (folder / "mine").mkdir()
    (folder / "mine" / "notes.txt").touch()
    with pytest.raises(BadInput) as caught:
        run_study(open_study(folder), folder / "mine")
    said = "\n".join(str(fault) for fault in caught.value.faults)
    for word in (
        "a run folder or a name not taken", "'9999'", "'ZZ99'", "none.geojson",
        "stars.csv, line 14: 'twelve'", "inbox/deals.csv", "inbox/patented.csv", "inbox/thomson.csv",
    ):  # fmt: skip
        assert word in said
    assert [path.name for path in (folder / "mine").iterdir()] == ["notes.txt"]


def test_faults_that_two_sources_share_are_told_once(spoilt):
    folder = spoilt("study.toml", ("[communities]", '[labels]\nx = ["00000"]\n[communities]'))
    with pytest.raises(BadInput) as caught:
        run_study(open_study(folder), folder / "run")
    assert [fault.value for fault in caught.value.faults] == ["00000"]


def test_borders_are_looked_at_before_anything_is_read(spoilt):
    folder = spoilt("study.toml", ("\n[sources.deals]", 'nuts_shapes = "inbox/deals.csv"\n[sources.deals]'))
    with pytest.raises(BadInput, match="a GeoJSON file"):
        run_study(open_study(folder), folder / "run")


def test_numbers_of_the_small_run_hold_together(small_run):
    joint = small_run.table("joint.parquet")
    for period in PERIODS:
        weights = [small_run.table(f"networks/sector__{s}__{period}.parquet")["events"].sum() for s in SOURCES]
        assert weights[-1] == sum(weights[:-1])
        events = small_run.json(f"communities/sector__all__{period}.json")["events"]
        assert 0 < events <= weights[-1]
        part = joint[joint["period"] == period]
        assert {*part["source"]} <= {"copatent", "deal", "alliance"}
        assert (part["events"] > 0).all()
    events = small_run.table("records/events.parquet")
    assert np.isin(events["year"], range(2000, 2015)).all()
    assert len(events) == 60 * 3 + 30


def test_the_package_gives_its_functions_when_asked(small_run, small_study):
    assert observatory.open_run(small_run.folder).manifest == json.loads(
        (small_run.folder / "manifest.json").read_text(encoding="utf-8")
    )
    assert observatory.open_study(small_study).folder == Path(small_study).resolve()
    assert callable(observatory.run_study)
    assert callable(observatory.star_scores)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        observatory.nothing  # noqa: B018


def test_published_tiers_have_the_columns_of_the_contract_too(other_run):
    stars = other_run.table("stars.parquet")
    assert stars.columns.tolist()[:9] == COLUMNS["stars.parquet"]
    assert stars["size"].isna().all()
    assert set(stars["tier"]) <= {"high", "medium", "basic"}
    assert other_run.manifest["stars"]["method"] == "published tiers"
