"""Doubtful matches: the queue, the answers, the workbook, the next run."""

from __future__ import annotations

import io
import json
import signal
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from ingest import BadInput, DuckDB
from ingest.engine import collect
from ingest.matching import DECISION, Decision
from observatory.cli import app
from observatory.decisions import FILE, append_decision, decide, read_decisions, told_of
from observatory.review import QUEUE, around, doubtful, queue, taken
from observatory.review_command import ask
from observatory.review_sheet import HEADINGS, read_sheet, write_sheet
from observatory.run import write_records
from observatory.stages.reading import read_sources
from observatory.store import Run, write_json
from observatory.study import open_study

STUDY = """\
title = "Doubt"
[sources.deals]
format = "table"
files = ["deals.csv"]
kind = "deal"
scheme = "naics"
columns = { event = "id", acquirer_symbol = "a", acquirer_name = "an", acquirer_city = "ac", acquirer_country = "aco", \
target_symbol = "t", target_name = "tn", target_city = "tc", target_country = "tco" }
"""
DEALS = """\
id,year,a,an,ac,aco,t,tn,tc,tco
1,2003,325412,Novo AG,ULTRECHT,NL,541711,Ulmer GmbH,Ulm,DE
2,2004,334111,NOVO A.G.,LEVERKUSSEN,DE,511210,Berger AG,ULTRECHT,NL
3,2008,334111,Infineon AG,Munich,DE,511210,Sub AG,GORIZA,IT
4,2009,325412,Infinion AG,Hamburg,DE,541711,Wieland SE,Milan,IT
5,2009,325412,=1+1 AG,Hamburgg,DE,541711,<b>Wieland</b>,Milan,IT
"""
RUNNER = CliRunner()


@pytest.fixture
def study(tmp_path: Path) -> Path:
    (tmp_path / "study.toml").write_text(STUDY, encoding="utf-8")
    (tmp_path / "deals.csv").write_text(DEALS, encoding="utf-8")
    return tmp_path


def records_of(study: Path):
    return read_sources(open_study(study), DuckDB(), lambda _: None)


@pytest.fixture
def run(study: Path) -> Run:
    """What of a run folder the review reads."""
    folder = study / "run"
    folder.mkdir()
    write_records(records_of(study), folder)
    write_json(folder / "manifest.json", {"title": "Doubt", "status": "complete"})
    return Run(folder, {"title": "Doubt", "status": "complete"})


def test_the_queue_by_hand(run: Run) -> None:
    waits = queue(run)
    assert list(waits) == list(QUEUE)
    told = waits[["kind", "name", "place", "country", "weight", "effect", "rows"]].values.tolist()
    assert told == [
        ["place", "", "ULTRECHT", "NL", 1.0, 1.0, 2],
        ["place", "", "GORIZA", "IT", 0.5, 0.5, 1],
        ["place", "", "Hamburgg", "DE", 0.5, 0.5, 1],
        ["name", "Infineon AG", "", "DE", 0.5, 0.0, 1],
    ]
    assert json.loads(waits.loc[0, "candidates"])[0] == ["utrecht", "NL31", 94.5]
    assert json.loads(waits.loc[3, "candidates"]) == [["Infinion AG", "DE", 82.75]]
    logged = run.table("matches.csv")
    assert logged[["place", "level", "rows"]].values.tolist() == [["LEVERKUSSEN", "fuzzy city", 1]]


def test_the_ledger_says_the_same_whatever_is_decided(study: Path) -> None:
    before = records_of(study)
    append_decision(study, Decision("place", "", "ULTRECHT", "NL", "accept", "NL31"))
    after = records_of(study)
    pd.testing.assert_frame_equal(before.ledger, after.ledger)
    assert len(collect(before.participants)) == len(collect(after.participants)) == 10


def test_decisions_are_replayed(study: Path) -> None:
    append_decision(study, Decision("place", "", "ULTRECHT", "NL", "accept", "NL33"))
    append_decision(study, Decision("place", "", "LEVERKUSSEN", "DE", "reject"))
    append_decision(study, Decision("name", "Infineon AG", "", "DE", "accept", "Infinion AG", "DE"))
    append_decision(study, Decision("place", "", "Nowhere", "DE", "accept", "DE30"))
    records = records_of(study)
    people = collect(records.participants).set_index("name")
    assert people.loc["Novo AG", ["region", "placed_by"]].tolist() == ["NL33", "decision"]
    assert pd.isna(people.loc["NOVO A.G.", "region"])
    assert people.loc["Infinion AG", "organisation"] == people.loc["Infineon AG", "organisation"] == "Infineon AG (DE)"
    told = told_of(read_decisions(study), records)
    assert (told["rows"], told["used"]) == (4, 3)
    assert told["stale"] == [{"kind": "place", "record": "Nowhere (DE)", "answer": "accept DE30"}]
    assert len(doubtful(records)) == 2
    assert taken(records).empty


