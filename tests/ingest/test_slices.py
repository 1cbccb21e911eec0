"""Slices on their way to the engine."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from ingest import slices
from ingest.slices import NotDigitsError, Sink, ahead


def test_slices_come_in_order_and_few_wait() -> None:
    fetched: list[int] = []

    def numbers() -> Iterator[int]:
        for number in range(20):
            fetched.append(number)
            yield number

    done = []
    for number in ahead(numbers(), lambda one: time.sleep(0.001 * (one % 3)) or one):
        done.append(number)
        assert len(fetched) <= len(done) + 3
    assert done == list(range(20))


def test_what_goes_wrong_in_the_work_is_raised() -> None:
    def work(one: int) -> int:
        raise NotDigitsError(str(one))

    with pytest.raises(NotDigitsError, match="7"):
        list(ahead([7, 8, 9], work))


def test_a_column_is_in_the_file_as_in_its_first_slice(tmp_path: Path) -> None:
    plain, folded = pa.array(["x", None, "x"]), pa.array(["y", "y", None]).dictionary_encode()
    with Sink(tmp_path / "a.parquet", ["a", "b"]) as sink:
        for one, two in ((folded, plain), (plain, folded)):
            sink.write(pa.RecordBatch.from_arrays([one, two], ["a", "b"]))
    table = parquet.read_table(tmp_path / "a.parquet")
    assert table["a"].to_pylist() == ["y", "y", None, "x", None, "x"]
    assert table["b"].to_pylist() == ["x", None, "x", "y", "y", None]
    assert table.schema.types == [pa.string(), pa.string()]


def test_the_different_texts_of_folded_columns_are_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A slice too small to be folded adds to them; a large one that was not folded has too many."""
    monkeypatch.setattr(slices, "FEW_ROWS", 3)
    few, many = pa.array(["w", None]), pa.array(["p", "q", "r"])
    folded = [pa.array(["x", None, "x"]).dictionary_encode(), pa.array(["y", "z", "y"]).dictionary_encode()]
    with Sink(tmp_path / "a.parquet", ["a", "b", "c"]) as sink:
        sink.write(pa.RecordBatch.from_arrays([*folded, many], ["a", "b", "c"]))
        sink.write(pa.RecordBatch.from_arrays([few, few, few], ["a", "b", "c"]))
        assert sink.texts == {"a": {"x", "w"}, "b": {"y", "z", "w"}}
        sink.write(pa.RecordBatch.from_arrays([many, folded[1], many], ["a", "b", "c"]))
    assert sink.texts == {"b": {"y", "z", "w"}}


def test_without_a_slice_the_file_has_its_columns(tmp_path: Path) -> None:
    with Sink(tmp_path / "a.parquet", ["line", "a"], {"line"}):
        pass
    assert parquet.read_schema(tmp_path / "a.parquet").types == [pa.int64(), pa.string()]
