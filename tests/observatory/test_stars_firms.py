"""High-growth SMEs and frontier firms on tables small enough to work out by hand, and against plain loops."""

from collections import defaultdict
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.engine import DuckDB, collect
from ingest.faults import BadInput
from observatory.stars import star_scores
from observatory.stars.firms.bundles import bundled
from observatory.stars.firms.counted import FirmTable, count_firms
from observatory.stars.firms.rules import FirmRules

COLUMNS = ["firm", "year", "region", "industry", "employees", "wages", "value_added", "turnover"]
NAN = float("nan")


def frame(rows: list[list[object]]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=COLUMNS)
    return table.astype(dict.fromkeys(COLUMNS[4:], "float64") | {"year": "int64"})


def counted(table: pd.DataFrame, rules: FirmRules | None = None, scheme: str = "industry", **choices) -> FirmTable:
    engine = DuckDB(threads=1)
    return count_firms(engine, engine.table(table), scheme, rules=rules, **choices)


def pair(start: tuple[float, float], end: tuple[float, float], firm: str = "a") -> list[list[object]]:
    """A firm in 2011 and 2014: employees and turnover."""
    return [
        [firm, year, "DE21", "Plastics", size, NAN, NAN, sales] for year, (size, sales) in ((2011, start), (2014, end))
    ]


def grown(rows: list[list[object]], **rules: object) -> float:
    table = counted(frame(rows), FirmRules(**rules)).table
    return table.set_index(["industry", "year"]).loc[("Plastics", 2014), "high_growth_smes"]


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ((125, NAN), (216, NAN), 1),  # 216 / 125 = 1.2 ** 3: at the line
        ((125, NAN), (215.999, NAN), 0),
        ((10, NAN), (17.28, NAN), 1),
        ((9.999, NAN), (90, NAN), 0),  # too small at the start
        ((249.999, NAN), (600, NAN), 1),
        ((250, NAN), (600, NAN), 0),  # no SME at the start
        ((100, 1000), (100, 1728), 1),  # turnover is enough
        ((100, 1000), (100, 1727), 0),
        ((100, 0), (100, 500), 0),  # nothing grows from nothing
        ((100, -5), (100, 500), 0),
        ((NAN, 1000), (NAN, 9000), 0),  # the size at the start is not known
        ((100, 1000), (NAN, 1728), 1),
    ],
)
def test_high_growth_at_its_lines(start: tuple[float, float], end: tuple[float, float], expected: int) -> None:
    assert grown(pair(start, end)) == expected


def test_high_growth_by_options() -> None:
    staff, sales = pair((100, 1000), (200, 1000)), pair((100, 1000), (100, 2000))
    assert [grown(staff, growth_in=which) for which in ("employees", "turnover", "both")] == [1, 0, 0]
    assert [grown(sales, growth_in=which) for which in ("employees", "turnover", "both")] == [0, 1, 0]
    assert grown(pair((100, 1000), (200, 2000)), growth_in="both") == 1
    assert grown(sales, least_turnover=1000) == 1 and grown(sales, least_turnover=1001) == 0
    assert grown(pair((100, NAN), (133.1, NAN)), growth=0.1) == 1
    assert grown(pair((100, NAN), (133, NAN)), growth=0.1) == 0
    assert grown(pair((8, NAN), (80, NAN)), least_employees=8) == 1
    assert grown(pair((80, NAN), (800, NAN)), fewer_than=80) == 0


def test_a_firm_without_the_year_before_cannot_be_assessed() -> None:
    rows = [*pair((100, NAN), (200, NAN)), ["b", 2014, "DE21", "Plastics", 50, NAN, NAN, NAN]]
    rows += [["c", 2013, "DE21", "Plastics", 50, NAN, NAN, NAN], ["d", 2011, "DE21", "Plastics", 20, NAN, NAN, NAN]]
    rows += [["d", 2014, "DE21", "Plastics", NAN, NAN, NAN, 9]]
    found = counted(frame(rows))
    by_year = found.table[found.table["industry"] == "Plastics"].set_index("year")["high_growth_smes"]
    assert by_year[2014] == 1 and by_year[[2011, 2013]].isna().all()
    assert any("not known in 2011, 2013" in note for note in found.table.attrs["notes"])
    said = next(note for note in found.table.attrs["notes"] if note.startswith("High growth from 2014"))
    assert "of 3 rows 1 has none of its firm three years before" in said
    assert "2 were SMEs then, 1 of them without the figures to tell, 1 has high growth" in said


