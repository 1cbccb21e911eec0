"""The project's own table of postal codes: known codes of every country, how codes are written, beginnings."""

from __future__ import annotations

import csv
import importlib.util
import tomllib
from importlib import resources
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.matching import Matching
from ingest.nuts import STUDY_VERSIONS, regions_of_country
from ingest.postcode_forms import DIGITS, codes_in, stems
from ingest.postcodes import Postcodes, region_of_postcode
from ingest.regions import PLACE, place

#: Codes of public buildings and city centres, and the region of NUTS 2013 that everybody knows them to be in.
KNOWN = """
DE 80331 DE21|DE 10115 DE30|DE 20095 DE60|DE 70173 DE11|DE 60311 DE71|DE 01067 DED2|DE 04109 DED5|DE 50667 DEA2
DE 28195 DE50|DE 27568 DE50|DE 89073 DE14|DE 89231 DE27|DE 21073 DE60|DE 55116 DEB3|DE 65183 DE71|DE 67059 DEB3
FR 75001 FR10|FR 69001 FR71|FR 13001 FR82|FR 33000 FR61|FR 20000 FR83|FR 97400 FRA4|FR 67000 FR42|FR 59000 FR30
FR 31062 FR62|FR 92800 FR10|FR 97110 FRA1|FR 97200 FRA2|FR 97300 FRA3|FR 38000 FR71|FR 06560 FR82|FR 35000 FR52
UK SW1A1AA UKI3|UK EH11YZ UKM2|UK CF101EP UKL2|UK BT15GS UKN0|UK CB21TN UKH1|UK OX13BD UKJ1|UK M11AE UKD3
UK LS14AP UKE4|UK E145AB UKI4|UK B11BB UKG3|UK BN11AA UKJ2|UK SO171BJ UKJ3|UK ZE10AA UKM6|UK AB101XG UKM5
AT 1010 AT13|AT 8010 AT22|AT 6020 AT33|AT 5020 AT32|AT 4020 AT31|AT 9020 AT21|AT 3100 AT12|AT 7000 AT11|AT 6900 AT34
CH 8001 CH04|CH 1201 CH01|CH 3011 CH02|CH 4051 CH03|CH 9000 CH05|CH 6003 CH06|CH 6900 CH07
BE 1000 BE10|BE 2000 BE21|BE 9000 BE23|BE 4000 BE33|BE 3000 BE24|BE 1348 BE31|BE 8000 BE25|BE 3500 BE22|BE 7000 BE32
BE 6700 BE34|BE 5000 BE35|NL 1012AB NL32|NL 3011 NL33|NL 5611 NL41|NL 9712 NL11|NL 3511 NL31|NL 6511 NL22|NL 6211 NL42
NL 7511 NL21|NL 8911 NL12|NL 4331 NL34|NL 1315 NL23|NL 9401 NL13|DK 1050 DK01|DK 8000 DK04|DK 5000 DK03|DK 9000 DK05
DK 4000 DK02|DK 2800 DK01|SE 11122 SE11|SE 41104 SE23|SE 21120 SE22|SE 75320 SE12|SE 90325 SE33|SE 55318 SE21
NO 0150 NO01|NO 5003 NO05|NO 7010 NO06|NO 4006 NO04|FI 00100 FI1B|FI 20100 FI1C|FI 33100 FI19|FI 90100 FI1D
FI 22100 FI20|PL 00-950 PL12|PL 30-001 PL21|PL 50-001 PL51|PL 80-001 PL63|PL 60-001 PL41|PL 40-001 PL22
CZ 11000 CZ01|CZ 60200 CZ06|CZ 30100 CZ03|CZ 70200 CZ08|SK 81101 SK01|SK 04001 SK04|SK 01001 SK03|SK 91701 SK02
HU 1011 HU10|HU 6720 HU33|HU 4024 HU32|HU 9021 HU22|HU 3525 HU31|HU 7621 HU23|RO 010011 RO32|RO 400001 RO11
RO 300001 RO42|BG 1000 BG41|BG 9000 BG33|BG 4000 BG42|EL 10557 EL30|EL 54621 EL52|EL 71202 EL43|EL 26221 EL63
IT 00184 ITI4|IT 20121 ITC4|IT 10121 ITC1|IT 80121 ITF3|IT 50121 ITI1|IT 39100 ITH1|IT 38121 ITH2|IT 40121 ITH5
ES 28001 ES30|ES 08001 ES51|ES 41001 ES61|ES 35001 ES70|ES 07001 ES53|ES 51001 ES63|ES 48001 ES21|ES 46001 ES52
PT 1000-205 PT17|PT 4000-123 PT11|PT 9000-018 PT30|PT 3000-033 PT16|PT 4000 PT11|IE D02X285 IE02|IE H91TK33 IE01
IE T12XF62 IE02|HR 10000 HR04|HR 21000 HR03|SI 1000 SI04|SI 2000 SI03|LT 01103 LT00|LV LV-1010 LV00|EE 10111 EE00
LU L-1010 LU00|CY 1010 CY00|IS 101 IS00|LI 9490 LI00|MK 1000 MK00|TR 34110 TR10|TR 06100 TR51|TR 35210 TR31
"""
CASES = [case.split() for line in KNOWN.strip().splitlines() for case in line.split("|")]


