"""Stars at any level: NACE, NAICS, SIC, the emerging industries and groups of the user's own."""

import pandas as pd
import pytest

from ingest.faults import BadInput
from observatory.stars import star_scores
from observatory.stars.levels import LEVELS, check_level, shares_at, to_level
from observatory.stars.stated import how, thresholds

CODES = {"10.11": 60.0, "10.20": 30.0, "C11.07": 10.0, "26": 50.0, "62.01": 5.0}


def table_of(codes, regions=5, year=2014):
    rows = [
        (f"DE1{r}", code, year, employed * (regions - r))
        for r in range(regions) for code, employed in codes.items()
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["region", "industry", "year", "employment"])


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        ("section", ["C", "J"]),
        ("division", ["10", "11", "26", "62"]),
        ("group", ["10.1", "10.2", "11.0", "62.0"]),
        ("class", ["10.11", "10.20", "11.07", "62.01"]),
    ],
)
def test_levels_of_nace(level, expected):
    scores = star_scores(table_of(CODES), "nace", level=level)
    assert sorted(set(scores["industry"])) == expected
    # one of five regions is in the top fifth, and the largest is so everywhere
    assert set(scores.loc[scores["size"] > 0, "region"]) == {"DE10"}
    lost = [note for note in scores.attrs["notes"] if "outside them: 26" in note]
    assert bool(lost) == (level in ("group", "class"))


def test_the_2009_method_at_a_level_and_for_groups():
    codes = {"10.11": 60.0, "26": 50.0, "62.01": 5.0}
    table = table_of(codes, regions=10)
    table.loc[(table["region"] == "DE10") & (table["industry"] == "26"), "employment"] = 50_000.0
    scores = star_scores(table, "nace", "observatory2009", level="division").set_index(["industry", "region"])
    assert sorted({name for name, _ in scores.index}) == ["10", "26", "62"]
    assert scores.loc[("26", "DE10"), ["size", "focus"]].to_list() == [1, 1]
    grouped = star_scores(table, "nace", "observatory2009", level="groups", groups={"Own": ["nace:26", "nace:62"]})
    assert grouped.groupby("industry")["size"].sum().to_dict() == {"Own": 1}
    assert grouped.attrs["how"].startswith("Observatory 2009, for the study's own groups")


def test_a_section_is_the_sum_of_its_divisions():
    rows = table_of(CODES).assign(**dict.fromkeys(
        ("wages", "firms", "paid", "paid_wages", "high_growth_smes", "frontier_firms"), 1.0))  # fmt: skip
    cells, notes = to_level(rows, "nace", "section")
    top = cells[cells["region"] == "DE10"].set_index("industry")["employment"]
    assert top.to_dict() == {"C": 5 * 150.0, "J": 5 * 5.0}
    assert notes == []


def test_levels_of_naics():
    scores = star_scores(table_of({"336411": 5.0, "3344": 3.0, "44-45": 1.0}), "naics", level="naics2")
    assert sorted(set(scores["industry"])) == ["31-33", "44-45"]
    scores = star_scores(table_of({"336411": 5.0, "3344": 3.0}), "naics", level="naics3")
    assert sorted(set(scores["industry"])) == ["334", "336"]


def test_sic_codes_are_carried_to_the_51():
    shares = shares_at(pd.Series(["2834", "3711"]), "sic", "industry")
    assert shares.set_index("code")["industry"].to_dict() == {"2834": "Biopharmaceuticals", "3711": "Automotive"}
    scores = star_scores(table_of({"2834": 5.0, "3711": 3.0}), "sic")
    assert sorted(set(scores["industry"])) == ["Automotive", "Biopharmaceuticals"]
    with pytest.raises(BadInput, match="a US SIC code"):
        star_scores(table_of({"28345": 5.0}), "sic")


GROUPS = {"Fashion": ["Apparel", "316"], "Food": ["311", "nace:11.07"], "All": ["Apparel", "311", "316", "312"]}


