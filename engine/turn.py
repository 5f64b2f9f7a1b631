"""A turn is a value: events in, one `Turn` out. Until it is committed, nothing has been said and nothing forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace as with_
from datetime import datetime
from typing import Any, Protocol

import msgspec

from engine.act import act, take_result
from engine.book import Book
from engine.consent import hear_consent
from engine.consult import consult
from engine.conversation import Conversation
from engine.decide import decide
from engine.delegation import read_given, read_work
from engine.draft import Draft
from engine.encounter import note_met
from engine.extracting import extract
from engine.heard import Hearing
from engine.meaning import look_by_meaning
from engine.measuring import gone_on, heed
from engine.memory import Memories
from engine.message import Address, Event, EventKind, Limits, Reply
from engine.model import Model, Phrasing
from engine.notes import Notes, notes_of
from engine.phrasing import phrase
from engine.ports import Actions, Failpoints, Spans
from engine.recalling import recall
from engine.rules.ordered import Rules
from engine.rules.registry import Stage
from engine.say import Composed, say
from engine.summarising import asked_for
from engine.understand import understand
from engine.wanted import Wanted

_SPEAKING = frozenset({EventKind.MESSAGE, EventKind.OPTION, EventKind.OPT_IN, EventKind.OPT_OUT})
"""What a person does."""
_MOVING = _SPEAKING | {EventKind.RESULT}
"""Events that make a turn of the conversation; the others only change what is known."""


class Effect(Protocol):
    """What leaves by the outbox: the engine's own are Reply and ActionRequest; the desk adds its rows."""

    @property
    def id(self) -> str: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Turn:
    """One turn: the new conversation, what leaves, which events it used up, why. The notes go into the journal."""

    id: str
    conversation: Conversation
    outbox: tuple[Effect, ...]
    consumed: tuple[str, ...]
    notes: Notes
    wanted: Wanted | None = None
    """A person is to take over; `composed` waits for what the desk says of that (engine/handback.py)."""
    composed: Composed | None = None


class World(Protocol):
    """What a turn stands on: the flows, the rules in force, look-ups, what the person's channel can carry, and the
    places where a test may stop it."""

    @property
    def book(self) -> Book: ...
    @property
    def rules(self) -> Rules: ...
    @property
    def actions(self) -> Actions: ...
    @property
    def failpoints(self) -> Failpoints: ...
    @property
    def spans(self) -> Spans: ...
    @property
    def model(self) -> Model | None:
        """Who reads what the rules cannot; None: nobody."""
        ...

    @property
    def memories(self) -> Memories | None:
        """What is remembered of people; None: nothing."""
        ...

    def limits(self, address: Address | None) -> Limits: ...


async def take_turn(events: Sequence[Event], conversation: Conversation, world: World, *, now: datetime) -> Turn:
    """Take the first event of `events`, and the texts that wait with it (R2), through the four verbs of a turn."""
    first = events[0]
    limits = world.limits(first.address or conversation.address)
    draft = Draft(conversation, world.book, turn_id=first.id, now=now, limits=limits)
    if first.kind is EventKind.TICK:
        return _rung(first, draft, world)
    draft.texts = _plain_texts(events)
    if first.kind in _MOVING:
        nothing = Hearing()
        if draft.texts > 1:
            world.rules.run(Stage.GATHER, draft, nothing)
        if draft.stack:
            world.rules.run(Stage.LOAD, draft, nothing)
    consumed: list[Event] = []
    for event in events[: draft.joined]:
        consumed.append(event)
        await _hear_one(event, draft, world)
        if draft.waiting is not None:
            break
    if draft.archived and not (draft.stack or draft.halted or draft.silent):
        world.rules.run(Stage.PARTING, draft, Hearing())
    composed = await _said(draft, world)
    with world.spans.of("say"):
        return _finished(draft, consumed, world, composed)


def _rung(event: Event, draft: Draft, world: World) -> Turn:
    """A clock of the runs rang: what is due happens, and nothing is said (S8, S9)."""
    draft.silent = True
    world.rules.run(Stage.DUE, draft, Hearing())
    turn = _finished(draft, [event], world, None)
    if draft.fired:
        return turn
    # Without a rule that takes it, the same clock would ring for ever.
    return with_(turn, conversation=msgspec.structs.replace(turn.conversation, idle_since=draft.now))


