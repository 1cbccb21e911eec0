"""Figures of several classifications and currencies brought to what they have in common: the 51 industries, EUR."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import pandas as pd

from ingest.values import parse_number
from observatory.stars.industries import TOTAL, industries_of_codes, listed
from observatory.stars.layouts.cells import COLUMNS, KEYS

#: What rates turn money into.
CURRENCY = "EUR"


def to_common(cells: pd.DataFrame, scheme: str) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Add cells in codes up to the 51 industries, so that those of another classification can stand beside them.

    A figure is the sum over the codes that are known, by their shares; totals stay totals.

    Parameters
    ----------
    cells
        The columns of :data:`observatory.stars.layouts.cells.COLUMNS`, of one level of a classification.
    scheme
        ``nace`` or ``naics``; names (``industry``) are returned as they are.

    Returns
    -------
    tuple
        The same columns, sorted; a sentence on codes that fall in none of the 51.

    Examples
    --------
    >>> from observatory.stars.layouts.cells import cells_of
    >>> codes = {"region": "US-01", "industry": ["336411", "336412"], "year": 2014, "measure": "firms", "value": [2, 3]}
    >>> done, notes = to_common(cells_of(pd.DataFrame(codes)), "naics")
    >>> done[["industry", "value"]].values.tolist()
    [['Aerospace Vehicles and Defence', 5.0]]
    """
    if scheme == "industry":
        return cells, ()
    total = cells["industry"] == TOTAL
    parts = cells[~total].rename(columns={"industry": "code"})
    shares = industries_of_codes(parts["code"].drop_duplicates(), scheme)
    joined = parts.merge(shares, on="code").sort_values([*KEYS, "code", "file", "line"], kind="stable")
    grouped = joined.assign(value=joined["value"] * joined["share"]).groupby(list(KEYS))
    added = grouped.agg(
        unit=("unit", "first"),
        flag=("flag", _letters),
        file=("file", "first"),
        line=("line", "first"),
        estimated=("estimated", lambda said: "; ".join(sorted(set(said) - {""}))),
    )
    added["value"] = grouped["value"].sum(min_count=1).round(6)
    outside = sorted(set(parts["code"].unique()) - set(shares["code"].unique()))
    notes = (f"Codes of {scheme} outside the 51 industries: {listed(outside)}.",) if outside else ()
    return pd.concat([added.reset_index()[list(COLUMNS)], cells[total]], ignore_index=True), notes


def _letters(flags: pd.Series) -> str:
    return "".join(sorted(set("".join(flags))))


def in_euro(cells: pd.DataFrame, rates: Mapping[str, float]) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Turn money of other currencies into EUR by the user's rates.

    Examples
    --------
    >>> from observatory.stars.layouts.cells import cells_of
    >>> table = cells_of(pd.DataFrame({"measure": ["wages"], "value": [10.0], "unit": ["USD"]}))
    >>> done, notes = in_euro(table, {"USD": 0.8})
    >>> done["value"].item(), done["unit"].item(), notes
    (8.0, 'EUR', ('Figures in USD are turned into EUR at 0.8.',))
    """
    there = sorted(set(cells["unit"].unique()) & set(rates))
    if not there:
        return cells, ()
    factor = cells["unit"].map({unit: float(rate) for unit, rate in rates.items()}).fillna(1.0)
    changed = cells["unit"].isin(there)
    done = cells.assign(
        value=(cells["value"] * factor).round(6).where(changed, cells["value"]),
        unit=cells["unit"].where(~changed, CURRENCY),
    )
    return done, tuple(f"Figures in {unit} are turned into {CURRENCY} at {rates[unit]:g}." for unit in there)


def rates_of(texts: Iterable[str]) -> dict[str, float]:
    """Understand rates as they are written on the command line.

    Raises
    ------
    ValueError
        For what is no currency and positive rate, such as ``USD=0.92``.

    Examples
    --------
    >>> rates_of(["USD=0.92"])
    {'USD': 0.92}
    """
    found = {}
    for text in texts:
        currency, _, rate = (part.strip() for part in text.partition("="))
        value = parse_number(rate)
        if not re.fullmatch("[A-Z]{3}", currency) or value is None or value <= 0:
            raise ValueError(f"--rate must say what a unit of a currency is in EUR, such as USD=0.92, not {text!r}")
        found[currency] = value
    return found
