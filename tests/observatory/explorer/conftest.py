"""A real server of the explorer on a free port, and how tests ask it."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import httpx
import pytest

from observatory.explore_command import bound
from observatory.explorer.server import application, guarded
from observatory.store import Run

#: What starts a server of an application for as long as a block lasts, and gives its address.
Running = Callable[[object], AbstractContextManager[str]]
#: What starts one, and gives somebody who asks it as a page on this machine does.
Reading = Callable[[object], AbstractContextManager[httpx.Client]]
#: What sends a request's own characters, and gives the status and all that came back.
Raw = Callable[[str, str], tuple[int, bytes]]


@contextmanager
def _running(app: object) -> Iterator[str]:
    import uvicorn

    listening = bound("127.0.0.1", 0)
    config = uvicorn.Config(app, log_level="error", lifespan="off", server_header=False)  # type: ignore[arg-type]
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    try:
        yield f"127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=20)


@contextmanager
def _reading(app: object) -> Iterator[httpx.Client]:
    with _running(app) as address, httpx.Client(base_url=f"http://{address}", timeout=600) as asking:
        yield asking


@pytest.fixture(scope="session")
def running() -> Running:
    return _running


@pytest.fixture(scope="session")
def reading() -> Reading:
    return _reading


@pytest.fixture(scope="module")
def client(small_run: Run) -> Iterator[httpx.Client]:
    """Asks the server of the small run as a page on this machine does."""
    with _reading(guarded(application(small_run), "127.0.0.1")) as asking:
        yield asking


@pytest.fixture(scope="session")
def raw() -> Raw:
    """Sends bytes as they are: a client would mend the path first."""

    def send(address: str, request: str) -> tuple[int, bytes]:
        host, _, port = address.partition(":")
        with socket.create_connection((host, int(port)), timeout=600) as line:
            line.sendall(request.encode())
            body = b""
            while chunk := line.recv(65536):
                body += chunk
        return int(body.split(b" ", 2)[1]), body

    return send
