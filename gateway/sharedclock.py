"""Test clocks of several processes on one store, kept together: the one that is furthest ahead is right (X15)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress

from engine.errors import StoreAway
from engine.store import Records
from gateway.clock import TestClock

FOLLOW_S = 0.1
KIND, KEY = "clock", "test"
NEAR_S = 0.001
"""Clocks that are closer than this are the same."""


class SharedClock:
    """One process's clock, and how far any of them is ahead of the machine's uptime, which all processes share."""

    def __init__(self, clock: TestClock, records: Records, *, real: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._records = records
        self._real = real

    async def meet(self) -> bool:
        """Go to the time of whoever is ahead, or say that we are; tells whether our clock was moved."""
        while True:
            kept = await self._records.get(KIND, KEY)
            ours = self._clock.now().timestamp() - self._real()
            ahead_s = float(kept.blob) - ours if kept else float("-inf")
            if ahead_s > NEAR_S:
                self._clock.advance(ahead_s)
                return True
            if ahead_s > -NEAR_S:
                return False
            if await self._records.put(KIND, KEY, repr(ours).encode(), expect=kept.version if kept else 0):
                return False

    async def advanced(self) -> None:
        """Our clock was moved: return once all others have had the time to follow."""
        await self.meet()
        await asyncio.sleep(2 * FOLLOW_S)

    async def follow(self, moved: Callable[[], None]) -> None:
        """Go where the others go and call `moved` each time, until cancelled."""
        while True:
            with suppress(StoreAway):
                if await self.meet():
                    moved()
            await asyncio.sleep(FOLLOW_S)
