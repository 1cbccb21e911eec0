"""From a table of firms to the regional table that star scores are computed from.

All rows are added up on the engine in whole numbers (thousandths of an employee, EUR), so that neither the
order of the rows nor the number of threads shows; what comes to the driver is one row a region, group of codes
and year.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import narwhals as nw
import pandas as pd

from ingest.engine import Engine, collect
from ingest.faults import BadInput, Fault
from observatory.stars.bundles import Bundles, bundled
from observatory.stars.firm_notes import notes_on
from observatory.stars.firm_rules import FirmRules
from observatory.stars.firm_years import FIGURES, SPAN, each_once, years_of_firms
from observatory.stars.frontier import frontier_firms
from observatory.stars.high_growth import EMPLOYEE, high_growth
from observatory.stars.industries import TOTAL

Frame = nw.LazyFrame[Any]
#: Larger figures are none: no firm has ten trillion EUR of turnover.
MOST = 1e13
#: The figures of the regional table in order, and what each is a sum of; ``wages`` are those of firms whose
#: employees are known, ``paid`` the employees of firms whose wages are known.
SUMS = ("employment", "wages", "paid", "value_added", "turnover")
COUNTS = ("firms", "high_growth_smes", "frontier_firms")
CELL = ["region", "bundle", "year"]
KEYS = ["region", "industry", "year"]
YEARS = (1900, 2100)
MESSAGES = {"file": nw.String(), "line": nw.Int64(), "fault": nw.String()}


@dataclass(frozen=True)
class FirmTable:
    """A regional table counted from firms, and what became of their rows.

    Attributes
    ----------
    table
        ``region, industry, year, employment`` (FTE), ``wages`` (EUR), ``firms, high_growth_smes,
        frontier_firms``, and ``paid`` (employees of the firms whose wages are known), ``value_added, turnover``
        (EUR), sorted; with a row ``total`` for each region and year, of all industries and of those that are
        not scored. A figure is missing where no firm's is known, high growth in the first years of the table,
        frontier firms where no firm could be ranked. ``attrs["notes"]`` says in sentences what was not used,
        ``attrs["industry"]`` what the column industry holds.
    ledger
        ``reason, rows``: read = used + the others.
    set_aside
        ``file, line, firm, year, reason``, on the engine.
    lines
        ``league, year, ranked, line``: see :func:`observatory.stars.frontier.frontier_firms`.
    """

    table: pd.DataFrame
    ledger: pd.DataFrame
    set_aside: Frame
    lines: pd.DataFrame


def count_firms(
    engine: Engine,
    firms: Frame,
    scheme: str = "nace",
    *,
    level: str = "industry",
    rules: FirmRules | None = None,
    file: str = "table of firms",
) -> FirmTable:
    """Count a table of firms by region, industry and year.

    Parameters
    ----------
    engine
        Where the table lives.
    firms
        One row a firm and year: ``firm, region, industry`` (text), ``year`` (whole number), ``employees`` (full
        time equivalents), ``wages, value_added, turnover`` (EUR; any of the figures null where not known);
        and, for the messages, ``file`` (text), ``line`` (whole number), ``fault`` (text: why the row cannot be
        used; null where it can).
    scheme, level
        What the column industry holds, and what is scored; see :func:`observatory.stars.bundles.bundled`.
    rules
        What makes a high-growth SME and a frontier firm; the defaults of :class:`FirmRules` when None.
    file
        The name of the table, for the messages.

    Returns
    -------
    FirmTable
        The regional table with its notes, its ledger, the rows set aside and the lines of the frontier.

    Raises
    ------
    BadInput
        Where no row can be used, or the years are further apart than a table of firms can be.

    Examples
    --------
    >>> from ingest.engine import DuckDB
    >>> engine = DuckDB()
    >>> rows = pd.DataFrame({"firm": ["a", "a", "b"], "year": [2011, 2014, 2014], "region": "DE21",
    ...                      "industry": "Plastics", "employees": [10.0, 20.0, 2.5], "wages": [300.0, 700.0, None],
    ...                      "value_added": None, "turnover": None}).astype({"value_added": "float64",
    ...                      "turnover": "float64"})
    >>> counted = count_firms(engine, engine.table(rows), "industry")
    >>> counted.table[["industry", "year", "employment", "wages", "firms", "high_growth_smes"]].to_numpy().tolist()
    [['Plastics', 2011, 10.0, 300.0, 1.0, nan], ['Plastics', 2014, 22.5, 700.0, 2.0, 1.0],
     ['total', 2011, 10.0, 300.0, 1.0, nan], ['total', 2014, 22.5, 700.0, 2.0, 1.0]]
    >>> counted.ledger.to_dict("records")
    [{'reason': 'read', 'rows': 3}, {'reason': 'used', 'rows': 3}]

    References
    ----------
    European Panorama of Clusters and Industrial Change 2020, 2.1; see :class:`FirmRules`.
    """
    rules = rules or FirmRules()
    symbols = collect(firms.select("industry").unique())["industry"].dropna()
    codes = bundled(symbols, scheme, level, rules)
    rows = _judged(engine, _complete(firms), codes)
    cells, aside = _counted(rows), rows.filter(~nw.col("reason").is_null())
    ledger = cells.groupby("reason", dropna=False)["firms"].sum()
    used = rows.filter(nw.col("reason").is_null()) if ledger.index.notna().any() else rows
    cells = cells[cells["reason"].isna()]
    _check(cells, ledger, file)
    by_firm, patterns = years_of_firms(engine, used, cells["year"].unique())
    if (patterns["years"].map(len) == 0).any():
        used, repeated = each_once(engine, used, by_firm, patterns)
        by_firm, patterns = years_of_firms(engine, used, cells["year"].unique())
        aside = nw.concat([aside, repeated.select(aside.collect_schema().names())], how="vertical")
        cells = _counted(used)
        more = collect(repeated.group_by("reason").agg(firms=nw.len())).set_index("reason")["firms"]
        ledger = pd.concat([ledger[ledger.index.notna()], more])
    smes = high_growth(used, rules)
    frontier, lines = frontier_firms(engine, used, codes.leagues, rules)
    table = _assembled(cells, smes, frontier, lines, codes, rules)
    balance = _ledger(ledger, int(cells["firms"].sum()))
    table.attrs = {
        "file": file,
        "industry": scheme if level == "code" else "industry",
        "notes": notes_on(rules, balance, patterns, cells, smes, lines, file),
    }
    return FirmTable(table, balance, aside.select("file", "line", "firm", "year", "reason"), lines)


def _complete(firms: Frame) -> Frame:
    """Add what only the messages need."""
    here = firms.collect_schema().names()
    absent = {name: dtype for name, dtype in MESSAGES.items() if name not in here}
    return firms.with_columns(nw.lit(None).cast(dtype).alias(name) for name, dtype in absent.items())


def _judged(engine: Engine, firms: Frame, codes: Bundles) -> Frame:
    """Add each row's bundle, and the reason for which it cannot be used; figures become whole numbers."""
    schema = firms.collect_schema()
    floats = [figure for figure in FIGURES if not schema[figure].is_integer()]
    # Not a number is not known; above all it is not the largest number.
    numbers = [nw.when(~nw.col(figure).is_nan()).then(nw.col(figure)).alias(figure) for figure in floats]
    rows = firms.with_columns(*numbers).join(engine.table(codes.symbols), on="industry", how="left")
    return rows.with_columns(reason=_reason()).with_columns(
        _whole(figure, EMPLOYEE if figure == "employees" else 1) for figure in FIGURES
    )


