"""Typing indicators: shown when an answer takes longer than a moment, repeated until it is there (C29)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from channels.base import Channel
from engine.message import Address, EventKind
from engine.ports import Grant
from gateway.rows import read_event

GRACE_S = 0.3
"""A turn that ends sooner shows nothing: an indicator after its answer would be a lie."""


class Typing:
    """Shows typing while a turn is under way; failures never reach the turn."""

    def __init__(self, channels: Mapping[str, Channel]) -> None:
        self._channels = channels

    @contextmanager
    def during(self, grant: Grant) -> Iterator[None]:
        """Around one turn."""
        loop = asyncio.get_running_loop()
        shown: list[asyncio.Task[None]] = []
        timer = loop.call_later(GRACE_S, lambda: shown.append(loop.create_task(self._show(grant))))
        try:
            yield
        finally:
            timer.cancel()
            for task in shown:
                task.cancel()

    async def _show(self, grant: Grant) -> None:
        address = _spoken_from(grant)
        channel = self._channels.get(address.channel) if address else None
        if address is None or channel is None or channel.kind.limits.typing_refresh_s is None:
            return
        while True:
            await channel.typing(address)
            await asyncio.sleep(channel.kind.limits.typing_refresh_s)


def _spoken_from(grant: Grant) -> Address | None:
    for _, blob in grant.inbox:
        event = read_event(blob)
        if event.kind in (EventKind.MESSAGE, EventKind.OPTION):
            return event.address
    return None
