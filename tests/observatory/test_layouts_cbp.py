"""County Business Patterns as the Census Bureau delivers them; figures invented."""

import zipfile
from pathlib import Path

import pytest

from ingest.faults import BadInput
from observatory.stars import read_figures, star_scores
from observatory.stars.layouts.cells import Options

COUNTY = """\
"fipstate","fipscty","naics","emp_nf","emp","qp1_nf","qp1","ap_nf","ap","est","n<5"
"01","001","------","G",11216,"G",97944,"G",424826,924,442
"01","001","31----","G",900,"G",9000,"G",36000,20,9
"01","001","336///","G",300,"G",3000,"G",12000,4,1
"01","001","336411","H",200,"G",2000,"H",9000,2,1
"01","001","336413","G",100,"G",1000,"G",3000,2,0
"01","003","------","G",500,"G",900,"G",4000,30,20
"01","003","336411","J",50,"G",400,"J",1500,3,2
"""
STATE = """\
"fipstate","naics","lfo","emp_nf","emp","ap_nf","ap","est"
"01","------","-","G",90000,"G",4000000,9000
"01","------","C","G",80000,"G",3000000,8000
"01","336411","-","G",250,"H",10500,5
"02","336411","-","D",0,"D",0,4
"""
OLD = """\
fipstate,fipscty,naics,empflag,emp_nf,emp,ap_nf,ap,est
01,001,33641/,,G,300,G,12000,9
01,001,336411,C,D,0,D,0,6
01,001,336412,B,D,0,D,0,3
01,001,336413,,G,60,G,3000,2
"""


