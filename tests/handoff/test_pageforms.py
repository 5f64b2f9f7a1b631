"""The buttons of a case on our own page (spec/handoff.md H57, H58)."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from handoff.buttons import press_of
from handoff.case import Case, CaseState, OnItsWay, Spot, Verdict
from handoff.moves import Trigger
from handoff.pageforms import Team, buttons_of, fields_of
from tests.handoff.desk import ANNA, TOM, Desk

TEAM = Team(agent=ANNA.id, queues=("default", "billing"), tickets=True)


@pytest.fixture
def case() -> Case:
    """One that Anna has claimed."""
    desk = Desk()
    desk.ask()
    desk.do(Trigger.CLAIM, ANNA)
    return desk.case


def names(case: Case, team: Team = TEAM, *, able: bool = True) -> list[str]:
    return [button.name for button in buttons_of(case, team) if button.able is able]


@pytest.mark.parametrize("state", CaseState)
def test_H57_a_button_of_any_state_is_read_as_a_press_of_its_case(case: Case, state: CaseState) -> None:
    for button in buttons_of(replace(case, state=state), TEAM):
        press = press_of(button.action, button.value)
        assert press is not None
        assert (press.button, press.case, press.seen) == (button.name, case.id, case.version)


def test_what_did_not_arrive_can_be_sent_again_by_whom_it_was_written(case: Case) -> None:
    words = OnItsWay(row="r", spot=Spot(message="m"), text="Hello")
    failed = replace(case, state=CaseState.UNDELIVERED, undelivered=words)
    assert names(failed)[:2] == ["retry", "ticket"]
    assert "retry" in names(replace(failed, claimed_by=TOM), able=False)


def test_what_the_desk_lacks_has_no_button(case: Case) -> None:
    alone = Team(agent=ANNA.id, queues=("default",))
    assert {"transfer", "ticket"} <= set(names(case))
    assert {"transfer", "ticket"}.isdisjoint({*names(case, alone), *names(case, alone, able=False)})
    assert "ticket" not in names(replace(case, ticketed=True))


def test_only_whoever_has_the_case_answers_by_form_and_sees_the_contact(case: Case) -> None:
    assert {"reply", "reveal"} <= set(names(case))
    assert {"reply", "reveal"}.isdisjoint(names(replace(case, claimed_by=TOM)))


def test_H130_a_closed_case_asks_for_its_verdict_until_it_has_one(case: Case) -> None:
    closed = replace(case, state=CaseState.RESOLVED)
    assert names(closed) == [f"verdict_{verdict}" for verdict in Verdict]
    assert names(replace(closed, verdict=Verdict.TOO_LATE)) == []


def test_H58_a_form_offers_only_what_can_be_chosen(case: Case) -> None:
    (queue,) = fields_of("transfer", replace(case, queue="billing"), TEAM)
    assert [choice.value for choice in queue.choices or ()] == ["default"]
    outcome, verdict, note = fields_of("resolve", case, TEAM)
    assert "customer_left" not in [choice.value for choice in outcome.choices or ()]
    assert (outcome.optional, verdict.optional, note.optional, note.choices) == (False, True, True, None)
    assert fields_of("claim", case, TEAM) == ()
