"""The grid of a study: run, written in one step, and told in a few sentences."""

from __future__ import annotations

import datetime
import json
import platform
from collections.abc import Callable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

import pandas as pd

from communities.consensus import consensus
from ingest import DuckDB, Records
from ingest.engine import Engine, collect, distinct, records_of
from ingest.faults import BadInput, Fault
from ingest.levels import sector_label, sectors_at
from ingest.records import KINDS, VENDOR_LEVELS
from linkages.periods import Period
from observatory import store
from observatory.run import PACKAGES
from observatory.setting_lines import FILE, lined, with_lines
from observatory.settings import Settings, told
from observatory.side_by_side import Workers
from observatory.stages import grid, grid_tables, opening
from observatory.study import Study

Say = Callable[[str], None]

#: Written into the manifest of a grid folder.
KIND = "grid"
#: Pairs together in this share of the runs are certain; in a share between these two, torn.
CERTAIN, TORN = 0.95, (1 / 3, 2 / 3)
#: A run with fewer nodes than this part of the most is told of.
WHOLE = 0.9
#: How many pairs of each sort are listed, and how many are named in a sentence.
LISTED, NAMED = 10, 5


@dataclass(frozen=True, repr=False)
class Grid(store.Run):
    """A grid folder opened for reading: runs, together, consensus and agreement, each a ``.parquet``."""

    def __repr__(self) -> str:
        """Say which grid this is."""
        return f"<Grid {self.manifest['title']!r}: {self.manifest['runs']} runs>"


def run_grid(
    study: Study,
    out: Path,
    engine: Engine | None = None,
    say: Say = lambda _: None,
    source: str | None = None,
    period: str | None = None,
    jobs: int = 1,
) -> Grid:
    """Run the whole grid of a study and write its folder in one step.

    Parameters
    ----------
    study
        What :func:`observatory.open_study` returns; ``[grid]`` names the choices.
    out
        The grid folder; an earlier grid there is replaced when this one is complete, a run is not.
    engine
        Where the tables live; an embedded DuckDB when None.
    say
        Told what is being done.
    source, period
        Look at one source (``copatent``, ``deal``, ``alliance``, ``all``) or period (``2007-2014``) only.
    jobs
        How many networks are looked at side by side; see :func:`observatory.run.run_study`.

    Raises
    ------
    BadInput
        When the study's files cannot be used, for a folder that holds something else than a grid, and for a
        source or period that the study does not have; nothing is written then.
    """
    started = _now()
    periods = _checked(study, out, source, period)
    with Workers(jobs) as workers:
        records, _ = opening.open_inputs(study, engine or DuckDB(), say, apply=workers.map)
    settings, sources = study.settings, _sources(records, source)
    with store.new_run(out, KIND) as folder:
        wanted = grid.choices(settings)
        beside = [choice for varied in grid.variations(settings).values() for choice in varied]
        with with_lines(study), Workers(jobs) as workers:
            found = grid.search(records, settings, [*wanted, *beside], sources, periods, say, workers)
        say("comparing the runs")
        tables = _tables(found, settings)
        for name, table in tables.items():
            store.write_parquet(folder / f"{name}.parquet", table)
        content = _manifest(study, records, sources, periods)
        content |= {"runs": len(tables["runs"]), "outputs": store.outputs(folder)}
        content["time_stamps"] = {"started": started, "finished": _now()}
        store.write_json(folder / store.MANIFEST, content)
    return Grid(out, json.loads((out / store.MANIFEST).read_text(encoding="utf-8")))


def _tables(found: list[grid.Found], settings: Settings) -> dict[str, pd.DataFrame]:
    every = grid_tables.keyed(found)
    named = set(grid.choices(settings))
    runs = [one for one in found if one.choice in named]
    pairs = grid_tables.together_table(runs, settings.groups.sectors)
    return {
        "runs": grid_tables.runs_table(runs, every, settings),
        "together": pairs,
        "consensus": grid_tables.consensus_table(pairs),
        "agreement": grid_tables.agreement_table(every, settings),
    }


def _checked(study: Study, out: Path, source: str | None, period: str | None) -> list[Period]:
    """Check what can be checked before anything is read, and give the periods to look at."""
    faults: list[Fault] = []
    try:
        store.refuse_taken(out, KIND)
    except BadInput as error:
        faults += error.faults
    every = sorted(Period.of(years) for years in study.settings.periods)
    names = [str(one) for one in every]
    if period is not None and period not in names:
        faults.append(Fault("--period", None, period, f"one of {', '.join(names)}", "name one of these"))
    if source is not None and source not in (*KINDS, "all"):
        faults.append(Fault("--source", None, source, f"one of {', '.join(KINDS)}, all", "name one of these"))
    for level in grid.declared(study.settings)["level"]:
        try:
            if level not in VENDOR_LEVELS:  # a vendor's classes are known when its files are read
                sectors_at([], level, study.settings.groups.sectors)
        except BadInput as error:
            where = f"{FILE}, [groups.sectors] at {level}"
            faults += [Fault(where, one.line, one.value, one.expected, one.mend) for one in error.faults]
    if faults:
        raise BadInput([lined(fault, study.text) for fault in faults])
    return [one for one in every if period in (None, str(one))]


