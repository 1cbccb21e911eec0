"""What the page and the workbook say of linkages in detail, by the run's own tables."""

from __future__ import annotations

import re
from importlib import resources
from types import SimpleNamespace

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from observatory.figures.sheet import table
from observatory.figures.years import years
from observatory.material import Material
from observatory.report import changed, focal, limits, linkages, nets, shared_year, tables, weighing
from observatory.report.linkage_sheets import SHEETS, UNITS
from observatory.report.written import change as written_change
from observatory.report.written import linkages as written_linkages

LAST = "2007-2014"


@pytest.fixture(scope="module")
def material(small_run) -> Material:
    return Material(small_run, None)


def with_settings(material: Material, **changes) -> SimpleNamespace:
    return SimpleNamespace(run=material.run, settings={**material.settings, **changes})


def test_the_years_are_drawn_a_line_a_source():
    series = pd.DataFrame({"of": ["deal", "deal", "alliance"], "year": [2001, 2003, 2002], "events": [4, 2, 0]})
    words = {"title": "Years", "subtitle": "events", "source": "Invented"}
    chart = years(series, names={"deal": "deals"}, periods=[(2000, 2001), (2002, 2003)], **words)
    assert chart.usermeta["alt"] == "Lines. Years. deals: 4 in 2001, most 4 in 2001, 2 in 2003. alliance: none."
    assert table(chart).values.tolist() == [
        ["deals", 2001, 4],
        ["deals", 2002, 0],
        ["deals", 2003, 2],
        ["alliance", 2001, 0],
        ["alliance", 2002, 0],
        ["alliance", 2003, 0],
    ]
    assert [{"year": 2002}] in chart.to_dict()["datasets"].values()
    assert years(series.head(0), **words).usermeta["alt"] == "Lines. Years. "


def test_configurations_are_those_of_the_last_period(material):
    section = linkages.linkages(material)
    links = material.links(f"sector__all__{LAST}")
    assert int(section["composition"][0][1]) == links["events"].max()
    assert len(section["composition"]) == linkages.LISTED
    assert len(section["geography"]) == linkages.LISTED
    # 105 events of two sectors each.
    assert section["breadth"].endswith("0 % lie within one sector, 100 % join two and 0 % join three or more.")
    assert section["weighed"] == ""
    assert {row[-1] for row in section["composition"]} == {"no"}
    assert section["strong"] == "3,000 events or more, as in the 2014 study"


def test_views_tell_what_they_keep(material):
    row = next(row for row in linkages.linkages(material)["views"] if row[0].startswith("sectors, all"))
    links = material.links(f"sector__all__{LAST}")
    above = links[links["association"] > 1]
    assert int(row[1]) == len(links)
    assert row[2].startswith(f"{len(above)} (")
    assert row[-1] == "0"


def test_a_study_may_call_weaker_ties_strong_and_draw_a_view(material):
    name = f"sector__all__{LAST}"
    links = material.links(name)
    chosen = {"strong": 4.0, "backbone": "strong", "threshold": None}
    assert len(nets._viewed(with_settings(material, strength=chosen), links)) == (links["events"] >= 4).sum() > 0
    for view in ("association", "noise_corrected", "disparity"):
        kept = nets._viewed(with_settings(material, strength={**chosen, "backbone": view}), links)
        assert 0 < len(kept) < len(links)
    all_of_them = {**chosen, "backbone": "association", "threshold": 0.0}
    assert len(nets._viewed(with_settings(material, strength=all_of_them), links)) == len(links)
    said = nets._unit(with_settings(material, strength=chosen, weigh="value"))
    assert said == (
        "links: an event adds its value to each pair of sectors that it joins; "
        "drawn are links of the view “strong” only"
    )


def test_the_matrix_shows_the_most_strongly_linked_sectors(material, monkeypatch):
    told = {}

    def drawn(links, order, groups, labels, **words):
        told.update(links=links, order=order, groups=groups, labels=labels, **words)

    monkeypatch.setattr(nets, "matrix", drawn)
    monkeypatch.setattr(nets, "picture", lambda name, _: name)
    assert nets.matrix_pictures(material) == ["matrix"]
    whole, links = told["order"], material.links(f"sector__all__{LAST}")
    assert len(told["links"]) == len(links)
    assert "strongly linked of" not in told["subtitle"]
    monkeypatch.setattr(nets, "SHOWN", 3)
    nets.matrix_pictures(material)
    assert told["order"] == whole[:3] == list(told["groups"])
    inside = links["source"].isin(whole[:3]) & links["target"].isin(whole[:3])
    assert len(told["links"]) == inside.sum() < len(links)
    assert f"The 3 most strongly linked of {len(whole)} sectors" in told["subtitle"]


