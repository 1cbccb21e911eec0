"""What events are worth, where links are weighed by value: in one currency, nothing converted, nothing imputed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import pandas as pd

from ingest.engine import collect, distinct
from ingest.records import KINDS, Records

WEIGH = ("events", "value")
#: How many of a currency a unit of it is.
UNITS = {"": 1, "th": 10**3, "mn": 10**6, "bn": 10**9}
#: Above so many of a currency no value of one event is believed: a unit was mistaken.
LARGEST = 1e16
#: What all values together may come to, in the steps that they are added in.
_MOST = 2.0**62


@dataclass(frozen=True)
class Worth:
    """The value of each event that has one.

    Attributes
    ----------
    events
        ``event, value``: in `currency`, above 0.
    currency
        The currency and unit of all values, for example ``"USD mn"``.
    steps
        Values are added as whole numbers: this many make 1.
    told
        ``kind, events, valued, other_currency, without, share``: what becomes of the events of each kind; `share`
        is the part of them that has a value in the currency.
    """

    events: nw.LazyFrame[Any]
    currency: str
    steps: int
    told: pd.DataFrame


def worth(records: Records, currency: str | None = None) -> Worth:
    """Read what events are worth in one currency.

    Values in another unit of the same currency are carried to its unit. A value in another currency counts as
    none, as do a blank, zero, negative or impossible one: no rate is applied and nothing imputed.

    Parameters
    ----------
    records
        What :func:`ingest.read` returns.
    currency
        Such as ``"USD mn"``; when None the currency that most events are in, and of its units the one that
        most are in, of equals the first by name.

    Raises
    ------
    ValueError
        When no event has a value in the currency: says which currencies there are. When all values together are
        more than whole numbers hold: says so.

    References
    ----------
    European Cluster Trends, methodology 2014, 3.2.2: deals with "value of the deal", "strengths of the M&A
    transactions".
    """
    named = records.events.select("event", "kind", "value", currency=nw.col("currency").fill_null(""))
    amount = nw.col("value")
    written = sorted(collect(distinct(named, "currency"))["currency"].astype(str))
    units = pd.DataFrame({"currency": written, "unit": [float(unit_of(name)[1]) for name in written]})
    measured = named.join(records.engine.table(units.astype({"currency": str, "unit": "float64"})), on="currency")
    good = (amount > 0) & (amount * nw.col("unit") <= LARGEST)  # neither holds for NaN
    valued = measured.filter(~amount.is_null() & ~amount.is_nan()).filter(good)
    valued = records.engine.keep(valued.drop("unit"))
    totals = _counts(named, "events")
    found = _counts(valued, "valued", "currency")
    offers = found.groupby("currency")["valued"].sum()
    chosen = currency if currency is not None else _commonest(offers)
    factors = {name: factor for name in offers.index if (factor := carried(str(name), chosen)) is not None}
    if not factors:
        there = (
            ", ".join(f"{name or 'no currency named'} ({n:,} events)" for name, n in offers.items()) or "none at all"
        )
        raise ValueError(f"no event has a value in {chosen or 'any currency'}; values there are: {there}")
    table = pd.DataFrame({"currency": list(factors), "factor": list(factors.values())})
    table = table.astype({"currency": str, "factor": "float64"})
    carried_over = valued.join(records.engine.table(table), on="currency")
    events = records.engine.keep(carried_over.select("event", value=nw.col("value") * nw.col("factor")))
    steps = 100 if unit_of(chosen)[1] == 1 else 10**6
    whole = float(collect(events.select(whole=nw.col("value").sum()))["whole"].iloc[0])
    if whole * steps > _MOST:
        raise ValueError(
            f"all values come to {whole:.3g} {chosen or 'of a currency not named'}, more than can be added exactly: "
            "correct their unit, or give them in a larger one"
        )
    return Worth(events, chosen, steps, _told(totals, found, set(factors)))


def _commonest(offers: pd.Series[int]) -> str:
    """Choose the currency that most events are in, then its unit."""
    if offers.empty:
        return ""
    currency = offers.groupby([unit_of(str(name))[0] for name in offers.index]).sum().idxmax()
    return str(offers[[unit_of(str(name))[0] == currency for name in offers.index]].idxmax())


def unit_of(currency: str) -> tuple[str, int]:
    """Part a currency from its unit.

    Examples
    --------
    >>> unit_of("USD mn"), unit_of("EUR"), unit_of("")
    (('USD', 1000000), ('EUR', 1), ('', 1))
    """
    parts = re.fullmatch(r"(.*?)\s*\b(th|mn|bn)", currency.strip())
    return (parts[1], UNITS[parts[2]]) if parts else (currency.strip(), 1)


def carried(written: str, chosen: str) -> float | None:
    """Tell what a unit of one currency is in another unit of it; None for another currency.

    Examples
    --------
    >>> carried("USD th", "USD mn"), carried("USD mn", "USD mn"), carried("EUR mn", "USD mn")
    (0.001, 1.0, None)
    """
    (one, here), (two, there) = unit_of(written), unit_of(chosen)
    return here / there if one == two else None


def _counts(frame: nw.LazyFrame[Any], name: str, *more: str) -> pd.DataFrame:
    keys = ["kind", *more]
    table = collect(frame.group_by(*keys).agg(number=nw.len())).rename(columns={"number": name})
    return table.astype({**dict.fromkeys(keys, str), name: "int64"}).sort_values(keys, ignore_index=True)


def _told(totals: pd.DataFrame, found: pd.DataFrame, taken: set[str]) -> pd.DataFrame:
    """Say of each kind how many events have a value in the currency, in another, or none."""
    here = found["currency"].isin(taken)
    table = totals.set_index("kind")
    for name, rows in (("valued", found[here]), ("other_currency", found[~here])):
        table[name] = rows.groupby("kind")["valued"].sum().reindex(table.index, fill_value=0).astype("int64")
    table["without"] = table["events"] - table["valued"] - table["other_currency"]
    table["share"] = table["valued"] / table["events"]
    order = [kind for kind in KINDS if kind in table.index]
    return table.loc[order].reset_index()
