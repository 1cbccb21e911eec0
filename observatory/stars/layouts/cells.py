"""What every layout is turned into: one row a figure, and a count of what was set aside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pandas as pd

#: The columns of the cells, of which value is a number (NaN where the publisher gives none).
COLUMNS = ("region", "industry", "year", "measure", "value", "unit", "flag", "file", "line", "estimated")
KEYS = ("region", "industry", "year", "measure")
ASIDE = ("file", "reason", "cells")
#: Rows of firms that were set aside.
REJECTS = ("file", "line", "firm", "year", "reason")


@dataclass(frozen=True)
class Options:
    """What a user may say about files of regional figures.

    Attributes
    ----------
    industry
        What the industries should be: ``nace``, ``naics`` or ``industry`` (names).
    nuts
        The version of NUTS to carry regions to; None leaves them as they are.
    fill
        ``none``, or ``remainder``: suppressed cells are filled from what is left of their parent.
    digits
        How many digits of a classification are kept where a file has several levels; None takes the layout's own.
    measure
        What the figures of a file are that does not say so itself: ``employment``, or ``wages:EUR``.
    year
        The year of a file that does not say so itself.
    rates
        What one unit of a currency is in EUR.
    more
        Options of a single layout, by name.
    until
        The last year whose figures are used; None uses all.
    """

    industry: str = "nace"
    nuts: int | None = None
    fill: str = "none"
    digits: int | None = None
    measure: str | None = None
    year: int | None = None
    rates: Mapping[str, float] = field(default_factory=dict)
    more: Mapping[str, object] = field(default_factory=dict)
    until: int | None = None


@dataclass(frozen=True)
class Cells:
    """The figures of one file.

    Attributes
    ----------
    frame
        ``region, industry`` (codes or names), ``year`` (whole number), ``measure`` (a column of the star
        table), ``value`` (NaN where there is none), ``unit`` (persons, FTE, EUR, USD, units), ``flag`` (the
        publisher's letters), ``file, line``, ``estimated`` (how a figure was filled; blank as delivered).
    aside
        ``file, reason, cells``: how many cells the layout itself has set aside, and why.
    read
        How many cells the file holds: those of ``frame`` and those set aside.
    scheme
        ``nace``, ``naics`` or ``industry``: what the industries are.
    own
        True for the project's own table, whose contradictions are faults; a publisher's are set aside.
    notes
        Sentences for the reader of the scores.
    ranks
        Measure → how good its indicator is, 1 the best and where nothing is said: of several files the best
        indicator of a measure is taken, so that one column means one thing.
    rejects
        Rows of firms that were set aside: :data:`REJECTS`.
    """

    frame: pd.DataFrame
    aside: pd.DataFrame
    read: int
    scheme: str
    own: bool = False
    notes: tuple[str, ...] = ()
    ranks: Mapping[str, int] = field(default_factory=dict)
    rejects: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(REJECTS)))


def cells_of(frame: pd.DataFrame) -> pd.DataFrame:
    """Give a table the columns of the cells; those that it lacks are blank.

    Examples
    --------
    >>> cells_of(pd.DataFrame({"region": ["DE21"], "value": [3]})).columns.to_list()[:3]
    ['region', 'industry', 'year']
    """
    table = frame.reindex(columns=list(COLUMNS)).reset_index(drop=True)
    for column in ("region", "industry", "measure", "unit", "flag", "file", "estimated"):
        table[column] = table[column].astype("object").where(table[column].notna(), "").astype("str")
    for column in ("year", "line"):
        table[column] = table[column].fillna(0).astype("int64")
    return table.astype({"value": "float64"})


def aside_of(file: str, counted: Mapping[str, int] | Iterable[tuple[str, int]]) -> pd.DataFrame:
    """Make the table of what was set aside from reasons and numbers of cells.

    Examples
    --------
    >>> aside_of("a.tsv", {"not annual": 2, "no value": 0}).to_dict("records")
    [{'file': 'a.tsv', 'reason': 'not annual', 'cells': 2}]
    """
    pairs = counted.items() if isinstance(counted, Mapping) else counted
    rows = [(file, reason, int(number)) for reason, number in pairs if number]
    return pd.DataFrame(rows, columns=list(ASIDE)).astype({"file": "str", "reason": "str", "cells": "int64"})


def aside_rows(frame: pd.DataFrame, reason: str) -> pd.DataFrame:
    """Count cells that are set aside for one reason, by file.

    Examples
    --------
    >>> aside_rows(pd.DataFrame({"file": ["a", "a", "b"]}), "no value")["cells"].to_list()
    [2, 1]
    """
    counted = frame.groupby("file").size().sort_index()
    rows = [(str(file), reason, int(number)) for file, number in counted.items()]
    return pd.DataFrame(rows, columns=list(ASIDE)).astype({"file": "str", "reason": "str", "cells": "int64"})