def _reason() -> nw.Expr:
    """The first of the reasons for which a row cannot be used; null where it can."""
    wrong = {
        "no firm": nw.col("firm").fill_null("") == "",
        "no year": ~nw.col("year").is_between(*YEARS).fill_null(False),
        "no region": nw.col("region").fill_null("") == "",
        "no industry": nw.col("industry").fill_null("") == "",
        "unknown industry": nw.col("bundle").is_null(),
        "negative employees": (nw.col("employees") < 0).fill_null(False),
        "negative wages": (nw.col("wages") < 0).fill_null(False),
        "impossible figure": nw.any_horizontal(
            *((nw.col(figure).abs() >= MOST).fill_null(False) for figure in FIGURES), ignore_nulls=True
        ),
    }
    told = [nw.when(holds).then(nw.lit(reason)) for reason, holds in wrong.items()]
    return nw.coalesce(nw.col("fault"), *told)


def _whole(figure: str, unit: int) -> nw.Expr:
    """A figure as a whole number of its unit; null where it is not known."""
    value = nw.when(nw.col(figure).abs() < MOST).then(nw.col(figure).cast(nw.Float64()) * unit)
    return value.round().cast(nw.Int64()).alias(figure)


def _counted(rows: Frame) -> pd.DataFrame:
    """Add up the rows by reason, region, bundle and year, in FTE and EUR; missing where nothing is known."""
    staff, wages = nw.col("employees"), nw.col("wages")
    figures = {
        "employment": staff,
        "wages": nw.when(~staff.is_null()).then(wages),
        "paid": nw.when(~wages.is_null()).then(staff),
        "value_added": nw.col("value_added"),
        "turnover": nw.col("turnover"),
    }
    lone = {f"lone_{figure}": staff.is_null() & ~nw.col(figure).is_null() for figure in ("wages", "value_added")}
    grouped = rows.select(
        "reason", *CELL, **figures, **{name: holds.cast(nw.Int64()) for name, holds in lone.items()}
    ).group_by("reason", *CELL)
    sums = {name: nw.col(name).sum().cast(nw.Int64()) for name in (*figures, *lone)}
    known = {f"known_{name}": nw.col(name).count() for name in figures}
    cells = collect(grouped.agg(firms=nw.len(), **sums, **known)).sort_values(CELL, ignore_index=True)
    for name in figures:
        unit = EMPLOYEE if name in ("employment", "paid") else 1
        cells[name] = (cells[name] / unit).where(cells.pop(f"known_{name}") > 0).astype("float64")
    return cells


