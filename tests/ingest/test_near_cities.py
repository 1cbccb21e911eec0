"""Cities of nearly the name, postal codes, and what a person decided on places."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.faults import BadInput
from ingest.matching import ANSWERS, Decision, Matching, in_force
from ingest.near_cities import SHORTEST, near_cities
from ingest.postcodes import Postcodes, plain, read_postcodes
from ingest.regions import PLACE, PLACED_BY, doubtful, place

Cell = str | None


def placed(rows: list[tuple[Cell, Cell, Cell, Cell]], match: Matching | None = None) -> list[tuple[Cell, str]]:
    found = place(pd.DataFrame(rows, columns=list(PLACE), dtype=object), match=match)
    cells = zip(found["region"], found["placed_by"], strict=True)
    return [(None if pd.isna(region) else str(region), str(how)) for region, how in cells]


@pytest.mark.parametrize(
    ("city", "country", "region"),
    [
        ("LEVERKUSSEN", "DE", "DEA2"), ("WOLVERHAMPTOM", "UK", "UKG2"), ("NOTTHINGHAM", "UK", "UKF1"),
        ("Yverdo-les-Bains", "CH", "CH01"), ("SAN BAGIO DI CALLALTA", "IT", "ITH3"), ("MAISON ALFORT", "FR", "FR10"),
    ],
)  # fmt: skip
def test_a_slip_in_a_long_name_is_taken(city: str, country: str, region: str) -> None:
    assert placed([(None, None, city, country)]) == [(region, "fuzzy city")]


@pytest.mark.parametrize(
    ("city", "country"),
    [("ULTRECHT", "NL"), ("GORIZA", "IT"), ("BARRINGTON", "UK"), ("HEIBRUNN", "DE"), ("Ulmm", "DE")],
)
def test_what_is_less_sure_is_left_to_a_person(city: str, country: str) -> None:
    assert placed([(None, None, city, country)]) == [(None, "country only")]


def test_likeness_by_hand() -> None:
    # utrecht, a town, has 7 of 8 letters right: 87.5, 2 for a town, 5 more on the common scale
    (first, *_) = near_cities("ULTRECHT", "NL")
    assert (first.name, first.region, first.score) == ("utrecht", "NL31", 94.5)
    assert near_cities("Ulm", "DE") == ()  # too short
    assert near_cities("Springfield", "US") == ()
    assert len("ulm") < SHORTEST


def test_two_regions_nearly_as_near_are_in_doubt() -> None:
    near = near_cities("BARRINGTON", "UK")
    assert len({one.region for one in near}) == len(near) > 1
    assert near[0].score <= 94.0


def test_limits_are_the_study_s() -> None:
    row = [(None, None, "ULTRECHT", "NL")]
    assert placed(row, Matching(accept=90.0)) == [("NL31", "fuzzy city")]
    assert placed([(None, None, "LEVERKUSSEN", "DE")], Matching(accept=99.5)) == [(None, "country only")]


def test_a_decision_comes_before_the_city_and_behind_the_code() -> None:
    said = [Decision("place", "", "Ulm", "DE", "accept", "DE30"), Decision("place", "", "LEVERKUSSEN", "DE", "reject")]
    match = Matching(decisions=said)
    assert placed([(None, None, "Ulm", "Germany"), ("DE712", None, "Ulm", "DE"), (None, None, "Ulm", "AT")], match) == [
        ("DE30", "decision"), ("DE71", "region code"), (None, "country only"),
    ]  # fmt: skip
    assert placed([(None, None, "LEVERKUSSEN", "DE")], match) == [(None, "country only")]
    assert doubtful(place(pd.DataFrame([(None, None, "LEVERKUSSEN", "DE")], columns=list(PLACE))), match=match).empty


def test_doubtful_places_are_told_with_their_candidates() -> None:
    rows = [
        (None, None, city, country)
        for city, country in [("HEIBRONN", "DE"), ("Ulm", "DE"), ("Xqzw", "DE"), (None, "DE")]
    ]
    found = doubtful(place(pd.DataFrame(rows, columns=list(PLACE), dtype=object)))
    assert found["city"].tolist() == ["HEIBRONN"]
    assert found.loc[0, "candidates"].startswith('[["heilbronn", "DE11", 95.4], ["heilsbronn", "DE25", 85.0]')


TEXT = st.text(st.sampled_from("abcdeilnrstuMW üß-. 0123"), max_size=16)


@settings(deadline=None)
@given(TEXT, st.sampled_from(["DE", "FR", "US"]))
def test_near_cities_are_ordered_and_of_one_region_each(city: str, country: str) -> None:
    near = near_cities(city, country)
    assert len({one.region for one in near}) == len(near) <= 5
    rest = [one.score for one in near[1:]]
    assert rest == sorted(rest, reverse=True)
    assert all(75.0 <= one.score < 100.0 for one in near)


# --- postal codes ---

GISCO = "\n".join(
    (
        *("NUTS3;CODE", "'DE212';'80333'", "'DE300';'10115'", "'UKI32';'SW1A 1AA'", "'UKI32';'SW1A 1AA'"),
        *("'UKI31';'SW1A 1AA'", "'NL326';'1012 AB'", ""),
    )
)
GEONAMES = "DE\t80333\tMünchen\tBayern\tBY\nGR\t105 57\tAthens\t\t\nDE\t99999\tNirgendwo\t\t\n"


def table(tmp_path: Path, text: str) -> Postcodes:
    (tmp_path / "codes.csv").write_text(text, encoding="utf-8")
    return read_postcodes(tmp_path / "codes.csv")


def test_a_table_of_gisco(tmp_path: Path) -> None:
    match = Matching(postcodes=table(tmp_path, GISCO))
    rows: list[tuple[Cell, Cell, Cell, Cell]] = [
        (None, "80333", "Hamburg", "DE"), (None, None, "Platz der Oper 12, D-80333 M.", "DE"),
        (None, "SW1A1AA", None, "GB"), (None, None, "Dam 1, 1012 AB A'dam", "NL"), (None, "00998", "Ulm", "DE"),
        (None, "80333", None, "GR"), ("DE300", "80333", None, "DE"),
    ]  # fmt: skip
    assert placed(rows, match) == [
        ("DE21", "postal code"), ("DE21", "postal code"), ("UKI3", "postal code"), ("NL32", "postal code"),
        ("DE14", "city"), (None, "country only"), ("DE30", "region code"),
    ]  # fmt: skip
    assert repr(match.postcodes) == "<Postcodes: 4>"


def test_a_table_of_geonames_names_places(tmp_path: Path) -> None:
    match = Matching(postcodes=table(tmp_path, GEONAMES))
    rows = [(None, "80333", None, "DE"), (None, "10557", None, "Greece"), (None, "99999", "Ulm", "DE")]
    assert placed(rows, match) == [
        ("DE21", "postal code"), ("EL30", "postal code"), ("DE14", "city"),
    ]  # fmt: skip


def test_without_a_table_the_program_has_its_own() -> None:
    assert placed([(None, "80333", None, "DE"), (None, "00000", None, "DE")]) == [
        ("DE21", "postal code"), (None, "country only"),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["", "a;b\n1;2\n", "NUTS3\nDE212\n"])
def test_a_table_of_neither_layout_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadInput, match=r"codes\.csv, line 1.*NUTS3;CODE"):
        table(tmp_path, text)


def test_a_table_that_is_not_there_or_no_text(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="a file of postal codes"):
        read_postcodes(tmp_path / "none.csv")
    (tmp_path / "bad.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadInput, match="UTF-8 text"):
        read_postcodes(tmp_path / "bad.csv")


def test_plain_codes() -> None:
    assert [plain(code) for code in ("111 22", "sw1a-1aa", "")] == ["11122", "SW1A1AA", ""]


# --- decisions ---

DECISION = st.builds(
    Decision,
    st.sampled_from(["place", "name"]),
    st.sampled_from(["A AG", "B AG"]),
    st.sampled_from(["", "Ulm"]),
    st.sampled_from(["DE", ""]),
    st.sampled_from(ANSWERS),
    st.sampled_from(["DE30", "B AG"]),
    st.just(""),
)


@settings(deadline=None)
@given(st.lists(DECISION, max_size=8))
def test_the_last_word_counts(said: list[Decision]) -> None:
    standing = in_force(said)
    assert len({one.key for one in standing}) == len(standing)
    for one in standing:
        assert one == [other for other in said if other.key == one.key][-1]
    assert in_force(standing) == standing
    if said:
        undone = Decision(
            *[getattr(said[0], f) for f in ("kind", "name", "place", "country")], "undo", said[0].other, ""
        )
        assert said[0].key not in {one.key for one in in_force([*said, undone])}


def test_a_pair_of_names_is_the_same_either_way_round() -> None:
    one = Decision("name", "A AG", "", "DE", "accept", "B AG", "AT")
    assert one.key == Decision("name", "B AG", "", "AT", "reject", "A AG", "DE").key
    assert Matching(decisions=[one]).pairs("accept") == {frozenset({("A AG", "DE"), ("B AG", "AT")})}
    assert Matching(decisions=[one]).pairs("reject") == set()


def test_every_level_is_listed() -> None:
    assert PLACED_BY[:4] == ("region code", "decision", "postal code", "city")
