"""The review of doubtful matches through the server: the queue, and a decision that needs the token."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from observatory.explorer import guard
from observatory.explorer.payload import Payload

if TYPE_CHECKING:
    from fastapi import FastAPI

#: The header that bears the token.
HEADER = "x-review-token"
#: Bytes of a decision; a longer one is none.
LONGEST = 20_000


@dataclass(frozen=True)
class Review:
    """A review that the page can do.

    Attributes
    ----------
    queue
        Gives the matches that wait for a decision, the heaviest first.
    decide
        Writes a decision down; says in a sentence what was written. Raises ValueError for one that is none.
    token
        What a decision must bear; printed at the start.
    """

    queue: Callable[[], pd.DataFrame]
    decide: Callable[[Mapping[str, Any]], str]
    token: str = field(default_factory=lambda: secrets.token_urlsafe(18))

    def payload(self) -> Payload:
        """Give the queue as a resource."""
        return Payload(
            what="Doubtful matches that wait for a decision, those with most effect first.",
            method="Matches between the two limits of [match] in the study: docs/quality.md.",
            source="review.csv, decisions.csv",
            tables={"queue": self.queue()},
        )

    def allows(self, token: str) -> bool:
        """Tell whether a token is the one that was printed."""
        return hmac.compare_digest(token.encode(), self.token.encode())


def add_review(app: FastAPI, review: Review, path: str) -> None:
    """Add the routes of the review: GET the queue, POST a decision.

    Parameters
    ----------
    app
        The application.
    review
        What is reviewed.
    path
        Of the decisions; the queue is there with ``.json`` behind it.
    """
    from fastapi import Request
    from fastapi.concurrency import run_in_threadpool
    from fastapi.responses import Response

    def told(status: int, what: str, mend: str) -> Response:
        return Response(guard.error(status, what, mend), status_code=status, media_type="application/json")

    async def queue() -> Response:
        body = await run_in_threadpool(lambda: review.payload().json())
        return Response(body, media_type="application/json", headers={"cache-control": "no-store"})

    async def decide(request: Request) -> Response:
        if not review.allows(request.headers.get(HEADER, "")):
            return told(403, "a decision without the token of this server", "open the address that it printed")
        if not request.headers.get("content-type", "").startswith("application/json"):
            return told(415, "a decision that is not JSON", "send application/json")
        body = await request.body()
        try:
            if len(body) > LONGEST:
                raise ValueError("a decision is one short object")
            decision = await request.json()
            if not isinstance(decision, dict):
                raise ValueError("a decision is an object")
            said = await run_in_threadpool(review.decide, decision)
        except ValueError as error:
            return told(422, f"not a decision: {error}", "see docs/api.md, review")
        return Response(Payload(what=said, method="").json(), media_type="application/json")

    # Annotations are looked up where the module is, which does not import FastAPI.
    decide.__annotations__["request"] = Request
    for method, where, answer in (("GET", f"{path}.json", queue), ("POST", path, decide)):
        app.add_api_route(where, answer, methods=[method], response_class=Response, include_in_schema=False)
