"""The command that writes a run's networks, tables and figures in other formats."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from observatory.printing import talk, write, write_json


def export(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="a run folder")],
    to: Annotated[
        list[str],
        typer.Option(
            "--to",
            metavar="FORMATS",
            help="gexf, graphml, pajek, vosviewer, infomap, geojson, geoparquet, parquet, csv, stata, svg, png, pdf, "
            "ro-crate; several with commas, or all",
        ),
    ],
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="the folder to write")] = None,
    network: Annotated[str | None, typer.Option("--network", help="for example sector__deal, region or all")] = None,
    period: Annotated[str | None, typer.Option("--period", help="for example 2007-2014")] = None,
    borders: Annotated[
        Path | None, typer.Option("--borders", metavar="FILE", help="official borders of NUTS2 as GeoJSON")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="no progress on stderr")] = False,
) -> None:
    """Write the networks, tables and figures of a run for Gephi, VOSviewer, QGIS, R, Stata, Pajek and others."""
    from observatory.export import FORMATS, Content, chosen
    from observatory.export import export as write_export
    from observatory.material import Material
    from observatory.report.files import borders_of
    from observatory.store import open_run

    formats = [one.strip().lower() for part in to for one in part.split(",") if one.strip()]
    formats = list(FORMATS) if formats == ["all"] else formats
    if unknown := [one for one in formats if one not in FORMATS]:
        raise typer.BadParameter(
            f"{', '.join(map(repr, unknown))}; the formats are {', '.join(FORMATS)}", param_hint="--to"
        )
    if not formats:
        raise typer.BadParameter(f"no format; the formats are {', '.join(FORMATS)}", param_hint="--to")
    talk.quiet = quiet
    drawn = {"geojson", "geoparquet", "svg", "png", "pdf"}
    opened = open_run(run)
    named, said = (borders, "") if borders is not None else borders_of(opened, None)
    if said and drawn & {*formats}:
        talk.say(said)
    material = Material(opened, named)
    written = write_export(Content(material, chosen(material, network, period)), formats, out, talk.progress)
    talk.clear()
    if json:
        write_json({"files": [str(path) for path in written]})
        return
    folders = list(dict.fromkeys(path.parent for path in written))
    for folder in folders:
        number = sum(path.parent == folder for path in written)
        write(f"{folder}  {number} file{'s' if number != 1 else ''}")
