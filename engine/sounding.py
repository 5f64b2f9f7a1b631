"""What the rules make of one text by itself: the meaning a conversation would take from it, without having one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from engine.act import mark
from engine.asides import asides
from engine.book import Book
from engine.conversation import Conversation
from engine.decide import decide
from engine.draft import Draft
from engine.flow import SlotType
from engine.frame import Frame, Slot
from engine.heard import Hearing
from engine.message import Event, EventKind
from engine.question import Pending, PendingKind, Question
from engine.readers.answer import Answer, read_answer
from engine.rules.ambiguity import ELSE
from engine.rules.ordered import Rules
from engine.understand import understand

_NAME = "sounding"
"""Of the conversation, its run and its turn: nobody else's, and never stored."""


class Sounding(msgspec.Struct, frozen=True, kw_only=True):
    """What was understood, with the flows that came into question, best first, and the rules that fired.

    `flow` is the one that begins, None where the desk would ask back or nothing fits; `candidates` are then those it
    would name.
    """

    command: str | None
    flow: str | None
    candidates: tuple[str, ...]
    reply: str | None
    slots: dict[str, Any]
    question: str | None
    rules: tuple[str, ...]


def sound(text: str, book: Book, rules: Rules, *, now: datetime, at: tuple[str, str] | None = None) -> Sounding:
    """Hear `text` as the first message of a person, or `at` a (flow, state) as a message to its question.

    Nothing is looked up and nothing called. Raises KeyError for a flow or state that the book does not have.
    """
    conversation = _waiting_at(book, *at) if at else Conversation(id=_NAME)
    draft = Draft(conversation, book, turn_id=_NAME, now=now)
    known = {name: slot for frame in draft.stack for name, slot in frame.slots.items()}
    hearing = understand(Event(id=_NAME, conversation=_NAME, kind=EventKind.MESSAGE, at=now, text=text), draft)
    control, answer = hearing.control, _answer(draft, hearing)
    ranked = tuple(route.flow for route in hearing.routes)
    asked = asides(hearing)
    decide(draft, hearing, rules)
    begun = next((frame.flow for frame in draft.stack if frame.run == draft.begun), None)
    return Sounding(
        command=control.control.value if control else None,
        flow=begun,
        candidates=(begun, *(name for name in ranked if name != begun)) if begun else _offered(draft.pending),
        reply=answer.value if answer else None,
        slots=_settled(draft, known),
        question=asked[0] if asked else None,
        rules=tuple(dict.fromkeys(draft.fired)),
    )


def _waiting_at(book: Book, flow: str, state: str) -> Conversation:
    """A conversation whose only run has just put the question of a state."""
    compiled = book.current(flow)
    if compiled is None:
        raise KeyError(flow)
    slot = compiled.slot(compiled.state(state).slot or "")
    frame = Frame(run=_NAME, flow=flow, version=compiled.version, start=state, path=(state,))
    choices = compiled.choices[slot.name]
    question = Question(run=_NAME, state=state, slot=slot.name, mark=mark(state, ""), choices=choices)
    return Conversation(id=_NAME, stack=(frame,), question=question)


def _answer(draft: Draft, hearing: Hearing) -> Answer | None:
    """Yes, no or unsure, where such an answer is open or nothing is."""
    open_ = draft.asked is None or draft.asked.type is SlotType.BOOLEAN
    if hearing.answer is not None or not open_ or not hearing.readable:
        return hearing.answer
    return read_answer(hearing.text, draft.reading).answer


def _offered(pending: Pending | None) -> tuple[str, ...]:
    """The tasks that a question back names."""
    if pending is None:
        return ()
    if pending.kind is PendingKind.DID_YOU_MEAN:
        return tuple(filter(None, (pending.about.get("flow"),)))
    named = pending.choices if pending.kind is PendingKind.CLARIFICATION else ()
    return tuple(str(choice.value) for choice in named if choice.value != ELSE)


def _settled(draft: Draft, known: Mapping[str, Slot]) -> dict[str, Any]:
    """The values that this text settled, topmost run first."""
    return {
        name: slot.value
        for frame in draft.stack
        for name, slot in frame.slots.items()
        if slot.known and known.get(name) != slot
    }
