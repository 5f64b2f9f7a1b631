"""I. Habits: what was the same in the last runs is taken as usual, said once, and never acted on unasked (S14)."""

from __future__ import annotations

from collections.abc import Iterable

from engine.draft import Draft
from engine.forgetting import ahead, asleep
from engine.frame import Frame, Slot, Source
from engine.heard import Hearing
from engine.machine import Compiled
from engine.remembering import habits
from engine.rules.registry import Stage, rule
from engine.views import shown
from engine.walk import Need


@rule("S14", Stage.BEGIN, 10, consumed_too=True)
def taken_as_usual(draft: Draft, hearing: Hearing) -> bool:
    """The last `fast_track_after` runs of this flow gave it one value: it is settled, and its state is passed.

    It goes into no scope: another flow would not announce it.
    """
    frame, memory = draft.top, draft.memory
    if frame is None or memory is None or not memory.runs:
        return False
    usual = habits(memory, draft.flow.definition, draft.book)
    slots = {
        name: Slot(value=value, source=Source.HABIT, turn=draft.turn)
        for name, value in usual.items()
        if name not in frame.slots
    }
    if slots:
        draft.change(slots=frame.slots | slots, usual=dict.fromkeys(slots, 0))
    return bool(slots)


@rule("S14.guard", Stage.ARRIVE, 1, given=(Need.CALL,), consumed_too=True)
def nothing_is_done_unannounced(draft: Draft, hearing: Hearing) -> bool:
    """What cannot be undone uses the value, and no question stood since it was announced: it is asked after all."""
    frame = draft.top
    if frame is None or not frame.usual or draft.walk is None or draft.walk.need is not Need.CALL:
        return False
    read = draft.flow.inputs[draft.flow.state(frame.state).action or ""]
    unsaid = [name for name in _as_usual(frame) if frame.usual[name] in (0, draft.turn)]
    unsaid = [name for name in unsaid if read is None or name in read]
    if not unsaid:
        return False
    draft.empty(len(draft.stack) - 1, *unsaid)
    draft.again = True
    return True


@rule("S14.said", Stage.ARRIVE, 2, consumed_too=True)
def announced_once(draft: Draft, hearing: Hearing) -> bool:
    """In the reply that puts the bound confirmation; without one to come, in the reply that passes the state."""
    frame = draft.top
    if frame is None or not frame.usual or draft.again:
        return False
    unsaid = [name for name in _as_usual(frame) if not frame.usual[name]]
    now = [name for name in unsaid if _is_due(draft.flow, frame, name)]
    for name in now:
        slot = draft.flow.slot(name)
        value = shown(frame.slots[name].value, slot)
        draft.speech.notices.append(draft.line("as_usual", label=slot.called, value=value))
    if now:
        draft.change(usual=frame.usual | dict.fromkeys(now, draft.turn))
    return bool(now)


def _as_usual(frame: Frame) -> Iterable[str]:
    """The slots that a habit settled and nobody has changed since."""
    return [name for name in frame.usual if name in frame.slots and frame.slots[name].source is Source.HABIT]


def _is_due(flow: Compiled, frame: Frame, slot: str) -> bool:
    walked = {*frame.trail, *frame.path}
    if frame.state in flow.bound:
        return not asleep(flow, frame.slots, frame.state, walked, among=(slot,))
    passed = not walked.isdisjoint(flow.asks(slot))
    return passed and ahead(flow, frame.state, walked).isdisjoint(flow.bound)
