"""Options checked, and only the columns that say anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.columns import Layout
from ingest.engine import DuckDB
from ingest.faults import BadInput
from ingest.opened import check_options, opened


def test_every_wrong_option_is_named() -> None:
    known, choices = {"date": "Which date."}, {"date": ("start", "end")}
    check_options({"date": "end"}, known, choices)
    with pytest.raises(BadInput) as caught:
        check_options({"date": 3, "hue": "red"}, known, choices)
    assert [fault.value for fault in caught.value.faults] == ["hue", "date = 3"]


@pytest.mark.parametrize("value", [3, "", True])
def test_texts_are_texts(value: object) -> None:
    with pytest.raises(BadInput, match=r"expected a text, not empty. To mend: write delimiter = ") as caught:
        check_options({"delimiter": value, "split": value}, {"delimiter": "", "split": ""}, {})
    assert len(caught.value.faults) == 2


def test_columns_that_hold_nothing_are_left_out(tmp_path: Path) -> None:
    layout = Layout("deals", {name: (name,) for name in ("number", "city", "state", "zip")}, frozenset({"number"}))
    (tmp_path / "a.csv").write_bytes(b'number,city,state\n1,"Ulm\r\nLyon",-\n2,,\n')
    engine = DuckDB()
    given = opened(engine, [tmp_path / "a.csv"], layout, ("zip",), columns={}, options={}, root=tmp_path)
    assert given.filled == {"number", "city"}
    assert given.only(["zip", "city", "number"]) == ["city", "number"]
    assert given.cells.sort("line").collect("pyarrow").rows() == [
        ("a.csv", 2, "1", "Ulm\nLyon", None),
        ("a.csv", 4, "2", None, None),
    ]
