"""One grid for the tests of this folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ingest import DuckDB, Records
from observatory import grid
from observatory.stages import opening
from observatory.study import open_study

GRID = """
[grid]
level = ["naics2", "naics3"]
counting = ["full", "fractional"]
backbone = ["none", "association"]
gamma = [1.0, 1.2]
"""


@pytest.fixture
def with_grid() -> Callable[[Path, str], Path]:
    """Add lines to a study."""

    def added(folder: Path, text: str) -> Path:
        file = folder / "study.toml"
        file.write_text(file.read_text(encoding="utf-8") + text, encoding="utf-8")
        return folder

    return added


@pytest.fixture(scope="session")
def study(small_study: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small study with a grid, its files where they are."""
    folder = tmp_path_factory.mktemp("gridded")
    text = (
        (small_study / "study.toml").read_text(encoding="utf-8").replace("inbox/", f"{small_study.as_posix()}/inbox/")
    )
    (folder / "study.toml").write_text(text + GRID, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def said() -> list[str]:
    return []


@pytest.fixture(scope="session")
def done(study: Path, said: list[str]) -> grid.Grid:
    return grid.run_grid(open_study(study), study / "grid", say=said.append)


@pytest.fixture(scope="session")
def records(study: Path) -> Records:
    return opening.open_inputs(open_study(study), DuckDB(), lambda _: None)[0]
