"""The places of a run that a customer can go back to, by their order or by what they are called (R55)."""

from __future__ import annotations

from engine.frame import Frame
from engine.machine import Compiled
from engine.readers.corrections import names_label


def last_asked(flow: Compiled, frame: Frame) -> str | None:
    """The last state before the position, since the checkpoint (W11), that was really asked and answered."""
    return next((state for state, slot in _answered(flow, frame) if frame.asked.get(slot)), None)


def named(flow: Compiled, frame: Frame, words: str) -> str | None:
    """The answered state that the words name: by its slot's label, its own title, or either's name."""
    for state, slot in _answered(flow, frame):
        names = (flow.slot(slot).called, slot, flow.state(state).title, state)
        if any(names_label(words, name.replace("_", " ")) for name in names if name):
            return state
    return None


def _answered(flow: Compiled, frame: Frame) -> list[tuple[str, str]]:
    """State and slot of every answered question before the position, the last first."""
    asked = ((state, flow.state(state).slot or "") for state in reversed(frame.path[:-1]))
    return [(state, slot) for state, slot in asked if slot in frame.slots]
