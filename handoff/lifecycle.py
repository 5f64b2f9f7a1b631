"""The life of a case: one `transitions` machine of the table in section 2, and the step it takes (H7).

The pattern of spec/store.md section 1: built once, `model=None`, a light model that is never attached. Nothing but the
table below chooses a state; what a step refuses, changes and says stands in the modules it calls.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import cache

from msgspec.structs import replace
from transitions import Machine

from handoff.case import ENDS, OPEN, WAITING, WITH_AGENT, Case, CaseState
from handoff.changes import changed
from handoff.moves import ONCE, Effects, Move, Refused, Step, TicketWork, Trigger
from handoff.policy import DeskPolicy
from handoff.refusals import refusal
from handoff.telling import effects_of, refused_effects

ENTRIES = (CaseState.QUEUED, CaseState.PARKED, CaseState.CLAIMED)
"""Where a case begins: in opening hours, in closed ones, or taken by an agent."""

_S = CaseState
_T = Trigger
_TALKING = (_S.CLAIMED, _S.WAITING_AGENT, _S.WAITING_CUSTOMER, _S.SNOOZED)
_STAYS: None = None

TABLE: tuple[tuple[Trigger, tuple[CaseState, ...], CaseState | None], ...] = (
    (_T.CLAIM, WAITING, _S.CLAIMED),
    (_T.TAKE_OVER, OPEN, _S.CLAIMED),
    (_T.REPLY, (*WAITING, *_TALKING), _S.WAITING_CUSTOMER),
    (_T.REPLY, (_S.UNDELIVERED,), _STAYS),
    (_T.REPLY, (_S.EXPIRED,), _S.CLAIMED),
    (_T.CUSTOMER_WRITES, (_S.WAITING_CUSTOMER, _S.SNOOZED, _S.UNDELIVERED), _S.WAITING_AGENT),
    (_T.CUSTOMER_WRITES, (*WAITING, _S.CLAIMED, _S.WAITING_AGENT), _STAYS),
    (_T.BACK_TO_BOT, (_S.QUEUED, _S.ESCALATED), _S.CANCELLED),
    (_T.BACK_TO_BOT, WITH_AGENT, _S.RETURNED),
    (_T.NOT_NEEDED, WAITING, _S.CANCELLED),
    (_T.RELEASE, WITH_AGENT, _S.QUEUED),
    (_T.TRANSFER, _TALKING, _S.QUEUED),
    (_T.SNOOZE, _TALKING, _S.SNOOZED),
    (_T.RETURN, OPEN, _S.RETURNED),
    (_T.RESOLVE, OPEN, _S.RESOLVED),
    (_T.FALSE_ALARM, OPEN, _S.FALSE_ALARM),
    (_T.REOPEN, (_S.RESOLVED,), _S.WAITING_AGENT),
    (_T.CLAIM_DUE, (_S.QUEUED, _S.PARKED), _S.ESCALATED),
    (_T.STILL_WAITING_DUE, WAITING, _STAYS),
    (_T.EXPIRY_DUE, (*WAITING, _S.UNDELIVERED), _S.EXPIRED),
    (_T.FIRST_REPLY_DUE, (_S.CLAIMED,), _STAYS),
    (_T.FIRST_REPLY_OVER, (_S.CLAIMED,), _S.QUEUED),
    (_T.SILENCE_DUE, (_S.WAITING_AGENT,), _STAYS),
    (_T.SILENCE_OVER, (_S.WAITING_AGENT,), _S.QUEUED),
    (_T.REMINDER_DUE, (_S.WAITING_CUSTOMER,), _STAYS),
    (_T.CUSTOMER_LEFT_DUE, (_S.WAITING_CUSTOMER,), _S.RESOLVED),
    (_T.WAKE_DUE, (_S.SNOOZED,), _S.WAITING_AGENT),
    (_T.DELIVERED, (_S.UNDELIVERED,), _S.WAITING_CUSTOMER),
    (_T.DELIVERED, _TALKING, _STAYS),
    (_T.DELIVERY_FAILED, (_S.WAITING_CUSTOMER, _S.SNOOZED), _S.UNDELIVERED),
    (_T.DELIVERY_FAILED, (_S.CLAIMED, _S.WAITING_AGENT, _S.UNDELIVERED), _STAYS),
    (_T.REPLY_REFUSED, WITH_AGENT, _S.UNDELIVERED),
    (_T.ANSWERED_MEANWHILE, (_S.PARKED, _S.ESCALATED), _STAYS),
    (_T.ASKS_AGAIN, OPEN, _STAYS),
    (_T.NOTE, OPEN, _STAYS),
    (_T.HOLD, OPEN, _STAYS),
    (_T.KEEP_INTERNAL, OPEN, _STAYS),
    (_T.NEW_NARRATIVE, OPEN, _STAYS),
    (_T.DESK_DOWN, WAITING, _STAYS),
    (_T.DESK_UP, OPEN, _STAYS),
    (_T.DOWN_NOTICE_DUE, WAITING, _STAYS),
    (_T.DOWN_TICKET_DUE, WAITING, _STAYS),
    (_T.TICKET, (*OPEN, _S.EXPIRED), _STAYS),
    (_T.VERDICT, ENDS, _STAYS),
)
"""What happens, in which states, and the state that follows (None: the same). Section 2 of the specification.

