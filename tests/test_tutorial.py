"""The tutorial's commands run, and print what the tutorial says that they print; its notebook runs, too."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.long(seconds=140)

ROOT = Path(__file__).resolve().parent.parent
BLOCKS = re.compile(r"```sh\n(?P<command>.*?)```\n(?:\n```text\n(?P<printed>.*?)```)?", re.DOTALL)


def steps() -> list[tuple[str, str | None]]:
    text = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
    return [(found["command"].strip(), found["printed"]) for found in BLOCKS.finditer(text)]


def squeezed(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the commands run."""
    return tmp_path_factory.mktemp("tutorial")


@pytest.fixture(scope="module")
def printed(folder: Path) -> list[tuple[str, str | None, str, int]]:
    """Run every command of the tutorial, in order, in one folder."""
    shutil.copytree(ROOT / "fixtures" / "demo", folder / "fixtures" / "demo")
    (folder / "bin").mkdir()
    for name, call in (("linkages", "-m observatory.cli"), ("python", "")):
        program = folder / "bin" / name
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" {call} "$@"\n', encoding="utf-8")
        program.chmod(0o755)
    results = []
    for command, expected in steps():
        done = subprocess.run(
            ["/bin/sh", "-ec", command],
            cwd=folder,
            env={**os.environ, "PATH": f"{program.parent}:/usr/bin:/bin", "COLUMNS": "200"},
            capture_output=True,
            text=True,
            check=False,
        )
        results.append((command, expected, done.stdout, done.returncode))
    return results


def test_the_tutorial_has_commands() -> None:
    assert len(steps()) >= 6
    assert any(command.startswith("linkages demo") for command, _ in steps())


def test_every_command_ends_well(printed: list[tuple[str, str | None, str, int]]) -> None:
    assert [(command, code) for command, _, _, code in printed if code] == []


def test_every_command_prints_what_the_tutorial_says(printed: list[tuple[str, str | None, str, int]]) -> None:
    for command, expected, found, _ in printed:
        if expected is None:
            continue
        lines = squeezed(found)
        for line in squeezed(expected):
            assert line == "…" or line in lines, f"{command}\nprints\n{found}\nand not\n{line}"


# --- the notebook ---

NOTEBOOK = ROOT / "docs" / "tutorial.ipynb"


def code_cells() -> list[dict[str, Any]]:
    return [cell for cell in json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]


def test_the_notebook_holds_no_output_and_no_path_of_a_machine() -> None:
    assert len(code_cells()) > 10
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code_cells())
    text = NOTEBOOK.read_text(encoding="utf-8")
    assert not re.search(r"/(home|work|tmp|root|Users)/|[A-Z]:\\\\", text)


@pytest.fixture(scope="module")
def shown(folder: Path, printed: list[tuple[str, str | None, str, int]]) -> list[list[dict[str, Any]]]:
    """Execute the notebook beside the demo's run, in a process of its own: what each code cell shows, by MIME type."""
    assert printed[0][0] == "linkages demo"
    done = subprocess.run(
        [sys.executable, str(ROOT / "tests" / "executed.py"), str(NOTEBOOK)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: list[list[dict[str, Any]]] = json.loads(done.stdout)
    return found


def test_every_cell_of_the_notebook_shows_something(shown: list[list[dict[str, Any]]]) -> None:
    assert [cell["source"] for cell, outputs in zip(code_cells(), shown, strict=True) if len(outputs) != 1] == []


def test_the_notebook_shows_what_it_says(shown: list[list[dict[str, Any]]]) -> None:
    by_code = {"".join(cell["source"]): outputs[0] for cell, outputs in zip(code_cells(), shown, strict=True)}

    def of(part: str) -> dict[str, Any]:
        (found,) = [output for code, output in by_code.items() if part in code]
        return found

    for part in ("open_run(", "run.networks[", "run.partition(", "run.spaces.of(", "run.stars.groupby", "run.profile("):
        assert "<table" in of(part)["text/html"], part
    assert "Demo: invented firms in real cities" in of("open_run(")["text/html"]
    spaces = of("run.spaces.of(")["text/html"]
    assert "s87023120" in spaces  # as the tutorial's commands print it
    assert spaces.count("<tr>") == 5  # four planted spaces under the headings
    links, events = json.loads(of('behind["event"].nunique()')["text/plain"].replace("(", "[").replace(")", "]"))
    assert links == events > 0
    assert "<svg" in of("import altair")["image/svg+xml"]
    assert "Nothing that was found differs." in of("diff(run, run)")["text/plain"]
