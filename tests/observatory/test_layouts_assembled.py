"""Files put together: contradictions refused or set aside, the own table beside publishers' files, the ledger."""

import gzip
import random
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ingest.faults import BadInput
from observatory.stars import layouts, read_figures, read_table
from observatory.stars.layouts.accounts import said_of_ledger
from observatory.stars.layouts.cells import Options
from observatory.stars.layouts.flags import figures as cells_of_text
from observatory.stars.layouts.flags import meaning
from observatory.stars.layouts.measures import chosen_measure, indicator_of, scale

HEAD = "region,industry,year,employment,wages,firms,high_growth_smes,frontier_firms"
SBS = "freq,nace_r2,indic_sb,geo\\TIME_PERIOD\t2014 \n"


def write(folder: Path, text: str, name: str = "stars.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def refused(*paths: Path, options: Options | None = None) -> list[tuple[str, int | None, str, str]]:
    with pytest.raises(BadInput) as caught:
        read_figures(paths, options=options or Options("industry"))
    return [(fault.file, fault.line, fault.value, fault.expected) for fault in caught.value.faults]


def test_the_own_table_reads_as_it_did(tmp_path: Path) -> None:
    text = f"{HEAD}\nDE21,Plastics,2014,1714 d,60000000,12,3,1\nDE22,Plastics,2014,:,,7,n/a,0\n"
    path = write(tmp_path, text)
    figures = read_figures([path], options=Options("industry"))
    pd.testing.assert_frame_equal(figures.table, read_table(path), check_like=True)
    ledger = figures.ledger.set_index("reason")["cells"]
    assert ledger.to_dict() == {"read": 10, "used": 7, "no figure: not available": 3}
    assert figures.flags[["region", "measure", "flag", "line"]].to_numpy().tolist() == [["DE21", "employment", "d", 2]]


def test_own_tables_of_any_packing(tmp_path: Path) -> None:
    text = f"{HEAD}\nDE21,Plastics,2014,1714,60000000,12,3,1\n"
    path = write(tmp_path, text)
    (tmp_path / "packed.csv.gz").write_bytes(gzip.compress(text.replace(",", ";").encode("utf-16")))
    expected = read_figures([path], options=Options("industry")).table
    expected.to_parquet(tmp_path / "stars.parquet")
    expected.to_excel(tmp_path / "stars.xlsx", index=False, engine="xlsxwriter")
    for name in ("packed.csv.gz", "stars.parquet", "stars.xlsx"):
        found = read_figures([tmp_path / name], options=Options("industry")).table
        pd.testing.assert_frame_equal(found, expected)


def test_several_own_tables_make_one(tmp_path: Path) -> None:
    one = write(tmp_path, "region,industry,year,employment\nDE21,Plastics,2014,5\n", "one.csv")
    two = write(tmp_path, "region,industry,year,employment,wages\nDE21,Plastics,2015,6,70\n", "two.csv")
    table = read_figures([two, one], options=Options("industry")).table
    assert table["employment"].to_list() == [5, 6]
    assert np.isnan(table["wages"][0])
    assert table.attrs["file"] == "2 files"


def test_the_same_cell_again_and_another_figure(tmp_path: Path) -> None:
    one = write(tmp_path, "region,industry,year,employment\nDE21,Plastics,2014,5\n", "one.csv")
    two = write(tmp_path, "region,industry,year,employment\nDE21,Plastics,2014,5\n", "two.csv")
    figures = read_figures([one, two], options=Options("industry"))
    assert figures.table["employment"].to_list() == [5]
    ledger = figures.ledger.set_index(["file", "reason"])["cells"]
    assert ledger["two.csv", "the same cell again"] == 1
    assert ledger["two.csv", "used"] == 0
    three = write(tmp_path, "region,industry,year,employment\nDE21,Plastics,2014,6\n", "three.csv")
    assert refused(one, three) == [
        ("three.csv", 2, "DE21, Plastics, 2014: employment 6", "each cell once (5 stands in one.csv, line 2)")
    ]


def test_shares_above_1_in_an_own_table(tmp_path: Path) -> None:
    text = f"{HEAD}\nDE21,Plastics,2014,50,100,3,4,9\nDE21,total,2014,40,,,,\nDE22,Plastics,2014,1,1,1,1,1\n"
    assert refused(write(tmp_path, text)) == [
        ("stars.csv", 2, "frontier_firms 9, firms 3", "at most as many frontier_firms as firms"),
        ("stars.csv", 2, "high_growth_smes 4, firms 3", "at most as many high_growth_smes as firms"),
        ("stars.csv", 2, "employment 50", "at most the employment of the region in all"),
    ]


def test_thousands_beside_units(tmp_path: Path) -> None:
    text = f"{HEAD}\nDE21,Plastics,2013,1.7,60000,1,,\nDE21,Plastics,2014,1714,61000,1,,\nDE22,Plastics,2014,2,5,1,,\n"
    assert refused(write(tmp_path, text)) == [
        ("stars.csv", 3, "employment 1714", "all figures in one unit; DE21, Plastics has 1.7 in the year before it")
    ]


def test_units_by_a_column(tmp_path: Path) -> None:
    head = "region,industry,year,employment,employment_unit,wages,wages_unit"
    text = f"{head}\nDE21,Plastics,2014,1.7,thousand,60,million EUR\nDE22,Plastics,2014,2,thousand,50,million EUR\n"
    table = read_figures([write(tmp_path, text)], options=Options("industry")).table
    assert table[["employment", "wages"]].to_numpy().tolist() == [[1700, 60e6], [2000, 50e6]]
    mixed = text.replace("2,thousand", "2000,persons").replace("50,million", "50,furlong")
    assert [(line, value) for _, line, value, _ in refused(write(tmp_path, mixed))] == [
        (3, "persons"),
        (3, "furlong EUR"),
    ]


def test_units_of_several_files_must_agree(tmp_path: Path) -> None:
    sbs = write(tmp_path, SBS + "A,C10,V16110,DE22\t5 \n", "sbs.tsv")
    own = write(tmp_path, "region,industry,year,employment\nDE21,C10,2014,5\n", "own.csv")
    assert refused(sbs, own, options=Options("nace")) == [
        ("sbs.tsv", None, "FTE in own.csv; persons in sbs.tsv", "one unit of employment in all files")
    ]
    said = write(tmp_path, "region,industry,year,employment,employment_unit\nDE21,C10,2014,5,persons\n", "own.csv")
    assert len(read_figures([sbs, said], options=Options("nace")).table) == 2


def test_what_cannot_be_true_of_a_publishers_figures_is_set_aside(tmp_path: Path) -> None:
    text = SBS + (
        "A,C10,V16110,DE21\t0 \nA,C10,V13320,DE21\t2.5 \nA,C10,V11210,DE21\t2 \nA,C10,V11960,DE21\t3 \n"
        "A,C11,V16110,DE21\t900 \nA,TOTAL,V16110,DE21\t500 \nA,C12,V13320,DE21\t1 \n"
    )
    figures = read_figures([write(tmp_path, text, "sbs.tsv")])
    ledger = figures.ledger.set_index("reason")["cells"]
    assert ledger["wages where employment is zero"] == 1
    assert ledger["more high-growth firms than firms, a share above 1"] == 1
    assert ledger["more employment than the region in all, a share above 1"] == 1
    assert ledger["used"] == 4
    assert any("1 wages stand without known employment (C12)" in note for note in figures.table.attrs["notes"])


def test_sums_and_unknown_industries_are_named(tmp_path: Path) -> None:
    text = SBS + "A,C10,V16110,DE21\t5 \nA,B-E,V16110,DE21\t9 \nA,C34,V16110,DE21\t9 \nA,TOTAL,V16110,DE21\t50 \n"
    text += "A,B-N_S95_X_K,V16110,DE21\t40 \n"
    figures = read_figures([write(tmp_path, text, "sbs.tsv")])
    assert figures.table.set_index("industry")["employment"].to_dict() == {"C10": 5, "total": 50}
    reasons = set(figures.ledger["reason"])
    assert "sums over industries, or no code of nace (B-E, C34)" in reasons
    assert "totals of which a better one is there" in reasons


def test_the_level_of_industries_can_be_chosen(tmp_path: Path) -> None:
    text = SBS + "A,C,V16110,DE21\t50 \nA,C10,V16110,DE21\t5 \nA,C101,V16110,DE21\t3 \n"
    path = write(tmp_path, text, "sbs.tsv")
    for digits, industry in ((None, "C10"), (1, "C"), (2, "C10"), (3, "C101"), (4, "C101")):
        table = read_figures([path], options=Options(digits=digits)).table
        assert table["industry"].to_list() == [industry]


def test_the_kind_of_industries_must_be_said_right(tmp_path: Path) -> None:
    sbs = write(tmp_path, SBS + "A,C10,V16110,DE22\t5 \n", "sbs.tsv")
    assert [expected for *_, expected in refused(sbs, options=Options("naics"))] == ["industries in naics, as was said"]
    assert read_figures([sbs], options=Options("industry")).table["industry"].to_list() == ["C10"]


CBP = "fipstate,naics,lfo,emp_nf,emp,ap_nf,ap,est\n01,------,-,G,900,G,9000,50\n01,336411,-,G,10,G,1000,2\n"


def test_classifications_and_currencies_side_by_side(tmp_path: Path) -> None:
    sbs = write(tmp_path, SBS + "A,C303,V16110,DE21\t400 e\nA,C303,V13320,DE21\t20 \n", "sbs.tsv")
    cbp = write(tmp_path, CBP, "cbp14st.txt")
    assert {said for *_, said in refused(sbs, cbp, options=Options("nace"))} == {"industries in nace, as was said"}
    assert {said for *_, said in refused(sbs, cbp, options=Options("industry"))} == {"one unit of wages in all files"}
    figures = read_figures([sbs, cbp], options=Options("industry", rates={"USD": 0.75}))
    assert figures.scheme == "industry"
    table = figures.table.set_index(["region", "industry"])
    aerospace = "Aerospace Vehicles and Defence"
    assert table.loc[("US-01", aerospace), ["employment", "wages", "firms"]].to_list() == [10, 750_000, 2]
    assert table.loc[("DE21", aerospace), "employment"] > 0
    assert table.loc[("DE21", aerospace), "employment"] <= 400
    assert "Figures in USD are turned into EUR at 0.75." in figures.table.attrs["notes"]
    ledger = figures.ledger.groupby("file")["cells"].sum()
    assert ledger.to_dict() == {"cbp14st.txt": 12, "sbs.tsv": 4}


def test_a_file_that_nobody_knows(tmp_path: Path) -> None:
    path = write(tmp_path, "name,size\na,1\n")
    assert refused(path) == [
        ("stars.csv", 1, "name, size", "headings of Eurostat, of County Business Patterns, of a table of firms, "
         "or region, industry, year")
    ]  # fmt: skip
    with pytest.raises(BadInput, match="a column region"):
        read_figures([path], "table", Options("industry"))
    with pytest.raises(ValueError, match="layout must be one of auto, eurostat, cbp"):
        layouts.layout("excel")


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("none.csv", None, "a file"),
        ("empty.csv", b"", "a heading and rows"),
        ("broken.parquet", b"PAR1", "a Parquet file"),
        ("broken.xlsx", b"PK\x03\x04", "a file that can be read"),
        ("heads.csv", b"region,industry,year,employment\n", "rows of figures below the headings"),
        ("twice.csv", b"region,year,year\nDE21,1,1\n", "each heading once"),
        ("wide.csv", b"region,industry,year,employment\nDE21,a,2014,1,9\n", "4 cells, as in the heading"),
        ("deep.csv", b"region,industry,year,employment\nDE21,a,2014,1,,,9,9\n", "4 cells, as in the heading"),
    ],
)
def test_files_that_cannot_be_read(tmp_path: Path, name: str, content: bytes | None, expected: str) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    found = refused(path)
    assert len(found) == 1
    assert found[0][0] == name
    assert expected in found[0][3]


