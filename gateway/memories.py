"""What is remembered of people, in the store: a record each, which only rows of turns that were committed change."""

from __future__ import annotations

from datetime import datetime

import msgspec
import structlog

from engine.memory import NOTHING, Learned, Memory, current, learn, person_key
from engine.message import Address
from engine.ports import Clock
from engine.store import Record, Records
from gateway.rows import encode

PROFILE = "profile"
"""The kind of record; its key is the person (S15)."""

_MEMORY = msgspec.json.Decoder(Memory)
_log = structlog.get_logger("memories")


class KeptMemories:
    """The port `Memories` on the store's records."""

    def __init__(self, records: Records, clock: Clock, *, always: bool = False) -> None:
        """With `always` it looks even where a conversation says that nothing was done in it yet."""
        self._records = records
        self._clock = clock
        self._always = always

    async def recall(self, person: Address, *, acquainted: bool) -> Memory:
        """One look into the store, and none for somebody new whose only conversation this can be."""
        if not (acquainted or self._always or person.chat != person.person):
            return NOTHING
        return current(await memory_of(self._records, person_key(person)), now=self._clock.now())


async def memory_of(records: Records, person: str) -> Memory:
    """As it is stored. May raise StoreAway."""
    return _read(await records.get(PROFILE, person))


async def keep(records: Records, new: Learned, *, now: datetime) -> None:
    """Add a run that was done; once more is the same. May raise StoreAway."""
    while True:
        stored = await records.get(PROFILE, new.person)
        memory = learn(_read(stored), new, now=now)
        if await records.put(PROFILE, new.person, encode(memory), expect=stored.version if stored else 0):
            return


def _read(stored: Record | None) -> Memory:
    if stored is None:
        return NOTHING
    try:
        return _MEMORY.decode(stored.blob)
    except msgspec.DecodeError as broken:
        _log.error("what is remembered of somebody is unreadable, and begins anew", why=str(broken))
        return NOTHING
