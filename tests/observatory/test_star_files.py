"""Star results as files: a folder, a workbook, and what the command line makes of them."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from ingest.faults import BadInput
from observatory.star_command import StarLevel
from observatory.star_figures import CURVES, file_name, mapped
from observatory.star_files import figures_of, named_lists, save_results, sheets_of
from observatory.stars import read_table
from observatory.stars.firm_size import Limits
from observatory.stars.levels import LEVELS
from observatory.stars.regional import read_regions
from observatory.stars.results import star_results
from observatory.stars.sheets import SHEETS, columns_of, described

REGIONS = "Year,Region,Population,GDP\n2014,DE21,4500000,180000000000\n2013,DE21,4400000,\n2014,FR10,12000000,6e11\n"


@pytest.fixture(scope="module")
def results(small_study):
    return star_results(read_table(small_study / "inbox" / "stars.csv"), "industry")


def test_a_folder_holds_every_table_twice_and_says_what_it_is(results, tmp_path):
    out = save_results(results, tmp_path / "stars", "stars.csv")
    names = set(sheets_of(results, "stars.csv"))
    assert {path.stem for path in out.glob("*.csv")} == names
    assert {path.stem for path in out.glob("*.parquet")} == names - {"columns", "method"}
    for name in names - {"columns", "method"}:
        one, other = pd.read_csv(out / f"{name}.csv", keep_default_na=False), pd.read_parquet(out / f"{name}.parquet")
        assert list(one.columns) == list(other.columns)
        assert len(one) == len(other) > 0
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["kind"] == "stars"
    assert manifest["how"].startswith("Panorama 2020")
    assert manifest["thresholds"]["tiers"] == {"high": 13, "medium": 10, "basic": 7}
    files = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    assert {one["path"] for one in manifest["outputs"]} == files - {"manifest.json"}
    assert "figures/tiers.svg" in files
    assert "figures/clusters_on_population.svg" not in files
    method = pd.read_csv(out / "method.csv").set_index("what")["said"]
    assert method["threshold firm size dominance"] == "0.55"


def test_every_column_of_every_table_is_explained(results):
    tables = sheets_of(results, "stars.csv")
    told = tables["columns"]
    assert (told["meaning"].str.len() > 3).all()
    held = sum(len(table.columns) for name, table in tables.items() if name not in ("columns", "method"))
    assert len(told) == held
    assert set(results.tables) == set(SHEETS)
    for name, table in results.tables.items():
        assert set(table.columns) <= set(columns_of(name)), name
    old = star_results(results.scores[["region", "industry"]].assign(year=2014, employment=1.0), "industry",
                       "observatory2009")  # fmt: skip
    assert len(described({"stars": old.scores, **old.tables}, "x"))


def test_a_folder_is_written_again_but_nothing_else_is_overwritten(results, tmp_path):
    first = save_results(results, tmp_path / "stars", "stars.csv")
    bytes_of = {path.name: path.read_bytes() for path in first.rglob("*") if path.is_file()}
    again = save_results(results, tmp_path / "stars", "stars.csv")
    assert bytes_of == {path.name: path.read_bytes() for path in again.rglob("*") if path.is_file()}
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work", encoding="utf-8")
    with pytest.raises(BadInput, match="a stars folder or a name not taken"):
        save_results(results, tmp_path / "mine", "stars.csv")
    assert (tmp_path / "mine" / "thesis.txt").read_text(encoding="utf-8") == "years of work"


def test_a_workbook_has_a_sheet_a_table(results, tmp_path):
    out = save_results(results, tmp_path / "stars.xlsx", "stars.csv")
    sheets = pd.read_excel(out, sheet_name=None, engine="calamine")
    assert list(sheets) == list(sheets_of(results, "stars.csv"))
    assert len(sheets["tiers"]) == len(results.tables["tiers"])
    for path, words in (("stars.docx", "or a folder"), ("none/stars.xlsx", "a folder to write in")):
        with pytest.raises(BadInput, match=words):
            save_results(results, tmp_path / path, "stars.csv")


def test_the_command_writes_all_results(command, small_study, tmp_path):
    table = small_study / "inbox" / "stars.csv"
    regions = tmp_path / "regions.csv"
    regions.write_text(REGIONS, encoding="utf-8")
    code, text, err = command("stars", table, "--industry", "industry", "--regions", regions, "--out", tmp_path / "all",
                              "--economy", "Bavaria=DE21", "--economy", "Rest=FR;IT;AT;SE")  # fmt: skip
    assert (code, text) == (0, f"{tmp_path / 'all'}\n")
    assert "Growth is from 2012 to 2014" in err
    held = pd.read_csv(tmp_path / "all" / "regions.csv").set_index("region")
    assert held.loc["DE21", ["population", "gdp_per_head"]].to_list() == [4_500_000, 40_000]
    assert set(pd.read_csv(tmp_path / "all" / "economies.csv")["economy"]) == {"Bavaria", "Rest"}


def test_the_command_gives_stars_of_groups_and_levels(command, small_study):
    table = small_study / "inbox" / "stars.csv"
    code, text, _ = command("stars", table, "--industry", "industry", "--group", "Mine=Automotive;Biopharmaceuticals")
    assert code == 0
    assert {line.split(",")[1] for line in text.splitlines()[1:]} == {"Mine"}
    code, text, _ = command("stars", table, "--industry", "industry", "--level", "emerging")
    assert "Mobility Technologies" in text
    code, _, err = command("stars", table, "--industry", "industry", "--level", "division")
    assert code == 2
    assert "needs a table in NACE codes" in err
    code, _, err = command("stars", table, "--industry", "industry", "--group", "Mine", "--group", "=A")
    assert code == 3
    assert err.count("write NAME=A;B") == 2
    assert {level.value for level in StarLevel} == set(LEVELS) - {"groups"}


def test_figures_are_drawn_of_what_is_known():
    draw = np.random.default_rng(7)
    regions = ["DE21", "DE11", "FR10", "ITC4", "AT13", "SE11"]
    names = ["Automotive", "Plastics", "Metalworking Technology", "Medical Devices"]
    rows = [
        (region, name, 2014, float(draw.integers(50, 900)), float(draw.integers(2, 60)))
        for region in regions for name in names
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=["region", "industry", "year", "employment", "firms"])
    facts = pd.DataFrame({"region": regions, "year": 2014, "population": range(1, 7), "gdp": 9.0, "patents": 2.0})
    results = star_results(table, "industry", regions=facts, limits=Limits(quotient=1.0))
    drawn = dict(figures_of(results, "invented.csv"))
    assert {"tiers", *CURVES} <= set(drawn)
    maps = mapped(results.tables["firm_size"])
    assert {f"firm_size_{file_name(industry)}" for industry in maps} == set(drawn) - {"tiers", *CURVES}
    assert maps
    assert all(svg.startswith("<svg") for svg in drawn.values())
    far = star_results(table.assign(region=["US-1", "JP-1"] * (len(table) // 2)).drop_duplicates(
        ["region", "industry"]), "industry")  # fmt: skip
    assert set(dict(figures_of(far, "invented.csv"))) == {"tiers", "economies"}


def test_names_and_members_of_the_command_line():
    assert named_lists(["A=1;2", "B= 3 ;"], "--group") == {"A": ["1", "2"], "B": ["3"]}


def test_a_table_of_regions(tmp_path):
    path = tmp_path / "regions.csv"
    path.write_text(REGIONS, encoding="utf-8")
    table = read_regions(path)
    assert table.columns.to_list() == ["region", "year", "population", "gdp"]
    assert table["region"].to_list() == ["DE21", "DE21", "FR10"]
    assert pd.isna(table.loc[0, "gdp"])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("region,year,people\nDE21,2014,5\n", "a column population, gdp or patents"),
        ("region,population\nDE21,5\n", "a column year"),
        ("region,year,population\nDE21,2014,-5\n", "line 2: '-5'"),
        ("region,year,population\nDE21,2014,5\nDE21,2014,6\n", "line 3"),
    ],
)
def test_a_bad_table_of_regions(tmp_path, text, words):
    path = tmp_path / "regions.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        read_regions(path)
    assert words in str(caught.value)


def test_a_table_of_regions_that_is_not_there(tmp_path):
    with pytest.raises(BadInput, match="a file"):
        read_regions(tmp_path / "none.csv")
