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
        "outside the study's periods",
    }
)
_UNIT = 2**20


def balance(rows: nw.LazyFrame[Any], engine: Engine, source: str) -> pd.DataFrame:
    """Count the rows of a source by what became of them.

    Parameters
    ----------
    rows
        ``event, reason``: one row a row read; reason null where it is used.
    source
        Name of the source.

    Returns
    -------
    DataFrame
        ``source, reason, rows, weight``: a row ``read``, a row ``used``, a row for each reason. `weight` is
        in events: an event's 1 is spread evenly over its rows; a row of no event weighs 1. The counts of
        ``read`` are the sums of the others.

    Examples
    --------
    >>> from ingest.engine import DuckDB
    >>> engine = DuckDB()
    >>> table = pd.DataFrame({"event": ["1", "1", None], "reason": [None, "duplicate row", "no event id"]})
    >>> balance(engine.table(table), engine, "deals").values.tolist()  # doctest: +NORMALIZE_WHITESPACE
    [['deals', 'read', 3, 2.0], ['deals', 'used', 1, 0.5],
     ['deals', 'duplicate row', 1, 0.5], ['deals', 'no event id', 1, 1.0]]
    """
    kept = engine.keep(rows.select("event", reason=nw.col("reason").fill_null("used")))
    size = kept.filter(~nw.col("event").is_null()).group_by("event").agg(size=nw.len())
    each = (nw.lit(float(_UNIT)) / nw.col("size").cast(nw.Float64()).fill_null(1.0)).round().cast(nw.Int64())
    grouped = (
        kept.join(size, on="event", how="left")
        .select("reason", each=each)
        .group_by("reason")
        .agg(rows=nw.len(), weight=nw.col("each").sum().cast(nw.Float64()))
    )
    counted = collect(grouped).astype({"rows": "int64", "weight": "float64"})
    counted = counted.sort_values("reason", ignore_index=True)
    counted["weight"] = (counted["weight"] / _UNIT).round(6)
    return close(counted.assign(source=source))


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