def test_groups_of_names_and_codes():
    shares = shares_at(pd.Series(["315210", "316210", "311111", "3121", "541511"]), "naics", "groups",
                       {name: [m for m in members if ":" not in m] for name, members in GROUPS.items()})  # fmt: skip
    found = shares.groupby("industry")["code"].agg(list).to_dict()
    assert found == {
        "All": ["311111", "3121", "315210", "316210"], "Fashion": ["315210", "316210"], "Food": ["311111"],
    }  # fmt: skip
    assert (shares["share"] == 1.0).all()


def test_groups_of_a_table_in_nace():
    shares = shares_at(pd.Series(["11.07", "14.11", "10.11"]), "nace", "groups", GROUPS).set_index(["code", "industry"])
    assert shares.loc[("11.07", "Food"), "share"] == 1.0
    assert ("14.11", "Fashion") in shares.index
    assert (shares["share"] <= 1.0).all()


def test_groups_of_a_table_in_names_overlap_and_are_summed():
    rows = table_of({"apparel": 4.0, "Footwear": 2.0, "My trade": 1.0})
    groups = {"Fashion": ["Apparel", "Footwear"], "Mine": ["My trade", "Apparel"]}
    scores = star_scores(rows, "industry", level="groups", groups=groups)
    assert sorted(set(scores["industry"])) == ["Fashion", "Mine"]
    shares = shares_at(rows["industry"].drop_duplicates(), "industry", "groups", groups)
    assert shares.to_numpy().tolist() == [
        ["Footwear", "Fashion", 1.0], ["My trade", "Mine", 1.0], ["apparel", "Fashion", 1.0], ["apparel", "Mine", 1.0],
    ]  # fmt: skip


def test_members_that_are_nothing_are_named_all_at_once():
    wrong = {"One": ["Apparell", "311"], "Two": ["nace:10"]}
    with pytest.raises(BadInput) as caught:
        star_scores(table_of({"Apparel": 1.0}), "industry", level="groups", groups=wrong)
    assert [fault.value for fault in caught.value.faults] == ["Apparell", "311", "nace:10"]
    with pytest.raises(BadInput) as caught:
        star_scores(table_of({"315210": 1.0}), "naics", level="groups", groups={"One": ["999", "Apparel", "nace:10"]})
    assert [fault.value for fault in caught.value.faults] == ["999", "nace:10"]


def test_the_share_of_a_code_in_the_emerging_industries_is_the_sum_over_their_parts():
    direct = star_scores(table_of({"10.11": 3.0, "29": 5.0}), "nace", level="emerging")
    shares = shares_at(pd.Series(["10.11", "29"]), "nace", "emerging")
    assert set(shares["industry"]) == set(direct["industry"])
    assert shares["share"].between(0, 1, inclusive="right").all()


def test_a_level_that_does_not_fit_the_table():
    for level, industry in (("nonsense", "nace"), ("division", "naics"), ("naics3", "industry"), ("groups", "nace")):
        with pytest.raises(ValueError, match="level"):
            check_level(level, industry)
    for level in LEVELS:
        check_level(level, "nace", {"a": ["311"]})


def test_method_and_thresholds_are_stated():
    scores = star_scores(table_of({"Apparel": 1.0}), "industry", level="emerging")
    assert scores.attrs["how"] == how("panorama", "emerging", [2014], [2014])
    assert scores.attrs["thresholds"] == thresholds("panorama")
    for word in ("top 20 %", "20 %, 40 %, 60 %", "high from 13, medium from 10, basic from 7", "the ten emerging"):
        assert word in scores.attrs["how"]
    assert thresholds("panorama") == {
        "yearly_top_share": 0.2, "summed_top_shares": [0.2, 0.4, 0.6], "tiers": {"high": 13, "medium": 10, "basic": 7},
    }  # fmt: skip
    assert thresholds("observatory2009") == {
        "size_top_share": 0.1, "focus_top_share": 0.1, "specialisation_least_quotient": 2.0,
    }  # fmt: skip
    assert "top 10 %" in how("observatory2009", "industry", [2014], [2014])
