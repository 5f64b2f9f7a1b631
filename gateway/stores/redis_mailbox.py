"""The mailbox in Redis: each verb is one script on one conversation.

I1  `accept` answers when its script has run; how soon that is on disk is Redis's `appendfsync`.
I2  A dedupe key enters an inbox once in SEEN_S: looking, remembering and enqueueing are one script.
I3  One valid token per conversation: a grant writes a new one, `commit` and `settle` compare it; versions grow by 1.
I4  Only `commit` shrinks the inbox, by exactly the ids it consumed.
I5  Outbox rows appear with the state of their turn, and leave only when `settle` names them done.
I6  A free conversation is in `due` if and only if it has an event, a row or a timer (a parked one: its next event).
    A leased one is in `held` instead, and `accept` leaves it there. Two sets, because dues follow the clock port and
    leases Redis's own (F22).
I7  The inbox is a list: its order is that of arrival.
I8  Every script can be run again with the same arguments, and says what it said: whatever cuts a connection.
I9  All keys of a script carry one hash tag: the journal of a conversation too. `claim` looks at every partition, then
    grants each conversation apart.
I10 Nothing is awaited between reading and writing: that is what a script is.
"""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Awaitable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import TypeVar

import msgspec

from engine.errors import LeaseLost, StoreAway
from engine.message import Event
from engine.store import JOURNAL, Accepted, Change, Grant, Settlement, Snapshot
from gateway.stores.bounds import INBOX_MAX, LEASE_S, SEEN_MAX, SEEN_S, MailboxFull
from gateway.stores.redis_grants import Moments, grant_of, new_token, snapshot_of, written
from gateway.stores.redis_keys import conversation_indexes, conversation_keys, entry_keys, schedules
from gateway.stores.redis_lanes import Answer
from gateway.stores.redis_scripts import ENTRIES, script, verb
from gateway.stores.redis_states import packed
from gateway.stores.redis_wire import Wire

LEASE_MS = int(LEASE_S * 1000)
SEEN_US = int(SEEN_S * 1_000_000)
LOOK_MAX = 16
"""Due conversations a claim learns of from each partition: with 32 of them, more than it could take."""

_JOURNAL = JOURNAL.encode()

T = TypeVar("T")

_encode = msgspec.json.Encoder().encode


