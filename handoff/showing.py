"""What agents see of a step: its effects as rows for the desk's face and the ticket system (section 2, H78, H140)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import msgspec

from handoff.agentlines import for_thread
from handoff.case import Case
from handoff.document import Summary
from handoff.moves import CardWork, Effects, Line, TicketWork
from handoff.posts import CardPost, CardUpdate, DeskPost, ThreadPost, TicketCall
from handoff.ticket import ticket_of


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """A step as the desk is to see it: the case before (None: it was opened) and after, and what follows."""

    before: Case | None
    after: Case
    effects: Effects


def wants_summary(shown: Shown) -> bool:
    """Is there a card or a ticket to write?"""
    return shown.effects.card is not CardWork.NONE or shown.effects.ticket is not TicketWork.NONE


def opened(shown: Shown) -> bool:
    """Did the case begin with this step?"""
    return shown.before is None or shown.before.id != shown.after.id


def posts_of(shown: Shown, summary: Summary | None, *, conversation: str, id: str) -> Iterator[DeskPost]:
    """The card first, then lines of its thread, in their order; ids begin with `id`. Whoever wants a card gives the
    summary."""
    effects, case = shown.effects, shown.after
    calls = effects.ping
    if summary is not None and effects.card is CardWork.POST:
        yield CardPost(
            id=f"{id}:card", conversation=conversation, case=case, summary=summary, ping=calls, page=effects.page
        )
        calls = False
    elif summary is not None and effects.card is not CardWork.NONE:
        anew = shown.before is not None and shown.before.revision != case.revision
        yield CardUpdate(id=f"{id}:card", case=case, summary=summary, anew=anew)
    lines = list(effects.thread)
    if not lines and (calls or effects.page):
        lines = [Line(key="desk_unclaimed")]
    for place, line in enumerate(lines):
        first = place == 0
        yield ThreadPost(
            id=f"{id}:line:{place}",
            case=case.id,
            text=for_thread(line),
            names=(effects.nudge.id,) if effects.nudge and first else (),
            calls=calls and first,
            page=effects.page and first,
        )


def tickets_of(shown: Shown, summary: Summary, *, conversation: str, now: datetime) -> Iterator[TicketCall]:
    """The call of the ticket system, if there is one to make (H141)."""
    if shown.effects.ticket is TicketWork.NONE:
        return
    ticket = ticket_of(summary, shown.effects.ticket, version=shown.after.version, now=now)
    yield TicketCall(id=ticket.key, case=shown.after.id, conversation=conversation, body=ticket.body.decode())
