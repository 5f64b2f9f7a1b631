"""Every registered rule has its proof, and the proof fails with the rule switched off (rule ablation)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from engine.desk import DeskDef
from engine.draft import Draft
from engine.heard import Hearing
from engine.rules.given import Given, situation
from engine.rules.ordered import Rules
from engine.rules.registry import Act, Rule, Stage, registered
from engine.walk import Need
from tests.engine.flows_for_tests import REFUND, SHOP
from tests.engine.proofs import (
    ending,
    filling,
    meaning,
    moving,
    proposing,
    rating,
    remembering,
    repairing,
    returning,
    telling,
)
from tests.engine.proofs.register import PROOFS
from tests.engine.talk import Talk, flow

ROOMS = (ending, filling, meaning, moving, proposing, rating, remembering, repairing, returning, telling)


@pytest.mark.parametrize("id", Rules().ids)
def test_every_rule_is_shown(id: str) -> None:
    assert id in PROOFS, f"rule {id} has no proof in tests/engine/proofs"
    PROOFS[id](())


@pytest.mark.parametrize("id", Rules().ids)
def test_with_the_rule_off_its_proof_fails(id: str) -> None:
    with pytest.raises((AssertionError, LookupError)):
        PROOFS[id]((id,))


def test_no_proof_is_of_a_rule_that_is_gone() -> None:
    assert set(PROOFS) == set(Rules().ids)


@pytest.mark.parametrize("id", Rules().ids)
def test_no_rule_is_missed_where_what_it_needs_is_not_given(id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    watched = [one for one in registered() if one.stage is not Stage.LOAD]  # before it no run's flow is known
    loading = [one for one in registered() if one.stage is Stage.LOAD]
    everywhere = [replace(one, given=(), act=_watched(one)) for one in watched]
    monkeypatch.setattr("engine.rules.ordered.registered", lambda: [*everywhere, *loading])
    PROOFS[id](())


def _watched(one: Rule) -> Act:
    """The rule, asked everywhere: it fires only where it would have been asked, and else leaves all as it is."""

    def act(draft: Draft, hearing: Hearing) -> bool:
        before = situation(draft, hearing)
        needs = [each for each in one.given if isinstance(each, Need)]
        stopped_for = draft.walk.need if draft.walk else None
        fired = one.act(draft, hearing)
        assert not fired or all(before[each] for each in one.given if isinstance(each, Given)), one.id
        assert not (fired and needs) or stopped_for in needs, one.id
        assert fired or situation(draft, hearing) == before, one.id
        return fired

    return act


def test_R12_a_value_waits_no_longer_than_a_run_would() -> None:
    talk = Talk(REFUND, answers=SHOP)
    talk.say("ORD-12345")
    talk.now += timedelta(minutes=31)
    assert "Which order number" in talk.say("I want a refund")


@pytest.mark.parametrize("left", ["skip", "none"])
def test_R17_R54_a_bound_question_that_may_be_left_open_is(left: str) -> None:
    bound = flow("""\
frontdesk: 1
flow: tip
title: Leave a tip
triggers: [leave a tip]
slots: {tip: {type: integer, label: tip, ask_only: true, optional: true}}
states:
  ask: {prompt: "How much?", slot: tip, next: done}
  done: {prompt: "Thanks.", terminal: true}
""")
    talk = Talk(bound)
    talk.say("leave a tip")
    assert "Thanks." in talk.say(left)
    assert talk.conversation.stack == ()


def test_R22_where_nobody_can_take_over_a_round_of_one_question_ends() -> None:
    talk = Talk(REFUND, answers=SHOP)
    talk.say("refund")
    for number in range(5):
        talk.say(f"ORD-9999{number}")
    assert talk.conversation.ended is not None
    assert (talk.conversation.ended.reason, talk.conversation.stack) == ("gave_up", ())


def test_R22_the_number_of_tries_is_the_desks() -> None:
    talk = Talk(REFUND, answers=SHOP, desk=DeskDef(retries=1))
    talk.say("refund")
    assert "person" in talk.say("12345")
