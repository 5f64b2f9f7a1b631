"""S31: a task is tried another way, what there was is kept, and each version can be gone on with until one acts."""

from __future__ import annotations

from collections.abc import Sequence

from engine.archive import others
from engine.draft import Draft
from engine.frame import Frame
from engine.heard import Heard, Hearing
from engine.places import named
from engine.readers.control import Control
from engine.rules.given import Given
from engine.rules.registry import Stage, rule
from engine.understand import values_in
from engine.walk import Need
from engine.ways import MOST_VERSIONS, ORDINALS, forked, taken_up, version_named, whole


@rule("S31", Stage.CONTROL, 28, given=(Given.RUN, Given.CONTROL))
def fork(draft: Draft, hearing: Hearing) -> bool:
    """ "Go back to the focus and try pricing", "fork: what if we look at pricing?": R55 to that point, in a copy."""
    control, frame = hearing.control, draft.top
    if control is None or not control.fork or frame is None:
        return False
    draft.done = draft.explained = True
    flow = draft.flow
    if len(frame.ways) + 1 >= MOST_VERSIONS:
        draft.speech.acks.append(draft.line("forks_full", n=MOST_VERSIONS))
        return True
    within = whole(flow, frame)
    other = [] if control.to else _other_values(draft, frame, control.rest)
    target = named(flow, within, control.to) if control.to else _first_asked(draft, within, other)
    if target is None:
        behind = any(frame.slots[heard.slot].settled for heard in other)
        draft.speech.acks.append(draft.line("fork_behind" if behind else "fork_where"))
        return True
    draft.stack[-1] = new = forked(flow, frame, target)
    draft.question = None
    draft.follow_up = control.rest if control.to else ", ".join(heard.words for heard in other)
    draft.speech.acks.append(draft.line("forked", now=_called(draft, new), kept=_called(draft, frame)))
    return True


def _other_values(draft: Draft, frame: Frame, text: str) -> list[Heard]:
    """Values that are not those the run has."""
    heard = values_in(draft, text, draft.flow)
    return [one for one in heard if (held := frame.slots.get(one.slot)) and held.settled and held.value != one.value]


def _first_asked(draft: Draft, within: Frame, other: Sequence[Heard]) -> str | None:
    slots = {heard.slot for heard in other}
    return next((state for state in within.path[:-1] if draft.flow.state(state).slot in slots), None)


@rule("S31.swap", Stage.CONTROL, 29, given=(Given.RUN, Given.CONTROL))
def back_to_a_version(draft: Draft, hearing: Hearing) -> bool:
    """ "Back to the first version", read before "back" (W11): the run goes on as it stood there, and nothing is looked
    up again."""
    control, frame = hearing.control, draft.top
    if control is None or control.control is not Control.BACK or control.fork or frame is None:
        return False
    way = version_named(draft.flow, frame, control.to)
    if way is None:
        return False
    draft.done = draft.explained = True
    if way is not frame:
        _take_up(draft, frame, way)
    values = ", ".join(_differing(draft, way, frame if way is not frame else frame.ways[-1]))
    line, called = ("to_version" if values else "to_version_plain"), _called(draft, way)
    draft.speech.acks.append(draft.line(line, version=called, values=values))
    draft.follow_up = control.rest
    return True


def _take_up(draft: Draft, frame: Frame, way: Frame) -> None:
    draft.stack[-1] = taken_up(frame, way)
    draft.time.anew.add(frame.run)
    draft.question = None
    for name, slot in way.slots.items():
        if slot.settled and draft.flow.slot(name).scope:
            draft.put(len(draft.stack) - 1, name, slot)  # what the scope's flows share is this version's now


def _differing(draft: Draft, way: Frame, other: Frame) -> list[str]:
    """The values that set a version, which is the active one now, apart from another."""
    flow, index = draft.flow, len(draft.stack) - 1
    names = [name for name, slot in way.slots.items() if slot.settled and slot.value != _value(other, name)]
    told = [(flow.slot(name).called, draft.read(index, name)) for name in names if not flow.slot(name).sensitive]
    return [draft.line("recap_value", label=label, value=value) for label, value in told if value]


def _value(way: Frame, name: str) -> object:
    held = way.slots.get(name)
    return held.value if held and held.settled else None


def _called(draft: Draft, way: Frame) -> str:
    return draft.line(f"version_{ORDINALS[way.way]}")


@rule("S31.act", Stage.ARRIVE, 15, given=(Need.CALL,), consumed_too=True)
def only_one_can_act(draft: Draft, hearing: Hearing) -> bool:
    """What cannot be undone is done in one version; the others are over."""
    frame = draft.top
    if frame is None or not frame.ways or draft.walk is None or draft.walk.need is not Need.CALL:
        return False
    draft.archived += others(frame, draft.book, now=draft.now)
    draft.change(ways=())
    return True
