"""Files of one layout as one table of texts: what a source module works on."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import narwhals as nw
import pandas as pd


@dataclass(frozen=True)
class Staged:
    """Files of one layout as one table.

    Attributes
    ----------
    frame
        ``file``, ``line`` (1 = the first line of the file or sheet; the row's first line where its cells hold
        line breaks) and every column of the layout and of the user's map, all text, stripped, line breaks written
        in one way; null where the file lacks the column or the cell holds nothing (blank, ``-``, ``n.a.``,
        ``np``, ``:``).
    rows, rejects
        The lines that could not be read as rows, in the columns of ``SOURCE_SCHEMA``; and the cells that a
        spreadsheet spoilt (``#REF!``), as rejects only.
    inputs
        ``path``, ``rows`` (of data, unreadable ones included), ``sha256``: a digest of the rows' content that
        does not depend on their order, nor on that of the columns, nor on the encoding: the SHA-256 of the
        headings in order of the alphabet, the number of rows and the sums of two numbers that each row's cells
        decide (:mod:`ingest.digest`).
    lengths
        The columns of ids that are numbers in `frame` (:mod:`ingest.ids`) → of how many digits there are ids.
    filled
        The columns of which every cell holds something, as far as is known.
    texts
        Column → its different cells, blanks apart, of columns with few of them, as far as is known.
    """

    frame: nw.LazyFrame[Any]
    rows: nw.LazyFrame[Any]
    rejects: nw.LazyFrame[Any]
    inputs: pd.DataFrame
    lengths: Mapping[str, frozenset[int]] = field(default_factory=dict)
    filled: frozenset[str] = frozenset()
    texts: Mapping[str, Collection[str]] = field(default_factory=dict)
