"""A pandas frame of pairs that were counted elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import narwhals as nw
import pandas as pd

from ingest.engine import DuckDB, Engine
from ingest.faults import BadInput, Fault
from ingest.frame_cells import moments, numbers, texts
from ingest.frame_faults import conflicts
from ingest.records import KINDS

_NAMES = ("event", "a", "b")
#: By how much the sum of an event's parts may miss 1: they may have been written with three digits.
ROUNDING = 2e-3


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
    ingest.faults.BadInput
        Blanks in event, a or b; kinds and years that are none, or two of one event; parts that are not above 0 or do
        not sum to 1; a pair of an event that stands twice, in either order of its ends unless it is a deal's: all
        faults at once.

    Examples
    --------
    >>> pairs_of(pd.DataFrame({"event": ["p"], "a": ["325"], "b": ["334"], "part": [5]}), "copatent", 2003)
    Traceback (most recent call last):
    ...
    ingest.faults.BadInput: pairs: '5'; expected parts of event p that sum to 1 (1 such events). To mend: divide each \
part by the sum of its event's; a pair within one node has a part too
    """
    engine = engine or DuckDB()
    rows = frame.reset_index(drop=True)
    twice = [str(name) for name in rows.columns[rows.columns.duplicated()]]
    if twice:
        raise BadInput(Fault("pairs", None, name, "each column once", "drop or rename the others") for name in twice)
    for column, value in (("kind", kind if kind in KINDS else "alliance"), ("year", year)):
        rows = rows if column in rows else rows.assign(**{column: value})
    rows = rows.assign(**{column: texts(rows[column]) for column in (*_NAMES, "kind")})
    faults = [*_rows(rows), *_events(rows)]
    if faults:
        raise BadInput(faults)
    share = 1.0 / rows.groupby("event")["event"].transform("size")
    part = numbers(rows["part"])[0] if "part" in rows else share
    rows = rows.assign(year=numbers(rows["year"])[0].astype("int64"), part=part)
    summed = _ordered(rows).sort_values(["event", "a", "b", "part"])
    summed = summed.groupby(["event", "kind", "year", "a", "b"], as_index=False)[["part"]].sum()
    return engine.table(summed), engine


def _ordered(rows: pd.DataFrame) -> pd.DataFrame:
    """Put the ends of each pair in order; a deal runs from acquirer to target."""
    keep = (rows["a"].fillna("") <= rows["b"].fillna("")) | (rows["kind"] == "deal")
    return rows.assign(a=rows["a"].where(keep, rows["b"]), b=rows["b"].where(keep, rows["a"]))


def _rows(rows: pd.DataFrame) -> Iterator[Fault]:
    """Name what is wrong with rows: the first of each kind, and how many there are."""
    year, _ = numbers(rows["year"])
    mend = "give the year alone: .dt.year" if moments(rows["year"]).any() else "write a whole number, such as 2003"
    checks = [(column, rows[column].isna(), f"no blank in {column}", "correct it") for column in _NAMES]
    checks += [
        ("kind", ~rows["kind"].isin(KINDS), f"one of {', '.join(KINDS)} in kind", "correct it"),
        ("year", ~(year.between(1, 9999) & (year % 1 == 0)), "a year in year", mend),
        ("b", _ordered(rows).duplicated(list(_NAMES)), "each pair of an event once", "sum its parts in one row"),
    ]
    if "part" in rows:
        part, _ = numbers(rows["part"])
        checks.append(("part", ~(part.gt(0) & part.lt(float("inf"))), "a number above 0 in part", "correct it"))
    for column, wrong, expected, mend in checks:
        if wrong.any():
            first = rows.loc[wrong].iloc[0]
            where = f"{int(wrong.sum())} rows, first in event {first['event']}"
            yield Fault("pairs", None, str(first[column]), f"{expected} ({where})", mend)


def _events(rows: pd.DataFrame) -> Iterator[Fault]:
    """Name what is wrong with an event: two kinds or years, parts that are not parts of one whole."""
    yield from conflicts("pairs", rows, ("kind", "year"), "an event has one: correct it, or give the events two ids")
    if "part" in rows:
        part, _ = numbers(rows["part"])
        bad = rows["event"][~(part.gt(0) & part.lt(float("inf")))]  # told already
        sums = part[~rows["event"].isin(bad)].groupby(rows["event"]).sum()
        off = sums[(sums - 1).abs() > ROUNDING]
        if len(off):
            expected = f"parts of event {off.index[0]} that sum to 1 ({len(off)} such events)"
            mend = "divide each part by the sum of its event's; a pair within one node has a part too"
            yield Fault("pairs", None, f"{off.iloc[0]:g}", expected, mend)
