"""Stands around every route: headers that each answer carries, and an honest 500 for our own bugs (X20, HOUSE 5)."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.mishap import Mishap

HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'; base-uri 'none'"),
)
"""Where a route has not said otherwise."""

_SORRY = b"Something broke here; it was not your request. It is written down.\n"


class Guard:
    """ASGI middleware; what the app raises ends here."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and its answer back, with HEADERS added."""
        started = False

        async def guarded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                said = [*message.get("headers", ())]
                names = {name for name, _ in said}
                message = {**message, "headers": [*said, *(header for header in HEADERS if header[0] not in names)]}
            await send(message)

        with Mishap("web request failed") as mishap:
            await self._app(scope, receive, guarded)
        # An answer that was begun cannot be taken back: the server cuts the connection.
        if mishap.error is not None and not started:
            headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(_SORRY)).encode())]
            await guarded({"type": "http.response.start", "status": 500, "headers": headers})
            await guarded({"type": "http.response.body", "body": _SORRY})
