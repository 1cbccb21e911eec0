"""Parts of the report by hand: lines of spaces, the space of a region, words and cells."""

import math
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from observatory.figures.network import networks_side_by_side
from observatory.figures.output import to_svg
from observatory.lineage import letter, lineages
from observatory.report import wording
from observatory.report.changed import _events, _unsure
from observatory.report.findings import _how_sure
from observatory.report.lines import line_names
from observatory.report.maps import strongest
from observatory.report.nuts2 import spread
from observatory.report.pictures import inline, picture
from observatory.report.sheets import cell_of
from observatory.report.spaces import grid
from observatory.report.sure import _number
from observatory.report.wording import number, percent, plain, short, small
from observatory.report.workbook import write_tables


def space(network, community, nodes, predecessor=None, overlap=0.0):
    return {
        "network": network,
        "community": community,
        "id": f"{network}{community}",
        "members": [{"node": node} for node in nodes],
        "change": {"predecessor": predecessor, "overlap": overlap},
    }


def test_a_space_that_splits_gives_its_letter_to_the_likest_part():
    old, new = "sector__all__a", "sector__all__b"
    spaces = [
        space(old, 0, "1234"),
        space(old, 1, "9"),
        space(new, 0, "12", f"{old}0", 0.5),
        space(new, 1, "34", f"{old}0", 0.4),
    ]
    found = lineages(spaces, ["a", "b"], [])
    assert (found[new, 0], found[new, 1]) == (0, 1)
    # The ancestor of both is in the line of the nearer; the space without heirs gets a letter of its own.
    assert (found[old, 0], found[old, 1]) == (0, 2)


def test_sources_take_the_letter_of_the_space_they_share_most_with():
    whole, deals = "sector__all__a", "sector__deal__a"
    spaces = [space(whole, 0, "123"), space(whole, 1, "45"), space(deals, 0, "45"), space(deals, 1, "1"),
              space(deals, 2, "2"), space(deals, 3, "8")]  # fmt: skip
    found = lineages(spaces, ["a"], ["deal"])
    assert (found[deals, 0], found[deals, 1]) == (1, 0)
    assert sorted([found[deals, 2], found[deals, 3]]) == [2, 3]
    assert lineages(spaces[::-1], ["a"], ["deal"]) == found


def test_spaces_of_a_network_that_would_be_called_alike_are_told_apart():
    def named(community, name):
        return {"id": f"s{community}", "community": community, "name": name}

    spaces = [named(0, "Food + Drink + Tobacco"), named(1, "Food + Drink + Retail"), named(2, "Chemicals"),
              named(3, "Chemicals")]  # fmt: skip
    lines = {("n", n): n for n in range(4)}
    names = line_names(SimpleNamespace(spaces=lambda _: spaces, lineages=lines), ["n"])
    assert names == {0: "A  Food + Drink + Tobacco", 1: "B  Food + Drink + Retail", 2: "C  Chemicals (s2)",
                     3: "D  Chemicals (s3)"}  # fmt: skip


def test_letters_go_on_after_z():
    assert [letter(n) for n in (0, 3, 25, 26, 52)] == ["A", "D", "Z", "A2", "A3"]


def test_a_region_takes_the_space_with_most_linkages():
    joint = pd.DataFrame(
        [
            ("1", "2", "DK01", "DK01", 4),
            ("3", "4", "DK01", "SE22", 3),
            ("3", "4", "DK01", "FR10", 2),
            ("1", "3", "DK01", "SE22", 99),  # between spaces
            ("1", "9", "SE22", "SE22", 99),  # with a sector in no space
            ("1", "2", "", "", 7),  # nowhere
            ("1", "2", "FR10", "FR10", 2),  # as many as 3-4: the larger space has it
        ],
        columns=["sector_a", "sector_b", "region_a", "region_b", "events"],
    )
    lines = pd.Series(pd.array([0, 0, 1, 1, None], dtype="Int64"), index=list("12349"))
    found = strongest(joint, lines).set_index("region")
    assert found["group"].to_dict() == {"DK01": 1, "FR10": 0, "SE22": 1}
    assert found["value"].to_dict() == {"DK01": 5, "FR10": 2, "SE22": 3}
    assert found.loc["DK01", "share"] == pytest.approx(5 / 9)


def test_tiers_of_other_tables_keep_their_own_words():
    tiers = [
        {"region": "DK01", "industry": "Plastics", "tier": "basic or none", "stars": None},
        {"region": "DK01", "industry": "Automotive", "tier": "three stars", "stars": 3},
    ]
    rows = grid({"tiers": tiers, "regions": {"top": []}})["rows"]
    assert rows == [("Plastics", [("none", "basic or none", "")]), ("Automotive", [("high", "three stars", "3")])]


