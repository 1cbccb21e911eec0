"""The explorer for those who cannot see or point, and on every width: axe-core, headings, landmarks, named figures."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.long(seconds=180)

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


def unnamed(explorer: Any) -> list[str]:
    """Say what of a page has no name, or more than one heading."""
    page = explorer.page
    tables = page.locator("main table").all()
    sound = {
        "one heading": page.locator("h1").count() == 1,
        "the heading as title": page.title().startswith(explorer.heading()),
        "landmarks": [page.locator(tag).count() for tag in ("main", "header", "footer")] == [1, 1, 1],
        "named figures": all(box.get_attribute("aria-label") for box in page.locator(".drawing").all()),
        "captions": all(table.locator("caption").inner_text() for table in tables),
        "headed columns": all(table.locator("thead th:not([scope=col])").count() == 0 for table in tables),
    }
    return [f"no {what}" for what, there in sound.items() if not there]


def too_wide(page: Any) -> list[str]:
    """Say where the page is wider than its window; half of 1280 is the same at 200 %."""
    wide = []
    for width in (1280, 820, 640, 390):
        page.set_viewport_size({"width": width, "height": 720})
        reaches = page.evaluate("() => document.documentElement.scrollWidth")
        wide += [f"{reaches} wide in {width}"] if reaches > width else []
    return wide


def test_every_view_is_for_those_who_cannot_see_or_point_and_for_every_window(explorer, every_view, grave_faults):
    """Every view on the desk from the server; on the tablet from disk, where the pages are the same, every other."""
    disk = explorer.base.startswith("file:")
    width, height = SIZES["tablet" if disk else "desk"]
    amiss = {}
    for view in every_view[::2] if disk else every_view:
        explorer.page.set_viewport_size({"width": width, "height": height})
        explorer.go(view)
        drawn(explorer.page)
        amiss[view] = [*grave_faults(explorer.page), *unnamed(explorer), *too_wide(explorer.page)]
    assert {view: faults for view, faults in amiss.items() if faults} == {}


@pytest.mark.parametrize("size", SIZES)
def test_the_report_has_no_serious_fault_either(browser, run, grave_faults, size):
    width, height = SIZES[size]
    page = browser.new_page(viewport={"width": width, "height": height})
    page.goto((run.folder / "report" / "index.html").as_uri())
    found = grave_faults(page)
    page.close()
    assert found == []
