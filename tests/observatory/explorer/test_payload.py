"""How a payload is written: harmless names and cells, numbers as they are."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from observatory.explorer.holdings import rows_of
from observatory.explorer.paths import safe
from observatory.explorer.payload import Payload, harmless


@given(st.text(max_size=200))
def test_safe_names_are_harmless_and_differ(name: str) -> None:
    made = safe(name)
    assert made.isascii() and made.isprintable()
    assert not {"/", "\\", "%", ":", " "} & set(made)
    assert made not in ("", ".", "..") and not made.startswith(".") and len(made) <= 100
    assert safe(name + "x") != made


def test_reserved_names_are_no_files() -> None:
    assert [safe(name) for name in ("con", "NUL.txt", "a..b", "x.")] != ["con", "NUL.txt", "a..b", "x."]
    assert all("~" in safe(name) for name in ("con", "NUL.txt", "a..b", "x.", ""))


def test_csv_holds_no_formula_and_keeps_numbers_and_codes() -> None:
    frame = pd.DataFrame(
        {
            "code": ["0325", "=cmd()", "@x", "\t=1", "-2.5"],
            "events": [1, -2, 3, 4, 5],
            "share": [0.1, -0.25, np.nan, 1e-9, 2.0],
            "label": ["<script>", "+49 30", "a,\"b\"\nc", None, "-"],
        }
    )  # fmt: skip
    body = Payload("x", "y", tables={"links": frame}).csv()
    told = pd.read_csv(io.BytesIO(body), dtype={"code": str, "label": str})
    assert told["code"].to_list() == ["0325", " =cmd()", " @x", " \t=1", "-2.5"]
    assert told["events"].to_list() == [1, -2, 3, 4, 5]
    assert told["label"].fillna("").to_list() == ["<script>", " +49 30", 'a,"b"\nc', "", " -"]
    assert told["share"].to_list()[:2] == [0.1, -0.25]


@given(st.lists(st.text(max_size=12), min_size=1, max_size=5))
def test_harmless_texts_differ_by_a_blank_at_most(texts: list[str]) -> None:
    for before, after in zip(texts, harmless(pd.Series(texts, dtype=object)), strict=True):
        assert after in (before, " " + before)
        if after == before and before[:1] in tuple("=@"):
            pytest.fail("a formula stays")


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=1, max_size=9))
def test_rows_of_each_value(pairs: list[tuple[str, str]]) -> None:
    table = pd.DataFrame(pairs, columns=["a", "b"])
    expected = {
        value: [row for row, pair in enumerate(pairs) if value in pair] for value in {v for pair in pairs for v in pair}
    }
    assert {value: rows.tolist() for value, rows in rows_of(table, "a", "b").items()} == expected


def test_json_holds_the_first_rows_and_says_how_many_there_are() -> None:
    table = pd.DataFrame({"events": range(9)})
    held = Payload("x", "y", tables={"links": table}, most=4).to_dict()["links"]
    assert len(held["rows"]) == 4 and held["rows_in_all"] == 9
    assert len(Payload("x", "y", tables={"links": table}, most=4).csv().splitlines()) == 10
