"""The walk (spec/walk.md): positions are derived, and going on equals walking anew."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from transitions import Event

from engine import position, walk
from engine.frame import Found, Frame, Slot
from engine.machine import Compiled
from engine.views import Person
from tests.engine.flows_for_tests import REFUND, SHOP, SIGNUP
from tests.engine.talk import ANN, Talk, flow

NOBODY = Person(ANN)

TEXTS = (
    "I want a refund",
    "sign up",
    "ORD-12345",
    "ORD-24680",
    "ORD-99999",
    "no, it's ORD-24680",
    "yes",
    "no",
    "broken",
    "wrong item",
    "sorry, I meant ORD-12345",
    "Mara Quist",
    "mara@example.com",
    "12 seats",
    "40 seats",
    "900 seats",
    "team",
    "back",
    "skip",
    "start over",
    "never mind",
    "what time is it?",
    "the note is fragile",
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(TEXTS), min_size=1, max_size=14))
def test_going_on_from_where_it_stands_equals_the_walk_from_the_checkpoint(texts: Sequence[str]) -> None:
    talk = Talk(REFUND, SIGNUP, answers=SHOP)
    for text in texts:
        talk.say(text)
        frame = talk.conversation.top
        if frame is None:
            continue
        anew = walk.walk(talk.world.book.of(frame), frame, NOBODY)
        assert (anew.frame.path, anew.frame.facts) == (frame.path, frame.facts)
        assert anew.frame.slots == frame.slots
        assert anew.said == ()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(TEXTS), min_size=1, max_size=14))
def test_a_flow_moves_as_the_library_moves_its_machine(texts: Sequence[str]) -> None:
    talk = Talk(REFUND, SIGNUP, answers=SHOP)
    for text in texts:
        talk.say(text)
        frame = talk.conversation.top
        if frame is None:
            continue
        flow = talk.world.book.of(frame)
        ours, theirs = (
            position.Position(flow, NOBODY, frame.start, frame.slots, frame.facts, frame.lookups, frame.results)
            for _ in range(2)
        )
        for _ in flow.definition.states:
            moved = flow.go(ours)
            assert moved is Event.trigger(flow.machine.events["go"], theirs, theirs)
            assert ours.state == theirs.state


def test_a_value_changed_below_an_interruption_counts_when_its_run_comes_back() -> None:
    talk = Talk(REFUND, SIGNUP, answers=SHOP)
    for text in ("refund for ORD-12345", "yes", "sign up", "sorry, I meant ORD-24680"):
        talk.say(text)
    assert "Desk lamp. Is that the one?" in talk.say("never mind")


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(TEXTS), min_size=1, max_size=10))
def test_P6_the_same_events_give_the_same_bytes(texts: Sequence[str]) -> None:
    one, two = Talk(REFUND, SIGNUP, answers=SHOP), Talk(REFUND, SIGNUP, answers=SHOP)
    for text in texts:
        one.say(text)
        two.say(text)
    assert one.stored == two.stored
    assert one.left == two.left


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(TEXTS), min_size=1, max_size=14))
def test_P12_every_turn_has_one_reply_and_calls_only_what_was_confirmed(texts: Sequence[str]) -> None:
    talk = Talk(REFUND, SIGNUP, answers=SHOP)
    for number, text in enumerate(texts, 1):
        assert talk.say(text).strip()
        assert len(talk.replies) == number
    paid = [request for request in talk.world.actions.asked if request.action == "pay"]
    assert all(request.values["confirmed"] is True for request in paid)
    assert len({request.key for request in paid}) == len(paid)


def at(compiled: Compiled, **slots: Slot) -> Frame:
    """A run at its beginning with these slots."""
    return Frame(run="r", flow=compiled.name, version=compiled.version, start=compiled.definition.first, slots=slots)


def test_W1_an_edge_back_forgets_its_target_and_what_was_asked_behind_it() -> None:
    talk = Talk(REFUND, answers=SHOP)
    for text in ("refund for ORD-12345, it arrived broken", "no"):
        talk.say(text)
    frame = talk.top
    assert frame.path == ("start",)
    assert set(frame.slots) == {"reason"}, "what was volunteered for a state not passed stays"
    assert frame.lookups == {}


def test_W5_a_prompt_shows_values_as_they_stand_when_its_state_is_entered() -> None:
    talk = Talk(REFUND, answers=SHOP)
    talk.say("refund")
    assert "I cannot find ORD-99999." in talk.say("ORD-99999"), "the number is forgotten only behind this sentence"


def test_W6_a_say_state_is_said_once_and_again_after_it_was_forgotten() -> None:
    talk = Talk(REFUND, answers=SHOP)
    talk.say("refund")
    assert "I cannot find" in talk.say("ORD-99999")
    assert "I cannot find" not in talk.say("what time is it?")
    assert "I cannot find" in talk.say("ORD-99999")


def confirmed_and_changed() -> tuple[Compiled, Frame]:
    """A run whose confirmation was given to another order number."""
    compiled = Compiled(REFUND)
    answers = {"order_number": Slot(value="ORD-12345"), "confirmed": Slot(value=True, shown="an older digest")}
    frame = at(compiled, **answers)
    key = position.lookup_key(compiled, "lookup", dict(frame.slots), {})
    found = {key: Found(outcome="found", facts={"item": "Wireless headphones"})}
    return compiled, msgspec.structs.replace(frame, lookups=found)


def test_W7_a_void_confirmation_is_not_settled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk, "without_void_confirmations", lambda frame, digests: frame)
    compiled, frame = confirmed_and_changed()
    assert walk.walk(compiled, frame, NOBODY).state == "confirm"


def test_W7_a_void_confirmation_is_emptied(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(position.Position, "settled", lambda self, state: bool(self.slots.get(state.slot or "")))
    compiled, frame = confirmed_and_changed()
    assert "confirmed" not in walk.walk(compiled, frame, NOBODY).frame.slots


def test_W8_a_look_up_is_remembered_by_its_inputs() -> None:
    talk = Talk(REFUND, answers=SHOP)
    for text in ("refund for ORD-12345", "sorry, I meant ORD-24680", "no, ORD-12345 after all"):
        talk.say(text)
    asked = [request.values["order_number"] for request in talk.world.actions.asked]
    assert asked == ["ORD-12345", "ORD-24680"]


def test_W9_a_committed_call_is_answered_before_anything_else() -> None:
    talk = Talk(REFUND, answers=SHOP)
    for text in ("refund for ORD-12345", "yes", "broken"):
        talk.say(text)
    said = talk.say("skip")
    assert "on its way" in said
    assert "Skipped." in said, "what the deciding turn acknowledged is said with the result"


def test_W9_what_the_deciding_turn_took_and_said_is_not_lost() -> None:
    moment = flow("""
