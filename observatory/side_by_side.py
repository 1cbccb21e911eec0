"""Work on one thing beside another, each in a process of its own; the results come in the order of the things."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import Self, TypeVar

T = TypeVar("T")
#: Processes at most, however many cores there are: each holds the libraries in memory once more.
MOST = 8
#: What every piece of work needs: imported once for all processes, where they are forked.
_NEEDED = ["observatory.stages.finding"]


def cores() -> int:
    """Say how many processes this machine has room for: one a core, :data:`MOST` at most.

    Examples
    --------
    >>> 1 <= cores() <= MOST
    True
    """
    try:
        here = len(os.sched_getaffinity(0))
    except AttributeError:  # a system that binds no process to cores
        here = os.cpu_count() or 1
    return min(here, MOST)


class Workers:
    """So many processes that work side by side, begun when there is work; of one job all is done in this process.

    Parameters
    ----------
    jobs
        How many. Scripts that ask for more than one must begin below ``if __name__ == "__main__":``, as all that start
        processes must.

    Examples
    --------
    >>> with Workers(1) as workers:
    ...     list(workers.map(pow, [(2, 3), (3, 2)]))
    [8, 9]
    """

    def __init__(self, jobs: int) -> None:
        if jobs < 1:
            raise ValueError(f"jobs is 1 or more; got {jobs}")
        self.jobs = jobs
        self._pool: ProcessPoolExecutor | None = None
        self._own: set[BaseProcess] = set()

    def __enter__(self) -> Self:
        return self

    def begin(self) -> None:
        """Begin all processes now, while something else is done; else they begin when there is work for them."""
        if self.jobs == 1 or self._pool is not None:
            return
        # Never a plain fork: an engine's threads would not be in the copy, but their locks.
        forks = "forkserver" in multiprocessing.get_all_start_methods()
        context = multiprocessing.get_context("forkserver" if forks else "spawn")
        if forks:
            context.set_forkserver_preload(_NEEDED)
        others = set(multiprocessing.active_children())
        self._pool = ProcessPoolExecutor(self.jobs, context, _begin)
        # All at once: one begun while another ends would be waited for for ever.
        for _ in range(self.jobs):
            self._pool.submit(int)
        self._own = set(multiprocessing.active_children()) - others

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._pool is not None:
            # Whoever interrupts does not wait for work that is under way.
            self._pool.shutdown(wait=kind is None, cancel_futures=True)
            for process in self._own & set(multiprocessing.active_children()):
                process.terminate()

    def map(self, work: Callable[..., T], items: Iterable[tuple[object, ...]]) -> Iterator[T]:
        """Do the work on each item's arguments; an item is asked for when there will soon be someone free for it.

        Raises
        ------
        MemoryError
            When the system ended one of the processes, which it does where memory is short.
        RuntimeError
            When one of them could not begin.
        """
        self.begin()
        if self._pool is None:
            yield from (work(*item) for item in items)
            return
        waiting: deque[Future[T]] = deque()
        try:
            for item in items:
                waiting.append(self._pool.submit(work, *item))
                if len(waiting) > self.jobs:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        except BrokenProcessPool as error:
            self._pool.shutdown()  # until then the pool alone may ask how the processes ended
            if any((process.exitcode or 0) > 0 for process in self._own):  # of those ended by a signal it is below 0
                guard = 'a script that asks for several jobs must ask below `if __name__ == "__main__":`'
                raise RuntimeError(f"a process that was to work beside this one could not begin: {guard}") from error
            raise MemoryError("a process that worked beside this one was ended by the system") from error


def _begin() -> None:
    """Leave interruptions to the process that asked for the work, and end when it does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
