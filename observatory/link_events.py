"""Which events make a link: of a run's records only what can tell is read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import narwhals as nw

from ingest.engine import collect, distinct
from ingest.levels import all_codes, sector_shares
from ingest.records import VENDOR_LEVELS
from linkages.items import OVERLAPPING, REGION_LEVELS, Groups, facet_items, participant_items
from observatory.held import Held, fetched

if TYPE_CHECKING:
    from ingest.records import Records

Frame = nw.LazyFrame[Any]
#: What is asked of events, participants and facets where all of an event counts.
EVENTS = ("event", "kind", "year")
PEOPLE = ("event", "participant", "role", "region", "nuts3", "share")
FACETS = ("event", "facet", "role", "naics", "share")
#: Up to so many events are named to the files.
FEW = 300


def between(held: Held, level: str, groups: Groups, one: str, two: str) -> list[tuple[str, bool, bool, bool]]:
    """List the events that link two different nodes: two items of each are at the two ends.

    The items of one deal are an acquirer's and a target's where sectors are linked; of all else any two items that
    are not the same one, which may stand at both ends with a share each. So :func:`linkages.counting.pairs` counts
    them, too; an event of too many items, which they leave out, is in no record of a run.

    Parameters
    ----------
    held
        The records of a run: files that have not been read.
    level, groups
        The level of the nodes, and the study's own groups there.
    one, two
        The nodes, by code.

    Returns
    -------
    list of tuple
        The event; whether an acquirer is at the first node and a target at the second; the other way round; whether
        two different items are at the two. By event.

    Examples
    --------
    >>> import pandas as pd
    >>> from ingest.frames import from_frames
    >>> from observatory.held import held_by
    >>> events = pd.DataFrame({"event": ["p", "q"], "kind": "copatent", "year": 2003})
    >>> facets = {"event": ["p", "p", "q"], "facet": ["1", "2", "1"], "naics": ["325412", "334111", "325412"]}
    >>> records = from_frames(events, pd.DataFrame(facets).assign(role="class"))
    >>> between(held_by(records), "naics3", {}, "325", "334")
    [('p', False, False, True)]
    """
    acquirer, target = nw.col("role") == "acquirer", nw.col("role") == "target"
    ends = _ends(held, level, groups, one, two)
    both = ends.group_by("event").agg(one=nw.col("one").any(), two=nw.col("two").any())
    events = [event for (event,) in fetched(both.filter(nw.col("one") & nw.col("two")).select("event"))]
    ends = of_events(held, ends, events).with_columns(
        **{f"buys_{end}": nw.col(end) & acquirer for end in ("one", "two")},
        **{f"sold_{end}": nw.col(end) & target for end in ("one", "two")},
    )
    any_of = ("buys_one", "buys_two", "sold_one", "sold_two")
    told = ends.group_by("event").agg(
        least=nw.col("item").min(), most=nw.col("item").max(), **{name: nw.col(name).any() for name in any_of}
    )
    # Where both ends are held, two items at all are two at the two: a second one is at this end or at that.
    told = told.select(
        "event",
        forth=nw.col("buys_one") & nw.col("sold_two"),
        back=nw.col("buys_two") & nw.col("sold_one"),
        met=nw.col("least") != nw.col("most"),
    )
    found = sorted((event, bool(forth), bool(back), bool(met)) for event, forth, back, met in fetched(told))
    return _without_alike(held, level, groups, (one, two), found) if level in OVERLAPPING else found


def _without_alike(
    held: Held, level: str, groups: Groups, ends: tuple[str, str], told: Sequence[tuple[str, bool, bool, bool]]
) -> list[tuple[str, bool, bool, bool]]:
    """Leave out what only items of the same several nodes have between the two: so the networks leave it out."""
    paired = _paired(held, level, groups, [event for event, *_ in told])
    met = paired.filter(nw.col("a").is_in(list(ends)) & nw.col("b").is_in(list(ends)))
    found = {*fetched(distinct(met, "event", "a", "b"))}
    linked = [(row, ((row[0], *ends) in found), ((row[0], *ends[::-1]) in found)) for row in told]
    return [
        (event, forth and here, back and there, met)
        for (event, forth, back, met), here, there in linked
        if here or there
    ]


def within(held: Held, level: str, groups: Groups, node: str) -> list[str]:
    """List the events that link a node to itself.

    Whether they do depends on all that they hold, so they are paired as the networks are.

    Parameters
    ----------
    held, level, groups
        As in :func:`between`.
    node
        The node, by code.

    Returns
    -------
    list of str
        Each event once, sorted.

    Examples
    --------
    >>> import pandas as pd
    >>> from ingest.frames import from_frames
    >>> from observatory.held import held_by
    >>> events = pd.DataFrame({"event": ["p", "q"], "kind": "copatent", "year": 2003})
    >>> facets = {"event": ["p", "p", "q"], "facet": ["1", "2", "1"], "naics": ["325412", "334111", "325412"]}
    >>> records = from_frames(events, pd.DataFrame(facets).assign(role="class"))
    >>> within(held_by(records), "naics3", {}, "325")
    ['q']
    """
    here = _ends(held, level, groups, node, node).filter(nw.col("one"))
    paired = _paired(held, level, groups, [event for (event,) in fetched(distinct(here, "event"))])
    met = paired.filter((nw.col("a") == node) & (nw.col("b") == node))
    return sorted(event for (event,) in fetched(distinct(met, "event")))


def cross_sectoral(held: Held, level: str, groups: Groups, kinds: Mapping[str, str]) -> set[str]:
    """Name those of some events that link two different sectors, as :func:`linkages.counting.cross_sectoral` does.

    Parameters
    ----------
    held, level, groups
        As in :func:`between`; a level of sectors.
    kinds
        Event → kind of event.
    """
    if level in OVERLAPPING or level in VENDOR_LEVELS:
        from linkages import counting

        return {*collect(counting.cross_sectoral(_paired(held, level, groups, [*kinds])))["event"]}
    nodes = defaultdict(set)
    for code, sector, _ in sector_shares(all_codes(), level, groups):
        nodes[code].add(sector)
    sectors, ends = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
    for event, facet, role, code in fetched(of_events(held, held.facets.select(*FACETS[:4]), [*kinds])):
        # A deal joins an acquirer with a target, all else two different items.
        end = facet if kinds[event] != "deal" else role if role in ("acquirer", "target") else None
        if end is not None and code in nodes:
            sectors[event] |= nodes[code]
            ends[event].add(end)
    return {event for event, found in sectors.items() if len(found) > 1 and len(ends[event]) > 1}


def _paired(held: Held, level: str, groups: Groups, events: Collection[str]) -> Frame:
    """Pair what some events hold at a level."""
    from linkages import counting

    records, regional = held.whole(), level in REGION_LEVELS
    engine = records.engine
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


def of_events(held: Held | Records, frame: Frame, events: Collection[str]) -> Frame:
    """Keep a table's rows of some events: named to its file where they are few, so that most of it is left unread."""
    if len(events) <= FEW:
        return frame.filter(nw.col("event").is_in(list(events)))
    return frame.join(held.engine.texts("event", events), on="event", how="semi")


