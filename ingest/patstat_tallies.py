"""PATSTAT's rows counted by application: what becomes of all of them at once needs no row looked at again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from ingest import applications, values
from ingest.engine import Engine
from ingest.records import stack

Frame = nw.LazyFrame[Any]


@dataclass(frozen=True)
class Reasoned:
    """Rows with the reason that is their own, null where they have none, and which reasons there may be."""

    frame: Frame
    reasons: Sequence[str]


def reasoned(
    rows: Frame,
    content: Sequence[str],
    keys: Sequence[str],
    reasons: Mapping[str, nw.Expr | None],
    columns: Sequence[str],
) -> Reasoned:
    """Give rows of applications the first reason that holds.

    Parameters
    ----------
    rows
        With ``file, line, appln_id``.
    content
        A row that repeats another in these columns is set aside before all else.
    keys
        Those of them that seldom repeat.
    reasons
        Reason → where it holds, None where that is known to be nowhere.
    columns
        Those that are kept; ``event`` is the application.
    """
    later = values.later_rows(rows, content, keys)
    holds = {reason: where for reason, where in reasons.items() if where is not None}
    if later is not None:
        rows, holds = values.marked(rows, later), {"duplicate row": nw.col("duplicate"), **holds}
    nothing = nw.lit(None, nw.String())
    cases = [nw.when(where).then(nw.lit(reason)) for reason, where in holds.items()]
    named = rows.with_columns(event=nw.col("appln_id"), reason=nw.coalesce(*cases, nothing))
    return Reasoned(named.select(*columns, "reason"), list(holds))


@dataclass(frozen=True)
class Tally:
    """Rows of a table by application: ``event, rows, aside0, aside1, ...``, a column for each reason."""

    frame: Frame
    reasons: Sequence[str]

    def used(self) -> Frame:
        """Count the rows without a reason: ``event, rows``, of applications that have some."""
        used = nw.col("rows")
        for place in range(len(self.reasons)):
            used = used - nw.col(f"aside{place}")
        return self.frame.select("event", rows=used).filter(nw.col("rows") > 0)

    def aside(self) -> list[Frame]:
        """Count the others: ``event, reason, rows``, a frame for each reason."""
        return [
            self.frame.select("event", reason=nw.lit(reason), rows=nw.col(f"aside{place}")).filter(nw.col("rows") > 0)
            for place, reason in enumerate(self.reasons)
        ]


def tallied(engine: Engine, rows: Reasoned) -> Tally:
    """Count rows by application and reason.

    Examples
    --------
    >>> import pandas as pd
    >>> from ingest.engine import DuckDB
    >>> engine = DuckDB()
    >>> table = engine.table(pd.DataFrame({"event": ["1", "1", "2"], "reason": [None, "late", "late"]}))
    >>> tally = tallied(engine, Reasoned(table, ["late"]))
    >>> tally.used().collect("pyarrow").rows(), tally.aside()[0].sort("event").collect("pyarrow").rows()
    ([('1', 1)], [('1', 'late', 1), ('2', 'late', 1)])
    """
    own = {
        f"aside{place}": nw.when(nw.col("reason") == reason).then(nw.lit(1)).otherwise(nw.lit(0))
        for place, reason in enumerate(rows.reasons)
    }
    table = rows.frame.select("event", **own).group_by("event")
    whole = nw.Int64()
    sums = [nw.col(name).sum().cast(whole) for name in own]
    return Tally(engine.keep(table.agg(*sums, rows=nw.len().cast(whole))), rows.reasons)


@dataclass(frozen=True)
class Tallies:
    """All of them: of filings ``event, filed, rows, counted``, of roles and of symbols."""

    known: Frame
    roles: Tally
    symbols: Tally

    def fates(self) -> Frame:
        """Say of each application what :func:`ingest.applications.fates` says, ``peopled`` and ``classed`` in rows."""
        people, classes = self.roles.used(), self.symbols.used()
        fate = self.known.select("event", "filed", "counted").join(
            people.select("event", peopled="rows"), on="event", how="left"
        )
        return fate.join(classes.select("event", classed="rows"), on="event", how="left")

    def whole(self, fate: Frame) -> Frame:
        """Count the rows of applications that are used: ``event, reason, rows``, one row each, without a reason."""
        rows = nw.col("filed") + nw.col("peopled") + nw.col("classed")
        used = applications.used_events(fate, "filed", "peopled", "classed")
        return used.select("event", reason=nw.lit(None, nw.String()), rows=rows)

    def others(self, filings: Frame, used: Frame) -> Frame:
        """Count all other rows, with their own reasons: ``event, reason, rows``."""
        filed = self.known.filter(nw.col("counted")).select("event", rows="filed")
        nothing = nw.lit(None, nw.String())
        without = [
            rows.join(used, on="event", how="anti").select("event", "rows", reason=nothing)
            for rows in (filed, self.roles.used(), self.symbols.used())
        ]
        own = filings.filter(~nw.col("reason").is_null()).with_columns(rows=nw.lit(1))
        tables = [*without, own, *self.roles.aside(), *self.symbols.aside()]
        return stack(table.select("event", "reason", nw.col("rows").cast(nw.Int64())) for table in tables)
