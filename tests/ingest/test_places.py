"""How a city is written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.places import cuts, decoded_once_more, fold, spelled_out, variants, without_e


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("MÜNCHEN", "munchen"), ("Saint-Étienne", "St. Etienne"), ("Sankt Pölten", "St. Pölten"),
        ("Łódź", "LODZ"), ("Ærøskøbing", "aeroskobing"), ("Gießen", "GIESSEN"), ("İstanbul", "Istanbul"),
        ("L’Aquila", "L'AQUILA"), ("Baden - Baden", "Baden-Baden"), ("Đakovo", "Dakovo"), ("Παρίσι", "παρισι"),
    ],
)  # fmt: skip
def test_two_spellings_fold_to_one(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@given(st.text(max_size=30))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(max_size=30))
def test_every_variant_is_folded_and_new(text: str) -> None:
    found = list(variants(text))
    assert len(found) == len(set(found))
    assert "" not in found


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("D-80333 München", "munchen"), ("80333 München", "munchen"), ("LONDON SW1A 1AA", "london"),
        ("London W1", "london"), ("1012 AB Amsterdam", "amsterdam"), ("PARIS CEDEX 16", "paris"),
        ("Lyon Cedex", "lyon"), ("Milano (MI)", "milano"), ("Bozen/Bolzano", "bolzano"), ("Torino - TO", "torino"),
        ("Frankfurt a.M.", "frankfurt am main"), ("FRANKFURT A/M", "frankfurt am main"),
        ("Freiburg i. Br.", "freiburg im breisgau"), ("Bad Homburg v.d.H.", "bad homburg vor der hohe"),
        ("Mülheim a.d. Ruhr", "mulheim an der ruhr"), ("Muenchen", "munchen"), ("KØBENHAVN Ø 2100", "kobenhavn o"),
        ("City of London", "london"), ("Bern, Switzerland", "bern"), ("M√ºnchen", "munchen"),
        ("(Uccle) Bruxelles", "bruxelles"), ("Elsene (Ixelles)", "ixelles"),
    ],
)  # fmt: skip
def test_a_variant_is_the_plain_name(text: str, name: str) -> None:
    assert name in list(variants(text))


def test_only_what_was_encoded_twice_is_decoded() -> None:
    assert decoded_once_more("Göteborg".encode().decode("mac_roman")) == "Göteborg"
    assert decoded_once_more("Göteborg".encode().decode("latin-1")) == "Göteborg"
    assert decoded_once_more("Göteborg") == "Göteborg"
    assert decoded_once_more("Θεσσαλονίκη") == "Θεσσαλονίκη"


def test_shortened_names_are_written_out_and_others_left() -> None:
    assert spelled_out("limburg a d lahn") == "limburg an der lahn"
    assert spelled_out("ingolstadt a d") == "ingolstadt an der donau"
    assert spelled_out("paris") == "paris"
    assert without_e("goettingen") == "gottingen"


def test_cuts_lose_no_word() -> None:
    halves = list(cuts("Tres Cantos Madrid 28760"))
    assert halves == [("tres cantos", "madrid"), ("tres", "cantos madrid")]
    assert list(cuts("Paris")) == []
