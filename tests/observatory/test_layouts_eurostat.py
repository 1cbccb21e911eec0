"""Eurostat's tables in every form in which they are delivered; figures invented."""

import gzip
import random
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xlsxwriter

from ingest.faults import BadInput
from observatory.stars import read_figures, star_scores
from observatory.stars.layouts.assembled import Figures
from observatory.stars.layouts.cells import Options

NEW = """\
freq,nace_r2,indic_sb,geo\\TIME_PERIOD\t2013 \t2014 ~
A,C10,V16110,DE21\t1700 b\t1714 ~
A,C10,V16110,DE22\t: c\t219 d
A,C10,V13320,DE21\t60.5 \t61.2 e
A,C10,V13320,DE22\t: \t:u
A,C10,V11210,DE21\t12 \t13 ~
A,C10,V94310,DE21\t3.1 \t3.2 ~
A,C,V16110,DE21\t90000 \t91000 ~
A,C101,V16110,DE21\t700 \t710 ~
A,C10,V16110,DE2\t5000 \t5100 ~
A,C10,V16110,EU27_2020\t4000000 \t4100000 ~
A,C10,V16110,DEZZ\t5 \t: ~
A,B-N_S95_X_K,V16110,DE21\t1000000 \t1010000 ~
""".replace("~", "")


def write(folder: Path, text: str, name: str = "sbs_r_nuts06_r2.tsv") -> Path:
    path = folder / name
    data = text.encode()
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return path


def counted(figures: Figures) -> dict[str, int]:
    """Reason → cells of a single file; read is the sum of the others."""
    ledger = dict(zip(figures.ledger["reason"], figures.ledger["cells"], strict=True))
    assert ledger["read"] == sum(ledger.values()) - ledger["read"]
    return ledger


def test_the_bulk_file_of_today(tmp_path: Path) -> None:
    figures = read_figures([write(tmp_path, NEW, "estat_sbs_r_nuts06_r2.tsv.gz")])
    table = figures.table.set_index(["region", "industry", "year"])
    assert table.loc[("DE21", "C10", 2013)].to_dict() == {"employment": 1700, "wages": 60_500_000, "firms": 12}
    assert table.loc[("DE21", "C10", 2014), "wages"] == 61_200_000
    assert table.loc[("DE22", "C10", 2014), "employment"] == 219
    assert np.isnan(table.loc[("DE22", "C10", 2013), "employment"])
    assert table.loc[("DE21", "total", 2014), "employment"] == 1_010_000
    assert set(figures.table["industry"]) == {"C10", "total"}
    assert set(figures.table["region"]) == {"DE21", "DE22"}
    assert counted(figures) == {
        "read": 24,
        "used": 9,
        "another indicator (V94310)": 2,
        "industries of another level (1 digit)": 2,
        "industries of another level (3 digits)": 2,
        "regions of another level (nuts1)": 2,
        "regions that no version of NUTS has (EU27_2020)": 2,
        "outside all regions (extra-regio)": 2,
        "no figure: confidential or withheld": 1,
        "no figure: not available": 2,
    }


def test_flags_are_kept_beside_their_cells_and_said(tmp_path: Path) -> None:
    figures = read_figures([write(tmp_path, NEW)])
    flags = figures.flags.set_index(["region", "measure", "year"])[["value", "flag", "meaning", "line"]]
    assert flags.loc[("DE21", "employment", 2013)].to_list() == [1700, "b", "break in the series", 2]
    assert flags.loc[("DE22", "employment", 2014)].to_list() == [219, "d", "definition differs", 3]
    assert flags.loc[("DE21", "wages", 2014)].to_list() == [61_200_000, "e", "estimated", 4]
    assert flags.loc[("DE22", "wages", 2014), "flag"] == "u"
    assert len(flags) == 5
    assert (
        "5 cells carry a flag of their publisher: 1 b (break in the series), 1 c (confidential), "
        "1 d (definition differs), 1 e (estimated), 1 u (low reliability)." in figures.table.attrs["notes"]
    )
    assert any("persons employed, not full-time equivalents" in note for note in figures.table.attrs["notes"])


