"""E. Correction: a different value for what was settled. The walk is taken again; nothing is positioned by hand."""

from __future__ import annotations

from engine.conversation import Slot
from engine.draft import Draft
from engine.heard import Heard, Hearing
from engine.rules.filling import source_of
from engine.rules.registry import Stage, rule
from engine.views import shown


@rule("R38", Stage.SYSTEM, 5)
def an_old_button(draft: Draft, hearing: Hearing) -> bool:
    """A press that belongs to an earlier question changes nothing; the current question is put again."""
    if not hearing.stale:
        return False
    draft.speech.acks.append(draft.line("stale_option"))
    draft.done = draft.explained = True
    return True


@rule("R34", Stage.VALUES, 45)
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


@rule("R30", Stage.VALUES, 50)
def a_different_value(draft: Draft, hearing: Hearing) -> bool:
    """ "Changed {label}: {old} → {new}." A "no" that comes with it was a correction, not a no (DESIGN 4)."""
    found = [heard for heard in hearing.values if not heard.fault and not heard.asked]
    changed = [heard for heard in found if _correct(draft, heard)]
    for heard in changed:
        hearing.drop(heard.slot)
    asked = draft.asked
    if changed and asked is not None and (answer := hearing.of(asked.name)) and answer.value is False:
        hearing.drop(asked.name)
    draft.explained |= bool(changed)
    return bool(changed)


def _correct(draft: Draft, heard: Heard) -> bool:
    index = draft.holder(heard.slot, settled=True, within=heard.within)
    if index is None or draft.holder(heard.slot, settled=False, within=heard.within) == len(draft.stack) - 1:
        return False
    definition = draft.book.of(draft.stack[index]).slot(heard.slot)
    if not draft.stack[index].path:
        draft.empty(index, heard.slot)  # a run that only begins: what was known before gives way without a word
        return False
    if draft.stack[index].acted and definition.once:
        draft.speech.notices.append(draft.line("already_done"))
        return True
    old = draft.read(index, heard.slot)
    slot = Slot(value=heard.value, source=source_of(heard), words=heard.words, turn=draft.turn)
    draft.put(index, heard.slot, slot)
    draft.changed.add(heard.slot)
    if not definition.sensitive:
        new = str(shown(heard.value, definition))
        draft.speech.acks.append(draft.line("changed", label=definition.called, old=old, new=new))
    return True


@rule("R33", Stage.VALUES, 52)
def what_depends_on_it(draft: Draft, hearing: Hearing) -> bool:
    """A changed value empties what was said to depend on it, and what depends on that."""
    emptied = False
    for index, frame in enumerate(draft.stack):
        flow = draft.book.of(frame)
        gone: set[str] = set()
        waiting = list(draft.changed)
        while waiting:
            parent = waiting.pop()
            for name, definition in flow.definition.slots.items():
                if definition.depends_on == parent and name in frame.slots and name not in gone | draft.changed:
                    gone.add(name)
                    waiting.append(name)
        if gone:
            draft.empty(index, *gone)
            emptied = True
    return emptied


@rule("R38.void", Stage.VALUES, 55)
def a_yes_to_what_has_changed(draft: Draft, hearing: Hearing) -> bool:
    """A value shown in the open confirmation changed with this message: a "yes" beside it confirms nothing."""
    asked = draft.asked
    if asked is None or not asked.ask_only or not draft.changed:
        return False
    hearing.drop(asked.name)
    return True
