"""I. Memory: values of earlier runs are offered, and nothing but the customer settles them (S12)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from msgspec.structs import replace

from engine.draft import Draft
from engine.frame import Frame, Slot, SlotState, Source
from engine.heard import Heard, Hearing
from engine.question import Pending, PendingKind
from engine.readers.answer import read_answer
from engine.readers.questions import is_question
from engine.readers.values import find_values
from engine.remembering import may_offer
from engine.rules.given import Given
from engine.rules.registry import Stage, rule
from engine.understand import values_in
from engine.views import shown
from engine.walk import Need, walk

SLOTS = "slots"
"""What a pending offer of values keeps in `about`: their slots, in the order of their questions."""


@rule("S12.known", Stage.BEGIN, 20, consumed_too=True)
def to_be_offered(draft: Draft, hearing: Hearing) -> bool:
    """Remembered values, and those the profile knows, wait in the new run until the question is reached; what is said
    or shared goes before."""
    frame, memory = draft.top, draft.memory
    if frame is None or memory is None or not (memory.values or frame.person):
        return False
    flow = draft.flow.definition
    known = {name: (value, None) for name, value in frame.person.items()}
    kept = {name: (one.value, one.at) for name, one in memory.values.items() if name in flow.slots}
    offers = {
        name: Slot(value=value, state=SlotState.OFFERED, source=Source.MEMORY, at=at)
        for name, (value, at) in (
            known | {name: one for name, one in kept.items() if flow.slots[name].remember}
        ).items()
        if name in flow.slots and name not in frame.slots and may_offer(memory, flow, flow.slots[name], value)
    }
    if offers:
        draft.change(slots=frame.slots | offers)
    return bool(offers)


@rule("S12", Stage.ARRIVE, 10, given=(Need.ASK,), consumed_too=True)
def as_last_time(draft: Draft, hearing: Hearing) -> bool:
    """The question becomes "{label}: {value}, as last time?"; several that follow on one another are offered at once.

    Answered by neither yes, no nor a value, it is put once more (`decide`); after that the question is asked normally.
    """
    frame = draft.top
    if frame is None or draft.walk is None or draft.walk.need is not Need.ASK:
        return False
    if _offered(frame, draft.flow.state(frame.state).slot) is None or draft.pending is not None:
        return False
    names = _in_a_row(draft, frame)
    if _was_put_twice(draft, names):
        draft.empty(len(draft.stack) - 1, *names)
        return True
    told = ", ".join(_named(draft, frame, name) for name in names)
    since = any(frame.slots[name].at for name in names)
    text = draft.line("as_last_time" if since else "as_known", values=told)
    draft.ask_system(PendingKind.MEMORY, text, about={SLOTS: names})
    return True


def _offered(frame: Frame, slot: str | None) -> Slot | None:
    held = frame.slots.get(slot or "")
    return held if held is not None and held.state is SlotState.OFFERED else None


def _in_a_row(draft: Draft, frame: Frame) -> list[str]:
    """The offered slot that is asked here, and those asked behind it when it is settled, with nothing in between."""
    flow, names = draft.flow, list[str]()
    while (held := _offered(frame, name := flow.state(frame.state).slot or "")) is not None:
        names.append(name)
        settled = replace(frame, slots=frame.slots | {name: replace(held, state=SlotState.FILLED)})
        rested = walk(flow, settled, draft.person, changed={name}, max_steps=draft.book.desk.max_steps_per_turn)
        if rested.need is not Need.ASK or rested.backs:
            break
        frame = rested.frame
    return names


def _was_put_twice(draft: Draft, names: Sequence[str]) -> bool:
    before = _open_offer(draft.before.pending)
    return before is not None and before.put > 1 and before.about[SLOTS] == names


def _named(draft: Draft, frame: Frame, name: str) -> str:
    """A value as it is offered; one that is old, with its date."""
    slot, held = draft.flow.slot(name), frame.slots[name]
    value = shown(held.value, slot)
    wait_s = draft.book.desk.ask_again_after_s if slot.ask_again_after_s is None else slot.ask_again_after_s
    if held.at is None or draft.now - held.at <= timedelta(seconds=wait_s):
        return draft.line("recap_value", label=slot.called, value=value)
    return draft.line("value_of", label=slot.called, value=value, date=f"{held.at:%-d %B %Y}")


def _open_offer(pending: Pending | None) -> Pending | None:
    """The offer of values, while it is open."""
    wanted = pending is not None and pending.kind is PendingKind.MEMORY and SLOTS in pending.about
    return pending if wanted else None


@rule("S12.yes", Stage.SYSTEM, 60, given=(Given.SYSTEM,))
def it_is_as_last_time(draft: Draft, hearing: Hearing) -> bool:
    """yes settles what was offered, and what stands beside the yes is heard next."""
    pending = _open_offer(draft.pending)
    if pending is None or not (hearing.pressed is True or hearing.like_last):
        return False
    _settle(draft, pending.about[SLOTS])
    draft.pending = None
    draft.follow_up = read_answer(hearing.text, draft.reading).rest if hearing.pressed is True else ""
    draft.done = draft.explained = True
    return True


@rule("S12.no", Stage.SYSTEM, 61, given=(Given.SYSTEM,))
def it_is_not(draft: Draft, hearing: Hearing) -> bool:
    """no: asked normally. With another value beside it, only that value is replaced."""
    pending = _open_offer(draft.pending)
    if pending is None or hearing.pressed is not False or not draft.stack:
        return False
    rest = read_answer(hearing.text, draft.reading).rest
    hearing.values = _other_values(draft, pending.about[SLOTS], rest) if rest else []
    hearing.text, hearing.pressed = rest, None
    if not hearing.values:
        draft.empty(len(draft.stack) - 1, *pending.about[SLOTS])
        draft.pending = None
        draft.follow_up = rest
        draft.done = True
    draft.explained = True
    return True


def _other_values(draft: Draft, names: Sequence[str], text: str) -> list[Heard]:
    """Values for the slots that were offered: by what tells them apart, else for the first that can take the words."""
    told = [heard for heard in values_in(draft, text, draft.flow) if heard.slot in names and not heard.fault]
    if told:
        return told
    for name in names if not is_question(text) else ():
        found = [one for one in find_values(draft.flow.slot(name), text, draft.reading, asked=True) if not one.fault]
        if found:
            return [Heard(slot=name, value=found[-1].value, words=found[-1].words, asked=name == names[0])]
    return []


@rule("S12.value", Stage.VALUES, 55, given=(Given.SYSTEM, Given.VALUES))
def another_value_replaces_one(draft: Draft, hearing: Hearing) -> bool:
    """A different value for one of those that were offered accepts the rest."""
    pending = _open_offer(draft.pending)
    names: list[str] = pending.about[SLOTS] if pending is not None else []
    given = {heard.slot for heard in hearing.values if heard.slot in names and not heard.fault}
    if not given or not draft.stack:
        return False
    _settle(draft, [name for name in names if name not in given])
    draft.pending = None
    draft.explained = True
    return True


def _settle(draft: Draft, names: Sequence[str]) -> None:
    """The customer has confirmed it: from here on it is a value like any other."""
    index = len(draft.stack) - 1
    for name in names if draft.stack else ():
        held = _offered(draft.stack[index], name)
        if held is not None:
            draft.put(index, name, Slot(value=held.value, source=Source.MEMORY, turn=draft.turn))
