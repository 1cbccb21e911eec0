"""Tables of firms as databases export them: CSV, Parquet and workbooks, units in headings, several files."""

import gzip
from pathlib import Path

import narwhals as nw
import pandas as pd
import pytest
from typer.testing import CliRunner

from ingest.engine import DuckDB, collect
from ingest.faults import BadInput
from observatory.cli import app
from observatory.stars.firms.files import firms_of, scheme_of
from observatory.stars.firms.layout import columns_of, split_unit
from observatory.stars.layouts import recognised
from observatory.stars.layouts.cells import Options
from observatory.stars.layouts.opened import opened
from observatory.stars.read import read_figures

HEAD = (
    "BvD ID number,NACE Rev. 2 core code (4 digits),NUTS3,Country ISO code,Year,Number of employees,"
    "Costs of employees th EUR,Added value th EUR,Operating revenue (Turnover) th EUR"
)
ROWS = [
    "DE01,2910,DE212,DE,2011,100,3000,5000,9000",
    'DE01,29.10,DE212,DE,2014,200,6600,n.a.,"18,000"',
    "US02,2910,,US,2014,10,n.a.,900.5,1",
    "FR03,1413,FR101,FR,2014,,90,70,500",
]


def write(folder: Path, rows: list[str], name: str = "firms.csv", head: str = HEAD) -> Path:
    path = folder / name
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return path


def as_frame() -> pd.DataFrame:
    """The same rows, typed as in a Parquet file."""
    rows = [
        ["DE01", "2910", "DE212", "DE", 2011, 100, 3000, 5000, 9000],
        ["DE01", "29.10", "DE212", "DE", 2014, 200, 6600, None, 18000],
        ["US02", "2910", None, "US", 2014, 10, None, 900.5, 1],
        ["FR03", "1413", "FR101", "FR", 2014, None, 90, 70, 500],
    ]
    heads = HEAD.split(",")
    return pd.DataFrame(rows, columns=heads).astype(dict.fromkeys(heads[5:], "float64"))


def firms(*paths: Path) -> pd.DataFrame:
    tables, faults = opened(paths)
    assert not faults
    engine = DuckDB()
    return collect(firms_of(engine, tables)[0].sort("firm", "year"))


def test_money_is_in_euros_and_what_is_not_known_is_missing(tmp_path: Path) -> None:
    table = firms(write(tmp_path, ROWS)).set_index(["firm", "year"])
    assert table.loc[("DE01", 2014), ["employees", "wages", "turnover"]].to_list() == [200, 6_600_000, 18_000_000]
    assert table.loc[("US02", 2014), "value_added"] == 900_500
    assert table[["employees", "wages", "value_added"]].isna().sum().to_list() == [1, 1, 1]
    assert table["fault"].isna().all()
    assert table["line"].to_list() == [2, 3, 5, 4]


def test_every_format_counts_the_same(tmp_path: Path) -> None:
    plain = write(tmp_path, ROWS)
    packed = tmp_path / "firms.csv.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    as_frame().to_parquet(tmp_path / "firms.parquet")
    with pd.ExcelWriter(tmp_path / "firms.xlsx", engine="xlsxwriter") as book:
        pd.DataFrame({"Search summary": ["two steps"]}).to_excel(book, sheet_name="Search", index=False)
        as_frame().to_excel(book, sheet_name="Results", index=False)
    expected = read_figures([plain]).table
    assert expected["employment"].sum() == 310 and expected["firms"].sum() == 4
    for name in ("firms.csv.gz", "firms.parquet", "firms.xlsx"):
        found = read_figures([tmp_path / name])
        pd.testing.assert_frame_equal(found.table, expected)
        assert found.scheme == "nace"


