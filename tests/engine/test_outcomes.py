"""S38: every run ends once, for a reason of S9 and with an outcome, whichever way it ends."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from engine.archive import Archived, Reason
from engine.book import Book
from engine.desk import DeskDef
from engine.flow import FlowDef
from engine.ports import ERROR, ActionOutcome
from tests.engine.flows_for_tests import REFUND, SHOP, SIGNUP
from tests.engine.talk import Talk, flow
from tests.engine.test_people import CALLER, LIMITED

FLOWS = (REFUND, SIGNUP, LIMITED, CALLER)
OUTCOMES = {"resolved", "declined", "handed_off", "abandoned", "cancelled", "failed"}
"""Of these flows' terminals, and those of S38's that no author chooses."""
BY_REASON = {
    Reason.CANCELLED: "cancelled",
    Reason.DECLINED: "declined",
    Reason.OFFER_UNANSWERED: "abandoned",
    Reason.EXPIRED: "abandoned",
    Reason.HANDED_OFF: "handed_off",
    Reason.GAVE_UP: "failed",
    Reason.SUPERSEDED: "cancelled",
    Reason.FAILED: "failed",
}
STUCK = flow("""
frontdesk: 1
flow: nowhere
title: Go nowhere
triggers: [go nowhere]
slots:
  town: {type: text, label: town}
states:
  ask: {prompt: "Which town?", slot: town, next: tell}
  tell: {call: told, next: which}
  which: {branches: [{when: "town == 'Oslo'", next: end}]}
  end: {prompt: "There.", terminal: true}
""")
TOLD = flow("""
frontdesk: 1
flow: told
title: Be told
states:
  end: {prompt: "Told.", terminal: true}
""")
WORDS = (
    *("I want a refund", "sign up", "return something big", "move house", "Leeds", "ORD-12345", "ORD-24680", "yes"),
    *("no", "broken", "none", "cancel", "start over", "back", "well then", "what time is it?", "Ann Lee", "3 seats"),
    *("stop that, I want to sign up", "drop it", "the first one", "42", "gibberish", "gibberish", "gibberish"),
)
GAPS_MIN = (0, 0, 0, 31, 62, 48 * 60)
SHOP_THAT_FAILS = {**SHOP, "pay": ActionOutcome(outcome=ERROR, certain=False)}


def runs(talk: Talk) -> list[Archived]:
    """Those that are over, in order."""
    return [run for turn in talk.turns for run in turn.notes.archived]


class Ends(RuleBasedStateMachine):
    """A customer who begins, leaves, drops and forgets tasks, at a desk whose flows come and go."""

    def __init__(self) -> None:
        super().__init__()
        self.talk = Talk(*FLOWS, answers=SHOP, desk=DeskDef(stack_depth=2))
        self.begun: set[str] = set()
        self.seen = 0

    @rule(text=st.sampled_from(WORDS), minutes=st.sampled_from(GAPS_MIN), swept=st.booleans())
    def writes(self, text: str, minutes: int, swept: bool) -> None:
        if swept:
            self.talk.wait(minutes=minutes)
        else:
            self.talk.now += timedelta(minutes=minutes)
        self.talk.say(text)

    @rule(fails=st.booleans())
    def the_shop_changes(self, fails: bool) -> None:
        self.talk.world.actions.answers = SHOP_THAT_FAILS if fails else SHOP

    @rule(flows=st.sets(st.sampled_from(FLOWS[1:]).map(lambda flow: flow.name)))
    def the_desk_is_deployed(self, flows: set[str]) -> None:
        """Some flows are gone, and the versions of their runs with them."""
        offered: list[FlowDef] = [REFUND, *(flow for flow in FLOWS if flow.name in flows)]
        self.talk.world.book = Book(offered, DeskDef(stack_depth=2))

    @invariant()
    def a_run_is_open_or_over_and_over_once(self) -> None:
        self.begun |= {frame.run for turn in self.talk.turns[self.seen :] for frame in turn.conversation.stack}
        self.seen = len(self.talk.turns)
        over = [run.run for run in runs(self.talk)]
        still = {frame.run for frame in self.talk.conversation.stack}
        assert len(over) == len(set(over)), "archived twice"
        assert not still & set(over), "archived and still open"
        assert self.begun <= still | set(over), "gone without a trace"

    @invariant()
    def it_has_an_outcome_that_goes_with_its_reason(self) -> None:
        for run in runs(self.talk):
            assert run.outcome in OUTCOMES
            assert BY_REASON.get(run.reason, run.outcome) == run.outcome
            assert run.seconds >= 0
            assert min(run.turns, run.tries, run.corrections) >= 0


TestEnds = Ends.TestCase
TestEnds.settings = settings(max_examples=80, stateful_step_count=15, deadline=None)


def test_S38_a_flow_that_is_offered_no_more_ends_its_runs_as_failed() -> None:
    talk = Talk(REFUND, SIGNUP, answers=SHOP)
    talk.say("I want to sign up")
    talk.world.book = Book([REFUND])
    assert "We no longer offer signup" in talk.say("Ann Lee")
    assert [(run.flow, run.reason, run.outcome) for run in runs(talk)] == [("signup", "failed", "failed")]


def test_S38_what_was_taken_back_with_the_turn_did_not_end() -> None:
    """R10: the run stands as it stood, and no other is named as the last that ended."""
    talk = Talk(STUCK, TOLD)
    talk.say("go nowhere")
    assert "went wrong" in talk.say("Leeds")
    assert talk.rules[-1] == "R10"
    assert runs(talk) == []
    assert talk.conversation.ended is None


def test_S38_a_run_ends_with_turns_tries_corrections_and_duration() -> None:
    talk = Talk(REFUND, answers=SHOP)
    for text in ("I want a refund", "dunno", "ORD-12345", "sorry, ORD-24680", "yes", "broken", "none"):
        talk.say(text)
    (run,) = runs(talk)
    assert (run.reason, run.outcome, run.turns, run.tries, run.corrections) == ("done", "resolved", 7, 1, 1)
    assert run.seconds > 0


@pytest.mark.parametrize("reason", list(Reason))
def test_S9_every_reason_is_a_word_of_the_closed_set(reason: Reason) -> None:
    closed = "done cancelled declined offer_unanswered expired handed_off gave_up superseded failed"
    assert reason in closed.split()
    assert len(Reason) == len(closed.split())