def _ends(held: Held, level: str, groups: Groups, one: str, two: str) -> Frame:
    """List ``event, item, role, one, two`` of whatever is at one of two nodes: whether it is at this, at that."""
    columns = ("event", "item", "role", "one", "two")
    if level in REGION_LEVELS and not groups and level != "nuts3":
        # A region's code begins with that of the larger one; a country outside NUTS is shorter than both.
        region = nw.col("region")
        node = region if level == "nuts2" else region.str.slice(0, 2 + REGION_LEVELS.index(level))
        here = held.participants.filter(node.is_in([one, two]))
        return here.with_columns(item=nw.col("participant"), one=node == one, two=node == two).select(*columns)
    if level in REGION_LEVELS or level in VENDOR_LEVELS:
        items = (participant_items if level in REGION_LEVELS else facet_items)(held.whole(), level, groups)
        items = held.whole().engine.keep(items)
        here = items.filter(nw.col("node").is_in([one, two]))
        return here.select("event", "item", role="side", one=nw.col("node") == one, two=nw.col("node") == two)
    # Every code that there is, so that the records need not be asked which they hold.
    codes: dict[str, list[str]] = {one: [], two: []}
    for code, sector, _ in sector_shares(all_codes(), level, groups):
        if sector in codes:
            codes[sector].append(code)
    naics = nw.col("naics")
    here = held.facets.filter(naics.is_in(codes[one] + codes[two])).with_columns(item=nw.col("facet"))
    return here.with_columns(one=naics.is_in(codes[one]), two=naics.is_in(codes[two])).select(*columns)