def test_the_bulk_file_of_before_2023_reads_the_same(tmp_path: Path) -> None:
    old = NEW.replace("freq,nace_r2,indic_sb,geo\\TIME_PERIOD", "nace_r2,indic_sb,geo\\time").replace("\nA,", "\n")
    lines = [line.split("\t") for line in old.splitlines()]
    backwards = "\n".join("\t".join([first, last, middle]) for first, middle, last in lines) + "\n"
    expected = read_figures([write(tmp_path, NEW)])
    found = read_figures([write(tmp_path, backwards)])
    pd.testing.assert_frame_equal(found.table, expected.table)
    pd.testing.assert_frame_equal(found.ledger, expected.ledger)


SDMX = """\
DATAFLOW,LAST UPDATE,freq,nace_r2,indic_sbs,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG,CONF_STATUS
ESTAT:SBS_R_NUTS2021(1.0),21/11/26 11:00:00,A,C10,EMP_LOC_NR,DE21,2021,1714,d,
ESTAT:SBS_R_NUTS2021(1.0),21/11/26 11:00:00,A,C10,EMP_LOC_NR,DE22,2021,,,C
ESTAT:SBS_R_NUTS2021(1.0),21/11/26 11:00:00,A,C10,WAGE_LOC_MEUR,DE21,2021,61.25,,
ESTAT:SBS_R_NUTS2021(1.0),21/11/26 11:00:00,A,C10,LOC_NR,DE21,2021,13,p,
ESTAT:SBS_R_NUTS2021(1.0),21/11/26 11:00:00,A,C10,LC_EMP_LOC_TEUR,DE21,2021,44.1,,
"""


def test_sdmx_csv_of_the_successor(tmp_path: Path) -> None:
    figures = read_figures([write(tmp_path, SDMX, "sbs.csv")])
    row = figures.table.set_index("region").loc["DE21"]
    assert row[["employment", "wages", "firms"]].to_list() == [1714, 61_250_000, 13]
    assert counted(figures) == {
        "read": 5,
        "used": 3,
        "another indicator (LC_EMP_LOC_TEUR)": 1,
        "no figure: confidential or withheld": 1,
    }
    assert figures.flags["flag"].to_list() == ["d", "c", "p"]


def test_sdmx_csv_with_labels(tmp_path: Path) -> None:
    text = (
        "STRUCTURE,STRUCTURE_ID,freq: Time frequency,nace_r2: Activity,indic_sbs: Indicator,geo: Region,"
        "TIME_PERIOD: Time,OBS_VALUE: Value,OBS_FLAG: Flag,CONF_STATUS: Status\n"
        'dataflow,ESTAT:X(1.0),A: Annual,C10: Food,EMP_LOC_NR: Persons employed,"DE21: Oberbayern",2021,7,,\n'
    )
    table = read_figures([write(tmp_path, text, "x.csv")]).table
    assert table[["region", "industry", "year", "employment"]].to_numpy().tolist() == [["DE21", "C10", 2021, 7.0]]


def test_old_and_new_indicators_make_one_series(tmp_path: Path) -> None:
    files = [write(tmp_path, NEW), write(tmp_path, SDMX, "sbs_r_nuts2021.csv")]
    table = read_figures(files).table
    assert sorted(table.loc[table["industry"] == "C10", "year"].unique()) == [2013, 2014, 2021]


def explorer(sheet: xlsxwriter.worksheet.Worksheet, indicator: str, rows: list[list[object]]) -> None:
    """A block as the data explorer exported it until 2023."""
    above: list[list[object]] = [
        ["SBS data by NUTS 2 regions and NACE Rev. 2 (from 2008 onwards) [sbs_r_nuts06_r2]"],
        [],
        ["Last update", "08.03.19"],
        ["Extracted on", "11.03.19"],
        ["Source of data", "Eurostat"],
        [],
        ["NACE_R2", "Manufacture of food products"],
        ["INDIC_SB", indicator],
        [],
        ["GEO/TIME", "2013", "2014"],
    ]
    below: list[list[object]] = [[], ["Special value:"], [":", "not available"], ["Available flags:"], ["d", "differs"]]
    for at, row in enumerate([*above, *rows, *below]):
        sheet.write_row(at, 0, row)


