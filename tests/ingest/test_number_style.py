"""Numbers are read as their column is written."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import read
from ingest.engine import DuckDB, collect
from ingest.number_style import read_numbers

ENGINE = DuckDB()


def numbers(*texts: str) -> dict[str, float]:
    table = collect(read_numbers(ENGINE, ENGINE.table(pd.DataFrame({"value": texts})), "value", "number"))
    return dict(zip(table["value"], table["number"], strict=True))


def continental(cents: int) -> str:
    return f"{cents // 100:,}".replace(",", ".") + f",{cents % 100:02d}"


@settings(max_examples=25, deadline=None)
@given(st.sets(st.integers(0, 10**11), min_size=1, max_size=8))
def test_what_a_continental_or_an_english_column_says_is_read_back(cents: set[int]) -> None:
    whole = {n * 1000: f"{n * 1000:,}" for n in (1, 850)}
    english = {cent / 100: f"{cent / 100:,.2f}" for cent in cents} | whole
    other = {cent / 100: continental(cent) for cent in cents} | {n: text.replace(",", ".") for n, text in whole.items()}
    for written in (english, other):
        found = numbers(*written.values())
        assert [found[text] for text in written.values()] == pytest.approx(list(written))


@pytest.mark.parametrize(
    ("texts", "first"),
    [
        (("850.000", "1.250.000"), 850_000.0),
        (("850.000", "12,5"), 850_000.0),
        (("850.000", "12.5", "1,5"), 850.0),  # two hands: each cell by itself
        (("850.000", "950"), 850.0),
        (("1,234", "12,5"), 1.234),
        (("1,234", "12.5"), 1234.0),
    ],
)
def test_the_column_decides_what_three_digits_after_a_sign_are(texts: tuple[str, ...], first: float) -> None:
    assert numbers(*texts)[texts[0]] == first


def test_deals_of_a_continental_export_are_worth_what_they_say(tmp_path: Path) -> None:
    heading = "Deal Number;Announced date;Acquiror name;Acquiror country code;Acquiror primary NACE Rev. 2 code;"
    heading += "Target name;Target country code;Target primary NACE Rev. 2 code;Deal value th EUR\n"
    values = {"7": "850.000", "8": "1.250.000", "9": "12.500,5"}
    rows = "".join(f"{n};15/01/2003;Acme;FR;2110;Beta{n};DE;2611;{value}\n" for n, value in values.items())
    (tmp_path / "z.csv").write_text(heading + rows)
    events = collect(read("zephyr", tmp_path / "z.csv").events)
    assert dict(zip(events["event"], events["value"], strict=True)) == {
        "zephyr:7": 850_000.0,
        "zephyr:8": 1_250_000.0,
        "zephyr:9": 12_500.5,
    }
