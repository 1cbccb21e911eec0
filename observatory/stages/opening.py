"""Before the first stage: everything that a study names, opened together, so that all faults are told at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from ingest import Records
from ingest.apply import Apply, one_by_one
from ingest.engine import Engine
from ingest.faults import BadInput, Fault
from ingest.levels import sectors_at
from ingest.records import VENDOR_LEVELS
from ingest.regions import region_at
from observatory import store
from observatory.setting_lines import FILE, with_lines
from observatory.stages.reading import Say, read_sources
from observatory.stages.starring import StarTable, star_table
from observatory.study import Study


def open_inputs(
    study: Study, engine: Engine, say: Say, out: Path | None = None, apply: Apply = one_by_one
) -> tuple[Records, StarTable]:
    """Open the sources and the star table of a study, or say everything that is wrong with any of them.

    Parameters
    ----------
    study
        What :func:`observatory.open_study` returns.
    engine
        Where the records will live.
    say
        Told what is being read.
    out
        The run folder to be written, checked before anything is read; None when nothing will be.
    apply
        How many names of organisations are compared: one by one, or side by side.

    Raises
    ------
    BadInput
        The faults of the run folder, the groups, the borders, the star table and all sources together.
    """
    faults: list[Fault] = []
    tried = _tried(faults)
    if out is not None:
        tried(lambda: store.refuse_taken(out))
    for check in _settings(study):
        tried(check)
    stars = tried(lambda: star_table(study))
    records = tried(lambda: read_sources(study, engine, say, apply))
    if faults:
        with with_lines(study):
            raise BadInput(dict.fromkeys(faults))
    return records, stars


def _tried(faults: list[Fault]) -> Callable[[Callable[[], Any]], Any]:
    """Give a function that takes a step and keeps the faults that it meets."""

    def step(take: Callable[[], Any]) -> Any:
        try:
            return take()
        except BadInput as error:
            faults.extend(error.faults)
            return None

    return step


def _settings(study: Study) -> Iterator[Callable[[], Any]]:
    """Check what study.toml says in codes and file names: groups of sectors and regions, borders."""
    settings = study.settings
    places = pd.DataFrame({"region": [], "nuts3": []}, dtype="str")
    if settings.sector_level not in VENDOR_LEVELS:  # a vendor's classes are known when its files are read
        yield lambda: _of("groups.sectors", lambda: sectors_at([], settings.sector_level, settings.groups.sectors))
    yield lambda: _of(
        "groups.regions",
        lambda: region_at(places, settings.region_level, settings.groups.regions, nuts=settings.nuts),
    )
    if settings.nuts_shapes is not None:
        yield lambda: _borders(study, str(settings.nuts_shapes))


def _of(table: str, check: Callable[[], Any]) -> None:
    """Say in which table of study.toml a fault stands."""
    try:
        check()
    except BadInput as error:
        raise BadInput(replace(fault, file=f"{FILE}, [{table}]") for fault in error.faults) from None


def _borders(study: Study, name: str) -> None:
    from observatory.figures.shapes import ground

    file = study.folder / name
    if not file.is_file():
        expected = f"a GeoJSON file of borders in {study.folder.name}/"
        raise BadInput(Fault(FILE, None, name, expected, "correct nuts_shapes, or remove the line"))
    ground(file)
