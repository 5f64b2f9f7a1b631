"""Proofs of rules H: coming back after a gap, offers, expiry."""

from __future__ import annotations

from datetime import timedelta

import msgspec
from msgspec.structs import replace

from tests.engine.flows_for_tests import REFUND, SHOP, SIGNUP
from tests.engine.proofs.register import at_the_confirmation, proof, refund
from tests.engine.talk import Talk

OFFER = "Shall we carry on from there?"


def reasons(talk: Talk) -> list[str]:
    """Why runs ended, in order."""
    return [over.reason for turn in talk.turns for over in turn.notes.archived]


def offered(without: tuple[str, ...], back_with: str = "well then") -> Talk:
    """A refund at its confirmation, and a customer who comes back after two hours."""
    talk = at_the_confirmation(without)
    talk.wait(hours=2)
    talk.say(back_with)
    return talk


@proof("R57")
def a_bare_yes_after_a_gap_confirms_nothing(without: tuple[str, ...]) -> None:
    talk = at_the_confirmation(without)
    talk.wait(hours=2)
    assert OFFER in talk.say("yes")
    assert talk.options == ["yes", "no"]
    assert talk.value("confirmed") is None


@proof("R57.on")
def a_value_for_the_open_question_goes_on_at_once(without: tuple[str, ...]) -> None:
    talk = refund(without)
    talk.say("refund")
    talk.wait(hours=25)
    assert "Wireless headphones" in talk.say("ORD-12345")


@proof("R57.person")
def while_a_case_is_open_an_old_confirmation_is_asked_anew(without: tuple[str, ...]) -> None:
    talk = at_the_confirmation(without)
    talk.stored = msgspec.json.encode(replace(talk.conversation, paused_at=talk.now))
    talk.now += timedelta(hours=2)
    said = talk.say("yes")
    assert "Is that the one?" in said
    assert OFFER not in said
    assert talk.value("confirmed") is None


@proof("S8.yes")
def yes_goes_on_with_the_values_that_came_back(without: tuple[str, ...]) -> None:
    talk = at_the_confirmation(without)
    talk.say("yes")
    talk.say("broken")
    talk.wait(hours=2)
    assert OFFER in talk.say("maybe, I lost track a bit of where we were?")
    assert "Is that the one?" in talk.say("yes")
    assert talk.conversation.pending is None
    assert talk.value("confirmed") is None, "a bound confirmation is asked anew"


@proof("S8.value")
def a_value_is_a_yes_to_the_offer(without: tuple[str, ...]) -> None:
    talk = refund(without)
    talk.say("refund")
    talk.wait(hours=2)
    assert OFFER in talk.say("well then")
    said = talk.say("ORD-12345")
    assert "Wireless headphones" in said
    assert OFFER not in said


@proof("S8.named")
def its_name_is_a_yes_to_the_offer(without: tuple[str, ...]) -> None:
    talk = offered(without)
    said = talk.say("the refund please")
    assert "Is that the one?" in said
    assert OFFER not in said


@proof("S8.other")
def another_task_withdraws_the_offer(without: tuple[str, ...]) -> None:
    talk = Talk(REFUND, SIGNUP, answers=SHOP, without=without)
    talk.say("I want a refund")
    talk.say("ORD-12345")
    talk.wait(hours=2)
    assert OFFER in talk.say("well then")
    assert "full name" in talk.say("I want to sign up")
    assert [frame.flow for frame in talk.conversation.stack] == ["refund", "signup"]
    assert "Is that the one?" in talk.say("never mind")


@proof("S8.no")
def no_declines_and_hears_the_message_as_new(without: tuple[str, ...]) -> None:
    talk = offered(without, "I want a refund for ORD-24680")
    said = talk.say("no")
    assert "Stopped refund an order. Nothing was done." in said
    assert "Desk lamp" in said
    assert reasons(talk) == ["declined"]


@proof("S8.else")
def anything_else_twice_declines(without: tuple[str, ...]) -> None:
    talk = offered(without)
    assert OFFER in talk.say("so it goes")
    assert OFFER not in talk.say("such is life")
    assert reasons(talk) == ["declined"]


@proof("S8.open")
def a_question_costs_the_offer_nothing(without: tuple[str, ...]) -> None:
    talk = offered(without)
    for neutral in ("what time is it?", "help", "hello"):
        assert OFFER in talk.say(neutral)
    talk.send("sticker")
    assert OFFER in talk.say("so it goes")
    assert reasons(talk) == []


@proof("S8.silence")
def silence_archives_the_offered_run(without: tuple[str, ...]) -> None:
    talk = offered(without)
    assert talk.wait(minutes=61) == ""
    assert talk.conversation.stack == ()
    assert reasons(talk) == ["offer_unanswered"]


@proof("S8.late")
def a_late_yes_is_told_so(without: tuple[str, ...]) -> None:
    talk = offered(without)
    talk.wait(hours=2)
    said = talk.say("yes")
    assert "I closed refund an order. Nothing was done." in said
    assert "did not understand" not in said
    assert "I closed" not in talk.say("yes"), "once"


@proof("S9")
def a_run_expires_without_a_word(without: tuple[str, ...]) -> None:
    talk = at_the_confirmation(without)
    assert talk.wait(hours=47, minutes=59) == ""
    assert reasons(talk) == []
    assert talk.wait(minutes=1) == ""
    assert talk.conversation.top is None
    assert reasons(talk) == ["expired"]


@proof("S9.told")
def expiry_is_told_once(without: tuple[str, ...]) -> None:
    talk = at_the_confirmation(without)
    talk.wait(hours=80)
    said = talk.say("yes")
    assert "Your earlier refund an order has expired." in said
    assert "did not understand" not in said
    assert "expired" not in talk.say("refund for ORD-12345")
