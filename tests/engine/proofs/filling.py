"""Proofs of rules A-C: intake, filling, tries."""

from __future__ import annotations

from engine.message import EventKind
from engine.ports import ActionOutcome
from tests.engine.proofs.register import at_the_confirmation, proof, refund, signup
from tests.engine.talk import Talk, flow


@proof("R2")
def waiting_texts_are_one_turn(without: tuple[str, ...]) -> None:
    talk = refund(without)
    talk.say("I want a refund", "it is ORD-12345", "it arrived broken")
    assert len(talk.turns) == 1
    assert talk.value("reason") == "defective"


@proof("X65")
def who_opts_out_hears_nothing_until_opting_in(without: tuple[str, ...]) -> None:
    talk = refund(without)
    talk.say("refund")
    assert talk.opt(EventKind.OPT_OUT, "STOP") == ""
    assert talk.say("ORD-12345") == ""
    assert talk.value("order_number") is None
    assert "Which order number" in talk.opt(EventKind.OPT_IN, "START")


@proof("R3")
def a_sticker_costs_no_try(without: tuple[str, ...]) -> None:
    talk = refund(without)
    talk.say("refund")
    said = talk.send("sticker")
    assert "type" in said
    assert "order number" in said
    assert talk.top.tries == 0


@proof("R6")
def naming_the_active_flow_goes_on_with_it(without: tuple[str, ...]) -> None:
    talk = refund(without)
    talk.say("I want a refund")
    run = talk.top.run
    assert "Which order number" in talk.say("I want a refund please")
    assert (talk.top.run, talk.top.tries, len(talk.conversation.stack)) == (run, 0, 1)


@proof("R10")
def a_circle_of_look_ups_ends_where_the_turn_began(without: tuple[str, ...]) -> None:
    circle = flow("""
frontdesk: 1
flow: circle
title: Go round
description: Goes round.
triggers: [round]
slots: {word: {type: text}}
actions:
  look: {http: {method: GET, url: "https://a.example/{{ word }}"}, outcomes: {200: again, 201: done}}
states:
  ask: {prompt: "Which word?", slot: word, next: one}
  one: {action: look, branches: {again: two, done: over}}
  two: {prompt: "Once more.", next: one}
  over: {prompt: "Over.", terminal: true}
""")
    talk = Talk(circle, answers={"look": ActionOutcome(outcome="again")}, without=without)
    talk.say("round")
    assert "wrong on my side" in talk.say("banana")
    assert talk.top.state == "ask"


@proof("R11")
def values_settle_slots_asked_or_not(without: tuple[str, ...]) -> None:
    talk = refund(without)
    talk.say("I want a refund")
    talk.say("ORD-12345, it is broken")
    assert (talk.value("order_number"), talk.value("reason")) == ("ORD-12345", "defective")


@proof("R12")
def a_value_without_a_flow_waits_for_the_next(without: tuple[str, ...]) -> None:
    talk = refund(without)
    talk.say("ORD-12345")
    assert "Wireless headphones" in talk.say("I want a refund")


@proof("R13")
def values_of_the_message_that_starts_a_flow(without: tuple[str, ...]) -> None:
    talk = refund(without)
    assert "Wireless headphones" in talk.say("I want a refund for ORD-12345")


@proof("R14")
def only_its_committed_question_fills_it(without: tuple[str, ...]) -> None:
    talk = refund(without)
    talk.say("refund for ORD-12345", "yes")
    assert talk.top.state == "confirm"
    assert talk.value("confirmed") is None


@proof("R15")
def the_same_value_again_changes_nothing(without: tuple[str, ...]) -> None:
    talk = at_the_confirmation(without)
    assert "Changed" not in talk.say("the order is ORD-12345")
    assert "R15" in talk.rules


@proof("R16")
def one_span_fills_one_slot(without: tuple[str, ...]) -> None:
    both = flow("""
frontdesk: 1
flow: both
title: Move codes
description: Moves codes.
triggers: [move codes]
slots:
  old: {type: text, pattern: 'C-\\d{3}', label: old code}
  new: {type: text, pattern: 'C-\\d{3}', label: new code}
states:
  a: {prompt: "Old code?", slot: old, next: b}
  b: {prompt: "New code?", slot: new, next: c}
  c: {prompt: "{{ old }} {{ new }}", terminal: true}
""")
    talk = Talk(both, without=without)
    talk.say("move codes")
    talk.say("C-123")
    assert (talk.value("old"), talk.value("new")) == ("C-123", None)


@proof("R17")
def none_settles_an_optional_slot(without: tuple[str, ...]) -> None:
    talk = at_the_confirmation(without)
    talk.say("yes")
    talk.say("broken")
    talk.say("I don't have one")
    ended = talk.conversation.ended
    assert ended is not None
    assert ended.slots["note"].state == "none"


@proof("R19")
def a_wrong_answer_is_told_why(without: tuple[str, ...]) -> None:
    talk = refund(without)
    talk.say("refund")
    said = talk.say("12345")
    assert "five digits" in said
    assert "Which order number" in said
    assert talk.top.tries == 1


@proof("R20")
def an_unasked_wrong_value_waits_and_counts_no_try(without: tuple[str, ...]) -> None:
    talk = signup(without)
    talk.say("sign up")
    talk.say("I'm Mara Quist, 900 seats")
    assert "seats" in talk.top.slots
    assert talk.top.slots["seats"].state == "refused"


@proof("R20.reached")
def its_reason_is_said_when_its_step_comes(without: tuple[str, ...]) -> None:
    talk = signup(without)
    talk.say("sign up")
    talk.say("I'm Mara Quist, 900 seats")
    assert "1 to 500" in talk.say("mara@example.com")


@proof("R21")
def the_second_try_is_worded_otherwise(without: tuple[str, ...]) -> None:
    talk = refund(without)
    talk.say("refund")
    first, second = talk.say("12345"), talk.say("54321")
    assert first != second
    assert "Just send" in second


@proof("R22")
def the_third_try_offers_alternatives_and_the_fifth_ends_it(without: tuple[str, ...]) -> None:
    talk = refund(without)
    talk.say("refund")
    for text in ("1", "2"):
        talk.say(text)
    third = talk.say("dunno 3")
    assert "person" in third
    assert "Which order number" not in third
    assert talk.say("nope 4") != third
    talk.say("nope 5")
    assert talk.conversation.ended is not None
    assert talk.conversation.ended.reason == "gave_up"


@proof("R22.edges")
def the_flows_own_edges_are_counted_too(without: tuple[str, ...]) -> None:
    talk = refund(without)
    talk.say("refund")
    said = [talk.say(f"ORD-9999{n}") for n in range(3)]
    assert "person" not in said[1]
    assert "person" in said[2]


@proof("R23")
def a_valid_answer_ends_the_tries(without: tuple[str, ...]) -> None:
    talk = refund(without)
    talk.say("refund")
    talk.say("12345")
    talk.say("ORD-12345")
    assert talk.top.tries == 0
