"""Publishers' files on the command line and in a study."""

import json
from pathlib import Path

import pandas as pd
import pytest

from ingest.faults import BadInput
from observatory.cli import BAD_INPUT, FINE, USAGE, main
from observatory.stages.starring import star_table
from observatory.study import Study, open_study

SBS = """\
freq,nace_r2,indic_sb,geo\\TIME_PERIOD\t2013 \t2014
A,C10,V16110,FR24\t1700 b\t1714
A,C11,V16110,FR24\t: c\t30
A,C12,V16110,FR24\t20 \t: c
A,C12,V16110,DE21\t20 \t10
"""
NEW = """\
DATAFLOW,LAST UPDATE,freq,nace_r2,indic_sbs,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG,CONF_STATUS
ESTAT:SBS_R_NUTS2021(1.0),21/11/26 11:00:00,A,C10,EMP_LOC_NR,FRB0,2021,1800,,
"""
STUDY = """\
title = "Publishers' figures"
nuts = 2016

[sources.deals]
format = "table"
files = ["deals.csv"]

[stars]
table = ["sbs*.tsv", "new.csv"]
industry = "nace"
"""


@pytest.fixture
def sbs(tmp_path: Path) -> Path:
    path = tmp_path / "sbs_r_nuts06_r2.tsv"
    path.write_text(SBS, encoding="utf-8")
    (tmp_path / "new.csv").write_text(NEW, encoding="utf-8")
    return path


def study_of(folder: Path, text: str = STUDY) -> Study:
    (folder / "study.toml").write_text(text, encoding="utf-8")
    (folder / "deals.csv").write_text("id\n1\n", encoding="utf-8")
    return open_study(folder)


def test_one_command_for_a_bulk_file(sbs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["stars", str(sbs), "--industry", "nace", "--json"]) == FINE
    said = capsys.readouterr()
    assert {row["region"] for row in json.loads(said.out)} == {"DE21", "FR24"}
    assert "sbs_r_nuts06_r2.tsv: 8 cells read, 6 used; set aside: 2 no figure: confidential or withheld.\n" in said.err
    assert "employment of sbs_r_nuts06_r2.tsv: persons employed, not full-time equivalents.\n" in said.err
    assert "3 cells carry a flag of their publisher: 2 c (confidential), 1 b (break in the series).\n" in said.err


def test_several_files_options_and_the_flags(sbs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    flags, out = tmp_path / "flags.csv", tmp_path / "stars.csv"
    arguments = ["stars", sbs, tmp_path / "new.csv", "--industry", "nace", "--layout", "eurostat", "--nuts", "2016"]
    code = main([str(one) for one in [*arguments, "--fill", "remainder", "--flags", flags, "--out", out]])
    said = capsys.readouterr()
    assert code == FINE
    assert set(pd.read_csv(out)["region"]) == {"DE21", "FRB0"}
    assert pd.read_csv(flags, keep_default_na=False)["flag"].to_list() == ["b", "c", "c"]
    assert "1 region is renamed in NUTS 2016: FR24 = FRB0.\n" in said.err


def test_a_folder_of_results_keeps_flags_and_ledger(sbs: Path, tmp_path: Path) -> None:
    out = tmp_path / "results"
    assert main(["stars", str(sbs), "--industry", "nace", "--out", str(out)]) == FINE
    assert pd.read_csv(out / "flags.csv", keep_default_na=False)["flag"].to_list() == ["b", "c", "c"]
    ledger = pd.read_csv(out / "ledger.csv").set_index("reason")["cells"]
    assert ledger["read"] == ledger.drop("read").sum() == 8


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (["--industry", "naics"], BAD_INPUT, "say --industry nace"),
        (["--industry", "nace", "--nuts", "2011"], USAGE, "2011"),
        (["--industry", "nace", "--layout", "excel"], USAGE, "excel"),
        (["--industry", "nace", "--fill", "guess"], USAGE, "guess"),
        (["--industry", "nace", "--digits", "7"], USAGE, "--digits"),
        (["--industry", "nace", "--rate", "USD"], USAGE, "such as USD=0.92"),
        (["--industry", "nace", "--layout", "cbp"], BAD_INPUT, "fipstate, naics, emp and est"),
    ],
)
def test_what_is_wrong(sbs: Path, capsys: pytest.CaptureFixture[str], options: list[str], code: int, said: str) -> None:
    assert main(["stars", str(sbs), *options]) == code
    assert said in capsys.readouterr().err


def test_a_measure_and_a_year_by_word(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "regions.csv"
    path.write_text("nace_r2,geo,values\nC10,DE21,1.7\nC10,DE22,1\n", encoding="utf-8")
    assert main(["stars", str(path), "--industry", "nace"]) == BAD_INPUT
    said = capsys.readouterr().err
    assert "--year" in said
    words = ["--measure", "employment:thousand", "--year", "2015"]
    assert main(["stars", str(path), "--industry", "nace", *words]) == FINE
    assert "said to be employment in thousand" in capsys.readouterr().err


def test_a_study_of_publishers_files(sbs: Path) -> None:
    found = star_table(study_of(sbs.parent))
    assert set(found.table["region"]) == {"DE21", "FRB0"}
    assert found.about["source"] == "sbs*.tsv, new.csv"
    assert "1 region is renamed in NUTS 2016: FR24 = FRB0." in found.about["notes"]
    assert found.files["flags"]["flag"].to_list() == ["b", "c", "c"]
    ledger = found.files["ledger"]
    assert ledger.loc[ledger["reason"] == "read", "cells"].to_list() == [1, 8]
    assert set(ledger["file"]) == {"new.csv", "sbs_r_nuts06_r2.tsv"}


def test_files_that_a_study_names_and_that_are_not_there(sbs: Path) -> None:
    text = STUDY.replace('"sbs*.tsv", "new.csv"', '"cbp*.zip", "new.csv", "old.csv"')
    with pytest.raises(BadInput) as caught:
        star_table(study_of(sbs.parent, text))
    assert [fault.value for fault in caught.value.faults] == ["cbp*.zip", "old.csv"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('fill = "guess"', "none, remainder"),
        ("digits = 9", "at most 6"),
        ('layout = "excel"', "auto, eurostat, cbp, firms, table"),
        ("table = []", "at least 1"),
        ("year = 20", "1900"),
        ("rates = { USD = -1.0 }", "> 0"),
    ],
)
def test_settings_that_are_wrong(sbs: Path, line: str, said: str) -> None:
    text = (
        STUDY + line + "\n" if not line.startswith("table") else STUDY.replace('table = ["sbs*.tsv", "new.csv"]', line)
    )
    with pytest.raises(BadInput, match=said):
        study_of(sbs.parent, text)
