"""Cells that hold several entries on lines of their own, and lists that run beside them.

A deal with three acquirers may be written in one row, with three names in one cell and three nations, three
codes in the cells beside it. The entries belong together by their position, and only when the lists are
equally long.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import narwhals as nw
import pandas as pd

from ingest.engine import Engine
from ingest.records import SOURCE_SCHEMA, empty, stack, typed

#: What stands for nothing within a list, where no entry may be left out.
NOTHING = frozenset({"", "-", "--", "np", "n.a.", "n/a", "na"})


def spread(
    engine: Engine, frame: nw.LazyFrame[Any], leader: str, followers: Sequence[str]
) -> nw.LazyFrame[Any]:
    r"""Give every entry of a cell a row of its own, with the entries at its position in lists beside it.

    Parameters
    ----------
    engine
        Where the table lives.
    frame
        A table of text cells; a null leader counts as one entry.
    leader
        The column whose entries become rows.
    followers
        The columns whose lists run beside it; one that is not equally long becomes null (see
        :func:`out_of_step`).

    Returns
    -------
    nw.LazyFrame
        The columns of `frame`, one row an entry, and `position`, counted from 0.

    Examples
    --------
    >>> from ingest.engine import DuckDB
    >>> engine = DuckDB()
    >>> frame = engine.table(pd.DataFrame({"name": ["Acme\nBeta"], "nation": ["France\n-"]}))
    >>> spread(engine, frame, "name", ["nation"]).sort("position").collect("pyarrow").rows()
    [('Acme', 'France', 0), ('Beta', None, 1)]
    """
    frame = engine.keep(unix(frame, [leader, *followers]))
    columns = frame.collect_schema().names()
    whole = frame.with_columns(*(_in_step(leader, follower).alias(follower) for follower in followers))
    single = whole.filter(~_several(leader)).with_columns(position=nw.lit(0, dtype=nw.Int64()))
    several = _pick(engine, whole.filter(_several(leader)), leader, "position")
    for follower in followers:
        several = _pick(engine, several, follower, "position")
    return stack([single.select(*columns, "position"), several.select(*columns, "position")])


def out_of_step(
    engine: Engine, frame: nw.LazyFrame[Any], leader: str, followers: Sequence[str]
) -> nw.LazyFrame[Any]:
    r"""List the cells whose entries are more or fewer than the leader's.

    Parameters
    ----------
    engine, frame, leader, followers
        As in :func:`spread`; `frame` also has `file`, `line` and `key`.

    Returns
    -------
    nw.LazyFrame
        Rejects: `file, line, key, field, value, reason`.

    Examples
    --------
    >>> from ingest.engine import DuckDB
    >>> cells = {"file": ["a.csv"], "line": [2], "key": ["Deal 1"], "name": ["Acme"], "nation": ["FR\nIT"]}
    >>> engine = DuckDB()
    >>> found = out_of_step(engine, engine.table(pd.DataFrame(cells)), "name", ["nation"])
    >>> found.select("value", "reason").collect("pandas").rows()
    [('FR; IT', '2 entries beside 1 name')]
    """
    frame = unix(frame, [leader, *followers])
    length, names = _length(nw.col("value")).cast(nw.String()), _length(nw.col(leader)).cast(nw.String())
    beside = nw.when(_several(leader)).then(nw.lit(" names")).otherwise(nw.lit(" name"))
    entries = nw.when(_several("value")).then(nw.lit(" entries beside ")).otherwise(nw.lit(" entry beside "))
    found = [empty(engine, SOURCE_SCHEMA["rejects"])]
    for follower in followers:
        cells = frame.with_columns(value=nw.col(follower), field=nw.lit(follower))
        cells = cells.filter(_length(nw.col("value")) != _length(nw.col(leader)))
        cells = cells.with_columns(reason=nw.concat_str(length, entries, names, beside))
        cells = cells.with_columns(value=one_line("value"))
        found.append(typed(cells, SOURCE_SCHEMA["rejects"]))
    return stack(found)


def entries_of(
    engine: Engine, cells: Iterable[str], column: str, separators: str = "\n"
) -> nw.LazyFrame[Any]:
    r"""Tabulate the entries of distinct cells: the cell itself, `position` and `entry`.

    Examples
    --------
    >>> from ingest.engine import DuckDB
    >>> found = entries_of(DuckDB(), ["2834, 2836"], "codes", separators="\n,;")
    >>> found.sort("position").collect("pandas").rows()
    [('2834, 2836', 0, '2834'), ('2834, 2836', 1, '2836')]
    """
    blanks = str.maketrans(dict.fromkeys(separators, "\n"))
    rows = [
        (cell, position, None if entry.strip().lower() in NOTHING else entry.strip())
        for cell in cells
        for position, entry in enumerate(cell.translate(blanks).split("\n"))
    ]
    table = pd.DataFrame(rows, columns=[column, "position", "entry"])
    return engine.table(table.astype({column: "str", "position": "int64", "entry": "str"}))


def distinct(frame: nw.LazyFrame[Any], column: str) -> list[str]:
    """Collect the distinct values of a column, sorted; nulls left out."""
    found = frame.select(column).filter(~nw.col(column).is_null()).unique().collect("pandas")
    return sorted(found[column].to_list())


def one_line(column: str) -> nw.Expr:
    """Write the entries of a cell on one line, with semicolons between them."""
    return nw.col(column).str.replace_all("\n", "; ", literal=True)


def unix(frame: nw.LazyFrame[Any], columns: Sequence[str]) -> nw.LazyFrame[Any]:
    """Write every line break within a cell in one way."""
    return frame.with_columns(nw.col(column).str.replace_all("\r\n?", "\n") for column in columns)


def _several(column: str) -> nw.Expr:
    return nw.col(column).fill_null("").str.contains("\n", literal=True)


def _length(cell: nw.Expr) -> nw.Expr:
    return cell.str.split("\n").list.len()


def _in_step(leader: str, follower: str) -> nw.Expr:
    names = _length(nw.col(leader).fill_null(""))
    return nw.when(_length(nw.col(follower)) == names).then(nw.col(follower))


def _pick(engine: Engine, frame: nw.LazyFrame[Any], column: str, position: str) -> nw.LazyFrame[Any]:
    """Replace a cell by its entry at `position`; where there is no position yet, by each in turn."""
    entries = entries_of(engine, distinct(frame, column), column)
    known = position in frame.collect_schema()
    keys = [column, position] if known else [column]
    joined = frame.join(entries, on=keys, how="left" if known else "inner")
    return joined.drop(column).rename({"entry": column})
