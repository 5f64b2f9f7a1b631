"""What a step changes in a case: who has it, its clocks, its version, its history."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from handoff.case import (
    ENDS,
    MAX_HISTORY,
    MAX_NOTE_CHARS,
    MAX_NOTES,
    WAITING,
    WITH_AGENT,
    Agent,
    Case,
    CaseState,
    Entry,
    Firing,
    Held,
    Note,
    Outcome,
    Verdict,
)
from handoff.moves import Move, Trigger
from handoff.policy import DeskPolicy
from handoff.timers import OF_AN_OUTAGE, carried, due_times, of_an_outage

MAX_FIRED = 12
"""Triggers kept with a case: what the summary's schema holds."""
_FIRST_ENTRIES = 10
_UNRECORDED = frozenset({Trigger.CUSTOMER_WRITES, Trigger.REPLY, Trigger.DELIVERED, Trigger.NEW_NARRATIVE})
"""Not worth a line of the history unless the state changes: the transcript has them."""
_BEGINS_ANEW = frozenset({Trigger.REPLY, Trigger.SNOOZE, Trigger.TAKE_OVER})
"""Restart their state's clocks even from the same state."""


def changed(case: Case, move: Move, state: CaseState, *, now: datetime, policy: DeskPolicy) -> Case:
    """The case after `move` led to `state`."""
    after = replace(case, state=state, **_own(case, move, state, now))
    after = replace(after, timers=_timers(case, after, move, now, policy))
    if _stands(case) != _stands(after):
        after = replace(after, version=case.version + 1)
    if _meaning(case) != _meaning(after):
        after = replace(after, fresh_from=after.version)
    if state is not case.state or move.trigger not in _UNRECORDED:
        after = replace(after, history=recorded(after.history, entry(after, move, now)))
    return after


def entry(case: Case, move: Move, now: datetime) -> Entry:
    """The history's line for a move."""
    detail = move.queue or move.reason or (move.outcome or "") or (move.verdict or "")
    return Entry(at=now, trigger=move.trigger, state=case.state, by=move.agent.id if move.agent else "", detail=detail)


def recorded(history: tuple[Entry, ...], line: Entry) -> tuple[Entry, ...]:
    """One line more; of a very long life the first lines and the last ones stay."""
    longer = (*history, line)
    if len(longer) <= MAX_HISTORY:
        return longer
    return (*longer[:_FIRST_ENTRIES], *longer[_FIRST_ENTRIES + 1 :])


def _own(case: Case, move: Move, state: CaseState, now: datetime) -> Mapping[str, Any]:
    """The fields that this kind of move changes."""
    fields: dict[str, Any] = {"closed_at": now} if state in ENDS and case.state not in ENDS else {}
    if change := _CHANGES.get(move.trigger):
        fields |= change(case, move, now)
    return fields


def _taken(case: Case, move: Move, now: datetime) -> dict[str, Any]:
    fields: dict[str, Any] = {"bot_serves": False, "closed_at": None}
    if case.claimed_by is None or case.claimed_by != move.agent or case.state not in WITH_AGENT:
        fields |= {"claimed_by": move.agent, "claimed_at": now}
    if move.trigger is Trigger.REPLY or move.held:
        fields["unanswered_since"] = None
    if move.held:
        fields["held"] = tuple(held for held in case.held if held.id != move.held)
    return fields


def _queued_again(case: Case, move: Move, now: datetime) -> dict[str, Any]:
    return {"claimed_by": None, "claimed_at": None, "queued_at": now, "trouble": ""}


def _moved(case: Case, move: Move, now: datetime) -> dict[str, Any]:
    fields = {"queue": move.queue or case.queue, "transfers": case.transfers + 1, "revision": case.revision + 1}
    return _queued_again(case, move, now) | fields


def _customer_wrote(case: Case, move: Move, now: datetime) -> dict[str, Any]:
    return {"unanswered_since": case.unanswered_since or now}


def _resolved(case: Case, move: Move, now: datetime) -> dict[str, Any]:
    judged = _judged(case, move, now)
    return judged | {"outcome": move.outcome or Outcome.SOLVED, "claimed_by": case.claimed_by or move.agent}


def _judged(case: Case, move: Move, now: datetime) -> dict[str, Any]:
    return {"verdict": move.verdict or case.verdict}


def _false_alarm(case: Case, move: Move, now: datetime) -> dict[str, Any]:
    return {"verdict": Verdict.FALSE_ALARM}


def _customer_left(case: Case, move: Move, now: datetime) -> dict[str, Any]:
    return {"outcome": Outcome.CUSTOMER_LEFT}


def _reopened(case: Case, move: Move, now: datetime) -> dict[str, Any]:
    afresh = {"retold": None, "closed_at": None, "outcome": None, "verdict": None, "unanswered_since": now}
    return afresh | {"fired": _joined(case.fired, move.fired), "revision": case.revision + 1}


