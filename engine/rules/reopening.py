"""E. Correction without a value, or one that is asked back first: a question is opened again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from msgspec.structs import replace

from engine.draft import Draft
from engine.flow import SlotDef, SlotType
from engine.frame import Slot
from engine.heard import Heard, Hearing
from engine.question import PendingKind
from engine.readers.answer import read_answer
from engine.readers.control import Control
from engine.readers.corrections import correction_marker, names_label, negated, set_aside
from engine.readers.values import find_values
from engine.readers.words import words
from engine.rules.ambiguity import menu
from engine.rules.correction import corrections, say_already_done, was_no_answer
from engine.rules.given import Given
from engine.rules.registry import Stage, rule
from engine.spent import used
from engine.understand import values_in
from engine.views import shown

_KEEP = re.compile(
    r"\W*(?:(?:no|ok|okay|please|just|sorry|actually)\W+){0,3}(?:keep|leave)\b(?: (?:it|that|this|the old(?: one)?))?"
    r"(?: (?:as it (?:is|was)|like that|then|please|is fine))*\W*",
    re.IGNORECASE,
)
_SHORT_WORDS = 7
"""A longer answer to an open question tells something, even where it says that something is wrong."""


@rule("R35.keep", Stage.CONTROL, 18, given=(Given.REOPENED,))
def keep_it(draft: Draft, hearing: Hearing) -> bool:
    """ "keep it" (or "skip") at a question that was opened again restores the place."""
    asked, frame = draft.asked, draft.top
    held = frame.slots.get(asked.name) if asked is not None and frame is not None else None
    if asked is None or held is None or not held.reopened:
        return False
    skips = hearing.control is not None and hearing.control.control is Control.SKIP
    if not skips and not _KEEP.fullmatch(hearing.text):
        return False
    index = len(draft.stack) - 1
    draft.put(index, asked.name, replace(held, reopened=False))
    old = asked.called if asked.sensitive else draft.read(index, asked.name)
    draft.speech.acks.append(draft.line("kept", old=old))
    draft.done = draft.explained = True
    return True


@rule("R40.answer", Stage.SYSTEM, 25, given=(Given.SYSTEM,))
def the_change_was_meant(draft: Draft, hearing: Hearing) -> bool:
    """yes: it is changed (R31). no: the old stays and the question returns; another value beside it is asked about."""
    pending = draft.pending
    if pending is None or pending.kind is not PendingKind.CORRECTION or not isinstance(hearing.pressed, bool):
        return False
    draft.pending = None
    draft.explained = True
    known = [heard for heard in (_proposed(draft, one) for one in pending.about["corrections"]) if heard is not None]
    if hearing.pressed:
        hearing.values, hearing.agreed = known, True
        return True
    rest = read_answer(hearing.text, draft.reading).rest
    again = _other_value(draft, known[0], rest) if rest and len(known) == 1 else None
    if again is not None:
        hearing.values = [again]
        return True
    draft.speech.acks.append(draft.line("kept_going"))
    draft.done = True
    return True


def _proposed(draft: Draft, one: dict[str, object]) -> Heard | None:
    slot = str(one["slot"])
    return Heard(slot=slot, value=one["value"], words=str(one["words"])) if draft.known(slot) is not None else None


def _other_value(draft: Draft, known: Heard, rest: str) -> Heard | None:
    index = draft.known(known.slot)
    if index is None:
        return None
    found = find_values(draft.book.of(draft.stack[index]).slot(known.slot), rest, draft.reading, asked=True)
    return Heard(slot=known.slot, value=found[-1].value, words=rest, fault=found[-1].fault) if found else None


@rule("R40", Stage.VALUES, 48, given=(Given.AGAIN,))
def a_change_is_asked_back(draft: Draft, hearing: Hearing) -> bool:
    """The flow sets `confirm_corrections`: "Change {old} to {new}?", and nothing is changed before the yes."""
    if hearing.agreed:
        return False
    asked_back = [heard for heard in corrections(draft, hearing) if _confirms(draft, heard)]
    if not asked_back:
        return False
    was_no_answer(draft, hearing)
    for heard in asked_back:
        hearing.drop(heard.slot)
    parts = [_part(draft, heard) for heard in asked_back]
    about = {"corrections": [{"slot": h.slot, "value": h.value, "words": h.words} for h in asked_back]}
    text = draft.line("change_sure", changes=", ".join(parts))
    draft.ask_system(PendingKind.CORRECTION, text, kept=hearing.text, about=about)
    draft.explained = True
    return True


def _confirms(draft: Draft, heard: Heard) -> bool:
    index = draft.known(heard.slot)
    if index is None or heard.asked or draft.stack[index].slots[heard.slot].value == heard.value:
        return False
    return draft.book.of(draft.stack[index]).definition.confirm_corrections


def _part(draft: Draft, heard: Heard) -> str:
    index = draft.known(heard.slot) or 0
    definition = draft.book.of(draft.stack[index]).slot(heard.slot)
    if definition.sensitive:
        return definition.called
    old, new = draft.read(index, heard.slot), str(shown(heard.value, definition))
    return draft.line("changed_from", label=definition.called, old=old, new=new)


@rule("R35", Stage.VALUES, 57, given=(Given.RUN, Given.DISPUTED))
def something_is_wrong(draft: Draft, hearing: Hearing) -> bool:
    """ "The address is wrong", no value: it is asked again, showing the old value, which stays until it is replaced."""
    for index, definition, held in _called_wrong(draft, hearing, ask_only=False):
        if used(draft.book.of(draft.stack[index]), draft.stack[index], definition.name):
            say_already_done(draft)
        else:
            draft.put(index, definition.name, replace(held, reopened=True))
            _announce(draft, index, definition)
        _nothing_answered(draft, hearing)
        return True
    return False


@rule("R36", Stage.VALUES, 58, given=(Given.RUN, Given.DISPUTED))
def a_confirmation_is_wrong(draft: Draft, hearing: Hearing) -> bool:
    """A correction of an `ask_only` slot empties it and asks its question again; the sentence gives no value."""
    for index, definition, _ in _called_wrong(draft, hearing, ask_only=True):
        if used(draft.book.of(draft.stack[index]), draft.stack[index], definition.name):
            say_already_done(draft)
        else:
            draft.empty(index, definition.name)
            draft.speech.lead = ("back_plain", {})
        _nothing_answered(draft, hearing)
        return True
    return False


def _called_wrong(draft: Draft, hearing: Hearing, *, ask_only: bool) -> Iterator[tuple[int, SlotDef, Slot]]:
    """The slots, of the topmost run first, that the message says are wrong without saying what is right."""
    if not draft.stack or draft.changed or draft.pending is not None or hearing.question:
        return
    text = hearing.text
    marked = correction_marker(text) is not None
    heard = {one.slot for one in (hearing.values if ask_only else (*hearing.values, *hearing.used))}
    for index in range(len(draft.stack) - 1, -1, -1):
        flow = draft.book.of(draft.stack[index])
        for name, held in draft.stack[index].slots.items():
            definition = flow.slot(name)
            if definition.ask_only is not ask_only or held.turn == draft.turn or name in heard or not held.known:
                continue
            if not (marked and _labelled(text, definition)) and not _denied(text, held):
                continue
            if _may_be_about_another(draft, hearing):
                yield index, definition, held


def _labelled(text: str, slot: SlotDef) -> bool:
    return names_label(text, slot.called) or names_label(text, slot.name)


def _denied(text: str, held: Slot) -> bool:
    """Is the old value itself denied: "it's not ORD-12345"?"""
    old = held.value if isinstance(held.value, str) else ""
    place = text.casefold().find(old.casefold()) if old else -1
    return place >= 0 and (negated(text, place) or set_aside(text, place))


def _may_be_about_another(draft: Draft, hearing: Hearing) -> bool:
    """An open question takes any words: only a short message says besides that something else is wrong."""
    asked = draft.asked
    if asked is None or hearing.of(asked.name) is None or asked.type is SlotType.BOOLEAN:
        return True
    if asked.type is not SlotType.TEXT or asked.pattern is not None:
        return False
    return len(words(hearing.text)) <= _SHORT_WORDS


def _announce(draft: Draft, index: int, definition: SlotDef) -> None:
    frame = draft.stack[index]
    flow = draft.book.of(frame)
    passed = any(flow.state(state).slot == definition.name for state in frame.path)
    if index < len(draft.stack) - 1 or not passed:
        draft.speech.acks.append(draft.line("will_ask", label=definition.called))
    elif definition.sensitive:
        draft.speech.lead = ("back_plain", {})
    else:
        draft.speech.lead = ("reopened", {"old": draft.read(index, definition.name)})


def _nothing_answered(draft: Draft, hearing: Hearing) -> None:
    """What was said is about another question than the open one."""
    if draft.asked is not None:
        hearing.drop(draft.asked.name)
    draft.explained = True


@rule("R39.ended", Stage.VALUES, 88, given=(Given.NO_RUN,))
def too_late_all_is_done(draft: Draft, hearing: Hearing) -> bool:
    """A correction after the run that did it has ended: it is done; what can be done now is a person, or anew."""
    ended, heard_at = draft.ended, draft.before.heard_at
    if draft.stack or ended is None or not ended.visits or heard_at is None:
        return False
    if draft.now - heard_at > timedelta(seconds=draft.book.desk.resume_after_s):
        return False
    flow = draft.book.current(ended.flow)
    if flow is None or correction_marker(hearing.text) is None:
        return False
    said = [heard for heard in values_in(draft, hearing.text, flow) if heard.slot in ended.slots]
    if not any(ended.slots[heard.slot].value != heard.value for heard in said):
        return False
    say_already_done(draft)
    if draft.book.people:
        about = {"trigger": "explicit_request"}
        draft.ask_system(PendingKind.PERSON, draft.line("offer_person"), kept=hearing.text, about=about)
    else:
        draft.speech.notices.append(menu(draft))
    draft.done = True
    return True
