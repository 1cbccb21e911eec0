"""Rows that come without a table are printed as a table would be."""

from __future__ import annotations

import pandas as pd
import pytest

from observatory.printing import Format, show, show_rows

COLUMNS = ["event", "year", "date", "participants"]
ROWS = [
    ("p:1", 2003, "2003-05-04", 'Ada, "B" & C'),
    ("p:2", 2014, None, "zwei\nZeilen; Å"),
    ("p:3", 1999, "", "=cmd()"),
    ("p:4", 2000, "x\r", "'single'"),
]


@pytest.mark.parametrize("form", list(Format))
@pytest.mark.parametrize("rows", [ROWS, ROWS[:1], []])
def test_rows_are_printed_as_a_table_is(form, rows, capsys):
    cells = zip(*rows, strict=True) if rows else [[] for _ in COLUMNS]
    kinds = ["str", "int64", "str", "str"]
    columns = {
        name: pd.Series(list(column), dtype=kind) for name, column, kind in zip(COLUMNS, cells, kinds, strict=True)
    }
    show(pd.DataFrame(columns), form)
    expected = capsys.readouterr().out
    show_rows(COLUMNS, rows, {"year"}, form)
    assert capsys.readouterr().out == expected
    assert "event" in expected or not rows