def test_a_space_of_the_later_period_alone_keeps_its_colour():
    where = pd.DataFrame({"node": ["a", "b"], "x": [0, 1], "y": [0, 1]})
    links = pd.DataFrame({"source": ["a"], "target": ["b"], "weight": [3]})

    def nodes(groups):
        return pd.DataFrame({"node": ["a", "b"], "label": ["A", "B"], "group": groups, "size": [1, 1]})

    both = {"one": (nodes([0, 0]), links), "two": (nodes([0, 1]), links)}
    svg = to_svg(networks_side_by_side(both, where, title="t", subtitle="s", source="q"))
    # Each period has its legend: two dots and an entry blue, then one of each, and both in the second hue.
    assert svg.count("#E69F00") == 2
    assert svg.count("#0072B2") == 5


def test_drawings_of_one_page_do_not_share_ids():
    svg = '<svg xmlns="x" width="9" height="5" viewBox="0 0 9 5"><g clip-path="url(#i0)"/><clipPath id="i0"/></svg>'
    assert "url(#a-i0)" in inline(svg, "a", "words")
    assert 'id="b-i0"' in inline(svg, "b", 'words "quoted"')
    assert 'aria-label="words &quot;quoted&quot;"' in inline(svg, "b", 'words "quoted"')


def test_a_picture_needs_a_name_that_can_be_an_anchor():
    with pytest.raises(ValueError, match="figure name 'Two words'"):
        picture("Two words", None)


def test_numbers_in_words():
    assert [percent(x) for x in (0.0, 0.001, 0.5, 0.999, 1)] == ["0 %", "under 1 %", "50 %", "over 99 %", "100 %"]
    assert percent(9 / 1800) == "under 1 %"
    assert [small(x) for x in (0.0, 0.0009, 0.05, math.nan)] == ["under 0.001", "under 0.001", "0.050", "–"]
    assert number(pd.NA) == "–"
    assert short("Professional, scientific, and technical services + Hospitals", 26) == (
        "Professional, scientific… + Hospitals"
    )


def test_a_name_is_not_stripped_to_a_vague_word():
    assert plain("Chemical manufacturing + Miscellaneous manufacturing") == "Chemical + Miscellaneous manufacturing"
    assert plain("Primary metal manufacturing + Fabricated metal product manufacturing") == (
        "Primary metal manufacturing + Fabricated metal product"
    )
    assert plain("All other miscellaneous manufacturing") == "All other miscellaneous manufacturing"
    # The explorer writes the same names.
    words = Path(wording.__file__).parents[1] / "explorer" / "pages" / "words.js"
    assert f"/{wording.VAGUE.pattern}/i;" in words.read_text(encoding="utf-8")


def test_a_row_of_communities_says_why_there_are_fewer_than_its_rule_gives():
    one = {"nodes": 9, "links": 9, "events": 9, "infomap_k": 5, "rule": "infomap", "left_out": []}
    few, all_ = (_number("sector__all__2000-2007", {**one, "q": 5, "k": k}) for k in (4, 5))
    assert few[5:7] == ["Infomap: 5, of which 4 are filled", "4"]
    assert all_[5:7] == ["Infomap", "5"]


def test_a_table_too_long_for_the_format_says_so(tmp_path, monkeypatch):
    from python_calamine import CalamineWorkbook

    from observatory.report import sheets

    monkeypatch.setattr(sheets, "ROWS", 4)
    table = pd.DataFrame({"code": ["01", "02", "03", "04", "05"]})
    file = write_tables(tmp_path / "t.xlsx", [("long", table), ("empty", table.head(0))])
    book = CalamineWorkbook.from_path(str(file))
    assert book.get_sheet_by_name("long").to_python() == [
        ["code"], ["01"], ["02"], ["03"], ["2 further rows are in the run folder"]
    ]  # fmt: skip
    assert book.get_sheet_by_name("empty").to_python() == [["code"]]


def test_cells_hold_text_numbers_or_nothing():
    assert cell_of("=1+1") == "=1+1"
    assert cell_of(pd.NA) is None
    assert cell_of(math.inf) == "inf"
    assert cell_of(pd.Series([3]).iloc[0]) == 3
    assert len(cell_of("x" * 40_000)) == 32_767


def study_with(level, **groups):
    settings = {"region_level": level, "groups": {"regions": groups}}
    return SimpleNamespace(settings=settings, shapes=None)