@pytest.mark.parametrize(("country", "code", "region"), CASES, ids=[" ".join(case[:2]) for case in CASES])
def test_codes_that_everybody_knows(country: str, code: str, region: str) -> None:
    assert region_of_postcode(country, code) == region


def test_other_versions_and_countries_that_came_later() -> None:
    assert [region_of_postcode("FR", "69001", v) for v in STUDY_VERSIONS] == ["FR71", "FR71", "FR71", "FRK2", "FRK2"]
    assert [region_of_postcode("PL", "00-950", v) for v in STUDY_VERSIONS] == ["PL12", "PL12", "PL12", "PL91", "PL91"]
    assert [region_of_postcode("RS", "11000", v) for v in (2013, 2021)] == [None, "RS11"]
    assert [region_of_postcode("LT", "LT-44240", v) for v in (2013, 2021)] == ["LT00", "LT02"]


@pytest.mark.parametrize(
    ("country", "text", "codes"),
    [
        ("DE", "22 Street, D-80331 München", ["80331"]), ("DE", " de-80331 ", ["80331"]), ("FR", "F-75001", ["75001"]),
        ("DE", "F-75001", []), ("DE", "F-75001 Paris", []), ("DE", "8000 München", []), ("DE", "803310", []),
        ("FR", "31062 CEDEX 9", ["31062"]), ("FR", "31062 TOULOUSE CEDEX 9", ["31062"]), ("FR", "75 001", ["75001"]),
        ("UK", "sw1a 1aa", ["SW1A"]), ("UK", "SW1A", ["SW1A"]), ("UK", "London SW1A 1AA", ["SW1A"]),
        ("UK", "Leeds LS1 4AP, UK", ["LS1"]), ("UK", "N11AA", ["N1"]), ("UK", "N111AA", ["N11"]),
        ("UK", "London EC1", ["EC1"]), ("UK", "Unit B1", []), ("UK", "B1 The Yard, Ely", []),
        ("SE", "111 22", ["11122"]), ("SE", "SE-111 22 Stockholm", ["11122"]), ("SE", "Box 24218 Stockholm", []),
        ("CZ", "Technická 2, 166 27 Praha 6", ["16627"]), ("SK", "811 01", ["81101"]), ("EL", "GR-105 57", ["10557"]),
        ("PL", "00-950 Warszawa", ["00950"]), ("PL", "PL-00950", ["00950"]), ("PT", "4000-123 Porto", ["4000123"]),
        ("PT", "P-4000 Porto", ["4000"]), ("PT", "40001", []), ("LV", "LV-1010", ["1010"]),
        ("LU", "L - 1010", ["1010"]), ("MT", "VLT", ["VLT"]), ("FI", "PL 33100 Oulu", []), ("FR", "BP. 33000 Pau", []),
        ("NL", "1012 AB", ["1012"]), ("NL", "Dam 1, 1012AB Amsterdam", ["1012"]), ("IE", "D02 X285", ["D02"]),
        ("IE", "Dublin 2", []), ("IE", "D6W", ["D6W"]), ("MT", "VLT 1117", ["VLT"]), ("MT", "Valletta", []),
        ("AT", "Langgasse 1010, 8010 Graz", ["8010"]), ("AT", "Top 1010 Haus, A-8010 Graz", ["8010", "1010"]),
        ("DK", "1234-5 Vej", []), ("US", "90210", []), ("DE", "99999", []), ("DE", "12345", []), ("DE", "", []),
        ("DE", "München", []),
    ],
)  # fmt: skip
def test_how_codes_are_written(country: str, text: str, codes: list[str]) -> None:
    assert list(codes_in(country, text)) == codes


def rows_of_table() -> list[dict[str, str]]:
    path = resources.files("ingest") / "reference" / "regions" / "postcodes.csv"
    return list(csv.DictReader(path.read_text("utf-8").splitlines()))


def test_the_table_has_a_card() -> None:
    card = tomllib.loads((resources.files("ingest") / "reference" / "regions" / "postcodes.toml").read_text("utf-8"))
    assert {"title", "source", "publisher", "licence", "version", "compiled", "by", "notes"} <= card.keys()


