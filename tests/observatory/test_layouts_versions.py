"""Regions of several versions of NUTS: told, set aside or refused, and carried."""

from pathlib import Path

import pandas as pd
import pytest

from ingest.faults import BadInput
from ingest.nuts import STUDY_VERSIONS, bridge, region_table
from observatory.stars import read_figures
from observatory.stars.layouts.cells import Options
from observatory.stars.layouts.places import check_nuts, nuts_codes, region_level
from observatory.stars.layouts.versions import _moves, carried, versions_of

HEAD = "freq,nace_r2,indic_sb,geo\\TIME_PERIOD\t2014 \t2018 \n"


def sbs(folder: Path, *rows: str) -> Path:
    path = folder / "sbs_r_nuts06_r2.tsv"
    path.write_text(HEAD + "".join(f"A,C10,V16110,{row}\n" for row in rows), encoding="utf-8")
    return path


def own(folder: Path, *rows: str) -> Path:
    path = folder / "own.csv"
    path.write_text("region,industry,year,employment\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_renamed_regions_are_carried_exactly(tmp_path: Path) -> None:
    path = sbs(tmp_path, "FR24\t100 \t: ", "FRB0\t: \t120 ", "FR10\t900 \t950 ")
    table = read_figures([path], options=Options(nuts=2016)).table
    assert table[["region", "year", "employment"]].to_numpy().tolist() == [
        ["FR10", 2014, 900],
        ["FR10", 2018, 950],
        ["FRB0", 2014, 100],
        ["FRB0", 2018, 120],
    ]
    back = read_figures([path], options=Options(nuts=2013)).table
    assert set(back["region"]) == {"FR10", "FR24"}
    assert back["employment"].sum() == table["employment"].sum()


def test_without_a_version_the_change_is_said(tmp_path: Path) -> None:
    figures = read_figures([sbs(tmp_path, "FR24\t100 \t: ", "FRB0\t: \t120 ")])
    assert set(figures.table["region"]) == {"FR24", "FRB0"}
    assert any("FR: 2013 in 2014, " in note and "--nuts" in note for note in figures.table.attrs["notes"])


def test_a_divided_region_is_set_aside_and_said(tmp_path: Path) -> None:
    figures = read_figures([sbs(tmp_path, "HU10\t100 \t: ", "HU21\t5 \t6 ")], options=Options(nuts=2016))
    assert set(figures.table["region"]) == {"HU21"}
    assert "regions that NUTS 2016 divides (HU10)" in set(figures.ledger["reason"])


def test_merged_regions_are_added_where_all_are_known(tmp_path: Path) -> None:
    figures = read_figures(
        [sbs(tmp_path, "HU11\t: \t70 ", "HU12\t: \t30 ", "HU21\t: \t5 ")], options=Options(nuts=2013)
    )
    assert figures.table.set_index("region")["employment"].dropna().to_dict() == {"HU10": 100, "HU21": 5}
    assert any("merged" in note and "HU11 in HU10" in note for note in figures.table.attrs["notes"])
    figures = read_figures(
        [sbs(tmp_path, "HU11\t: \t70 ", "HU12\t: \t: c", "HU21\t: \t5 ")], options=Options(nuts=2013)
    )
    assert set(figures.table.dropna()["region"]) == {"HU21"}
    reasons = figures.ledger.set_index("reason")["cells"]
    assert reasons["parts of a merged region of which another has no figure (HU11, HU12)"] == 2
    assert reasons["read"] == reasons.drop("read").sum() == 6


def test_two_versions_in_a_publishers_year_are_told_apart(tmp_path: Path) -> None:
    path = sbs(tmp_path, "EL51\t10 \t1 ", "EL52\t10 \t1 ", "EL53\t10 \t1 ", "EL11\t9 \t: ")
    figures = read_figures([path])
    assert set(figures.table["region"]) == {"EL51", "EL52", "EL53"}
    reason = "regions of another version of NUTS than the others of their country and year (EL11)"
    assert figures.ledger.set_index("reason")["cells"][reason] == 1


def test_two_versions_in_an_own_table_are_refused(tmp_path: Path) -> None:
    path = own(
        tmp_path, "EL51,C10,2014,10", "EL52,C10,2014,10", "EL11,C10,2014,9", "EL11,C11,2014,9", "DE21,C10,2014,1"
    )
    with pytest.raises(BadInput) as caught:
        read_figures([path])
    assert [(fault.line, fault.value) for fault in caught.value.faults] == [(4, "EL11, 2014")]
    assert "one version of NUTS" in caught.value.faults[0].expected


def test_names_that_are_no_codes_stand_as_they_are(tmp_path: Path) -> None:
    path = own(tmp_path, "Paris,C10,2014,10", "US-01,C10,2014,9", "US,C10,2014,3", "FR24,C10,2014,1")
    table = read_figures([path], options=Options(nuts=2021)).table
    assert set(table["region"]) == {"Paris", "US-01", "US", "FRB0"}


def test_the_version_of_a_study_is_taken_where_several_fit() -> None:
    cells = pd.DataFrame({"region": ["AT11", "AT12"], "year": 2014, "value": 1.0})
    assert [versions_of(cells, nuts)["version"].item() for nuts in STUDY_VERSIONS] == list(STUDY_VERSIONS)
    assert versions_of(cells)["version"].item() == 2024
    check_nuts(None)
    with pytest.raises(ValueError, match="not among the versions"):
        check_nuts(2011)


@pytest.mark.parametrize(
    ("old", "new"), [(2010, 2013), (2013, 2016), (2016, 2013), (2013, 2021), (2021, 2013), (2024, 2021)]
)
def test_carrying_loses_and_doubles_nothing(old: int, new: int) -> None:
    """Every region once with 1: what is carried and what is set aside make up the whole."""
    regions = sorted(nuts_codes(old))
    cells = pd.DataFrame({
        "region": regions, "industry": "C10", "year": 2014, "measure": "firms", "value": 1.0, "unit": "units",
        "flag": "", "file": "a", "line": range(len(regions)), "estimated": "",
    })  # fmt: skip
    # the table's version is known here; by its codes alone a country may fit several
    countries = sorted({region[:2] for region in regions})
    versions = pd.DataFrame({"country": countries, "year": 2014, "version": old, "fits": True})
    done = carried(cells, versions, new)
    aside = sum(len(rows) for _, rows in done.aside)
    assert done.cells["value"].sum() + aside == len(regions)
    assert not done.cells["region"].duplicated().any()
    assert set(done.cells["region"]) <= nuts_codes(new)
    kinds = {how for _, how in _moves(old, new).values()}
    assert "renamed" in kinds or old > new or (old, new) == (2010, 2013)
    # what is said to be renamed is the only region that lies in the new one, by the table of codes itself
    table = bridge(old, new)
    for region, (where, how) in _moves(old, new).items():
        if how == "renamed":
            assert (table.loc[~table["spread"], "carried"] == where).sum() == 1
            assert region not in nuts_codes(new)


def test_every_region_of_nuts_is_one_and_its_country_is_none() -> None:
    for version in STUDY_VERSIONS:
        codes = [code for code in region_table(version)["region"] if len(code) == 4]
        assert {region_level(code) for code in codes} == {"nuts2"}
    assert [region_level(code) for code in ("UKI", "DE212", "EA19", "DE999", "XX11")] == [
        "nuts1",
        "nuts3",
        "other",
        "other",
        "other",
    ]