def test_cells_of_regions_industries_and_years(tmp_path: Path) -> None:
    table = read_figures([write(tmp_path, ROWS)], options=Options("nace")).table
    by = table.set_index(["region", "industry", "year"])
    assert by.index.to_list() == [
        ("DE21", "2910", 2011),
        ("DE21", "2910", 2014),
        ("FR10", "1413", 2014),
        ("US", "2910", 2014),
    ]
    assert by["employment"].fillna(-1).to_list() == [100, 200, -1, 10]
    assert by["wages"].fillna(-1).to_list() == [3e6, 6.6e6, -1, -1]
    assert by["high_growth_smes"].fillna(-1).to_list() == [-1, 1, 0, 0]
    assert by["frontier_firms"].fillna(-1).to_list()[1:] == [0, -1, 0]


def test_industries_by_name_and_what_was_not_said(tmp_path: Path) -> None:
    file = write(tmp_path, ROWS)
    found = read_figures([file], options=Options("industry"))
    assert found.scheme == "industry" and {"Automotive", "Apparel", "total"} <= set(found.table["industry"])
    assert found.table.loc[found.table["industry"] == "total", "firms"].sum() == 4
    assert found.ledger.to_numpy().tolist() == [["firms.csv", "read", 4], ["firms.csv", "used", 4]]
    with pytest.raises(BadInput, match="'nace'; expected industries in naics"):
        read_figures([file], options=Options("naics"))


def test_firms_beside_another_layout_count_the_same(tmp_path: Path) -> None:
    """Put together with other figures, the table of firms goes cell by cell."""
    file = write(tmp_path, ROWS)
    own = write(tmp_path, ["AT13,2910,2014,5,3"], "own.csv", "region,industry,year,employment,firms")
    both = read_figures([file, own], options=Options("nace")).table
    alone = read_figures([file], options=Options("nace")).table
    assert both.loc[both["region"] == "AT13", "firms"].to_list() == [3]
    rest = both[both["region"] != "AT13"].reset_index(drop=True)[alone.columns]
    pd.testing.assert_frame_equal(rest, alone, check_dtype=False)


def test_several_files_are_one_table(tmp_path: Path) -> None:
    files = [write(tmp_path, ROWS[:1], "2011.csv"), write(tmp_path, ROWS[1:], "2014.csv")]
    whole = read_figures([write(tmp_path, ROWS)]).table
    parts = read_figures(files)
    pd.testing.assert_frame_equal(parts.table, whole)
    assert any(note.startswith("2 files of firms: 4 rows of firms read, 4 used") for note in parts.table.attrs["notes"])


def test_what_is_set_aside_is_said_with_its_line(tmp_path: Path) -> None:
    bad = ["X,2910,DE212,DE,2014,-3,1,1,1", "Y,2910,DE212,DE,20x4,1,1,1,1", "Z,2910,DE212,DE,2014,many,1,1,1"]
    bad += ["W,abc,DE212,DE,2014,1,1,1,1", "V,2910,,,2014,1,1,1,1", "DE01,2910,DE212,DE,2014,1,1"]
    notes = read_figures([write(tmp_path, [*ROWS, *bad])]).table.attrs["notes"]
    for said in (
        "firms.csv: 10 rows of firms read, 4 used.",
        "firms.csv: 1 negative employees, the first in line 6.",
        "firms.csv: 1 unreadable year, the first in line 7.",
        "firms.csv: 1 unreadable employees, the first in line 8.",
        "firms.csv: 1 no industry of 4 digits, the first in line 9.",
        "firms.csv: 1 no region, the first in line 10.",
    ):
        assert said in notes
    assert any("the first in line 11." in note for note in notes)


def test_rows_of_a_parquet_file_are_named_by_their_firm(tmp_path: Path) -> None:
    table = as_frame()
    table.loc[0, "Number of employees"] = -1
    table.to_parquet(tmp_path / "firms.parquet")
    notes = read_figures([tmp_path / "firms.parquet"]).table.attrs["notes"]
    assert "firms.parquet: 1 negative employees, the first in firm DE01." in notes


