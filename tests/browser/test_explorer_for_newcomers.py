"""The explorer as somebody reads it for the first time: words that are true, choices that stay, ways back."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.long(seconds=60)

LAST = "2007-2014"


def heads(table):
    """Read the headings of a table."""
    return [head.strip() for head in table.locator("thead th").all_inner_texts()]


def cells(table):
    """Read the words that head the rows that are shown."""
    return table.locator("tbody th").all_inner_texts()


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


def test_a_partner_whose_tier_is_not_known_is_not_called_strong(explorer):
    explorer.go("start")
    made = explorer.page.evaluate("""async () => {
      const run = linkages.studied(await linkages.load("run")), period = run.periods[0], shown = [];
      const { load, figure } = linkages;
      const profile = { [period.id]: { sentence: "One.", notes: [] } };
      const partners = {
        columns: ["period", "partner", "partner_label", "tier", "other"]
          .map((name) => ({ name, label: name, kind: "text" })),
        rows: [["US", "United States", "not known"], ["DE12", "Karlsruhe", "high"]]
          .map((row) => [period.id, ...row, "Food"]),
      };
      linkages.load = async (path) => (path.startsWith("regions/") ? { label: "Here", code: "DE21", profile, partners }
        : load(path));
      linkages.figure = (view, chart) => { shown.push(chart); return null; };
      const view = { page: "partners", ids: ["DE21"], run, choices: {}, period: period.id, periodName: period.label };
      const page = await linkages.pages.partners.show(view);
      Object.assign(linkages, { load, figure });
      const { spec, alt } = shown[0], words = page.body.map((one) => (one && one.textContent) || "").join(" ");
      return { alt, words, subtitle: spec.title.subtitle, hues: spec.vconcat[0].layer[0].encoding.color.scale.range };
    }""")
    assert "United States 1 (has events of it; tier not known)" in made["alt"]
    assert "Karlsruhe 1 (strong in it)" in made["alt"]
    assert len(set(made["hues"])) == 2
    assert "the tier is not known" in made["subtitle"]
    assert "Industry of the partner" in made["words"]
    assert "Partner is strong in" not in made["words"]


def test_a_table_is_narrowed_by_what_is_seen_in_it(explorer):
    explorer.go("start")
    explorer.page.evaluate("""() => {
      const kinds = { region: "code", region_label: "text", path: "code", share: "share", events: "number" };
      const columns = Object.entries(kinds).map(([name, kind]) => ({ name, label: name, kind, unit: "" }));
      const rows = Array.from({ length: 40 }, (_, n) => `DE${n + 10}`)
        .map((code, n) => [code, `Upper Place ${n}`, `regions/${code}`, 0.123456, n * 1000]);
      document.getElementById("main").replaceChildren(
        linkages.table({ name: "of", run: {}, choices: {} }, { columns, rows }, { title: "Places" }));
    }""")
    table = explorer.table("Places")
    box, count = table.get_by_role("searchbox"), table.locator(".count")
    asked = {"place upper 12,000": 1, "12 % DE17": 1, "upper": 40, "regions": 0, "123456": 0}
    for words, rows in asked.items():
        box.fill(words)
        told = f"{rows} row{'s' * (rows > 1)}" if rows else "no rows"
        assert count.inner_text().split(" of ")[-1] == told, words


def test_a_chosen_button_keeps_the_focus(explorer):
    focused = "() => document.activeElement.textContent"
    for page, group in (("change", "Level"), ("change", "Which links"), ("stars", "Which industries in regions")):
        explorer.go(page)
        button = explorer.page.get_by_role("group", name=group).get_by_role("button").nth(1)
        words = button.inner_text()
        button.focus()
        explorer.page.keyboard.press("Enter")
        explorer.page.wait_for_function("() => location.hash.includes('?')")
        explorer.now()
        assert explorer.page.evaluate(focused) == words


def test_the_start_is_named_once_in_its_title(explorer):
    explorer.go("start")
    assert explorer.page.title() == "Small <b>study</b>"
    explorer.go("sectors")
    assert explorer.page.title() == "What works with what? – Small <b>study</b>"


def of_all(table):
    """Read how many rows a table has, shown or not."""
    return table.locator(".count").inner_text().split(" of ")[-1].split(";")[0]


def test_events_are_those_of_the_period_and_kind_of_their_row(explorer, run):
    held = run.table("networks/sector__alliance__2000-2007.parquet").sort_values("events", ascending=False)
    code, other, events = held[["source", "target", "events"]].iloc[0]
    events = int(events)
    explorer.go(f"sectors/{code}?period=2000-2007&source=alliance")
    row = explorer.table("Linkages of").locator("tbody tr").filter(has_text=str(other)).first
    row.get_by_role("link", name="Events behind").click()
    assert explorer.now() == f"#/why/{min(code, other)}/{max(code, other)}?period=2000-2007&source=alliance"
    shown = explorer.table("The events, newest first, alliances, 2000–2007")
    assert of_all(shown) == f"{events} row{'s' * (events > 1)}"
    chosen = [explorer.page.locator(f"#choice-{name}").input_value() for name in ("period", "source")]
    assert chosen == ["2000-2007", "alliance"]
    explorer.page.locator("#choice-source").select_option("all")
    explorer.now()
    explorer.page.locator("#choice-period").select_option("all")
    assert "period=all" in explorer.now()
    # What other pages do not know is not asked of them.
    explorer.page.get_by_role("navigation").get_by_role("link", name="Regions", exact=True).click()
    assert "period" not in explorer.now()
    assert explorer.page.locator("main .fault").count() == 0


def test_events_behind_what_changed_are_of_all_periods(explorer):
    explorer.go("change")
    explorer.table("Links of sectors compared").get_by_role("link", name="Events behind").first.click()
    assert explorer.now().endswith("?period=all")
    assert explorer.table("The events, newest first, all sources, all periods").locator("tbody tr").count()


def test_back_is_where_one_was_and_forward_begins_at_the_top(explorer):
    page, top = explorer.page, "() => Math.round(scrollY)"
    explorer.go("change")
    table = explorer.table("Links of sectors compared")
    table.get_by_role("button", name="Log odds ratio", exact=False).first.click()
    table.get_by_role("searchbox").fill("equipment")
    rows = cells(table)
    assert rows
    page.wait_for_function("() => !document.querySelector('.waiting')")
    link = table.get_by_role("link", name="Events behind").last
    link.scroll_into_view_if_needed()
    was = page.evaluate(top)
    assert was > 300
    link.click()
    behind = explorer.now()
    assert page.evaluate(top) == 0
    page.go_back()
    explorer.shown("#/change")
    page.wait_for_function("was => Math.abs(scrollY - was) < 3", arg=was)
    assert table.get_by_role("searchbox").input_value() == "equipment"
    assert cells(table) == rows
    assert "Log odds ratio" in table.locator("thead th[aria-sort=descending]").inner_text()
    page.go_forward()
    explorer.shown(behind)
    page.go_back()
    explorer.shown("#/change")
    page.wait_for_function("was => Math.abs(scrollY - was) < 3", arg=was)
    # The same address gone to anew is a new entry.
    page.evaluate("() => { location.hash = '#/spaces'; }")
    explorer.shown("#/spaces")
    page.evaluate("() => { location.hash = '#/change'; }")
    explorer.shown("#/change")
    assert page.evaluate(top) == 0
    assert table.get_by_role("searchbox").input_value() == ""
