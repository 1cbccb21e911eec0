"""Every command as a process: its exit codes, and with --json one document on stdout and nothing else."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import typer.main

from observatory.cli import app

pytestmark = pytest.mark.long(seconds=170)

COMMANDS = sorted(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
#: What each command is given to end well; those that serve until they are stopped, or take minutes, are elsewhere.
WELL = {
    "check": ["{study}"],
    "diff": ["{run}", "{run}"],
    "export": ["{run}", "--to", "csv", "--out", "{out}"],
    "new": ["{out}"],
    "profile": ["{run}", "DE21"],
    "report": ["{run}", "--format", "html", "--out", "{out}"],
    "site": ["{run}", "{out}"],
    "spaces": ["{run}"],
    "stars": ["{study}/inbox/stars.csv", "--industry", "industry"],
    "why": ["{run}", "325", "334"],
}
#: What each command is given that is not there, or not what it should be.
ILL = {
    "check": ["{empty}"],
    "diff": ["{run}", "{empty}"],
    "explore": ["{empty}"],
    "export": ["{empty}", "--to", "csv"],
    "grid": ["{empty}"],
    "new": ["{study}"],
    "profile": ["{empty}", "DE21"],
    "report": ["{empty}"],
    "review": ["{empty}"],
    "run": ["{empty}"],
    "site": ["{empty}", "{out}"],
    "spaces": ["{empty}"],
    "stars": ["{empty}/none.csv", "--industry", "nace"],
    "why": ["{empty}", "325", "334"],
}


#: Makes a package one that is not installed.
LACKING = """\
from importlib.machinery import PathFinder

find = PathFinder.find_spec
PathFinder.find_spec = classmethod(lambda _, name, *more: None if name == "{package}" else find(name, *more))
"""


@pytest.fixture
def process(small_study, small_run, tmp_path):
    """Return a function that runs a command as a process of its own: exit code, stdout, stderr."""
    (tmp_path / "empty").mkdir()
    names = {"study": small_study, "run": small_run.folder, "out": tmp_path / "out", "empty": tmp_path / "empty"}

    def call(*arguments, **environment):
        given = [argument.format(**names) for argument in arguments]
        done = subprocess.run(
            [sys.executable, "-m", "observatory.cli", *given],
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), **environment},
        )
        assert "Traceback" not in done.stdout + done.stderr
        assert "\x1b" not in done.stdout + done.stderr
        return done.returncode, done.stdout, done.stderr

    return call


def test_every_command_is_tested():
    assert {*COMMANDS} - {*ILL} == {"demo"}  # it takes no input
    assert {*COMMANDS} - {*WELL} <= {"demo", "run", "grid", "explore", "review"}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_knows_json_and_answers_help(command):
    known = typer.main.get_command(app).commands[command]  # type: ignore[attr-defined]
    assert "--json" in [name for parameter in known.params for name in parameter.opts]
    assert known.help
    assert all(getattr(parameter, "help", None) for parameter in known.params if parameter.name != "help")


@pytest.mark.parametrize("command", WELL)
def test_0_and_one_json_document(process, command):
    code, out, err = process(command, *WELL[command], "--json")
    assert (code, "our fault" in err) == (0, False), err
    json.loads(out)


@pytest.mark.parametrize("command", COMMANDS)
def test_2_an_option_that_there_is_not(process, command):
    code, out, err = process(command, "--no-such-option")
    assert (code, out) == (2, "")
    assert "No such option" in err or "Missing" in err


@pytest.mark.parametrize("command", [name for name in ILL if name in COMMANDS])
def test_3_bad_input(process, command):
    code, out, err = process(command, *ILL[command], "--json")
    assert (code, out) == (3, ""), err
    assert "; expected " in err
    assert "To mend: " in err


def test_4_a_gate_that_is_not_met(process, own_study):
    """Nor does a run that talks put a word on stdout beside the one document."""
    settings = own_study / "study.toml"
    text = settings.read_text(encoding="utf-8").replace("bootstrap = 4", "bootstrap = 0")
    settings.write_text(f"{text}[gates]\nused = 1.0\n", encoding="utf-8")
    code, out, err = process("run", str(own_study), "--json")
    assert code == 4
    told = json.loads(out)
    assert told["status"] == "gate not met"
    assert told["spaces"] == str(own_study / "run" / "spaces.json")
    assert all(Path(told[name]).is_file() for name in ("report", "spaces"))
    assert err.startswith("reading, 1 of 4: ")
    assert "\ngate not met: used is " in err
    code, out, _ = process("diff", "{run}", str(own_study / "run"), "--gate", "--json")
    assert (code, json.loads(out)["differs"]) in ((0, False), (4, True))


@pytest.mark.parametrize(
    ("package", "arguments"),
    [
        ("pyspark", ["run", "{study}", "--engine", "spark", "--out", "{out}"]),
        ("typst", ["report", "{run}", "--format", "pdf", "--out", "{out}"]),
    ],
)
def test_6_an_extra_that_is_missing(process, tmp_path, package, arguments):
    (tmp_path / "lacking").mkdir()
    (tmp_path / "lacking" / "sitecustomize.py").write_text(LACKING.format(package=package), encoding="utf-8")
    path = os.pathsep.join([str(tmp_path / "lacking"), str(Path(__file__).parents[2])])
    code, out, err = process(*arguments, PYTHONPATH=path)
    assert (code, out) == (6, ""), err
    assert "pip install" in err
    assert not (tmp_path / "out").exists()


def heeding_interrupts():
    """Undo what a shell does to commands in its background: they do not hear of Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.parametrize(
    ("stage", "sign"),
    [
        ("reading, 2 ", signal.SIGINT),
        ("counting links", signal.SIGTERM),
        ("finding communities, 3 ", signal.SIGINT),
    ],
)
def test_130_interrupted_in_the_middle_of_a_run(own_study, tmp_path, stage, sign):
    (tmp_path / "room").mkdir()
    command = [sys.executable, "-m", "observatory", "run", str(own_study), "--json"]
    before = {path.name for path in own_study.iterdir()}
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=heeding_interrupts,
        env={**os.environ, "TMPDIR": str(tmp_path / "room")},
    ) as child:
        assert child.stderr is not None
        assert child.stdout is not None
        for line in child.stderr:
            if line.startswith(stage):
                break
        child.send_signal(sign)
        err, out = child.stderr.read(), child.stdout.read()
    assert (child.returncode, out) == (130, ""), err
    assert err.endswith("interrupted; nothing was changed\n")
    assert "Traceback" not in err
    assert {path.name for path in own_study.iterdir()} == before
    assert not list((tmp_path / "room").glob("linkages-*"))  # nor of what an engine had on disk


EARLY = """
import os, signal, sys
from observatory.__main__ import main

class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Finder())
main()
"""


@pytest.mark.parametrize("module", ["observatory.cli", "typer", "observatory.study"])
def test_130_interrupted_while_the_program_is_imported(module):
    given = [sys.executable, "-c", EARLY.format(module=module), "run", "nowhere"]
    done = subprocess.run(given, capture_output=True, text=True, preexec_fn=heeding_interrupts, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "interrupted; nothing was changed\n")


def test_3_what_was_made_but_cannot_be_printed(tmp_path):
    if not Path("/dev/full").exists():
        pytest.skip("no device that is always full")
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "observatory.cli", "new", str(tmp_path / "mine")],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 3, done.stderr
    assert "room for what is printed" in done.stderr
    assert "nothing was written" not in done.stderr
    assert (tmp_path / "mine" / "study.toml").is_file()
