"""When a step is not taken, and why: stale buttons, second claims, words of somebody else (H29, H44, H57)."""

from __future__ import annotations

from datetime import datetime, timedelta

from handoff.case import WITH_AGENT, Agent, Case, CaseState
from handoff.moves import Move, Refused, Trigger
from handoff.policy import MAX_SNOOZE_S, MAX_TRANSFERS, VERDICT_OPEN_S, DeskPolicy, ReplyPolicy
from handoff.timers import CLOCKS, OF_AN_OUTAGE

_CLOCKS = frozenset({*OF_AN_OUTAGE, *(clock for clocks in CLOCKS.values() for clock in clocks)})
_BY_AGENT = frozenset({
    Trigger.CLAIM, Trigger.TAKE_OVER, Trigger.REPLY, Trigger.RELEASE, Trigger.RETURN, Trigger.RESOLVE, Trigger.TRANSFER,
    Trigger.SNOOZE, Trigger.FALSE_ALARM, Trigger.NOTE, Trigger.HOLD, Trigger.KEEP_INTERNAL, Trigger.TICKET,
    Trigger.VERDICT,
})  # fmt: skip


def agent_of(move: Move) -> Agent:
    """Who did it. Raises ValueError when an agent's move names nobody."""
    if move.agent is None:
        raise ValueError(f"{move.trigger} is an agent's; it names none")
    return move.agent


def refusal(case: Case, move: Move, *, now: datetime, policy: DeskPolicy) -> Refused | None:
    """Why this move is not made; None: nothing but the table stands against it."""
    if move.trigger in _CLOCKS:
        at = case.timers.get(move.trigger)
        return None if at is not None and at <= now else Refused.NOT_DUE
    if move.trigger in _BY_AGENT:
        agent = agent_of(move)
        if move.trigger is Trigger.CLAIM and case.state in WITH_AGENT:
            return Refused.DONE_ALREADY if _has_it(case, move) else Refused.ALREADY_CLAIMED
        if move.seen is not None and not case.fresh_from <= move.seen <= case.version:
            return Refused.DONE_ALREADY if _did_it(case, move, agent) else Refused.CHANGED
    return _own_condition(case, move, now=now, policy=policy)


def _did_it(case: Case, move: Move, agent: Agent) -> bool:
    """A double click: the last thing that happened is this very press, and it was on the button before it."""
    last = case.history[-1] if case.history else None
    return last is not None and (last.trigger, last.by) == (move.trigger, agent.id) and move.seen == case.fresh_from - 1


def _own_condition(case: Case, move: Move, *, now: datetime, policy: DeskPolicy) -> Refused | None:
    match move.trigger:
        case Trigger.REPLY:
            return _may_speak(case, move, policy)
        case Trigger.TAKE_OVER if not _holds(case, move) and (move.held or _has_it(case, move)):
            return Refused.DONE_ALREADY if _has_it(case, move) else Refused.CHANGED
        case Trigger.TRANSFER if case.transfers >= MAX_TRANSFERS:
            return Refused.TOO_MANY_TRANSFERS
        case Trigger.SNOOZE:
            sound = move.until is not None and now < move.until <= now + timedelta(seconds=MAX_SNOOZE_S)
            return None if sound else Refused.WRONG_TIME
        case Trigger.REOPEN if not _within(case, now, policy.reopen_within_s):
            return Refused.TOO_LATE
        case Trigger.VERDICT if not _within(case, now, VERDICT_OPEN_S):
            return Refused.TOO_LATE
        case Trigger.VERDICT if move.verdict is case.verdict:
            return Refused.DONE_ALREADY
        case Trigger.KEEP_INTERNAL if not _holds(case, move):
            return Refused.DONE_ALREADY
        case _:
            return None


def _has_it(case: Case, move: Move) -> bool:
    return case.state in WITH_AGENT and case.claimed_by is not None and case.claimed_by.id == agent_of(move).id


def _holds(case: Case, move: Move) -> bool:
    return any(held.id == move.held for held in case.held)


def _within(case: Case, now: datetime, seconds: float) -> bool:
    return case.closed_at is not None and now - case.closed_at <= timedelta(seconds=seconds)


def _may_speak(case: Case, move: Move, policy: DeskPolicy) -> Refused | None:
    """H44: whose words reach the customer. An expired case is taken up by whoever answers in its thread."""
    if policy.reply_policy is ReplyPolicy.EXPLICIT and not move.explicit:
        return Refused.INTERNAL
    if policy.reply_policy is ReplyPolicy.ANY or case.state is CaseState.EXPIRED:
        return None
    if case.claimed_by is None or case.claimed_by.id != agent_of(move).id:
        return Refused.NOT_YOURS
    return None
