"""`linkages grid`: a study looked at under every choice that it declares."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from observatory.options import Jobs, Json, Quiet, StudyPath
from observatory.printing import Format, show, talk, write, write_json


def grid(
    study: StudyPath,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="the grid folder to write")] = None,
    source: Annotated[str | None, typer.Option("--source", help="copatent, deal, alliance or all")] = None,
    period: Annotated[str | None, typer.Option("--period", help="for example 2007-2014")] = None,
    jobs: Jobs = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Run the grid of a study: which sectors are together whatever is chosen, and which pairs are torn."""
    from observatory.grid import findings, headline, listed, run_grid
    from observatory.side_by_side import cores
    from observatory.study import open_study

    talk.quiet = quiet
    folder = out or (study if study.is_dir() else study.parent) / "grid"
    done = run_grid(open_study(study), folder, None, talk.progress, source, period, jobs or cores())
    talk.clear()
    pairs = listed(headline(done))
    if json:
        data = {"grid": done.folder, "runs": done.manifest["runs"], "findings": findings(done)}
        write_json({**data, "pairs": pairs.to_dict("records")})
        return
    write(f"grid  {done.folder}\n" + "\n".join(findings(done)))
    show(pairs, Format.table)
