"""Each shipped flow, walked every way: whatever its back ends and its plain customers say, it ends (P10, P11)."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.flow import FlowDef
from engine.ports import ERROR
from tests.engine.talk import Talk
from tests.flows.plain_customers import BackEnds, answer, over, questions, talk_about
from tests.flows.test_first_sentences import shipped

SEEDS = 40
FLOWS = pytest.mark.parametrize("flow", shipped(), ids=lambda flow: flow.name)
OUTCOMES = [
    (flow, action.name, outcome)
    for flow in shipped()
    for action in flow.actions.values()
    if action.knowledge is None
    for outcome in (*action.outcomes, ERROR)
]


def first(words: Sequence[str]) -> str:
    return words[0]


@pytest.mark.parametrize(("flow", "action", "outcome"), OUTCOMES, ids=lambda one: getattr(one, "name", one))
def test_every_outcome_of_every_action_leads_somewhere(flow: FlowDef, action: str, outcome: str) -> None:
    for seed in range(SEEDS):
        chance = random.Random(seed)
        talk = talk_about(flow, chance.choice, forced=(action, outcome))
        for _ in range(2 * questions(flow)):
            if over(talk) or called(talk, action):
                break
            answer(talk, flow, chance.choice)
        if called(talk, action):
            assert over(talk) or stands(talk)
            assert outcome == ERROR or not alerts(talk)
            return
    pytest.fail(f"no way of {SEEDS} leads to {action}")


@FLOWS
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_P10_from_wherever_plain_customers_get_a_run_can_be_stopped_and_a_person_asked(
    flow: FlowDef, data: st.DataObject
) -> None:
    talk = walked(flow, data)
    assert not stuck(talk)
    if over(talk):
        return
    assert stands(talk)
    kept = talk.stored
    talk.say("talk to a person")
    assert talk.turns[-1].wanted is not None
    talk.stored = kept
    talk.say("never mind")
    if talk.conversation.stack:  # it withdrew a question of ours
        talk.say("never mind")
    assert not talk.conversation.stack


@FLOWS
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_P11_whatever_was_before_plain_answers_end_it(flow: FlowDef, data: st.DataObject) -> None:
    talk = walked(flow, data)
    assert isinstance(talk.world.actions, BackEnds)
    talk.world.actions.pick = first
    for _ in range(2 * questions(flow) + 2):
        if over(talk):
            return
        answer(talk, flow, first)
    assert over(talk), talk.replies[-1].text
    assert not stuck(talk)


def walked(flow: FlowDef, data: st.DataObject) -> Talk:
    """A talk some random plain answers on."""

    def pick(words: Sequence[str]) -> str:
        return data.draw(st.sampled_from(list(words)))

    talk = talk_about(flow, pick)
    for _ in range(data.draw(st.integers(0, 10))):
        if over(talk):
            break
        answer(talk, flow, pick)
    return talk


def alerts(talk: Talk) -> list[str]:
    """What operators were told."""
    return [turn.notes.alert for turn in talk.turns if turn.notes.alert]


def stuck(talk: Talk) -> list[str]:
    """Where no edge led on."""
    return [alert for alert in alerts(talk) if "no edge" in alert]


def called(talk: Talk, action: str) -> bool:
    return action in [request.action for request in talk.world.actions.asked]


def stands(talk: Talk) -> bool:
    """Is something asked, or may what failed be tried again (R59)?"""
    conversation = talk.conversation
    tried_again = "I can't reach" in talk.replies[-1].text and bool(talk.top.failures)
    return conversation.question is not None or conversation.pending is not None or tried_again
