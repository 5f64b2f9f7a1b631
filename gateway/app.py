"""The HTTP app: webhooks, health, metrics, the test clock, and the routes that wiring adds (DESIGN 8)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from channels.base import Channel
from engine.errors import StoreAway
from engine.ports import NO_SPANS, Clock, Failpoints, Spans
from gateway.bodies import BodyTooLarge, ClientGone, read_body
from gateway.clock import TestClock
from gateway.door import HOOKS, Door
from gateway.guard import Guard
from gateway.health import Health
from gateway.intake import Intake
from gateway.metrics import CONTENT_TYPE, Metrics
from gateway.settings import Environment, Settings

MAX_CLOCK_BODY_BYTES = 1_000
MAX_ADVANCE_S = 10 * 366 * 86_400


async def _nothing() -> None:
    """Nothing is due."""


@dataclass(frozen=True, kw_only=True)
class AppParts:
    """What the app stands on. `channels` go by their webhook's name; `routes` are the web channel's and the page's.

    `advanced` is awaited after the test clock moved: what has become due is on its way when it returns.
    """

    settings: Settings
    clock: Clock
    channels: Mapping[str, Channel]
    intake: Intake
    health: Health
    failpoints: Failpoints
    metrics: Metrics
    spans: Spans = NO_SPANS
    routes: Sequence[BaseRoute] = ()
    advanced: Callable[[], Awaitable[None]] = _nothing


def build_app(parts: AppParts) -> ASGIApp:
    """All routes; everything else is 404. Opens and closes nothing."""
    door = Door(
        channels=parts.channels,
        intake=parts.intake,
        failpoints=parts.failpoints,
        metrics=parts.metrics,
        spans=parts.spans,
    )
    app = Starlette(
        routes=[
            Route("/healthz", _alive),
            Route("/readyz", _readiness(parts.health)),
            Route("/metrics", _metrics(parts.metrics)),
            *_test_routes(parts),
            *parts.routes,
        ],
        middleware=[Middleware(Guard)],
        exception_handlers={StoreAway: _away},
    )
    # A redirect would be built from the Host header, which anyone may write (C5).
    app.router.redirect_slashes = False
    return _Entrance(Guard(door), app)


class _Entrance:
    """Webhooks take the short way: a route through Starlette costs as much as all that the door itself does."""

    def __init__(self, door: ASGIApp, app: ASGIApp) -> None:
        self._door = door
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request to whom it is for."""
        webhook = scope["type"] == "http" and scope["path"].startswith(HOOKS)
        await (self._door if webhook else self._app)(scope, receive, send)


async def _alive(_: Request) -> Response:
    return PlainTextResponse("alive\n")


async def _away(_: Request, __: Exception) -> Response:
    return Response(status_code=503)


def _readiness(health: Health) -> Callable[[Request], Awaitable[Response]]:
    async def readyz(_: Request) -> Response:
        seen = await health.look()
        return _json({"ready": seen.ready, "stopping": seen.stopping, "parts": seen.parts}, 200 if seen.ready else 503)

    return readyz


def _metrics(metrics: Metrics) -> Callable[[Request], Awaitable[Response]]:
    async def render(_: Request) -> Response:
        return Response(metrics.render(), headers={"content-type": CONTENT_TYPE})

    return render


class _Advance(msgspec.Struct, frozen=True):
    advance_s: Annotated[float, msgspec.Meta(ge=0, le=MAX_ADVANCE_S)]


def _test_routes(parts: AppParts) -> list[Route]:
    """POST /_test/clock, which does not exist outside a test environment with a test clock (X15)."""
    clock = parts.clock
    if parts.settings.env is not Environment.TEST or not isinstance(clock, TestClock):
        return []

    async def advance(request: Request) -> Response:
        try:
            body = await read_body(request.receive, request.headers.raw, max_bytes=MAX_CLOCK_BODY_BYTES)
            wanted = msgspec.json.decode(body, type=_Advance)
        except BodyTooLarge:
            raise HTTPException(413) from None
        except msgspec.ValidationError:
            raise HTTPException(422, f"advance_s must be a number of seconds from 0 to {MAX_ADVANCE_S}") from None
        except (msgspec.DecodeError, ClientGone):
            raise HTTPException(400, 'send {"advance_s": seconds}') from None
        clock.advance(wanted.advance_s)
        await parts.advanced()
        return _json({"now": clock.now()}, 200)

    return [Route("/_test/clock", advance, methods=["POST"])]


def _json(data: object, status: int) -> Response:
    return Response(msgspec.json.encode(data), status, media_type="application/json")
