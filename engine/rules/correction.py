"""E. Correction: a different value for what was settled. The walk is taken again; nothing is positioned by hand."""

from __future__ import annotations

from engine.draft import Draft
from engine.frame import Slot
from engine.heard import Heard, Hearing
from engine.readers.corrections import correction_marker
from engine.readers.values import beside
from engine.rules.filling import source_of
from engine.rules.given import Given
from engine.rules.registry import Stage, rule
from engine.spent import used
from engine.understand import UNMISTAKABLE
from engine.views import shown

_TOGETHER = 2
"""Values that a message must settle, beside one it corrects, to be named in one sentence with it (R7)."""


@rule("R38", Stage.SYSTEM, 5, given=(Given.ODD,))
def an_old_button(draft: Draft, hearing: Hearing) -> bool:
    """A press that belongs to an earlier question changes nothing; the current question is put again."""
    if not hearing.stale:
        return False
    draft.speech.acks.append(draft.line("stale_option"))
    draft.done = draft.explained = True
    return True


@rule("R39", Stage.VALUES, 44, given=(Given.AGAIN,))
def too_late_to_change(draft: Draft, hearing: Hearing) -> bool:
    """A value that something irreversible was already done with: said so, nothing changes; a person can still help."""
    late = [heard.slot for heard in corrections(draft, hearing) if _used(draft, heard.slot)]
    for slot in late:
        hearing.drop(slot)
    if late:
        was_no_answer(draft, hearing)
        say_already_done(draft)
    return bool(late)


def say_already_done(draft: Draft) -> None:
    """It is done; where people stand behind this desk, how to reach one."""
    draft.speech.notices.append(draft.line("already_done"))
    if draft.book.people:
        draft.speech.notices.append(draft.line("person_instead"))
    draft.explained = True


def _used(draft: Draft, slot: str) -> bool:
    index = draft.known(slot)
    return index is not None and used(draft.book.of(draft.stack[index]), draft.stack[index], slot)


@rule("R30.question", Stage.VALUES, 42, given=(Given.QUESTION, Given.AGAIN))
def mentioned_in_a_question(draft: Draft, hearing: Hearing) -> bool:
    """ "What's the weather today?" is no new date (R41): a question corrects what it names, or says that it changes."""
    if not hearing.question or correction_marker(hearing.text) is not None:
        return False
    mentioned = [heard.slot for heard in corrections(draft, hearing) if not _meant(draft, hearing.text, heard)]
    for slot in mentioned:
        hearing.drop(slot)
    return bool(mentioned)


def _meant(draft: Draft, text: str, heard: Heard) -> bool:
    index = draft.known(heard.slot)
    definition = draft.book.of(draft.stack[index]).slot(heard.slot) if index is not None else None
    if definition is None or heard.asked or heard.model:
        return True
    unmistakable = definition.pattern is not None or definition.type in UNMISTAKABLE
    return unmistakable or beside(definition, text, heard.start, heard.end)


@rule("R34", Stage.VALUES, 45, given=(Given.AGAIN,))
def a_correction_that_is_wrong(draft: Draft, hearing: Hearing) -> bool:
    """The reason, and that the old value is kept; no try is counted."""
    fired = False
    for heard in [h for h in hearing.values if h.fault and not h.asked]:
        index = draft.holder(heard.slot, settled=True)
        if index is None:
            continue
        old = draft.read(index, heard.slot)
        draft.speech.notices.append(draft.line("kept_old", reason=heard.fault, old=old))
        hearing.drop(heard.slot)
        fired = draft.explained = True
    return fired


@rule("R30", Stage.VALUES, 50, given=(Given.AGAIN,))
def a_different_value(draft: Draft, hearing: Hearing) -> bool:
    """ "Changed {label}: {old} → {new}." A "no" that comes with it was a correction, not a no (DESIGN 4)."""
    changed = corrections(draft, hearing)
    for heard in changed:
        _replace(draft, heard)
        hearing.drop(heard.slot)
    if changed:
        was_no_answer(draft, hearing)
    draft.explained |= bool(changed)
    return bool(changed)


