"""Records from pandas frames, and records carried from one engine to another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import narwhals as nw
import pandas as pd

from ingest.engine import DuckDB, Engine
from ingest.faults import BadInput, Fault
from ingest.ledger import COLUMNS, close
from ingest.records import CLASS_SCHEMA, KINDS, RECORD_SCHEMA, ROLES, Records, typed

#: What each frame must have; other columns of ``RECORD_SCHEMA`` may be given beside.
REQUIRED = {
    "events": ("event", "kind", "year"),
    "participants": ("event", "participant", "role", "region"),
    "facets": ("event", "facet", "role", "naics"),
}
#: What tells the rows of a frame apart.
KEYS = {"events": ["event"], "participants": ["event", "participant"], "facets": ["event", "facet", "naics"]}
#: Within what the shares of a frame sum to 1.
_WHOLE = {"participants": ["event"], "facets": ["event", "facet"]}
#: Columns of text with these words only.
_WORDS = {"kind": KINDS, "role": ROLES}


def from_frames(
    events: pd.DataFrame,
    facets: pd.DataFrame,
    participants: pd.DataFrame | None = None,
    *,
    name: str = "frame",
    nuts: int = 2013,
    engine: Engine | None = None,
) -> Records:
    """Make records of frames whose sectors and regions are known.

    Parameters
    ----------
    events
        ``event, kind, year``; `kind` is one of copatent, deal, alliance.
    facets
        ``event, facet, role, naics``, one row a facet and code; `role` is acquirer or target for deals, partner
        for alliances, class for patents.
    participants
        ``event, participant, role, region``; none when None. Regions are of NUTS2, or countries.
    name
        Name of the source.
    nuts
        NUTS version of the regions.
    engine
        Where the tables are put; an embedded DuckDB when None.

    Returns
    -------
    Records
        A column ``share`` of facets or participants is taken as it stands to one another; where there is
        none, the codes of a facet and the participants of an event count alike.

    Raises
    ------
    BadInput
        Columns that are missing, rows that repeat another or belong to no event, unknown kinds and roles, years
        that are none, shares that are not positive: all faults at once.

    Examples
    --------
    >>> events = pd.DataFrame({"event": ["d1"], "kind": ["deal"], "year": [2003]})
    >>> facets = pd.DataFrame({"event": ["d1", "d1"], "facet": ["1", "2"],
    ...                        "role": ["acquirer", "target"], "naics": ["325412", "541711"]})
    >>> from_frames(events, facets)
    <Records frame: 1 rows used; NAICS 2017, NUTS 2013>
    """
    if participants is None:
        participants = pd.DataFrame({column: pd.Series([], dtype=object) for column in REQUIRED["participants"]})
    frames = {"events": events, "participants": participants, "facets": facets}
    faults = [fault for table, frame in frames.items() for fault in _columns(table, frame)]
    faults = faults or [fault for table, frame in frames.items() for fault in _rows(table, frame, events)]
    if faults:
        raise BadInput(faults)
    engine = engine or DuckDB()
    given = {"source": name, "scheme": "naics", "symbol": facets["naics"], "placed_by": "given", "file": name}
    whole = {table: _completed(table, frame, given) for table, frame in frames.items()}
    counted = pd.DataFrame([(name, "used", len(events), float(len(events)))], columns=list(COLUMNS))
    kept = {table: engine.keep(typed(engine.table(frame), RECORD_SCHEMA[table])) for table, frame in whole.items()}
    return Records(
        events=kept["events"],
        participants=kept["participants"],
        facets=kept["facets"],
        ledger=close(counted),
        rejects=_none("source", "file", "row", "field", "value", "reason", "line"),
        unmatched=_none("source", "kind", "value", "country", "rows", "weight"),
        inputs=_none("source", "path", "rows", "sha256"),
        versions={"naics": 2017, "nuts": nuts},
        engine=engine,
    )


def carried(records: Records, engine: Engine) -> Records:
    """Carry records to another engine, for example from files read on this machine to Spark.

    Examples
    --------
    >>> events = pd.DataFrame({"event": ["a"], "kind": ["alliance"], "year": [2003]})
    >>> facets = pd.DataFrame({"event": "a", "facet": ["1", "2"], "role": "partner", "naics": ["325412", "541711"]})
    >>> there = DuckDB()
    >>> carried(from_frames(events, facets), there).engine is there
    True
    """
    tables: dict[str, nw.LazyFrame[Any]] = {}
    for table, schema in RECORD_SCHEMA.items():
        arrow = getattr(records, table).sort(*schema).collect("pyarrow").to_native()
        tables[table] = engine.keep(typed(engine.table(arrow), schema))
    if records.classes is not None:
        arrow = records.classes.sort(*CLASS_SCHEMA).collect("pyarrow").to_native()
        tables["classes"] = engine.keep(typed(engine.table(arrow), CLASS_SCHEMA))
    changes: dict[str, Any] = {**tables, "engine": engine, "numbered": {}, "tables": ()}
    return replace(records, **changes)


def _none(*columns: str) -> pd.DataFrame:
    return pd.DataFrame({column: pd.Series([], dtype=object) for column in columns})


def _columns(table: str, frame: pd.DataFrame) -> Iterator[Fault]:
    """Name every column that is missing."""
    for column in REQUIRED[table]:
        if column not in frame:
            held = ", ".join(map(str, frame.columns))
            yield Fault(table, None, held, f"a column {column}", f"rename or add {column}")


def _rows(table: str, frame: pd.DataFrame, events: pd.DataFrame) -> Iterator[Fault]:
    """Name what is wrong with rows: the first of each kind, and how many there are."""
    checks: list[tuple[str, pd.Series[bool], str]] = [
        (column, frame[column].isna(), "no blank") for column in KEYS[table]
    ]
    checks += [
        (column, ~frame[column].isin(words), f"one of {', '.join(words)}")
        for column, words in _WORDS.items()
        if column in REQUIRED[table]
    ]
    if "share" in frame:
        share = pd.to_numeric(frame["share"], errors="coerce")
        checks.append(("share", ~(share.gt(0) & share.lt(float("inf"))), "a number above 0"))
    if table == "events":
        years = pd.to_numeric(frame["year"], errors="coerce")
        checks.append(("year", years.isna() | (years % 1 != 0), "a year"))
    else:
        checks.append(("event", ~frame["event"].isin(events["event"]), "an event of the frame of events"))
    checks.append((KEYS[table][-1], frame.duplicated(KEYS[table]), f"each {' and '.join(KEYS[table])} once"))
    for column, wrong, expected in checks:
        if wrong.any():
            first = str(frame.loc[wrong, column].iloc[0])
            yield Fault(table, None, first, f"{expected} in {column} ({int(wrong.sum())} rows)", "correct the frame")


def _completed(table: str, frame: pd.DataFrame, given: Mapping[str, Any]) -> pd.DataFrame:
    """Add the columns that were not given, and make shares parts of a whole."""
    made = pd.DataFrame(index=frame.index)
    for column, dtype in RECORD_SCHEMA[table].items():
        if column in frame:
            made[column] = frame[column]
        elif column == "row":
            made[column] = frame["event"]
        else:
            made[column] = given.get(column)
        if dtype == nw.String():
            texts = made[column].astype(object)
            made[column] = texts.where(texts.isna(), texts.map(str)).where(texts.notna(), None)
    if table in _WHOLE:
        share = frame["share"].astype(float) if "share" in frame else pd.Series(1.0, index=frame.index)
        keys = [made[key] for key in _WHOLE[table]]
        made["share"] = share / share.groupby(keys).transform("sum")
    return made
