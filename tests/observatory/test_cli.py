"""The command line: exit codes, what goes to stdout and what to stderr, never a traceback."""

from __future__ import annotations

import contextlib
import io
import json
import os
import pty
import signal
import subprocess
import sys
from types import SimpleNamespace

import pandas as pd
import pytest

from ingest.faults import BadInput, Fault
from observatory import cli
from observatory.cli import main
from observatory.interruption import interruption
from observatory.store import open_run

TEXT = {"encoding": "utf-8"}


@pytest.fixture
def quick(monkeypatch, small_run):
    """Let a run end at once with the small run, to test what is around it."""
    asked = []

    def run_study(study, out, engine, say, jobs):
        say("reading, 1 of 1")
        asked.append((study, out, engine, jobs))
        return small_run

    monkeypatch.setattr("observatory.run.run_study", run_study)
    return asked


# --- 2: usage ---


@pytest.mark.parametrize(
    "arguments",
    [
        ["nothing"],
        ["run"],
        ["run", "a", "b"],
        ["run", "--no-such-option"],
        ["spaces"],
        ["spaces", "RUN", "--format", "xml"],
        ["stars", "TABLE"],
        ["stars", "TABLE", "--industry", "isic"],
        ["stars", "TABLE", "--industry", "nace", "--method", "mine"],
        ["why", "RUN", "A"],
        ["new"],
        ["check"],
        ["demo", "what"],
        ["run", "S", "--engine"],
    ],
)
def test_usage(command, arguments):
    code, out, err = command(*arguments)
    assert code == 2
    assert out == ""
    assert "Error: " in err


def test_help_is_not_a_fault(command):
    code, out, err = command("--help")
    assert (code, err) == (0, "")
    for name in ("demo", "new", "check", "run", "spaces", "stars", "why"):
        assert f"\n  {name} " in out
        code, text, _ = command(name, "-h")
        assert code == 0
        assert f"Usage: linkages {name}" in text
    code, out, err = command()
    assert code == 2
    assert "Commands:" in out + err


# --- 3: bad input ---


def test_faults_of_a_study_come_at_once_and_nothing_is_written(command, tmp_path):
    text = 'titel = "x"\n[sources.a]\nformat = "regpta"\nfiles = ["none.txt"]\n'
    (tmp_path / "study.toml").write_text(text, **TEXT)
    for verb in ("check", "run"):
        code, out, err = command(verb, tmp_path)
        assert (code, out) == (3, "")
        assert [line.split(";")[0] for line in err.splitlines()] == [
            "study.toml, line 1: 'titel'",
            "study.toml, line 3: 'regpta'",
            "study.toml, line 4: 'none.txt'",
            "study.toml: ''",
            "4 faults",
        ]
    assert [path.name for path in tmp_path.iterdir()] == ["study.toml"]


def test_bad_data_and_a_bad_star_table_come_together(command, spoilt):
    folder = spoilt("inbox/stars.csv", ("employment", "jobs"))
    (folder / "inbox" / "deals.csv").write_bytes(b"")
    code, out, err = command("check", folder, "--quiet")
    assert (code, out) == (3, "")
    assert "stars.csv" in err
    assert "inbox/deals.csv" in err
    assert err.endswith("2 faults; nothing was written\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "{}/nowhere"],
        ["check", "{}"],
        ["run", "{}/nowhere.toml"],
        ["spaces", "{}"],
        ["why", "{}", "325", "334"],
        ["stars", "{}/none.csv", "--industry", "nace"],
        ["stars", "{}", "--industry", "nace"],
    ],
)
def test_what_is_not_there(command, tmp_path, arguments):
    code, out, err = command(*(argument.format(tmp_path) for argument in arguments))
    assert (code, out) == (3, "")
    assert "; expected " in err
    assert "To mend: " in err
    assert err.endswith("1 fault; nothing was written\n")


