"""Proofs of rules F-H: talk, stack, control words, failure."""

from __future__ import annotations

from engine.desk import DeskDef
from engine.ports import ERROR, ActionOutcome
from tests.engine.flows_for_tests import REFUND, SHOP, SIGNUP
from tests.engine.proofs.register import at_the_confirmation, proof, refund, signup
from tests.engine.talk import Talk, flow


@proof("R41")
def the_clock_is_told_and_the_question_returns(without: tuple[str, ...]) -> None:
    talk = refund(without)
    talk.say("refund")
    said = talk.say("what time is it?")
    assert "3:15 PM" in said
    assert "order number" in said


@proof("R42")
def an_unanswerable_question_invents_nothing(without: tuple[str, ...]) -> None:
    talk = refund(without)
    talk.say("refund")
    said = talk.say("can you write me a poem about trains?")
    assert "can't help with that" in said
    assert "order number" in said
    assert talk.top.tries == 0


@proof("S26.known")
def a_question_that_is_answered_starts_no_task(without: tuple[str, ...]) -> None:
    talk = Talk(SIGNUP, desk=DeskDef(hours="Mon-Fri 09:00-17:00"), without=without)
    assert "We are open Mon-Fri" in talk.say("when do you open?")
    assert talk.conversation.stack == ()


@proof("R43")
def why_do_you_need_that(without: tuple[str, ...]) -> None:
    talk = refund(without)
    talk.say("refund")
    assert "what you bought" in talk.say("why do you need that?")


@proof("R44")
def a_yes_with_a_question_is_asked_again(without: tuple[str, ...]) -> None:
    talk = at_the_confirmation(without)
    talk.say("yes, and is there a fee?")
    assert talk.value("confirmed") is None


@proof("R45")
def another_task_goes_first(without: tuple[str, ...]) -> None:
    talk = refund(without, SIGNUP)
    talk.say("refund")
    assert "full name" in talk.say("first I want to sign up")
    assert [frame.flow for frame in talk.conversation.stack] == ["refund", "signup"]


@proof("R46")
def its_end_brings_the_question_back(without: tuple[str, ...]) -> None:
    talk = refund(without, SIGNUP)
    talk.say("refund")
    talk.say("first I want to sign up")
    said = talk.say("never mind")
    assert "Stopped open an account" in said
    assert "Back to refund an order: Which order number" in said


@proof("R48")
def a_task_that_waits_is_lifted(without: tuple[str, ...]) -> None:
    talk = refund(without, SIGNUP)
    talk.say("refund")
    talk.say("first I want to sign up")
    talk.say("no wait, the refund first")
    assert [frame.flow for frame in talk.conversation.stack] == ["signup", "refund"]


@proof("R51")
def cancel_ends_the_run(without: tuple[str, ...]) -> None:
    talk = at_the_confirmation(without)
    said = talk.say("cancel")
    assert "Stopped refund an order" in said
    assert talk.conversation.stack == ()


@proof("R51.question")
def cancel_withdraws_only_a_question(without: tuple[str, ...]) -> None:
    talk = at_the_confirmation(without)
    talk.say("start over")
    talk.say("cancel")
    assert talk.top.flow == "refund"
    assert talk.conversation.pending is None


@proof("R52")
def nothing_is_open(without: tuple[str, ...]) -> None:
    assert "Nothing is open" in refund(without).say("cancel")


@proof("R53")
def stop_that_and_do_this(without: tuple[str, ...]) -> None:
    talk = refund(without, SIGNUP)
    talk.say("refund")
    said = talk.say("stop that, I want to sign up")
    assert "Stopped" in said
    assert "full name" in said
    assert [frame.flow for frame in talk.conversation.stack] == ["signup"]


@proof("R54")
def skip_passes_the_optional_and_explains_the_required(without: tuple[str, ...]) -> None:
    talk = refund(without)
    talk.say("refund")
    assert "what you bought" in talk.say("skip")
    assert talk.top.tries == 0