def _check(cells: pd.DataFrame, ledger: pd.Series, file: str) -> None:
    years = cells["year"]
    if cells.empty:
        found = ", ".join(f"{rows:,} {reason}" for reason, rows in ledger.items()) or "no row"
        mend = "say what the columns hold, or correct the table"
        raise BadInput(Fault(file, None, found, "at least one row of a firm that can be used", mend))
    if years.max() - years.min() > SPAN:
        expected = f"years within {SPAN} of each other"
        value = f"{years.min()} to {years.max()}"
        raise BadInput(Fault(file, None, value, expected, "correct the years, or give the years that you need"))


def _ledger(aside: pd.Series, used: int) -> pd.DataFrame:
    rows = {str(reason): int(number) for reason, number in aside.items() if isinstance(reason, str)}
    lines = [("read", used + sum(rows.values())), ("used", used), *sorted(rows.items())]
    return pd.DataFrame(lines, columns=["reason", "rows"])


def _assembled(
    cells: pd.DataFrame,
    smes: pd.DataFrame,
    frontier: pd.DataFrame,
    lines: pd.DataFrame,
    codes: Bundles,
    rules: FirmRules,
) -> pd.DataFrame:
    """Share out the cells of bundles to industries, and add the rows of totals."""
    cells = cells.astype({"year": "int64", "bundle": "int64", "firms": "float64"})
    years = set(cells["year"])
    grown = cells[CELL].merge(smes, on=CELL, how="left")["high_growth_smes"].fillna(0).astype("float64")
    cells["high_growth_smes"] = grown.where((cells["year"] - rules.growth_years).isin(years).to_numpy()).to_numpy()
    figures = [*SUMS, "firms", "high_growth_smes"]
    single = shared_out(cells, codes.parts, figures)
    tops = _tops(frontier, codes, rules)
    single = single.merge(tops, on=KEYS, how="left")
    known = single[["industry", "year"]].merge(_ranked(lines, codes, rules), how="left")["ranked"].notna()
    single["frontier_firms"] = single["frontier_firms"].fillna(0.0).where(known.to_numpy())
    totals = cells.groupby(["region", "year"])[figures].sum(min_count=1).reset_index()
    table = pd.concat([single, totals.assign(industry=TOTAL)], ignore_index=True)
    columns = [*KEYS, "employment", "wages", *COUNTS, "paid", "value_added", "turnover"]
    return table.sort_values(KEYS, ignore_index=True)[columns]


def _ranked(lines: pd.DataFrame, codes: Bundles, rules: FirmRules) -> pd.DataFrame:
    """Give ``industry, year, ranked``: where firms could be ranked."""
    leagues = lines[["league", "year"]]
    if rules.frontier_by == "scored":
        return leagues.rename(columns={"league": "industry"}).assign(ranked=True)
    industries = leagues.merge(codes.leagues, on="league").merge(codes.parts, on="bundle")[["industry", "year"]]
    return industries.drop_duplicates().assign(ranked=True)


def shared_out(cells: pd.DataFrame, parts: pd.DataFrame, figures: list[str]) -> pd.DataFrame:
    """Spread figures of bundles over the industries that they fall in.

    Examples
    --------
    >>> cells = pd.DataFrame({"region": "DE21", "bundle": [0, 1], "year": 2014, "firms": [4.0, 3.0]})
    >>> parts = pd.DataFrame({"bundle": [0, 0, 1], "industry": ["A", "B", "B"], "share": [0.5, 0.25, 1.0]})
    >>> shared_out(cells, parts, ["firms"])["firms"].to_list()
    [2.0, 4.0]
    """
    table = cells.merge(parts, on="bundle").sort_values([*KEYS, "bundle"], ignore_index=True)
    table[figures] = table[figures].mul(table["share"], axis=0)
    return table.groupby(KEYS)[figures].sum(min_count=1).reset_index()


def _tops(frontier: pd.DataFrame, codes: Bundles, rules: FirmRules) -> pd.DataFrame:
    """Give ``region, industry, year, frontier_firms``: one where a firm is ranked in industries, else shares."""
    if rules.frontier_by != "scored":
        cells = frontier.groupby(CELL)["frontier_firms"].sum().reset_index()
        return shared_out(cells, codes.parts, ["frontier_firms"])
    table = frontier.rename(columns={"league": "industry"})
    return table.groupby(KEYS)["frontier_firms"].sum().reset_index()
