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