def _sources(records: Records, source: str | None) -> list[str]:
    """List the sources to look at: each kind that the records hold, then all."""
    held = set(collect(distinct(records.events, "kind"))["kind"])
    every = [*(kind for kind in KINDS if kind in held), "all"]
    if source is not None and source not in every:
        raise BadInput(Fault("--source", None, source, f"one of {', '.join(every)}", "name one that the study holds"))
    return [one for one in every if source in (None, one)]


def _manifest(study: Study, records: Records, sources: list[str], periods: list[Period]) -> dict[str, Any]:
    inputs = records.inputs.sort_values(["source", "path"])[["source", "path", "rows", "sha256"]]
    return {
        "kind": KIND,
        "title": study.settings.title,
        "settings": told(study.settings),
        "grid": grid.declared(study.settings),
        "sources": sources,
        "periods": [str(one) for one in periods],
        "inputs": records_of(inputs),
        "versions": {"python": platform.python_version(), **{name: metadata.version(name) for name in PACKAGES}},
        "engine": records.engine.name,
    }


def headline(done: Grid) -> pd.DataFrame:
    """Pick the pairs to speak of: the summed networks of the last period, at the study's level where it is there.

    Returns
    -------
    pandas.DataFrame
        ``source, period, level, carried, a, b, together, runs`` of one source, period and level.
    """
    manifest = done.manifest
    levels = manifest["grid"]["level"]
    own = manifest["settings"]["sector_level"]
    level = own if own in levels else levels[0]
    table = done.table("together.parquet")
    here = (table["source"] == manifest["sources"][-1]) & (table["period"] == manifest["periods"][-1])
    chosen: pd.DataFrame = table[here & (table["level"] == level) & ~table["carried"]]
    return chosen.reset_index(drop=True)


def listed(pairs: pd.DataFrame) -> pd.DataFrame:
    """List the least and the most certain pairs.

    Returns
    -------
    pandas.DataFrame
        ``a, b, label_a, label_b, together, runs, verdict``: first those nearest to half of the runs, then
        those together in most; `verdict` is torn, leaning or together.
    """
    table = pairs.assign(doubt=(pairs["together"] - 0.5).abs().round(12))
    certain = table["together"] >= CERTAIN
    unsure = table[(table["together"] > 1 - CERTAIN) & ~certain]
    least = unsure.sort_values(["doubt", "runs", "a", "b"], ascending=[True, False, True, True]).head(LISTED)
    most = table[certain].sort_values(["together", "runs", "a", "b"], ascending=[False, False, True, True])
    chosen = pd.concat([least, most.head(LISTED)], ignore_index=True)
    for end in ("a", "b"):
        labels = [sector_label(row["level"], row[end]) for row in records_of(chosen)]
        chosen[f"label_{end}"] = pd.Series(labels, dtype=str)
    chosen["verdict"] = pd.Series([_verdict(share) for share in chosen["together"]], dtype=str)
    return chosen[["a", "b", "label_a", "label_b", "together", "runs", "verdict"]]


def _verdict(share: float) -> str:
    if share >= CERTAIN:
        return "together"
    return "torn" if TORN[0] <= share <= TORN[1] else "leaning"


def blocks(pairs: pd.DataFrame) -> list[list[str]]:
    """List the groups of sectors of which every two are together in nearly all runs, the largest first.

    Only pairs that at least half as many runs speak of as of the best known pair count.
    """
    known = pairs[pairs["runs"] * 2 >= pairs["runs"].max()] if len(pairs) else pairs
    found = consensus(known, CERTAIN, "complete")
    groups = [sorted(str(node) for node in part.index) for _, part in found.groupby(found, sort=True)]
    return [group for group in groups if len(group) > 1]


def findings(done: Grid) -> list[str]:
    """Say which sectors stay together whatever is chosen, and which pairs are torn."""
    pairs = headline(done)
    if pairs.empty:
        return ["No network of the grid has links."]
    about = f"{pairs['source'][0]} {pairs['period'][0]} at {pairs['level'][0]}"
    always = "; ".join(" ".join(group) for group in blocks(pairs))
    torn = pairs[pairs["together"].between(*TORN)]
    table = listed(torn)
    named = records_of(table.head(NAMED))
    some = ", ".join(f"{row['a']}-{row['b']} ({100 * row['together']:.0f} % of {row['runs']:,} runs)" for row in named)
    stay = f"in at least 95 % of the runs that hold both, together are {always}." if always else "none stay together."
    number = f"Torn, together in a third to two thirds of the runs: {len(torn):,} of {len(pairs):,} pairs"
    return [f"{about}: {stay}", number + (f", nearest to half {some}." if some else "."), *_in_part(done, pairs)]


def _in_part(done: Grid, pairs: pd.DataFrame) -> list[str]:
    """Say how many runs look at part of the sectors: a community cut off by a backbone is then divided itself."""
    runs = done.table("runs.parquet")
    first = pairs.iloc[0]
    nodes = runs.loc[(runs[["source", "period", "level"]] == first[["source", "period", "level"]]).all(axis=1), "nodes"]
    fewer = int((nodes < WHOLE * nodes.max()).sum())
    told = f"{fewer:,} of {len(nodes):,} runs hold part of the sectors only, since their links fall into parts"
    counted = "a pair is counted over the runs that hold both of its sectors"
    return [f"{told}; {counted}, and runs.parquet says which they are."] if fewer else []


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