def test_text_in_a_parquet_file_is_understood(tmp_path: Path) -> None:
    as_frame().astype({"Year": "str"}).astype("str").replace({"nan": None, "None": None}).to_parquet(
        tmp_path / "text.parquet"
    )
    as_frame().to_parquet(tmp_path / "typed.parquet")
    found = [firms(tmp_path / name).drop(columns="file") for name in ("text.parquet", "typed.parquet")]
    pd.testing.assert_frame_equal(*found)


def test_thresholds_and_the_unit_may_be_given(tmp_path: Path) -> None:
    file = write(tmp_path, ROWS, head=HEAD.replace(" th EUR", ""))
    with pytest.raises(BadInput) as caught:
        read_figures([file])
    assert [fault.value for fault in caught.value.faults] == [
        "Costs of employees",
        "Added value",
        "Operating revenue (Turnover)",
    ]
    assert "a unit, such as 'th EUR'" in str(caught.value)
    options = Options("nace", more={"unit": "thousand EUR", "growth": 0.5, "memory": "1GB"})
    table = read_figures([file], options=options).table
    assert table["wages"].sum() == 9.6e6 and table["high_growth_smes"].sum() == 0
    for wrong, said in (
        ({"growth": -1}, "'growth = -1.0'; expected between 0 and 100"),
        ({"growth": "fast", "growth_years": 2.5}, "'growth_years = 2.5'; expected a whole number"),
        ({"growth_in": "assets"}, "'growth_in = assets'; expected one of either"),
        ({"memory": "much"}, "'much'; expected a size such as 2GB"),
    ):
        with pytest.raises(BadInput, match=said):
            read_figures([file], options=Options("nace", more={"unit": "EUR", **wrong}))


def test_all_faults_of_headings_at_once() -> None:
    with pytest.raises(BadInput) as caught:
        columns_of(["BvD ID", "NACE", "Added value th USD", "Turnover th EURO", "Wages xx EUR"], "a.csv", 1)
    told = [(fault.value, fault.expected.partition(",")[0]) for fault in caught.value.faults]
    assert told == [
        ("BvD ID, NACE, Added value, Turnover, Wages", "a column for year"),
        ("BvD ID, NACE, Added value, Turnover, Wages", "a column for region or country"),
        ("Added value th USD", "money in EUR"),
        ("Wages xx EUR", "EUR"),
    ]
    assert columns_of(["firm", "nace", "region", "year", "turnover"], "a.csv", 1).factors == {4: 1}


@pytest.mark.parametrize(
    ("heading", "bare", "unit"),
    [
        ("Added value\nth EUR", "Added value", "th eur"),
        ("Turnover (€ million)", "Turnover (EUR million)", ""),
        ("Turnover (million €)", "Turnover", "million eur"),
        ("Operating revenue (Turnover), mil. EUR", "Operating revenue (Turnover)", "mil eur"),
        ("Year", "Year", ""),
    ],
)
def test_units_behind_headings(heading: str, bare: str, unit: str) -> None:
    assert split_unit(heading) == (bare, unit)


def test_a_column_a_year_as_databases_export_by_default(tmp_path: Path) -> None:
    head = (
        '"","Company name","BvD ID number","NACE Rev. 2, core code (4 digits)","NUTS3","Country ISO code",'
        '"Number of employees\nLast avail. yr","Number of employees\n2014","Number of employees\n2011",'
        '"Added value\nth EUR 2014","Added value\nth EUR 2011","Operating revenue (Turnover)\nth EUR 2014",'
        '"Operating revenue (Turnover)\nth EUR 2011"'
    )
    rows = [
        '1,"A, Ltd",DE01,2910,DE212,DE,200,200,100,n.a.,5000,"18,000",9000',
        "2,B,US02,2910,n.a.,US,10,10,n.a.,900.5,n.a.,1,n.a.",
        "3,C,FR03,1413,FR101,FR,n.a.,n.a.,n.a.,70,n.a.,500,n.a.",
        "4,D,FR04,1413,FR101,FR,n.a.,n.a.,n.a.,n.a.,n.a.,n.a.,n.a.",
    ]
    wide = firms(write(tmp_path, rows, "wide.csv", head)).drop(columns=["file", "line"])
    long = firms(write(tmp_path, [row.replace("29.10", "2910") for row in ROWS])).drop(columns=["file", "line"])
    assert wide[wide["fault"].notna()][["firm", "fault"]].to_numpy().tolist() == [["FR04", "no figure in any year"]]
    wide = wide[wide.pop("fault").isna()].reset_index(drop=True)
    pd.testing.assert_frame_equal(wide, long.drop(columns="fault").assign(wages=float("nan")))
    found = read_figures([tmp_path / "wide.csv"]).table
    assert found["employment"].sum() == 310 and found["high_growth_smes"].sum() == 1
    broken = [*rows, "5,E,FR05,1413,FR101,FR,1,x,2,1,1,1,1", "6,F"]
    notes = read_figures([write(tmp_path, broken, "wide.csv", head)]).table.attrs["notes"]
    assert "wide.csv: 1 unreadable employees, the first in line 13." in notes


