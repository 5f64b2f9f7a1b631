"""What could not be handled is set aside with its bytes and its reason; the conversation goes on (F16, F27, C15)."""

from __future__ import annotations

from datetime import datetime

import msgspec
import structlog

from engine.lines import LINES
from engine.message import Address, Reply
from engine.ports import Change, Clock, Grant, Mailbox, Records
from gateway.rows import encode, new_row, read_conversation, read_event

_log = structlog.get_logger("quarantine")


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was set aside."""

    reason: str
    at: datetime
    blob: bytes


class Quarantine:
    """Sets events aside. Records of kind `quarantine`, for an operator to look at."""

    def __init__(self, *, mailbox: Mailbox, records: Records, clock: Clock) -> None:
        self._mailbox = mailbox
        self._records = records
        self._clock = clock

    async def keep(self, key: str, blob: bytes, reason: str) -> None:
        """Keep bytes that cannot be used."""
        await self._records.put("quarantine", key, encode(Kept(reason=reason, at=self._clock.now(), blob=blob)))

    async def set_aside(self, grant: Grant, reason: str, *, only: str | None = None) -> Grant | None:
        """Take the waiting events, or the one of this id, out of the inbox, and tell the customer something true.

        With none waiting it is the conversation itself that fails: it is parked, and the answer is None.
        """
        taken = [(id, blob) for id, blob in grant.inbox if only in (None, id)]
        if not taken:
            await self._mailbox.park(grant)
            return None
        for id, blob in taken:
            await self.keep(id, blob, reason)
        _log.error("set aside", conversation=grant.conversation, events=[id for id, _ in taken], reason=reason)
        address = _address(grant)
        rows: tuple[tuple[str, bytes], ...] = ()
        if address is not None:
            reply = Reply(id=f"{taken[0][0]}:aside", address=address, text=LINES["went_wrong"])
            rows = (new_row(reply, now=self._clock.now()),)
        change = Change(state=grant.state, consumed=tuple(id for id, _ in taken), outbox=rows)
        return await self._mailbox.commit(grant, change)


def _address(grant: Grant) -> Address | None:
    for _, blob in grant.inbox:
        try:
            event = read_event(blob)
        except msgspec.DecodeError:
            continue
        if event.address is not None:
            return event.address
    try:
        return read_conversation(grant.conversation, grant.state).address
    except msgspec.DecodeError:
        return None
