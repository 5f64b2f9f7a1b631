"""Coming back, beyond the proofs: phrases, several open tasks, pauses, what is kept of a run that is over."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from msgspec.structs import replace

from engine.desk import DeskDef
from engine.elapsed import going_on, paused
from engine.message import NO_LIMITS, EventKind
from engine.ports import ActionOutcome
from engine.timers import next_due
from tests.engine.flows_for_models import HOTEL, TABLE
from tests.engine.flows_for_tests import REFUND, SHOP, SIGNUP
from tests.engine.proofs.returning import OFFER, reasons
from tests.engine.talk import Talk, flow

ANSWERED = ("I want a refund", "ORD-12345", "yes")


def talked(*texts: str, desk: DeskDef | None = None) -> Talk:
    """A desk with two flows, and what was said so far."""
    talk = Talk(REFUND, SIGNUP, answers=SHOP, desk=desk)
    for text in texts:
        talk.say(text)
    return talk


def test_R50_a_task_that_was_dropped_for_another_is_archived_as_cancelled() -> None:
    talk = Talk(REFUND, SIGNUP, answers=SHOP, desk=DeskDef(stack_depth=1))
    talk.say("I want a refund")
    talk.say("first I want to sign up")
    assert "Stopped refund an order. Nothing was done." in talk.say("drop refund an order")
    assert reasons(talk) == ["cancelled"]
    assert [frame.flow for frame in talk.conversation.stack] == ["signup"]


def test_S7_a_flow_without_a_phrase_is_offered_by_its_task_and_two_values() -> None:
    talk = talked("sign up", "Ann Lee", "ann@example.com", "3 seats")
    talk.wait(hours=1)
    assert "open: open an account (Ann Lee, ann@example.com). Shall we" in talk.say("well then")


def test_S7_a_phrase_that_names_what_is_not_known_yet_is_not_said() -> None:
    talk = Talk(replace(REFUND, resume="your refund for {{ order_number }}"), answers=SHOP)
    talk.say("I want a refund")
    talk.wait(hours=1)
    assert "open: refund an order. Shall" in talk.say("well then")
    talk.say("ORD-12345")
    talk.wait(hours=1)
    assert "open: your refund for ORD-12345. Shall" in talk.say("well then")


def test_S7_of_several_open_tasks_the_top_one_is_offered_and_no_brings_the_next() -> None:
    talk = talked("I want a refund", "first I want to sign up")
    talk.wait(hours=3)
    assert "open an account" in talk.say("well then")
    said = talk.say("no")
    assert "Stopped open an account" in said
    assert "Back to refund an order: Which order number" in said


def test_R57_facts_are_looked_up_again_and_a_given_confirmation_is_asked_anew() -> None:
    talk = talked(*ANSWERED)
    talk.wait(hours=1)
    said = talk.say("broken")
    assert "Is that the one?" in said
    assert [request.action for request in talk.world.actions.asked] == ["lookup", "lookup"]
    assert talk.value("reason") == "defective"


def test_R57_within_the_gap_nothing_is_looked_up_again() -> None:
    talk = talked(*ANSWERED)
    talk.wait(minutes=29)
    assert "Anything to add?" in talk.say("broken")
    assert len(talk.world.actions.asked) == 1


@pytest.mark.parametrize("words", ["cancel", "never mind"])
def test_P10_cancel_works_after_a_gap_and_at_the_offer(words: str) -> None:
    talk = talked("I want a refund")
    talk.wait(hours=1)
    assert "Stopped refund an order" in talk.say(words)
    talk = talked("I want a refund")
    talk.wait(hours=1)
    talk.say("well then")
    assert "Stopped refund an order" in talk.say(words)
    assert talk.conversation.pending is None


def test_R57_a_question_is_answered_in_front_of_the_offer() -> None:
    talk = talked(*ANSWERED)
    talk.wait(hours=1)
    said = talk.say("what time is it?")
    assert said.index("It is 4:15") < said.index(OFFER)
    assert said.count("?") == 1


def test_R57_an_old_button_pressed_after_a_gap_confirms_nothing() -> None:
    talk = talked("I want a refund", "ORD-12345")
    talk.wait(hours=1)
    assert OFFER in talk.press("yes")
    assert "Is that the one?" in talk.press("yes")
    assert talk.value("confirmed") is None


def test_R57_texts_that_waited_together_get_one_reply_and_one_offer() -> None:
    talk = talked("I want a refund")
    talk.wait(hours=1)
    said = talk.say("well then", "ORD-12345")
    assert "Is that the one?" in said
    assert OFFER not in said


def test_R57_a_customer_who_comes_back_is_not_sent_away_by_a_failed_try() -> None:
    talk = talked("I want a refund")
    talk.wait(hours=1)
    talk.say("so it goes")
    assert talk.top.tries == 0


def test_R57_the_desks_gap_and_the_flows_own() -> None:
    talk = talked("I want a refund", desk=DeskDef(resume_after_s=7200.0))
    talk.wait(hours=1)
    assert OFFER not in talk.say("well then")
    talk = Talk(replace(REFUND, resume_after_s=300.0), answers=SHOP)
    talk.say("I want a refund")
    talk.wait(minutes=6)
    assert OFFER in talk.say("well then")


def test_S9_each_run_by_its_flows_own_time() -> None:
    talk = Talk(REFUND, replace(SIGNUP, expires_after_s=86_400.0), answers=SHOP)
    for text in ("I want a refund", "first I want to sign up"):
        talk.say(text)
    talk.wait(hours=25)
    assert [frame.flow for frame in talk.conversation.stack] == ["refund"]
    said = talk.say("hello")
    assert "Your earlier open an account has expired." in said
    assert OFFER in said
    talk.wait(hours=50)
    assert reasons(talk) == ["expired", "offer_unanswered"]


def test_S8_an_offer_does_not_keep_a_run_alive() -> None:
    talk = talked("I want a refund")
    talk.wait(hours=47)
    talk.say("well then")
    talk.wait(hours=30)
    assert reasons(talk) == ["offer_unanswered"]


def test_S9_a_tick_is_nothing_that_was_heard_or_said() -> None:
    talk = talked("I want a refund")
    before = talk.conversation
    assert talk.wait(hours=49) == ""
    after = talk.conversation
    assert (after.heard_at, after.window) == (before.heard_at, before.window)
    assert talk.turns[-1].notes.rules == ("S9",)


def test_X65_while_opted_out_no_clock_runs() -> None:
    talk = Talk(REFUND, answers=SHOP, carries=replace(NO_LIMITS, opt_out_words=("STOP",)))
    talk.say("I want a refund")
    talk.say("STOP")
    assert next_due(talk.conversation, talk.world.book) is None
    assert talk.wait(hours=100) == ""
    assert len(talk.conversation.stack) == 1
    assert OFFER in talk.opt(EventKind.OPT_IN)
    assert next_due(talk.conversation, talk.world.book) is not None


def test_H31_a_pause_keeps_the_time_that_is_left() -> None:
    talk = talked("I want a refund")
    talk.now += timedelta(hours=10)
    stopped = paused(talk.conversation, at=talk.now)
    assert next_due(stopped, talk.world.book) is None
    assert paused(stopped, at=talk.now + timedelta(hours=1)) is stopped
    back = talk.now + timedelta(hours=90)
    assert next_due(going_on(stopped, at=back), talk.world.book) == back + timedelta(hours=38)


def test_W9_while_a_call_is_on_its_way_nothing_expires() -> None:
    talk = talked(*ANSWERED, "broken")
    talk.say("it was a gift")
    committed = next(turn.conversation for turn in talk.turns if turn.conversation.waiting is not None)
    assert next_due(committed, talk.world.book) is None


def test_S38_what_is_kept_of_a_run() -> None:
    talk = talked("I want a refund", "12", "ORD-12345", "yes", "broken", "it was a gift")
    (over,) = talk.turns[-1].notes.archived
    assert (over.flow, over.reason, over.outcome, over.state) == ("refund", "done", "resolved", "done")
    assert (over.turns, over.tries, over.corrections) == (6, 1, 0)
    assert over.seconds == 6.0
    assert over.values == {"order_number": "ORD-12345", "reason": "defective", "note": "it was a gift"}


def test_F33_a_conversation_keeps_one_run_that_ended() -> None:
    talk = talked()
    for _ in range(30):
        talk.say("I want a refund")
        talk.say("cancel")
    size = len(talk.stored)
    for _ in range(30):
        talk.say("I want a refund")
        talk.say("cancel")
    assert len(talk.stored) - size < 50
    assert len(msgspec.json.encode(talk.conversation)) < 4096


def travelling(*texts: str) -> Talk:
    """A desk whose two flows share the city, and what was said so far."""
    talk = Talk(HOTEL, TABLE)
    for text in texts:
        talk.say(text)
    return talk


def test_W12_what_an_interruption_was_told_is_not_asked_again_by_the_task_below_that_shares_it() -> None:
    talk = travelling("hotel", "first a table", "Lyon", "4")
    said = talk.say("by the window")
    assert "A table in Lyon for 4" in said
    assert "How many nights?" in said
    assert (talk.top.flow, talk.value("city"), talk.top.asked) == ("hotel", "Lyon", {"city": 1, "nights": 1})


def test_W12_a_correction_reaches_the_task_below_that_shares_the_value() -> None:
    talk = travelling("hotel", "Lyon", "first a table", "sorry, the city is Nice")
    assert [frame.slots["city"].value for frame in talk.conversation.stack] == ["Nice", "Nice"]


def test_W12_a_run_that_begins_with_a_shared_value_gives_nobody_back_what_was_forgotten() -> None:
    talk = travelling("hotel", "Lyon", "back", "first a table")
    below, top = talk.conversation.stack
    assert "city" not in below.slots
    assert top.slots["city"].value == "Lyon"


def test_W12_R39_what_was_done_with_the_old_value_keeps_it() -> None:
    tour = flow("""
frontdesk: 1
flow: tour
title: Book a tour
triggers: [tour]
slots:
  city: {type: text, scope: travel, label: city}
  sure: {type: boolean, ask_only: true}
  remarks: {type: text, label: remarks}
actions:
  book: {http: {method: POST, url: "https://shop.example/{{ city }}"}, irreversible: true, outcomes: {"201": done}}
states:
  where: {prompt: "Tour of which city?", slot: city, next: right}
  right: {prompt: "A tour of {{ city }}?", slot: sure, branches: {yes: book, no: done}}
  book: {action: book, branches: {done: say}, on_error: done}
  say: {prompt: "Any remarks?", slot: remarks, next: done}
  done: {prompt: "That is all.", terminal: true}
""")
    talk = Talk(tour, HOTEL, answers={"book": ActionOutcome(outcome="done")})
    for text in ("tour", "Lyon", "yes", "first I want a hotel", "sorry, the city is Nice"):
        talk.say(text)
    assert [(frame.flow, frame.slots["city"].value) for frame in talk.conversation.stack] == [
        ("tour", "Lyon"),
        ("hotel", "Nice"),
    ]
