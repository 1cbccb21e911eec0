"""Region codes of every version."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.nuts import STUDY_VERSIONS, check_version, find_code, region_name, region_table, regions_of_country

NUMBER = {2006: 318, 2010: 316, 2013: 320, 2016: 332, 2021: 334}


@pytest.mark.parametrize(
    ("code", "region"),
    [
        ("DE712", "DE71"), ("de712", "DE71"), (" DE 712 ", "DE71"), ("DE30", "DE30"), ("DE6", "DE60"),
        ("FR24", "FR24"), ("FRB0", "FR24"), ("FRB01", "FR24"), ("FR101", "FR10"), ("FRY10", "FRA1"),
        ("GR300", "EL30"), ("EL300", "EL30"), ("EL301", "EL30"), ("GR122", "EL52"), ("EL52", "EL52"),
        ("PL127", "PL12"), ("PL911", "PL12"), ("PL92", "PL12"), ("UKI11", "UKI3"), ("UKI12", "UKI4"),
        ("UKI21", "UKI5"), ("UKI22", "UKI6"), ("UKI23", "UKI7"), ("HR03", "HR03"), ("HR031", "HR03"),
        ("HR011", "HR04"), ("HR05", "HR04"), ("ITD59", "ITH5"), ("ITE31", "ITI3"), ("DED1", "DED4"),
        ("DED33", "DED4"), ("DEE1", "DEE0"), ("DE41", "DE40"), ("DK001", "DK01"), ("DK00C", "DK04"),
        ("DK008", "DK03"), ("FI181", "FI1B"), ("SI01", "SI03"), ("IE04", "IE01"), ("IE061", "IE02"),
        ("LT02", "LT00"), ("HU11", "HU10"), ("UKM8", "UKM3"), ("NO082", "NO01"), ("NO0A2", "NO05"),
        ("PT1B0", "PT17"), ("NL35", "NL31"), ("CH011", "CH01"), ("TR100", "TR10"), ("AL011", "AL"), ("RS110", "RS"),
        ("US06075", "US"), ("JPD15", "JP"), ("CN011", "CN"), ("KR013", "KR"),
    ],
)  # fmt: skip
def test_codes_of_any_version_in_2013(code: str, region: str) -> None:
    assert find_code(code).region == region


@pytest.mark.parametrize(
    ("code", "nuts", "region"),
    [
        ("HU101", 2016, "HU11"), ("HU102", 2021, "HU12"), ("LT00A", 2016, "LT01"), ("PL127", 2016, "PL91"),
        ("FR24", 2021, "FRB0"), ("IE025", 2016, "IE05"), ("UKM32", 2016, "UKM9"), ("NO011", 2021, "NO08"),
        ("NO072", 2021, "NO07"), ("FRA50", 2021, "FRY5"), ("UKI3", 2010, "UKI1"), ("EL52", 2006, "EL12"),
        ("ITH5", 2006, "ITD5"), ("RS110", 2021, "RS11"), ("AL01", 2016, "AL01"), ("PT1A", 2021, "PT17"),
    ],
)  # fmt: skip
def test_codes_in_other_study_versions(code: str, nuts: int, region: str) -> None:
    assert find_code(code, nuts).region == region


@pytest.mark.parametrize("nuts", STUDY_VERSIONS)
def test_every_region_of_a_version_is_itself(nuts: int) -> None:
    for region in region_table(nuts)["region"]:
        found = find_code(region, nuts)
        assert (found.region, found.country, found.spread) == (region, region[:2], False)


#: Mayotte and Svalbard came into NUTS late; before, their codes give the country alone.
LATE = {2006: {"FRA5", "FRY5", "NO0B"}, 2010: {"FRA5", "FRY5", "NO0B"}, 2013: {"NO0B"}, 2016: {"NO0B"}, 2021: set()}


@pytest.mark.parametrize("nuts", STUDY_VERSIONS)
def test_a_code_of_any_version_has_a_region_of_the_study_version(nuts: int) -> None:
    regions = set(region_table(nuts)["region"])
    without = set()
    for code in {code for other in STUDY_VERSIONS for code in region_table(other)["region"]}:
        found = find_code(code, nuts)
        assert found.country == code[:2]
        outside = found.region == code[:2] and not regions_of_country(code[:2], nuts)
        if found.region not in regions and not outside:
            without.add(code)
    assert without == LATE[nuts]


def test_nuts3_only_where_the_version_has_it() -> None:
    assert find_code("DE712").nuts3 == "DE712"
    assert find_code("EL301").nuts3 == "EL301"
    assert find_code("EL300").nuts3 is None  # divided in 2013
    assert find_code("EL300", 2010).nuts3 == "EL300"
    assert find_code("DE71").nuts3 is None
    assert find_code("US060").nuts3 is None
    assert find_code("DE9ZZ").nuts3 is None


def test_spread_is_said() -> None:
    assert find_code("UKI1").spread  # inner London lies in UKI3 and UKI4
    assert find_code("UKI1").region == "UKI4"
    assert not find_code("UKI11").spread
    assert find_code("PL12", 2016).spread
    assert not find_code("PL12").spread


@pytest.mark.parametrize("code", ["DEZZZ", "DEZZ", "DEZ", "DE", "DE7", "DE999", "deZZZ"])
def test_a_code_without_a_region_gives_its_country(code: str) -> None:
    assert (find_code(code).region, find_code(code).country) == (None, "DE")


@pytest.mark.parametrize("code", ["", "-", "12345", "ZZZZZ", "n.a.", "XX123", "D"])
def test_no_code_at_all(code: str) -> None:
    found = find_code(code)
    assert found.region is None
    assert found.country is None


@given(st.text(max_size=8))
def test_any_text_gives_a_region_or_none(text: str) -> None:
    found = find_code(text)
    assert found.region is None or found.country is not None


@pytest.mark.parametrize("nuts", STUDY_VERSIONS)
def test_region_table(nuts: int) -> None:
    table = region_table(nuts)
    assert list(table) == ["region", "name", "country", "longitude", "latitude"]
    assert len(table) == NUMBER[nuts]
    assert table["region"].is_unique
    assert table["region"].is_monotonic_increasing
    assert (table["region"].str[:2] == table["country"]).all()
    assert not table.duplicated(["longitude", "latitude"]).any()
    assert table.notna().all().all()
    assert not set(table["country"]) & {"GR", "GB"}
    assert table["name"].map(lambda name: all(ord(c) < 0x370 or ord(c) > 0x530 for c in name)).all()
    europe = table[~table["region"].str.match("FRA|FRY|FR9|ES70|PT[23]0|NO0B")]
    assert europe["longitude"].between(-25, 45).all()
    assert europe["latitude"].between(34, 72).all()


def test_points_lie_where_the_regions_do() -> None:
    points = region_table().set_index("region")
    boxes = {"DE21": (10.7, 47.3, 13.2, 49.1), "EL43": (23.4, 34.7, 26.4, 35.8), "FRA4": (55.1, -21.5, 55.9, -20.8),
             "AT13": (16.1, 48.1, 16.6, 48.4), "PT30": (-17.4, 32.5, -16.2, 33.2)}  # fmt: skip
    for region, (west, south, east, north) in boxes.items():
        assert west < points.at[region, "longitude"] < east
        assert south < points.at[region, "latitude"] < north


def test_names() -> None:
    assert region_name("DE21") == "Oberbayern"
    assert region_name("BG41") == "Yugozapaden"
    assert region_name("UK") == "United Kingdom"
    assert region_name("FRB0", 2016) != region_name("FRB0", 2013) == "FRB0"


def test_unknown_version() -> None:
    with pytest.raises(ValueError, match="NUTS 2024 is not among"):
        check_version(2024)
    with pytest.raises(ValueError, match="1999"):
        region_table(1999)


def test_parts_of_regions_that_were_drawn_anew_lie_where_they_were() -> None:
    # Before 2021 Agder and Rogaland were one region, and Østfold, Buskerud, Vestfold and Telemark another.
    for code, region in (("NO0A1", "NO04"), ("NO092", "NO04"), ("NO083", "NO03"), ("NO085", "NO03"), ("NO084", "NO01")):
        found = find_code(code, 2013)
        assert (found.region, found.spread) == (region, False)
    assert [find_code("NO0A1", version).region for version in STUDY_VERSIONS] == [*["NO04"] * 4, "NO0A"]
    assert [find_code("NO083", version).region for version in STUDY_VERSIONS] == [*["NO03"] * 4, "NO08"]
    assert {find_code("PT1D3", version).region for version in STUDY_VERSIONS} == {"PT18"}
    assert {find_code("PT1D2", version).region for version in STUDY_VERSIONS} == {"PT16"}
