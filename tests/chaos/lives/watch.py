"""Lives a life from its first step to its last, looks after each, and says what was broken with the way there."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

from handoff.hours import read_hours
from handoff.policy import DeskPolicy, ReplyPolicy, Tickets
from tests.chaos.lives import end_rules
from tests.chaos.lives.case_rules import Eye
from tests.chaos.lives.drive import Drive
from tests.chaos.lives.history import History
from tests.chaos.lives.life import Broken, Life, life
from tests.chaos.lives.word_rules import Ear

REST_EVERY = 25
"""Steps; then all must come to rest, and what can only be seen at rest is looked at."""
TOLD = 25
"""The last deeds that a failure tells."""


@dataclass(frozen=True, kw_only=True)
class Lived:
    """A life that is over: what happened, and the first things that were broken."""

    history: History
    broken: list[str]


async def lived(folder: Path, seed: int, monkeypatch: pytest.MonkeyPatch, *, steps: int) -> Lived:
    """Live `steps` steps, or fewer when something breaks."""
    async with life(folder, seed, policy_of(seed), monkeypatch, processes=1 + seed % 3 // 2) as one:
        watch = _Watch(one)
        broken: list[str] = []
        try:
            for step in range(1, steps + 1):
                broken = await watch.step(rest=step % REST_EVERY == 0 or step == steps)
                if broken:
                    break
        except Broken as found:
            broken = [str(found)]
        return Lived(history=one.history, broken=broken)


def told(seed: int, found: Lived) -> str:
    """What a failure says: the rules, the way there, and how to go it once more."""
    way = found.history.deeds[-TOLD:]
    again = f'make chaos ARGS="-k random_life --desk-seed {seed}"'
    return "\n  ".join([f"in life {seed}:", *found.broken[:5], "after:", *way, f"once more: {again}"])


def policy_of(seed: int) -> DeskPolicy:
    """A desk's rules: every second one has opening hours, replies and tickets are handled in every way in turn."""
    chance = random.Random(f"policy:{seed}")
    return DeskPolicy(
        hours=read_hours("Mon-Fri 09:00-17:00" if seed % 2 else "", "Europe/Berlin"),
        queues=("billing", "tech"),
        ticket=list(Tickets)[seed % len(Tickets)],
        reply_policy=chance.choice((ReplyPolicy.CLAIMER, ReplyPolicy.CLAIMER, ReplyPolicy.ANY, ReplyPolicy.EXPLICIT)),
    )


class _Watch:
    """What is kept between two looks."""

    def __init__(self, one: Life) -> None:
        self._life, self._drive = one, Drive(one)
        self._eye = Eye(one.history, self._drive.again)
        self._ear = Ear(one.history, self._drive.office.words, one.policy)

    async def step(self, *, rest: bool) -> list[str]:
        """One step; gives what is broken after it."""
        await self._drive.step()
        found = self._looks()
        if rest and not found:
            await self._life.settles()
            found = self._looks() or await end_rules.broken(self._life, self._ear)
        if rest and not found:
            found = await end_rules.answered(self._life)
            found = self._looks(found)
        return found

    def _looks(self, found: Iterable[str] = ()) -> list[str]:
        return [*found, *self._eye.broken(), *self._ear.broken()]
