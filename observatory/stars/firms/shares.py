"""The regional table from the sums over firms: figures of codes shared out to industries, and totals of regions."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from observatory.stars.firms.bundles import Bundles
from observatory.stars.firms.high_growth import EMPLOYEE
from observatory.stars.firms.rules import FirmRules
from observatory.stars.industries import TOTAL

KEYS = ["region", "industry", "year"]
CELL = ["region", "bundle", "year"]
FIGURES = ["employment", "wages", "paid", "firms", "high_growth_smes"]
COLUMNS = [*KEYS, "employment", "wages", "firms", "high_growth_smes", "frontier_firms", "paid"]


def assembled(
    cells: pd.DataFrame,
    smes: pd.DataFrame,
    frontier: pd.DataFrame,
    lines: pd.DataFrame,
    codes: Bundles,
    rules: FirmRules,
) -> pd.DataFrame:
    """Share out the sums of bundles to industries, and add the rows of totals.

    Parameters
    ----------
    cells
        ``region, bundle, year`` and the sums of :func:`observatory.stars.firms.rows.added_up`.
    smes, frontier
        ``region, bundle, year, high_growth_smes``; ``region, bundle, year, league, frontier_firms``.
    lines
        ``league, year``: where firms could be ranked.
    codes, rules
        What the bundles are, and the thresholds.

    Returns
    -------
    pandas.DataFrame
        :data:`COLUMNS`, sorted; see :class:`observatory.stars.firms.counted.FirmTable`.
    """
    # Names become their rank among the names: whole numbers merge and sort in half the time, in the same order.
    regions = pd.Index(sorted(cells["region"].unique()))
    scored = rules.frontier_by == "scored"
    industries = pd.Index(sorted({*codes.parts["industry"], *(codes.leagues["league"] if scored else ()), TOTAL}))
    codes = replace(codes, parts=_ranks(codes.parts, "industry", industries))
    cells, smes, frontier = (_ranks(table, "region", regions) for table in (cells, smes, frontier))
    if scored:
        frontier, lines = (_ranks(table, "league", industries) for table in (frontier, lines))
    # Sums of floating numbers depend on the order of the rows, so the order is fixed first.
    cells = _in_order(cells, CELL)
    table = cells.merge(smes[[*CELL, "high_growth_smes"]], on=CELL, how="left", validate="one_to_one")
    early = ~(table["year"] - rules.growth_years).isin(set(table["year"]))
    table["high_growth_smes"] = table["high_growth_smes"].fillna(0).astype("float64").mask(early)
    for figure, unit, known in (("employment", EMPLOYEE, "known"), ("paid", EMPLOYEE, "known_paid")):
        table[figure] = (table[figure] / unit).where(table[known] > 0)
    table["wages"] = table["wages"].astype("float64").where(table["known_paid"] > 0)
    table["firms"] = table["firms"].astype("float64")
    single = shared_out(table, codes.parts, FIGURES).merge(_tops(frontier, codes, rules), on=KEYS, how="left")
    ranked = single[["industry", "year"]].merge(_ranked(lines, codes, rules), how="left")["ranked"].notna()
    single["frontier_firms"] = single["frontier_firms"].fillna(0.0).where(ranked.to_numpy())
    totals = table.groupby(["region", "year"])[FIGURES].sum(min_count=1).reset_index()
    totals["industry"] = list(industries).index(TOTAL)
    both: pd.DataFrame = _in_order(pd.concat([single, totals], ignore_index=True), KEYS)[COLUMNS]
    names = {"region": regions, "industry": industries}
    return both.assign(**{column: names[column].take(both[column].to_numpy()) for column in names})


def _ranks(table: pd.DataFrame, column: str, names: pd.Index) -> pd.DataFrame:
    """Put the rank of each name in its place."""
    return table.assign(**{column: names.get_indexer(pd.Index(table[column]))})


def _in_order(table: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Sort by columns of small whole numbers, all of them at once."""
    place = pd.Series(0, table.index, dtype="int64")
    for key in keys:
        least = table[key].min()
        place = place * (table[key].max() - least + 1) + (table[key] - least)
    return table.take(np.argsort(place.to_numpy(), kind="stable")).reset_index(drop=True)


def shared_out(cells: pd.DataFrame, parts: pd.DataFrame, figures: list[str]) -> pd.DataFrame:
    """Spread figures of bundles over the industries that they fall in; added up in the order of the cells.

    Examples
    --------
    >>> cells = pd.DataFrame({"region": "DE21", "bundle": [0, 1], "year": 2014, "firms": [4.0, 3.0]})
    >>> parts = pd.DataFrame({"bundle": [0, 0, 1], "industry": ["A", "B", "B"], "share": [0.5, 0.25, 1.0]})
    >>> shared_out(cells, parts, ["firms"])["firms"].to_list()
    [2.0, 4.0]
    """
    table = cells.merge(parts, on="bundle")
    table[figures] = table[figures].mul(table["share"], axis=0)
    return table.groupby(KEYS)[figures].sum(min_count=1).reset_index()


def _ranked(lines: pd.DataFrame, codes: Bundles, rules: FirmRules) -> pd.DataFrame:
    """Give ``industry, year, ranked``: where firms could be ranked."""
    leagues = lines[["league", "year"]]
    if rules.frontier_by == "scored":
        return leagues.rename(columns={"league": "industry"}).assign(ranked=True)
    industries = leagues.merge(codes.leagues, on="league").merge(codes.parts, on="bundle")[["industry", "year"]]
    return industries.drop_duplicates().assign(ranked=True)


def _tops(frontier: pd.DataFrame, codes: Bundles, rules: FirmRules) -> pd.DataFrame:
    """Give ``region, industry, year, frontier_firms``: one where a firm is ranked in industries, else shares."""
    if rules.frontier_by != "scored":
        cells = frontier.groupby(CELL)["frontier_firms"].sum().reset_index()
        return shared_out(cells, codes.parts, ["frontier_firms"])
    table = frontier.rename(columns={"league": "industry"})
    return table.groupby(KEYS)["frontier_firms"].sum().reset_index()
