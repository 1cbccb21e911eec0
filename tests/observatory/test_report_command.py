"""The command that writes the report again: from a run folder alone, into it or beside it."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from observatory import cli
from observatory.report import files, pdf, workbook
from observatory.store import Run


@pytest.fixture
def command(capsys):
    """Return a function that runs a command in this process: exit code, stdout, stderr."""

    def run(*arguments: object) -> tuple[int, str, str]:
        code = cli.main([str(one) for one in arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


@pytest.fixture
def quick(monkeypatch):
    """Leave the drawings out: what is tested is where files go."""
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="5" viewBox="0 0 9 5"></svg>'
    monkeypatch.setattr("observatory.report.pictures.to_svg", lambda _: drawing)


@pytest.fixture
def own_run(small_run: Run, tmp_path: Path) -> Path:
    return Path(shutil.copytree(small_run.folder, tmp_path / "run"))


def digests(folder: Path) -> dict[str, str]:
    every = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in every}


@pytest.mark.usefixtures("quick")
def test_into_the_run_the_manifest_keeps_up(command, own_run):
    before = json.loads((own_run / "manifest.json").read_text(encoding="utf-8"))
    code, out, err = command("report", own_run, "--format", "pdf,xlsx", "--quiet")
    assert (code, err) == (0, "")
    assert [line.split()[0] for line in out.splitlines()] == ["pdf", "xlsx"]
    assert all(Path(line.split(maxsplit=1)[1]).is_file() for line in out.splitlines())
    after = json.loads((own_run / "manifest.json").read_text(encoding="utf-8"))
    found = digests(own_run)
    del found["manifest.json"]
    assert {row["path"]: row["sha256"] for row in after["outputs"]} == found
    assert "report/report.pdf" in found
    assert {key: after[key] for key in after if key != "outputs"} == {
        key: before[key] for key in before if key != "outputs"
    }


@pytest.mark.usefixtures("quick")
def test_beside_the_run_nothing_of_it_changes(command, own_run, tmp_path):
    before = digests(own_run)
    out_folder = tmp_path / "new" / "place"
    code, out, _ = command("report", own_run, "--out", out_folder, "--json", "--quiet")
    assert code == 0
    told = json.loads(out)
    assert told["html"] == str(out_folder / "index.html")
    assert told["document"] == str(out_folder / "report.json")
    assert digests(own_run) == before
    assert not [one for one in out_folder.iterdir() if one.name.startswith(".")]
    # Once more into the same place, which is a report's by now.
    assert command("report", own_run, "--out", out_folder, "--short", "--quiet")[0] == 0


@pytest.mark.parametrize("asked", ["htm", "html,docx", "", ","])
def test_a_format_that_there_is_not(command, own_run, asked):
    before = digests(own_run)
    code, out, err = command("report", own_run, "--format", asked)
    assert (code, out) == (2, "")
    assert "html, xlsx, pdf, quarto" in err
    assert digests(own_run) == before


def test_what_is_not_a_report_is_not_overwritten(command, own_run, tmp_path):
    taken = tmp_path / "letters"
    taken.mkdir()
    (taken / "letter.txt").write_text("Dear", encoding="utf-8")
    for place in (taken, taken / "letter.txt", own_run, own_run / "report"):
        code, out, err = command("report", own_run, "--out", place)
        assert (code, out) == (3, "")
        assert "To mend" in err
    assert (taken / "letter.txt").read_text(encoding="utf-8") == "Dear"


def test_a_folder_that_is_no_run(command, tmp_path):
    code, _, err = command("report", tmp_path)
    assert code == 3
    assert "manifest.json" in err


def test_without_the_extra_the_command_says_what_to_install(command, own_run, tmp_path, monkeypatch):
    monkeypatch.setattr(pdf, "find_spec", lambda _: None)
    code, out, err = command("report", own_run, "--format", "html,pdf", "--out", tmp_path / "none")
    assert (code, out) == (6, "")
    assert "pip install 'linkages[pdf]'" in err
    assert not (tmp_path / "none").exists()


@pytest.mark.usefixtures("quick")
def test_a_write_that_fails_leaves_the_old_report(command, own_run, monkeypatch):
    before = digests(own_run / "report")
    monkeypatch.setattr(workbook, "write_sheets", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
    code, _, err = command("report", own_run, "--quiet")
    assert code == 1
    assert "disk full" in err
    assert digests(own_run / "report") == before


def test_borders_are_looked_for_beside_the_run(small_run, tmp_path):
    run = Run(Path(shutil.copytree(small_run.folder, tmp_path / "study" / "run")), dict(small_run.manifest))
    run.manifest["settings"] = {**run.manifest["settings"], "nuts_shapes": "borders.geojson"}
    nothing, said = files.borders_of(run, None)
    assert nothing is None
    assert said.startswith("The study names borders.geojson for borders, which is not beside this run")
    (tmp_path / "study" / "borders.geojson").write_text("{}", encoding="utf-8")
    assert files.borders_of(run, None) == (tmp_path / "study" / "borders.geojson", "")
    run.manifest["settings"]["nuts_shapes"] = None
    assert files.borders_of(run, None) == (None, "")
