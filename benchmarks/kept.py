"""Many measurements over all cores, each written down as it comes, so that a broken run goes on where it ended."""

from __future__ import annotations

import json
import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import Any

Task = Mapping[str, Any]
Row = dict[str, Any]


def kept_rows(file: Path | None) -> list[Row]:
    """Read what an earlier run has written; a last line that was cut off is as good as not there.

    Examples
    --------
    >>> kept_rows(None)
    []
    """
    if file is None or not file.is_file():
        return []
    rows = []
    for line in file.read_text(encoding="utf-8").splitlines():
        try:
            rows.append(json.loads(line))
        except json.JSONDecodeError:
            continue
    return rows


def measured(
    work: Callable[..., Row],
    tasks: Sequence[Task],
    file: Path | None = None,
    workers: int | None = None,
    name: str = "",
) -> list[Row]:
    """Do every task, those in the file excepted, and give their rows in the order of the tasks.

    Parameters
    ----------
    work
        A function of a module; what a task says are its arguments.
    tasks
        Arguments, all different.
    file
        Lines of ``{"task": …, "row": …}``, added to as each task ends; None keeps nothing.
    workers
        Processes, one a core when None; 1 stays in this process. Each is started afresh: copies of a process in
        which threads have run may wait for them for ever.
    name
        What the tasks are, for the progress told on stderr.
    """
    done = {_key(one["task"]): one["row"] for one in kept_rows(file)}
    left = [task for task in tasks if _key(task) not in done]
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        _mend(file)
    began, told = time.monotonic(), 0.0
    for number, (task, row) in enumerate(_each(work, left, workers), start=1):
        done[_key(task)] = row
        if file is not None:
            with file.open("a", encoding="utf-8") as lines:
                lines.write(json.dumps({"task": task, "row": row}) + "\n")
        spent = time.monotonic() - began
        if spent - told > 10 or number == len(left):
            told = spent
            rest = spent / number * (len(left) - number)
            sys.stderr.write(f"{name}: {number} of {len(left)} done, about {rest / 60:.1f} min left\n")
            sys.stderr.flush()
    return [done[_key(task)] for task in tasks]


def _key(task: Task) -> str:
    return json.dumps(task, sort_keys=True)


def _mend(file: Path) -> None:
    """Begin a new line after one that was cut off."""
    if file.is_file() and (text := file.read_bytes()) and not text.endswith(b"\n"):
        with file.open("ab") as lines:
            lines.write(b"\n")


def _each(work: Callable[..., Row], tasks: Sequence[Task], workers: int | None) -> Iterator[tuple[Task, Row]]:
    """Do the tasks and give each as it ends."""
    if workers == 1 or len(tasks) < 2:
        yield from ((task, work(**task)) for task in tasks)
        return
    # One thread a process: the processes have the cores.
    for setting in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"):
        os.environ.setdefault(setting, "1")
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        waiting = {pool.submit(work, **task): task for task in tasks}
        for one in as_completed(waiting):
            yield waiting[one], one.result()