def test_files_of_which_nothing_can_be_used(tmp_path: Path) -> None:
    text = SBS + "Q,C10,V16110,DE21\t5 \n"
    assert refused(write(tmp_path, text, "sbs.tsv"), options=Options("nace")) == [
        (
            "sbs.tsv",
            None,
            "1 cells read, 0 used; set aside: 1 not annual.",
            "at least one figure that can be used",
        )
    ]


def test_regions_that_nobody_knows_are_named_in_an_own_table(tmp_path: Path) -> None:
    text = "region,industry,year,employment\nDE99,a,2014,1\nParis,a,2014,1\nUS,a,2014,1\nDE21,a,2014,1\n"
    figures = read_figures([write(tmp_path, text)], options=Options("industry"))
    assert len(figures.table) == 4
    assert "2 regions are in no version of NUTS and stand as they are: DE99, Paris." in figures.table.attrs["notes"]


def test_parquet_of_a_publishers_table(tmp_path: Path) -> None:
    table = pd.DataFrame({"geo": ["DE21", "DE22"], "nace_r2": "C10", "indic_sb": "V16110", "TIME_PERIOD": 2014.0})
    table.assign(values=[5.0, None]).to_parquet(tmp_path / "sbs.parquet")
    figures = read_figures([tmp_path / "sbs.parquet"])
    assert figures.table[["region", "year", "employment"]].to_numpy().tolist() == [["DE21", 2014, 5.0]]


