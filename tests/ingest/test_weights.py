"""Shares of regions between versions of NUTS."""

from __future__ import annotations

import csv
import tomllib
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ingest
from ingest.nuts import CODE_VERSIONS, STUDY_VERSIONS, bridge, find_code
from ingest.regions import place
from ingest.weights import MEASURES, regions_of_version, share_table, shares

TABLES = Path(ingest.__file__).parent / "reference" / "regions"
#: Regions of territories that NUTS took in late: an older version that reaches their country has no place for them.
LATE = {"FRA5", "FRY5", "NO0B"}
versions = st.sampled_from(CODE_VERSIONS)


@pytest.mark.parametrize("table", ["codes", "recodes", "weights"])
def test_every_table_has_a_card(table: str) -> None:
    card = tomllib.loads((TABLES / f"{table}.toml").read_text("utf-8"))
    assert {"title", "source", "publisher", "licence", "version", "compiled", "by", "notes"} <= card.keys()


@given(versions, versions, st.sampled_from(MEASURES))
def test_the_shares_of_every_region_sum_to_one(old: int, new: int, by: str) -> None:
    table = share_table(old, new, by)
    assert (table["share"] > 0).all()
    sums = table.groupby("region")["share"].sum()
    assert ((sums - 1).abs() < 1e-9).all()
    assert set(regions_of_version(old)) - set(sums.index) <= LATE
    ends = set(table["carried"])
    assert {end for end in ends if len(end) == 4} <= set(regions_of_version(new))
    reached = {region[:2] for region in regions_of_version(new)}
    assert not {end for end in ends if len(end) == 2} & reached


@given(versions, versions)
def test_a_recode_comes_back_to_itself(old: int, new: int) -> None:
    """A whole region of another code that holds nothing else is the same region on the way back."""
    table = share_table(old, new)
    there = table.groupby("carried")["region"].transform("size") == 1
    alone = table.groupby("region")["carried"].transform("size") == 1
    for region, carried in table.loc[there & alone, ["region", "carried"]].itertuples(index=False):
        if len(carried) == 4 and region not in LATE:
            back = shares(carried, new, old)
            assert max(back, key=lambda r: back[r]) == region, (region, carried, back)


@given(st.sampled_from([v for v in STUDY_VERSIONS if v != 2003]), versions)
def test_the_heaviest_part_is_the_region_of_the_bridge(new: int, old: int) -> None:
    for row in bridge(old, new).itertuples(index=False):
        if len(row.carried) == 4:
            parts = shares(row.region, old, new)
            assert next(iter(parts)) == row.carried
            assert (len(parts) > 1) == row.spread


@given(st.integers(0, 10**6), st.sampled_from(STUDY_VERSIONS), st.sampled_from(STUDY_VERSIONS))
def test_what_is_summed_over_regions_is_kept(figure: int, old: int, new: int) -> None:
    table = share_table(old, new)
    carried = (table["share"] * figure).groupby(table["carried"]).sum()
    assert carried.sum() == pytest.approx(figure * table["region"].nunique(), rel=1e-9)


def test_known_changes() -> None:
    assert shares("FR24", 2013, 2016) == {"FRB0": 1.0}
    assert shares("FRB0", 2016, 2013) == {"FR24": 1.0}
    assert shares("EL30", 2010, 2013) == {"EL30": 1.0}
    assert shares("GR30", 2010, 2013) == {}  # ingest.countries turns GR before
    # merged: Chemnitz kept its code apart from what Leipzig gave to it
    assert shares("DEE1", 2003, 2006) == shares("DEE3", 2003, 2021) == {"DEE0": 1.0}
    assert shares("DE41", 2006, 2013) == shares("DE42", 2006, 2013) == {"DE40": 1.0}
    # as many people lived in Budapest and in Pest at the census of 2011: 1,729,040 and 1,217,476
    assert shares("HU10", 2013, 2016)["HU11"] == pytest.approx(1729040 / 2946516, abs=0.002)
    assert shares("HU10", 2013, 2016, by="area")["HU11"] == pytest.approx(525.2 / 6918.3, abs=0.002)
    assert set(shares("DK00", 2003, 2006)) == {"DK01", "DK02", "DK03", "DK04", "DK05"}


def test_what_the_workbook_leaves_unchanged_is_whole() -> None:
    for region in ("DE11", "UKC1", "UKI1", "FR10", "DED3"):
        assert shares(region, 2003, 2006) == {region: 1.0}


