"""Properties of repair (spec/conversation.md section 6): whatever is said, in whatever order, with the model off."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from engine.frame import Ended
from engine.question import PendingKind
from engine.readers.values import check
from tests.engine.flows_for_repair import LEAD, PIZZA
from tests.engine.flows_for_tests import REFUND, SHOP, SIGNUP
from tests.engine.plainly import plain_answer
from tests.engine.talk import Talk

ANSWERS = SHOP | {"save": SHOP["pay"], "bake": SHOP["pay"]}
FACTS = {
    "company": "the company is Acme",
    "team_size": "we are 80 people",
    "sign_on": "we use okta",
    "budget": "the budget is 15000",
}
PLAIN = {"company": "Acme", "team_size": "80 people", "sign_on": "okta", "budget": "15000"}
NEUTRAL = (
    "what time is it?",
    "can you write me a poem about trains?",
    "why do you need that?",
    "help",
    "repeat that please",
    "thanks",
    "summarise so far",
    "first I want to sign up|never mind",
)
"""Turns that must change nothing (P4); a bar parts the messages of an interruption that ends."""
CONVERSATION = (
    *("I want a refund", "sign up", "a pizza please", "I want to buy", "refund for ORD-12345 and a large pizza"),
    *("ORD-12345", "ORD-24680", "ORD-99999", "no, it's ORD-24680", "yes", "no", "maybe", "broken", "lareg", "large"),
    *("the order number is wrong", "keep it", "sorry, I meant ORD-12345", "not ORD-12345", "also olives", "only ham"),
    *("Mara Quist", "mara@example.com", "12 seats", "sorry, 40 seats", "900 seats", "team", "none", "skip", "back"),
    *("go back to the order number", "start over", "never mind", "stop that, I want a refund", "what time is it?"),
    *("summarise so far", "finish this first", "drop refund an order", "actually small", "the company is Acme"),
)


def lead(*said: str) -> Talk:
    """Somebody buys for a company."""
    talk = Talk(LEAD, SIGNUP, answers=ANSWERS)
    for text in ("I want to buy", *said):
        talk.say(text)
    return talk


def finish(talk: Talk, *, confirm: bool = True) -> Ended:
    """Answer what is asked, plainly, until the run has ended."""
    for _ in range(len(PLAIN) + 3):
        if not talk.conversation.stack:
            break
        slot = talk.conversation.question.slot if talk.conversation.question else ""
        talk.say("yes" if slot == "sure" and confirm else PLAIN.get(slot, "no"))
    assert talk.conversation.ended is not None
    return talk.conversation.ended


def saved(talk: Talk) -> list[dict[str, Any]]:
    """What was done that cannot be undone."""
    return [request.values for request in talk.world.actions.asked if request.action == "save"]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(list(PLAIN)), unique=True), st.lists(st.sampled_from(NEUTRAL), min_size=1, max_size=3))
def test_P4_neutral_turns_change_nothing(known: Sequence[str], neutral: Sequence[str]) -> None:
    talk = lead(*(FACTS[name] for name in known))
    before, question = talk.top, talk.conversation.question
    for text in neutral:
        for part in text.split("|"):
            talk.say(part)
    after = talk.top
    assert (after.slots, after.facts, after.tries, after.path) == (before.slots, before.facts, 0, before.path)
    assert talk.conversation.question == question
    assert saved(talk) == []


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(CONVERSATION), max_size=10))
def test_P10_there_is_always_a_way_out(said: Sequence[str]) -> None:
    talk = Talk(REFUND, SIGNUP, PIZZA, LEAD, answers=ANSWERS, people=True)
    for text in said:
        talk.say(text)
        if talk.turns[-1].wanted is not None:
            return
    assert talk.say("help").strip()
    for _ in range(8):
        if not talk.conversation.stack and talk.conversation.pending is None:
            break
        talk.say("never mind")
    assert talk.conversation.stack == ()
    talk.say("I want to talk to a person")
    assert talk.turns[-1].wanted is not None


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([*FACTS.values(), "sorry, 12 people", "sorry, 80 people"]), max_size=8))
def test_P12_an_effect_never_sees_a_value_that_sleeps(said: Sequence[str]) -> None:
    talk = lead(FACTS["company"], FACTS["team_size"], *said)
    finish(talk)
    (done,) = saved(talk)
    assert ("sign_on" in done) == (done["team_size"] > 50)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.sampled_from([*CONVERSATION, *["PLAINLY"] * 20]), min_size=1, max_size=8))
def test_P10_a_valid_answer_works_from_everywhere(said: Sequence[str]) -> None:
    talk = Talk(REFUND, SIGNUP, PIZZA, LEAD, answers=ANSWERS)
    for text in said:
        talk.say(plain_answer(talk) if text == "PLAINLY" else text)
    before = talk.conversation
    if before.question is None or before.pending is not None:
        return
    talk.say(plain_answer(talk))
    after = talk.conversation.question
    assert (after.run, after.slot) != (before.question.run, before.question.slot) if after else True


class AnyTalk(RuleBasedStateMachine):
    """Four flows and everything a customer of them may say: what must hold after every turn (P3, P6, P9, P12)."""

    def __init__(self) -> None:
        super().__init__()
        self.talk = Talk(REFUND, SIGNUP, PIZZA, LEAD, answers=ANSWERS)
        self.again = Talk(REFUND, SIGNUP, PIZZA, LEAD, answers=ANSWERS)
        self.said = 0

    @rule(text=st.sampled_from(CONVERSATION))
    def say(self, text: str) -> None:
        """One message; the same to a second desk."""
        self.talk.say(text)
        self.again.say(text)
        self.said += 1

    @rule(times=st.integers(1, 4))
    def answer(self, times: int) -> None:
        """Plainly, what is asked."""
        for _ in range(times):
            self.say(plain_answer(self.talk))

    @rule(texts=st.lists(st.sampled_from(CONVERSATION), min_size=2, max_size=3))
    def say_at_once(self, texts: list[str]) -> None:
        """Messages that wait together; the same to a second desk."""
        before = len(self.talk.replies)
        self.talk.say(*texts)
        self.again.say(*texts)
        self.said += len(self.talk.replies) - before

    @precondition(lambda self: self.talk.replies and self.talk.replies[-1].options)
    @rule(place=st.integers(0, 5))
    def press(self, place: int) -> None:
        """An option of the newest reply."""
        options = self.talk.options
        label = options[place % len(options)]
        self.talk.press(label)
        self.again.press(label)
        self.said += 1

    @invariant()
    def one_reply_and_one_question(self) -> None:
        """P12: one reply to each turn; a system question and a run's are never put together."""
        assert len(self.talk.replies) == self.said
        assert all(reply.text.strip() for reply in self.talk.replies[-1:])

    @invariant()
    def what_is_stored_is_valid(self) -> None:
        """P12: settled slots satisfy their validators, wherever they came from; no deeper than the desk allows."""
        conversation = self.talk.conversation
        assert len(conversation.stack) <= self.talk.world.book.desk.stack_depth
        for frame in conversation.stack:
            flow = self.talk.world.book.of(frame)
            for name, slot in frame.slots.items():
                if slot.known and slot.value is not None:
                    assert not check(flow.slot(name), slot.value)

    @invariant()
    def no_known_slot_is_asked(self) -> None:
        """P3, but for what is asked again on purpose."""
        conversation = self.talk.conversation
        top, question = conversation.top, conversation.question
        if top is not None and question is not None and question.run == top.run:
            held = top.slots.get(question.slot)
            assert held is None or not held.settled

    @invariant()
    def nothing_is_done_without_its_yes_or_twice(self) -> None:
        """P8, P12: an effect has its own confirmation, and its key is used once."""
        done = [r for r in self.talk.world.actions.asked if r.action in ("pay", "save", "bake")]
        assert all(r.values.get("confirmed") is True or r.values.get("sure") is True for r in done)
        assert len({r.key for r in done}) == len(done)

    @invariant()
    def the_same_events_give_the_same(self) -> None:
        """P6, P9: another desk that heard the same stands at the same place."""
        assert self.talk.stored == self.again.stored

    @invariant()
    def a_question_of_ours_has_its_kind(self) -> None:
        """A pending question is one that its kind can answer."""
        pending = self.talk.conversation.pending
        assert pending is None or (pending.kind in PendingKind and pending.choices)


TestAnyTalk = AnyTalk.TestCase
TestAnyTalk.settings = settings(max_examples=30, stateful_step_count=15, deadline=None)