def test_lines_are_counted_through_line_breaks_and_blank_lines(tmp_path: Path) -> None:
    text = 'region,industry,year,employment\n"DE\n21",Plastics,2014,1\n\nDE22,Plastics,2014,-1\n'
    assert [line for _, line, _, _ in refused(write(tmp_path, text))] == [5]
    plain = "region,industry,year,employment\n\nDE21,Plastics,2014,1\n , ,,\nDE22,Plastics,2014,-1\n"
    assert [line for _, line, _, _ in refused(write(tmp_path, plain))] == [5]


def test_a_byte_that_is_no_text_is_refused_where_it_stands(tmp_path: Path) -> None:
    path = tmp_path / "stars.csv"
    good = "region,industry,year,employment\nCôte,Möbel,2014,1\nDE22,Möbel,2014,2\n".encode()
    path.write_bytes(b"\xef\xbb\xbf" + good + b"DE2\xff,a,2014,3\n")
    found = refused(path)
    assert found == [("stars.csv", 4, "DE2?", "text in the file's encoding")]


def test_flags_and_figures_of_cells() -> None:
    found = cells_of_text(pd.Series(["1,234", "b", "7 bd", ":", ": z", "n.a.", "soon"]))
    assert found["value"].fillna(-1).to_list() == [1234, -1, 7, -1, -1, -1, -1]
    assert found["flag"].to_list() == ["", "b", "bd", "", "z", "", ""]
    assert found["odd"].to_list() == [False] * 6 + [True]
    assert meaning("bu") == "break in the series; low reliability"


