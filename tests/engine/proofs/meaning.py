"""Proofs of rules D and E: ambiguity, correction."""

from __future__ import annotations

from tests.engine.flows_for_tests import REFUND, REFUNDS_OF_DEPOSITS, SHOP
from tests.engine.proofs.register import at_the_confirmation, proof, refund, signup
from tests.engine.talk import Talk, flow


@proof("R25")
def maybe_is_neither(without: tuple[str, ...]) -> None:
    talk = at_the_confirmation(without)
    assert "yes or a no" in talk.say("hmm maybe")
    assert (talk.top.tries, talk.top.clarify) == (0, 1)


@proof("R27")
def several_flows_are_offered_by_title(without: tuple[str, ...]) -> None:
    talk = refund(without, REFUNDS_OF_DEPOSITS)
    talk.say("I need a refund")
    assert talk.options == ["Refund an order", "Get a deposit back", "something else"]


@proof("R27.answer")
def the_chosen_one_starts_with_the_kept_words(without: tuple[str, ...]) -> None:
    talk = refund(without, REFUNDS_OF_DEPOSITS)
    talk.say("I need a refund, ORD-12345")
    assert "Wireless headphones" in talk.say("the first one")


@proof("R28")
def words_that_answer_the_question_start_nothing(without: tuple[str, ...]) -> None:
    shop = flow("""
frontdesk: 1
flow: wish
title: Make a wish
description: Anything.
triggers: [wish]
slots: {wish: {type: text}}
states:
  ask: {prompt: "What do you wish for?", slot: wish, next: done}
  done: {prompt: "Noted: {{ wish }}", terminal: true}
""")
    talk = Talk(shop, REFUND, answers=SHOP, without=without)
    talk.say("wish")
    assert "Noted" in talk.say("that my friend gets a refund for her broken lamp")


@proof("R29")
def nothing_understood_gives_the_menu(without: tuple[str, ...]) -> None:
    talk = refund(without)
    assert "Refund an order" in talk.say("blue monkeys")


@proof("R29.answer")
def a_person_is_offered_and_taken(without: tuple[str, ...]) -> None:
    talk = Talk(REFUND, answers=SHOP, without=without, people=True)
    for text in ("blue monkeys", "green monkeys", "red monkeys"):
        said = talk.say(text)
    assert "Shall I get a person?" in said
    talk.say("yes")
    assert talk.turns[-1].wanted is not None
    assert talk.turns[-1].wanted.trigger == "ambiguity"
    assert talk.turns[-1].wanted.quote == "red monkeys"


@proof("R30")
def a_different_value_is_a_correction_and_not_a_no(without: tuple[str, ...]) -> None:
    talk = at_the_confirmation(without)
    said = talk.say("no, it's ORD-24680")
    assert "ORD-12345 → ORD-24680" in said
    assert "Desk lamp" in said
    assert "Which order number" not in said


@proof("R33")
def what_depends_on_it_is_asked_again(without: tuple[str, ...]) -> None:
    talk = signup(without)
    for text in ("sign up", "Mara Quist", "mara@example.com", "12", "team"):
        talk.say(text)
    assert "Which plan" in talk.say("sorry, I meant 40 seats")


@proof("R34")
def a_wrong_correction_keeps_the_old_value(without: tuple[str, ...]) -> None:
    talk = signup(without)
    for text in ("sign up", "Mara Quist", "mara@example.com", "12"):
        talk.say(text)
    said = talk.say("actually 900 seats")
    assert "I kept 12" in said
    assert talk.value("seats") == 12


@proof("R38")
def an_old_button_does_nothing(without: tuple[str, ...]) -> None:
    talk = at_the_confirmation(without)
    talk.say("sorry, I meant ORD-24680")
    said = talk.press("yes", reply=-2)
    assert "earlier question" in said
    assert "Desk lamp" in said
    assert talk.top.tries == 0


@proof("R38.void")
def a_yes_beside_a_change_confirms_nothing(without: tuple[str, ...]) -> None:
    talk = at_the_confirmation(without)
    talk.say("yes, but I meant ORD-24680")
    assert "R38.void" in talk.rules
    assert talk.value("confirmed") is None
