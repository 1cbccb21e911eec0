"""What files are called: by their way from the study, and each by a name of its own.

Rows are known by file and line, so two files of one name would be taken for one.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from pathlib import Path


def file_names(paths: Iterable[Path], root: Path | None = None) -> dict[Path, str]:
    """Name each file once: from the study, or by its own name and as many folders above it as tell it from others.

    Parameters
    ----------
    paths
        Files; of several ways to one file, by a link or by ``..``, the first is kept.
    root
        The folder of the study.

    Returns
    -------
    dict
        Path → name, with ``/`` between folders; in the order of the paths.

    Examples
    --------
    >>> paths = [Path("/data/2014/deals.csv"), Path("/data/2015/deals.csv"), Path("/study/inbox/sdc.csv")]
    >>> list(file_names(paths, Path("/study")).values())
    ['2014/deals.csv', '2015/deals.csv', 'inbox/sdc.csv']
    """
    whole: dict[Path, Path] = {}
    for path in sorted(set(paths)):
        whole.setdefault(_real(path), path)
    own = {path: way for real, path in whole.items() if (way := _way(path, real, root)) is not None}
    foreign = {path: _here(path) for path in whole.values() if path not in own}
    depths = dict.fromkeys(foreign, 1)
    while clashing := _clashing(own, foreign, depths):
        depths |= {path: depths[path] + 1 for path in clashing}
    names = {path: way.as_posix() for path, way in own.items()}
    names |= {path: _end(place, depths[path]) for path, place in foreign.items()}
    return {path: names[path] for path in whole.values()}


def _real(path: Path) -> Path:
    """Follow links; where they lead in a circle the file cannot be opened, and is told of then."""
    return Path(os.path.realpath(path))


def _here(path: Path) -> Path:
    """Give the whole way to a file as it was written: a link is called as itself."""
    return Path(os.path.normpath(path.absolute()))


def _way(path: Path, real: Path, root: Path | None) -> Path | None:
    """Give the way from the study to a file that lies in it, or to which a link in it leads; None for others."""
    if root is None:
        return None
    for place, top in ((real, _real(root)), (_here(path), _here(root))):
        if place.is_relative_to(top):
            return place.relative_to(top)
    return None


def _clashing(own: dict[Path, Path], foreign: dict[Path, Path], depths: dict[Path, int]) -> list[Path]:
    """List the files outside the study whose name another file has and that have a folder more to be told by."""
    ends = {path: _end(place, depths[path]) for path, place in foreign.items()}
    taken = Counter([*ends.values(), *(way.as_posix() for way in own.values())])
    return [path for path, end in ends.items() if taken[end] > 1 and depths[path] < len(foreign[path].parts)]


def _end(place: Path, depth: int) -> str:
    """Give the last parts of a way."""
    return Path(*place.parts[-depth:]).as_posix()
