"""A study as of a day: what was not known then is set aside and counted, and nothing else changes."""

from __future__ import annotations

import datetime
import json

import msgspec
import pandas as pd
import pytest

from ingest import DuckDB, read
from ingest.faults import BadInput
from observatory.as_of import TooEarlyError
from observatory.cli import main
from observatory.run import run_study
from observatory.settings import Settings
from observatory.stages.opening import open_inputs
from observatory.stages.starring import star_table
from observatory.study import open_study

REASON = "after the study's date"
DAY = datetime.date(2008, 6, 30)


@pytest.fixture(scope="module")
def dated(tmp_path_factory):
    """Four deals: two with a day, two with a year alone."""
    file = tmp_path_factory.mktemp("dated") / "deals.csv"
    file.write_text(
        "id,date,buyer,sold\n"
        "early,2008-06-30,325412,541711\n"
        "late,2008-07-01,325412,334111\n"
        "year,2008,334111,511210\n"
        "before,2007,334111,511210\n",
        encoding="utf-8",
    )
    columns = {"event": "id", "date": "date", "acquirer_symbol": "buyer", "target_symbol": "sold"}

    def known(day):
        options = {"kind": "deal", "scheme": "naics"}
        records = read("table", file, columns=columns, options=options, as_of=day)
        events = sorted(records.events.collect("pandas")["event"])
        return [event.removeprefix("table:") for event in events], records.ledger.set_index("reason")["rows"].to_dict()

    return known


@pytest.mark.parametrize(
    ("day", "events"),
    [
        (None, ["before", "early", "late", "year"]),
        (datetime.date(2007, 12, 30), []),
        (datetime.date(2007, 12, 31), ["before"]),
        (datetime.date(2008, 6, 29), ["before"]),
        (datetime.date(2008, 6, 30), ["before", "early"]),
        (datetime.date(2008, 7, 1), ["before", "early", "late"]),
        (datetime.date(2008, 12, 30), ["before", "early", "late"]),
        (datetime.date(2008, 12, 31), ["before", "early", "late", "year"]),
    ],
)
def test_an_event_counts_from_its_day_and_a_year_when_it_has_ended(dated, day, events):
    known, ledger = dated(day)
    assert known == events
    assert ledger == {"read": 4, "used": len(events)} | ({REASON: 4 - len(events)} if len(events) < 4 else {})


def test_what_is_outside_the_periods_is_so_whatever_the_day(small_study):
    ledgers = {}
    for day in (None, DAY):
        records, _ = open_inputs(_starless(open_study(small_study, day)), DuckDB(), lambda _: None)
        ledgers[day] = records.ledger
        assert int(records.events.filter(_later()).collect("pandas").shape[0]) == (0 if day else _number(records))
    full, cut = (table.pivot(index="source", columns="reason", values="rows").fillna(0) for table in ledgers.values())
    assert full["read"].tolist() == cut["read"].tolist()
    assert (full["used"] == cut["used"] + cut[REASON]).all()
    assert (cut[REASON] > 0).all()


def _starless(study):
    stars = msgspec.structs.replace(study.settings.stars, table="panorama2020")
    return type(study)(msgspec.structs.replace(study.settings, stars=stars), study.folder, study.notes)


def _later():
    import narwhals as nw

    return nw.when(nw.col("date").is_null()).then(nw.col("year") > 2007).otherwise(nw.col("date") > "2008-06-30")


def _number(records):
    number = len(records.events.filter(_later()).collect("pandas"))
    assert number > 0
    return number


@pytest.fixture(scope="module")
def early_run(small_study, tmp_path_factory):
    """The small study as of a day in its second period, and again with its rows the other way round."""
    folder = tmp_path_factory.mktemp("early")
    runs = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("observatory.report.write_report", lambda *_: None, raising=False)
        for name, step in (("one", 1), ("two", -1)):
            own = folder / name
            (own / "inbox").mkdir(parents=True)
            text = (small_study / "study.toml").read_text(encoding="utf-8")
            (own / "study.toml").write_text(text.replace('table = "inbox/stars.csv"', ""), encoding="utf-8")
            for file in (small_study / "inbox").iterdir():
                head, *rows = file.read_text(encoding="utf-8").splitlines()
                (own / "inbox" / file.name).write_text("\n".join([head, *rows[::step]]) + "\n", encoding="utf-8")
            runs.append(run_study(open_study(own, DAY), own / "run"))
    return runs


