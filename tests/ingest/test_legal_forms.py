"""Legal forms in names."""

from __future__ import annotations

import tomllib
from importlib import resources

import pytest

from ingest.legal_forms import latin, legal_forms, without_forms

UNION = "AT BE BG CY CZ DE DK EE EL ES FI FR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
TABLES = resources.files("ingest") / "reference" / "names"


@pytest.mark.parametrize(
    ("name", "bare", "forms"),
    [
        ("Voith GmbH Co. KG", "voith", ["GmbH & Co. KG"]), ("UAB Teltonika", "teltonika", ["UAB"]),
        ("Telefónica, S.A.", "telefonica", ["SA"]), ("S.C. Bitdefender S.R.L.", "bitdefender", ["SRL", "SC"]),
        ("Δημόσια Επιχείρηση Ηλεκτρισμού Α.Ε.", "dimosia epicheirisi ilektrismoy", ["A.E."]),
        ("A/S Norske Shell", "norske shell", ["A/S"]), ("Siemens GmbH Österreich", "siemens osterreich", ["GmbH"]),
        ("Selvita Spółka z ograniczoną odpowiedzialnością", "selvita", ["sp. z o.o."]),
        ("Selvita Sp. z o.o.", "selvita", ["sp. z o.o."]), ("ООО Яндекс", "yandeks", ["OOO"]),
        ("Bosch Gesellschaft mit beschraenkter Haftung", "bosch", ["GmbH"]), ("Volvo", "volvo", []),
        ("MOL Zártkörűen működő részvénytársaság", "mol", ["Rt"]), ("Krka d. o. o.", "krka", ["d.o.o."]),
        ("ESET, spol. s r.o.", "eset", ["s.r.o."]), ("AB Volvo (publ)", "volvo", ["AB", "AB"]),
        ("GmbH", "gmbh", []), ("", "", []),
    ],
)  # fmt: skip
def test_forms_are_taken_off(name: str, bare: str, forms: list[str]) -> None:
    words, found = without_forms(tuple(latin(name.replace("(", " ").replace("&", " ")).split()))
    assert " ".join(words) == bare
    assert [form.name for form in found] == forms


def test_a_form_stands_where_its_law_puts_it() -> None:
    assert without_forms(("oy", "karl", "fazer"))[0] == ("karl", "fazer")
    assert without_forms(("inc", "magazine"))[0] == ("inc", "magazine")  # Inc stands behind a name


def test_every_country_of_the_union_has_a_public_and_a_private_form() -> None:
    import csv

    rows = list(csv.DictReader((TABLES / "legal_forms.csv").read_text("utf-8").splitlines()))
    have = {(country, row["family"]) for row in rows for country in row["countries"].split()}
    lacking = [c for c in UNION.split() if (c, "public") not in have and (c, "private") not in have]
    assert lacking == []
    assert {row["family"] for row in rows} == {
        "public", "private", "partnership", "association", "body", "cooperative", "company"
    }  # fmt: skip
    assert {word for row in rows for word in row["stands"].split()} == {"end", "start", "anywhere"}
    assert len({row["form"] for row in rows}) == len(rows)


def test_what_two_laws_call_alike_contradicts_neither() -> None:
    assert legal_forms()[("epe",)].family == "company"  # a body in Portugal, a private company in Greece


@pytest.mark.parametrize("table", ["legal_forms", "words"])
def test_each_table_has_its_card(table: str) -> None:
    card = tomllib.loads((TABLES / f"{table}.toml").read_text("utf-8"))
    assert {"title", "source", "publisher", "licence", "version"} <= set(card)
