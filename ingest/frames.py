"""Records from pandas frames, and records carried from one engine to another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from ingest.engine import DuckDB, Engine
from ingest.faults import BadInput
from ingest.frame_cells import numbers, texts
from ingest.frame_faults import REQUIRED, column_faults, row_faults
from ingest.frame_regions import placed, region_faults
from ingest.funnel import divided, divides
from ingest.ledger import COLUMNS, close
from ingest.nuts import check_version
from ingest.records import CLASS_SCHEMA, MAX_ITEMS, RECORD_SCHEMA, Records, typed


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
        for alliances, class for patents (of participants: inventor or applicant).
    participants
        ``event, participant, role, region``, one row a participant and place; none when None. Regions are of NUTS2
        or NUTS3 (which may stand in ``nuts3`` too), outside NUTS countries; a blank is an unknown one. Codes of
        other versions are carried over as those of files are (:func:`ingest.nuts.find_code`).
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
        none, the codes of a facet and the participants of an event count alike, and a participant is divided
        evenly among its places. Ids are joined as texts: 1 and 1.0 are one event. Events that cannot be counted
        are set aside in the ledger for the reasons that :func:`ingest.read` gives, and are not in the tables.

    Raises
    ------
    BadInput
        Columns that are missing, rows that repeat another or belong to no event, unknown kinds, roles and regions,
        roles that are not of the event's kind, years and values that are none, shares that are not positive: all
        faults at once.
    ValueError
        For an unknown version of NUTS.

    Examples
    --------
    >>> events = pd.DataFrame({"event": ["d1"], "kind": ["deal"], "year": [2003]})
    >>> facets = pd.DataFrame({"event": ["d1", "d1"], "facet": ["1", "2"],
    ...                        "role": ["acquirer", "target"], "naics": ["325412", "541714"]})
    >>> from_frames(events, facets)
    <Records frame: 1 rows used; NAICS 2017, NUTS 2013>
    """
    check_version(nuts)
    if participants is None:
        participants = pd.DataFrame({column: pd.Series([], dtype=object) for column in REQUIRED["participants"]})
    given = {"events": events, "participants": participants, "facets": facets}
    faults = [fault for table, frame in given.items() for fault in column_faults(table, frame)]
    if faults:
        raise BadInput(faults)
    frames = {table: _written(table, frame) for table, frame in given.items()}
    faults = [fault for table, frame in frames.items() for fault in row_faults(table, frame, frames["events"])]
    faults += region_faults(frames["participants"], nuts)
    if faults:
        raise BadInput(faults)
    engine = engine or DuckDB()
    filled = {
        "source": name,
        "scheme": "naics",
        "symbol": frames["facets"]["naics"],
        "placed_by": "given",
        "file": name,
    }
    codes = frames["participants"]["region"]
    frames["participants"] = placed(frames["participants"], nuts)
    whole = {table: _completed(table, frame, filled) for table, frame in frames.items()}
    aside = _aside(whole)
    whole = {table: frame[~frame["event"].isin(aside.index)] for table, frame in whole.items()}
    counts = {"used": len(whole["events"]), **aside.value_counts().to_dict()}
    counted = pd.DataFrame([(name, why, n, float(n)) for why, n in counts.items()], columns=list(COLUMNS))
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
        divided=_divided(whole["participants"], codes, name, nuts, engine),
    )


def carried(records: Records, engine: Engine) -> Records:
    """Carry records to another engine, for example from files read on this machine to Spark.

    Examples
    --------
    >>> events = pd.DataFrame({"event": ["a"], "kind": ["alliance"], "year": [2003]})
    >>> facets = pd.DataFrame({"event": "a", "facet": ["1", "2"], "role": "partner", "naics": ["325412", "541714"]})
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


def _written(table: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Write what should be text as text."""
    rows = frame.reset_index(drop=True)
    of_text = [column for column, dtype in RECORD_SCHEMA[table].items() if dtype == nw.String() and column in rows]
    return rows.assign(**{column: texts(rows[column]) for column in of_text})


def _completed(table: str, frame: pd.DataFrame, given: Mapping[str, Any]) -> pd.DataFrame:
    """Add the columns that were not given, and make shares parts of a whole."""
    made = pd.DataFrame(index=frame.index)
    for column, dtype in RECORD_SCHEMA[table].items():
        if column not in frame:
            made[column] = frame["event"] if column == "row" else given.get(column)
        elif dtype == nw.String():
            made[column] = frame[column]
        else:
            made[column] = numbers(frame[column])[0]
    if table == "events":
        return made.astype({"year": "int64"})
    share = made["share"] if "share" in frame else pd.Series(1.0, index=frame.index)
    whole = [made["event"]]
    if table == "facets":
        whole.append(made["facet"])
    elif "share" not in frame:
        share = share / share.groupby([made[key] for key in ("event", "participant", "role")]).transform("sum")
    return made.assign(share=share / share.groupby(whole).transform("sum"))


def _aside(whole: Mapping[str, pd.DataFrame]) -> pd.Series[Any]:
    """Tell why events cannot be counted, as :func:`ingest.normalise.normalise` does: event → reason."""
    facets = whole["facets"]
    kind = whole["events"].set_index("event")["kind"]
    held = {role: kind.index.isin(facets.loc[facets["role"] == role, "event"]) for role in ("acquirer", "target")}
    items = {
        item: rows.groupby("event")[item].nunique().reindex(kind.index, fill_value=0)
        for item, rows in (("facet", facets), ("participant", whole["participants"]))
    }
    checks = {
        "no sector found": items["facet"] == 0,
        "no sector found for one side": (kind == "deal") & ~(held["acquirer"] & held["target"]),
        "no sector found for two partners": (kind == "alliance") & (items["facet"] < 2),
        f"more than {MAX_ITEMS:,} facets or participants": (items["facet"] > MAX_ITEMS)
        | (items["participant"] > MAX_ITEMS),
    }
    why = np.select([check.to_numpy(bool) for check in checks.values()], list(checks), default="")
    told = pd.Series(why, index=kind.index)
    return told[told != ""]


def _divided(people: pd.DataFrame, codes: pd.Series[Any], name: str, nuts: int, engine: Engine) -> pd.DataFrame | None:
    """List the codes that the version of NUTS divides; None where there are none."""
    wanted = divides(sorted(set(codes.dropna())), nuts)
    if not wanted:
        return None
    rows = people.assign(region_code=codes[people.index], placed_by="region code")
    rows = rows.loc[rows["region_code"].isin(wanted), ["region_code", "placed_by", "share"]]
    return divided(engine.table(rows.astype({"region_code": "str"})), name, nuts)
