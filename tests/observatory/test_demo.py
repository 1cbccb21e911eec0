"""The study that comes with the program, and the empty one."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import version

import pytest

from ingest.faults import BadInput
from ingest.sources import SOURCES
from observatory import demo
from observatory.cli import main
from observatory.settings import Settings
from observatory.study import open_study


def test_the_demo_study_is_there_with_all_its_files():
    study = open_study(demo.demo_folder())
    assert {name: len(study.files(name)) for name in study.settings.sources} == {
        "regpat": 2, "patstat": 4, "thomson": 2, "sdc": 2, "eureka": 1, "projects": 1,
    }  # fmt: skip


def test_an_installation_without_the_demo_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(demo, "__file__", str(tmp_path / "observatory" / "demo.py"))
    with pytest.raises(BadInput, match="install linkages again"):
        demo.demo_folder()
    (tmp_path / "observatory" / "demo_study").mkdir(parents=True)
    (tmp_path / "observatory" / "demo_study" / "study.toml").touch()
    assert demo.demo_folder() == tmp_path / "observatory" / "demo_study"


def test_a_new_study_opens_and_holds_the_defaults(tmp_path):
    file = demo.write_new(tmp_path / "a" / "b")
    assert file == tmp_path / "a" / "b" / "study.toml"
    assert list((tmp_path / "a" / "b" / "inbox").iterdir()) == []
    settings = open_study(file).settings
    plain = Settings(settings.title, settings.sources)
    assert settings == plain


def test_every_line_that_is_a_note_may_become_a_setting(tmp_path):
    text = demo.write_new(tmp_path).read_text(encoding="utf-8")
    changed = re.sub(r'^# (?=\[[\w.]+\]|\w+ = |"[^"]+" = )', "", text, flags=re.MULTILINE)
    assert len(tomllib.loads(changed)["sources"]) == 4
    (tmp_path / "study.toml").write_text(changed, encoding="utf-8")
    settings = open_study(tmp_path).settings
    assert settings.groups.regions == {"Oresund": ["DK01", "DK02", "SE22"]}
    assert settings.gates.used == 0.8


def test_every_format_is_named(tmp_path):
    line = next(one for one in demo.write_new(tmp_path).read_text(encoding="utf-8").splitlines() if "format:" in one)
    assert set(SOURCES) == set(re.findall(r"\w+", line.split("format:")[1])) - {"or", "for", "anything", "else"}


def test_nothing_is_overwritten(tmp_path):
    demo.write_new(tmp_path)
    (tmp_path / "study.toml").write_text("mine", encoding="utf-8")
    with pytest.raises(BadInput, match="a folder without a study"):
        demo.write_new(tmp_path)
    assert (tmp_path / "study.toml").read_text(encoding="utf-8") == "mine"


def test_a_place_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(BadInput, match="a folder to write in"):
        demo.write_new(tmp_path / "file" / "study")


def test_the_demo_refuses_a_taken_folder_before_it_reads(tmp_path, capsys):
    (tmp_path / "mine.txt").touch()
    assert main(["demo", "--out", str(tmp_path)]) == 3
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.splitlines()) == 2  # the fault and the number of faults; nothing of what is being read
    assert "a run folder or a name not taken" in err


def test_the_version_is_printed(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr() == (f"linkages {version('linkages')}\n", "")
