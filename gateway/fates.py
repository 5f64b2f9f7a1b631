"""What a provider's answer means for a row: gone, again later, given up; and for those that wait behind it."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec
import structlog

from engine.message import EventKind, Reach, Receipt, Refused, Retry, Scope, Sent, Unknown
from gateway.parcels import Parcel, Round
from gateway.parts import Parts
from gateway.rows import Letter, encode
from gateway.ways import refs_of

BACKOFF_FIRST_S, BACKOFF_MOST_S = 1.0, 300.0
"""Waits between tries double from the first to the most, with full jitter (C32)."""
ACCOUNT_WAIT_S = 60.0
"""How long rows wait when our own account is refused (C37)."""
DEAD = "dead"
"""The kind of record that holds what was given up."""
DOUBT_WAIT_S = 1.0
"""Before a row that a dead holder may have sent is sent again: its last request may still be on its way."""

_log = structlog.get_logger("outbox")


class Dead(msgspec.Struct, frozen=True, kw_only=True):
    """What was given up, kept for an operator to see and retry (F8)."""

    body: Letter
    reason: str
    at: datetime


class Fates:
    """Decides what becomes of rows. One per process: a refused account is refused for every conversation."""

    def __init__(self, parts: Parts, chance: random.Random) -> None:
        self._parts = parts
        self._count = parts.metrics
        self._chance = chance
        self._account_until: dict[str, datetime] = {}

    def waits(self, parcel: Parcel) -> list[datetime]:
        """Until when this row must not leave: for its own sake, or for its account's."""
        times: Mapping[str, datetime] = self._account_until
        asked = (parcel.row.due, times.get(parcel.way.account))
        return [until for until in asked if until is not None and until > self._parts.clock.now()]

    def doubt(self, parcel: Parcel, round_: Round) -> None:
        """A holder that ended without settling may have sent it: a moment's wait, then again (F0)."""
        due = self._parts.clock.now() + timedelta(seconds=DOUBT_WAIT_S)
        row = msgspec.structs.replace(parcel.row, doubt=True, due=max(due, parcel.row.due or due))
        round_.stays(parcel, row, due)

    async def drop(self, parcel: Parcel, reason: str, round_: Round) -> None:
        """It is not wanted any more."""
        self._count.sent("dropped")
        await self.give_up(parcel, reason, round_)

    async def decide(self, parcel: Parcel, receipt: Receipt, round_: Round) -> None:
        """What the answer means for the row, its lane and our account."""
        match receipt:
            case Sent():
                await self._left(parcel, receipt, round_)
            case Retry():
                self._count.sent("retry")
                wait_s = max(receipt.after_s * self._chance.uniform(1.0, 1.1), self._backoff_s(parcel))
                if receipt.scope is Scope.ACCOUNT:
                    self._hold_account(parcel, wait_s)
                await self._again(parcel, round_, after_s=wait_s, reason=receipt.reason)
            case Unknown():
                await self._unknown(parcel, receipt, round_)
            case Refused(reach=Reach.ACCOUNT):
                self._hold_account(parcel, ACCOUNT_WAIT_S)
                self._parts.trouble(parcel.way.account, receipt.reason)
                await self._again(parcel, round_, after_s=ACCOUNT_WAIT_S, reason=receipt.reason)
            case Refused():
                self._count.sent("refused")
                self._answers_again(parcel, round_)
                await self.give_up(parcel, receipt.reason, round_)
                if receipt.reach is not Reach.OK:
                    round_.unreachable.add(parcel.way.lane)
                if receipt.reach is Reach.OPTED_OUT:
                    round_.happened(f"optout:{parcel.id}", EventKind.OPT_OUT, {"ref": parcel.id})

    async def give_up(self, parcel: Parcel, reason: str, round_: Round) -> None:
        """It never leaves; an operator can see it. Nobody may read "failed" into what may have arrived (H72)."""
        if parcel.row.doubt or parcel.row.unknown:
            reason = f"{reason}; an earlier try may have arrived"
        round_.done.append(parcel.id)
        round_.dead.append((parcel, reason))
        _log.warning("a row was given up", row=parcel.id, channel=parcel.way.account, reason=reason)
        await self._tell(parcel, reason, round_, {})

    async def bury(self, round_: Round) -> None:
        """Keep what was given up."""
        for parcel, reason in round_.dead:
            dead = Dead(body=parcel.body, reason=reason, at=self._parts.clock.now())
            await self._parts.records.put(DEAD, parcel.id, encode(dead))

    async def _left(self, parcel: Parcel, receipt: Sent, round_: Round) -> None:
        round_.done.append(parcel.id)
        self._count.sent("sent")
        if self._account_until.pop(parcel.way.account, None):
            self._parts.trouble(parcel.way.account, "")
        await self._tell(parcel, None, round_, refs_of(receipt))
        self._answers_again(parcel, round_)

    def _answers_again(self, parcel: Parcel, round_: Round) -> None:
        """The desk's face took or refused what it had not answered before: agents can be reached (H65)."""
        if parcel.row.tries and parcel.way.shows_cases:
            round_.happened(f"up:{parcel.id}", EventKind.RECEIPT, {"of": "desk", "outcome": "up"})

    async def _unknown(self, parcel: Parcel, receipt: Unknown, round_: Round) -> None:
        """It may have arrived: once more after the way's wait (C34), then under back-off; each is counted."""
        self._count.unknown()
        patience = parcel.way.patience
        first_s = patience.unknown_wait_s if patience else 0.0
        wait_s = self._backoff_s(parcel) if parcel.row.unknown else first_s
        row = msgspec.structs.replace(parcel.row, unknown=parcel.row.unknown + 1)
        await self._again(parcel.as_of(row), round_, after_s=wait_s, reason=receipt.reason)

    async def _again(self, parcel: Parcel, round_: Round, *, after_s: float, reason: str) -> None:
        """Try later, until the way's deadline; then the row is dead (C32)."""
        now, patience = self._parts.clock.now(), parcel.way.patience
        if patience is None or now >= parcel.row.since + timedelta(seconds=patience.deadline_s):
            self._count.sent("dead")
            await self.give_up(parcel, reason, round_)
            return
        if not parcel.row.tries and parcel.way.shows_cases:
            round_.happened(f"down:{parcel.id}", EventKind.RECEIPT, {"of": "desk", "outcome": "down"})
        due = now + timedelta(seconds=after_s)
        round_.stays(parcel, msgspec.structs.replace(parcel.row, due=due, tries=parcel.row.tries + 1), due)
        _log.info("a send waits", row=parcel.id, channel=parcel.way.account, reason=reason, after_s=round(after_s, 2))

    async def _tell(self, parcel: Parcel, reason: str | None, round_: Round, refs: dict[str, str]) -> None:
        if news := await parcel.way.news(reason):
            round_.happened(f"news:{parcel.id}", EventKind.RECEIPT, {"ref": parcel.id, **refs, **news})

    def _hold_account(self, parcel: Parcel, wait_s: float) -> None:
        self._account_until[parcel.way.account] = self._parts.clock.now() + timedelta(seconds=wait_s)

    def _backoff_s(self, parcel: Parcel) -> float:
        return self._chance.uniform(0.0, min(BACKOFF_FIRST_S * 2.0**parcel.row.tries, BACKOFF_MOST_S))
