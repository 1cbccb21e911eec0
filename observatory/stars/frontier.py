"""Global frontier firms: the top share of all firms by value added per employee, industry by industry.

A firm is in the top share *p* of *n* firms when its rank is at most *p n*; equal values share the better rank.
So it is in when its value is at least the one on rank *m* = floor(*p n*). That value is looked for by counting
firms in classes of value first and by sorting only within the class that holds it: no sorting of all firms.
"""

from __future__ import annotations

from typing import Any

import narwhals as nw
import pandas as pd

from ingest.engine import Engine, collect
from observatory.stars.firm_rules import FirmRules
from observatory.stars.high_growth import EMPLOYEE

Frame = nw.LazyFrame[Any]
LEAGUE = ["league", "year"]
#: Values per employee are counted in classes as wide as this (EUR per employee), in so many to either side.
WIDTH = 1000
MOST = 10_000


def frontier_firms(engine: Engine, firms: Frame, leagues: pd.DataFrame, rules: FirmRules) -> Frontier:
    """Count the frontier firms by region, bundle, league and year.

    Parameters
    ----------
    engine
        Where small tables are put.
    firms
        ``year, region, bundle``, ``employees`` (thousandths) and ``value_added`` (EUR), whole numbers, null
        where not known. Ranked are firms with value added and more than zero employees.
    leagues
        ``bundle, league``: within what the firms of a bundle are ranked.
    rules
        The thresholds.

    Returns
    -------
    tuple
        ``region, bundle, year, league, frontier_firms`` (rows with a frontier firm only), and ``league, year,
        ranked, line``: firms ranked, and the least value added per employee (EUR) of the top share, missing
        where fewer firms are ranked than make one of the top share.

    Examples
    --------
    >>> from ingest.engine import DuckDB
    >>> rows = pd.DataFrame({"year": 2014, "region": ["AT31"] * 18 + ["DE21"] * 2, "bundle": 0,
    ...                      "employees": 10_000, "value_added": [*range(18), 50, 50]})
    >>> leagues = pd.DataFrame({"bundle": [0], "league": ["Plastics"]})
    >>> engine = DuckDB()
    >>> counts, lines = frontier_firms(engine, engine.table(rows), leagues, FirmRules())
    >>> counts.to_dict("records")  # rank 1 of 20 is shared by two
    [{'region': 'DE21', 'bundle': 0, 'year': 2014, 'league': 'Plastics', 'frontier_firms': 2}]
    >>> lines.to_dict("records")
    [{'league': 'Plastics', 'year': 2014, 'ranked': 20, 'line': 5.0}]
    """
    ranked = firms.filter(
        nw.col("employees") > 0,
        nw.col("employees") >= round(rules.frontier_least_employees * EMPLOYEE),
        ~nw.col("value_added").is_null(),
    ).select("region", "bundle", "year", value=nw.col("value_added") / nw.col("employees"))
    classed = ranked.with_columns(rank_class=_class())
    held = _holding(collect(classed.group_by("bundle", "year", "rank_class").agg(firms=nw.len())), leagues, rules)
    lines = _lines(engine, classed, held, leagues)
    counts = _counted(engine, ranked, lines, leagues)
    told = held[[*LEAGUE, "ranked"]].merge(lines, on=LEAGUE, how="left")
    told["line"] = told.pop("value") * EMPLOYEE
    return counts, told.sort_values(LEAGUE, ignore_index=True)


Frontier = tuple[pd.DataFrame, pd.DataFrame]


def _class() -> nw.Expr:
    """The class of a value: whole numbers that never fall where the value rises."""
    most = MOST * WIDTH / EMPLOYEE
    value = nw.col("value")
    bounded = nw.when(value > most).then(nw.lit(most)).when(value < -most).then(nw.lit(-most)).otherwise(value)
    return (bounded / (WIDTH / EMPLOYEE)).floor().cast(nw.Int64())


def _holding(counted: pd.DataFrame, leagues: pd.DataFrame, rules: FirmRules) -> pd.DataFrame:
    """Find the class that holds the last firm of the top share.

    Returns ``league, year, ranked``, ``rank_class`` (missing where no firm is in the top share) and ``left``: on
    which rank within the class the last firm stands.
    """
    table = counted.merge(leagues, on="bundle")
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


def _lines(engine: Engine, classed: Frame, held: pd.DataFrame, leagues: pd.DataFrame) -> pd.DataFrame:
    """Give ``league, year, value``: the value of the last firm of the top share."""
    sought = held.dropna(subset=["rank_class"]).merge(leagues, on="league")
    sought = sought.astype({"rank_class": "int64", "left": "int64"})
    if sought.empty:
        return pd.DataFrame({"league": [], "year": [], "value": []}).astype(
            {"league": "str", "year": "int64", "value": "float64"}
        )
    keys = engine.table(sought[["bundle", "year", "rank_class", "league"]])
    values = collect(
        classed.join(keys, on=["bundle", "year", "rank_class"]).group_by("league", "year", "value").agg(firms=nw.len())
    )
    values = values.merge(sought[[*LEAGUE, "left"]].drop_duplicates(), on=LEAGUE)
    values = values.sort_values([*LEAGUE, "value"], ascending=[True, True, False], ignore_index=True)
    better = values.groupby(LEAGUE)["firms"].cumsum() - values["firms"]
    return values[better < values["left"]].groupby(LEAGUE)["value"].min().reset_index()


def _counted(engine: Engine, ranked: Frame, lines: pd.DataFrame, leagues: pd.DataFrame) -> pd.DataFrame:
    """Count the firms at or above the line of their league."""
    table = lines.rename(columns={"value": "line"}).merge(leagues, on="league")
    keys = engine.table(table[["bundle", "year", "league", "line"]])
    counts = (
        ranked.join(keys, on=["bundle", "year"])
        .filter(nw.col("value") >= nw.col("line"))
        .group_by("region", "bundle", "year", "league")
        .agg(frontier_firms=nw.len())
    )
    found = collect(counts.sort("region", "bundle", "year", "league"))
    return found.astype({"frontier_firms": "int64"})