def test_nuts_2024() -> None:
    """The changes that the sources know: Portugal, Utrecht and South Holland; the United Kingdom left."""
    assert shares("PT16", 2021, 2024).keys() == {"PT19", "PT1D"}
    assert shares("PT17", 2021, 2024).keys() == {"PT1A", "PT1B"}
    assert shares("PT1A", 2024, 2013) == {"PT17": 1.0}
    assert max(shares("NL36", 2024, 2021).items(), key=lambda x: x[1])[0] == "NL33"
    assert shares("UKI3", 2021, 2024) == {"UK": 1.0}
    assert shares("TR10", 2021, 2024) == {"TR10": 1.0}


def test_new_territory_is_nowhere_before() -> None:
    assert shares("FRA5", 2013, 2006) == {}
    assert shares("NO0B", 2021, 2016) == {}


def test_unknown_measure() -> None:
    with pytest.raises(ValueError, match="people or area; got 'gdp'"):
        shares("DE11", 2013, 2016, by="gdp")


def test_recoded_nuts3_lie_in_the_region_of_their_code() -> None:
    rows = list(csv.DictReader((TABLES / "recodes.csv").read_text("utf-8").splitlines()))
    seen = 0
    for row in rows:
        for nuts in STUDY_VERSIONS:
            near = min((int(v) for v in row["versions"].split()), key=lambda v, to=nuts: (abs(v - to), v))
            found = find_code(row["code"], nuts)
            if row[f"nuts{nuts}"] and found.nuts3 == row[f"nuts{nuts}"]:
                seen += 1
                inside = "UKN0" if found.nuts3.startswith("UKN1") else found.nuts3[:4]
                assert found.region == inside, (row, nuts, near)
    assert seen > 1000


@pytest.mark.parametrize(
    ("code", "nuts", "nuts3"),
    [("FRB01", 2013, "FR241"), ("FR241", 2016, "FRB01"), ("DE421", 2013, "DE401"), ("DE412", 2010, "DE405"),
     ("CZ061", 2013, "CZ063"), ("EL300", 2013, None), ("PL127", 2016, "PL911"),
     ("RO011", 2013, "RO211"), ("UKN12", 2021, "UKN0C"), ("DE712", 2021, "DE712")],
)  # fmt: skip
def test_nuts3_is_told_as_the_study_writes_it(code: str, nuts: int, nuts3: str | None) -> None:
    assert find_code(code, nuts).nuts3 == nuts3


def test_codes_that_the_maps_do_not_show() -> None:
    """Northern Ireland's codes of 2016 do not begin with UKN0; Bulgaria's and Romania's of 2003 are on no map."""
    assert [find_code(code, 2016).region for code in ("UKN10", "UKN12", "UKN16")] == ["UKN0"] * 3
    assert find_code("UKN12", 2016).nuts3 == "UKN12"
    assert [find_code(code).region for code in ("RO06", "RO011", "BG21", "BG111")] == ["RO11", "RO21", "BG41", "BG31"]
    assert sum(shares("BG12", 2003, 2013).values()) == pytest.approx(1.0)


def test_a_divided_code_says_its_parts() -> None:
    found = find_code("UKI1")
    assert found.region == found.parts[0][0] == "UKI4"
    assert found.share == found.parts[0][1] < 0.7
    assert sum(share for _, share in found.parts) == pytest.approx(1.0)
    assert find_code("UKI11").parts == ()
    assert find_code("UKI11").share == 1.0
    assert find_code("SI021", 2013).spread and len(find_code("SI021", 2013).parts) == 2


def test_a_city_tells_the_part_of_a_divided_code() -> None:
    """Budapest and Pest were one region until 2016: 41 % of the people live where most do not."""
    rows = [("HU10", None, "Vác", "HU"), ("HU10", None, "Budapest", "HU"), ("HU10", None, "Debrecen", "HU"),
            ("HU10", None, None, "HU"), ("HU21", None, "Vác", "HU")]  # fmt: skip
    placed = place(pd.DataFrame(rows, columns=["region_code", "postcode", "city", "country"]), nuts=2016)
    assert placed[["region", "placed_by"]].values.tolist() == [
        ["HU12", "city"], ["HU11", "city"], ["HU11", "region code"], ["HU11", "region code"], ["HU21", "region code"],
    ]  # fmt: skip


@pytest.mark.parametrize("nuts", STUDY_VERSIONS)
def test_every_code_that_exists_is_placed(nuts: int) -> None:
    """Each NUTS2 and NUTS3 code of every version has a region, save in territory that the version does not reach."""
    rows = list(csv.DictReader((TABLES / "codes.csv").read_text("utf-8").splitlines()))
    without = {row["code"][:4] for row in rows if find_code(row["code"], nuts).region is None}
    assert without <= LATE
    assert len(rows) > 2500
