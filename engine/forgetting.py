"""What a run forgets, and what sleeps: going back, void confirmations, dormant values (W1, W2, W4, W7)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Set

from msgspec.structs import replace

from engine.frame import Found, Frame, Slot, Source
from engine.machine import Compiled

_NONE: frozenset[str] = frozenset()


def forget(flow: Compiled, frame: Frame, target: str) -> Frame:
    """W1: going back to `target` drops its slot, the slot that chose the edge, the answers asked from there on and
    the look-ups made there; passed volunteered values stay. Behind a checkpoint a new pass begins at `target` (W2)."""
    path = frame.path
    behind = path[path.index(target) :] if target in path else path
    dropped = {flow.state(target).slot, flow.state(frame.state).slot}
    for name in behind:
        slot = flow.state(name).slot
        if slot and (held := frame.slots.get(slot)) and (held.source is Source.ASKED or flow.slot(slot).ask_only):
            dropped.add(slot)
    frame = replace(
        frame,
        slots={name: slot for name, slot in frame.slots.items() if name not in dropped},
        lookups=still_known(flow, frame, behind),
        entries=frame.entries | {target: frame.entries.get(target, 0) + 1},
    )
    if target in path:
        return replace(frame, said=tuple(key for key in frame.said if key.split(":", 1)[0] not in behind))
    return replace(frame, start=target, carried=frame.facts, said=())


def gone_back(flow: Compiled, frame: Frame, target: str) -> Frame:
    """R55: the run before `target` was asked; answers asked from there on are forgotten, what was volunteered stays."""
    behind = frame.path[frame.path.index(target) :]
    dropped = {flow.state(target).slot}
    dropped |= {slot for name in behind if (slot := flow.state(name).slot) and frame.asked.get(slot)}
    while more := {name for name, slot in flow.definition.slots.items() if slot.depends_on in dropped} - dropped:
        dropped |= more
    return replace(
        frame,
        slots={name: slot for name, slot in frame.slots.items() if name not in dropped},
        lookups=still_known(flow, frame, behind),
        said=tuple(key for key in frame.said if key.split(":", 1)[0] not in behind),
        path=(),
        tries=0,
    )


def still_known(flow: Compiled, frame: Frame, behind: Collection[str]) -> dict[str, Found]:
    """The look-ups without those made in the states that are forgotten, and what judged their values (W8, R24)."""
    gone = {flow.state(name).action for name in behind}
    gone |= {flow.slot(slot).validate for name in behind if (slot := flow.state(name).slot)}
    return {key: found for key, found in frame.lookups.items() if key.split(":", 1)[0] not in gone}


def without_answers(flow: Compiled, lookups: Mapping[str, Found]) -> dict[str, Found]:
    """The look-ups without those into our own texts: what was said since may change how they are told (S33)."""
    return {key: found for key, found in lookups.items() if key.split(":", 1)[0] not in flow.questions}


def without_void_confirmations(frame: Frame, digests: dict[str, str]) -> Frame:
    """W7: every `ask_only` value whose digest no longer matches what its question shows is emptied; `digests` are of
    those questions that the walk has entered."""
    if not digests:
        return frame
    held = frame.slots
    void = {name for name, digest in digests.items() if name in held and held[name].shown != digest}
    if not void:
        return frame
    return replace(frame, slots={name: slot for name, slot in held.items() if name not in void})


def awake(flow: Compiled, frame: Frame) -> dict[str, Slot]:
    """The run's values without those that sleep: what actions, templates and a model may see (R32)."""
    sleeping = dormant(flow, frame)
    return {name: slot for name, slot in frame.slots.items() if name not in sleeping} if sleeping else frame.slots


def dormant(flow: Compiled, frame: Frame) -> frozenset[str]:
    """W4: the values that sleep where the run stands."""
    return asleep(flow, frame.slots, frame.state, {*frame.trail, *frame.path})


def asleep(
    flow: Compiled, slots: Mapping[str, Slot], state: str, walked: Set[str], *, among: Iterable[str] | None = None
) -> frozenset[str]:
    """W4: settled, some state asks it, none of those was walked, and none lies ahead of `state` on the flow's edges.

    `among`: only these slots are looked at; None: all.
    """
    passed_by = [
        name
        for name in (slots if among is None else among)
        if name in slots and name in flow.asked_in
        if walked.isdisjoint(flow.asked_in[name]) and slots[name].known
    ]
    if not passed_by:
        return _NONE
    to_come = ahead(flow, state, walked)
    return frozenset(name for name in passed_by if to_come.isdisjoint(flow.asked_in[name]))


def ahead(flow: Compiled, state: str, on_walk: Collection[str] = ()) -> set[str]:
    """The states that can still come, edges back to `on_walk` left out."""
    seen: set[str] = set()
    waiting = [state]
    while waiting:
        for target in flow.state(waiting.pop()).targets():
            if target not in seen and target not in on_walk:
                seen.add(target)
                waiting.append(target)
    return seen