def test_tables_of_firms_and_of_regions_are_told_apart(tmp_path: Path) -> None:
    own = write(tmp_path, ["DE21,Plastics,2014,5,3"], "own.csv", "region,industry,year,employment,firms")
    tables, _ = opened([write(tmp_path, ROWS), own])
    assert [recognised(table) for table in tables] == ["firms", "table"]
    assert scheme_of(tables[:1], "industry") == "nace" and scheme_of(tables[1:], "naics") == "naics"


def test_the_command_scores_a_table_of_firms(tmp_path: Path) -> None:
    rows = [f"F{n},2910,DE{n % 2 + 1}{n % 3 + 1},DE,2014,{n + 1},{n * 30},{n * n},9" for n in range(40)]
    out = tmp_path / "stars.csv"
    command = ["stars", str(write(tmp_path, rows)), "--industry", "nace", "--out", str(out)]
    command += ["--firm", "frontier=0.1", "--firm", "memory=1GB"]
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 0, done.output
    assert "Global frontier firms: the top 10 %" in done.stderr
    scores = pd.read_csv(out)
    assert scores["region"].nunique() == 6 and (scores["industry"] == "Automotive").sum() == 6


def test_money_of_another_currency_is_taken_at_its_rate(tmp_path: Path) -> None:
    head = HEAD.replace("Added value th EUR", "Added value th USD")
    path = write(tmp_path, ROWS, head=head)
    with pytest.raises(BadInput, match=r"Added value th USD.*--rate USD=0.92"):
        read_figures([path])
    engine = DuckDB()
    read, _ = firms_of(engine, opened([path])[0], rates={"USD": 0.5})
    money = collect(read.filter(nw.col("year") == 2011))[["wages", "value_added", "turnover"]]
    assert money.to_numpy().tolist() == [[3_000_000, 2_500_000, 9_000_000]]
    notes = read_figures([path], options=Options(rates={"USD": 0.5})).table.attrs["notes"]
    assert "1 USD is taken as 0.5 EUR." in notes


def test_rows_set_aside_are_listed_with_their_lines(tmp_path: Path) -> None:
    wrong = ["DE04,2910,DE212,DE,2014,-3,1,1,1", "DE05,2910,DE212,DE,20x4,3,1,1,1"]
    figures = read_figures([write(tmp_path, [*ROWS, *wrong])])
    listed = figures.rejects[["file", "line", "firm", "reason"]].to_numpy().tolist()
    assert listed == [
        ["firms.csv", 6, "DE04", "negative employees"],
        ["firms.csv", 7, "DE05", "unreadable year"],
    ]
    counted = figures.ledger.set_index("reason")["cells"]
    assert counted["read"] - counted["used"] == len(listed)
    done = CliRunner().invoke(
        app, ["stars", str(tmp_path / "firms.csv"), "--industry", "nace", "--out", str(tmp_path / "out")]
    )
    assert done.exit_code == 0
    saved = pd.read_csv(tmp_path / "out" / "rejects.csv")
    assert saved["line"].to_list() == [6, 7]