def test_region_and_industry_are_those_at_the_end() -> None:
    rows = pair((100, NAN), (200, NAN))
    rows[0][2:4] = ["AT13", "Apparel"]
    table = counted(frame(rows)).table.set_index(["region", "industry", "year"])["high_growth_smes"]
    assert table["DE21", "Plastics", 2014] == 1 and table["DE21", "total", 2014] == 1
    assert np.isnan(table["AT13", "Apparel", 2011])


def league(values: list[float], sizes: list[float] | None = None) -> list[list[object]]:
    sizes = sizes or [10.0] * len(values)
    return [
        [f"f{at}", 2014, f"R{at:03}", "Plastics", size, NAN, value, NAN]
        for at, (value, size) in enumerate(zip(values, sizes, strict=True))
    ]


def at_frontier(rows: list[list[object]], **choices: object) -> list[str]:
    table = counted(frame(rows), FirmRules(**choices)).table
    return table.loc[table["frontier_firms"] > 0, "region"].to_list()


def test_the_frontier_is_the_top_twentieth() -> None:
    assert at_frontier(league([float(number) for number in range(40)])) == ["R038", "R039"]
    # 39 firms: 1.95 firms are one
    assert at_frontier(league([float(number) for number in range(39)])) == ["R038"]
    # ties on rank 2 of 40 share it; on rank 2 of 39 they are out
    tied = [float(number) for number in range(36)] + [90.0, 90.0, 90.0, 99.0]
    assert at_frontier(league(tied)) == ["R036", "R037", "R038", "R039"]
    assert at_frontier(league(tied[1:])) == ["R038"]
    # the same value per employee, written in other numbers
    assert at_frontier(league([1.0] * 38 + [30.0, 60.0], [10.0] * 38 + [3.0, 6.0])) == ["R038", "R039"]
    assert at_frontier(league([float(number) for number in range(20)]), frontier=0.1) == ["R018", "R019"]


def test_fewer_than_twenty_firms_have_no_frontier() -> None:
    found = counted(frame(league([1.0] * 18 + [50.0])))
    assert found.table.loc[found.table["industry"] == "Plastics", "frontier_firms"].eq(0).all()
    assert found.lines.to_dict("records")[0]["ranked"] == 19 and np.isnan(found.lines["line"][0])
    assert any("fewer than 20 firms are ranked there" in note for note in found.table.attrs["notes"])


def test_what_is_not_ranked_at_the_frontier() -> None:
    values = [float(number) for number in range(40)]
    unknown = [
        *league(values),
        ["u", 2014, "U", "Plastics", NAN, NAN, 1e6, NAN],
        ["z", 2014, "Z", "Plastics", 0, NAN, 9e6, 1],
    ]
    assert at_frontier(unknown) == ["R038", "R039"]
    assert any(
        "2 rows have value added and no employees" in note for note in counted(frame(unknown)).table.attrs["notes"]
    )
    small = league(values, [10.0] * 39 + [1.0])
    assert at_frontier(small) == ["R038", "R039"]
    assert at_frontier(small, frontier_least_employees=5) == ["R038"]
    losses = league([-value - 1 for value in values])
    assert at_frontier(losses) == ["R000", "R001"]
    nothing = counted(frame([[*row[:6], NAN, NAN] for row in league(values)]))
    assert nothing.table["frontier_firms"].isna().all()
    assert any("No firm could be ranked" in note for note in nothing.table.attrs["notes"])


