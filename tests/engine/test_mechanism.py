"""Rules of repair that no function of their own makes: the walk, the readers or another rule's order does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine.desk import DeskDef
from engine.ports import ERROR, ActionOutcome
from engine.rules.ordered import Rules
from tests.engine.flows_for_repair import LEAD
from tests.engine.flows_for_tests import REFUND, REFUNDS_OF_DEPOSITS, SHOP, SIGNUP
from tests.engine.proofs.register import at_the_confirmation, refund, signup
from tests.engine.talk import Talk, flow

JUDGED = flow("""
frontdesk: 1
flow: club
title: Join the club
description: The customer wants to join.
triggers: [join]
slots:
  code: {type: text, pattern: 'C-\\d{3}', label: code, validate: known_code, error_msg: "Nobody has that code."}
  size: {type: integer, label: size, cues: [size]}
states:
  code: {prompt: "Your code?", slot: code, next: size}
  size: {prompt: "Your size?", slot: size, next: over}
  over: {prompt: "Welcome, {{ code }}.", terminal: true}
""")
VALID, INVALID = ActionOutcome(outcome="valid"), ActionOutcome(outcome="invalid")


def lead(*said: str) -> Talk:
    """A lead up to these words."""
    talk = Talk(LEAD, answers={"save": SHOP["pay"]})
    for text in ("I want to buy", *said):
        talk.say(text)
    return talk


def club(*judgements: ActionOutcome) -> Talk:
    """Somebody joins the club, whose codes are judged so."""
    talk = Talk(JUDGED, answers={"known_code": judgements})
    talk.say("join")
    return talk


@pytest.mark.parametrize(
    ("text", "control"),
    [
        ("talk to a person, or start over", "R60"),
        ("start over, or help me to talk to a human", "R60"),
        ("stop that, start over", "R51"),
    ],
)
def test_R5_of_several_control_words_one_survives(text: str, control: str) -> None:
    talk = at_the_confirmation(())
    talk.say(text)
    assert control in talk.rules
    assert not {"R56.help", "R56.restart"} & set(talk.rules)


def test_R5_what_is_said_beside_an_off_topic_question_counts() -> None:
    talk = refund(())
    talk.say("refund")
    talk.say("it is ORD-12345, can you write me a poem about trains?")
    assert talk.top.state == "confirm"


@pytest.mark.parametrize("text", ["50, no, 60", "50 seats... sorry, 60 seats", "50, I mean 60"])
def test_R8_the_last_of_one_message_wins(text: str) -> None:
    talk = signup(())
    for before in ("sign up", "Mara Quist", "mara@example.com"):
        talk.say(before)
    talk.say(text)
    assert talk.value("seats") == 60


def test_R9_an_error_is_never_followed_by_the_same_sentence_again() -> None:
    talk = refund(())
    talk.say("refund")
    for text in ("12345", "54321", "99999", "what time is it?", "maybe"):
        lines = talk.say(text).split("\n")
        assert len(lines) == len(set(lines))


def test_R10_what_came_of_a_decision_is_kept_and_not_done_again() -> None:
    talk = Talk(REFUND, answers=SHOP | {"pay": ActionOutcome(outcome="nobody foresaw this")}, people=True)
    for text in ("refund for ORD-12345", "yes", "broken"):
        talk.say(text)
    assert "Shall I get a person?" in talk.say("none")
    assert talk.turns[-1].notes.alert
    talk.say("no")
    talk.say("hello?")
    assert [request.key for request in talk.world.actions.asked if request.action == "pay"] == [f"{talk.top.run}:pay:1"]


def test_R24_a_value_is_judged_from_outside_once() -> None:
    talk = club(VALID)
    assert "Your size?" in talk.say("C-123")
    talk.say("what time is it?")
    assert "Welcome, C-123." in talk.say("42")
    assert len(talk.world.actions.asked) == 1
    assert talk.world.actions.asked[0].values["code"] == "C-123"


def test_R24_a_refused_value_is_a_failed_try_and_judged_once() -> None:
    talk = club(INVALID, VALID)
    said = talk.say("C-123")
    assert "Nobody has that code." in said
    assert "Your code?" in said
    assert (talk.top.tries, talk.value("code")) == (1, None)
    talk.say("C-123")
    assert (talk.top.tries, len(talk.world.actions.asked)) == (2, 1)
    assert "Your size?" in talk.say("C-124")
    assert talk.top.tries == 0


def test_R24_a_refused_correction_keeps_the_old_value() -> None:
    talk = club(VALID, INVALID)
    talk.say("C-123")
    said = talk.say("sorry, I meant C-999")
    assert "I kept C-123" in said
    assert "Changed" not in said
    assert (talk.value("code"), talk.top.state, talk.top.tries) == ("C-123", "size", 0)


def test_R24_a_volunteered_value_that_is_refused_costs_no_try() -> None:
    talk = Talk(JUDGED, answers={"known_code": INVALID})
    said = talk.say("I want to join, my code is C-123")
    assert "Nobody has that code." in said
    assert "Got it" not in said
    assert (talk.top.state, talk.top.tries) == ("code", 0)


def test_R24_an_outage_is_not_the_customers_fault() -> None:
    talk = club(ActionOutcome(outcome=ERROR), VALID)
    said = talk.say("C-123")
    assert "can't reach" in said
    assert (talk.top.tries, talk.value("code")) == (0, "C-123")
    assert "Your size?" in talk.say("C-123")


def test_R31_a_correction_never_lands_behind_the_current_question() -> None:
    talk = signup(())
    for text in ("sign up", "Mara Quist", "mara@example.com"):
        talk.say(text)
    assert talk.say("sorry, my email is mara@example.org").endswith("How many seats?")
    assert talk.top.asked["email"] == 1


def test_R31_a_look_up_runs_again_only_if_its_inputs_changed() -> None:
    talk = at_the_confirmation(())
    talk.say("the note is fragile")
    assert len(talk.world.actions.asked) == 1
    talk.say("sorry, I meant ORD-24680")
    assert len(talk.world.actions.asked) == 2


def test_R32_a_dormant_value_reaches_no_prompt_and_no_action_and_returns() -> None:
    talk = lead("Acme", "80 people", "okta", "budget is 15000")
    assert "okta" in talk.replies[-1].text
    assert "okta" not in talk.say("sorry, it's 12 people")
    assert "okta" in talk.say("actually 80 people was right")
    talk.say("no, 12 people")
    talk.say("yes")
    assert "sign_on" not in talk.world.actions.asked[-1].values
    assert talk.conversation.ended is not None
    assert talk.conversation.ended.asked["sign_on"] == 1


def test_R32_a_condition_does_not_see_a_dormant_value() -> None:
    fork = flow("""
