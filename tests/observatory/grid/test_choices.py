"""The grid's choices: which runs they ask for, and what each run decides."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pandas as pd
import pytest

from ingest.faults import BadInput
from linkages import Network
from linkages.periods import Period
from observatory.settings import Grid, Settings, Source
from observatory.side_by_side import Workers
from observatory.stages import grid as stage
from observatory.stages import grid_tables
from observatory.study import open_study


def plain(**changes: object) -> Settings:
    return Settings("T", {"a": Source("regpat", ["x"])}, **changes)  # type: ignore[arg-type]


def test_without_a_grid_there_is_the_study_s_own_choice():
    settings = plain(sector_level="naics4", counting="fractional")
    assert stage.choices(settings) == [stage.own_choice(settings)]
    assert stage.own_choice(settings) == stage.Choice("naics4", "fractional", "both", "none", 1.0, 1)


def test_every_choice_with_every_other_and_each_once():
    settings = plain(grid=Grid(level=["naics3", "naics2", "naics3"], gamma=[1.0, 0.8], seed=[1, 2, 3]))
    found = stage.choices(settings)
    assert len(found) == len(set(found)) == 2 * 2 * 3
    assert found == sorted(found)


def test_variations_change_one_choice_at_a_time():
    settings = plain(grid=Grid(gamma=[0.8, 1.2]))
    varied = stage.variations(settings)
    assert [choice.gamma for choice in varied["gamma"]] == [0.8, 1.0, 1.2]
    assert [choice.counting for choice in varied["counting"]] == ["fractional", "full"]
    assert varied["seed"] == [stage.own_choice(settings)]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('level = ["naics9"]', "one of naics2, naics3"),
        ("level = []", "a list"),
        ('backbone = ["strong"]', "one of none, association, noise_corrected, disparity"),
        ("gamma = [-1.0]", "at least 0"),
        ("seed = [0]", "at least 1"),
        ("seeds = [1]", "one of level, counting, shared_year, backbone, gamma, seed"),
    ],
)
def test_what_the_grid_cannot_be_is_a_fault_with_its_line(own_study, line, expected, with_grid):
    file = with_grid(own_study, f"[grid]\n{line}\n") / "study.toml"
    with pytest.raises(BadInput) as caught:
        open_study(own_study)
    (fault,) = caught.value.faults
    assert expected in fault.expected
    assert fault.line == len(file.read_text(encoding="utf-8").splitlines())


# --- carrying to a coarser level ---


def test_a_coarse_sector_goes_where_most_of_its_strength_is():
    fine = pd.Series({"3251": 1, "3254": 0, "3259": 1, "3341": 2, "Mine": 3})
    links = pd.DataFrame(
        [("3251", "3341", 1.0), ("3254", "3341", 3.0), ("3259", "Mine", 1.5)], columns=["source", "target", "weight"]
    )
    assert stage.carried(fine, links, "naics3", {"Mine": ["711"]}).to_dict() == {"325": 0, "334": 2, "Mine": 3}
    assert stage.carried(fine, links, "naics2", {"Mine": ["711"]})["31-33"] == 2


def test_of_two_with_as_much_strength_the_larger_takes_it():
    links = pd.DataFrame([("3251", "3254", 1.0)], columns=["source", "target", "weight"])
    assert stage.carried(pd.Series({"3251": 1, "3254": 0}), links, "naics3", {}).to_dict() == {"325": 0}


def test_only_nested_levels_are_carried_and_only_upward(study, records):
    settings = open_study(study).settings
    own = stage.own_choice(settings)
    wanted = [own, replace(own, level="industry")]
    three, other = sorted(
        stage.search(records, settings, wanted, ["all"], [Period(2000, 2007)], lambda _: None, Workers(1)),
        key=lambda one: one.choice.level == "industry",
    )
    assert three.at("naics3", {}) is three.partition.membership
    assert three.at("naics4", {}) is None
    assert three.at("industry", {}) is None
    assert other.at("naics2", {}) is None
    assert set(three.at("naics2", {}).index) <= {"31-33", "54", "62"}
    runs = grid_tables.runs_table([other], grid_tables.keyed([three, other]), settings)
    assert runs["ami"].isna().all()


def test_a_backbone_may_leave_nothing():
    links = pd.DataFrame({"source": ["a", "b"], "target": ["b", "c"], "weight": [1.0, 1.0]})
    network = Network.from_pandas(links)
    assert stage.standing_out(network, "none") is network
    bare = stage.standing_out(network, "disparity")
    assert bare.links.empty
    found = list(
        stage._looked(
            {("full", "both"): network},
            plain().communities,
            "all",
            Period(2000, 2007),
            [stage.Choice("naics3", "full", "both", "disparity", 1.0, 1)],
        )
    )
    assert found[0].partition.membership.empty
    assert found[0].number.rule == "none"


def test_a_number_that_the_study_sets_holds_for_every_run(study):
    settings = open_study(study).settings
    chosen = msgspec.structs.replace(settings.communities, spaces=2)
    links = pd.DataFrame({"source": ["a", "b", "c"], "target": ["b", "c", "d"], "weight": [1.0, 1.0, 1.0]})
    number = stage._number(Network.from_pandas(links), chosen, 1)
    assert (number.k, number.rule) == (2, "study")


# --- the run and its tables ---
