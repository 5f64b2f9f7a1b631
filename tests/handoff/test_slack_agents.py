"""What one agent sees of the desk in Slack: whispers, receipts, windows; none of them ever holds a case up."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.message import Reach, Refused, Retry, Sent, Unknown
from handoff.buttons import TRIGGERS, Press, press_of
from handoff.case import Spot
from handoff.moves import Trigger
from handoff.posts import Mark, Marking, Whisper, Window
from handoff.slack_desk import SlackDesk
from tests.channels.slack_double import says
from tests.channels.slack_workspace import well_formed
from tests.handoff.desk import MONDAY
from tests.handoff.slack_face import CASE, DESK, HIDDEN, LIVE, Face, buttons_of, desk_in_slack
from tests.handoff.test_card import HOSTILE

pytestmark = pytest.mark.anyio

THREAD = "1795260000.000001"
SPOT = Spot(channel=DESK, message="1795260000.000042", thread=THREAD)


@pytest.fixture
async def desk(anyio_backend: str, tmp_path: Path) -> AsyncIterator[Face]:
    async with desk_in_slack(tmp_path) as face:
        yield face


def whisper(text: str = "This has changed.", **more: Any) -> Whisper:
    return Whisper(**{"id": "row:w", "agent": "U2", "text": text, "spot": SPOT, "case": CASE.id, "version": 3, **more})


def mark(marking: Marking = Marking.ACCEPTED) -> Mark:
    return Mark(id="row:m", case=CASE.id, spot=SPOT, marking=marking)


def window(button: str = "resolve", **more: Any) -> Window:
    fields = {"case": CASE.id, "version": 3, "trigger": "1.2.abc", "expires_at": MONDAY + timedelta(seconds=3)}
    return Window(**{"id": "row:o", "button": button, **fields, **more})


async def test_H45_a_whisper_is_for_one_agent_in_the_thread_where_they_are(desk: Face) -> None:
    assert await desk.show(whisper("Already claimed by <@U1>.")) == Sent(provider_ids=())
    (told,) = desk.slack.whispers
    assert (told["channel"], told["user"], told["thread_ts"]) == (DESK, "U2", THREAD)
    assert told["text"] == "Already claimed by &lt;@U1&gt;."
    assert told["blocks"][0]["text"] == {"type": "plain_text", "text": "Already claimed by <@U1>.", "emoji": False}
    assert "metadata" not in told


async def test_a_whisper_about_a_press_on_the_card_stands_in_the_channel(desk: Face) -> None:
    await desk.show(whisper(spot=Spot(channel=DESK, message=THREAD)))
    assert "thread_ts" not in desk.slack.whispers[0]


async def test_a_whisper_about_a_window_stands_at_the_case(desk: Face) -> None:
    thread = await desk.carded()
    await desk.show(whisper(spot=Spot()))
    assert (desk.slack.whispers[0]["channel"], desk.slack.whispers[0]["thread_ts"]) == (DESK, thread.ts)
    assert await desk.show(whisper(spot=Spot(), case="")) == Sent(provider_ids=()), "nowhere, so to nobody"


async def test_H45_held_words_can_be_taken_over_or_kept_by_ids_alone(desk: Face) -> None:
    await desk.show(whisper(held="slack:T1:Ev9"))
    (told,) = desk.slack.whispers
    assert buttons_of(told) == ["handoff_take_over", "handoff_keep_internal"]
    elements = told["blocks"][1]["elements"]
    assert [one["text"]["text"] for one in elements] == ["Take over and send", "Keep internal"]
    assert well_formed(told["blocks"])
    presses = [press_of(one["action_id"], one["value"]) for one in elements]
    assert presses == [
        Press(button="take_over", case=CASE.id, seen=3, held="slack:T1:Ev9"),
        Press(button="keep_internal", case=CASE.id, seen=3, held="slack:T1:Ev9"),
    ]
    assert [TRIGGERS[press.button] for press in presses if press] == [Trigger.TAKE_OVER, Trigger.KEEP_INTERNAL]


@pytest.mark.parametrize("words", HOSTILE)
async def test_H52_a_whisper_is_harmless_whatever_it_repeats(desk: Face, words: str) -> None:
    await desk.show(whisper(f"Not sent: {words}", held="h1"))
    (told,) = desk.slack.whispers
    assert well_formed(told["blocks"])
    assert len(told["text"]) <= 4000
    assert not LIVE.search(told["text"])
    assert not HIDDEN.search(str(told))


@pytest.mark.parametrize("word", ["user_not_in_channel", "channel_not_found", "invalid_auth", "missing_scope"])
async def test_H50_what_slack_refuses_an_agent_is_dropped(desk: Face, word: str) -> None:
    desk.slack.will("chat.postEphemeral", says(word))
    assert await desk.show(whisper()) == Sent(provider_ids=())
    for marking in Marking:
        desk.slack.will("reactions.add", says(word))
        assert await desk.show(mark(marking)) == Sent(provider_ids=())


async def test_C33_a_whisper_of_unknown_fate_is_repeated_once_at_most(desk: Face) -> None:
    desk.slack.will("chat.postEphemeral", says("fatal_error"), says("fatal_error"))
    assert await desk.show(whisper()) == Unknown(reason="fatal_error")
    assert await desk.show(whisper(), again=True) == Sent(provider_ids=())
    desk.slack.will("chat.postEphemeral", says("ratelimited", 429, Retry_After="2"))
    assert await desk.show(whisper(), again=True) == Retry(reason="ratelimited", after_s=2)


async def test_H50_receipts_are_three_reactions_and_a_second_one_is_no_news(desk: Face) -> None:
    for marking in (*Marking, *Marking):
        assert await desk.show(mark(marking)) == Sent(provider_ids=())
    assert desk.slack.reactions == [
        (DESK, SPOT.message, name) for name in ("outbox_tray", "heavy_check_mark", "warning")
    ]


async def test_H50_a_desk_has_reactions_of_its_own(tmp_path: Path) -> None:
    async with desk_in_slack(tmp_path, SlackDesk(default=DESK, accepted="email", delivered="ok", failed="x")) as desk:
        for marking in Marking:
            await desk.show(mark(marking))
        assert [name for _, _, name in desk.slack.reactions] == ["email", "ok", "x"]


async def test_H50_under_pressure_success_is_left_out_and_failure_never(desk: Face) -> None:
    for fault in (says("ratelimited", 429, Retry_After="4"), says("fatal_error")):
        for marking in Marking:
            desk.slack.will("reactions.add", fault)
            receipt = await desk.show(mark(marking))
            assert isinstance(receipt, Retry if marking is Marking.FAILED else Sent)
    assert desk.slack.reactions == []


async def test_H58_a_window_opens_by_its_trigger(desk: Face) -> None:
    assert await desk.show(window()) == Sent(provider_ids=())
    assert desk.slack.asked("views.open")[0]["trigger_id"] == "1.2.abc"
    assert desk.slack.views[0]["callback_id"] == "handoff_resolve"


async def test_H58_past_the_triggers_life_it_is_not_opened(desk: Face) -> None:
    desk.clock.advance(3.5)
    assert isinstance(await desk.show(window()), Refused)
    assert desk.slack.asked("views.open") == []


async def test_H58_a_window_that_may_have_opened_is_not_opened_twice(desk: Face) -> None:
    for word in ("fatal_error", "trigger_expired", "ratelimited"):
        desk.slack.will("views.open", says(word))
        assert await desk.show(window()) == Refused(reason=word)
    desk.slack.will("views.open", says("invalid_auth"))
    assert await desk.show(window()) == Refused(reason="invalid_auth", reach=Reach.ACCOUNT)


async def test_a_button_without_a_window_is_refused(desk: Face) -> None:
    assert isinstance(await desk.show(window("reveal")), Refused)
    assert desk.slack.asked("views.open") == []
