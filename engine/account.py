"""What a turn did, for its notes: which values it took, where it walked, what the world answered, what was pressed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from engine.book import Book
from engine.conversation import Conversation
from engine.frame import Ended, Frame, Slot
from engine.message import Event, EventKind
from engine.views import HIDDEN

EMPTY = "empty"


class Took(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A slot of a run that this turn filled, changed or emptied, where its value came from, and the words for it."""

    flow: str
    slot: str
    value: Any = None
    state: str = ""
    """"" is filled."""
    source: str = ""
    words: str = ""


class Came(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an action came to: a look-up of this turn, or a call whose result it was."""

    action: str
    outcome: str
    facts: dict[str, Any] = {}
    certain: bool = True


def taken(before: Conversation, stack: Sequence[Frame], ended: Ended | None, book: Book) -> tuple[Took, ...]:
    """What changed in the slots of the runs on the stack, and of the one that ended."""
    known = {frame.run: frame.slots for frame in before.stack}
    runs: list[Frame | Ended] = [*stack]
    if ended is not None and ended is not before.ended:
        runs.append(ended)
    took: list[Took] = []
    for run in runs:
        held = known.get(run.run, {})
        if run.slots is not held:
            took += _changes(run, held, book)
    return tuple(took)


def _changes(run: Frame | Ended, known: Mapping[str, Slot], book: Book) -> list[Took]:
    took = [_took(run, name, slot, book) for name, slot in run.slots.items() if slot is not known.get(name)]
    return took + [Took(flow=run.flow, slot=name, state=EMPTY) for name in known if name not in run.slots]


def _took(run: Frame | Ended, name: str, slot: Slot, book: Book) -> Took:
    flow = book.version(run.version) if isinstance(run, Frame) else book.current(run.flow)
    declared = flow.definition.slots.get(name) if flow else None
    hidden = declared is None or declared.sensitive
    filled = slot.state == "filled"
    return Took(
        flow=run.flow,
        slot=name,
        value=HIDDEN if hidden and slot.value is not None else slot.value,
        state="" if filled else slot.state,
        source=slot.source,
        words="" if hidden or slot.words == slot.value else slot.words,
    )


def steps(before: Frame, after: Frame) -> list[str]:
    """The states that a walk entered beyond those it had: `flow.state`, the first of them only when it is new."""
    old, new = before.trail + before.path, after.trail + after.path
    if new[: len(old)] == old:
        return [f"{after.flow}.{state}" for state in new[len(old) :]]
    same = next((place for place, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    return [f"{after.flow}.{state}" for state in new[same:]]


def pressed(events: Sequence[Event], before: Conversation) -> tuple[str, ...]:
    """What of these is more than words, as conversation files write it: `[yes]`, `{photo}`. A choice of a question
    that is not open any more stands as its button's mark and place, `[5f2c:0]` (C26)."""
    return tuple([found for event in events if (found := _pressed(event, before))])


def _pressed(event: Event, before: Conversation) -> str:
    if event.kind is EventKind.OPTION:
        return f"[{_label(event.option or '', before)}]"
    if event.kind is not EventKind.MESSAGE:
        return ""
    if event.attachments:
        return f"{{{event.attachments[0].kind}}}"
    return "" if event.text else "{empty}"


def _label(token: str, before: Conversation) -> str:
    mark, _, place = token.rpartition(":")
    mark = mark.rpartition(":")[2]
    open_ = before.pending or before.question
    if open_ is None or open_.mark != mark or not place.isdigit() or int(place) >= len(open_.choices):
        return f"{mark}:{place}"
    return open_.choices[int(place)].label
