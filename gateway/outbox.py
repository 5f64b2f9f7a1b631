"""The one road out: rows leave in order, are tried again, given up honestly, and never sent under a lost lease.

Order: rows of one address leave one after the other; calls and journal rows do not wait for them.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec
import structlog

from engine.errors import LeaseLost, StoreAway
from engine.message import Event, EventKind, Reach, Receipt, Refused, Reply, Retry, Scope, Sent, Unknown
from engine.ports import ActionRequest, Grant, Settlement
from engine.turn import Notes
from gateway.evidence import Reported, informed, opted_out
from gateway.parts import Parts
from gateway.rows import Row, encode, read_row, result_id

SEND_DEADLINE_S = 10.0
"""One send, whatever the other side does (C36)."""
BACKOFF_FIRST_S, BACKOFF_MOST_S = 1.0, 300.0
"""Waits between tries double from the first to the most, with full jitter (C32)."""
ACCOUNT_WAIT_S = 60.0
"""How long rows wait when our own account is refused (C37)."""
LEASE_MARGIN_S = 0.5
DOUBT_WAIT_S = 1.0
"""Before a row that a dead holder may have sent is sent again: its last request may still be on its way."""

OPTED_OUT = "the person opted out"
"""Why a row was dropped (X65)."""

_log = structlog.get_logger("outbox")


class Dead(msgspec.Struct, frozen=True, kw_only=True):
    """A reply that was given up, kept for an operator to see and retry (F8)."""

    reply: Reply
    reason: str
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class _Letter:
    """A reply row on its way; `lane` is whom it must not overtake."""

    id: str
    row: Row
    reply: Reply

    @property
    def lane(self) -> str:
        address = self.reply.address
        return f"{address.channel}:{address.chat}:{address.thread}"

    @property
    def channel(self) -> str:
        return self.reply.address.channel


@dataclass(slots=True)
class _Round:
    """What came of one conversation's rows so far."""

    done: list[str] = field(default_factory=list)
    again: list[tuple[str, bytes]] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    dead: list[tuple[_Letter, str]] = field(default_factory=list)
    due: datetime | None = None
    blocked: set[str] = field(default_factory=set)
    """Lanes whose earlier row has not left yet."""
    unreachable: set[str] = field(default_factory=set)

    def wait(self, until: datetime) -> None:
        self.due = until if self.due is None else min(self.due, until)

    def give_up(self, letter: _Letter, reason: str) -> None:
        self.done.append(letter.id)
        self.dead.append((letter, reason))
        _log.warning("a reply was given up", row=letter.id, channel=letter.channel, reason=reason)


