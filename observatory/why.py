"""The events behind a link: why two sectors, or two regions, are joined."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import pandas as pd

from ingest import DuckDB, Records
from ingest.engine import collect
from ingest.faults import BadInput, Fault
from linkages import counting
from linkages.periods import Period, year_weights
from observatory.store import Run

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
    records = records_of(run)
    groups = settings["groups"]["regions" if level in counting.REGION_LEVELS else "sectors"]
    items = (
        counting.participant_items(records, level, groups)
        if level in counting.REGION_LEVELS
        else counting.facet_items(records, level, groups)
    )
    # Only events that hold both ends are paired: the answer takes a moment on any study.
    first = items.filter(nw.col("node") == one).select("event").unique()
    second = items.filter(nw.col("node") == two).select("event").unique()
    few = records.engine.keep(items.join(first, on="event").join(second, on="event"))
    crossing = level not in counting.REGION_LEVELS
    paired = counting.pairs(few, records.engine, directed_deals=crossing)
    wanted = paired.filter(
        ((nw.col("a") == one) & (nw.col("b") == two)) | ((nw.col("a") == two) & (nw.col("b") == one))
    )
    years = _years(run, period)
    chosen = counting.in_period(wanted, records.engine, years)
    if not crossing:
        chosen = chosen.join(_cross_sectoral(records, settings, few), on="event")
    return _listed(records, chosen)


def records_of(run: Run) -> Records:
    """Open the records of a run again."""
    engine = DuckDB()
    tables = {
        name: engine.scan(run.folder / "records" / f"{name}.parquet") for name in ("events", "participants", "facets")
    }
    empty = pd.DataFrame()
    classes = run.folder / "records" / "classes.parquet"
    versions = {"naics": run.manifest["settings"]["naics"], "nuts": run.manifest["settings"]["nuts"]}
    return Records(
        **tables,
        ledger=run.table("ledger.csv"),
        rejects=empty,
        unmatched=empty,
        inputs=empty,
        versions=versions,
        engine=engine,
        classes=engine.scan(classes) if classes.is_file() else None,
    )


def _cross_sectoral(records: Records, settings: dict[str, Any], few: Any) -> Any:
    events = few.select("event").unique()
    facets = counting.facet_items(records, settings["sector_level"], settings["groups"]["sectors"])
    some = records.engine.keep(facets.join(events, on="event"))
    return counting.cross_sectoral(counting.pairs(some, records.engine, directed_deals=True))


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
