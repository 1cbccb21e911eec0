"""From a table of firms to the regional table that star scores are computed from.

All rows are added up on the engine in whole numbers (thousandths of an employee, EUR), so that neither the order of
the rows nor the number of threads shows; what comes to the driver is one row a region, bundle of codes and year.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import pandas as pd

from ingest.engine import Engine, collect
from ingest.faults import BadInput, Fault
from observatory.stars.firms.bundles import bundled, common_digits
from observatory.stars.firms.frontier import frontier_firms
from observatory.stars.firms.high_growth import high_growth
from observatory.stars.firms.notes import notes_on
from observatory.stars.firms.rows import COUNTS, SUMS, added_up, judged, placed
from observatory.stars.firms.rules import FirmRules
from observatory.stars.firms.shares import CELL, assembled
from observatory.stars.firms.years import FIGURES, SPAN, each_once, years_of_firms

Frame = nw.LazyFrame[Any]
_WHOLE = {"bundle": "int64", "year": "int64"}


@dataclass(frozen=True)
class FirmTable:
    """A regional table counted from firms, and what became of their rows.

    Attributes
    ----------
    table
        ``region, industry, year, employment`` (FTE), ``wages`` (EUR; of firms whose employees are known),
        ``firms, high_growth_smes, frontier_firms`` and ``paid`` (employees of firms whose wages are known),
        sorted; with a row ``total`` for each region and year, of all industries and of those that are not
        scored. A figure is missing where no firm's is known, high growth in the first years of the table,
        frontier firms where no firm could be ranked and in totals. ``attrs["notes"]`` says in sentences what
        was not used, ``attrs["industry"]`` what the column industry holds.
    ledger
        ``reason, rows``: read = used + the others.
    set_aside
        ``file, line, firm, year, reason``, on the engine.
    lines
        ``league, year, ranked, line``: see :func:`observatory.stars.firms.frontier.frontier_firms`.
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
    where: Sequence[str] = ("region",),
    nuts: int | None = None,
    digits: int | None = None,
    rules: FirmRules | None = None,
    file: str = "table of firms",
) -> FirmTable:
    """Count a table of firms by region, industry and year.

    Parameters
    ----------
    engine
        Where the table lives.
    firms
        One row a firm and year: ``firm, industry`` (text), ``year`` (whole number), ``employees`` (full time
        equivalents), ``wages, value_added, turnover`` (EUR; any of the figures null where not known); the
        columns of ``where``; for the messages ``file`` (text), ``line`` (whole number), ``fault`` (text: why
        the row cannot be used; null where it can).
    scheme, level
        What the column industry holds, and what is scored; see :func:`observatory.stars.firms.bundles.bundled`.
    digits
        Codes are cut to so many digits, and shorter ones set aside; 0 takes as many as most firms' codes have,
        None leaves codes as they are.
    where, nuts
        The columns that say where a firm is: ``region``, and some of ``city, country``; and the version of
        NUTS in which they are looked up. None takes ``region`` as it is.
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
    ...                      "value_added": float("nan"), "turnover": float("nan")})
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
    cell = [*where, "industry", "year"]
    rows = judged(firms)
    sums = engine.keep(added_up(rows, ["reason", *cell]))
    symbols = collect(sums.group_by("industry").agg(nw.col("firms").sum())).dropna()
    digits = common_digits(symbols, scheme) if digits == 0 else digits
    codes = bundled(symbols["industry"], scheme, level, rules, digits)
    meant = _Meaning(engine, codes.symbols, placed(sums, where, nuts), list(where), digits)
    cells = meant.cells(sums, [*SUMS, *COUNTS], ["reason"])
    ledger = cells.groupby("reason")["firms"].sum()
    cells = cells[cells["reason"].isna()].drop(columns="reason").astype(_WHOLE)
    _check(cells, ledger, file)
    told = meant.reasons(rows) if len(ledger) else rows
    aside = told.filter(~nw.col("reason").is_null())
    used = told.filter(nw.col("reason").is_null()) if len(ledger) else rows
    used = used.select("file", "line", "firm", *cell, *FIGURES)
    years = sorted(int(year) for year in cells["year"].unique())
    by_firm, patterns = years_of_firms(engine, used, years)
    if (patterns["years"].map(len) == 0).any():
        used, repeated = each_once(engine, used, by_firm, patterns)
        patterns = years_of_firms(engine, used, years)[1]
        aside = nw.concat([_named(aside), _named(repeated)], how="vertical")
        more = collect(repeated.group_by("reason").agg(firms=nw.len())).set_index("reason")["firms"]
        ledger = pd.concat([ledger, more])
        cells = meant.cells(added_up(used, cell), [*SUMS, *COUNTS])
    growth = engine.keep(high_growth(used, cell, rules))
    smes = meant.cells(
        growth.filter(nw.col("grown")).with_columns(high_growth_smes=nw.col("smes")), ["high_growth_smes"]
    )
    assessed = collect(growth.group_by("grown").agg(nw.col("smes").sum(), nw.col("assessed").sum()))
    leagues = codes.symbols.merge(codes.leagues, on="bundle")[["industry", "league"]]
    tops, lines = frontier_firms(engine, used, cell, leagues, rules)
    frontier = meant.cells(tops, ["frontier_firms"], ["league"])
    table = assembled(cells, smes, frontier, lines, codes, rules)
    balance = _ledger(ledger, int(cells["firms"].sum()))
    table.attrs = {
        "file": file,
        "industry": scheme if level == "code" else "industry",
        "notes": notes_on(rules, balance, patterns, cells, assessed, lines, file),
    }
    return FirmTable(table, balance, _named(aside), lines)


@dataclass(frozen=True)
class _Meaning:
    """What the words of a table mean: which bundle an industry is of, and which region a place is in."""

    engine: Engine
    symbols: pd.DataFrame
    places: pd.DataFrame
    where: list[str]
    digits: int | None = None

    def looked_up(self, frame: Frame) -> Frame:
        """Add ``bundle`` and ``_region``; null where there is none."""
        blank = [nw.col(column).fill_null("").alias(column) for column in self.where]
        places = self.engine.table(self.places)
        symbols = self.engine.table(self.symbols)
        joined = frame.with_columns(*blank).join(places, on=self.where, how="left")
        return joined.join(symbols, on="industry", how="left")

    def reasons(self, frame: Frame) -> Frame:
        """Add to the reasons of rows that they have no region, or no industry that is known."""
        more = {
            "no region": nw.col("_region").is_null(),
            "no industry": nw.col("industry").fill_null("") == "",
            f"no industry of {self.digits} digits" if self.digits else "unknown industry": nw.col("bundle").is_null(),
        }
        told = [nw.when(holds).then(nw.lit(reason)) for reason, holds in more.items()]
        return self.looked_up(frame).with_columns(reason=nw.coalesce("reason", *told))

    def cells(self, sums: Frame, figures: list[str], also: Sequence[str] = ()) -> pd.DataFrame:
        """Add up sums by region, bundle and year, and bring them to the driver, in any order."""
        meant = self.reasons(sums) if "reason" in also else self.looked_up(sums)
        keys = [*also, *CELL]
        meant = meant.drop("region").rename({"_region": "region"})
        added = meant.group_by(*keys).agg(nw.col(figure).sum().cast(nw.Int64()).alias(figure) for figure in figures)
        return collect(added).astype(dict.fromkeys(figures, "int64") | ({} if also == ["reason"] else _WHOLE))


def _check(cells: pd.DataFrame, ledger: pd.Series, file: str) -> None:
    years = cells["year"]
    if cells.empty:
        found = ", ".join(f"{reason} {rows:,}" for reason, rows in ledger.items()) or "no row"
        mend = "say what the columns hold, or correct the table"
        raise BadInput(Fault(file, None, found, "at least one row of a firm that can be used", mend))
    if years.max() - years.min() > SPAN:
        expected = f"years within {SPAN} of each other"
        value = f"{int(years.min())} to {int(years.max())}"
        raise BadInput(Fault(file, None, value, expected, "correct the years, or give the years that you need"))


def _named(rows: Frame) -> Frame:
    return rows.select("file", "line", "firm", "year", "reason")


def _ledger(aside: pd.Series, used: int) -> pd.DataFrame:
    rows = {str(reason): int(number) for reason, number in aside.items()}
    lines = [("read", used + sum(rows.values())), ("used", used), *sorted(rows.items())]
    return pd.DataFrame(lines, columns=["reason", "rows"])
