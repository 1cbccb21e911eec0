"""The demo study, end to end: the planted spaces are found, and the order of rows changes no byte."""

from __future__ import annotations

import csv
import json
import random
import shutil
import warnings
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from igraph import compare_communities

from observatory.demo import demo_folder
from observatory.run import run_study
from observatory.store import Run
from observatory.study import open_study

pytestmark = pytest.mark.long(seconds=100)

PLANTED = json.loads((Path(__file__).parent.parent / "fixtures" / "demo" / "planted.json").read_text(encoding="utf-8"))
PERIODS = ("2000-2007", "2007-2014")


def run_of(folder: Path, out: Path) -> Run:
    """Run the study of a folder with few resamplings, to be quick."""
    study = folder / "study.toml"
    text = study.read_text(encoding="utf-8")
    assert "bootstrap = 50" in text
    study.write_text(text.replace("bootstrap = 50", "bootstrap = 10"), encoding="utf-8")
    return run_study(open_study(folder), out)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run of the demo study."""
    folder = tmp_path_factory.mktemp("demo")
    shutil.copytree(demo_folder(), folder / "study")
    return run_of(folder / "study", folder / "run")


@pytest.mark.parametrize("period", PERIODS)
def test_the_planted_spaces_are_found(demo, period):
    found = demo.table(f"communities/sector__all__{period}.parquet").set_index("node")["community"]
    planted = pd.Series(PLANTED["periods"][period])
    both = planted.index.intersection(found.index)
    assert len(both) == len(planted)
    codes = planted[both].astype("category").cat.codes
    rand = compare_communities(found[both].tolist(), codes.tolist(), method="adjusted_rand")
    assert rand >= 0.9


@pytest.mark.parametrize("source", ["all", "deal", "alliance"])
def test_the_planted_change_is_told(demo, source):
    """A splits into A and D, four sectors move, one is born, one vanishes: as the fixtures' README says."""
    events = demo.table(f"change/spaces__{source}.parquet")
    assert events["event"].tolist() == ["continued", "continued", "continued", "split"]
    split = events.iloc[3]
    going = demo.table(f"change/members__{source}.parquet").set_index("node")
    assert set(going.index[going["to"] == split["to"]]) == {"221", "238", "334", "335", "562"}
    assert set(going.index[(going["from"] == split["from"]) & (going["to"] != split["to"])]) == {
        "512", "515", "517", "518", "541",
    }  # fmt: skip
    assert going["kind"][going["kind"] != "stayed"].to_dict() == {
        "221": "moved", "562": "moved", "339": "moved", "322": "moved", "519": "born", "313": "vanished",
    }  # fmt: skip


@pytest.mark.parametrize("period", PERIODS)
def test_the_sources_as_layers_give_the_planted_spaces(demo, period):
    table = demo.table(f"communities/layers__{period}.parquet").set_index("node")
    planted = pd.Series(PLANTED["periods"][period]).reindex(table.index).astype("category").cat.codes
    for method, least in (("leiden", 0.9), ("infomap", 0.8)):
        found = table[method].tolist()
        assert compare_communities(found, planted.tolist(), method="adjusted_rand") >= least


def test_all_planted_events_are_used_and_no_other(demo):
    used = demo.table("records/events.parquet")["source"].value_counts()
    assert used.to_dict() == PLANTED["events"]


def test_the_ledger_balances(demo):
    ledger = demo.table("ledger.csv")
    wide = ledger.pivot_table(index="source", columns="reason", values=["rows", "weight"], fill_value=0)
    for what, exact in (("rows", 0), ("weight", 1e-4)):
        parts = wide[what].drop(columns="read").sum(axis=1)
        assert (parts - wide[what]["read"]).abs().max() <= exact
    rows = dict(iter(ledger.groupby("source")))
    read = pd.DataFrame(demo.manifest["inputs"]).groupby("source")["rows"].sum()
    for source, part in rows.items():
        assert part.loc[part["reason"] == "read", "rows"].item() == read[source]


COUNTED = [
    ("thomson", "withdrawn deal", "status: withdrawn"),
    ("thomson", "duplicated row", "duplicate row"),
    ("thomson", "impossible year (3201, 1201)", "impossible date"),
    ("thomson", "ragged row (too few cells)", "wrong number of cells"),
    ("sdc", "alliance with a single participant", "fewer than two participants"),
    ("eureka", "project with a single participant", "fewer than two participants"),
    ("eureka", "duplicated row", "duplicate row"),
    ("projects", "row with an unknown code (n/a)", "no sector found"),
    ("projects", "row of the impossible year 1201", "impossible year"),
    ("regpat", "ragged row (too few cells)", "wrong number of cells"),
    ("regpat", "duplicated row", "duplicate row"),
    ("patstat", "duplicated row", "duplicate row"),
    ("patstat", "filed at another office than the EPO", "not an EPO filing"),
    ("patstat", "second filing of a family (same docdb_family_id, 2014)", "not the first filing of its family"),
    ("patstat", "unknown filing year (9999)", "impossible year"),
]


