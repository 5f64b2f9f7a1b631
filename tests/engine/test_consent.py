"""Opting out and in: what counts as either, what is said, and what stays as it was (X65, C38, C74)."""

from __future__ import annotations

import msgspec
import pytest
from msgspec.structs import replace

from engine.message import EventKind, Limits
from engine.ports import ActionOutcome, ActionRequest
from tests.engine.flows_for_tests import REFUND, SHOP
from tests.engine.talk import Talk

TEXT_MESSAGES = Limits(
    max_chars=4,
    opt_out_words=("STOP", "CANCEL", "OPTOUT"),
    opt_in_words=("START", "UNSTOP"),
    opt_back_words=("YES",),
)


def asked_for_the_number(carries: Limits = TEXT_MESSAGES) -> Talk:
    talk = Talk(REFUND, answers=SHOP, carries=carries)
    talk.say("I want a refund")
    return talk


@pytest.mark.parametrize("text", ["STOP", "stop", " Stop. ", "stop!!", "“Stop”", "CANCEL", "optout"])
def test_X65_the_channels_words_opt_out_however_they_are_punctuated(text: str) -> None:
    talk = asked_for_the_number()
    assert talk.say(text) == ""
    assert talk.conversation.opted_out
    assert talk.rules == ("X65",)
    assert talk.top.state == "start"


@pytest.mark.parametrize("text", ["stop this", "never mind", "cancel it"])
def test_C74_other_words_still_cancel_there(text: str) -> None:
    talk = asked_for_the_number()
    assert "Stopped" in talk.say(text)
    assert not talk.conversation.opted_out


def test_C75_a_channel_without_such_words_cancels_with_them() -> None:
    talk = asked_for_the_number(Limits(max_chars=100))
    assert "Stopped" in talk.say("STOP")
    assert not talk.conversation.opted_out


def test_X65_while_opted_out_nothing_changes_a_run() -> None:
    talk = asked_for_the_number()
    talk.opt(EventKind.OPT_OUT, "STOP")
    before = talk.conversation
    for silence in (talk.say("ORD-12345"), talk.say("start over"), talk.send("sticker"), talk.say("hello?")):
        assert silence == ""
    after = talk.conversation
    assert (after.stack, after.question, after.pending, after.unread) == (
        before.stack,
        before.question,
        before.pending,
        before.unread,
    )
    assert talk.turns[-1].notes.heard == ("hello?",), "what was said is on record"


def test_X65_a_pending_question_waits_too() -> None:
    talk = asked_for_the_number()
    talk.say("ORD-12345")
    assert "lost" in talk.say("start over")
    talk.opt(EventKind.OPT_OUT, "STOP")
    talk.say("what?")
    talk.say("what?")
    assert talk.conversation.pending is not None
    assert "lost" in talk.opt(EventKind.OPT_IN, "START")


@pytest.mark.parametrize("text", ["START", "start!", "unstop", "Yes"])
def test_C74_the_words_back_are_heard_only_then(text: str) -> None:
    talk = asked_for_the_number()
    talk.opt(EventKind.OPT_OUT, "STOP")
    assert "Which order number" in talk.say(text)
    assert not talk.conversation.opted_out
    assert "Wireless headphones" in talk.say("ORD-12345")
    assert "Why" in talk.say("yes"), "a yes of somebody who has not opted out is an answer"


def test_C74_who_comes_back_to_nothing_is_greeted() -> None:
    talk = Talk(REFUND, carries=TEXT_MESSAGES)
    assert "Refund an order" in talk.opt(EventKind.OPT_IN, "START")


def test_C74_what_the_provider_has_answered_is_not_answered_again() -> None:
    talk = asked_for_the_number()
    talk.opt(EventKind.OPT_OUT, "STOP", answered="yes")
    assert talk.opt(EventKind.OPT_IN, "START", answered="yes") == ""
    assert not talk.conversation.opted_out
    assert "Wireless headphones" in talk.say("ORD-12345")


def test_X65_texts_that_waited_with_the_stop_are_not_answered() -> None:
    talk = asked_for_the_number()
    assert talk.say("ORD-12345", "stop.") == ""
    assert talk.value("order_number") == "ORD-12345"


def test_X65_a_call_that_was_committed_comes_to_its_end_in_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    talk = Talk(REFUND, answers=SHOP, carries=TEXT_MESSAGES)
    for text in ("refund for ORD-12345", "yes", "broken"):
        talk.say(text)

    async def stopped_meanwhile(_: ActionRequest) -> ActionOutcome:
        talk.stored = msgspec.json.encode(replace(talk.conversation, opted_out=True))
        return ActionOutcome(outcome="done")

    monkeypatch.setattr(talk.world.actions, "run", stopped_meanwhile)
    assert talk.say("it was a gift") == ""
    assert talk.conversation.waiting is None
    assert talk.conversation.ended is not None
    assert talk.conversation.ended.outcome == "resolved"


def test_C37_a_report_that_they_had_opted_out_counts_and_others_do_not() -> None:
    talk = asked_for_the_number()
    assert talk.opt(EventKind.RECEIPT, status="failed", reach="unreachable") == ""
    assert not talk.conversation.opted_out
    assert talk.opt(EventKind.RECEIPT, status="failed", reach="opted_out") == ""
    assert talk.conversation.opted_out


def test_a_report_is_nothing_that_was_heard() -> None:
    talk = asked_for_the_number()
    before = talk.conversation
    talk.opt(EventKind.RECEIPT, status="delivered")
    after = talk.conversation
    assert (after.heard_at, after.window, after.question) == (before.heard_at, before.window, before.question)
