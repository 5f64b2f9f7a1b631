"""From a grant to a committed turn: read what is stored, take the turn, write it all at once."""

from __future__ import annotations

from datetime import datetime

import msgspec
import structlog

from engine.archive import missing
from engine.conversation import Conversation
from engine.handback import HANDED_OFF, archiving, unowned
from engine.jobs import answer_in
from engine.message import Event, EventKind
from engine.model import Purpose
from engine.ports import Noted
from engine.store import Change, Grant
from engine.summarised import summarised
from engine.turn import Turn, take_turn
from gateway.casework import Casework
from gateway.optouts import has_opted_out
from gateway.parts import Parts
from gateway.quarantine import Quarantine
from gateway.rows import encode, new_row, read_conversation, read_event
from gateway.sharedcontext import Spent
from gateway.ticks import due_at, tick
from handoff.case import Owner

MOST_EVENTS = 50
"""Events looked at in one turn (store.md rule 8)."""
MOST_RAISES = 3
"""An event whose turn raised this often is set aside (F27)."""

_log = structlog.get_logger("turns")


class Turns:
    """Takes turns."""

    def __init__(self, parts: Parts, quarantine: Quarantine) -> None:
        self._parts = parts
        self._quarantine = quarantine
        self._log = _log.bind()
        """Bound once: a line of every turn that nobody reads should cost nothing."""
        self._casework = Casework(parts, parts.people) if parts.people else None

    async def take(self, grant: Grant) -> Grant | None:
        """Take the next turn and commit it; None when nothing waits that may be taken now. Raises LeaseLost.

        The last try takes one event alone: what raises then is that event, and none of those that waited with it.
        """
        conversation = await self._conversation(grant)
        events = self._due(_next(_events(grant), conversation), conversation)
        if not events:
            return None
        if grant.attempts >= MOST_RAISES:
            events = events[:1]
        parts = self._parts
        turn = await self._turn(events, conversation, grant)
        parts.failpoints.reach("before_commit")
        with parts.spans.of("commit"):
            committed = await parts.mailbox.commit(grant, self._change(turn))
        parts.failpoints.reach("after_commit")
        if parts.spans.on:
            parts.spans.note(**_noted(turn))
        if turn.notes.job is not None:
            parts.metrics.job(*turn.notes.job)
        for met in turn.notes.exposed:
            parts.metrics.exposed(met.variant)
        self._log.debug("turn", conversation=grant.conversation, rules=turn.notes.rules, state=turn.notes.state)
        for one in turn.notes.consulted:
            if one.purpose == Purpose.PHRASING:
                parts.metrics.phrased(one.refused or ("said" if one.said else "away"))
        if turn.notes.alert:
            _log.error("the desk needs an operator", conversation=grant.conversation, why=turn.notes.alert)
        return committed

    def head(self, grant: Grant) -> str | None:
        """The event that the next turn begins with, for setting it aside; one that is unreadable before all others."""
        for id, blob in grant.inbox[:MOST_EVENTS]:
            try:
                read_event(blob)
            except msgspec.DecodeError:
                return id
        try:
            conversation = read_conversation(grant.conversation, grant.state)
        except msgspec.DecodeError:
            conversation = Conversation(id=grant.conversation)
        return next((event.id for event in _next(_events(grant), conversation)), None)

    async def _turn(self, events: list[Event], conversation: Conversation, grant: Grant) -> Turn:
        """The desk's turn, or the engine's and what the desk makes of that."""
        now = events[0].accepted or self._parts.clock.now()
        if events[0].kind is EventKind.MODEL_RESULT:
            return await self._answered(events[0], conversation, grant)
        if self._casework is None:
            return await self._without_people(events, conversation, now=now)
        if self._casework.takes(events[0], conversation):
            return await self._casework.take(events[0], conversation, grant)
        if (
            conversation.owner != Owner.BOT
        ):  # what waits behind an opt-out or opt-in is for people, not the bot's to join
            events = events[:1]
        turn = await take_turn(events, conversation, self._parts, now=now)
        return await self._casework.follow(turn, events, conversation, grant)

    async def _answered(self, event: Event, conversation: Conversation, grant: Grant) -> Turn:
        """What came of a model job changes only what the job was made for, and nothing is said."""
        answer = answer_in(event)
        if answer.purpose is Purpose.NARRATIVE and self._casework is not None:
            return await self._casework.narrated(event, conversation, grant)
        return summarised(event, answer, conversation, self._parts.book, now=self._parts.clock.now())

    async def _without_people(self, events: list[Event], conversation: Conversation, *, now: datetime) -> Turn:
        """The engine's turn alone. A run that stood at a person who cannot come any more ends with it."""
        book = self._parts.book
        back = unowned(conversation, book)
        turn = await take_turn(events, back, self._parts, now=now)
        return archiving(turn, missing(conversation, back, book, reason=HANDED_OFF, now=now))

    def _due(self, events: list[Event], conversation: Conversation) -> list[Event]:
        """What waits; or the tick that fell due before it came in, as if it had been handled then."""
        by = (events[0].accepted if events else None) or self._parts.clock.now()
        rung = tick(conversation, self._parts.book, by=by)
        return [rung] if rung is not None else events

    def _change(self, turn: Turn) -> Change:
        now = self._parts.clock.now()
        spent = self._spent(turn) if turn.notes.archived else ()
        return Change(
            state=encode(turn.conversation),
            consumed=turn.consumed,
            outbox=tuple([new_row(effect, now=now) for effect in (*turn.outbox, *spent)]),
            timer=due_at(turn.conversation, self._parts.book),
            entry=(turn.notes.id, encode(turn.notes)),
        )

    def _spent(self, turn: Turn) -> list[Spent]:
        """Of each run that ended and had work for agents: what they shared may go (S36)."""
        versions = {one.run: self._parts.book.version(one.version) for one in turn.notes.archived}
        gave = [run for run, flow in versions.items() if flow is not None and flow.delegates]
        return [Spent(id=f"{turn.id}:spent:{run}", run=run) for run in gave]

    async def _conversation(self, grant: Grant) -> Conversation:
        """The stored conversation; unreadable bytes are kept aside and the customer starts afresh (F16)."""
        if not grant.state:
            return await self._newcomer(grant)
        try:
            return read_conversation(grant.conversation, grant.state)
        except msgspec.DecodeError as broken:
            _log.error("a stored conversation is unreadable", conversation=grant.conversation, why=str(broken))
            await self._quarantine.keep(f"{grant.conversation}@{grant.version}", grant.state, "unreadable state")
            return Conversation(id=grant.conversation, turn=grant.version)

    async def _newcomer(self, grant: Grant) -> Conversation:
        """Somebody nothing is known of, unless they opted out by a word and were forgotten since (X65)."""
        addresses = (event.address for event in _events(grant))
        address = next((one for one in addresses if one is not None), None)
        asked = address is not None and bool(self._parts.limits(address).opt_out_words)
        out = asked and address is not None and await has_opted_out(self._parts.records, address)
        return Conversation(id=grant.conversation, opted_out=out)


