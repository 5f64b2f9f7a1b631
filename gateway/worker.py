"""The worker: takes events in, holds conversations under a lease, turns them, sees their rows out.

    take ─▶ mailbox.accept ─▶ grant ─▶ turn ─▶ mailbox.commit ─▶ outbox ─▶ mailbox.settle ─▶ next grant, or rest

Nothing sleeps in memory: what waits has a due time in the store, and the sweep finds it (I12).
"""

from __future__ import annotations

import asyncio
import random
import time
from contextlib import suppress
from datetime import timedelta

import msgspec
import structlog

from engine.errors import LeaseLost, StoreAway
from engine.message import Event
from engine.store import Accepted, Grant, Settlement
from gateway.elsewhere import Elsewhere
from gateway.evidence import reported_parts
from gateway.modeljobs import ModelJobs, answered_jobs
from gateway.outbox import Outbox
from gateway.parts import Parts
from gateway.quarantine import Quarantine
from gateway.turns import MOST_RAISES, Turns, places
from gateway.typing import Typing

SWEEP_S = 0.25
HEARTBEAT_S = 3.0
SETTLE_AGAIN_S = 1.0
"""Between tries to settle while the store is away; well within a lease, so a short absence repeats no send (F35)."""
CONCURRENT = 256
"""Conversations one process holds at a time; what comes beyond waits in the store."""
STOP_WITHIN_S = 10.0
ALBUM_WAIT_S = 1.0
"""An album's parts arrive one by one; the turn waits this long for them (C43)."""
MOST_GRANTS = 5
"""A conversation granted this often without a commit has its events set aside (F27)."""

_log = structlog.get_logger("worker")


