"""Which clocks of a case run in which state, and when they are due (section 2, H28)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from handoff.case import WAITING, Case, CaseState
from handoff.moves import Trigger
from handoff.policy import DeskPolicy

CLOCKS: Mapping[CaseState, tuple[Trigger, ...]] = {
    CaseState.QUEUED: (Trigger.CLAIM_DUE, Trigger.STILL_WAITING_DUE, Trigger.EXPIRY_DUE),
    CaseState.PARKED: (Trigger.CLAIM_DUE, Trigger.STILL_WAITING_DUE, Trigger.EXPIRY_DUE),
    CaseState.ESCALATED: (Trigger.STILL_WAITING_DUE, Trigger.EXPIRY_DUE),
    CaseState.CLAIMED: (Trigger.FIRST_REPLY_DUE, Trigger.FIRST_REPLY_OVER),
    CaseState.WAITING_AGENT: (Trigger.SILENCE_DUE, Trigger.SILENCE_OVER),
    CaseState.WAITING_CUSTOMER: (Trigger.REMINDER_DUE, Trigger.CUSTOMER_LEFT_DUE),
    CaseState.SNOOZED: (Trigger.WAKE_DUE,),
    CaseState.UNDELIVERED: (Trigger.EXPIRY_DUE,),
}
"""The clocks of each open state; an end has none."""

OF_AN_OUTAGE = (Trigger.DOWN_NOTICE_DUE, Trigger.DOWN_TICKET_DUE)
"""Run beside the others while the desk's channel cannot be reached and nobody has the case (H65)."""


def due_times(
    state: CaseState, since: datetime, policy: DeskPolicy, *, until: datetime | None = None
) -> dict[str, datetime]:
    """The due times of a state entered at `since`; `until` is the end of a snooze."""
    return {clock.value: _due(clock, state, since, policy, until) for clock in CLOCKS.get(state, ())}


def _due(clock: Trigger, state: CaseState, since: datetime, policy: DeskPolicy, until: datetime | None) -> datetime:
    hours = policy.hours
    match clock:
        case Trigger.CLAIM_DUE:
            return hours.after(since, policy.claim_sla_s)
        case Trigger.STILL_WAITING_DUE:
            return hours.after(since, 2 * policy.claim_sla_s)
        case Trigger.EXPIRY_DUE:
            begins = hours.next_opening(since) if state is CaseState.PARKED else since
            return begins + timedelta(seconds=policy.expires_after_s)
        case Trigger.FIRST_REPLY_DUE:
            return hours.after(since, policy.first_reply_sla_s)
        case Trigger.FIRST_REPLY_OVER:
            return hours.after(since, 1.5 * policy.first_reply_sla_s)
        case Trigger.SILENCE_DUE:
            return hours.after(since, policy.agent_silent_s)
        case Trigger.SILENCE_OVER:
            return hours.after(since, 2 * policy.agent_silent_s)
        case Trigger.REMINDER_DUE:
            return since + timedelta(seconds=policy.customer_reminder_s)
        case Trigger.CUSTOMER_LEFT_DUE:
            return since + timedelta(seconds=policy.customer_left_s)
        case Trigger.WAKE_DUE:
            return until or since
        case _:
            raise AssertionError(f"{clock} is not a state's clock")


def of_an_outage(since: datetime, policy: DeskPolicy) -> dict[str, datetime]:
    """The clocks that begin when the desk's channel goes away (H65)."""
    return {
        Trigger.DOWN_NOTICE_DUE.value: since + timedelta(seconds=policy.slack_down_notice_s),
        Trigger.DOWN_TICKET_DUE.value: since + timedelta(seconds=policy.slack_down_ticket_s),
    }


def carried(before: Case, state: CaseState) -> dict[str, datetime]:
    """The due times that a change of state leaves as they were: what waits goes on waiting."""
    kept = set(OF_AN_OUTAGE) if state in WAITING else set()
    if before.state in WAITING and state is CaseState.ESCALATED:
        kept |= set(CLOCKS[CaseState.ESCALATED])
    return {name: at for name, at in before.timers.items() if name in kept}


def next_due(case: Case) -> datetime | None:
    """When the case wants a tick; None when no clock of it runs."""
    return min(case.timers.values(), default=None)


def due(case: Case, now: datetime) -> Trigger | None:
    """The earliest clock that is due at `now`. Take its step and ask again: after a long sleep several are."""
    name = min(case.timers, key=lambda clock: (case.timers[clock], clock), default=None)
    return Trigger(name) if name is not None and case.timers[name] <= now else None