def test_a_new_study_without_files_says_where_to_put_them(command, tmp_path):
    code, out, err = command("new", tmp_path / "mine")
    assert (code, out) == (0, f"{tmp_path / 'mine' / 'study.toml'}\n")
    assert f"linkages check {tmp_path / 'mine'}" in err
    code, out, err = command("check", tmp_path / "mine")
    assert (code, out) == (3, "")
    assert "'inbox/*EPO_*.txt'; expected at least one file in mine/. To mend: put the file there" in err
    code, _, err = command("new", tmp_path / "mine")
    assert code == 3
    assert "a folder without a study" in err


@pytest.mark.parametrize(("option", "value"), [("--engine", "polars"), ("--memory", "lots")])
def test_options_that_name_nothing(command, own_study, option, value):
    code, _, err = command("run", own_study, option, value)
    assert code == 3
    assert value in err


def test_a_folder_that_is_no_run_is_not_overwritten(command, own_study):
    code, _, err = command("run", own_study, "--out", own_study / "inbox")
    assert code == 3
    assert "a run folder or a name not taken" in err
    assert (own_study / "inbox" / "deals.csv").is_file()


# --- 0 and 4, 6, 130, 1 ---


def test_a_run_names_its_results(command, small_study, small_run, quick, tmp_path):
    code, out, err = command("run", small_study, "--out", tmp_path / "x", "--memory", "1GB")
    assert code == 0
    assert out == f"report  {small_run.folder}/report/index.html\nspaces  {small_run.folder}/spaces.json\n"
    assert err == "reading, 1 of 1\n"
    assert quick[0][1] == tmp_path / "x"
    code, out, err = command("demo", "-q", "--json")
    assert (code, err) == (0, "")
    assert json.loads(out)["spaces"] == f"{small_run.folder}/spaces.json"
    assert (quick[1][0].settings.title[:4], str(quick[1][1])) == ("Demo", "linkages-demo")
    command("run", small_study / "study.toml", "--jobs", "3")
    assert quick[2][1] == small_study / "run"
    assert [one[3] for one in quick] == [1, 1, 3]  # of tests LINKAGES_JOBS says 1


def test_gates(command, small_study, other_run, monkeypatch):
    monkeypatch.setattr("observatory.run.run_study", lambda *_: other_run)
    code, out, err = command("run", small_study, "--json")
    assert code == 4
    assert json.loads(out)["status"] == "gate not met"
    assert [line.split(";")[0] for line in err.splitlines()] == [
        "gate not met: used is 0.983607, the study asks for 1.0",
        "gate not met: stability was not tested, the study asks for 0.5",
    ]


class InterruptException(Exception):
    """What DuckDB raises when it is interrupted."""


def cut_short():
    """Raise what DuckDB does in a query that is fetched in blocks when Ctrl-C is heard."""
    with contextlib.suppress(KeyboardInterrupt):
        interruption.note()
    raise RuntimeError("Query interrupted")


def refused():
    """Raise what a reader makes of a file whose reading was interrupted."""
    with contextlib.suppress(KeyboardInterrupt):
        interruption.note()
    raise BadInput([Fault("a.csv", None, "Query interrupted", "a table", "look at it")])


def raising(error):
    def stop():
        raise error

    return stop


@pytest.mark.parametrize(
    "stop", [cut_short, refused, *map(raising, (KeyboardInterrupt, InterruptException, cli.typer.Abort))]
)
def test_interrupted(command, own_study, monkeypatch, stop):

    monkeypatch.setattr("observatory.stages.opening.open_inputs", lambda *_: (SimpleNamespace(ledger=None), None))
    monkeypatch.setattr("observatory.run.imbalance", lambda _: [])
    monkeypatch.setattr("observatory.run.write_records", lambda *_: stop())
    code, out, err = command("run", own_study)
    assert (code, out) == (130, "")
    assert err.endswith("interrupted; nothing was changed\n")
    assert sorted(path.name for path in own_study.iterdir()) == ["inbox", "study.toml"]
    assert main(["spaces", str(own_study)]) == 3  # the next command is not taken for interrupted


