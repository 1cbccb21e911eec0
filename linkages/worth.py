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
#: How many of a currency a unit of it is, in the words in which units are written.
UNITS = {
    **dict.fromkeys(("k", "th", "thousand", "thousands"), 10**3),
    **dict.fromkeys(("m", "mn", "million", "millions"), 10**6),
    **dict.fromkeys(("bn", "billion", "billions"), 10**9),
}
_CODES = (
    "AED AFN ALL AMD ANG AOA ARS ATS AUD AWG AZN BAM BBD BDT BEF BGN BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD "
    "CDF CHF CLP CNY COP CRC CUP CVE CYP CZK DEM DJF DKK DOP DZD EEK EGP ERN ESP ETB EUR FIM FJD FKP FRF GBP GEL "
    "GHS GIP GMD GNF GRD GTQ GYD HKD HNL HRK HTG HUF IDR IEP ILS INR IQD IRR ISK ITL JMD JPY KES KGS KHR KMF KPW "
    "KRW KYD KZT LAK LBP LKR LRD LSL LTL LUF LVL MAD MDL MGA MKD MMK MNT MOP MRU MTL MUR MVR MWK MXN MYR MZN NAD "
    "NGN NIO NLG NOK NPR NZD PAB PEN PGK PHP PKR PLN PTE PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SIT "
    "SKK SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF "
    "XCD XOF XPF YER ZAR ZMW ZWL"
)
#: Currencies of ISO 4217, also of deals of the 1990s, of which a hundredth is the smallest coin or less than that.
PLAIN = frozenset(_CODES.split())
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
        is the part of them that has a value in the currency, of half a step or more.
    """

    events: nw.LazyFrame[Any]
    currency: str
    steps: int
    told: pd.DataFrame


def worth(records: Records, currency: str | None = None) -> Worth:
    """Read what events are worth in one currency.

    Values in another unit of the same currency are carried to its unit. A value in another currency counts as
    none, as do a blank, zero, negative or impossible one, and one that rounds to no step: no rate is applied and
    nothing imputed. A step is a hundredth of a currency of :data:`PLAIN` by itself, a millionth of any other unit (of
    one not known a hundredth too, where all values together are more than millionths of it can be added).

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
    carried_over = carried_over.select("event", "kind", value=nw.col("value") * nw.col("factor"))
    whole = float(collect(carried_over.select(whole=nw.col("value").sum()))["whole"].iloc[0])
    steps = _steps(chosen, whole)
    if whole * steps > _MOST:
        raise ValueError(
            f"all values come to {whole:.3g} {chosen or 'of a currency not named'}, more than can be added exactly: "
            "correct their unit, or give them in a larger one"
        )
    events = records.engine.keep(carried_over.filter((nw.col("value") * steps).round() > 0))
    others = found[~found["currency"].isin(list(factors))]
    return Worth(events.select("event", "value"), chosen, steps, _told(totals, _counts(events, "valued"), others))


def _steps(chosen: str, whole: float) -> int:
    """Choose in what values are added: cents of a plain currency, finer where the unit may be anything."""
    currency, unit = unit_of(chosen)
    if unit == 1 and (currency.upper() in PLAIN or whole * 10**6 > _MOST):
        return 100
    return 10**6


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
    >>> unit_of("EUR m"), unit_of("EUR Million"), unit_of("GBP k")
    (('EUR', 1000000), ('EUR', 1000000), ('GBP', 1000))
    """
    parts = re.fullmatch(rf"(.*?)\s*\b({'|'.join(UNITS)})", currency.strip(), re.IGNORECASE)
    return (parts[1], UNITS[parts[2].lower()]) if parts else (currency.strip(), 1)


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


def _told(totals: pd.DataFrame, valued: pd.DataFrame, others: pd.DataFrame) -> pd.DataFrame:
    """Say of each kind how many events have a value in the currency, in another, or none."""
    table = totals.set_index("kind")
    for name, rows in (("valued", valued), ("other_currency", others)):
        table[name] = rows.groupby("kind")["valued"].sum().reindex(table.index, fill_value=0).astype("int64")
    table["without"] = table["events"] - table["valued"] - table["other_currency"]
    table["share"] = table["valued"] / table["events"]
    order = [kind for kind in KINDS if kind in table.index]
    return table.loc[order].reset_index()