frontdesk: 1
flow: fork
title: Choose a way
description: Chooses.
triggers: [choose]
slots:
  kind: {type: enum, values: {big: [], small: []}, label: kind}
  extra: {type: enum, values: {lid: [], straw: []}}
  colour: {type: enum, values: {red: [], blue: []}}
states:
  kind: {prompt: "Big or small?", slot: kind, branches: {big: extra, small: colour}}
  extra: {prompt: "Lid or straw?", slot: extra, next: colour}
  colour: {prompt: "Red or blue?", slot: colour, next: choose}
  choose: {branches: [{when: "extra == 'lid'", next: covered}, {next: open}]}
  covered: {prompt: "Covered.", terminal: true}
  open: {prompt: "Open.", terminal: true}
""")
    talk = Talk(fork)
    for text in ("choose", "big", "lid", "actually small"):
        talk.say(text)
    assert "Open." in talk.say("red")
    assert talk.turns[-1].notes.unseen == ("extra",)


def test_R37_of_two_corrections_in_waiting_texts_the_last_is_acknowledged() -> None:
    talk = at_the_confirmation(())
    said = talk.say("sorry, I meant ORD-24680", "no, ORD-12345 after all")
    assert "→" not in said
    assert "Wireless headphones" in said
    assert "ORD-12345 → ORD-99999" in talk.say("sorry, I meant ORD-24680", "no, ORD-99999")


def test_R53_each_command_of_a_message_is_done_in_order() -> None:
    talk = Talk(REFUND, SIGNUP, answers=SHOP)
    talk.say("refund for ORD-12345")
    said = talk.say("stop that, I want to sign up, my email is mara@example.com")
    assert said.index("Stopped") < said.index("full name")
    assert talk.value("email") == "mara@example.com"


def test_R55_back_to_a_question_by_its_name_and_with_its_new_answer() -> None:
    talk = signup(())
    for text in ("sign up", "Mara Quist", "mara@example.com", "12"):
        talk.say(text)
    assert "email address? (you said mara@example.com)" in talk.say("go back to the email")
    assert talk.value("full_name") == "Mara Quist"
    talk.say("mara@example.org")
    said = talk.say("back to the name, it's Lee Park")
    assert talk.value("full_name") == "Lee Park"
    assert said.endswith("What is your email address?")


def test_R55_a_place_that_is_none_is_heard_as_other_words() -> None:
    talk = Talk(REFUND, SIGNUP, answers=SHOP)
    for text in ("refund", "first I want to sign up", "back to the refund"):
        said = talk.say(text)
    assert "Which order number" in said
    assert "R48" in talk.rules


def test_R55_what_depends_on_a_forgotten_answer_is_forgotten_too() -> None:
    talk = signup(())
    for text in ("sign up", "Mara Quist", "mara@example.com, team plan"):
        talk.say(text)
    assert talk.value("plan") == "team"
    talk.say("12")
    talk.say("go back to the seats")
    assert talk.value("plan") is None


def test_R26_two_near_choices_are_asked_about_and_none_is_guessed() -> None:
    near = flow("""
