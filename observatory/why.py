"""The events behind a link: why two sectors, or two regions, are joined."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

import narwhals as nw
import pandas as pd

from ingest import DuckDB, Records
from ingest.engine import collect, distinct
from ingest.faults import BadInput, Fault
from ingest.levels import all_codes, sectors_at
from ingest.records import VENDOR_LEVELS
from ingest.units import LEVELS
from linkages import counting
from linkages.items import REGION_LEVELS, Groups, facet_items, participant_items
from linkages.periods import Period, year_weights
from observatory.store import Run

#: What an answer needs of events, of participants and of facets.
EVENTS = ("event", "kind", "year", "date", "file", "row")
PEOPLE = ("event", "participant", "role", "name", "region", "nuts3", "share")
#: What it tells of participants.
TOLD = ("event", "role", "name", "region")
FACETS = ("event", "facet", "role", "naics", "share")
#: Up to so many events are named to the files.
FEW = 1_000
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
        ``event, kind, year, date, a, b, participants, file, row``, by year and event.

    Raises
    ------
    BadInput
        For a code or label that no network holds, and for a period that the study does not have.
    """
    level, (one, two) = _resolve(run, a, b)
    settings = run.manifest["settings"]
    regional = level in REGION_LEVELS
    groups = settings["groups"]["regions" if regional else "sectors"]
    # Only events that hold both ends are read in full and paired: the answer takes a moment on any study.
    records = holding(records_of(run), level, groups, one, two)
    items = participant_items(records, level, groups) if regional else facet_items(records, level, groups)
    crossing = not regional
    paired = counting.pairs(records.engine.keep(items), records.engine, directed_deals=crossing, parts=False)
    wanted = paired.filter(
        ((nw.col("a") == one) & (nw.col("b") == two)) | ((nw.col("a") == two) & (nw.col("b") == one))
    )
    years = _years(run, period)
    chosen = counting.in_period(wanted, records.engine, years)
    if not crossing:
        chosen = chosen.join(_cross_sectoral(records, settings), on="event")
    return _listed(records, chosen)


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
    paired = counting.pairs(records.engine.keep(items), records.engine, directed_deals=sectoral, parts=False)
    both = pd.DataFrame([pair for a, b in links for pair in {(a, b), (b, a)}], columns=["a", "b"], dtype="str")
    wanted = paired.join(records.engine.table(both), on=["a", "b"], how="semi")
    chosen = counting.in_period(wanted, records.engine, _years(run, None))
    if not sectoral:
        chosen = chosen.join(_cross_sectoral(records, settings), on="event")
    every = _listed(records, records.engine.keep(chosen.select("event", "a", "b").unique()))
    ends = every[["a", "b"]].astype(str)
    keys = pd.Series(list(zip(ends.min(axis=1), ends.max(axis=1), strict=True)), index=every.index, dtype=object)
    found = {key: rows.reset_index(drop=True) for key, rows in every.groupby(keys)}
    return {link: found.get(link, every.head(0)) for link in links}


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


def holding(records: Records, level: str, groups: Groups, one: str, two: str) -> Records:
    """Keep the events that hold both ends of a link, reading no column of the others but the one that tells.

    Parameters
    ----------
    records
        What :func:`records_of` returns: files that have not been read.
    level, groups
        The level of the ends, and the study's own groups there.
    one, two
        The ends, by code; the same twice for what lies within.

    Returns
    -------
    Records
        Kept on the engine, without the columns that no answer needs.
    """
    engine = records.engine
    ends = _ends(records, level, groups, (one, two))
    both = distinct(ends, "event", "node").group_by("event").agg(held=nw.len())
    few = engine.keep(both.filter(nw.col("held") == len({one, two})).select("event"))
    named = collect(few.head(FEW + 1))["event"].tolist()

    def kept(frame: Any, *columns: str) -> Any:
        rows = frame.select(*columns) if columns else frame
        # Names that are written out are looked for where a file can hold them; a table to join is not.
        some = rows.join(few, on="event", how="semi") if len(named) > FEW else rows.filter(nw.col("event").is_in(named))
        return engine.keep(some)

    # Two different sectors make their pair whatever else the event holds: their facets have been read already.
    enough = "naics" in ends.collect_schema() and one != two
    return replace(
        records,
        events=kept(records.events, *EVENTS),
        participants=kept(records.participants, *(PEOPLE if level in REGION_LEVELS else TOLD)),
        facets=kept(distinct(ends, *FACETS) if enough else records.facets, *FACETS),
        classes=None if records.classes is None else kept(records.classes),
    )


