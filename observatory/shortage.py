"""What this machine had too little of: memory, or room on a disk; the user's to mend, and told so."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Sequence
from itertools import pairwise

from ingest.faults import Fault


def shortage(error: BaseException, arguments: Sequence[str]) -> Fault | None:
    """Say what was short where an error tells of it, else None.

    Parameters
    ----------
    error
        What ended the command; engines wrap the machine's own words in errors of theirs.
    arguments
        The command's.

    Examples
    --------
    >>> shortage(MemoryError(), ["run", "study", "--memory=2GB"]).value
    '2GB'
    >>> shortage(ValueError("odd"), []) is None
    True
    """
    told = type(error).__name__ in ("OutOfMemoryException", "MemoryError")
    if told or getattr(error, "errno", None) == errno.ENOMEM:  # where another program cannot be started
        return _memory(arguments)
    full = os.strerror(errno.ENOSPC)
    if getattr(error, "errno", None) == errno.ENOSPC or full in str(error):
        mend = f"make room there and in {tempfile.gettempdir()}, or name another folder for temporary files by TMPDIR"
        return Fault("disk", None, full, "room for the tables of a run beside its files", mend)
    return None


def _memory(arguments: Sequence[str]) -> Fault:
    words = [word for given in arguments for word in given.split("=", 1)]
    following = dict(pairwise(words))
    given = following.get("--memory") or following.get("memory")  # of stars: --firm memory=2GB
    enough = "as much memory as these files need"
    if given is None:
        return Fault("memory", None, "all of this machine", enough, "stop what else runs, or take a larger machine")
    return Fault("--memory", None, given, enough, "give more, or leave --memory away: all of this machine is used then")
