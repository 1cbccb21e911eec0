"""The events behind a link: why two sectors, or two regions, are joined."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import narwhals as nw
import pandas as pd

from ingest import DuckDB, Records
from ingest.engine import collect, distinct
from ingest.faults import BadInput, Fault
from linkages import counting
from linkages.items import OVERLAPPING, REGION_LEVELS, facet_items, participant_items
from linkages.periods import Period, year_weights
from linkages.worth import worth
from observatory.ends import resolved
from observatory.link_events import between, cross_sectoral, of_events, within
from observatory.store import Run

#: What an answer tells of events and of their participants.
EVENTS = ("event", "kind", "year", "date", "file", "row")
PEOPLE = ("event", "role", "name", "region")
COLUMNS = ["event", "kind", "year", "date", "a", "b", "participants", "file", "row"]


def events_behind(run: Run, a: str, b: str, period: str | None = None) -> pd.DataFrame:
    """List the events that link two sectors or two regions of a run.

    Parameters
    ----------
    run
        An opened run folder.
    a, b
        Codes or labels, as in the run's networks; the same twice for what lies within.
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
        For a code or label that no network holds, and for a period that the study does not have.
    """
    level, (one, two) = resolved(run, a, b)
    settings = run.manifest["settings"]
    years = _years(run, period)
    regional = level in REGION_LEVELS
    groups = settings["groups"]["regions" if regional else "sectors"]
    # Only what can tell is read, of the events that can be behind the link: the answer takes a moment on any study.
    records = records_of(run)
    if one == two:
        found = within(records, level, groups, one).assign(a=one, b=one)
    else:
        found = between(records, level, groups, one, two)
    rows = found.merge(_rows(records, records.events, EVENTS, found["event"]), on="event")
    rows = _weighing(run, records, rows[rows["year"].isin(list(years))])
    if one != two:
        rows = _directed(rows, one, two, deals=not regional)
    if regional:
        crossing = cross_sectoral(records, settings["sector_level"], settings["groups"]["sectors"], rows["event"])
        rows = rows[rows["event"].isin(crossing)]
    return _listed(records, rows)


def _rows(records: Records, frame: nw.LazyFrame[Any], columns: Sequence[str], events: Collection[str]) -> pd.DataFrame:
    """Bring the rows of some events here."""
    return collect(of_events(records, frame.select(*columns), events))


def _weighing(run: Run, records: Records, rows: pd.DataFrame) -> pd.DataFrame:
    """Keep the events that links weigh something for: where they are weighed by value, those that have one."""
    settings = run.manifest["settings"]
    if settings["weigh"] != "value" or rows.empty:
        return rows
    valued = worth(records, settings["currency"]).events
    return rows[rows["event"].isin(collect(of_events(records, valued, rows["event"].unique()))["event"])]


def _directed(rows: pd.DataFrame, one: str, two: str, *, deals: bool) -> pd.DataFrame:
    """Write the ends of each event's link: of deals the acquirer's first where `deals`, else in order."""
    deal = (rows["kind"] == "deal") & deals
    low, high = sorted((one, two))
    parts = [
        rows[deal & rows["forth"]].assign(a=one, b=two),
        rows[deal & rows["back"]].assign(a=two, b=one),
        rows[~deal & rows["met"]].assign(a=low, b=high),
    ]
    return pd.concat(parts, ignore_index=True)


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
    settings = run.manifest["settings"]
    level, groups = settings[f"{kind}_level"], settings["groups"][f"{kind}s"]
    records = records_of(run)
    sectoral = kind == "sector"
    items = (facet_items if sectoral else participant_items)(records, level, groups)
    items, overlapping = records.engine.keep(items), level in OVERLAPPING
    paired = counting.pairs(items, records.engine, directed_deals=sectoral, parts=False, overlapping=overlapping)
    both = pd.DataFrame([pair for a, b in links for pair in {(a, b), (b, a)}], columns=["a", "b"], dtype="str")
    wanted = paired.join(records.engine.table(both), on=["a", "b"], how="semi")
    chosen = counting.in_period(wanted, records.engine, _years(run, None))
    found = collect(distinct(chosen, "event", "a", "b"))
    events = found["event"].drop_duplicates()
    if not sectoral:
        crossing = cross_sectoral(records, settings["sector_level"], settings["groups"]["sectors"], events)
        found = found[found["event"].isin(crossing)]
    told = _weighing(run, records, found.merge(_rows(records, records.events, EVENTS, events), on="event"))
    every = _listed(records, told)
    ends = every[["a", "b"]].astype(str)
    keys = pd.Series(list(zip(ends.min(axis=1), ends.max(axis=1), strict=True)), index=every.index, dtype=object)
    behind = {key: rows.reset_index(drop=True) for key, rows in every.groupby(keys)}
    return {link: behind.get(link, every.head(0)) for link in links}


def records_of(run: Run) -> Records:
    """Open the records of a run again."""
    engine = DuckDB()
    tables = {
        name: engine.scan(run.parquet(f"records/{name}.parquet")) for name in ("events", "participants", "facets")
    }
    empty = pd.DataFrame()
    classes = "records/classes.parquet"
    versions = {"naics": run.manifest["settings"]["naics"], "nuts": run.manifest["settings"]["nuts"]}
    return Records(
        events=tables["events"],
        participants=tables["participants"],
        facets=tables["facets"],
        ledger=run.table("ledger.csv"),
        rejects=empty,
        unmatched=empty,
        inputs=empty,
        versions=versions,
        engine=engine,
        classes=engine.scan(run.parquet(classes)) if run.names(classes) else None,
    )


def _years(run: Run, period: str | None) -> dict[int, float]:
    settings = run.manifest["settings"]
    spans = sorted(Period.of(years) for years in settings["periods"])
    chosen = [span for span in spans if period is None or str(span) == period]
    if not chosen:
        expected = ", ".join(str(span) for span in spans)
        raise BadInput(Fault(str(run.folder), None, str(period), f"one of {expected}", "name one of these"))
    return {year: 1.0 for span in chosen for year in year_weights(span, spans, settings["shared_year"])}


def _listed(records: Records, rows: pd.DataFrame) -> pd.DataFrame:
    """Add to events the participants of each, in words."""
    people = _rows(records, records.participants, PEOPLE, rows["event"].unique())
    people = people.astype(object).where(people.notna(), "")
    named = people["name"].where(people["name"] != "", people["role"])
    people["text"] = named.where(people["region"] == "", named + " (" + people["region"].astype(str) + ")")
    joined = people.sort_values(["event", "role", "text"]).groupby("event")["text"].agg("; ".join)
    table = rows.assign(participants=rows["event"].map(joined).fillna(""))
    return table[COLUMNS].sort_values(["year", "event", "a", "b"], ignore_index=True)
