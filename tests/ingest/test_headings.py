"""Headings below titles, on several lines, between any signs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.columns import Layout
from ingest.faults import BadInput
from ingest.headings import DELIMITERS, Row, find, find_in_text, rows_of

DEALS = Layout("deals", {"event": ("Deal Number",), "city": ("Target City",), "nation": ("Acquiror Nation",)})


def found(text: str, layout: Layout = DEALS, delimiter: str | None = None) -> tuple[str, tuple[str, ...], int]:
    heading = find_in_text(text, layout, {}, delimiter=delimiter, file="deals.csv")
    return heading.delimiter, heading.headings, heading.end


@given(st.sampled_from(DELIMITERS), st.integers(0, 5))
def test_any_delimiter_below_any_title(delimiter: str, above: int) -> None:
    text = "A title, with; signs\n" * above + delimiter.join(["Deal Number", "Target City", "x"]) + "\n1\n"
    assert found(text) == (delimiter, ("Deal Number", "Target City", "x"), above + 2)


def test_headings_on_two_lines() -> None:
    text = "  Deal,Target,Acquiror\nNumber,City,  Nation\n1,Ulm,France\n"
    assert found(text) == (",", ("Deal Number", "Target City", "Acquiror Nation"), 3)


def test_headings_on_three_lines() -> None:
    assert found("Deal,Target,\nNumber,,Acquiror\n,City,Nation\n")[1:] == (
        ("Deal Number", "Target City", "Acquiror Nation"),
        4,
    )


def test_a_word_above_several_columns() -> None:
    layout = Layout("x", {"city": ("Target City",), "nation": ("Target Nation",)})
    assert found("Target,,Buyer\nCity,Nation,Name\n", layout)[1] == ("Target City", "Target Nation", "Buyer Name")


def test_a_line_break_within_a_heading() -> None:
    assert found('"Deal\nNumber";Target City\n1;Ulm\n') == (";", ("Deal Number", "Target City"), 3)


def test_without_any_known_heading_the_widest_row_is_shown() -> None:
    assert found("a title\nx,y,z\n1,2,3\n")[1] == ("x", "y", "z")
    assert find([], DEALS, {}).headings == ()


def test_a_wrong_delimiter_names_the_right_one() -> None:
    with pytest.raises(BadInput) as error:
        found("Deal Number;Target City\n", delimiter=",")
    (fault,) = error.value.faults
    assert (fault.value, fault.line) == (",", 1)
    assert fault.expected.startswith("the delimiter ';', which finds 2 columns where ',' finds 0")
    assert fault.mend.startswith('set delimiter = ";"')


def test_a_wrong_delimiter_of_the_layout_too() -> None:
    with pytest.raises(BadInput, match=r'set delimiter = "\\t"'):
        found("Deal Number\tTarget City\n", Layout("x", DEALS.spellings, delimiter="|"))


def test_quotation_marks_as_text() -> None:
    assert rows_of('a|"b|c\n', "|", quoted=False)[0].cells == ("a", '"b', "c")
    assert rows_of('a\n"' + "b" * 200_000, ",", quoted=True) == [Row(("a",), 1, 2)]


def test_a_tab_may_be_named_and_a_delimiter_is_one_sign() -> None:
    assert found("Deal Number\tTarget City\n", delimiter="tab")[0] == "\t"
    assert found("Deal Number\tTarget City\n", delimiter="\\t")[0] == "\t"
    with pytest.raises(BadInput, match="one sign"):
        found("Deal Number;;Target City\n", delimiter=";;")