def test_measures_and_units_by_code_and_by_word() -> None:
    assert indicator_of("[V13320] ") is None or indicator_of("V13320") == "V13320"
    assert indicator_of("Number of local units") == "V11210"
    assert scale("mio EUR") == (1e6, "EUR")
    assert scale("") is None
    one = chosen_measure("employment:thousand")
    assert (one.factor, one.unit) == (1000, "persons")
    for wrong in ("jobs", "wages", "wages:persons", "employment:EUR", "wages:thousand"):
        with pytest.raises(BadInput):
            chosen_measure(wrong)


def test_the_ledger_in_words() -> None:
    table = pd.DataFrame([("a", "read", 2), ("a", "used", 2)], columns=["file", "reason", "cells"])
    assert said_of_ledger(table) == []


SPOILT = {
    "sbs.tsv": SBS + "A,C10,V16110,DE21\t1714 d\nA,C10,V13320,DE21\t60.5 \nA,C11,V16110,FR24\t: c\n",
    "own.csv": f"{HEAD}\nDE21,C10,2014,1714 d,60000000,12,3,1\nDE22,C11,2014,:,,7,n/a,0\nDE21,total,2014,5000,,,,\n",
    "cbp14st.txt": CBP,
}
BITS = [
    "",
    ":",
    "-",
    "c",
    "\t",
    ",",
    "\n",
    '"',
    "NaN",
    "inf",
    "-1",
    "1e400",
    "ZZ",
    "TOTAL",
    "€",
    "geo",
    "EL11",
    "C",
    "2014",
]


@pytest.mark.parametrize("trial", range(45))
def test_a_spoilt_file_is_read_or_refused_in_words(tmp_path: Path, trial: int) -> None:
    dice = random.Random(trial)
    name = sorted(SPOILT)[trial % len(SPOILT)]
    text = SPOILT[name]
    for _ in range(dice.randint(1, 3)):
        at = dice.randrange(len(text))
        text = text[:at] + dice.choice(BITS) + text[at + dice.choice([0, 1, 2, 9]) :]
    options = Options("industry", nuts=dice.choice([None, 2021]), fill=dice.choice(["none", "remainder"]), year=2014)
    try:
        figures = read_figures([write(tmp_path, text, name)], options=options)
    except BadInput as error:
        assert error.faults
        assert all(fault.expected and fault.mend for fault in error.faults)
    else:
        ledger = figures.ledger.set_index("reason")["cells"]
        assert ledger["read"] == ledger.drop("read").sum()
        assert 0 < ledger["used"] <= ledger["read"]
