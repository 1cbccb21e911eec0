"""Whatever stands in the files of a source, rows read are rows used and rows set aside, for every source."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import ingest
from ingest.engine import DuckDB, collect
from ingest.ledger import imbalance
from ingest.records import FORMS, KINDS
from ingest.sources import SOURCES

ENGINE = DuckDB()
#: Cells that any column may hold.
DIRT = (
    "",
    "",
    "n.a.",
    "-",
    ":",
    "?",
    "0",
    "-1",
    "1e6",
    "1e400",
    "3201",
    "1,5",
    "12:00 AM",
    "#REF!",
    "Zürich",
    "x" * 99,
)
IDS = ("1", "2", "3", "4.0", "1.23457E+12")
DATES = ("2003-01-15", "15.01.2004", "2005", "01/15/2006", "2007-13-01")
FIRMS = ("Acme", "Beta", "Acme\nBeta", "Émile & Cie")
NATIONS = ("France", "DE", "DE\nFR", "UK", "Atlantis")
SIC, NACE, IPC = ("2834", "3674", "7372 Software", "9999"), ("21", "26.1", "C10"), ("A61K  31/00", "H04L", "Z99Z")
ONE = ("1", "2")
#: Each source: its files, the sign between cells, and each column's good cells; the first are of a row that counts.
FILES: dict[str, dict[str, tuple[str, dict[str, tuple[str, ...]]]]] = {
    "patstat": {
        "tls201.csv": (",", {"appln_id": ONE, "appln_auth": ("EP", "US"), "appln_filing_year": ("2003", "9999"),
                             "docdb_family_id": ("0", "9")}),
        "tls206.csv": (",", {"person_id": ONE, "person_ctry_code": NATIONS, "nuts": ("DE212", "FR101", "DEZZZ")}),
        "tls207.csv": (",", {"person_id": ONE, "appln_id": ONE, "applt_seq_nr": ("0", "1"), "invt_seq_nr": ("1", "0")}),
        "tls209.csv": (",", {"appln_id": ONE, "ipc_class_symbol": IPC}),
        "tls902.csv": (",", {"ipc": ("A61K", "H04L"), "nace2_code": NACE, "nace2_weight": ("1", "0.5")}),
    },
    "regpat": {
        "EPO_IPC.txt": ("|", {"appln_id": ONE, "prio_year": ("2003", "9999"), "app_year": ("2004",), "IPC": IPC}),
        "EPO_Inv_reg.txt": ("|", {"appln_id": ONE, "person_id": ONE, "reg_code": ("DE212", "FRZZZ"),
                                  "ctry_code": NATIONS,
                                  "reg_share": ("1", "0.4"), "inv_share": ("0.5", "-1")}),
    },
    "thomson": {
        "deals.csv": (",", {"Deal Number": IDS, "Date Announced": DATES, "Status": ("Completed", "Rumor"),
                            "Acquiror Name": FIRMS, "Acquiror Nation": NATIONS, "Acquiror Primary SIC Code": SIC,
                            "Target Name": FIRMS, "Target Nation": NATIONS, "Target Primary SIC Code": SIC,
                            "Value of Transaction ($mil)": ("1", "2,5")}),
    },
    "zephyr": {
        "deals.csv": (";", {"Deal Number": IDS, "Deal type": ("Acquisition 100%", "IPO"),
                            "Deal status": ("Completed", "Rumour"),
                            "Announced date": DATES, "Deal value th EUR": ("1.234,5", "n.a."), "Acquiror name": FIRMS,
                            "Acquiror BvD ID number": ("FR1", "DE2"), "Acquiror country code": NATIONS,
                            "Acquiror primary NACE Rev. 2 code": NACE, "Target name": FIRMS,
                            "Target primary US SIC code": SIC}),
    },
    "sdc": {
        "alliances.csv": (",", {"Deal Number": IDS, "Alliance Date Announced": DATES, "Status": ("Completed", "Rumor"),
                                "Participants in Alliance": FIRMS, "Participant Nation": NATIONS,
                                "Participant Primary SIC Code": SIC, "Joint Venture Flag": ("Y", "N")}),
    },
    "eureka": {
        "projects.csv": (",", {"Project Number": IDS, "Start": DATES, "Status": ("Finished", "Withdrawn"),
                               "Technological Area": ("Optics", "Food"), "Organisation": FIRMS, "Country": NATIONS,
                               "SIC": SIC}),
    },
    "cordis": {
        "project.csv": (";", {"id": ONE, "acronym": ("X",), "status": ("SIGNED", "TERMINATED"), "startDate": DATES,
                              "totalCost": ("1,5", "2")}),
        "organization.csv": (";", {"projectID": ONE, "organisationID": ONE, "name": FIRMS, "country": NATIONS,
                                   "nutsCode": ("DE212", "XX"), "role": ("coordinator", "participant")}),
        "euroSciVoc.csv": (";", {"projectID": ONE, "euroSciVocPath": ("/optics", "/food/meat", "/"),
                                 "euroSciVocTitle": ("optics", "food")}),
    },
    "table": {
        "rows.csv": (",", {"event": IDS, "year": ("2003", "2004"), "date": DATES, "name": FIRMS, "country": NATIONS,
                           "symbol": NACE, "share": ("0.5", "40%"), "value": ("1", "2")}),
    },
}  # fmt: skip
OPTIONS: dict[str, dict[str, object]] = {"table": {"scheme": "nace2"}}
LABELS = {"Optics": ["3333"], "Food": ["3114"]}

Rows = list[tuple[list[str], int]]


@st.composite
def dirty(draw: st.DrawFn, columns: dict[str, tuple[str, ...]]) -> Rows:
    """Draw rows of good cells and dirt, some too short or too long, some twice; the number is of cells too many."""
    cells = st.tuples(*(st.sampled_from((*good, *good, *DIRT)) for good in columns.values()))
    rows = [(list(row), draw(st.sampled_from((0, 0, 0, 0, -1, 1)))) for row in draw(st.lists(cells, max_size=25))]
    return rows + rows[: draw(st.integers(0, 2))]


def written(cells: list[str], more: int, sign: str, quoted: bool) -> str:
    """Write a row, with a cell more or fewer than it should have."""
    row = [*cells, "more"] if more > 0 else cells[: len(cells) + more]
    if not quoted:
        return sign.join(cell.replace("\n", " ") for cell in row)
    return sign.join(f'"{cell}"' if set(cell) & set(f'{sign}"\n') else cell for cell in row)


def blank(cells: list[str], more: int) -> bool:
    """Tell a line of nothing between delimiters, which is no row; one that is too long holds a word at least."""
    return more <= 0 and not any(cell.strip() for cell in cells[: len(cells) + more])


def test_every_source_is_among_them() -> None:
    assert set(FILES) == set(SOURCES)


@pytest.mark.parametrize("format", FILES)
# Shrinking would read files hundreds of times; what was drawn is told as it is.
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
@given(data=st.data())
def test_rows_read_are_rows_used_and_rows_set_aside(
    tmp_path_factory: pytest.TempPathFactory, format: str, data: Any
) -> None:
    folder = tmp_path_factory.mktemp(format)
    expected: dict[str, int] = {}
    for name, (sign, columns) in FILES[format].items():
        quoted = name.endswith(".csv")
        rows = [([good[0] for good in columns.values()], 0), *data.draw(dirty(columns))]
        lines = [written(cells, more, sign, quoted) for cells, more in rows]
        (folder / name).write_text("\n".join([sign.join(columns), *lines]) + "\n", encoding="utf-8")
        expected[name] = sum(not blank(cells, more) for cells, more in rows)
    found = ingest.read(
        format, sorted(folder.iterdir()), options=OPTIONS.get(format, {}), labels=LABELS, engine=ENGINE, root=folder
    )
    assert dict(zip(found.inputs["path"], found.inputs["rows"], strict=True)) == expected
    assert imbalance(found.ledger) == []
    ledger = found.ledger.set_index("reason")
    assert ledger.loc["read", "rows"] == sum(expected.values())
    assert (ledger["rows"].drop("used") > 0).all()
    assert ledger.loc["read", "weight"] == pytest.approx(ledger["weight"].drop("read").sum(), abs=1e-5)
    events, facets, people = (collect(getattr(found, name)) for name in ("events", "facets", "participants"))
    assert ledger.loc["used", "weight"] == len(events) == events["event"].nunique()
    assert set(facets["event"]) == set(events["event"])
    assert set(people["event"]) <= set(events["event"])
    assert set(events["kind"]) <= set(KINDS)
    assert set(events["form"].dropna()) <= set(FORMS)
    assert events["year"].between(1900, 2100).all()
    values = events["value"].dropna()
    assert (values.abs() < float("inf")).all()
    for shares in (facets.groupby(["event", "facet"])["share"].sum(), people.groupby("event")["share"].sum()):
        assert shares.to_list() == pytest.approx([1.0] * len(shares))
