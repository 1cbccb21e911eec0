"""The server: the run's resources under ``/api/v1``, its files, and the page."""

from __future__ import annotations

import inspect
import re
from collections.abc import Awaitable, Callable
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import FileResponse, Response

from ingest.faults import BadInput
from observatory.explorer import guard, overview
from observatory.explorer.described import DESCRIPTION, responses
from observatory.explorer.pagefiles import MEDIA as PAGE_MEDIA
from observatory.explorer.pagefiles import page_files
from observatory.explorer.review import Review, add_review
from observatory.explorer.shelf import MEDIA, Kept, Shelf
from observatory.explorer.tree import FAMILIES, Family, Tree, UnknownResourceError
from observatory.material import Material
from observatory.store import Run

#: Where the resources are.
ROOT = "/api/v1"
#: Reports open in the page's frame of mind: their scripts run, but as a page of no origin.
SANDBOX = (
    "sandbox allow-scripts; default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"
)
Endpoint = Callable[..., Awaitable[Response]]


def application(run: Run, review: Review | None = None) -> FastAPI:
    """Make the application that serves a run.

    Parameters
    ----------
    run
        What :func:`observatory.open_run` returns.
    review
        The review of doubtful matches; None where there is none to do.

    Returns
    -------
    FastAPI
        To be put behind :class:`observatory.explorer.guard.Guard` by :func:`guarded`.
    """
    shelf = Shelf(Tree(Material(run, None), review is not None))
    app = FastAPI(
        title="linkages",
        version="1",
        description=DESCRIPTION,
        openapi_url=f"{ROOT}/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    app.state.shelf = shelf
    for family in FAMILIES:
        for ending in MEDIA if family.tables else ("json",):
            app.add_api_route(
                f"{ROOT}/{family.pattern}.{ending}",
                _endpoint(shelf, family, ending),
                methods=["GET"],
                summary=family.what,
                tags=[family.pattern.split("/")[0]],
                operation_id=f"{re.sub('[^a-z]+', '_', family.pattern).strip('_')}_{ending}",
                response_class=Response,
                responses=responses(ending),
            )
    if review is not None:
        add_review(app, review, f"{ROOT}/review")
    _add_files(app, shelf)
    _add_pages(app)
    app.add_exception_handler(404, _unknown)
    app.add_exception_handler(BadInput, _bad)
    return app


def guarded(app: FastAPI, host: str) -> guard.Guard:
    """Put the guard before an application that listens on a host."""
    writing = {f"{ROOT}/review"} if any(getattr(r, "path", "") == f"{ROOT}/review" for r in app.routes) else set()
    return guard.Guard(app, guard.names_of(host), open_to_all=not guard.is_loopback(host), writing=writing)


def _endpoint(shelf: Shelf, family: Family, ending: str) -> Endpoint:
    """Make the endpoint of a family; its signature names what differs, which the description tells."""
    start = len(ROOT) + 1

    async def answer(request: Request, **_: str) -> Response:
        path = request.scope["path"][start : -len(ending) - 1]
        kept = shelf.at_hand(path, ending)
        if kept is None:
            kept = await run_in_threadpool(shelf.get, path, ending)
        return sent(request, kept)

    names = re.findall(r"\{(\w+)\}", family.pattern)
    keyword = inspect.Parameter.KEYWORD_ONLY
    given = [inspect.Parameter(name, keyword, annotation=str) for name in names]
    whole = [inspect.Parameter("request", keyword, annotation=Request), *given]
    answer.__signature__ = inspect.Signature(whole)  # type: ignore[attr-defined]
    return answer


def sent(request: Request, kept: Kept) -> Response:
    """Send what is kept: pressed where the reader takes it, nothing where the reader has it."""
    accepts = request.headers.get("accept-encoding", "")
    pressed = kept.pressed if "gzip" in accepts else None
    tag = f'"{kept.digest}{"-gzip" if pressed is not None else ""}"'
    headers = {"etag": tag, "vary": "accept-encoding"}
    known = {one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")}
    if tag in known or "*" in known:
        return Response(status_code=304, headers=headers)
    if pressed is not None:
        return Response(pressed, media_type=kept.media, headers={**headers, "content-encoding": "gzip"})
    return Response(kept.body, media_type=kept.media, headers=headers)


def _add_files(app: FastAPI, shelf: Shelf) -> None:
    """Serve the files that the manifest names, and no others."""
    holdings = shelf.tree.holdings
    known = {row["path"].removeprefix("files/"): row["file"] for row in overview.files(holdings)}

    @app.get("/files/{name:path}", include_in_schema=False)
    async def file(name: str) -> Response:
        if name not in known:
            raise UnknownResourceError(f"files/{name}")
        path = Path(holdings.run.folder, known[name])
        return FileResponse(path, headers={"content-security-policy": SANDBOX})


def _add_pages(app: FastAPI) -> None:
    files = {name: Kept(body, PAGE_MEDIA[name.rpartition(".")[2]]) for name, body in page_files().items()}

    @app.get("/", include_in_schema=False)
    async def index(request: Request) -> Response:
        return sent(request, files["index.html"])

    @app.get("/{name}", include_in_schema=False)
    async def page(request: Request, name: str) -> Response:
        if name not in files:
            raise UnknownResourceError(name)
        return sent(request, files[name])

    app.add_exception_handler(UnknownResourceError, _unknown)


async def _unknown(request: Request, _: Exception) -> Response:
    what, mend = f"nothing here: {request.scope['path']}", f"see {ROOT}/openapi.json, and the lists for what there is"
    return Response(guard.error(404, what, mend), status_code=404, media_type=MEDIA["json"])


async def _bad(_: Request, error: Exception) -> Response:
    faults = error.faults if isinstance(error, BadInput) else []
    what = "; ".join(f"{one.value}: expected {one.expected}" for one in faults)
    mend = "; ".join(sorted({one.mend for one in faults}))
    return Response(guard.error(422, what, mend), status_code=422, media_type=MEDIA["json"])
