"""Work in several processes: in order, no further ahead than needed, and nothing stays when it is interrupted."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from observatory.cli import main
from observatory.run import run_study
from observatory.side_by_side import Workers
from observatory.store import Run
from observatory.study import open_study

HANGS = """
import os, sys, time
from observatory.side_by_side import Workers
if __name__ == "__main__":
    with Workers(2) as workers:
        first = next(workers.map(os.getpid, [()]))
        print(first, flush=True)
        next(workers.map(time.sleep, [(60,)]))
"""


UNGUARDED = """
from observatory.side_by_side import Workers
with Workers(2) as workers:
    print(list(workers.map(pow, [(2, 3)])))
"""


def gone(process: int) -> bool:
    """Wait some seconds for a process to end."""
    for _ in range(100):
        try:
            os.kill(process, 0)
            state = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0]
        except (ProcessLookupError, FileNotFoundError):
            return True
        if state == "Z":
            return True
        time.sleep(0.1)
    return False


@pytest.mark.parametrize("jobs", [1, 2])
def test_results_come_in_order_and_things_are_asked_for_when_they_are_needed(jobs: int) -> None:
    asked: list[int] = []

    def things() -> Iterator[tuple[int, int]]:
        for number in range(12):
            asked.append(number)
            yield number, 2

    with Workers(jobs) as workers:
        found = []
        for square in workers.map(pow, things()):
            assert len(asked) <= len(found) + 1 + jobs
            found.append(square)
    assert found == [number**2 for number in range(12)]


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_error_is_that_of_the_work(jobs: int) -> None:
    with Workers(jobs) as workers, pytest.raises(ValueError, match="invalid literal"):
        list(workers.map(int, [("1",), ("x",)]))


def test_processes_begin_when_there_is_work_or_when_told() -> None:
    before = set(multiprocessing.active_children())
    with Workers(2) as workers:
        assert set(multiprocessing.active_children()) == before
        workers.begin()
        begun = set(multiprocessing.active_children()) - before
        assert len(begun) == 2
        workers.begin()
        assert list(workers.map(pow, [(2, 3)])) == [8]
        assert set(multiprocessing.active_children()) - before == begun
    with Workers(1) as workers:
        workers.begin()
        assert list(workers.map(os.getpid, [()])) == [os.getpid()]


def test_there_is_one_process_at_least() -> None:
    with pytest.raises(ValueError, match="1 or more; got 0"):
        Workers(0)


def test_a_process_that_the_system_ends_is_told_as_memory() -> None:
    with Workers(2) as workers, pytest.raises(MemoryError, match="ended by the system"):
        list(workers.map(signal.raise_signal, [(signal.SIGKILL,)]))


def test_who_interrupts_waits_for_nothing_and_leaves_nothing() -> None:
    started = time.monotonic()
    with pytest.raises(KeyboardInterrupt), Workers(2) as workers:
        answers = workers.map(os.getpid, [()] * 6)
        processes = {next(answers) for _ in range(3)}
        next(workers.map(time.sleep, [(0,), (60,), (60,)]))
        raise KeyboardInterrupt
    assert os.getpid() not in processes
    assert all(gone(process) for process in processes)
    assert time.monotonic() - started < 50


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks a process up in /proc")
def test_processes_end_with_the_one_that_was_killed(tmp_path: Path) -> None:
    script = tmp_path / "hangs.py"
    script.write_text(HANGS)
    with subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        worker = int(parent.stdout.readline())
        parent.kill()
        assert gone(worker)


def test_a_script_that_does_not_say_where_it_begins_is_told_so(tmp_path: Path) -> None:
    script = tmp_path / "unguarded.py"
    script.write_text(UNGUARDED)
    ended = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, timeout=100)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert 'several jobs must ask below `if __name__ == "__main__":`' in ended.stderr
    assert "MemoryError" not in ended.stderr


@pytest.mark.long(seconds=30)
def test_what_is_found_is_the_same(small_study: Path, small_run: Run, tmp_path: Path) -> None:
    run = run_study(open_study(small_study), tmp_path / "run", jobs=2)
    assert run.manifest["outputs"] == small_run.manifest["outputs"]


def test_the_command_takes_a_number_of_jobs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "study", "--jobs", "0"]) == 2
    assert "--jobs" in capsys.readouterr().err
