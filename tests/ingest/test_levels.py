"""Sectors at each level: digits, industries, emerging industries and the user's own groups."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import levels
from ingest.concordance import naics_codes, naics_titles
from ingest.faults import BadInput
from ingest.levels import LEVELS, all_sectors, emerging_of_industry, industry_of, sector_label, sectors_at

FASHION = {"Fashion": ["313", "314", "315", "316"]}
#: NAICS 2017 codes of no industry: farming, rail, post, funds, notaries, public administration.
NO_INDUSTRY = {"111", "112", "482", "491", "525", "541", "921", "922", "923", "924", "925", "926", "927", "928"}


def at(code, level, groups=None):
    found = sectors_at([code], level, groups)
    return dict(zip(found["sector"], found["share"], strict=True))


@pytest.mark.parametrize(
    ("code", "level", "sectors"),
    [
        ("325411", "naics2", {"31-33"}),
        ("452210", "naics2", {"44-45"}),
        ("491110", "naics2", {"48-49"}),
        ("511210", "naics2", {"51"}),
        ("31-33", "naics2", {"31-33"}),
        ("32", "naics2", {"31-33"}),
        ("325411", "naics3", {"325"}),
        ("325411", "naics4", {"3254"}),
        ("325411", "naics5", {"32541"}),
        ("325411", "naics6", {"325411"}),
        ("325", "naics4", set()),
        ("31-33", "naics3", set()),
        ("999999", "naics3", set()),
        ("", "naics2", set()),
        ("336411", "industry", {"Aerospace Vehicles and Defence"}),
        ("541714", "industry", {"Education and Knowledge Creation"}),
        ("722511", "industry", set()),
        ("3364", "industry", set()),
        ("325412", "emerging", {"Biopharmaceuticals"}),
        ("711130", "emerging", {"Creative Industries", "Experience Industries"}),
        ("311111", "emerging", set()),
    ],
)
def test_levels(code, level, sectors):
    assert set(at(code, level)) == sectors


def test_an_industry_of_two_emerging_ones_is_shared_out():
    assert at("711130", "emerging") == {"Creative Industries": 0.5, "Experience Industries": 0.5}


def test_groups_fold_digits_into_a_name():
    assert at("315210", "naics3", FASHION) == {"Fashion": 1.0}
    assert at("313", "naics4", FASHION) == {"Fashion": 1.0}
    assert at("325411", "naics3", FASHION) == {"325": 1.0}
    assert at("31", "naics2", FASHION) == {"31-33": 1.0}
    # the longest digits win
    assert at("325411", "naics3", {"Chemistry": ["325"], "Life": ["3254"]}) == {"Life": 1.0}
    assert at("336411", "naics2", {"Making": ["31-33"]}) == {"Making": 1.0}


def test_groups_fold_industries_too():
    groups = {"Arts": ["Performing Arts"], "Stage": ["Experience Industries"]}
    assert at("711130", "industry", groups) == {"Arts": 1.0}
    assert at("339920", "emerging", groups) == {"Stage": 1.0}
    assert at("512250", "emerging", {"Culture": ["Creative Industries", "Experience Industries"]}) == {"Culture": 1.0}


def test_faults_of_groups_come_all_at_once():
    with pytest.raises(BadInput) as caught:
        sectors_at([], "naics3", {"A": ["325", "xx"], "B": ["325", "Performing Arts"]})
    assert [fault.value for fault in caught.value.faults] == ["xx", "325", "Performing Arts"]


def test_an_unknown_level_or_kind_is_refused():
    for call in (lambda: sectors_at([], "nace2"), lambda: sector_label("x", "y"), lambda: all_sectors("nuts2")):
        with pytest.raises(ValueError, match="expected one of naics2, "):
            call()
    with pytest.raises(ValueError, match="traded or all"):
        industry_of([], kind="local")


@given(
    st.lists(st.sampled_from([*sorted(naics_titles()), "x"]), max_size=30),
    st.sampled_from(LEVELS),
    st.sampled_from([None, FASHION]),
)
@settings(max_examples=40, deadline=None)
def test_shares_sum_to_one_whatever_the_order(codes, level, groups):
    found = sectors_at(codes, level, groups)
    pd.testing.assert_frame_equal(found, sectors_at(codes[::-1], level, groups))
    assert found.dtypes.astype(str).to_dict() == {"naics": "str", "sector": "str", "share": "float64"}
    sums = found.groupby("naics")["share"].sum()
    assert sums.sub(1).abs().lt(1e-12).all()
    assert set(found["sector"]) <= set(all_sectors(level)["sector"]) | {"Fashion"}


@pytest.mark.parametrize("level", LEVELS)
def test_every_sector_is_reached_and_has_a_label(level):
    table = all_sectors(level)
    assert set(sectors_at(naics_codes(), level)["sector"]) == set(table["sector"])
    assert table["label"].str.len().gt(2).all()
    assert table["sector"].is_monotonic_increasing


def test_labels():
    assert sector_label("naics2", "31-33") == "Manufacturing" == sector_label("naics2", "32")
    assert sector_label("naics3", "325") == "Chemical manufacturing"
    assert sector_label("naics3", "Fashion") == "Fashion"
    assert sector_label("emerging", "Medical Devices") == "Medical Devices"


def test_industries_of_naics_2017():
    every = industry_of(naics_codes(), kind="all")
    assert len(every) == 971
    assert {code[:3] for code in naics_codes() - set(every["naics"])} == NO_INDUSTRY
    traded = industry_of(naics_codes())
    assert traded["industry"].nunique() == 51
    assert set(traded["kind"]) == {"traded"}
    assert set(traded["industry"]).isdisjoint(every.loc[every["kind"] == "local", "industry"])
    assert every["naics"].is_unique


def test_the_ten_emerging_industries():
    table = emerging_of_industry()
    assert set(table["emerging"]) == {
        "Advanced Packaging",
        "Biopharmaceuticals",
        "Blue Growth Industries",
        "Creative Industries",
        "Digital Industries",
        "Environmental Industries",
        "Experience Industries",
        "Logistical Services",
        "Medical Devices",
        "Mobility Technologies",
    }
    assert set(table["industry"]) <= set(levels.all_sectors("industry")["sector"])
    assert not table.duplicated().any()


def test_a_group_is_not_named_as_a_code_that_it_does_not_hold():
    with pytest.raises(BadInput, match="'334'; expected a name of its own"):
        sectors_at(["325412"], "naics3", {"334": ["325"]})
    assert sectors_at(["325412"], "naics3", {"334": ["334", "325"]})["sector"].tolist() == ["334"]
