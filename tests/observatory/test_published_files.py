"""The published tiers on the command line and as files."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from observatory.cli import main
from observatory.published_files import published_tables
from observatory.stars import published_tiers
from observatory.store import kind_of

ASKED = ["stars", "panorama2020", "--industry", "industry"]
Capture = pytest.CaptureFixture[str]


def test_shown_with_its_notes(capsys: Capture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert main([*ASKED, "--nuts", "2016"]) == 0
    streams = capsys.readouterr()
    rows = streams.out.splitlines()
    assert rows[0] == "industry,region,tier"
    assert len(rows) == len(published_tiers(2016)) + 1
    assert "HU10 into HU11, HU12" in streams.err
    assert main([*ASKED, "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)) == 1094


def test_a_folder_and_a_workbook_hold_all_that_was_published(capsys: Capture, tmp_path: Path) -> None:
    names = ["tiers", "counts", "top_regions", "contradictions", "notes"]
    assert main([*ASKED, "--out", str(tmp_path / "all")]) == 0
    assert {path.stem for path in (tmp_path / "all").glob("*.csv")} == set(names)
    assert kind_of(tmp_path / "all") == "stars"
    counts = pd.read_csv(tmp_path / "all" / "counts.csv")
    assert counts["basic"].sum() == 1854
    notes = pd.read_csv(tmp_path / "all" / "notes.csv")
    assert {"tiers", "counts", "top_regions"} == set(notes["table"])
    assert notes["note"].str.startswith("licence: ").sum() == 3
    assert main([*ASKED, "--out", str(tmp_path / "all.xlsx"), "--nuts", "2010"]) == 0
    book = CalamineWorkbook.from_path(str(tmp_path / "all.xlsx"))
    assert book.sheet_names == names
    assert len(book.get_sheet_by_name("tiers").to_python()) == len(published_tiers(2010)) + 1
    assert capsys.readouterr().out.splitlines() == [str(tmp_path / "all"), str(tmp_path / "all.xlsx")]


def test_one_table(capsys: Capture, tmp_path: Path) -> None:
    out = tmp_path / "tiers.parquet"
    assert main([*ASKED, "--out", str(out), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"rows": 1094, "stars": str(out)}
    pd.testing.assert_frame_equal(pd.read_parquet(out), published_tiers(), check_dtype=False)


def test_what_cannot_be_written(capsys: Capture, tmp_path: Path) -> None:
    assert main([*ASKED, "--out", str(tmp_path / "x.txt")]) == 3
    assert ".csv, .parquet, .xlsx or a folder" in capsys.readouterr().err
    assert main([*ASKED, "--out", str(tmp_path / "nowhere" / "x.xlsx")]) == 3
    assert "a file in a folder to write in" in capsys.readouterr().err
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("mine", encoding="utf-8")
    assert main([*ASKED, "--out", str(tmp_path / "mine")]) == 3
    assert (tmp_path / "mine" / "thesis.txt").exists()
    assert main([*ASKED, "--nuts", "1999"]) == 2


def test_a_file_of_that_name_is_a_table(capsys: Capture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    Path("panorama2020").write_text("nothing", encoding="utf-8")
    assert main(ASKED) == 3
    assert "panorama2020" in capsys.readouterr().err


def test_the_tables_by_name() -> None:
    tables = published_tables(2016)
    assert tables["tiers"].equals(published_tiers(2016))
    assert set(tables["notes"]["table"]) == {"tiers", "counts", "top_regions"}
