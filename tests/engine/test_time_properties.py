"""P14: for any gaps at most one offer per return, nothing resumes after expiry, no two timers act on one run."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from engine.question import PendingKind
from engine.timers import next_due
from tests.engine.flows_for_tests import REFUND, SHOP, SIGNUP
from tests.engine.proofs.returning import OFFER
from tests.engine.talk import Talk

WORDS = (
    *("I want a refund", "sign up", "ORD-12345", "ORD-24680", "yes", "no", "broken", "cancel", "well then", "help"),
    *("what time is it?", "hello", "Ann Lee", "ann@example.com", "3 seats", "none", "start over"),
)
GAPS_MIN = (0, 1, 29, 31, 59, 61, 120, 24 * 60, 48 * 60 - 1, 48 * 60, 80 * 60)
EXPIRY = timedelta(hours=48)
GAP, TTL = timedelta(minutes=30), timedelta(hours=1)


class Returns(RuleBasedStateMachine):
    """A customer who writes at any time."""

    def __init__(self) -> None:
        super().__init__()
        self.talk = Talk(REFUND, SIGNUP, answers=SHOP)
        self.seen = 0

    @rule(text=st.sampled_from(WORDS), minutes=st.sampled_from(GAPS_MIN), swept=st.booleans())
    def writes(self, text: str, minutes: int, swept: bool) -> None:
        """... after a gap in which the clocks were heard, or in which no worker was there."""
        before, wait = self.talk.conversation, timedelta(minutes=minutes)
        if swept:
            assert self.talk.wait(minutes=minutes) == ""
        else:
            self.talk.now += wait
        paid = self._paid()
        said = self.talk.say(text)
        assert said, "every message has its reply"
        assert said.count(OFFER) <= 1
        silence = self.talk.now - (before.heard_at or self.talk.now)
        had = {frame.run for frame in before.stack}
        if silence >= EXPIRY:
            assert not had & {frame.run for frame in self.talk.conversation.stack}, "nothing resumes after expiry"
        offered = before.pending is not None and before.pending.kind is PendingKind.RESUME_OFFER
        if offered and silence >= TTL:
            now_open = {frame.run for frame in self.talk.conversation.stack}
            assert before.stack[-1].run not in now_open, "an offer that lapsed is not put again"
        if silence > GAP and text == "yes":
            assert self._paid() == paid, "nobody acts on a bare yes after a gap"

    def _paid(self) -> int:
        return sum(request.action == "pay" for request in self.talk.world.actions.asked)

    @invariant()
    def a_run_ends_once_and_never_comes_back(self) -> None:
        over = [run.run for turn in self.talk.turns for run in turn.notes.archived]
        assert len(over) == len(set(over))
        assert not set(over) & {frame.run for frame in self.talk.conversation.stack}

    @invariant()
    def what_is_open_has_its_clock_and_what_rang_is_over(self) -> None:
        conversation = self.talk.conversation
        due = next_due(conversation, self.talk.world.book)
        assert (due is not None) == bool(conversation.stack)
        rung = [turn for turn in self.talk.turns[self.seen :] if turn.id.startswith("tick:")]
        assert all(turn.notes.archived for turn in rung), "a tick that ends nothing was for nothing"
        self.seen = len(self.talk.turns)

    @invariant()
    def an_offer_has_its_run(self) -> None:
        pending = self.talk.conversation.pending
        assert pending is None or pending.kind is not PendingKind.RESUME_OFFER or self.talk.conversation.stack


TestReturns = Returns.TestCase
TestReturns.settings = settings(max_examples=60, stateful_step_count=12, deadline=None)


def test_F24_of_a_message_and_a_tick_at_one_instant_the_tick_is_first() -> None:
    for early_ms in (-1, 0, 1):
        talk = Talk(REFUND, answers=SHOP)
        talk.say("I want a refund")
        due = next_due(talk.conversation, talk.world.book)
        assert due is not None
        talk.now = due - timedelta(seconds=1, milliseconds=early_ms)
        said = talk.say("ORD-12345")
        late = early_ms <= 0
        assert ("has expired" in said) == late
        assert ("Wireless headphones" in said) != late
