"""What the explorer's resources hold: the run's own numbers, named, complete, and harmless."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from observatory.explorer.behind import every_why, heaviest
from observatory.explorer.columns import COLUMNS, ELSEWHERE, KINDS
from observatory.explorer.holdings import Holdings
from observatory.explorer.paths import safe
from observatory.explorer.tree import FAMILIES, Tree, UnknownResourceError, filled
from observatory.material import Material
from observatory.report.beside import stars_beside
from observatory.report.findings import findings
from observatory.store import Run, open_run
from observatory.why import events_behind

#: Fields of v1 by resource, and columns of its tables. Fields are only added: nothing here may go or change.
V1: dict[str, dict[str, list[str]]] = {
    "runs": {"": ["schema", "about", "tables", "missing", "runs"]},
    "run": {
        "": ["id", "title", "subtitle", "status", "periods", "sources", "unit", "sector_level", "region_level",
             "findings", "counts", "networks", "settings", "versions", "seeds", "gates", "time_stamps"],
        "inputs": ["source", "file", "rows", "sha256"],
    },
    "method": {"": ["paragraphs", "settings", "versions", "citations", "cite", "cite_data", "cards"]},
    "search": {"": ["entries"]},
    "sectors": {
        "": ["level", "periods", "sources"],
        "nodes": ["sector", "sector_label", "period", "source", "strength", "links", "linked_events", "within_events",
                  "community", "space", "space_label", "letter", "hue", "stability", "role", "x", "y", "path"],
    },
    "regions": {
        "": ["level", "periods", "sources", "foremost"],
        "nodes": ["region", "region_label", "period", "source", "strength", "links", "linked_events", "within_events",
                  "community", "space", "space_label", "letter", "hue", "stability", "role", "x", "y", "path"],
    },
    "sectors/{code}": {
        "": ["level", "code", "label", "path", "joint"],
        "linkages": ["period", "source", "other", "other_label", "weight", "events", "expected", "association", "p",
                     "q", "class", "path", "why"],
        "spaces": ["period", "source", "strength", "space", "letter", "hue", "stability", "role"],
        "change": ["source", "n1", "n2", "share1", "share2", "growth", "log_odds", "low", "high", "p", "q", "class"],
        "moves": ["since", "period", "kind", "from", "to", "stable", "source"],
        "meets": ["period", "source", "region", "region_label", "linkages"],
    },
    "regions/{code}": {
        "": ["level", "code", "label", "path", "joint", "stars_path", "profile"],
        "linkages": ["period", "source", "other", "other_label", "weight", "events", "association", "q", "path", "why"],
        "spaces": ["period", "source", "strength", "stability", "role"],
        "industries": ["period", "space", "space_label", "industry", "linkage", "tier", "stars", "linked", "strong",
                       "quadrant"],
        "linked": ["period", "industry", "other", "partner", "partner_label", "tier", "stars", "events"],
        "alike": ["period", "rank", "other", "other_label", "similarity", "shared"],
        "stars": ["industry", "total", "tier"],
        "meets": ["period", "source", "where", "sector_a", "sector_a_label", "sector_b", "sector_b_label", "linkages"],
        "concentration": ["period", "source", "side", "focal", "events", "cross_sectoral", "share", "quotient", "rank"],
    },
    "networks": {
        "networks": ["network", "title", "level", "source", "period", "nodes", "links", "events", "k", "rule",
                     "modularity", "energy", "codelength", "noise_p", "left_out", "path"],
    },
    "networks/{network}": {
        "": ["network", "title", "level", "period", "event_kind", "summary", "spaces"],
        "links": ["a", "a_label", "b", "b_label", "weight", "events", "expected", "association", "p", "q",
                  "noise_corrected", "noise_corrected_sd", "disparity_p"],
        "nodes": ["strength", "links", "community", "stability", "role", "x", "y", "path"],
    },
    "spaces": {
        "": ["notes", "stars"],
        "spaces": ["space", "space_label", "letter", "hue", "network", "source", "period", "community", "sectors",
                   "weight_inside", "share_inside", "stability", "path"],
    },
    "spaces/{id}": {
        "": ["id", "letter", "hue", "name", "path", "network", "period", "source", "stability", "sentence",
             "appearances", "line"],
        "members": ["network", "period", "source", "sector", "sector_label", "strength", "strength_inside",
                    "stability", "role", "leans_to", "path"],
        "links": ["network", "period", "source", "a", "a_label", "b", "b_label", "weight", "events", "association",
                  "q", "why"],
        "regions": ["network", "where", "region", "region_label", "events"],
    },
    "change/{comparison}": {
        "": ["level", "event_kind", "first", "last", "classes", "counts"],
        "links": ["a", "a_label", "b", "b_label", "n1", "n2", "log_odds", "low", "high", "p", "q", "class", "why"],
        "areas": ["n1", "n2", "log_odds", "class", "rank"],
    },
    "stars": {
        "": ["method", "star_source", "notes", "said", "limits", "about_stars"],
        "stars": ["region", "region_label", "industry", "total", "tier"],
        "quadrants": ["period", "space", "space_label", "letter", "industry", "region", "region_label", "linkage",
                      "tier", "stars", "linked", "strong", "quadrant"],
    },
    "stars/{region}": {"": ["region", "region_label"], "stars": ["industry", "tier"]},
    "joint/sectors/{code}": {
        "": ["level", "code", "label"],
        "joint": ["period", "source", "sector_a", "sector_a_label", "sector_b", "sector_b_label", "region_a",
                  "region_a_label", "region_b", "region_b_label", "events"],
    },
    "joint/regions/{code}": {"joint": ["period", "source", "sector_a", "sector_b", "region_a", "region_b", "events"]},
    "why/index": {"": ["heaviest"], "links": ["level", "a", "a_label", "b", "b_label", "path"]},
    "why/{a}/{b}": {
        "": ["level", "a", "a_label", "a_path", "b", "b_label", "b_path", "periods"],
        "events": ["event", "source", "year", "date", "a", "b", "participants", "file", "row"],
        "counts": ["period", "source", "events"],
    },
    "quality": {
        "": ["unmatched_rows", "notes"],
        "ledger": ["source", "reason", "kind", "rows", "share", "weight"],
        "coverage": ["source", "read", "used", "used_share", "participants", "placed_share"],
        "placed": ["source", "way", "participants"],
        "gates": ["gate", "limit", "reached", "met"],
    },
    "figures": {"figures": ["name", "page", "title", "alt", "source", "path"]},
    "figures/{name}": {"": ["name", "page", "title", "alt", "source", "path", "spec"], "data": []},
    "downloads": {"files": ["file", "what", "bytes", "sha256", "path"]},
}  # fmt: skip


@pytest.fixture(scope="module")
def tree(small_run: Run) -> Tree:
    """The resources of the small run."""
    return Tree(Material(small_run, None))


def one_of_each(tree: Tree) -> dict[str, str]:
    """A path of each family: of several, that of a node with a name in the alphabet's middle."""
    found = {}
    for family in FAMILIES:
        names = sorted(family.names(tree.holdings))
        found[family.pattern] = filled(family.pattern, *map(safe, names[len(names) // 2]))
    return found


def test_fields_of_v1_are_only_added(tree: Tree) -> None:
    paths = one_of_each(tree)
    assert V1.keys() == paths.keys()
    for pattern, expected in V1.items():
        held = json.loads(tree.payload(paths[pattern]).json())
        lacking = [name for name in ["schema", "about", "tables", "missing", *expected.get("", [])] if name not in held]
        assert not lacking, (pattern, lacking)
        for name, columns in expected.items():
            if name and held[name]["rows"]:
                there = [column["name"] for column in held[name]["columns"]]
                assert not [column for column in columns if column not in there], (pattern, name)


def test_every_table_says_what_its_columns_hold(tree: Tree) -> None:
    described = {**COLUMNS, **ELSEWHERE}
    assert {column.kind for column in described.values()} <= set(KINDS)
    for pattern, path in one_of_each(tree).items():
        if pattern == "figures/{name}":  # a figure's data have the names that the figure shows
            continue
        for name, frame in tree.payload(path).tables.items():
            unknown = [c for c in frame.columns if c not in described and f"{name}.{c}" not in described]
            assert not unknown, (path, name, unknown)
            assert frame.columns.is_unique, (path, name)


def test_every_resource_that_is_listed_is_there(tree: Tree) -> None:
    for path in one_of_each(tree).values():
        for text in ("path", "why", "joint", "stars_path"):
            for linked in _under(json.loads(tree.payload(path).json()), text):
                if not linked.startswith("files/") and "/" in linked:
                    tree.payload(linked)


def _under(held: object, key: str) -> set[str]:
    """Every text under a key, and in a column of that name, of a payload; a few of each."""
    if isinstance(held, list):
        return {text for one in held[:40] for text in _under(one, key)}
    if not isinstance(held, dict):
        return set()
    found = {held[key]} if isinstance(held.get(key), str) else set()
    if "rows_in_all" in held:
        places = [place for place, column in enumerate(held["columns"]) if column["name"] == key]
        return {row[place] for row in held["rows"][:8] for place in places if row[place]}
    return found | {text for one in held.values() for text in _under(one, key)}


def test_a_network_holds_the_run_s_numbers(tree: Tree, small_run: Run) -> None:
    name = "sector__all__2007-2014"
    held = json.loads(tree.payload(f"networks/{name}").json())
    links = small_run.table(f"networks/{name}.parquet")
    columns = [column["name"] for column in held["links"]["columns"]]
    told = pd.DataFrame(held["links"]["rows"], columns=columns).sort_values(["a", "b"], ignore_index=True)
    own = links.sort_values(["source", "target"], ignore_index=True)
    assert told["a"].to_list() == own["source"].to_list()
    np.testing.assert_allclose(told["association"], own["association"], rtol=1e-6)
    whole = pd.read_csv(io.BytesIO(tree.payload(f"networks/{name}").csv()), dtype={"a": str, "b": str})
    whole = whole.sort_values(["a", "b"], ignore_index=True)
    np.testing.assert_array_equal(whole["association"], own["association"])
    nodes = tree.payload(f"networks/{name}").tables["nodes"].set_index("sector")
    ends = pd.concat([links[["source", "weight"]].set_axis(["n", "w"], axis=1),
                      links[["target", "weight"]].set_axis(["n", "w"], axis=1)])  # fmt: skip
    for code, weights in ends.groupby("n")["w"]:
        assert nodes.loc[code, "strength"] == pytest.approx(weights.sum())
        assert nodes.loc[code, "links"] == len(weights)


def test_each_link_of_a_node_is_told_from_both_ends(tree: Tree, small_run: Run) -> None:
    for level in ("sector", "region"):
        table = small_run.table(f"networks/{level}__all__2000-2007.parquet")
        told = 0
        for code in tree.holdings.labels[level]:
            links = tree.holdings.links_of(level, code)
            here = links[(links["period"] == "2000-2007") & (links["source"] == "all")]
            mine = table[(table["source"] == code) | (table["target"] == code)]
            assert here["weight"].sum() == pytest.approx(mine["weight"].sum())
            assert code not in set(here["other"])
            told += len(here)
        assert told == 2 * len(table)


def test_a_node_has_its_events_once_and_not_once_a_link(tree: Tree, small_run: Run) -> None:
    """By another way: of the records, the events with a participant there, or with a facet of the sector and others."""
    facets = small_run.table("records/facets.parquet")
    sectors = facets.assign(sector=facets["naics"].astype(str).str[:3]).drop_duplicates(["event", "sector"])
    crossing = sectors.groupby("event")["sector"].nunique().loc[lambda n: n > 1].index
    years = small_run.table("records/events.parquet").set_index("event")["year"]
    late = sectors[sectors["event"].map(years).between(2007, 2014) & sectors["event"].isin(crossing)]
    for level, counted in (("sector", late.groupby("sector")["event"].nunique()), ("region", None)):
        nodes = tree.payload(f"{level}s").tables["nodes"]
        here = nodes[(nodes["period"] == "2007-2014") & (nodes["source"] == "all")].set_index(level)
        assert here["cross_sectoral"].notna().all()
        assert (here["cross_sectoral"] <= here["linked_events"] + here["within_events"]).all()
        if counted is not None:
            assert here["cross_sectoral"].astype(int).to_dict() == counted.to_dict()
    people = small_run.table("records/participants.parquet")
    there = people[people["event"].isin(late["event"])].groupby("region")["event"].nunique()
    assert int(here.loc["ITC4", "cross_sectoral"]) == there["ITC4"]


def test_events_and_cross_sectoral_ones_are_told_apart(tree: Tree, small_run: Run) -> None:
    series = small_run.table("series.parquet").query("kind == 'sector' and of == 'all'")
    counts = tree.payload("run").fields["counts"]
    for period, first, last in (("2000-2007", 2000, 2007), ("2007-2014", 2007, 2014)):
        years = series[series["year"].between(first, last)]
        assert counts["events"][period] == years["events"].sum()
        assert counts["cross_sectoral"][period] == years["cross_sectoral"].sum()
        assert tree.payload(f"networks/sector__all__{period}").fields["summary"]["cross_sectoral"] == counts[
            "cross_sectoral"][period]  # fmt: skip
        between = tree.payload(f"networks/region__all__{period}").fields["summary"]
        assert between["cross_sectoral"] == between["events"]


def test_what_meets_adds_up_to_the_joint_table(tree: Tree, small_run: Run) -> None:
    joint = small_run.table("joint.parquet")
    region = "DE21"
    here = joint[(joint["region_a"] == region) | (joint["region_b"] == region)]
    meets = tree.payload(f"regions/{region}").tables["meets"]
    assert meets.loc[meets["source"] == "all", "linkages"].sum() == here["events"].sum()
    assert meets.loc[meets["source"] != "all", "linkages"].sum() == here["events"].sum()
    cut = tree.payload(f"joint/regions/{region}").tables["joint"]
    assert len(cut) == len(here)
    sector = str(joint["sector_a"].iloc[0])
    mine = joint[(joint["sector_a"] == sector) | (joint["sector_b"] == sector)]
    told = tree.payload(f"sectors/{sector}").tables["meets"]
    expected: dict[str, int] = {}
    for row in mine.to_dict("records"):
        for one in {row["region_a"], row["region_b"]} - {"", None}:
            expected[one] = expected.get(one, 0) + row["events"]
    of_all = told[told["source"] == "all"].groupby("region")["linkages"].sum()
    assert of_all.to_dict() == expected


def test_findings_are_the_report_s(tree: Tree) -> None:
    material = tree.holdings.material
    said = findings(material, stars_beside(material))
    told = json.loads(tree.payload("run").json())["findings"]
    assert [one["text"] for one in told] == [one.text for one in said]
    assert [len(one["spaces"]) for one in told] == [len(one.spaces) for one in said]


def test_the_ledger_balances(tree: Tree) -> None:
    ledger = tree.payload("quality").tables["ledger"]
    read = ledger[ledger["reason"] == "read"].set_index("source")["rows"]
    rest = ledger[ledger["reason"] != "read"].groupby("source")["rows"].sum()
    assert read.to_dict() == rest.to_dict()


def test_every_file_of_a_run_is_told(tree: Tree) -> None:
    files = tree.payload("downloads").tables["files"]
    assert not files.loc[files["what"] == "", "file"].to_list()
    assert len(files) == 1 + len(tree.holdings.run.manifest["outputs"])


def test_what_was_lost_by_year_adds_up_to_the_ledger(tree: Tree) -> None:
    held = tree.payload("quality").tables
    by_reason = held["by_year"].groupby(["source", "reason"])["rows"].sum()
    ledger = held["ledger"][held["ledger"]["reason"] != "read"].set_index(["source", "reason"])["rows"]
    assert by_reason.to_dict() == ledger.to_dict()


def test_a_space_of_one_id_in_two_networks_is_told_in_both(tree: Tree, small_run: Run) -> None:
    told = tree.payload("spaces").tables["spaces"]
    assert len(told) == len(small_run.spaces)
    for code, every in tree.holdings.appearances.items():
        held = tree.payload(f"spaces/{code}")
        assert {one["network"] for one in held.fields["appearances"]} == {one["network"] for one in every}
        members = held.tables["members"]
        assert len(members) == sum(len(one["members"]) for one in every)


def test_events_behind_many_links_are_those_behind_each(tree: Tree, small_run: Run) -> None:
    pairs = heaviest(tree.holdings, 6)
    found = dict(every_why(tree.holdings, pairs))
    assert found.keys() == set(pairs)
    for (a, b), payload in found.items():
        alone = events_behind(small_run, a, b)
        together = payload.tables["events"].rename(columns={"source": "kind"})
        order = ["event", "a", "b"]
        pd.testing.assert_frame_equal(
            together.sort_values(order, ignore_index=True)[alone.columns].astype(object).fillna(""),
            alone.sort_values(order, ignore_index=True).astype(object).fillna(""),
            check_dtype=False,
        )
        assert together["year"].is_monotonic_decreasing
        for _, year in together.groupby("year"):
            dated = year["date"].dropna()
            assert dated.is_monotonic_decreasing
            assert year["date"].head(len(dated)).notna().all()


def test_counts_behind_a_link_are_the_network_s(tree: Tree, small_run: Run) -> None:
    link = small_run.table("networks/sector__all__2007-2014.parquet").sort_values("events").iloc[-1]
    counts = tree.payload(f"why/{link['source']}/{link['target']}").tables["counts"]
    here = counts[(counts["period"] == "2007-2014") & (counts["source"] == "all")]
    assert here["events"].to_list() == [link["events"]]


def test_unknown_resources_are_unknown(tree: Tree) -> None:
    for path in ("", "nothing", "sectors/nothing", "sectors/325/x", "why/325/nothing", "../manifest", "sectors/"):
        with pytest.raises(UnknownResourceError):
            tree.payload(path)


def test_a_run_without_what_is_optional_says_what_it_lacks(small_run: Run, tmp_path: Path) -> None:
    folder = shutil.copytree(small_run.folder, tmp_path / "run")
    for name in ("stars.parquet", "joint.parquet", "concentration.parquet", "within.parquet", "unmatched.csv"):
        (folder / name).unlink()
    for name in ("stars", "profiles", "trends", "records", "change"):
        shutil.rmtree(folder / name)
    tree = Tree(Material(open_run(folder), None))
    region = json.loads(tree.payload("regions/DE21").json())
    assert {one["file"] for one in region["missing"]} >= {"stars.parquet", "joint.parquet", "profiles/about.json"}
    assert all(one["what"] for one in region["missing"])
    assert region["linkages"]["rows"]
    for path in ("run", "sectors", "regions", "stars", "quality", "why/index", "search", "downloads", "networks"):
        json.loads(tree.payload(path).json())


def test_parquet_holds_what_csv_holds(tree: Tree) -> None:
    payload = tree.payload("sectors")
    table = pd.read_parquet(io.BytesIO(payload.parquet()))
    assert list(table.columns) == list(payload.tables["nodes"].columns)
    assert len(table) == len(payload.tables["nodes"])
    assert table["sector"].map(type).eq(str).all()


def test_the_same_bytes_again(small_run: Run) -> None:
    one, other = (Tree(Material(open_run(small_run.folder), None)) for _ in range(2))
    for path in one_of_each(one).values():
        assert one.payload(path).json() == other.payload(path).json(), path


def test_names_of_a_group_and_of_a_program(other_run: Run) -> None:
    holdings = Holdings(Material(other_run, None))
    assert {"Alps", "Life"} <= holdings.labels["region"].keys() | holdings.labels["sector"].keys()
    tree = Tree(holdings.material)
    entries = {one["code"]: one for one in tree.payload("search").fields["entries"]}
    assert {"DE2", "Munich"} <= set(entries["Alps"]["also"])
    assert "325" in entries["Life"]["also"]
    assert tree.payload("regions/Alps").fields["code"] == "Alps"
