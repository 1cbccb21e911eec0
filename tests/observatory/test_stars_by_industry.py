import pandas as pd
import pytest

from observatory.figures.output import specification
from observatory.figures.sheet import table
from observatory.figures.stars_by_industry import MOST, stars_by_industry


def drawn(rows, name="rows"):
    counts = pd.DataFrame(rows, columns=["industry", "tier", "regions"])
    chart = stars_by_industry(counts, title="Stars", subtitle="regions", source="invented")
    return chart.datasets[name], chart


def test_the_industry_with_most_of_high_tier_comes_first_and_bars_do_not_overlap():
    rows = [("Plastics", "basic", 9), ("Wood", "high", 2), ("Plastics", "high", 1), ("Wood", "medium", 3)]
    parts, chart = drawn(rows)
    assert [(row["industry"], row["tier"], row["from"], row["to"]) for row in parts] == [
        ("Wood", "high", 0, 2),
        ("Wood", "medium", 2, 5),
        ("Plastics", "high", 0, 1),
        ("Plastics", "basic", 1, 10),
    ]
    assert table(chart).values.tolist() == [["Wood", 2, 3, 0], ["Plastics", 1, 0, 9]]
    ends, _ = drawn(rows, "ends")
    assert [row["said"] for row in ends] == ["2 / 3 / 0", "1 / 0 / 9"]
    assert drawn(rows[::-1])[0] == parts


def test_a_tier_that_nothing_has_is_not_in_the_legend():
    _, chart = drawn([("Wood", "high", 2), ("Wood", "medium", 3)])
    assert "'basic'" not in str(specification(chart)) and drawn([("Wood", "high", 2)], "ends")[0][0]["said"] == "2"


def test_too_many_industries_are_cut_and_that_is_said():
    rows = [(f"i{n:03}", "high", n) for n in range(1, MOST + 6)]
    ends, chart = drawn(rows, "ends")
    assert len(ends) == MOST and len(table(chart)) == MOST + 5
    assert f"of {MOST + 5}." in " ".join(chart.title.subtitle)


def test_other_tiers_and_missing_columns_are_told():
    with pytest.raises(ValueError, match="superb"):
        drawn([("Wood", "superb", 1)])
    with pytest.raises(ValueError, match="lacks regions"):
        stars_by_industry(pd.DataFrame({"industry": [], "tier": []}), title="t", subtitle="s", source="i")


def test_no_industry_is_a_figure_of_nothing():
    assert drawn([])[1].usermeta["alt"] == "Bars. Stars. No industry."
