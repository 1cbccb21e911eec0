"""A second table beside the first, joined by a key: addresses of organisations, for example."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import narwhals as nw
import pandas as pd

from ingest.columns import Layout
from ingest.engine import Engine
from ingest.faults import BadInput, Fault
from ingest.files import stage
from ingest.ledger import BY_RULE
from ingest.staged import Staged
from ingest.values import repeats, set_aside_duplicates

#: The key's column in both tables, and the second table's file and line in the joined one.
KEY = "join_key"
FILE = "join_file"
LINE = "join_line"
#: What a second table may be joined by: a key that is the same, or the name of an organisation.
BY = ("key", "name")
#: Reasons that are a row's own, and say nothing of what is joined to it.
OWN_FAULTS = ("duplicate row", "no event id", "no person")
_EXAMPLE = 'join = {files = ["inbox/organisations.csv"], on = {pic = "orgId"}, columns = {city = "city"}}'


@dataclass(frozen=True)
class Plan:
    """What to join: files, the key's headings here and there, our column → heading there; names by likeness."""

    files: Sequence[Path]
    here: str
    there: str
    columns: Mapping[str, str]
    names: bool = False


def plan_of(option: object, root: Path | None) -> Plan | None:
    """Read the option ``join``.

    Raises
    ------
    BadInput
        The option lacks files, on or columns.

    Examples
    --------
    >>> option = {"files": ["a.csv"], "on": {"pic": "orgId"}, "columns": {"city": "town"}}
    >>> plan_of(option, None).there
    'orgId'
    """
    if option is None:
        return None
    if isinstance(option, Mapping):
        files, on, columns = option.get("files"), option.get("on"), option.get("columns")
        by = option.get("by", "key")
        if files and isinstance(on, Mapping) and len(on) == 1 and isinstance(columns, Mapping) and by in BY:
            ((here, there),) = on.items()
            names = [files] if isinstance(files, str | Path) else list(files)
            return Plan([path for name in names for path in _found(name, root)], here, there, columns, by == "name")
    expected = "files, one key in on, columns, and by = key or name"
    raise BadInput(Fault("study.toml", None, f"join = {option!r}", expected, _EXAMPLE))


def _found(name: str | Path, root: Path | None) -> list[Path]:
    """Look for a file, or all that a pattern means, in the study's folder."""
    folder = root or Path()
    if Path(name).is_absolute():
        return [Path(name)]
    return sorted(folder.glob(str(name))) or [folder / name]


def key_column(plan: Plan | None) -> dict[str, str]:
    """Return the entry of the first table's column map that brings the key along."""
    return {} if plan is None else {KEY: plan.here}


def stage_beside(engine: Engine, plan: Plan | None, layout: Layout, root: Path | None) -> Staged | None:
    """Open the second table; one row a key is chosen, the others are marked."""
    if plan is None:
        return None
    bare = Layout(f"{layout.name} (joined)", {})
    staged = stage(engine, plan.files, bare, columns={KEY: plan.there, **plan.columns}, root=root)
    content = [KEY, *plan.columns]
    marked = set_aside_duplicates(staged.frame, content)
    # Of rows that give one key different content the first in the alphabet is taken, wherever it stands.
    place = nw.col("line").cum_count().over(KEY, order_by=[*plan.columns, "file", "line"])
    reason = nw.coalesce(
        nw.when(nw.col(KEY).is_null()).then(nw.lit("no key to join by")),
        nw.when(nw.col("duplicate")).then(nw.lit("duplicate row")),
        nw.when(place > 1).then(nw.lit("another row has the same key")),
    )
    frame = engine.keep(marked.with_columns(place=place).with_columns(reason=reason).drop("duplicate", "place"))
    return Staged(frame, staged.rows, staged.rejects, staged.inputs)


def one_each(frame: nw.LazyFrame[Any], key: str, content: Sequence[str]) -> nw.LazyFrame[Any]:
    """Add ``reason``: null for one row of each key, and why not for the others.

    Of rows that give one key different content, the first in the alphabet is chosen, wherever it stands.

    Examples
    --------
    >>> import pandas as pd
    >>> from ingest.engine import DuckDB
    >>> engine = DuckDB()
    >>> rows = pd.DataFrame({"file": "a", "line": [2, 3, 4], "id": ["x", "x", "x"], "city": ["Ulm", "Bonn", "Bonn"]})
    >>> one_each(engine.table(rows), "id", ["city"]).sort("line").collect("pyarrow")["reason"].to_list()
    ['another row has the same key', None, 'duplicate row']
    """
    if not repeats(frame.filter(~nw.col(key).is_null()), [key]):
        return frame.with_columns(reason=nw.when(nw.col(key).is_null()).then(nw.lit("no key to join by")))
    marked = set_aside_duplicates(frame, [key, *content])
    place = nw.col("line").cum_count().over(key, order_by=[*content, "file", "line"])
    marked = marked.with_columns(place=place)
    reason = nw.coalesce(
        nw.when(nw.col(key).is_null()).then(nw.lit("no key to join by")),
        nw.when(nw.col("duplicate")).then(nw.lit("duplicate row")),
        nw.when(nw.col("place") > 1).then(nw.lit("another row has the same key")),
    )
    return marked.with_columns(reason=reason).drop("duplicate", "place")


