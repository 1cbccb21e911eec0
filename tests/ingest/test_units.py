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
