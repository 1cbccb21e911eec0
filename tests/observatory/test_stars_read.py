"""A user's table in the formats it may come in, and everything that may be wrong with it."""

import gzip
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ingest.faults import BadInput
from observatory.stars import read_table, star_scores

HEAD = "region,industry,year,employment,wages,firms,high_growth_smes,frontier_firms"
GOOD = f"{HEAD}\nDE21,Plastics,2014,1714,60000000,12,3,1\nDE22,Plastics,2014,:,,7,n/a,0\n"


def write(folder: Path, text: str, name: str = "stars.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def faults(path: Path) -> list[tuple[int | None, str, str]]:
    with pytest.raises(BadInput) as caught:
        read_table(path)
    assert all(fault.file == path.name and fault.mend for fault in caught.value.faults)
    return [(fault.line, fault.value, fault.expected) for fault in caught.value.faults]


def test_a_plain_table(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, GOOD))
    assert table.columns.to_list() == HEAD.split(",")
    assert table["employment"].to_list()[0] == 1714
    assert np.isnan(table.loc[1, ["employment", "wages", "high_growth_smes"]].to_numpy(float)).all()
    assert table["frontier_firms"].to_list() == [1, 0]
    assert table.attrs["notes"] == []


@pytest.mark.parametrize(
    ("delimiter", "encoding"),
    [(";", "utf-8-sig"), ("\t", "utf-16"), ("|", "cp1252"), (",", "utf-8")],
)
def test_delimiters_and_encodings(tmp_path: Path, delimiter: str, encoding: str) -> None:
    text = GOOD.replace(",", delimiter).replace("DE22", "Côte-d'Or")
    table = read_table(write(tmp_path, text, encoding=encoding))
    assert table["region"].to_list() == ["DE21", "Côte-d'Or"]


def test_headings_in_any_case_and_order_and_others(tmp_path: Path) -> None:
    text = '\n"Year",High-growth SMEs,Comment,EMPLOYMENT,Industry,Region\n2014,2,"a,\nb",10,Plastics,DE21\n'
    table = read_table(write(tmp_path, text))
    assert table.to_dict("list") == {
        "region": ["DE21"],
        "industry": ["Plastics"],
        "year": [2014],
        "employment": [10.0],
        "high_growth_smes": [2.0],
    }
    assert table.attrs["notes"] == ["Columns of stars.csv that are not used: comment."]
    scores = star_scores(table, industry="industry")
    assert scores.attrs["notes"][0] == "Columns of stars.csv that are not used: comment."
    assert any("no column wages" in note for note in scores.attrs["notes"])


def test_gzip_parquet_and_workbook_read_the_same(tmp_path: Path) -> None:
    expected = read_table(write(tmp_path, GOOD))
    (tmp_path / "stars.csv.gz").write_bytes(gzip.compress(GOOD.encode()))
    expected.to_parquet(tmp_path / "stars.parquet")
    expected.rename(columns={"region": "Region"}).to_excel(tmp_path / "stars.xlsx", index=False, engine="xlsxwriter")
    for name in ("stars.csv.gz", "stars.parquet", "stars.xlsx"):
        pd.testing.assert_frame_equal(read_table(tmp_path / name), expected)


def test_codes_that_a_workbook_holds_as_numbers(tmp_path: Path) -> None:
    table = pd.DataFrame({"region": ["DE21"], "industry": [21], "year": [2014], "employment": [5]})
    table.to_excel(tmp_path / "stars.xlsx", index=False, engine="xlsxwriter")
    assert read_table(tmp_path / "stars.xlsx")["industry"].to_list() == ["21"]


def test_all_faults_at_once(tmp_path: Path) -> None:
    text = (
        f"{HEAD}\n"
        "DE21,Plastics,2014,10,100,1,1,1\n"
        "DE21,plastics,2014,10,100,1,1,1\n"
        ",Plastics,2013,-4,100,1,1,1\n"
        'DE22,Plastics,201,10,"1.000,5",1,1,1\n'
        "DE23,Plastics,2013,0,100,1,1,1\n"
        "DE24,,2013.5,inf,x,1,1,1\n"
    )
    assert faults(write(tmp_path, text)) == [
        (3, "DE21, plastics, 2014", "each region, industry and year once (it stands in line 2 too)"),
        (4, "", "a name or code in column region"),
        (4, "-4", "employment, a number of zero or more"),
        (5, "1.000,5", "wages, a number of zero or more"),
        (5, "201", "a year between 1900 and 2100"),
        (6, "wages 100, employment 0", "employment above zero where wages are paid"),
        (7, "", "a name or code in column industry"),
        (7, "2013.5", "a year between 1900 and 2100"),
        (7, "inf", "employment, a number of zero or more"),
        (7, "x", "wages, a number of zero or more"),
    ]


