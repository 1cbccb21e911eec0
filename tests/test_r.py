"""What docs/r-and-stata.md shows: its R is run where R is installed, its queries by DuckDB, its columns are there."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from observatory.cli import main
from observatory.run import run_study
from observatory.store import Run
from observatory.study import open_study

PAGE = (Path(__file__).resolve().parent.parent / "docs" / "r-and-stata.md").read_text(encoding="utf-8")
R_BLOCKS = re.findall(r"## ([^\n]*\(run\))\n\n```r\n(.*?)```", PAGE, re.DOTALL)
QUERIES = re.findall(r'dbGetQuery\(db, "(.*?)"\)', PAGE, re.DOTALL)
STUDY = """\
title = "A few deals"
[sources.deals]
format = "table"
files = ["deals.csv"]
kind = "deal"
scheme = "naics"
columns = { event = "id", acquirer_symbol = "buys", target_symbol = "sold" }
[communities]
trials = 2
restarts = 2
bootstrap = 0
"""
GROUPS = (("325411", "621111", "339112"), ("334111", "335110", "336111"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the page's names stand for the run of a few deals and its export."""
    here = tmp_path_factory.mktemp("r")
    rows = ["id,year,buys,sold,acquirer_city,acquirer_country,target_city,target_country"]
    pairs = [(a, b) for group in GROUPS for a in group for b in group if a != b] * 5 + [("325411", "334111")] * 15
    cities = ("Munich,Germany", "Paris,France", "Milan,Italy")
    rows += [
        f"{i},{2000 + i % 15},{a},{b},{cities[i % 3]},{cities[(i // 3 + i + 1) % 3]}" for i, (a, b) in enumerate(pairs)
    ]
    (here / "deals.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (here / "study.toml").write_text(STUDY, encoding="utf-8")
    run_study(open_study(here), here / "linkages-demo")
    out = here / "linkages-demo-tables"
    assert main(["export", str(here / "linkages-demo"), "--to", "stata,csv", "--out", str(out), "-q"]) == 0
    return here


def run_of(folder: Path) -> Run:
    from observatory import open_run

    return open_run(folder / "linkages-demo")


def needs_r() -> str:
    program = shutil.which("Rscript")
    if program is None:
        pytest.skip("R is not installed")
    asked = "cat(all(c('haven', 'igraph', 'jsonlite') %in% rownames(installed.packages())))"
    found = subprocess.run([program, "-e", asked], capture_output=True, text=True, check=True).stdout
    if found != "TRUE":
        pytest.skip("R is without haven, igraph or jsonlite")
    return program


def of_r(folder: Path, heading: str) -> str:
    program = needs_r()
    (code,) = [code for name, code in R_BLOCKS if name.startswith(heading)]
    done = subprocess.run([program, "-e", code], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_page_says_which_blocks_are_run() -> None:
    assert [name for name, _ in R_BLOCKS] == [
        "R, from the .dta files (run)",
        "R, as a graph (run)",
        "R, the spaces (run)",
    ]
    assert len(QUERIES) == 3


def test_r_reads_the_dta_files(folder: Path) -> None:
    said = of_r(folder, "R, from the .dta")
    links = run_of(folder).table("networks/sector__all__2007-2014.parquet")
    best = links.nlargest(1, "association").iloc[0]
    assert f"{best['association']:.5f}"[:6] in said
    assert "Weight over expected weight" in said
    for tier, number in run_of(folder).stars["tier"].value_counts().items():
        assert re.search(rf"\b{number}\b", said), tier


def test_r_finds_the_modularity_that_the_run_found(folder: Path) -> None:
    said = of_r(folder, "R, as a graph")
    found = run_of(folder).partition("sector__all__2007-2014").modularity
    assert float(said.split()[1]) == pytest.approx(found, abs=6e-5)


def test_r_lists_the_spaces(folder: Path) -> None:
    said = of_r(folder, "R, the spaces")
    spaces = run_of(folder).spaces.of("sector__all__2007-2014")
    assert len(spaces) >= 2
    assert [line.split()[0] for line in said.splitlines()] == [
        space["id"] for space in run_of(folder).spaces if space["network"] == "sector__all__2007-2014"
    ]


def test_the_queries_answer(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    answers = [duckdb.connect().execute(query).df() for query in QUERIES]
    assert [list(table.columns) for table in answers] == [
        ["source", "target", "events", "association"],
        ["region_a", "region_b", "events"],
        ["tier", "clusters"],
    ]
    assert answers[2]["clusters"].sum() == len(run_of(folder).stars)
    joint = run_of(folder).table("joint.parquet").query("sector_a == '325' and sector_b == '621'")
    assert answers[1]["events"].sum() == joint.groupby(["region_a", "region_b"])["events"].sum().nlargest(5).sum() > 0


def test_the_columns_that_stata_is_shown_are_there(folder: Path) -> None:
    (block,) = re.findall(r"```stata\n(.*?)```", PAGE, re.DOTALL)
    links = pd.read_stata(folder / "linkages-demo-tables" / "stata" / "links.dta")
    assert {"source_label", "target_label", "events", "association", "q", "network", "of", "period"} <= {*links.columns}
    for name in re.findall(r'use "([^"]+)"', block):
        assert (folder / name).is_file()
    change = pd.read_stata(folder / "linkages-demo-tables" / "stata" / "change.dta")
    assert "change_class" in change
