"""Turns at the desk: what customers, agents and clocks do to a case becomes one turn, as every other (H2, H3)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace as with_
from datetime import datetime

from msgspec.structs import replace

from engine.aftercare import asking_how_it_went
from engine.archive import Archived, missing
from engine.consent import consent_of
from engine.conversation import Conversation
from engine.elapsed import going_on, paused
from engine.handback import (
    HANDED_OFF,
    archiving,
    ended_by_people,
    hand_back,
    left_to_people,
    remembering,
    speaking,
)
from engine.jobs import JobFate, answer_in
from engine.message import Event, EventKind, Notice, Option, Reply, Voice
from engine.notes import Notes
from engine.say import Composed
from engine.store import Grant
from engine.turn import Effect, Turn
from gateway.casefacts import CaseFile, narrates
from gateway.narration import narrative_job, noting, passed
from gateway.parts import Parts
from gateway.people import People
from gateway.ticks import is_desks
from handoff.asking import by_agent
from handoff.case import Case, CaseState, Owner
from handoff.hearing import (
    agent_acts,
    clock_rings,
    customer_writes,
    overheard,
    read_by_agents,
    row_left,
    stranger_acts,
)
from handoff.moves import CardWork, Line, Move, TicketWork, Trigger
from handoff.requests import request_of
from handoff.showing import opened, posts_of, tickets_of, wants_summary
from handoff.sitting import Sitting, case_in, with_case
from handoff.summary import build_summary
from handoff.waits import hours_at, usual, waited
from handoff.wording import in_words, way_back

_CUSTOMERS = frozenset({EventKind.MESSAGE, EventKind.OPTION, EventKind.EDITED})


class Casework:
    """Takes the desk's turns, and adds to the engine's what the desk has to say of them. One per process."""

    def __init__(self, parts: Parts, people: People) -> None:
        self._parts = parts
        self._people = people
        self._file = CaseFile(parts, people)

    def takes(self, event: Event, conversation: Conversation) -> bool:
        """Is this the desk's to handle? Opting out and in comes first, whoever owns the conversation (C38)."""
        if by_agent(event) or is_desks(event):
            return True
        if event.kind is EventKind.RECEIPT:
            return "of" in event.fields
        if conversation.owner == Owner.BOT or event.kind not in _CUSTOMERS or conversation.opted_out:
            return False
        limits = self._parts.limits(event.address or conversation.address)
        return consent_of(event, limits, opted_out=conversation.opted_out) is None

    async def take(self, event: Event, conversation: Conversation, grant: Grant) -> Turn:
        """The turn that an event of the desk makes. May raise StoreAway."""
        sitting = self._sitting(event.id, case_in(conversation))
        if by_agent(event):
            await self._agent(event, conversation, sitting)
        elif event.kind is EventKind.RECEIPT:
            row_left(event, sitting)
        elif event.kind is EventKind.TICK:
            clock_rings(sitting)
        else:
            conversation = replace(conversation, address=event.address or conversation.address, heard_at=sitting.now)
            customer_writes(event, conversation, sitting)
        return await self._finished(_bare(event, conversation, sitting), sitting, grant)

    async def narrated(self, event: Event, conversation: Conversation, grant: Grant) -> Turn:
        """The turn that a model's answer about the case makes: its words in a new revision, or nothing but the note
        why not (H74). May raise StoreAway."""
        answer, sitting = answer_in(event), self._sitting(event.id, case_in(conversation))
        turn, case = _bare(event, conversation, sitting), sitting.case
        retold, fate, reason = None, JobFate.MOVED_ON, ""
        if case is not None:
            facts = await self._file.facts(case, conversation, turn.notes, grant, now=sitting.now)
            came = event.accepted or sitting.now
            retold, fate, reason = passed(answer, case, build_summary(facts).summary, came=came)
        turn = with_(turn, notes=noting(turn.notes, answer, fate))
        if retold is not None:
            sitting.move(Move(trigger=Trigger.NEW_NARRATIVE, retold=retold))
            return await self._finished(turn, sitting, grant)
        if case is not None and reason:
            turn = with_(turn, conversation=with_case(turn.conversation, replace(case, unwritten=reason)))
        return turn

    async def follow(self, turn: Turn, events: Iterable[Event], before: Conversation, grant: Grant) -> Turn:
        """The engine's turn of `events`, with a person called if it wants one, and copied to the desk while a case is
        open there (H12). May raise StoreAway."""
        heard = [event for event in events if event.id in turn.consumed]
        if turn.wanted is not None:
            sitting = self._sitting(turn.id, case_in(turn.conversation))
            return await self._handed_over(turn, [read_by_agents(event, before) for event in heard], sitting, grant)
        case = case_in(turn.conversation)
        if case is None or not case.open:
            return turn
        sitting = self._sitting(turn.id, case)
        turn = with_(turn, conversation=_timed(turn.conversation, case, at=sitting.now))
        overheard(heard, before, turn.conversation, sitting)
        sitting.thread(turn.notes.said, who="bot")
        return _with_rows(turn, sitting.posts)

    async def _handed_over(self, turn: Turn, heard: Iterable[str], sitting: Sitting, grant: Grant) -> Turn:
        """The case is made, and the customer told of it, in this very turn (H3, H23). Where it is one that agents know,
        its thread gets what was `heard`."""
        wanted, composed = turn.wanted, turn.composed or Composed(told=())
        if wanted is None:
            return turn
        known = sitting.case
        seed = f"{turn.conversation.id}:{turn.id}"
        version = turn.conversation.version
        hours = hours_at(sitting.now, sitting.policy)
        wait = await usual(self._parts.records, wanted.queue or "default", hours)
        sitting.ask(request_of(wanted, seed=seed, version=version, turn=turn.notes.turn, usual_wait_min=wait))
        case = sitting.case
        if case is None:
            return turn
        if not sitting.lines:
            sitting.lines.append(Line(key="in_line", values={"reference": case.reference}))
        serving = case.owner is Owner.BOT
        stored = turn.conversation
        left = left_to_people(stored, self._parts.book) if serving else stored
        turn = archiving(with_(turn, conversation=left), self._handed_off(stored, left, sitting))
        conversation = _timed(with_case(turn.conversation, case), case, at=sitting.now)
        text = composed.text(*self._texts(sitting.lines), asks=serving)
        options = composed.options if serving else self._options(sitting, conversation)
        notes = replace(turn.notes, desk=f"{wanted.trigger}: {case.state}", alert="; ".join(sitting.alerts))
        turn = with_(turn, conversation=conversation, notes=notes, wanted=None)
        turn = speaking(turn, text, options)
        if known is not None and case.id == known.id:
            for words in heard:
                sitting.thread(words, who="customer")
        return _with_rows(turn, await self._rows(sitting, turn, grant, frozen=stored))

    async def _finished(self, turn: Turn, sitting: Sitting, grant: Grant) -> Turn:
        """What is said, to whom it is shown, and the conversation as the case leaves it."""
        case = sitting.case
        if case is None:
            return _with_rows(turn, sitting.posts)
        stored = turn.conversation
        left = self._left(with_case(stored, case), sitting)
        turn = with_(turn, conversation=_timed(left, case, at=sitting.now))
        turn = archiving(turn, self._handed_off(stored, left, sitting))
        texts = self._texts(sitting.lines)
        if sitting.goes_on:
            turn, composed = await hand_back(turn, self._parts, "\n".join(texts))
            if turn.wanted is not None:
                anew = self._sitting(f"{turn.id}:anew", case)
                turn = await self._handed_over(with_(turn, composed=composed), (), anew, grant)
            elif composed is not None:
                turn = speaking(turn, composed.text(), composed.options)
        elif any(one.effects.ask_csat for one in sitting.shown):
            turn, asks = asking_how_it_went(turn, self._parts, case=case.id, queue=case.queue)
            text = "\n".join(filter(None, (*texts, asks.text())))
            turn = speaking(turn, text, asks.options, notice=Notice.REQUIRED if texts else Notice.NUDGE)
        else:
            notice = Notice.NUDGE if sitting.nudging else Notice.REQUIRED
            turn = speaking(turn, "\n".join(texts), self._options(sitting, turn.conversation), notice=notice)
        turn = _answered(turn, sitting)
        return _with_rows(turn, await self._rows(sitting, turn, grant, frozen=stored))

    def _left(self, conversation: Conversation, sitting: Sitting) -> Conversation:
        """A person's end of the talk stands in it as its beginning does (H145); solved is solved, and a run that waited
        for nobody's answer must not ask for a person again."""
        case = sitting.case
        if case is None or case.open or not any(shown.before and shown.before.open for shown in sitting.shown):
            return conversation
        conversation = remembering(conversation, "system", _helped(case))
        if case.state is CaseState.RESOLVED:
            return ended_by_people(conversation)
        return left_to_people(conversation, self._parts.book) if case.state is CaseState.EXPIRED else conversation

    async def _agent(self, event: Event, conversation: Conversation, sitting: Sitting) -> None:
        address = event.address
        agent = await self._people.roster.agent(address.person, address.account) if address else None
        if agent is None:
            stranger_acts(event, sitting)
        else:
            agent_acts(event, agent, conversation, sitting)

    async def _rows(self, sitting: Sitting, turn: Turn, grant: Grant, *, frozen: Conversation) -> list[Effect]:
        """Cards, lines and tickets. Of several changes of a card in one turn only the last is shown."""
        shown = [one for one in sitting.shown if one.after.id == (sitting.case.id if sitting.case else "")]
        rows: list[Effect] = []
        summary = None
        if sitting.case is not None and any(wants_summary(one) for one in shown):
            facts = await self._file.facts(
                sitting.case, replace(frozen, opted_out=turn.conversation.opted_out), turn.notes, grant, now=sitting.now
            )
            summary = build_summary(facts).summary
        for place, one in enumerate(shown):
            overtaken = any(later.effects.card is not CardWork.NONE for later in shown[place + 1 :])
            stale = overtaken and one.effects.card is not CardWork.POST
            id = f"{sitting.id}:desk:{place}"
            rows += posts_of(one, None if stale else summary, conversation=turn.conversation.id, id=id)
            if summary is not None and one.effects.ticket is not TicketWork.NONE:
                rows += tickets_of(one, summary, conversation=turn.conversation.id, now=sitting.now)
            if summary is not None and narrates(self._parts.model) and opened(one):
                rows.append(narrative_job(one.after, summary, id=id))
            if told := waited(one.before, one.after, sitting.policy):
                rows.append(told)
        return [*rows, *sitting.posts]

    def _handed_off(self, before: Conversation, after: Conversation, sitting: Sitting) -> list[Archived]:
        return missing(before, after, self._parts.book, reason=HANDED_OFF, now=sitting.now)

    def _options(self, sitting: Sitting, conversation: Conversation) -> list[Option]:
        native = self._parts.limits(conversation.address).options_native
        return [way_back(sitting.case, self._parts.book)] if sitting.way_back and sitting.case and native else []

    def _texts(self, lines: Iterable[Line]) -> list[str]:
        book, zone = self._parts.book, self._people.policy.hours.zone
        now = self._parts.clock.now()
        return [text for line in lines if (text := in_words(line, book, now=now, zone=zone))]

    def _sitting(self, id: str, case: Case | None) -> Sitting:
        return Sitting(id=id, now=self._parts.clock.now(), policy=self._people.policy, case=case)


