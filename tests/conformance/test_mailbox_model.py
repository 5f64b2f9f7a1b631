"""Random schedules of verbs against a mailbox made of lists: whatever comes, both say the same."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from engine.errors import LeaseLost
from engine.message import Event
from engine.store import Grant, Settlement
from tests.conformance.events import ids, message, turn

if TYPE_CHECKING:
    from tests.conformance.conftest import StoreUnderTest

pytestmark = pytest.mark.anyio

PEOPLE = ("web:ann", "web:ben", "web:cy")
STEPS = 400


@dataclass
class Model:
    """One conversation as it must be. `token` is who may write; `held` says whether the lease is still there."""

    inbox: list[str] = field(default_factory=list)
    outbox: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    applied: list[str] = field(default_factory=list)
    version: int = 0
    attempts: int = 0
    token: str = ""
    held: bool = False
    ended: bool = False
    due: datetime | None = None
    timer: datetime | None = None

    def free(self, due: datetime | None) -> None:
        self.held = self.ended = False
        self.due = due

    def rest(self, now: datetime, row_due: datetime | None) -> datetime | None:
        if self.inbox or (self.outbox and row_due is None):
            return now
        return min((at for at in (row_due, self.timer) if at), default=None)


class Schedule:
    """A random run: what it does to the store it does to the model, and compares after each step."""

    def __init__(self, store: StoreUnderTest, seed: int) -> None:
        self.store = store
        self.box = store.mailbox
        self.chance = random.Random(seed)
        self.models = {person: Model() for person in PEOPLE}
        self.hands: list[Grant] = []
        self.events = 0

    async def step(self) -> None:
        verbs = (
            self.accept,
            self.accept,
            self.claim,
            self.commit,
            self.commit,
            self.settle,
            self.settle,
            self.give_back,
        )
        await self.chance.choice((*verbs, self.end_leases, self.advance, self.renew))()
        await asyncio.gather(*(self.compare(person, model) for person, model in self.models.items()))

    async def compare(self, person: str, model: Model) -> None:
        stored = await self.box.peek(person)
        if stored is None:
            assert not model.seen
            return
        assert (ids(stored.inbox), ids(stored.outbox)) == (model.inbox, model.outbox)
        assert (stored.version, stored.attempts) == (model.version, model.attempts)
        assert (stored.due, stored.timer) == (model.due, model.timer)
        assert stored.state == ",".join(model.applied).encode()

    async def accept(self) -> None:
        event = self.event()
        model = self.models[event.conversation]
        want, delay_s = self.chance.random() < 0.5, self.chance.choice((0.0, 0.0, 3.0))
        answer = await self.box.accept(event, want_grant=want, delay_s=delay_s)
        assert answer.fresh == (event.id not in model.seen)
        if not answer.fresh:
            assert answer.grant is None
            return
        model.seen.add(event.id)
        model.inbox.append(event.id)
        free = not model.held or model.ended
        assert (answer.grant is not None) == (free and want and not delay_s)
        if answer.grant:
            self.granted(answer.grant)
        elif not model.held:
            due = self.now() + timedelta(seconds=delay_s)
            model.due = min(due, model.due) if model.due else due

    async def claim(self) -> None:
        grants = await self.box.claim(10)
        for grant in grants:
            self.granted(grant)
        late = [model for model in self.models.values() if model.ended or (model.due and model.due <= self.now())]
        assert not late

    async def commit(self) -> None:
        if not self.hands:
            return
        grant = self.hand()
        model = self.models[grant.conversation]
        waiting = ids(grant.inbox)
        consumed = self.chance.sample(waiting, self.chance.randint(0, len(waiting)))
        timer = self.chance.choice((None, self.now() + timedelta(seconds=5)))
        rows = [f"row:{model.version + 1}"]
        change = turn(*consumed, rows=rows, state=",".join([*model.applied, *consumed]).encode(), timer=timer)
        repeat = grant.token == model.token and grant.version == model.version - 1
        fits = grant.token == model.token and model.held and grant.version == model.version
        try:
            after = await self.box.commit(grant, change)
        except LeaseLost:
            assert not (fits or repeat)
            return
        assert fits or repeat
        if fits:
            model.applied += consumed
            model.inbox = [id for id in model.inbox if id not in consumed]
            model.outbox += rows
            model.version, model.attempts, model.timer = model.version + 1, 0, timer
            self.hands.append(after)
        assert (after.version, ids(after.inbox), ids(after.outbox)) == (model.version, model.inbox, model.outbox)

    async def settle(self) -> None:
        if not self.hands:
            return
        grant, keep = self.hand(), self.chance.random() < 0.3
        model = self.models[grant.conversation]
        done = model.outbox[: self.chance.randint(0, 2)]
        event = self.event(grant.conversation)
        due = self.chance.choice((None, self.now() + timedelta(seconds=4)))
        try:
            following = await self.box.settle(grant, Settlement(done=tuple(done), events=(event,), due=due), keep=keep)
        except LeaseLost:
            assert grant.token != model.token
            return
        assert grant.token == model.token
        if not model.held:
            assert following is None
            return
        model.outbox = model.outbox[len(done) :]
        if event.id not in model.seen:
            model.seen.add(event.id)
            model.inbox.append(event.id)
        rest = model.rest(self.now(), due)
        if keep:
            assert following is not None
        elif rest is not None and rest <= self.now():
            assert following is not None
            model.attempts, model.ended = 1, False
            self.hands.append(following)
        else:
            assert following is None
            model.attempts = 0
            model.free(rest)

    async def give_back(self) -> None:
        if not self.hands:
            return
        grant, park = self.hand(), self.chance.random() < 0.3
        model = self.models[grant.conversation]
        await (self.box.park(grant) if park else self.box.release(grant))
        if grant.token == model.token and model.held:
            model.attempts = 0 if park else model.attempts
            model.free(None if park else model.rest(self.now(), None))

    async def renew(self) -> None:
        renewed = {grant.token for grant in await self.box.renew(self.hands)}
        known = {grant.token for grant in self.hands}
        assert renewed == {model.token for model in self.models.values() if model.held and model.token in known}
        for model in self.models.values():
            model.ended = model.ended and model.token not in renewed

    async def end_leases(self) -> None:
        await self.store.end_leases()
        for model in self.models.values():
            model.ended = model.held

    async def advance(self) -> None:
        self.store.clock.advance(self.chance.choice((1, 3, 10)))

    def granted(self, grant: Grant) -> None:
        model = self.models[grant.conversation]
        assert not model.held or model.ended
        assert grant.token not in {other.token for other in self.hands}
        model.token, model.held, model.ended, model.due = grant.token, True, False, None
        model.attempts += 1
        assert (grant.version, grant.attempts) == (model.version, model.attempts)
        assert (ids(grant.inbox), ids(grant.outbox)) == (model.inbox, model.outbox)
        self.hands = [*self.hands[-5:], grant]

    def hand(self) -> Grant:
        """A grant that was given once: mostly the newest, else one that may be stale."""
        return self.hands[-1] if self.chance.random() < 0.6 else self.chance.choice(self.hands)

    def event(self, person: str | None = None) -> Event:
        self.events += self.chance.random() < 0.8
        return message(f"m{self.events}", person or self.chance.choice(PEOPLE))

    def now(self) -> datetime:
        return self.store.clock.now()


@pytest.mark.parametrize("seed", range(12))
async def test_I3_random_schedules_agree_with_the_model(store: StoreUnderTest, seed: int) -> None:
    schedule = Schedule(store, seed)
    for _ in range(STEPS):
        await schedule.step()
    assert sum(model.version for model in schedule.models.values()) > STEPS // 40