@pytest.mark.parametrize(("source", "planted", "reason"), COUNTED)
def test_planted_defects_are_counted_to_the_row(demo, source, planted, reason):
    ledger = demo.table("ledger.csv").set_index(["source", "reason"])["rows"]
    count = sum(one["count"] for one in PLANTED["defects"] if one["source"] == source and one["what"] == planted)
    assert count > 0
    assert ledger[source, reason] == count


def test_places_nobody_knows_are_listed(demo):
    unmatched = demo.table("unmatched.csv")
    assert unmatched["value"].str.contains("Atlantisburg").any()


# --- the same rows in another order ---


def _shuffled_lines(path: Path, heading: int, belongs: Callable[[str], bool], dice: random.Random) -> None:
    """Shuffle the rows below the heading; a row that continues the one above stays below it."""
    data = path.read_bytes()
    end = b"\r\n" if b"\r\n" in data else b"\n"
    text = data.decode("latin-1").removesuffix(end.decode())
    lines = text.split(end.decode())
    blocks: list[list[str]] = []
    for line in lines[heading:]:
        if blocks and belongs(line):
            blocks[-1].append(line)
        else:
            blocks.append([line])
    dice.shuffle(blocks)
    rows = [*lines[:heading], *(line for block in blocks for line in block)]
    path.write_bytes((end.decode().join(rows) + end.decode()).encode("latin-1"))


def _shuffled_workbook(path: Path, dice: random.Random) -> None:
    from python_calamine import CalamineWorkbook
    from xlsxwriter import Workbook

    book = CalamineWorkbook.from_path(str(path))
    sheets = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}
    with Workbook(str(path), {"default_date_format": "yyyy-mm-dd"}) as fresh:
        for name, rows in sheets.items():
            width = max(map(len, rows), default=0)
            heading = next((n for n, row in enumerate(rows) if "" not in row and len(row) == width), len(rows)) + 1
            body = rows[heading:]
            dice.shuffle(body)
            sheet = fresh.add_worksheet(name)
            for number, row in enumerate([*rows[:heading], *body]):
                for column, cell in enumerate(row):
                    if cell != "":
                        sheet.write(number, column, cell)


def shuffle(folder: Path) -> None:
    """Shuffle the rows of every file of the demo study."""
    dice = random.Random(11)
    for path in sorted((folder / "inbox").rglob("*")):
        if path.suffix == ".xlsx":
            _shuffled_workbook(path, dice)
        elif path.is_file():
            first = next(csv.reader([path.read_text(encoding="latin-1").split("\n")[0]]))
            two_lines = "Target" in first
            _shuffled_lines(path, 2 if two_lines else 1, lambda line: line.startswith(",,"), dice)


@pytest.fixture(scope="module")
def shuffled(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run of the demo study with all rows in another order."""
    folder = tmp_path_factory.mktemp("shuffled")
    shutil.copytree(demo_folder(), folder / "study")
    with warnings.catch_warnings():
        shuffle(folder / "study")
    changed = [
        path
        for path in (folder / "study" / "inbox").rglob("*")
        if path.is_file() and path.read_bytes() != (demo_folder() / path.relative_to(folder / "study")).read_bytes()
    ]
    assert len(changed) == 14
    return run_of(folder / "study", folder / "run")


def test_shuffled_rows_give_the_same_bytes_in_every_file(demo, shuffled):
    names = [name for name in demo.names("**/*") if (demo.folder / name).is_file()]
    assert names == [name for name in shuffled.names("**/*") if (shuffled.folder / name).is_file()]
    assert len(names) > 60
    differ = [name for name in names if (demo.folder / name).read_bytes() != (shuffled.folder / name).read_bytes()]
    assert differ == ["manifest.json"]


def test_shuffled_rows_give_the_same_manifest_but_for_the_time(demo, shuffled):
    one, two = ({key: part for key, part in run.manifest.items() if key != "time_stamps"} for run in (demo, shuffled))
    assert one == two
    assert set(demo.manifest["time_stamps"]) == {"started", "finished"}