def places(grant: Grant) -> tuple[str, ...]:
    """Where in traces the waiting events came in, that of the one the next turn begins with first."""
    try:
        events = sorted(_events(grant), key=lambda event: event.kind is not EventKind.RESULT)
    except msgspec.DecodeError:
        return ()
    return tuple(dict.fromkeys(event.trace for event in events if event.trace))


def _noted(turn: Turn) -> dict[str, Noted]:
    """What a trace shows of a turn: names of its authors, never what was said (X60)."""
    notes, address = turn.notes, turn.conversation.address
    return {
        "outcome": "committed",
        "channel": address.channel if address else "",
        "number": notes.turn,
        "flow": notes.flow or "",
        "state": notes.state or "",
        "rules": notes.rules,
    }


def _events(grant: Grant) -> list[Event]:
    """The waiting events in their provider's order (C18); an unreadable one raises and is set aside later."""
    events = [read_event(blob) for _, blob in grant.inbox[:MOST_EVENTS]]
    return sorted(events, key=lambda event: event.order)


def _next(events: list[Event], conversation: Conversation) -> list[Event]:
    """While a committed call is unanswered, its result is the next event; the customer's wait behind it (W9)."""
    results = [event for event in events if event.kind is EventKind.RESULT]
    if conversation.waiting is not None:
        return results[:1]
    return results[:1] or events
