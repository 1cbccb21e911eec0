"""The events behind a link: why two sectors, or two regions, are joined."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from ingest.engine import DuckDB, distinct
from ingest.faults import BadInput, Fault
from linkages.items import OVERLAPPING, REGION_LEVELS, facet_items, participant_items
from linkages.periods import Period, year_weights
from observatory.ends import resolved
from observatory.held import Held, fetched, held_by, held_of, records_of
from observatory.link_events import between, cross_sectoral, of_events, within

if TYPE_CHECKING:
    import pandas as pd

    from observatory.store import Run

__all__ = ["COLUMNS", "behind", "events_behind", "events_behind_links", "records_of"]

#: What an answer tells of events and of their participants.
EVENTS = ("event", "kind", "year", "date", "file", "row")
PEOPLE = ("event", "role", "name", "region")
COLUMNS = ["event", "kind", "year", "date", "a", "b", "participants", "file", "row"]
#: An event and the two ends of its link, in order.
Link = tuple[str, str, str]
#: An event's cells of COLUMNS.
Row = tuple[Any, ...]


def events_behind(run: Run, a: str, b: str, period: str | None = None) -> pd.DataFrame:
    """List the events that link two sectors or two regions of a run.

    Parameters
    ----------
    run
        An opened run folder.
    a, b
        Codes or names, as in the run's networks, words of a name, or a town of a region; the same twice for what lies
        within.
    period
        Label of a period; all years of the study when None.

    Returns
    -------
    DataFrame
        ``event, kind, year, date, a, b, participants, file, row``, by year and event. Of a study that weighs by value
        the events that have none are left out, as they are of its links.

    Raises
    ------
    BadInput
        For a code or name that no network holds, or that means several, and for a period that the study does not have.
    """
    return _table(behind(run, a, b, period))


def behind(run: Run, a: str, b: str, period: str | None = None) -> list[Row]:
    """Give the rows of :func:`events_behind`, without a table: the command line need not wait for pandas."""
    engine = DuckDB()
    level, (one, two) = resolved(run, a, b, engine)
    held = held_of(run, engine)
    settings = run.manifest["settings"]
    years = _years(run, period)
    regional = level in REGION_LEVELS
    groups = settings["groups"]["regions" if regional else "sectors"]
    # Only what can tell is read, of the events that can be behind the link: the answer takes a moment on any study.
    if one == two:
        links = {event: [(event, one, one)] for event in within(held, level, groups, one)}
        told = _told(held, links)
    else:
        found = {row[0]: row[1:] for row in between(held, level, groups, one, two)}
        told = _told(held, found)
        links = {event: _directed(event, told[event][1], one, two, *found[event], not regional) for event in told}
    told = {event: row for event, row in told.items() if row[2] in years and links[event]}
    told = _weighing(run, held, told)
    if regional:
        told = _crossing(run, held, told)
    return _listed(held, told, [link for event in told for link in links[event]])


def _told(held: Held, events: Collection[str]) -> dict[str, Row]:
    """Bring what the records say of some events: their cells of EVENTS."""
    return {row[0]: row for row in fetched(of_events(held, held.events.select(*EVENTS), events))}


def _weighing(run: Run, held: Held, told: dict[str, Row]) -> dict[str, Row]:
    """Keep the events that links weigh something for: where they are weighed by value, those that have one."""
    settings = run.manifest["settings"]
    if settings["weigh"] != "value" or not told:
        return told
    from linkages.worth import worth

    valued = worth(held.whole(), settings["currency"]).events
    here = {event for (event,) in fetched(of_events(held.whole(), valued, told).select("event"))}
    return {event: row for event, row in told.items() if event in here}


def _crossing(run: Run, held: Held, told: dict[str, Row]) -> dict[str, Row]:
    """Keep the events that link two sectors: regions are linked by no other."""
    settings = run.manifest["settings"]
    kinds = {event: row[1] for event, row in told.items()}
    here = cross_sectoral(held, settings["sector_level"], settings["groups"]["sectors"], kinds)
    return {event: row for event, row in told.items() if event in here}


def _directed(event: str, kind: str, one: str, two: str, forth: bool, back: bool, met: bool, deals: bool) -> list[Link]:
    """Write the ends of an event's links: of deals the acquirer's first where `deals`, else in order."""
    if kind == "deal" and deals:
        return [(event, one, two)] * forth + [(event, two, one)] * back
    return [(event, min(one, two), max(one, two))] if met else []


def events_behind_links(run: Run, kind: str, links: Collection[tuple[str, str]]) -> dict[tuple[str, str], pd.DataFrame]:
    """List the events behind many links at once, all events being paired only one time.

    Parameters
    ----------
    run
        An opened run folder.
    kind
        ``sector`` or ``region``.
    links
        Pairs of codes, the smaller first.

    Returns
    -------
    dict
        A table as :func:`events_behind` gives it for each link, empty ones too.
    """
    import pandas as pd

    from linkages import counting

    settings = run.manifest["settings"]
    level, groups = settings[f"{kind}_level"], settings["groups"][f"{kind}s"]
    records = records_of(run)
    held, sectoral = held_by(records), kind == "sector"
    items = (facet_items if sectoral else participant_items)(records, level, groups)
    items, overlapping = records.engine.keep(items), level in OVERLAPPING
    paired = counting.pairs(items, records.engine, directed_deals=sectoral, parts=False, overlapping=overlapping)
    both = pd.DataFrame([pair for a, b in links for pair in {(a, b), (b, a)}], columns=["a", "b"], dtype="str")
    wanted = paired.join(records.engine.table(both), on=["a", "b"], how="semi")
    chosen = counting.in_period(wanted, records.engine, _years(run, None))
    found = fetched(distinct(chosen, "event", "a", "b"))
    told = _told(held, {event for event, _, _ in found})
    if not sectoral:
        told = _crossing(run, held, told)
    told = _weighing(run, held, told)
    behind_each = defaultdict[tuple[str, str], list[Row]](list)
    for row in _listed(held, told, [link for link in found if link[0] in told]):
        behind_each[min(row[4], row[5]), max(row[4], row[5])].append(row)
    return {link: _table(behind_each[link]) for link in links}


def _years(run: Run, period: str | None) -> dict[int, float]:
    settings = run.manifest["settings"]
    spans = sorted(Period.of(years) for years in settings["periods"])
    chosen = [span for span in spans if period is None or str(span) == period]
    if not chosen:
        expected = ", ".join(str(span) for span in spans)
        raise BadInput(Fault(str(run.folder), None, str(period), f"one of {expected}", "name one of these"))
    return {year: 1.0 for span in chosen for year in year_weights(span, spans, settings["shared_year"])}


def _listed(held: Held, told: dict[str, Row], links: Iterable[Link]) -> list[Row]:
    """Put events and the participants of each, in words, into rows of COLUMNS."""
    people = defaultdict[str, list[tuple[str, str]]](list)
    for event, role, name, region in fetched(of_events(held, held.participants.select(*PEOPLE), told)):
        people[event].append((role or "", f"{name or role or ''} ({region})" if region else name or role or ""))
    rows = []
    for event, a, b in sorted(links, key=lambda link: (told[link[0]][2], *link)):
        _, kind, year, date, file, row = told[event]
        named = "; ".join(text for _, text in sorted(people.get(event, [])))
        rows.append((event, kind, year, date, a, b, named, file, row))
    return rows


def _table(rows: Sequence[Row]) -> pd.DataFrame:
    import pandas as pd

    cells = {name: [row[place] for row in rows] for place, name in enumerate(COLUMNS)}
    kinds = {name: "int64" if name == "year" else "str" for name in COLUMNS}
    return pd.DataFrame({name: pd.Series(cells[name], dtype=kinds[name]) for name in COLUMNS})
