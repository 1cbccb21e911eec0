"""The cells of a table, slice by slice."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from ingest import cells
from ingest.cells import Cells, cells_of_rows, cells_of_text, holds, tidy, without_blank
from ingest.decode import Piece
from ingest.digest import Digest, row_numbers
from ingest.headings import Heading
from ingest.mended import Unreadable

HEADING = Heading(("a", "b"), 1, 2, ",", 2)


def test_a_text_of_many_slices_has_the_same_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cells, "_SLICE", 200)
    rows = ['{n},"x\ny"', "{n}", "{n},z", "", "{n},1,2"] * 40
    text = "a,b\n" + "\n".join(row.format(n=n) for n, row in enumerate(rows)) + "\n"
    path = tmp_path / "a.csv"
    path.write_text(text)
    unreadable: list[Unreadable] = []
    slices = list(cells_of_text(Piece("a.csv", path), "utf-8", HEADING, True, unreadable))
    assert len(slices) > 5
    lines = text.split("\n")
    for one in map(without_blank, slices):
        for number, line in zip(one.batch.column(0).to_pylist(), one.lines, strict=True):
            assert lines[line - 1].startswith(f"{number},")
    assert [lines[one.line - 1] for one in unreadable] == [one.text for one in unreadable]
    assert len(unreadable) == 80


def test_a_last_slice_without_a_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cells, "_SLICE", 200)
    path = tmp_path / "a.csv"
    path.write_text("a,b\n" + "1,2\n" * 20 + "no comma\n" * 100)
    unreadable: list[Unreadable] = []
    slices = list(cells_of_text(Piece("a.csv", path), "utf-8", HEADING, True, unreadable))
    assert sum(one.batch.num_rows for one in slices) == 20
    assert len(unreadable) == 100


def test_a_sheet_of_many_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cells, "_SHEET_SLICE", 2)
    found = list(cells_of_rows([("a", "b"), ("1", "x"), ("2", "y"), ("3", "z")], HEADING))
    assert [one.lines.tolist() for one in found] == [[2, 3], [4]]
    assert found[1].batch.to_pylist() == [{"c0": "3", "c1": "z"}]


def test_cells_are_stripped_and_nothing_is_null() -> None:
    column = pa.array([' "Ulm" ', '"', " n.a. ", 'Neu "Ulm', "NA"])
    assert tidy(column, quoted=False).to_pylist() == ["Ulm", None, None, 'Neu "Ulm', "NA"]
    assert tidy(column, quoted=True).to_pylist() == ['"Ulm"', '"', None, 'Neu "Ulm', "NA"]


def test_a_sign_is_found_anywhere_in_a_column() -> None:
    assert holds(pa.array(["a", "b#"]), b"#")
    assert not holds(pa.array(["a", "b"]), b"#")
    assert not holds(pa.array([], pa.string()), b"#")


def test_a_digest_counts_rows_and_lines_that_are_none() -> None:
    batch = pa.RecordBatch.from_arrays([pa.array(["1", "2"]), pa.array(["x", "y"])], ["c0", "c1"])
    digest = Digest(["a", "b"])
    digest.add(Cells(batch, np.array([2, 3])))
    digest.add(Cells(batch.slice(0, 0), np.array([], dtype=np.int64)))
    digest.add_text("3,too,many")
    other = Digest(["a", "b"])
    other.add_text("3,too,many")
    other.add(Cells(batch.take(pa.array([1, 0])), np.array([2, 3])))
    assert digest.rows == other.rows == 3
    assert digest.sha256() == other.sha256()


def test_a_cell_too_long_to_cut_is_counted(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,b\n1," + "x" * 200_000 + ",3\n2,y\n")
    unreadable: list[Unreadable] = []
    (whole,) = list(cells_of_text(Piece("a.csv", path), "utf-8", HEADING, True, unreadable))
    assert whole.lines.tolist() == [3]
    assert [(one.line, one.reason) for one in unreadable] == [(2, "wrong number of cells")]


def test_a_row_is_known_by_its_cells_and_by_which_cell_is_which() -> None:
    texts = ["", "a", "b", "ab", "12345678", "123456789", "1234567812345678", "1234567812345679", "x" * 5000, "é", "\0"]
    pairs = [(one, two) for one in texts for two in texts]
    columns = [pa.array([pair[side] for pair in pairs]) for side in (0, 1)]
    numbers = row_numbers(columns)
    assert len(set(numbers.tolist())) == len(pairs)
    part = [column.slice(7, 20) for column in columns]
    assert row_numbers(part).tolist() == numbers[7:27].tolist()
    assert row_numbers([pa.array(["", None])])[0] == row_numbers([pa.array(["", None])])[1]


def test_numbers_of_rows_do_not_collide() -> None:
    """Two hundred thousand rows that differ in a digit or two, as a vendor's do."""
    count = 200_000
    number = np.arange(count)
    columns = [pa.array(number.astype(str)), pa.array((number % 7).astype(str)), pa.array((number // 3).astype(str))]
    numbers = row_numbers(columns)
    assert len(np.unique(numbers)) == count
    bits = [(numbers >> np.uint64(bit)) & np.uint64(1) for bit in range(64)]
    assert all(abs(int(bit.sum()) - count / 2) < 5 * (count / 4) ** 0.5 for bit in bits)
