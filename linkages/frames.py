"""Pandas frames that may stand where records do: three tables, one table of facets, or pairs counted elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import narwhals as nw
import pandas as pd

from ingest.engine import DuckDB, Engine
from ingest.faults import BadInput, Fault
from ingest.frames import from_frames
from ingest.levels import sectors_at
from ingest.records import KINDS, Records

#: What a single frame must have, by what it is a table of.
FORMS = {
    "facets": ("event", "naics"),
    "pairs": ("event", "a", "b"),
    "links": ("source", "target", "weight"),
}
#: The role of a facet whose frame does not say it.
ROLES = {"copatent": "class", "alliance": "partner"}
_OF_EVENT = ("value", "currency", "date")


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
    frames: pd.DataFrame | Mapping[str, pd.DataFrame], kind: str, year: int, engine: Engine | None = None
) -> Records:
    """Make records of one frame of facets, or of the three frames that :func:`ingest.frames.from_frames` takes.

    Parameters
    ----------
    frames
        One row a facet: ``event, naics`` and, where they are known, ``year, kind, role, facet, participant, region,
        share, value, currency, date``; or ``{"events": …, "facets": …, "participants": …}``.
    kind, year
        Those of events whose frame does not say them.
    engine
        Where the tables are put; an embedded DuckDB when None.

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
    if not isinstance(frames, pd.DataFrame):
        missing = sorted({"events", "facets"} - set(frames))
        if missing or set(frames) - {"events", "facets", "participants"}:
            raise ValueError(f"frames are events, facets and, where known, participants; got {', '.join(frames)}")
        _refuse_unknown(frames["facets"])
        return from_frames(frames["events"], frames["facets"], frames.get("participants"), engine=engine)
    _refuse_unknown(frames)
    rows = _filled(frames, kind, year)
    kept = [column for column in _OF_EVENT if column in rows]
    events = rows[["event", "kind", "year", *kept]].drop_duplicates(["event", "kind", "year"])
    facets = rows[["event", "facet", "participant", "role", "naics", *(["share"] if "share" in rows else [])]]
    people = None
    if "region" in rows:
        placed = rows[rows["region"].notna()]
        people = placed[["event", "participant", "role", "region"]].drop_duplicates(["event", "participant"])
        people = people.assign(role=people["role"].replace("class", "inventor"))
    return from_frames(events, facets, people, engine=engine)


def _refuse_unknown(facets: pd.DataFrame) -> None:
    """Refuse codes that are not in NAICS 2017: they would be in no sector, and nobody would know."""
    codes = [] if "naics" not in facets else sorted({str(code) for code in facets["naics"].dropna()})
    unknown = sorted(set(codes) - set(sectors_at(codes, "naics2")["naics"]))
    mend = "carry them over with ingest.sectors.to_naics"
    if unknown:
        raise BadInput(Fault("facets", None, code, "a code of NAICS 2017", mend) for code in unknown)


def _filled(frame: pd.DataFrame, kind: str, year: int) -> pd.DataFrame:
    """Give each row of a frame of facets what it does not say."""
    rows = frame.reset_index(drop=True)
    for column, value in (("kind", kind if kind in KINDS else "alliance"), ("year", year)):
        rows = rows if column in rows else rows.assign(**{column: value})
    if "role" not in rows:
        if (rows["kind"] == "deal").any():
            raise ValueError("a frame of deals needs a column role: acquirer or target")
        rows = rows.assign(role=rows["kind"].map(ROLES))
    numbers = rows.groupby("event").cumcount().astype(str)
    for column in ("participant", "facet"):
        default = (
            numbers
            if column == "participant" or "participant" not in frame
            else numbers + ", " + rows["participant"].astype(str)
        )
        rows = rows if column in rows else rows.assign(**{column: default})
    return rows


def pairs_of(
    frame: pd.DataFrame, kind: str, year: int, engine: Engine | None = None
) -> tuple[nw.LazyFrame[Any], Engine]:
    """Hand pairs counted elsewhere to an engine, in the columns of :func:`linkages.counting.pairs`.

    Parameters
    ----------
    frame
        ``event, a, b`` and, where they are known, ``year, kind, part``: an event's parts sum to 1; without them
        its pairs count alike.
    kind, year
        Those of events whose frame does not say them.

    Raises
    ------
    ValueError
        Blanks in event, a or b; parts that are not above 0; a pair of an event that stands twice.
    """
    engine = engine or DuckDB()
    rows = frame.reset_index(drop=True)
    faults = [f"a blank in {column}" for column in FORMS["pairs"] if rows[column].isna().any()]
    if "part" in rows and not (rows["part"] > 0).all():
        faults.append("a part that is not above 0")
    if rows.duplicated(list(FORMS["pairs"])).any():
        faults.append("a pair of an event that stands twice")
    if faults:
        raise ValueError("not a table of pairs: " + "; ".join(faults))
    for column, value in (("kind", kind if kind in KINDS else "alliance"), ("year", year)):
        rows = rows if column in rows else rows.assign(**{column: value})
    if "part" not in rows:
        rows = rows.assign(part=1.0 / rows.groupby("event")["event"].transform("size"))
    ordered = rows["a"].astype(str) <= rows["b"].astype(str)
    keep = ordered | (rows["kind"] == "deal")  # a deal runs from acquirer to target
    a, b = (
        rows["a"].astype(str).where(keep, rows["b"].astype(str)),
        rows["b"].astype(str).where(keep, rows["a"].astype(str)),
    )
    rows = rows.assign(a=a, b=b, event=rows["event"].astype(str), kind=rows["kind"].astype(str))
    summed = rows.astype({"year": "int64", "part": "float64"}).sort_values(["event", "a", "b", "part"])
    summed = summed.groupby(["event", "kind", "year", "a", "b"], as_index=False)[["part"]].sum()
    return engine.table(summed), engine
