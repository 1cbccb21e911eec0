"""The events behind links: of one link when asked, of many links at once for a site."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

import pandas as pd

from observatory.explorer.holdings import FOLDERS, Holdings, why_path
from observatory.explorer.paths import safe
from observatory.explorer.payload import Payload
from observatory.why import events_behind, events_behind_links

#: Events that JSON holds; CSV and Parquet hold all.
MOST = 2_000
#: Links of each network of all sources whose events a site holds.
HEAVIEST = 200
METHOD = "Events that hold both ends, as “Methods and downloads” tells. File and row say where an event was read."


def linked(holdings: Holdings) -> set[tuple[str, str]]:
    """List every pair of nodes that some network links, in order of the alphabet."""
    return {pair for pairs in by_network(holdings, None).values() for pair in pairs}


def by_network(holdings: Holdings, heaviest: int | None) -> Mapping[str, list[tuple[str, str]]]:
    """List the pairs that each network links, the heaviest first; all of them where no number is given."""
    found = {}
    for network in filter(holdings.is_plain, holdings.networks):
        links = holdings.links(network).head(heaviest) if heaviest is not None else holdings.links(network)
        found[network] = [(min(a, b), max(a, b)) for a, b in zip(links["a"], links["b"], strict=True)]
    return found


def heaviest(holdings: Holdings, number: int = HEAVIEST) -> list[tuple[str, str]]:
    """List the pairs whose events a site holds: the heaviest of each network of all sources."""
    found = by_network(holdings, number)
    return sorted({pair for network, pairs in found.items() if network.split("__")[1] == "all" for pair in pairs})


def index(holdings: Holdings, number: int = HEAVIEST) -> Payload:
    """Say which links a site tells the events of."""
    pairs = heaviest(holdings, number) if _told(holdings) else []
    level = {code: kind for kind in reversed(FOLDERS) for code in holdings.labels[kind]}
    rows = [
        {
            "level": level[a],
            "a": a,
            "a_label": holdings.labels[level[a]].get(a, a),
            "b": b,
            "b_label": holdings.labels[level[a]].get(b, b),
            "path": why_path(a, b),
        }
        for a, b in pairs
    ]
    return Payload(
        what="Links whose events are at hand in a site; a server tells those of any link.",
        method=f"The {number} heaviest links of each network of all sources.",
        source=f"{holdings.title}: networks/, records/",
        fields={"served": "any two linked nodes", "heaviest": number},
        tables={"links": pd.DataFrame(rows, columns=["level", "a", "a_label", "b", "b_label", "path"])},
    )


def _told(holdings: Holdings) -> bool:
    return bool(holdings.run.names("records/events.parquet"))


def why(holdings: Holdings, a: str, b: str) -> Payload:
    """List the events behind the link of two nodes, the newest first.

    Raises
    ------
    BadInput
        Where the run holds no records, or no network knows one of the two.
    """
    return _payload(holdings, a, b, events_behind(holdings.run, a, b))


def every_why(holdings: Holdings, pairs: Collection[tuple[str, str]]) -> Iterator[tuple[tuple[str, str], Payload]]:
    """Give the payloads of many links, all events being read once."""
    for level, names in holdings.labels.items():
        here = [(a, b) for a, b in pairs if a in names and b in names and _level(holdings, a, b) == level]
        for (a, b), events in (events_behind_links(holdings.run, level, here) if here else {}).items():
            yield (a, b), _payload(holdings, a, b, events)


def _level(holdings: Holdings, a: str, b: str) -> str:
    return next((kind for kind, names in holdings.labels.items() if a in names and b in names), "sector")


def _payload(holdings: Holdings, a: str, b: str, events: pd.DataFrame) -> Payload:
    level = _level(holdings, a, b)
    names = holdings.labels[level]
    ordered = _newest_first(events).rename(columns={"kind": "source"})
    return Payload(
        what=f"The events that link {names.get(a, a)} and {names.get(b, b)}, the newest first.",
        method=METHOD,
        unit="events",
        source=f"{holdings.title}: records/",
        fields={
            "level": level,
            "a": a,
            "a_label": names.get(a, a),
            "a_path": f"{FOLDERS[level]}/{safe(a)}",
            "b": b,
            "b_label": names.get(b, b),
            "b_path": f"{FOLDERS[level]}/{safe(b)}",
            "periods": holdings.material.periods,
        },
        tables={"events": ordered, "counts": _counts(holdings, events)},
        most=MOST,
        ends=FOLDERS[level],
    )


def _newest_first(events: pd.DataFrame) -> pd.DataFrame:
    """Order events by date; those that only their year is known of are the last of it.

    Examples
    --------
    >>> events = pd.DataFrame({"event": list("uvw"), "year": 2003, "date": ["2003-02-01", None, "2003-11-30"],
    ...                        "a": "1", "b": "2"})
    >>> _newest_first(events)["event"].to_list()
    ['w', 'u', 'v']
    """
    return events.sort_values(
        ["year", "date", "event", "a", "b"],
        ascending=[False, False, True, True, True],
        ignore_index=True,
        na_position="last",
    )


def _counts(holdings: Holdings, events: pd.DataFrame) -> pd.DataFrame:
    """Count the events by period, those of a shared year in both, and kind; an event once whatever its ends."""
    once = events.drop_duplicates("event")
    rows = []
    for period in holdings.material.periods:
        first, _, last = period.partition("-")
        here = once[once["year"].between(int(first), int(last))]
        for source in holdings.sources:
            of = here if source == "all" else here[here["kind"] == source]
            rows.append({"period": period, "source": source, "events": len(of)})
    return pd.DataFrame(rows, columns=["period", "source", "events"])