def test_the_table_names_regions_of_its_versions_and_no_code_twice() -> None:
    for country in {row["country"] for row in rows_of_table()}:
        codes = [code for row in rows_of_table() if row["country"] == country for code in row["codes"].split()]
        # No beginning of another: each code has one answer.
        known = set(codes)
        assert len(codes) == len(known)
        assert not [code for code in codes if any(stem in known for stem in stems(country, code) if stem != code)]
    for row in rows_of_table():
        for version in STUDY_VERSIONS:
            region = row[f"nuts{version}"]
            assert not region or region in regions_of_country(row["country"], version)
        assert row["nuts2021"]


def test_a_code_is_not_taken_by_a_beginning_that_the_table_does_not_state() -> None:
    stated: dict[str, set[str]] = {row["country"]: set() for row in rows_of_table()}
    for row in rows_of_table():
        stated[row["country"]] |= set(row["codes"].split())
    for country in ("DE", "AT", "RO"):
        for number in range(0, 10 ** DIGITS[country], 10 ** (DIGITS[country] - 3) // 7 + 1):
            code = f"{number:0{DIGITS[country]}d}"
            taken = region_of_postcode(country, code, 2021)
            stand_in = (len(code) > 4 and len(set(code)) == 1) or code == "12345"
            known = not stand_in and any(code.startswith(stem) for stem in stated[country])
            assert (taken is not None) == known
            assert region_of_postcode(country, code[:-1], 2021) is None  # a digit short


# --- places ---


def placed(match: Matching | None = None, **cells: str) -> list[str | None]:
    row = pd.DataFrame([{column: cells.get(column) for column in PLACE}], dtype=object)
    found = place(row, match=match).iloc[0]
    return [None if pd.isna(found[column]) else found[column] for column in ("region", "placed_by")]


def test_the_levels_in_their_order() -> None:
    assert placed(postcode="80331", city="Hamburg", country="DE") == ["DE21", "postal code"]
    assert placed(region_code="DE600", postcode="80331", country="DE") == ["DE60", "region code"]
    assert placed(city="22 Street, D-80331 München", country="DE") == ["DE21", "postal code"]
    assert placed(postcode="8000", city="München", country="DE") == ["DE21", "city"]  # of before 1993
    assert placed(postcode="8000", country="DE") == [None, "country only"]
    assert placed(postcode="90210", city="Beverly Hills", country="US") == ["US", "country"]


def test_the_table_of_the_study_goes_first() -> None:
    match = Matching(postcodes=Postcodes({("DE", "80331"): "DE600"}))
    assert placed(match, postcode="80331", country="DE") == ["DE60", "postal code"]
    assert placed(match, postcode="10115", country="DE") == ["DE30", "postal code"]


def test_a_code_that_the_version_divides_is_told_apart_by_the_postal_code() -> None:
    assert placed(region_code="UKI1", country="UK")[1] == "region code"
    assert placed(region_code="UKI1", postcode="E14 5AB", country="UK") == ["UKI4", "postal code"]
    assert placed(region_code="UKI1", postcode="LS1 4AP", country="UK")[1] == "region code"  # not in London


def test_a_country_that_is_no_more_had_other_codes() -> None:
    assert placed(postcode="21000", city="Split", country="Yugoslavia") == ["HR03", "city"]
    assert placed(postcode="21000", country="Yugoslavia")[1] == "country only"
    assert placed(postcode="53111", city="Bonn", country="West Germany") == ["DEA2", "postal code"]


# --- the beginnings ---


@pytest.fixture(scope="module")
def script() -> ModuleType:
    path = Path(__file__).parents[2] / "compile" / "postcode_stems.py"
    specification = importlib.util.spec_from_file_location("compile_postcode_stems", path)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


INVENTED = st.dictionaries(
    st.text("0123", min_size=5, max_size=5), st.sampled_from([("DE11",) * 5, ("DE12",) * 5, ("",) * 5]), max_size=60
)


@settings(deadline=None)
@given(codes=INVENTED)
def test_every_code_gives_what_it_gave_before_it_was_shortened(
    script: ModuleType, codes: dict[str, tuple[str, ...]]
) -> None:
    table = script.shortened(codes, "DE")
    for code, regions in codes.items():
        told = next((table[stem] for stem in stems("DE", code) if stem in table), script.NOWHERE)
        assert told == regions
    for stem, regions in table.items():
        below = {code: found for code, found in codes.items() if code.startswith(stem)}
        assert set(below.values()) == {regions}
        assert len(below) >= script.KNOWN or stem in codes


def test_a_code_alone_of_its_region_is_left_out(script: ModuleType) -> None:
    here, there = ("DE30",) * 5, ("DE11",) * 5
    codes = {f"1080{digit}": here for digit in range(10)} | {"10875": there}
    assert "10875" not in script.without_lone(codes, "DE")
    assert script.shortened(script.without_lone(codes, "DE"), "DE") == {"1": here}
    twice = codes | {"10876": there}
    assert script.without_lone(twice, "DE") == twice
