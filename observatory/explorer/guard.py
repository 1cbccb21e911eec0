"""What the server lets through: its own names, reading methods, plain paths; and the headers of every answer."""

from __future__ import annotations

import ipaddress
import json
import socket
from collections.abc import Awaitable, Callable, Collection, MutableMapping
from typing import Any
from urllib.parse import unquote

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

#: Nothing from outside, no program in the page but the explorer's own files, no page around it.
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cache-control": "no-cache",
}
#: Names under which a machine reaches itself.
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
READING = ("GET", "HEAD")


def names_of(host: str) -> frozenset[str]:
    """List the names under which a server that listens on a host may be asked.

    Examples
    --------
    >>> sorted(names_of("127.0.0.1")), "survey.example" in names_of("survey.example")
    (['127.0.0.1', '::1', 'localhost'], True)
    """
    if is_loopback(host):
        return LOOPBACK
    return LOOPBACK | {host.lower(), socket.gethostname().lower(), socket.getfqdn().lower()}


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine alone.

    Examples
    --------
    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("0.0.0.0")
    (True, True, False)
    """
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


class Guard:
    """An ASGI application before another: refuses what the other need not look at.

    Parameters
    ----------
    app
        The application.
    names
        Names under which it may be asked: a page elsewhere whose name was pointed at this machine is refused.
    open_to_all
        Whether it listens to other machines, which ask by its address in numbers.
    writing
        Paths that may be posted to.
    """

    def __init__(
        self, app: App, names: Collection[str], *, open_to_all: bool = False, writing: Collection[str] = ()
    ) -> None:
        self.app, self.names, self.open_to_all, self.writing = app, names, open_to_all, writing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer or refuse one request."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        head = scope["method"] == "HEAD"
        answer = _dressed(send, without_body=head)
        refusal = self.refused(scope)
        if refusal is not None:
            await _refuse(answer, *refusal)
            return
        await self.app({**scope, "method": "GET"} if head else scope, receive, answer)

    def refused(self, scope: Scope) -> tuple[int, str, str] | None:
        """Give status and words for a request that is refused; None for one that is let through."""
        asked = dict(scope["headers"]).get(b"host", b"").decode("latin-1")
        if not self._own(asked):
            return 421, f"this server does not answer for {asked!r}", "ask it by the address that it printed"
        raw = scope.get("raw_path") or scope["path"].encode()
        if not plain_path(raw.decode("latin-1")):
            return 400, "a path that leads elsewhere", "take paths from the payloads that list them"
        if scope["method"] in READING or (scope["method"] == "POST" and scope["path"] in self.writing):
            return None
        return 405, f"{scope['method']} is not for reading", "ask with GET"

    def _own(self, asked: str) -> bool:
        name = _without_port(asked)
        if name in self.names:
            return True
        # A name can be pointed anywhere by whoever owns it; an address in numbers cannot.
        return self.open_to_all and _is_address(name)


def plain_path(raw: str) -> bool:
    """Tell whether a path, as it was sent, stays where it begins.

    Examples
    --------
    >>> plain_path("/api/v1/run.json"), plain_path("/files/%2e%2e/secret"), plain_path("/a%2Fb"), plain_path("//etc")
    (True, False, False, False)
    """
    text = raw.partition("?")[0]
    lower = text.lower()
    if not text.startswith("/") or text.startswith("//") or any(sign in lower for sign in ("%2f", "%5c", "%00", "\\")):
        return False
    told, again = unquote(text), unquote(unquote(text))
    if again.count("/") != told.count("/") or (again != told and any(sign in again for sign in ("..", "\\", "\0"))):
        return False
    return not any(part in (".", "..") for part in told.split("/")) and told.isprintable()


def _without_port(asked: str) -> str:
    """Take the port off what was asked for: ``[::1]:80`` is ``::1``."""
    text = asked.strip().lower()
    if text.startswith("["):
        return text[1:].partition("]")[0]
    return text.partition(":")[0] if text.count(":") <= 1 else text


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _dressed(send: Send, *, without_body: bool) -> Send:
    """Put the headers on every answer that has not its own."""

    async def answer(message: Message) -> None:
        if message["type"] == "http.response.start":
            given = {name.lower() for name, _ in message["headers"]}
            more = [(n.encode(), v.encode()) for n, v in HEADERS.items() if n.encode() not in given]
            message = {**message, "headers": [*message["headers"], *more]}
        elif without_body and message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await send(message)

    return answer


async def _refuse(send: Send, status: int, what: str, mend: str) -> None:
    body = error(status, what, mend)
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def error(status: int, what: str, mend: str) -> bytes:
    r"""Say what went wrong and how to mend it, as JSON.

    Examples
    --------
    >>> error(404, "no such region: 'XX'", "see regions.json")
    b'{"error": {"status": 404, "what": "no such region: \'XX\'", "mend": "see regions.json"}}'
    """
    return json.dumps({"error": {"status": status, "what": what, "mend": mend}}, ensure_ascii=False).encode()