def test_no_decisions(study: Path) -> None:
    told = told_of(read_decisions(study), records_of(study))
    empty = {"rows": 0, "sha256": None, "used": 0, "stale": [], "contradictions": []}
    assert told == {"path": FILE, **empty}


def test_contradictions_are_said_and_the_last_counts(study: Path) -> None:
    for answer, region in (("accept", "NL31"), ("reject", ""), ("accept", "NL33")):
        append_decision(study, Decision("place", "", "ULTRECHT", "NL", answer, region))
    known = read_decisions(study)
    said = f"{FILE}: ULTRECHT (NL) was decided in 3 ways; the last counts: accept NL33"
    assert list(known.contradictions) == [said]
    append_decision(study, Decision("place", "", "ULTRECHT", "NL", "undo"))
    assert not read_decisions(study).contradictions


def test_a_half_line_of_a_killed_session_is_left_out_and_written_over(study: Path) -> None:
    first = Decision("place", "", "ULTRECHT", "NL", "accept", "NL31")
    append_decision(study, first)
    whole = (study / FILE).read_bytes()
    (study / FILE).write_bytes(whole + b"place,,GOR")
    assert list(read_decisions(study).rows) == [first]
    second = Decision("place", "", "GORIZA", "IT", "reject")
    append_decision(study, second)
    assert list(read_decisions(study).rows) == [first, second]


def test_every_wrong_line_is_told_at_once(study: Path) -> None:
    lines = [
        "town,,Ulm,DE,accept,DE14,",
        "place,,,DE,reject,,",
        "place,,Ulm,DE,maybe,,",
        "place,,Ulm,DE,accept,,",
        "a,b",
    ]
    (study / FILE).write_text("\n".join([",".join(DECISION), *lines, ""]), encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        read_decisions(study)
    assert [fault.line for fault in caught.value.faults] == [2, 3, 4, 5, 6]
    (study / FILE).write_text("kind,name\n", encoding="utf-8")
    with pytest.raises(BadInput, match="the heading kind,name,place"):
        read_decisions(study)
    (study / FILE).write_bytes(b"\xff\xfe\n")
    with pytest.raises(BadInput, match="UTF-8"):
        records_of(study)


CELL = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(CELL, CELL, st.sampled_from(["accept", "reject", "undo"]), CELL), max_size=5))
def test_what_is_written_is_read(tmp_path: Path, said: list[tuple[str, str, str, str]]) -> None:
    (tmp_path / FILE).unlink(missing_ok=True)
    rows = [Decision("name", f"n{name}", "", country, answer, f"o{other}") for name, country, answer, other in said]
    for one in rows:
        append_decision(tmp_path, one)
    assert list(read_decisions(tmp_path).rows) == rows


def test_decide_refuses_what_is_no_decision(tmp_path: Path) -> None:
    row = {"kind": "place", "name": "", "place": "Ulmm", "country": "DE"}
    for answer, other in (("yes", "DE14"), ("accept", ""), ("accept", "DE99")):
        with pytest.raises(ValueError, match="expected"):
            decide(tmp_path, row, answer, other)
    assert not (tmp_path / FILE).exists()
    assert decide(tmp_path, row, "accept", "DE14").other == "DE14"
    with pytest.raises(BadInput, match="line breaks"):
        append_decision(tmp_path, Decision("place", "", "Ul\nm", "DE", "reject"))
    with pytest.raises(BadInput, match="a file to write to"):
        append_decision(tmp_path / "none", Decision("place", "", "Ulm", "DE", "reject"))


def typed(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))


