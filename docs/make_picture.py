"""Make docs/report.png, the picture in the README, from a run's report: its findings, its map and its networks.

Run it with a run folder, Chromium being on the path: ``python docs/make_picture.py linkages-demo``.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

#: Names under which Chromium is found, and the picture's sides in pixels.
BROWSERS, SIDES = ("chromium", "chromium-browser", "google-chrome"), (1040, 1160)
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


def take(sheet: str, out: Path) -> None:
    """Let the browser draw a page into a PNG."""
    browser = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if browser is None:
        raise SystemExit(f"none of {', '.join(BROWSERS)} is on the path")
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "picture.html"
        page.write_text(sheet, encoding="utf-8")
        size = f"--window-size={SIDES[0]},{SIDES[1]}"
        profile = f"--user-data-dir={folder}/profile"
        command = [browser, *SWITCHES, profile, size, f"--screenshot={out.resolve()}", page.as_uri()]
        subprocess.run(command, check=True, capture_output=True, timeout=120)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit("usage: python docs/make_picture.py RUN")
    report = Path(sys.argv[1]) / "report" / "index.html"
    take(picture(report.read_text(encoding="utf-8")), Path(__file__).with_name("report.png"))
