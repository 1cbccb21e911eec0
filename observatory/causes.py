"""How two runs were made: where their data, decisions, settings and versions differ, each told apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
import pandas as pd

from observatory.opened import Run
from observatory.settings import Settings

#: Settings that name or show results, try others or judge them, and change no number of the run.
NO_NUMBER = ("title", "spaces.names", "gates", "grid", "nuts_shapes", "strength.backbone", "strength.threshold")
INPUTS = ["what", "source", "path", "rows_before", "rows_after", "sha256_before", "sha256_after"]
CHANGES = ["what", "before", "after"]


def data(before: Run, after: Run) -> pd.DataFrame:
    """Compare the inputs of two runs by digest: those of the sources, and those of the regional figures.

    Returns
    -------
    DataFrame
        ``what`` (*added*, *removed*, *changed*, *renamed*: another name, the same content), ``source, path``,
        ``rows_before, rows_after`` (missing where they are not counted), ``sha256_before, sha256_after``. Empty
        when the data are the same.
    """
    old, new = _inputs(before), _inputs(after)
    gone, come = (
        {key: one[key] for key in sorted(one.keys() - other.keys())} for one, other in ((old, new), (new, old))
    )
    rows: list[tuple[Any, ...]] = []
    for key, (count, digest) in come.items():
        same = [name for name in gone if name[0] == key[0] and gone[name][1] == digest]
        if same:
            rows.append(("renamed", key[0], f"{same[0][1]} → {key[1]}", gone.pop(same[0])[0], count, digest, digest))
        else:
            rows.append(("added", *key, None, count, None, digest))
    rows += [("removed", *key, count, None, digest, None) for key, (count, digest) in gone.items()]
    for key in old.keys() & new.keys():
        if old[key][1] != new[key][1]:
            rows.append(("changed", *key, old[key][0], new[key][0], old[key][1], new[key][1]))
    rows.sort(key=_place)
    table = pd.DataFrame(rows, columns=INPUTS)
    return table.astype({"rows_before": "Int64", "rows_after": "Int64"})


def _place(row: tuple[Any, ...]) -> tuple[str, ...]:
    return tuple(str(cell) for cell in row[:3])


def _inputs(run: Run) -> dict[tuple[str, str], tuple[int | None, str]]:
    """Give source and path of each file → its rows and digest; ``[stars]`` for the regional figures."""
    sources = [(str(row["source"]), row) for row in run.manifest["inputs"]]
    stars = [("[stars]", row) for row in run.manifest.get("star_inputs", [])]
    return {(name, str(row["path"])): (row.get("rows"), str(row["sha256"])) for name, row in [*sources, *stars]}


def decisions(before: Run, after: Run) -> pd.DataFrame:
    """Compare the decisions on doubtful matches, by digest; a run without any has none.

    Returns
    -------
    DataFrame
        ``what, before, after``: rows and digest. Empty when they are the same.
    """
    one, two = (dict(run.manifest.get("decisions") or {}) for run in (before, after))
    if one.get("sha256") == two.get("sha256"):
        return pd.DataFrame(columns=CHANGES)
    keys = [key for key in ("sha256", "rows", "used", "stale") if one.get(key) != two.get(key)]
    return pd.DataFrame([(key, one.get(key), two.get(key)) for key in keys], columns=CHANGES, dtype=object)


def settings(before: Run, after: Run) -> pd.DataFrame:
    """Compare the settings of two runs, key by key.

    A setting that an older run does not state has the default, which is what that version did.

    Returns
    -------
    DataFrame
        ``what`` (dotted key), ``before, after`` (as in study.toml; None for not set), ``numbers`` (False for those
        that change no number of the run: titles, names, gates, views).
    """
    defaults = _flat(msgspec.to_builtins(Settings("", {})))
    old, new = (_flat(run.manifest["settings"]) for run in (before, after))
    rows = []
    for key in sorted(old.keys() | new.keys()):
        one, two = (stated.get(key, defaults.get(key)) for stated in (old, new))
        if one != two:
            rows.append((key, one, two, not _no_number(key)))
    return pd.DataFrame(rows, columns=[*CHANGES, "numbers"], dtype=object).astype({"what": str, "numbers": bool})


def _no_number(key: str) -> bool:
    return any(key == name or key.startswith(f"{name}.") for name in NO_NUMBER)


def _flat(tree: Mapping[str, Any], before: str = "") -> dict[str, Any]:
    """Write the keys of tables in tables with dots; a table of nothing is no key.

    Examples
    --------
    >>> _flat({"a": 1, "b": {"c": [2], "d": {}}})
    {'a': 1, 'b.c': [2]}
    """
    flat: dict[str, Any] = {}
    for key, value in tree.items():
        if isinstance(value, Mapping):
            flat |= _flat(value, f"{before}{key}.")
        else:
            flat[f"{before}{key}"] = value
    return flat


def versions(before: Run, after: Run) -> pd.DataFrame:
    """Compare the versions of program, libraries and Python, and the engine.

    Returns
    -------
    DataFrame
        ``what, before, after``; linkages first. Versions of classifications stand among the settings.
    """
    old, new = (_stated(run) for run in (before, after))
    names = sorted(old.keys() | new.keys(), key=lambda name: (name != "linkages", name))
    rows = [(name, old.get(name), new.get(name)) for name in names if old.get(name) != new.get(name)]
    return pd.DataFrame(rows, columns=CHANGES, dtype=object)


def _stated(run: Run) -> dict[str, Any]:
    stated = {name: value for name, value in run.manifest["versions"].items() if not name.endswith(" version")}
    return {**stated, "engine": run.manifest.get("engine")}


def joined(words: Iterable[str]) -> str:
    """Join words as in a sentence.

    Examples
    --------
    >>> joined(["a"]), joined(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    every = list(words)
    return every[0] if len(every) == 1 else f"{', '.join(every[:-1])} and {every[-1]}"
