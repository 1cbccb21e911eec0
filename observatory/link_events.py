"""Which events make a link: of a run's records only what can tell is read."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

import narwhals as nw
import pandas as pd

from ingest import Records
from ingest.engine import collect, distinct
from ingest.levels import all_codes, sectors_at
from ingest.records import VENDOR_LEVELS
from ingest.units import LEVELS
from linkages import counting
from linkages.items import OVERLAPPING, REGION_LEVELS, Groups, facet_items, participant_items, side

Frame = nw.LazyFrame[Any]
#: What is asked of events, participants and facets where all of an event counts.
EVENTS = ("event", "kind", "year")
PEOPLE = ("event", "participant", "role", "region", "nuts3", "share")
FACETS = ("event", "facet", "role", "naics", "share")
#: Up to so many events are named to the files.
FEW = 200


def between(records: Records, level: str, groups: Groups, one: str, two: str) -> pd.DataFrame:
    """List the events that link two different nodes: two items of each are at the two ends.

    The items of one deal are an acquirer's and a target's where sectors are linked; of all else any two items that
    are not the same one, which may stand at both ends with a share each. So :func:`linkages.counting.pairs` counts
    them, too; an event of too many items, which they leave out, is in no record of a run.

    Parameters
    ----------
    records
        The records of a run: files that have not been read.
    level, groups
        The level of the nodes, and the study's own groups there.
    one, two
        The nodes, by code.

    Returns
    -------
    DataFrame
        ``event, forth, back, met``: whether an acquirer is at the first node and a target at the second, the other
        way round, and whether two different items are at the two.

    Examples
    --------
    >>> from ingest.frames import from_frames
    >>> events = pd.DataFrame({"event": ["p", "q"], "kind": "copatent", "year": 2003})
    >>> facets = {"event": ["p", "p", "q"], "facet": ["1", "2", "1"], "naics": ["325412", "334111", "325412"]}
    >>> records = from_frames(events, pd.DataFrame(facets).assign(role="class"))
    >>> between(records, "naics3", {}, "325", "334").to_numpy().tolist()
    [['p', False, False, True]]
    """
    ends = _ends(records, level, groups, (one, two))
    left, right = (ends.filter(nw.col("node") == node).drop("node") for node in (one, two))
    both = left.join(right.select("event", item_r="item", side_r="side"), on="event")
    alike = nw.col("item") == nw.col("item_r")
    met = collect(distinct(both.with_columns(alike=alike), "event", "side", "side_r", "alike"))
    forth = (met["side"] == "acquirer") & (met["side_r"] == "target")
    back = (met["side"] == "target") & (met["side_r"] == "acquirer")
    told = met[["event"]].assign(forth=forth, back=back, met=~met["alike"].astype(bool))
    told = told.groupby("event", as_index=False, sort=True).any()
    return _without_alike(records, level, groups, (one, two), told) if level in OVERLAPPING else told


def _without_alike(
    records: Records, level: str, groups: Groups, ends: tuple[str, str], told: pd.DataFrame
) -> pd.DataFrame:
    """Leave out what only items of the same several nodes have between the two: so the networks leave it out."""
    pair = pd.DataFrame([ends, ends[::-1]], columns=["a", "b"], dtype="str")
    paired = _paired(records, level, groups, told["event"]).join(records.engine.table(pair), on=["a", "b"])
    found = collect(distinct(paired, "event", "a", "b"))
    forth = {*found.loc[found["a"] == ends[0], "event"]}
    back = {*found.loc[found["a"] == ends[1], "event"]}
    here = told[told["event"].isin(forth | back)].reset_index(drop=True)
    sided = [here[name] & here["event"].isin(events) for name, events in (("forth", forth), ("back", back))]
    return here.assign(forth=sided[0], back=sided[1])


def within(records: Records, level: str, groups: Groups, node: str) -> pd.DataFrame:
    """List the events that link a node to itself.

    Whether they do depends on all that they hold, so they are paired as the networks are.

    Parameters
    ----------
    records, level, groups
        As in :func:`between`.
    node
        The node, by code.

    Returns
    -------
    DataFrame
        ``event``, one row each, sorted.

    Examples
    --------
    >>> from ingest.frames import from_frames
    >>> events = pd.DataFrame({"event": ["p", "q"], "kind": "copatent", "year": 2003})
    >>> facets = {"event": ["p", "p", "q"], "facet": ["1", "2", "1"], "naics": ["325412", "334111", "325412"]}
    >>> records = from_frames(events, pd.DataFrame(facets).assign(role="class"))
    >>> within(records, "naics3", {}, "325")["event"].to_list()
    ['q']
    """
    ends = _ends(records, level, groups, (node,))
    paired = _paired(records, level, groups, collect(distinct(ends, "event"))["event"])
    met = paired.filter((nw.col("a") == node) & (nw.col("b") == node))
    return collect(distinct(met, "event")).sort_values("event", ignore_index=True)


def cross_sectoral(records: Records, level: str, groups: Groups, events: Collection[str]) -> set[str]:
    """Name those of some events that link two different sectors, as :func:`linkages.counting.cross_sectoral` does."""
    return {*collect(counting.cross_sectoral(_paired(records, level, groups, events)))["event"]}


def _paired(records: Records, level: str, groups: Groups, events: Collection[str]) -> Frame:
    """Pair what some events hold at a level."""
    engine = records.engine
    regional = level in REGION_LEVELS
    some = replace(records, events=engine.keep(of_events(records, records.events.select(*EVENTS), events)))
    if regional:
        people = of_events(records, records.participants.select(*PEOPLE), events)
        items = participant_items(replace(some, participants=engine.keep(people)), level, groups)
    elif level in VENDOR_LEVELS and records.classes is not None:
        items = facet_items(replace(some, classes=of_events(records, records.classes, events)), level, groups)
    else:
        facets = of_events(records, records.facets.select(*FACETS), events)
        items = facet_items(replace(some, facets=engine.keep(facets)), level, groups)
    overlapping = level in OVERLAPPING
    return counting.pairs(engine.keep(items), engine, directed_deals=not regional, parts=False, overlapping=overlapping)


def of_events(records: Records, frame: Frame, events: Collection[str]) -> Frame:
    """Keep a table's rows of some events: named to its file where they are few, so that most of it is left unread."""
    if len(events) <= FEW:
        return frame.filter(nw.col("event").is_in(list(events)))
    table = records.engine.table(pd.DataFrame({"event": list(events)}, dtype="str"))
    return frame.join(table, on="event", how="semi")