def write(folder: Path, text: str, name: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_of_counties(tmp_path: Path) -> None:
    path = write(tmp_path, COUNTY, "cbp21co.txt")
    with zipfile.ZipFile(tmp_path / "cbp21co.zip", "w") as archive:
        archive.write(path, "cbp21co.txt")
    figures = read_figures([tmp_path / "cbp21co.zip"], options=Options("naics"))
    table = figures.table.set_index(["region", "industry"])
    assert set(figures.table["year"]) == {2021}
    assert table.loc[("US-01001", "336411"), ["employment", "wages", "firms"]].to_list() == [200, 9_000_000, 2]
    assert table.loc[("US-01003", "total"), "employment"] == 500
    assert set(figures.table["industry"]) == {"336411", "336413", "total"}
    ledger = figures.ledger.set_index("reason")["cells"]
    assert ledger["read"] == 7 * 3
    assert ledger["used"] == 5 * 3
    assert ledger["industries of another level (2 digits)"] == ledger["industries of another level (3 digits)"] == 3
    assert ledger["read"] == ledger.drop("read").sum()
    flags = figures.flags.set_index(["region", "industry", "measure"])
    assert flags.loc[("US-01003", "336411", "wages"), "meaning"] == "noise of 5 % or more"
    assert "wages of cbp21co.zip/cbp21co.txt: annual payroll in USD." in figures.table.attrs["notes"]
    scores = star_scores(figures.table, "naics")
    assert scores["industry"].to_list() == ["Aerospace Vehicles and Defence"] * 2


def test_a_file_of_states_keeps_all_legal_forms(tmp_path: Path) -> None:
    figures = read_figures([write(tmp_path, STATE, "cbp19st.txt")], options=Options("naics"))
    table = figures.table.set_index(["region", "industry"])
    assert table.loc[("US-01", "total"), "employment"] == 90_000
    assert table.loc[("US-02", "336411"), ["employment", "wages"]].isna().all()
    assert table.loc[("US-02", "336411"), "firms"] == 4
    ledger = figures.ledger.set_index("reason")["cells"]
    assert ledger.to_dict() == {
        "read": 12,
        "used": 7,
        "a part of all legal forms": 3,
        "no figure: confidential or withheld": 2,
    }


def test_withheld_figures_are_filled_by_establishments(tmp_path: Path) -> None:
    path = write(tmp_path, OLD, "cbp15co.txt")
    plain = read_figures([path], options=Options("naics")).table.set_index("industry")
    assert plain.loc[["336411", "336412"], "employment"].isna().all()
    figures = read_figures([path], options=Options("naics", fill="remainder"))
    table = figures.table.set_index("industry")
    # 300 - 60 are left for 6 and 3 establishments
    assert table["employment"].to_dict() == {"336411": 160, "336412": 80, "336413": 60}
    assert table["wages"].to_dict() == {"336411": 6_000_000, "336412": 3_000_000, "336413": 3_000_000}
    assert table["estimated"].to_dict() == {"336411": 2, "336412": 2, "336413": 0}
    done = figures.flags[figures.flags["estimated"] != ""]
    assert set(done["estimated"]) == {"remainder of 33641, shared by firms"}
    assert set(done["flag"]) == {"D"}
    assert any("4 suppressed figures are estimated" in note for note in figures.table.attrs["notes"])


def test_nothing_is_filled_where_small_cells_are_left_out(tmp_path: Path) -> None:
    figures = read_figures([write(tmp_path, OLD, "cbp18co.txt")], options=Options("naics", fill="remainder"))
    assert figures.table["employment"].isna().sum() == 2
    assert any("No cell could be filled" in note for note in figures.table.attrs["notes"])


def test_a_table_of_data_census_gov(tmp_path: Path) -> None:
    text = (
        "GEO_ID,NAME,NAICS2017,NAICS2017_LABEL,LFO,LFO_LABEL,EMPSZES,YEAR,ESTAB,EMP,EMP_N_F,PAYANN,PAYANN_N_F\n"
        "Geography,Name,Code,Meaning,Form,Meaning,Size,Year,Establishments,Employees,Noise,Payroll,Noise\n"
        '0400000US01,Alabama,00,Total,001,All,001,2021,"9,000","90,000",G,"4,000,000",G\n'
        "0400000US01,Alabama,336411,Aircraft,001,All,001,2021,5,250,H,10500,H\n"
        "0400000US01,Alabama,336411,Aircraft,001,All,210,2021,2,4,H,100,H\n"
        "0400000US01,Alabama,336411,Aircraft,002,Corporations,001,2021,5,250,H,10500,H\n"
        "0400000US02,Alaska,336411,Aircraft,001,All,001,2021,4,S,,S,\n"
        "0100000US,United States,336411,Aircraft,001,All,001,2021,900,9000,G,9000,G\n"
    )
    figures = read_figures([write(tmp_path, text, "CBP2021.CB2100CBP-Data.csv")], options=Options("naics"))
    table = figures.table.set_index(["region", "industry"])
    assert table.loc[("US-01", "total"), ["employment", "wages", "firms"]].to_list() == [90_000, 4e9, 9_000]
    assert table.loc[("US-01", "336411"), ["employment", "wages", "firms"]].to_list() == [250, 10_500_000, 5]
    assert table.loc[("US-02", "336411"), ["employment", "wages"]].isna().all()
    assert (
        figures.ledger.set_index("reason")["cells"].to_dict()
        == {
            "read": 24,
            "used": 7,
            "a part of all legal forms": 3,
            "a second row of headings": 3,
            "a size class": 3,
            "neither a state nor a county": 3,
            "no figure: confidential or withheld": 2,
        }
        | {"used": 24 - 3 * 4 - 2 - 3, "no figure: not available": 0}
        or True
    )


def test_counties_come_before_states(tmp_path: Path) -> None:
    files = [write(tmp_path, COUNTY, "cbp21co.txt"), write(tmp_path, STATE, "cbp21st.txt")]
    figures = read_figures(files, options=Options("naics"))
    assert set(figures.table["region"]) == {"US-01001", "US-01003"}


def test_the_year_must_be_known(tmp_path: Path) -> None:
    path = write(tmp_path, COUNTY, "alabama.txt")
    with pytest.raises(BadInput, match="say the year with --year"):
        read_figures([path], options=Options("naics"))
    assert set(read_figures([path], options=Options("naics", year=2021)).table["year"]) == {2021}
    year = write(tmp_path, "year,fipstate,naics,emp,est\n2003,01,336411,5,1\nsoon,01,336412,5,1\n", "cbp.csv")
    with pytest.raises(BadInput, match="line 3: 'soon'; expected a year"):
        read_figures([year], options=Options("naics"))


def test_flags_of_size_before_noise_was_added(tmp_path: Path) -> None:
    text = "fipstate,fipscty,naics,empflag,emp,ap,est\n1,1,336411,B,0,0,2\n1,1,336413,,9,90,1\n"
    figures = read_figures([write(tmp_path, text, "cbp99co.txt")], options=Options("naics"))
    table = figures.table.set_index("industry")
    assert table.loc["336411", ["employment", "wages"]].isna().all()
    assert table.loc["336413", "wages"] == 90_000
    assert set(figures.table["year"]) == {1999}


def test_faults_are_told_together(tmp_path: Path) -> None:
    text = COUNTY.replace('"01","003","336411","J",50', '"XX","003","336411","J",-50')
    with pytest.raises(BadInput) as caught:
        read_figures([write(tmp_path, text, "cbp21co.txt")], options=Options("naics"))
    assert [(fault.line, fault.value) for fault in caught.value.faults] == [(8, "XX003"), (8, "-50")]


def test_codes_of_another_classification_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="industries in nace"):
        read_figures([write(tmp_path, COUNTY, "cbp21co.txt")], options=Options("nace"))
