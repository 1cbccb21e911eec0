"""A whole study in order: read, count, find, describe, set beside stars, write."""

from __future__ import annotations

import datetime
import platform
from collections.abc import Callable
from dataclasses import replace
from importlib import metadata
from pathlib import Path
from typing import Any

import pandas as pd

from communities.spaces import named
from ingest import DuckDB, Records
from ingest.engine import Engine, records_of
from ingest.ledger import imbalance
from linkages import Network
from observatory import decisions, review, store
from observatory.setting_lines import with_lines
from observatory.settings import told
from observatory.side_by_side import Workers
from observatory.stages import (
    checking,
    counting,
    finding,
    layering,
    opening,
    placing,
    profiling,
    quality,
    spacing,
    starring,
    tabling,
)
from observatory.study import Study

Say = Callable[[str], None]
PACKAGES = (
    "linkages",
    "narwhals",
    "duckdb",
    "pandas",
    "numpy",
    "igraph",
    "leidenalg",
    "infomap",
    "numba",
    "scipy",
)


def run_study(
    study: Study, out: Path, engine: Engine | None = None, say: Say = lambda _: None, jobs: int = 1
) -> store.Run:
    """Run a study and write its run folder in one step.

    Parameters
    ----------
    study
        What :func:`observatory.open_study` returns.
    out
        The run folder; a previous run there is replaced when this one is complete.
    engine
        Where the tables live; an embedded DuckDB when None.
    say
        Told what is being done.
    jobs
        How many processes compare names of firms, where there are many, and find the communities of networks, side by
        side; what is found is the same.
        A script that asks for several must begin below ``if __name__ == "__main__":``.

    Returns
    -------
    Run
        Its ``manifest["status"]`` is ``complete``, or ``gate not met``.

    Raises
    ------
    BadInput
        When the study's files cannot be used; nothing is written then.
    """
    started = _now()
    engine = engine or DuckDB()
    with Workers(jobs) as workers:
        records, stars = opening.open_inputs(study, engine, say, out, workers.map)
    with store.new_run(out) as folder:
        with Workers(jobs) as workers:
            workers.begin()
            records = _kept(records, folder)
            content = _stages(study, records, stars, folder, say, workers)
        # The report is drawn from what the folder holds, as anyone's would be.
        say("writing the report")
        engine.rest()
        store.write_json(folder / store.MANIFEST, {**content, "status": "being written"})
        from observatory.report import write_report

        write_report(store.open_run(folder), study)
        content["outputs"] = store.outputs(folder)
        content["time_stamps"] = {"started": started, "finished": _now()}
        store.write_json(folder / store.MANIFEST, content)
    return store.open_run(out)


def _kept(records: Records, folder: Path) -> Records:
    """Write the records and how good they are; what no later stage asks for, a million firms, is let go of."""
    if wrong := imbalance(records.ledger):
        raise RuntimeError("the ledger does not balance: " + "; ".join(wrong))
    write_records(records, folder)
    for name, table in quality.tables(records):
        store.write_parquet(folder / f"{name}.parquet", table)
    return replace(records, organisations=None)


def _stages(
    study: Study, records: Records, stars: starring.StarTable, folder: Path, say: Say, workers: Workers
) -> dict[str, Any]:
    """Carry the records through every stage after them, write the tables, and return the manifest."""
    settings = study.settings
    say("counting links")
    with with_lines(study):
        counts = counting.count_records(records, settings)
    networks = _counted(counts, folder)
    records.engine.rest()
    found: dict[str, finding.Found] = {}
    asked = ((network, counting.event_pairs(counts, network), settings) for network in networks.values())
    answers = workers.map(finding.find, asked)
    for number, name in enumerate(networks, start=1):
        say(f"finding communities, {number} of {len(networks)}: {name}")
        found[name] = next(answers)
    store.write_parquet(folder / "source_agreement.parquet", tabling.agreement_table(counts, networks, found))
    say("finding communities: cross-industry files")
    bases = spacing.sector_bases(counts, found) | spacing.cross_industry_bases(counts, workers)
    found |= {name: basis.found for name, basis in bases.items()}
    for name, one in found.items():
        if name not in networks:
            store.write_parquet(folder / "networks" / f"{name}.parquet", one.network.links)
        store.write_parquet(folder / "communities" / f"{name}.parquet", one.table())
        store.write_json(folder / "communities" / f"{name}.json", one.summary())
    drawn = {n: (list(f.network.nodes["node"]), f.network.links) for n, f in found.items()}
    store.write_parquet(folder / "positions.parquet", placing.positions(drawn, settings.communities.seed))
    say("finding communities: sources as layers")
    for name, layered in layering.layered(counts, found).items():
        store.write_parquet(folder / "communities" / f"{name}.parquet", layered.table)
        store.write_json(folder / "communities" / f"{name}.json", layered.summary)
    say("setting spaces beside stars")
    store.write_parquet(folder / "stars.parquet", starring.as_stored(stars.table))
    for name, table in stars.files.items():
        store.write_csv(folder / "stars" / f"{name}.csv", table)
    for name, table in stars.tables.items():
        store.write_parquet(folder / "stars" / f"{name}.parquet", table)
    described, notes = named(spacing.describe(counts, bases, stars.table), settings.spaces.names)
    notes = [*study.notes, *notes]
    for note in notes:
        say(f"note: {note}")
    for name, table in spacing.followed(counts, described).items():
        store.write_parquet(folder / "change" / f"{name}.parquet", table)
    say("profiling regions")
    profiled = profiling.profiles(counts, described, stars.table, stars.about)
    linkages = folder / "stars" / "linkages.parquet"
    store.write_frame(linkages, profiled.linkages, [*profiling.LINKAGES], records.engine)
    for name, table in profiled.tables.items():
        store.write_parquet(folder / f"{name}.parquet", table)
    store.write_json(folder / "profiles" / "about.json", profiled.about)
    covered = checking.coverage(records)
    say("testing how far the choices matter")
    content = {
        "schema": 1,
        "title": settings.title,
        "spaces": described,
        "notes": notes,
        "stars": stars.about,
        "agreement": finding.agreement_of({n: f for n, f in found.items() if n in networks}),
        "sensitivity": checking.shared_year_effect(counts, found),
    }
    store.write_json(folder / "spaces.json", content)
    gates = checking.gates(settings.gates, covered, described)
    manifest = _manifest(study, records, covered, gates, stars.about)
    return {**manifest, "star_inputs": list(stars.inputs)}


