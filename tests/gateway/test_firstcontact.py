"""S39: first-contact resolution is computed from the journal, of runs whose seven days are over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from engine.notes import Notes
from gateway.firstcontact import FirstContact, first_contact
from tests.engine.flows_for_tests import REFUND, SHOP, SIGNUP
from tests.engine.talk import START, Table, Talk
from tests.engine.test_people import CALLER, LIMITED
from tests.gateway.people_desk import claimed, people_desk

LATER = START + timedelta(days=30)
REFUNDED = ("I want a refund", "ORD-12345", "yes", "broken", "none")


def said(*texts: str) -> Talk:
    talk = Talk(REFUND, SIGNUP, answers=SHOP)
    for text in texts:
        talk.say(text)
    return talk


def journal(talk: Talk) -> Sequence[Notes]:
    return [turn.notes for turn in talk.turns]


def counted(*talks: Talk, flow: str = "") -> tuple[int, int, int]:
    found = first_contact([journal(talk) for talk in talks], now=LATER, flow=flow)
    return found.runs, found.settled, found.early


def test_what_is_resolved_and_not_come_back_to_is_settled() -> None:
    assert counted(said(*REFUNDED)) == (1, 1, 0)
    assert counted(said(*REFUNDED), said("I want a refund", "never mind")) == (2, 1, 0)
    assert first_contact([], now=LATER).rate is None
    assert FirstContact(runs=4, settled=3).rate == 0.75


@pytest.mark.parametrize(("days", "settled"), [(1, 1), (6.9, 1), (7.1, 2)])
def test_the_same_flow_within_seven_days_takes_it_back(days: float, settled: int) -> None:
    talk = said(*REFUNDED)
    talk.wait(days=days)
    for text in REFUNDED:
        talk.say(text)
    assert counted(talk) == (2, settled, 0)


def test_it_does_so_though_it_was_only_begun() -> None:
    talk = said(*REFUNDED)
    talk.wait(days=1)
    talk.say("I want a refund")
    assert counted(talk) == (1, 0, 0)


def test_another_flow_and_a_later_word_take_nothing_back() -> None:
    talk = said(*REFUNDED, "thanks", "I want to sign up")
    assert counted(talk) == (1, 1, 0)
    assert counted(talk, flow="signup") == (0, 0, 0)
    assert counted(talk, flow="refund") == (1, 1, 0)


def test_a_run_of_the_last_seven_days_is_too_early_to_count() -> None:
    talk = said(*REFUNDED)
    found = first_contact([journal(talk)], now=talk.now + timedelta(days=6, hours=23))
    assert (found.runs, found.settled, found.early) == (0, 0, 1)


def test_a_run_that_another_called_is_a_part_of_that_one() -> None:
    flows = (CALLER, LIMITED)
    talk = Talk(*flows)
    for text in ("move house", "Leeds", "3"):
        talk.say(text)
    assert [run.called for turn in talk.turns for run in turn.notes.archived] == [True]
    assert counted(talk) == (0, 0, 0)


@pytest.mark.anyio
async def test_a_person_within_seven_days_takes_it_back_and_a_person_before_it_does_not(tmp_path: Path) -> None:
    async with people_desk(tmp_path, actions=Table(SHOP)) as desk:
        await claimed(desk)
        await desk.presses("resolve", outcome="solved")
        await desk.wait(days=8)
        for text in REFUNDED:
            await desk.says(text)
        before = await desk.journal()
        await desk.wait(days=2)
        await desk.says("I want to talk to a human")
        after = await desk.journal()
        now = desk.ground.clock.now() + timedelta(days=30)
    assert first_contact([before], now=now) == FirstContact(runs=2, settled=1)
    assert first_contact([after], now=now) == FirstContact(runs=2, settled=0)
