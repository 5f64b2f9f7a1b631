"""What a run's agents share: first come first kept, nothing older, nothing done twice, and gone in the end (S36)."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from engine.delegation import AGENTS, Agent, Assignment, Contribution
from engine.errors import StoreAway
from engine.flow import ActionDef, TaskDef
from engine.message import Address
from engine.ports import ActionOutcome, ActionRequest
from engine.store import Records
from gateway.clock import TestClock
from gateway.delegation import SUPERSEDED, Delegation
from gateway.sharedcontext import KIND, Agreed, SharedContext, Spent, clear
from gateway.stores.redis import RedisStore
from gateway.stores.redis_address import RedisAddress
from gateway.stores.sqlite import SqliteStore
from gateway.stores.store import Store
from tests.gateway.test_delegation import FLOW, SAVE, TWO_AND_ONE
from tests.gateway.work_parts import NOON

pytestmark = pytest.mark.anyio


def clock() -> TestClock:
    return TestClock(NOON, real=lambda: 0.0)


@pytest.fixture(params=["sqlite", pytest.param("redis", marks=pytest.mark.redis)])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """Each store, empty."""
    if request.param == "sqlite":
        opened: Store = await SqliteStore.open(tmp_path / "desk.db", clock())
    else:
        opened = await RedisStore.open(RedisAddress.parse(request.getfixturevalue("redis_url")), clock())
    yield opened
    await opened.close()


class Killed(BaseException):
    """The process is gone."""


@dataclass
class Counted:
    """An agent that counts what it does; at `dies_at` the process ends before its work is told."""

    dies_at: str = ""
    says: str = "of"
    done: list[str] = field(default_factory=list)
    others: asyncio.Event = field(default_factory=asyncio.Event)

    async def work(self, assignment: Assignment) -> Contribution | None:
        if assignment.task == self.dies_at:
            await self.others.wait()
            raise Killed
        self.done.append(assignment.task)
        return Contribution(text=f"{self.says} {assignment.task}")


async def carried_out(agent: Agent, records: Records, visit: int = 1) -> ActionOutcome:
    action = ActionDef(name="plan", delegate=TWO_AND_ONE, outcomes=("done", "partial"), save=SAVE)
    request = ActionRequest(
        id="r",
        flow="study",
        version="v",
        action="plan",
        key=f"run1:work:{visit}",
        values={"of": ["a", "b"]},
        person=Address(channel="web", account="desk", chat="room", person="ada"),
        run="run1",
        state="work",
        visit=visit,
    )
    return await Delegation(dict.fromkeys(AGENTS, agent), records=records).carry_out(action, request, FLOW)


async def stored(records: Records, task: str) -> None:
    """Until a task's result stands in the store."""
    shared = SharedContext(records, "run1", person="", version=1)
    async with asyncio.timeout(5.0):
        while await shared.result(task) is None:
            await asyncio.sleep(0.005)


async def test_S37_what_was_stored_before_a_crash_is_not_done_again(store: Store) -> None:
    first = Counted(dies_at="two")
    running = asyncio.create_task(carried_out(first, store.records))
    await stored(store.records, "one")
    first.others.set()
    with pytest.raises(Killed):
        await running
    assert first.done == ["one"]
    second = Counted(says="again")
    outcome = await carried_out(second, store.records)
    assert sorted(second.done) == ["answer", "both", "two"]
    assert outcome.given["one"].text == "of one"
    assert outcome.outcome == "done"


async def test_S36_two_workers_at_once_come_to_one_result(store: Store) -> None:
    one, other = Counted(says="mine"), Counted(says="yours")
    mine, yours = await asyncio.gather(carried_out(one, store.records), carried_out(other, store.records))
    assert {id: gave.text for id, gave in mine.given.items()} == {id: gave.text for id, gave in yours.given.items()}
    assert mine.facts == yours.facts


