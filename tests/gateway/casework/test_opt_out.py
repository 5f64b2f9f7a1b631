"""A customer opts out while a person has the conversation: nothing is sent, nothing is lost, nobody is misled."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from msgspec.structs import replace

from engine.message import Attachment, EventKind
from gateway.outbox import LOOK_AGAIN_S
from gateway.turns import MOST_RAISES
from tests.engine.flows_for_tests import SHOP
from tests.engine.talk import Table
from tests.gateway.people_desk import TOM, PeopleDesk, Stumbles, claimed, people_desk

pytestmark = pytest.mark.anyio


async def test_H24_who_opts_in_again_while_a_person_has_the_conversation_is_not_greeted_by_the_bot(
    desk: PeopleDesk,
) -> None:
    await claimed(desk)
    stood = (await desk.conversation()).stack
    await desk.happens(EventKind.OPT_OUT, text="STOP")
    assert await desk.happens(EventKind.OPT_IN, text="START") == ""
    assert await desk.thread("bot") == [], "and the thread does not say that it spoke"
    assert (await desk.conversation()).stack == stood
    assert await desk.writes("Good to have you back.") == "Good to have you back."


async def test_H25_what_a_customer_sends_after_opting_out_still_reaches_the_thread(desk: PeopleDesk) -> None:
    await claimed(desk)
    await desk.happens(EventKind.OPT_OUT)
    photo = Attachment(kind="photo", name="lamp.jpg", size=1000)
    await desk.happens(EventKind.MESSAGE, attachments=(photo,))
    await desk.happens(EventKind.OPTION, option="fd:old:mark:0")
    assert await desk.thread("customer") == [
        "[photo, lamp.jpg, 1000 bytes]",
        "(pressed a button of an earlier question)",
    ]
    assert any("has opted out" in line for line in await desk.thread())


async def test_H24_words_that_wait_behind_an_opt_in_are_for_the_person_who_has_the_conversation(tmp_path: Path) -> None:
    async with people_desk(tmp_path, actions=Table(SHOP)) as desk:
        desk.ground.dove.limits = replace(desk.ground.dove.limits, opt_in_words=("start",))
        await claimed(desk)
        await desk.happens(EventKind.OPT_OUT)
        stood = (await desk.conversation()).stack
        for text in ("start", "ORD-12345"):
            event = replace(desk.event(EventKind.MESSAGE, text=text), fields={})
            await desk.ground.store.mailbox.accept(event, want_grant=False)
        await desk.settled()
        assert (await desk.conversation()).stack == stood
        assert await desk.thread("customer") == ["start", "ORD-12345"]


async def test_H30_nothing_more_is_sent_once_STOP_came_in_while_the_row_before_was_sent(desk: PeopleDesk) -> None:
    dove = desk.ground.dove
    await claimed(desk)
    await desk.writes("may I?", TOM)
    (whisper,) = await desk.whispers()
    dove.flying.clear()
    taking_over = asyncio.create_task(desk.presses("take_over", TOM, held=whisper.held))
    await asyncio.sleep(2 * LOOK_AGAIN_S)
    await desk.worker.take(desk.event(EventKind.OPT_OUT))
    dove.flying.set()
    assert await taking_over == "You're now talking with Tom.", "that was under way; Tom's own words are not sent"
    assert "Not delivered: the person opted out." in await desk.thread()


async def test_H30_an_opt_out_that_is_set_aside_is_an_opt_out(tmp_path: Path) -> None:
    stumbles = Stumbles()
    async with people_desk(tmp_path, failpoints=stumbles) as desk:
        await desk.says("hello")
        stumbles.at, stumbles.times = "before_commit", MOST_RAISES
        said = [await desk.happens(EventKind.OPT_OUT), *[await desk.wait(seconds=3) for _ in range(3)]]
        assert said == [""] * 4
        assert (await desk.conversation()).opted_out
        assert await desk.says("are you there?") == ""
