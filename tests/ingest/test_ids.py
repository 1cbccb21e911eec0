"""Ids of digits as whole numbers: the same order, and the same text again."""

from __future__ import annotations

from pathlib import Path

import narwhals as nw
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ingest import ids
from ingest.columns import Layout
from ingest.engine import DuckDB, collect
from ingest.files import stage_tables, tables_in

ENGINE = DuckDB()
DIGITS = st.text("0123456789", min_size=1, max_size=ids.LONGEST)


@settings(max_examples=60, deadline=None)
@given(st.lists(DIGITS, min_size=1, max_size=30))
@example(["9", "10", "1", "010", "0", "00", "9" * 15, "1" + "0" * 14])
def test_numbers_stand_in_the_order_of_texts_and_are_read_back(texts: list[str]) -> None:
    numbers, lengths = ids.numbers_of(pa.array(texts)) or pytest.fail("all are digits")
    found = numbers.to_pylist()
    by_number = [text for _, text in sorted(zip(found, texts, strict=True))]
    assert by_number == sorted(texts)
    assert len(set(found)) == len(set(texts))
    assert lengths == {len(text) for text in texts}
    table = ENGINE.table(pd.DataFrame({"place": range(len(texts)), "id": found}))
    written = collect(table.select("place", id=ids.text_of(nw.col("id"), lengths)).sort("place"))
    assert written["id"].tolist() == texts
    first, second = ids.Ids(lengths), ids.Ids()
    year, id_ = nw.lit(2003), nw.col("id")
    by_number = collect(table.select("place", order=first.counted(year, id_)).sort("order", "place"))["place"]
    frame = table.select("place", id=ids.text_of(nw.col("id"), lengths))
    by_text = collect(frame.select("place", order=second.counted(year, id_)).sort("order", "place"))["place"]
    assert by_number.tolist() == by_text.tolist()


@pytest.mark.parametrize("text", ["A1", "1.0", "-1", "1" * 16, "１", " 1", "1e3"])
def test_what_is_no_id_of_digits_leaves_all_of_them_text(text: str) -> None:
    assert ids.numbers_of(pa.array(["12", text])) is None


def test_an_id_that_is_absent_stays_absent() -> None:
    numbers, lengths = ids.numbers_of(pa.array([None, "7", None])) or pytest.fail("all are digits")
    assert numbers.to_pylist() == [None, 10**17 + 7 * 10**16 + 1, None]
    assert lengths == {1}
    assert ids.numbers_of(pa.array([None, None], pa.string())) is not None


@pytest.mark.parametrize(("second", "kept"), [("3", True), ("X3", False)])
def test_a_column_is_numbers_in_all_parts_of_a_table_or_in_none(tmp_path: Path, second: str, kept: bool) -> None:
    (tmp_path / "a.csv").write_text("id,city\n1,Ulm\n02,Bonn\n")
    (tmp_path / "b.csv").write_text(f"id,city\n{second},Ulm\n,Rom\n")
    layout = Layout("towns", {"id": ("id",), "city": ("city",)})
    tables = tables_in([tmp_path / "a.csv", tmp_path / "b.csv"], layout, root=tmp_path)
    staged = stage_tables(ENGINE, tables, layout, ids=["id"])
    plain = stage_tables(ENGINE, tables, layout)
    assert bool(staged.lengths) is kept
    assert staged.inputs.equals(plain.inputs)
    order = ["file", "line"]
    pd.testing.assert_frame_equal(
        collect(ids.as_text(staged).sort(*order)), collect(plain.frame.sort(*order)), check_like=True
    )
