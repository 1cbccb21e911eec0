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
#: What :func:`ingest.applications.fates` tells.
_FATE = ("event", "counted", "peopled", "classed")


@dataclass(frozen=True)
class Reasoned:
    """Rows with the reason that is their own, null where they have none, and which reasons there may be.

    `once` where it is known that no two rows are alike in their keys.
    """

    frame: Frame
    reasons: Sequence[str]
    once: bool = False


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
    once = bool(keys) and not values.repeats(rows, keys)
    later = None if once else values.later_rows(rows, content)
    holds = {reason: where for reason, where in reasons.items() if where is not None}
    if later is not None:
        rows, holds = values.marked(rows, later), {"duplicate row": nw.col("duplicate"), **holds}
    nothing = nw.lit(None, nw.String())
    cases = [nw.when(where).then(nw.lit(reason)) for reason, where in holds.items()]
    named = rows.with_columns(event=nw.col("appln_id"), reason=nw.coalesce(*cases, nothing))
    return Reasoned(named.select(*columns, "reason"), list(holds), once)


@dataclass(frozen=True)
class Tally:
    """Rows of a table by application: ``event, rows, aside0, aside1, ...``, a column for each reason."""

    frame: Frame
    reasons: Sequence[str]

    def told(self, name: str) -> Frame:
        """Name the columns, so that several tallies stand side by side: ``event, {name}, {name}0, {name}1, ...``.

        `name` counts the rows without a reason, and is null where there are none.
        """
        places = range(len(self.reasons))
        own = [nw.col(f"aside{place}").alias(f"{name}{place}") for place in places]
        rows = nw.col("rows")
        for place in places:
            rows = rows - nw.col(f"aside{place}")
        return self.frame.select("event", *own, nw.when(rows > 0).then(rows).alias(name))

    def aside(self, frame: Frame, name: str) -> list[Frame]:
        """Count the rows with a reason, from what :meth:`told` names: ``event, reason, rows``, a frame for each."""
        return [
            frame.select("event", reason=nw.lit(reason), rows=nw.col(f"{name}{place}")).filter(nw.col("rows") > 0)
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
    >>> told = tally.told("held")
    >>> sorted(told.collect("pyarrow").rows()), tally.aside(told, "held")[0].sort("event").collect("pyarrow").rows()
    ([('1', 1, 1), ('2', 1, None)], [('1', 'late', 1), ('2', 'late', 1)])
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
    """What is known of applications, ``event, filed, counted``, and the tallies of their roles and symbols.

    Attributes
    ----------
    frame
        One row an application: ``event, filed`` (its rows that count), ``counted, peopled, classed`` (rows that
        give it people and symbols, null where there are none; see :func:`ingest.applications.fates`), and the
        rows with reasons, as :meth:`Tally.told` names them.
    """

    frame: Frame
    roles: Tally
    symbols: Tally

    @classmethod
    def beside(cls, engine: Engine, known: Frame, roles: Tally, symbols: Tally) -> Tallies:
        """Put the tallies beside what is known."""
        people, classes = roles.told("peopled"), symbols.told("classed")
        frame = known.select("event", "filed", "counted").join(people, on="event", how="left")
        return cls(engine.keep(frame.join(classes, on="event", how="left")), roles, symbols)

    @property
    def fate(self) -> Frame:
        """What :func:`ingest.applications.fates` says of each application."""
        return self.frame.select(*_FATE)

    def kinds(self, filings: Frame, of: str) -> Frame:
        """Count all rows by what becomes of them: ``event, reason, rows``, as :func:`ingest.applications.settle` says.

        Parameters
        ----------
        filings
            ``event, reason``.
        of
            One of :data:`ingest.applications.PEOPLE`.
        """
        nothing = nw.lit(None, nw.String())
        whole = nw.Int64()
        own = filings.filter(~nw.col("reason").is_null()).with_columns(rows=nw.lit(1))
        held = nw.col("filed") + nw.col("peopled").fill_null(0) + nw.col("classed").fill_null(0)
        without = self.frame.select(*_FATE, reason=nothing, rows=held).filter(nw.col("rows") > 0)
        tables = [own, applications.settled(without, of)]
        for name, tally in (("peopled", self.roles), ("classed", self.symbols)):
            tables += tally.aside(self.frame, name)
            orphans = tally.frame.filter(~nw.col("event").is_null()).join(self.frame, on="event", how="anti")
            tables.append(orphans.select("event", "rows", reason=nw.lit(applications.NOWHERE)))
            tables += tally.aside(tally.told(name).filter(nw.col("event").is_null()), name)
        return stack(table.select("event", "reason", nw.col("rows").cast(whole)) for table in tables)
