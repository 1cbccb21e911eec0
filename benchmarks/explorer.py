"""How fast the explorer answers on a large run: ``python benchmarks/explorer.py FOLDER [--part api|site|page]``.

The run has 300 regions, 300 sectors and 20,000 links (`big_run.py`); it is made in FOLDER where it is not there yet.
``api`` asks a real server 50 things at once and, in the same minute, a bare server that has nothing to do but send the
same bytes: the ratio tells what our part costs, whatever else the machine does. ``site`` writes the run as plain files,
beside a plain copy of those files. ``page`` opens the page in Chromium. Aims: API answers p95 under 50 ms, first view
under 1.5 s, on a machine at rest.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from benchmarks.big_run import big_run
from observatory.store import Run

AT_ONCE, ASKED, VIEWS = 50, 4_000, 7
LINKAGES = [sys.executable, "-m", "observatory.cli"]
#: The bare server: the same bytes from a mapping, nothing looked at.
BARE = """
import json, sys, uvicorn
from pathlib import Path
folder = Path(sys.argv[1])
held = {f"/{one.relative_to(folder).as_posix()}".encode(): one.read_bytes() for one in folder.rglob("*.json")}
async def app(scope, receive, send):
    body = held[scope["raw_path"]]
    head = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": head})
    await send({"type": "http.response.body", "body": body})
config = uvicorn.Config(app, port=0, log_level="error", access_log=False, lifespan="off", server_header=False)
socket = config.bind_socket()
print(json.dumps({"address": "http://127.0.0.1:%d/" % socket.getsockname()[1]}), flush=True)
uvicorn.Server(config).run(sockets=[socket])
"""


def resources(run: Run) -> list[str]:
    """Name what a reader of the explorer asks for: every list, a network, and the pages of many nodes."""
    from observatory.explorer.tree import Tree
    from observatory.material import Material

    holdings = Tree(Material(run, None)).holdings
    dice = random.Random(1)
    known = [sorted(holdings.labels[level]) for level in ("sector", "region")]
    sectors, regions = (dice.sample(codes, min(60, len(codes))) for codes in known)
    spaces = sorted(holdings.appearances)[:20]
    last = holdings.material.last
    lists = ["runs", "run", "method", "search", "sectors", "regions", "networks", "spaces", "stars", "quality"]
    lists += ["downloads", "change/sector__all", f"networks/sector__all__{last}"]
    nodes = [*(f"sectors/{code}" for code in sectors), *(f"regions/{code}" for code in regions)]
    return [*lists, *nodes, *(f"spaces/{code}" for code in spaces)]


@contextmanager
def served(command: list[str]) -> Iterator[str]:
    """Run a server in a process of its own, and give the host and port that it prints."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            text = ""
            while not text.endswith("}\n"):
                line = process.stdout.readline() if process.stdout else ""
                if not line:
                    raise SystemExit(f"{' '.join(command)} ended")
                text += line
            yield str(json.loads(text)["address"]).removeprefix("http://").rstrip("/")
        finally:
            process.terminate()


async def ask(address: str, paths: list[str], at_once: int, pressed: bool) -> list[float]:
    """Ask for every path, so many at once over lines that stay open; give the seconds that each answer took."""
    host, _, port = address.partition(":")
    waiting = iter(paths)
    took: list[float] = []
    accepts = "Accept-Encoding: gzip\r\n" if pressed else ""

    async def reader() -> None:
        line_in, line_out = await asyncio.open_connection(host, int(port))
        for path in waiting:
            start = time.perf_counter()
            line_out.write(f"GET /api/v1/{path}.json HTTP/1.1\r\nHost: {address}\r\n{accepts}\r\n".encode())
            head = (await line_in.readuntil(b"\r\n\r\n")).lower()
            if not head.startswith(b"http/1.1 200"):
                raise SystemExit(f"{path}: {head[:40]!r}")
            size = int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0])
            await line_in.readexactly(size)
            took.append(time.perf_counter() - start)
        line_out.close()

    await asyncio.gather(*(reader() for _ in range(at_once)))
    return took


def told(took: list[float]) -> str:
    """Say the middle, the 95th of a hundred and the slowest, in milliseconds."""
    cuts = statistics.quantiles(took, n=20)
    return f"{statistics.median(took) * 1e3:.1f} | {cuts[18] * 1e3:.1f} | {max(took) * 1e3:.1f}"


