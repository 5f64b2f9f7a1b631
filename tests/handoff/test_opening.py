"""How a case begins: its id, its notice, the usual wait, and what is not opened (H1, H13, H23, H32, H48)."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from engine.lines import LINES
from handoff.agentlines import for_thread
from handoff.case import Verdict, case_id, reference_of
from handoff.hours import read_hours
from handoff.moves import Move, Refused, TicketWork, Trigger
from handoff.opening import Request, usual_wait
from handoff.policy import DeskPolicy, Tickets
from handoff.sitting import Sitting
from tests.handoff.desk import ANNA, MONDAY, TOM, Desk, claimed, queued, talking


def test_P6_the_same_request_has_the_same_id_and_a_later_one_sorts_behind_it() -> None:
    first, again, later = case_id("c:1", MONDAY), case_id("c:1", MONDAY), case_id("c:1", MONDAY + timedelta(seconds=1))
    assert first == again < later
    assert re.fullmatch(r"ho_[0-9A-HJKMNP-TV-Z]{26}", first)
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{4}", reference_of(first))


def test_H1_a_case_goes_on_from_the_conversations_version() -> None:
    desk = Desk()
    desk.version = 7
    assert desk.ask().case.version == 8


@pytest.mark.parametrize(
    ("waits", "minutes"),
    [((60.0,) * 4, None), ((61.0, 62.0, 59.0, 300.0, 10.0), 2), ((0.0,) * 5, 1), ((9000.0,) * 30 + (60.0,) * 20, 1)],
)
def test_H13_the_usual_wait_is_the_median_of_the_last_twenty_in_whole_minutes(
    waits: tuple[float, ...], minutes: int | None
) -> None:
    assert usual_wait(waits) == minutes


def test_H13_a_known_wait_is_said_with_the_notice() -> None:
    desk = Desk()
    desk.ask(usual_wait_min=3)
    assert [(line.key, line.values) for line in desk.effects.say] == [
        ("connecting", {}),
        ("usual_wait", {"minutes": "3"}),
    ]


def test_H23_a_repeated_turn_makes_the_same_case_again() -> None:
    first, second = queued(), queued()
    assert first.case == second.case


def failed_and_returned(policy: DeskPolicy) -> Desk:
    desk = Desk(policy)
    desk.ask("engine_error")
    desk.do(Trigger.RETURN, ANNA, verdict=Verdict.GOOD_CALL)
    return desk


def test_H32_the_bot_failing_again_at_once_becomes_a_ticket_not_a_case() -> None:
    desk = failed_and_returned(DeskPolicy(ticket=Tickets.FALLBACK))
    desk.wait(minutes=14)
    id = desk.case.id
    assert desk.ask("engine_error").refused is Refused.AGAIN_TOO_SOON
    assert (desk.case.id, desk.effects.ticket, desk.said) == (id, TicketWork.CREATE, [])


@pytest.mark.parametrize(
    ("minutes", "primary"), [(16, "engine_error"), (1, "guardrail_block"), (1, "explicit_request")]
)
def test_H32_another_cause_or_a_later_time_opens_a_case(minutes: int, primary: str) -> None:
    desk = failed_and_returned(DeskPolicy())
    desk.wait(minutes=minutes)
    assert desk.ask(primary).refused is None
    assert desk.case.open


@pytest.mark.parametrize(
    ("agent", "display_name", "alias"),
    [
        ("U1", "Anna Schmidt", "Annie"),
        ("U2", "Tom Field", "Tom"),
        ("U3", "u3@example.com", "a colleague"),
        ("U4", "U4", "a colleague"),
        ("U5", "  ", "a colleague"),
    ],
)
def test_H48_a_customer_sees_an_alias_and_never_an_address_or_id(agent: str, display_name: str, alias: str) -> None:
    assert DeskPolicy(aliases={"U1": "Annie"}).alias(agent, display_name) == alias


def test_every_line_that_is_said_has_its_words() -> None:
    """Whatever a case says to a customer or in its thread has a default wording that uses what is filled in."""
    outage = queued()
    outage.do(Trigger.DESK_DOWN)
    outage.wait(days=2)
    away = talking()
    away.do(Trigger.TRANSFER, ANNA, queue="billing")
    away.do(Trigger.CLAIM, TOM)
    away.do(Trigger.REPLY_REFUSED, TOM, reason="blocked")
    away.do(Trigger.DELIVERED)
    away.do(Trigger.SNOOZE, TOM, until=away.now + timedelta(hours=1))
    away.wait(days=4)
    back = claimed()
    back.do(Trigger.RELEASE, ANNA)
    back.do(Trigger.FALSE_ALARM, ANNA)
    solved = talking()
    solved.do(Trigger.RESOLVE, ANNA)
    solved.ask()
    night = Desk(DeskPolicy(hours=read_hours("Sun 09:00-10:00")))
    night.ask()
    night.ask()
    night.do(Trigger.ANSWERED_MEANWHILE)
    night.do(Trigger.NOT_NEEDED)
    for desk in (outage, away, back, solved, night):
        for taken in desk.steps:
            for line in taken.effects.say:
                assert line.key in LINES
                if line.key not in ("parked", "opening_again"):  # their {time} is the customer's own
                    assert set(line.values) == set(re.findall(r"\{(\w+)\}", LINES[line.key])), line
            assert not [line for line in taken.effects.thread if "{" in for_thread(line)]


def test_H140_what_fails_again_and_again_after_a_return_has_one_ticket() -> None:
    policy = DeskPolicy(ticket=Tickets.FALLBACK)
    sitting = Sitting(id="t", now=MONDAY, policy=policy, case=None)
    sitting.ask(Request(seed="t:1", version=0, primary="engine_error"))
    sitting.move(Move(trigger=Trigger.RETURN, agent=ANNA))
    for turn in ("t:2", "t:3"):
        sitting.ask(Request(seed=turn, version=2, primary="engine_error"))
    assert [shown.effects.ticket for shown in sitting.shown][-2:] == [TicketWork.CREATE, TicketWork.UPDATE]
