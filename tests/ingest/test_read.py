"""From files to records: nothing lost, whatever the order, and bad input told in full."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

import ingest
from ingest import BadInput, Records
from ingest.engine import DuckDB, collect
from ingest.ledger import imbalance
from ingest.records import RECORD_SCHEMA

ENGINE = DuckDB()
HEADING = "event,year,participant,name,region_code,postcode,city,country,symbol,share"
CELLS = st.tuples(
    st.sampled_from(["1", "2", "3", "4", ""]),
    st.sampled_from(["2003", "2003", "2010", "3201", ""]),
    st.sampled_from(["a", "b", "c", ""]),
    st.just(""),
    st.sampled_from(["DE212", "ZZ9", ""]),
    st.sampled_from(["80333", ""]),
    st.sampled_from(["München", "Atlantis", ""]),
    st.sampled_from(["DE", "Germany", "NA", ""]),
    st.sampled_from(["21", "26.1", "?", ""]),
    st.sampled_from(["", "0.3", "many"]),
)
SPOILT = st.sampled_from(["1,2003,a", "4,2003,b,,,,,,21,1,surplus,cells", ",,,,,,,,,", "n.a.,-,np,,,,,,,"])


def from_table(paths: list[Path], **options: Any) -> Records:
    return ingest.read("table", paths, options={"scheme": "nace2", "kind": "alliance"}, engine=ENGINE, **options)


def content(found: Records) -> dict[str, list[Any]]:
    """Everything that a run folder keeps, in order."""
    tables = {name: collect(getattr(found, name)) for name in RECORD_SCHEMA}
    tables |= {"ledger": found.ledger, "unmatched": found.unmatched}
    tables["rejects"] = found.rejects.drop(columns=["file", "line"])
    tables["events"] = tables["events"].drop(columns="file")
    return {
        name: sorted(table.astype(object).where(table.notna(), "").to_numpy().tolist(), key=repr)
        for name, table in tables.items()
    }


@settings(max_examples=4, deadline=None)
@given(
    st.lists(st.one_of(CELLS.map(",".join), SPOILT), min_size=1, max_size=40),
    st.randoms(),
    st.sampled_from(["top", "weighted"]),
)
def test_nothing_is_lost_in_any_order_of_rows_and_files(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str], chance: Any, assign: str
) -> None:
    folder = tmp_path_factory.mktemp("read")
    lines = ["1,2003,a,,DE212,,,,21,", *lines, "1,2003,b,,,,,,26.1,"]

    def written(name: str, rows: list[str]) -> Path:
        (folder / name).write_text("\n".join([HEADING, *rows]) + "\n")
        return folder / name

    shuffled = chance.sample(lines, k=len(lines))
    cut = chance.randint(1, len(lines) - 1)
    # A row without any content cannot be told from none: each part gets one that has some.
    parts = [["2,2003,a,,,,,,21,", *shuffled[:cut]], ["3,2003,a,,,,,,21,", *shuffled[cut:]]]
    whole = from_table([written("whole.csv", parts[0] + parts[1])], years=range(2000, 2008), assign=assign)
    halves = [written(f"{name}.csv", rows) for name, rows in zip("ab", parts, strict=True)]
    apart = from_table(halves[::-1], years=range(2000, 2008), assign=assign)
    assert content(whole) == content(apart)

    assert imbalance(whole.ledger) == []
    ledger = whole.ledger.set_index("reason")
    assert ledger.loc["read", "rows"] == whole.inputs["rows"].sum()
    assert ledger.loc["read", "weight"] == pytest.approx(ledger["weight"].drop("read").sum(), abs=1e-5)
    events, facets, people = (collect(getattr(whole, name)) for name in ("events", "facets", "participants"))
    assert ledger.loc["used", "weight"] == len(events) == events["event"].nunique()
    assert set(facets["event"]) == set(events["event"]) == set(people["event"])
    for shares in (facets.groupby(["event", "facet"])["share"].sum(), people.groupby("event")["share"].sum()):
        assert shares.to_list() == pytest.approx([1.0] * len(shares))


def test_records_of_several_sources_put_together(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        f"{HEADING}\n1,2003,a,,DE212,,,,21,\n1,2003,b,,,,Atlantis,DE,?,\n1,2003,c,,,,,,26,\n"
    )
    one, two = (from_table([tmp_path / "a.csv"], name=name) for name in ("one", "two"))
    both = ingest.merge([two, one])
    assert sorted(collect(both.events)["event"]) == ["one:1", "two:1"]
    assert both.ledger["source"].to_list() == ["one", "one", "two", "two"]
    assert both.unmatched[["source", "kind"]].to_numpy().tolist()[:2] == [["one", "sector"], ["two", "sector"]]
    assert content(both) == content(ingest.merge([one, two]))
    with pytest.raises(ValueError, match="share versions"):
        ingest.merge([one, from_table([tmp_path / "a.csv"], nuts=2016)])
    with pytest.raises(ValueError, match="one engine"):
        ingest.merge([one, ingest.read("table", tmp_path / "a.csv", options={"scheme": "nace2"})])


# Bad input: each format with files that can be read, of which one is then spoilt.
GOOD: dict[str, dict[str, str]] = {
    "patstat": {
        "tls201.csv": "appln_id,appln_auth,appln_filing_year,docdb_family_id\n1,EP,2003,9\n",
        "tls206.csv": "person_id,person_ctry_code,nuts\n7,DE,DE212\n",
        "tls207.csv": "person_id,appln_id,applt_seq_nr,invt_seq_nr\n7,1,0,1\n",
        "tls209.csv": "appln_id,ipc_class_symbol\n1,A61K  31/00\n",
    },
    "regpat": {
        "EPO_IPC.txt": "appln_id|prio_year|app_year|IPC\n1|2003|2004|A61K  31/00\n",
        "EPO_Inv_reg.txt": "appln_id|person_id|reg_code|ctry_code|reg_share|inv_share\n1|7|DE212|DE|1|1\n",
    },
    "thomson": {
        "deals.csv": "Deal Number,Date Announced,Acquiror Name,Target Name,Acquiror Primary NAIC Code,"
        "Target Primary NAIC Code\n1,01/15/2003,Acme,Beta,325412,334413\n"
    },
    "zephyr": {
        "deals.csv": "Deal Number,Announced date,Acquiror name,Target name,Acquiror primary NACE Rev. 2 code,"
        "Target primary US SIC code\n1,15/01/2003,Acme,Beta,2120,3674\n"
    },
    "sdc": {
        "alliances.csv": "Deal Number,Alliance Date Announced,Participants in Venture / Alliance (Short Name),"
        "Participant Primary SIC Code\n1,01/15/2003,Acme,2834\n,,Beta,3674\n"
    },
    "eureka": {
        "projects.csv": "Project Number,Start,Organisation,Country,NACE code\n"
        "1,2003-01-15,Acme,Germany,21\n1,2003-01-15,Beta,France,26\n"
    },
    "cordis": {
        "euroSciVoc.csv": "projectID;euroSciVocPath;euroSciVocTitle\n9;/natural sciences/biological sciences;biology\n",
        "organization.csv": "projectID;organisationID;name;country\n9;1;Acme;DE\n9;2;Beta;FR\n",
        "project.csv": "id;acronym;startDate;totalCost\n9;X;2003-01-15;5\n",
    },
    "table": {"rows.csv": "event,year,name,symbol\n1,2003,Acme,21\n1,2003,Beta,26\n"},
}
OPTIONS = {"table": {"scheme": "nace2"}, "eureka": {"scheme": "nace2"}}


def workbook() -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        book.add_worksheet("Notes").write(0, 0, "nothing here")
    return file.getvalue()


def zipped(content: bytes, name: str = "part.csv") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return file.getvalue()


#: What is done to a file → its new bytes and the end that its name gets, and what the message must say.
SPOILERS: dict[str, tuple[Any, str, str]] = {
    "zero bytes": (lambda _: b"", "", "the file is empty"),
    "blank lines": (lambda _: b"\n \n", "", "the file is empty"),
    "no row": (lambda data: data.split(b"\n")[0] + b"\n", "", "rows of data below"),
    "no heading": (lambda data: b"x\n" + data.split(b"\n", 1)[1].replace(b"2003", b"zzz"), "", "a column for"),
    "a rare delimiter": (lambda data: data.translate(bytes.maketrans(b",;|", b"~~~")), "", "the delimiter '~'"),
    "bytes of no encoding": (lambda data: data.replace(b"\n", b"\x81\n"), "", "UTF-8 or cp1252"),
    "two bytes a sign": (lambda data: data.decode().encode("utf-16-le"), "", "set encoding"),
    "half a .gz": (lambda data: gzip.compress(data)[:-12], ".gz", "a file that can be read"),
    "half a .zip": (lambda data: zipped(data)[:60], ".zip", "a file that can be read"),
    "a broken .zip": (lambda data: zipped(data).replace(zipped(data)[40:50], b"\xff" * 10), ".zip", "can be read"),
    "a .zip of notes": (lambda data: zipped(data, "read.me"), ".zip", "it holds no table"),
    "a broken workbook in a .zip": (lambda _: zipped(b"PK\x03\x04", "a.xlsx"), ".zip", "a workbook that can be"),
    "no workbook": (lambda _: b"PK\x03\x04 not at all", ".xlsx", "a file that can be read"),
    "an old workbook": (lambda _: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 9, ".xls", "a workbook that can be read"),
    "a workbook without the sheet": (lambda _: workbook(), ".xlsx", "a column for"),
}


def told(format: str, paths: list[Path], **options: Any) -> list[ingest.Fault]:
    given = OPTIONS.get(format, {}) | options
    given = {k: v for k, v in given.items() if format == "table" or k != "scheme"}
    with pytest.raises(BadInput) as error:
        ingest.read(format, paths, options=given, engine=ENGINE)
    return list(error.value.faults)


def laid_out(folder: Path, format: str) -> list[Path]:
    for name, text in GOOD[format].items():
        (folder / name).write_text(text)
    return sorted(folder / name for name in GOOD[format])


@pytest.mark.parametrize("format", GOOD)
@pytest.mark.parametrize("spoiler", SPOILERS)
def test_a_spoilt_file_is_refused_in_words(tmp_path: Path, format: str, spoiler: str) -> None:
    spoil, end, says = SPOILERS[spoiler]
    *others, victim = laid_out(tmp_path, format)
    spoilt = victim.with_name(victim.name + end)
    spoilt.write_bytes(spoil(victim.read_bytes()))
    faults = told(format, [*others, spoilt])
    assert {fault.file.split("/")[0] for fault in faults} == {spoilt.name}
    assert says in " ".join(str(fault) for fault in faults)
    assert all(fault.expected and fault.mend for fault in faults)


@pytest.mark.parametrize("format", GOOD)
def test_every_fault_of_every_file_is_told_at_once(tmp_path: Path, format: str) -> None:
    good = laid_out(tmp_path, format)
    (tmp_path / "folder").mkdir()
    (tmp_path / "empty.csv").write_bytes(b"")
    headings = good[-1].with_name("2_" + good[-1].name)
    headings.write_text(good[-1].read_text().split("\n")[0] + "\n")
    faults = told(format, [*good, headings, tmp_path / "folder", tmp_path / "empty.csv", tmp_path / "gone.csv"])
    assert {fault.file for fault in faults} == {"folder", "empty.csv", "gone.csv", headings.name}
    folder = next(fault for fault in faults if fault.file == "folder")
    assert "this is a folder" in folder.expected
    assert folder.mend == 'write files = ["folder/*"]'


@pytest.mark.parametrize("format", GOOD)
def test_no_file_and_unknown_options(tmp_path: Path, format: str) -> None:
    assert "a file" in told(format, [])[0].expected
    assert told(format, laid_out(tmp_path, format), colour="red")[0].value == "colour"


@pytest.mark.parametrize("format", GOOD)
def test_a_date_of_3201_is_set_aside(tmp_path: Path, format: str) -> None:
    paths = laid_out(tmp_path, format)
    options = OPTIONS["table"] if format == "table" else {}
    for path in paths:
        path.write_text(path.read_text().replace("2003", "3201"))
    found = ingest.read(format, paths, options=options, engine=ENGINE)
    assert {"impossible year", "impossible date"} & set(found.ledger["reason"])
    assert "3201" in " ".join(found.rejects["value"])
    assert found.ledger.set_index("reason").loc["used", "weight"] == 0
    assert imbalance(found.ledger) == []


def test_faults_of_a_second_table_are_told_with_the_first(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("event,year\n1,2003\n")
    join = {"files": [str(tmp_path / "gone.csv")], "on": {"pic": "id"}, "columns": {"city": "town"}}
    faults = told("table", [tmp_path / "a.csv", tmp_path / "away.csv"], join=join)
    assert {fault.file for fault in faults} == {"a.csv", "away.csv", "gone.csv"}
    assert "a column for join_key, such as 'pic'" in [f.expected.split(" (")[0] for f in faults]


def test_an_unknown_code_is_listed_and_its_label_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("event,year,name,symbol\n1,2003,Acme,99999\n1,2003,Beta,21\n")
    found = from_table([tmp_path / "a.csv"])
    assert ("sector", "nace2 99999", 1.0) in found.unmatched[["kind", "value", "weight"]].itertuples(index=False)
    assert found.rejects["reason"].to_list() == ["no sector found for two partners"] * 2
    with pytest.raises(BadInput, match="'3x'"):
        from_table([tmp_path / "a.csv"], labels={"Optics": ["3x"]})
    with pytest.raises(BadInput, match="patstat, regpat"):
        ingest.read("excel", tmp_path / "a.csv")


def test_an_event_too_large_to_count_is_in_the_ledger(tmp_path: Path) -> None:
    path = tmp_path / "projects.csv"
    rows = [f"big,2003,firm {number},325412" for number in range(1001)]
    rows += ["small,2003,one,325412", "small,2003,two,334111"]
    path.write_text("\n".join(["event,year,name,symbol", *rows]) + "\n", encoding="utf-8")
    found = ingest.read("table", path, options={"kind": "alliance", "scheme": "naics"})
    assert found.ledger[["reason", "rows", "weight"]].values.tolist() == [
        ["read", 1003, pytest.approx(2.0, abs=1e-3)],
        ["used", 2, 1.0],
        ["more than 1,000 facets or participants", 1001, pytest.approx(1.0, abs=1e-3)],
    ]


def test_a_study_of_all_sources_together(tmp_path: Path) -> None:
    labels = {"biological sciences": ["3254"], "food": ["3114"]}
    more = {"cordis": {"euroSciVoc.csv": "9;/humanities/food;food\n"}}
    parts = []
    for which in GOOD:
        folder = tmp_path / which
        folder.mkdir()
        paths = laid_out(folder, which)
        for name, lines in more.get(which, {}).items():
            (folder / name).write_text(GOOD[which][name] + lines)
        options = OPTIONS["table"] if which == "table" else {}
        parts.append(ingest.read(which, paths, options=options, labels=labels, engine=ENGINE, root=tmp_path))
    both = ingest.merge(parts)
    assert imbalance(both.ledger) == []
    used = both.ledger[both.ledger["reason"] == "used"].set_index("source")["weight"]
    assert used.to_dict() == dict.fromkeys(GOOD, 1.0)
    events = collect(both.events).set_index("source")
    assert events["kind"].to_dict() == {
        **{"patstat": "copatent", "regpat": "copatent", "thomson": "deal", "zephyr": "deal", "sdc": "alliance"},
        **{"eureka": "alliance", "cordis": "alliance", "table": "alliance"},
    }
    assert events["form"].dropna().to_dict() == dict.fromkeys(["eureka", "cordis"], "innovation network")
