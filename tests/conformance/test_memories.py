"""What is remembered of people, kept in every store (S11, S15)."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from engine.memory import NOTHING, DoneRun, Learned, Remembered, person_key
from engine.message import Address
from engine.store import Records
from gateway.clock import TestClock
from gateway.memories import PROFILE, KeptMemories, keep, memory_of
from tests.conformance.conftest import START

pytestmark = pytest.mark.anyio

ANN = Address(channel="sms", account="desk", chat="+491", person="+491")
THREAD = Address(channel="slack", account="T1", chat="C1", person="U1", thread="17.1")


def done(number: int, person: Address = ANN) -> Learned:
    """A run that was done, a day behind the one before."""
    at = START - timedelta(days=10 - number)
    until = at + timedelta(days=30)
    name = Remembered(value=f"Ann {number}", at=at, until=until, flow="table", run=f"r{number}", turn=2, channel="sms")
    run = DoneRun(run=f"r{number}", flow="table", at=at, until=until, channel="sms", values={"name": name.value})
    return Learned(id=f"r{number}:learned", person=person_key(person), run=run, values={"name": name})


async def test_S11_a_run_is_learned_once_whatever_comes_again(records: Records) -> None:
    await keep(records, done(1), now=START)
    once = await memory_of(records, person_key(ANN))
    await keep(records, done(1), now=START)
    assert await memory_of(records, person_key(ANN)) == once
    assert (once.values["name"].value, once.runs) == ("Ann 1", (done(1).run,))


async def test_S11_of_runs_that_end_at_once_none_is_lost_and_the_newest_value_counts(records: Records) -> None:
    await asyncio.gather(*(keep(records, done(number), now=START) for number in (3, 1, 5, 2, 4)))
    memory = await memory_of(records, person_key(ANN))
    assert [run.run for run in memory.runs] == ["r1", "r2", "r3", "r4", "r5"]
    assert memory.values["name"].value == "Ann 5"


async def test_S11_what_is_too_old_is_not_recalled_and_goes_with_the_next_run(
    records: Records, clock: TestClock
) -> None:
    await keep(records, done(1), now=START)
    clock.advance(timedelta(days=25).total_seconds())
    memories = KeptMemories(records, clock)
    assert await memories.recall(ANN, acquainted=True) == NOTHING
    await keep(records, done(9), now=clock.now())
    assert [run.run for run in (await memory_of(records, person_key(ANN))).runs] == ["r9"]


async def test_S15_two_people_and_one_on_two_channels_share_nothing(records: Records, clock: TestClock) -> None:
    await keep(records, done(1), now=START)
    memories = KeptMemories(records, clock)
    assert (await memories.recall(ANN, acquainted=True)).runs
    for other in (
        Address(channel="sms", account="desk", chat="+4912", person="+4912"),
        Address(channel="web", account="desk", chat="+491", person="+491"),
        Address(channel="sms", account="other", chat="+491", person="+491"),
    ):
        assert await memories.recall(other, acquainted=True) == NOTHING


async def test_S15_somebody_new_costs_no_look_unless_they_may_have_other_threads(
    records: Records, clock: TestClock
) -> None:
    await keep(records, done(1), now=START)
    await keep(records, done(1, THREAD), now=START)
    memories = KeptMemories(records, clock)
    assert await memories.recall(ANN, acquainted=False) == NOTHING
    assert (await memories.recall(THREAD, acquainted=False)).runs


async def test_F16_what_is_unreadable_begins_anew(records: Records, clock: TestClock) -> None:
    await records.put(PROFILE, person_key(ANN), b"{broken")
    assert await KeptMemories(records, clock).recall(ANN, acquainted=True) == NOTHING
    await keep(records, done(1), now=START)
    assert (await memory_of(records, person_key(ANN))).runs == (done(1).run,)
