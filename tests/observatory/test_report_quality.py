"""What the report says of losses, matches, coverage and doubts."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from observatory.material import Material
from observatory.report.losses import losses
from observatory.report.quality import COUNTRIES, NO_YEAR, covered, periods_of, quality
from observatory.report.wording import percent
from observatory.report.written.read import written
from observatory.stages.doubts import DOUBTFUL, MOVES
from observatory.store import Run, open_run, write_parquet

PERIODS = [[2000, 2007], [2007, 2014]]


def tables(blocks: list[dict]) -> list[dict]:
    found = []
    for block in blocks:
        if block["kind"] == "table":
            found.append(block)
        elif block["kind"] == "fold":
            found += tables(block["blocks"])
        elif block["kind"] == "columns":
            found += [one for column in block["columns"] for one in tables(column)]
    return found


def captioned(read: dict, words: str) -> list[list[str]]:
    return next(one["rows"] for one in tables(written(read)) if words in one["caption"] or words in one["headings"])


@pytest.fixture
def doubted(small_run: Run, tmp_path: Path) -> Run:
    """The small run with two invented doubts."""
    folder = tmp_path / "run"
    shutil.copytree(small_run.folder, folder)
    rows = [
        ("place", "deals", "", "Ulmm", "DE", "fuzzy city", "doubtful", 91.0, "", "DE14", 3, 2.5, 2.5, 2),
        ("name", "deals", "=cmd()", "Acme <b>", "DE", "near name", "doubtful", 88.0, "", "", 2, 1.0, 0.0, 0),
    ]
    write_parquet(folder / "quality" / "doubtful.parquet", pd.DataFrame(rows, columns=list(DOUBTFUL)))
    moves = [("region", "DE14", "", 0.0, 2.5), ("link", "DE14", "FR10", 0.0, 2.0)]
    write_parquet(folder / "quality" / "moves.parquet", pd.DataFrame(moves, columns=list(MOVES)))
    return open_run(folder)


def test_a_shared_year_is_in_both_periods() -> None:
    assert periods_of(2007, PERIODS) == ["2000–2007", "2007–2014"]
    assert periods_of(pd.NA, PERIODS) == [NO_YEAR]
    assert periods_of(2015, PERIODS) == ["outside the periods"]


def test_the_funnel_by_period_and_country(small_run: Run) -> None:
    read = losses(Material(small_run, None))
    table = small_run.table("quality/funnel.parquet")
    rows = captioned(read, "Rows read and used, by period")
    for source, period, read_rows, used, _, events, _ in rows:
        own = table[table["source"] == source]
        first, last = (int(year) for year in period.split("–")) if "–" in period else (0, 0)
        here = own[own["year"].between(first, last)] if first else own[own["year"].isna()]
        if period == "outside the periods":
            continue
        assert read_rows == f"{here['rows'].sum():,}"
        assert used == f"{here.loc[here['reason'] == 'used', 'rows'].sum():,}"
        assert events == f"{here.loc[here['reason'] == 'used', 'weight'].sum():,.0f}"
    assert {row[0] for row in rows} == set(table["source"])
    countries = captioned(read, "Country")
    assert 0 < len(countries) <= COUNTRIES


def test_without_doubt_it_says_so(small_run: Run) -> None:
    read = losses(Material(small_run, None))
    doubts = small_run.table("quality/doubtful.parquet")
    said = [block["text"] for block in written(read) if block["kind"] == "text"]
    assert ("No match of a place, name or region code is in doubt." in said) == doubts.empty


def test_little_that_would_move_is_not_nothing(doubted: Run) -> None:
    doubts = doubted.table("quality/doubtful.parquet")
    write_parquet(doubted.folder / "quality" / "doubtful.parquet", doubts.assign(moves=[0.02, 0.0]))
    told = " ".join(b["text"] for b in written(losses(Material(doubted, None))) if b["kind"] == "text")
    assert "a weight of 0.02 events would move" in told


def test_doubts_are_told_with_what_they_move(doubted: Run) -> None:
    read = losses(Material(doubted, None))
    used = doubted.table("ledger.csv").query("reason == 'used'")["weight"].sum()
    said = " ".join(block["text"] for block in written(read) if block["kind"] == "text")
    assert "2 matches are in doubt" in said
    assert f"a weight of 2.5 events would move to or from a region, {percent(2.5 / used)} of the events used" in said
    rows = captioned(read, "The heaviest doubts")
    assert rows[0] == ["city", "deals", "Ulmm", "DE", "91.0", "nowhere", "DE14", "3", "2.50", "2"]
    assert rows[1][:3] == ["firm", "deals", "=cmd() / Acme <b>"]
    assert captioned(read, "Regions whose weight would move") == [["DE14", "0.00", "2.50"]]
    assert captioned(read, "Links that would move") == [["DE14 – FR10", "0.00", "2.00"]]


def test_the_map_of_coverage(small_run: Run) -> None:
    pictures = {one.name: one for one in losses(Material(small_run, None))["pictures"]}
    assert "Coverage" in pictures["map-coverage"].alt
    data = pictures["map-coverage"].data
    people = small_run.table("records/participants.parquet")
    inside = people["region"].fillna("").str.len() == 4
    assert data.filter(like="value").iloc[:, 0].sum() == inside.sum()


def test_coverage_of_nobody_and_of_places_without_people() -> None:
    rows = [("a", "TR10", "Istanbul", 2, 2.0, None), ("a", "US", "United States", 9, 9.0, None)]
    table = covered(pd.DataFrame(rows, columns=["source", "region", "name", "participants", "weight", "people"]))
    assert table["region"].to_list() == ["TR10"]
    assert table["group"].isna().all()


def test_an_older_run_has_no_tables_of_quality(small_run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "old"
    shutil.copytree(small_run.folder, folder)
    shutil.rmtree(folder / "quality")
    material = Material(open_run(folder), None)
    assert quality(material) == {"told": False, "pictures": []}
    assert [one.name for one in losses(material)["pictures"]] == ["rows"]
    assert written(losses(material))