def test_every_other_choice_for_the_shared_year_is_told(material):
    rows = linkages.linkages(material)["shared"]
    assert {row[1] for row in rows} == {"in the first", "in the second", "half in each"}
    # Four networks of sectors and the summed one of regions, in two periods, three other choices.
    assert len(rows) == 5 * 2 * 3


def test_sources_two_by_two_in_words(material):
    section = linkages.linkages(material)
    assert len(section["agreement"]) == 12
    found = re.findall(r"(co-patents|deals|alliances) and (deals|alliances) by (−?[\d.]+) \((what)?", section["agree"])
    assert len(found) == 3
    # What is negative is said to be opposite, with a minus sign that is none of a hyphen.
    assert "-0" not in section["agree"]
    assert [value.startswith("−") for *_, value, _ in found] == [bool(said) for *_, said in found]
    assert "−1 the opposite" in section["agree"]
    table = material.run.table("source_agreement.parquet")
    here = table[(table["kind"] == "sector") & (table["period"] == LAST)]
    assert [float(value.replace("−", "-")) for *_, value, _ in found] == pytest.approx(
        here["rank_correlation"].tolist(), abs=0.006
    )


def test_what_has_no_code_at_a_level_is_said(material):
    said = linkages.linkages(material)["levels"]
    assert any(
        re.fullmatch(r"\d+ of 90 deals \(\d+ %\) have no code at the level of the ten emerging industries", x)
        for x in said
    )


def test_values_and_what_has_none_are_said():
    told = pd.DataFrame(
        {"kind": ["deal"], "events": [90], "valued": [45], "other_currency": [3], "without": [42], "share": [0.5],
         "currency": ["USD mn"]}
    )  # fmt: skip
    run = SimpleNamespace(table=lambda _: told)
    said = weighing.weighed(SimpleNamespace(run=run, settings={"weigh": "value"}))
    assert said.startswith(
        "Links are weighed by value, in USD mn: events that have one are 45 of 90 deals (50 %); 3 events with a value "
        "in another currency count as having none. Nothing is imputed"
    )


def test_focal_industries_name_their_foremost(material):
    section = focal.focal(material)
    assert section["period"] == "2007–2014"
    partners = material.run.table("focal/partners.parquet")
    here = partners[(partners["of"] == "all") & (partners["period"] == LAST) & (partners["role"] == "acquires")]
    best = here[here["focal"] == "Biopharmaceuticals"].iloc[0]
    row = next(row for row in section["rows"] if row[0] == "Biopharmaceuticals")
    assert f"({best['events']}; {best['quotient']:.1f})" in row[1].split("; ")[0] + "; " + row[1].split("; ")[1]
    assert len(section["regions"]) == len(section["rows"])


def test_areas_that_grow_are_listed_with_their_events(material):
    rows = changed.changed(material)["areas"]["sector"]
    table = material.run.table("trends/areas.parquet")
    here = table[(table["kind"] == "sector") & (table["of"] == "all") & (table["log_odds"] > 0)]
    assert [row[0] for row in rows] == here.sort_values(["rank", "node"])["label"].head(8).tolist()
    assert all(row[3][0] in "+−0" for row in rows)
    shares = here.sort_values(["rank", "node"])[["share1", "share2"]].head(8)
    told = [[float(cell.removesuffix(" %")) for cell in row[4:6]] for row in rows]
    assert told == [
        pytest.approx([100 * one, 100 * other], abs=0.051 if shares.min().min() >= 0.01 else 0.01)
        for one, other in shares.to_numpy()
    ]
    assert all(before < after for before, after in told)


def test_what_rises_is_called_a_share_and_not_growth(material):
    """A sector with fewer events than before is listed for its share, which rose."""
    section = changed.changed(material)
    fewer = [row for row in section["areas"]["sector"] if int(row[2]) < int(row[1])]
    assert fewer
    assert all(row[3].startswith("−") for row in fewer)
    blocks = written_change.written(section)
    captions = [block["caption"] for block in blocks if block["kind"] == "table"]
    assert "Regions whose share of all cross-sectoral events rises most" in captions
    assert not any("grow fastest" in caption for caption in captions)