def test_each_year_and_industry_has_its_own_frontier() -> None:
    one = league([float(number) for number in range(20)])
    other = [[f"g{row[0]}", 2013, *row[2:]] for row in one[::-1]]
    third = [[f"h{row[0]}", 2014, row[2], "Apparel", *row[4:6], 100 + row[6], NAN] for row in one]
    table = counted(frame([*one, *other, *third])).table
    single = table[table["industry"] != "total"]
    assert single.groupby(["industry", "year"])["frontier_firms"].sum().to_dict() == {
        ("Apparel", 2014): 1,
        ("Plastics", 2013): 1,
        ("Plastics", 2014): 1,
    }


def test_codes_are_shared_out_and_ranked_once() -> None:
    """NACE 16.10 is split between Forestry and Wood Products; 96.02 is local."""
    parts = bundled(["1610"], "nace", "industry", FirmRules()).parts.set_index("industry")["share"]
    rows = league([float(number) for number in range(20)])
    for row in rows:
        row[3] = "16.10"
    rows.append(["l", 2014, "R019", "9602", 5, NAN, 1e6, NAN])
    table = counted(frame(rows), scheme="nace").table.set_index(["industry", "region"])
    assert parts["Wood Products"] > parts["Forestry"] > 0
    for industry in ("Wood Products", "Forestry"):
        assert table.loc[industry, "employment"].to_list() == pytest.approx([10 * parts[industry]] * 20)
    assert table.loc[("Wood Products", "R019"), "frontier_firms"] == 1
    assert np.isnan(table.loc[("Forestry", "R019"), "frontier_firms"])
    assert table.loc[("total", "R019"), ["employment", "firms"]].to_list() == [15, 2]
    spread = counted(frame(rows), FirmRules(frontier_by="division"), "nace").table.set_index(["industry", "region"])
    assert spread.loc[("Forestry", "R019"), "frontier_firms"] == parts["Forestry"]


def test_emerging_industries_overlap() -> None:
    codes = bundled(["Aerospace Vehicles and Defence"], "industry", "emerging", FirmRules())
    names = codes.parts["industry"].to_list()
    assert len(names) >= 1 and codes.leagues["league"].to_list() == names
    rows = [[*row[:3], "Aerospace Vehicles and Defence", *row[4:]] for row in league([1.0 * n for n in range(20)])]
    table = counted(frame(rows), level="emerging").table
    assert sorted(set(table["industry"])) == sorted([*names, "total"])
    assert table["frontier_firms"].sum() == len(names)


def test_codes_at_one_level() -> None:
    rows = [[f"f{at}", 2014, "DE21", code, 1, NAN, NAN, NAN] for at, code in enumerate(["2910", "29.20", "29", "2932"])]
    found = counted(frame(rows), scheme="nace", level="code", digits=0)
    assert found.table["industry"].to_list() == ["2910", "2920", "2932", "total"]
    assert found.ledger.set_index("reason")["rows"].to_dict() == {"read": 4, "used": 3, "no industry of 4 digits": 1}
    two = counted(frame(rows), scheme="nace", level="code", digits=2)
    assert two.table["firms"].to_list() == [4, 4] and two.table.attrs["industry"] == "nace"


def test_wages_are_those_of_firms_with_employees() -> None:
    rows = [
        ["a", 2014, "DE21", "Plastics", 10, 300, NAN, NAN],
        ["b", 2014, "DE21", "Plastics", 5, NAN, NAN, NAN],
        ["c", 2014, "DE21", "Plastics", NAN, 900, NAN, NAN],
        ["d", 2014, "DE21", "Plastics", 0, 70, NAN, NAN],
    ]
    found = counted(frame(rows))
    plastics = found.table.set_index("industry").loc["Plastics"]
    assert plastics[["employment", "wages", "paid", "firms"]].to_list() == [15, 300, 10, 4]
    assert any("2 rows have wages and no employees" in note for note in found.table.attrs["notes"])
    assert any("Wages are known for 66.7 %" in note for note in found.table.attrs["notes"])


