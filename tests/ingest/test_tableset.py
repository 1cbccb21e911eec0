"""Which table of a set a file holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.columns import Layout
from ingest.faults import BadInput
from ingest.tableset import own_columns, sort_out

LAYOUTS = {
    "people": Layout("people", {"id": ("id",), "name": ("name",)}, frozenset({"id", "name"})),
    "symbols": Layout("symbols", {"id": ("id",), "symbol": ("symbol",)}, frozenset({"id", "symbol"})),
}


def sorted_out(folder: Path, files: dict[str, str]) -> dict[str, list[str]]:
    for name, content in files.items():
        (folder / name).write_text(content)
    found = sort_out([folder / name for name in files], LAYOUTS, columns={"symbol": "IPC"}, root=folder)
    return {name: [table.file for table in tables] for name, tables in found.items()}


def test_by_headings_and_by_name_where_both_fit(tmp_path: Path) -> None:
    files = {
        "1.csv": "id,name\n",
        "2.csv": "IPC,id\n",
        "people.csv": "id,name,IPC\n",
        "SYMBOLS.csv": "id,name,IPC\n",
    }
    assert sorted_out(tmp_path, files) == {"people": ["1.csv", "people.csv"], "symbols": ["2.csv", "SYMBOLS.csv"]}


def test_all_files_that_hold_none_are_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as error:
        sorted_out(tmp_path, {"a.csv": "id,x\n", "people.csv": "IPC,id\n", "b.csv": ""})
    assert {fault.file for fault in error.value.faults} == {"a.csv", "b.csv", "people.csv"}


def test_each_layout_takes_the_columns_that_it_knows() -> None:
    assert own_columns({"symbol": "IPC", "name": "who"}, LAYOUTS["people"]) == {"name": "who"}
