"""Kills and stalls processes at random moments, and starts them again."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.chaos.rig.plan import Plan
from tests.chaos.rig.processes import Process

PAUSE_S = (0.1, 1.0)
"""From a death to the next start."""
MOMENT_S = 0.4
"""A blow falls within this time of the message that it is due at."""
STARTING = 0.1
"""Share of victims that are struck while they start."""
OUTLASTS = (1.1, 1.5)
"""Stalls are that many leases long."""
WATCHED_S = 0.02


@dataclass(frozen=True, kw_only=True)
class Blow:
    """What happens after so many messages."""

    messages: int
    stalls: bool


def blows(plan: Plan, chance: random.Random) -> list[Blow]:
    """All of a run's, in the order in which they fall: none before the first messages, none after the last."""
    kinds = [False] * plan.kills + [True] * plan.stalls
    chance.shuffle(kinds)
    at = sorted(chance.uniform(0.03, 0.97) * plan.messages for _ in kinds)
    return [Blow(messages=int(when), stalls=stalls) for when, stalls in zip(at, kinds, strict=True)]


class Killer:
    """Strikes a process that is up; meanwhile those it struck before come back."""

    def __init__(self, plan: Plan, victims: Sequence[Process], chance: random.Random) -> None:
        self.struck = 0
        self._last_blow = 0.0
        self._rising: set[Process] = set()
        self._plan, self._victims, self._chance = plan, victims, chance

    async def work(self, messages: Callable[[], int], enough: asyncio.Event) -> None:
        """Every blow when its time has come, until it is enough. Raises what a victim's new start raises."""
        async with asyncio.TaskGroup() as recovering:
            for blow in blows(self._plan, self._chance):
                while messages() < blow.messages or not self._standing():
                    if enough.is_set():
                        return
                    await asyncio.sleep(WATCHED_S)
                await asyncio.sleep(self._chance.uniform(0.0, MOMENT_S))
                victim = self._chance.choice(self._standing())
                self.struck += 1
                self._last_blow = time.monotonic()
                if blow.stalls:
                    seconds = self._plan.lease_s * self._chance.uniform(*OUTLASTS)
                    recovering.create_task(victim.stall(seconds))
                else:
                    self._rising.add(victim)
                    await victim.kill()
                    recovering.create_task(self._start(victim))
                await asyncio.sleep(WATCHED_S)

    def aftermath_s(self) -> float:
        """What is left of the last blow: until the lease of whoever was struck has ended."""
        return self._last_blow + self._plan.lease_s - time.monotonic()

    def _standing(self) -> list[Process]:
        """Those who are up. Raises Ended when one fell by itself."""
        for victim in self._victims:
            victim.check()
        return [victim for victim in self._victims if victim.ready.is_set() and victim not in self._rising]

    async def _start(self, victim: Process) -> None:
        """Bring it back, some only at the second attempt; nobody strikes it before, or it would be started twice."""
        await asyncio.sleep(self._chance.uniform(*PAUSE_S))
        if self._chance.random() < STARTING:
            starting = asyncio.create_task(victim.start())
            await asyncio.sleep(self._chance.uniform(*PAUSE_S))
            starting.cancel()
            await asyncio.gather(starting, return_exceptions=True)
            await victim.kill()
        await victim.start()
        self._rising.discard(victim)