def _ends(records: Records, level: str, groups: Groups, ends: Sequence[str]) -> Frame:
    """List ``event, item, side, node`` of whatever is at one of some nodes; kept."""
    engine = records.engine
    columns = ("event", "item", "side", "node")
    if level in REGION_LEVELS and not groups and level != "nuts3":
        # A region's code begins with that of the larger one; a country outside NUTS is shorter than both.
        node = nw.col("region").str.slice(0, LEVELS[level])
        here = records.participants.with_columns(side(), node=node, item=nw.col("participant"))
        return engine.keep(here.filter(nw.col("node").is_in(list(ends))).select(*columns))
    if level in REGION_LEVELS or level in VENDOR_LEVELS:
        items = (participant_items if level in REGION_LEVELS else facet_items)(records, level, groups)
        return engine.keep(items.filter(nw.col("node").is_in(list(ends))).select(*columns))
    # Every code that there is, so that the records need not be asked which they hold.
    known = sectors_at(all_codes(), level, groups).rename(columns={"sector": "node"})
    codes = known.loc[known["node"].isin(ends), ["naics", "node"]].drop_duplicates()
    facets = records.facets.filter(nw.col("naics").is_in(codes["naics"].tolist()))
    facets = facets.select("event", "naics", side(), item="facet")
    return engine.keep(facets.join(engine.table(codes), on="naics").select(*columns))
