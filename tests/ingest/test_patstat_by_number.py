"""PATSTAT's ids are numbers on the way where all are digits; texts give the same, row for row."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

import ingest
from ingest import folded, slices, values
from ingest.engine import DuckDB, collect
from ingest.ledger import NO_EVENT
from ingest.records import Records
from ingest.sources import source
from linkages import build_network
from linkages.counting import sector_pairs

ENGINE = DuckDB()


def written(folder: Path, id_: Callable[[int], str], seed: int = 1) -> list[Path]:
    """Write tables with faults of every kind; ids are as `id_` writes them."""
    dice = random.Random(seed)
    known = [*range(1, 25), *range(95, 130), 1000, 20000]
    filings = [
        f"{id_(n)},{dice.choice(['EP', 'EP', 'EP', 'US'])},,{year},{dice.choice([0, 1, 2, n, n, n])}"
        for n in known
        for year in [dice.choice([1999, 2003, 2004, 2009, 9999])]
    ]
    filings += [*dice.sample(filings, 3), ",EP,,2003,1", f"{id_(5)},EP,,2004,77"]
    people = [1, 2, 3, 11, 12, 100, 101, 110]
    homes = ["DE,DE212", "FR,FR101", "JP,", "DE,", "XX,ZZ99", ",", "GB,UKI1"]
    persons = [f"{id_(n)},{dice.choice(homes)}" for n in people] + [f"{id_(1)},AT,AT130", ",DE,DE212"]
    roles = [
        f"{id_(dice.choice([*people, 999]))},{id_(dice.choice([*known, 404]))},{applicant},{dice.choice([0, 1, 2])}"
        for applicant in dice.choices([0, 1], k=150)
    ]
    roles += [*roles[:4], f",{id_(2)},0,1", f"{id_(1)},,0,1"]
    symbols = [
        f"{id_(dice.choice([*known, 405]))},{dice.choice(['A61K  31/00', 'A61K 31/00', 'H04L  9/00', 'G06F', '?9'])}"
        for _ in range(160)
    ]
    symbols += [f"{id_(3)},", ",A61K", *symbols[:3]]
    tables = {
        "tls201": ["appln_id,appln_auth,appln_filing_date,appln_filing_year,docdb_family_id", *filings],
        "tls206": ["person_id,person_ctry_code,nuts", *persons, "too,many,cells,here"],
        "tls207": ["person_id,appln_id,applt_seq_nr,invt_seq_nr", *roles],
        "tls209": ["appln_id,ipc_class_symbol", *symbols],
        "tls224": ["appln_id,cpc_class_symbol", f"{id_(1)},A61K"],
    }
    for name, (heading, *lines) in tables.items():
        dice.shuffle(lines)
        (folder / f"{name}.csv").write_text("\n".join([heading, *lines]) + "\n")
    return sorted(folder.iterdir())


def read(folder: Path, id_: Callable[[int], str], seed: int, **options: object) -> Records:
    folder.mkdir()
    return ingest.read(
        "patstat", written(folder, id_, seed), years=range(2000, 2008), options=options, root=folder, engine=ENGINE
    )


def bare(table: pd.DataFrame) -> list[tuple[object, ...]]:
    """Take the letter from ids that have one; whole numbers stay as they are."""
    rows = table.astype(object).itertuples(index=False)
    return sorted((tuple(None if pd.isna(cell) else _bare(cell) for cell in row) for row in rows), key=repr)


def _bare(cell: object) -> object:
    return cell.replace("A#", "") if isinstance(cell, str) else cell


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("of", ["inventors", "applicants"])
def test_ids_of_digits_give_what_other_ids_give(tmp_path: Path, seed: int, of: str) -> None:
    numbers = read(tmp_path / "numbers", str, seed, facets="ipc", of=of)
    texts = read(tmp_path / "texts", lambda n: f"A#{n}", seed, facets="ipc", of=of)
    for table in ("ledger", "rejects", "unmatched", "funnel", "divided", "doubtful"):
        assert bare(getattr(numbers, table)) == bare(getattr(texts, table)), table
    for table in ("events", "participants", "facets"):
        one, two = (bare(collect(getattr(records, table))) for records in (numbers, texts))
        assert one == two
        assert one
    assert numbers.ledger.loc[numbers.ledger["reason"] == "read", "rows"].tolist() == [numbers.inputs["rows"].sum()]


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("of", ["inventors", "applicants"])
def test_the_ledger_is_that_of_the_rows_one_by_one(tmp_path: Path, seed: int, of: str) -> None:
    """The ledger is summed over applications; here every row is looked at singly, in pandas."""
    records = read(tmp_path / "once", str, seed, facets="ipc", of=of)
    options = {"facets": "ipc", "of": of}
    raw = source("patstat").read(ENGINE, sorted((tmp_path / "once").iterdir()), options=options, root=tmp_path / "once")
    used = {event.removeprefix("patstat:") for event in collect(records.events)["event"]}
    assert raw.serves is not None
    serves = collect(raw.serves)
    first = serves[serves["event"].isin(used)].groupby(["file", "line"], as_index=False)["event"].min()
    rows = collect(raw.rows).merge(first.rename(columns={"event": "served"}), on=["file", "line"], how="left")
    event = rows["served"].fillna(rows["event"])
    counts = rows["reason"].isna() & event.isin(used)
    ledger = records.ledger.set_index("reason")
    assert ledger.at["used", "rows"] == counts.sum() > 0
    assert ledger.at["used", "weight"] == event[counts].nunique() == len(used)
    assert ledger.at["read", "rows"] == len(rows)
    own = rows["reason"].dropna().value_counts()
    assert {reason: ledger.at[reason, "rows"] for reason in own.index} == own.to_dict()
    # An event of which no row is used weighs 1 in all; a row of no event 1, where it may have been one.
    named = rows["reason"] != "belongs to no event"
    lost = event[named].dropna()
    alone = event.isna() & ~rows["reason"].isin(NO_EVENT)
    assert ledger.at["read", "weight"] == pytest.approx(len(used) + lost[~lost.isin(used)].nunique() + alone.sum())


@pytest.mark.parametrize("id_", [str, lambda n: f"A{n}"])
def test_an_event_s_number_stands_where_its_id_does(tmp_path: Path, id_: Callable[[int], str]) -> None:
    records = ingest.merge([read(tmp_path / "patstat", id_, 1, facets="ipc")])
    by_number = records.by_number()
    assert by_number.by_number() is by_number
    ids, numbers = (collect(one.events)["event"].tolist() for one in (records, by_number))
    rows = [collect(one.events.select("event", "row")) for one in (records, by_number)]
    both = rows[0].merge(rows[1], on="row", suffixes=("", "_number")).sort_values("event")
    assert len(both) == len(set(ids)) == len(set(numbers))
    assert both["event_number"].is_monotonic_increasing
    one, two = (build_network(given, "naics3", (2000, 2007), "copatent") for given in (records, by_number))
    assert one.links.equals(two.links)
    assert len(one.links)
    text = collect(sector_pairs(records, "naics3")).drop(columns="event")
    assert bare(text) == bare(collect(sector_pairs(by_number, "naics3")).drop(columns="event"))


def test_a_single_id_that_is_no_number_changes_nothing(tmp_path: Path) -> None:
    numbers = read(tmp_path / "numbers", str, 4, facets="ipc")
    folder = tmp_path / "mixed"
    folder.mkdir()
    files = written(folder, str, 4)
    with (folder / "tls201.csv").open("a") as file:
        file.write("X1,US,,2003,4000\n")
    facets = {"facets": "ipc"}
    mixed = ingest.read("patstat", files, years=range(2000, 2008), options=facets, root=folder, engine=ENGINE)
    for table in ("events", "participants", "facets"):
        assert bare(collect(getattr(numbers, table))) == bare(collect(getattr(mixed, table)))
    one, two = (records.ledger.set_index("reason")["rows"] for records in (numbers, mixed))
    assert (two - one).loc[["read", "not an EPO filing", "used"]].tolist() == [1, 1, 0]


def test_many_texts_and_many_repeated_rows_are_looked_up_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = read(tmp_path / "few", str, 5, facets="ipc")
    monkeypatch.setattr(values, "_FEW", 0)
    two = read(tmp_path / "many", str, 5, facets="ipc")
    for table in ("ledger", "rejects", "funnel"):
        assert bare(getattr(one, table)) == bare(getattr(two, table))
    assert "duplicate row" in set(one.ledger["reason"])
    assert bare(collect(one.participants)) == bare(collect(two.participants))


@pytest.mark.parametrize("of", ["inventors", "applicants"])
def test_columns_that_are_folded_give_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, of: str) -> None:
    """Small files are not folded: what a large one tells of its different cells is asked of the engine there."""
    one = read(tmp_path / "plain", str, 6, facets="ipc", of=of)
    for module in (folded, slices):
        monkeypatch.setattr(module, "FEW_ROWS", 1)
    two = read(tmp_path / "folded", str, 6, facets="ipc", of=of)
    for table in ("ledger", "rejects", "unmatched", "funnel"):
        assert bare(getattr(one, table)) == bare(getattr(two, table)), table
    for table in ("events", "participants", "facets"):
        assert bare(collect(getattr(one, table))) == bare(collect(getattr(two, table)))


@pytest.mark.parametrize("times", [2, 9])
def test_sources_that_numbers_cannot_tell_apart_have_none(tmp_path: Path, times: int) -> None:
    """Two of one name, or more than there are numbers for, are known by their ids."""
    one = read(tmp_path / "patstat", str, 1, facets="ipc")
    merged = ingest.merge([one] * times)
    assert one.numbered
    assert merged.by_number() is merged
    assert len(collect(merged.events)) == times * len(collect(one.events))
