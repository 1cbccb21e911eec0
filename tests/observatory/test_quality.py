"""The tables of quality: balanced against the ledger, and doubts that move what they should."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from ingest import DuckDB, Records, read
from ingest.frames import from_frames
from ingest.nuts import region_table
from observatory.stages import quality
from observatory.store import Run

ROWS = (
    "1,2005-01-01,A,325411,Munich,Germany,",
    "1,2005-01-01,B,334111,ULTRECHT,Netherlands,",
    "2,2006-01-01,C,325411,,Hungary,HU10",
    "2,2006-01-01,D,334111,Wien,Austria,",
    "3,2006-01-01,E,325411,LEVERKUSSEN,Germany,",
    "3,2006-01-01,F,33411x,Wien,Austria,",
    "3,2006-01-01,G,334111,Wien,Austria,",
    "4,2006-01-01,H,325411,,,",
    "4,2006-01-01,I,334111,,Atlantis,",
)


def records(folder: Path, rows: tuple[str, ...] = ROWS) -> Records:
    path = folder / "a.csv"
    path.write_text("event,date,name,symbol,city,country,region_code\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return read("table", [path], name="x", options={"kind": "alliance", "scheme": "naics"}, nuts=2016, engine=DuckDB())


@pytest.fixture
def found(tmp_path: Path) -> dict[str, pd.DataFrame]:
    return dict(quality.tables(records(tmp_path)))


def test_the_funnel_sums_to_the_ledger(small_run: Run) -> None:
    ledger, table = small_run.table("ledger.csv"), small_run.table("quality/funnel.parquet")
    sums = table.groupby(["source", "reason"])[["rows", "weight"]].sum()
    read_rows = table.groupby("source")["rows"].sum()
    for row in ledger.itertuples(index=False):
        if row.reason == "read":
            assert read_rows[row.source] == row.rows
        elif row.rows:
            assert sums.at[(row.source, row.reason), "rows"] == row.rows
            assert sums.at[(row.source, row.reason), "weight"] == pytest.approx(row.weight, abs=1e-4)
    assert table["rows"].sum() == ledger.loc[ledger["reason"] == "read", "rows"].sum()


def test_used_weight_of_the_funnel_is_the_events(small_run: Run) -> None:
    events, table = small_run.table("records/events.parquet"), small_run.table("quality/funnel.parquet")
    used = table[table["reason"] == "used"].groupby(["source", "year"])["weight"].sum()
    counted = events.groupby(["source", "year"]).size()
    for key, number in counted.items():
        assert used[key] == pytest.approx(number)


def test_matched_counts_every_participant_and_facet(small_run: Run) -> None:
    people, facets = small_run.table("records/participants.parquet"), small_run.table("records/facets.parquet")
    table = small_run.table("quality/matched.parquet")
    assert table.loc[table["kind"] == "place", "number"].sum() == len(people)
    sectors = table[(table["kind"] == "sector") & (table["level"] != quality.NO_CODE)]
    assert sectors["number"].sum() == len(facets[["event", "facet"]].drop_duplicates())
    unmatched = small_run.table("unmatched.csv")
    lost = unmatched.loc[unmatched["kind"] == "sector", "rows"].sum() if len(unmatched) else 0
    assert table.loc[table["level"] == quality.NO_CODE, "number"].sum() == lost
    assert (table.groupby(["source", "kind"])["share"].sum() - 1).abs().max() < 1e-5


def test_coverage_counts_every_participant(small_run: Run) -> None:
    people, table = small_run.table("records/participants.parquet"), small_run.table("quality/coverage.parquet")
    assert table["participants"].sum() == len(people)
    regions = people["region"].fillna("")
    for source, part in table.groupby("source"):
        own = regions[people["event"].str.split(":").str[0] == source].value_counts()
        assert part.set_index("region")["participants"].loc[list(own.index)].to_dict() == own.to_dict()
        assert set(region_table(2013)["region"]) <= set(part["region"])
    assert table.groupby("source")["share"].sum().max() == pytest.approx(1.0, abs=1e-3)
    assert table.groupby("source")["expected"].sum().max() == pytest.approx(1.0, abs=1e-3)


def test_what_is_matched_by_hand(found: dict[str, pd.DataFrame]) -> None:
    table = found["quality/matched"].set_index(["kind", "level"])
    assert table.loc["place", "number"].to_dict() == {
        "city": 4, "fuzzy city": 1, "region code": 1, "country only": 1, "unplaced": 2,
    }  # fmt: skip
    assert table.loc["sector", "number"].to_dict() == {"naics": 8, quality.NO_CODE: 1}


def test_doubts_and_what_they_move(found: dict[str, pd.DataFrame]) -> None:
    table = found["quality/doubtful"].set_index("value")
    assert table.loc["ULTRECHT", ["state", "region", "other", "weight", "moves", "links"]].to_list() == [
        "doubtful", "", "NL31", 0.5, 0.5, 1,
    ]  # fmt: skip
    taken = table.loc["LEVERKUSSEN"]
    assert (taken["state"], taken["region"], taken["moves"]) == ("taken", "DEA2", pytest.approx(1 / 3, abs=1e-6))
    code = table.loc["HU10"]
    assert (code["kind"], code["region"], code["other"], code["weight"]) == ("region code", "HU11", "HU12", 0.5)
    assert code["moves"] == pytest.approx(0.5 * 0.413712, abs=1e-6)
    moves = found["quality/moves"].set_index(["what", "a", "b"])
    assert moves.loc[("region", "NL31", "")].to_list() == [0.0, 0.5]
    assert moves.loc[("region", "HU11", ""), "leaves"] == moves.loc[("region", "HU12", ""), "enters"]
    assert moves.loc[("link", "DE21", "NL31")].to_list() == [0.0, 1.0]
    assert moves.loc[("link", "AT13", "HU11")].to_list() == pytest.approx([0.413712, 0.0], abs=1e-5)
    assert moves.loc[("link", "AT13", "HU12")].to_list() == pytest.approx([0.0, 0.413712], abs=1e-5)
    assert moves.loc[("link", "AT13", "DEA2"), "leaves"] == 1.0  # two partners in Vienna are one event


def test_rows_in_any_order(tmp_path: Path, found: dict[str, pd.DataFrame]) -> None:
    other = dict(quality.tables(records(tmp_path, ROWS[::-1])))
    for name, table in found.items():
        pd.testing.assert_frame_equal(table, other[name])


def test_records_without_doubt_or_file() -> None:
    events = pd.DataFrame({"event": ["d1"], "kind": ["deal"], "year": [2003]})
    facets = pd.DataFrame(
        {"event": "d1", "facet": ["1", "2"], "role": ["acquirer", "target"], "naics": ["325412", "541714"]}
    )
    tables = dict(quality.tables(from_frames(events, facets)))
    assert tables["quality/doubtful"].empty and tables["quality/moves"].empty
    assert tables["quality/funnel"][["reason", "rows"]].values.tolist() == [["used", 1]]


def test_records_of_no_event(tmp_path: Path) -> None:
    """Every row is set aside: the tables are there, empty but for the funnel and the regions."""
    none = records(tmp_path, ("1,,A,325411,Munich,Germany,", "1,,B,334111,Paris,France,"))
    tables = dict(quality.tables(none))
    assert tables["quality/matched"].empty and tables["quality/doubtful"].empty and tables["quality/moves"].empty
    assert tables["quality/funnel"]["rows"].sum() == 2
    assert tables["quality/coverage"]["participants"].sum() == 0
