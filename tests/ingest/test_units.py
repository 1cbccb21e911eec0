"""Units at a level, and groups of the user's own."""

from __future__ import annotations

import pandas as pd
import pytest

from ingest.faults import BadInput
from ingest.units import region_at

ROWS = pd.DataFrame(
    [("DK01", "DK011"), ("SE22", None), ("DE21", "DE212"), ("US", None), (None, None)],
    columns=["region", "nuts3"],
    index=[7, 5, 3, 1, 0],
)


def units(level: str, groups: dict[str, list[str]] | None = None) -> list[str | None]:
    found = region_at(ROWS, level, groups)
    assert list(found.index) == list(ROWS.index)
    return [None if pd.isna(unit) else unit for unit in found]


def test_levels() -> None:
    assert units("nuts0") == ["DK", "SE", "DE", "US", None]
    assert units("nuts1") == ["DK0", "SE2", "DE2", "US", None]
    assert units("nuts2") == ["DK01", "SE22", "DE21", "US", None]
    assert units("nuts3") == ["DK011", None, "DE212", "US", None]


def test_a_group_takes_the_place_of_its_members() -> None:
    oresund = {"Øresund": ["DK01", "DK02", "SE22"]}
    assert units("nuts2", oresund) == ["Øresund", "Øresund", "DE21", "US", None]
    assert units("nuts0", oresund) == ["Øresund", "Øresund", "DE", "US", None]


def test_groups_of_any_level_the_longest_code_decides() -> None:
    groups = {"Nordic": ["DK", "SE2"], "Copenhagen": ["DK011"], "Overseas": ["US"], "Munich": ["DE212"]}
    assert units("nuts2", groups) == ["Copenhagen", "Nordic", "Munich", "Overseas", None]


def test_every_bad_code_of_a_group_is_said_at_once() -> None:
    groups = {"a": ["DK01", "DK99", "DE71X"], "b": ["DK01", "XX"]}
    with pytest.raises(BadInput) as caught:
        region_at(ROWS, "nuts2", groups)
    assert [fault.value for fault in caught.value.faults] == ["DK99", "DE71X", "DK01", "XX"]
    assert "in one group only" in str(caught.value)


def test_a_code_twice_in_one_group_is_no_fault() -> None:
    assert units("nuts2", {"a": ["DK01", "DK01", "dk01"]})[0] == "a"


def test_unknown_level_and_version() -> None:
    with pytest.raises(ValueError, match="nuts4"):
        region_at(ROWS, "nuts4")
    with pytest.raises(ValueError, match="1999"):
        region_at(ROWS, nuts=1999)


def test_greek_and_british_groups_may_be_written_as_iso_does() -> None:
    rows = pd.DataFrame({"region": ["EL30", "UKI3"], "nuts3": [None, None]})
    assert region_at(rows, "nuts2", {"Capitals": ["GR30", "GBI3"]}).to_list() == ["Capitals", "Capitals"]


def one(region: str, groups: dict[str, list[str]], nuts: int, nuts3: str | None = None) -> str:
    found = region_at(pd.DataFrame({"region": [region], "nuts3": [nuts3]}), "nuts2", groups, nuts=nuts)
    return str(found.iloc[0])


def test_groups_in_codes_of_another_version() -> None:
    assert one("FRB0", {"Centre": ["FR24"]}, 2016) == "Centre"  # recoded
    assert one("FR24", {"Centre": ["FRB0"]}, 2013) == "Centre"
    assert one("HU12", {"Budapest": ["HU10"]}, 2021) == "Budapest"  # divided: both parts
    assert one("DE40", {"Brandenburg": ["DE41", "DE42"]}, 2013) == "Brandenburg"  # merged: all parts named
    assert one("FRD1", {"Bassin": ["FR2"]}, 2016) == "Bassin"  # a NUTS1 region that is no more
    assert one("FRB0", {"Cher": ["FR241"]}, 2016, "FRB01") == "Cher"  # NUTS3, recoded
    assert one("FRB0", {"Cher": ["FR241"]}, 2016, "FRB02") == "FRB0"
    assert one("PT17", {"Lisbon": ["PT1A", "PT1B"]}, 2013) == "Lisbon"  # of 2024


def test_a_nuts3_code_that_does_not_begin_with_its_region() -> None:
    rows = pd.DataFrame({"region": ["UKN0"], "nuts3": ["UKN12"]})
    levels = ("nuts0", "nuts1", "nuts2", "nuts3")
    assert [region_at(rows, level, nuts=2016).iloc[0] for level in levels] == ["UK", "UKN", "UKN0", "UKN12"]
    assert region_at(rows, "nuts3", {"North": ["UKN0"]}, nuts=2016).iloc[0] == "North"


def test_a_part_of_a_region_makes_no_group() -> None:
    with pytest.raises(BadInput) as caught:
        region_at(ROWS, "nuts2", {"Midland": ["IE06"], "Lisbon": ["PT1A"], "Braunau": ["EL300"]})
    assert [fault.value for fault in caught.value.faults] == ["IE06", "PT1A", "EL300"]
    assert "part of IE02" in str(caught.value)
    assert "name PT17 itself, or all of its parts, in group Lisbon" in str(caught.value)


def test_a_region_named_in_two_versions_stands_in_one_group() -> None:
    with pytest.raises(BadInput, match="in one group only"):
        region_at(ROWS, "nuts2", {"a": ["DE40"], "b": ["DE41", "DE42"]})


def test_a_group_is_not_named_as_a_place_that_it_does_not_hold() -> None:
    places = pd.DataFrame({"region": ["DE21", "US"], "nuts3": [None, None]})
    for name in ("NA", "DE11"):
        with pytest.raises(BadInput, match=rf"'{name}'; expected a name of its own"):
            region_at(places, "nuts2", {name: ["US", "DE21"]})
    assert region_at(places, "nuts2", {"US": ["US", "CN"]}).tolist() == ["DE21", "US"]
