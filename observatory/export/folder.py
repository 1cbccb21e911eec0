"""The folder of an export: a folder a format, written beside its place and moved there in one step."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

from ingest.faults import BadInput, Fault
from observatory import store
from observatory.export.formats import FORMATS, files
from observatory.export.graph import Content
from observatory.store import Run

KIND = "export"


def export(
    content: Content, formats: Sequence[str], out: Path | None = None, say: Callable[[str], None] = lambda _: None
) -> list[Path]:
    """Write a run's networks and tables in other formats.

    Parameters
    ----------
    content
        The run and the networks chosen.
    formats
        Names of :data:`observatory.export.formats.FORMATS`.
    out
        The folder of the export; by default the run's name with ``-export``, beside it. An export of the same run
        that lies there keeps its other formats. RO-Crate goes into the run folder, beside its manifest.
    say
        Told what is being done.

    Returns
    -------
    list of Path
        The files written, in order. The same run gives the same bytes.

    Raises
    ------
    BadInput
        When something else lies at `out`, when it is the run folder or within it, and when its folder cannot be
        written in.
    """
    run = content.material.run
    whole = run.folder.resolve()
    out = (out or whole.with_name(f"{whole.name}-export")).resolve()
    if out.is_relative_to(whole) or whole.is_relative_to(out):
        mend = "name a folder beside the run with --out"
        raise BadInput(Fault(str(out), None, out.name, "a folder outside the run folder", mend))
    written: list[Path] = []
    inside = [name for name in dict.fromkeys(formats) if not FORMATS[name].beside]
    if inside:
        with store.new_run(out, KIND) as fresh:
            _keep_others(out, fresh, run, inside)
            for name in inside:
                say(f"writing {name}")
                written += [out / _write(fresh, name, file, held) for file, held in files(name, content)]
            store.write_json(fresh / store.MANIFEST, _manifest(run, fresh))
    for name in dict.fromkeys(formats):
        if FORMATS[name].beside:
            written += [_put_beside(run.folder, file, held) for file, held in files(name, content)]
    return written


def _write(fresh: Path, name: str, file: str, held: bytes) -> Path:
    """Write one file below its format's folder; return its place there."""
    path = (fresh / name / file).resolve()
    if path.parent != (fresh / name).resolve():
        raise RuntimeError(f"a file of the export would lie outside its folder: {file!r}")
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(held)
    return Path(name) / file


def _keep_others(out: Path, fresh: Path, run: Run, formats: Sequence[str]) -> None:
    """Take over the other formats of an export of the same run."""
    if store.kind_of(out) != KIND:
        return
    earlier = json.loads((out / store.MANIFEST).read_text(encoding="utf-8"))
    if earlier.get("run") == digest(run) and earlier.get("version") == metadata.version("linkages"):
        for name in sorted({str(row["path"]).partition("/")[0] for row in earlier.get("files", [])} & {*FORMATS}):
            if name not in formats and (out / name).is_dir():
                shutil.copytree(out / name, fresh / name)


def _manifest(run: Run, fresh: Path) -> dict[str, Any]:
    return {
        "kind": KIND,
        "title": run.manifest["title"],
        "run": digest(run),
        "version": metadata.version("linkages"),
        "files": store.outputs(fresh),
    }


def digest(run: Run) -> str:
    """Give one digest for all that a run holds but the hour at which it was made."""
    held = json.dumps(run.manifest.get("outputs", []), sort_keys=True)
    return hashlib.sha256(held.encode()).hexdigest()


def _put_beside(folder: Path, name: str, held: bytes) -> Path:
    """Write a file into the run folder in one step; nothing of another maker's is overwritten."""
    path = folder / name
    if os.path.lexists(path) and b'"#linkages"' not in path.read_bytes():
        raise BadInput(Fault(str(path), None, name, "no such file, or one that linkages wrote", "move it elsewhere"))
    handle, fresh = tempfile.mkstemp(prefix=f".{name}.", dir=folder)
    with os.fdopen(handle, "wb") as file:
        file.write(held)
    Path(fresh).chmod(0o644)
    os.replace(fresh, path)  # noqa: PTH105 - a rename, said as such
    return path