def test_the_wide_spreadsheet_by_region_name(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "sbs.xlsx") as book:
        explorer(
            book.add_worksheet("Data"),
            "Persons employed - number",
            [["Oberbayern", 1700, "1714 d"], ["Niederbayern", ":", "12:00 AM"], ["Germany", 5, 6], ["Nowhere", 1, 2]],
        )
        explorer(book.add_worksheet("Data2"), "Wages and salaries - million euro", [["Oberbayern", 60.5, 61.2]])
        book.add_worksheet("Notes").write_row(0, 0, ["Some", "words"])
    figures = read_figures([tmp_path / "sbs.xlsx"])
    table = figures.table.set_index(["region", "year"])
    assert table.loc[("DE21", 2014), ["industry", "employment", "wages"]].to_list() == ["C10", 1714, 61_200_000]
    assert table.loc[("DE22", 2014), "employment"] == 0
    ledger = figures.ledger[figures.ledger["file"] == "sbs.xlsx [Data]"].set_index("reason")["cells"]
    assert ledger["read"] == 8
    assert ledger["used"] == 3
    assert ledger["regions of another level (nuts0)"] == 2
    assert ledger["no figure: not available"] == 1
    assert figures.flags[["region", "flag", "line"]].to_numpy().tolist() == [["DE21", "d", 11]]


def test_the_spreadsheet_of_the_data_browser(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["Data extracted on 21/11/2026 10:00:00 from [ESTAT]"],
        ["Dataset: ", "SBS data by NUTS 2 region [sbs_r_nuts2021__custom_123]"],
        ["Last updated: ", "14/11/2026 11:00"],
        [],
        ["Time frequency", "", "Annual"],
        ["Economical indicator for structural business statistics", "", "Persons employed in local units - number"],
        ["Statistical classification of economic activities", "", "Manufacture of food products"],
        [],
        ["TIME", "", "2021", "", "2022", ""],
        ["GEO (Codes)", "GEO (Labels)"],
        ["DE21", "Oberbayern", 1714, "d", 1720, ""],
        ["DE22", "Niederbayern", ":", "c", 220, "b"],
        [],
        ["Observation flags:"],
        ["d", "definition differs"],
    ]
    with xlsxwriter.Workbook(tmp_path / "browser.xlsx") as book:
        sheet = book.add_worksheet("Sheet 1")
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    figures = read_figures([tmp_path / "browser.xlsx"])
    assert figures.table[["region", "industry", "year", "employment"]].to_numpy().tolist()[0] == [
        "DE21",
        "C10",
        2021,
        1714.0,
    ]
    assert figures.flags[["region", "year", "flag"]].to_numpy().tolist() == [
        ["DE21", 2021, "d"],
        ["DE22", 2021, "c"],
        ["DE22", 2022, "b"],
    ]


def test_industries_by_regions_in_a_text(tmp_path: Path) -> None:
    text = "INDIC_SB,Persons employed\nTIME,2015\n\nNACE_R2/GEO,DE21,DE22,NO01\nC10,1714, d,219 d\nB05,12:00 AM,,3\n"
    figures = read_figures([write(tmp_path, text, "wide.csv")])
    table = figures.table.set_index(["region", "industry"])["employment"]
    assert table[("DE21", "B05")] == 0
    assert table[("NO01", "C10")] == 219
    assert counted(figures) == {"read": 6, "used": 4, "no figure: not available": 2}
    assert set(figures.table["year"]) == {2015}


