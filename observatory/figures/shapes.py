"""Regions' shapes on the sheet: Europe in equal areas, far regions in boxes of their own."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ingest.faults import BadInput, Fault

#: The shapes that come with the install, and what they are.
SHIPPED = Path(__file__).parent / "reference" / "nuts2_2013.geojson"
SHIPPED_NOTE = "Borders are approximate: drawn from Natural Earth (public domain) and places of GeoNames (CC BY 4.0)."
#: Size of the map in pixels, and the part of the earth that it shows, in km from 52 N 10 E.
WIDTH, HEIGHT = 720, 630
WEST, NORTH, KM_A_PIXEL = -1850.0, 2250.0, 4880.0 / WIDTH
#: Degrees: a region whose middle lies outside is drawn in a box.
FRAME = (-24.9, 33.9, 46.0, 72.0)
#: Boxes: left and top of the first, width and height, how many stand side by side, all in pixels.
LEFT, TOP, BOX_WIDTH, BOX_HEIGHT, ABREAST = 500, 6, 106, 62, 2
#: Names of the far regions, in all versions of NUTS from 2006.
FAR = {
    "ES70": "Canarias", "PT20": "Açores", "PT30": "Madeira", "FR91": "Guadeloupe", "FR92": "Martinique",
    "FR93": "Guyane", "FR94": "La Réunion", "FRA1": "Guadeloupe", "FRA2": "Martinique", "FRA3": "Guyane",
    "FRA4": "La Réunion", "FRA5": "Mayotte", "FRY1": "Guadeloupe", "FRY2": "Martinique", "FRY3": "Guyane",
    "FRY4": "La Réunion", "FRY5": "Mayotte", "NO0B": "Svalbard", "PT2": "Açores", "PT3": "Madeira",
}  # fmt: skip

Ring = npt.NDArray[np.float64]
Shape = list[list[Ring]]


@dataclass(frozen=True)
class Ground:
    """What a map is drawn on, in pixels: x to the right, y down.

    Attributes
    ----------
    regions, neighbours
        GeoJSON geometries by code.
    points
        A point within each region.
    boxes
        ``x, y, width, height, name`` of each box for a far region.
    note
        What is to be said of the borders.
    """

    regions: Mapping[str, dict[str, Any]]
    neighbours: Mapping[str, dict[str, Any]]
    points: Mapping[str, tuple[float, float]]
    boxes: Sequence[Mapping[str, Any]]
    note: str


def ground(path: str | Path | None = None) -> Ground:
    """Return the map's ground from the shapes shipped, or from a user's official file.

    Parameters
    ----------
    path
        GeoJSON in WGS 84 degrees whose features carry ``NUTS_ID`` (or ``id``); the shipped ones when None.

    Raises
    ------
    BadInput
        The file cannot be read as GeoJSON, or features in it have no code.

    Examples
    --------
    >>> shipped = ground()
    >>> len(shipped.regions), len(shipped.boxes)
    (320, 8)
    """
    return _ground(str(path or SHIPPED))


@dataclass(frozen=True)
class Outlines:
    """Regions in degrees (WGS 84), as a geographical file wants them.

    Attributes
    ----------
    regions
        GeoJSON MultiPolygons by code, exterior rings counterclockwise (RFC 7946, 3.1.6).
    points
        Longitude and latitude of a point within each region.
    note
        What is to be said of the borders, with their licence.
    """

    regions: Mapping[str, dict[str, Any]]
    points: Mapping[str, tuple[float, float]]
    note: str


@cache
def outlines(path: str | None = None) -> Outlines:
    """Return the regions' outlines in degrees, from the shapes shipped or from a user's official file.

    Raises
    ------
    BadInput
        As for :func:`ground`.

    Examples
    --------
    >>> shipped = outlines()
    >>> [round(degrees) for degrees in shipped.points["AT13"]]
    [16, 48]
    """
    shapes, _, _ = _read(Path(path or SHIPPED))
    return Outlines(
        regions={code: _in_degrees(shape) for code, shape in sorted(shapes.items())},
        points={code: _rounded(_middle(shape)) for code, shape in sorted(shapes.items())},
        note=SHIPPED_NOTE if path is None else f"Borders: {Path(path).name}.",
    )


def _in_degrees(shape: Shape) -> dict[str, Any]:
    parts = [[_wound(ring, outer=place == 0) for place, ring in enumerate(part)] for part in shape]
    return {"type": "MultiPolygon", "coordinates": parts}


def _wound(ring: Ring, *, outer: bool) -> list[list[float]]:
    """Run exterior rings against the clock, holes with it."""
    x, y = ring[:, 0], ring[:, 1]
    against = float(np.dot(x[:-1], y[1:]) - np.dot(x[1:], y[:-1])) > 0
    turned: list[list[float]] = (ring if against == outer else ring[::-1]).round(6).tolist()
    return turned


def _rounded(spot: tuple[float, float]) -> tuple[float, float]:
    return round(spot[0], 5), round(spot[1], 5)


def project(degrees: Ring) -> Ring:
    """Turn longitude and latitude into pixels: Lambert's azimuthal equal area around 52 N 10 E.

    Source: Snyder (1987), "Map Projections: A Working Manual", equations 22-4 and 24-2, on the sphere.

    Examples
    --------
    >>> project(np.array([[10.0, 52.0]])).round(1).tolist()
    [[273.0, 332.0]]
    """
    turn, lat = np.radians(degrees[:, 0] - 10), np.radians(degrees[:, 1])
    middle = np.radians(52)
    stretch = 1 + np.sin(middle) * np.sin(lat) + np.cos(middle) * np.cos(lat) * np.cos(turn)
    scale = 6371 * np.sqrt(2 / np.maximum(stretch, 1e-9))
    east = scale * np.cos(lat) * np.sin(turn)
    north = scale * (np.cos(middle) * np.sin(lat) - np.sin(middle) * np.cos(lat) * np.cos(turn))
    return np.column_stack([east - WEST, NORTH - north]) / KM_A_PIXEL


@cache
def _ground(path: str) -> Ground:
    shapes, names, neighbours = _read(Path(path))
    far = sorted(code for code, shape in shapes.items() if _is_far(shape))
    near = {code: _projected(shape) for code, shape in shapes.items() if code not in far}
    boxes = [_box(number, FAR.get(code, names.get(code, code))) for number, code in enumerate(far)]
    near |= {code: _fitted(shapes[code], box) for code, box in zip(far, boxes, strict=True)}
    return Ground(
        regions={code: _geometry(shape) for code, shape in sorted(near.items())},
        neighbours={code: _geometry(_projected(shape)) for code, shape in sorted(neighbours.items())},
        points={code: _middle(shape) for code, shape in sorted(near.items())},
        boxes=boxes,
        note=SHIPPED_NOTE if path == str(SHIPPED) else f"Borders: {Path(path).name}.",
    )


def _read(path: Path) -> tuple[dict[str, Shape], dict[str, str], dict[str, Shape]]:
    features = _features(path)
    shapes: dict[str, Shape] = {}
    names: dict[str, str] = {}
    neighbours: dict[str, Shape] = {}
    for code, feature in features:
        rings = _rings(feature.get("geometry"))
        known = feature.get("properties") or {}
        if known.get("kind") == "neighbour":
            neighbours[code] = rings
        elif rings and known.get("LEVL_CODE", 2) == 2:
            shapes[code] = rings
            names[code] = str(known.get("NUTS_NAME", code))
    if not neighbours:
        neighbours = _read(SHIPPED)[2]
    return shapes, names, neighbours


def _features(path: Path) -> list[tuple[str, dict[str, Any]]]:
    mend = "give the official NUTS2 regions as GeoJSON in degrees (EPSG:4326)"
    try:
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        coded = [(_code(feature), feature) for feature in features]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        found = (error.strerror or "") if isinstance(error, OSError) else "another kind of file"
        raise BadInput(Fault(str(path), None, found, "a GeoJSON file", mend)) from error
    faults = [
        Fault(str(path), None, f"feature {number}", "a property NUTS_ID or id", mend)
        for number, (code, _) in enumerate(coded, start=1)
        if not code
    ]
    faults += [
        Fault(str(path), None, f"feature {code}", "longitude and latitude in degrees", mend)
        for code, feature in coded
        if any(np.abs(ring).max() > 360 for part in _rings(feature.get("geometry")) for ring in part)
    ]
    if faults or not coded:
        raise BadInput(faults or Fault(str(path), None, "no feature", "a region a feature", mend))
    return coded


def _code(feature: Mapping[str, Any]) -> str:
    known = feature.get("properties") or {}
    return str(known.get("NUTS_ID") or known.get("id") or feature.get("id") or "")


def _rings(geometry: Mapping[str, Any] | None) -> Shape:
    if not geometry or geometry["type"] not in ("Polygon", "MultiPolygon"):
        return []
    parts = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    return [[np.array([spot[:2] for spot in ring], dtype=float) for ring in part] for part in parts]


def _is_far(shape: Shape) -> bool:
    west, south, east, north = FRAME
    x, y = _middle(shape)
    return not (west < x < east and south < y < north)


def _projected(shape: Shape) -> Shape:
    return [[project(ring) for ring in part] for part in shape]


def _box(number: int, name: str) -> dict[str, Any]:
    row, column = divmod(number, ABREAST)
    x, y = LEFT + column * (BOX_WIDTH + 4), TOP + row * (BOX_HEIGHT + 4)
    return {"x": x, "y": y, "width": BOX_WIDTH, "height": BOX_HEIGHT, "name": name}


def _fitted(shape: Shape, box: Mapping[str, Any]) -> Shape:
    """Fit a far region into its box, below the name, longitudes squeezed as at its middle."""
    spots = np.vstack([ring for part in shape for ring in part])
    low, high = spots.min(axis=0), spots.max(axis=0)
    squeeze = np.array([np.cos(np.radians((low[1] + high[1]) / 2)), -1.0])
    extent = np.abs((high - low) * squeeze)
    scale = min((box["width"] - 12) / extent[0], (box["height"] - 22) / extent[1])
    middle = np.array([box["x"] + box["width"] / 2, box["y"] + 14 + (box["height"] - 18) / 2])
    return [[(ring - (low + high) / 2) * squeeze * scale + middle for ring in part] for part in shape]


def _geometry(shape: Shape) -> dict[str, Any]:
    """Round to a tenth of a pixel; leave out parts under half a pixel, never the largest."""
    largest = max(range(len(shape)), key=lambda number: _area(shape[number][0]))
    parts = [
        [_thinned(ring) for ring in part if ring is part[0] or _area(ring) > 0.5]
        for number, part in enumerate(shape)
        if number == largest or _area(part[0]) > 0.5
    ]
    return {"type": "MultiPolygon", "coordinates": parts}


def _thinned(ring: Ring) -> list[list[float]]:
    rounded = ring.round(1)
    moved = np.append(True, np.any(np.diff(rounded, axis=0) != 0, axis=1))
    kept: list[list[float]] = (rounded[moved] if moved.sum() > 3 else ring.round(2)).tolist()
    return kept


def _area(ring: Ring) -> float:
    x, y = ring[:, 0], ring[:, 1]
    return float(abs(np.dot(x[:-1], y[1:]) - np.dot(x[1:], y[:-1])) / 2)


def _middle(shape: Shape) -> tuple[float, float]:
    """Return the middle of the widest stretch that a line across the largest part's middle runs inside."""
    rings = max(shape, key=lambda part: _area(part[0]))
    level = float(np.median(rings[0][:, 1])) + 1e-6
    crossings = sorted(_crossings(rings, level))
    stretches = [(b - a, (a + b) / 2) for a, b in zip(crossings[::2], crossings[1::2], strict=False)]
    return max(stretches)[1] if stretches else float(rings[0][:, 0].mean()), level


def _crossings(rings: Iterable[Ring], level: float) -> Iterable[float]:
    for ring in rings:
        for (x1, y1), (x2, y2) in pairwise(ring):
            if (y1 < level) != (y2 < level):
                yield float(x1 + (level - y1) / (y2 - y1) * (x2 - x1))
