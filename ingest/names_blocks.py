"""Which organisations are worth holding against each other: those that share a block, not all with all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ingest.names import kind_of

if TYPE_CHECKING:
    import pyarrow as pa

    from ingest.name_columns import NameColumns

#: Larger blocks are walked in the order of their names, each with its next neighbours.
BLOCK = 60
NEIGHBOURS = 8
#: Least likeness of two names in one block, 0 to 100, from which they are compared word by word.
LIKENESS = 80.0
_CHUNK = 1_000_000


def candidates(units: pd.DataFrame, names: NameColumns) -> np.ndarray:
    """Pair the organisations that may be one.

    Two share a block when a rare word of theirs is the same, begins or ends with the same four letters, when
    their names are the same written together or without words that tell little, when one is the other's
    initials, or when a register gives them one id. Without such an id, organisations of two known countries are
    never paired, nor are names with other numbers ("1234567 Ontario", "1234568 Ontario"): they are other firms,
    and there may be a hundred thousand of them.

    Parameters
    ----------
    units
        ``name, country, registry``, text, blank where not known: one row an organisation.
    names
        Their names taken apart.

    Returns
    -------
    ndarray of int64, shape (pairs, 2)
        Positions in `units`, the smaller first, in order; no pair twice.

    Examples
    --------
    >>> from ingest.name_columns import in_columns
    >>> names = ["Deutsche Telekom AG", "Siemens AG", "SIEMENS A.G.", "Siemens Aktiengesellschaft"]
    >>> units = pd.DataFrame({"name": names, "country": "DE", "registry": ""})
    >>> candidates(units, in_columns(units["name"])).tolist()
    [[1, 2], [1, 3], [2, 3]]
    """
    from rapidfuzz import fuzz, process

    cores = names.texts["core"].to_numpy()
    countries = pd.factorize(units["country"])[0]
    blank = units["country"].eq("").to_numpy(dtype=bool)
    figures = _figures(cores)
    registered = np.flatnonzero(units["registry"].ne(""))
    # One id is one firm in whichever country its rows say it is.
    anywhere = _within(pd.factorize(units["registry"].iloc[registered])[0], registered)
    found = [_numbered(*pair, len(units)) for pair in anywhere]
    for block, unit, sure in _blocks(names.texts):
        for left, right in _pairs(block, unit, countries, blank):
            if not sure:
                one, other = figures[left], figures[right]
                able = (one == other) | (one < 0) | (other < 0)
                left, right = left[able], right[able]
                near = process.cpdist(cores[left], cores[right], scorer=fuzz.ratio, score_cutoff=LIKENESS, workers=-1)
                left, right = left[near > 0], right[near > 0]
            found.append(_numbered(left, right, len(units)))
    pairs = np.unique(np.concatenate([np.empty(0, dtype="int64"), *found]))
    return np.column_stack(np.divmod(pairs, max(len(units), 1)))


def _numbered(left: np.ndarray, right: np.ndarray, units: int) -> np.ndarray:
    """Give each pair a number, by which pairs are in order."""
    return np.asarray(np.unique(np.minimum(left, right) * units + np.maximum(left, right)))


def _blocks(texts: pa.Table) -> Iterator[tuple[np.ndarray, np.ndarray, bool]]:
    """Give numbers of blocks and who is in them, kind by kind, and whether all in one are held against each other."""
    import pyarrow as pa
    import pyarrow.compute as pc

    together, initials, core = (texts[text].combine_chunks() for text in ("together", "initials", "core"))
    split = pc.split_pattern(core, " ")
    words = pc.list_flatten(split).dictionary_encode()
    unit, code = pc.list_parent_indices(split).to_numpy(), words.indices.to_numpy()
    yield *_alike(together), True
    yield *_alike(core), True
    yield *_alike(_told(unit, code, words.dictionary, len(core))), True
    number, length = pa.array(np.bincount(unit, minlength=len(core))), pc.utf8_length(core)
    short = pc.and_(pc.equal(number, 1), pc.and_(pc.greater(length, 2), pc.less(length, 8)))
    yield *_alike(pc.if_else(pc.greater(number, 2), initials, pc.if_else(short, core, ""))), True
    unit, code = _rare(unit, code, words.dictionary)
    for part in (words.dictionary, *(pc.utf8_slice_codeunits(words.dictionary, *ends) for ends in ((0, 4), (-4,)))):
        # Of a word of three letters or less no part is a key.
        word = pc.if_else(pc.greater(pc.utf8_length(words.dictionary), 3), part, "")
        block = word.dictionary_encode().indices.to_numpy().astype("int64")[code]
        keyed = pc.not_equal(word, "").to_numpy(zero_copy_only=False)[code]
        # Two words of a name may begin alike: it stands in their block once.
        yield *np.divmod(np.unique(block[keyed] * len(core) + unit[keyed]), max(len(core), 1)), False


def _alike(keys: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """Put those with the same key in one block; a blank is no key."""
    import pyarrow.compute as pc

    unit = np.flatnonzero(pc.not_equal(keys, "").to_numpy(zero_copy_only=False))
    return keys.dictionary_encode().indices.to_numpy()[unit], unit


def _told(unit: np.ndarray, code: np.ndarray, words: pa.Array, number: int) -> pa.Array:
    """Write each name with its telling words alone."""
    import pyarrow as pa
    import pyarrow.compute as pc

    telling = np.array([kind_of(word) == "telling" for word in words.to_pylist()], dtype=bool)[code]
    ends = np.concatenate([[0], np.cumsum(np.bincount(unit[telling], minlength=number))])
    told = pa.LargeListArray.from_arrays(ends, words.take(pa.array(code[telling])))
    return pc.binary_join(told, pa.scalar(" ", words.type))


def _rare(unit: np.ndarray, code: np.ndarray, words: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """Choose the two words of each name that the fewest names have; of equals the first in the alphabet."""
    import pyarrow.compute as pc

    each = np.unique(unit * len(words) + code)
    unit, code = np.divmod(each, max(len(words), 1))
    often = np.bincount(code, minlength=len(words))
    alphabet = pc.rank(words).to_numpy()
    order = np.lexsort((alphabet[code], often[code], unit))
    unit, code = unit[order], code[order]
    among_first = np.ones(len(unit), dtype=bool)
    among_first[2:] = unit[2:] != unit[:-2]
    return unit[among_first], code[among_first]


def _figures(cores: np.ndarray) -> np.ndarray:
    """Give names with the same figures, in whichever order, the same number; -1 to those without."""
    sorted_ones = ["".join(sorted(filter(str.isdigit, core))) or None for core in cores]
    return np.asarray(pd.factorize(np.array(sorted_ones, dtype=object))[0])


def _pairs(
    block: np.ndarray, unit: np.ndarray, countries: np.ndarray, blank: np.ndarray
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Pair the units of each block within their country, and those of no known country with any."""
    yield from _within(block * (countries.max(initial=0) + 1) + countries[unit], unit)
    nowhere = blank[unit]
    if nowhere.any() and not nowhere.all():
        small = np.bincount(block)[block] <= BLOCK
        here = pd.DataFrame({"block": block, "unit": unit})
        both = here[nowhere & small].merge(here[~nowhere & small], on="block")
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
