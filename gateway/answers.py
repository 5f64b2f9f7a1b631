"""How our own pages' routes answer: JSON, refusals in words, the same headers whatever happens."""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable, Mapping

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from engine.errors import StoreAway
from gateway.bodies import BodyTooLarge, ClientGone, read_body
from gateway.quota import Quota

Handler = Callable[[Request], Awaitable[Response]]


class Answers:
    """Answers that all carry `headers`."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        self.headers = {**headers, "Cache-Control": "no-store"}

    def json(self, body: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
        """An answer that no cache keeps."""
        return Response(msgspec.json.encode(body), status, {**self.headers, **(headers or {})}, "application/json")

    def route(self, handler: Handler) -> Handler:
        """The handler, with what it raises as answers: {"error": sentence}, or 503 while the store is away."""

        async def endpoint(request: Request) -> Response:
            try:
                return await handler(request)
            except HTTPException as refusal:
                return self.json({"error": refusal.detail}, refusal.status_code, refusal.headers)
            except StoreAway:
                return Response(status_code=503, headers=self.headers)
            except ClientGone:
                return Response(status_code=400, headers=self.headers)

        return endpoint


async def whole_body(request: Request, max_bytes: int) -> bytes:
    """The body, never more of it than allowed, whatever Content-Length says (C7, C91). Raises HTTPException 413."""
    try:
        return await read_body(request.receive, request.headers.raw, max_bytes=max_bytes)
    except BodyTooLarge:
        raise HTTPException(413, f"the body is larger than {max_bytes} bytes") from None


def within(quota: Quota, key: str) -> None:
    """Takes one of the quota. Raises HTTPException 429, which says when there is another."""
    wait_s = quota.take(key)
    if wait_s > 0:
        raise HTTPException(429, "too many, wait a moment", {"Retry-After": str(math.ceil(wait_s))})
