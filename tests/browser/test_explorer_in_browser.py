"""The explorer in a real browser, from the server and from disk: what a newcomer does, and what must never happen."""

from __future__ import annotations

import csv
import io
from typing import Any

import pandas as pd
import pytest

from observatory.explorer.payload import harmless
from observatory.store import Run

pytestmark = pytest.mark.long(seconds=110)

LAST = "2007-2014"


def links(run: Run, network: str) -> pd.DataFrame:
    return run.table(f"networks/{network}.parquet")


def cells(table: Any, column: int) -> list[str]:
    """Read the words of a column of the rows that are shown."""
    return [row.locator("th, td").nth(column).inner_text() for row in table.locator("tbody tr").all()]


def test_a_newcomer_finds_the_partners_of_a_region(explorer, run):
    explorer.go("start")
    assert explorer.heading() == "Small <b>study</b>"
    explorer.page.get_by_role("link", name="Who are the partners of my region?").click()
    assert explorer.now() == "#/partners"
    box = explorer.page.get_by_role("combobox", name="Region")
    box.fill("OBERBÁYERN")
    explorer.page.get_by_role("option", name="Oberbayern").wait_for()
    box.press("ArrowDown")
    box.press("Enter")
    assert explorer.now() == "#/partners/DE21"
    assert explorer.heading() == "Partners of Oberbayern"
    quadrants = run.table("stars/quadrants.parquet")
    own = quadrants[(quadrants["period"] == LAST) & (quadrants["region"] == "DE21")]
    assert len(own)
    told = explorer.table("What it is strong in, and linked in")
    assert sorted(cells(told, 0)) == sorted(own["industry"])


def test_a_space_is_opened_and_holds_its_members(explorer, space):
    explorer.go("start")
    explorer.page.get_by_role("navigation").get_by_role("link", name="Spaces", exact=True).click()
    assert explorer.now() == "#/spaces"
    explorer.page.locator("ul.spaces").get_by_role("link").first.click()
    assert explorer.now() == f"#/spaces/{space['id']}"
    shown = explorer.table("Its sectors").locator("tbody th .code").all_inner_texts()
    named = [one["node"] for one in space["members"] if one["node"] != one["label"]]
    assert sorted(code.strip() for code in shown) == sorted(named)
    assert explorer.table("Its sectors").locator("tbody tr").count() == len(space["members"])


def test_the_period_is_changed_and_stands_in_the_address(explorer, run):
    explorer.go("sectors")
    explorer.page.locator("#choice-period").focus()
    explorer.page.keyboard.press("ArrowUp")
    assert explorer.now() == "#/sectors?period=2000-2007"
    earlier = links(run, "sector__all__2000-2007").sort_values("events", ascending=False)
    first = explorer.table("Strongest links of sectors, all sources, 2000–2007")
    assert cells(first, 2)[:3] == [f"{events}" for events in earlier["events"].head(3)]
    assert explorer.page.evaluate("() => document.activeElement.id") == "choice-period"
    explorer.page.go_back()
    explorer.shown("#/sectors")
    assert explorer.page.locator("#choice-period").input_value() == LAST


def test_a_shared_link_opens_the_same_view(explorer, run):
    explorer.go("sectors/339?period=2000-2007&source=alliance&method=association")
    page = explorer.page
    chosen = [page.locator(f"#choice-{name}").input_value() for name in ("period", "source", "method")]
    assert chosen == ["2000-2007", "alliance", "association"]
    held = links(run, "sector__alliance__2000-2007")
    own = held[(held["source"] == "339") | (held["target"] == "339")].sort_values("association", ascending=False)
    table = explorer.table("Linkages of Miscellaneous")
    heads = table.locator("thead th").all_inner_texts()
    place = next(n for n, head in enumerate(heads) if head.startswith("Association"))
    assert cells(table, place) == [f"{value:.2f}" for value in own["association"]]


