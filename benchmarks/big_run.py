"""A run folder as large as those of the seeds: 300 regions, 300 sectors, 20,000 links between sectors; all invented.

    python benchmarks/big_run.py FOLDER

A seeded study is written and run by the project's own code, once; a folder that holds it already is taken as it is.
Sectors form ten planted spaces: every pair within one is linked, and as many pairs between them as make up the number.
"""

from __future__ import annotations

import argparse
import csv
import random
import sys
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

if __name__ == "__main__":  # a folder of scripts is not where packages are looked for
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from observatory.store import Run, open_run

REGIONS, SECTORS, LINKS, SPACES = 300, 300, 20_000, 10
PERIODS = ((2000, 2007), (2008, 2014))
STUDY = """\
title = "A study of 300 regions, 300 sectors and 20,000 links; all invented"
periods = [[2000, 2007], [2008, 2014]]
sector_level = "naics4"

[sources.patents]
format = "table"
files = ["copatent.csv"]
kind = "copatent"
scheme = "naics"

[sources.deals]
format = "table"
files = ["deal.csv"]
kind = "deal"
scheme = "naics"

[sources.alliances]
format = "table"
files = ["alliance.csv"]
kind = "alliance"
scheme = "naics"

[communities]
trials = 5
restarts = 2
bootstrap = 5
"""
KINDS = ("copatent", "deal", "alliance")
PARTIES = ("event", "year", "name", "region_code", "symbol")
SIDES = ("event", "year", "acquirer_name", "acquirer_region_code", "acquirer_symbol", "target_name",
         "target_region_code", "target_symbol")  # fmt: skip


def sectors() -> list[str]:
    """Give codes of four digits, as many as are asked for."""
    from ingest.levels import all_codes

    return [code for code in all_codes() if len(code) == 4 and code.isdigit()][:SECTORS]


def regions() -> list[str]:
    """Give NUTS2 regions, as many as are asked for."""
    from observatory.figures.shapes import ground

    known = sorted(code for code in ground(None).regions if len(code) == 4)
    return known[:REGIONS]


def pairs(dice: random.Random, codes: list[str]) -> list[tuple[str, str]]:
    """Choose the linked pairs: all within a space, and others until there are enough."""
    space = {code: place % SPACES for place, code in enumerate(codes)}
    every = list(combinations(codes, 2))
    inside = [pair for pair in every if space[pair[0]] == space[pair[1]]]
    between = [pair for pair in every if space[pair[0]] != space[pair[1]]]
    return inside + dice.sample(between, LINKS - len(inside))


def events(dice: random.Random) -> Iterator[tuple[str, int, tuple[str, str], tuple[str, str]]]:
    """Give kind, year, pair of sectors and pair of regions of each event: one or more a link and period."""
    codes, places = sectors(), regions()
    space = {code: place % SPACES for place, code in enumerate(codes)}
    linked = pairs(dice, codes)
    for first, last in PERIODS:
        for pair in linked:
            some = 4 if space[pair[0]] == space[pair[1]] else 1
            for _ in range(some):
                where = dice.sample(places, 2) if dice.random() < 0.8 else [dice.choice(places)] * 2
                yield dice.choice(KINDS), dice.randint(first, last), pair, (where[0], where[1])


def write_study(folder: Path) -> Path:
    """Write the study, the same bytes each time."""
    dice = random.Random(1)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "study.toml").write_text(STUDY, encoding="utf-8")
    files = {kind: (folder / f"{kind}.csv").open("w", encoding="utf-8", newline="") for kind in KINDS}
    writers = {kind: csv.writer(file) for kind, file in files.items()}
    for kind, writer in writers.items():
        writer.writerow(SIDES if kind == "deal" else PARTIES)
    for number, (kind, year, pair, where) in enumerate(events(dice)):
        name, ends = f"{kind}{number}", list(zip(where, pair, strict=True))
        if kind == "deal":
            cells = [cell for side, (region, code) in enumerate(ends) for cell in (f"Firm {side}", region, code)]
            writers[kind].writerow([name, year, *cells])
        else:
            for side, (region, code) in enumerate(ends):
                writers[kind].writerow([name, year, f"Firm {side}", region, code])
    for file in files.values():
        file.close()
    return folder


def big_run(folder: Path) -> Run:
    """Give the run folder, made where it is not there yet; without its report, which is what is measured."""
    from observatory.run import run_study
    from observatory.study import open_study

    done = folder / "run"
    if (done / "manifest.json").is_file():
        return open_run(done)
    import observatory.report

    observatory.report.write_report = lambda *_, **__: None  # type: ignore[assignment, misc]
    try:
        return run_study(open_study(write_study(folder)), done, say=print)
    finally:
        del observatory.report.write_report


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("folder", type=Path, help="where to make it; kept for the next time")
    made = big_run(asked.parse_args().folder)
    links = made.table("networks/sector__all__2008-2014.parquet")
    nodes = made.table("communities/region__all__2008-2014.parquet")
    print(f"{made.folder}: {len(links):,} links between sectors, {len(nodes):,} regions")