frontdesk: 1
flow: moment
title: Order a cake
description: Orders a cake.
triggers: [cake]
slots:
  sure: {type: boolean, ask_only: true}
  note: {type: email, label: email, optional: true}
actions:
  bake: {http: {method: POST, url: "https://a.example/bake"}, irreversible: true, outcomes: {201: done}}
states:
  ask: {prompt: "Shall I order it?", slot: sure, branches: {yes: wait, no: over}}
  wait: {prompt: "One moment, the oven is warming.", next: bake}
  bake: {action: bake, branches: {done: over}, on_error: over}
  over: {prompt: "Over.", terminal: true}
""")
    talk = Talk(moment, answers={"bake": SHOP["pay"]})
    talk.say("cake")
    said = talk.say("yes, mara@example.com")
    assert "One moment" in said
    assert "email mara@example.com" in said
    assert said.endswith("Over.")


def test_I11_the_keys_of_two_conversations_and_of_two_lives_of_one_never_meet() -> None:
    def first_run(text_number: int) -> str:
        talk = Talk(REFUND, answers=SHOP)
        talk._number = text_number
        talk.say("refund")
        return talk.top.run

    runs = {first_run(number) for number in range(50)}
    assert len(runs) == 50, "a conversation that was forgotten begins at turn 1 again, but not with its old keys"
    assert all(len(run) == 24 for run in runs)


def test_W2_an_effect_is_a_checkpoint_that_back_does_not_cross() -> None:
    two = flow("""
frontdesk: 1
flow: two
title: Do two things
description: Does two things.
triggers: [two things]
slots:
  sure: {type: boolean, ask_only: true}
  after: {type: text}
actions:
  act: {http: {method: POST, url: "https://a.example/act"}, irreversible: true, outcomes: {201: done}}
states:
  ask: {prompt: "Sure?", slot: sure, branches: {yes: act, no: over}}
  act: {action: act, branches: {done: more}, on_error: over}
  more: {prompt: "And now?", slot: after, next: over}
  over: {prompt: "Over.", terminal: true}
""")
    talk = Talk(two, answers={"act": SHOP["pay"]})
    talk.say("two things")
    talk.say("yes")
    assert talk.top.start == "more"
    assert "first question" in talk.say("back")
    assert len(talk.world.actions.asked) == 1


def test_S2_a_missing_name_makes_a_condition_false_and_is_noted() -> None:
    choice = flow("""
frontdesk: 1
flow: choice
title: Choose
description: Chooses.
triggers: [choose]
slots:
  word: {type: text}
  size: {type: integer, optional: true}
states:
  ask: {prompt: "Which word?", slot: word, next: fork}
  fork: {branches: [{when: "size > 5", next: big}, {next: small}]}
  big: {prompt: "Big.", terminal: true}
  small: {prompt: "Small.", terminal: true}
""")
    talk = Talk(choice)
    talk.say("choose")
    assert "Small." in talk.say("banana")
    assert talk.turns[-1].notes.unseen == ("size",)


def test_a_called_flow_gives_its_outcome_to_the_one_that_called_it() -> None:
    inner = flow("""
frontdesk: 1
flow: inner
title: Ask the inner thing
description: Inner.
triggers: [inner]
slots: {fine: {type: boolean}}
states:
  ask: {prompt: "Is it fine?", slot: fine, branches: {yes: good, no: bad}}
  good: {prompt: "Good.", terminal: true, outcome: resolved}
  bad: {prompt: "Bad.", terminal: true, outcome: failed}
""")
    outer = flow("""
frontdesk: 1
flow: outer
title: Do the outer thing
description: Outer.
triggers: [outer]
slots: {word: {type: text}}
states:
  ask: {prompt: "Which word?", slot: word, next: check}
  check: {call: inner, branches: {resolved: happy, failed: sad}}
  happy: {prompt: "All is well with {{ word }}.", terminal: true}
  sad: {prompt: "Not well.", terminal: true, outcome: failed}
""")
    talk = Talk(inner, outer)
    talk.say("outer")
    assert "Is it fine?" in talk.say("banana")
    assert [frame.flow for frame in talk.conversation.stack] == ["outer", "inner"]
    assert "All is well with banana." in talk.say("yes")
    assert talk.conversation.stack == ()
