"""What became of a source's rows, once it is known which events are counted: kinds of rows, and those to be listed."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from ingest import ledger
from ingest.engine import Engine, collect
from ingest.records import Compact, SourceRows, stack

Frame = nw.LazyFrame[Any]


def accounted(raw: SourceRows, fate: Frame, engine: Engine) -> tuple[list[Frame], Frame]:
    """Count a source's rows by kind, and list those that something is wrong with.

    A row that serves no event and was not set aside (a link between codes) is used beside the events. A row that
    serves several events goes with the first of them that is counted, by name.

    Parameters
    ----------
    raw
        What the source yields.
    fate
        ``event, why, year, country``: why an event cannot be counted, null where it can.

    Returns
    -------
    tuple of list and nw.LazyFrame
        The rows by kind, ``event, reason, rows``, in tables that are kept; several may be alike, and `reason` is the
        source's own (see :func:`settled`). And of the few that may be listed ``file, line, key, event, reason``, where
        it is what became of them.
    """
    if raw.compact is not None:
        return _of_compact(raw.compact, fate, engine)
    served = _served(raw, fate, engine)
    kinds = engine.keep(served.group_by("event", "reason").agg(rows=nw.len()))
    return [kinds], settled(_at_fault(served, fate), fate)


def _of_compact(raw: Compact, fate: Frame, engine: Engine) -> tuple[list[Frame], Frame]:
    """Settle kinds of rows, and ask for the rows that may be listed only."""
    counted = fate.filter(nw.col("why").is_null()).select("event")
    first = engine.keep(raw.serves.join(counted, on="event").group_by("member").agg(counts=nw.col("event").min()))
    served = nw.coalesce(nw.col("counts"), nw.col("event")).alias("event")
    members = raw.members.join(first, on="member", how="left").with_columns(served)
    alike = members.select("event", "reason", rows=nw.lit(1).cast(nw.Int64()))
    # One part after the other: of a union all joins would stand in memory together.
    kinds = [engine.keep(part) for part in (raw.kinds, alike)]
    wrong, events = _wrong(nw.col("reason")), _faulty(fate)
    some = stack([events, kinds[0].filter(wrong).select("event")]).filter(~nw.col("event").is_null()).unique()
    own = raw.members.filter(wrong).select("member")
    theirs = raw.members.filter(nw.col("reason").is_null()).join(events, on="event", how="semi").select("member")
    few = stack([own, theirs]).filter(~nw.col("member").is_null()).unique()
    listed = stack(engine.keep(part) for part in raw.listed(engine.keep(some), engine.keep(few)))
    listed = engine.keep(listed.join(first, on="member", how="left").with_columns(served))
    return kinds, settled(listed, fate)


def _wrong(reason: nw.Expr) -> nw.Expr:
    """Tell reasons that are no rule of the study."""
    begins = nw.any_horizontal(*(reason.str.starts_with(one) for one in ledger.BY_RULE_BEGINNINGS), ignore_nulls=True)
    return ~reason.is_null() & ~reason.is_in(sorted(ledger.BY_RULE)) & ~begins


def _faulty(fate: Frame) -> Frame:
    """List the events that something is wrong with."""
    return fate.filter(_wrong(nw.col("why"))).select("event")


def _served(raw: SourceRows, fate: Frame, engine: Engine) -> Frame:
    """Give a row that serves several events the first of them that is counted, by name."""
    if raw.serves is None:
        return raw.rows
    counted = raw.serves.join(fate.filter(nw.col("why").is_null()), on="event")
    first = engine.keep(counted.group_by("file", "line").agg(counts=nw.col("event").min()))
    # Few of a source's files hold such rows: those of the others need not be looked up.
    files = sorted(collect(first.select("file").unique())["file"])
    if not files:
        return raw.rows
    here = nw.col("file").is_in(files)
    found = raw.rows.filter(here).join(first, on=["file", "line"], how="left")
    found = found.with_columns(event=nw.coalesce(nw.col("counts"), nw.col("event"))).drop("counts")
    return stack([raw.rows.filter(~here), found])


def settled(rows: Frame, fate: Frame) -> Frame:
    """Say of rows, or kinds of rows, whether they are used, or set aside by the source or with their event.

    What is known of the event stands beside them: ``year, country, counted``.
    """
    known = fate.with_columns(counted=nw.col("why").is_null())
    nowhere = nw.col("counted").is_null() & ~nw.col("event").is_null()
    reason = nw.coalesce(nw.col("reason"), nw.when(nowhere).then(nw.lit("belongs to no event")), nw.col("why"))
    return rows.join(known, on="event", how="left").with_columns(reason=reason).drop("why")


def _at_fault(rows: Frame, fate: Frame) -> Frame:
    """Keep the few rows that may be listed: with a fault of their own, or of an event that has one."""
    own = rows.filter(_wrong(nw.col("reason")))
    return stack([own, rows.filter(nw.col("reason").is_null()).join(_faulty(fate), on="event", how="semi")])
