"""Tables on a terminal and in files."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from ingest.faults import BadInput
from observatory.listing import as_text, chosen_spaces, save_table, shortened, space_rows

TABLE = pd.DataFrame(
    {
        "event": ["d1", "d2"],
        "year": [2001, 2014],
        "weight": [1234.5, np.nan],
        "who": ["Acme (DE21); Beta (FR10)", "[bold]Gamma[/bold] =cmd()"],
        "row": ["Deal Number 1", "Deal Number 2"],
    }
)


def test_a_table_without_limit():
    assert as_text(TABLE) == (
        "event  year   weight  who                        row\n"
        "d1     2001  1,234.5  Acme (DE21); Beta (FR10)   Deal Number 1\n"
        "d2     2014           [bold]Gamma[/bold] =cmd()  Deal Number 2"
    )


def test_what_is_too_wide_stands_beneath():
    assert as_text(TABLE, width=40) == (
        "event  year   weight  row\n"
        "d1     2001  1,234.5  Deal Number 1\n"
        "    who  Acme (DE21); Beta (FR10)\n"
        "\n"
        "d2     2014           Deal Number 2\n"
        "    who  [bold]Gamma[/bold] =cmd()"
    )


def test_long_content_is_wrapped():
    lines = as_text(TABLE, width=20).split("\n")
    assert max(map(len, lines)) <= 20
    assert lines[0] == "event  year   weight"
    assert "".join(lines).replace(" ", "").count("Acme(DE21);Beta(FR10)") == 1


def test_headings_are_bold_on_a_terminal_only(monkeypatch):
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b[1m" in as_text(TABLE, terminal=True, width=100)
    assert "\x1b" not in as_text(TABLE, width=100)
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[3" not in as_text(TABLE, terminal=True, width=100)


def test_control_characters_of_the_data_never_reach_the_terminal():
    table = pd.DataFrame({"name": ["a\x1b[31mred\x1b[0m\nb\tc\u202ed\x07"]})
    assert as_text(table) == "name\na [31mred [0m b c d"


def test_numbers_are_written_for_reading():
    cells = [3.0, 0.123456789, 1234567.891, 1e15, -0.5, float("nan"), None, pd.NA]
    text = as_text(pd.DataFrame({"x": pd.Series(cells, dtype="object")}))
    assert [line.strip() for line in text.split("\n")[1:]] == [
        "3", "0.123457", "1,234,567.9", "1,000,000,000,000,000", "-0.5", "", "", "",
    ]  # fmt: skip


def test_a_table_without_rows():
    empty = TABLE.iloc[:0]
    assert as_text(empty).split() == list(TABLE.columns)
    assert as_text(empty, width=20)


CELLS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Cf", "Mn", "Me"]), max_size=30)


@settings(deadline=None)
@given(rows=st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=4), width=st.integers(30, 120))
def test_nothing_is_lost_and_no_row_is_wider_than_the_terminal(rows, width):
    table = pd.DataFrame(rows, columns=["a", "bb", "ccc"], dtype="object")
    text = as_text(table, width=width)

    def signs(words):
        return sorted("".join(words).replace(" ", ""))

    shown = re.sub(r"^    (?:a|bb|ccc) ", "", text, flags=re.MULTILINE)
    written = "".join("".join(row) for row in rows)
    for sign in set(written) - set("abc") - {" "}:
        if not sign.isspace():
            assert signs(shown).count(sign) >= written.count(sign)
    first = max([0, *(cell_len(row[0]) for row in rows)])
    if all(cell_len(sign) == 1 for sign in written):
        assert all(cell_len(line) <= max(width, first) for line in text.split("\n"))


@pytest.mark.parametrize("ending", [".csv", ".parquet", ".xlsx", ".CSV"])
def test_tables_are_saved_by_ending(tmp_path, ending):
    path = tmp_path / f"table{ending}"
    assert save_table(TABLE, path) == path
    readers = {".csv": pd.read_csv, ".parquet": pd.read_parquet, ".xlsx": pd.read_excel}
    options = {"engine": "calamine"} if ending == ".xlsx" else {}
    pd.testing.assert_frame_equal(readers[ending.lower()](path, **options), TABLE)
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


def test_a_formula_in_a_workbook_is_text(tmp_path):
    path = save_table(pd.DataFrame({"name": ["=1+1", "https://x.org"]}), tmp_path / "t.xlsx")
    assert pd.read_excel(path, engine="calamine")["name"].tolist() == ["=1+1", "https://x.org"]


def test_endings_and_places_that_will_not_do(tmp_path):
    with pytest.raises(BadInput, match=r"expected \.csv, \.parquet or \.xlsx"):
        save_table(TABLE, tmp_path / "table.doc")
    with pytest.raises(BadInput, match="in a folder to write in"):
        save_table(TABLE, tmp_path / "absent" / "table.csv")
    (tmp_path / "taken.csv").mkdir()
    with pytest.raises(BadInput, match="in a folder to write in"):
        save_table(TABLE, tmp_path / "taken.csv")


# --- spaces of a run ---


def test_the_summed_network_of_the_last_period_by_default(small_run):
    assert {space["network"] for space in chosen_spaces(small_run, None, None)} == {"sector__all__2007-2014"}


@pytest.mark.parametrize(
    ("network", "period", "expected"),
    [
        ("sector__deal", None, {"sector__deal__2000-2007", "sector__deal__2007-2014"}),
        ("deal", "2000-2007", {"sector__deal__2000-2007"}),
        ("all", None, {"sector__all__2000-2007", "sector__all__2007-2014"}),
        (None, "2000-2007", {"sector__all__2000-2007"}),
        ("sector__copatent__2000-2007", None, {"sector__copatent__2000-2007"}),
        ("research", None, {"sector__research__2002-2012"}),
    ],
)
def test_networks_may_be_named_in_part(small_run, network, period, expected):
    assert {space["network"] for space in chosen_spaces(small_run, network, period)} == expected


@pytest.mark.parametrize(("network", "period"), [("dea", None), ("dea", "2000-2007"), ("region__all", None)])
def test_unknown_networks_are_answered_with_those_there_are(small_run, network, period):
    with pytest.raises(BadInput, match="sector__deal__2000-2007, sector__deal__2007-2014"):
        chosen_spaces(small_run, network, period)


@pytest.mark.parametrize(
    ("network", "period", "expected"),
    [
        (None, "2007-2015", "2000-2007, 2007-2014"),
        ("deal", "1999-2000", "2000-2007, 2007-2014"),
        ("research", "2000-2007", "2002-2012"),
    ],
)
def test_an_unknown_period_is_answered_with_the_periods(small_run, network, period, expected):
    with pytest.raises(BadInput, match=rf"'{period}'; expected one of {expected}\."):
        chosen_spaces(small_run, network, period)


def test_a_network_without_spaces_is_no_unknown_one(small_run, monkeypatch):
    monkeypatch.setattr(type(small_run), "spaces", property(lambda _: []))
    assert chosen_spaces(small_run, None, None) == chosen_spaces(small_run, "sector__copatent", None) == []
    with pytest.raises(BadInput, match="expected one of sector__all__2000-2007"):
        chosen_spaces(small_run, "moon", None)


def test_one_row_a_space(small_run):
    found = chosen_spaces(small_run, "all", "2007-2014")
    rows = space_rows(found)
    assert rows["id"].tolist() == [space["id"] for space in found]
    assert rows["members"].tolist() == [" ".join(m["node"] for m in space["members"]) for space in found]
    assert space_rows([]).columns.tolist() == rows.columns.tolist()


def test_tiers_stand_from_the_best_to_none():
    counts = {"none": 4, "basic": 3, "high": 1, "unknown": 2}
    space = {
        "id": "s", "network": "n", "name": "x", "members": [], "share_inside": None, "stability": None,
        "regions": {"top": []}, "tier_counts": counts,
    }  # fmt: skip
    row = space_rows([space]).iloc[0]
    assert row["tiers"] == "1 high, 3 basic, 4 none, 2 unknown"
    assert as_text(space_rows([space])).count("None") == 0


def test_long_lists_are_short_for_reading():
    who = "; ".join(f"firm {number}" for number in range(8))
    assert shortened(who, 3) == "firm 0; firm 1; firm 2; and 5 more"
    assert shortened("firm 1; firm 2", 2) == "firm 1; firm 2"
    assert shortened("") == ""
