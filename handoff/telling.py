"""Who is told what when a case changes: the columns "customer", "agent" and "operator" of section 2."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from handoff.case import ENDS, Case, CaseState, Outcome, Owner
from handoff.moves import ONCE, CardWork, Effects, Line, Move, Refused, TicketWork, Trigger
from handoff.policy import DeskPolicy, Tickets

_ENDING = {
    CaseState.RETURNED: "back_with_bot",
    CaseState.FALSE_ALARM: "back_with_bot",
    CaseState.CANCELLED: "going_on",
    CaseState.RESOLVED: "closing",
    CaseState.EXPIRED: "nobody_came",
}


def effects_of(before: Case, after: Case, move: Move, *, now: datetime, policy: DeskPolicy) -> Effects:
    """What follows from the step that led from `before` to `after`."""
    if after.state in ENDS and before.state not in ENDS:
        effects = _ended(before, after, move)
    else:
        effects = _went_on(before, after, move, now, policy)
    if effects.card is CardWork.NONE and (after.version != before.version or after.revision != before.revision):
        effects = replace(effects, card=CardWork.UPDATE)
    fresh = tuple(line for line in effects.say if not (line.key in ONCE and line.key in before.told))
    return replace(effects, say=fresh, ticket=_ticket(before, after, effects, policy))


def refused_effects(refused: Refused | None) -> Effects:
    """What follows from a step that was not taken; most often nothing."""
    if refused is Refused.TOO_MANY_TRANSFERS:
        return Effects(alert="transferred too often")
    return Effects(card=CardWork.UPDATE) if refused is Refused.CHANGED else Effects()


def _ended(before: Case, after: Case, move: Move) -> Effects:
    key = _ENDING[after.state]
    line = Line(key=key, values={"reference": after.reference} if key == "nobody_came" else {})
    left = after.outcome is Outcome.CUSTOMER_LEFT
    unheard = before.state is CaseState.UNDELIVERED and after.state is CaseState.EXPIRED
    return Effects(
        say=() if left or unheard else (line,),
        card=CardWork.CLOSE,
        thread=(Line(key="desk_ended", values={"state": after.state.replace("_", " ")}),),
        alert="expired" if after.state is CaseState.EXPIRED else "",
        ticket=TicketWork.CREATE if after.state is CaseState.EXPIRED else TicketWork.NONE,
        goes_on=after.state in (CaseState.RETURNED, CaseState.FALSE_ALARM, CaseState.CANCELLED),
        ask_verdict=after.verdict is None and after.state in (CaseState.RETURNED, CaseState.RESOLVED),
        ask_csat=after.state is CaseState.RESOLVED and after.outcome not in (Outcome.SPAM, Outcome.CUSTOMER_LEFT),
    )


def _went_on(before: Case, after: Case, move: Move, now: datetime, policy: DeskPolicy) -> Effects:
    if move.trigger is Trigger.ASKS_AGAIN:
        return Effects(say=_asked_again(after, move, now, policy))
    return _by_agent(before, after, move) or _by_clock(after, move) or _by_others(after, move) or Effects()


def _by_agent(before: Case, after: Case, move: Move) -> Effects | None:
    match move.trigger:
        case Trigger.CLAIM | Trigger.TAKE_OVER | Trigger.REPLY:
            return _taken(before, after, move)
        case Trigger.RELEASE:
            return _free_again()
        case Trigger.TRANSFER:
            return _moved(after)
        case Trigger.SNOOZE:
            return Effects(thread=(Line(key="desk_snoozed", values=_at("until", move.until)),), card=CardWork.UPDATE)
        case Trigger.VERDICT:
            return Effects(card=CardWork.CLOSE)
        case Trigger.TICKET:
            return Effects(ticket=TicketWork.CREATE)
        case _:
            return None


def _by_clock(after: Case, move: Move) -> Effects | None:
    match move.trigger:
        case Trigger.CLAIM_DUE:
            return Effects(page=True, ping=True, alert="nobody claimed it")
        case Trigger.STILL_WAITING_DUE:
            return Effects(say=(Line(key="still_waiting", values={"reference": after.reference}),))
        case Trigger.FIRST_REPLY_OVER | Trigger.SILENCE_OVER:
            return _free_again()
        case Trigger.WAKE_DUE | Trigger.FIRST_REPLY_DUE | Trigger.SILENCE_DUE:
            return Effects(nudge=after.claimed_by, thread=(Line(key="desk_nudge", values=_named(after)),))
        case Trigger.REMINDER_DUE:
            return Effects(say=(Line(key="still_there"),), nudging=True)
        case Trigger.DOWN_NOTICE_DUE:
            return Effects(say=(Line(key="desk_away", values={"reference": after.reference}),))
        case Trigger.DOWN_TICKET_DUE:
            return Effects(ticket=TicketWork.CREATE)
        case _:
            return None


def _by_others(after: Case, move: Move) -> Effects | None:
    match move.trigger:
        case Trigger.CUSTOMER_WRITES:
            return Effects(relay=True)
        case Trigger.REOPEN:
            again = Line(key="with_person_again", values=_named(after))
            return Effects(say=(again,), nudge=after.claimed_by, ping=True, relay=True)
        case Trigger.ANSWERED_MEANWHILE:
            thread = (Line(key="desk_answered_meanwhile"),)
            return Effects(ask_if_needed=True, card=CardWork.UPDATE, thread=thread)
        case Trigger.DELIVERY_FAILED | Trigger.REPLY_REFUSED:
            thread = (Line(key="desk_not_delivered", values={"reason": after.trouble}),)
            return Effects(thread=thread, card=CardWork.UPDATE, alert="not delivered")
        case _:
            return None


def _free_again() -> Effects:
    """The customer hears nothing of it (H11)."""
    return Effects(ping=True, thread=(Line(key="desk_free_again"),))


def _taken(before: Case, after: Case, move: Move) -> Effects:
    """A claim is announced once; claiming the same case again, under the same name, is no news (H11)."""
    new = after.claimed_by is not None and after.claimed_by.id != before.announced
    held = next((held for held in before.held if held.id == move.held), None)
    taken = after.claimed_by != before.claimed_by or before.owner is not Owner.AGENT
    return Effects(
        say=(Line(key="talking_with", values=_named(after)),) if new else (),
        thread=(Line(key="desk_claimed", values=_named(after)),) if taken else (),
        relay=move.trigger is Trigger.REPLY,
        send_held=held,
    )


def _moved(after: Case) -> Effects:
    values = {"queue": after.queue.replace("_", " ")}
    thread = (Line(key="desk_moved", values=values),)
    return Effects(say=(Line(key="moving", values=values),), card=CardWork.POST, ping=True, thread=thread)


def _asked_again(after: Case, move: Move, now: datetime, policy: DeskPolicy) -> tuple[Line, ...]:
    """While the bot serves, an explicit request gets the honest state again (H12); a waiting customer hears nothing
    new (H21)."""
    explicit = any(one.code == "explicit_request" and not one.shadow for one in move.fired)
    if not explicit or after.owner is not Owner.BOT:
        return ()
    if after.state is CaseState.PARKED:
        return (Line(key="opening_again", values=_at("opens_at", policy.hours.next_opening(now))),)
    return (Line(key="in_line", values={"reference": after.reference}),)


def _named(case: Case) -> dict[str, str]:
    return {"agent": case.claimed_by.alias if case.claimed_by else ""}


def _at(name: str, at: datetime | None) -> dict[str, str]:
    return {name: at.isoformat()} if at else {}


def _ticket(before: Case, after: Case, effects: Effects, policy: DeskPolicy) -> TicketWork:
    """Made once; after that every closing, new revision and verdict brings it up to date (H140, H141)."""
    if policy.ticket is Tickets.OFF:
        return TicketWork.NONE
    if not before.ticketed:
        return effects.ticket
    news = effects.card is CardWork.CLOSE or after.revision != before.revision
    return TicketWork.UPDATE if news else TicketWork.NONE
