"""What of a run was used already by something that cannot be undone (R39)."""

from __future__ import annotations

from engine.forgetting import ahead
from engine.frame import Frame
from engine.machine import Compiled


def used(flow: Compiled, frame: Frame, slot: str) -> bool:
    """Did something that cannot be undone read the slot in this run? Of what this version has no more, all was read."""
    inputs = [flow.inputs.get(flow.state(state).action or "") for state in frame.visits]
    return any(names is None or slot in names for names in inputs) and slot not in _still_open(flow, frame)


def _still_open(flow: Compiled, frame: Frame) -> set[str]:
    """Slots whose question stands behind the last effect, or can still come: a new value for them is in time."""
    return {
        slot
        for state in {*frame.path, *ahead(flow, frame.state, {*frame.trail, *frame.path})}
        if (slot := flow.state(state).slot)
    }
