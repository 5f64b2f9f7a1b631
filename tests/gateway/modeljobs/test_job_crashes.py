"""A model job survives a kill, counts once, and ends; what it was made for may be gone (I5, R1, S19, X62)."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from engine.jobs import JobAnswer, JobFate, answer_event
from engine.model import Purpose
from gateway.modeljobs import AGAIN_AFTER_S
from tests.gateway.modeljobs.conftest import Opened
from tests.gateway.modeljobs.notes_desk import TALK, WRITTEN, begins, desk, fates, rows, rows_at_rest, says, summary
from tests.gateway.people_desk import CONVERSATION
from tests.gateway.writers import notes

pytestmark = pytest.mark.anyio


async def test_S19_an_answer_never_overwrites_a_later_summary(tmp_path: Path) -> None:
    model = notes()
    model.awake.clear()
    async with desk(tmp_path, model) as found:
        await begins(found, *TALK)
        for text in ("yes", "broken", "none"):
            await begins(found, text)
        later = await summary(found)
        assert later.turn == 6
        assert len(model.requests) == 2
        first = found.worker._jobs._tasks.keys()
        model.awake.set()
        await found.settled()
        assert not first
        assert (await summary(found)).turn == 6
        assert sorted(await fates(found)) == [("summary", "moved_on"), ("summary", "used")]


async def test_I5_killed_between_the_row_and_the_answer_it_is_asked_once_more(tmp_path: Path, opened: Opened) -> None:
    model = notes()
    model.awake.clear()
    async with desk(tmp_path, model, opened) as found:
        await begins(found, *TALK)
    model.awake.set()
    async with desk(tmp_path, model, opened) as found:
        await found.settled()
        assert len(model.requests) == 1, "it may still be on its way"
        assert (await summary(found)).points == ()
        await found.wait(seconds=AGAIN_AFTER_S)
        assert len(model.requests) == 2
        assert (await summary(found)).points == WRITTEN
        assert await rows(found) == []


async def test_I5_killed_again_and_again_it_is_given_up(tmp_path: Path, opened: Opened) -> None:
    model = notes()
    model.awake.clear()
    for life in range(3):
        async with desk(tmp_path, model, opened) as found:
            if not life:
                await begins(found, *TALK)
                continue
            found.ground.clock.advance(AGAIN_AFTER_S * life)
            await found.worker.sweep_once()
            await rows_at_rest(found)
            await asyncio.sleep(0.02)
    assert len(model.requests) == 2
    async with desk(tmp_path, model, opened) as found:
        found.ground.clock.advance(AGAIN_AFTER_S * 4)
        await found.settled()
        assert await rows(found) == []
        assert (await summary(found)).points == ()


async def test_R1_a_second_answer_of_the_same_job_changes_nothing(tmp_path: Path, opened: Opened) -> None:
    async with desk(tmp_path, notes(), opened) as found:
        await says(found, *TALK)
        before = await found.conversation()
        answered = next(one for one in await found.journal() if one.job)
        job = answered.events[0].removeprefix("answer:")
        other = JobAnswer(job=job, purpose=Purpose.SUMMARY, answer='{"decisions":["no"]}', fate=JobFate.USED)
        at = found.ground.clock.now()
        await found.worker.take(answer_event(other, conversation=CONVERSATION, at=at))
        await found.settled()
        assert await found.conversation() == before
        await found.worker.take(answer_event(other, conversation=f"{CONVERSATION}:nobody", at=at))
        await found.settled()
        assert await found.ground.store.mailbox.peek(f"{CONVERSATION}:nobody") is None


async def test_X62_after_forget_an_answer_meets_nobody_not_even_the_same_words_again(
    tmp_path: Path, opened: Opened
) -> None:
    model = notes()
    model.awake.clear()
    async with desk(tmp_path, model, opened) as found:
        await begins(found, *TALK)
        assert await found.ground.store.mailbox.erase(CONVERSATION)
        await begins(found, *TALK[:2])
        await begins(found, TALK[2])
        new = (await summary(found)).job
        found.worker._jobs._tasks.pop(new).cancel()
        model.awake.set()
        await found.settled()
        assert (await summary(found)).points == ()
        assert ("summary", "moved_on") in await fates(found)
