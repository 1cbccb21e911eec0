"""The files of the page: those beside this one, and the program that draws, from the wheel that brings it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources

from observatory.figures.output import BUNDLE

#: Media type by ending of a file of the page.
MEDIA = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "png": "image/png",
}
#: The program that draws.
DRAWING = "vega.js"


@cache
def page_files() -> Mapping[str, bytes]:
    """Give every file of the page by its name; ``index.html`` is the page.

    Examples
    --------
    >>> "index.html" in page_files()
    True
    """
    import vl_convert

    folder = resources.files("observatory.explorer") / "pages"
    files = {one.name: one.read_bytes() for one in folder.iterdir() if one.name.rpartition(".")[2] in MEDIA}
    files[DRAWING] = vl_convert.javascript_bundle(BUNDLE).encode()
    return dict(sorted(files.items()))
