"""What docs/scripts.md shows: the script runs, by cron's line and by the workflow's steps, and stops where it says."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

pytestmark = pytest.mark.long(seconds=130)

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "scripts.md").read_text(encoding="utf-8")
Call = Callable[[str], subprocess.CompletedProcess[str]]


def block(name: str) -> str:
    (found,) = re.findall(rf"<!-- script: {re.escape(name)} -->\n```\w+\n(.*?)```", PAGE, re.DOTALL)
    return str(found)


def write_small(folder: Path) -> Path:
    """Write the small study of the tests of observatory."""
    where = ROOT / "tests" / "observatory" / "conftest.py"
    spec = importlib.util.spec_from_file_location("small_study_of_tests", where)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    written: Path = module.write_small(folder)
    return written


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the script, and a study in a folder."""
    folder = tmp_path_factory.mktemp("home")
    settings = write_small(folder / "study") / "study.toml"
    text = settings.read_text(encoding="utf-8").replace("bootstrap = 4", "bootstrap = 0")
    # One source is enough for what the script does with a run.
    settings.write_text(re.sub(r"\[sources\.(?!deals).*?(?=\n\[)", "", text, flags=re.DOTALL), encoding="utf-8")
    (folder / "study.sh").write_text(block("study.sh"), encoding="utf-8")
    program = folder / "bin" / "linkages"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m observatory.cli "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    return folder


@pytest.fixture(scope="module")
def sh(home: Path) -> Call:
    """Return a function that gives a line to the shell, in the home."""

    def call(line: str) -> subprocess.CompletedProcess[str]:
        environment = {
            **os.environ,
            "PATH": f"{home / 'bin'}:/usr/local/bin:/usr/bin:/bin",
            "PYTHONPATH": str(ROOT),
            "HOME": str(home),
            "GITHUB_STEP_SUMMARY": str(home / "summary.md"),
        }
        return subprocess.run(
            ["/bin/sh", "-ec", line], cwd=home, env=environment, capture_output=True, text=True, check=False
        )

    return call


def cron_lines() -> list[str]:
    return [line for line in block("crontab").splitlines() if line and not re.match(r"#|\w+=", line)]


def test_a_line_of_cron_is_five_fields_and_a_command() -> None:
    (line,) = cron_lines()
    fields = line.split(None, 5)
    assert all(re.fullmatch(r"\*|\d+", field) for field in fields[:5])
    assert fields[5].startswith("flock ")
    assert "%" not in fields[5]  # which cron takes for the end of the line


def test_the_workflow_is_one_that_github_reads() -> None:
    workflow = yaml.safe_load(block("workflow.yml"))
    assert {*workflow} == {"name", True, "permissions", "concurrency", "jobs"}  # YAML takes the word on for true
    assert {*workflow[True]} == {"push", "schedule"}
    (job,) = workflow["jobs"].values()
    assert all(("run" in step) != ("uses" in step) for step in job["steps"])
    assert all(re.fullmatch(r"[\w-]+/[\w-]+@v\d+", step["uses"]) for step in job["steps"] if "uses" in step)
    kept = [step["with"]["path"].split() for step in job["steps"] if "upload-artifact" in step.get("uses", "")]
    assert kept == [["study/manifests", "study/log"]]


@pytest.fixture(scope="module")
def weekly(home: Path, sh: Call) -> tuple[subprocess.CompletedProcess[str], dict[str, str]]:
    """The first run, by cron's line: what it said, and the digests of the site."""
    if shutil.which("flock") is None:
        pytest.skip("flock is not installed")
    (line,) = cron_lines()
    done = sh(line.split(None, 5)[5])
    return done, {path.name: path.read_text(errors="replace") for path in (home / "study" / "site").glob("*.html")}


def test_the_first_run(home: Path, weekly: tuple[subprocess.CompletedProcess[str], dict[str, str]]) -> None:
    done, site = weekly
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    assert re.fullmatch(r"done: \d{4}-\d\d-\d\dT\d{6}Z\n", done.stdout)
    assert "index.html" in site
    study = home / "study"
    (manifest,) = (study / "manifests").iterdir()
    assert manifest.read_bytes() == (study / "last" / "run" / "manifest.json").read_bytes()
    assert json.loads((study / "log" / "run.json").read_text())["status"] == "complete"
    assert not (study / "log" / "diff.json").exists()


@pytest.mark.usefixtures("weekly")
def test_then_what_differs_is_said_and_a_gate_or_bad_data_leave_what_was_published(home: Path, sh: Call) -> None:
    study = home / "study"
    settings = study / "study.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(f'counting = "fractional"\n{text}', encoding="utf-8")
    (job,) = yaml.safe_load(block("workflow.yml"))["jobs"].values()
    steps = [step["run"] for step in job["steps"] if "run" in step and step["name"] != "Install"]
    done = [sh(step) for step in steps]
    assert [one.returncode for one in done] == [0, 0], done[0].stderr
    assert "Settings: counting (full → fractional)." in done[0].stdout
    assert "Only one setting differs" in done[0].stdout
    assert "Only one setting differs" in (home / "summary.md").read_text(encoding="utf-8")
    assert json.loads((study / "log" / "diff.json").read_text(encoding="utf-8"))["causes"] == ["settings"]
    assert len(list((study / "manifests").iterdir())) == 2
    published = {path: path.stat().st_mtime_ns for path in (study / "site").rglob("*")}
    last = (study / "last" / "run" / "manifest.json").read_bytes()

    settings.write_text(f"{text}\n[gates]\nused = 1.0\n", encoding="utf-8")
    gate = sh("sh study.sh study")
    assert gate.returncode == 4
    assert "gate not met: used is" in gate.stdout

    (study / "inbox" / "deals.csv").write_bytes(b"")
    bad = sh("sh study.sh study")
    assert bad.returncode == 3
    assert "inbox/deals.csv" in bad.stdout
    assert "nothing was written" in bad.stdout

    assert {path: path.stat().st_mtime_ns for path in (study / "site").rglob("*")} == published
    assert (study / "last" / "run" / "manifest.json").read_bytes() == last


def test_every_exit_code_of_the_program_is_explained() -> None:
    from observatory import cli

    codes = {cli.FINE, cli.OUR_FAULT, cli.USAGE, cli.BAD_INPUT, cli.GATE, cli.EXTRA, cli.INTERRUPTED}
    assert {int(code) for code in re.findall(r"^\| (\d+) \|", PAGE, re.MULTILINE)} == codes