def test_a_group_of_the_study_colours_the_regions_in_it():
    table = pd.DataFrame({"region": ["Oresund", "FR10"], "group": [1, 0]})
    found = spread(table, study_with("nuts2", Oresund=["DK01", "SE224"]))
    assert dict(zip(found["region"], found["group"], strict=True)) == {"FR10": 0, "DK01": 1, "SE22": 1}


def test_a_country_colours_its_regions():
    table = pd.DataFrame({"region": ["DK", "US"], "group": [1, 0]})
    found = spread(table, study_with("nuts0"))
    colours = dict(zip(found["region"], found["group"], strict=True))
    assert colours == {"US": 0, **{f"DK0{n}": 1 for n in range(1, 6)}}


def test_what_is_unsure_is_said():
    members = [{"strength": 4.0, "label": "Food manufacturing", "role": "bridge"}]
    spaces = [{"network": "n", "community": 0, "stability": 0.5, "members": members, "weight_inside": 1.0}]
    material = SimpleNamespace(
        last="a",
        lineages={("n", 0): 2},
        spaces=lambda _: spaces,
        summary=lambda _: {"agreement": {"leiden": 0.3}, "replicates": 20},
    )
    assert _how_sure(material).text == (
        "In 20 resamplings of the events a sector stays with its space in 50 % of cases. Unsure: space C (50 %). "
        "Between spaces: Food. 50 % of the weight of all links lies within spaces. "
        "A second method, Leiden, agrees only in part (0.30 of 1)."
    )
    spaces[0]["stability"] = None
    assert _how_sure(material).text.startswith("Stability was not tested.")


def test_births_deaths_splits_and_mergers_are_said_in_words():
    rows = [
        ("continued", "s1", "s2", 5, 1.0, 1.0),
        ("split", "s1", "s3", 3, 0.6, 1.0),
        ("merged", "s4", "s2", 2, 0.75, 0.5),
        ("born", None, "s5", 1, 1.0, math.nan),
        ("died", "s6", None, 4, 0.25, 0.0),
    ]
    table = pd.DataFrame(rows, columns=["event", "from", "to", "members", "share", "stable"])
    table = table.assign(since="1-2", period="3-4", from_name="Old manufacturing", to_name="New + Other")
    later = pd.DataFrame([("split", "s2", "s7", 9, 1.0, 1.0)], columns=table.columns[:6])
    later = later.assign(since="3-4", period="5-6", from_name="New", to_name="Newer")
    both = pd.concat([table, later], ignore_index=True)
    spaces = {
        "sector__all__1-2": [{"network": "x", "community": n, "id": f"s{i}"} for n, i in enumerate((1, 4, 6))],
        "sector__all__3-4": [{"network": "y", "community": n, "id": f"s{i}"} for n, i in enumerate((2, 3, 5))],
    }
    lines = {("x", 0): 0, ("x", 1): 3, ("x", 2): 4, ("y", 0): 0, ("y", 1): 1, ("y", 2): 2}
    material = SimpleNamespace(matched=lambda _: both, spaces=lambda name: spaces[name], lineages=lines)
    told = _events(material, "1-2", "3-4")
    assert told["counts"] == (
        "From 1–2 to 3–4, 1 space continued; 1 came out of another, 1 went into another, 1 was born and 1 died."
    )
    assert told["told"] == [
        "Split: space B (New + Other) came out of space A (Old); 3 sectors, 60 % of its members, were there. "
        "All of these are stable.",
        "Merged: space D (Old) went into space A (New + Other); 2 sectors, 75 % of its members, are there. "
        "50 % of these are stable.",
        "Born: space C (New + Other), 1 sector; no more than half of it comes from any one space.",
        "Died: space E (Old), 4 sectors; no more than half of it is in any one space. 0 % of these are stable.",
    ]
    material.matched = lambda _: both.head(1)
    assert _events(material, "1-2", "3-4")["counts"].endswith("; none split, merged, was born or died.")


def test_unsure_are_those_that_were_tested_and_moved():
    stable = pd.array([True, False, None, False], dtype="boolean")
    table = pd.DataFrame({"since": list("aaab"), "period": list("bbbc"), "node": list("wxyz"), "stable": stable})
    material = SimpleNamespace(matched=lambda _: table)
    assert _unsure(material, "a", "b") == ["x"]
    assert _unsure(material, "b", "c") == ["z"]
    material.matched = lambda _: table[table["stable"].isna()]
    assert _unsure(material, "a", "b") is None