class RedisMailbox:
    """`engine.ports.Mailbox` on Redis."""

    def __init__(self, wire: Wire, moment: Moments) -> None:
        self._wire = wire
        self._moment = moment

    async def accept(self, event: Event, *, want_grant: bool, delay_s: float = 0.0) -> Accepted:
        """Dedupe, enqueue and grant in one round trip (C11, C17). Raises MailboxFull beyond INBOX_MAX events."""
        now, real_s = self._moment()
        token = new_token()
        answer = await self._run(
            "accept",
            event.conversation,
            now,
            now - SEEN_US,
            SEEN_MAX,
            token,
            int(want_grant and delay_s <= 0),
            now + int(delay_s * 1_000_000),
            LEASE_MS,
            int(event.address is not None and event.addressed),
            INBOX_MAX,
            event.id.encode(),
            _encode(event),
            *map(str.encode, event.guards),
        )
        match answer:
            case [b"fresh", standing]:
                grant = grant_of(event.conversation, token.decode(), standing, real_s + LEASE_S)
                return Accepted(fresh=True, grant=grant)
            case [b"foreign"]:
                return Accepted(fresh=True, taken=False)
            case [b"full", waiting]:
                raise MailboxFull(waiting)
            case _:
                return Accepted(fresh=answer[0] == b"fresh")

    async def claim(self, limit: int) -> list[Grant]:
        """Ended leases first, then the earliest due. One round trip when nothing is due, two when something is."""
        now, _ = self._moment()
        looks = [self._wire.run(script("look"), keys, now, min(limit, LOOK_MAX)) for keys in schedules()]
        due = (at for answer in await _sound(looks) for at in _schedule(answer))
        names = [name.decode() for *_, name in heapq.nsmallest(limit, due)]
        return [grant for grant in await _sound(map(self._take, names)) if grant is not None]

    async def renew(self, grants: Sequence[Grant]) -> list[Grant]:
        """LEASE_S more for each that still stands, in their order; all of them in one round trip."""
        return [grant for grant in await _sound(map(self._extend, grants)) if grant is not None]

    async def commit(self, grant: Grant, change: Change) -> Grant:
        """One turn in one write. Raises LeaseLost when the token is not the valid one."""
        key = grant.conversation.encode()
        answer = await self._wire.run(
            verb("commit", ENTRIES),
            conversation_keys(key) + entry_keys(_JOURNAL, key),
            key,
            grant.token.encode(),
            grant.version,
            packed(change.state),
            written(change.timer),
            *_entry(change),
            len(change.consumed),
            *map(str.encode, change.consumed),
            *_flat(change.outbox),
        )
        if answer[0] == b"held":
            return grant_of(grant.conversation, grant.token, answer[1], grant.held_until, state=change.state)
        if len(answer) > 1:
            raise LeaseLost(f"version {int(answer[1])} is stored, the turn was made on {grant.version}")
        raise _lost()

    async def settle(self, grant: Grant, settlement: Settlement, *, keep: bool) -> Grant | None:
        """Outcomes in, next work out. Raises LeaseLost when another holder has it; asked again, it says the same."""
        now, real_s = self._moment()
        answer = await self._run(
            "settle",
            grant.conversation,
            grant.token.encode(),
            grant.version,
            now,
            now - SEEN_US,
            SEEN_MAX,
            LEASE_MS,
            int(keep),
            written(settlement.due),
            len(settlement.done),
            *map(str.encode, settlement.done),
            len(settlement.again),
            *_flat(settlement.again),
            *(part for event in settlement.events for part in _enclosed(event)),
        )
        match answer:
            case [b"held", standing]:
                until = grant.held_until if keep else real_s + LEASE_S
                return grant_of(grant.conversation, grant.token, standing, until, state=grant.state)
            case [b"rest"]:
                return None
            case _:
                raise _lost()

    async def release(self, grant: Grant, *, again_at: datetime | None = None) -> None:
        """Free it with its attempts counted; nothing happens when it is not held under this token."""
        now, _ = self._moment()
        await self._run("release", grant.conversation, grant.token.encode(), now, written(again_at))

    async def park(self, grant: Grant) -> None:
        """Free it with no due time; its next event starts the count of attempts anew (F27)."""
        await self._run("park", grant.conversation, grant.token.encode())

    async def erase(self, conversation: str) -> bool:
        """All its keys, and its places in the indexes. False while a lease on it stands (X62)."""
        return bool(await self._run("erase", conversation))

    async def peek(self, conversation: str) -> Snapshot | None:
        """The stored conversation; `due` is None while it is held."""
        answer = await self._run("peek", conversation)
        return snapshot_of(conversation, answer) if answer else None

    async def conversations(self, after: str = "", limit: int = 100) -> list[str]:
        """Keys in code point order, after `after`."""
        beyond = b"(" + after.encode() if after else b"-"
        asked = [self._wire.run(script("names"), keys, beyond, b"+", limit) for keys in conversation_indexes()]
        found = heapq.merge(*await asyncio.gather(*asked))
        return [name.decode() for name, _ in zip(found, range(limit), strict=False)]

    async def _take(self, conversation: str) -> Grant | None:
        now, real_s = self._moment()
        token = new_token()
        standing = await self._run("claim", conversation, now, token, LEASE_MS)
        return grant_of(conversation, token.decode(), standing, real_s + LEASE_S) if standing else None

    async def _extend(self, grant: Grant) -> Grant | None:
        _, real_s = self._moment()
        held = await self._run("renew", grant.conversation, grant.token.encode(), LEASE_MS)
        return msgspec.structs.replace(grant, held_until=real_s + LEASE_S) if held else None

    def _run(self, name: str, conversation: str, *arguments: bytes | int) -> asyncio.Future[Answer]:
        key = conversation.encode()
        return self._wire.run(verb(name), conversation_keys(key), key, *arguments)


async def _sound(asked: Iterable[Awaitable[T]]) -> list[T]:
    """What came back; a part of a cluster that is away takes the others not with it. Raises when nothing came."""
    answers = await asyncio.gather(*asked, return_exceptions=True)
    sound = [answer for answer in answers if not isinstance(answer, BaseException)]
    for answer in answers:
        if isinstance(answer, BaseException) and (not sound or not isinstance(answer, StoreAway)):
            raise answer
    return sound


def _schedule(answer: Answer) -> Iterator[tuple[int, float, bytes]]:
    for rank, listed in enumerate(answer):
        items = iter(listed)
        yield from ((rank, float(at), name) for name, at in zip(items, items, strict=True))


def _flat(rows: Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
    for id, blob in rows:
        yield id.encode()
        yield blob


def _entry(change: Change) -> tuple[bytes, bytes]:
    return (change.entry[0].encode(), change.entry[1]) if change.entry else (b"", b"")


def _enclosed(event: Event) -> Iterator[bytes | int]:
    yield _encode(event)
    yield 1 + len(event.guards)
    yield from (key.encode() for key in (event.id, *event.guards))


def _lost() -> LeaseLost:
    return LeaseLost("another holder has this conversation now; nothing was written")
