"""The report's files: the document as JSON, the drawings, and each format that is asked for."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from ingest.faults import BadInput, Fault
from observatory.material import Material
from observatory.report.document import Document, document
from observatory.report.page import render
from observatory.report.workbook import written_aside
from observatory.store import MANIFEST, Run, outputs, write_json
from observatory.study import Study

#: Format → its file in the folder of the report.
FORMATS = {"html": "index.html", "xlsx": "tables.xlsx", "pdf": "report.pdf", "quarto": "report.qmd"}
#: What a run writes of itself.
USUAL = ("html", "xlsx")
#: The document, and the folder of its drawings.
DOCUMENT, DRAWINGS = "report.json", "figures"


def write_report(
    run: Run,
    study: Study | None = None,
    formats: Sequence[str] = USUAL,
    out: Path | None = None,
    *,
    short: bool = False,
) -> Path:
    """Write the report of a run: ``report.json``, its drawings, and the formats, from what the folder holds.

    Parameters
    ----------
    run
        What :func:`observatory.open_run` returns.
    study
        The study, for the file of borders that it may name; without it that file is looked for beside the run.
    formats
        Of ``html``, ``xlsx``, ``pdf`` and ``quarto``.
    out
        Folder to write in; ``report`` in the run folder when None.
    short
        Whether page and PDF open in, or are, the short form.

    Returns
    -------
    Path
        The first file that was asked for. The same run gives the same bytes.

    Raises
    ------
    BadInput
        When the study's file of borders cannot be used, a file of the run is missing, or the folder cannot be
        written in.
    MissingExtraError
        When PDF is asked for and the extra ``pdf`` is not installed; nothing is written then.
    """
    if "pdf" in formats:
        from observatory.report.pdf import need_typst

        need_typst()
    borders, said = borders_of(run, study)
    told = document(Material(run, borders), said)
    folder = out or run.folder / "report"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=".report.", dir=folder))
    except OSError as error:
        fault = Fault(str(folder), None, error.strerror or "", "a folder to write in", "name another with --out")
        raise BadInput(fault) from None
    try:
        write_files(told, fresh, formats, short=short)
        if "quarto" in formats:
            from observatory.report.template import write_template

            write_template(run, fresh, folder)
        _take_place(fresh, folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return folder / FORMATS[formats[0]]


def write_files(told: Document, folder: Path, formats: Sequence[str], *, short: bool = False) -> None:
    """Write document, drawings and formats into a folder; the formats from what was written, and nothing else."""
    (folder / DRAWINGS).mkdir()
    (folder / DOCUMENT).write_text(told.json(), encoding="utf-8", newline="\n")
    with ExitStack() as beside:
        if "xlsx" in formats:
            beside.enter_context(written_aside(folder / DOCUMENT, folder / FORMATS["xlsx"]))
        for name, svg in told.drawings.items():
            (folder / name).write_text(svg, encoding="utf-8", newline="\n")
        if not {"html", "pdf"} & set(formats):
            return
        written = read_document(folder)
        if "html" in formats:
            page = render(written, short=short)
            (folder / FORMATS["html"]).write_text(page, encoding="utf-8", newline="\n")
        if "pdf" in formats:
            from observatory.report.pdf import write_pdf

            write_pdf(written, folder / FORMATS["pdf"], short=short)


def read_document(folder: Path) -> Document:
    """Read a document back with its drawings."""
    data: dict[str, Any] = json.loads((folder / DOCUMENT).read_text(encoding="utf-8"))
    names = [one["file"] for one in data["figures"]]
    return Document(data, {name: (folder / name).read_text(encoding="utf-8") for name in names})


def borders_of(run: Run, study: Study | None) -> tuple[Path | None, str]:
    """Find the file of borders that the study names: beside the study, else beside or above the run folder.

    Returns
    -------
    tuple
        The file, or None for the approximate borders that come with the program, and what to say where the
        study names a file that is not there.
    """
    named = run.manifest["settings"].get("nuts_shapes")
    if not named:
        return None, ""
    if study is not None:
        return study.folder / named, ""
    places = [run.folder.resolve().parent / named, run.folder.resolve() / named, Path(named)]
    found = next((place for place in places if place.is_file()), None)
    said = (
        f"The study names {Path(named).name} for borders, which is not beside this run: the maps of this report have "
        "approximate ones."
    )
    return found, "" if found else said


def refuse_foreign(out: Path, run: Run) -> None:
    """Refuse to write a report where something else lies, and into the run folder itself.

    Raises
    ------
    BadInput
        When `out` is a file, a folder that holds something and no report, or the folder of the run.
    """
    mend = "name another folder with --out"
    if out.resolve().is_relative_to(run.folder.resolve()):
        raise BadInput(Fault(str(out), None, out.name, "a folder outside the run", "leave --out away"))
    if not os.path.lexists(out) or (out.is_dir() and ((out / DOCUMENT).is_file() or not any(out.iterdir()))):
        return
    raise BadInput(Fault(str(out), None, out.name, "a folder of a report, an empty one or a name not taken", mend))


def _take_place(fresh: Path, folder: Path) -> None:
    """Move files to their places one by one, each in one step; drawings of before that are no more go."""
    (folder / DRAWINGS).mkdir(exist_ok=True)
    names = sorted(path.relative_to(fresh) for path in fresh.rglob("*") if path.is_file())
    for old in (folder / DRAWINGS).glob("*.svg"):
        if old.relative_to(folder) not in names:
            old.unlink()
    for name in names:
        os.replace(fresh / name, folder / name)  # noqa: PTH105 - a rename, said as such


def renew_outputs(run: Run) -> None:
    """Write the digests of the report's files into the manifest, in one step; the rest of it stays."""
    manifest = json.loads((run.folder / MANIFEST).read_text(encoding="utf-8"))
    others = [row for row in manifest.get("outputs", []) if not row["path"].startswith("report/")]
    report = [row for row in outputs(run.folder) if row["path"].startswith("report/")]
    manifest["outputs"] = sorted([*others, *report], key=lambda row: str(row["path"]))
    fresh = run.folder / f".{MANIFEST}.new"
    write_json(fresh, manifest)
    os.replace(fresh, run.folder / MANIFEST)  # noqa: PTH105
