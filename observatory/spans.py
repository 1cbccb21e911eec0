"""When each source begins and ends, and which new links are only as new as their source."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import narwhals as nw
import pandas as pd

from ingest import Records
from ingest.engine import collect
from linkages import counting
from linkages.periods import Period, year_weights
from observatory.why import records_of

if TYPE_CHECKING:
    from observatory.material import Material

COLUMNS = ["source", "kind", "first", "last", "events"]


def spans(material: Material) -> pd.DataFrame:
    """Say for each source of the study which years its events have.

    Returns
    -------
    DataFrame
        ``source, kind, first, last, events``: the source's name in the study, its kind of event, the years of its
        first and last event, and how many there are. By source and kind.
    """
    events = records_of(material.run).events
    told = events.group_by("source", "kind").agg(first=nw.col("year").min(), last=nw.col("year").max(), events=nw.len())
    return collect(told)[COLUMNS].sort_values(["source", "kind"], ignore_index=True)


def periods_of(material: Material) -> list[Period]:
    """Give the study's periods, in order."""
    return [Period.of(years) for years in sorted(material.settings["periods"])]


def absent(material: Material, period: Period) -> list[str]:
    """Name the sources that have no event in a period; what they link in another is no sign of change.

    A source that has events in the study at all, but none in the years that count in this period.
    """
    years = sorted(year_weights(period, periods_of(material), material.settings["shared_year"]))
    records = records_of(material.run)
    here = collect(records.events.filter(nw.col("year").is_in(years)).select("source").unique())
    return sorted({*spans(material)["source"].astype(str)} - {*here["source"].astype(str)})


def borne_by(material: Material, sources: Iterable[str], period: Period) -> pd.DataFrame:
    """Count the events of each sector link of a period that come from some sources.

    Parameters
    ----------
    material
        The run.
    sources
        Names of sources of the study.
    period
        The period.

    Returns
    -------
    DataFrame
        ``source, target, borne``: the ends of the link, smaller code first, and the events.
    """
    records, settings = records_of(material.run), material.settings
    some = _of(records, list(sources))
    pairs = counting.sector_pairs(some, settings["sector_level"], settings["groups"]["sectors"])
    years = year_weights(period, periods_of(material), settings["shared_year"])
    found = counting.in_period(pairs, some.engine, years).filter(nw.col("a") != nw.col("b"))
    table = collect(found.select("event", "a", "b").unique())
    ends = table[["a", "b"]].astype(str)
    table = table.assign(source=ends.min(axis=1), target=ends.max(axis=1)).drop_duplicates(
        ["event", "source", "target"]
    )
    counted = table.groupby(["source", "target"]).size().rename("borne").reset_index()
    return counted.sort_values(["source", "target"], ignore_index=True)


def _of(records: Records, sources: list[str]) -> Records:
    """Keep the records of some sources."""
    engine = records.engine
    events = engine.keep(records.events.filter(nw.col("source").is_in(sources)))
    ids = events.select("event")

    def kept(frame: Any) -> Any:
        return engine.keep(frame.join(ids, on="event", how="semi"))

    return replace(
        records,
        events=events,
        participants=kept(records.participants),
        facets=kept(records.facets),
        classes=None if records.classes is None else kept(records.classes),
    )


def one_sided(material: Material) -> tuple[pd.DataFrame, dict[str, list[str]]]:
    """Mark the compared links that appear or go because a source begins or ends, not for what the links do.

    Parameters
    ----------
    material
        The run.

    Returns
    -------
    tuple
        The sector links of the first and the last period compared, with ``by_source``: ``new source`` for an
        emerging link all of whose events come from sources without an event in the first period, ``ended source``
        for a vanished link all of whose events come from sources without one in the last, empty for all others; and
        the sources that begin late (``new``) and end early (``ended``).
    """
    links = material.change("sector__all").assign(by_source="")
    if len(material.periods) < 2:
        return links, {"new": [], "ended": []}
    periods = periods_of(material)
    first, last = periods[0], periods[-1]
    sources = {"new": absent(material, first), "ended": absent(material, last)}
    for key, name, period, events in (("new", "emerging", last, "n2"), ("ended", "vanished", first, "n1")):
        if not sources[key] or not (links["class"] == name).any():
            continue
        borne = borne_by(material, sources[key], period)
        keys = [f"{row.source} {row.target}" for row in borne.itertuples()]
        count = dict(zip(keys, borne["borne"], strict=True))
        ends = links[["source", "target"]].astype(str)
        known = [count.get(f"{min(pair)} {max(pair)}", 0) for pair in ends.itertuples(index=False)]
        whole = (links["class"] == name) & (pd.Series(known, index=links.index) >= links[events])
        links.loc[whole, "by_source"] = f"{key} source"
    return links, sources
