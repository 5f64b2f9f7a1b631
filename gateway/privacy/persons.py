"""Finding a person in the store by what an operator may call them: a conversation, an address, a number (X62)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from dataclasses import dataclass, field

import msgspec

from engine.conversation import Conversation
from engine.memory import person_key
from engine.message import Address
from engine.store import Mailbox, Record, Records, Snapshot
from gateway.memories import PROFILE
from gateway.rows import read_conversation, read_event

FORGETTING = "forgetting"
"""The kind of record that says who is being forgotten: what was cut off is known when it is begun again."""
PAGE = 500
"""Conversations or records looked at in one go."""

Progress = Callable[[int], None]
"""Told how many conversations were looked at."""


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody: `key` as memory knows them, their conversations, and the rooms they write in."""

    key: str
    conversations: tuple[str, ...] = ()
    rooms: tuple[str, ...] = ()
    opted_out: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """Whatever they may be called: all of it leads to nobody else, or to several, who are then told apart."""
        channel, _, rest = self.key.partition(":")
        person = rest.rpartition(":")[2]
        return (self.key, f"{channel}:{person}", person, *self.conversations, *self.rooms)


@dataclass(slots=True)
class _Census:
    people: dict[str, Person] = field(default_factory=dict)

    def meet(self, new: Person) -> None:
        """Somebody, perhaps again."""
        known = self.people.get(new.key, new)
        self.people[new.key] = Person(
            key=new.key,
            conversations=tuple(dict.fromkeys((*known.conversations, *new.conversations))),
            rooms=tuple(dict.fromkeys((*known.rooms, *new.rooms))),
            opted_out=known.opted_out or new.opted_out,
        )


async def find(mailbox: Mailbox, records: Records, name: str, progress: Progress = lambda count: None) -> list[Person]:
    """Everybody whom `name` can mean, by their keys. May raise StoreAway."""
    census = _Census()
    async for person in _everybody(mailbox, progress):
        if name in person.names:
            census.meet(person)
    async for record in every(records, PROFILE):
        if name in (person := Person(key=record.key)).names:
            census.meet(person)
    async for record in every(records, FORGETTING):
        if name in (person := msgspec.json.decode(record.blob, type=Person)).names:
            census.meet(person)
    return [census.people[key] for key in sorted(census.people)]


async def every(records: Records, kind: str) -> AsyncIterator[Record]:
    """All records of a kind, in the order of their keys."""
    after = ""
    while page := await records.scan(kind, after=after, limit=PAGE):
        for record in page:
            yield record
        after = page[-1].key


async def _everybody(mailbox: Mailbox, progress: Progress) -> AsyncIterator[Person]:
    count, after = 0, ""
    while page := await mailbox.conversations(after, PAGE):
        for stored in await asyncio.gather(*map(mailbox.peek, page)):
            if stored is not None:
                yield _person(stored)
        count += len(page)
        progress(count)
        after = page[-1]


def _person(stored: Snapshot) -> Person:
    """Whom a conversation is with. One that nobody can read is known by its key, or by what waits in it."""
    try:
        conversation = read_conversation(stored.conversation, stored.state)
    except msgspec.DecodeError:
        conversation = Conversation(id=stored.conversation)
    address = conversation.address or next(_senders(stored.inbox), None)
    return Person(
        key=person_key(address) if address is not None else stored.conversation,
        conversations=(stored.conversation,),
        rooms=(address.chat,) if address is not None else (),
        opted_out=conversation.opted_out,
    )


def _senders(inbox: Iterable[tuple[str, bytes]]) -> Iterator[Address]:
    for _, blob in inbox:
        try:
            event = read_event(blob)
        except msgspec.DecodeError:
            continue
        if event.address is not None:
            yield event.address
