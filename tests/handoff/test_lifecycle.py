"""The life of a case, row by row of its table (spec/handoff.md section 2)."""

from __future__ import annotations

from datetime import timedelta

from handoff.case import CaseState, Outcome, Owner
from handoff.hours import read_hours
from handoff.moves import CardWork, Refused, TicketWork, Trigger
from handoff.policy import DeskPolicy, Tickets
from tests.handoff.desk import ANNA, TOM, Desk, claimed, queued, talking

NIGHT_DESK = DeskPolicy(hours=read_hours("Mon-Fri 09:00-17:00", "UTC"))


def test_queued_tells_the_customer_once_and_shows_a_card() -> None:
    desk = queued()
    assert (desk.state, desk.case.owner) == (CaseState.QUEUED, Owner.QUEUE)
    assert desk.said == ["connecting"]
    assert desk.effects.card is CardWork.POST
    assert desk.effects.ping
    assert desk.effects.way_back


def test_H10_BOT_ends_waiting_and_the_flow_goes_on() -> None:
    desk = queued()
    desk.do(Trigger.BACK_TO_BOT)
    assert (desk.state, desk.said, desk.effects.goes_on) == (CaseState.CANCELLED, ["going_on"], True)
    assert desk.effects.card is CardWork.CLOSE


def test_H10_BOT_takes_the_customer_back_from_an_agent() -> None:
    desk = talking()
    desk.do(Trigger.BACK_TO_BOT)
    assert (desk.state, desk.case.owner, desk.said) == (CaseState.RETURNED, Owner.BOT, ["back_with_bot"])


def test_nobody_claims_and_the_case_escalates_then_tells_the_customer_once_then_expires() -> None:
    desk = queued()
    assert desk.wait(minutes=5) == [Trigger.CLAIM_DUE]
    assert (desk.state, desk.case.owner) == (CaseState.ESCALATED, Owner.QUEUE)
    assert desk.effects.page
    assert desk.effects.alert
    assert not desk.said
    assert desk.wait(minutes=5) == [Trigger.STILL_WAITING_DUE]
    assert desk.said == ["still_waiting"]
    assert desk.effects.say[0].values == {"reference": desk.case.reference}
    assert desk.wait(hours=24) == [Trigger.EXPIRY_DUE]
    assert (desk.state, desk.said) == (CaseState.EXPIRED, ["nobody_came"])
    assert desk.effects.alert


def test_H140_an_expired_case_becomes_a_ticket() -> None:
    desk = queued(DeskPolicy(ticket=Tickets.FALLBACK))
    assert not desk.case.ticketed
    desk.wait(days=2)
    assert (desk.effects.ticket, desk.case.ticketed) == (TicketWork.CREATE, True)


def test_H140_every_case_becomes_one_ticket_when_the_desk_says_so() -> None:
    desk = queued(DeskPolicy(ticket=Tickets.ALWAYS))
    desk.wait(days=2)
    made = [taken.effects.ticket for taken in desk.steps]
    assert (made[0], made.count(TicketWork.CREATE), made[-1]) == (TicketWork.CREATE, 1, TicketWork.UPDATE)


def test_without_a_ticket_system_there_is_no_ticket() -> None:
    desk = queued()
    desk.do(Trigger.TICKET, ANNA)
    assert desk.effects.ticket is TicketWork.NONE


def test_a_claim_tells_the_customer_who_speaks() -> None:
    desk = claimed()
    assert (desk.state, desk.case.owner) == (CaseState.CLAIMED, Owner.AGENT)
    assert [(line.key, line.values) for line in desk.effects.say] == [("talking_with", {"agent": "Anna"})]


def test_H11_still_waiting_is_said_once_however_often_the_case_comes_back() -> None:
    desk = queued()
    desk.wait(minutes=10)
    desk.do(Trigger.CLAIM, ANNA)
    desk.wait(minutes=40)
    assert [line.key for line in desk.ever_said].count("still_waiting") == 1
    assert desk.state is CaseState.ESCALATED


def test_a_claimer_who_never_answers_is_nudged_then_loses_the_case_and_H11_the_customer_hears_nothing() -> None:
    desk = claimed()
    assert desk.wait(minutes=10) == [Trigger.FIRST_REPLY_DUE]
    assert desk.effects.nudge == ANNA
    assert desk.wait(minutes=5) == [Trigger.FIRST_REPLY_OVER]
    assert (desk.state, desk.case.claimed_by, desk.said) == (CaseState.QUEUED, None, [])


def test_H11_the_same_agent_claiming_again_is_no_news_another_one_is() -> None:
    desk = claimed()
    desk.do(Trigger.RELEASE, ANNA)
    assert not desk.said
    desk.do(Trigger.CLAIM, ANNA)
    assert not desk.said
    desk.do(Trigger.RELEASE, ANNA)
    desk.do(Trigger.CLAIM, TOM)
    assert desk.said == ["talking_with"]


def test_words_go_back_and_forth() -> None:
    desk = talking()
    assert (desk.state, desk.effects.relay, desk.said) == (CaseState.WAITING_CUSTOMER, True, [])
    desk.do(Trigger.CUSTOMER_WRITES)
    assert (desk.state, desk.effects.relay) == (CaseState.WAITING_AGENT, True)
    assert desk.case.unanswered_since == desk.now
    desk.do(Trigger.REPLY, ANNA)
    assert desk.case.unanswered_since is None


