"""First stage: every source of the study into records."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ingest import BadInput, Records, merge, read
from ingest.apply import Apply, one_by_one
from ingest.engine import Engine
from ingest.faults import Fault
from ingest.matching import Matching
from ingest.organised import with_organisations
from ingest.postcodes import read_postcodes
from observatory.decisions import Decisions, read_decisions
from observatory.setting_lines import with_lines
from observatory.study import Study

Say = Callable[[str], None]


def read_sources(study: Study, engine: Engine, say: Say, apply: Apply = one_by_one) -> Records:
    """Read all sources of a study, or say everything that is wrong with any of them.

    Many names of organisations are compared as `apply` does it: one by one, or side by side.

    Raises
    ------
    BadInput
        The faults of all sources together, or those of what settles doubtful matches.
    """
    settings = study.settings
    years = study_years(study)
    match = matching(study)
    parts: list[Records] = []
    faults: list[Fault] = []
    for number, name in enumerate(sorted(settings.sources), start=1):
        source = settings.sources[name]
        say(f"reading, {number} of {len(settings.sources)}: {name} ({source.format})")
        try:
            with with_lines(study, "sources", name):
                part = read(
                    source.format,
                    study.files(name),
                    name=name,
                    columns=source.columns,
                    options=located(source.options, study.folder),
                    nuts=settings.nuts,
                    assign=settings.assign,
                    labels=settings.labels,
                    years=years,
                    as_of=settings.as_of,
                    match=match,
                    engine=engine,
                    root=study.folder,
                )
            parts.append(part)
        except BadInput as error:
            faults += error.faults
    if faults:
        raise BadInput(faults)
    say("telling organisations apart")
    return with_organisations(merge(parts), match, apply)


def matching(study: Study) -> Matching:
    """Read what settles doubtful matches: the limits, decisions.csv, the table of postal codes.

    Raises
    ------
    BadInput
        The faults of the files.
    """
    faults: list[Fault] = []
    decisions, postcodes = Decisions(), None
    try:
        decisions = read_decisions(study.folder)
    except BadInput as error:
        faults += error.faults
    if study.settings.places.postcodes is not None:
        try:
            postcodes = read_postcodes(study.folder / study.settings.places.postcodes)
        except BadInput as error:
            faults += error.faults
    if faults:
        raise BadInput(faults)
    limits = study.settings.match
    return Matching(limits.accept, limits.review, tuple(decisions.rows), postcodes)


def study_years(study: Study) -> set[int]:
    """List every year of the study's periods; the cross-industry files look no further."""
    return {year for first, last in study.settings.periods for year in range(first, last + 1)}


def located(options: dict[str, object], folder: Path) -> dict[str, object]:
    """Make the files that an option names relative to the study's folder."""
    join = options.get("join")
    if not isinstance(join, dict) or "files" not in join:
        return options
    files = join["files"] if isinstance(join["files"], list) else [join["files"]]
    return {**options, "join": {**join, "files": [str(folder / str(file)) for file in files]}}
