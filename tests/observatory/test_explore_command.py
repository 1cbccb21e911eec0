"""The commands explore and site, as a person calls them: what they print, and how they end."""

from __future__ import annotations

import json
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pandas as pd
import pytest

from ingest.faults import BadInput
from observatory.cli import main
from observatory.explore_command import bound
from observatory.explorer.reviewed import review_of
from observatory.store import Run, open_run

COMMAND = [sys.executable, "-m", "observatory.cli", "explore"]


def test_explore_until_interrupted(small_run: Run) -> None:
    started = subprocess.Popen(
        [*COMMAND, str(small_run.folder), "--port", "0", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A shell keeps Ctrl-C from commands in its background.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert started.stdout is not None and started.stderr is not None
    try:
        text = ""
        while not text.endswith("}\n"):
            text += started.stdout.readline()
        told = json.loads(text)
        assert told["address"].startswith("http://127.0.0.1:")
        with urllib.request.urlopen(told["api"], timeout=300) as answer:
            assert json.load(answer)["openapi"].startswith("3.1")
        started.send_signal(signal.SIGINT)
        rest, said = started.communicate(timeout=120)
    finally:
        started.kill()
    assert started.returncode == 130
    assert rest == "" and "Traceback" not in said and "stop with Ctrl-C" in said


def test_a_port_that_is_taken(small_run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert main(["explore", str(small_run.folder), "--port", port]) == 3
    said = capsys.readouterr()
    assert port in said.err and "--port 0" in said.err and said.out == ""


def test_a_host_that_is_not_ours() -> None:
    for host in ("198.51.100.7", "no such host"):
        with pytest.raises(BadInput):
            bound(host, 0)


def test_listening_to_others_is_said_aloud(
    small_run: Run, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("observatory.explore_command.serve", lambda *_: None)
    assert main(["explore", str(small_run.folder), "--port", "0", "--host", "0.0.0.0", "--quiet"]) == 0
    said = capsys.readouterr()
    assert "others on the network can read this run" in said.err
    assert said.out.startswith("http://127.0.0.1:")
    assert main(["explore", str(small_run.folder), "--port", "0", "--quiet"]) == 0
    assert "others" not in capsys.readouterr().err


def test_what_is_no_run_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explore", str(tmp_path)]) == 3
    assert main(["site", str(tmp_path), str(tmp_path / "site")]) == 3
    assert "manifest.json" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_site_names_its_page(small_run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "site"
    assert main(["site", str(small_run.folder), str(out), "--links", "0", "--json", "--quiet"]) == 0
    assert json.loads(capsys.readouterr().out) == {"page": str(out / "index.html"), "site": str(out)}
    assert (out / "index.html").is_file()
    taken = tmp_path / "taken"
    taken.mkdir()
    (taken / "mine.txt").write_text("mine")
    assert main(["site", str(small_run.folder), str(taken)]) == 3
    assert "site" in capsys.readouterr().err


def _doubtful(small_run: Run, folder: Path) -> Run:
    """A run beside its study, with two doubtful places."""
    run = shutil.copytree(small_run.folder, folder / "run")
    (folder / "study.toml").write_text('title = "x"\n', encoding="utf-8")
    row = {
        "kind": "place", "name": "", "place": "ULTRECHT", "country": "NL", "level": "near city", "score": 94.5,
        "candidates": '[["utrecht", "NL31", 94.5]]', "rows": 3, "weight": 1.5, "effect": 1.5, "sources": "deals",
    }  # fmt: skip
    pd.DataFrame([row, {**row, "place": "=cmd()"}]).to_csv(run / "review.csv", index=False)
    return open_run(run)


def test_the_queue_and_its_decisions(small_run: Run, tmp_path: Path) -> None:
    run = _doubtful(small_run, tmp_path)
    review = review_of(run, None)
    assert review is not None
    table = review.queue()
    assert table["place"].to_list() == ["ULTRECHT", "=cmd()"]
    assert table["options"].iloc[0].startswith("1: utrecht, NL31")
    row = table.iloc[0].to_dict()
    for wrong in ({**row, "answer": "9"}, {**row, "answer": ""}, {**row, "place": "Nowhere", "answer": "1"},
                  {**row, "answer": "undo"}, {}):  # fmt: skip
        with pytest.raises(ValueError):
            review.decide(wrong)
    assert not (tmp_path / "decisions.csv").exists()
    assert "accept" in review.decide({**row, "answer": "1"})
    assert review.queue()["place"].to_list() == ["=cmd()"]
    assert "NL31" in (tmp_path / "decisions.csv").read_text()
    assert review.decide({**row, "answer": "undo"}) == "taken back"
    assert len(review.queue()) == 2
    with pytest.raises(ValueError, match="nothing was said"):
        review.decide({**row, "answer": "undo"})
    assert "reject" in review.decide({**row, "answer": "reject"})
    assert len(review.queue()) == 1
    assert review.payload().json()


def test_which_study_is_reviewed(small_run: Run, tmp_path: Path) -> None:
    run = _doubtful(small_run, tmp_path)
    assert review_of(run, tmp_path) is not None
    assert review_of(run, tmp_path / "study.toml") is not None
    with pytest.raises(BadInput, match=r"study\.toml"):
        review_of(run, tmp_path / "elsewhere")
    alone = open_run(shutil.copytree(run.folder, tmp_path / "apart" / "run"))
    assert review_of(alone, None) is None
    (run.folder / "review.csv").unlink()
    assert review_of(run, None) is None