async def test_S36_a_new_round_works_again_and_the_old_one_is_late(store: Store) -> None:
    old = Counted(dies_at="two")
    late = asyncio.create_task(carried_out(old, store.records, visit=1))
    await stored(store.records, "one")
    outcome = await carried_out(Counted(says="new"), store.records, visit=2)
    assert outcome.given["one"] == Contribution(version=2, text="new one")
    old.dies_at = ""
    late.cancel()
    shared = SharedContext(store.records, "run1", person="", version=1)
    assert await shared.keep("two", Contribution(text="too late")) is None
    assert (await carried_out(Counted(), store.records, visit=1)).detail == SUPERSEDED
    assert (await SharedContext(store.records, "run1", person="", version=2).result("two")) == Contribution(
        version=2, text="new two"
    )


async def test_S36_a_plan_that_was_agreed_on_is_the_plan(store: Store) -> None:
    plans = [Agreed(version=1, tasks=(TaskDef(id=id, agent="synthesiser", input=id),)) for id in ("a", "b")]
    agreed = await asyncio.gather(
        *(SharedContext(store.records, "run1", person="", version=1).agree("work", plan) for plan in plans)
    )
    assert agreed[0] == agreed[1]


class Contested:
    """Records whose first writes are always beaten by somebody else's."""

    def __init__(self, records: Records, before: SharedContext, times: int) -> None:
        self._records, self._other, self.left = records, before, times

    def __getattr__(self, name: str) -> object:
        return getattr(self._records, name)

    async def put(self, kind: str, key: str, blob: bytes, *, expect: int | None = None) -> bool:
        if self.left:
            self.left -= 1
            await self._other.keep(f"other{self.left}", Contribution(text="theirs"))
        return await self._records.put(kind, key, blob, expect=expect)


async def test_S36_who_comes_second_writes_beside_and_not_over(store: Store) -> None:
    others = SharedContext(store.records, "run1", person="", version=1)
    contested = Contested(store.records, others, times=3)
    mine = SharedContext(contested, "run1", person="", version=1)  # type: ignore[arg-type]  # the rest by __getattr__
    await mine.keep("mine", Contribution(text="mine"))
    assert contested.left == 0
    for task in ("mine", "other0", "other1", "other2"):
        assert await others.result(task) is not None, task


async def test_S36_what_was_shared_goes_with_the_run(store: Store) -> None:
    await carried_out(Counted(), store.records)
    assert await store.records.get(KIND, "run1") is not None
    for _ in range(2):
        await clear(store.records, Spent(id="s", run="run1"))
    assert await store.records.get(KIND, "run1") is None


class Away:
    """Records that cannot be reached."""

    async def get(self, kind: str, key: str) -> None:
        raise StoreAway("away")


async def test_F35_a_store_that_is_away_costs_no_answer() -> None:
    agent = Counted()
    outcome = await carried_out(agent, Away())  # type: ignore[arg-type]  # nothing else of it is asked
    assert outcome.outcome == "done"
    assert sorted(agent.done) == ["answer", "both", "one", "two"]


DYING = """
import asyncio, os, signal, sys
from pathlib import Path
from tests.gateway.test_shared_context import Counted, carried_out, clock, stored
from gateway.stores.sqlite import SqliteStore

class Dying(Counted):
    async def work(self, assignment):
        if assignment.task == "two":
            await stored(self.records, "one")
            os.kill(os.getpid(), signal.SIGKILL)
        return await super().work(assignment)

async def main():
    store = await SqliteStore.open(Path(sys.argv[1]), clock())
    agent = Dying()
    agent.records = store.records
    await carried_out(agent, store.records)

asyncio.run(main())
"""


async def test_S37_kill_9_in_the_middle_of_a_plan_costs_no_finished_task(tmp_path: Path) -> None:
    file = tmp_path / "desk.db"
    root = Path(__file__).parents[2]
    died = subprocess.run(
        [sys.executable, "-c", DYING, str(file)], cwd=root, env={**os.environ, "PYTHONPATH": str(root)}, check=False
    )
    assert died.returncode == -signal.SIGKILL
    store = await SqliteStore.open(file, clock())
    agent = Counted()
    outcome = await carried_out(agent, store.records)
    await store.close()
    assert sorted(agent.done) == ["answer", "both", "two"]
    assert outcome.outcome == "done"