def test_our_own_fault(command, small_study, monkeypatch):
    def fail(*_):
        raise ZeroDivisionError("a mistake of ours")

    monkeypatch.setattr("observatory.run.run_study", fail)
    code, out, err = command("run", small_study)
    assert (code, out) == (1, "")
    assert err.startswith("linkages failed: ZeroDivisionError: a mistake of ours\n")
    assert "our fault, not yours" in err


@pytest.mark.parametrize("error", [BrokenPipeError, SystemExit])
def test_a_closed_pipe_is_the_end_and_no_fault(small_study, monkeypatch, error):
    with open(os.devnull, "w", **TEXT) as stream:  # noqa: PTH123 - the device of any system
        monkeypatch.setattr(sys, "stdout", stream)
        monkeypatch.setattr("observatory.run.run_study", lambda *_: (_ for _ in ()).throw(error))
        assert main(["run", str(small_study)]) == 0


def test_the_process_ends_with_the_code(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["linkages", "nothing"])
    with pytest.raises(SystemExit) as caught:
        main()
    assert caught.value.code == 2
    assert "No such command" in capsys.readouterr().err


# --- stdout is data ---


def test_check_prints_the_ledger_and_writes_nothing(command, own_study):
    before = sorted(own_study.rglob("*"))
    code, out, err = command("check", own_study)
    assert code == 0
    assert out.splitlines()[0].split() == ["source", "reason", "rows", "weight"]
    assert out.count(" read ") == 4
    assert err.splitlines()[0] == "reading, 1 of 4: alliances (table)"
    assert err.splitlines()[-1] == "not understood: 1; list them with --rejects"
    code, out, err = command("check", own_study, "--rejects", "-q")
    assert (code, err) == (0, "")
    rejects = pd.read_csv(io.StringIO(out))
    assert rejects[["file", "line", "value"]].values.tolist() == [["inbox/deals.csv", 62, 3201]]
    code, out, err = command("check", own_study, "--json", "-q")
    assert {row["reason"] for row in json.loads(out)} == {"read", "used", "impossible year"}
    assert err == ""
    assert sorted(own_study.rglob("*")) == before


def test_spaces_in_every_format(command, small_run):
    code, table, err = command("spaces", small_run.folder)
    assert (code, err) == (0, "")
    assert table.splitlines()[0].split()[:3] == ["id", "network", "name"]
    _, text, _ = command("spaces", small_run.folder, "--format", "csv", "--network", "deal")
    frame = pd.read_csv(io.StringIO(text))
    assert {*frame["network"]} == {"sector__deal__2000-2007", "sector__deal__2007-2014"}
    for asked in (["--json"], ["--format", "json"]):
        _, text, _ = command("spaces", small_run.folder, "--period", "2000-2007", *asked)
        assert json.loads(text) == [s for s in small_run.spaces if s["network"] == "sector__all__2000-2007"]
    code, _, err = command("spaces", small_run.folder, "--network", "none")
    assert code == 3
    assert "one of sector__all__2000-2007" in err


def test_why_in_every_format(command, small_run):
    _, text, _ = command("why", small_run.folder, "DE21", "FR10", "--format", "csv")
    frame = pd.read_csv(io.StringIO(text))
    assert "=cmd()" in text
    assert "<script>alert(1)</script>" in text
    assert "\x1b" not in text
    _, text, _ = command("why", small_run.folder, "DE21", "FR10", "--json")
    assert [row["event"] for row in json.loads(text)] == frame["event"].tolist()
    _, text, _ = command("why", small_run.folder, "DE21", "FR10", "--period", "2007-2014")
    assert "Beta & Söhne" in text
    assert len(text.splitlines()) - 1 == (frame["year"] >= 2007).sum()