def test_a_reshaped_table_needs_to_be_told_what_its_figures_are(tmp_path: Path) -> None:
    path = write(
        tmp_path, "nace_r2,geo,n2015\nB,AT11,232\nB05,AT11,12:00 AM\nB06,AT11,219 d\nB07,AT11, d\n", "long.csv"
    )
    with pytest.raises(BadInput, match="figures whose measure is known"):
        read_figures([path])
    figures = read_figures([path], options=Options(measure="employment"))
    assert figures.table["employment"].dropna().to_list() == [0, 219]
    assert counted(figures)["used"] == 2
    wages = read_figures([path], options=Options(measure="wages:thousand EUR"))
    assert wages.table["wages"].dropna().to_list() == [0, 219_000]


def test_demography_by_size_class_and_high_growth(tmp_path: Path) -> None:
    text = (
        "freq,indic_sb,sizeclas,nace_r2,geo\\TIME_PERIOD\t2014 \n"
        "A,V11910,TOTAL,C10,DE21\t40 \nA,V11910,0,C10,DE21\t10 \nA,V11910,GE10,C10,DE21\t: c\n"
        "A,V11960,TOTAL,C10,DE21\t4 \nA,V11920,TOTAL,C10,DE21\t2 \n"
    )
    figures = read_figures([write(tmp_path, text, "bd_size_r3.tsv")])
    assert figures.table[["firms", "high_growth_smes"]].to_numpy().tolist() == [[40, 4]]
    assert counted(figures)["part of a total (sizeclas 0, GE10)"] == 2
    assert any("10 % a year" in note for note in figures.table.attrs["notes"])


def test_a_label_that_nobody_knows_may_be_said(tmp_path: Path) -> None:
    path = write(tmp_path, "INDIC_SB,Beschäftigte\nTIME,2015\n\nNACE_R2/GEO,DE21\nC10,1714\n", "wide.csv")
    with pytest.raises(BadInput, match="an indicator of employment"):
        read_figures([path])
    assert read_figures([path], options=Options(measure="employment")).table["employment"].to_list() == [1714]


def test_the_labour_force_survey_counts_thousands(tmp_path: Path) -> None:
    text = (
        "freq,nace_r2,age,sex,unit,geo\\TIME_PERIOD\t2014 \n"
        "A,TOTAL,Y_GE15,T,THS_PER,DE21\t2300.5 \nA,TOTAL,Y15-64,T,THS_PER,DE21\t2200 \n"
        "A,TOTAL,Y_GE15,F,THS_PER,DE21\t1100 \nA,J,Y_GE15,T,THS_PER,DE21\t120.4 u\n"
        "A,B-E,Y_GE15,T,THS_PER,DE21\t600 \nA,C,Y_GE15,T,THS_PER,DE22\t100 \nA,M_N,Y_GE15,T,THS_PER,DE21\t250 \n"
        "A,L-N,Y_GE15,T,THS_PER,DE21\t300 \n"
    )
    figures = read_figures([write(tmp_path, text, "lfst_r_lfe2en2.tsv")], options=Options(digits=1))
    table = figures.table[figures.table["region"] == "DE21"].set_index("industry")
    assert table["employment"].dropna().to_dict() == {"J": 120_400, "M_N": 250_000, "total": 2_300_500}
    # B-E holds C, which stands alone; L-N holds M_N
    assert counted(figures)["sums over industries, or no code of nace (B-E, L-N)"] == 2
    scores = star_scores(figures.table, "industry")
    assert set(scores["industry"]) == {"C", "J", "M_N"}


def test_an_average_wage_times_employment_is_wages(tmp_path: Path) -> None:
    text = "nace_r2,geo,2014\nC10,DE21,35.5\nC10,DE22,30 u\nC11,DE21,40\n"
    wages = read_figures([write(tmp_path, text, "earnings.csv")], options=Options(measure="average_wage:thousand EUR"))
    assert "3 average wages stand without known employment and are not used." in wages.table.attrs["notes"]
    sbs = "nace_r2,geo,indic_sb,2014\nC10,DE21,V16110,100\nC10,DE22,V16110,50\n"
    # the user's word is for files that do not say what they hold
    figures = read_figures(
        [write(tmp_path, text, "earnings.csv"), write(tmp_path, sbs, "persons.csv")],
        options=Options(measure="average_wage:thousand EUR"),
    )
    table = figures.table.set_index(["region", "industry"])
    assert table.loc[("DE21", "C10"), "wages"] == 3_550_000
    assert table.loc[("DE22", "C10"), "wages"] == 1_500_000
    assert "average_wage" not in table
    assert "2 wages are an average wage times employment." in figures.table.attrs["notes"]


