"""Cells with several entries, and the lists beside them."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import entries
from ingest.engine import DuckDB


@pytest.fixture(scope="module")
def engine() -> DuckDB:
    return DuckDB()


def spread(engine: DuckDB, cells: Sequence[tuple[str | None, str | None]]) -> tuple[list[tuple], list[tuple]]:
    """Spread names with nations beside them; return (line, name, nation) and the rejects."""
    frame = pd.DataFrame(cells, columns=["name", "nation"]).astype("str")
    frame = frame.assign(file="a.csv", key="k", line=range(2, len(cells) + 2))
    parted, rejects, _ = entries.spread(engine, engine.table(frame), "name", ["nation"])
    found = parted.select("line", "name", "nation").collect("pyarrow").rows()
    wrong = [row for table in rejects for row in table.select("line", "value", "reason").collect("pyarrow").rows()]
    return sorted(found, key=repr), sorted(wrong)


def test_single_entries_stay_as_they_are(engine: DuckDB) -> None:
    assert spread(engine, [("Acme", "France"), (None, "Italy"), ("Beta", None)]) == (
        [(2, "Acme", "France"), (3, None, "Italy"), (4, "Beta", None)],
        [],
    )


def test_a_list_longer_or_shorter_than_the_names(engine: DuckDB) -> None:
    found, wrong = spread(
        engine, [("Acme", "France\nItaly"), ("Acme\nBeta\nEta", "France\nItaly"), ("Acme\nBeta", "x")]
    )
    assert {row[2] for row in found} == {None}
    assert [row[1] for row in found] == ["Acme", "Acme", "Beta", "Eta", "Acme", "Beta"]
    assert wrong == [
        (2, "France; Italy", "2 entries beside 1 name"),
        (3, "France; Italy", "2 entries beside 3 names"),
        (4, "x", "1 entry beside 2 names"),
    ]


def test_what_stands_for_nothing_in_a_list(engine: DuckDB) -> None:
    found, wrong = spread(engine, [("Acme\n-\nBeta", "np\nNA\nn.a."), ("Acme\nBeta", None)])
    assert found == [(2, "Acme", None), (2, "Beta", None), (2, None, "NA"), (3, "Acme", None), (3, "Beta", None)]
    assert wrong == []


@settings(deadline=None, max_examples=5)
@given(
    cells=st.lists(
        st.tuples(
            st.lists(st.sampled_from(["Acme", "Beta", "-"]), min_size=1, max_size=4),
            st.lists(st.sampled_from(["FR", "IT", "-", "DE"]), max_size=4),
        ),
        min_size=1,
        max_size=15,
    )
)
def test_agrees_with_a_loop(engine: DuckDB, cells: list[tuple[list[str], list[str]]]) -> None:
    def meant(entry: str, alone: bool) -> str | None:
        return None if entry == "-" and not alone else entry

    expected, refused = [], 0
    for line, (names, nations) in enumerate(cells, start=2):
        fits = len(names) == len(nations)
        refused += bool(nations) and not fits
        for place, name in enumerate(names):
            nation = meant(nations[place], len(names) == 1) if fits else None
            expected.append((line, meant(name, len(names) == 1), nation))
    joined = [("\n".join(names), "\n".join(nations) if nations else None) for names, nations in cells]
    found, wrong = spread(engine, joined)
    assert found == sorted(expected, key=repr)
    assert len(wrong) == refused
