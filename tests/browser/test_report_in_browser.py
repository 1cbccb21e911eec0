"""The report in a real browser: it asks nothing of the network, and everything in it can be seen and is named."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from observatory.store import Run

WIDTHS = (1280, 800)


@pytest.fixture(scope="module")
def page_file(run: Run) -> Path:
    """The report of the small study."""
    return run.folder / "report" / "index.html"


@pytest.fixture(scope="module")
def opened(browser: Any, page_file: Path) -> Iterator[tuple[Any, list[str], list[str]]]:
    """The page, what it asked for, and what it complained of."""
    asked: list[str] = []
    complaints: list[str] = []
    page = browser.new_page(viewport={"width": WIDTHS[0], "height": 900})
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(page_file.as_uri())
    page.wait_for_load_state("networkidle")
    yield page, asked, complaints
    page.close()


def test_nothing_is_asked_for_but_the_page(opened, page_file):
    _, asked, complaints = opened
    outside = [url for url in asked if not url.startswith("data:")]
    assert outside == [page_file.as_uri()]
    assert complaints == []


def test_a_map_and_two_networks_are_seen(opened):
    page, _, _ = opened
    sizes = page.evaluate(
        "() => ['map', 'networks'].map(id => [...document.getElementById(id).querySelectorAll('svg')]"
        ".filter(e => { const b = e.getBoundingClientRect(); return b.width > 200 && b.height > 150; }).length)"
    )
    assert sizes[0] >= 1
    assert sizes[1] >= 2


def test_every_picture_has_a_name(opened):
    page, _, _ = opened
    nameless = page.evaluate(
        "() => [...document.querySelectorAll('img, svg')].filter(e => !e.parentElement.closest('svg'))"
        ".filter(e => !(e.getAttribute('aria-label') || e.getAttribute('alt') || e.getAttribute('title')"
        " || e.getAttribute('aria-labelledby') || e.getAttribute('aria-hidden') === 'true'"
        " || [...e.children].some(c => c.tagName.toLowerCase() === 'title' && c.textContent.trim())))"
        ".map(e => e.outerHTML.slice(0, 200))"
    )
    assert nameless == []


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_wider_than_the_window(opened, width):
    page, _, _ = opened
    page.set_viewport_size({"width": width, "height": 900})
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width
    wide = page.evaluate(
        "width => [...document.querySelectorAll('svg, img, p, h1, h2, h3')]"
        ".filter(e => !e.parentElement.closest('svg') && e.getBoundingClientRect().right > width + 1)"
        ".filter(e => { for (let p = e.parentElement; p; p = p.parentElement)"
        " if (['auto', 'scroll'].includes(getComputedStyle(p).overflowX)) return false; return true; })"
        ".map(e => e.outerHTML.slice(0, 200))",
        width,
    )
    assert wide == []


@pytest.mark.parametrize(("width", "least"), [(390, 6.5), (820, 8), (1024, 8)])
def test_figures_of_a_phone_or_a_tablet_can_be_read(opened, width, least):
    page, _, _ = opened
    page.set_viewport_size({"width": width, "height": 844})
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width
    smallest = page.evaluate(
        "() => Object.fromEntries([...document.querySelectorAll('figure')].map(f => { const s = f.querySelector('svg');"
        " const larger = s.getBoundingClientRect().width / s.viewBox.baseVal.width;"
        " const sizes = [...s.querySelectorAll('text')].map(t => parseFloat(t.getAttribute('font-size') || 11));"
        " return [f.id, larger * Math.min(...sizes)]; }))"
    )
    page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    assert len(smallest) > 5
    assert {name: size for name, size in smallest.items() if size < least} == {}


def test_nothing_of_a_space_is_cut_in_a_narrow_window(opened):
    page, _, _ = opened
    page.set_viewport_size({"width": 1000, "height": 900})
    cut = page.evaluate(
        "() => [...document.querySelectorAll('.columns .scroll')].filter(e => e.offsetParent && e.scrollWidth >"
        " e.clientWidth + 1).map(e => e.innerText.slice(0, 80))"
    )
    page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    assert cut == []


def test_words_of_the_data_are_words(opened):
    page, _, _ = opened
    assert "Small <b>study</b>" in page.inner_text("h1")
    assert page.evaluate("() => [...document.scripts].filter(s => s.textContent.includes('alert')).length") == 0


def test_the_short_form_is_a_switch_without_a_script(opened):
    page, _, complaints = opened
    page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    seen = "() => [...document.querySelectorAll('main section')].filter(e => e.offsetHeight > 0).map(e => e.id)"
    whole = page.evaluate(seen)
    page.click('label[for="form-short"]')
    assert page.evaluate(seen) == ["findings", "map", "spaces", "stars", "limits"]
    page.emulate_media(media="print")
    assert page.evaluate(seen) == ["findings", "map", "spaces", "stars", "limits"]
    page.emulate_media(media="screen")
    page.focus("#form-short")
    page.keyboard.press("ArrowUp")
    assert page.evaluate(seen) == whole
    assert len(whole) > 10
    assert complaints == []


def test_print_shows_what_is_folded(opened):
    page, _, _ = opened
    page.emulate_media(media="print")
    tables = "[...document.querySelectorAll('details.fold:not([open]) table')]"
    assert page.evaluate(f"() => {tables}.length") > 5
    assert page.evaluate(f"() => {tables}.filter(e => e.getBoundingClientRect().height < 5).length") == 0
    page.emulate_media(media="screen")


def test_a_figure_is_not_larger_than_paper(opened):
    page, _, _ = opened
    page.set_viewport_size({"width": 690, "height": 900})
    page.emulate_media(media="print")
    wide = page.evaluate("() => Math.max(...[...document.querySelectorAll('figure svg')].map(e => e.clientWidth))")
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    assert wide <= 690