def corrections(draft: Draft, hearing: Hearing) -> list[Heard]:
    """What of a message corrects a value that a run on the stack holds (R30)."""
    return [heard for heard in hearing.values if not heard.fault and _corrects(draft, heard)]


def _corrects(draft: Draft, heard: Heard) -> bool:
    index = draft.known(heard.slot, within=heard.within)
    if index is None or not draft.stack[index].path:
        return False
    if draft.stack[index].slots[heard.slot].reopened:
        return True
    return not heard.asked and draft.holder(heard.slot, settled=False, within=heard.within) != len(draft.stack) - 1


def was_no_answer(draft: Draft, hearing: Hearing) -> None:
    """A "no" that comes with a correction answered nothing."""
    asked = draft.asked
    if asked is not None and (answer := hearing.of(asked.name)) and answer.value is False:
        hearing.drop(asked.name)


def _replace(draft: Draft, heard: Heard) -> None:
    index = draft.known(heard.slot, within=heard.within)
    if index is None:
        return
    frame = draft.stack[index]
    definition = draft.book.of(frame).slot(heard.slot)
    held = frame.slots[heard.slot]
    words = "" if definition.sensitive else heard.words
    draft.put(index, heard.slot, Slot(value=heard.value, source=source_of(heard), words=words, turn=draft.turn))
    if held.value == heard.value:
        return
    draft.changed.add(heard.slot)
    if not definition.sensitive:
        old = str(shown(held.value, definition)) if held.value is not None else definition.called
        first = draft.speech.changed.get((frame.run, heard.slot), (definition.called, old, old))
        draft.speech.changed[frame.run, heard.slot] = (*first[:2], str(shown(heard.value, definition)))


@rule("R33", Stage.VALUES, 52, given=(Given.CHANGED,))
def what_depends_on_it(draft: Draft, hearing: Hearing) -> bool:
    """A changed value empties what was said to depend on it, and what depends on that: "So I need {B} again." """
    emptied = False
    for index, frame in enumerate(draft.stack):
        flow = draft.book.of(frame)
        gone: list[str] = []
        waiting = list(draft.changed)
        while waiting:
            parent = waiting.pop()
            for name, definition in flow.definition.slots.items():
                if definition.depends_on == parent and name in frame.slots and name not in {*gone, *draft.changed}:
                    gone.append(name)
                    waiting.append(name)
        if gone:
            draft.empty(index, *gone)
            draft.speech.notices += [draft.line("need_again", label=flow.slot(name).called) for name in gone]
            emptied = True
    return emptied


@rule("R38.void", Stage.VALUES, 55, given=(Given.ASKED, Given.CHANGED))
def a_yes_to_what_has_changed(draft: Draft, hearing: Hearing) -> bool:
    """A value shown in the open confirmation changed with this message: a "yes" beside it confirms nothing."""
    asked = draft.asked
    if asked is None or not asked.ask_only or not draft.changed:
        return False
    hearing.drop(asked.name)
    return True


@rule("R7", Stage.VALUES, 85, given=(Given.RUN, Given.CHANGED))
def got_these_and_changed_that(draft: Draft, hearing: Hearing) -> bool:
    """One message settles two slots and corrects a third: all of it in one acknowledgement."""
    frame = draft.top
    if frame is None or not any(run == frame.run for run, _ in draft.speech.changed):
        return False
    flow = draft.flow
    got = [
        (flow.slot(name).called, draft.read(len(draft.stack) - 1, name))
        for name, slot in frame.slots.items()
        if slot.turn == draft.turn and slot.value is not None and (frame.run, name) not in draft.speech.changed
        if not flow.slot(name).sensitive and not flow.slot(name).ask_only and slot.settled
    ]
    if len(got) < _TOGETHER:
        return False
    draft.speech.got = got
    draft.speech.together = True
    return True
