"""The ledger: rows read = rows used + rows set aside, by reason, with the events that they carry."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import pandas as pd

from ingest.engine import Engine, collect

COLUMNS = ("source", "reason", "rows", "weight")
#: Set aside by a rule that the study chose, not because something is wrong: counted, but not listed row by row.
BY_RULE = frozenset(
    {
        "duplicate row",
        "not an EPO filing",
        "not the first filing of its family",
        "table not used",
        "not an inventor",
        "not an applicant",
        "belongs to no event",
        "application set aside",
        "event set aside",
        "names no acquirer or target",
        "participation ended",
        "outside the study's periods",
        "after the study's date",
    }
)
#: The beginnings of such reasons where they end in the vendor's own words: "status: withdrawn".
BY_RULE_BEGINNINGS = ("status: ", "type: ", "role: ", "not a filing at ")
#: Reasons for which a row of no event weighs nothing: it was read, and is no event of its own.
NO_EVENT = frozenset(
    {
        "another row has the same key",
        "belongs to no event",
        "duplicate row",
        "headings again",
        "no key to join by",
        "no link between known codes",
        "sheet not read",
        "table not used",
    }
)
# Parts of an event are counted in whole numbers, so that their sum is the same in any order.
_UNIT = 2**40


def by_rule(reason: str) -> bool:
    """Tell what a rule of the study sets aside from what is wrong with a row.

    Examples
    --------
    >>> [by_rule(reason) for reason in ("duplicate row", "status: withdrawn", "impossible year")]
    [True, True, False]
    """
    return reason in BY_RULE or reason.startswith(BY_RULE_BEGINNINGS)


def balance(rows: nw.LazyFrame[Any], source: str, engine: Engine) -> pd.DataFrame:
    """Count the rows of a source by what became of them.

    Parameters
    ----------
    rows
        ``event, reason``: one row a row read, reason null where it is used; or ``event, reason, rows``: how
        many rows are alike.
    source
        Name of the source.
    engine
        Where the rows live.

    Returns
    -------
    DataFrame
        ``source, reason, rows, weight``: a row ``read``, a row ``used``, a row for each reason. The counts of
        ``read`` are the sums of the others. `weight` is in events: an event's 1 is spread evenly over its
        used rows, or over all its rows where none is used, so that the weight of ``used`` is the number of
        events used. A row of no event weighs 1, for it may have been one, and 0 where its reason is one of
        :data:`NO_EVENT` or it is used beside the events (a table of codes).

    Examples
    --------
    >>> from ingest.engine import DuckDB
    >>> table = pd.DataFrame({"event": ["1", "1", None], "reason": [None, "duplicate row", "no event id"]})
    >>> engine = DuckDB()
    >>> balance(engine.table(table), "deals", engine).values.tolist()  # doctest: +NORMALIZE_WHITESPACE
    [['deals', 'read', 3, 2.0], ['deals', 'used', 1, 1.0],
     ['deals', 'duplicate row', 1, 0.0], ['deals', 'no event id', 1, 1.0]]
    """
    used = nw.col("reason").is_null()
    owner = nw.when(used | (nw.col("reason") != "belongs to no event")).then(nw.col("event"))
    reason = nw.col("reason").fill_null("used")
    number = nw.col("rows") if "rows" in rows.collect_schema().names() else nw.lit(1)
    owned = rows.select(event=owner, reason=reason, rows=number)
    kinds = engine.keep(owned.group_by("event", "reason").agg(rows=nw.col("rows").sum().cast(nw.Int64())))
    weights = nw.concat([_of_used(kinds), _of_lost(kinds), _of_none(kinds)], how="vertical")
    parts = weights.group_by("reason").agg(weight=nw.col("part").sum().cast(nw.Float64()))
    counted = kinds.group_by("reason").agg(rows=nw.col("rows").sum()).join(parts, on="reason", how="left")
    table = collect(counted.with_columns(nw.col("weight").fill_null(0.0))).astype(
        {"rows": "int64", "weight": "float64"}
    )
    table["weight"] = (table["weight"] / _UNIT).round(6)
    return close(table.assign(source=source))


def _of_used(kinds: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Weigh events that are used: 1 each."""
    used = kinds.filter(nw.col("reason") == "used", ~nw.col("event").is_null())
    return used.select("reason", part=nw.lit(_UNIT).cast(nw.Int64()))


def _of_lost(kinds: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Spread the events of which no row is used over the reasons of their rows."""
    events = kinds.filter(~nw.col("event").is_null())
    used = events.filter(nw.col("reason") == "used").select("event")
    lost = events.join(used, on="event", how="anti")
    total = lost.group_by("event").agg(total=nw.col("rows").sum())
    share = nw.col("rows").cast(nw.Float64()) / nw.col("total").cast(nw.Float64())
    return lost.join(total, on="event").select("reason", part=(share * _UNIT).round().cast(nw.Int64()))


def _of_none(kinds: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Weigh rows of no event: each may have been one, where its reason does not say otherwise."""
    alone = kinds.filter(nw.col("event").is_null(), ~nw.col("reason").is_in(["used", *sorted(NO_EVENT)]))
    return alone.select("reason", part=(nw.col("rows") * _UNIT).cast(nw.Int64()))


def close(counted: pd.DataFrame) -> pd.DataFrame:
    """Put ``read`` and ``used`` before the reasons; ``read`` is the sum of the rest."""
    tables = []
    for source, part in counted[counted["reason"] != "read"].groupby("source", sort=True):
        used = part[part["reason"] == "used"]
        if used.empty:
            used = pd.DataFrame({"source": [source], "reason": ["used"], "rows": [0], "weight": [0.0]})
        aside = part[part["reason"] != "used"].sort_values("reason")
        total = {
            "source": [source],
            "reason": ["read"],
            "rows": [int(part["rows"].sum())],
            "weight": [round(float(part["weight"].sum()), 6)],
        }
        tables += [pd.DataFrame(total), used, aside]
    if not tables:
        return pd.DataFrame({c: pd.Series(dtype=t) for c, t in zip(COLUMNS, (str, str, int, float), strict=True)})
    return pd.concat([t[list(COLUMNS)] for t in tables], ignore_index=True)


def imbalance(ledger: pd.DataFrame) -> list[str]:
    """Name every source whose rows read are not the sum of its other rows.

    Examples
    --------
    >>> wrong = pd.DataFrame({"source": ["a", "a"], "reason": ["read", "used"], "rows": [3, 2], "weight": [1.0, 1.0]})
    >>> imbalance(wrong)
    ['a: 3 rows read, 2 accounted for']
    """
    faults = []
    for source, part in ledger.groupby("source", sort=True):
        read = int(part.loc[part["reason"] == "read", "rows"].sum())
        rest = int(part.loc[part["reason"] != "read", "rows"].sum())
        if read != rest:
            faults.append(f"{source}: {read} rows read, {rest} accounted for")
    return faults
