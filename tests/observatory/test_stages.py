"""The stages beyond what the run's files show: joins, star tables, effects, schema of the spaces."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import msgspec
import pandas as pd
import pytest

from communities.resampling import incidence
from communities.stability import adjusted_mutual_information
from ingest.engine import DuckDB
from ingest.faults import BadInput
from observatory.settings import Gates
from observatory.side_by_side import Workers
from observatory.stages import checking, counting, finding, reading, spacing, starring
from observatory.study import open_study

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "spaces.schema.json").read_text(encoding="utf-8"))
PERIODS = ("2000-2007", "2007-2014")


# --- spaces.json and its schema ---


@pytest.mark.parametrize("which", ["small_run", "other_run"])
def test_spaces_are_as_the_schema_says(which, request):
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    content = request.getfixturevalue(which).json("spaces.json")
    faults = [f"{e.json_path}: {e.message}" for e in jsonschema.Draft202012Validator(SCHEMA).iter_errors(content)]
    assert faults == []


def fields(schema):
    for name, part in schema.get("properties", {}).items():
        yield name, part
        yield from fields(part)
    for name, part in schema.get("$defs", {}).items():
        yield name, part
        yield from fields(part)
    if "items" in schema:
        yield from fields(schema["items"])


def test_every_field_of_the_schema_is_described_and_no_other_allowed():
    assert len(list(fields(SCHEMA))) > 60
    for name, part in fields(SCHEMA):
        assert "$ref" in part or len(part["description"]) > 10, name
        if "properties" in part:
            assert part["additionalProperties"] is False, name


def test_the_schema_refuses_what_is_wrong(small_run):
    validator = jsonschema.Draft202012Validator(SCHEMA)
    content = small_run.json("spaces.json")
    for spoil in (
        lambda c: c.pop("title"),
        lambda c: c.update(more=1),
        lambda c: c["spaces"][0].update(share_inside=1.2),
        lambda c: c["spaces"][0]["members"][0].update(role="leader"),
        lambda c: c["spaces"][0].update(id="7"),
    ):
        copy = json.loads(json.dumps(content))
        spoil(copy)
        assert not validator.is_valid(copy)


def test_spaces_agree_with_the_tables_of_the_run(small_run):
    for space in small_run.spaces:
        links = small_run.table(f"networks/{space['network']}.parquet")
        members = {member["node"] for member in space["members"]}
        inside = links[links["source"].isin(members) & links["target"].isin(members)]
        assert space["weight_inside"] == pytest.approx(inside["weight"].sum())
        strength = sum(member["strength"] for member in space["members"])
        assert space["share_inside"] == pytest.approx(2 * inside["weight"].sum() / strength)
        nodes = small_run.table(f"communities/{space['network']}.parquet")
        assert members == set(nodes.loc[nodes["community"] == space["community"], "node"])
        assert sum(space["tier_counts"].values()) == len(space["tiers"])
        assert (
            sum(row["share"] for row in space["industries"]) == pytest.approx(1, abs=0.001) or not space["industries"]
        )


def test_tiers_are_those_of_the_star_table(small_run):
    stars = small_run.table("stars.parquet").set_index(["region", "industry"])["tier"].to_dict()
    rows = [row for space in small_run.spaces for row in space["tiers"]]
    assert {row["tier"] for row in rows} >= {"none"}
    assert any((row["region"], row["industry"]) in stars for row in rows)
    for row in rows:
        assert row["tier"] == stars.get((row["region"], row["industry"]), "none")


def test_each_space_tells_what_became_of_it(small_run):
    earlier = {space["id"] for space in small_run.spaces if space["network"] == "sector__all__2000-2007"}
    later = [space for space in small_run.spaces if space["network"] == "sector__all__2007-2014"]
    assert all(space["change"]["since"] == "2000-2007" for space in later)
    assert any(space["change"]["predecessor"] in earlier for space in later)


# --- reading ---


def test_files_of_a_join_are_looked_for_in_the_study():
    here = Path("/somewhere")
    assert reading.located({"split": ";"}, here) == {"split": ";"}
    for files in ("places.csv", ["places.csv"]):
        option = {"files": files, "on": {"a": "b"}, "columns": {}}
        assert reading.located({"join": option}, here)["join"] == {**option, "files": ["/somewhere/places.csv"]}


def test_a_second_table_beside_the_first(spoilt):
    folder = spoilt(
        "study.toml",
        (
            'files = ["inbox/patents.csv"]',
            'files = ["inbox/patents.csv"]\njoin = { files = ["inbox/codes.csv"], on = { city = "town" }, '
            'columns = { region_code = "nuts" } }',
        ),
    )
    (folder / "inbox" / "codes.csv").write_text("town,nuts\nMunich,DE212\nParis,FR101\n", encoding="utf-8")
    records = reading.read_sources(open_study(folder), DuckDB(), lambda _: None)
    used = records.ledger[records.ledger["reason"] == "used"]
    assert used["rows"].sum() == 60 + 120 + 120 + 30 + 2
    paths = records.inputs.loc[records.inputs["source"] == "patents", "path"]
    assert paths.tolist() == ["inbox/patents.csv", "inbox/codes.csv"]


def test_the_years_of_a_study(small_study):
    assert reading.study_years(open_study(small_study)) == set(range(2000, 2015))


# --- stars ---


def with_stars(own_study, table, nuts=2013):
    text = (own_study / "study.toml").read_text(encoding="utf-8")
    text = f"nuts = {nuts}\n" + re.sub(r"^nuts = .*\n", "", text).replace("inbox/stars.csv", table)
    (own_study / "study.toml").write_text(text, encoding="utf-8")
    return open_study(own_study)


def test_published_tiers_in_another_version_of_nuts(own_study):
    before = starring.star_table(with_stars(own_study, "panorama2020"))
    assert before.about["method"] == "published tiers"
    assert "FR24" in set(before.table["region"])
    after = starring.star_table(with_stars(own_study, "panorama2020", 2016))
    assert "FRB0" in set(after.table["region"])
    assert "FR24" not in set(after.table["region"])
    assert not after.table.duplicated(["region", "industry"]).any()
    assert any("HU10 into HU11, HU12" in note for note in after.about["notes"])
    assert not any("HU11" in note for note in before.about["notes"])


def test_a_star_table_that_is_not_there(own_study):
    with pytest.raises(BadInput, match=r"'none\.csv'; expected a regional table in study/, or panorama2020"):
        starring.star_table(with_stars(own_study, "none.csv"))


# --- checking ---


def test_gates_without_limits_and_without_results():
    assert checking.gates(Gates(), [], []) == []
    gates = checking.gates(Gates(used=0.0, placed=0.1, stability=0.5), [], [])
    assert [(g["gate"], g["value"], g["met"]) for g in gates] == [
        ("used", 0.0, True),
        ("placed", 0.0, False),
        ("stability", None, False),
    ]


def test_a_gate_looks_at_the_worst_source_and_the_mean_space():
    covered = [
        {"used_weight_share": 0.9, "placed_weight_share": 1.0},
        {"used_weight_share": 0.5, "placed_weight_share": None},
    ]
    spaces = [{"stability": 0.8}, {"stability": 0.4}, {"stability": None}]
    values = {g["gate"]: g["value"] for g in checking.gates(Gates(0.1, 0.1, 0.1), covered, spaces)}
    assert values == {"used": 0.5, "placed": 0.0, "stability": 0.6}


def test_a_gate_on_what_was_not_tested_is_not_met():
    (gate,) = checking.gates(Gates(stability=0.5), [], [{"stability": None}])
    assert gate == {"gate": "stability", "limit": 0.5, "value": None, "met": False}


def test_a_space_that_another_choice_takes_away_is_not_passed_over():
    every = pd.Index(["a", "b", "c", "d"])
    two, one = pd.Series([0, 0, 1, 1], index=every), pd.Series([0, 0], index=["a", "b"])
    labels = [checking._labels(membership, every) for membership in (two, one, one.iloc[:0])]
    assert [len(set(found)) for found in labels] == [2, 3, 4]
    assert labels[1][0] == labels[1][1]
    assert adjusted_mutual_information(labels[0], labels[1]) < 0.999


def test_the_study_s_own_choice_of_the_shared_year_moves_nothing(small_run, other_run):
    for run, own in ((small_run, "both"), (other_run, "first")):
        rows = run.json("spaces.json")["sensitivity"]
        assert len(rows) == 8
        for row in rows:
            if row["shared_year"] == own:
                name = f"sector__all__{row['period']}"
                assert row["ami"] == 1.0
                assert row["events"] == run.json(f"communities/{name}.json")["events"]
                assert row["weight"] == pytest.approx(run.table(f"networks/{name}.parquet")["weight"].sum())
        weights = {(row["shared_year"], row["period"]): row["weight"] for row in rows}
        assert weights["half", PERIODS[0]] == pytest.approx(
            (weights["both", PERIODS[0]] + weights["second", PERIODS[0]]) / 2
        )
        assert weights["both", PERIODS[1]] == weights["second", PERIODS[1]]


def test_coverage_counts_participants_by_how_they_were_placed(small_run):
    for row in small_run.manifest["coverage"]:
        assert sum(row["placed_by"].values()) == row["participants"]
        assert row["placed_share"] == 1.0
        assert row["used_share"] == (round(60 / 61, 6) if row["source"] == "deals" else 1.0)


def test_a_share_of_nothing_is_unknown():
    assert checking._share(1, 0) is None
    assert checking._share(1, float("nan")) is None
    assert checking._share(1, 3) == 0.333333


# --- counting and finding on records written by hand ---


def test_without_deals_there_is_no_matrix(make_records, small_study):
    records = make_records(
        [("a1", "alliance", 2010, [("partner", "325411"), ("partner", "334111")], [("partner", "DE21")] * 2)]
    )
    counts = counting.count_records(records, open_study(small_study).settings)
    assert counts.kinds == ("alliance",)
    assert counts.sources == ("alliance", "all")
    assert list(counting.matrices(counts)) == []
    networks = counting.networks(counts)
    assert networks["sector__all__2007-2014"].links["weight"].tolist() == [1.0]
    assert counting.event_pairs(counts, networks["sector__all__2007-2014"])[["a", "b"]].values.tolist() == [
        ["325", "334"]
    ]
    assert spacing.cross_industry_bases(counts, Workers(1)) == {}
    found = finding.find(networks["sector__all__2000-2007"], None, counts.settings)
    assert finding._ami(found.partition, found.partition) != finding._ami(found.partition, found.partition)


@pytest.mark.parametrize("counted", ["full", "fractional"])
def test_draws_of_events_have_on_average_the_weights_of_the_network(make_records, small_study, counted):
    """With half of a shared year in each period, an event of 2007 is drawn as half an event."""
    kinds = [("partner", "325411"), ("partner", "334111"), ("partner", "336111")]
    rows = [
        (f"a{year}{n}", "alliance", year, [kinds[n], kinds[n - 1]], [("partner", "DE21")] * 2)
        for year in (2006, 2007, 2007, 2008)
        for n in range(3)
    ]
    rows = [(f"{number}", *row[1:]) for number, row in enumerate(rows)]
    settings = open_study(small_study).settings
    settings = msgspec.structs.replace(settings, shared_year="half", counting=counted)
    counts = counting.count_records(make_records(rows), settings)
    for name, weight in (("2000-2007", 2.0), ("2007-2014", 2.0)):
        network = counting.networks(counts)[f"sector__alliance__{name}"]
        assert network.links["weight"].tolist() == [weight] * 3
        pairs = counting.event_pairs(counts, network)
        assert sorted(pairs["year_weight"].unique()) == [0.5, 1.0]
        matrix, _, times = incidence(pairs, network.nodes["node"].tolist(), counted)
        assert (matrix.T @ times).tolist() == [weight] * 3


def test_communities_of_five_events(five_events, small_study):
    counts = counting.count_records(five_events, open_study(small_study).settings)
    networks = counting.networks(counts)
    name = "sector__all__2000-2007"
    found = finding.find(networks[name], counting.event_pairs(counts, networks[name]), counts.settings)
    table = found.table()
    assert table.columns.tolist() == ["node", "label", "community", "stability", "role"]
    assert set(table["node"]) >= {"325", "334"}
    assert (table.loc[table["role"] == "left out", "community"] == -1).all()
    assert found.summary()["network"] == name
    rows = finding.agreement_of({name: found, "sector__all__2007-2014": found})
    assert [(row["a"], row["b"]) for row in rows] == [(name, "sector__all__2007-2014")]
    assert [(row["ami"], row["vi"]) for row in rows] == [(1.0, 0.0)]
