"""The one road out: rows leave in order, are tried again, given up honestly, and never sent under a lost lease.

Order: rows of one lane leave one after the other; lanes and records go side by side; calls come behind them, and model
jobs behind all. The fewer steps between an answer and `settle`, the fewer copies a crash makes.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from datetime import timedelta
from typing import Any

import msgspec

from engine.errors import StoreAway
from engine.jobs import SummaryJob
from engine.memory import Learned
from engine.message import Event, EventKind, Receipt, Reply, Retry, Sent, Unknown
from engine.ports import ActionRequest
from engine.store import Grant, Settlement
from gateway import memories, sharedcontext
from gateway.evidence import Reported, informed, unwanted
from gateway.fates import BACKOFF_FIRST_S, Fates
from gateway.modeljobs import ModelJobs
from gateway.parcels import Parcel, Round
from gateway.parts import Parts
from gateway.rows import Job, Row, encode, read_row, result_id
from gateway.sharedcontext import Spent
from gateway.ways import Ways
from handoff import waits
from handoff.posts import NarrativeJob, Waited

SEND_DEADLINE_S = 10.0
"""One send, whatever the other side does (C36)."""
LOOK_AGAIN_S = 0.1
"""Somebody may have opted out while the row before was sent; what takes less is not worth asking the store (X65)."""


class Outbox:
    """Delivers the rows of granted conversations. One per process."""

    def __init__(self, parts: Parts, jobs: ModelJobs, *, chance: random.Random | None = None) -> None:
        self._parts = parts
        self._jobs = jobs
        self._ways = Ways(parts.channels, parts.people, parts.records)
        self._fates = Fates(parts, chance or random.Random())

    async def deliver(
        self,
        grant: Grant,
        held: Callable[[], float],
        *,
        leftover: frozenset[str],
        reported: Reported,
        answered: frozenset[str] = frozenset(),
    ) -> Settlement:
        """Try every row that is due. `held()` is the lease's end (monotonic seconds); `leftover` are rows that an
        earlier holder may have sent already, `reported` what is known to have left, `answered` are model jobs that
        need not be asked any more. Raises LeaseLost."""
        round_ = Round(grant, held, self._parts.clock.now)
        lanes: dict[str, list[Parcel]] = {}
        calls: list[tuple[str, ActionRequest]] = []
        keeping: list[tuple[str, Awaitable[object]]] = []
        jobs: list[tuple[str, Row, Job]] = []
        for id, blob in grant.outbox:
            row = read_row(blob)
            match row.body:
                case Waited() as record:
                    keeping.append((id, waits.keep(self._parts.records, record)))
                case Learned() as record:
                    keeping.append((id, memories.keep(self._parts.records, record, now=round_.now())))
                case Spent() as record:
                    keeping.append((id, sharedcontext.clear(self._parts.records, record)))
                case ActionRequest() as request:
                    calls.append((id, request))
                case SummaryJob() | NarrativeJob() as job:
                    jobs.append((id, row, job))
                case body:
                    row = informed(row, reported.get(id, ()), repeated=id in leftover)
                    parcel = Parcel(id=id, row=row, body=body, way=self._ways.of(body))
                    lanes.setdefault(parcel.way.lane, []).append(parcel)
        try:
            await _side_by_side([self._lane(parcels, leftover, round_) for parcels in lanes.values()])
        finally:
            await _kept(keeping, round_)
        for id, request in calls:
            round_.check()
            await self._call(id, request, round_)
        for id, row, job in jobs:
            if id in answered:
                round_.done.append(id)
            else:
                self._jobs.see(id, row, job, round_)
        await self._fates.bury(round_)
        return round_.settlement()

    async def _lane(self, parcels: list[Parcel], leftover: frozenset[str], round_: Round) -> None:
        grant, looked_at = round_.grant, time.monotonic()
        for parcel in parcels:
            row = parcel.row
            if isinstance(parcel.body, Reply) and time.monotonic() - looked_at > LOOK_AGAIN_S:
                grant = await self._parts.mailbox.settle(grant, Settlement(), keep=True) or grant
                looked_at = time.monotonic()
            if reason := _unwanted(parcel, grant):
                doubted = msgspec.structs.replace(row, doubt=row.doubt or parcel.id in leftover)
                await self._fates.drop(parcel.as_of(doubted), reason, round_)
            elif parcel.id in leftover:
                self._fates.doubt(parcel, round_)
            elif await self._may_leave(parcel, round_):
                again = bool(row.unknown or (row.doubt and not row.parts))
                if again:
                    self._parts.metrics.repeated()
                await self._send(parcel, round_, again=again)

    async def _may_leave(self, parcel: Parcel, round_: Round) -> bool:
        """Is it this row's turn? Rows behind one that waits, and rows whose time has not come, stay."""
        lane = parcel.way.lane
        if lane in round_.unreachable:
            await self._fates.drop(parcel, "the address cannot be reached", round_)
            return False
        waits = self._fates.waits(parcel)
        for until in waits:
            round_.wait(until)
        if waits or lane in round_.blocked:
            round_.blocked.add(lane)
            return False
        return True

    async def _send(self, parcel: Parcel, round_: Round, *, again: bool) -> None:
        """Part after part; each is recorded before the next, so that a crash resumes at the first unsent one (C22)."""
        if parcel.way.patience is None:
            await self._fates.give_up(parcel, f"{parcel.way.account} is not on", round_)
            return
        while True:
            round_.check()
            self._parts.failpoints.reach("before_send")
            with self._parts.spans.of("send", channel=parcel.way.account, again=again):
                receipt = await _carried(parcel, again=again)
                self._parts.spans.note(outcome=type(receipt).__name__.lower())
            self._parts.failpoints.reach("after_send")
            if not isinstance(receipt, Sent) or receipt.complete:
                break
            again = False
            parcel = parcel.as_of(parcel.row.with_sent(receipt.provider_ids))
            progress = Settlement(again=((parcel.id, encode(parcel.row)),))
            now_held = await self._parts.mailbox.settle(round_.grant, progress, keep=True)
            if now_held is not None and (reason := _unwanted(parcel, now_held)):
                await self._fates.drop(parcel, reason, round_)
                return
        await self._fates.decide(parcel, receipt, round_)

    async def _call(self, id: str, request: ActionRequest, round_: Round) -> None:
        """Make a committed call; its outcome returns through the mailbox as a `result` event (W9)."""
        outcome = await self._parts.actions.run(request)
        fields = {
            "key": request.key,
            "outcome": outcome.outcome,
            "facts": msgspec.json.encode(outcome.facts).decode(),
            "certain": "yes" if outcome.certain else "no",
        }
        if outcome.given:
            fields["given"] = msgspec.json.encode(outcome.given).decode()
        if outcome.work is not None:
            fields["work"] = msgspec.json.encode(outcome.work).decode()
        result = Event(
            id=result_id(request.key),
            conversation=round_.grant.conversation,
            kind=EventKind.RESULT,
            at=self._parts.clock.now(),
            address=request.person,
            fields=fields,
            trace=self._parts.spans.here(),
        )
        round_.events.append(result)
        round_.done.append(id)


async def _kept(keeping: Iterable[tuple[str, Awaitable[object]]], round_: Round) -> None:
    for id, stored in keeping:
        try:
            await stored
        except StoreAway:
            round_.wait(round_.now() + timedelta(seconds=BACKOFF_FIRST_S))
        else:
            round_.done.append(id)


async def _side_by_side(runs: Sequence[Coroutine[Any, Any, None]]) -> None:
    """A slow desk or ticket system holds up no customer's lane. What one raises, the others finish first."""
    if len(runs) < 2:
        for run in runs:
            await run
        return
    for raised in await asyncio.gather(*runs, return_exceptions=True):
        if isinstance(raised, BaseException):
            raise raised


def _unwanted(parcel: Parcel, grant: Grant) -> str:
    return unwanted(grant, parcel.body) if isinstance(parcel.body, Reply) else ""


async def _carried(parcel: Parcel, *, again: bool) -> Receipt:
    try:
        async with asyncio.timeout(SEND_DEADLINE_S + 1):
            return await parcel.way.carry(parcel.row, again=again)
    except TimeoutError:
        return Unknown(reason="deadline")
    except StoreAway:
        return Retry(reason="the store is away")
