"""Tiers carried from one version of NUTS to another."""

import pandas as pd
import pytest

from ingest.nuts import CODE_VERSIONS, bridge, regions_of_country
from observatory.stars import TIERS, published_tiers
from observatory.stars.carried import carry_tiers, region_moves

#: NUTS 2013 that stands for NUTS 2016 on the Panorama's maps (Annex A), its slips of print mended.
PANORAMA_MAPS = {
    "IE04": "IE01", "IE05": "IE02", "IE06": "IE02", "FRB0": "FR24", "FRC1": "FR26", "FRC2": "FR43", "FRD1": "FR25",
    "FRD2": "FR23", "FRE1": "FR30", "FRE2": "FR22", "FRF1": "FR42", "FRF2": "FR21", "FRF3": "FR41", "FRG0": "FR51",
    "FRH0": "FR52", "FRI1": "FR61", "FRI2": "FR63", "FRI3": "FR53", "FRJ1": "FR81", "FRJ2": "FR62", "FRK1": "FR72",
    "FRK2": "FR71", "FRL0": "FR82", "FRM0": "FR83", "HU11": "HU10", "HU12": "HU10", "LT01": "LT00", "LT02": "LT00",
    "PL71": "PL11", "PL72": "PL33", "PL81": "PL31", "PL84": "PL34", "PL91": "PL12", "PL92": "PL12", "UKM7": "UKM2",
    "UKM8": "UKM3", "UKM9": "UKM3",
}  # fmt: skip


def tiers(**given: str) -> pd.DataFrame:
    return pd.DataFrame([("Plastics", *pair) for pair in given.items()], columns=["industry", "region", "tier"])


def carried(table: pd.DataFrame, new: int) -> dict[str, str]:
    result = carry_tiers(table, 2013, new)
    return dict(zip(result["region"], result["tier"], strict=True))


def test_the_panoramas_own_list_of_moves() -> None:
    moves = region_moves(2013, 2016)
    found = dict(zip(moves["carried"], moves["region"], strict=True))
    assert {new: found[new] for new in PANORAMA_MAPS} == PANORAMA_MAPS
    changed = {new for new, kind in zip(moves["carried"], moves["kind"], strict=True) if kind != "same"}
    overseas = {f"FRY{number}" for number in range(1, 6)}  # the print writes FRA for FRY
    assert changed == {*PANORAMA_MAPS, *overseas, "PL82"}


def test_a_rename_is_exact() -> None:
    assert carried(tiers(FR24="high", DE11="medium"), 2016) == {"FRB0": "high", "DE11": "medium"}


def test_parts_bear_the_tier_of_the_whole() -> None:
    result = carry_tiers(tiers(HU10="medium"), 2013, 2021)
    assert dict(zip(result["region"], result["tier"], strict=True)) == {"HU11": "medium", "HU12": "medium"}
    assert "Divided, and each part bears the tier of the whole: HU10 into HU11, HU12." in result.attrs["notes"]


def test_of_merged_regions_the_better_tier_stands() -> None:
    result = carry_tiers(tiers(UKI3="medium", UKI4="high"), 2013, 2010)
    assert dict(zip(result["region"], result["tier"], strict=True)) == {"UKI1": "high"}
    assert "Merged, and the better tier stands: UKI3, UKI4 into UKI1." in result.attrs["notes"]
    assert carried(tiers(UKI4="basic", UKI3="medium"), 2010) == {"UKI1": "medium"}


def test_a_region_that_is_divided_and_merged_at_once() -> None:
    result = carry_tiers(tiers(NO01="medium", NO03="high"), 2013, 2021)
    assert dict(zip(result["region"], result["tier"], strict=True)) == {"NO08": "high", "NO09": "high"}
    notes = " ".join(result.attrs["notes"])
    assert "NO03 into NO08, NO09" in notes
    assert "NO01, NO03 into NO08" in notes


def test_a_region_that_the_version_lacks_keeps_its_code_and_is_said() -> None:
    result = carry_tiers(tiers(UKI3="high", DE21="high"), 2013, 2024)
    assert set(result["region"]) == {"UKI3", "DE21"}
    assert "Not in NUTS 2024, and kept under the code of 2013: UKI3." in result.attrs["notes"]


def test_moved_borders_are_said() -> None:
    notes = carry_tiers(tiers(IE01="high"), 2013, 2016).attrs["notes"]
    assert "Carried to the region with most of the people, as borders moved: IE01 to IE04." in notes


def test_notes_come_after_those_of_the_table_and_the_same_version_adds_none() -> None:
    table = tiers(FR24="high")
    table.attrs["notes"] = ["A note."]
    assert carry_tiers(table, 2013, 2016).attrs["notes"][0] == "A note."
    assert carry_tiers(table, 2013, 2013).attrs["notes"] == ["A note."]
    with pytest.raises(ValueError, match="neither NUTS 2003 nor 2024"):
        region_moves(2003, 2024)
    with pytest.raises(ValueError, match="NUTS 1999 is not among the versions that are known"):
        bridge(1999, 2013)


@pytest.mark.parametrize("nuts", CODE_VERSIONS)
def test_no_published_cluster_is_lost_in_any_version(nuts: int) -> None:
    before, after = published_tiers(), published_tiers(nuts)
    assert not after.duplicated(["industry", "region"]).any()
    assert after.equals(after.sort_values(["industry", "region"], ignore_index=True))
    moves = region_moves(2013, nuts) if nuts != 2013 else pd.DataFrame({"region": [], "carried": []}, dtype=str)
    goes = moves.groupby("region")["carried"].agg(list).to_dict()
    best = dict(zip(zip(after["industry"], after["region"], strict=True), after["tier"], strict=True))
    for industry, region, tier in before.itertuples(index=False):
        for new in goes.get(region, [region]):
            assert TIERS.index(best[industry, new]) <= TIERS.index(tier)


def test_a_country_that_is_one_region_stands_under_its_code_of_nuts2() -> None:
    codes = set(published_tiers()["region"])
    for country in ("CY", "IS", "LV", "MK"):
        assert regions_of_country(country) == (f"{country}00",)
        assert f"{country}00" in codes
