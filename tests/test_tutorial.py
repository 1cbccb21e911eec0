"""The tutorial's commands run, and print what the tutorial says that they print."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
BLOCKS = re.compile(r"```sh\n(?P<command>.*?)```\n(?:\n```text\n(?P<printed>.*?)```)?", re.DOTALL)


def steps() -> list[tuple[str, str | None]]:
    text = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
    return [(found["command"].strip(), found["printed"]) for found in BLOCKS.finditer(text)]


def squeezed(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, str | None, str, int]]:
    """Run every command of the tutorial, in order, in one folder."""
    folder = tmp_path_factory.mktemp("tutorial")
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
