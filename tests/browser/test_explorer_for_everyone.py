"""The explorer for those who cannot see or point, and on every width: axe-core, headings, landmarks, named figures."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.long

SIZES = {"desk": (1280, 720), "tablet": (820, 1180)}


@pytest.fixture(scope="session")
def every_view(space: dict[str, Any]) -> list[str]:
    """The address of a view of every kind."""
    return [
        "start",
        "sectors",
        "sectors/339",
        "regions",
        "regions/DE21",
        "spaces",
        f"spaces/{space['id']}",
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


def test_no_page_has_a_serious_fault_for_those_who_cannot_see_or_point(explorer, every_view, grave_faults):
    """On the tablet from disk, on the desk from the server: the pages are the same."""
    width, height = SIZES["tablet" if explorer.base.startswith("file:") else "desk"]
    explorer.page.set_viewport_size({"width": width, "height": height})
    grave = {}
    for view in every_view:
        explorer.go(view)
        drawn(explorer.page)
        grave[view] = grave_faults(explorer.page)
    assert {view: faults for view, faults in grave.items() if faults} == {}


def test_nothing_is_wider_than_the_window(explorer, every_view):
    """Half of 1280 is the same at 200 %."""
    wide = []
    for view in every_view:
        explorer.go(view)
        drawn(explorer.page)
        for width in (1280, 820, 640, 390):
            explorer.page.set_viewport_size({"width": width, "height": 720})
            reaches = explorer.page.evaluate("() => document.documentElement.scrollWidth")
            wide += [(view, width, reaches)] if reaches > width else []
    assert wide == []


def test_every_view_has_one_heading_named_landmarks_and_named_figures(explorer, every_view):
    page = explorer.page
    for view in every_view:
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
def test_the_report_has_no_serious_fault_either(browser, run, grave_faults, size):
    width, height = SIZES[size]
    page = browser.new_page(viewport={"width": width, "height": height})
    page.goto((run.folder / "report" / "index.html").as_uri())
    found = grave_faults(page)
    page.close()
    assert found == []