def api(run: Run) -> None:
    """Measure the API beside the bare server, in turn."""
    paths = resources(run)
    many = random.Random(2).choices(paths, k=ASKED)
    with tempfile.TemporaryDirectory() as room, served([*LINKAGES, "explore", str(run.folder), "--port", "0", "--json",
                                                        "--quiet"]) as ours:  # fmt: skip
        first = asyncio.run(ask(ours, paths, 1, False))
        for path in paths:
            target = Path(room, "api", "v1", f"{path}.json")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(_body(ours, path))
        with served([sys.executable, "-c", BARE, room]) as bare:
            rounds = [(asyncio.run(ask(ours, many, AT_ONCE, False)), asyncio.run(ask(bare, many, AT_ONCE, False)))
                      for _ in range(3)]  # fmt: skip
            pressed = asyncio.run(ask(ours, many, AT_ONCE, True))
    mine, peer = min((statistics.quantiles(a, n=20)[18], statistics.quantiles(b, n=20)[18]) for a, b in rounds)
    best = min(rounds, key=lambda pair: statistics.quantiles(pair[0], n=20)[18])
    print(f"{len(paths)} resources, {AT_ONCE} at once, {ASKED:,} questions a round; the best of 3 rounds\n")
    print("| milliseconds | middle | p95 | slowest |\n|---|---|---|---|")
    print(f"| ours | {told(best[0])} |")
    print(f"| ours, pressed as browsers ask | {told(pressed)} |")
    print(f"| bare server, the same bytes | {told(best[1])} |")
    print(f"| ours, each asked for the first time, one at once | {told(first)} |")
    print(f"\np95 beside the bare server: {mine / peer:.2f}; aim of p95: 50 ms")


def _body(address: str, path: str) -> bytes:
    from urllib.request import urlopen

    with urlopen(f"http://{address}/api/v1/{path}.json") as answer:
        body: bytes = answer.read()
    return body


def site(run: Run) -> None:
    """Measure the writing of the site beside a copy of what was written."""
    from observatory.explorer.site import write_site

    with tempfile.TemporaryDirectory() as room:
        start = time.perf_counter(), time.process_time()
        write_site(run, Path(room, "site"))
        wall, processor = time.perf_counter() - start[0], time.process_time() - start[1]
        files = [one for one in Path(room, "site").rglob("*") if one.is_file()]
        size = sum(one.stat().st_size for one in files) / 1e6
        begun = time.perf_counter()
        shutil.copytree(Path(room, "site"), Path(room, "copy"))
        copied = time.perf_counter() - begun
    print("| site | seconds | of processor | files | MB |\n|---|---|---|---|---|")
    print(f"| written | {wall:.1f} | {processor:.1f} | {len(files):,} | {size:.0f} |")
    print(f"| copied | {copied:.1f} | | | |")


def page(run: Run) -> None:
    """Measure how long the first view takes in Chromium, each time in a browser that has nothing yet."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        raise SystemExit("Chromium is not there: apt-get install chromium")
    took, painted = [], []
    with (
        served([*LINKAGES, "explore", str(run.folder), "--port", "0", "--json", "--quiet"]) as address,
        sync_playwright() as play,
    ):
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for _ in range(VIEWS):
            view = browser.new_context(viewport={"width": 1280, "height": 720}).new_page()
            start = time.perf_counter()
            view.goto(f"http://{address}/")
            view.wait_for_selector("main[data-shown]")
            took.append(time.perf_counter() - start)
            painted.append(view.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime"))
            view.context.close()
        browser.close()
    print("| first view, seconds | first | middle of the rest | slowest of the rest |\n|---|---|---|---|")
    print(f"| whole | {took[0]:.2f} | {statistics.median(took[1:]):.2f} | {max(took[1:]):.2f} |")
    seen = [one / 1e3 for one in painted if one is not None]
    if len(seen) > 2:
        print(f"| first words | {seen[0]:.2f} | {statistics.median(seen[1:]):.2f} | {max(seen[1:]):.2f} |")


PARTS = {"api": api, "site": site, "page": page}


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("folder", type=Path, help="where the run is, or is to be made")
    asked.add_argument("--part", choices=PARTS, help="one part alone")
    given = asked.parse_args()
    run = big_run(given.folder)
    for name, part in PARTS.items():
        if given.part in (None, name):
            part(run)
            print()


if __name__ == "__main__":
    main()