def _asked_again(case: Case, move: Move, now: datetime) -> dict[str, Any]:
    """A trigger that fires while the case is open is added to it (H93)."""
    fired = _joined(case.fired, move.fired)
    return {"fired": fired, "revision": case.revision + (fired != case.fired)}


def _retold(case: Case, move: Move, now: datetime) -> dict[str, Any]:
    """A model writes once; the second time nothing changes (H74)."""
    return {"retold": move.retold, "revision": case.revision + 1} if case.retold is None else {}


def _delivered(case: Case, move: Move, now: datetime) -> dict[str, Any]:
    return {"trouble": ""}


def _not_delivered(case: Case, move: Move, now: datetime) -> dict[str, Any]:
    return {"trouble": move.reason or "unreachable"}


def _joined(fired: tuple[Firing, ...], more: tuple[Firing, ...]) -> tuple[Firing, ...]:
    """Each trigger once, first firing first; the newest go when there are too many, never the primary."""
    known = {one.code for one in fired}
    return (*fired, *(one for one in more if one.code not in known))[:MAX_FIRED]


def _among_agents(case: Case, move: Move, now: datetime) -> dict[str, Any]:
    agent = move.agent or Agent(id="", alias="")
    text = move.text[:MAX_NOTE_CHARS]
    if move.trigger is Trigger.HOLD:
        held = Held(id=move.held, agent=agent, text=move.text, spot=move.spot)
        return {"held": (*case.held, held)[-MAX_NOTES:]}
    rest = tuple(held for held in case.held if held.id != move.held)
    if move.trigger is Trigger.KEEP_INTERNAL:
        kept = next(held for held in case.held if held.id == move.held)
        agent, text = kept.agent, kept.text[:MAX_NOTE_CHARS]
    return {"held": rest, "notes": (*case.notes, Note(agent=agent, at=now, text=text))[-MAX_NOTES:]}


_CHANGES: Mapping[Trigger, Callable[[Case, Move, datetime], dict[str, Any]]] = {
    Trigger.CLAIM: _taken,
    Trigger.TAKE_OVER: _taken,
    Trigger.REPLY: _taken,
    Trigger.RELEASE: _queued_again,
    Trigger.FIRST_REPLY_OVER: _queued_again,
    Trigger.SILENCE_OVER: _queued_again,
    Trigger.TRANSFER: _moved,
    Trigger.CUSTOMER_WRITES: _customer_wrote,
    Trigger.RESOLVE: _resolved,
    Trigger.RETURN: _judged,
    Trigger.VERDICT: _judged,
    Trigger.FALSE_ALARM: _false_alarm,
    Trigger.CUSTOMER_LEFT_DUE: _customer_left,
    Trigger.REOPEN: _reopened,
    Trigger.ASKS_AGAIN: _asked_again,
    Trigger.NEW_NARRATIVE: _retold,
    Trigger.DELIVERED: _delivered,
    Trigger.DELIVERY_FAILED: _not_delivered,
    Trigger.REPLY_REFUSED: _not_delivered,
    Trigger.NOTE: _among_agents,
    Trigger.HOLD: _among_agents,
    Trigger.KEEP_INTERNAL: _among_agents,
}
"""What each kind of move changes besides state, clocks, version and history."""


def _timers(before: Case, after: Case, move: Move, now: datetime, policy: DeskPolicy) -> dict[str, datetime]:
    """A new state has its own clocks and those that go on; in the same one, a clock that rang stands no more."""
    if move.trigger is Trigger.DESK_DOWN:
        return of_an_outage(now, policy) | before.timers
    if move.trigger is Trigger.DESK_UP:
        return {name: at for name, at in before.timers.items() if name not in OF_AN_OUTAGE}
    anew = move.trigger in _BEGINS_ANEW and after.state is not CaseState.UNDELIVERED
    if after.state is before.state and not anew:
        return {name: at for name, at in before.timers.items() if name != move.trigger}
    going_on = carried(before, after.state)
    fresh = due_times(after.state, now, policy, until=move.until)
    if before.state in WAITING and after.state is CaseState.ESCALATED:
        fresh = {}
    return fresh | going_on


def _stands(case: Case) -> tuple[object, ...]:
    """What the version counts (H1)."""
    return case.state, case.owner, case.claimed_by and case.claimed_by.id, case.queue


def _meaning(case: Case) -> tuple[object, ...]:
    """What an agent decides on when pressing a button: while it stays, buttons posted earlier still mean what they
    say. An agent's own reply, or a customer's, must not void the Resolve button under their finger."""
    stage = "waiting" if case.state in WAITING else "with agent" if case.state in WITH_AGENT else case.state
    return stage, case.claimed_by and case.claimed_by.id, case.queue
