"""The explorer in a real browser, from the server and from disk: what a newcomer does, and what must never happen."""

from __future__ import annotations

import csv
import importlib.util
import io
import runpy
import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from observatory.explore_command import bound
from observatory.explorer.payload import harmless
from observatory.explorer.review import Review
from observatory.explorer.server import application, guarded
from observatory.explorer.site import write_site
from observatory.run import run_study
from observatory.store import Run
from observatory.study import open_study

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.skipif(importlib.util.find_spec("playwright") is None, reason="playwright is not installed"),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]
SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SMALL = runpy.run_path(str(Path(__file__).parents[1] / "observatory" / "conftest.py"))
#: Names of a sector and of a region that would do harm were they taken for markup.
SECTOR, REGION = "<script>alert(1)</script>", "<img src=x onerror=alert(2)>"
GROUPS = f"""
[groups.sectors]
"{SECTOR}" = ["325", "621"]
[groups.regions]
"{REGION}" = ["SE1"]
"""
#: A match in doubt, as the review lists it, and the token of its decisions.
DOUBTFUL = [
    {
        "kind": "place",
        "name": "",
        "place": "ULTRECHT <b>",
        "country": "NL",
        "level": "name",
        "score": 94.5,
        "candidates": '[["utrecht", "NL31", 94.5]]',
        "rows": 3,
        "weight": 2.0,
        "effect": 5.0,
        "sources": "deals",
    }
]
TOKEN = "only-for-this-test"
SIZES = {"desk": (1280, 720), "tablet": (820, 1180)}
LAST = "2007-2014"


@dataclass
class Explorer:
    """A page on the explorer, the address that it began with, and what it asked for and complained of."""

    page: Any
    base: str
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def go(self, view: str) -> None:
        """Open a view, and wait until it is shown."""
        self.page.goto("about:blank")
        self.page.goto(f"{self.base}#/{view}")
        self.shown(f"#/{view}")

    def shown(self, view: str) -> None:
        """Wait until the page shows what an address asks for."""
        self.page.wait_for_function("want => document.getElementById('main').dataset.shown === want", arg=view)

    def now(self) -> str:
        """Give the part of the address that says what is shown, once it is shown."""
        self.page.wait_for_function("() => document.getElementById('main').dataset.shown === location.hash")
        return str(self.page.evaluate("() => decodeURIComponent(location.hash)"))

    def heading(self) -> str:
        return str(self.page.inner_text("h1"))

    def table(self, title: str) -> Any:
        """Find the table with a caption."""
        return self.page.locator("div.table").filter(has=self.page.locator("caption", has_text=title)).first


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run of the small study, with names that would do harm were they taken for markup."""
    folder = SMALL["write_small"](tmp_path_factory.mktemp("explorer") / "study")
    study = folder / "study.toml"
    study.write_text(study.read_text(encoding="utf-8") + GROUPS, encoding="utf-8")
    return run_study(open_study(folder), folder / "run")


@pytest.fixture(scope="module")
def site(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its plain files."""
    return write_site(run, tmp_path_factory.mktemp("site") / "site")


@pytest.fixture(scope="module")
def decided() -> list[dict[str, Any]]:
    """The decisions that the server was sent."""
    return []


@pytest.fixture(scope="module")
def served(run: Run, decided: list[dict[str, Any]]) -> Iterator[str]:
    """The address of its server, with a match in doubt."""
    import uvicorn

    listening = bound("127.0.0.1", 0)
    review = Review(lambda: pd.DataFrame(DOUBTFUL), lambda said: decided.append(dict(said)) or "accepted", TOKEN)
    config = uvicorn.Config(guarded(application(run, review), "127.0.0.1"), log_level="error", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
    server.should_exit = True
    thread.join(timeout=20)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=CHROMIUM, args=list(SWITCHES))
        yield started
        started.close()


@pytest.fixture(params=["served", "disk"])
def explorer(request: pytest.FixtureRequest, browser: Any) -> Iterator[Explorer]:
    """The explorer on a server and from disk; nothing may leave it, and nothing may complain."""
    disk = request.param == "disk"
    base = request.getfixturevalue("site").as_uri() if disk else request.getfixturevalue("served")
    context = browser.new_context(viewport={"width": 1280, "height": 720}, accept_downloads=True)
    context.set_default_timeout(120_000)
    page = context.new_page()
    one = Explorer(page, base)
    page.on("request", lambda asked: one.asked.append(asked.url))
    page.on("console", lambda said: one.complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: one.complaints.append(str(error)))
    page.on("dialog", lambda dialog: (one.complaints.append(f"dialog {dialog.message}"), dialog.dismiss()))
    yield one
    root = base.removesuffix("index.html")
    outside = [url for url in one.asked if not url.startswith((root, "data:", "blob:", "about:"))]
    stored = page.evaluate("() => document.cookie") if disk else context.cookies()
    context.close()
    assert outside == []
    assert one.complaints == []
    assert not stored