def beside(frame: nw.LazyFrame[Any], second: Staged) -> nw.LazyFrame[Any]:
    """Fill the first table's blank cells from the row of the second that has its key."""
    chosen = second.frame.filter(nw.col("reason").is_null()).drop("reason")
    ours = [column for column in chosen.collect_schema().names() if column not in (KEY, "file", "line")]
    given = chosen.select(
        KEY,
        *(nw.col(column).alias(f"join_{column}") for column in ours),
        nw.col("file").alias(FILE),
        nw.col("line").alias(LINE),
    )
    filled = frame.join(given, on=KEY, how="left").with_columns(
        nw.coalesce(nw.col(column), nw.col(f"join_{column}")).alias(column) for column in ours
    )
    return filled.drop(*(f"join_{column}" for column in ours))


def by_name(engine: Engine, frame: nw.LazyFrame[Any], second: Staged) -> nw.LazyFrame[Any]:
    """Give the first table's rows the key of the second's row that names the same organisation.

    A name that the second table has as it is written keeps it; of several that are one firm the first in the
    alphabet is taken. Only what is sure is joined (:data:`ingest.organisations.ACCEPT`): whoever is in doubt
    stays without what the second table would give.
    """
    from ingest.engine import collect
    from ingest.organisations import match_names

    chosen = second.frame.filter(nw.col("reason").is_null())
    here, there = (set(collect(f.filter(~nw.col(KEY).is_null()).select(KEY).unique())[KEY]) for f in (frame, chosen))
    names = pd.DataFrame({"name": sorted(here | there), "country": "", "region": "", "registry": ""}, dtype="str")
    groups = match_names(names).organisations.groupby("organisation", sort=True)["name"]
    found = [
        (name, min(known))
        for _, members in groups
        if (known := there & set(members))
        for name in sorted((here - there) & set(members))
    ]
    table = engine.table(pd.DataFrame(found, columns=["join_written", "join_name"], dtype="str"))
    matched = frame.join(table, left_on=KEY, right_on="join_written", how="left")
    return matched.with_columns(nw.coalesce(nw.col("join_name"), nw.col(KEY)).alias(KEY)).drop("join_name")


def fates(engine: Engine, rows: nw.LazyFrame[Any], by: Sequence[str]) -> nw.LazyFrame[Any]:
    """Say what becomes of the rows of a second table: used with a row that is, else set aside as its rows are.

    Parameters
    ----------
    rows
        The first table's rows: ``event, reason`` and the columns that tell which row of the second each has.
    by
        These columns.

    Returns
    -------
    nw.LazyFrame
        The columns ``by``, ``why`` (null where used) and ``event``. Of several events the first in the
        alphabet is named, of several reasons likewise; a row's own fault (:data:`OWN_FAULTS`) says nothing
        of the second table.
    """
    own = nw.col("reason").is_in(list(OWN_FAULTS)).fill_null(False)
    parts = rows.filter(~own).with_columns(why=nw.col("reason").fill_null(""))
    firsts = engine.keep(parts.group_by(*by, "why").agg(event=nw.col("event").min()))
    best = firsts.group_by(*by).agg(why=nw.col("why").min())
    first = firsts.join(best, on=[*by, "why"])
    return engine.keep(first.with_columns(why=nw.when(nw.col("why") != "").then(nw.col("why")), met=nw.lit(True)))


def settle(second: nw.LazyFrame[Any], fate: nw.LazyFrame[Any], on: Mapping[str, str]) -> nw.LazyFrame[Any]:
    """Add to the rows of a second table their event, and to their reasons what :func:`fates` says.

    Parameters
    ----------
    second
        With ``reason`` and the columns of ``on``.
    fate
        As :func:`fates` returns.
    on
        Column of the second table → column of ``fate``.
    """
    rows = second.join(fate, left_on=list(on), right_on=list(on.values()), how="left")
    why = nw.col("why")
    reason = nw.coalesce(
        nw.col("reason"),
        nw.when(nw.col("met").is_null()).then(nw.lit("belongs to no event")),
        nw.when(why.is_in(sorted(BY_RULE))).then(why),
        # What is wrong is wrong with the event, and listed there.
        nw.when(~why.is_null()).then(nw.lit("event set aside")),
    )
    return rows.with_columns(reason=reason).drop("met", "why")


def rows_of(engine: Engine, rows: nw.LazyFrame[Any], second: Staged) -> list[nw.LazyFrame[Any]]:
    """Account for the second table: a row counts with the first event that uses it."""
    settled = settle(second.frame, fates(engine, rows, [FILE, LINE]), {"file": FILE, "line": LINE})
    return [settled.with_columns(key=nw.col(KEY)), second.rows]


def serves(used: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """List every event that a row of the second table serves: ``file, line, event``."""
    pairs = used.filter(~nw.col(FILE).is_null()).select("event", file=nw.col(FILE), line=nw.col(LINE))
    return pairs.unique()
