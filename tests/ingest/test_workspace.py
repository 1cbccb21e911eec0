"""The folder of an engine goes with it; what a killed program left goes with the next one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ingest.engine import DuckDB
from ingest.workspace import clear_away

KILLED = """
import os, signal, pathlib
from ingest.engine import DuckDB
engine = DuckDB()
(engine.workspace / "large.bin").write_bytes(b"0" * 1000)
print(engine.workspace, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for temporary files of the test's own."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def test_what_a_killed_program_left_is_removed_by_the_next(room: Path) -> None:
    top = str(Path(__file__).parents[2])
    environment = {**os.environ, "TMPDIR": str(room), "PYTHONPATH": top}
    done = subprocess.run([sys.executable, "-c", KILLED], env=environment, capture_output=True, text=True, check=False)
    left = Path(done.stdout.strip())
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert (left / "large.bin").is_file()
    engine = DuckDB()
    assert left.exists()  # so young that its program may be about to take it
    os.utime(left, (time.time() - 100, time.time() - 100))
    mine = room / "linkages-engine-notes"
    mine.mkdir()
    os.utime(mine, (0, 0))
    second = DuckDB()
    assert not left.exists()
    assert mine.exists()  # nothing of ours: no file in it is one that a program holds
    assert engine.workspace.exists() and second.workspace.exists()


def test_what_is_in_use_stays(room: Path) -> None:
    engine = DuckDB()
    os.utime(engine.workspace, (0, 0))
    assert clear_away(room) == []
    folder = engine.workspace
    assert folder.is_dir()
    engine.close()
    del engine
    assert not folder.exists()
