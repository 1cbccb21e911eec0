"""What changed between the periods: spaces, links, and sectors that came or went."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pandas as pd

from communities.stability import CORE
from ingest.engine import records_of
from observatory.figures.alluvial import alluvial
from observatory.material import Material
from observatory.report import shared_year
from observatory.report.lines import line_names, lines_of
from observatory.report.pictures import Picture, picture
from observatory.report.spaces import tag
from observatory.report.wording import (
    counted,
    figure,
    fine,
    grown,
    listed,
    number,
    percent,
    plain,
    signed,
    small,
    years,
)

CLASSES = {
    "growing": "Growing: a larger share of all events than before, surely",
    "emerging": "Emerging: none before",
    "declining": "Declining: a smaller share of all events than before, surely",
    "vanished": "Vanished: none since",
    "steady": "Steady: no sure change",
}
#: What may become of spaces, beside going on.
TOLD = {"split": "came out of another", "merged": "went into another", "born": "was born", "died": "died"}
#: How many links of each class are listed on the page.
LISTED = 8
#: Events of both periods together from which a sector's or region's growth is told on the page.
ENOUGH = 10


def changed(material: Material) -> dict[str, Any]:
    """Gather the section of what changed, for its template; empty lists for a single period."""
    links, sources = material.compared
    labels = _labels(material)
    return {
        "shared": shared_year.told(material),
        "new_sources": told_by_source(links, sources),
        "events": [_events(material, one, other) for one, other in pairwise(material.periods)],
        "pictures": [_flows(material, one, other) for one, other in pairwise(material.periods)],
        "first": years(material.periods[0]),
        "last": years(material.last),
        "single": len(material.periods) < 2,
        "counts": [(CLASSES[name].partition(":")[0], number((links["class"] == name).sum())) for name in CLASSES],
        "classes": [(CLASSES[name], _rows(links, name, labels)) for name in CLASSES if name != "steady"],
        "areas": {kind: _areas(material, kind) for kind in ("sector", "region")},
        "born": _names(_linked(material, material.last) - _linked(material, material.periods[0]), labels),
        "gone": _names(_linked(material, material.periods[0]) - _linked(material, material.last), labels),
    }


#: Class → the source that may be behind it, alone; and for the most part.
BY_SOURCE = {"emerging": "new", "vanished": "ended"}
MOSTLY = {"growing": "new", "declining": "ended"}


def told_by_source(links: pd.DataFrame, sources: dict[str, list[str]]) -> list[str]:
    """Say how many links appear or go with their source: what is new is the source then, not the link.

    Examples
    --------
    >>> links = pd.DataFrame({"class": ["emerging"] * 3, "by_source": ["new source", "new source", ""]})
    >>> links = links.assign(mostly="", n1=0, n2=[50, 40, 10])
    >>> told_by_source(links, {"new": ["projects"], "ended": []})
    ['2 of 3 emerging links, with 90 of their 100 events, come from projects alone, which has no event in the first \
period: the source is new, not the link.']
    >>> links = links.assign(**{"class": "growing", "by_source": "", "mostly": ["new source", "", ""]})
    >>> told_by_source(links, {"new": ["projects"], "ended": []})
    ['1 of 3 growing links has most of its events from projects, which has no event in the first period: there too \
the source is new.']
    """
    told = []
    for name, key in BY_SOURCE.items():
        of = links[links["class"] == name]
        mine = int((of["by_source"] != "").sum())
        if mine:
            verb = "has" if len(sources[key]) == 1 else "have"
            when, end, n = ("first", "is new", "n2") if key == "new" else ("last", "has ended", "n1")
            events = f"{number(of.loc[of['by_source'] != '', n].sum())} of their {number(of[n].sum())} events"
            told.append(
                f"{mine:,} of {len(of):,} {name} links, with {events}, come from {listed(sources[key])} alone, which "
                f"{verb} no event in the {when} period: the source {end}, not the link."
            )
    for name, key in MOSTLY.items():
        of = links[links["class"] == name]
        mine = int((of["mostly"] != "").sum())
        if mine:
            verb, its = ("has", "its") if mine == 1 else ("have", "their")
            none = "has" if len(sources[key]) == 1 else "have"
            when, end = ("first", "is new") if key == "new" else ("last", "has ended")
            told.append(
                f"{mine:,} of {counted(len(of), f'{name} link')} {verb} most of {its} events from "
                f"{listed(sources[key])}, which {none} no event in the {when} period: there too the source {end}."
            )
    return told


def _areas(material: Material, kind: str) -> list[list[str]]:
    """List the sectors or regions whose share rises most, those with enough events for a rate."""
    table = material.trend("trends/areas")
    if table.empty:
        return []
    here = table[(table["kind"] == kind) & (table["of"] == "all") & (table["log_odds"] > 0)]
    here = here[(here["n1"] + here["n2"] >= ENOUGH)].sort_values(["rank", "node"]).head(LISTED)
    return [
        [
            str(row["label"]),
            figure(row["n1"]),
            figure(row["n2"]),
            grown(row["growth"]),
            fine(row["share1"]),
            fine(row["share2"]),
            signed(row["log_odds"]),
            f"{signed(row['low'])} to {signed(row['high'])}",
            small(row["q"]),
            str(row["class"]),
        ]
        for row in records_of(here)
    ]


def _events(material: Material, one: str, other: str) -> dict[str, Any]:
    """Say what became of the spaces of a period: how many of each event, and a line for each but those that went on."""
    events = _of_pair(material.matched("spaces"), one, other)
    count = {event: int((events["event"] == event).sum()) for event in (*TOLD, "continued")}
    said = [f"{count[event]} {words}" for event, words in TOLD.items() if count[event]]
    tags = {
        (side, str(space["id"])): tag(material, space)
        for side, period in (("from", one), ("to", other))
        for space in material.spaces(f"sector__all__{period}")
    }
    rows = [row for event in TOLD for row in records_of(events[events["event"] == event])]
    return {
        "counts": f"From {years(one)} to {years(other)}, {counted(count['continued'], 'space')} continued; "
        f"{listed(said) or 'none split, merged, was born or died'}.",
        "told": [_told(row, tags) for row in rows],
    }


def _told(row: dict[str, Any], tags: dict[tuple[str, str], str]) -> str:
    """Say one event, with the part of its members that is sure where that is known."""
    start, end = (
        f"{tags[side, str(row[side])]} ({plain(str(row[f'{side}_name']))})" if not pd.isna(row[side]) else ""
        for side in ("from", "to")
    )
    members, share = counted(int(row["members"]), "sector"), percent(row["share"])
    said = {
        "split": f"Split: space {end} came out of space {start}; {members}, {share} of its members, were there",
        "merged": f"Merged: space {start} went into space {end}; {members}, {share} of its members, are there",
        "born": f"Born: space {end}, {members}; no more than half of it comes from any one space",
        "died": f"Died: space {start}, {members}; no more than half of it is in any one space",
    }[str(row["event"])]
    if pd.isna(row["stable"]):
        return f"{said}."
    return f"{said}. {'All' if row['stable'] == 1 else percent(row['stable'])} of these are stable."


def _of_pair(table: pd.DataFrame, one: str, other: str) -> pd.DataFrame:
    return table[(table["since"] == one) & (table["period"] == other)]


def _unsure(material: Material, one: str, other: str) -> list[str] | None:
    """List the sectors that do not stay with their space in the resamplings; None where nothing was resampled."""
    going = _of_pair(material.matched("members"), one, other)
    known = going[going["stable"].notna()]
    return sorted(known.loc[~known["stable"].astype(bool), "node"].astype(str)) if len(known) else None


def _flows(material: Material, one: str, other: str) -> Picture:
    first, last = f"sector__all__{one}", f"sector__all__{other}"
    unsure = _unsure(material, one, other)
    pale = f". Pale: sectors that stay with their space in under {percent(CORE)} of the resamplings" if unsure else ""
    chart = alluvial(
        lines_of(material, first),
        lines_of(material, last),
        _labels(material),
        title=f"Where the sectors of {years(one)} are in {years(other)}",
        subtitle=f"bands: sectors (number) that go from one space to another; all sources{pale}",
        source=f"{material.run.manifest['title']}: {first}, {last}.",
        periods=(years(one), years(other)),
        names=(line_names(material, [first], 1), line_names(material, [last], 1)),
        unsure=unsure,
    )
    return picture(f"flows-{other}", chart)


def _labels(material: Material) -> dict[str, str]:
    labels: dict[str, str] = {}
    for period in material.periods:
        nodes = material.nodes(f"sector__all__{period}")
        labels |= dict(zip(nodes["node"].astype(str), nodes["label"].astype(str), strict=True))
    return labels


def _linked(material: Material, period: str) -> set[str]:
    links = material.links(f"sector__all__{period}")
    return {str(node) for node in [*links["source"], *links["target"]]}


def _names(nodes: set[str], labels: dict[str, str]) -> list[str]:
    return [f"{labels.get(node, node)} ({node})" for node in sorted(nodes)]


def _rows(links: pd.DataFrame, name: str, labels: dict[str, str]) -> list[list[str]]:
    """List the surest links of a class, those with most events first where equally sure, and what of their source."""
    part = links[links["class"] == name]
    part = part.assign(most=part[["n1", "n2"]].max(axis=1))
    ordered = part.sort_values(["p", "most", "source", "target"], ascending=[True, False, True, True])
    told = name in BY_SOURCE
    return [
        [
            " – ".join(labels.get(str(row[end]), str(row[end])) for end in ("source", "target")),
            number(row["n1"]),
            number(row["n2"]),
            signed(row["log_odds"]),
            f"{signed(row['low'])} to {signed(row['high'])}",
            small(row["q"]),
            *(
                [f"{row['sources']} ({row['by_source'].split()[0]})" if row["by_source"] else row["sources"]]
                if told
                else []
            ),
        ]
        for row in records_of(ordered.head(LISTED))
    ]
