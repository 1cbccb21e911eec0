"""Columns that repeat few texts: folded or not, cells mean the same."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import cells, digest, folded
from ingest.cells import Cells, holds, spoilt, tidy, without_blank, without_endless, without_undecodable
from ingest.decode import MARK
from ingest.digest import Digest, row_numbers
from ingest.folded import Folding, only_digits
from ingest.mended import Unreadable

TEXT = st.sampled_from(
    [
        *("", " ", "-", "n.a.", "np", ":", "Ulm", " Ulm ", '"Ulm"', "\u00a0Ulm", "Ulm\u200b", "a\r\nb", "a\rb"),
        *("12", "0", "#REF!", "#N/A", "#1", f"x{MARK}", "z\0", "x" * 30, "\ufeff7", "ä", "Łódź\t", "-1", "x" * 5),
    ]
)
COLUMN = st.lists(TEXT, min_size=1, max_size=40)


def fold(column: pa.StringArray) -> pa.DictionaryArray:
    return column.dictionary_encode()


@settings(deadline=None)
@given(COLUMN, st.booleans())
def test_folded_or_not_cells_are_tidied_alike(texts: list[str], quoted: bool) -> None:
    column = pa.array(texts)
    plain, again = tidy(column, quoted), tidy(fold(column), quoted)
    assert again.to_pylist() == plain.to_pylist()
    assert again.dictionary.null_count == 0
    for text, found in zip(texts, plain.to_pylist(), strict=True):  # the same as one by one
        assert tidy(pa.array([text]), quoted).to_pylist() == [found]
    one: list[Unreadable] = []
    two: list[Unreadable] = []
    rows = Cells(pa.RecordBatch.from_arrays([column], ["c0"]), np.arange(len(texts)))
    assert spoilt("a", again, rows, two).to_pylist() == spoilt("a", plain, rows, one).to_pylist()
    assert one == two
    assert holds(fold(column), b"#") == any("#" in text for text in texts)


@settings(deadline=None)
@given(st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=40))
def test_folded_or_not_the_same_rows_are_left_out_and_digested(rows: list[tuple[str, str]]) -> None:
    columns = [pa.array(side) for side in zip(*rows, strict=True)]
    found = []
    for kind in (lambda column: column, fold):
        batch = pa.RecordBatch.from_arrays([kind(column) for column in columns], ["c0", "c1"])
        lost: list[Unreadable] = []
        filled = without_blank(Cells(batch, np.arange(len(rows))))
        sums = Digest(["a", "b"])
        sums.add(filled)
        left = without_endless(without_undecodable(filled, lost), [0, 1], lost)
        found.append((left.batch.to_pylist(), left.lines.tolist(), lost, sums.sha256()))
    assert found[0] == found[1]
    blank = [not (one.strip() or two.strip()) for one, two in rows]
    assert len(found[0][1]) + len(found[0][2]) == blank.count(False)


def test_endless_cells_of_a_folded_column_are_set_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cells, "LONGEST", 10)
    batch = pa.RecordBatch.from_arrays([fold(pa.array(["x" * 11, "y", "x" * 11]))], ["c0"])
    lost: list[Unreadable] = []
    left = without_endless(Cells(batch, np.array([2, 3, 4])), [0], lost)
    assert (left.lines.tolist(), [one.line for one in lost]) == ([3], [2, 4])


def test_numbers_of_rows_are_the_same_whatever_the_slice(monkeypatch: pytest.MonkeyPatch) -> None:
    columns = [pa.array([f"{n % 7}" * (n % 30) for n in range(500)]), pa.array([str(n) for n in range(500)])]
    whole = row_numbers(columns).tolist()
    monkeypatch.setattr(digest, "_ROWS", 13)
    assert row_numbers([fold(columns[0]), columns[1]]).tolist() == whole
    absent = pa.DictionaryArray.from_arrays(pa.array([0, None], pa.int32()), pa.array(["x"]))
    assert row_numbers([absent]).tolist() == row_numbers([pa.array(["x", ""])]).tolist()


def test_only_columns_that_repeat_are_folded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folded, "FEW_ROWS", 8)
    folding = Folding()
    batch = pa.RecordBatch.from_pydict({"a": ["x", "y"] * 8, "b": [str(n) for n in range(16)], "c": ["z"] * 16})
    kinds = [pa.types.is_dictionary(column.type) for column in folding.folded(batch).columns]
    assert kinds == [True, False, True]
    later = pa.RecordBatch.from_pydict({"a": [str(n) for n in range(16)], "b": ["z"] * 16, "c": ["z"] * 16})
    kinds = [pa.types.is_dictionary(column.type) for column in folding.folded(later).columns]
    assert kinds == [False, False, True]
    assert folding.folded(batch.slice(0, 4)).schema == batch.schema


def test_digits_are_seen_in_the_slice_alone() -> None:
    column = pa.array(["a", "1", "22", "b"])
    assert only_digits(column.slice(1, 2))
    assert not only_digits(column)
    assert only_digits(pa.array([], pa.string()))
