"""The explorer as plain files: the page, every resource, the run's files; any web server will do, or none."""

from __future__ import annotations

import json
import shutil
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from observatory.explorer import behind, overview
from observatory.explorer.holdings import why_path
from observatory.explorer.pagefiles import page_files
from observatory.explorer.payload import Payload
from observatory.explorer.shelf import MEDIA, Kept
from observatory.explorer.tree import Tree
from observatory.material import Material
from observatory.store import Run, new_run, write_json

#: Files of a run that a site leaves out unless it is asked for them: who took part in which event.
RECORDS = ("records/", "rejects.csv")
#: What a site says of itself.
KIND, SCHEMA = "site", 1


def write_site(
    run: Run,
    out: Path,
    *,
    heaviest: int = behind.HEAVIEST,
    records: bool = False,
    say: Callable[[str], None] = lambda _: None,
) -> Path:
    """Write the explorer of a run as plain files; the same run gives the same bytes.

    Parameters
    ----------
    run
        What :func:`observatory.open_run` returns.
    out
        The folder; a site that is there is replaced once the new one is whole.
    heaviest
        Links of each network of all sources whose events the site holds.
    records
        Whether the run's records, which name participants, are among the files to download.
    say
        Told what is being done.

    Returns
    -------
    Path
        The page, to be opened from disk or put on a server with all that is beside it.

    Raises
    ------
    BadInput
        When `out` is something else than a site, or cannot be written in.
    """
    tree = Tree(Material(run, None))
    with new_run(out, KIND) as folder:
        for name, body in page_files().items():
            (folder / name).write_bytes(body)
        say("writing what is shown")
        for path, made, endings in _resources(tree, heaviest, records):
            _write(folder / "api" / "v1", path, made, endings)
        (folder / "api" / "v1" / "openapi.json").write_bytes(_openapi(run))
        say("copying the run's files")
        _copy(tree, folder, () if records else RECORDS)
        about = {
            "kind": KIND,
            "schema": SCHEMA,
            "title": run.manifest["title"],
            "run": overview.identity(tree.holdings),
        }
        write_json(folder / "manifest.json", about)
    return out / "index.html"


def _resources(tree: Tree, heaviest: int, records: bool) -> Iterator[tuple[str, Payload, Sequence[str]]]:
    """Give what a site holds: path, resource, and endings; of links the events behind those with most weight."""
    holdings = tree.holdings
    for family, path, name in tree.resources():
        if family.make is behind.why:
            told = behind.heaviest(holdings, heaviest) if holdings.run.names("records/events.parquet") else []
            for (a, b), made in behind.every_why(holdings, told):
                yield why_path(a, b), tree.completed(family, made), family.in_site
            continue
        if family.make is overview.downloads and not records:
            yield path, tree.completed(family, overview.downloads(holdings, RECORDS)), family.in_site
        elif family.make is behind.index:
            yield path, tree.completed(family, behind.index(holdings, heaviest)), family.in_site
        else:
            yield path, tree.made(family, name), family.in_site


def _write(folder: Path, path: str, made: Payload, endings: Sequence[str]) -> None:
    """Write a resource: its JSON, the same (pressed) as a script for pages opened from disk, and its tables."""
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    body = made.json()
    (folder / f"{path}.json").write_bytes(body)
    pressed = Kept(body, MEDIA["json"]).pressed
    argument = body if pressed is None else b'"' + b64encode(pressed) + b'"'
    call = b"linkages.take(" + json.dumps(path).encode() + b", " + argument + b");\n"
    (folder / f"{path}.json.js").write_bytes(call)
    for ending, bytes_of in (("csv", made.csv), ("parquet", made.parquet)):
        if ending in endings and made.tables:
            (folder / f"{path}.{ending}").write_bytes(bytes_of())
            for name in made.tables:
                (folder / f"{path}.{name}.{ending}").write_bytes(bytes_of(name))


def _openapi(run: Run) -> bytes:
    from observatory.explorer.server import application

    return json.dumps(application(run).openapi(), ensure_ascii=False, sort_keys=True).encode()


def _copy(tree: Tree, folder: Path, left_out: tuple[str, ...]) -> None:
    for row in overview.files(tree.holdings, left_out):
        if row["path"] is not None:
            target = folder / row["path"]
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(tree.holdings.run.folder / row["file"], target)
