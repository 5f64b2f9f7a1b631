"""What the agents of a run share while they work: the plan and each result, in the store as soon as it is there (S36).

1. Every write is a compare-and-set. Who comes second takes what is there: a task's result of one round never changes.
2. A result of an older round is dropped, and replaces nothing.
3. The record says whose it is, and goes with the run, or with the person (X62).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import msgspec
import structlog
from msgspec.structs import replace

from engine.delegation import Contribution
from engine.errors import StoreAway
from engine.flow import TaskDef
from engine.store import Records

KIND = "shared"
"""The kind of record; its key is the run."""

_log = structlog.get_logger("sharedcontext")


class Agreed(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The plan of one round, its inputs as the agents read them, and whether a model proposed it."""

    version: int
    tasks: tuple[TaskDef, ...]
    proposed: bool = False


class Shared(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What stands in the record: the newest plan by the state it was made in, the newest result by its task."""

    person: str = ""
    plans: dict[str, Agreed] = {}
    results: dict[str, Contribution] = {}


class Spent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag="spent"):
    """A run that is over: nobody needs what its agents shared. A row of the outbox."""

    id: str
    run: str


_SHARED = msgspec.json.Decoder(Shared)


class SharedContext:
    """One run's, as one round of a plan uses it. While the store is away it is this process's own."""

    def __init__(self, records: Records | None, run: str, *, person: str, version: int) -> None:
        self._records = records if run else None
        self._run, self._person, self._version = run, person, version
        self._own = Shared(person=person)

    async def agreed(self, state: str) -> Agreed | None:
        """The plan of this round or a newer one, if there is one."""
        plan = (await self._change(lambda shared: shared)).plans.get(state)
        return plan if plan is not None and plan.version >= self._version else None

    async def agree(self, state: str, plan: Agreed) -> Agreed:
        """Settle on a plan; gives the one that counts."""

        def settle(shared: Shared) -> Shared:
            known = shared.plans.get(state)
            if known is not None and known.version >= plan.version:
                return shared
            return replace(shared, plans={**shared.plans, state: plan})

        return (await self._change(settle)).plans[state]

    async def result(self, task: str) -> Contribution | None:
        """What a task gave in this round, if it has."""
        return self._mine((await self._change(lambda shared: shared)).results.get(task))

    async def keep(self, task: str, gave: Contribution) -> Contribution | None:
        """Put a result down; gives the one that counts. None: a newer round has begun, and this one is late."""
        own = replace(gave, version=self._version)

        def put_down(shared: Shared) -> Shared:
            known = shared.results.get(task)
            if known is not None and known.version >= own.version:
                return shared
            return replace(shared, results={**shared.results, task: own})

        return self._mine((await self._change(put_down)).results.get(task))

    def _mine(self, found: Contribution | None) -> Contribution | None:
        return found if found is not None and found.version == self._version else None

    async def _change(self, change: Callable[[Shared], Shared]) -> Shared:
        """Compare and set, until nobody came between."""
        if self._records is not None:
            try:
                return await self._changed_in(self._records, change)
            except StoreAway as away:
                _log.warning("what agents found is not shared yet", run=self._run, why=str(away))
        self._own = change(self._own)
        return self._own

    async def _changed_in(self, records: Records, change: Callable[[Shared], Shared]) -> Shared:
        while True:
            stored = await records.get(KIND, self._run)
            before = _SHARED.decode(stored.blob) if stored else Shared(person=self._person)
            after = change(before)
            if after is before:
                return before
            expect = stored.version if stored else 0
            if await records.put(KIND, self._run, msgspec.json.encode(after), expect=expect):
                return after


def clear(records: Records, row: Spent) -> Awaitable[None]:
    """Remove what the agents of a run shared; once more is the same. May raise StoreAway."""
    return records.drop(KIND, row.run)
