"""What is known of a task so far and what is still open, from its state and in our own words (S30)."""

from __future__ import annotations

from engine.draft import Draft
from engine.forgetting import ahead, awake
from engine.frame import Slot, SlotState

_NOTHING = Slot(state=SlotState.OFFERED)


def so_far(draft: Draft) -> list[str]:
    """Of the active run: its values by label, then the labels that no value stands behind yet."""
    frame, flow, index = draft.stack[-1], draft.flow, len(draft.stack) - 1
    told = [name for name, slot in awake(flow, frame).items() if slot.settled and not flow.slot(name).sensitive]
    values = [(flow.slot(name).called, draft.read(index, name)) for name in told]
    named = [draft.line("recap_value", label=label, value=value) for label, value in values if value]
    to_come = {frame.state} | ahead(flow, frame.state, {*frame.trail, *frame.path})
    asks = dict.fromkeys(flow.state(state).slot for state in flow.definition.states if state in to_come)
    open_ = [
        flow.slot(slot).called
        for slot in asks
        if slot and not flow.slot(slot).ask_only and not frame.slots.get(slot, _NOTHING).settled
    ]
    known = draft.line("so_far", values=", ".join(named)) if named else draft.line("so_far_nothing")
    return [known, draft.line("still_open", labels=", ".join(open_))] if open_ else [known]
