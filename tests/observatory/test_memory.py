"""Too little memory, or room on a disk, is the user's to mend, and told so; the words are the command line's."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from ingest.engine import DuckDB
from observatory.shortage import shortage


@pytest.mark.parametrize("given", [["--memory", "1GB"], ["--memory=1GB"]])
def test_too_little_memory_is_told_with_its_mend(command, own_study, tmp_path, monkeypatch, given):
    """DuckDB itself runs out of it: of 1 GB nearly all is held to be needed beside its tables."""
    monkeypatch.setattr("observatory.engines.BESIDE", 999_900_000)
    code, out, err = command("run", own_study, "--out", tmp_path / "x", *given)
    assert (code, out) == (3, "")
    assert "--memory: '1GB'; expected as much memory as these files need. To mend: give more" in err
    assert err.endswith("1 fault; nothing was written\n")
    assert not (tmp_path / "x").exists()


def test_a_machine_that_is_too_small_is_named(command, own_study, monkeypatch):
    def full(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("observatory.run.run_study", full)
    code, _, err = command("run", own_study)
    assert code == 3
    assert "memory: 'all of this machine'; expected" in err


@pytest.mark.parametrize("given", [["--memory", "2GB"], ["--firm", "memory=2GB"]])
def test_the_limit_that_was_given_is_named(given):
    assert shortage(MemoryError(), ["stars", "firms.csv", *given]).value == "2GB"


def test_a_program_that_cannot_be_started_for_lack_of_memory():
    error = OSError(errno.ENOMEM, os.strerror(errno.ENOMEM))
    assert shortage(error, ["run", "study"]).expected == "as much memory as these files need"
    assert shortage(OSError(errno.EACCES, os.strerror(errno.EACCES)), ["run", "study"]) is None


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)),
        RuntimeError(f'Checkpoint failed: Could not write file "kept.duckdb": {os.strerror(errno.ENOSPC)}'),
    ],
)
def test_a_disk_that_is_full_is_told_with_its_mend(command, own_study, tmp_path, monkeypatch, error):
    def full(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("observatory.run.run_study", full)
    code, _, err = command("run", own_study, "--out", tmp_path / "x")
    assert code == 3
    assert f"disk: '{os.strerror(errno.ENOSPC)}'" in err
    assert "TMPDIR" in err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_the_engine_itself_tells_of_a_full_disk(tmp_path):
    """DuckDB's own words for it are those that are looked for."""
    (tmp_path / "kept.csv").symlink_to("/dev/full")
    connection = DuckDB().connection
    with pytest.raises(Exception) as caught:
        connection.execute(f"COPY (SELECT range FROM range(100000)) TO '{tmp_path / 'kept.csv'}' (USE_TMP_FILE false)")
    assert shortage(caught.value, []) is not None
