"""Events that hold the same pairs, told once with how many they are: few enough to be drawn again by the driver."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from ingest.engine import Engine, collect, distinct

Frame = nw.LazyFrame[Any]
#: The numbers that tell pairs apart are below this: of as many pairs as an event may hold the sum is a 64-bit number.
_BELOW = 2**42
_TOLD = ("one", "two")


def multiplicities(pairs: Frame, engine: Engine) -> pd.DataFrame:
    """Give of all events that hold the same pairs with the same parts one, and say how many they are.

    What events hold is compared by two sums of numbers that were drawn for each pair and part once, 84 bits in all:
    of a hundred million different events two would be taken for one once in four billion studies.

    Parameters
    ----------
    pairs
        ``event, a, b, part, year_weight``, as :func:`linkages.counting.in_period` returns them with a part; `a` and
        `b` are different in those that are told.

    Returns
    -------
    DataFrame
        The same columns and ``multiplicity``: for how many events, itself among them, an event stands. It is the first
        of them by id. Sorted by event and pair.

    Examples
    --------
    >>> from ingest.engine import DuckDB
    >>> engine, rows = DuckDB(), [("1", "a", "b"), ("2", "a", "b"), ("3", "a", "c"), ("3", "a", "b"), ("4", "b", "b")]
    >>> pairs = pd.DataFrame(rows, columns=["event", "a", "b"]).assign(part=1.0, year_weight=1.0)
    >>> multiplicities(engine.table(pairs), engine)[["event", "a", "b", "multiplicity"]].values.tolist()
    [['1', 'a', 'b', 2], ['3', 'a', 'b', 1], ['3', 'a', 'c', 1]]
    """
    between = pairs.filter(nw.col("a") != nw.col("b")).select("event", "a", "b", "part", "year_weight")
    kinds = collect(distinct(between, "a", "b", "part")).sort_values(["a", "b", "part"], ignore_index=True)
    numbers = np.random.default_rng(len(kinds)).integers(0, _BELOW, (len(kinds), 2))
    kinds = kinds.assign(**{name: numbers[:, place] for place, name in enumerate(_TOLD)})
    sums = [nw.col(name).sum().cast(nw.Int64()) for name in _TOLD]
    held = between.join(engine.table(kinds), on=["a", "b", "part"]).group_by("event", "year_weight").agg(*sums)
    alike = held.group_by(*_TOLD, "year_weight").agg(nw.col("event").min(), multiplicity=nw.len().cast(nw.Int64()))
    first = engine.keep(alike.select("event", "multiplicity"))
    told = collect(between.join(first, on="event"))
    return told.sort_values(["event", "a", "b"], ignore_index=True)