def test_a_run_says_its_day_and_has_the_same_bytes_whatever_the_order(early_run):
    one, two = early_run
    assert one.manifest["settings"]["as_of"] == "2008-06-30"
    assert one.json("spaces.json")["notes"][:2] == [
        "Only what was known on 2008-06-30 is counted: events up to that day, "
        "and of those dated by year alone up to 2007.",
        "The period 2007-2014 had not ended: it holds what was known.",
    ]
    assert one.manifest["outputs"] == two.manifest["outputs"]
    assert one.table("series.parquet").query("events > 0")["year"].max() <= 2008
    assert len(one.table("stars.parquet")) == 0
    assert one.manifest["stars"]["notes"] == [
        "The Panorama was published in 2020, after 2008-06-30: its tiers are not used."
    ]
    ledger = one.table("ledger.csv")
    assert ledger.loc[ledger["reason"] == REASON, "rows"].sum() > 0


def test_periods_that_had_not_begun_are_left_out(small_study):
    study = open_study(small_study, datetime.date(2006, 12, 31))
    assert study.settings.periods == [(2000, 2007)]
    assert study.notes[-1] == "The period 2007-2014 had not begun and is left out."
    assert open_study(small_study).notes == ()


def test_regional_figures_of_years_that_had_not_ended_are_set_aside(spoilt):
    folder = spoilt("study.toml", ("title", "as_of = 2014-06-30\ntitle"))
    stars = star_table(open_study(folder))
    ledger = stars.files["ledger"].set_index("reason")["cells"]
    assert ledger["read"] == ledger.drop("read").sum()
    assert ledger[REASON] == ledger["read"] / 3  # three years, the last of which had not ended
    assert any("after 2013 are not used" in note for note in stars.about["notes"])
    whole = star_table(open_study(folder, datetime.date(2014, 12, 31)))
    assert REASON not in set(whole.files["ledger"]["reason"])


def test_regional_figures_that_are_all_later_are_a_fault(small_study):
    with pytest.raises(BadInput, match="figures of 2007 or before"):
        star_table(open_study(small_study, DAY))


def test_the_published_tiers_are_known_when_2020_has_ended(small_study):
    study = _starless(open_study(small_study, datetime.date(2020, 12, 31)))
    assert len(star_table(study).table) > 0
    study = _starless(open_study(small_study, datetime.date(2020, 12, 30)))
    assert len(star_table(study).table) == 0


@pytest.mark.parametrize("day", ["1999-12-31", "30.6.2008", "2008-02-30", "tomorrow", "", "0001-01-01", "2008-06"])
@pytest.mark.parametrize("verb", ["check", "run"])
def test_days_that_cannot_be_are_usage_errors(small_study, capsys, verb, day):
    assert main([verb, str(small_study), "--as-of", day]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "--as-of" in said.err
    assert not (small_study / "run").exists()


def test_a_day_in_the_study_file(spoilt, own_study):
    spoilt("study.toml", ("title", "as_of = 1999-01-01\ntitle"))
    with pytest.raises(BadInput, match=r"study.toml, line 1: '1999-01-01'; expected a later day: .* is 2000"):
        open_study(own_study)
    spoilt("study.toml", ("1999-01-01", '"soon"'))
    with pytest.raises(BadInput, match="expected a day such as 2010-06-30"):
        open_study(own_study)
    spoilt("study.toml", ('"soon"', '"2008-06-30"'))
    settings = open_study(own_study).settings
    assert settings.as_of == DAY
    assert msgspec.convert(msgspec.to_builtins(settings), Settings) == settings
    with pytest.raises(TooEarlyError):
        open_study(own_study, datetime.date(1999, 1, 1))


def test_check_as_of_a_day(small_study, capsys):
    assert main(["check", str(small_study), "--as-of", "2014-12-30", "--json"]) == 0
    said = capsys.readouterr()
    rows = pd.DataFrame(json.loads(said.out))
    assert rows.loc[rows["reason"] == REASON, "rows"].sum() > 0
    assert "note: Only what was known on 2014-12-30 is counted" in said.err
