"""What the store has kept of conversations, to look at: how each stands, and the notes of its turns in their order."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import msgspec

from engine.conversation import Conversation
from engine.notes import Notes
from engine.store import JOURNAL, Entry, Records, Snapshot
from gateway.rows import read_conversation
from gateway.stores.store import Store


@dataclass(frozen=True, kw_only=True, slots=True)
class Past:
    """One conversation as it was last committed, with its turns, oldest first."""

    conversation: Conversation
    turns: tuple[Notes, ...]


async def past_of(store: Store, id: str) -> Past | None:
    """A conversation; None where the store has none of this id. May raise StoreAway."""
    snapshot = await store.mailbox.peek(id)
    if snapshot is None:
        return None
    return await _with_turns(store, read_conversation(id, snapshot.state))


async def pasts(store: Store) -> AsyncIterator[Past]:
    """Every conversation that had a turn and can be read, with its turns. May raise StoreAway."""
    async for conversation in conversations(store):
        yield await _with_turns(store, conversation)


async def _with_turns(store: Store, conversation: Conversation) -> Past:
    turns = await _journal(store.records, conversation.id)
    return Past(conversation=conversation, turns=tuple(sorted(turns, key=lambda notes: notes.turn)))


async def recent(records: Records, id: str, *, turns: int) -> list[Notes]:
    """The newest `turns` of a conversation's turns, oldest first. May raise StoreAway."""
    entries = await records.read(JOURNAL, id, last=turns)
    return sorted((msgspec.json.decode(entry.blob, type=Notes) for entry in entries), key=lambda notes: notes.turn)


async def conversations(store: Store) -> AsyncIterator[Conversation]:
    """Every conversation that had a turn and can be read, in the order of their ids. May raise StoreAway."""
    after = ""
    while page := await store.mailbox.conversations(after):
        for id in page:
            snapshot = await store.mailbox.peek(id)
            found = _readable(snapshot) if snapshot is not None and snapshot.state else None
            if found is not None:
                yield found
        after = page[-1]


def _readable(snapshot: Snapshot) -> Conversation | None:
    try:
        return read_conversation(snapshot.conversation, snapshot.state)
    except msgspec.DecodeError:
        return None  # its next turn sets it aside and says so (F16)


async def _journal(records: Records, id: str) -> list[Notes]:
    return [msgspec.json.decode(entry.blob, type=Notes) for entry in await every_entry(records, JOURNAL, id)]


async def every_entry(records: Records, kind: str, key: str) -> list[Entry]:
    """All that was appended under a key, oldest first. May raise StoreAway."""
    found: list[Entry] = []
    while page := await records.read(kind, key, after=found[-1].seq if found else 0):
        found += page
    return found
