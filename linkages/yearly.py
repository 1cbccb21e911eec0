"""Links counted once, year by year: every period, source and choice for a shared year is a sum of these."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import pandas as pd

from ingest.engine import Engine, collect
from ingest.records import KINDS
from linkages.counting import PART_UNIT, event_links
from linkages.periods import Period
from linkages.worth import Worth

LINK_KEYS = ["source", "target"]


@dataclass(frozen=True)
class Years:
    """What was counted of one level, from which its networks are summed.

    Attributes
    ----------
    links
        What :func:`by_year` returns, on the engine.
    parts, events
        What :func:`by_segment` and :func:`events_by_year` return; `events` with the ``segment`` of each year,
        -1 for a year of no period.
    counting
        ``full`` or ``fractional``.
    worth
        The value of each event, where links are weighed by value.
    """

    links: nw.LazyFrame[Any]
    parts: pd.DataFrame
    events: pd.DataFrame
    counting: str
    worth: Worth | None = None

    @property
    def unit(self) -> int:
        """How many steps of ``fixed`` make 1."""
        return self.worth.steps if self.worth else PART_UNIT


def count_years(
    pairs: nw.LazyFrame[Any], engine: Engine, parts: pd.DataFrame, counting: str = "full", worth: Worth | None = None
) -> Years:
    """Count pairs once, for all periods, sources and choices for a shared year.

    Parameters
    ----------
    pairs
        What :func:`linkages.counting.pairs` returns.
    parts
        ``year, segment``, for example what :func:`segments` returns.
    """
    links = engine.keep(by_year(pairs, counting, worth=worth))
    events = events_by_year(pairs, worth=worth).merge(parts, on="year", how="left")
    events["segment"] = events["segment"].fillna(-1).astype("int64")
    return Years(links, by_segment(links, engine, parts), events, counting, worth)


def by_year(
    pairs: nw.LazyFrame[Any], counting: str = "full", *, directed: bool = False, worth: Worth | None = None
) -> nw.LazyFrame[Any]:
    """Count the links of every year and kind of event.

    Parameters
    ----------
    pairs
        What :func:`linkages.counting.pairs` returns.
    counting
        ``full`` or ``fractional``.
    directed
        Keep acquirer → target apart from target → acquirer.
    worth
        The value of each event, where links are weighed by value; events without one are absent then.

    Returns
    -------
    LazyFrame
        ``year, kind, source, target, fixed, events``: `fixed` is the weight as a whole number of
        :data:`linkages.counting.PART_UNIT` ths of an event, or of the steps of `worth`; `events` counts events.
        The diagonal is included.

    References
    ----------
    European Cluster Trends, methodology 2014, 3.2.2 and 3.2.3: frequency counts "per year/period".
    """
    rows = event_links(pairs, counting, directed=directed, carry=("year",))
    if worth is None:
        fixed = (nw.col("one") * PART_UNIT).round().cast(nw.Int64())
    else:
        rows = rows.join(worth.events, on="event")
        steps = (nw.col("one") * nw.col("value") * worth.steps).round()
        # A part of less than a step is one: the link is there.
        fixed = nw.when(steps > 1).then(steps).otherwise(nw.lit(1.0)).cast(nw.Int64())
    return (
        rows.select("year", "kind", *LINK_KEYS, fixed=fixed)
        .group_by("year", "kind", *LINK_KEYS)
        .agg(nw.col("fixed").sum().cast(nw.Int64()), events=nw.len().cast(nw.Int64()))
    )


def events_by_year(pairs: nw.LazyFrame[Any], *, worth: Worth | None = None) -> pd.DataFrame:
    """Count the events of every year and kind, and those that link two different nodes.

    Returns
    -------
    DataFrame
        ``year, kind, events, crossing``, sorted.
    """
    crosses = nw.when(nw.col("a") != nw.col("b")).then(nw.lit(1)).otherwise(nw.lit(0))
    each = pairs.select("event", "kind", "year", crosses=crosses)
    each = each.group_by("event", "kind", "year").agg(nw.col("crosses").max())
    if worth is not None:
        each = each.join(worth.events.select("event"), on="event")
    table = collect(each.group_by("year", "kind").agg(events=nw.len(), crossing=nw.col("crosses").sum()))
    table = in_types(table, ["kind"], ["year", "events", "crossing"])
    return table.sort_values(["year", "kind"], ignore_index=True)


def segments(periods: Sequence[Period]) -> pd.DataFrame:
    """Part the years of a study by the periods that hold them: whatever is chosen, a part's years weigh the same.

    Returns
    -------
    DataFrame
        ``year, segment``: the first year of the part.

    Examples
    --------
    >>> table = segments([Period(2000, 2002), Period(2002, 2003)])
    >>> dict(zip(table["year"], table["segment"]))
    {2000: 2000, 2001: 2000, 2002: 2002, 2003: 2003}
    """
    held: dict[tuple[Period, ...], int] = {}
    rows = []
    for year in sorted({year for period in periods for year in range(period.first, period.last + 1)}):
        holders = tuple(sorted(period for period in periods if year in period))
        rows.append((year, held.setdefault(holders, year)))
    return pd.DataFrame(rows, columns=["year", "segment"]).astype("int64")


def in_types(table: pd.DataFrame, texts: Sequence[str], numbers: Sequence[str]) -> pd.DataFrame:
    """Give what an engine has counted its types, whichever engine it was.

    Examples
    --------
    >>> in_types(pd.DataFrame({"a": [1], "n": ["2"]}), ["a"], ["n"]).values.tolist()
    [['1', 2]]
    """
    columns = {column: table[column].astype(str) for column in texts}
    return table.assign(**columns, **{column: table[column].astype("int64") for column in numbers})


def by_segment(yearly: nw.LazyFrame[Any], engine: Engine, parts: pd.DataFrame) -> pd.DataFrame:
    """Sum the links of years over the parts of a study, and bring them to the driver.

    Parameters
    ----------
    yearly
        What :func:`by_year` returns.
    parts
        What :func:`segments` returns.

    Returns
    -------
    DataFrame
        ``segment, kind, source, target, fixed, events``, sorted.
    """
    keys = ["segment", "kind", *LINK_KEYS]
    summed = yearly.join(engine.table(parts), on="year").group_by(*keys)
    table = collect(summed.agg(nw.col("fixed").sum().cast(nw.Int64()), nw.col("events").sum().cast(nw.Int64())))
    table = in_types(table, ["kind", *LINK_KEYS], ["segment", "fixed", "events"])
    return table.sort_values(keys, ignore_index=True)


def in_years(parts: pd.DataFrame, weights: Mapping[int, float], source: str = "all") -> pd.DataFrame:
    """Keep the rows of a period and source, each with the weight of its years as ``year_weight``.

    Parameters
    ----------
    parts
        Rows by ``segment`` (or ``year``) and ``kind``.
    weights
        Weights of the period's years, from :func:`linkages.periods.year_weights`.

    Raises
    ------
    ValueError
        For a source that is neither a kind of event nor ``all``.
    """
    if source != "all" and source not in KINDS:
        raise ValueError(f"a source is one of {', '.join(KINDS)} or all; got {source!r}")
    year = "segment" if "segment" in parts else "year"
    kept = parts[year].isin(list(weights)) & ((source == "all") | (parts["kind"] == source))
    return parts[kept].assign(year_weight=parts.loc[kept, year].map(weights).astype(float))


def whole_steps(chosen: pd.DataFrame) -> pd.DataFrame:
    """Weigh ``fixed`` by ``year_weight`` in whole steps; whole years keep every step, as a product would not."""
    fixed = (chosen["fixed"] * chosen["year_weight"]).round().astype("int64")
    return chosen.assign(fixed=chosen["fixed"].where(chosen["year_weight"] == 1.0, fixed))


def links_of(
    parts: pd.DataFrame, weights: Mapping[int, float], source: str = "all", unit: int = PART_UNIT
) -> pd.DataFrame:
    """Sum the links of a period and source: what :func:`linkages.counting.links` gives for its events.

    Parameters
    ----------
    parts
        What :func:`by_segment` returns.
    weights, source
        As :func:`in_years` takes them.
    unit
        What ``fixed`` counts: this many make 1.

    Returns
    -------
    DataFrame
        ``source, target, weight, events``, the diagonal included, sorted.

    Examples
    --------
    >>> parts = pd.DataFrame({"segment": [2000, 2007], "kind": "deal", "source": "a", "target": "b",
    ...                       "fixed": [4, 2], "events": [2, 1]})
    >>> links_of(parts, {2000: 1.0, 2007: 0.5}, "deal", unit=2).values.tolist()
    [['a', 'b', 2.5, 3]]
    """
    chosen = whole_steps(in_years(parts, weights, source))
    summed = chosen.groupby(LINK_KEYS, as_index=False)[["fixed", "events"]].sum()
    table = summed.assign(weight=summed["fixed"].astype("float64") / unit)
    return table[[*LINK_KEYS, "weight", "events"]].astype({"source": str, "target": str, "events": "int64"})
