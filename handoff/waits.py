"""The usual wait: how long customers of a queue waited before, in the same class of hours (H13)."""

from __future__ import annotations

from collections.abc import Awaitable, Collection, Iterable
from datetime import datetime

import msgspec

from engine.store import Records
from handoff.case import Case, CaseState
from handoff.opening import usual_wait
from handoff.policy import WAITS_LOOKED_AT, DeskPolicy
from handoff.posts import Waited

KIND = "waits"


def waited(before: Case | None, after: Case, policy: DeskPolicy) -> Waited | None:
    """What a first claim says of the wait; None for every other step, and for a case an agent took unasked."""
    claimed = after.first_claimed_at
    known = before is not None and before.first_claimed_at is not None
    if claimed is None or known or after.history[0].state is CaseState.CLAIMED:
        return None
    seconds = (claimed - after.opened_at).total_seconds()
    return Waited(id=_row(after.id), queue=after.queue, hours=hours_at(after.opened_at, policy), seconds=seconds)


def hours_at(at: datetime, policy: DeskPolicy) -> str:
    """The class of hours."""
    return "open" if policy.hours.open_at(at) else "closed"


def keep(records: Records, row: Waited) -> Awaitable[int]:
    """Keep it; once more is the same. May raise StoreAway."""
    return records.add(KIND, _key(row.queue, row.hours), row.id, msgspec.json.encode(row.seconds))


async def usual(records: Records, queue: str, hours: str) -> int | None:
    """Whole minutes, None while too little is known. May raise StoreAway."""
    kept = await records.read(KIND, _key(queue, hours), last=WAITS_LOOKED_AT)
    return usual_wait([msgspec.json.decode(entry.blob, type=float) for entry in kept])


async def forget(records: Records, cases: Collection[str], queues: Iterable[str]) -> None:
    """Leave out these cases where their queues remember waits; the others keep their order. May raise StoreAway."""
    ours = {_row(case) for case in cases}
    for key in [_key(queue, hours) for queue in queues for hours in ("open", "closed")]:
        kept = await records.read(KIND, key, last=WAITS_LOOKED_AT)
        if not ours.isdisjoint(entry.id for entry in kept):
            await records.drop(KIND, key)
            for entry in kept:
                if entry.id not in ours:
                    await records.add(KIND, key, entry.id, entry.blob)


def _row(case: str) -> str:
    return f"{case}:waited"


def _key(queue: str, hours: str) -> str:
    return f"{queue}:{hours}"
