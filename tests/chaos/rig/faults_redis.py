"""Faults planted in the Redis store, by changing lines of its scripts."""

from __future__ import annotations

import asyncio
from typing import Any

from msgspec.structs import replace

from engine.message import Event
from engine.store import Accepted, Change, Grant
from gateway.stores import redis_scripts as scripts
from gateway.stores.bounds import SEEN_MAX
from gateway.stores.redis_grants import grant_of
from gateway.stores.redis_mailbox import SEEN_US, RedisMailbox
from tests.chaos.rig.faults_sqlite import GAP_S

REMEMBER = b"""
local now, since, most, id = take(), take(), take(), take()
if known({ id }, since) then
    return { 'known' }
end
remember({ id }, now, since, most)
return { 'fresh' }
"""
STALE = b"if row.version ~= made_on or not lease_end() then"
ROWS = b"""
append(outbox, take_many(#ARGV - taken))
return standing(load())
"""


def no_fencing() -> None:
    """A turn is committed whoever holds the conversation now, and whatever was committed meanwhile (I3)."""
    _changed("commit", b"if row.token ~= token then\n    return { 'lost' }\nend\n", b"")
    _changed("commit", STALE + b"\n    return { 'lost', row.version }\nend\n", b"")
    _changed("commit", b"tostring(made_on + 1)", b"tostring(row.version + 1)")


def dedupe_apart() -> None:
    """An event's id is remembered in one step, and the event enters the inbox in the next (I2)."""
    _changed("accept", b"if known(keys, since) then", b"if false then")
    _added("remember", REMEMBER)
    mailbox: Any = RedisMailbox
    accept = mailbox.accept

    async def apart(self: Any, event: Event, *, want_grant: bool, delay_s: float = 0.0) -> Accepted:
        now, _ = self._moment()
        if event.address is not None:
            answer = await self._run("remember", event.conversation, now, now - SEEN_US, SEEN_MAX, event.id.encode())
            if answer == [b"known"]:
                return Accepted(fresh=False)
        await asyncio.sleep(GAP_S)
        accepted: Accepted = await accept(self, event, want_grant=want_grant, delay_s=delay_s)
        return accepted

    mailbox.accept = apart


def accept_reschedules() -> None:
    """A conversation that somebody works on becomes due when its next event comes (I6)."""
    _changed("accept", b"if not ends then", b"if stands then\n    rest(due_at)\nelseif not ends then")


def commit_repeats() -> None:
    """A commit that is asked for twice is made twice (I8)."""
    _changed("commit", STALE, b"if not lease_end() then")
    _changed("commit", b"tostring(made_on + 1)", b"tostring(row.version + 1)")


def rows_later() -> None:
    """The state is committed in one step, and its outbox rows in the next (I5)."""
    _added("rows", ROWS)
    mailbox: Any = RedisMailbox
    commit = mailbox.commit

    async def later(self: Any, grant: Grant, change: Change) -> Grant:
        committed = await commit(self, grant, replace(change, outbox=()))
        await asyncio.sleep(GAP_S)
        rows = (part for id, blob in change.outbox for part in (id.encode(), blob))
        standing = await self._run("rows", grant.conversation, *rows)
        return grant_of(grant.conversation, grant.token, standing, committed.held_until)

    mailbox.commit = later


def _changed(name: str, line: bytes, instead: bytes) -> None:
    """Raises AssertionError where the script has no such line any more: nothing would be planted."""
    text = scripts._text(name)
    assert text.count(line) == 1, f"{name}.lua does not hold {line!r} once"
    _added(name, text.replace(line, instead))


def _added(name: str, text: bytes) -> None:
    before = scripts._text

    def read(asked: str) -> bytes:
        return text if asked == name else before(asked)

    planted: Any = scripts
    planted._text = read
