"""Chromium, a small study whose names would do harm were they markup, and its explorer, served and from disk."""

from __future__ import annotations

import importlib.util
import runpy
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from observatory.explore_command import bound
from observatory.explorer.review import Review
from observatory.explorer.server import application, guarded
from observatory.explorer.site import write_site
from observatory.run import run_study
from observatory.store import Run, open_run
from observatory.study import open_study

#: How README's pictures are made: the names of Chromium and its switches.
PICTURE = runpy.run_path(str(Path(__file__).parents[2] / "docs" / "make_picture.py"))
CHROMIUM = next(filter(None, map(shutil.which, PICTURE["BROWSERS"])), None)
SMALL = runpy.run_path(str(Path(__file__).parents[1] / "observatory" / "conftest.py"))
LAST = "2007-2014"
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


@pytest.fixture(scope="session")
def run(shared: Callable[..., Path]) -> Run:
    """A run of the small study, with names that would do harm were they taken for markup."""

    def fill(folder: Path) -> None:
        study = SMALL["write_small"](folder / "study") / "study.toml"
        study.write_text(study.read_text(encoding="utf-8") + GROUPS, encoding="utf-8")
        run_study(open_study(study.parent), folder / "run")

    return open_run(shared("hostile-run", fill) / "run")


@pytest.fixture(scope="session")
def site(run: Run, shared: Callable[..., Path]) -> Path:
    """Its plain files."""
    return shared("site", lambda folder: write_site(run, folder / "site")) / "site" / "index.html"


@pytest.fixture(scope="session")
def decided() -> list[dict[str, Any]]:
    """The decisions that the server was sent."""
    return []


@pytest.fixture(scope="session")
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
    """Chromium; without it every test here is skipped. It holds the loop of its thread: not longer than a file."""
    if importlib.util.find_spec("playwright") is None:
        pytest.skip("playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=CHROMIUM, args=list(PICTURE["SWITCHES"]))
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


@pytest.fixture(scope="session")
def hostile() -> tuple[str, str]:
    """The names of a sector and of a region."""
    return SECTOR, REGION


@pytest.fixture(scope="session")
def token() -> str:
    """The token of the review."""
    return TOKEN


@pytest.fixture(scope="session")
def space(run: Run) -> dict[str, Any]:
    """The largest space of all sources in the last period."""
    return next(one for one in run.spaces if one["network"] == f"sector__all__{LAST}" and one["community"] == 0)


@pytest.fixture(scope="session")
def grave_faults() -> Callable[[Any], list[Any]]:
    """Lets axe-core look at a page; gives what it calls serious or critical."""
    from axe_playwright_python.sync_playwright import Axe

    def grave(page: Any) -> list[Any]:
        # Drawings are one image each, with words of their own; preloading asks for styles again, in vain on disk.
        found = Axe().run(page, context={"exclude": [["svg"]]}, options={"preload": False}).response["violations"]
        return [
            (one["id"], [node["html"][:160] for node in one["nodes"][:3]])
            for one in found
            if one["impact"] in ("serious", "critical")
        ]

    return grave
