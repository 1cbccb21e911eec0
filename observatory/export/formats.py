"""The formats, one module each; every one has ``files(content)``, which gives names and bytes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import NamedTuple

from observatory.export.graph import Content


class Format(NamedTuple):
    """A format: its module, what opens it, and whether it goes beside the run's manifest."""

    module: str
    opens: str
    beside: bool = False


FORMATS: Mapping[str, Format] = {
    "gexf": Format("gexf", "Gephi"),
    "graphml": Format("graphml", "igraph, networkx, Cytoscape, yEd"),
    "pajek": Format("pajek", "Pajek"),
    "vosviewer": Format("vosviewer", "VOSviewer"),
    "infomap": Format("infomap", "Infomap, the Infomap Network Navigator"),
    "geojson": Format("geojson", "QGIS, web maps"),
    "geoparquet": Format("geoparquet", "QGIS, GDAL, DuckDB, R"),
    "parquet": Format("parquet", "R (arrow), Python, DuckDB"),
    "csv": Format("csv", "spreadsheets, anything"),
    "stata": Format("stata", "Stata, R (haven)"),
    "svg": Format("svg", "browsers, Inkscape, Illustrator, Word"),
    "png": Format("png", "anything, at 300 dots an inch"),
    "pdf": Format("pdf", "print, LaTeX"),
    "ro-crate": Format("ro_crate", "research archives", beside=True),
}


def files(name: str, content: Content) -> Iterator[tuple[str, bytes]]:
    """Write a format: the name of each file, and what it holds.

    Raises
    ------
    KeyError
        For a format that there is not; see :data:`FORMATS`.
    """
    made: Iterator[tuple[str, bytes]] = import_module(f"observatory.export.{FORMATS[name].module}").files(content)
    return made