def test_population_and_gdp_stand_on_the_total_row(tmp_path: Path) -> None:
    people = "freq,unit,sex,age,geo\\TIME_PERIOD\t2014 \nA,NR,T,TOTAL,DE21\t4500000 \nA,NR,T,Y_LT5,DE21\t200000 \n"
    gdp = "freq,unit,geo\\TIME_PERIOD\t2014 \nA,MIO_EUR,DE21\t230000 \nA,EUR_HAB,DE21\t51000 \n"
    files = [
        write(tmp_path, people, "demo_r_d2jan.tsv"),
        write(tmp_path, gdp, "nama_10r_2gdp.tsv"),
        write(tmp_path, NEW),
    ]
    table = read_figures(files).table.set_index(["region", "industry", "year"])
    assert table.loc[("DE21", "total", 2014), ["population", "gdp"]].to_list() == [4_500_000, 230e9]


def test_wages_may_come_from_another_dataset(tmp_path: Path) -> None:
    text = "freq,currency,nace_r2,geo\\TIME_PERIOD\t2014 \nA,MIO_EUR,C,DE21\t9000 \nA,MIO_NAC,C,DE21\t9000 \n"
    figures = read_figures([write(tmp_path, text, "nama_10r_2coe.tsv")], options=Options(digits=1))
    assert figures.table["wages"].to_list() == [9e9]
    assert counted(figures)["another unit (MIO_NAC)"] == 1
    assert any("more than wages" in note for note in figures.table.attrs["notes"])