def _ends(records: Records, level: str, groups: Groups, ends: tuple[str, str]) -> Any:
    """List ``event, node`` of whatever is one of two nodes; of sectors by code the rest of the facet, too."""
    engine = records.engine
    if level in REGION_LEVELS and not groups and level != "nuts3":
        # A region's code begins with that of the larger one; a country outside NUTS is shorter than both.
        node = nw.col("region").str.slice(0, LEVELS[level])
        return engine.keep(records.participants.select("event", node=node).filter(nw.col("node").is_in(list(ends))))
    if level in REGION_LEVELS:
        items = participant_items(records, level, groups)
        return engine.keep(items.filter(nw.col("node").is_in(list(ends))).select("event", "node"))
    if level in VENDOR_LEVELS:
        items = facet_items(records, level, groups)
        return engine.keep(items.filter(nw.col("node").is_in(list(ends))).select("event", "node"))
    # Every code that there is, so that the records need not be asked which they hold.
    known = sectors_at(all_codes(), level, groups).rename(columns={"sector": "node"})
    codes = known.loc[known["node"].isin(ends), ["naics", "node"]]
    facets = records.facets.select(*FACETS).filter(nw.col("naics").is_in(codes["naics"].tolist()))
    return engine.keep(facets.join(engine.table(codes), on="naics"))


def _cross_sectoral(records: Records, settings: dict[str, Any]) -> Any:
    facets = facet_items(records, settings["sector_level"], settings["groups"]["sectors"])
    some = records.engine.keep(facets)
    return counting.cross_sectoral(counting.pairs(some, records.engine, directed_deals=True, parts=False))


def _resolve(run: Run, a: str, b: str) -> tuple[str, tuple[str, str]]:
    """Find the level at which both names are known, and their codes."""
    settings = run.manifest["settings"]
    nodes = {kind: _nodes(run, kind) for kind in ("sector", "region")}
    offers = {kind: _offers(table) for kind, table in nodes.items()}
    levels = {"sector": settings["sector_level"], "region": settings["region_level"]}
    words = [text.strip().casefold() for text in (a, b)]
    for kind, known in offers.items():
        if all(word in known for word in words):
            return levels[kind], (known[words[0]], known[words[1]])
    expected = "a sector or region of the run"
    unknown = [text for text, word in zip((a, b), words, strict=True) if not any(word in o for o in offers.values())]
    if not unknown:
        mend = "name two sectors, or two regions"
        raise BadInput(Fault(str(run.folder), None, f"{a} and {b}", "two of a kind", mend))
    mends = {text: f"write one of the nearest: {_nearest(text, pd.concat(nodes.values()))}" for text in unknown}
    raise BadInput(Fault(str(run.folder), None, text, expected, mend) for text, mend in mends.items())


def _nodes(run: Run, kind: str) -> pd.DataFrame:
    """List the codes and labels of a kind of node, in any period."""
    names = run.names(f"communities/{kind}__all__*.parquet")
    table = pd.concat([run.table(name)[["node", "label"]] for name in names])
    return table.astype(str).drop_duplicates().sort_values(["node", "label"], ignore_index=True)


def _offers(nodes: pd.DataFrame) -> dict[str, str]:
    """Give the codes by code and by label, in small letters; a label of two codes is neither's."""
    labelled = nodes.assign(label=nodes["label"].str.casefold())
    labelled = labelled[~labelled["label"].duplicated(keep=False)]
    return {
        **dict(zip(labelled["label"], labelled["node"], strict=True)),
        **{node.casefold(): node for node in nodes["node"]},
    }


def _nearest(text: str, nodes: pd.DataFrame) -> str:
    """Name the three nodes whose code or label is nearest."""
    from rapidfuzz import fuzz

    word = text.strip().casefold()
    likeness = [
        max(fuzz.WRatio(word, node.casefold()), fuzz.WRatio(word, label.casefold()))
        for node, label in zip(nodes["node"], nodes["label"], strict=True)
    ]
    best = nodes.assign(likeness=likeness).sort_values(["likeness", "node"], ascending=[False, True]).head(3)
    return "; ".join(f"{node} ({label})" for node, label in zip(best["node"], best["label"], strict=True))


def _years(run: Run, period: str | None) -> dict[int, float]:
    settings = run.manifest["settings"]
    spans = sorted(Period.of(years) for years in settings["periods"])
    chosen = [span for span in spans if period is None or str(span) == period]
    if not chosen:
        expected = ", ".join(str(span) for span in spans)
        raise BadInput(Fault(str(run.folder), None, str(period), f"one of {expected}", "name one of these"))
    return {year: 1.0 for span in chosen for year in year_weights(span, spans, settings["shared_year"])}


def _listed(records: Records, chosen: Any) -> pd.DataFrame:
    events = chosen.select("event", "a", "b").unique().join(records.events, on="event")
    columns = ["event", "kind", "year", "date", "a", "b", "file", "row"]
    table = collect(events.select(*columns))
    behind = records.participants.join(chosen.select("event").unique(), on="event")
    people = collect(behind.select("event", "name", "region", "role"))
    people = people.astype(object).where(people.notna(), "")
    named = people["name"].where(people["name"] != "", people["role"])
    people["text"] = named.where(people["region"] == "", named + " (" + people["region"].astype(str) + ")")
    joined = people.sort_values(["event", "role", "text"]).groupby("event")["text"].agg("; ".join)
    table["participants"] = table["event"].map(joined).fillna("")
    return table[COLUMNS].sort_values(["year", "event", "a", "b"], ignore_index=True)
