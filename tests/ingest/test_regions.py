"""Places to NUTS2."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.cities import find_city
from ingest.regions import PLACE, PLACED_BY, place, region_table

Cell = str | None


def placed(
    code: Cell = None, city: Cell = None, country: Cell = None, *, nuts: int = 2013
) -> tuple[Cell, Cell, Cell, Cell]:
    places = pd.DataFrame([(code, None, city, country)], columns=list(PLACE), dtype=object)
    row = place(places, nuts=nuts).iloc[0]
    cells = (row[c] for c in ("region", "nuts3", "country_code", "placed_by"))
    region, nuts3, country_code, how = (None if pd.isna(cell) else str(cell) for cell in cells)
    return region, nuts3, country_code, how


@pytest.mark.parametrize(
    ("city", "country", "region"),
    [
        ("München", "DE", "DE21"), ("MUENCHEN", "Germany", "DE21"), ("Munich", "DEU", "DE21"),
        ("8000 München", "DE", "DE21"), ("M√ºnchen", "DE", "DE21"), ("Cologne", "DE", "DEA2"),
        ("KÖLN", "DE", "DEA2"), ("FRANKFURT AM MAIN", "DE", "DE71"), ("Frankfurt a.M.", "DE", "DE71"),
        ("Frankfurt", "DE", "DE71"), ("Frankfurt (Oder)", "DE", "DE40"), ("Göteborg", "SE", "SE23"),
        ("Gothenburg", "Sweden", "SE23"), ("Goeteborg", "SE", "SE23"), ("København", "DK", "DK01"),
        ("COPENHAGEN", "Denmark", "DK01"), ("København K", "DK", "DK01"), ("Wien", "AT", "AT13"),
        ("Vienna", "Austria", "AT13"), ("Thessaloniki", "EL", "EL52"), ("Thessaloniki", "GR", "EL52"),
        ("Θεσσαλονίκη", "Greece", "EL52"), ("София", "BG", "BG41"), ("Praha", "CZ", "CZ01"), ("Prague", "CZ", "CZ01"),
        ("Warszawa", "PL", "PL12"), ("Łódź", "PL", "PL11"), ("Lodz", "Poland", "PL11"), ("Milano", "IT", "ITC4"),
        ("L AQUILA", "IT", "ITF1"), ("L'Aquila", "IT", "ITF1"), ("Bozen/Bolzano", "IT", "ITH1"),
        ("RENDE CS", "IT", "ITF6"), ("Paris", "FR", "FR10"), ("PARIS LA DEFENSE CEDEX", "FR", "FR10"),
        ("Saint-Etienne", "FR", "FR71"), ("St. Etienne", "FR", "FR71"), ("Salamanca", "ES", "ES41"),
        ("TRES CANTOS MADRID", "ES", "ES30"), ("LA PLAINE SAINT-DENIS", "FR", "FR10"), ("Ste Clotilde", "FR", "FRA4"),
        ("San Sebastián", "ES", "ES21"), ("Las Palmas", "ES", "ES70"),
        ("Funchal", "PT", "PT30"), ("Genève", "CH", "CH01"), ("St. Gallen", "CH", "CH05"), ("Oslo", "NO", "NO01"),
        ("Cambridge", "UK", "UKH1"), ("Newcastle", "GB", "UKC2"), ("Mamoudzou", "FR", "FRA5"),
        ("Brussels", "BE", "BE10"), ("Bruxelles", "BE", "BE10"), ("'s-Hertogenbosch", "NL", "NL41"),
        ("Den Haag", "NL", "NL33"), ("The Hague", "NL", "NL33"), ("Istanbul", "Turkey", "TR10"),
        ("Heraklion", "GR", "EL43"), ("Bizkaia", "ES", "ES21"), ("Berlin Adlershof", "DE", "DE30"),
        ("Adlershof Berlin", "DE", "DE30"), ("Neubiberg bei München", "DE", "DE21"),
        ("SAINT MARTIN D HERES CEDEX", "FR", "FR71"),
        ("NESSUNDOVE OXFORDSHIRE", "UK", "UKJ1"), ("Martinsried", "DE", "DE21"), ("Oxfordshire", "UK", "UKJ1"),
    ],
)  # fmt: skip
def test_cities(city: str, country: str, region: str) -> None:
    assert placed(city=city, country=country) == (region, None, region[:2], "city")


def test_london_is_one_of_the_inner_regions() -> None:
    assert placed(city="London SW1A 1AA", country="UK")[0] in ("UKI3", "UKI4")
    assert placed(city="London", country="England", nuts=2010)[0] == "UKI1"


def test_the_study_version_decides() -> None:
    assert placed(city="Budapest", country="HU")[0] == "HU10"
    assert placed(city="Budapest", country="HU", nuts=2016)[0] == "HU11"
    assert placed(city="Orléans", country="FR", nuts=2021)[0] == "FRB0"
    assert placed(city="Athens", country="GR", nuts=2006)[0] == "EL30"
    assert placed(city="Mamoudzou", country="FR", nuts=2010) == (None, None, "FR", "country only")
    assert placed(city="Belgrade", country="RS")[0] == "RS"
    assert placed(city="Belgrade", country="RS", nuts=2021)[0] == "RS11"


def test_namesakes_in_other_countries_are_not_mixed() -> None:
    assert placed(city="Halle", country="BE")[0] == "BE24"
    assert placed(city="Halle", country="DE")[0] == "DEE0"
    assert placed(city="Valencia", country="VE")[0] == "VE"


def test_the_order_code_city_country() -> None:
    assert placed("DE712", "Hamburg", "DE") == ("DE71", "DE712", "DE", "region code")
    assert placed("DEZZZ", "Hamburg", "DE") == ("DE60", None, "DE", "city")
    assert placed("DEZZZ", "Hamburg", None) == ("DE60", None, "DE", "city")
    assert placed("DEZZZ", None, None) == (None, None, "DE", "country only")
    assert placed("", "Hamburg", "DE") == ("DE60", None, "DE", "city")
    assert placed("n.a.", "Hamburg", "DE") == ("DE60", None, "DE", "city")
    assert placed("US06075", None, "US") == ("US", None, "US", "region code")


def test_country_alone() -> None:
    assert placed(country="Japan") == ("JP", None, "JP", "country")
    assert placed(city="Boston", country="US") == ("US", None, "US", "country")
    assert placed(country="Germany") == (None, None, "DE", "country only")
    assert placed(city="Atlantisburg", country="DE") == (None, None, "DE", "country only")
    for country in ("EE", "CY", "LU", "MT", "LV", "IS", "ME", "LI", "MK", "LT"):
        assert placed(country=country) == (f"{country}00", None, country, "country")
    assert placed(country="LT", nuts=2016) == (None, None, "LT", "country only")
    assert placed(country="Kosovo") == ("XK", None, "XK", "country")


def test_parts_of_countries() -> None:
    assert placed(country="Guadeloupe") == ("FRA1", None, "FR", "country")
    assert placed(country="GP", nuts=2021) == ("FRY1", None, "FR", "country")
    assert placed(country="Northern Ireland") == ("UKN0", None, "UK", "country")
    assert placed(city="Saint-Denis", country="RE") == ("FRA4", None, "FR", "city")
    assert placed(country="Scotland") == (None, None, "UK", "country only")


def test_countries_that_are_no_more() -> None:
    assert placed(city="Bratislava", country="Czechoslovakia") == ("SK01", None, "SK", "city")
    assert placed(city="Brno", country="Czechoslovakia") == ("CZ06", None, "CZ", "city")
    assert placed(city="Ljubljana", country="YU")[0] == "SI04"
    assert placed(city="Tallinn", country="Soviet Union")[0] == "EE00"
    assert placed(country="Czechoslovakia") == (None, None, "CZ", "country only")
    assert placed(country="West Germany", city="Bonn")[0] == "DEA2"


def test_nothing_known() -> None:
    assert placed() == (None, None, None, "unplaced")
    assert placed(city="Paris") == (None, None, None, "unplaced")
    assert placed(city="Paris", country="Supranational") == (None, None, None, "unplaced")
    assert placed("  ", " ", "\t") == (None, None, None, "unplaced")


def test_every_region_is_placed_by_its_own_code() -> None:
    regions = region_table()["region"]
    answer = place(pd.DataFrame({"region_code": regions, "postcode": None, "city": None, "country": None}))
    assert answer["region"].tolist() == regions.tolist()
    assert set(answer["placed_by"]) == {"region code"}


def test_a_name_that_others_go_on_from_is_not_taken_for_them() -> None:
    assert find_city("Villanova sul Nessundove", "IT") is None  # many a Villanova has its own second name
    assert find_city("Ellwangen Nirgendwo", "DE") == "DE11"


def test_rows_and_columns_are_kept() -> None:
    places = pd.DataFrame(
        {"extra": [1, 2], "country": ["DE", None], "city": ["Ulm", None], "postcode": ["89073", None],
         "region_code": [None, None]},
        index=[9, 4],
    )  # fmt: skip
    answer = place(places)
    assert list(answer) == [*PLACE, "region", "nuts3", "country_code", "placed_by"]
    assert list(answer.index) == [9, 4]
    assert answer["postcode"].tolist()[0] == "89073"
    assert str(answer["region"].dtype) == str(answer["nuts3"].dtype) == "str"


def test_no_rows() -> None:
    assert place(pd.DataFrame(columns=list(PLACE), dtype="str")).shape == (0, 8)


def test_missing_columns_and_versions() -> None:
    with pytest.raises(ValueError, match=r"lack the columns \['region_code', 'postcode'\]"):
        place(pd.DataFrame({"city": ["Ulm"], "country": ["DE"]}))
    with pytest.raises(ValueError, match="NUTS 2024"):
        place(pd.DataFrame(columns=list(PLACE)), nuts=2024)


CELLS = {
    "region_code": st.sampled_from([None, "DE712", "DEZZZ", "US06075", "??", "UKI1"]),
    "postcode": st.sampled_from([None, "89073", "SW1A 1AA", "??"]),
    "city": st.sampled_from([None, "Ulm", "Paris", "London SW1A 1AA", "Nowhere"]),
    "country": st.sampled_from([None, "DE", "France", "UK", "Japan", "Supranational"]),
}


@settings(max_examples=40, deadline=None)
@given(st.lists(st.fixed_dictionaries(CELLS), min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(rows: list[dict[str, str | None]], chance: object) -> None:
    places = pd.DataFrame(rows, columns=list(PLACE), dtype=object)
    order = list(range(len(rows)))
    chance.shuffle(order)  # type: ignore[attr-defined]
    straight, shuffled = place(places), place(places.iloc[order])
    pd.testing.assert_frame_equal(straight, shuffled.sort_index())
    assert set(straight["placed_by"]) <= set(PLACED_BY)
    known = straight["placed_by"].isin(["region code", "postal code", "city", "country"])
    assert (straight["region"].notna() == known).all()
    assert (straight["country_code"].isna() == (straight["placed_by"] == "unplaced")).all()