def test_of_several_files_the_best_indicator_of_a_figure_is_taken(tmp_path: Path) -> None:
    demography = "freq,indic_sb,nace_r2,geo\\TIME_PERIOD\t2014 \nA,V11910,C10,DE21\t99 \nA,V11960,C10,DE21\t4 \n"
    files = [write(tmp_path, demography, "bd_hgnace2_r3.tsv"), write(tmp_path, NEW)]
    figures = read_figures(files)
    row = figures.table.set_index(["region", "industry", "year"]).loc[("DE21", "C10", 2014)]
    assert row[["firms", "high_growth_smes"]].to_list() == [13, 4]
    ledger = figures.ledger.set_index(["file", "reason"])["cells"]
    assert ledger["bd_hgnace2_r3.tsv", "a better indicator of firms is in another file"] == 1
    assert ledger["bd_hgnace2_r3.tsv", "used"] == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (NEW.replace("1714 ", "many"), "a figure, a flag or nothing"),
        (NEW.replace("A,C10,V16110,DE22", "A,C10,DE22"), "4 codes, as in the heading"),
        (NEW.replace("1714 ", "-4 "), "employment, a number of zero or more"),
        (NEW.replace("V16110", "V92100").replace("V13320", "V92110").replace("V11210", "V9"), "an indicator of"),
        ("freq,unit,nace_r2,geo\\TIME_PERIOD\t2014 \nA,PC,C,DE21\t9 \n", "figures of employment in persons"),
        ("nace_r2,geo,time,values\nC10,DE21,soon,4\n", "a year"),
        ("INDIC_SB,Persons employed\nTIME,2015\n\nNACE_R2/GEO,DE21,DE22\n\n", "rows of figures below"),
        ("nace_r2,geo,size,time,values\nC10,DE21,a,2014,4\nC10,DE21,b,2014,4\n", "one value of size, or its total"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(tmp_path: Path, text: str, expected: str) -> None:
    path = write(tmp_path, text, "lfst_r_lfe2en2.tsv" if "indic_sb" not in text.lower() else "sbs.tsv")
    with pytest.raises(BadInput) as caught:
        read_figures([path])
    assert all(expected in fault.expected and fault.mend for fault in caught.value.faults)
    assert all(fault.file == path.name for fault in caught.value.faults)


def test_all_faults_of_all_files_at_once(tmp_path: Path) -> None:
    one = write(tmp_path, NEW.replace("1714 ", "many").replace("219 d", "few"), "one.tsv")
    two = write(tmp_path, SDMX.replace("1714", "lots"), "two.csv")
    with pytest.raises(BadInput) as caught:
        read_figures([one, two, tmp_path / "three.tsv"])
    assert [(fault.file, fault.line, fault.value) for fault in caught.value.faults] == [
        ("three.tsv", None, "three.tsv"),
        ("one.tsv", 2, "many"),
        ("one.tsv", 3, "few"),
        ("two.csv", 2, "lots"),
    ]


def test_the_order_of_rows_and_files_does_not_matter(tmp_path: Path) -> None:
    head, *rows = NEW.splitlines()
    expected = read_figures([write(tmp_path, NEW)])
    random.Random(3).shuffle(rows)
    half = len(rows) // 2
    parts = [
        write(tmp_path, "\n".join([head, *some]) + "\n", name)
        for some, name in ((rows[:half], "b_sbs_r_nuts06_r2.tsv"), (rows[half:], "a_sbs_r_nuts06_r2.tsv"))
    ]
    found = read_figures(parts)
    pd.testing.assert_frame_equal(found.table, expected.table)
    scores = star_scores(found.table, "nace")
    assert scores.to_csv() == star_scores(expected.table, "nace").to_csv()


def test_every_form_gives_the_same_table(tmp_path: Path) -> None:
    """The same invented figures as TSV of both orders, SDMX-CSV and a spreadsheet."""
    dice = np.random.default_rng(5)
    regions, industries, years = ("AT11", "AT12", "BE10"), ("C10", "C11", "C20"), (2012, 2013)
    cells = {(r, i, y): int(dice.integers(1, 900)) for r in regions for i in industries for y in years}
    tsv = ["freq,nace_r2,indic_sb,geo\\TIME_PERIOD\t2012 \t2013 "]
    old = ["nace_r2,indic_sb,geo\\time\t2013 \t2012 "]
    sdmx = ["DATAFLOW,LAST UPDATE,freq,nace_r2,indic_sb,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG,CONF_STATUS"]
    for r in regions:
        for i in industries:
            tsv.append(f"A,{i},V16110,{r}\t{cells[r, i, 2012]} \t{cells[r, i, 2013]} ")
            old.append(f"{i},V16110,{r}\t{cells[r, i, 2013]} \t{cells[r, i, 2012]} ")
            sdmx += [f"ESTAT:X,,A,{i},V16110,{r},{y},{cells[r, i, y]},," for y in years]
    tables = [
        read_figures([write(tmp_path, "\n".join(lines) + "\n", name)]).table
        for lines, name in ((tsv, "new.tsv"), (old, "old.tsv"), (sdmx, "sdmx.csv"))
    ]
    with xlsxwriter.Workbook(tmp_path / "wide.xlsx") as book:
        for year in years:
            sheet = book.add_worksheet(str(year))
            sheet.write_row(0, 0, ["INDIC_SB", "Persons employed"])
            sheet.write_row(1, 0, ["TIME", str(year)])
            sheet.write_row(2, 0, ["NACE_R2/GEO", *regions])
            for at, i in enumerate(industries):
                sheet.write_row(3 + at, 0, [i, *(cells[r, i, year] for r in regions)])
    tables.append(read_figures([tmp_path / "wide.xlsx"]).table)
    assert {(r, i, y): int(e) for r, i, y, e in tables[0].itertuples(index=False)} == cells
    for table in tables[1:]:
        pd.testing.assert_frame_equal(table, tables[0])
