"""The command that writes the report of a run again, in the formats that are asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from observatory.printing import talk, write, write_json

#: What may be asked for; the files are in :data:`observatory.report.files.FORMATS`.
FORMATS = ("html", "xlsx", "pdf", "quarto")


def report(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="a run folder")],
    format: Annotated[
        str, typer.Option("--format", metavar="LIST", help="of html, xlsx, pdf, quarto, with commas")
    ] = "html,xlsx",
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="a folder to write in, which leaves the run as it is")
    ] = None,
    short: Annotated[
        bool, typer.Option("--short", help="the short form: findings, map, spaces, stars, limits")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="no progress on stderr")] = False,
) -> None:
    """Write the report of a run: a page, a workbook, a PDF, or a template to go on with."""
    talk.quiet = quiet
    formats = _formats(format)
    from observatory.report.files import DOCUMENT, FORMATS, refuse_foreign, renew_outputs, write_report
    from observatory.store import open_run

    opened = open_run(run)
    if out is not None:
        refuse_foreign(out, opened)
    talk.progress("writing the report")
    folder = write_report(opened, None, formats, out, short=short).parent
    if out is None:
        renew_outputs(opened)
    talk.clear()
    files = {name: folder / FORMATS[name] for name in formats}
    if json:
        write_json({"run": str(run), "document": str(folder / DOCUMENT), **{k: str(v) for k, v in files.items()}})
    else:
        write("\n".join(f"{name:<7} {file}" for name, file in files.items()))


def _formats(text: str) -> list[str]:
    """Take a list with commas apart.

    Raises
    ------
    typer.BadParameter
        For a format that there is not, and for none.

    Examples
    --------
    >>> _formats("pdf, html,pdf")
    ['pdf', 'html']
    """
    asked = list(dict.fromkeys(part.strip().lower() for part in text.split(",") if part.strip()))
    if unknown := [one for one in asked if one not in FORMATS] or ([] if asked else [text]):
        words = ", ".join(repr(one) for one in unknown)
        raise typer.BadParameter(f"{words}; expected one or more of {', '.join(FORMATS)}", param_hint="--format")
    return asked
