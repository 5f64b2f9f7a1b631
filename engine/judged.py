"""A value that was refused from outside, and what stands in its place (R24)."""

from __future__ import annotations

from engine.draft import Draft
from engine.flow import SlotDef
from engine.frame import Found, Frame, Slot, Source
from engine.heard import Heard


def refuse(draft: Draft, slot: SlotDef, found: Found) -> Heard:
    """Take the refused value out of the active run: what was known before returns, else its question is put.

    An answer is to be heard as a failed try (R19); for a correction or a volunteered value the reason is said here,
    and no try is counted (R20, R34).
    """
    index, refused = len(draft.stack) - 1, draft.stack[-1].slots[slot.name]
    reason = str(found.facts.get("reason") or slot.error_msg)
    asked = draft.asked is not None and draft.asked.name == slot.name and refused.source is Source.ASKED
    draft.speech.got = [(label, value) for label, value in draft.speech.got if label != slot.called]
    draft.speech.changed.pop((draft.stack[-1].run, slot.name), None)
    draft.changed.discard(slot.name)
    old = _known_before(draft, slot.name)
    if old is not None and old.value != refused.value:
        draft.put(index, slot.name, old)
        reason = draft.line("kept_old", reason=reason, old=draft.read(index, slot.name))
    else:
        draft.empty(index, slot.name)
    draft.explained = draft.done = not asked or old is not None
    if draft.explained:
        draft.speech.notices.append(reason or draft.line("not_usable", label=slot.called))
    return Heard(slot=slot.name, value=refused.value, fault=reason, asked=asked)


def _known_before(draft: Draft, name: str) -> Slot | None:
    run = draft.stack[-1].run
    frame: Frame | None = next((one for one in draft.before.stack if one.run == run), None)
    held = frame.slots.get(name) if frame is not None else None
    return held if held is not None and held.known else None
