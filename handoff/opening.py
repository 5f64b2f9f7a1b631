"""How a case begins: a person is asked for, and it is opened, joined, re-opened or refused (H12, H15, H21, H32)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import ceil
from statistics import median

import msgspec
from msgspec.structs import replace

from handoff.case import Agent, Case, CaseState, Entry, Firing, Priority, case_id, reference_of
from handoff.changes import MAX_FIRED
from handoff.lifecycle import step
from handoff.moves import CardWork, Effects, Line, Move, Refused, Step, TicketWork, Trigger
from handoff.policy import PING_PONG_S, WAITS_LOOKED_AT, WAITS_WANTED, DeskPolicy, Tickets
from handoff.timers import due_times

_OWN_FAILINGS = frozenset({"engine_error", "guardrail_block"})


class Request(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A person is asked for. `seed` names the turn (conversation and event id), `version` is the conversation's.

    `fired` holds every trigger that fired, `primary` the one that decided. `agent` has taken the conversation by
    themselves (trigger `agent_takeover`). `usual_wait_min` is H13's, None when it is not known.
    """

    seed: str
    version: int
    primary: str
    fired: tuple[Firing, ...] = ()
    reason: str = ""
    queue: str = "default"
    priority: Priority = Priority.NORMAL
    priority_reasons: tuple[str, ...] = ()
    agent: Agent | None = None
    usual_wait_min: int | None = None


def ask_for_person(known: Case | None, request: Request, *, now: datetime, policy: DeskPolicy) -> Step:
    """What a request for a person makes of the conversation's newest case, `known`.

    An open one is joined: no second case, no second notice (H21). One that was resolved a short time ago is re-opened
    when the customer asks for a person (H15). The bot failing again for the same cause right after a return opens
    nothing: refused as AGAIN_TOO_SOON, with a ticket where there is a ticket system (H32). Else a case is opened.
    """
    if known is not None and known.open:
        if request.agent is not None:
            return step(known, Move(trigger=Trigger.TAKE_OVER, agent=request.agent), now=now, policy=policy)
        return step(known, Move(trigger=Trigger.ASKS_AGAIN, fired=request.fired), now=now, policy=policy)
    if known is not None and request.primary == "explicit_request" and known.state is CaseState.RESOLVED:
        again = step(known, Move(trigger=Trigger.REOPEN, fired=request.fired), now=now, policy=policy)
        if again.refused is None:
            return again
    if known is not None and _again_too_soon(known, request.primary, now):
        work = (
            TicketWork.NONE
            if policy.ticket is Tickets.OFF
            else TicketWork.UPDATE
            if known.ticketed
            else TicketWork.CREATE
        )
        case = replace(known, ticketed=known.ticketed or work is TicketWork.CREATE)  # its key is used up (H32)
        return Step(case=case, refused=Refused.AGAIN_TOO_SOON, effects=Effects(ticket=work, alert="failed again"))
    return _opened(known, request, now=now, policy=policy)


def usual_wait(waits_s: Sequence[float]) -> int | None:
    """Whole minutes: the median of the last 20 times to claim of a queue in the same class of hours, rounded up; None
    with fewer than 5 (H13). `waits_s` are seconds, newest last."""
    last = waits_s[-WAITS_LOOKED_AT:]
    return max(1, ceil(median(last) / 60)) if len(last) >= WAITS_WANTED else None


def _again_too_soon(known: Case, primary: str, now: datetime) -> bool:
    if known.state is not CaseState.RETURNED or known.closed_at is None or primary not in _OWN_FAILINGS:
        return False
    return known.primary == primary and now - known.closed_at < timedelta(seconds=PING_PONG_S)


def _opened(previous: Case | None, request: Request, *, now: datetime, policy: DeskPolicy) -> Step:
    id = case_id(request.seed, now)
    opens_at = policy.hours.next_opening(now)
    state = CaseState.CLAIMED if request.agent else CaseState.QUEUED if opens_at <= now else CaseState.PARKED
    effects = _notice(state, request, opens_at, policy)
    case = Case(
        id=id,
        reference=reference_of(id),
        state=state,
        version=request.version + 1,
        fresh_from=request.version + 1,
        primary=request.primary,
        opened_at=now,
        queued_at=now,
        reason=request.reason,
        queue=request.queue or "default",
        priority=request.priority,
        priority_reasons=request.priority_reasons,
        fired=request.fired[:MAX_FIRED],
        bot_serves=state is CaseState.PARKED,
        claimed_by=request.agent,
        claimed_at=now if request.agent else None,
        announced=request.agent.id if request.agent else "",
        told=tuple(line.key for line in effects.say if line.key in ("connecting", "parked")),
        timers=due_times(state, now, policy),
        on_their_way=previous.on_their_way if previous else (),
        ticketed=effects.ticket is TicketWork.CREATE,
        previous_id=previous.id if previous else "",
        history=(Entry(at=now, trigger="opened", state=state, by=request.agent.id if request.agent else ""),),
    )
    return Step(case=case, effects=effects)


def _notice(state: CaseState, request: Request, opens_at: datetime, policy: DeskPolicy) -> Effects:
    """Exactly one notice to the customer, in the commit that makes the case (H3, H23)."""
    if request.agent is not None:
        say = [Line(key="talking_with", values={"agent": request.agent.alias})]
    elif state is CaseState.PARKED:
        say = [Line(key="parked", values={"opens_at": opens_at.isoformat()})]
    else:
        say = [Line(key="connecting")]
        if request.usual_wait_min is not None:
            say.append(Line(key="usual_wait", values={"minutes": str(request.usual_wait_min)}))
    return Effects(
        say=tuple(say),
        way_back=state is CaseState.QUEUED,
        card=CardWork.POST,
        ping=state is CaseState.QUEUED,
        ticket=TicketWork.CREATE if policy.ticket is Tickets.ALWAYS else TicketWork.NONE,
    )
