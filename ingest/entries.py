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

from ingest.cells import NOTHING
from ingest.engine import Engine
from ingest.records import SOURCE_SCHEMA, stack, typed
from ingest.values import texts_of


def spread(
    engine: Engine, frame: nw.LazyFrame[Any], leader: str, followers: Sequence[str]
) -> tuple[nw.LazyFrame[Any], list[nw.LazyFrame[Any]], bool]:
    r"""Give every entry of a cell a row of its own, with the entries at its position in lists beside it.

    Parameters
    ----------
    engine
        Where the table lives.
    frame
        A table of text cells, and `file`, `line`, `key`; a null leader counts as one entry.
    leader
        The column whose entries become rows.
    followers
        The columns whose lists run beside it. One that is not equally long becomes null and is rejected.

    Returns
    -------
    tuple
        The table with one row an entry, tables of rejects, and whether any cell held several entries.

    Examples
    --------
    >>> from ingest.engine import DuckDB
    >>> cells = {"file": "a.csv", "line": [2], "key": "7", "name": "Acme\nBeta", "nation": "FR\n-", "zip": "1"}
    >>> engine = DuckDB()
    >>> parts, rejects, _ = spread(engine, engine.table(pd.DataFrame(cells)), "name", ["nation", "zip"])
    >>> parts.select("name", "nation", "zip").sort("name").collect("pyarrow").rows()
    [('Acme', 'FR', None), ('Beta', None, None)]
    >>> rejects[0].select("field", "value", "reason").collect("pyarrow").rows()
    [('zip', '1', '1 entry beside 2 names')]
    """
    wrong = [column for column, any_is in _look(frame, leader, followers).items() if any_is]
    rejects = [_out_of_step(frame, leader, follower) for follower in wrong if follower != leader]
    if rejects:
        frame = frame.with_columns(
            nw.when(_length(column) == _names(leader)).then(nw.col(column)).alias(column)
            for column in wrong
            if column != leader
        )
    if leader in wrong:
        frame = _separate(engine, frame, leader, followers)
    return frame, rejects, leader in wrong


def _look(frame: nw.LazyFrame[Any], leader: str, followers: Sequence[str]) -> dict[str, bool]:
    """Tell whether the leader has several entries anywhere, and whether a follower is ever out of step."""
    # Where no cell holds a line break, each has one entry: nothing need be cut to know that.
    breaks = [several(column).any().alias(column) for column in (leader, *followers)]
    if not any(frame.select(*breaks).collect("pyarrow").rows()[0]):
        return {}
    signs = [(_names(leader) > 1).any().alias(leader)]
    signs += [(_length(column) != _names(leader)).any().alias(column) for column in followers]
    answers = frame.select(*signs).collect("pyarrow").rows(named=True)[0]
    return {column: bool(answer) for column, answer in answers.items()}


def _separate(engine: Engine, frame: nw.LazyFrame[Any], leader: str, followers: Sequence[str]) -> nw.LazyFrame[Any]:
    """Part the cells with several entries; every follower is null or as long as its leader."""
    columns = frame.collect_schema().names()
    frame = engine.keep(frame)
    several = frame.filter(_names(leader) > 1)
    parted = several.join(entries_of(engine, texts_of(several, leader), leader), on=leader, how="inner")
    parted = engine.keep(parted.drop(leader).rename({"entry": leader}))
    for follower in followers:
        cells = entries_of(engine, texts_of(several, follower), follower)
        parted = parted.join(cells, on=[follower, "position"], how="left")
        parted = engine.keep(parted.drop(follower).rename({"entry": follower}))
    return stack([frame.filter(_names(leader) == 1), parted.select(columns)])


def _out_of_step(frame: nw.LazyFrame[Any], leader: str, follower: str) -> nw.LazyFrame[Any]:
    """List the cells of a follower whose entries are more or fewer than the leader's."""
    cells = frame.filter(_length(follower) != _names(leader))
    entries = nw.when(_length(follower) > 1).then(nw.lit(" entries beside ")).otherwise(nw.lit(" entry beside "))
    names = nw.when(_names(leader) > 1).then(nw.lit(" names")).otherwise(nw.lit(" name"))
    counts = (_length(follower).cast(nw.String()), _names(leader).cast(nw.String()))
    reason = nw.concat_str(counts[0], entries, counts[1], names)
    cells = cells.with_columns(field=nw.lit(follower), value=one_line(follower), reason=reason)
    return typed(cells, SOURCE_SCHEMA["rejects"])


def entries_of(engine: Engine, cells: Iterable[str], column: str, separators: str = "\n") -> nw.LazyFrame[Any]:
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
        (cell, position, None if entry.strip() in NOTHING else entry.strip())
        for cell in cells
        for position, entry in enumerate(cell.translate(blanks).split("\n"))
    ]
    table = pd.DataFrame(rows, columns=[column, "position", "entry"])
    return engine.table(table.astype({column: "str", "position": "int64", "entry": "str"}))


def one_line(column: str) -> nw.Expr:
    """Write the entries of a cell on one line, with semicolons between them."""
    return nw.col(column).str.replace_all("\n", "; ", literal=True)


def several(column: str) -> nw.Expr:
    """Tell whether a cell holds several entries."""
    return nw.col(column).fill_null("").str.contains("\n", literal=True)


def _length(column: str) -> nw.Expr:
    """Count the entries of a cell; null where it is empty."""
    return nw.col(column).str.split("\n").list.len()


def _names(leader: str) -> nw.Expr:
    """Count the entries of the leader, which are one where it is empty."""
    return nw.col(leader).fill_null("").str.split("\n").list.len()
