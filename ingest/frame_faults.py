"""What is wrong with pandas frames that should become records: columns, cells, and rows that do not fit together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import narwhals as nw
import pandas as pd

from ingest.faults import Fault
from ingest.frame_cells import moments, numbers, texts
from ingest.levels import sectors_at
from ingest.records import KINDS, RECORD_SCHEMA, ROLES

#: What each frame must have; other columns of ``RECORD_SCHEMA`` may be given beside.
REQUIRED = {
    "events": ("event", "kind", "year"),
    "participants": ("event", "participant", "role", "region"),
    "facets": ("event", "facet", "role", "naics"),
}
#: What may not be blank.
_HELD = {"events": ("event",), "participants": ("event", "participant"), "facets": ("event", "facet", "naics")}
#: What tells the rows of a frame apart: a participant has one row for each place.
KEYS = {
    "events": ("event",),
    "participants": ("event", "participant", "role", "region", "nuts3"),
    "facets": ("event", "facet", "naics"),
}
#: The roles of each kind of event.
ROLES_OF: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "participants": {
        "copatent": ("inventor", "applicant"),
        "deal": ("acquirer", "target"),
        "alliance": ("partner",),
    },
    "facets": {"copatent": ("class",), "deal": ("acquirer", "target"), "alliance": ("partner",)},
}
_CORRECT = "correct the frame"
_Check = tuple[str, "pd.Series[bool]", str, str]


def column_faults(table: str, frame: pd.DataFrame) -> Iterator[Fault]:
    """Name every column that is missing, and every one that is there twice."""
    held = ", ".join(map(str, frame.columns))
    for column in REQUIRED[table]:
        if column not in frame:
            yield Fault(table, None, held, f"a column {column}", f"rename or add {column}")
    for column in RECORD_SCHEMA[table]:
        if list(frame.columns).count(column) > 1:
            yield Fault(table, None, held, f"a column {column} once", "drop or rename the others")


def row_faults(table: str, frame: pd.DataFrame, events: pd.DataFrame) -> Iterator[Fault]:
    """Name what is wrong with rows: the first of each kind, and how many there are.

    Parameters
    ----------
    table
        ``events``, ``participants`` or ``facets``.
    frame
        Its rows, texts written by :func:`ingest.frame_cells.texts`.
    events
        The frame of events, likewise.
    """
    checks = [(column, frame[column].isna(), f"no blank in {column}", _CORRECT) for column in _HELD[table]]
    checks += [*_numbers(table, frame), *_words(table, frame, events)]
    if table != "events":
        strange = ~frame["event"].isin(events["event"]) & frame["event"].notna()
        checks.append(("event", strange, "an event of the frame of events in event", _CORRECT))
    keys = [key for key in KEYS[table] if key in frame]
    told = " and ".join(key for key in keys if key != "nuts3")
    checks.append(
        (keys[-1], frame.duplicated(keys), f"each {told} once in {keys[-1]}", "drop rows that repeat another")
    )
    for column, wrong, expected, mend in checks:
        if wrong.any():
            first = frame.loc[wrong].iloc[0]
            where = f"{int(wrong.sum())} rows" + (f", first in event {first['event']}" if column != "event" else "")
            yield Fault(table, None, str(first[column]), f"{expected} ({where})", mend)
    if table == "facets":
        yield from _unknown(frame["naics"])


def _unknown(naics: pd.Series[Any]) -> Iterator[Fault]:
    """Name codes that are not in NAICS 2017: they would be in no sector, and nobody would know."""
    codes = sorted(set(naics.dropna()))
    known = set(sectors_at(codes, "naics2")["naics"])
    mend = "carry them over with ingest.sectors.to_naics"
    return (Fault("facets", None, code, "a code of NAICS 2017", mend) for code in codes if code not in known)


def conflicts(table: str, rows: pd.DataFrame, columns: Iterable[str], mend: str) -> Iterator[Fault]:
    """Name events of which two different things are said, the first of each column.

    Examples
    --------
    >>> rows = pd.DataFrame({"event": ["p", "p", "q"], "year": [2003, 2004.0, 2004]})
    >>> [str(fault) for fault in conflicts("frame", rows, ["year"], "correct it")]
    ["frame: '2003, 2004'; expected one year of event p (1 such events). To mend: correct it"]
    """
    for column in columns:
        if column in rows:
            said = pd.DataFrame({"event": rows["event"], "said": texts(rows[column])}).dropna().drop_duplicates()
            events = said.loc[said["event"].duplicated(), "event"].unique()
            if len(events):
                told = ", ".join(sorted(said.loc[said["event"] == min(events), "said"]))
                expected = f"one {column} of event {min(events)} ({len(events)} such events)"
                yield Fault(table, None, told, expected, mend)


def _numbers(table: str, frame: pd.DataFrame) -> Iterator[_Check]:
    """Check years, values and shares."""
    if table == "events":
        year, _ = numbers(frame["year"])
        mend = "give the year alone: .dt.year" if moments(frame["year"]).any() else "write a whole number, such as 2003"
        yield "year", ~(year.between(1, 9999) & (year % 1 == 0)), "a year in year", mend
    for column, dtype in RECORD_SCHEMA[table].items():
        if dtype != nw.Float64() or column not in frame:
            continue
        found, wrong = numbers(frame[column])
        mend = "write numbers with a point and nothing else: 7.5"
        if column == "share":
            yield "share", ~(found.gt(0) & found.lt(float("inf"))), "a number above 0 in share", mend
        else:
            yield column, wrong, f"a number in {column}", mend


def _words(table: str, frame: pd.DataFrame, events: pd.DataFrame) -> Iterator[_Check]:
    """Check kinds and roles, and whether they fit one another."""
    if table == "events":
        yield "kind", ~frame["kind"].isin(KINDS), f"one of {', '.join(KINDS)} in kind", _CORRECT
        return
    known = frame["role"].isin(ROLES)
    yield "role", ~known, f"one of {', '.join(ROLES)} in role", _CORRECT
    kinds: pd.Series[Any] = frame["event"].map(events.drop_duplicates("event").set_index("event")["kind"])
    for kind, roles in ROLES_OF[table].items():
        wrong = known & (kinds == kind) & ~frame["role"].isin(roles)
        expected = (
            f"{' or '.join(roles)} in role, of a {kind}" if kind != "alliance" else "partner in role, of an alliance"
        )
        yield "role", wrong, expected, "correct role, or the kind of the event"
