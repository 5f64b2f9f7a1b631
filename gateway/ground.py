"""What a desk stands on before it has channels: settings, a clock, an open store, a way out to the network."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from engine.errors import SettingsError
from engine.ports import NO_SPANS, Clock, Failpoints, Spans
from engine.store import Records
from gateway import failpoints
from gateway.clock import SystemClock, TestClock
from gateway.masks import Mask
from gateway.metrics import Metrics
from gateway.roles import Role
from gateway.settings import Settings
from gateway.sharedclock import SharedClock
from gateway.stores.store import Store
from gateway.tracevariables import ENDPOINT


async def _nothing() -> None:
    """Nothing is left to do."""


Finish = Callable[[], Coroutine[Any, Any, None]]
Opener = Callable[[Clock], Awaitable[Store]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Ground:
    """What a desk stands on before it has channels. `together` keeps test clocks where processes share the store;
    `finish` sees the last spans out."""

    settings: Settings
    environ: Mapping[str, str]
    clock: Clock
    failpoints: Failpoints
    store: Store
    session: aiohttp.ClientSession
    together: SharedClock | None = None
    role: Role = Role.WHOLE
    metrics: Metrics = field(default_factory=Metrics)
    spans: Spans = NO_SPANS
    finish: Finish = _nothing


async def open_ground(
    settings: Settings,
    environ: Mapping[str, str],
    opener: Opener,
    opening: AsyncExitStack,
    *,
    role: Role = Role.WHOLE,
) -> Ground:
    """Open the store, and what closes it at the end. Raises what the store's opening raises."""
    clock: Clock = TestClock.parse(settings.clock) if settings.clock else SystemClock()
    store = await opener(clock)
    opening.push_async_callback(store.close)
    together = SharedClock(clock, store.records) if isinstance(clock, TestClock) and store.news else None
    if together:
        await together.meet()
    metrics = Metrics()
    spans, finish = await _traces(settings, store.records, metrics)
    opening.push_async_callback(finish)
    # No cookies (X44): one customer's would travel with the next one's request.
    session = await opening.enter_async_context(aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()))
    return Ground(
        settings=settings,
        environ=environ,
        clock=clock,
        failpoints=failpoints.parse(settings.failpoint),
        store=store,
        session=session,
        together=together,
        role=role,
        metrics=metrics,
        spans=spans,
        finish=finish,
    )


async def _traces(settings: Settings, records: Records, metrics: Metrics) -> tuple[Spans, Finish]:
    """Where spans go, and what sees the last of them out. Raises SettingsError."""
    if settings.otlp_endpoint is None:
        return NO_SPANS, _nothing
    try:
        from gateway.tracing import Terms, Tracing  # noqa: PLC0415 - with their SDK: only where an endpoint is named
    except ImportError:
        remedy = "install it: pip install '.[otel]', or remove the endpoint"
        raise SettingsError(f"{ENDPOINT} is set, but OpenTelemetry is not installed; {remedy}") from None
    given = settings.pseudonym_key
    terms = Terms(
        endpoint=settings.otlp_endpoint,
        headers=settings.otlp_sent,
        service=settings.service_name,
        sampler=settings.traces_sampler,
        share=settings.traces_share,
        mask=Mask(settings.secrets()),
        key=given.get_secret_value().encode() if given else await pseudonym_key(records),
    )
    tracing = Tracing(terms, metrics.spans)
    return tracing, tracing.finish


async def time_moved(ground: Ground, then: Callable[[], Awaitable[None]]) -> None:
    """The test clock was moved: first it counts in every process, then comes what is due."""
    if ground.together:
        await ground.together.advanced()
    await then()


async def pseudonym_key(records: Records) -> bytes:
    """The key of the names that stand for people in logs: made once, kept in the store (X61)."""
    await records.put("key", "pseudonyms", secrets.token_bytes(32), expect=0)
    kept = await records.get("key", "pseudonyms")
    return kept.blob if kept else secrets.token_bytes(32)
