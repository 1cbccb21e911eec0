"""The folder of an engine: it goes with the engine, and what a killed program left goes with the next one."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
import weakref
from pathlib import Path

_PREFIX = "linkages-engine-"
#: The file in it that its program holds a lock on, however the program ends.
_HELD = ".held"
#: Seconds that a folder without a holder is left alone: its program may be about to take it.
_YOUNG = 60


def workspace(owner: object) -> Path:
    """Make a folder for staged files and tables.

    Parameters
    ----------
    owner
        The folder is removed with it.

    Examples
    --------
    >>> class Engine: ...
    >>> engine = Engine()
    >>> folder = workspace(engine)
    >>> folder.is_dir()
    True
    >>> del engine
    >>> folder.exists()
    False
    """
    clear_away(Path(tempfile.gettempdir()))
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
    handle = os.open(folder / _HELD, os.O_CREAT | os.O_RDWR)
    _locked(handle)
    weakref.finalize(owner, _remove, folder, handle)
    return folder


def clear_away(where: Path) -> list[Path]:
    """Remove the folders that programs left which did not end by themselves; at full size they hold many gigabytes.

    Nothing is removed whose program runs, that is younger than a minute, or on a system without locks on files.
    """
    gone = []
    for folder in sorted(where.glob(f"{_PREFIX}*")):
        try:
            if time.time() - folder.stat().st_mtime < _YOUNG:
                continue
            handle = os.open(folder / _HELD, os.O_RDWR)
        except OSError:  # another's, or gone by now
            continue
        if _locked(handle):
            _remove(folder, handle)
            gone.append(folder)
        else:
            os.close(handle)
    return gone


def _remove(folder: Path, handle: int) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    os.close(handle)


def _locked(handle: int) -> bool:
    """Hold a file for this process; False where another holds it, and where files cannot be held."""
    try:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (ImportError, OSError):
        return False
    return True