def test_a_silent_agent_is_nudged_once_then_the_case_is_free_again() -> None:
    desk = talking()
    desk.do(Trigger.CUSTOMER_WRITES)
    desk.wait(minutes=10)
    desk.do(Trigger.CUSTOMER_WRITES)
    assert desk.wait(minutes=5) == [Trigger.SILENCE_DUE]
    assert desk.effects.nudge == ANNA
    assert desk.wait(minutes=15) == [Trigger.SILENCE_OVER]
    assert desk.state is CaseState.QUEUED


def test_a_customer_who_left_is_reminded_once_then_the_case_is_resolved_without_a_word() -> None:
    desk = talking()
    assert desk.wait(hours=24) == [Trigger.REMINDER_DUE]
    assert (desk.said, desk.effects.nudging) == (["still_there"], True)
    assert desk.wait(hours=48) == [Trigger.CUSTOMER_LEFT_DUE]
    assert (desk.state, desk.case.outcome) == (CaseState.RESOLVED, Outcome.CUSTOMER_LEFT)
    assert not desk.said
    assert not desk.effects.ask_csat


def test_each_reply_begins_the_wait_for_the_customer_anew() -> None:
    desk = talking()
    desk.wait(hours=20)
    desk.do(Trigger.REPLY, ANNA)
    assert desk.wait(hours=20) == []


def test_H12_closed_hours_park_the_case_and_the_bot_goes_on() -> None:
    desk = Desk(NIGHT_DESK)
    desk.now += timedelta(hours=9)  # Monday 23:00
    desk.ask()
    assert (desk.state, desk.case.owner, desk.said) == (CaseState.PARKED, Owner.BOT, ["parked"])
    assert desk.effects.say[0].values == {"opens_at": "2026-03-03T09:00:00+00:00"}
    assert not desk.effects.ping
    desk.ask()
    assert (desk.said, desk.case.state) == (["opening_again"], CaseState.PARKED)
    desk.ask("keyword")
    assert (desk.said, desk.case.revision) == ([], 2)
    assert desk.wait(hours=10, minutes=5) == [Trigger.CLAIM_DUE]
    assert (desk.state, desk.case.owner) == (CaseState.ESCALATED, Owner.BOT)
    desk.do(Trigger.CLAIM, ANNA)
    desk.do(Trigger.RELEASE, ANNA)
    assert desk.case.owner is Owner.QUEUE


def test_H12_answered_meanwhile_the_customer_is_asked_and_a_no_cancels() -> None:
    desk = Desk(NIGHT_DESK)
    desk.now += timedelta(hours=9)
    desk.ask()
    desk.do(Trigger.ANSWERED_MEANWHILE)
    assert desk.effects.ask_if_needed
    desk.do(Trigger.NOT_NEEDED)
    assert (desk.state, desk.said) == (CaseState.CANCELLED, ["going_on"])


def test_parked_expires_a_day_after_opening() -> None:
    desk = Desk(NIGHT_DESK)
    desk.now += timedelta(hours=9)
    desk.ask()
    assert desk.case.timers[Trigger.EXPIRY_DUE] == desk.policy.hours.next_opening(desk.now) + timedelta(hours=24)


def test_clocks_of_people_run_only_in_opening_hours() -> None:
    desk = Desk(NIGHT_DESK)
    desk.now += timedelta(hours=2, minutes=57)  # Monday 16:57
    desk.ask()
    desk.do(Trigger.CLAIM, ANNA)
    assert desk.wait(minutes=20) == []
    desk.wait(hours=15, minutes=50)  # Tuesday 09:07
    assert desk.case.history[-1].trigger == Trigger.FIRST_REPLY_DUE


def test_H15_thanks_open_nothing_and_asking_again_reopens_the_same_case() -> None:
    desk = talking()
    desk.do(Trigger.RESOLVE, ANNA)
    id = desk.case.id
    desk.wait(hours=23)
    desk.ask()
    assert (desk.case.id, desk.state, desk.case.claimed_by) == (id, CaseState.WAITING_AGENT, ANNA)
    assert (desk.effects.nudge, desk.case.revision, desk.said) == (ANNA, 2, ["with_person_again"])


def test_H15_after_a_day_a_new_case_names_the_one_before() -> None:
    desk = talking()
    desk.do(Trigger.RESOLVE, ANNA)
    id = desk.case.id
    desk.wait(hours=25)
    assert desk.do(Trigger.REOPEN).refused is Refused.TOO_LATE
    desk.ask()
    assert (desk.case.previous_id, desk.state) == (id, CaseState.QUEUED)


def test_H65_an_outage_says_one_honest_line_then_makes_a_ticket() -> None:
    desk = queued(DeskPolicy(ticket=Tickets.FALLBACK))
    desk.do(Trigger.DESK_DOWN)
    assert desk.wait(minutes=2) == [Trigger.DOWN_NOTICE_DUE]
    assert desk.said == ["desk_away"]
    assert desk.wait(minutes=8) == [Trigger.CLAIM_DUE, Trigger.DOWN_TICKET_DUE, Trigger.STILL_WAITING_DUE]
    assert TicketWork.CREATE in [taken.effects.ticket for taken in desk.steps]


def test_H65_a_desk_that_comes_back_in_time_says_nothing() -> None:
    desk = queued()
    desk.do(Trigger.DESK_DOWN)
    desk.do(Trigger.DESK_UP)
    assert desk.wait(minutes=4) == []