def _timed(conversation: Conversation, case: Case, *, at: datetime) -> Conversation:
    """The runs' time stands still while the case is open, and goes on behind it (H31)."""
    if case.open or conversation.opted_out:
        return paused(conversation, at=at)
    return going_on(conversation, at=at)


def _bare(event: Event, conversation: Conversation, sitting: Sitting) -> Turn:
    """A turn in which nothing was said yet."""
    number = conversation.turn + 1
    alert = "; ".join(sitting.alerts)
    notes = Notes(
        id=f"{event.id}:notes",
        conversation=conversation.id,
        turn=number,
        at=sitting.now,
        events=(event.id,),
        rules=("R60",),
        heard=tuple(sitting.heard),
        desk=", ".join(sitting.did),
        alert=alert,
    )
    for text in sitting.heard:
        conversation = remembering(conversation, "customer", text)
    after = replace(conversation, turn=number)
    return Turn(id=event.id, conversation=after, outbox=(), consumed=(event.id,), notes=notes)


def _answered(turn: Turn, sitting: Sitting) -> Turn:
    """The turn with an agent's words in it."""
    address = turn.conversation.address
    if not sitting.words or address is None:
        return turn
    conversation = turn.conversation
    for _, text in sitting.words:
        conversation = remembering(conversation, "agent", text)
    notes = replace(turn.notes, answered="\n".join(text for _, text in sitting.words))
    replies = [Reply(id=row, address=address, text=text, voice=Voice.AGENT) for row, text in sitting.words]
    return with_(turn, conversation=conversation, notes=notes, outbox=(*turn.outbox, *replies))


def _with_rows(turn: Turn, rows: Iterable[Effect]) -> Turn:
    return with_(turn, outbox=(*turn.outbox, *rows))


def _helped(case: Case) -> str:
    if case.claimed_at is None or case.closed_at is None:
        return f"A person was asked for; nobody had taken the case when it ended ({case.state})."
    outcome = case.outcome or case.state
    hours = f"{case.claimed_at:%H:%M} to {case.closed_at:%H:%M}"
    return f"A person helped from {hours} UTC, outcome {outcome}; the assistant is answering again."
