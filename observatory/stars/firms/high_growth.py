"""High-growth SMEs: firms of a certain size that have grown by a certain rate since some years before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import narwhals as nw

from observatory.stars.firms.rules import FirmRules

#: Employees are counted in thousandths of a full-time equivalent, money in whole EUR.
EMPLOYEE = 1000
Frame = nw.LazyFrame[Any]


def high_growth(firms: Frame, cell: Sequence[str], rules: FirmRules) -> Frame:
    """Count the high-growth SMEs.

    Region and industry are those at the end of the growth.

    Parameters
    ----------
    firms
        ``firm, year``, each firm and year once, the columns of ``cell``, and ``employees`` (thousandths) and
        ``turnover`` (EUR), whole numbers, null where not known.
    cell
        The columns by which to count, ``year`` among them.
    rules
        The thresholds.

    Returns
    -------
    LazyFrame
        The columns of ``cell``, ``grown`` (whether with high growth; without it all but ``year`` are null),
        ``smes`` (firms that had the size at the start) and ``assessed`` (those of which enough is known at both
        ends).

    Examples
    --------
    >>> import pandas as pd
    >>> from ingest.engine import DuckDB, collect
    >>> rows = pd.DataFrame({"firm": "a", "year": [2011, 2014], "region": "DE21",
    ...                      "employees": [125_000, 216_000], "turnover": [100, 90]})
    >>> collect(high_growth(DuckDB().table(rows), ["region", "year"], FirmRules())).to_dict("records")
    [{'region': 'DE21', 'year': 2014, 'grown': True, 'smes': 1, 'assessed': 1}]
    """
    size = nw.col("employees")
    start = firms.filter(size >= _thousandths(rules.least_employees), size < _thousandths(rules.fewer_than)).select(
        "firm",
        year=nw.col("year") + rules.growth_years,
        employees_before=size,
        turnover_before=nw.col("turnover"),
    )
    grown, known = _measured(rules)
    both = firms.select("firm", *cell, "employees", "turnover").join(start, on=["firm", "year"])
    both = both.select(*cell, grown=grown & known, known=known.cast(nw.Int64()))
    # Firms without high growth are added up by year alone: they are many, and nobody asks where they are.
    names = [column for column in cell if column != "year"]
    kept = [nw.when(nw.col("grown")).then(nw.col(column)).alias(column) for column in names]
    return (
        both.select("year", "grown", "known", *kept)
        .group_by(*cell, "grown")
        .agg(smes=nw.len().cast(nw.Int64()), assessed=nw.col("known").sum().cast(nw.Int64()))
    )


def _thousandths(employees: float) -> int:
    return round(employees * EMPLOYEE)


def _measured(rules: FirmRules) -> tuple[nw.Expr, nw.Expr]:
    """Whether a firm has grown, and whether enough is known to say so; neither is ever null."""
    # Both sides are nearest doubles of fractions of whole numbers: equal fractions are equal doubles.
    line = float(rules.factor)
    begun = (nw.col("turnover_before") > 0) & (nw.col("turnover_before") >= round(rules.least_turnover))
    staff = nw.col("employees") / nw.col("employees_before") >= line
    sales = (nw.col("turnover") / nw.col("turnover_before") >= line) & begun
    staff, sales = staff.fill_null(False), sales.fill_null(False)
    staff_known = ~nw.col("employees").is_null()
    sales_known = ~nw.col("turnover").is_null() & ~nw.col("turnover_before").is_null()
    return {
        "either": (staff | sales, staff_known | sales_known),
        "both": (staff & sales, staff_known & sales_known),
        "employees": (staff, staff_known),
        "turnover": (sales, sales_known),
    }[rules.growth_in]