def a_space(run: Run) -> dict[str, Any]:
    """The largest space of all sources in the last period."""
    return next(one for one in run.spaces if one["network"] == f"sector__all__{LAST}" and one["community"] == 0)


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


def test_a_space_is_opened_and_holds_its_members(explorer, run):
    space = a_space(run)
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


def test_words_of_the_data_are_words(explorer):
    page = explorer.page
    page.goto(explorer.base)
    page.wait_for_selector("main[data-shown]")
    box = page.get_by_role("combobox", name="Search")
    for name, kind in ((SECTOR, "sectors"), (REGION, "regions")):
        box.fill(name)
        page.get_by_role("option").first.wait_for()
        box.press("Enter")
        assert explorer.now() == f"#/{kind}/{name}"
        assert explorer.heading() == name
        page.locator("figure svg").first.wait_for()
    explorer.go("spaces")
    assert SECTOR in page.inner_text("main")
    assert page.evaluate("() => [...document.scripts].filter(s => s.textContent.includes('alert')).length") == 0
    assert page.locator("main img").count() == 0


def test_a_doubtful_match_is_decided_on_the_server_only(explorer, decided):
    page = explorer.page
    decided.clear()
    if explorer.base.startswith("file:"):
        explorer.go("review")
        assert "needs the server" in page.inner_text("main")
        assert page.get_by_role("navigation").get_by_role("link", name="Review").count() == 0
        return
    page.goto(f"{explorer.base}#/review?token={TOKEN}")
    explorer.shown("#/review")
    assert TOKEN not in page.url
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


def every_view(run: Run) -> list[str]:
    return [
        "start",
        "sectors",
        "sectors/339",
        "regions",
        "regions/DE21",
        "spaces",
        f"spaces/{a_space(run)['id']}",
        "change",
        "change?level=region",
        "stars",
        "partners",
        "partners/DE21",
        "why/333/336",
        "quality",
        "methods",
        "sectors/nowhere",
    ]


def drawn(page: Any) -> None:
    """Bring every figure into sight, and wait until it is drawn; open what is folded."""
    page.wait_for_function("() => !document.querySelector('.waiting')")
    page.evaluate("() => document.querySelectorAll('details').forEach(one => { one.open = true; })")
    for box in page.locator(".drawing").all():
        box.scroll_into_view_if_needed()
        box.locator("svg").first.wait_for()


def grave_faults(page: Any) -> list[Any]:
    """Let axe-core look at a page; give what it calls serious or critical."""
    from axe_playwright_python.sync_playwright import Axe

    # Drawings are one image each, with words of their own; preloading asks for the style again and cannot from disk.
    found = Axe().run(page, context={"exclude": [["svg"]]}, options={"preload": False}).response["violations"]
    return [
        (one["id"], [node["html"][:160] for node in one["nodes"][:3]])
        for one in found
        if one["impact"] in ("serious", "critical")
    ]


def test_no_page_has_a_serious_fault_for_those_who_cannot_see_or_point(explorer, run):
    """On the tablet from disk, on the desk from the server: the pages are the same."""
    width, height = SIZES["tablet" if explorer.base.startswith("file:") else "desk"]
    explorer.page.set_viewport_size({"width": width, "height": height})
    grave = {}
    for view in every_view(run):
        explorer.go(view)
        drawn(explorer.page)
        grave[view] = grave_faults(explorer.page)
    assert {view: faults for view, faults in grave.items() if faults} == {}


def test_nothing_is_wider_than_the_window(explorer, run):
    """Half of 1280 is the same at 200 %."""
    wide = []
    for view in every_view(run):
        explorer.go(view)
        drawn(explorer.page)
        for width in (1280, 820, 640, 390):
            explorer.page.set_viewport_size({"width": width, "height": 720})
            reaches = explorer.page.evaluate("() => document.documentElement.scrollWidth")
            wide += [(view, width, reaches)] if reaches > width else []
    assert wide == []


def test_every_view_has_one_heading_named_landmarks_and_named_figures(explorer, run):
    page = explorer.page
    for view in every_view(run):
        explorer.go(view)
        drawn(page)
        assert page.locator("h1").count() == 1, view
        assert page.title().startswith(explorer.heading()), view
        assert [page.locator(tag).count() for tag in ("main", "header", "footer")] == [1, 1, 1], view
        assert all(box.get_attribute("aria-label") for box in page.locator(".drawing").all()), view
        assert all(table.locator("caption").inner_text() for table in page.locator("main table").all()), view
        heads = page.locator("main table").all()
        assert all(head.locator("thead th:not([scope=col])").count() == 0 for head in heads), view


@pytest.mark.parametrize("size", SIZES)
def test_the_report_has_no_serious_fault_either(browser, run, size):
    width, height = SIZES[size]
    page = browser.new_page(viewport={"width": width, "height": height})
    page.goto((run.folder / "report" / "index.html").as_uri())
    found = grave_faults(page)
    page.close()
    assert found == []