def test_a_table_is_saved_as_csv(explorer, run, tmp_path):
    explorer.go("sectors")
    with explorer.page.expect_download() as waiting:
        explorer.table("Strongest links").get_by_role("button", name="Save as CSV").click()
    waiting.value.save_as(tmp_path / "links.csv")
    saved = pd.read_csv(tmp_path / "links.csv", dtype={"a": str, "b": str}, encoding="utf-8-sig")
    held = links(run, f"sector__all__{LAST}")
    ours = saved.set_index(["a", "b"])["events"].sort_index()
    theirs = held.rename(columns={"source": "a", "target": "b"}).set_index(["a", "b"])["events"].sort_index()
    pd.testing.assert_series_equal(ours, theirs, check_dtype=False, check_index_type=False)


def test_no_cell_of_a_csv_is_a_formula(explorer):
    cells = ["=cmd()", "-3.5", "+49 30", "@x", "Food", "-", '=a,"b"', "\tx"]
    explorer.go("start")
    text = explorer.page.evaluate("cells => linkages.csv([{ name: 'cell' }], cells.map(one => [one]))", cells)
    saved = [row[0] for row in csv.reader(io.StringIO(text))][1:]
    assert saved == harmless(pd.Series(cells)).to_list()


def test_a_figure_is_saved_as_svg_and_png(explorer, tmp_path):
    explorer.go("sectors/339")
    figure = explorer.page.locator("figure").first
    figure.locator("svg").wait_for()
    for ending, start in (("svg", b"<svg"), ("png", b"\x89PNG")):
        with explorer.page.expect_download() as waiting:
            figure.get_by_role("button", name=f"Save as {ending.upper()}").click()
        assert waiting.value.suggested_filename.endswith(f".{ending}")
        waiting.value.save_as(tmp_path / ending)
        assert (tmp_path / ending).read_bytes().startswith(start)


def test_figures_that_were_not_scrolled_to_are_printed_too(explorer):
    explorer.go("regions")
    explorer.page.wait_for_function("() => !document.querySelector('.waiting')")
    boxes = "[...document.querySelectorAll('.drawing')]"
    assert explorer.page.evaluate(f"() => {boxes}.filter(e => e.getBoundingClientRect().top > 2 * innerHeight).length")
    explorer.page.wait_for_function(f"() => {boxes}.every(e => e.querySelector('svg') || e.innerText)")
    assert explorer.page.evaluate("() => scrollY") == 0
    assert explorer.page.evaluate(f"() => {boxes}.every(e => e.querySelector('svg'))")
    # A page that is printed at once does not wait for rest.
    explorer.page.reload()
    explorer.page.wait_for_function(f"() => {boxes}.length > 2")
    explorer.page.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
    explorer.page.wait_for_function(f"() => {boxes}.every(e => e.querySelector('svg'))")


def test_what_is_picked_in_a_figure_is_selected_in_the_page(explorer):
    explorer.go("sectors/339?period=2007-2014")
    figure = explorer.page.locator("figure").first
    first = explorer.table("Linkages of").locator("tbody th a").first.get_attribute("href")
    figure.locator("svg path[aria-roledescription=bar]").first.click()
    assert explorer.page.evaluate("() => location.hash") == first


def test_events_behind_a_link_are_told(explorer):
    explorer.go("sectors")
    row = explorer.table("Strongest links").locator("tbody tr").first
    events = int(row.locator("td").nth(1).inner_text())
    row.get_by_role("link", name="Events behind").click()
    assert explorer.now().startswith("#/why/")
    counts = explorer.table("How many, by period and kind of event")
    sums = counts.locator("tbody tr").filter(has_text="all sources").all_inner_texts()
    assert [int(row.split()[-1]) for row in sums if "2007–2014" in row] == [events]
    assert explorer.table("The events, newest first").locator("tbody tr").count() >= min(events, 15)


def test_change_is_told_class_by_class(explorer, run):
    explorer.go("change")
    held = run.table("change/sector__all.parquet")
    explorer.page.get_by_role("button", name="Emerging").click()
    assert explorer.now() == "#/change?class=emerging"
    count = explorer.table("Links of sectors compared").locator(".count").inner_text()
    assert f"of {(held['class'] == 'emerging').sum()} row" in count


