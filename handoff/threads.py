"""Which thread belongs to which case: looked up by team, channel and ts together (H40)."""

from __future__ import annotations

import msgspec

from engine.store import Records
from handoff.case import Thread

KIND = "thread"


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where a case stands: its conversation, and its newest thread."""

    conversation: str
    case: str
    thread: Thread


async def remember(records: Records, place: Place) -> None:
    """The thread belongs to the case from now on; earlier threads of it go on doing so. May raise StoreAway."""
    blob = msgspec.json.encode(place)
    await records.put(KIND, _key(place.thread), blob)
    await records.put(KIND, f"case:{place.case}", blob)


async def of_case(records: Records, case: str) -> Place | None:
    """Where a case stands now; None while its card was not posted. May raise StoreAway."""
    return await _read(records, f"case:{case}")


async def of_thread(records: Records, thread: Thread) -> Place | None:
    """The case a thread belongs to; None where it is not ours. May raise StoreAway."""
    return await _read(records, _key(thread))


async def _read(records: Records, key: str) -> Place | None:
    kept = await records.get(KIND, key)
    return msgspec.json.decode(kept.blob, type=Place) if kept else None


def _key(thread: Thread) -> str:
    return f"{thread.team}:{thread.channel}:{thread.ts}"
