"""Where a run stands, as a model is told it: its steps, what is settled, what it looked up (S17 (2), (4), (5))."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.draft import Draft
from engine.flow import SlotDef, SlotType
from engine.forgetting import ahead, awake
from engine.frame import Slot, SlotState
from engine.shielding import one_line
from engine.views import plain, shown, to_speech

OFFERED = "offered, not confirmed"
SITUATION = "the customer's situation"
"""A choice that answers from the desk's own texts depend on (S33)."""


def goal(draft: Draft) -> str:
    """What the active run is for; "" while it names what is not known yet, and for one that names a secret."""
    flow, frame = draft.flow, draft.stack[-1]
    if flow.goal is None or any(
        slot.sensitive for name, slot in flow.definition.slots.items() if name in flow.goal.names
    ):
        return ""
    values = to_speech(flow.goal.names, flow.definition, awake(flow, frame), frame.facts, draft.person)
    return flow.goal.render(values) if flow.goal.names <= values.keys() else ""


def steps(draft: Draft) -> list[dict[str, Any]]:
    """The active run's states in the file's order: id, title, and whether it is here, done or still to come.

    Which state leads to which, and on what, is not told.
    """
    frame, flow = draft.stack[-1], draft.flow
    entered = {*frame.trail, *frame.path}
    to_come = ahead(flow, frame.state, entered)
    return [
        {
            "name": name,
            "title": state.title,
            "here": name == frame.state,
            "done": name in entered,
            "to_come": name in to_come,
        }
        for name, state in flow.definition.states.items()
    ]


def known(draft: Draft) -> list[tuple[str, str]]:
    """What the conversation knows: the active run's values and those it shares by scope, each once."""
    own = dict(_of_the_run(draft)) if draft.stack else {}
    return [*own.items(), *((name, said) for name, said in _shared(draft) if name not in own)]


def facts(draft: Draft) -> list[tuple[str, str]]:
    """What the active run has looked up."""
    found = draft.stack[-1].facts.items() if draft.stack else ()
    return [(name.replace("_", " "), one_line(draft, plain(fact))) for name, fact in found]


def _of_the_run(draft: Draft) -> Iterator[tuple[str, str]]:
    flow = draft.flow
    for name, slot in awake(flow, draft.stack[-1]).items():
        definition = flow.slot(name)
        marked = [SITUATION] if flow.questions and definition.type is SlotType.ENUM else []
        if said := _said(draft, slot, definition, marked):
            yield name, said


def _shared(draft: Draft) -> Iterator[tuple[str, str]]:
    """Values of the scopes that the active flow has a part in; of all while no run is open."""
    mine = {slot.scope for slot in draft.flow.definition.slots.values()} if draft.stack else draft.scopes.keys()
    held = {name: slot for scope, values in draft.scopes.items() if scope in mine for name, slot in values.items()}
    for flow in draft.book.flows if held else ():
        for name, definition in flow.definition.slots.items():
            if name in held and definition.scope in mine and (said := _said(draft, held.pop(name), definition, [])):
                yield name, said


def _said(draft: Draft, slot: Slot, definition: SlotDef, marked: list[str]) -> str:
    """A value as a person reads it, with what it is marked as; nothing for a secret, and for what is not known."""
    if definition.sensitive:
        return ""
    if slot.state is SlotState.OFFERED:
        marked = [OFFERED]
    elif not slot.settled:
        return ""
    value = one_line(draft, shown(slot.value, definition)) if slot.value is not None else slot.state.value
    return f"{value} ({'; '.join(marked)})" if marked else value