def test_the_search_takes_codes_and_is_used_by_keyboard(explorer):
    explorer.go("start")
    box = explorer.page.get_by_role("combobox", name="Search")
    box.focus()
    explorer.page.keyboard.type("339")
    explorer.page.get_by_role("option").first.wait_for()
    assert box.get_attribute("aria-expanded") == "true"
    explorer.page.keyboard.press("Escape")
    assert box.get_attribute("aria-expanded") == "false"
    explorer.page.keyboard.press("ArrowDown")
    explorer.page.get_by_role("option").first.wait_for()
    explorer.page.keyboard.press("Enter")
    assert explorer.now() == "#/sectors/339"
    assert explorer.page.evaluate("() => document.activeElement.tagName") == "H1"
    box.fill("no such thing at all")
    explorer.page.get_by_text("Nothing of that name or code").first.wait_for()


def test_the_content_is_reached_past_the_navigation(explorer):
    explorer.go("sectors")
    explorer.page.keyboard.press("Tab")
    assert explorer.page.evaluate("() => document.activeElement.textContent") == "Skip to the content"
    explorer.page.keyboard.press("Enter")
    assert explorer.page.evaluate("() => document.activeElement.tagName") == "H1"
    assert explorer.now() == "#/sectors"


def test_a_heading_sorts_its_table(explorer, run):
    explorer.go("sectors")
    table = explorer.table("All sectors")
    table.get_by_role("button", name="Links", exact=True).click()
    head = table.locator("thead th[aria-sort]")
    assert head.get_attribute("aria-sort") == "descending"
    place = table.locator("thead th").all_inner_texts().index(head.inner_text())
    shown = [int(cell) for cell in cells(table, place)]
    held = links(run, f"sector__all__{LAST}")
    degree = pd.concat([held["source"], held["target"]]).value_counts()
    assert shown == sorted(degree, reverse=True)[: len(shown)]


def test_what_cannot_be_shown_is_told(explorer):
    explorer.go("sectors/nowhere")
    assert "No sector of the study has the code “nowhere”" in explorer.page.inner_text("main")
    explorer.go("nothing?period=1900-1901")
    told = explorer.page.inner_text("main")
    assert "There is no page “nothing”" in told
    assert "period “1900-1901”" in told


def test_words_of_the_data_are_words(explorer, hostile):
    page, (sector, region) = explorer.page, hostile
    page.goto(explorer.base)
    page.wait_for_selector("main[data-shown]")
    box = page.get_by_role("combobox", name="Search")
    for name, kind in ((sector, "sectors"), (region, "regions")):
        box.fill(name)
        page.get_by_role("option").first.wait_for()
        box.press("Enter")
        assert explorer.now() == f"#/{kind}/{name}"
        assert explorer.heading() == name
        page.locator("figure svg").first.wait_for()
    explorer.go("spaces")
    assert sector in page.inner_text("main")
    assert page.evaluate("() => [...document.scripts].filter(s => s.textContent.includes('alert')).length") == 0
    assert page.locator("main img").count() == 0


def test_a_doubtful_match_is_decided_on_the_server_only(explorer, decided, token, grave_faults):
    page = explorer.page
    decided.clear()
    if explorer.base.startswith("file:"):
        explorer.go("review")
        assert "needs the server" in page.inner_text("main")
        assert page.get_by_role("navigation").get_by_role("link", name="Review").count() == 0
        return
    page.goto(f"{explorer.base}#/review?token={token}")
    explorer.shown("#/review")
    assert token not in page.url
    assert grave_faults(page) == []
    assert page.locator("legend").all_inner_texts() == ["ULTRECHT <b>"]
    page.get_by_label("None of these").check()
    for button in ("Decide", "Decide", "Take back"):
        with page.expect_response("**/api/v1/review"):
            page.get_by_role("button", name=button).click()
        page.get_by_text("Accepted.").first.wait_for()
        page.get_by_role("textbox", name="or the code of a region").fill("NL33")
    assert [one["answer"] for one in decided] == ["reject", "NL33", "undo"]
    assert {one["place"] for one in decided} == {"ULTRECHT <b>"}