def _counted(counts: counting.Counts, folder: Path) -> dict[str, Network]:
    """Write the networks and every table that is counted; none of the tables is asked for again."""
    networks = counting.networks(counts)
    for name, network in networks.items():
        store.write_parquet(folder / "networks" / f"{name}.parquet", network.links)
    for name, table in counting.matrices(counts):
        store.write_parquet(folder / "matrices" / f"{name}.parquet", table)
    store.write_parquet(folder / "within.parquet", counting.within(networks))
    changes, joint = counting.changes(counts, networks), counting.joint_table(counts)
    for name, table in changes.items():
        store.write_parquet(folder / "change" / f"{name}.parquet", table)
    store.write_parquet(folder / "joint.parquet", joint)
    for name, table in tabling.tables(counts, networks, changes, joint):
        store.write_parquet(folder / f"{name}.parquet", table)
    store.write_parquet(folder / "concentration.parquet", counting.concentration_table(counts))
    return networks


def write_records(records: Records, folder: Path) -> None:
    """Write ledger, rejects, unmatched and the three record tables."""
    store.write_csv(folder / "ledger.csv", records.ledger)
    columns = ["source", "file", "row", "field", "value", "reason"]
    store.write_csv(folder / "rejects.csv", records.rejects[columns].sort_values(columns))
    store.write_csv(folder / "unmatched.csv", records.unmatched)
    if records.organisations is not None:
        store.write_parquet(folder / "records" / "organisations.parquet", records.organisations)
    store.write_csv(folder / "review.csv", review.doubtful(records))
    store.write_csv(folder / "matches.csv", review.taken(records))
    for name, order in (
        ("events", ["event"]),
        ("participants", ["event", "participant"]),
        ("facets", ["event", "facet"]),
        *([("classes", ["event", "participant"])] if records.classes is not None else []),
    ):
        store.write_frame(folder / "records" / f"{name}.parquet", getattr(records, name), order, records.engine)


def _manifest(
    study: Study,
    records: Records,
    covered: list[dict[str, Any]],
    gates: list[dict[str, Any]],
    stars: dict[str, Any],
) -> dict[str, Any]:
    settings = study.settings
    totals = records.ledger.groupby("reason", sort=True)[["rows", "weight"]].sum()
    met = all(gate["met"] for gate in gates)
    return {
        "schema": store.SCHEMA,
        "title": settings.title,
        "status": "complete" if met else "gate not met",
        "settings": told(settings),
        "inputs": _inputs(records.inputs),
        "versions": {
            "python": platform.python_version(),
            **{name: metadata.version(name) for name in PACKAGES},
            **{f"{name} version": year for name, year in records.versions.items()},
        },
        "engine": records.engine.name,
        "seeds": {"communities": settings.communities.seed},
        "ledger": {reason: {"rows": int(r), "weight": round(float(w), 6)} for reason, r, w in totals.itertuples()},
        "coverage": covered,
        "decisions": decisions.told_of(decisions.read_decisions(study.folder), records),
        "gates": gates,
        "stars": stars,
    }


def _inputs(table: pd.DataFrame) -> list[dict[str, Any]]:
    ordered = table.sort_values(["source", "path"])
    return [
        {"source": row["source"], "path": row["path"], "rows": int(row["rows"]), "sha256": row["sha256"]}
        for row in records_of(ordered)
    ]


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
