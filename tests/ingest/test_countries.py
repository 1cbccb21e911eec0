"""Countries as vendors write them."""

from __future__ import annotations

import pycountry
import pytest

from ingest.countries import country_code, country_name, part_name, successors


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("GB", "UK"), ("UK", "UK"), ("GBR", "UK"), ("UNITED KINGDOM", "UK"), ("Utd Kingdom", "UK"),
        ("Great Britain", "UK"), ("Scotland", "UK"), ("GR", "EL"), ("EL", "EL"), ("GRC", "EL"), ("Greece", "EL"),
        ("DE", "DE"), ("deu", "DE"), (" Germany ", "DE"), ("West Germany", "DE"), ("DD", "DE"),
        ("United States", "US"), ("USA", "US"), ("U.S.A.", "US"), ("South Korea", "KR"), ("Korea, South", "KR"),
        ("Korea (South)", "KR"), ("North Korea", "KP"), ("Russian Fed", "RU"), ("Russia", "RU"), ("Taiwan", "TW"),
        ("Hong Kong", "HK"), ("Kosovo", "XK"), ("XK", "XK"), ("Türkiye", "TR"), ("Turkey", "TR"),
        ("Czech Republic", "CZ"), ("Czechia", "CZ"), ("Slovak Rep", "SK"), ("The Netherlands", "NL"),
        ("Republic of Ireland", "IE"), ("Macedonia", "MK"), ("Côte d'Ivoire", "CI"), ("Ivory Coast", "CI"),
        ("Soviet Union", "RU"), ("Czechoslovakia", "CZ"), ("Yugoslavia", "RS"), ("Guadeloupe", "FR"),
        ("the bahamas", "BS"), ("Supranational", None), ("Unknown", None), ("-", None), ("", None), ("ZZ", None),
    ],
)  # fmt: skip
def test_spellings(text: str, code: str | None) -> None:
    assert country_code(text) == code


def test_every_iso_country_is_known_by_code_and_name() -> None:
    turned = {"GR": "EL", "GB": "UK", "AX": "FI", "SJ": "NO"} | dict.fromkeys(("GP", "MQ", "GF", "RE", "YT"), "FR")
    for country in pycountry.countries:
        expected = turned.get(country.alpha_2, country.alpha_2)
        for text in (country.alpha_2, country.alpha_3, country.name, country.alpha_2.lower()):
            assert country_code(text) == expected, text


def test_countries_that_are_no_more_have_several_successors() -> None:
    assert successors("Czechoslovakia") == ("CZ", "SK")
    assert set(successors("Yugoslavia")) >= {"RS", "HR", "SI"}
    assert set(successors("USSR")) >= {"RU", "EE", "LV", "LT"}
    assert successors("nowhere") == ()


def test_every_code_of_the_table_is_a_country() -> None:
    for text in ("Soviet Union", "YU", "CS", "Netherlands Antilles", "Channel Islands"):
        assert all(country_code(code) == code for code in successors(text))


def test_parts_of_countries() -> None:
    assert part_name("French Guiana") == "guyane"
    assert part_name("RE") == "reunion"
    assert part_name("Germany") is None


def test_names() -> None:
    assert country_name("EL") == "Greece"
    assert country_name("KR") == "South Korea"
    assert country_name("DE71") == "DE71"
