"""GeoJSON (RFC 7946) of regions and of the links between them, for QGIS and maps on the web."""

from __future__ import annotations

import json
from collections.abc import Iterator

from observatory.export.graph import Content
from observatory.export.places import Layer, layers


def files(content: Content) -> Iterator[tuple[str, bytes]]:
    """Write two files a network of regions; a place without an outline has the geometry null."""
    for layer in layers(content):
        yield f"{layer.name}.geojson", document(layer)


def document(layer: Layer) -> bytes:
    """Write one layer, a feature a line; title and terms are members of the collection (RFC 7946, 6.1)."""
    features = [
        _compact({"type": "Feature", "geometry": geometry, "properties": row})
        for row, geometry in zip(layer.rows, layer.geometries, strict=True)
    ]
    head = f'"type":"FeatureCollection","title":{_compact(layer.title)},"licence":{_compact(layer.terms)}'
    return ("{" + head + ',"features":[\n' + ",\n".join(features) + "\n]}\n").encode()


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
