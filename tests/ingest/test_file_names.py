"""Each file has a name of its own: rows are known by file and line."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import read
from ingest.file_names import file_names

HEADINGS = "Deal Number,Date Announced,Acquiror Name,Acquiror Nation,Acquiror Primary SIC Code,"
HEADINGS += "Target Name,Target Nation,Target Primary SIC Code\n"


def deals(path: Path, *numbers: int) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = (f"{n},01/15/2003,Acme{n},France,2834,Beta{n},Germany,3674\n" for n in numbers)
    path.write_text(HEADINGS + "".join(rows), encoding="utf-8")
    return path


PARTS = st.sampled_from(["a", "b", "a.csv", "b.csv"])


@given(st.lists(st.lists(PARTS, min_size=1, max_size=4).map(lambda parts: Path("/", *parts)), max_size=8))
def test_no_two_files_have_one_name(paths: list[Path]) -> None:
    names = file_names(paths, Path("/a"))
    assert sorted(names) == sorted(set(paths))
    assert len(set(names.values())) == len(names)


def test_a_file_by_two_ways_is_one(tmp_path: Path) -> None:
    file = deals(tmp_path / "inbox" / "deals_2015.csv", 1, 2, 3)
    link = tmp_path / "inbox" / "latest.csv"
    link.symlink_to(file.name)
    around = tmp_path / "inbox" / ".." / "inbox" / file.name
    assert list(file_names([link, file, around], tmp_path).values()) == ["inbox/deals_2015.csv"]


def test_a_link_to_data_elsewhere_is_called_as_it_stands_in_the_study(tmp_path: Path) -> None:
    for year in ("2014", "2015"):
        file = deals(tmp_path / "data" / year / "deals.csv", 1)
        link = tmp_path / "study" / "inbox" / f"{year}.csv"
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(file)
    links = sorted((tmp_path / "study" / "inbox").iterdir())
    assert list(file_names(links, tmp_path / "study").values()) == ["inbox/2014.csv", "inbox/2015.csv"]
    assert list(file_names(links).values()) == ["2014.csv", "2015.csv"]


def test_links_in_a_circle_are_no_fault_of_the_names(tmp_path: Path) -> None:
    one, two = tmp_path / "one.csv", tmp_path / "two.csv"
    one.symlink_to(two)
    two.symlink_to(one)
    assert len(file_names([one, two], tmp_path)) == 2


@pytest.mark.parametrize("rooted", [True, False])
def test_rows_of_files_of_one_name_are_told_apart(tmp_path: Path, rooted: bool) -> None:
    files = [
        deals(tmp_path / "data" / "2014" / "deals.csv", 1, 2, 1),
        deals(tmp_path / "data" / "2015" / "deals.csv", 3, 4, 5),
    ]
    records = read("thomson", files, root=tmp_path / "study" if rooted else None)
    ledger = records.ledger.groupby("reason")["rows"].sum()
    assert (ledger["read"], ledger["used"], ledger["duplicate row"]) == (6, 5, 1)
    assert records.inputs["path"].tolist() == ["2014/deals.csv", "2015/deals.csv"]
