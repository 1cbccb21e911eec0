"""Pandas frames that may stand where records do: three tables, or one of facets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from ingest.agreements import parse_when
from ingest.engine import Engine
from ingest.faults import BadInput, Fault
from ingest.frame_cells import texts
from ingest.frame_faults import conflicts
from ingest.frames import from_frames
from ingest.records import KINDS, Records

#: What a single frame must have, by what it is a table of.
FORMS = {
    "facets": ("event", "naics"),
    "pairs": ("event", "a", "b"),
    "links": ("source", "target", "weight"),
}
#: The role of a facet whose frame does not say it.
ROLES = {"copatent": "class", "alliance": "partner"}
#: What is said of an event, in any of its rows.
OF_EVENT = ("year", "kind", "form", "value", "currency", "date")
_TEXTS = ("event", "kind", "role", "facet", "participant", "naics", "region", "nuts3")
_SIDES = ("acquirer", "target")


def form_of(frame: pd.DataFrame) -> str:
    """Tell what a frame is a table of, by its columns.

    Raises
    ------
    ValueError
        When it is none of :data:`FORMS`: says what is expected and what was found.

    Examples
    --------
    >>> form_of(pd.DataFrame(columns=["event", "year", "naics"]))
    'facets'
    >>> form_of(pd.DataFrame(columns=["from", "to"]))
    Traceback (most recent call last):
    ...
    ValueError: a frame is of facets (event, naics), pairs (event, a, b) or links (source, target, weight); got from, to
    """
    for form, columns in FORMS.items():
        if set(columns) <= set(frame.columns):
            return form
    forms = [f"{form} ({', '.join(columns)})" for form, columns in FORMS.items()]
    found = ", ".join(map(str, frame.columns)) or "no column"
    raise ValueError(f"a frame is of {', '.join(forms[:-1])} or {forms[-1]}; got {found}")


def records_of(
    frames: pd.DataFrame | Mapping[str, pd.DataFrame],
    kind: str,
    year: int,
    engine: Engine | None = None,
    nuts: int = 2013,
) -> Records:
    """Make records of one frame of facets, or of the three frames that :func:`ingest.frames.from_frames` takes.

    Parameters
    ----------
    frames
        One row a facet: ``event, naics`` and, where they are known, ``year, kind, role, facet, participant, region,
        nuts3, share, value, currency, date``; or ``{"events": …, "facets": …, "participants": …}``. What is said of
        an event need stand in one of its rows only. In deals and alliances a participant is one facet whatever rows
        tell its codes and regions; of a patent each row is a facet where no column ``facet`` says otherwise.
    kind, year
        Those of events whose frame does not say them; where all roles of an event are acquirer or target, it is a
        deal. Without a column ``year`` the year is that of ``date``.
    engine
        Where the tables are put; an embedded DuckDB when None.
    nuts
        NUTS version of the regions.

    Raises
    ------
    ingest.faults.BadInput
        Every fault of the frames at once.
    ValueError
        For deals without a column ``role``.

    Examples
    --------
    >>> table = pd.DataFrame({"event": ["p", "p"], "naics": ["325412", "541713"]})
    >>> records_of(table, "copatent", 2003)
    <Records frame: 1 rows used; NAICS 2017, NUTS 2013>
    """
    faults: list[Fault] = []
    if isinstance(frames, pd.DataFrame):
        rows = _written(frames)
        faults += conflicts("frame", rows, OF_EVENT, "say it once, or the same in all rows of the event")
        faults += _dates(rows)
        rows = _with_kinds(rows, kind, faults)
        rows = _with_items(rows, faults)
        frames = _three(rows, year)
    elif {"events", "facets"} - set(frames) or set(frames) - {"events", "facets", "participants"}:
        got = ", ".join(map(str, frames)) or "none"
        raise ValueError(f"frames are events, facets and, where known, participants; got {got}")
    else:
        _refuse_other(frames)
    try:
        records = from_frames(frames["events"], frames["facets"], frames.get("participants"), nuts=nuts, engine=engine)
    except BadInput as bad:
        faults += bad.faults
    if faults:
        raise BadInput(dict.fromkeys(faults))
    return records


def _refuse_other(frames: Mapping[str, Any]) -> None:
    """Refuse what is no frame."""
    for name, frame in frames.items():
        if not (isinstance(frame, pd.DataFrame) or (frame is None and name == "participants")):
            raise TypeError(f"{name} is a pandas DataFrame; got {type(frame).__name__}")


def _written(frame: pd.DataFrame) -> pd.DataFrame:
    """Write ids and words as texts; refuse columns of one name, and rows of no event."""
    twice = sorted({str(name) for name in frame.columns[frame.columns.duplicated()]})
    faults = [Fault("frame", None, name, "each column once", "drop or rename the others") for name in twice]
    rows = frame.reset_index(drop=True)
    if not faults:
        rows = rows.assign(**{column: texts(rows[column]) for column in _TEXTS if column in rows})
        blank = int(rows["event"].isna().sum())
        if blank:
            faults.append(Fault("frame", None, "", f"no blank in event ({blank} rows)", "name the event of each row"))
    if faults:
        raise BadInput(faults)
    return rows


def _with_kinds(rows: pd.DataFrame, source: str, faults: list[Fault]) -> pd.DataFrame:
    """Give each row the kind of its event, and its role."""
    if "kind" in rows:
        rows = rows.assign(kind=rows.groupby("event")["kind"].transform("first"))
    else:
        sided = rows["role"].isin(_SIDES) if "role" in rows else pd.Series(False, index=rows.index)
        sided = sided.groupby(rows["event"]).transform("all")
        if sided.any() and source in ROLES:
            first = rows.loc[sided].iloc[0]
            mend = 'ask for source = "deal" or "all", or say in a column kind what the events are'
            expected = f"roles of {source}s where no column kind is (event {first['event']}: these are a deal's)"
            faults.append(Fault("frame", None, str(first["role"]), expected, mend))
        other = source if source in KINDS else "alliance"
        rows = rows.assign(kind=pd.Series("deal", index=rows.index).where(sided, other))
    if "role" in rows:
        return rows
    if (rows["kind"] == "deal").any():
        raise ValueError("a frame of deals needs a column role: acquirer or target")
    return rows.assign(role=rows["kind"].map(ROLES))


def _with_items(rows: pd.DataFrame, faults: list[Fault]) -> pd.DataFrame:
    """Give each row its facet and participant: in deals and alliances they are one, of a patent each row is one."""
    single = rows["kind"].isin(("deal", "alliance"))
    numbers = rows.groupby("event").cumcount().astype(str)
    if "facet" in rows:
        repeated = rows.duplicated([column for column in (*_TEXTS, "share") if column in rows])
        if repeated.any():
            first = rows.loc[repeated].iloc[0]
            expected = f"each facet and code once in event {first['event']} ({int(repeated.sum())} rows)"
            faults.append(Fault("frame", None, str(first["facet"]), expected, "drop the rows that repeat another"))
        return rows if "participant" in rows else rows.assign(participant=rows["facet"].where(single, numbers))
    if "share" in rows and not ("participant" in rows and single.all()):
        expected = "a column facet beside the column share: it tells which rows are parts of one facet"
        faults.append(Fault("frame", None, "share", expected, "add facet, or leave share out: codes count alike"))
    if "participant" not in rows:
        return rows.assign(facet=numbers, participant=numbers)
    unnamed = single & rows["participant"].isna()
    if unnamed.any():
        expected = (
            f"no blank in participant ({int(unnamed.sum())} rows, first in event {rows['event'][unnamed].iloc[0]})"
        )
        faults.append(Fault("frame", None, "", expected, "name whose code it is, or leave the column out"))
    # One that is on both sides of a deal is a facet of each.
    own = rows["participant"].where(rows["kind"] != "deal", rows["role"] + ", " + rows["participant"])
    return rows.assign(facet=own.where(single, numbers))


def _dates(rows: pd.DataFrame) -> list[Fault]:
    """Refuse dates that are none, and those of another year than the event's."""
    if "date" not in rows:
        return []
    written = texts(rows["date"])
    read = written.dropna().map(parse_when)
    faults = []
    if unread := sorted(set(written.dropna()[read.isna()].astype(str))):
        expected = f"a date as 2003-05-01 ({len(unread)} that are none)"
        faults.append(Fault("frame", None, unread[0], expected, "write dates so, or leave the cell blank"))
    if "year" in rows:
        own = pd.to_numeric(rows["year"], errors="coerce").reindex(read.index)
        other = own.notna() & read.notna() & (own != read.str[:4].astype("float64"))
        if other.any():
            first = rows.loc[other[other].index[0]]
            expected = f"a date in the year {first['year']} of event {first['event']} ({int(other.sum())} rows)"
            faults.append(Fault("frame", None, str(first["date"]), expected, "correct the date, or the year"))
    return faults


