"""The queue of doubtful matches: those that move the result most first, with what stands around each."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from observatory.decisions import read_decisions

if TYPE_CHECKING:
    import pandas as pd

    from ingest import Records
    from observatory.store import Run

FILE = "review.csv"
#: The columns of the queue, and what each holds.
QUEUE = ("kind", "name", "place", "country", "level", "score", "candidates", "rows", "weight", "effect", "sources")


def queue(of: Run | Records, study_folder: Path | None = None) -> pd.DataFrame:
    """List what a person should decide, what moves the result most first.

    Parameters
    ----------
    of
        A run, or records with their doubtful matches.
    study_folder
        The study's: what is decided there already is left out.

    Returns
    -------
    pandas.DataFrame
        The columns of :data:`QUEUE`. ``candidates`` is JSON: ``[[region's name, region, score], ...]`` of a place,
        ``[[other name, its country, score]]`` of a name. ``weight`` is in events: what would get a region, or
        change its firm. ``effect`` is the weight that moves links between regions: the weight of a place, none
        of a name, which changes the count of firms alone.
    """
    table = of.table(FILE) if hasattr(of, "table") else doubtful(of)
    table = table[list(QUEUE)]
    if study_folder is None or table.empty:
        return table.reset_index(drop=True)
    from ingest.matching import in_force

    settled = {one.key for one in in_force(read_decisions(study_folder).rows)}
    waits = [_key(row) not in settled for row in table.to_dict("records")]
    return table[waits].reset_index(drop=True)


def _key(row: Mapping[Any, Any]) -> tuple[str, ...]:
    from ingest.matching import Decision

    other, other_country, _ = json.loads(row["candidates"])[0]
    given = [str(row[column]) for column in ("kind", "name", "place", "country")]
    return Decision(given[0], given[1], given[2], given[3], "reject", str(other), str(other_country)).key


def doubtful(records: Records) -> pd.DataFrame:
    """Sum the doubtful matches of records over their sources: what lies in review.csv of a run."""
    table = _summed(records, "doubtful")
    table = table.assign(effect=table["weight"].where(table["kind"] == "place", 0.0))
    order = ["effect", "weight", "kind", "name", "place", "country", "candidates"]
    return table.sort_values(order, ascending=[False, False] + [True] * 5, ignore_index=True)[list(QUEUE)]


def taken(records: Records) -> pd.DataFrame:
    """Sum the matches that were taken though not certain: what lies in matches.csv of a run."""
    columns = [column for column in QUEUE if column != "effect"]
    order = ["weight", "kind", "name", "place", "country", "candidates"]
    return _summed(records, "taken").sort_values(order, ascending=[False] + [True] * 5, ignore_index=True)[columns]


def _summed(records: Records, state: str) -> pd.DataFrame:
    import pandas as pd

    from ingest.records import DOUBTFUL

    known = records.doubtful
    table = pd.DataFrame(columns=list(DOUBTFUL)) if known is None else known
    keys = ["kind", "name", "place", "country", "level", "score", "candidates"]
    chosen = table[table["state"] == state].sort_values([*keys, "source"])
    grouped = chosen.groupby(keys, sort=True, as_index=False).agg(
        rows=("rows", "sum"), weight=("weight", "sum"), sources=("source", lambda names: "; ".join(filter(None, names)))
    )
    return grouped.assign(weight=grouped["weight"].astype("float64").round(6))


def around(run: Run, row: Mapping[Any, Any], number: int = 3) -> pd.DataFrame:
    """Show some of the records behind a row of the queue: event, year, role, name, place and file."""
    people = run.table("records/participants.parquet")
    if row["kind"] == "place":
        told = people["place"].fillna("")
        city = str(row["place"])
        here = (told == city) | told.str.endswith(f" {city}")
    else:
        other = json.loads(row["candidates"])[0]
        here = people["name"].isin([row["name"], other[0]])
    here &= people["country"].fillna("").isin([row["country"], *([""] if row["kind"] == "name" else [])])
    chosen = people[here].sort_values(["event", "participant"]).head(number)
    events = run.table("records/events.parquet")[["event", "year", "kind", "file", "row"]]
    columns = ["event", "year", "kind", "role", "name", "place", "region", "file", "row"]
    return chosen.merge(events, on="event", how="left")[columns].reset_index(drop=True)