def test_stars_to_stdout_and_to_a_file(command, small_study, tmp_path):
    table = small_study / "inbox" / "stars.csv"
    code, text, err = command("stars", table, "--industry", "industry")
    assert code == 0
    assert "\x1b" not in text
    scores = pd.read_csv(io.StringIO(text))
    assert {"region", "industry", "total", "tier"} <= {*scores.columns}
    assert err
    _, text, _ = command("stars", table, "--industry", "industry", "--json")
    assert len(json.loads(text)) == len(scores)
    out = tmp_path / "scores.xlsx"
    assert command("stars", table, "--industry", "industry", "--out", out)[1] == f"{out}\n"
    assert len(pd.read_excel(out, engine="calamine")) == len(scores)
    _, text, _ = command("stars", table, "--industry", "industry", "--out", out, "--json")
    assert json.loads(text) == {"rows": len(scores), "stars": str(out)}
    code, _, err = command("stars", table, "--industry", "industry", "--out", tmp_path / "no" / "x.csv")
    assert code == 3
    code, text, _ = command("stars", table, "--industry", "industry", "--method", "observatory2009", "--json")
    assert code == 0
    assert json.loads(text)


def test_new_in_json(command, tmp_path):
    _, text, _ = command("new", tmp_path / "a", "--json")
    assert json.loads(text) == {"inbox": str(tmp_path / "a" / "inbox"), "study": str(tmp_path / "a" / "study.toml")}


# --- as a process ---


def process(*arguments, **options):
    command = [sys.executable, "-m", "observatory.cli", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)


def test_as_a_process(tmp_path):
    done = process("check", tmp_path)
    assert (done.returncode, done.stdout) == (3, "")
    assert "Traceback" not in done.stderr


def test_help_waits_for_nothing():
    heavy = ("pandas", "numpy", "duckdb", "narwhals", "pyarrow", "igraph", "altair", "numba", "msgspec")
    code = f"import sys, observatory.cli; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_a_reader_who_stops_early_is_no_fault(small_run):
    command = [sys.executable, "-m", "observatory.cli", "spaces", str(small_run.folder), "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        child.stdout.close()
        said = child.stderr.read()
    assert (child.returncode, said) == (0, b"")


def test_a_run_killed_in_the_middle_leaves_the_old_one(own_study, small_run, tmp_path):
    out = tmp_path / "here" / "run"
    out.parent.mkdir()
    out.symlink_to(small_run.folder)
    before = {path: path.stat().st_mtime_ns for path in small_run.folder.rglob("*")}
    command = [sys.executable, "-m", "observatory.cli", "run", str(own_study), "--out", str(out)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as child:
        assert child.stderr is not None
        for line in child.stderr:
            if line.startswith("finding communities, 2 "):
                break
        child.send_signal(signal.SIGKILL)
    assert child.returncode == -signal.SIGKILL
    assert {path: path.stat().st_mtime_ns for path in small_run.folder.rglob("*")} == before
    assert open_run(out).spaces == small_run.spaces
    (half,) = [path for path in small_run.folder.parent.iterdir() if path.name.startswith(".run.linkages-new-")]
    assert (half / "ledger.csv").is_file()
    assert not (half / "manifest.json").exists()


def test_on_a_terminal_progress_takes_one_line(own_study):
    master, terminal = pty.openpty()
    command = [sys.executable, "-m", "observatory.cli", "check", str(own_study)]
    environment = {**os.environ, "COLUMNS": "30", "LINES": "20"}
    with subprocess.Popen(command, stderr=terminal, stdout=subprocess.PIPE, text=True, env=environment) as child:
        os.close(terminal)
        out = child.communicate()[0]
    said = b""
    while True:
        try:
            said += os.read(master, 4096)
        except OSError:
            break
    os.close(master)
    assert "\x1b" not in out
    shown = said.decode()
    assert shown.count("\n") == 1
    assert shown.count("\r\x1b[2K") == 5
    assert "reading, 1 of 4: alliances (…" in shown.replace("\r\x1b[2K", "|")
