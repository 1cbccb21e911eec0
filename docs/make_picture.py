"""Make the pictures in the README from a run: docs/report.png of its report, docs/explorer.png of its explorer.

Run it with a run folder, Chromium being on the path: ``python docs/make_picture.py linkages-demo``.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

#: Names under which Chromium is found, and the sides of the pictures in pixels.
BROWSERS, SIDES, EXPLORER = ("chromium", "chromium-browser", "google-chrome"), (1040, 1160), (1180, 1020)
#: The view of the explorer, and how long the browser may take to draw it, in milliseconds.
VIEW, PATIENCE = "#/sectors", 20_000
SWITCHES = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)
#: What stands where; the rest is the report's own style.
STYLE = """
body { padding: 22px 26px; } h1 { font-size: 28px; margin: 0 0 2px; }
.lead { font-size: 15px; margin: 0 0 12px; max-width: none; }
.top { display: grid; grid-template-columns: 490px 1fr; gap: 24px; align-items: start; }
figure { margin: 0 0 0 -10px; } .named { gap: 11px; font-size: 13.5px; line-height: 1.4; }
h2 { font-size: 18px; margin: 10px 0 10px; } .networks { margin-top: 12px; }
"""


def picture(page: str) -> str:
    """Lay the report's findings, its latest map and its networks out on one sheet."""
    style = _first(r"<style>(.*?)</style>", page)
    named = _first(r'(<ul class="named">.*?</ul>)', page)
    chart = _first(r'<figure id="map-[^"]*">\s*(<svg.*?</svg>)', page)
    # The list of spaces beside it stands in for the map's legend.
    chart = re.sub(r'viewBox="0 0 \d+ (\d+)"', r'viewBox="0 0 744 \1"', chart, count=1)
    networks = _first(r'<figure id="networks-all">\s*(<svg.*?</svg>)', page)
    heading = _first(r"(<h1>.*?</h1>)", page) + _first(r'(<p class="lead">.*?</p>)', page)
    return (
        f'<!DOCTYPE html><meta charset="utf-8"><style>{style}{STYLE}</style>{heading}'
        f'<div class="top"><figure>{chart}</figure><div><h2>The spaces</h2>{named}</div></div>'
        f'<figure class="networks">{networks}</figure>'
    )


def _first(pattern: str, page: str) -> str:
    found = re.search(pattern, page, flags=re.DOTALL)
    if found is None:
        raise SystemExit(f"the report holds nothing like {pattern}")
    return found[1]


def take(page: str, sides: tuple[int, int], out: Path) -> None:
    """Let the browser draw a page, by its address, into a PNG."""
    browser = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if browser is None:
        raise SystemExit(f"none of {', '.join(BROWSERS)} is on the path")
    with tempfile.TemporaryDirectory() as folder:
        size, patience = f"--window-size={sides[0]},{sides[1]}", f"--virtual-time-budget={PATIENCE}"
        profile = f"--user-data-dir={folder}/profile"
        command = [browser, *SWITCHES, profile, size, patience, f"--screenshot={out.resolve()}", page]
        subprocess.run(command, check=True, capture_output=True, timeout=120)


def main(run: Path, docs: Path) -> None:
    """Make both pictures of a run."""
    from observatory.explorer.site import write_site
    from observatory.store import open_run

    with tempfile.TemporaryDirectory() as folder:
        sheet = Path(folder) / "picture.html"
        sheet.write_text(picture((run / "report" / "index.html").read_text(encoding="utf-8")), encoding="utf-8")
        take(sheet.as_uri(), SIDES, docs / "report.png")
        page = write_site(open_run(run), Path(folder) / "site", heaviest=0)
        take(page.as_uri() + VIEW, EXPLORER, docs / "explorer.png")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit("usage: python docs/make_picture.py RUN")
    main(Path(sys.argv[1]), Path(__file__).parent)
