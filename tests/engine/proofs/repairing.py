"""Proofs of what repairs a talk: lists, nearly said, corrections without a value or asked back, several tasks."""

from __future__ import annotations

from tests.engine.flows_for_repair import CAREFUL, LEAD, PIZZA
from tests.engine.flows_for_tests import REFUND, SHOP, SIGNUP
from tests.engine.proofs.register import at_the_confirmation, proof, refund, signup
from tests.engine.talk import Talk

OVEN = {"bake": SHOP["pay"]}


def pizza(without: tuple[str, ...], *said: str) -> Talk:
    """A pizza is being ordered; these were said."""
    talk = Talk(PIZZA, answers=OVEN, without=without)
    for text in ("pizza", *said):
        talk.say(text)
    return talk


def three_deep(without: tuple[str, ...]) -> Talk:
    """Three tasks are open, the pizza on top, and no more may be."""
    talk = Talk(REFUND, SIGNUP, PIZZA, LEAD, answers=SHOP, without=without)
    for text in ("refund", "I want to sign up", "first a pizza"):
        talk.say(text)
    return talk


@proof("R7")
def two_values_and_a_correction_are_one_sentence(without: tuple[str, ...]) -> None:
    talk = Talk(LEAD, without=without)
    talk.say("I want to buy")
    talk.say("Acme")
    said = talk.say("40 people, budget 15000, and actually the company is Acme Labs")
    assert "Got people 40, budget 15000, and I changed company from Acme to Acme Labs." in said
    assert talk.top.state == "sure"


@proof("R18")
def a_list_grows_and_shrinks_by_its_verb(without: tuple[str, ...]) -> None:
    talk = pizza(without, "large", "olives and ham", "also mushrooms")
    assert talk.value("toppings") == ["olives", "ham", "mushrooms"]
    talk.say("remove the ham")
    assert talk.value("toppings") == ["olives", "mushrooms"]
    assert "→ onions" in talk.say("only onions")
    assert talk.value("toppings") == ["onions"]


@proof("R26")
def a_misspelled_choice_is_asked_back(without: tuple[str, ...]) -> None:
    talk = pizza(without)
    assert "Did you mean large?" in talk.say("lareg")
    assert talk.value("size") is None
    assert talk.top.tries == 0


@proof("R26.answer")
def a_yes_takes_the_choice_that_was_meant(without: tuple[str, ...]) -> None:
    talk = pizza(without, "lareg", "yes")
    assert talk.value("size") == "large"


@proof("R26.flow")
def a_misspelled_task_is_asked_back(without: tuple[str, ...]) -> None:
    talk = refund(without)
    assert "Did you mean Refund an order?" in talk.say("refnd ORD-12345 pls")
    assert "Wireless headphones" in talk.say("yes")


@proof("R29.run")
def the_third_ambiguous_answer_brings_alternatives(without: tuple[str, ...]) -> None:
    talk = at_the_confirmation(without)
    for _ in range(2):
        assert "yes or a no" in talk.say("maybe")
    assert "never mind" in talk.say("maybe")
    assert talk.top.tries == 0


@proof("R35")
def something_is_wrong_and_nothing_better_was_said(without: tuple[str, ...]) -> None:
    talk = at_the_confirmation(without)
    said = talk.say("no, the order number is wrong")
    assert "Which order number" in said
    assert "ORD-12345" in said
    assert talk.top.slots["order_number"].value == "ORD-12345"
    assert "ORD-12345 → ORD-24680" in talk.say("ORD-24680")


@proof("R35.keep")
def keep_it_restores_the_place(without: tuple[str, ...]) -> None:
    talk = at_the_confirmation(without)
    talk.say("the order number is wrong")
    assert "Is that the one" in talk.say("keep it")
    assert talk.value("order_number") == "ORD-12345"
    assert talk.top.tries == 0


