"""GeoParquet 1.1 of regions and of the links between them, for QGIS, GDAL, R (sfarrow, arrow) and DuckDB."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any

from observatory.export.graph import Content
from observatory.export.places import Layer, layers

#: Codes of geometries in well-known binary (OGC 06-103r4, 8.2.3).
LINE, POLYGON, MULTIPOLYGON = 2, 3, 6


def files(content: Content) -> Iterator[tuple[str, bytes]]:
    """Write two files a network of regions; coordinates are longitude and latitude (OGC:CRS84, the default)."""
    for layer in layers(content):
        yield f"{layer.name}.parquet", document(layer)


def document(layer: Layer) -> bytes:
    """Write one layer, its geometries as well-known binary; title and terms are in the file's metadata."""
    import pandas as pd
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.Table.from_pandas(pd.DataFrame(layer.rows), preserve_index=False)
    binary = pa.array([None if one is None else well_known(one) for one in layer.geometries], type=pa.binary())
    about = {"geo": json.dumps(_about(layer), sort_keys=True), "title": layer.title, "licence": layer.terms}
    table = table.append_column("geometry", binary).replace_schema_metadata(about)
    buffer = BytesIO()
    pq.write_table(table, buffer, compression="zstd")
    return buffer.getvalue()


def _about(layer: Layer) -> dict[str, Any]:
    """GeoParquet 1.1.0, "File metadata" and "Column metadata"."""
    here = [one for one in layer.geometries if one is not None]
    column: dict[str, Any] = {"encoding": "WKB", "geometry_types": sorted({one["type"] for one in here})}
    if any(one["type"] == "MultiPolygon" for one in here):
        column["orientation"] = "counterclockwise"
    if here:
        spots = [spot for one in here for spot in _spots(one)]
        sides = list(zip(*spots, strict=True))
        column["bbox"] = [min(sides[0]), min(sides[1]), max(sides[0]), max(sides[1])]
    return {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}


def _spots(geometry: dict[str, Any]) -> list[Sequence[float]]:
    if geometry["type"] == "LineString":
        return list(geometry["coordinates"])
    return [spot for part in geometry["coordinates"] for ring in part for spot in ring]


def well_known(geometry: dict[str, Any]) -> bytes:
    """Write a line or a multipolygon as well-known binary, the lowest byte first.

    Examples
    --------
    >>> well_known({"type": "LineString", "coordinates": [[0, 0], [1, 1]]}).hex()[:18]
    '010200000002000000'
    """
    if geometry["type"] == "LineString":
        return _head(LINE, geometry["coordinates"]) + _packed(geometry["coordinates"])
    parts = [
        _head(POLYGON, part) + b"".join(struct.pack("<I", len(ring)) + _packed(ring) for ring in part)
        for part in geometry["coordinates"]
    ]
    return _head(MULTIPOLYGON, parts) + b"".join(parts)


def _head(code: int, parts: Sequence[Any]) -> bytes:
    return struct.pack("<BII", 1, code, len(parts))


def _packed(spots: Sequence[Sequence[float]]) -> bytes:
    return b"".join(struct.pack("<dd", *spot) for spot in spots)