def _years(dates: pd.Series[Any], year: int) -> pd.Series[Any]:
    """Take years from dates; where there is none, the year given."""
    return texts(dates).map(lambda text: int((parse_when(text) or str(year))[:4]), na_action="ignore").fillna(year)


def _three(rows: pd.DataFrame, year: int) -> dict[str, pd.DataFrame]:
    """Part one frame into events, facets and participants."""
    if "year" not in rows:
        rows = rows.assign(year=_years(rows["date"], year) if "date" in rows else year)
    told = [column for column in OF_EVENT if column in rows]
    held = {column: rows[column].astype(object).where(texts(rows[column]).notna(), None) for column in told}
    events = rows[["event"]].assign(**held).groupby("event", as_index=False, sort=False).first()
    patent = (rows["kind"] == "copatent") & rows["role"].isin(("class", "inventor", "applicant"))
    facets = rows.assign(role=rows["role"].mask(patent, "class"))
    facets = facets[["event", "facet", "participant", "role", "naics", *(["share"] if "share" in rows else [])]]
    made = {"events": events, "facets": facets.drop_duplicates()}
    places = [column for column in ("region", "nuts3") if column in rows]
    if places:
        people = rows.assign(role=rows["role"].mask(patent & (rows["role"] == "class"), "inventor"))
        people = people[["event", "participant", "role", *places]].drop_duplicates()
        people = people if "region" in people else people.assign(region=None)
        made["participants"] = people[people[places].notna().any(axis=1)]
    return made
