"""A slot's own way of reading: its `extract`, a Python function or an action of the flow, reads the answer's text."""

from __future__ import annotations

from engine.draft import Draft, proposing
from engine.flow import Json, SlotDef
from engine.heard import Heard, Hearing
from engine.outside import came_to, requested
from engine.ports import ActionOutcome, Actions
from engine.readers.validity import check

VALUE = "value"
"""The fact that holds what was read, unless one is named as the slot."""


async def extract(hearing: Hearing, draft: Draft, actions: Actions) -> None:
    """Have the open question's answer read by its slot's `extract`: the action's first outcome says it found a value.

    What it finds passes the slot's own rules and stands in place of what the readers found; where it finds nothing or
    cannot be reached, theirs stands. It never fills an `ask_only` slot (R14), and reads neither control words nor
    questions.
    """
    asked = draft.asked
    if (
        asked is None
        or asked.extract is None
        or asked.ask_only
        or (draft.pending is not None and not proposing(draft.pending))
    ):
        return
    if hearing.control is not None or hearing.question or hearing.pressed is not None or not hearing.text.strip():
        return
    draft.actions += 1
    frame = draft.stack[-1]
    key = f"{frame.run}:{frame.state}:read:{draft.turn}:{draft.actions}"
    outcome = await actions.run(requested(draft, asked.extract, key=key, besides={asked.name: hearing.text}))
    came_to(draft, asked.extract, outcome)
    value = _value(draft, asked, outcome)
    if value is None:
        return
    found = Heard(
        slot=asked.name,
        value=value,
        words=hearing.text,
        fault=check(asked, value),
        asked=True,
        end=len(hearing.text),
    )
    hearing.rivals = ()
    hearing.values = [*(heard for heard in hearing.values if heard.slot != asked.name), found]


def _value(draft: Draft, slot: SlotDef, outcome: ActionOutcome) -> Json:
    action = draft.flow.definition.actions[slot.extract or ""]
    if outcome.outcome not in action.outcomes[:1]:
        return None
    value: Json = outcome.facts.get(slot.name, outcome.facts.get(VALUE))
    return value