def _plain_texts(events: Sequence[Event]) -> int:
    """How many plain texts wait at the head: a button, a command, media or anybody else's event ends them."""
    for place, event in enumerate(events):
        if not _plain(event):
            return place
    return len(events)


def _plain(event: Event) -> bool:
    return event.kind is EventKind.MESSAGE and bool(event.text.strip()) and not event.attachments and not event.fields


async def _hear_one(event: Event, draft: Draft, world: World) -> None:
    """Understand, decide, act: one message, and what it asks to be heard after it (R53)."""
    if event.address is not None:
        draft.address = event.address
    if event.kind is EventKind.RESULT:
        if draft.waiting is None or draft.waiting.key != event.fields.get("key"):
            draft.silent = True
            return
        facts, certain = _facts(event)
        draft.work = read_work(event.fields)
        take_result(draft, event.fields["outcome"], facts, certain=certain, given=read_given(event.fields))
        await _acted(draft, Hearing(), world)
        return
    hearing = hear_consent(event, draft)
    if hearing is None:
        if event.kind not in _SPEAKING:
            draft.silent = True
            return
        hearing = Hearing(text=event.text) if draft.opted_out else await _understood(event, draft, world)
    draft.time.hear(event.accepted or draft.now)
    if event.text:
        draft.heard_words(event.text)
    while True:
        if hearing.like_last or hearing.asks_back:
            await recall(draft, world.memories)
        world.failpoints.reach("understood")
        with world.spans.of("decide"):
            decide(draft, hearing, world.rules)
        draft.time.idle_since = draft.now
        if draft.silent:
            return
        await _acted(draft, hearing, world)
        if not draft.follow_up or draft.waiting is not None:
            return
        event = msgspec.structs.replace(event, text=draft.follow_up, kind=EventKind.MESSAGE, option=None)
        draft.follow_up = ""
        hearing = await _understood(event, draft, world)


async def _understood(event: Event, draft: Draft, world: World) -> Hearing:
    with world.spans.of("understand"):
        return await _read(event, draft, world)


async def _read(event: Event, draft: Draft, world: World) -> Hearing:
    hearing = understand(event, draft)
    heed(draft, hearing, event.attachments)
    await extract(hearing, draft, world.actions)
    if world.model is not None:
        await consult(world.model, hearing, draft)
    if hearing.question and draft.book.meaning is not None:
        await look_by_meaning(hearing, draft)
    return hearing


async def _acted(draft: Draft, hearing: Hearing, world: World) -> None:
    with world.spans.of("act"):
        await act(draft, hearing, world.rules, world.actions, world.memories)


def _facts(event: Event) -> tuple[dict[str, Any], bool]:
    facts = msgspec.json.decode(event.fields.get("facts", "{}"), type=dict[str, Any])
    return facts, event.fields.get("certain", "yes") == "yes"


async def _said(draft: Draft, world: World) -> Composed | None:
    """How we put it; None where nothing is said, or not before a call's result is there."""
    authored = said = _authored(draft)
    model = world.model
    if authored is not None and model is not None and model.phrasing is Phrasing.MODEL and draft.wanted is None:
        with world.spans.of("phrase"):
            said = await phrase(model, authored, draft)
    if draft.exposing is not None:
        note_met(draft, authored)
    return said


def _authored(draft: Draft) -> Composed | None:
    if draft.call is not None or (draft.wanted is None and (draft.silent or draft.opted_out)):
        return None
    if draft.before.turn == 0 and draft.book.discloses:
        draft.speech.acks.insert(0, draft.line("assistant"))
    return say(draft)


def _finished(draft: Draft, consumed: Sequence[Event], world: World, composed: Composed | None) -> Turn:
    draft.tally()
    draft.course = gone_on(draft)
    job = asked_for(draft, world.model)
    outbox: list[Effect] = []
    text = ""
    if draft.call is not None:
        outbox.append(draft.call)
    elif composed is not None and draft.wanted is None:
        text = composed.text() or draft.line("not_understood")
        draft.said_words(text)
        draft.count_question()
        if draft.address is not None:
            outbox.append(
                Reply(id=f"{draft.turn_id}:reply", address=draft.address, text=text, options=composed.options)
            )
    outbox += draft.learned
    if job is not None:
        outbox.append(job)
    notes = notes_of(draft, consumed, text)
    return Turn(
        id=draft.turn_id,
        conversation=draft.finish(),
        outbox=tuple(outbox),
        consumed=notes.events,
        notes=notes,
        wanted=draft.wanted,
        composed=composed,
    )
