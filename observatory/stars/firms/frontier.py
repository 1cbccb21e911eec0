"""Global frontier firms: the top share of all firms by value added per employee, industry by industry.

A firm is in the top share *p* of *n* firms when its rank is at most *p n*; equal values share the better rank.
So it is in when its value is at least the one on rank *m* = floor(*p n*). That value is looked for by counting
firms in classes of value first and by sorting only within the class that holds it: no sorting of all firms.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import narwhals as nw
import pandas as pd

from ingest.engine import Engine, collect
from observatory.stars.firms.high_growth import EMPLOYEE
from observatory.stars.firms.rules import FirmRules

Frame = nw.LazyFrame[Any]
LEAGUE = ["league", "year"]
#: Values per employee are counted in classes as wide as this (EUR per employee), in so many to either side.
WIDTH = 20_000
MOST = 10_000


def frontier_firms(
    engine: Engine, firms: Frame, cell: Sequence[str], leagues: pd.DataFrame, rules: FirmRules
) -> tuple[Frame, pd.DataFrame]:
    """Count the frontier firms.

    Parameters
    ----------
    engine
        Where small tables are put.
    firms
        The columns of ``cell``, ``employees`` (thousandths) and ``value_added`` (EUR), whole numbers, null
        where not known. Ranked are firms with value added and more than zero employees.
    cell
        The columns by which to count, ``industry`` and ``year`` among them.
    leagues
        ``industry, league``: within what the firms of an industry are ranked; several where they overlap.
    rules
        The thresholds.

    Returns
    -------
    tuple
        The columns of ``cell``, ``league, frontier_firms`` (rows with a frontier firm only), on the engine;
        and ``league, year, ranked, line``: firms ranked, and the least value added per employee (EUR) of the
        top share, missing where fewer firms are ranked than make one of the top share.

    Examples
    --------
    >>> from ingest.engine import DuckDB
    >>> rows = pd.DataFrame({"year": 2014, "region": ["AT31"] * 18 + ["DE21"] * 2, "industry": "20",
    ...                      "employees": 10_000, "value_added": [*range(18), 50, 50]})
    >>> leagues = pd.DataFrame({"industry": ["20"], "league": ["Plastics"]})
    >>> engine = DuckDB()
    >>> cell = ["region", "industry", "year"]
    >>> counts, lines = frontier_firms(engine, engine.table(rows), cell, leagues, FirmRules())
    >>> collect(counts)[["region", "frontier_firms"]].to_dict("records")  # rank 1 of 20 is shared by two
    [{'region': 'DE21', 'frontier_firms': 2}]
    >>> lines.to_dict("records")
    [{'league': 'Plastics', 'year': 2014, 'ranked': 20, 'line': 5.0}]
    """
    ranked = firms.filter(
        nw.col("employees") > 0,
        nw.col("employees") >= round(rules.frontier_least_employees * EMPLOYEE),
        ~nw.col("value_added").is_null(),
    ).select(*cell, value=nw.col("value_added") / nw.col("employees"))
    classed = ranked.with_columns(rank_class=_class())
    counted = collect(classed.group_by("industry", "year", "rank_class").agg(firms=nw.len()))
    held = _holding(counted, leagues, rules)
    best = engine.keep(_best(engine, classed, cell, held, leagues))
    lines = _lines(best, held)
    counts = (
        best.join(engine.table(lines.rename(columns={"value": "line"})), on=LEAGUE)
        .filter(nw.col("value") >= nw.col("line"))
        .group_by(*cell, "league")
        .agg(frontier_firms=nw.len().cast(nw.Int64()))
    )
    told = held[[*LEAGUE, "ranked"]].merge(lines, on=LEAGUE, how="left")
    told["line"] = told.pop("value") * EMPLOYEE
    return counts, told.sort_values(LEAGUE, ignore_index=True)


def _class() -> nw.Expr:
    """The class of a value: whole numbers that never fall where the value rises."""
    width = WIDTH / EMPLOYEE
    return (nw.col("value").clip(-MOST * width, MOST * width) / width).floor().cast(nw.Int64())


def _holding(counted: pd.DataFrame, leagues: pd.DataFrame, rules: FirmRules) -> pd.DataFrame:
    """Find the class that holds the last firm of the top share.

    Returns ``league, year, ranked``, ``rank_class`` (missing where no firm is in the top share) and ``left``: on
    which rank within the class the last firm stands.
    """
    table = counted.merge(leagues, on="industry")
    table = table.groupby([*LEAGUE, "rank_class"])["firms"].sum().reset_index()
    table = table.sort_values([*LEAGUE, "rank_class"], ascending=[True, True, False], ignore_index=True)
    by = table.groupby(LEAGUE)["firms"]
    table["ranked"] = by.transform("sum")
    table["above"] = by.cumsum() - table["firms"]
    last = {ranked: rules.within_top(int(ranked)) for ranked in table["ranked"].unique()}
    table["left"] = table["ranked"].map(last) - table["above"]
    within = table[(table["left"] >= 1) & (table["left"] <= table["firms"])]
    every = table[[*LEAGUE, "ranked"]].drop_duplicates()
    return every.merge(within[[*LEAGUE, "rank_class", "left"]], on=LEAGUE, how="left")


def _best(engine: Engine, classed: Frame, cell: Sequence[str], held: pd.DataFrame, leagues: pd.DataFrame) -> Frame:
    """Keep the firms in that class and above: they are few. Gives ``cell``, ``league, rank_class, value``."""
    sought = held.dropna(subset=["rank_class"]).merge(leagues, on="league")
    sought = sought[["industry", "year", "league"]].assign(least=sought["rank_class"].astype("int64"))
    least = int(sought["least"].min()) if len(sought) else 0
    above = classed.filter(nw.col("rank_class") >= least).join(engine.table(sought), on=["industry", "year"])
    return above.filter(nw.col("rank_class") >= nw.col("least")).select(*cell, "league", "rank_class", "value")


def _lines(best: Frame, held: pd.DataFrame) -> pd.DataFrame:
    """Give ``league, year, value``: the value of the last firm of the top share."""
    values = collect(best.group_by("league", "year", "rank_class", "value").agg(firms=nw.len()))
    values = values.merge(held.dropna(subset=["rank_class"]), on=[*LEAGUE, "rank_class"])
    values = values.sort_values([*LEAGUE, "value"], ascending=[True, True, False], ignore_index=True)
    better = values.groupby(LEAGUE)["firms"].cumsum() - values["firms"]
    lines = values[better < values["left"]].groupby(LEAGUE)["value"].min().reset_index()
    return lines.astype({"league": "str", "year": "int64", "value": "float64"})
