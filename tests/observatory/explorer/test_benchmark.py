"""The benchmark of the explorer runs on a small study; what it measures there is of no account."""

from __future__ import annotations

import re

import pytest

from benchmarks import explorer
from observatory.explorer.tree import Tree
from observatory.material import Material
from observatory.store import Run


def test_the_api_is_asked_beside_a_bare_server(
    small_run: Run, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(explorer, "ASKED", 60)
    explorer.api(small_run)
    said = capsys.readouterr().out
    assert re.search(r"p95 beside the bare server: \d+\.\d\d", said)
    assert len(re.findall(r"^\| .* \| [\d.]+ \| [\d.]+ \| [\d.]+ \|$", said, flags=re.MULTILINE)) == 4


def test_what_is_asked_for_is_there(small_run: Run) -> None:
    tree = Tree(Material(small_run, None))
    paths = explorer.resources(small_run)
    assert len(paths) == len(set(paths)) > 30
    assert all(tree.payload(path).what for path in paths)
