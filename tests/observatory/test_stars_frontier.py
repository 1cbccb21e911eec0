"""The line of the frontier does not depend on how wide the classes are in which firms are counted."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ingest.engine import DuckDB, collect
from observatory.stars.firms import frontier
from observatory.stars.firms.rules import FirmRules

CELL = ["region", "industry", "year"]


def firms() -> pd.DataFrame:
    """4,000 firms, some of them losing, some equal, a few far beyond the widest class."""
    dice = np.random.default_rng(7)
    employees = dice.integers(1, 400, 4000) * 1000
    per_employee = np.concatenate(
        [np.round(dice.lognormal(11, 1, 3900), -2), [-9e8, 9e8] * 10, [-5e4] * 40, [4e5] * 40]
    )
    return pd.DataFrame(
        {
            "year": dice.integers(2013, 2015, 4000),
            "region": dice.choice(["AT31", "DE21", "FR10"], 4000),
            "industry": dice.choice(["20", "21", "22"], 4000),
            "employees": employees,
            "value_added": (per_employee * employees / 1000).astype("int64"),
        }
    )


@pytest.mark.parametrize("width", [7, 1_000, 20_000, 10**7])
def test_any_width_of_the_classes_gives_the_same(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frontier, "WIDTH", width)
    rows, engine = firms(), DuckDB()
    leagues = pd.DataFrame({"industry": ["20", "21", "22"], "league": ["Plastics", "Plastics", "Other"]})
    counts, lines = frontier.frontier_firms(engine, engine.table(rows), CELL, leagues, FirmRules())
    rows = rows.merge(leagues, on="industry")
    rows["value"] = rows["value_added"] / rows["employees"]
    rank = rows.groupby(["league", "year"])["value"].rank(method="min", ascending=False)
    rows["ranked"] = rows.groupby(["league", "year"])["value"].transform("size")
    top = rows[rank <= rows["ranked"] * 0.05]
    ours = collect(counts).set_index([*CELL, "league"])["frontier_firms"].sort_index()
    theirs = top.groupby([*CELL, "league"]).size()
    assert ours.to_dict() == theirs.to_dict()
    assert lines.set_index(["league", "year"])["line"].to_dict() == pytest.approx(
        (top.groupby(["league", "year"])["value"].min() * 1000).to_dict()
    )
