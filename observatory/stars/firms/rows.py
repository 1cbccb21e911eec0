"""The rows of a table of firms: which can be used, what they add up to, and where they are.

Rows are added up by the words that they hold; what a region or an industry means is looked up afterwards, once for
each of the sums.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import narwhals as nw
import pandas as pd

from ingest.engine import collect, records_of
from observatory.stars.firms.high_growth import EMPLOYEE
from observatory.stars.firms.years import FIGURES

Frame = nw.LazyFrame[Any]
#: Larger figures are none: no firm has ten trillion EUR of turnover.
MOST = 1e13
YEARS = (1900, 2100)
#: What only the messages need.
MESSAGES = {"file": nw.String(), "line": nw.Int64(), "fault": nw.String()}
#: What is added up. ``wages`` are those of firms that are known to have employees, ``paid`` the employees of firms
#: whose wages are known; ``lone_`` counts the firms with wages or value added and no employees.
SUMS = ("employment", "wages", "paid")
COUNTS = ("firms", "known", "known_paid", "lone_wages", "lone_value_added")


def judged(firms: Frame) -> Frame:
    """Say of each row why it cannot be used, and turn its figures into whole numbers.

    Parameters
    ----------
    firms
        As for :func:`observatory.stars.firms.counted.count_firms`.

    Returns
    -------
    LazyFrame
        The same with ``file, line``, ``reason`` (null where the row can be used), ``employees`` in thousandths
        and money in EUR; what is not a number is null.

    Examples
    --------
    >>> from ingest.engine import DuckDB
    >>> rows = pd.DataFrame({"firm": ["a", ""], "year": 2014, "employees": [2.5, 1], "wages": float("nan"),
    ...                      "value_added": [9.6, -4], "turnover": 1.0})
    >>> found = collect(judged(DuckDB().table(rows)).sort("firm"))
    >>> found[["employees", "value_added", "reason"]].to_numpy().tolist()
    [[1000, -4, 'no firm'], [2500, 10, nan]]
    """
    schema = firms.collect_schema()
    absent = [nw.lit(None).cast(dtype).alias(name) for name, dtype in MESSAGES.items() if name not in schema]
    rows = firms.with_columns(*absent) if absent else firms
    sound = _sound(rows)
    reason = nw.lit(None).cast(nw.String()) if sound else nw.when(~_plain()).then(_reason())
    rows = rows.with_columns(reason=reason)
    return rows.with_columns(_whole(figure, EMPLOYEE if figure == "employees" else 1, sound) for figure in FIGURES)


def _sound(rows: Frame) -> bool:
    """Whether nothing is wrong with any row: told by the least and the largest, and then no row is looked at."""
    ends = [
        *(nw.col(column).min().alias(f"least_{column}") for column in (*FIGURES, "year", "firm")),
        *(nw.col(column).max().alias(f"most_{column}") for column in (*FIGURES, "year")),
        nw.col("firm").null_count().alias("firms"),
        nw.col("year").null_count().alias("years"),
        nw.col("fault").count().alias("faults"),
    ]
    end = records_of(collect(rows.select(*ends)))[0]
    if end["firms"] or end["years"] or end["faults"] or not end["least_firm"]:
        return False
    least = {"employees": 0.0, "wages": 0.0}
    inside = [
        # Of a column in which nothing is known both ends are missing; one that holds what is no number ends with it.
        pd.isna(end[f"least_{figure}"])
        or (end[f"least_{figure}"] >= least.get(figure, -MOST / 2) and end[f"most_{figure}"] < MOST)
        for figure in FIGURES
    ]
    return all(inside) and YEARS[0] <= end["least_year"] and bool(end["most_year"] <= YEARS[1])


def _plain() -> nw.Expr:
    """Whether nothing can be wrong with a row: nearly all are so, and only the others are looked at closely."""
    money = [(nw.col(figure).abs() < MOST).fill_null(True) for figure in ("value_added", "turnover")]
    return nw.all_horizontal(
        nw.col("fault").is_null(),
        (nw.col("firm") != "").fill_null(False),
        nw.col("year").is_between(*YEARS).fill_null(False),
        nw.col("employees").is_between(0, MOST, closed="left").fill_null(True),
        nw.col("wages").is_between(0, MOST, closed="left").fill_null(True),
        *money,
        ignore_nulls=True,
    )


def _reason() -> nw.Expr:
    """Why a row cannot be used; null where it can. What is not a number is not known, though engines call it large."""
    wild = [(nw.col(figure).abs() >= MOST) & ~nw.col(figure).cast(nw.Float64()).is_nan() for figure in FIGURES]
    wrong = {
        "no firm": nw.col("firm").fill_null("") == "",
        "no year": ~nw.col("year").is_between(*YEARS).fill_null(False),
        "negative employees": nw.col("employees") < 0,
        "negative wages": nw.col("wages") < 0,
        "impossible figure": nw.any_horizontal(*wild, ignore_nulls=True),
    }
    told = [nw.when(holds.fill_null(False)).then(nw.lit(reason)) for reason, holds in wrong.items()]
    return nw.coalesce(nw.col("fault"), *told)


def _whole(figure: str, unit: int, sound: bool) -> nw.Expr:
    value = nw.col(figure) * unit if unit != 1 else nw.col(figure)
    bounded = value if sound else nw.when(nw.col(figure).abs() < MOST).then(value)
    return bounded.round().cast(nw.Int64()).alias(figure)


def added_up(rows: Frame, by: Sequence[str]) -> Frame:
    """Add up judged rows by some columns.

    Returns
    -------
    LazyFrame
        The columns of ``by``, :data:`SUMS` (thousandths of employees, EUR) and :data:`COUNTS` (rows; ``known``
        with employees, ``known_paid`` with employees and wages).

    Examples
    --------
    >>> from ingest.engine import DuckDB
    >>> rows = pd.DataFrame({"year": 2014, "employees": [2000, 3000, None], "wages": [90, None, 50],
    ...                      "value_added": [1, 1, 1]})
    >>> sums = collect(added_up(DuckDB().table(rows), ["year"]))
    >>> sums[["employment", "wages", "paid", "firms", "lone_wages"]].to_numpy().tolist()
    [[5000, 90, 2000, 3, 1]]
    """
    staff, wages = nw.col("employees"), nw.col("wages")
    unknown = ~(staff > 0).fill_null(False)
    rows = rows.select(
        *by,
        employment=staff,
        wages=nw.when(~unknown).then(wages),
        paid=nw.when(~unknown & ~wages.is_null()).then(staff),
        lone_wages=nw.when(unknown).then(wages),
        lone_value_added=nw.when(unknown).then(nw.col("value_added")),
    )
    counts = {"known": "employment", "known_paid": "paid", "lone_wages": "lone_wages"}
    counts["lone_value_added"] = "lone_value_added"
    return rows.group_by(*by).agg(
        *(nw.col(name).sum().cast(nw.Int64()).alias(name) for name in SUMS),
        *(nw.col(column).count().cast(nw.Int64()).alias(name) for name, column in counts.items()),
        firms=nw.len().cast(nw.Int64()),
    )


def placed(sums: Frame, where: Sequence[str], nuts: int | None) -> pd.DataFrame:
    """Say in which region each different place of a table is.

    Parameters
    ----------
    sums
        The columns of ``where``.
    where
        ``region`` and, where regions are looked up, some of ``postcode, city, country``.
    nuts
        The version of NUTS to look up in; None takes the words of ``region`` as they are.

    Returns
    -------
    pandas.DataFrame
        The columns of ``where``, blank where null, and ``_region``; only places that have one.
    """
    filled = sums.select(nw.col(column).fill_null("").alias(column) for column in where)
    table = collect(filled.unique().sort(*where)).astype("str")
    if nuts is None:
        found = table[where[0]].str.strip()
    else:
        from ingest.regions import place

        columns = {"region_code": "region", "postcode": "postcode", "city": "city", "country": "country"}
        places = pd.DataFrame({name: table.get(ours) for name, ours in columns.items()}, index=table.index)
        found = place(places.astype("object"), nuts=nuts)["region"].fillna("")
    table["_region"] = found.astype("str")
    return table[table["_region"] != ""].reset_index(drop=True)
