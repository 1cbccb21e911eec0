"""When each source begins and ends, and which new links are only as new as their source."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import narwhals as nw
import pandas as pd

from ingest.engine import collect, distinct
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
    here = collect(distinct(records.events.filter(nw.col("year").is_in(years)), "source"))
    return sorted({*spans(material)["source"].astype(str)} - {*here["source"].astype(str)})


def borne(material: Material, period: Period) -> pd.DataFrame:
    """Count the events of each sector link of a period by the source that they come from.

    Returns
    -------
    DataFrame
        ``source, target, of, events``: the ends of the link, smaller code first; the source's name in the study,
        and its events there. By the first three.
    """
    records, settings = records_of(material.run), material.settings
    pairs = counting.sector_pairs(records, settings["sector_level"], settings["groups"]["sectors"], parts=False)
    years = year_weights(period, periods_of(material), settings["shared_year"])
    found = counting.in_period(pairs, records.engine, years).filter(nw.col("a") != nw.col("b"))
    low, high = nw.min_horizontal("a", "b"), nw.max_horizontal("a", "b")
    ends = distinct(found.select("event", source=low, target=high))
    named = ends.join(records.events.select("event", of="source"), on="event")
    counted = collect(named.group_by("source", "target", "of").agg(events=nw.len()))
    return counted.astype({"events": "int64"}).sort_values(["source", "target", "of"], ignore_index=True)


def mostly_of(borne: pd.DataFrame, sources: Collection[str]) -> set[tuple[str, str]]:
    """Name the links more than half of whose events come from some sources.

    Parameters
    ----------
    borne
        What :func:`borne` returns.
    sources
        Names of sources.

    Examples
    --------
    >>> ends = {"source": ["a", "a", "b", "b"], "target": ["c"] * 4, "of": ["old", "new", "old", "new"]}
    >>> mostly_of(pd.DataFrame(ends | {"events": [1, 2, 3, 3]}), ["new"])
    {('a', 'c')}
    """
    mine = borne["events"].where(borne["of"].isin(sorted(sources)), 0)
    of = borne.assign(mine=mine).groupby(["source", "target"])[["events", "mine"]].sum()
    return {(str(low), str(high)) for low, high in of.index[2 * of["mine"] > of["events"]]}


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
        ``sources``, the names of those that an emerging or vanished link's events come from; and ``mostly``, the same
        words as ``by_source`` for a growing or declining link more than half of whose events come from such sources.
        Then the sources that begin late (``new``) and end early (``ended``).
    """
    links = material.change("sector__all").assign(by_source="", sources="", mostly="")
    if len(material.periods) < 2:
        return links, {"new": [], "ended": []}
    periods = periods_of(material)
    first, last = periods[0], periods[-1]
    sources = {"new": absent(material, first), "ended": absent(material, last)}
    for key, fresh, moved, period in (("new", "emerging", "growing", last), ("ended", "vanished", "declining", first)):
        chosen = links["class"].isin([fresh, moved])
        if not chosen.any():
            continue
        counted = borne(material, period)
        named = counted.groupby(["source", "target"])["of"].agg(list).to_dict()
        most = mostly_of(counted, sources[key])
        for place in links.index[chosen]:
            low, high = sorted((str(links.at[place, "source"]), str(links.at[place, "target"])))
            if links.at[place, "class"] == moved:
                links.loc[place, "mostly"] = f"{key} source" if (low, high) in most else ""
                continue
            of = named.get((low, high), [])
            links.loc[place, "sources"] = ", ".join(of)
            if of and set(of) <= set(sources[key]):
                links.loc[place, "by_source"] = f"{key} source"
    return links, sources
