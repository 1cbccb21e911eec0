"""Sources as layers, spaces followed from period to period, and names that a study gives."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from communities import spinglass
from communities.layered_infomap import layered_infomap
from communities.layered_leiden import layered_leiden
from communities.spaces import named
from communities.stability import adjusted_mutual_information
from ingest.faults import BadInput
from linkages import Network
from linkages.periods import Period
from observatory.material import Material
from observatory.report.layered import layers
from observatory.run import run_study
from observatory.settings import Communities, Layers, Settings
from observatory.stages.layering import layered
from observatory.study import open_study

PERIODS = ("2000-2007", "2007-2014")
KINDS = ("copatent", "deal", "alliance")


# --- Layers ---


@pytest.mark.parametrize("period", PERIODS)
def test_layers_stand_beside_the_networks_of_each(small_run, period):
    table = small_run.table(f"communities/layers__{period}.parquet").set_index("node")
    summary = small_run.json(f"communities/layers__{period}.json")
    for column, network in {"all": "all", **{kind: kind for kind in KINDS}}.items():
        alone = small_run.table(f"communities/sector__{network}__{period}.parquet").set_index("node")["community"]
        assert table[column].to_dict() == {**dict.fromkeys(table.index, -1), **alone.to_dict()}
    for method in ("leiden", "infomap"):
        assert table[method].max() + 1 == summary[method]["k"]
        assert set(table.index[table[method] == -1]) == set(summary["left_out"])
    assert sum(layer["share"] for layer in summary["layers"].values()) == pytest.approx(1)
    for kind in KINDS:
        links = small_run.table(f"networks/sector__{kind}__{period}.parquet")
        assert summary["layers"][kind]["weight"] == links["weight"].sum()
        assert summary["layers"][kind]["links"] == len(links)


def test_agreement_is_that_of_the_table(small_run):
    table = small_run.table("communities/layers__2007-2014.parquet")
    rows = small_run.json("communities/layers__2007-2014.json")["agreement"]
    assert [(row["a"], row["b"]) for row in rows] == [
        ("leiden", "infomap"), *[("leiden", other) for other in ("all", *KINDS)],
        *[("infomap", other) for other in ("all", *KINDS)],
    ]  # fmt: skip
    for row in rows:
        both = table[(table[row["a"]] >= 0) & (table[row["b"]] >= 0)]
        assert row["nodes"] == len(both)
        wanted = adjusted_mutual_information(*(both[row[end]].to_numpy("int64") for end in "ab"))
        assert row["ami"] == pytest.approx(wanted)
        assert row["vi"] == pytest.approx(variation(both[row["a"]], both[row["b"]]))


def variation(a: pd.Series, b: pd.Series) -> float:
    """Entropy of each given the other, from the table of both."""
    cells = pd.crosstab(a, b, normalize=True).to_numpy()
    rows, columns = cells.sum(axis=1, keepdims=True), cells.sum(axis=0, keepdims=True)
    told = [np.log(np.where(cells > 0, cells / whole, 1.0)) for whole in (rows, columns)]
    return -float((cells * sum(told)).sum())


def test_the_report_has_a_row_a_period_and_method(small_run, small_study):
    told = layers(Material.of(small_run, open_study(small_study)))
    assert told["headings"][2:5] == ["Spaces", "Agreement with all sources summed", "co-patents alone"]
    assert [row[:2] for row in told["rows"]] == [
        [period, f"{method}, in layers"] for period in ("2007–2014", "2000–2007") for method in ("Leiden", "Infomap")
    ]
    assert all(len(row) == len(told["headings"]) for row in told["rows"])
    page = (small_run.folder / "report" / "index.html").read_text(encoding="utf-8")
    assert "Sources as layers" in page


def in_layers(**weights: float) -> tuple[dict[str, Network], object]:
    """Three sources on six sectors, layered with the weights of a study."""
    links = {
        "copatent": [("a", "b"), ("b", "c"), ("a", "c"), ("x", "y"), ("y", "z"), ("x", "z")],
        "deal": [("a", "x"), ("b", "y"), ("c", "z")],
        "alliance": [("a", "b"), ("c", "x"), ("y", "z")],
    }
    tables = {
        kind: pd.DataFrame(rows, columns=["source", "target"]).assign(weight=10.0) for kind, rows in links.items()
    }
    networks = {kind: Network.from_pandas(table) for kind, table in tables.items()}
    whole = Network.from_pandas(pd.concat(tables.values()).groupby(["source", "target"], as_index=False).sum())
    found = {
        f"sector__{kind}__2000-2007": SimpleNamespace(network=network, partition=spinglass(network, restarts=2))
        for kind, network in {**networks, "all": whole}.items()
    }
    chosen = Communities(trials=5, restarts=3, layers=Layers(**weights))
    counts = SimpleNamespace(periods=[Period(2000, 2007)], kinds=KINDS, settings=Settings("T", {}, communities=chosen))
    return networks, layered(counts, found).get("layers__2000-2007")  # type: ignore[arg-type]


def test_a_study_weighs_the_layers():
    networks, found = in_layers(deal=4.0, alliance=0.25)
    weights = {"copatent": 1.0, "deal": 4.0, "alliance": 0.25}
    for method, made in (
        ("leiden", layered_leiden(networks, weights, restarts=3)),
        ("infomap", layered_infomap(networks, trials=5, weights=weights)),
    ):
        assert found.table.set_index("node")[method].to_dict() == made.membership.to_dict()
    assert {kind: one["asked"] for kind, one in found.summary["layers"].items()} == weights
    assert [one["share"] for one in found.summary["layers"].values()] == pytest.approx(
        [1 / 5.25, 4 / 5.25, 0.25 / 5.25]
    )
    # Heavy deals hold each pair that they link together; as many layers' worth of patents hold the triangles.
    of = found.table.set_index("node")["leiden"]
    assert of["a"] == of["x"] != of["b"] == of["y"]
    patents = in_layers(copatent=4.0)[1].table.set_index("node")["leiden"]
    assert patents["a"] == patents["b"] == patents["c"] != patents["x"]


def test_a_source_of_weight_0_is_no_layer_but_stands_beside():
    networks, found = in_layers(alliance=0.0)
    silent = found.summary["layers"]["alliance"]
    assert (silent["asked"], silent["share"], silent["links"], silent["modularity"]) == (0.0, 0.0, 3, None)
    both = {kind: networks[kind] for kind in ("copatent", "deal")}
    assert found.table.set_index("node")["leiden"].to_dict() == layered_leiden(both, restarts=3).membership.to_dict()
    assert ("leiden", "alliance") in [(row["a"], row["b"]) for row in found.summary["agreement"]]


def test_fewer_than_two_layers_are_none():
    assert in_layers(deal=0.0, alliance=0.0)[1] is None


def test_the_report_says_how_layers_are_weighed(small_run, small_study):
    material = Material.of(small_run, open_study(small_study))
    assert layers(material)["weights"] == "each source counts the same"
    assert small_run.manifest["settings"]["communities"]["layers"] == dict.fromkeys(KINDS, 1.0)
    page = (small_run.folder / "report" / "index.html").read_text(encoding="utf-8")
    assert "As layers each source counts the same, whatever the number of events" in page


# --- Periods ---


@pytest.mark.parametrize("source", [*KINDS, "all"])
def test_spaces_and_members_are_followed(small_run, source):
    events = small_run.table(f"change/spaces__{source}.parquet")
    going = small_run.table(f"change/members__{source}.parquet")
    of = {p: [s for s in small_run.spaces if s["network"] == f"sector__{source}__{p}"] for p in PERIODS}
    for table in (events, going):
        assert set(table["since"]) == {PERIODS[0]}
        assert set(table["period"]) == {PERIODS[1]}
    assert set(events["from"].dropna()) == {space["id"] for space in of[PERIODS[0]]}
    assert set(events["to"].dropna()) == {space["id"] for space in of[PERIODS[1]]}
    for end, period in (("from", PERIODS[0]), ("to", PERIODS[1])):
        names = {space["id"]: space["name"] for space in of[period]}
        assert events[f"{end}_name"].dropna().tolist() == [names[one] for one in events[end].dropna()]
    for end, period in (("from", PERIODS[0]), ("to", PERIODS[1])):
        wanted = {m["node"]: space["id"] for space in of[period] for m in space["members"]}
        assert going.set_index("node")[end].dropna().to_dict() == wanted
    sure = [{m["node"]: m["stability"] for space in of[p] for m in space["members"]} for p in PERIODS]
    for row in going.itertuples():
        known = [part[row.node] for part in sure if row.node in part]
        assert row.stable == all(value >= 0.95 for value in known)


def test_without_resampling_nothing_is_called_stable(other_run):
    assert other_run.table("change/members__all.parquet")["stable"].isna().all()
    assert other_run.table("change/spaces__all.parquet")["stable"].isna().all()


# --- Names ---


def test_names_of_the_study_are_kept_and_those_of_no_space_are_said(small_run, spoilt, monkeypatch):
    monkeypatch.setattr("observatory.report.write_report", lambda *_: None, raising=False)
    chosen = small_run.spaces[0]
    assert small_run.json("spaces.json")["notes"] == []
    assert all(space["name"] == space["proposed"] for space in small_run.spaces)
    names = f'[spaces.names]\n{chosen["id"]} = "Health + <i>food</i>"\ns00000000 = "Gone"\n\n[communities]\n'
    folder = spoilt("study.toml", ("[communities]\n", names))
    said: list[str] = []
    run = run_study(open_study(folder), folder / "run", say=said.append)
    for before, after in zip(small_run.spaces, run.spaces, strict=True):
        assert (after["id"], after["proposed"]) == (before["id"], before["name"])
        assert after["name"] == ("Health + <i>food</i>" if after["id"] == chosen["id"] else before["name"])
    note = "No space has the id s00000000, which the study names 'Gone': its members may be others by now."
    assert run.json("spaces.json")["notes"] == [note]
    assert f"note: {note}" in said
    assert run.manifest["status"] == "complete"
    events = run.table(f"change/spaces__{chosen['source']}.parquet")
    told = pd.concat([events[["from", "from_name"]].set_axis(["id", "name"], axis=1),
                      events[["to", "to_name"]].set_axis(["id", "name"], axis=1)])  # fmt: skip
    assert set(told.loc[told["id"] == chosen["id"], "name"]) == {"Health + <i>food</i>"}


def test_one_name_may_stand_for_the_same_members_in_two_networks():
    spaces = [{"id": "s1", "name": "A + B", "network": name} for name in ("x", "y")]
    found, notes = named(spaces, {"s1": "Both"})
    assert [space["name"] for space in found] == ["Both", "Both"]
    assert notes == []


@pytest.mark.parametrize("wrong", ['s1 = ""', "s1 = 3", 's1 = ["Health"]'])
def test_a_name_that_is_none_is_a_fault_with_its_line(spoilt, wrong):
    folder = spoilt("study.toml", ("[communities]\n", f"[spaces.names]\n{wrong}\n\n[communities]\n"))
    with pytest.raises(BadInput) as caught:
        open_study(folder)
    assert [fault.value.partition(" = ")[0] for fault in caught.value.faults] == ["s1"]
    assert caught.value.faults[0].line is not None