def test_lines_are_those_of_the_file(tmp_path: Path) -> None:
    text = f'{HEAD}\n"DE\n21",Plastics,2014,1,1,1,1,1\n\nDE22,Plastics,2014,-1,1,1,1,1\n'
    assert [line for line, _, _ in faults(write(tmp_path, text))] == [5]


def test_a_sheet_row_is_named(tmp_path: Path) -> None:
    table = pd.DataFrame({"region": ["A", "B"], "industry": "x", "year": 2014, "employment": [1, -1]})
    table.to_excel(tmp_path / "stars.xlsx", index=False, engine="xlsxwriter", startrow=2)
    assert faults(tmp_path / "stars.xlsx") == [(5, "-1", "employment, a number of zero or more")]


def test_missing_columns_are_all_named(tmp_path: Path) -> None:
    found = faults(write(tmp_path, "region,jobs\nDE21,4\n"))
    assert [expected for _, _, expected in found] == [
        "a column industry",
        "a column year",
        "a column employment",
    ]
    assert {value for _, value, _ in found} == {"region, jobs"}


def test_a_repeated_heading(tmp_path: Path) -> None:
    assert faults(write(tmp_path, "region,year,year\nDE21,1,1\n")) == [(1, "year", "each heading once")]


def test_a_row_with_too_many_cells(tmp_path: Path) -> None:
    text = "region,industry,year,employment\nDE21,Marketing, Design,2014,5\n"
    assert faults(write(tmp_path, text)) == [(2, "5", "4 cells, as in the heading")]


def test_a_short_row_has_missing_figures(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, f"{HEAD}\nDE21,Plastics,2014,5\n"))
    assert table["wages"].isna().all()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", (None, "", "a heading and rows; the file is empty")),
        ("\n\n", (None, "", "a heading and rows; the file is empty")),
        (HEAD, (1, "", "rows of figures below the headings")),
    ],
)
def test_an_empty_file(tmp_path: Path, text: str, said: tuple[int | None, str, str]) -> None:
    assert faults(write(tmp_path, text)) == [said]


def test_a_byte_that_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "stars.csv"
    path.write_bytes(GOOD.encode() + b"DE2\x81\n")
    assert faults(path) == [(4, "\\x81", "text in UTF-8 or cp1252")]


def test_a_file_that_is_not_what_it_says(tmp_path: Path) -> None:
    found = faults(write(tmp_path, GOOD, "a.parquet"))
    assert [(line, said) for line, _, said in found] == [(None, "a Parquet file")]
    # text is told from a workbook by its content
    assert len(read_table(write(tmp_path, GOOD, "a.xlsx"))) == 2


def test_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="expected a file"):
        read_table(tmp_path / "none.csv")


def test_regions_and_industries_named_like_blanks_stay(tmp_path: Path) -> None:
    text = "region,industry,year,employment\nNA,None,2014,5\n"
    assert read_table(write(tmp_path, text))[["region", "industry"]].to_numpy().tolist() == [["NA", "None"]]


def test_flags_of_eurostat_are_taken_off_and_counted(tmp_path: Path) -> None:
    rows = ["DE11,Plastics,2014,1624 d", "DE12,Plastics,2014,: c", "DE13,Plastics,2014,u", "DE14,Plastics,2014,7 bep"]
    table = read_table(write(tmp_path, "\n".join(["region,industry,year,employment", *rows])))
    assert table["employment"].fillna(-1).to_list() == [1624, -1, -1, 7]
    assert table.attrs["notes"] == ["4 figures carry a flag of Eurostat's and count without it."]
    assert star_scores(table, "industry").attrs["notes"][0] == table.attrs["notes"][0]
    wrong = "region,industry,year,employment\nDE11,Plastics,2014,12:00 AM\nDE12,Plastics,2014,7x\n"
    assert [value for _, value, _ in faults(write(tmp_path, wrong))] == ["12:00 AM", "7x"]


def test_faults_of_codes_name_the_file_that_they_come_from(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, GOOD))
    with pytest.raises(BadInput, match=r"stars\.csv: 'Plastics'; expected a NACE") as caught:
        star_scores(table, "nace")
    assert "industry" in str(caught.value)