@proof("R55")
def back_forgets_from_there_on(without: tuple[str, ...]) -> None:
    talk = signup(without)
    talk.say("sign up")
    talk.say("Mara Quist")
    said = talk.say("back")
    assert "full name" in said
    assert "Mara Quist" in said
    assert talk.value("full_name") is None


@proof("R56.restart")
def restart_asks_when_answers_would_be_lost(without: tuple[str, ...]) -> None:
    talk = at_the_confirmation(without)
    assert "lost" in talk.say("start over")
    assert talk.value("order_number") == "ORD-12345"


@proof("R56.answer")
def restart_on_yes(without: tuple[str, ...]) -> None:
    talk = at_the_confirmation(without)
    talk.say("start over")
    assert "Which order number" in talk.say("yes")
    assert talk.value("order_number") is None


@proof("R56.repeat")
def repeat_says_the_question_again(without: tuple[str, ...]) -> None:
    talk = at_the_confirmation(without)
    assert "Is that the one" in talk.say("repeat that please")
    assert talk.top.tries == 0


@proof("R56.help")
def help_says_what_works(without: tuple[str, ...]) -> None:
    talk = refund(without)
    talk.say("refund")
    assert "never mind" in talk.say("help")
    assert talk.top.tries == 0


@proof("R58")
def a_changed_flow_keeps_the_answers(without: tuple[str, ...]) -> None:
    talk = at_the_confirmation(())
    later = refund(without)
    changed = flow("""
frontdesk: 1
flow: refund
title: Refund an order
description: Another version.
triggers: [refund]
slots:
  order_number: {type: text, pattern: 'ORD-\\d{5}', label: order number}
  sure: {type: boolean, ask_only: true}
states:
  start: {prompt: "Which order number is it?", slot: order_number, next: sure}
  sure: {prompt: "{{ order_number }}, sure?", slot: sure, branches: {yes: done, no: start}}
  done: {prompt: "Done.", terminal: true}
""")
    later = Talk(changed, without=without)
    later.stored = talk.stored
    said = later.say("hello")
    assert "kept your answers" in said
    assert "ORD-12345, sure?" in said


@proof("R59")
def an_action_that_fails_is_told(without: tuple[str, ...]) -> None:
    talk = Talk(REFUND, answers={"lookup": ActionOutcome(outcome=ERROR)}, without=without)
    talk.say("refund")
    assert "can't reach" in talk.say("ORD-12345")
    assert talk.value("order_number") == "ORD-12345"


@proof("R60")
def a_person_is_asked_for(without: tuple[str, ...]) -> None:
    talk = refund(without)
    talk.say("refund")
    said = talk.say("I want to talk to a human")
    assert "person" in said
    assert "order number" in said
    assert talk.top.tries == 0


@proof("R60.state")
def a_handoff_state_without_a_desk_is_honest(without: tuple[str, ...]) -> None:
    answers = SHOP | {"pay": ActionOutcome(outcome=ERROR, certain=False)}
    talk = Talk(REFUND, answers=answers, without=without)
    for text in ("refund for ORD-12345", "yes", "broken"):
        talk.say(text)
    said = talk.say("it was a gift")
    assert "can't say whether it went through" in said
    assert "on its way" not in said
    assert talk.conversation.stack == ()


@proof("X68")
def who_speaks_is_said(without: tuple[str, ...]) -> None:
    talk = refund(without)
    assert "not a person" in talk.say("are you a bot?")
    talk.say("I want a refund")
    said = talk.say("am I talking to a real person?")
    assert "not a person" in said
    assert "Which order number is it?" in said
    assert talk.top.tries == 0


@proof("S6")
def a_greeting_is_greeted(without: tuple[str, ...]) -> None:
    assert "Hello" in refund(without).say("hello")


@proof("S26")
def one_clear_flow_starts(without: tuple[str, ...]) -> None:
    talk = refund(without, SIGNUP)
    assert "Which order number" in talk.say("I want my money back")
