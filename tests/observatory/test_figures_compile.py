"""How the shapes are compiled: polygons to regions by the places in them."""

import importlib.util
import struct
from pathlib import Path

import pytest
import shapely

SCRIPT = Path(__file__).parents[2] / "compile" / "shapes.py"


@pytest.fixture(scope="module")
def script():
    specification = importlib.util.spec_from_file_location("compile_shapes", SCRIPT)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


WEST, EAST = shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)


def test_a_polygon_whose_places_lie_in_one_region_goes_to_it_whole(script):
    points = shapely.points([[0.5, 0.5], [1.5, 0.5]])
    parts = script.pieces([("DEU", WEST), ("DEU", EAST)], ["DE11", "DE12"], points)
    assert parts == [("DE11", WEST), ("DE12", EAST)]


def test_a_coarser_polygon_is_divided_by_nearest_place(script):
    whole = shapely.box(0, -0.5, 2, 0.5)
    parts = dict(script.pieces([("DEU", whole)], ["DE11", "DE12"], shapely.points([[0.5, 0.0], [1.5, 0.0]])))
    assert parts["DE11"].equals(shapely.box(0, -0.5, 1, 0.5))
    assert parts["DE11"].area + parts["DE12"].area == pytest.approx(2)


def test_a_place_of_another_country_or_near_the_edge_has_no_part(script):
    points = shapely.points([[0.5, 0.5], [0.4, 0.4], [0.99, 0.5]])
    assert script.shares([("DEU", WEST)], ["DE11", "FR42", "DE12"], points) == [["DE11"]]


def test_an_island_goes_to_the_nearest_region_and_one_far_away_to_none(script):
    island, far = shapely.box(3, 0, 3.1, 0.1), shapely.box(30, 0, 30.1, 0.1)
    parts = script.pieces([("NOR", island), ("NOR", far), ("RUS", WEST)], ["NO01"], shapely.points([[1, 0]]))
    assert [code for code, _ in parts] == ["NO01", "NOR", "RUS"]


def test_an_enclave_is_drawn_over_what_surrounds_it(script):
    town = shapely.box(0.4, 0.4, 0.6, 0.6)
    drawn = script.coverage([("BE24", WEST), ("BE10", town)])
    assert drawn["BE10"].equals(town)
    assert drawn["BE24"].area == pytest.approx(1 - town.area)


def test_the_header_of_a_geopackage_is_left_out(script):
    geometry = shapely.to_wkb(shapely.Point(1, 2))
    blob = b"GP\x00" + bytes([0b011]) + struct.pack("<i4d", 4326, 0, 0, 1, 1) + geometry
    assert shapely.from_wkb(script.wkb(blob)) == shapely.Point(1, 2)