def test_every_row_is_used_or_set_aside_for_a_reason() -> None:
    good = ["a", 2014, "DE21", "Plastics", 10, 300, 500, 900]

    def but(**changed: object) -> list[object]:
        return [changed.get(column, cell) for column, cell in zip(COLUMNS, good, strict=True)]

    rows = [
        good,
        good,  # the same again
        but(employees=9.0),  # the same firm and year, other figures: the larger is kept
        but(firm=""),
        but(firm=None),
        but(firm="b", region=None),
        but(firm="c", industry=""),
        but(firm="d", employees=-1.0),
        but(firm="e", wages=-1.0),
        but(firm="f", turnover=float("inf")),
        but(firm="g", year=99),
        but(firm="h", value_added=NAN, wages=NAN),
    ]
    found = counted(frame(rows))
    ledger = found.ledger.set_index("reason")["rows"].to_dict()
    assert ledger == {
        "read": 12,
        "used": 2,
        "another row has the same firm and year": 1,
        "duplicate row": 1,
        "impossible figure": 1,
        "negative employees": 1,
        "negative wages": 1,
        "no firm": 2,
        "no industry": 1,
        "no region": 1,
        "no year": 1,
    }
    aside = collect(found.set_aside)
    assert len(aside) == 10 and set(aside["reason"]) == set(ledger) - {"read", "used"}
    assert found.table.set_index("industry").loc["Plastics", "employment"] == 20
    assert "10 of 12 rows of table of firms are set aside" in found.table.attrs["notes"][0]


def test_codes_without_a_meaning_are_set_aside() -> None:
    rows = [["a", 2014, "DE21", "2910", 1, NAN, NAN, NAN], ["b", 2014, "DE21", "9999", 1, NAN, NAN, NAN]]
    rows += [["a", 2011, "XX", "2910", 1, NAN, NAN, NAN], ["c", 2014, "DE212", "2910", 1, NAN, NAN, NAN]]
    found = counted(frame(rows), scheme="nace", nuts=2013)
    assert found.ledger.set_index("reason")["rows"].to_dict() == {
        "read": 4,
        "used": 2,
        "no region": 1,
        "unknown industry": 1,
    }
    assert set(found.table["region"]) == {"DE21"} and found.table["year"].eq(2014).all()


def test_nothing_to_use_is_refused() -> None:
    with pytest.raises(BadInput, match="negative employees 1'; expected at least one row"):
        counted(frame([["a", 2014, "DE21", "Plastics", -1, NAN, NAN, NAN]]))
    far = [["a", year, "DE21", "Plastics", 1, NAN, NAN, NAN] for year in (1950, 2014)]
    with pytest.raises(BadInput, match="1950 to 2014'; expected years within 36"):
        counted(frame(far))


@pytest.mark.parametrize(
    "wrong",
    [
        {"growth": -1},
        {"growth_in": "assets"},
        {"frontier": 2},
        {"fewer_than": 5},
        {"frontier_by": "x"},
        {"growth_years": 0},
    ],
)
def test_thresholds_that_cannot_be(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="must be"):
        FirmRules(**wrong)


def test_thresholds_are_said() -> None:
    rules = FirmRules(growth_in="turnover", least_turnover=50_000, frontier_least_employees=5, growth_years=2)
    said = " ".join(rules.in_words())
    assert "two years before; a turnover of at least 50,000 EUR then" in said and "in turnover." in said
    assert "all firms of at least 5 employees" in said
    with pytest.raises(ValueError, match="scheme is one of"):
        bundled([], "sic8", "industry", rules)


