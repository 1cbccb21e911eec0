"""High-growth SMEs: firms of a certain size that have grown by a certain rate since some years before."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import pandas as pd

from ingest.engine import collect
from observatory.stars.firm_rules import FirmRules

#: Employees are counted in thousandths of a full-time equivalent, money in whole EUR.
EMPLOYEE = 1000
Frame = nw.LazyFrame[Any]


def high_growth(firms: Frame, rules: FirmRules) -> pd.DataFrame:
    """Count the high-growth SMEs by region, bundle and year.

    Region and industry are those at the end of the growth.

    Parameters
    ----------
    firms
        ``firm, year, region, bundle``, each firm and year once, ``employees`` (thousandths) and ``turnover``
        (EUR), whole numbers, null where not known.
    rules
        The thresholds.

    Returns
    -------
    pandas.DataFrame
        ``region, bundle, year``, ``smes`` (firms that had the size at the start), ``assessed`` (those of which
        enough is known at both ends) and ``high_growth_smes``; only rows with an SME.

    Examples
    --------
    >>> from ingest.engine import DuckDB
    >>> rows = pd.DataFrame({"firm": "a", "year": [2011, 2014], "region": "DE21", "bundle": 0,
    ...                      "employees": [125_000, 216_000], "turnover": [100, 90]})
    >>> high_growth(DuckDB().table(rows), FirmRules()).to_dict("records")
    [{'region': 'DE21', 'bundle': 0, 'year': 2014, 'smes': 1, 'assessed': 1, 'high_growth_smes': 1}]
    """
    size = nw.col("employees")
    start = firms.filter(size >= _thousandths(rules.least_employees), size < _thousandths(rules.fewer_than)).select(
        "firm",
        year=nw.col("year") + rules.growth_years,
        employees_before=size,
        turnover_before=nw.col("turnover"),
    )
    grown, known = _measured(rules)
    found = (
        firms.select("firm", "year", "region", "bundle", "employees", "turnover")
        .join(start, on=["firm", "year"])
        .select("region", "bundle", "year", grown=grown & known, known=known)
        .group_by("region", "bundle", "year")
        .agg(
            smes=nw.len(),
            assessed=nw.col("known").cast(nw.Int64()).sum(),
            high_growth_smes=nw.col("grown").cast(nw.Int64()).sum(),
        )
    )
    table = collect(found.sort("region", "bundle", "year"))
    return table.astype({"smes": "int64", "assessed": "int64", "high_growth_smes": "int64"})


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
