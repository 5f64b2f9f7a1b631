"""What agents do to a case, and what they may not (H29, H44, H45, H51, H57, H130)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from handoff.case import OPEN, CaseState, Held, Outcome, Verdict
from handoff.lifecycle import next_state
from handoff.moves import CardWork, Refused, Trigger
from handoff.policy import DeskPolicy, ReplyPolicy
from tests.handoff.desk import ANNA, TOM, Desk, claimed, queued, talking


def test_H29_of_two_agents_one_gets_the_case() -> None:
    desk = queued()
    before = desk.case
    desk.do(Trigger.CLAIM, ANNA, seen=before.version)
    assert desk.do(Trigger.CLAIM, TOM, seen=before.version).refused is Refused.ALREADY_CLAIMED
    assert desk.case.claimed_by == ANNA


def test_H57_a_double_click_is_one_effect() -> None:
    desk = queued()
    seen = desk.case.version
    desk.do(Trigger.CLAIM, ANNA, seen=seen)
    assert desk.do(Trigger.CLAIM, ANNA, seen=seen).refused is Refused.DONE_ALREADY
    seen = desk.case.version
    desk.do(Trigger.RESOLVE, ANNA, seen=seen)
    assert desk.do(Trigger.RESOLVE, ANNA, seen=seen).refused is Refused.DONE_ALREADY


@pytest.mark.parametrize("seen", [0, 1, 99])
def test_H57_a_stale_or_missing_version_changes_nothing_and_brings_a_fresh_card(seen: int) -> None:
    desk = claimed()
    before = desk.case
    assert desk.do(Trigger.RESOLVE, TOM, seen=seen).refused is Refused.CHANGED
    assert desk.case is before
    assert desk.effects.card is CardWork.UPDATE


def test_H57_an_agents_own_reply_does_not_void_the_button_under_the_finger() -> None:
    desk = claimed()
    shown = desk.case.version
    desk.do(Trigger.REPLY, ANNA)
    assert desk.case.version > shown
    assert desk.do(Trigger.RETURN, ANNA, seen=shown).refused is None


def test_H1_the_version_grows_by_one_with_state_owner_and_claimer_and_with_nothing_else() -> None:
    desk = claimed()
    version = desk.case.version
    desk.do(Trigger.CUSTOMER_WRITES)
    desk.do(Trigger.NOTE, TOM, text="careful")
    assert desk.case.version == version
    desk.do(Trigger.REPLY, ANNA)
    assert desk.case.version == version + 1
    desk.do(Trigger.TAKE_OVER, TOM)
    assert desk.case.version == version + 2


def test_a_snooze_ends_with_its_time() -> None:
    desk = talking()
    desk.do(Trigger.SNOOZE, ANNA, until=desk.now + timedelta(hours=2))
    assert (desk.state, desk.said) == (CaseState.SNOOZED, [])
    assert desk.wait(hours=2) == [Trigger.WAKE_DUE]
    assert (desk.state, desk.effects.nudge) == (CaseState.WAITING_AGENT, ANNA)


def test_a_snooze_ends_with_the_customers_next_words() -> None:
    desk = talking()
    desk.do(Trigger.SNOOZE, ANNA, until=desk.now + timedelta(hours=2))
    desk.do(Trigger.CUSTOMER_WRITES)
    assert desk.state is CaseState.WAITING_AGENT
    assert Trigger.WAKE_DUE not in desk.case.timers


@pytest.mark.parametrize("hours", [None, -1, 31 * 24])
def test_a_snooze_needs_a_time_to_come(hours: int | None) -> None:
    desk = talking()
    until = None if hours is None else desk.now + timedelta(hours=hours)
    assert desk.do(Trigger.SNOOZE, ANNA, until=until).refused is Refused.WRONG_TIME


def test_H51_words_that_do_not_arrive_are_shown_as_such_until_they_do() -> None:
    desk = talking()
    desk.do(Trigger.DELIVERY_FAILED, reason="blocked")
    assert (desk.state, desk.case.trouble) == (CaseState.UNDELIVERED, "blocked")
    assert [line.key for line in desk.effects.thread] == ["desk_not_delivered"]
    assert not desk.said
    desk.do(Trigger.DELIVERED)
    assert (desk.state, desk.case.trouble) == (CaseState.WAITING_CUSTOMER, "")


def test_H51_a_refused_reply_is_undelivered_and_the_customers_words_end_that() -> None:
    desk = claimed()
    refused = desk.do(Trigger.REPLY_REFUSED, reason="opted_out").case
    written = desk.do(Trigger.CUSTOMER_WRITES).case
    assert (refused.state, written.state) == (CaseState.UNDELIVERED, CaseState.WAITING_AGENT)


def test_an_undelivered_case_expires_and_says_nothing_that_would_not_arrive() -> None:
    desk = claimed()
    desk.do(Trigger.REPLY_REFUSED, reason="opted_out")
    desk.wait(hours=24)
    assert (desk.state, desk.said) == (CaseState.EXPIRED, [])


@pytest.mark.parametrize("trigger", [Trigger.RETURN, Trigger.RESOLVE, Trigger.FALSE_ALARM])
def test_every_open_state_can_be_closed_by_an_agent(trigger: Trigger) -> None:
    ends = {Trigger.RETURN: CaseState.RETURNED, Trigger.RESOLVE: CaseState.RESOLVED}
    for state in OPEN:
        assert next_state(state, trigger) is ends.get(trigger, CaseState.FALSE_ALARM)


def test_a_false_alarm_is_never_called_one_before_the_customer() -> None:
    desk = queued()
    desk.do(Trigger.FALSE_ALARM, ANNA)
    assert (desk.said, desk.case.verdict) == (["back_with_bot"], Verdict.FALSE_ALARM)
    assert not desk.effects.ask_verdict


def test_H130_a_verdict_is_asked_for_and_may_be_changed_for_a_day() -> None:
    desk = talking()
    desk.do(Trigger.RETURN, ANNA)
    assert desk.effects.ask_verdict
    desk.do(Trigger.VERDICT, ANNA, verdict=Verdict.GOOD_CALL)
    desk.wait(hours=23)
    desk.do(Trigger.VERDICT, TOM, verdict=Verdict.TOO_LATE)
    assert desk.case.verdict is Verdict.TOO_LATE
    assert [(one.by, one.detail) for one in desk.case.history[-2:]] == [("U1", "good_call"), ("U2", "too_late")]
    desk.wait(hours=2)
    assert desk.do(Trigger.VERDICT, ANNA, verdict=Verdict.GOOD_CALL).refused is Refused.TOO_LATE


def test_H150_csat_follows_a_resolved_case_but_not_spam() -> None:
    desk = talking()
    desk.do(Trigger.RESOLVE, ANNA, outcome=Outcome.SOLVED)
    assert (desk.said, desk.effects.ask_csat, desk.effects.goes_on) == (["closing"], True, False)
    desk = talking()
    desk.do(Trigger.RESOLVE, ANNA, outcome=Outcome.SPAM)
    assert not desk.effects.ask_csat


def test_a_transfer_tells_the_customer_and_posts_a_new_card_at_most_three_times() -> None:
    desk = talking()
    for number in range(3):
        revision = desk.case.revision
        desk.do(Trigger.TRANSFER, ANNA, queue=f"team_{number}")
        assert (desk.state, desk.said, desk.effects.card) == (CaseState.QUEUED, ["moving"], CardWork.POST)
        assert desk.case.revision == revision + 1
        desk.do(Trigger.CLAIM, TOM)
    assert desk.do(Trigger.TRANSFER, TOM, queue="team_9").refused is Refused.TOO_MANY_TRANSFERS
    assert desk.effects.alert


def test_nobody_transfers_what_nobody_has_claimed() -> None:
    assert queued().do(Trigger.TRANSFER, ANNA, queue="billing").refused is Refused.NOT_NOW


def test_an_agent_takes_a_conversation_without_any_trigger() -> None:
    desk = Desk()
    desk.ask("agent_takeover", agent=ANNA)
    assert (desk.state, desk.said, desk.case.primary) == (CaseState.CLAIMED, ["talking_with"], "agent_takeover")


def test_an_expired_case_is_claimed_by_the_agent_who_answers_it() -> None:
    desk = queued()
    desk.wait(days=2)
    desk.do(Trigger.REPLY, TOM)
    assert (desk.state, desk.case.claimed_by, desk.said) == (CaseState.WAITING_CUSTOMER, TOM, ["talking_with"])
    assert desk.effects.relay
    assert desk.case.closed_at is None


def test_H44_only_the_claimers_words_reach_the_customer() -> None:
    desk = claimed()
    assert desk.do(Trigger.REPLY, TOM).refused is Refused.NOT_YOURS
    assert queued().do(Trigger.REPLY, ANNA).refused is Refused.NOT_YOURS


def test_H44_with_any_the_first_reply_of_another_agent_transfers_the_claim() -> None:
    desk = claimed(DeskPolicy(reply_policy=ReplyPolicy.ANY))
    desk.do(Trigger.REPLY, TOM)
    assert (desk.state, desk.case.claimed_by, desk.said) == (CaseState.WAITING_CUSTOMER, TOM, ["talking_with"])


def test_H44_with_explicit_only_what_is_said_to_the_customer_is() -> None:
    desk = claimed(DeskPolicy(reply_policy=ReplyPolicy.EXPLICIT))
    assert desk.do(Trigger.REPLY, ANNA).refused is Refused.INTERNAL
    assert desk.do(Trigger.REPLY, ANNA, explicit=True).refused is None


def test_H45_held_words_are_sent_with_the_take_over_or_stay_inside() -> None:
    desk = claimed()
    desk.do(Trigger.HOLD, TOM, held="h1", text="We should refuse this")
    desk.do(Trigger.HOLD, TOM, held="h2", text="Hello, Tom here")
    desk.do(Trigger.KEEP_INTERNAL, TOM, held="h1")
    assert [note.text for note in desk.case.notes] == ["We should refuse this"]
    assert desk.do(Trigger.KEEP_INTERNAL, TOM, held="h1").refused is Refused.DONE_ALREADY
    desk.do(Trigger.TAKE_OVER, TOM, held="h2")
    assert desk.effects.send_held == Held(id="h2", agent=TOM, text="Hello, Tom here")
    assert (desk.state, desk.case.claimed_by, desk.case.held) == (CaseState.WAITING_CUSTOMER, TOM, ())
