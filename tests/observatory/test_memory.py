"""Too little memory is the user's to mend, and told so; the words are the command line's."""

from __future__ import annotations

import pytest

from observatory import cli


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
    assert cli._too_small(["stars", "firms.csv", *given]).value == "2GB"
