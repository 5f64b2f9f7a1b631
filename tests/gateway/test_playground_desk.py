"""The agent's side of the page over real HTTP: a whole case from the request to its end (spec/handoff.md 1, 2, 4)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest

from tests.gateway.page_desk import Loop, names, page_desk, texts

pytestmark = pytest.mark.anyio


@pytest.fixture
async def loop(tmp_path: Path) -> AsyncIterator[Loop]:
    async with page_desk(tmp_path) as opened:
        yield opened


async def test_H6_without_slack_a_request_for_a_person_is_a_case_on_the_page(loop: Loop) -> None:
    assert await loop.agent.cases() == []
    case = await loop.asks_for_a_person()
    (row,) = await loop.agent.cases()
    assert row | {"id": "", "reference": "", "since": ""} == {
        "id": "",
        "reference": "",
        "state": "queued",
        "words": "Waiting for somebody to claim it",
        "title": "Refund an order",
        "why": "Explicit request",
        "priority": "normal",
        "queue": "default",
        "owner": "queue",
        "agent": None,
        "since": "",
        "open": True,
    }
    assert row["since"]
    view = await loop.agent.seen(case)
    assert view["told"]["headline"] == "Refund an order: Customer asked for a person"
    assert {
        "label": "Order number",
        "value": "ORD-12345",
        "status": "filled",
        "source": "said",
    }.items() <= (view["values"][0].items())
    assert {fact["name"] for fact in view["facts"]} >= {"Why", "Step", "Priority", "Queue"}
    assert [line["text"] for line in view["before"]][-2:] == [
        "I want to talk to a human",
        "I'm connecting you with a person. You can keep writing. To go on with me instead, write BOT.",
    ]


async def test_H44_what_the_claimer_writes_reaches_the_customer_and_is_marked_so(loop: Loop) -> None:
    case = await loop.is_helped()
    await loop.agent.writes(case, "Hello, I am looking at it.")
    (heard,) = await loop.hears()
    assert (heard["text"], heard["voice"]) == ("Hello, I am looking at it.", "agent")
    view = await loop.agent.seen(case, lambda view: texts(view, sent="delivered"))
    assert texts(view, sent="delivered", who="agent", note=False) == ["Hello, I am looking at it."]
    assert view["case"]["state"] == "waiting_customer"


async def test_H25_the_customers_words_stand_in_the_thread_in_order_and_the_bot_is_silent(loop: Loop) -> None:
    case = await loop.is_helped()
    for words in ("first", "second", "ORD-24680"):
        assert len(await loop.says(words, lines=1)) == 1
    view = await loop.agent.seen(case, lambda view: len(texts(view, who="customer")) == 3)
    assert texts(view, who="customer") == ["first", "second", "ORD-24680"]
    await loop.agent.writes(case, "all read")
    assert [item["text"] for item in await loop.hears()] == ["all read"]


@pytest.mark.parametrize("note", ["note: is angry", "// is angry", "*Internal :* is angry"])
async def test_H46_a_note_stays_among_agents(loop: Loop, note: str) -> None:
    case = await loop.is_helped()
    await loop.agent.writes(case, note)
    await loop.agent.writes(case, "One moment please.")
    assert [item["text"] for item in await loop.hears()] == ["One moment please."]
    view = await loop.agent.seen(case, lambda view: texts(view, sent="delivered"))
    assert texts(view, note=True) == [note]
    assert texts(view, note=True, sent="") == [note]


async def test_H147_a_return_goes_on_with_the_question_that_was_open(loop: Loop) -> None:
    case = await loop.is_helped()
    await loop.agent.presses(case, "return")
    (heard,) = await loop.hears()
    assert heard["text"].startswith("You're back with the assistant.\nOrder ORD-12345: Wireless headphones")
    assert [option["label"] for option in heard["options"]] == ["yes", "no"]
    said = await loop.says("yes")
    assert said[-1]["text"].startswith("Done: $79.99 is on its way back to you.")


async def test_H130_a_returned_case_asks_for_a_verdict_once(loop: Loop) -> None:
    case = await loop.is_helped()
    await loop.agent.presses(case, "return")
    view = await loop.agent.seen(case, lambda view: not view["case"]["open"])
    assert (view["asked"], view["writes"]) == ("Was it right to call a person?", False)
    assert names(view) == ["verdict_good_call", "verdict_false_alarm", "verdict_too_late"]
    await loop.agent.presses(case, "verdict_too_late")
    view = await loop.agent.seen(case, lambda view: not view["buttons"])
    assert {"name": "Verdict", "value": "too late"} in view["facts"]
    assert view["asked"] == ""


async def test_H58_resolving_keeps_outcome_and_verdict(loop: Loop) -> None:
    case = await loop.is_helped()
    await loop.agent.presses(case, "resolve", outcome="not_solved", verdict="good_call", note="calls again")
    view = await loop.agent.seen(case, lambda view: not view["case"]["open"])
    assert view["case"]["state"] == "resolved"
    assert {"name": "Outcome", "value": "not solved"} in view["facts"]
    assert {"name": "Verdict", "value": "good call"} in view["facts"]
    assert [row["open"] for row in await loop.agent.cases()] == [False]


async def test_a_false_alarm_is_the_assistant_again_and_never_called_so_to_the_customer(loop: Loop) -> None:
    case = await loop.asks_for_a_person()
    await loop.agent.presses(case, "false_alarm")
    (heard,) = await loop.hears()
    assert heard["text"].startswith("You're back with the assistant.")
    assert "alarm" not in heard["text"]
    view = await loop.agent.seen(case, lambda view: not view["case"]["open"])
    assert (view["case"]["state"], view["buttons"]) == ("false_alarm", [])


async def test_H10_the_customers_own_way_back_cancels_the_case(loop: Loop) -> None:
    await loop.says("refund for ORD-12345, it arrived broken")
    asked = await loop.says("I want to talk to a human")
    (option,) = asked[-1]["options"]
    assert option["label"] == "Go on with the assistant"
    case = await loop.agent.opened()
    assert (await loop.page.say(str(uuid4()), option=option["token"])).status == 202
    assert (await loop.hears(2))[-1]["text"].startswith("All right, let's go on.")
    view = await loop.agent.seen(case, lambda view: not view["case"]["open"])
    assert view["case"]["words"] == "The customer went on with the assistant"


async def test_H57_a_button_of_an_older_card_is_answered_by_a_whisper(loop: Loop) -> None:
    case = await loop.asks_for_a_person()
    old = {button["name"]: button for button in (await loop.agent.seen(case))["buttons"]}
    await loop.agent.presses(case, "claim")
    pressed = await loop.agent.posts(case, action=old["return"]["action"], value=old["return"]["value"])
    assert pressed.status == 202
    view = await loop.agent.seen(case, lambda view: texts(view, whisper=True))
    assert texts(view, whisper=True) == ["This has changed. The card shows how it stands now."]
    assert view["case"]["state"] == "claimed"


async def test_C91_the_same_act_twice_is_one(loop: Loop) -> None:
    case = await loop.is_helped()
    id = str(uuid4())
    answers = [await loop.agent.posts(case, id=id, text="only once") for _ in range(2)]
    assert [answer.status for answer in answers] == [202, 202]
    assert answers[0].json == answers[1].json
    await loop.agent.writes(case, "next")
    assert [item["text"] for item in await loop.hears(2)] == ["only once", "next"]
    assert texts(await loop.agent.seen(case), who="agent") == ["only once", "next"]


async def test_H45_words_before_the_claim_wait_for_a_choice(loop: Loop) -> None:
    case = await loop.asks_for_a_person()
    await loop.agent.writes(case, "I take this one.")
    view = await loop.agent.seen(case, lambda view: texts(view, whisper=True))
    (held,) = (line for line in view["lines"] if line["whisper"])
    assert held["text"] == "Nobody has claimed this case. Take over and send, or keep it internal?"
    take_over, keep = held["choices"]
    assert (take_over["label"], keep["label"]) == ("Take over and send", "Keep internal")
    assert (await loop.agent.posts(case, action=take_over["action"], value=take_over["value"])).status == 202
    assert [item["text"] for item in await loop.hears(2)] == ["You're now talking with Anna.", "I take this one."]
    view = await loop.agent.seen(case, lambda view: texts(view, sent="delivered"))
    assert not any(line["choices"] for line in view["lines"])


async def test_H45_words_kept_internal_never_leave_and_are_shown_so(tmp_path: Path) -> None:
    async with page_desk(tmp_path, FRONTDESK_ENV="test", FRONTDESK_CLOCK="2026-03-02T10:00:00Z") as loop:
        case = await loop.asks_for_a_person()
        await loop.agent.writes(case, "not for them")
        view = await loop.agent.seen(case, lambda view: texts(view, whisper=True))
        keep = next(line for line in view["lines"] if line["whisper"])["choices"][1]
        assert (await loop.agent.posts(case, action=keep["action"], value=keep["value"])).status == 202
        await loop.agent.seen(case, lambda view: not any(line["choices"] for line in view["lines"]))
        assert (await loop.page.post("/_test/clock", b'{"advance_s": 5}')).status == 200
        view = await loop.agent.seen(case)
        assert texts(view, sent="kept") == ["not for them"]
        await loop.agent.presses(case, "claim")
        assert [item["text"] for item in await loop.hears()] == ["You're now talking with Anna."]


async def test_a_case_goes_to_another_team_and_sleeps_where_it_is_told_to(loop: Loop) -> None:
    case = await loop.is_helped()
    await loop.agent.presses(case, "snooze", wake="1h")
    view = await loop.agent.seen(case, lambda view: view["case"]["state"] == "snoozed")
    assert "snoozed until" in view["case"]["words"]
    await loop.agent.presses(case, "transfer", queue="billing")
    assert [item["text"] for item in await loop.hears()] == ["Moving you to billing."]
    view = await loop.agent.seen(case, lambda view: view["case"]["queue"] == "billing")
    assert (view["case"]["state"], view["case"]["agent"]) == ("queued", None)
    assert [line["text"] for line in view["before"]][:1] == ["refund for ORD-12345, it arrived broken"]


async def test_H57_buttons_are_those_of_the_state_and_say_whether_they_can_be_pressed(loop: Loop) -> None:
    case = await loop.asks_for_a_person()
    view = await loop.agent.seen(case)
    assert names(view, more=False) == ["claim", "return", "resolve", "transfer", "snooze", "false_alarm"]
    assert names(view, able=False) == ["transfer", "snooze"]
    assert names(view, more=True) == []
    await loop.agent.presses(case, "claim")
    view = await loop.agent.seen(case, lambda view: view["case"]["agent"] == "Anna")
    assert names(view, able=True) == [
        *("return", "resolve", "transfer", "snooze", "false_alarm"),
        *("reply", "unclaim", "reveal"),
    ]
    (transfer,) = (one for one in view["buttons"] if one["name"] == "transfer")
    assert transfer["asks"][0]["choices"] == [
        {"value": queue, "label": queue.capitalize()} for queue in ("billing", "sales", "tech")
    ]


async def test_H46_a_note_in_the_reply_form_stays_too(loop: Loop) -> None:
    case = await loop.is_helped()
    await loop.agent.presses(case, "reply", text="note: not for them")
    await loop.agent.presses(case, "reply", text="This is for you.")
    assert [item["text"] for item in await loop.hears()] == ["This is for you."]
    view = await loop.agent.seen(case, lambda view: texts(view, sent="delivered"))
    assert texts(view, who="agent", note=True) == ["note: not for them"]


async def test_H78_the_summary_is_there_to_take_away_under_a_fixed_name(loop: Loop) -> None:
    case = await loop.asks_for_a_person()
    status, summary, headers = await loop.agent.get(f"/{case}/summary.json")
    assert status == 200
    assert (summary["schema"], summary["handoff_id"]) == ("frontdesk.handoff-summary/v1", case)
    assert headers["Content-Disposition"] == f'attachment; filename="handoff-{case}-r1.json"'
    assert headers["Content-Type"] == "application/json"


async def test_H53_a_card_number_is_masked_and_H52_nothing_hides_in_what_the_customer_wrote(loop: Loop) -> None:
    case = await loop.is_helped()
    await loop.says("pay with 4111 1111 1111 1111 \u202egnp.exe <b>now</b>", lines=1)
    view = await loop.agent.seen(case, lambda view: texts(view, who="customer"))
    assert texts(view, who="customer") == ["pay with [card ending 1111] [U+202E]gnp.exe <b>now</b>"]


async def test_R60_an_amount_over_the_limit_is_a_case_of_the_flow_s_queue(loop: Loop) -> None:
    await loop.says("refund for ORD-67890, it is broken")
    await loop.says("yes")
    view = await loop.agent.seen(await loop.agent.opened())
    assert (view["case"]["queue"], view["case"]["why"]) == ("billing", "Refund over limit")
    assert any("refund over limit" in fact["value"] for fact in view["facts"])


async def test_the_page_of_the_customer_learns_who_answers(loop: Loop) -> None:
    async def standing() -> tuple[str, str | None]:
        async with loop.agent.client.get(f"{loop.page.url}/playground/state") as answer:
            state = await answer.json()
        return state["owner"], state["agent"]

    await loop.says("hello")
    assert await standing() == ("bot", None)
    case = await loop.asks_for_a_person()
    assert await standing() == ("queue", None)
    await loop.agent.presses(case, "claim")
    await loop.hears()
    assert await standing() == ("agent", "Anna")
    await loop.agent.presses(case, "return")
    await loop.hears()
    assert await standing() == ("bot", None)


async def test_H44_words_in_the_thread_of_an_earlier_case_reach_nobody(loop: Loop) -> None:
    old = await loop.is_helped()
    await loop.agent.presses(old, "return")
    await loop.hears()
    await loop.says("I want to talk to a human")
    new = await loop.agent.opened()
    assert new != old
    view = await loop.agent.seen(old)
    assert (view["buttons"], view["writes"]) == ([], False)
    answer = await loop.agent.posts(old, text="still there?")
    assert answer.status == 409
    assert "newer" in answer.json["error"]


async def test_what_happened_at_the_desk_is_there_after_a_restart(tmp_path: Path) -> None:
    async with page_desk(tmp_path) as loop:
        case = await loop.is_helped()
        await loop.agent.writes(case, "note: has called twice")
        before = await loop.agent.seen(case, lambda view: texts(view, note=True))
    async with page_desk(tmp_path) as loop:
        assert await loop.agent.seen(case) == before