class Outbox:
    """Delivers the rows of granted conversations. One per process."""

    def __init__(self, parts: Parts, *, chance: random.Random | None = None) -> None:
        self._parts = parts
        self._chance = chance or random.Random()
        self._account_until: dict[str, datetime] = {}

    async def deliver(
        self, grant: Grant, held: Callable[[], float], *, leftover: frozenset[str], reported: Reported
    ) -> Settlement:
        """Try every row that is due. `held()` is the lease's end (monotonic seconds); `leftover` are rows that an
        earlier holder may have sent already, `reported` what is known to have left. Raises LeaseLost rather than send
        late (store.md rule 5)."""
        round_ = _Round()
        unwanted = opted_out(grant)
        for id, blob in grant.outbox:
            row = read_row(blob)
            match row.body:
                case Notes():
                    await self._journal(id, row.body, round_)
                case ActionRequest():
                    _check(held)
                    await self._call(grant.conversation, id, row.body, round_)
                case Reply() as reply:
                    row = informed(row, reported.get(id, ()), repeated=id in leftover)
                    letter = _Letter(id=id, row=row, reply=reply)
                    if unwanted:
                        self._drop(letter, OPTED_OUT, round_)
                    elif id in leftover and not row.doubt:
                        self._doubt(letter, round_)
                    elif self._may_leave(letter, round_):
                        if row.unknown or (row.doubt and not row.parts):
                            self._parts.metrics.repeated()
                        await self._send(grant, letter, held, round_)
        await self._bury(round_)
        return Settlement(
            done=tuple(round_.done), again=tuple(round_.again), events=tuple(round_.events), due=round_.due
        )

    async def _journal(self, id: str, notes: Notes, round_: _Round) -> None:
        try:
            await self._parts.records.add("journal", notes.conversation, id, encode(notes))
        except StoreAway:
            round_.wait(self._parts.clock.now() + timedelta(seconds=BACKOFF_FIRST_S))
            return
        round_.done.append(id)

    async def _call(self, conversation: str, id: str, request: ActionRequest, round_: _Round) -> None:
        """Make a committed call; its outcome returns through the mailbox as a `result` event (W9)."""
        outcome = await self._parts.actions.run(request)
        fields = {
            "key": request.key,
            "outcome": outcome.outcome,
            "facts": msgspec.json.encode(outcome.facts).decode(),
            "certain": "yes" if outcome.certain else "no",
        }
        result = Event(
            id=result_id(request.key),
            conversation=conversation,
            kind=EventKind.RESULT,
            at=self._parts.clock.now(),
            address=request.person,
            fields=fields,
        )
        round_.events.append(result)
        round_.done.append(id)

    def _doubt(self, letter: _Letter, round_: _Round) -> None:
        due = self._parts.clock.now() + timedelta(seconds=DOUBT_WAIT_S)
        row = msgspec.structs.replace(letter.row, doubt=True, due=max(due, letter.row.due or due))
        round_.again.append((letter.id, encode(row)))
        round_.blocked.add(letter.lane)
        round_.wait(due)

    def _may_leave(self, letter: _Letter, round_: _Round) -> bool:
        """Is it this row's turn? Rows behind one that waits, and rows whose time has not come, stay."""
        if letter.lane in round_.unreachable:
            self._drop(letter, "the address cannot be reached", round_)
            return False
        times = [until for until in (letter.row.due, self._account_until.get(letter.channel)) if until]
        waits = [until for until in times if until > self._parts.clock.now()]
        for until in waits:
            round_.wait(until)
        if waits or letter.lane in round_.blocked:
            round_.blocked.add(letter.lane)
            return False
        return True

    def _drop(self, letter: _Letter, reason: str, round_: _Round) -> None:
        self._parts.metrics.sent("dropped")
        round_.give_up(letter, reason)

    async def _send(self, grant: Grant, letter: _Letter, held: Callable[[], float], round_: _Round) -> None:
        """Part after part; each is recorded before the next, so that a crash resumes at the first unsent one (C22)."""
        channel = self._parts.channels.get(letter.channel)
        if channel is None:
            round_.give_up(letter, "the channel is not on")
            return
        while True:
            _check(held)
            self._parts.failpoints.reach("before_send")
            try:
                async with asyncio.timeout(SEND_DEADLINE_S + 1):
                    receipt = await channel.send(letter.reply, letter.row.parts)
            except TimeoutError:
                receipt = Unknown(reason="deadline")
            self._parts.failpoints.reach("after_send")
            if not isinstance(receipt, Sent) or receipt.complete:
                break
            letter = _Letter(id=letter.id, row=letter.row.with_sent(receipt.provider_ids), reply=letter.reply)
            progress = Settlement(again=((letter.id, encode(letter.row)),))
            now_held = await self._parts.mailbox.settle(grant, progress, keep=True)
            if now_held is not None and opted_out(now_held):
                self._drop(letter, OPTED_OUT, round_)
                return
        self._receipt(letter, receipt, round_)
        if isinstance(receipt, Refused) and receipt.reach is Reach.OPTED_OUT:
            round_.events.append(self._opted_out(grant.conversation, letter.id))

    def _opted_out(self, conversation: str, row: str) -> Event:
        """The provider knew it before us: the conversation learns it by the same door as everything else (C37)."""
        return Event(
            id=f"optout:{row}",
            conversation=conversation,
            kind=EventKind.OPT_OUT,
            at=self._parts.clock.now(),
            fields={"ref": row},
        )

    def _receipt(self, letter: _Letter, receipt: Receipt, round_: _Round) -> None:
        """What a provider's answer means for the row, its lane and our account."""
        match receipt:
            case Sent():
                round_.done.append(letter.id)
                self._parts.metrics.sent("sent")
                if self._account_until.pop(letter.channel, None):
                    self._parts.trouble(letter.channel, "")
            case Retry():
                self._parts.metrics.sent("retry")
                wait_s = max(receipt.after_s * self._chance.uniform(1.0, 1.1), self._backoff_s(letter))
                if receipt.scope is Scope.ACCOUNT:
                    self._hold_account(letter.channel, wait_s)
                self._again(letter, round_, after_s=wait_s, reason=receipt.reason)
            case Unknown():
                self._unknown(letter, receipt, round_)
            case Refused(reach=Reach.ACCOUNT):
                self._hold_account(letter.channel, ACCOUNT_WAIT_S)
                self._parts.trouble(letter.channel, receipt.reason)
                self._again(letter, round_, after_s=ACCOUNT_WAIT_S, reason=receipt.reason)
            case Refused():
                self._parts.metrics.sent("refused")
                round_.give_up(letter, receipt.reason)
                if receipt.reach is not Reach.OK:
                    round_.unreachable.add(letter.lane)

    def _unknown(self, letter: _Letter, receipt: Unknown, round_: _Round) -> None:
        """It may have arrived: once more after the channel's wait (C34), then under back-off; each is counted."""
        self._parts.metrics.unknown()
        wait_s = self._parts.channels[letter.channel].kind.limits.unknown_wait_s
        if letter.row.unknown:
            wait_s = self._backoff_s(letter)
        row = msgspec.structs.replace(letter.row, unknown=letter.row.unknown + 1)
        again = _Letter(id=letter.id, row=row, reply=letter.reply)
        self._again(again, round_, after_s=wait_s, reason=receipt.reason)

    def _hold_account(self, channel: str, wait_s: float) -> None:
        self._account_until[channel] = self._parts.clock.now() + timedelta(seconds=wait_s)

    def _backoff_s(self, letter: _Letter) -> float:
        return self._chance.uniform(0.0, min(BACKOFF_FIRST_S * 2.0**letter.row.tries, BACKOFF_MOST_S))

    def _again(self, letter: _Letter, round_: _Round, *, after_s: float, reason: str) -> None:
        """Try later, until the channel's send deadline; then the row is dead, and an operator can see it (C32)."""
        now = self._parts.clock.now()
        limits = self._parts.channels[letter.channel].kind.limits
        if now >= letter.row.since + timedelta(seconds=limits.send_deadline_s):
            self._parts.metrics.sent("dead")
            round_.give_up(letter, reason)
            return
        due = now + timedelta(seconds=after_s)
        row = msgspec.structs.replace(letter.row, due=due, tries=letter.row.tries + 1)
        round_.again.append((letter.id, encode(row)))
        round_.blocked.add(letter.lane)
        round_.wait(due)
        _log.info("a send waits", row=letter.id, channel=letter.channel, reason=reason, after_s=round(after_s, 2))

    async def _bury(self, round_: _Round) -> None:
        for letter, reason in round_.dead:
            dead = Dead(reply=letter.reply, reason=reason, at=self._parts.clock.now())
            await self._parts.records.put("dead", letter.id, encode(dead))


def _check(held: Callable[[], float]) -> None:
    if time.monotonic() > held() - LEASE_MARGIN_S:
        raise LeaseLost("the lease ended before a send")
