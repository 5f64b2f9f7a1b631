"""A case in an agent's words, the same wherever it is shown: its state, its step, its values, why it exists."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import UNSET

from handoff.case import Case, CaseState
from handoff.document import Summary
from handoff.evidence import FactPart, Fired, SlotPart
from handoff.markup import visible
from handoff.people import UNDETERMINED
from handoff.shown import in_words
from handoff.transcript import cut

MAX_VALUE = 280
"""Characters of one value."""

_NOW: Mapping[CaseState, str] = {
    CaseState.QUEUED: "waiting for somebody to claim it",
    CaseState.PARKED: "closed hours; the assistant goes on meanwhile",
    CaseState.ESCALATED: "nobody has claimed it in time",
    CaseState.CLAIMED: "with {agent}, who has not answered yet",
    CaseState.WAITING_AGENT: "with {agent}; the customer waits for an answer",
    CaseState.WAITING_CUSTOMER: "with {agent}; waiting for the customer",
    CaseState.SNOOZED: "with {agent}, snoozed until {until}",
    CaseState.UNDELIVERED: "not delivered: {trouble}",
    CaseState.RETURNED: "Back with the assistant",
    CaseState.RESOLVED: "Resolved",
    CaseState.CANCELLED: "The customer went on with the assistant",
    CaseState.FALSE_ALARM: "False alarm",
    CaseState.EXPIRED: "Expired: nobody took it. An answer in this thread takes it up",
}


def state_words(case: Case) -> str:
    """How the case stands, and with whom."""
    agent = case.claimed_by.alias if case.claimed_by else "nobody"
    until = case.timers.get("wake_due")
    return _NOW[case.state].format(
        agent=agent, until=f"{until:%Y-%m-%d %H:%M} UTC" if until else "?", trouble=case.trouble
    )


def channel_name(summary: Summary) -> str:
    """`Telegram`, `Web`; a name without vowels is an abbreviation: `SMS`."""
    name = summary.conversation.channel
    return in_words(name).capitalize() if set(name) & set("aeiouy") else name.upper()


def title_of(summary: Summary) -> str:
    """What the customer was about."""
    return summary.flow.active.title if summary.flow.active else "No task"


def tier_words(summary: Summary) -> str:
    """The customer's tier; "" where nobody knows it."""
    return "" if summary.customer.tier == "unknown" else summary.customer.tier


def language_words(summary: Summary) -> str:
    """The language the customer writes; "" where it is not known."""
    return "" if summary.customer.language == UNDETERMINED else summary.customer.language


def mood_words(summary: Summary) -> str:
    """How the customer feels, and where that goes; "" where nobody measured it."""
    mood = summary.sentiment
    if not mood.available or mood.current is UNSET or mood.trend is UNSET:
        return ""
    return f"{mood.current:g} {in_words(mood.trend)}"


def step_words(summary: Summary) -> str:
    """The task, its step, and how much of it is known; "" without a task."""
    active = summary.flow.active
    if active is None:
        return ""
    return f"{active.title} / {active.state_label} ({summary.flow.filled_slots}/{summary.flow.required_slots})"


def why_words(summary: Summary) -> str:
    """Every trigger that called a person, with what it measured."""
    return ", ".join(_measured(fired) for fired in summary.trigger.fired if fired.mode == "live")


def value_words(part: SlotPart | FactPart) -> str:
    """A value as people read it, masked where it is somebody's own; nothing hides in it."""
    if part.value_masked is not UNSET:
        return part.value_masked
    value = part.value
    if isinstance(value, dict):
        value = f"{value['amount']} {value['currency']}"
    elif isinstance(value, list):
        value = ", ".join(map(str, value))
    elif isinstance(value, bool):
        value = "yes" if value else "no"
    return cut(visible(str(value)), MAX_VALUE)


def _measured(fired: Fired) -> str:
    name = in_words(fired.code)
    if fired.value is UNSET or fired.threshold is UNSET:
        return name
    return f"{name} ({fired.value:g}, limit {fired.threshold})"
