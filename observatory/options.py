"""Arguments and options that several commands take."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

StudyOrRun = Annotated[
    Path, typer.Argument(metavar="STUDY", help="a study.toml or its folder; or a run folder, to check that it is whole")
]
StudyPath = Annotated[Path, typer.Argument(metavar="STUDY", help="a study.toml or its folder")]
RunPath = Annotated[Path, typer.Argument(metavar="RUN", help="a run folder")]
Out = Annotated[Path | None, typer.Option("--out", metavar="DIR", help="the run folder to write")]
Json = Annotated[bool, typer.Option("--json", help="print JSON")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="no progress on stderr")]
EngineName = Annotated[
    str, typer.Option("--engine", metavar="NAME", help="duckdb, spark, spark://host:port or sc://host:port")
]
AsOf = Annotated[
    str | None, typer.Option("--as-of", metavar="DATE", help="only what was known on that day: 2010-06-30")
]
Memory = Annotated[
    str | None,
    typer.Option("--memory", metavar="SIZE", help="what reading and counting may take: 2GB; 1GB at least"),
]

Jobs = Annotated[
    int | None,
    typer.Option(
        "--jobs",
        metavar="N",
        min=1,
        envvar="LINKAGES_JOBS",
        help="how many processes work side by side; by default one a core, 8 at most",
    ),
]
