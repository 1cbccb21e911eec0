"""The explorer as somebody reads it for the first time: words that are true, choices that stay, ways back."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.long(seconds=60)

LAST = "2007-2014"


def heads(table):
    """Read the headings of a table."""
    return [head.strip() for head in table.locator("thead th").all_inner_texts()]


def test_a_figure_in_numbers_heads_and_shows_all_its_columns(explorer):
    explorer.go("sectors")
    explorer.page.wait_for_function("() => !document.querySelector('.waiting')")
    figure = explorer.page.locator("figure").first
    figure.get_by_text("This figure in words and numbers").click()
    figure.locator("table").wait_for()
    assert heads(figure)[:2] == ["One end", "Other end"]
    first = figure.locator("tbody th").first
    assert first.inner_text().strip() != first.locator(".code").inner_text().strip()
    # Two numbers against each other: x and y are what the figure tells.
    explorer.page.evaluate("""() => {
      const data = { columns: [["region", "Region", "code"], ["x", "Population", "number"], ["y", "Clusters", "number"]]
        .map(([name, label, kind]) => ({ name, label, kind, unit: "" })), rows: [["DE21", 4.5, 3]] };
      const rows = [{ node: "DE21", label: "Oberbayern", value: 3 }];
      const { spec } = linkages.bars(rows, { title: "Two", subtitle: "", source: "" });
      document.getElementById("main").replaceChildren(linkages.figure({ name: "of" },
        { title: "Two", alt: "Two.", get: () => Promise.resolve({ data, spec }) }));
    }""")
    figure.get_by_text("This figure in words and numbers").click()
    figure.locator("table").wait_for()
    assert heads(figure) == ["Region", "Population", "Clusters"]


def found(explorer, words):
    """Type words into the search; read what is offered."""
    box = explorer.page.get_by_role("combobox", name="Search")
    box.fill("no such thing at all")
    explorer.page.get_by_text("Nothing of that name or code").first.wait_for()
    box.fill(words)
    explorer.page.wait_for_function("() => !document.querySelector('#search li.nothing')")
    return explorer.page.get_by_role("option").all_inner_texts()


def test_the_search_tells_spaces_of_one_name_apart(explorer):
    explorer.go("start")
    offered = found(explorer, "space A")
    letters = explorer.page.locator("#search [role=option] .tag").all_inner_texts()
    assert letters == ["A"] * len(offered)
    assert len(set(offered)) == len(offered) > 1
    assert "2007–2014 · all sources" in offered[0]


def test_the_search_takes_plurals_and_countries_and_no_middles_of_words(explorer):
    explorer.go("start")
    assert any("Machinery" in one for one in found(explorer, "machineries"))
    germans = found(explorer, "Germany")
    assert germans and all("DE" in one for one in germans)
    # "Oberbayern" holds "erb"; three letters are too few for what stands within a word, four are not.
    explorer.page.get_by_role("combobox", name="Search").fill("erb")
    explorer.page.get_by_text("Nothing of that name or code").first.wait_for()
    assert any("Oberbayern" in one for one in found(explorer, "erba"))