frontdesk: 1
flow: tea
title: Order tea
description: Tea.
triggers: [tea]
slots: {kind: {type: enum, values: {darjeeling one: [], darjeeling two: []}}}
states:
  kind: {prompt: "Which tea?", slot: kind, next: over}
  over: {prompt: "Here is {{ kind }}.", terminal: true}
""")
    talk = Talk(near, desk=DeskDef(fuzzy_ask=0.6))
    talk.say("tea")
    said = talk.say("darjeelin")
    assert "darjeeling one, darjeeling two" in said
    assert talk.top.tries == 0


def test_every_rule_of_repair_is_registered_or_has_its_test() -> None:
    registered = {id.split(".", 1)[0] for id in Rules().ids}
    here = Path(__file__).resolve().parents[1]
    tested = {found for file in here.rglob("test_*.py") for found in re.findall(r"def test_(R\d+)_", file.read_text())}
    missing = {f"R{number}" for number in range(1, 61)} - registered - tested
    assert not missing


def test_R14_who_only_closes_the_talk_confirms_nothing_and_declines_nothing() -> None:
    talk = at_the_confirmation(())
    assert "yes or a no" in talk.say("That's it, thanks. What stations are involved though?")
    assert (talk.top.state, talk.value("order_number")) == ("confirm", "ORD-12345")
    talk.say("that was my request")
    assert talk.value("confirmed") is True


def test_R12_a_value_waits_though_the_task_had_to_be_asked_back() -> None:
    talk = Talk(REFUND, REFUNDS_OF_DEPOSITS, answers=SHOP)
    assert "Which do you mean" in talk.say("I need a refund, ORD-12345")
    assert "Wireless headphones" in talk.say("I want my money back")


def test_a_template_shows_a_boolean_as_it_is_stored_and_may_ask_it() -> None:
    gift = flow("""
frontdesk: 1
flow: gift
title: Send a parcel
description: Sends a parcel.
triggers: [parcel]
slots:
  wrapped: {type: boolean, label: gift wrap}
states:
  wrap: {prompt: "Shall we wrap it?", slot: wrapped, next: over}
  over: {prompt: "Wrapped: {{ wrapped }}.{% if wrapped %} With a bow.{% endif %}", terminal: true}
""")
    for said, told in (("yes", "Wrapped: true. With a bow."), ("no", "Wrapped: false.")):
        talk = Talk(gift)
        talk.say("parcel")
        assert talk.say(said).endswith(told)


def test_R16_a_word_that_names_the_task_is_no_choice_within_it() -> None:
    balance = flow("""
frontdesk: 1
flow: balance
title: Check a balance
description: Tells how much there is.
triggers: [check my balance, check balance]
slots:
  account: {type: enum, values: {checking: [], savings: []}, label: account}
states:
  which: {prompt: "Which account?", slot: account, next: over}
  over: {prompt: "There is enough on your {{ account }} account.", terminal: true}
""")
    talk = Talk(balance)
    assert talk.say("I need to check my bank balance") == "Which account?"
    assert talk.say("please check my savings").endswith("on your savings account.")
    assert Talk(balance).say("check balance of savings").endswith("on your savings account.")
    assert Talk(balance).say("check my balance, the checking account").endswith("on your checking account.")
