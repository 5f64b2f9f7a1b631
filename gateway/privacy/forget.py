"""Forgetting a person: nothing in the store says any more that they were here (X62).

1. Who is forgotten is written down first: whatever cuts this off, the same command finds the rest again.
2. A conversation is erased only while nobody works on it; what a turn under way still writes would stay.
3. Their conversations go first: from then on nothing new is written about what was.
4. What stays is a tombstone that names nobody (I14, X18), and of who opted out a keyed hash (X65).
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from datetime import datetime

import msgspec

from engine.errors import StoreAway
from engine.ports import Clock
from engine.store import Mailbox, Records
from gateway.ground import pseudonym_key
from gateway.masks import pseudonym
from gateway.optouts import keep_opted_out
from gateway.privacy.belongings import Belongings, belongings
from gateway.privacy.persons import FORGETTING, Person
from handoff import waits

AUDIT = "audit"
"""The kind of record that says what operators did; its key is what they did."""
BUSY_S = 30.0
"""How long a conversation that is worked on is waited for: a lease, and some."""
LOOK_AGAIN_S = 0.25


class Tombstone(msgspec.Struct, frozen=True, kw_only=True):
    """That somebody was forgotten: a keyed hash, when, by whom."""

    person: str
    at: datetime
    by: str


class Busy(StoreAway):
    """Somebody works on one of the conversations, and does not let go."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Forgetting:
    """The store, and who asks for it. `busy_s`: how long a conversation that is worked on is waited for."""

    mailbox: Mailbox
    records: Records
    clock: Clock
    by: str
    busy_s: float = BUSY_S

    async def forget(self, person: Person) -> Belongings:
        """Remove all that is theirs; gives what it was. Once more is the same. Raises Busy, StoreAway."""
        records = self.records
        await records.put(FORGETTING, person.key, msgspec.json.encode(person))
        theirs = await belongings(self.mailbox, records, person)
        for conversation in person.conversations:
            await self._erase(conversation)
        for kind, key in theirs.kept:
            await records.drop(kind, key)
        await waits.forget(records, theirs.cases, theirs.queues)
        await self._remain(person)
        await records.drop(FORGETTING, person.key)
        return theirs

    async def _erase(self, conversation: str) -> None:
        until = time.monotonic() + self.busy_s
        while not await self.mailbox.erase(conversation):
            if time.monotonic() > until:
                raise Busy(
                    f"{conversation} is being worked on, and was for {self.busy_s:.0f} s; nothing more was removed. "
                    "Run the same command again: it goes on where it stopped"
                )
            await asyncio.sleep(LOOK_AGAIN_S)

    async def _remain(self, person: Person) -> None:
        hashed = pseudonym(await pseudonym_key(self.records), person.key)
        await keep_opted_out(self.records, person.key, opted_out=person.opted_out)
        now = self.clock.now()
        stone = Tombstone(person=hashed, at=now, by=self.by)
        await self.records.add(AUDIT, "forget", f"{hashed}:{now.isoformat()}", msgspec.json.encode(stone))