def test_a_trend_is_a_share_of_all_events_wherever_it_is_told(material):
    """The log odds divide by every event of the period, those within one sector too: links may decline and rise."""
    blocks = [*written_change.written(changed.changed(material)),
              *written_linkages.written(linkages.linkages(material))]  # fmt: skip
    told = " ".join(str(block.get("text", "")) + str(block.get("caption", "")) for block in blocks)
    assert "share of all linkages" not in told
    assert "more of all linkages" not in told
    assert told.count("may decline while its events rise") == 2
    assert "Trend: growing or declining where the link's share of all events" in told
    assert "Foremost region: the one" in told
    change = (resources.files("observatory") / "explorer" / "pages" / "change.js").read_text(encoding="utf-8")
    assert "of all linkages" not in change


def test_the_shared_year_is_named_with_the_links_that_it_moves(material):
    said = shared_year.told(material)
    assert said.startswith("2007 is in two periods; this report counts it in both periods. Counted otherwise, at most ")
    assert written_change.written(changed.changed(material))[0]["text"] == said
    assert said in dict(limits.limits(material))["The year that periods share"]
    table = material.run.table("shared_year.parquet").query("kind == 'sector' and of == 'all'")
    own = table[table["shared_year"] == "both"].set_index("period")["links"]
    # Links of either choice less those of both: what comes and what goes.
    moved = own.loc[table["period"]].to_numpy() + table["links"] - 2 * table["shared"]
    assert f"at most {moved.max()} of " in said
    alone = SimpleNamespace(settings={**material.settings, "periods": [[2000, 2007]]}, run=material.run)
    assert shared_year.told(alone) == ""


def test_regions_where_events_concentrate_are_named(material):
    rows = linkages.linkages(material)["concentration"]
    table = material.run.table("concentration.parquet")
    here = table.query("period == @LAST and source == 'all' and side == 'either' and focal == ''")
    best = here.sort_values(["cross_sectoral", "region"], ascending=[False, True]).head(10)
    assert [int(row[2]) for row in rows] == best["cross_sectoral"].tolist()
    assert ["ITC4", "Lombardia"] in [row[:2] for row in rows]
    sheet = tables._concentration(material)
    assert list(sheet.columns[3:5]) == ["region", "region_label"]
    assert set(sheet.loc[sheet["region"] == "ITC4", "region_label"]) == {"Lombardia"}


def test_the_workbook_has_a_sheet_a_table_and_the_units_of_its_columns(small_run):
    book = CalamineWorkbook.from_path(str(small_run.folder / "report" / "tables.xlsx"))
    assert set(SHEETS) - {"worth"} <= set(book.sheet_names)
    rows = book.get_sheet_by_name("units").to_python()
    assert rows[0] == ["sheet", "column", "unit", "meaning"]
    described = {(row[0], row[1]) for row in rows[1:] if row[3]}
    aside = ("contents", "units", "stars")  # those of stars are told in stars_columns
    for sheet in book.sheet_names:
        if sheet in aside or (sheet.startswith(("fig_", "stars_")) and sheet != "stars_beside"):
            continue
        columns = book.get_sheet_by_name(sheet).to_python()[0]
        assert set(columns) == {c for s, c in described if s == sheet}, sheet
    assert all(len(meaning) > 5 for _, meaning in UNITS.values())
    meant = {row[0]: row[3] for row in rows if row[1] == "q"}
    assert "spin glass" in meant["networks"]
    assert "false discoveries" in meant["space_links"]


def test_names_stand_beside_codes(small_run):
    book = CalamineWorkbook.from_path(str(small_run.folder / "report" / "tables.xlsx"))
    names = {"325": "Chemical manufacturing", "ITC4": "Lombardia", "DE21": "Oberbayern", "US": "United States"}
    seen = set()
    for sheet, columns in {**tables.CODES, "space_links": ("source", "target")}.items():
        rows = book.get_sheet_by_name(sheet).to_python()
        for column in columns:
            at = rows[0].index(column)
            assert rows[0][at + 1] == f"{column}_label", sheet
            told = {row[at]: row[at + 1] for row in rows[1:]}
            assert all(told.values()), sheet
            assert {code: told[code] for code in names if code in told}.items() <= names.items()
            seen |= {*told} & {*names}
    assert {"325", "ITC4", "DE21"} <= seen
    assert "labels" not in book.get_sheet_by_name("space_links").to_python()[0]
