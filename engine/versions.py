"""A run whose version nobody has any more, under the one that is deployed (R58): where it goes on, and with what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from engine.conversation import Waiting
from engine.forgetting import ahead
from engine.frame import Frame
from engine.machine import Compiled
from engine.question import Question
from engine.readers.validity import check


def moved(frame: Frame, flow: Compiled) -> Frame | None:
    """The run under another version: same checkpoint if it still exists (W10), answers that are still valid.

    None: it has done what cannot be undone, and no state of this version is known to lie behind that.
    """
    place = _place(frame, flow)
    if place is None:
        return None
    start, carried = place
    renamed = flow.definition.migrations.slots
    slots = {
        name: slot
        for old, slot in frame.slots.items()
        if (name := renamed.get(old, old)) in flow.definition.slots
        and (slot.value is None or not check(flow.slot(name), slot.value))
    }
    asked = {renamed.get(old, old): times for old, times in frame.asked.items()}
    return replace(
        frame,
        version=flow.version,
        start=start,
        carried=carried,
        trail=_trail(frame, flow, start, {name: name in asked for name in slots}),
        slots=slots,
        asked=asked,
        visits={_now(flow, old): times for old, times in frame.visits.items()},
        results={_now(flow, old): found for old, found in frame.results.items()},
        path=(start,),
        facts=carried,
        lookups={},
        said=(),
        ways=tuple(there for way in frame.ways if (there := moved(way, flow))),
    )


def _now(flow: Compiled, state: str) -> str:
    """What a state is called in this version, if its author says so."""
    return flow.definition.migrations.states.get(state, state)


def _place(frame: Frame, flow: Compiled) -> tuple[str, dict[str, Any]] | None:
    """Where the walk begins, and with which facts: the checkpoint, else the start, but never before an effect."""
    states = flow.definition.states
    if not frame.trail:
        return flow.definition.first, {}
    if (start := _now(flow, frame.start)) in states:
        return start, frame.carried
    if not frame.acted:
        return flow.definition.first, {}
    done = {_now(flow, old) for old in frame.visits if old != frame.state}
    for old in reversed((*frame.trail, *frame.path)):
        state = _now(flow, old)
        if old in frame.visits and old != frame.state:
            return (_behind(flow, state), frame.facts) if state in states else None
        if state in states and done.isdisjoint(ahead(flow, state)):
            return state, frame.facts
    return None


def _behind(flow: Compiled, effect: str) -> str:
    """Where an effect leads that went well: by its action's first outcome."""
    state = flow.state(effect)
    well = flow.definition.actions[state.action or ""].outcomes[:1]
    return next((one.next for one in state.branches if one.label is None or one.label in well), state.next or effect)


def _trail(frame: Frame, flow: Compiled, start: str, answered: Mapping[str, bool]) -> tuple[str, ...]:
    """The states before the checkpoint, as they are called now. Where one has another name or is gone, what was
    answered there does not fall asleep with it (W4): where that is asked now counts as passed. `answered` says of each
    value whether it was asked for."""
    if start == flow.definition.first:
        return ()
    walked = [_now(flow, old) for old in frame.trail]
    known = [state for state in walked if state in flow.definition.states]
    to_come = {start, *ahead(flow, start)}
    passed = [slot for slot, asked in answered.items() if asked or len(known) < len(walked)]
    again = [state for slot in passed for state in flow.asks(slot) if state not in to_come]
    return tuple(
        dict.fromkeys([*again, *known])
    )  # what was done last stays last: nothing before it is a place to go on


def still_open(question: Question, flow: Compiled) -> Question | None:
    """The question that a run was asked, where this version still asks it: what answers it is no less an answer. A
    confirmation counts by what it showed, as ever (W7); an option that is no more is none."""
    slot = flow.definition.migrations.slots.get(question.slot, question.slot)
    asking = flow.asks(slot)
    if not asking:
        return None
    state = _now(flow, question.state)
    offered = not any(check(flow.slot(slot), choice.value) for choice in question.choices)
    return replace(
        question,
        slot=slot,
        state=state if state in asking else asking[0],
        choices=question.choices if offered else (),
    )


def still_awaited(waiting: Waiting, flow: Compiled) -> Waiting:
    """The call that a run waits for: its result goes to where this version calls the same action."""
    state = _now(flow, waiting.state)
    calling = [one.name for one in flow.definition.states.values() if one.action == waiting.action]
    return replace(waiting, state=state if state in calling or not calling else calling[0])