def test_a_session(run: Run, study: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    typed(monkeypatch, "u", "1", "bogus", "ITH4", "u", "r", "s", "1")
    assert ask(queue(run, study), study, run) == 3
    told = [(one.place or one.name, one.answer, one.other) for one in read_decisions(study).rows]
    assert told == [
        ("ULTRECHT", "accept", "NL31"), ("GORIZA", "accept", "ITH4"), ("GORIZA", "undo", "ITH4"),
        ("GORIZA", "reject", ""), ("Infineon AG", "accept", "Infinion AG"),
    ]  # fmt: skip
    said = capsys.readouterr().err
    assert "nothing to undo" in said
    assert "'bogus' is no answer" in said
    assert "deals:1, 2003, deal, acquirer, Novo AG, ULTRECHT" in said
    assert queue(run, study)["place"].tolist() == ["Hamburgg"]


def test_an_end_of_input_or_q_ends_a_session(run: Run, study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    typed(monkeypatch, "1")
    assert ask(queue(run), study, run) == 1
    typed(monkeypatch, "2", "q")
    assert ask(queue(run), study) == 0


def test_around_a_name_and_a_place(run: Run) -> None:
    rows = queue(run).to_dict("records")
    assert around(run, rows[0])["event"].tolist() == ["deals:1", "deals:2"]
    assert set(around(run, rows[3])["name"]) == {"Infineon AG", "Infinion AG"}


def test_the_workbook_goes_round(run: Run, study: Path) -> None:
    sheet = study / "queue.xlsx"
    waits = queue(run)
    write_sheet(sheet, waits)
    assert read_sheet(sheet, []) == []
    answers = {0: "1", 1: "reject", 2: "DE60", 3: 1.0}
    filled = rewritten(sheet, answers)
    found = read_sheet(filled, [])
    assert [(one.answer, one.other) for one in found] == [
        ("accept", "NL31"), ("reject", ""), ("accept", "DE60"), ("accept", "Infinion AG"),
    ]  # fmt: skip
    assert read_sheet(filled, found) == []  # a second time adds nothing


def rewritten(sheet: Path, answers: dict[int, object]) -> Path:
    """Fill the column answer, as a person does in a spreadsheet."""
    import xlsxwriter
    from python_calamine import CalamineWorkbook

    rows = CalamineWorkbook.from_path(str(sheet)).get_sheet_by_name("review").to_python()
    out = sheet.with_name("filled.xlsx")
    with xlsxwriter.Workbook(str(out), {"strings_to_formulas": False}) as book:
        page = book.add_worksheet("review")
        for number, cells in enumerate(rows):
            row = [answers.get(number - 1, ""), *cells[1:]] if number else cells
            for column, cell in enumerate(row):
                page.write(number, column, cell)
    return out


def test_wrong_answers_are_told_with_their_rows(run: Run, study: Path) -> None:
    sheet = study / "queue.xlsx"
    write_sheet(sheet, queue(run))
    with pytest.raises(BadInput) as caught:
        read_sheet(rewritten(sheet, {0: "9", 1: "perhaps", 2: "1"}), [])
    assert [fault.line for fault in caught.value.faults] == [2, 3]
    with pytest.raises(BadInput, match="a workbook with a sheet review"):
        read_sheet(study / "deals.csv", [])
    with pytest.raises(BadInput, match="a file to write"):
        write_sheet(study / "none" / "q.xlsx", queue(run))
    assert HEADINGS[0] == "answer"


@pytest.mark.usefixtures("run")
def test_the_command(study: Path) -> None:
    listed = RUNNER.invoke(app, ["review", str(study), "--json"])
    assert [row["place"] for row in json.loads(listed.stdout)] == ["ULTRECHT", "GORIZA", "Hamburgg", ""]
    sheet = study / "q.xlsx"
    done = RUNNER.invoke(app, ["review", str(study), "--to", str(sheet), "--json"])
    assert json.loads(done.stdout) == {"rows": 4, "written": str(sheet)}
    filled = rewritten(sheet, {0: "1"})
    done = RUNNER.invoke(app, ["review", str(study), "--from", str(filled), "--json"])
    assert json.loads(done.stdout)["added"] == 1
    assert "ULTRECHT" not in RUNNER.invoke(app, ["review", str(study), "--list"]).stdout
    plain = RUNNER.invoke(app, ["review", str(study), "--to", str(sheet)])
    assert plain.stdout == f"{sheet}\n"


def test_a_study_without_a_run_is_read(study: Path) -> None:
    listed = RUNNER.invoke(app, ["review", str(study), "--json"])
    assert len(json.loads(listed.stdout)) == 4


@pytest.mark.usefixtures("run")
def test_a_killed_session_loses_nothing(study: Path) -> None:
    """A session ended by force after its first answer: the answer is in the file."""
    code = (
        "import sys; from pathlib import Path\n"
        "from observatory.review import queue; from observatory.review_command import ask\n"
        "from observatory.store import Run\n"
        f"folder = Path({str(study)!r}); run = Run(folder / 'run', {{}})\n"
        "ask(queue(run, folder), folder, run)\n"
    )
    root = Path(__file__).resolve().parents[2]
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stderr=subprocess.PIPE, cwd=root, text=True
    ) as session:
        assert session.stdin is not None
        assert session.stderr is not None
        session.stdin.write("1\n")
        session.stdin.flush()
        said = ""
        while "2 of 4" not in said:  # the second question is asked when the first answer is on the disk
            said += session.stderr.read(1)
        session.send_signal(signal.SIGKILL)
    assert [one.other for one in read_decisions(study).rows] == ["NL31"]


def test_postal_codes_of_a_study(study: Path) -> None:
    text = STUDY + '[places]\npostcodes = "codes.csv"\n'
    (study / "study.toml").write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match="a file of postal codes"):
        records_of(study)
    (study / "codes.csv").write_text("NUTS3;CODE\n'NL310';'3500'\n", encoding="utf-8")
    (study / "deals.csv").write_text(DEALS.replace("ULTRECHT", "3500 ULTRECHT"), encoding="utf-8")
    people = collect(records_of(study).participants)
    assert people.loc[people["name"] == "Novo AG", ["region", "placed_by"]].values.tolist() == [["NL31", "postal code"]]
