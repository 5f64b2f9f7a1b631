"""Typing indicators: shown when an answer takes longer than a moment, repeated until it is there (C29)."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from channels.base import Channel
from engine.message import Address, EventKind
from engine.store import Grant
from gateway.rows import read_event

GRACE_S = 0.3
"""A turn that ends sooner shows nothing: an indicator after its answer would be a lie."""


class Typing:
    """Shows typing while a turn is under way; failures never reach the turn.

    One timer for all turns, set for the oldest that shows nothing yet: most end before it rings.
    """

    def __init__(self, channels: Mapping[str, Channel]) -> None:
        self._channels = channels
        self._quiet: dict[str, tuple[Grant, float]] = {}
        """By token, in the order in which they began, with when their grace ends."""
        self._shown: dict[str, asyncio.Task[None]] = {}
        self._armed = False

    def begin(self, grant: Grant) -> None:
        """A turn is under way."""
        loop = asyncio.get_running_loop()
        self._quiet[grant.token] = grant, loop.time() + GRACE_S
        if not self._armed:
            self._arm(loop)

    def end(self, grant: Grant) -> None:
        """It is over."""
        if self._quiet.pop(grant.token, None) is None and (showing := self._shown.pop(grant.token, None)):
            showing.cancel()

    def _arm(self, loop: asyncio.AbstractEventLoop) -> None:
        _, ends = next(iter(self._quiet.values()))
        self._armed = True
        loop.call_at(ends, self._look, loop)

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        self._armed = False
        for token, (grant, ends) in list(self._quiet.items()):
            if ends > loop.time():
                break
            del self._quiet[token]
            self._shown[token] = loop.create_task(self._show(grant))
        if self._quiet:
            self._arm(loop)

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
