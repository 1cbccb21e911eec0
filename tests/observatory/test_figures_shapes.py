"""The regions' shapes: every region there, whole, the right way round, and where it belongs."""

import json
import tomllib
from collections import Counter

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import shape

from ingest.faults import BadInput
from observatory.figures import shapes

OUTLINES = {f["id"]: f for f in json.loads(shapes.SHIPPED.read_text(encoding="utf-8"))["features"]}
REGIONS = {code: shape(f["geometry"]) for code, f in OUTLINES.items() if f["properties"]["kind"] == "region"}
#: Regions of NUTS 2013 by country, as Commission Regulation (EU) 1319/2013 and the EFTA and candidate lists count them.
COUNTRIES = {
    "AT": 9, "BE": 11, "BG": 6, "CH": 7, "CY": 1, "CZ": 8, "DE": 38, "DK": 5, "EE": 1, "EL": 13, "ES": 19, "FI": 5,
    "FR": 27, "HR": 2, "HU": 7, "IE": 2, "IS": 1, "IT": 21, "LI": 1, "LT": 1, "LU": 1, "LV": 1, "ME": 1, "MK": 1,
    "MT": 1, "NL": 12, "NO": 7, "PL": 16, "PT": 7, "RO": 8, "SE": 8, "SI": 2, "SK": 4, "TR": 26, "UK": 40,
}  # fmt: skip
CAPITALS = {
    "AT13": (16.37, 48.21), "BE10": (4.35, 50.85), "BG41": (23.32, 42.70), "CZ01": (14.42, 50.09),
    "DE30": (13.40, 52.52), "DE21": (11.58, 48.14), "DK01": (12.45, 55.70), "ES30": (-3.70, 40.42),
    "FR10": (2.35, 48.86), "EL30": (23.75, 37.98), "HU10": (19.04, 47.50), "IE02": (-6.30, 53.33),
    "ITI4": (12.50, 41.90), "PL12": (21.01, 52.23), "PT17": (-9.14, 38.74), "RO32": (26.10, 44.43),
    "UKI3": (-0.14, 51.50), "FRA5": (45.15, -12.80), "PT20": (-25.55, 37.80),
}  # fmt: skip


def test_every_region_has_a_shape_of_its_own():
    assert Counter(code[:2] for code in REGIONS) == COUNTRIES
    assert all(region.area > 0 for region in REGIONS.values())


@pytest.mark.parametrize("code", CAPITALS)
def test_a_well_known_city_lies_in_its_region(code):
    assert REGIONS[code].contains(shapely.Point(CAPITALS[code]))


def test_regions_do_not_overlap():
    grounds = list(REGIONS.values())
    for one, other in shapely.STRtree(grounds).query(grounds, predicate="overlaps").T:
        common = grounds[one].intersection(grounds[other]).area
        assert common < 0.02 * min(grounds[one].area, grounds[other].area)


def test_outer_rings_run_clockwise_and_coordinates_are_short():
    for outline in OUTLINES.values():
        for outer, *_ in outline["geometry"]["coordinates"]:
            assert not shapely.LinearRing(outer).is_ccw
            assert all(value == round(value, 3) for spot in outer for value in spot)


def test_the_shapes_are_small_and_carry_a_card():
    assert shapes.SHIPPED.stat().st_size < 700_000
    card = tomllib.loads(shapes.SHIPPED.with_suffix(".toml").read_text(encoding="utf-8"))
    assert {"title", "source", "publisher", "licence", "version", "compiled", "notes"} <= set(card)


def test_the_ground_holds_what_was_shipped_and_boxes_for_the_far_regions():
    land = shapes.ground()
    assert set(land.regions) == set(REGIONS)
    names = [box["name"] for box in land.boxes]
    assert names == ["Canarias", "Guadeloupe", "Martinique", "Guyane", "La Réunion", "Mayotte", "Açores", "Madeira"]
    assert "approximate" in land.note


def test_every_region_lies_on_the_sheet_and_holds_its_point():
    land = shapes.ground()
    for code, geometry in land.regions.items():
        drawn = shapely.make_valid(shape(geometry))
        left, top, right, bottom = drawn.bounds
        assert left >= 0 and top >= 0 and right <= shapes.WIDTH and bottom <= shapes.HEIGHT, code
        assert drawn.buffer(0.2).contains(shapely.Point(land.points[code])), code


def test_boxes_do_not_cover_regions_of_the_mainland():
    land = shapes.ground()
    boxes = [shapely.box(b["x"], b["y"], b["x"] + b["width"], b["y"] + b["height"]) for b in land.boxes]
    within = [code for code, g in land.regions.items() if shapely.union_all(boxes).intersects(shape(g))]
    assert within == sorted(set(within) & set(shapes.FAR))
    assert len(within) == 8


@given(st.floats(-24, 44), st.floats(35, 71))
def test_the_projection_keeps_areas(lon, lat):
    step = 1e-3
    corners = np.array([[lon, lat], [lon + step, lat], [lon + step, lat + step], [lon, lat + step]])
    drawn = shapely.Polygon(shapes.project(corners)).area * shapes.KM_A_PIXEL**2
    on_earth = 6371**2 * np.radians(step) * (np.sin(np.radians(lat + step)) - np.sin(np.radians(lat)))
    assert drawn == pytest.approx(on_earth, rel=1e-3)


def test_north_is_up_and_east_is_right():
    here, north, east = shapes.project(np.array([[10.0, 52.0], [10.0, 53.0], [11.0, 52.0]]))
    assert north[1] < here[1] and east[0] > here[0]


def official(tmp_path, features):
    path = tmp_path / "official.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def square(x, y, **known):
    ring = [[x, y], [x, y + 1], [x + 1, y + 1], [x + 1, y], [x, y]]
    return {"type": "Feature", "properties": known, "geometry": {"type": "Polygon", "coordinates": [ring]}}


def test_official_shapes_are_taken_at_level_two_with_the_neighbours_of_ours(tmp_path):
    features = [
        square(10, 50, NUTS_ID="DE99", LEVL_CODE=2, NUTS_NAME="Somewhere"),
        square(10, 50, NUTS_ID="DE9", LEVL_CODE=1),
        square(55, -21, NUTS_ID="FRY4", LEVL_CODE=2),
        square(12, 50, id="DE98"),
    ]
    land = shapes.ground(official(tmp_path, features))
    assert set(land.regions) == {"DE99", "FRY4", "DE98"}
    assert [box["name"] for box in land.boxes] == ["La Réunion"]
    assert "RUS" in land.neighbours and land.note == "Borders: official.geojson."


def test_a_far_region_without_a_known_name_takes_that_of_the_file(tmp_path):
    land = shapes.ground(official(tmp_path, [square(-40, 10, NUTS_ID="XX01", NUTS_NAME="Atlantis")]))
    assert land.boxes[0]["name"] == "Atlantis"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("not json", "another kind of file"),
        ('{"features": []}', "no feature"),
        ('{"type": "Polygon"}', "another kind of file"),
        ('{"features": [{"geometry": null, "properties": null}]}', "feature 1"),
    ],
)
def test_what_is_no_map_is_refused(tmp_path, content, said):
    path = tmp_path / "bad.geojson"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(BadInput, match=said):
        shapes.ground(path)


def test_a_missing_file_and_metres_are_refused(tmp_path):
    with pytest.raises(BadInput, match="No such file"):
        shapes.ground(tmp_path / "none.geojson")
    with pytest.raises(BadInput, match="longitude and latitude"):
        shapes.ground(official(tmp_path, [square(4_321_000, 3_210_000, NUTS_ID="DE99")]))