@proof("R36")
def a_confirmation_that_was_wrong_is_asked_anew(without: tuple[str, ...]) -> None:
    talk = at_the_confirmation(without)
    talk.say("yes")
    assert "Is that the one" in talk.say("actually confirmed was wrong, no")
    assert talk.value("confirmed") is None


@proof("R39")
def what_was_done_with_a_value_stays_done(without: tuple[str, ...]) -> None:
    talk = pizza(without, "large", "ham", "12 Mill Lane", "yes")
    assert talk.top.state == "tip"
    assert "already done" in talk.say("actually a small one")
    assert talk.value("size") == "large"
    assert len(talk.world.actions.asked) == 1


@proof("R39.ended")
def a_correction_after_the_end_is_too_late(without: tuple[str, ...]) -> None:
    talk = at_the_confirmation(without)
    for text in ("yes", "broken", "none"):
        talk.say(text)
    assert "already done" in talk.say("sorry, I meant ORD-24680")
    assert not talk.conversation.loose


@proof("R40")
def a_change_is_asked_back_where_the_flow_wants_that(without: tuple[str, ...]) -> None:
    talk = Talk(CAREFUL, without=without)
    for text in ("table", "John Smith", "4 people"):
        talk.say(text)
    assert "Change people from 4 to 6?" in talk.say("sorry, 6 people")
    assert talk.value("seats") == 4


@proof("R40.answer")
def a_yes_changes_it_and_a_no_keeps_it(without: tuple[str, ...]) -> None:
    talk = Talk(CAREFUL, without=without)
    for text in ("table", "John Smith", "4 people", "sorry, 6 people"):
        talk.say(text)
    assert "A table for 4" in talk.say("no")
    talk.say("actually 7 people")
    assert "A table for 7" in talk.say("yes")


@proof("R47")
def the_others_that_are_open_are_named(without: tuple[str, ...]) -> None:
    talk = three_deep(without)
    assert "Back to open an account (refund an order also still open)" in talk.say("never mind")


@proof("R49")
def two_tasks_of_one_message_come_one_after_the_other(without: tuple[str, ...]) -> None:
    talk = Talk(REFUND, PIZZA, answers=SHOP, without=without)
    said = talk.say("I want a refund for ORD-12345 and then a large pizza")
    assert "First refund an order, then order a pizza." in said
    assert [frame.flow for frame in talk.conversation.stack] == ["pizza", "refund"]
    assert "Which toppings" in talk.say("cancel"), "each took its own values"


@proof("R50")
def one_task_too_many_is_a_choice(without: tuple[str, ...]) -> None:
    talk = three_deep(without)
    talk.say("I want to buy")
    assert talk.options == ["finish order a pizza first", "drop refund an order"]
    assert [frame.flow for frame in talk.conversation.stack] == ["refund", "signup", "pizza"]


@proof("R50.answer")
def finished_first_or_the_lowest_is_dropped(without: tuple[str, ...]) -> None:
    talk = three_deep(without)
    talk.say("I want to buy for 30 people")
    assert "Which size" in talk.say("finish this first")
    talk.say("I want to buy for 30 people")
    assert "Stopped refund an order" in talk.press("drop refund an order")
    assert [frame.flow for frame in talk.conversation.stack] == ["signup", "pizza", "lead"]
    assert talk.value("team_size") == 30


@proof("S30")
def a_summary_is_what_is_known_and_what_is_open(without: tuple[str, ...]) -> None:
    talk = signup(without)
    for text in ("sign up", "Mara Quist", "mara@example.com"):
        talk.say(text)
    said = talk.say("summarise so far")
    assert "name: Mara Quist, email: mara@example.com" in said
    assert "Still open: seats, plan" in said
    assert said.endswith("How many seats?")


@proof("R30.question")
def a_question_that_mentions_a_value_changes_nothing(without: tuple[str, ...]) -> None:
    talk = pizza(without, "large", "ham")
    assert "Changed" not in talk.say("are there small dogs in Berlin?")
    assert talk.value("size") == "large"
    assert "large → small" in talk.say("can you change my size to small?")
