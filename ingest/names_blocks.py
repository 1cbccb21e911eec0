"""Which organisations are worth holding against each other: those that share a block, not all with all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from ingest.names import Name, kind_of, taken_apart
from ingest.names_compared import Organisation

#: Larger blocks are walked in the order of their names, each with its next neighbours.
BLOCK = 60
NEIGHBOURS = 8
#: Least likeness of two names in one block, 0 to 100, from which they are compared word by word.
LIKENESS = 80.0
_CHUNK = 4_000_000


def candidates(organisations: Sequence[Organisation], names: Sequence[Name] | None = None) -> np.ndarray:
    """Pair the organisations that may be one.

    Two share a block when a rare word of theirs is the same, begins or ends with the same four letters, when
    their names are the same written together or without words that tell little, when one is the other's
    initials, or when a register gives them one id. Without such an id, organisations of two known countries are
    never paired, nor are names with other numbers ("1234567 Ontario", "1234568 Ontario"): they are other firms,
    and there may be a hundred thousand of them.

    Parameters
    ----------
    names
        The organisations' names taken apart, where that has been done.

    Returns
    -------
    ndarray of int64, shape (pairs, 2)
        Positions in `organisations`, the smaller first, in order; no pair twice.

    Examples
    --------
    >>> names = ["Deutsche Telekom AG", "Siemens AG", "SIEMENS A.G.", "Siemens Aktiengesellschaft"]
    >>> candidates([Organisation(name, "DE") for name in names]).tolist()
    [[1, 2], [1, 3], [2, 3]]
    """
    from rapidfuzz import fuzz, process

    names = [taken_apart(one.name) for one in organisations] if names is None else names
    cores = np.array([name.core for name in names], dtype=object)
    countries = pd.factorize(pd.Series([one.country for one in organisations], dtype="str"))[0]
    blank = np.array([not one.country for one in organisations], dtype=bool)
    figures = _figures(names)
    registered = _table((one.registry, unit) for unit, one in enumerate(organisations) if one.registry)
    # One id is one firm in whichever country its rows say it is.
    anywhere = _within(pd.factorize(registered["key"])[0], registered["unit"].to_numpy("int64"))
    found = [np.column_stack([np.minimum(*pair), np.maximum(*pair)]) for pair in anywhere]
    for keys, sure in _keys(names):
        for left, right in _pairs(keys, countries, blank):
            if not sure:
                one, other = figures[left], figures[right]
                able = (one == other) | (one < 0) | (other < 0)
                left, right = left[able], right[able]
                near = process.cpdist(cores[left], cores[right], scorer=fuzz.ratio, score_cutoff=LIKENESS, workers=-1)
                left, right = left[near > 0], right[near > 0]
            found.append(np.column_stack([np.minimum(left, right), np.maximum(left, right)]))
    pairs = np.concatenate([np.empty((0, 2), dtype="int64"), *found])
    return np.asarray(np.unique(pairs, axis=0), dtype="int64")


def _keys(names: Sequence[Name]) -> Iterator[tuple[pd.DataFrame, bool]]:
    """Give the blocks' keys by kind: ``key, unit``, and whether all in a block are worth comparing as they are."""
    units = range(len(names))
    yield _table((names[unit].together, unit) for unit in units), True
    yield _table((names[unit].core, unit) for unit in units), True
    yield _table((_told(names[unit]), unit) for unit in units), True
    yield _table(_initials(names)), True
    often = Counter(word for name in names for word in set(name.words))
    rare = [sorted(set(name.words), key=lambda word: (often[word], word))[:2] for name in names]
    for part in (slice(None), slice(4), slice(-4, None)):
        yield _table((word[part], unit) for unit in units for word in rare[unit] if len(word) > 3), False


def _told(name: Name) -> str:
    return " ".join(word for word in name.words if kind_of(word) == "telling")


def _initials(names: Sequence[Name]) -> Iterator[tuple[str, int]]:
    for unit, name in enumerate(names):
        if len(name.words) == 1 and 2 < len(name.core) < 8:
            yield name.core, unit
        elif len(name.words) > 2:
            yield name.initials, unit


def _figures(names: Sequence[Name]) -> np.ndarray:
    """Give names with the same figures, in whichever order, the same number; -1 to those without."""
    sorted_ones = ["".join(sorted(letter for letter in name.core if letter.isdigit())) or None for name in names]
    return np.asarray(pd.factorize(np.array(sorted_ones, dtype=object))[0])


def _table(rows: Iterator[tuple[str, int]]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["key", "unit"]).drop_duplicates()
    return table[table["key"] != ""]


def _pairs(keys: pd.DataFrame, countries: np.ndarray, blank: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Pair the units of each block within their country, and those of no known country with any."""
    code = pd.factorize(keys["key"])[0]
    unit = keys["unit"].to_numpy("int64")
    yield from _within(code * (countries.max(initial=0) + 1) + countries[unit], unit)
    nowhere = blank[unit]
    if nowhere.any() and not nowhere.all():
        small = np.bincount(code)[code] <= BLOCK
        here = pd.DataFrame({"code": code, "unit": unit})
        both = here[nowhere & small].merge(here[~nowhere & small], on="code")
        yield both["unit_x"].to_numpy("int64"), both["unit_y"].to_numpy("int64")


def _within(block: np.ndarray, unit: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Pair the members of each block: all of a small one, neighbours of a large one."""
    order = np.lexsort((unit, block))
    block, unit = block[order], unit[order]
    size = np.unique(block, return_inverse=True, return_counts=True)
    large = size[2][size[1]] > BLOCK
    waiting: list[tuple[np.ndarray, np.ndarray]] = []
    rows = 0
    for step in range(1, BLOCK):
        same = block[step:] == block[:-step]
        if step > NEIGHBOURS:
            same &= ~large[step:]
        if not same.any():
            if step > NEIGHBOURS:
                break
            continue
        waiting.append((unit[:-step][same], unit[step:][same]))
        rows += int(same.sum())
        if rows > _CHUNK:
            yield _joined(waiting)
            waiting, rows = [], 0
    if waiting:
        yield _joined(waiting)


def _joined(parts: list[tuple[np.ndarray, np.ndarray]]) -> tuple[np.ndarray, np.ndarray]:
    return np.concatenate([left for left, _ in parts]), np.concatenate([right for _, right in parts])