def generated(seed: int, firms: int = 260, repeats: bool = True) -> pd.DataFrame:
    draw = np.random.default_rng(seed)
    rows = []
    for firm in range(firms):
        size = float(draw.integers(1, 300))
        for year in range(2006, 2015):
            size = max(1.0, round(size * float(draw.choice([0.9, 1.0, 1.2, 1.5])), 1))
            if draw.random() < 0.15:
                continue
            money = [np.floor(size * factor) for factor in (draw.integers(20, 40), draw.integers(-5, 60), 100)]
            figures = [size, *map(float, money)]
            figures = [figure if draw.random() > 0.07 else NAN for figure in figures]
            region, industry = f"R{draw.integers(0, 6)}", str(draw.choice(["Plastics", "Apparel", "Tobacco"]))
            rows.append([f"f{firm}", year, region, industry, *figures])
            if repeats and draw.random() < 0.01:
                rows.append(rows[-1])
    return frame(rows)


def by_loops(table: pd.DataFrame) -> dict[tuple[str, str, int], list[float]]:
    """Employment, wages, firms, high-growth SMEs and frontier firms, firm by firm in exact fractions."""

    def exact(value: float) -> Fraction | None:
        return None if np.isnan(value) else Fraction(str(value))

    firms = {}
    for row in table.drop_duplicates().itertuples():
        firms[row.firm, row.year] = (row.region, row.industry, *(exact(getattr(row, c)) for c in COLUMNS[4:]))
    cells: dict[tuple[str, str, int], list[float]] = defaultdict(lambda: [0.0] * 5)
    worth = defaultdict(list)
    for (firm, year), (region, industry, staff, wages, added, sales) in firms.items():
        cell = cells[region, industry, year]
        cell[0] += float(staff or 0)
        cell[1] += float(wages or 0) if staff else 0.0
        cell[2] += 1
        before = firms.get((firm, year - 3))
        if before and before[2] is not None and 10 <= before[2] < 250:
            more = staff is not None and staff * 125 >= before[2] * 216
            sold = sales is not None and before[5] is not None and before[5] > 0 and sales * 125 >= before[5] * 216
            cell[3] += more or sold
        if staff and added is not None:
            worth[industry, year].append((Fraction(round(added)) / staff, region))
    for (industry, year), ranked in worth.items():
        for value, region in ranked:
            better = sum(other > value for other, _ in ranked)
            cells[region, industry, year][4] += 20 * (better + 1) <= len(ranked)
    return cells


@pytest.mark.parametrize("seed", [1, 2])
def test_loops_agree(seed: int) -> None:
    table = generated(seed)
    found = counted(table).table
    single = found[found["industry"] != "total"].set_index(["region", "industry", "year"]).fillna(0.0)
    expected = by_loops(table)
    assert len(single) == len(expected)
    columns = ["employment", "wages", "firms", "high_growth_smes", "frontier_firms"]
    for cell, figures in expected.items():
        assert single.loc[cell, columns].to_list() == pytest.approx(figures, rel=1e-9, abs=0.5), cell
        assert single.loc[cell, columns[2:]].to_list() == figures[2:], cell
    assert single["high_growth_smes"].sum() > 20 and single["frontier_firms"].sum() > 20
    totals = found[found["industry"] == "total"].groupby("year")["firms"].sum()
    assert totals.sum() == single["firms"].sum() == len(table.drop_duplicates())


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 10**6))
def test_neither_order_nor_threads_matter(seed: int) -> None:
    table = generated(seed % 100, firms=60)
    once = counted(table)
    engine = DuckDB(threads=3, memory_limit="500MB")
    again = count_firms(engine, engine.table(table.sample(frac=1, random_state=seed)), "industry")
    pd.testing.assert_frame_equal(again.table, once.table, check_exact=True)
    assert again.table.attrs == once.table.attrs
    pd.testing.assert_frame_equal(again.ledger, once.ledger)
    assert once.ledger["rows"][0] == len(table) == once.ledger["rows"][1:].sum()


def test_the_table_can_be_scored() -> None:
    found = counted(generated(5)).table
    scores = star_scores(found, found.attrs["industry"])
    assert len(scores) == 18 and scores[["size", "productivity", "sme", "innovation"]].sum().gt(0).all()
    assert not any("Without total rows" in note for note in scores.attrs["notes"])