An expired case that an agent answers is claimed by it; the same words are its first reply.
"""


def edges() -> Iterator[tuple[CaseState, Trigger, CaseState]]:
    """Every way from one state into another, in the table's order: what a picture of the desk shows."""
    for trigger, sources, target in TABLE:
        yield from ((source, trigger, target) for source in sources if target not in (None, source) and target)


@cache
def machine() -> Machine:
    """The one machine; every case is moved through it."""
    transitions = [
        {"trigger": trigger.value, "source": source.value, "dest": target.value if target else None}
        for trigger, sources, target in TABLE
        for source in sources
    ]
    return Machine(
        model=None,
        states=[state.value for state in CaseState],
        transitions=transitions,
        initial=CaseState.QUEUED.value,
        auto_transitions=False,
        send_event=True,
    )


class _Place:
    """The light model that is moved."""

    __slots__ = ("state",)

    def __init__(self, state: CaseState) -> None:
        self.state: str = state.value


def next_state(state: CaseState, trigger: Trigger) -> CaseState | None:
    """The state that follows; None when the table has no such step."""
    event = machine().events[trigger.value]
    if state.value not in event.transitions:
        return None
    place = _Place(state)
    event.trigger(place)
    return CaseState(place.state)


def step(case: Case, move: Move, *, now: datetime, policy: DeskPolicy) -> Step:
    """What a move makes of a case: the next case and what follows from it, or why nothing happened.

    Pure. A refused step gives the case back as it was. Raises ValueError for an agent's move without an agent.
    """
    state = next_state(case.state, move.trigger)
    refused = refusal(case, move, now=now, policy=policy) or (Refused.NOT_NOW if state is None else None)
    if refused or state is None:
        return Step(case=case, refused=refused, effects=refused_effects(refused))
    if _speaks_too(case, move):
        state = next_state(state, Trigger.REPLY) or state
    after = changed(case, move, state, now=now, policy=policy)
    effects = effects_of(case, after, move, now=now, policy=policy)
    return Step(case=_remembering(after, effects), effects=effects)


def _speaks_too(case: Case, move: Move) -> bool:
    """Does the step that takes the case also carry its first words?"""
    taken_up = move.trigger is Trigger.REPLY and case.state is CaseState.EXPIRED
    return taken_up or (move.trigger is Trigger.TAKE_OVER and any(held.id == move.held for held in case.held))


def _remembering(case: Case, effects: Effects) -> Case:
    """What was said is said once (H23); a ticket has one key for ever (H140)."""
    keys = [line.key for line in effects.say]
    return replace(
        case,
        told=tuple(dict.fromkeys((*case.told, *(key for key in keys if key in ONCE)))),
        announced=case.claimed_by.id if "talking_with" in keys and case.claimed_by else case.announced,
        ticketed=case.ticketed or effects.ticket is TicketWork.CREATE,
    )
