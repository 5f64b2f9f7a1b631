"""The webhook door: what a provider posts is durable, or known to need nothing, before it is answered 2xx (C6).

The order is the promise: known channel, method, size, signature, content type, readable, taken. Nothing is decoded
before the signature is right, and nothing but the store is waited for (C14).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass

import structlog
from starlette.types import Receive, Scope, Send

from channels.base import Answer, Channel, Inbound, Refusal, Verified
from engine.errors import StoreAway
from engine.message import Event
from engine.ports import NO_SPANS, Failpoints, Spans
from gateway.bodies import BodyTooLarge, ClientGone, read_body
from gateway.intake import Intake
from gateway.metrics import Metrics
from gateway.mishap import Mishap

HOOKS = "/webhooks/"
MAX_BODY_BYTES = 1_000_000
"""C7."""
ACCEPT_S = 2.0
"""A store that needs longer is away (C13)."""
MAX_ACKNOWLEDGING = 256
"""At once. A provider that hangs keeps each for its deadline; beyond this a button spins a little longer (C14)."""

_ONLY_POST = (b"allow", b"POST")
_BODILESS = 204
"""A status whose answer may not even name a length (RFC 9110, 8.6)."""

_log = structlog.get_logger("frontdesk.door")


@dataclass(frozen=True, kw_only=True)
class _Read:
    """A request that was authentic and readable."""

    verified: Verified
    events: list[Event]
    answer: Answer


class Door:
    """The ASGI app below HOOKS; knows channels by their webhook's name, which is the path's rest, and nothing else
    about them."""

    def __init__(
        self,
        *,
        channels: Mapping[str, Channel],
        intake: Intake,
        failpoints: Failpoints,
        metrics: Metrics,
        spans: Spans = NO_SPANS,
    ) -> None:
        self._channels = channels
        self._intake = intake
        self._failpoints = failpoints
        self._metrics = metrics
        self._spans = spans
        self._acknowledging: set[asyncio.Task[None]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request: with the channel's own answer, or a refusal without a body; a client that left half-way
        gets none."""
        began = time.perf_counter()
        try:
            answer = await self._traced(scope, receive)
        except ClientGone:
            return
        await send({"type": "http.response.start", "status": answer.status, "headers": _headers(answer)})
        await send({"type": "http.response.body", "body": answer.body})
        self._metrics.webhook(answer.status, time.perf_counter() - began)

    async def _traced(self, scope: Scope, receive: Receive) -> Answer:
        """A path that is no door of ours is a stranger's words, and leaves no trace."""
        name = scope["path"].removeprefix(HOOKS)
        if not self._spans.on or name not in self._channels:
            return await self._answer(scope, receive)
        with self._spans.of(f"webhook {name}"):
            answer = await self._answer(scope, receive)
            self._spans.note(**{"http.response.status_code": answer.status})
            return answer

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        name = scope["path"].removeprefix(HOOKS)
        channel = self._channels.get(name)
        if channel is None:
            return Answer(status=404)
        if scope["method"] != "POST":
            return Answer(status=405)
        try:
            body = await read_body(receive, scope["headers"], max_bytes=MAX_BODY_BYTES)
        except BodyTooLarge:
            return Answer(status=413)
        read = _read(name, channel, _inbound(scope, body))
        if isinstance(read, int):
            return Answer(status=read)
        self._failpoints.reach("received")
        if not await self._taken(name, read.events):
            return Answer(status=503)
        self._acknowledge(channel, read.verified)
        self._failpoints.reach("accepted")
        return read.answer

    async def _taken(self, name: str, events: list[Event]) -> bool:
        """All of them or, for the provider to deliver again, not all: what was taken is then a duplicate (C11)."""
        if not events:
            self._metrics.unusable()
            return True
        try:
            async with asyncio.timeout(ACCEPT_S):
                for event in events:
                    await self._intake.take(event)
        except (StoreAway, TimeoutError) as error:
            _log.warning("webhook not taken", channel=name, exc_info=error)
            return False
        return True

    def _acknowledge(self, channel: Channel, verified: Verified) -> None:
        if not verified.urgent or len(self._acknowledging) >= MAX_ACKNOWLEDGING:
            return
        task = asyncio.create_task(channel.acknowledge(verified))
        self._acknowledging.add(task)
        task.add_done_callback(self._acknowledging.discard)


def _read(name: str, channel: Channel, inbound: Inbound) -> _Read | int:
    """What the channel makes of it, or the status to refuse it with: 400 also for what its file did not foresee."""
    with Mishap("webhook unreadable", channel=name):
        verified = channel.verify(inbound)
        if isinstance(verified, Refusal):
            _log.info("webhook refused", channel=name, status=verified.status, reason=verified.reason)
            return verified.status
        return _Read(verified=verified, events=channel.parse(verified), answer=channel.answer(verified))
    return 400


def _headers(answer: Answer) -> list[tuple[bytes, bytes]]:
    headers = [] if answer.status == _BODILESS else [(b"content-length", b"%d" % len(answer.body))]
    if answer.content_type:
        headers.append((b"content-type", answer.content_type.encode()))
    if answer.status == 405:
        headers.append(_ONLY_POST)
    return headers


def _inbound(scope: Scope, body: bytes) -> Inbound:
    return Inbound(
        method=scope["method"],
        path=scope["path"],
        query=scope["query_string"],
        headers=tuple([(name.decode("latin-1"), value) for name, value in scope["headers"]]),
        body=body,
    )