class Worker:
    """One process's worker; also the `Intake` of its doors."""

    def __init__(self, parts: Parts, *, serve: bool = True, chance: random.Random | None = None) -> None:
        """With `serve` False events are only accepted; another process works on them. `chance` is that of back-offs."""
        self._parts = parts
        self._mailbox = parts.mailbox
        self._failpoints = parts.failpoints
        self._count = parts.metrics
        self._spans = parts.spans
        self._quarantine = Quarantine(
            mailbox=parts.mailbox,
            records=parts.records,
            clock=parts.clock,
            book=parts.book,
            limits=parts.limits,
        )
        self._elsewhere = Elsewhere(
            parts.mailbox, parts.records, book=parts.book, clock=parts.clock, lacking=parts.lacking
        )
        self._turns = Turns(parts, self._quarantine)
        self._jobs = ModelJobs(parts, self.take)
        self._outbox = Outbox(parts, self._jobs, chance=chance)
        self._typing = Typing(parts.channels)
        self._serve = serve
        self._held: dict[str, Grant] = {}
        self._sending: set[str] = set()
        """Tokens of those whose rows are leaving: what has left is not settled yet."""
        self._tasks: set[asyncio.Task[None]] = set()
        self._loops: list[asyncio.Task[None]] = []
        self._stopping = False
        self._woken = asyncio.Event()

    async def take(self, event: Event) -> None:
        """Make an event durable; start on its conversation at once when it is free. Raises StoreAway."""
        with self._spans.of("accept", kind=event.kind.value):
            await self._accept(
                msgspec.structs.replace(event, accepted=self._parts.clock.now(), trace=self._spans.here())
            )

    async def _accept(self, event: Event) -> None:
        delay_s = ALBUM_WAIT_S if "media_group" in event.fields else 0.0
        free = self._serve and not self._stopping and len(self._tasks) < CONCURRENT
        accepted = await self._mailbox.accept(event, want_grant=free and not delay_s, delay_s=delay_s)
        self._count.event(event.kind, _outcome(accepted))
        if accepted.grant is not None:
            self._start(accepted.grant)
        elif accepted.fresh and accepted.taken and not self._serve:
            self._parts.call_workers()

    async def start(self) -> None:
        """Begin sweeping and the heartbeat."""
        if self._serve:
            self._loops = [asyncio.create_task(self._sweep()), asyncio.create_task(self._heartbeat())]

    def wake(self) -> None:
        """Sweep now: another process, or a clock, says that something is due."""
        self._woken.set()

    async def sweep_once(self) -> int:
        """Claim what is due now; gives how many conversations that were."""
        room = CONCURRENT - len(self._tasks)
        if room <= 0 or self._stopping or not self._serve:
            return 0
        grants = await self._mailbox.claim(min(room, 64))
        for grant in grants:
            self._start(grant)
        return len(grants)

    async def sweep_due(self) -> None:
        """Start on everything that is due now (after the test clock moved)."""
        while await self.sweep_once():
            pass

    async def stop(self) -> None:
        """No new claims; turns under way finish, what does not in time is left to its lease's end."""
        self._stopping = True
        self.wake()
        await self._jobs.stop()
        if self._loops:
            await asyncio.wait(self._loops[:1])  # what a claim cut off was granted would be nobody's for a lease
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=STOP_WITHIN_S)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        for loop in self._loops:
            loop.cancel()
        await asyncio.gather(*self._loops, return_exceptions=True)

    async def finished(self) -> None:
        """Until nothing is held by this process and no model is asked behind a reply (for the terminal and
        rehearsals). Raises what killed a turn."""
        while True:
            while self._tasks:
                done, _ = await asyncio.wait(self._tasks)
                for task in done:
                    await task
            await self._jobs.finished()
            if not self._tasks:
                return

    def _start(self, grant: Grant) -> None:
        self._held[grant.token] = grant
        task = asyncio.create_task(self._work(grant))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _work(self, grant: Grant) -> None:
        """Everything one grant leads to, until the conversation rests."""
        token = grant.token
        current: Grant | None = grant
        try:
            while current is not None:
                grant = current
                self._failpoints.reach("claimed")
                current = await self._traced(grant)
        except LeaseLost:
            self._count.turn("lost", 0.0)
            _log.warning("a lease was lost", conversation=grant.conversation)
        except StoreAway as away:
            _log.warning("the store is away", conversation=grant.conversation, why=str(away))
        except Exception:  # noqa: BLE001 - the worker's one catch-all (HOUSE 5): the trace is written, the turn is tried again
            _log.exception("a turn failed", conversation=grant.conversation, attempts=grant.attempts)
            self._count.turn("raised", 0.0)
            await self._try_again(grant)
        finally:
            self._held.pop(token, None)
            self._sending.discard(token)

    async def _traced(self, grant: Grant) -> Grant | None:
        if not self._spans.on:
            return await self._round(grant)
        name = "turn" if grant.inbox or not grant.outbox else "delivery"
        with self._spans.begun(name, places(grant), conversation=grant.conversation):
            return await self._round(grant)

    async def _round(self, grant: Grant) -> Grant | None:
        """One turn, if there is one to take, and every row that is due."""
        leftover = frozenset(id for id, _ in grant.outbox) if grant.repeated else frozenset[str]()
        if grant.attempts > MOST_GRANTS:
            self._count.quarantined()
            aside = await self._quarantine.set_aside(grant, "granted too often without a commit")
            if aside is None:
                return None
            grant = aside
        if await self._elsewhere.leaves(grant):
            return None
        reported, answered = reported_parts(grant), answered_jobs(grant)
        began = time.perf_counter()
        self._typing.begin(grant)
        try:
            turned = await self._turns.take(grant)
        finally:
            self._typing.end(grant)
        if turned is not None:
            self._held[grant.token] = grant = turned
            self._count.turn("committed", time.perf_counter() - began)
        self._sending.add(grant.token)
        settlement = await self._outbox.deliver(
            grant, lambda: self._held_until(grant), leftover=leftover, reported=reported, answered=answered
        )
        self._failpoints.reach("before_settle")
        more = await self._settled(grant, settlement)
        self._sending.discard(grant.token)
        if more is not None and self._stopping and not settlement.events:
            await self._mailbox.release(more)
            return None
        return more

    async def _settled(self, grant: Grant, settlement: Settlement) -> Grant | None:
        """Say what came of the rows until the store hears it: nobody else knows, and who must guess sends twice.

        A repeat changes nothing (I8), and the token ends it when somebody else took over: raises LeaseLost.
        """
        while True:
            try:
                return await self._mailbox.settle(grant, settlement, keep=False)
            except StoreAway as away:
                _log.warning("what was sent is not settled yet", conversation=grant.conversation, why=str(away))
            await asyncio.sleep(SETTLE_AGAIN_S)

    def _held_until(self, grant: Grant) -> float:
        held = self._held.get(grant.token)
        return held.held_until if held else 0.0

    async def _try_again(self, grant: Grant) -> None:
        """Give it back for a later try; an event that raised too often is set aside with an honest line.

        Once rows may have left, nothing but the lease's end says so to whoever comes next (F0).
        """
        if grant.token in self._sending:
            _log.warning("what was being sent is left to its lease's end", conversation=grant.conversation)
            return
        try:
            if grant.attempts >= MOST_RAISES and (poison := self._turns.head(grant)):
                self._count.quarantined()
                aside = await self._quarantine.set_aside(grant, "its turn raised", only=poison)
                await self._mailbox.release(aside or grant)
            else:
                wait = timedelta(seconds=min(2.0 ** (grant.attempts - 1), 30.0))
                await self._mailbox.release(grant, again_at=self._parts.clock.now() + wait)
        except (StoreAway, LeaseLost):
            _log.warning("a failed turn is left to its lease's end", conversation=grant.conversation)

    async def _sweep(self) -> None:
        while not self._stopping:
            try:
                found = await self.sweep_once()
            except StoreAway as away:
                found = 0
                _log.warning("the sweep found the store away", why=str(away))
            with suppress(TimeoutError):
                async with asyncio.timeout(0 if found else SWEEP_S):
                    await self._woken.wait()
            self._woken.clear()

    async def _heartbeat(self) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT_S)
            grants = list(self._held.values())
            if not grants:
                continue
            try:
                for renewed in await self._mailbox.renew(grants):
                    if renewed.token in self._held:
                        self._held[renewed.token] = renewed
            except StoreAway as away:
                _log.warning("the heartbeat found the store away", why=str(away))


def _outcome(accepted: Accepted) -> str:
    if not accepted.taken:
        return "dropped"
    return "taken" if accepted.fresh else "duplicate"
