"""The worked example of docs/adding-a-source.md: its files are written, its module is imported, its result printed."""

from __future__ import annotations

import contextlib
import importlib
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import ingest
from ingest.sources import SOURCES

TEXT = (Path(__file__).resolve().parent.parent / "docs" / "adding-a-source.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"<!-- (?P<what>\w+)(?:: (?P<name>\S+))? -->\n```\w+\n(?P<body>.*?)```", re.DOTALL)
BLOCKS = [(found["what"], found["name"], found["body"]) for found in BLOCK.finditer(TEXT)]


def body(what: str) -> str:
    (found,) = (text for kind, _, text in BLOCKS if kind == what)
    return found


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The example's files, its module beside those of ingest, and its line in force."""
    for what, name, text in BLOCKS:
        if what in ("file", "module"):
            path = tmp_path / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(ingest, "__path__", [*ingest.__path__, str(tmp_path / "ingest")])
    importlib.invalidate_caches()
    before = dict(SOURCES)
    exec(body("line"), {"SOURCES": SOURCES})
    yield tmp_path
    SOURCES.clear()
    SOURCES.update(before)
    sys.modules.pop("ingest.licences", None)


def test_the_example_runs_and_prints_what_it_says(folder: Path) -> None:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(body("run"), str(folder / "run.py"), "exec"), {})
    wanted, found = ([line.split() for line in text.splitlines()] for text in (body("printed"), printed.getvalue()))
    assert found == wanted


@pytest.mark.usefixtures("folder")
def test_the_module_keeps_the_house_rules(tmp_path: Path) -> None:
    import subprocess

    for command in (
        ["check", "--select", "E,F,W,UP,N,B,A,C4,SIM,ARG,PTH,RUF", "--ignore", "A002,RUF002"],
        ["format", "--check"],
    ):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "--line-length", "120", "--isolated", str(tmp_path / "ingest")],
            capture_output=True,
            text=True,
            check=False,
        )
        if "No module named ruff" in done.stderr:
            pytest.skip("ruff is not installed: pip install 'linkages[dev]'")
        assert done.returncode == 0, done.stdout + done.stderr


def test_everything_that_it_names_is_there() -> None:
    root = Path(__file__).resolve().parent.parent
    for name in re.findall(r"`((?:ingest|tests|observatory)/[\w/]+\.py)`", TEXT):
        if "NAME" not in name:
            assert (root / name).is_file() or name == "ingest/licences.py", name
