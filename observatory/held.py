"""The records of a run as its files hold them: opened, and of each question only what can tell is read.

A question from the command line takes a moment on any study; importing pandas would take as long again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import narwhals as nw

from ingest.engine import DuckDB, Engine

if TYPE_CHECKING:
    from ingest.records import Records
    from observatory.opened import Run

Frame = nw.LazyFrame[Any]


@dataclass(frozen=True)
class Held:
    """The tables of a run's records, unread.

    Attributes
    ----------
    engine
        Where they are opened.
    events, participants, facets
        As in :class:`ingest.records.Records`.
    whole
        Gives the records with all that is beside them, opened when they are first asked for.
    """

    engine: Engine
    events: Frame
    participants: Frame
    facets: Frame
    whole: Callable[[], Records]


def held_of(run: Run, engine: Engine) -> Held:
    """Open the records of a run folder in an engine.

    Raises
    ------
    BadInput
        When a table is not there, or was cut off.
    """
    events, participants, facets = (
        run.scan(f"records/{name}.parquet", engine) for name in ("events", "participants", "facets")
    )
    return Held(engine, events, participants, facets, cache(lambda: records_of(run)))


def held_by(records: Records) -> Held:
    """Take records that are at hand.

    Examples
    --------
    >>> import pandas as pd
    >>> from ingest.frames import from_frames
    >>> events = pd.DataFrame({"event": ["p"], "kind": "copatent", "year": 2003})
    >>> facets = pd.DataFrame({"event": ["p"], "facet": ["1"], "naics": ["325412"], "role": "class"})
    >>> fetched(held_by(from_frames(events, facets)).events.select("event", "year"))
    [('p', 2003)]
    """
    return Held(records.engine, records.events, records.participants, records.facets, lambda: records)


def fetched(frame: Frame) -> list[tuple[Any, ...]]:
    """Bring what has become small here, as plain rows in no order."""
    rows: list[tuple[Any, ...]] = frame.to_native().fetchall()
    return rows


def records_of(run: Run) -> Records:
    """Open the records of a run again, with all that is beside them."""
    import pandas as pd

    from ingest.records import Records

    engine = DuckDB()
    tables = {name: run.scan(f"records/{name}.parquet", engine) for name in ("events", "participants", "facets")}
    empty = pd.DataFrame()
    classes = "records/classes.parquet"
    versions = {"naics": run.manifest["settings"]["naics"], "nuts": run.manifest["settings"]["nuts"]}
    return Records(
        events=tables["events"],
        participants=tables["participants"],
        facets=tables["facets"],
        ledger=run.table("ledger.csv"),
        rejects=empty,
        unmatched=empty,
        inputs=empty,
        versions=versions,
        engine=engine,
        classes=run.scan(classes, engine) if run.names(classes) else None,
    )
